r"""Eigenvalues and eigenprojectors of a matrix by exact algebra: roots of irreducible polynomials, polynomials in them.

With m = f g the product of the irreducible factors of the characteristic polynomial, the projector on a root θ of f is

    P(θ) = g(H) h(H)/(g(θ) f'(θ)),   h(x) = f(x)/(x − θ) = Σ_k θ^k Σ_{i>k} f_i x^{i−k−1},

so a polynomial in θ with matrices over the field of H's entries, for all roots of f at once, however degenerate they
are. H needs an eigenbasis, and a characteristic polynomial with real coefficients, as Hermitian and real matrices have.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import sympy as sp
from sympy.polys.densearith import dup_mul, dup_quo
from sympy.polys.densetools import dup_diff
from sympy.polys.matrices import DomainMatrix

from qllg_sym.analysis.stationary.extension import Extension, Number, in_domain
from qllg_sym.errors import DerivationError

Pair = tuple[Number, Number]                        # real and imaginary part
Written = tuple[tuple[sp.Expr, sp.Expr], ...]       # complex numbers as expressions
Sparse = Mapping[tuple[int, int], tuple[Fraction, Fraction]]


@dataclass(frozen=True)
class Eigenstate:
    """One of the orthogonal eigenstates of a level: the projector on it is column · row, and row · column = 1.

    Attributes:
        column, row: (d,), pairs of real and imaginary part.
    """

    column: tuple[Pair, ...]
    row: tuple[Pair, ...]


@dataclass(frozen=True)
class Eigenspaces:
    """The eigenspaces of the levels that are the roots of one irreducible factor.

    Attributes:
        extension: of the entries, whose θ is the energy.
        degeneracy: number of states of each level.
        projector: (d, d), pairs of real and imaginary part.
    """

    extension: Extension
    degeneracy: int
    projector: tuple[tuple[Pair, ...], ...]

    @cached_property
    def states(self) -> tuple[Eigenstate, ...]:
        """Orthogonal states that span each: of what is left of P, column i and row i over P_ii, again and again."""
        found, rest = [], [list(row) for row in self.projector]
        for left in range(self.degeneracy, 0, -1):
            i = next(i for i in range(len(rest)) if rest[i][i][0])
            over = self.extension.inverse(rest[i][i][0])
            column = tuple(rest[a][i] for a in range(len(rest)))
            row = tuple((self.extension.multiply(re, over), self.extension.multiply(im, over)) for re, im in rest[i])
            found.append(Eigenstate(column, row))
            if left > 1:
                rest = _less(self.extension, rest, column, row)
        return tuple(found)

    def trace(self, operator: Sparse, entry: Callable[[int, int], Pair]) -> Number:
        """Tr(A M) of a Hermitian M with these entries."""
        total: Number = []
        for (a, b), pair in operator.items():
            re, im = entry(b, a)
            for part, c in ((re, pair[0]), (im, -pair[1])):
                if c and part:
                    total = self.extension.add(total, self.extension.scaled(part, in_domain(self.extension.domain, c)))
        return total


@dataclass(frozen=True)
class Level:
    """A level of H.

    Attributes:
        energy: in the units of H.
        spaces: what it has in common with the other roots of its factor.
    """

    energy: sp.Expr
    spaces: Eigenspaces

    @property
    def degeneracy(self) -> int:
        """Number of its states."""
        return self.spaces.degeneracy

    def expectation(self, operator: Sparse) -> sp.Expr:
        """Tr(A P)."""
        return self.expression(self.spaces.trace(operator, lambda a, b: self.spaces.projector[a][b]))

    def expectation_of(self, index: int, operator: Sparse) -> sp.Expr:
        """Tr(A column·row) of one of its states."""
        state, field = self.spaces.states[index], self.spaces.extension
        return self.expression(self.spaces.trace(operator, lambda a, b: _product(field, state.column[a], state.row[b])))

    def expression(self, number: Number) -> sp.Expr:
        """A number of the extension as an expression, at this energy."""
        return self.spaces.extension.expression(number, self.energy)

    @cached_property
    def kets(self) -> tuple[tuple[Written, Written], ...]:
        """Column and row of each state as pairs of real expressions."""
        return tuple((self._written(state.column), self._written(state.row)) for state in self.spaces.states)

    def _written(self, vector: Sequence[Pair]) -> Written:
        return tuple((self.expression(re), self.expression(im)) for re, im in vector)


def _product(field: Extension, a: Pair, b: Pair) -> Pair:
    """The product of two complex numbers."""
    times = field.multiply
    return field.subtract(times(a[0], b[0]), times(a[1], b[1])), field.add(times(a[0], b[1]), times(a[1], b[0]))


def _less(field: Extension, matrix: list[list[Pair]], column: Sequence[Pair], row: Sequence[Pair]) -> list[list[Pair]]:
    """The matrix without column · row."""
    def entry(known: Pair, a: Pair, b: Pair) -> Pair:
        re, im = _product(field, a, b)
        return field.subtract(known[0], re), field.subtract(known[1], im)
    return [[entry(matrix[a][b], x, y) for b, y in enumerate(row)] for a, x in enumerate(column)]


def eigenspaces(domain: Any, matrix: tuple[Any, Any], roots: Callable[[Number, Any], list[sp.Expr]]) -> list[Level]:
    """Return eigenvalues and eigenprojectors of a matrix over a field.

    Args:
        domain: the field.
        matrix: real and imaginary part, (d, d); with real coefficients of its characteristic polynomial.
        roots: of an irreducible polynomial over the field.

    Raises:
        DerivationError: the matrix has no eigenbasis.
    """
    d = matrix[0].shape[0]
    factors = _factors(_characteristic(matrix, domain, d), domain)
    minimal, energies = [domain.one], [roots(factor, domain) for factor, _ in factors]     # refused before the work
    for factor, _ in factors:
        minimal = dup_mul(minimal, factor, domain)
    powers = [_identity(domain, d)]
    while len(powers) < len(minimal):
        powers.append(_times(matrix, powers[-1]))
    if not all(part.is_zero_matrix for part in _polynomial(minimal, powers, domain)):
        raise DerivationError("`at` must be a state whose linear flow has as many modes as states, but two modes are "
                              "one there; use `matrix` and `rates`.")
    spaces = [_of_factor(factor, g, minimal, powers, domain) for factor, g in factors]
    return [Level(root, of) for of, found in zip(spaces, energies, strict=True) for root in found]


def _of_factor(factor: Number, degeneracy: int, minimal: Number, powers: Sequence[Any], domain: Any) -> Eigenspaces:
    """The eigenspaces of the roots of one factor f."""
    n, rest = len(factor) - 1, dup_quo(minimal, factor, domain)
    others = _polynomial(rest, powers, domain)
    coefficients = factor[::-1]
    parts = [_times(others, _polynomial(coefficients[k + 1:][::-1], powers, domain)) for k in range(n)]
    field = Extension(domain, tuple(factor))
    below = field.multiply(_reduced(rest, field), _reduced(dup_diff(factor, 1, domain), field))
    return Eigenspaces(field, degeneracy, _combined(field, parts, field.inverse(below)))


def _reduced(polynomial: Number, field: Extension) -> Number:
    """A polynomial at θ."""
    return field.multiply(polynomial, [field.domain.one])


def _combined(field: Extension, parts: Sequence[Any], over: Number) -> tuple[tuple[Pair, ...], ...]:
    """Σ_k θ^k parts_k · over, entry by entry."""
    d, zero = parts[0][0].shape[0], field.domain.zero

    def number(place: int, a: int, b: int) -> Number:
        found = [part[place][a, b].element for part in reversed(parts)]
        while found and found[0] == zero:
            found = found[1:]
        return field.multiply(found, over)
    return tuple(tuple((number(0, a, b), number(1, a, b)) for b in range(d)) for a in range(d))


def _identity(domain: Any, d: int) -> Any:
    return DomainMatrix.eye(d, domain).to_dense(), DomainMatrix.zeros((d, d), domain).to_dense()


def _times(a: Any, b: Any) -> Any:
    """The product of two complex matrices, pairs of real and imaginary part."""
    return a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]


def _polynomial(coefficients: Number, powers: Sequence[Any], domain: Any) -> Any:
    """Σ c_k H^k."""
    d = powers[0][0].shape[0]
    total = [DomainMatrix.zeros((d, d), domain).to_dense()] * 2
    for c, power in zip(reversed(coefficients), powers, strict=False):
        total = [known + part * c for known, part in zip(total, power, strict=True)]
    return tuple(total)


def _characteristic(matrix: Any, domain: Any, d: int) -> Number:
    """The characteristic polynomial, by Faddeev and LeVerrier; its coefficients are real."""
    found, known = [domain.one], _identity(domain, d)
    for k in range(1, d + 1):
        moved = _times(matrix, known)
        found.append(-sum((moved[0][i, i].element for i in range(d)), domain.zero) / domain(k))
        known = moved[0] + DomainMatrix.eye(d, domain).to_dense() * found[-1], moved[1]
    return found


def _factors(polynomial: Number, domain: Any) -> list[tuple[Number, int]]:
    """Monic irreducible factors over the field and their powers.

    Over a field such as ℚ(√2) SymPy shifts all symbols alike until the norm has no square, for ever where a factor such
    as x − J stays as it is: there the parameters are multiplied by primes first.
    """
    x = sp.Dummy("x")
    ground = getattr(domain, "domain", domain) if domain.is_FractionField else domain
    symbols = domain.symbols if domain.is_FractionField else ()
    written = sp.Add(*(domain.to_sympy(c) * x**k for k, c in enumerate(reversed(polynomial))))
    top = sp.fraction(sp.together(written))[0]
    primes = {s: sp.prime(100 + k) for k, s in enumerate(symbols)} if ground.is_Algebraic else {}
    factors = sp.Poly(top.xreplace({s: n * s for s, n in primes.items()}), x, *symbols, domain=ground).factor_list()[1]
    back = {s: s / n for s, n in primes.items()}
    return [(sp.Poly(factor.as_expr().xreplace(back), x, domain=domain).monic().rep.to_list(), power)
            for factor, power in factors if factor.degree(x) > 0]
