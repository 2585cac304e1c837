"""A newcomer's term on three sites, whose names are of the newcomer's choice: scalar chirality of a triangle."""

from dataclasses import dataclass
from typing import Any, ClassVar

from qllg_sym.algebra.decimals import written
from qllg_sym.algebra.scalars import Coefficient
from qllg_sym.model.context import Context, cross, dot
from qllg_sym.model.term import Site, Term


@dataclass(frozen=True)
class Chirality(Term):
    r"""$H = \frac{8C}{\hbar^3}\, \mathbf S_a \cdot (\mathbf S_b \times \mathbf S_c)$, odd under exchange of two.

    Args:
        C: coupling, an energy.
        a, b, c: three different sites.

    Raises:
        ModelError: a complex coefficient, equal sites, or sites that do not exist.

    >>> Chirality(0.5, 0, 1, 2).C
    1/2
    """

    C: Coefficient
    a: Site
    b: Site
    c: Site
    kind: ClassVar[str] = "chirality"
    latex: ClassVar[str] = r"\frac{8C}{\hbar^3}\, \mathbf S_a \cdot (\mathbf S_b \times \mathbf S_c)"

    def hamiltonian(self, x: Context) -> Any:
        """8C S_a·(S_b × S_c)/ħ³."""
        return x.sum([(8 * self.C, dot(x.spin(self.a), cross(x.spin(self.b), x.spin(self.c))))])

    def describe(self) -> str:
        """One line for `Model.describe`."""
        return (f"Chirality   +(8C/ħ³) S_{self.a}·(S_{self.b}×S_{self.c}), C = {written(self.C)} [energy]; "
                "odd under the exchange of two sites")
