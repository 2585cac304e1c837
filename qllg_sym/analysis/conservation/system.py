"""Equations in coordinates over a field: the multipliers that a polynomial asks for, and what they leave over."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sympy.polys.rings import PolyElement, PolyRing

Vector = dict[int, PolyElement]         # what is zero is left out
Condition = tuple[int, int, tuple[int, ...]]


@dataclass(frozen=True, eq=False)
class System:
    r"""Equations $M(y)\,\dot y = f(y)$ with $M = 1 + M_1 + M_2 + \dots$, $M_k$ of degree k in the n states.

    Attributes:
        ring: over a field, in the states and in the functions of time that the coefficients hold.
        count: how many states.
        mass: $M_k$ for k = 1, 2, …, entries by row and column.
        forcing: f.
        scale: the matrix by which the residual was divided so that M begins with 1; None for 1.
    """

    ring: PolyRing
    count: int
    mass: tuple[dict[tuple[int, int], PolyElement], ...]
    forcing: Vector
    scale: Any = None

    def multipliers(self, p: PolyElement, degree: int) -> list[Vector]:
        r"""Return $\lambda_0, \dots, \lambda_{n-1}$, of degrees 0, 1, …: $\lambda^T M = \nabla P$ up to degree n − 1.

        Args:
            p: P.
            degree: n.
        """
        gradient = self._gradient(p, degree)
        found: list[Vector] = []
        for k in range(degree):
            found.append(_difference(gradient[k], self._through(found, k)))
        return found

    def conditions(self, p: PolyElement, degree: int) -> dict[Condition, Any]:
        r"""Return the coefficients that vanish iff $\lambda^T M = \nabla P$ and $\lambda^T f = 0$ hold in full."""
        found = self.multipliers(p, degree)
        over: dict[Condition, Any] = {}
        for k in range(degree, degree + len(self.mass)):
            for j, q in self._through(found, k).items():
                over |= {(k, j, m): c for m, c in q.terms()}
        rate = sum((x * self.forcing[i] for part in found for i, x in part.items() if i in self.forcing),
                   self.ring.zero)
        return over | {(-1, 0, m): c for m, c in rate.terms()}

    def _through(self, multipliers: Sequence[Vector], k: int) -> Vector:
        r"""Return $\sum_{j>0} \lambda_{k-j}^T M_j$."""
        total: Vector = {}
        for j, mass in enumerate(self.mass, 1):
            if 0 <= k - j < len(multipliers):
                left = multipliers[k - j]
                for (row, column), entry in mass.items():
                    if row in left:
                        total[column] = total.get(column, self.ring.zero) + left[row] * entry
        return {i: x for i, x in total.items() if x}

    def _gradient(self, p: PolyElement, degree: int) -> list[Vector]:
        """Return the gradient, by degrees."""
        found: list[Vector] = [{} for _ in range(degree)]
        for m, c in p.terms():
            size = sum(m[:self.count]) - 1
            for i in (i for i in range(self.count) if m[i]):
                lower = tuple(e - (k == i) for k, e in enumerate(m))
                found[size][i] = found[size].get(i, self.ring.zero) + self.ring.from_dict({lower: c * m[i]})
        return found


def _difference(a: Vector, b: Vector) -> Vector:
    total = dict(a)
    for i, x in b.items():
        total[i] = total[i] - x if i in total else -x
    return {i: x for i, x in total.items() if x}
