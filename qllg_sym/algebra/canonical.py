"""Expanded SymPy sums, built term by term in SymPy's own order instead of sorted by it.

`Add` and `Mul` sort their arguments by `Basic.compare`, which walks both trees at every comparison: most of the time of
a long sum. Here every factor gets its rank once; terms are then sorted by integers.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cmp_to_key
from typing import Any, cast

import sympy as sp
from sympy.core.basic import Basic

Term = tuple[int, Sequence[int]]            # a coefficient and the generators that it stands before
_in_order = cmp_to_key(Basic.compare)
# What `Mul` and `Add` end with themselves, once arguments are in order; with evaluate=False they hash every argument.
_product: Any = sp.Mul._from_args           # noqa: SLF001
_sum: Any = sp.Add._from_args               # noqa: SLF001


class CanonicalSums:
    """Sums of coefficient · product of generators, equal to what `sympy.Add` and `sympy.Mul` make of them.

    Args:
        symbols: the generators, each a plain symbol that no coefficient holds.
        degree: how many generators a term has at most.

    >>> x, y, a = sp.symbols("x y a"); sums = CanonicalSums((y, x), 2)
    >>> half, one = sums.coefficient(sp.Rational(1, 2), [a]), sums.coefficient(sp.S.One, [])
    >>> sums.sum([(half, [0, 1]), (one, [1, 1]), (one, [])])
    a*x*y/2 + x**2 + 1
    """

    def __init__(self, symbols: Sequence[sp.Symbol], degree: int) -> None:
        self._symbols, self._degree = tuple(symbols), degree
        self._coefficients: list[tuple[sp.Expr, ...]] = []              # a number and powers
        self._plain = True                                              # whether terms are products as they stand
        self._rests: dict[tuple[sp.Expr, ...], sp.Expr] = {}
        self._order: _Order | None = None

    def coefficient(self, number: sp.Rational, powers: Sequence[sp.Expr]) -> int:
        """Return the number of the coefficient number · Π powers, to be used in terms."""
        monomial = tuple(powers)
        product = sp.Mul(number, *monomial)
        value, rest = product.as_coeff_Mul()
        known = self._rests.setdefault(monomial, rest)
        self._plain &= value == number and rest == known and not rest.is_Add and bool(rest.is_commutative)
        self._coefficients.append((number, *monomial))
        self._order = None
        return len(self._coefficients) - 1

    def sum(self, terms: Iterable[Term]) -> sp.Expr:
        """Return the sum of terms, each of another product of powers."""
        if self._order is None and self._plain and len(set(self._rests.values())) == len(self._rests):
            given = [(number, self._rests[tuple(monomial)]) for number, *monomial in self._coefficients]
            self._order = _Order(self._symbols, self._degree, given)
        if self._order is not None:
            return self._order.sum(terms)
        # √2·√2·a and a are one, and (1 + a)^(1/2) squared is a sum: SymPy decides
        return sp.Add(*(sp.Mul(*self._coefficients[c], *(self._symbols[g] for g in gens)) for c, gens in terms))


class _Order:
    """The ranks of all factors, and sums by them."""

    def __init__(self, symbols: Sequence[sp.Symbol], degree: int,
                 coefficients: Sequence[tuple[sp.Expr, sp.Expr]]) -> None:
        factors = [[f for f in (number, *sp.Mul.make_args(rest)) if f != 1] for number, rest in coefficients]
        powers = [[symbol**n for n in range(1, degree + 1)] for symbol in symbols]
        self._factors = sorted({f for some in (*factors, *powers) for f in some}, key=_in_order)
        rank = {factor: k for k, factor in enumerate(self._factors)}
        self._powers = [[rank[p] for p in some] for some in powers]
        self._given = [sorted(rank[f] for f in some) for some in factors]
        self._products = bisect_left(self._factors, _in_order(sp.Mul(*sp.symbols("a b"))), key=_in_order)

    def sum(self, terms: Iterable[Term]) -> sp.Expr:
        """Return the sum of terms: by class first, where a number leads, then by length and factors."""
        given, factors, powers = self._given, self._factors, self._powers
        products, singles = list[tuple[int, ...]](), list[int]()
        for c, generators in terms:
            if len(generators) == 2 and generators[0] != generators[1]:
                ranks = [*given[c], powers[generators[0]][0], powers[generators[1]][0]]
            else:
                ranks = [*given[c], *(powers[g][generators.count(g) - 1] for g in set(generators))]
            ranks.sort()
            if len(ranks) > 1:
                products.append((len(ranks), *ranks))
            else:
                singles += ranks or [-1]
        products.sort()
        singles.sort()
        behind = bisect_left(singles, self._products)
        found = [factors[r] if r >= 0 else sp.S.One for r in singles[:behind]]
        found += (_product([factors[r] for r in product[1:]], True) for product in products)
        found += (factors[r] for r in singles[behind:])
        return cast("sp.Expr", _sum(found, True))
