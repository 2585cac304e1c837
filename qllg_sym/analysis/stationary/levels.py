r"""The levels of H by exact algebra: eigenvalues as roots of irreducible polynomials, eigenprojectors as polynomials.

With m = f g the product of the irreducible factors of H's characteristic polynomial, the projector on a root θ of f is

    P(θ) = g(H) h(H)/(g(θ) f'(θ)),   h(x) = f(x)/(x − θ) = Σ_k θ^k Σ_{i>k} f_i x^{i−k−1},

so a polynomial in θ with matrices over the field of H's entries, for all roots of f at once, however degenerate they
are. Matrices are taken in the basis of `algebra.spin`, in which spin operators are rational: it differs from |m⟩ by a
diagonal real matrix, so that traces are the same and diagonals of projectors are real.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product as all_of
from typing import Any

import sympy as sp
from sympy.polys.densearith import dup_mul, dup_quo
from sympy.polys.densetools import dup_diff
from sympy.polys.matrices import DomainMatrix

from qllg_sym.algebra import spin
from qllg_sym.algebra.scalars import to_expr
from qllg_sym.algebra.sites import String
from qllg_sym.analysis.stationary.extension import Extension, Number, real_roots
from qllg_sym.errors import DerivationError, InputError
from qllg_sym.model.model import Model

LARGEST = 16                # dimension up to which levels are found exactly
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
                    total = self.extension.add(total, self.extension.scaled(part, _in(self.extension.domain, c)))
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


def levels_of(model: Model, numbers: Mapping[sp.Symbol, sp.Expr]) -> tuple[Level, ...]:
    """Return the levels of H, for generic values of the parameters that have no number.

    Args:
        model: constant in time.
        numbers: exact values of parameters.

    Returns:
        In the order of their energies where all are numbers, else of the factors of the characteristic polynomial.

    Raises:
        InputError: a larger dimension than 16.
        DerivationError: coefficients that are not rational in the parameters, or levels that no formula gives.

    >>> from qllg_sym import Space, Zeeman
    >>> B, C = sp.symbols("B C", real=True)
    >>> [level.energy for level in levels_of(Model(Space("1/2"), [Zeeman((B, 0, C))]), {})]
    [-sqrt(B**2 + C**2)/2, sqrt(B**2 + C**2)/2]
    """
    d = model.space.dimension
    if d > LARGEST:
        raise InputError(f"`components` must be of dimension {LARGEST} at most for exact levels, but have {d}; "
                         "use q.solve to long times, or fewer spins.")
    found = eigenspaces(*_matrix(model, numbers), real_roots)
    return tuple(sorted(found, key=lambda level: sp.N(level.energy, 40)) if not _free(found) else found)


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


def _free(levels: Sequence[Level]) -> bool:
    return any(level.energy.free_symbols for level in levels)


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
    """Monic irreducible factors over the field and their powers."""
    x = sp.Dummy("x")
    ground = getattr(domain, "domain", domain) if domain.is_FractionField else domain
    symbols = domain.symbols if domain.is_FractionField else ()
    written = sp.Add(*(domain.to_sympy(c) * x**k for k, c in enumerate(reversed(polynomial))))
    top = sp.fraction(sp.together(written))[0]
    factors = sp.Poly(top, x, *symbols, domain=ground).factor_list()[1]
    return [(sp.Poly(factor.as_expr(), x, domain=domain).monic().rep.to_list(), power)
            for factor, power in factors if factor.degree(x) > 0]


def _matrix(model: Model, numbers: Mapping[sp.Symbol, sp.Expr]) -> tuple[Any, Any]:
    """The field of H's entries, and H as real and imaginary part."""
    d, terms = model.space.dimension, model.hamiltonian.terms
    written = {string: to_expr(c).xreplace(dict(numbers)) for (_, string), c in terms.items()}
    domain = field_of(list(written.values()))
    parts: list[list[list[Any]]] = [[[domain.zero] * d for _ in range(d)] for _ in range(2)]
    for string, coefficient in written.items():
        c = domain.from_sympy(coefficient)
        for (a, b), pair in rational_entries(model.space.numeric_spins, string).items():
            for part, x in zip(parts, pair, strict=True):
                part[a][b] += c * _in(domain, x)
    re, im = (DomainMatrix(part, (d, d), domain) for part in parts)
    return domain, (re, im)


def field_of(expressions: Sequence[sp.Expr]) -> Any:
    """Return the field of expressions: rational functions of symbols over ℚ or over ℚ with roots of numbers.

    Raises:
        DerivationError: something else occurs, such as cos(a), √a or π.

    >>> B = sp.Symbol("B"); field_of([B / 2, sp.sqrt(2)])
    QQ<sqrt(2)>(B)
    """
    symbols = sorted(set().union(*(e.free_symbols for e in expressions)), key=str)
    powers = {p for e in expressions for p in e.atoms(sp.Pow) if not p.exp.is_Integer}
    roots = sorted((p for p in powers if p.base.is_Rational and p.exp.is_Rational), key=sp.default_sort_key)
    ground = sp.QQ.algebraic_field(*roots) if roots else sp.QQ
    domain = ground.frac_field(*symbols) if symbols else ground
    for expression in expressions:
        try:
            domain.from_sympy(expression)
        except (sp.polys.polyerrors.BasePolynomialError, ValueError):
            raise DerivationError(f"`components` must have an H rational in its parameters, but it has {expression}; "
                                  "give values, or a symbol of its own for what is not rational.") from None
    return domain


def rational_entries(spins: Sequence[Fraction], string: String) -> Sparse:
    """Return a basis string as sparse entries (real, imaginary), in the basis in which they are rational.

    >>> rational_entries([Fraction(1, 2)], (2,))
    {(0, 1): (Fraction(0, 1), Fraction(-1, 1)), (1, 0): (Fraction(0, 1), Fraction(1, 1))}
    """
    entries: dict[tuple[int, int], tuple[Fraction, Fraction]] = {(0, 0): (Fraction(1), Fraction(0))}
    for s, index in zip(spins, string, strict=True):
        re, im = spin.member(s, index)
        d = int(2 * s) + 1
        site = {key: (re.get(key, Fraction(0)), im.get(key, Fraction(0))) for key in sorted({*re, *im})}
        entries = {(i * d + k, j * d + n): (x[0] * y[0] - x[1] * y[1], x[0] * y[1] + x[1] * y[0])
                   for ((i, j), x), ((k, n), y) in all_of(entries.items(), site.items())}
    return entries


def _in(domain: Any, number: Fraction) -> Any:
    """A rational in a domain."""
    return domain.convert(sp.QQ(number.numerator, number.denominator), sp.QQ)
