"""Operators on sites with sparse polynomials for coefficients: sums of strings, multiplied by structure constants."""

from collections import defaultdict
from collections.abc import Mapping
from math import lcm

from qllg_sym.algebra.structure import StructureConstants

Place = tuple[int, int]                     # (k, string): i^k times a numbered string, k = 0 or 1
Polynomial = dict[int, int]                 # {key of a monomial: numerator}


class StringSum:
    """Σ polynomial · i^k · string / denominator.

    Attributes:
        constants: how strings multiply.
        terms: {(k, string): polynomial}, the keys of whose monomials add up in products.
        denominator: of all coefficients.

    >>> from fractions import Fraction
    >>> from qllg_sym.algebra.structure import constants_of
    >>> x, y = (StringSum(constants_of((Fraction(1, 2),)), {(0, k): {0: 1}}) for k in (1, 2))
    >>> x.times(y).terms, x.commutator(y).terms
    ({(1, 3): {0: 1}}, {(1, 3): {0: 2}})
    """

    __slots__ = ("constants", "denominator", "terms")

    def __init__(self, constants: StructureConstants, terms: dict[Place, Polynomial], denominator: int = 1) -> None:
        self.constants, self.terms, self.denominator = constants, terms, denominator

    def add(self, other: "StringSum") -> None:
        """Add another sum to this one, in place: a copy of the largest ones would not fit beside them.

        >>> from fractions import Fraction
        >>> from qllg_sym.algebra.structure import constants_of
        >>> half = StringSum(constants_of((Fraction(1, 2),)), {(0, 3): {0: 1}}, 2)
        >>> third = StringSum(half.constants, {(0, 3): {0: 1}}, 3)
        >>> half.add(third)
        >>> half.terms, half.denominator
        ({(0, 3): {0: 5}}, 6)
        """
        denominator = lcm(self.denominator, other.denominator)
        if (factor := denominator // self.denominator) != 1:
            for polynomial in self.terms.values():
                polynomial.update((key, x * factor) for key, x in polynomial.items())
        self.denominator = denominator
        for place, polynomial in other.terms.items():
            _add_product(self.terms.setdefault(place, {}), {0: denominator // other.denominator}, polynomial, 1)

    def times(self, other: "StringSum") -> "StringSum":
        """Return self · other."""
        return self._product(other, False)

    def commutator(self, other: "StringSum") -> "StringSum":
        """Return [self, other], from the terms that do not commute alone."""
        return self._product(other, True)

    def _product(self, other: "StringSum", commutes: bool) -> "StringSum":
        """The product, or the commutator: the terms of odd k, twice."""
        found: defaultdict[Place, Polynomial] = defaultdict(dict)
        right: dict[int, dict[int, Polynomial]] = {0: {}, 1: {}}
        for (k, b), polynomial in other.terms.items():
            right[k][b] = polynomial
        for (first, a), left in self.terms.items():
            for second, others in right.items():
                for b, k, c, r in self.constants.products(a, others, commutes):
                    k += first + second
                    r = (-r if k & 2 else r) << commutes
                    _add_product(found[k & 1, c], left, others[b], r)
        return StringSum(self.constants, dict(found), self.denominator * other.denominator * self.constants.scale)

    def scaled(self, factors: Mapping[int, Polynomial], denominator: int = 1) -> "StringSum":
        """Return Σ_k i^k · factor · self / denominator for factors {k: polynomial}."""
        found: defaultdict[Place, Polynomial] = defaultdict(dict)
        for (k, string), polynomial in self.terms.items():
            for turn, factor in factors.items():
                _add_product(found[(k + turn) & 1, string], factor, polynomial, -1 if (k + turn) & 2 else 1)
        return StringSum(self.constants, dict(found), self.denominator * denominator)


def _add_product(total: Polynomial, a: Polynomial, b: Polynomial, number: int) -> None:
    """Add number · a · b to a polynomial."""
    get = total.get
    for shift, x in a.items():
        x *= number
        for key, y in b.items():
            key += shift
            total[key] = get(key, 0) + x * y
