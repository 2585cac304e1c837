"""The results beyond the paper that the page tells first; whether they are proved is read off the proof book."""

from collections.abc import Sequence
from dataclasses import dataclass

from qllg_sym.figures.figure import HOLDS
from qllg_sym.report.html import Markup, tag
from qllg_sym.report.prose import prose
from qllg_sym.report.reproduction import Reproduction


@dataclass(frozen=True)
class Finding:
    """A result with what it rests on.

    Attributes:
        title: a few words.
        words: what it says, for a reader of the paper's abstract.
        theorems: ids of the proof book.
        shown: ids of those whose statement is printed.
        computed: whether it rests on the numbers of the limit of large spins as well.
    """

    title: str
    words: str
    theorems: tuple[str, ...]
    shown: tuple[str, ...]
    computed: bool = False

    def verdict(self, reproduction: Reproduction) -> tuple[bool, str]:
        """Return whether every theorem is proved with its twins refuted, and a word for that."""
        records = {proof.theorem.id: proof for chapter in reproduction.chapters for proof in chapter.proofs}
        open_ = [name for name in self.theorems if name not in records or records[name].faults]
        if open_:
            return False, f"not proved: {', '.join(open_)}"
        if self.computed and reproduction.limit.verdict != HOLDS:
            return False, reproduction.limit.verdict
        return True, "proved and computed" if self.computed else "proved"

    def formulas(self, reproduction: Reproduction) -> list[str]:
        """Return the statements of the theorems that are printed, in LaTeX."""
        statements = {proof.theorem.id: proof.theorem.statement for chapter in reproduction.chapters
                      for proof in chapter.proofs}
        return [statements[name] for name in self.shown if name in statements]

    def numbers(self, reproduction: Reproduction) -> Sequence[Markup]:
        """Return the numbers that it rests on, if it does."""
        if not self.computed:
            return []
        limit = reproduction.limit
        return [tag("p", prose(f"Computed for two spins s: {limit.text} {limit.detail}"), class_="source")]


FINDINGS = (
    Finding(
        "The exact solution.",
        "States with two distinct eigenvalues, ρ = a·1 + b·P with a projector P, are all pure states, all qubits and "
        "all Werner states: every quantum state of Figs. 1–4. For them, and a constant H, the implicit equation is "
        "solved by one exponential: the columns of U span the range of P. Pure states have b = 1, Werner states b = p.",
        ("two-level", "two-level-qll", "closed-form-flow", "closed-form-fig-1", "closed-form-fig-3", "werner-laws"),
        ("two-level",)),
    Finding(
        "When the older equation is the same.",
        "Wieser’s equation of 2013 (q-LL) has ρ̇ on one side only. The paper finds it equal to q-LLG, up to a rescaling "
        "of time, for pure states and for one spin in a field. Exactly when? If all differences Δ_jk of eigenvalues of "
        "ρ between which H has elements are equal in size; that need hold at the start alone. For every H: if ρ has "
        "two distinct eigenvalues at most. Else no one factor does it, and the two differ in the order of κ².",
        ("qll-elements", "qll-criterion", "qll-converse", "qll-pairs", "qll-every-h", "qll-three", "qll-kept",
         "kappa-squared"), ("qll-pairs",)),
    Finding(
        "Every eigenvalue is kept.",
        "In every dimension the equation is a von Neumann equation with a Hermitian generator K that depends on the "
        "state. So not the purity alone but all eigenvalues of ρ are constant, and with them every entropy.",
        ("generator", "existence", "positivity", "renyi", "frame"), ("generator",)),
    Finding(
        "Where it ends.",
        "A state rests exactly where it commutes with H. Such a state is stable to first order, among the states of "
        "its eigenvalues p_j, only if it is passive: no higher level E_k is filled more than a lower one. Passive "
        "states have the least energy of their spectrum, so what is lost on the way to one is the ergotropy, the most "
        "that any unitary can extract.",
        ("stationary", "stationary-if", "stationary-only-if", "energy-falls", "passive", "passive-exchange",
         "passive-energy", "relaxation"), ("energy-falls", "passive")),
    Finding(
        "Not classical, even for large spins.",
        "Uncoupled spins in coherent states follow the classical LLG at every s. Coupled and damped ones do not tend "
        "to it: damping sees the correlations between spins, which are as large as their means. Uncoupled spins in "
        "mixed states become correlated. Nor does B(ρ) = 0 mean classical: there are entangled Werner states without "
        "nonlocality.",
        ("coherent", "locality-mixed", "nonclassical"), ("nonclassical",), computed=True))
