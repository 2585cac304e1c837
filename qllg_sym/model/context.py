"""What a Hamiltonian term is written in: dimensionless spins that are operators, or classical vectors.

A term writes its formula once, with + and *; the context decides what the letters mean. `number` turns an expression
into a coefficient, so that the same formula gives H, H/ħ, or a classical energy.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol, Self

import sympy as sp


class Letter(Protocol):
    """A letter or what is made of letters: an operator, or a polynomial in classical moments."""

    def __add__(self, other: Self, /) -> Self: ...

    def __sub__(self, other: Self, /) -> Self: ...

    def __mul__(self, other: Any, /) -> Self:
        """By another one, or by a number of the context."""


Vector = Sequence[Letter]


@dataclass(frozen=True)
class Context:
    """Letters for a term: `spin(i)` is (S_x, S_y, S_z)/ħ of site i, `one` the identity, `string` a basis string.

    `spins` are empty for a symbolic one.
    """

    spin: Callable[[int], Vector]
    number: Callable[[sp.Expr], Any]
    string: Callable[[tuple[int, ...]], Letter]
    one: Letter
    zero: Letter
    sites: int
    spins: tuple[Fraction, ...]
    hbar: sp.Expr
    gamma: sp.Expr

    def sum(self, terms: Iterable[tuple[sp.Expr, Letter]]) -> Letter:
        """Return Σ number · operator over (expression, operator) pairs, zeros skipped."""
        parts = [operator * self.number(expression) for expression, operator in terms if expression != 0]
        return total(self.zero, parts)


def total(zero: Any, parts: Sequence[Any]) -> Any:
    """Return the sum of many parts, in pairs of pairs: one after the other costs the square of their number.

    >>> total(0, [1, 2, 3])
    6
    """
    while len(parts) > 1:
        parts = [sum(parts[k + 1:k + 2], parts[k]) for k in range(0, len(parts), 2)]
    return zero + parts[0] if parts else zero


def dot(a: Vector, b: Vector) -> Letter:
    """Return a·b = Σ a_k b_k.

    >>> dot((1, 2, 3), (4, 5, 6))
    32
    """
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def cross(a: Vector, b: Vector) -> tuple[Letter, Letter, Letter]:
    """Return a × b.

    >>> cross((1, 0, 0), (0, 1, 0))
    (0, 0, 1)
    """
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]
