"""Polynomials in very many generators of which a term holds few: each monomial is one integer.

The ring of `sympy.polys` keeps an exponent of every generator with every term, 16 KiB each for five spins ½. Here a
monomial lists the generators that it holds, in slots of a few bits, and beside them the exponents of the atoms of its
coefficient, so that a product of monomials with different slots is a sum of integers.
"""

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from math import lcm

import sympy as sp
from sympy.polys.rings import PolyElement, PolyRing

from qllg_sym.algebra.canonical import CanonicalSums, Term
from qllg_sym.algebra.monomial_keys import MonomialKeys, Polynomial


@dataclass(frozen=True, eq=False)
class SparsePolynomials:
    """Polynomials with rational coefficients, term by term.

    Attributes:
        symbols: the generators that slots hold.
        atoms: the generators of coefficients.
        keys: how monomials are written.
        denominator: of all coefficients.
        terms: of each polynomial, {key: numerator}, none zero.
    """

    symbols: tuple[sp.Symbol, ...]
    atoms: tuple[sp.Expr, ...]
    keys: MonomialKeys
    denominator: int
    terms: tuple[Polynomial, ...]

    @property
    def count(self) -> int:
        """The number of terms."""
        return sum(map(len, self.terms))

    def expressions(self) -> tuple[sp.Expr, ...]:
        """Return the polynomials as expanded SymPy expressions.

        >>> x, a = sp.symbols("x a")
        >>> SparsePolynomials((x,), (a,), MonomialKeys(1, 2, 2, 1), 3, ({4: 2, 1: -3},)).expressions()
        (-a + 2*x/3,)
        """
        sums, known = CanonicalSums(self.symbols, self.keys.slots), dict[tuple[int, int], int]()
        atoms = (1 << self.keys.low) - 1
        for polynomial in self.terms:
            for key, numerator in polynomial.items():
                if (numerator, key & atoms) not in known:
                    number = sp.Rational(numerator, self.denominator)
                    known[numerator, key & atoms] = sums.coefficient(number, self._powers(key))
        with _no_collection():
            return tuple(sums.sum(self._read(polynomial, known)) for polynomial in self.terms)

    def _read(self, polynomial: Polynomial, known: Mapping[tuple[int, int], int]) -> Iterator[Term]:
        """Every term as a coefficient of `CanonicalSums` and generators."""
        low, width, unit, atoms = self.keys.low, self.keys.width, (1 << self.keys.width) - 1, (1 << self.keys.low) - 1
        for key, numerator in polynomial.items():
            rest, indices = key >> low, []
            while rest:
                indices.append((rest & unit) - 1)
                rest >>= width
            yield known[numerator, key & atoms], indices

    def _powers(self, key: int) -> list[sp.Expr]:
        """The powers of atoms in a monomial."""
        return [atom**power for atom, power in zip(self.atoms, self.keys.exponents(key), strict=True) if power]

    def split(self, first: int) -> tuple["SparsePolynomials", list[tuple[int, int]], "SparsePolynomials"] | None:
        """Return (factors, places, rest): factor k multiplies generator first + j in polynomial i, (i, j) = places[k].

        None where a term holds two of the generators from `first` on.

        >>> x, y = sp.symbols("x y"); keys = MonomialKeys(0, 1, 2, 2)
        >>> key = keys.of_generator(1, 0) + keys.of_generator(0, 1)                     # y·x
        >>> factors, places, rest = SparsePolynomials((x, y), (), keys, 1, ({key: 2, 0: 3},)).split(1)
        >>> factors.expressions(), places, rest.expressions()
        ((2*x,), [(0, 0)], (3,))
        """
        low, width, unit, atoms = self.keys.low, self.keys.width, (1 << self.keys.width) - 1, (1 << self.keys.low) - 1
        factors, rest = dict[tuple[int, int], dict[int, int]](), []
        for i, polynomial in enumerate(self.terms):
            free = {}
            for key, number in polynomial.items():          # the largest generator is in the lowest slot
                if (index := key >> low & unit) <= first:
                    free[key] = number
                elif (above := key >> low + width) & unit > first:
                    return None
                else:
                    factors.setdefault((i, index - 1 - first), {})[above << low | key & atoms] = number
            rest.append(free)
        return replace(self, terms=tuple(factors.values())), list(factors), replace(self, terms=tuple(rest))

    def negated(self) -> "SparsePolynomials":
        """Return the negatives."""
        return replace(self, terms=tuple({key: -number for key, number in p.items()} for p in self.terms))

    def in_ring(self, ring: PolyRing) -> tuple[PolyElement, ...]:
        """Return the polynomials as elements of a ring whose generators begin with `symbols` and end with `atoms`."""
        rational = {n: sp.QQ(n, self.denominator) for p in self.terms for n in p.values()}
        return tuple(ring.from_dict({self._exponents(key): rational[n] for key, n in p.items()}) for p in self.terms)

    def _exponents(self, key: int) -> tuple[int, ...]:
        """The exponents of all generators."""
        found = [0] * len(self.symbols)
        for index in self.keys.generators(key):
            found[index] += 1
        return (*found, *self.keys.exponents(key))


def sparse(polynomials: Sequence[PolyElement], symbols: tuple[sp.Symbol, ...]) -> SparsePolynomials:
    """Return elements of one ring, whose generators begin with `symbols`, term by term.

    >>> x, a = sp.symbols("x a"); ring = sp.ring([x, a], sp.QQ)[0]
    >>> sparse([ring.gens[0]**2 * ring.gens[1] / 2], (x,)).expressions()
    (a*x**2/2,)
    """
    count, atoms = len(symbols), polynomials[0].ring.symbols[len(symbols):] if polynomials else ()
    degree = max((sum(powers[:count]) for p in polynomials for powers in p), default=0)
    power = max((max(powers[count:], default=0) for p in polynomials for powers in p), default=0)
    keys = MonomialKeys(len(atoms), max(1, power.bit_length()), count.bit_length(), degree)
    denominator = lcm(*(int(c.denominator) for p in polynomials for c in p.values()))

    def key(powers: Sequence[int]) -> int:
        indices = [g for g in range(count - 1, -1, -1) for _ in range(powers[g])]
        return sum(keys.of_generator(g, slot) for slot, g in enumerate(indices)) + keys.of_atoms(powers[count:])

    terms = tuple({key(powers): int(c * denominator) for powers, c in p.terms()} for p in polynomials)
    return SparsePolynomials(symbols, atoms, keys, denominator, terms)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Pause the search for cycles: millions of new expressions hold none, and it takes most of the time of a sum."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
