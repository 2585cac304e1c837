"""The equations of motion: vectors first, then components, then the code made from them."""

from qllg_sym.report.html import Markup, folded, join, link, paragraphs, table, tag
from qllg_sym.report.prose import prose
from qllg_sym.report.reproduction import Derived, Reproduction

ORDER, ANCHOR, TITLE = 40, "motion", "Equations of motion"
NAMES = {"dimer_q_llg": "Dimer, quantum LLG", "dimer_q_ll": "Dimer, quantum LL (Wieser)",
         "dimer_llg": "Dimer, classical LLG", "dimer_von_neumann": "Dimer, von Neumann (κ = 0)",
         "spin_q_llg": "One spin s, quantum LLG"}


def body(reproduction: Reproduction) -> Markup:
    """Print every derived set of equations and the table of generated files."""
    intro = paragraphs(prose(
        "Derived exactly from the residual of each law; a dot is d/dt. Repeated indices are summed over, ε is the "
        "Levi-Civita symbol, r1 and r2 are the Bloch vectors, T is the correlation matrix, K multiplies σ ⊗ σ in H. "
        "The vector form is proved equal to the components when it is printed."))
    return join([intro, *map(_equations, reproduction.derived), tag("h3", "Generated code"), _code(reproduction)])


def _equations(item: Derived) -> Markup:
    """One model under one law."""
    law = item.components.equation.law
    note = tag("p", prose(f"{law.source}; {item.size}, derived in {item.seconds:.2f} s."), class_="note")
    components = folded(f"The {len(item.components.states)} equations in components", item.shown)
    vectors = [] if item.vectors is None else [item.vectors]
    return join([tag("h3", NAMES.get(item.name, item.name)), note, *vectors, components])


def _code(reproduction: Reproduction) -> Markup:
    """The files, and how far they are from the 30-digit values of the same kernel."""
    rows = [[link(source.path, tag("code", source.path)), str(source.operations), tag("code", source.digest),
             source.not_run if source.apart is None else prose(f"{source.apart:.1e}")]
            for source in reproduction.sources]
    note = paragraphs(prose("Explicit right-hand sides, solved for the velocities by unrolled elimination. In programs "
                            "sites are counted from 0: spin 1 of this page is the first entry there, such as `m0_x`."))
    files = table(["File", "Operations", "Kernel", "Distance from 30 digits"], rows)
    return join([note, folded(f"The {len(rows)} files, with what they cost and how exact they are", files)])
