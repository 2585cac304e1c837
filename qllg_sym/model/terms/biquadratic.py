"""Biquadratic exchange of a bond."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from qllg_sym.algebra.decimals import written
from qllg_sym.algebra.scalars import real_coefficient
from qllg_sym.model.context import Context, dot
from qllg_sym.model.space import Space
from qllg_sym.model.term import pair


@dataclass(frozen=True)
class Biquadratic:
    r"""$H = K\, (\mathbf S_i \cdot \mathbf S_j)^2$.

    Args:
        K: coupling, energy/ħ⁴.
        i, j: the two different sites.

    Raises:
        ModelError: a complex coefficient, equal sites, or sites that do not exist.

    >>> Biquadratic(-0.1, 0, 1).K
    -1/10
    """

    K: Any
    i: int
    j: int
    kind: ClassVar[str] = "biquadratic"
    depths: ClassVar[tuple[int, ...]] = (0,)      # nesting of the value of one bond, for graphs
    latex: ClassVar[str] = r"K\, (\mathbf S_i \cdot \mathbf S_j)^2"

    def __post_init__(self) -> None:
        object.__setattr__(self, "K", real_coefficient(self.K, "K"))

    def check(self, space: Space) -> None:
        """Raise unless i and j are two sites of the space."""
        pair(space, self.i, self.j)

    def coefficients(self) -> Iterable[sp.Expr]:
        """The coupling."""
        return (self.K,)

    def hamiltonian(self, x: Context) -> Any:
        """K ħ⁴ ((S_i/ħ)·(S_j/ħ))²."""
        product = dot(x.spin(self.i), x.spin(self.j))
        return x.sum([(self.K * x.hbar**4, product * product)])

    def describe(self) -> str:
        """One line for `Model.describe`."""
        return f"Biquadratic +K (S_{self.i}·S_{self.j})², K = {written(self.K)} [energy/ħ⁴]; bond counted once"
