"""All polynomials up to a degree that are constant: the null space of exact linear conditions on their coefficients.

The conditions are worked out modulo a prime first, with random residues for the parameters. Rank can only fall there,
so that the residues bound how many constants there are; what is independent there is so over the field. Products of
constants of lower degree and named candidates are tried first, each held against the exact conditions; what is missing
is the null space over the field, among the monomials that occur modulo the prime. The search ends when as many are
found as there can be.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations_with_replacement
from random import Random
from typing import Any

import sympy as sp
from sympy.polys.matrices import DomainMatrix
from sympy.polys.rings import PolyElement

from qllg_sym.analysis.conservation.candidates import Candidates, NamedPolynomial
from qllg_sym.analysis.conservation.coefficients import Coefficients
from qllg_sym.analysis.conservation.system import System
from qllg_sym.errors import DerivationError

PRIME = 2**61 - 1
MOST_OPEN = 200     # coefficients that are eliminated with parameters as symbols
Monomial = tuple[int, ...]


@dataclass(frozen=True)
class Constant:
    """A constant polynomial over the field, with its name; "" for none."""

    name: str
    polynomial: PolyElement


@dataclass
class Span:
    """Vectors over a prime field, by their first entries; a vector is a polynomial without its constant term."""

    rows: dict[Monomial, dict[Monomial, Any]] = field(default_factory=dict)

    def add(self, p: PolyElement) -> bool:
        """Take a vector in; False where it depends on those before it."""
        left = {m: c for m, c in p.terms() if any(m)}
        while left:
            lead = max(left)
            if lead not in self.rows:
                unit = 1 / left[lead]
                self.rows[lead] = {m: c * unit for m, c in left.items()}
                return True
            factor = left[lead]
            for m, c in self.rows[lead].items():
                if value := left.get(m, 0) - factor * c:
                    left[m] = value
                else:
                    left.pop(m, None)
        return False


def exponents_up_to(count: int, degree: int) -> Iterator[Monomial]:
    """Yield the exponents of all monomials of degree 1 to n, the lowest degrees first.

    >>> list(exponents_up_to(2, 1))
    [(1, 0), (0, 1)]
    """
    for size in range(1, degree + 1):
        for chosen in combinations_with_replacement(range(count), size):
            yield tuple(chosen.count(i) for i in range(count))


def independent(coefficients: Coefficients, degree: int) -> list[Constant]:
    """Return constants of degree 1 to n, none a polynomial in the others, of which all such constants are polynomials.

    >>> from qllg_sym import Model, QuantumLLG, Space
    >>> equations = QuantumLLG(0).derive(Model(Space("1/2"))).pauli()
    >>> [constant.name for constant in independent(Coefficients.of(equations), 1)]
    ['<S_x>', '<S_y>', '<S_z>']
    """
    return _Search(coefficients, degree).run()


class _Search:
    """One search: what bounds it, and what it has found."""

    def __init__(self, coefficients: Coefficients, degree: int) -> None:
        rng = Random(0)
        self.coefficients, self.degree, self.prime = coefficients, degree, sp.GF(PRIME)
        self.count = len(coefficients.components.states)
        self.point = [rng.randrange(1, PRIME) for _ in coefficients.generators]
        self.modular = coefficients.residues(self.prime, self.point)
        self.bound = null_space(self.modular, list(exponents_up_to(self.count, degree)), degree)
        self.found: list[Constant] = []
        self.linear: list[NamedPolynomial] = []

    def run(self) -> list[Constant]:
        """Return all that is found, degree by degree."""
        named = Candidates(self.coefficients.components)
        for k in range(1, self.degree + 1):
            most = sum(self._size(p) <= k for p in self.bound)
            span = Span()
            rank = sum(span.add(p) for p in self._products(k))
            rank += self._named(named, k, span, most - rank)
            if rank < most:
                rank += self._others(k, span)
            if rank < most:
                raise DerivationError(f"`conserved()` must find {most} independent polynomials of degree {k}, as many "
                                      f"as there can be, but found {rank}; give the parameters numbers.")
        return self.found

    def _size(self, p: PolyElement) -> int:
        return max(sum(m[:self.count]) for m in p)

    def _products(self, degree: int) -> Iterator[PolyElement]:
        """Products of the constants so far, modulo the prime."""
        factors = [(self._size(c.polynomial), self._residue(c.polynomial)) for c in self.found]
        stack = [(0, 0, self.modular.ring.one)]
        while stack:
            first, size, p = stack.pop()
            for k in range(first, len(factors)):
                if size + factors[k][0] <= degree:
                    stack.append((k, size + factors[k][0], q := p * factors[k][1]))
                    yield q

    def _named(self, named: Candidates, degree: int, span: Span, missing: int) -> int:
        """Take in the named polynomials that are constant, until none is missing."""
        count = 0
        for candidate in named.of_degree(degree, self.linear) if missing else ():
            p = self.coefficients.cleared(self.coefficients.converted(candidate.polynomial))
            residue = self._residue(p)
            if not residue or self.modular.conditions(residue, self.degree) or not span.add(residue):
                continue
            if self.coefficients.exact.conditions(p, self.degree):
                raise DerivationError(f"`{candidate.name}` must be constant over the rationals as it is modulo "
                                      f"{PRIME}, but is not; give the parameters numbers.")
            self.found.append(Constant(candidate.name, p))
            self.linear += [candidate] * (degree == 1)
            count += 1
            if count == missing:
                break
        return count

    def _others(self, degree: int, span: Span) -> int:
        """Take in the null space over the field."""
        used = sorted({m[:self.count] for p in self.bound if self._size(p) <= degree for m in p}, key=sum)
        if self.coefficients.generators and len(used) > MOST_OPEN:
            raise DerivationError(f"`degree` must leave at most {MOST_OPEN} coefficients open where parameters are "
                                  f"symbols, but {degree} leaves {len(used)}; give the parameters numbers by subs().")
        count, ring = 0, self.coefficients.components.polynomials[0].ring
        for p in null_space(self.coefficients.exact, used, self.degree):
            p = self.coefficients.cleared(p, content=True)
            if span.add(self._residue(p)):
                self.found.append(Constant("", p))
                if degree == 1 and (raised := self.coefficients.raised(p, ring)) is not None:
                    self.linear.append(NamedPolynomial("", raised))
                count += 1
        return count

    def _residue(self, p: PolyElement) -> PolyElement:
        """A polynomial over the field modulo the prime."""
        found = {m: self.coefficients.residue(c, self.prime, self.point) for m, c in p.terms()}
        return self.modular.ring.from_dict({m: c for m, c in found.items() if c})


def null_space(system: System, among: Sequence[Monomial], degree: int) -> list[PolyElement]:
    """Return a basis of the constant polynomials in some monomials; each has one of its own.

    Args:
        system: over any field.
        among: exponents of the states, the lowest degrees first.
        degree: n, of the multipliers one less.
    """
    ring, domain, places = system.ring, system.ring.domain, dict[Any, int]()
    entries: dict[int, dict[int, Any]] = {}
    rest = (0,) * (ring.ngens - system.count)
    for column, m in enumerate(among):
        for key, c in system.conditions(ring.from_dict({m + rest: domain.one}), degree).items():
            entries.setdefault(places.setdefault(key, len(places)), {})[column] = c
    if not among:
        return []
    matrix = DomainMatrix(entries, (max(len(places), 1), len(among)), domain)
    basis = matrix.nullspace(divide_last=True).rep.to_dod()
    return [ring.from_dict({among[column] + rest: c for column, c in row.items()}) for row in basis.values()]
