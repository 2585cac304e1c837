"""The classical partner: two conventions of the effective field that differ by a factor 2."""

from importlib import import_module

from qllg_sym.equations.laws.classical_llg import ClassicalLLG
from qllg_sym.equations.vector_form import vector_form
from qllg_sym.report.formula import equations
from qllg_sym.report.html import Markup, join, paragraphs, tag
from qllg_sym.report.prose import prose
from qllg_sym.report.reproduction import Reproduction

ORDER, ANCHOR, TITLE = 60, "partner", "The classical partner"


def body(reproduction: Reproduction) -> Markup:
    """Print both sets of classical equations, derived, and what the choice changes in Fig. 1(a)."""
    found = reproduction.scales["paper"]
    ps = found["ps"]
    return join([
        paragraphs("The paper compares the dimer with classical moments whose field is the gradient of the classical "
                   "Hamiltonian with |m| = 1. The mean field of the quantum Hamiltonian has twice the exchange and "
                   "twice the DMI beside the same Zeeman term, so that Fig. 1 compares two different magnets."),
        tag("h3", "As in the scripts (drawn)"), *_equations("paper"),
        tag("h3", "Matched with the quantum mean field"), *_equations("mean"),
        paragraphs(prose(f"In Fig. 1(a) the quantum r1x leads the drawn m1x until t = {found['crossing']:.4f} "
                   f"({found['crossing'] * ps:.1f} ps) and trails afterwards; with the matched partner it leads only "
                   f"until t = {found['crossing_matched']:.4f} ({found['crossing_matched'] * ps:.1f} ps)."))])


def _equations(field: str) -> list[Markup]:
    """The vector form under one convention; both conventions of the dimer have one."""
    dimer = import_module("qllg_sym.derivations.eq_01_dimer")
    components = ClassicalLLG(dimer.alpha, field=field).derive(dimer.model()).moments()
    form = vector_form(components)
    return [] if form is None else [equations(form, components)]
