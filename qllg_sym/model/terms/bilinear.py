"""General bilinear coupling of a bond."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from qllg_sym.algebra.decimals import written
from qllg_sym.model.context import Context
from qllg_sym.model.space import Space
from qllg_sym.model.term import bilinear, matrix3, pair


@dataclass(frozen=True)
class Bilinear:
    r"""$H = \mathbf S_i \cdot M \cdot \mathbf S_j$ with M real 3×3, or a scalar for $M\,\mathbf S_i\cdot\mathbf S_j$.

    Args:
        M: 3×3 real matrix or scalar, energy/ħ²; row index belongs to i.
        i, j: the two different sites.

    Raises:
        ModelError: complex entries, equal sites, or sites that do not exist.

    >>> Bilinear(2, 0, 1).M[1]
    (0, 2, 0)
    """

    M: Any
    i: int
    j: int
    kind: ClassVar[str] = "bilinear"
    depths: ClassVar[tuple[int, ...]] = (0, 2)      # nesting of the value of one bond, for graphs
    latex: ClassVar[str] = r"\mathbf S_i \cdot M \cdot \mathbf S_j"

    def __post_init__(self) -> None:
        object.__setattr__(self, "M", matrix3(self.M, "M"))

    def check(self, space: Space) -> None:
        """Raise unless i and j are two sites of the space."""
        pair(space, self.i, self.j)

    def coefficients(self) -> Iterable[sp.Expr]:
        """The entries of M."""
        return [entry for row in self.M for entry in row]

    def hamiltonian(self, x: Context) -> Any:
        """ħ² (S_i/ħ)·M·(S_j/ħ)."""
        return bilinear(x, x.spin(self.i), self.M, x.spin(self.j), x.hbar**2)

    def describe(self) -> str:
        """One line for `Model.describe`."""
        return f"Bilinear    +S_{self.i}·M·S_{self.j}, M = {written(self.M)} [energy/ħ²]; bond counted once"
