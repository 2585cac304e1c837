"""Dzyaloshinskii–Moriya interaction of a bond, third term of PRL 133, 266704 (2024), eq. 10."""

from dataclasses import dataclass
from typing import ClassVar

from qllg_sym.algebra.decimals import written
from qllg_sym.model.context import Context, Letter, Vector, cross
from qllg_sym.model.term import Site, Term, Vector3


@dataclass(frozen=True)
class DMI(Term):
    r"""$H = \frac{4}{\hbar^2}\, \mathbf D \cdot (\mathbf S_i \times \mathbf S_j)$; swapping i and j changes its sign.

    Args:
        D: (D_x, D_y, D_z), energies.
        i, j: the two different sites, in this order.

    Raises:
        ModelError: not three real components, equal sites, or sites that do not exist.

    Source: PRL 133, 266704 (2024), eq. 10.

    >>> DMI((0, 0, 0.4), 0, 1).D
    (0, 0, 2/5)
    """

    D: Vector3
    i: Site
    j: Site
    kind: ClassVar[str] = "dmi"
    latex: ClassVar[str] = r"\frac{4}{\hbar^2}\, \mathbf D \cdot (\mathbf S_i \times \mathbf S_j)"

    def hamiltonian(self, x: Context) -> Letter:
        """4 D·(S_i × S_j)/ħ²."""
        return self._triple(x, 4)

    def classical(self, x: Context) -> Letter:
        """D·(m_i × m_j), PRL's classical Hamiltonian."""
        return self._triple(x, 1)

    def _triple(self, x: Context, factor: int) -> Letter:
        normal: Vector = cross(x.spin(self.i), x.spin(self.j))
        return x.sum((factor * d, n) for d, n in zip(self.D, normal, strict=True))

    def describe(self) -> str:
        """One line for `Model.describe`."""
        return (f"DMI         +(4/ħ²) D·(S_{self.i}×S_{self.j}), D = {written(self.D)} [energy]; "
                "bond counted once, odd in i ↔ j")

    def describe_classical(self) -> str:
        """The same for PRL's classical Hamiltonian."""
        return (f"DMI         +D·(m_{self.i}×m_{self.j}), D = {written(self.D)} [energy]; "
                "bond counted once, odd in i ↔ j")
