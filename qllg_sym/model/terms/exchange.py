"""Heisenberg exchange of a bond, second term of PRL 133, 266704 (2024), eq. 10."""

from dataclasses import dataclass
from typing import ClassVar

from qllg_sym.algebra.decimals import written
from qllg_sym.algebra.scalars import Coefficient
from qllg_sym.model.context import Context, Letter, dot
from qllg_sym.model.term import Site, Term


@dataclass(frozen=True)
class Exchange(Term):
    r"""$H = \frac{4J}{\hbar^2}\, \mathbf S_i \cdot \mathbf S_j$, for spins ½ $J\,\sigma_i\cdot\sigma_j$.

    J > 0 is antiferromagnetic, J < 0 ferromagnetic; each bond is counted once.

    Args:
        J: coupling, an energy.
        i, j: the two different sites.

    Raises:
        ModelError: a complex coefficient, equal sites, or sites that do not exist.

    Source: PRL 133, 266704 (2024), eq. 10.

    >>> Exchange(0.7, 0, 1).J
    7/10
    """

    J: Coefficient
    i: Site
    j: Site
    kind: ClassVar[str] = "exchange"
    latex: ClassVar[str] = r"\frac{4J}{\hbar^2}\, \mathbf S_i \cdot \mathbf S_j"

    def hamiltonian(self, x: Context) -> Letter:
        """4J (S_i·S_j)/ħ²."""
        return x.sum([(4 * self.J, dot(x.spin(self.i), x.spin(self.j)))])

    def classical(self, x: Context) -> Letter:
        """J m_i·m_j, PRL's classical Hamiltonian."""
        return x.sum([(self.J, dot(x.spin(self.i), x.spin(self.j)))])

    def describe(self) -> str:
        """One line for `Model.describe`."""
        return (f"Exchange    +(4J/ħ²) S_{self.i}·S_{self.j}, J = {written(self.J)} [energy]; "
                "J > 0 antiferromagnetic, bond counted once")

    def describe_classical(self) -> str:
        """The same for PRL's classical Hamiltonian."""
        return (f"Exchange    +J m_{self.i}·m_{self.j}, J = {written(self.J)} [energy]; "
                "J > 0 antiferromagnetic, bond counted once")
