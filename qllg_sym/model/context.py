"""What a Hamiltonian term is written in: dimensionless spins that are operators, or classical vectors.

A term writes its formula once, with + and *; the context decides what the letters mean. `number` turns an expression
into a coefficient, so that the same formula gives H, H/ħ, or a classical energy.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp

Vector = Sequence[Any]


@dataclass(frozen=True)
class Context:
    """Letters for a term: `spin(i)` is (S_x, S_y, S_z)/ħ of site i, `one` the identity, `string` a basis string."""

    spin: Callable[[int], Vector]
    number: Callable[[sp.Expr], Any]
    string: Callable[[tuple[int, ...]], Any]
    one: Any
    zero: Any
    sites: int
    spins: tuple[Any, ...]
    hbar: sp.Expr
    gamma: sp.Expr

    def sum(self, terms: Iterable[tuple[sp.Expr, Any]]) -> Any:
        """Return Σ number · operator over (expression, operator) pairs, zeros skipped."""
        total = self.zero
        for expression, operator in terms:
            if expression != 0:
                total = total + operator * self.number(expression)
        return total


def dot(a: Vector, b: Vector) -> Any:
    """Return a·b = Σ a_k b_k.

    >>> dot((1, 2, 3), (4, 5, 6))
    32
    """
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def cross(a: Vector, b: Vector) -> tuple[Any, Any, Any]:
    """Return a × b.

    >>> cross((1, 0, 0), (0, 1, 0))
    (0, 0, 1)
    """
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]
