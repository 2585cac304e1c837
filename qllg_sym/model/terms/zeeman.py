"""Zeeman energy of spins in a magnetic field, first term of PRL 133, 266704 (2024), eq. 10."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import sympy as sp

from qllg_sym.algebra.decimals import written
from qllg_sym.model.context import Context, Letter
from qllg_sym.model.term import Factor3, Sites, Term, Vector3


@dataclass(frozen=True)
class Zeeman(Term):
    r"""$H = -\gamma_g\, \mathbf B \cdot g \cdot \sum_i \mathbf S_i$: spins turn towards **B**, g = 1.

    Args:
        B: field (B_x, B_y, B_z) in units in which γ_g ħ B is an energy; may depend on `qllg_sym.t`.
        sites: the sites in the field; every site when None.
        g: dimensionless, a factor or a real 3×3 tensor; by default 1, in a model with units 2.

    Raises:
        ModelError: not three real components, or sites that do not exist or repeat.

    Source: PRL 133, 266704 (2024), eq. 10.

    >>> Zeeman((1, 0, 0)).B
    (1, 0, 0)
    """

    B: Vector3
    sites: Sites = None
    g: Factor3 = None
    kind: ClassVar[str] = "zeeman"
    unit: ClassVar[str] = "field"
    latex: ClassVar[str] = r"-\gamma_g\, \mathbf B \cdot g \cdot \sum_i \mathbf S_i"

    def _sites(self, count: int) -> Iterable[int]:
        return range(count) if self.sites is None else self.sites

    @property
    def felt(self) -> tuple[sp.Expr, ...]:
        """B·g: what a spin feels of the field."""
        if not isinstance(self.g, tuple):
            return self.B if self.g is None else tuple(self.g * b for b in self.B)
        return tuple(sum((b * row[k] for b, row in zip(self.B, self.g, strict=True)), sp.S.Zero) for k in range(3))

    def hamiltonian(self, x: Context) -> Letter:
        """−γ ħ Σ_i B·g·(S_i/ħ)."""
        return x.sum((-x.gamma * x.hbar * b, s)
                     for i in self._sites(x.sites) for b, s in zip(self.felt, x.spin(i), strict=True))

    def classical(self, x: Context) -> Letter:
        """−B·g·Σ m_i, PRL's classical Hamiltonian."""
        return x.sum((-b, m) for i in self._sites(x.sites) for b, m in zip(self.felt, x.spin(i), strict=True))

    def describe(self) -> str:
        """One line for `Model.describe`."""
        return f"Zeeman      −γ B·g·ΣS_i on {self._described()}; spins turn towards B"

    def describe_classical(self) -> str:
        """The same for PRL's classical Hamiltonian."""
        return f"Zeeman      −B·g·Σm_i on {self._described()}; moments turn towards B"

    def _described(self) -> str:
        """The sites and the coefficients."""
        where = "every site" if self.sites is None else f"sites {list(self.sites)}"
        return f"{where}, B = {written(self.B)}, g = {1 if self.g is None else written(self.g)}"
