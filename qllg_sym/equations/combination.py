"""Linear combinations: coefficients of candidates, by exact linear algebra, that add up to given polynomials.

Coefficients may depend on parameters, not on states or velocities. A polynomial over states, velocities and atoms of
coefficients is split into {(component, monomial of states and velocities): element of a field of rational functions}.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sympy as sp
from sympy.polys.matrices import DomainMatrix
from sympy.polys.rings import PolyElement, PolyRing

from qllg_sym.algebra.scalars import atoms_in, make_ring, to_expr, to_ring

Vector = Sequence[PolyElement]


@dataclass(frozen=True)
class RationalFunctions:
    """Rational functions of the parameters of a ring whose first `moving` generators are states and velocities.

    1/a is the inverse of a here, also where the ring has a generator for each.
    """

    ring: PolyRing
    moving: int

    @cached_property
    def domain(self) -> Any:
        """ℚ, or rational functions over ℚ."""
        return self._field.to_domain() if self._field else sp.QQ

    @cached_property
    def _field(self) -> Any:
        atoms = set().union(*(atoms_in(base) for base, _ in self._atoms)) if self._atoms else set()
        return make_ring(sorted(atoms, key=sp.default_sort_key)).to_field() if atoms else None

    @cached_property
    def _atoms(self) -> list[tuple[sp.Expr, int]]:
        """Parameter generators as (base, ±1)."""
        pairs = (atom.as_base_exp() for atom in self.ring.symbols[self.moving:])
        return [(base, -1) if power == -1 else (base**power, 1) for base, power in pairs]

    @cached_property
    def _images(self) -> list[Any]:
        return [self._field(to_ring(self._field.ring, base))**sign for base, sign in self._atoms]

    def split(self, vector: Vector) -> dict[tuple[int, tuple[int, ...]], Any]:
        """Return the coefficients of a vector's monomials in states and velocities."""
        result: dict[tuple[int, tuple[int, ...]], Any] = {}
        for i, polynomial in enumerate(vector):
            for exponents, c in polynomial.terms():
                value = self.domain.convert(c)
                for image, power in zip(self._images, exponents[self.moving:], strict=True):
                    value = value * image**power if power else value
                key = i, exponents[:self.moving]
                result[key] = result.get(key, self.domain.zero) + value
        return {key: value for key, value in result.items() if value}

    def expression(self, value: Any) -> sp.Expr:
        """Return a field element as a SymPy expression."""
        if self._field is None:
            return sp.Rational(int(value.numerator), int(value.denominator))
        return to_expr(value.numer) / to_expr(value.denom)

    def signed(self, value: Any) -> tuple[int, sp.Expr]:
        """Return (sign, expression) with value = sign · expression and a positive leading coefficient."""
        negative = value < 0 if self._field is None else value.numer.LC < 0
        return (-1, self.expression(-value)) if negative else (1, self.expression(value))


def combination(scalars: RationalFunctions, candidates: Sequence[Vector], target: Vector) -> list[Any] | None:
    """Return field elements c with Σ c_a candidate_a = target exactly, or None if there are none.

    Candidates that depend on earlier ones get the coefficient 0.

    Args:
        scalars: where the coefficients live.
        candidates: vectors of polynomials, all as long as the target.
        target: a vector of polynomials.

    >>> x, y, k = sp.symbols("x y k"); ring = make_ring([x, y, k]); X, Y, K = ring.gens
    >>> combination(RationalFunctions(ring, 2), [[X, Y], [Y, -X]], [K * X + 2 * Y, K * Y - 2 * X])
    [k, 2]
    >>> combination(RationalFunctions(ring, 2), [[X, Y], [Y, X]], [K * X + 2 * Y, K * Y - 2 * X]) is None
    True
    """
    columns = [scalars.split(vector) for vector in (*candidates, target)]
    rows = {tuple(column.get(key, scalars.domain.zero) for column in columns) for column in columns for key in column}
    solution = _solve(scalars.domain, rows, len(candidates))
    return solution if solution is not None and _equal(scalars, columns, solution) else None


def _solve(domain: Any, rows: Iterable[tuple[Any, ...]], unknowns: int) -> list[Any] | None:
    """The solution of [A | b] whose free unknowns are 0."""
    matrix = [list(row) for row in sorted(rows, key=str)]
    solution = [domain.zero] * unknowns
    if not matrix:
        return solution
    reduced, pivots = DomainMatrix(matrix, (len(matrix), unknowns + 1), domain).rref()
    if unknowns in pivots:
        return None
    for row, column in enumerate(pivots):
        solution[column] = reduced[row, unknowns].element
    return solution


def _equal(scalars: RationalFunctions, columns: Sequence[Mapping[Any, Any]], solution: Sequence[Any]) -> bool:
    """Σ c_a candidate_a − target = 0 in every monomial of every component: the proof, apart from how c was found."""
    *candidates, target = columns
    for key in {key for column in columns for key in column}:
        zero = scalars.domain.zero
        total = sum((c * column.get(key, zero) for c, column in zip(solution, candidates, strict=True)), zero)
        if total - target.get(key, zero):
            return False
    return True
