"""What the page is, and what was found, in one table."""

from qllg_sym.figures.figure import VERDICTS
from qllg_sym.report.html import Markup, join, paragraphs, table, tag
from qllg_sym.report.reproduction import Reproduction

ORDER, ANCHOR, TITLE = 10, "about", "What this is"


def body(reproduction: Reproduction) -> Markup:
    """Say what was done, and count the verdicts."""
    failed = sum(not check.ok for _, check in reproduction.checks)
    theirs = "the authors' scripts where those differ from it"
    whose = "the text of the paper" if reproduction.variant == "paper" else theirs
    passed = f"{failed} FAIL" if failed else "all pass"
    text = paragraphs(
        "Everything on this page was computed when it was written: the equations of motion were derived exactly from "
        "the law of motion, turned into C and NumPy code, integrated, and drawn as Figs. 1–4 of Y. Liu et al., "
        "“Quantum Analog of Landau-Lifshitz-Gilbert Dynamics”, Phys. Rev. Lett. 133, 266704 (2024), doi "
        "10.1103/PhysRevLett.133.266704 (CC BY 4.0). Every statement that the paper's text makes about a figure was "
        "checked against the computed curves.",
        f"The figures follow {whose}. A statement that does not hold is a finding about the text, not an error of the "
        f"computation; of {len(reproduction.checks)} checks of the computation itself {passed}.")
    rows = [[f"Fig. {figure.number}: {figure.title}",
             *(str(sum(s.verdict == verdict for s in figure.statements)) for verdict in VERDICTS)]
            for figure in reproduction.figures]
    parts = [text, table(["Figure", *VERDICTS], rows, "Statements of the text by verdict")]
    faults = [tag("h3", "FAILED"), tag("ul", *(tag("li", fault) for fault in reproduction.faults))]
    return join([*parts, *(faults if reproduction.faults else [])])
