"""Products of traceless Hermitian operators in coordinates, as steps of a kernel.

An operator X is the list ξ of coordinates of X = Σ ξ_A A over the basis strings but the identity. Products here have no
identity part: they are used where it is known to vanish, or left out on purpose.
"""

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from functools import cache

from qllg_sym.algebra.sites import String, string_product
from qllg_sym.codegen.builder import Builder
from qllg_sym.codegen.kernel import Operand

Spins = tuple[Fraction, ...]
Table = tuple[tuple[tuple[int, int, Fraction], ...], ...]      # for every C: (A, B, coefficient of ξ_A η_B)


@cache
def tables(spins: Spins, basis: tuple[String, ...]) -> tuple[Table, Table]:
    """Return the tables of (XY + YX)/2 and i[X, Y]/2, each over the basis.

    >>> anticommutator, commutator = tables((Fraction(1, 2),), ((1,), (2,), (3,)))
    >>> anticommutator[0], commutator[0]
    ((), ((1, 2, Fraction(-1, 1)), (2, 1, Fraction(1, 1))))
    """
    place = {string: k for k, string in enumerate(basis)}
    even: list[list[tuple[int, int, Fraction]]] = [[] for _ in basis]
    odd: list[list[tuple[int, int, Fraction]]] = [[] for _ in basis]
    for a, first in enumerate(basis):
        for b, second in enumerate(basis):
            for k, string, r in string_product(spins, first, second):
                if string in place:                       # of r i^k, the real part is even and the imaginary one odd
                    table, sign = (odd, k - 2) if k % 2 else (even, 1 - k)
                    table[place[string]].append((a, b, sign * r))
    return tuple(map(tuple, even)), tuple(map(tuple, odd))


def multiply(builder: Builder, table: Table, first: Sequence[Operand], second: Sequence[Operand]) -> list[Operand]:
    """Return the coordinates of a product of two operators, by its table.

    >>> b = Builder("cross", ["a", "b", "c"], [])
    >>> table = tables((Fraction(1, 2),), ((1,), (2,), (3,)))[1]
    >>> multiply(b, table, [b.state(0), Fraction(0), Fraction(0)], [Fraction(0), b.state(1), b.state(2)])[1]
    'x0'
    """
    found = []
    for entries in table:
        groups: dict[Fraction, list[Operand]] = defaultdict(list)
        for (left, right), c in _merged(entries, symmetric=first is second).items():
            term = builder.mul(first[left], second[right])
            groups[abs(c)].append(term if c > 0 else builder.neg(term))
        found.append(builder.sum(builder.mul(c, builder.sum(terms)) for c, terms in groups.items()))
    return found


def _merged(entries: Sequence[tuple[int, int, Fraction]], symmetric: bool) -> dict[tuple[int, int], Fraction]:
    """The coefficient of every product that is needed once; in a square, ξ_A ξ_B is ξ_B ξ_A."""
    found: dict[tuple[int, int], Fraction] = defaultdict(Fraction)
    for a, b, c in entries:
        found[(min(a, b), max(a, b)) if symmetric else (a, b)] += c
    return {pair: c for pair, c in found.items() if c}
