"""Biquadratic exchange of a bond."""

from dataclasses import dataclass
from typing import ClassVar

from qllg_sym.algebra.decimals import written
from qllg_sym.algebra.scalars import Coefficient
from qllg_sym.model.context import Context, Letter, dot
from qllg_sym.model.term import Site, Term


@dataclass(frozen=True)
class Biquadratic(Term):
    r"""$H = \frac{K}{\hbar^4}\, (\mathbf S_i \cdot \mathbf S_j)^2$.

    Args:
        K: coupling, an energy.
        i, j: the two different sites.

    Raises:
        ModelError: a complex coefficient, equal sites, or sites that do not exist.

    >>> Biquadratic(-0.1, 0, 1).K
    -1/10
    """

    K: Coefficient
    i: Site
    j: Site
    kind: ClassVar[str] = "biquadratic"
    latex: ClassVar[str] = r"\frac{K}{\hbar^4}\, (\mathbf S_i \cdot \mathbf S_j)^2"

    def hamiltonian(self, x: Context) -> Letter:
        """K ((S_i/ħ)·(S_j/ħ))²."""
        product = dot(x.spin(self.i), x.spin(self.j))
        return x.sum([(self.K, product * product)])

    def describe(self) -> str:
        """One line for `Model.describe`."""
        return f"Biquadratic +(K/ħ⁴) (S_{self.i}·S_{self.j})², K = {written(self.K)} [energy]; bond counted once"
