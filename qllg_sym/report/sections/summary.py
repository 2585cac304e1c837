"""What was found, first: the law in two sentences, the verdicts, the results beyond the paper, the words."""

from qllg_sym.figures.figure import HOLDS, VERDICTS
from qllg_sym.report.findings import FINDINGS, Finding
from qllg_sym.report.formula import in_pieces
from qllg_sym.report.html import Markup, join, link, paragraphs, table, tag
from qllg_sym.report.prose import prose
from qllg_sym.report.references import PAPER
from qllg_sym.report.reproduction import Reproduction
from qllg_sym.report.sections.figures import MARKS, pill

ORDER, ANCHOR, TITLE = 10, "summary", "What was found"
LAW = r"\dot\rho = \frac{i}{\hbar}[\rho, H] + i\kappa[\rho, \dot\rho]"
WORDS = (
    ("ρ, ρ̇", "the density matrix, and how fast it changes; pure states have ρ² = ρ"),
    ("H, κ", "the Hamiltonian, and the strength of the damping, a number; κ = 0 is von Neumann's equation"),
    ("q-LLG, LLG", "the quantum equation above, and its classical namesake for moments of fixed length, m1 and m2"),
    ("J, D, B", "exchange (J < 0 ferromagnetic, FM; J > 0 antiferromagnetic, AFM), Dzyaloshinskii–Moriya interaction "
     "(DMI), and the magnetic field"),
    ("r1, r2", "Bloch vectors of the two spins ½: r_{kx} is the mean of σ_x of spin k, and so for y and z"),
    ("T_kl", "correlation matrix: the mean of σ_k of spin 1 times σ_l of spin 2; k, l = x, y, z"),
    ("B(ρ)", "Bell nonlocality, from 0 to 1: the root of u_1² + u_2² − 1, if positive, where u_1 and u_2 are the two "
     "largest singular values of T_kl; above 0 no local model explains what is measured"),
    ("Ψ+, Ψ−, Φ+, Φ−", "the four Bell states (|↑↓⟩ ± |↓↑⟩)/√2 and (|↑↑⟩ ± |↓↓⟩)/√2; Ψ− is the singlet"),
    ("p", "weight of a Bell state in a Werner state, the rest being white noise: ρ = (1 − p)/4 + p|Ψ⟩⟨Ψ|"))


def body(reproduction: Reproduction) -> Markup:
    """Say what the page is about, what holds, and what is new."""
    own = paragraphs(prose("Five results go beyond the paper. Each is proved here, in the theorems that are named, or "
                           "computed where it says so."))
    return join([*_lead(), _faults(reproduction), _tiles(reproduction), tag("h3", "Words"), _words(),
                 tag("h3", "Beyond the paper", id="beyond"), own,
                 tag("ol", *(_finding(x, reproduction) for x in FINDINGS), class_="findings"),
                 tag("h3", "What the paper says of its figures", id="verdicts"), *_verdicts(reproduction)])


def links(reproduction: Reproduction) -> list[tuple[str, str]]:
    """What the contents list."""
    del reproduction
    return [("beyond", "Beyond the paper"), ("verdicts", "Verdicts")]


def _lead() -> list[Markup]:
    """The paper and its equation."""
    paper = link(f"https://doi.org/{PAPER}", "Phys. Rev. Lett. 133, 266704 (2024)")
    return [
        tag("p", "Gilbert’s damping pulls a magnetic moment towards its field and keeps its length. Y. Liu and others "
            "(", paper, ", “Quantum Analog of Landau-Lifshitz-Gilbert Dynamics”, CC BY 4.0) found an equation that "
            "does the same to a quantum state: it takes energy and leaves the purity.", class_="lead"),
        in_pieces(LAW),
        paragraphs(prose("Here ρ is the state, H the Hamiltonian, and κ the strength of the damping; the velocity ρ̇ "
                         "stands on both sides."),
                   "Everything below was computed when this page was written: claims were proved, equations of motion "
                   "derived exactly from this law, turned into code, integrated and drawn, and every statement that "
                   "the paper’s text makes about a figure was checked against the curves.")]


def _faults(reproduction: Reproduction) -> Markup:
    """What of our own is wrong; nothing, as a rule."""
    faults = tag("ul", *(tag("li", fault) for fault in reproduction.faults))
    return join([tag("h3", "FAILED"), faults] if reproduction.faults else [])


def _tiles(reproduction: Reproduction) -> Markup:
    """The counts."""
    proofs = [proof for chapter in reproduction.chapters for proof in chapter.proofs]
    twins = [bool(twin.counterexample) for proof in proofs for twin in proof.twins]
    checks = [check.ok for _, check in reproduction.checks]
    said = [s.verdict for figure in reproduction.figures for s in figure.statements]
    failed = len(checks) - sum(checks)
    passed = "checks of the numbers pass" + f"; {failed} FAIL" * bool(failed)
    found = [(f"{sum(not p.failure for p in proofs)} of {len(proofs)}", "claims proved"),
             (f"{sum(twins)} of {len(twins)}", "false twins of them refuted"),
             (f"{len(checks) - failed} of {len(checks)}", passed),
             (f"{said.count(HOLDS)} of {len(said)}", "statements about the figures hold as they stand")]
    return tag("ul", *(tag("li", tag("strong", number), words) for number, words in found), class_="tiles")


def _words() -> Markup:
    """The letters, before they are used."""
    return tag("dl", *(join([tag("dt", prose(a)), tag("dd", prose(b))]) for a, b in WORDS), class_="words")


def _finding(finding: Finding, reproduction: Reproduction) -> Markup:
    """One result: verdict, words, formula, and the theorems that it rests on."""
    good, word = finding.verdict(reproduction)
    names = [link(f"#theorem-{name}", name) for name in finding.theorems]
    rests = tag("p", "Theorems: ", Markup(", ".join(names)), ".", class_="source")
    shown = [in_pieces(latex) for latex in finding.formulas(reproduction)]
    return tag("li", tag("h4", finding.title), pill(HOLDS if good else VERDICTS[-1], word),
               tag("p", prose(finding.words)), *shown, *finding.numbers(reproduction), rests)


def _verdicts(reproduction: Reproduction) -> list[Markup]:
    """Counts by figure, then what does not hold exactly."""
    whose = "the text of the paper" if reproduction.variant == "paper" else "the authors' scripts where those differ"
    note = paragraphs(f"The figures follow {whose}. A statement that does not hold is a finding about the text, not an "
                      "error of the computation.")
    rows = [[link(f"#figure-{figure.number}", f"Fig. {figure.number}: {figure.title}"),
             *(str(sum(s.verdict == verdict for s in figure.statements)) for verdict in VERDICTS)]
            for figure in reproduction.figures]
    others = [tag("li", pill(s.verdict), tag("p", link(f"#figure-{figure.number}", f"Fig. {figure.number}"), ": ",
                                             prose(s.text)))
              for figure in reproduction.figures for s in figure.statements if s.verdict != HOLDS]
    return [note, table(["Figure", *(f"{MARKS[v][1]} {v}" for v in VERDICTS)], rows,
                        "Statements of the text by verdict"),
            tag("ul", *others, class_="statements")]
