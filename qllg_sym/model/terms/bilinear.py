"""General bilinear coupling of a bond."""

from dataclasses import dataclass
from typing import ClassVar

from qllg_sym.algebra.decimals import written
from qllg_sym.model.context import Context, Letter
from qllg_sym.model.term import Matrix3, Site, Term, bilinear


@dataclass(frozen=True)
class Bilinear(Term):
    r"""$H = \frac{1}{\hbar^2}\, \mathbf S_i \cdot M \cdot \mathbf S_j$ with M real 3×3, or a scalar for M·1.

    Args:
        M: 3×3 real matrix of energies, or an energy; row index belongs to i.
        i, j: the two different sites.

    Raises:
        ModelError: complex entries, equal sites, or sites that do not exist.

    >>> Bilinear(2, 0, 1).M[1]
    (0, 2, 0)
    """

    M: Matrix3
    i: Site
    j: Site
    kind: ClassVar[str] = "bilinear"
    latex: ClassVar[str] = r"\frac{1}{\hbar^2}\, \mathbf S_i \cdot M \cdot \mathbf S_j"

    def hamiltonian(self, x: Context) -> Letter:
        """(S_i/ħ)·M·(S_j/ħ)."""
        return bilinear(x, x.spin(self.i), self.M, x.spin(self.j))

    def describe(self) -> str:
        """One line for `Model.describe`."""
        return f"Bilinear    +(1/ħ²) S_{self.i}·M·S_{self.j}, M = {written(self.M)} [energy]; bond counted once"
