"""The letters in which a law writes its residual."""

from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from qllg_sym.algebra.element import Element, commutator
from qllg_sym.algebra.scalars import atoms_in
from qllg_sym.algebra.words import WordAlgebra
from qllg_sym.equations.spin_part import LETTER


@dataclass(frozen=True)
class Letters:
    """The letters of a residual.

    Quantum laws: ρ, ρ̇, its spin part, `H` (which is H/ħ) and `operator(name)`, one of the law's own operators.
    Classical laws, for each site: m, ṁ and `B` (which is γ_g B_k), as vectors a·S, so that a × b = −i[a, b].
    """

    algebra: WordAlgebra
    sites: int
    hbar: sp.Expr
    recorded: set[sp.Expr] | None = field(default=None, compare=False)

    @property
    def rho(self) -> Element:
        """ρ."""
        return self.algebra.letter("rho")

    @property
    def drho(self) -> Element:
        """dρ/dt."""
        return self.algebra.letter("drho")

    @property
    def local_drho(self) -> Element:
        """The spin part of dρ/dt, Σ_i (1/s_i) σ_i·Tr(ρ̇ σ_i) with σ_i = S_i/ħ."""
        return self.algebra.letter(LETTER)

    @property
    def H(self) -> Element:
        """H/ħ."""
        return self.algebra.letter("H")

    @property
    def m(self) -> Element:
        """Moment."""
        return self.algebra.letter("m")

    @property
    def dm(self) -> Element:
        """dm/dt."""
        return self.algebra.letter("dm")

    @property
    def B(self) -> Element:
        """γ_g times the effective field."""
        return self.algebra.letter("B")

    def operator(self, name: str) -> Element:
        """One of `Law.operators`."""
        return self.algebra.letter(name)

    def number(self, expression: Any) -> Element:
        """A coefficient: any expression in the law's coefficients and ħ, such as 1/(1 + κ²)."""
        exact = sp.S(1) * expression
        if self.recorded is None:
            return self.algebra.scalar(exact)
        self.recorded.update(atoms_in(exact))
        return Element(self.algebra, {})


def cross(a: Element, b: Element) -> Element:
    """Return a × b for vectors written as a·S: [a·S, b·S] = i (a × b)·S at ħ = 1."""
    return -commutator(a, b).times_i()
