"""A newcomer's term on any number of sites: the square of their total spin."""

from dataclasses import dataclass
from typing import Any, ClassVar

from qllg_sym.algebra.decimals import written
from qllg_sym.algebra.scalars import Coefficient
from qllg_sym.model.context import Context, dot
from qllg_sym.model.term import Sites, Term


@dataclass(frozen=True)
class Collective(Term):
    r"""$H = \frac{K}{\hbar^2}\, (\sum_i \mathbf S_i) \cdot (\sum_i \mathbf S_i)$.

    Args:
        K: coupling, an energy.
        members: the sites; every site when None.

    Raises:
        ModelError: a complex coefficient, or sites that do not exist or repeat.

    >>> Collective(1, [2, 0]).members
    (2, 0)
    """

    K: Coefficient
    members: Sites = None
    kind: ClassVar[str] = "collective"
    latex: ClassVar[str] = r"\frac{K}{\hbar^2}\, (\sum_i \mathbf S_i) \cdot (\sum_i \mathbf S_i)"

    def hamiltonian(self, x: Context) -> Any:
        """K (ΣS_i/ħ)²."""
        chosen = range(x.sites) if self.members is None else self.members
        one = x.sum([])
        total = [sum((x.spin(i)[k] for i in chosen), one) for k in range(3)]
        return x.sum([(self.K, dot(total, total))])

    def describe(self) -> str:
        """One line for `Model.describe`."""
        where = "every site" if self.members is None else f"sites {list(self.members)}"
        return f"Collective  +(K/ħ²) (ΣS_i)·(ΣS_i) on {where}, K = {written(self.K)} [energy]"
