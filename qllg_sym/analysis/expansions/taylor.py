"""Taylor coefficients of a solution about its start, exactly."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.polys.matrices import DomainMatrix
from sympy.polys.matrices.exceptions import DMNonInvertibleMatrixError

from qllg_sym.algebra.scalars import make_ring, monomials, real_coefficient, to_expr
from qllg_sym.algebra.symbols import t
from qllg_sym.analysis.exact_start import exact_start
from qllg_sym.analysis.expansions.recursion import Numbers, Solve, recursion
from qllg_sym.equations.components import Components
from qllg_sym.errors import DerivationError, InputError

KINKED = (sp.Piecewise, sp.Heaviside, sp.Abs, sp.sign, sp.Max, sp.Min, AppliedUndef)


def start_of(components: Components, start: Any) -> tuple[sp.Expr, ...]:
    """Return the values of the states at a start: a state as for `solve`, or {state: value}, 0 where none is named.

    Raises:
        InputError: a name that is no state's.
        StateError: no state of this space, or one that is not known exactly.
    """
    if not isinstance(start, Mapping):
        found = exact_start(components, start)
        return tuple(found[s] for s in components.states)
    names = {s.name for s in components.states}
    if wrong := [key for key in start if str(key) not in names]:
        raise InputError(f"`start` must name states such as {components.states[0]}, but has {wrong[0]}; see `states`.")
    given = {str(key): real_coefficient(value, str(key)) for key, value in start.items()}
    return tuple(given.get(s.name, sp.S.Zero) for s in components.states)


def taylor(components: Components, start: Sequence[sp.Expr], n: int) -> list[tuple[sp.Expr, ...]]:
    r"""Return $y_0, …, y_n$ of $y(t) = \sum_k y_k t^k$, exact: y_0 is the start.

    Raises:
        InputError: a coefficient that has no Taylor series in t at 0, or whose series is not known.
        DerivationError: at the start the residual does not determine the velocities.
    """
    coefficients = _coefficients(components, n)
    field = RationalNumbers([*start, *(c for order in coefficients for c in order)])
    numbers = [[field.number(c) for c in order] for order in coefficients]
    found = recursion(components).run([field.number(y) for y in start], lambda k: numbers[k], n, field.rational,
                                      lambda mass: _solver(field, mass, len(start)))
    return [tuple(map(field.expression, order)) for order in found]


def _coefficients(components: Components, n: int) -> list[list[sp.Expr]]:
    """The Taylor coefficients in t of the generators that are no states and no velocities, up to order n − 1."""
    atoms = components.polynomials[0].ring.symbols[2 * len(components.states):]
    for atom in atoms:
        if t in atom.free_symbols and atom.has(*KINKED):
            raise InputError(f"`start` must lie where the coefficients have a known Taylor series in t, but {atom} is "
                             "an unknown function or may have a kink; replace it by subs.")
    orders, derivatives = list[list[sp.Expr]](), list(atoms)
    for k in range(n):
        orders.append([d.xreplace({t: sp.S.Zero}) / sp.factorial(k) for d in derivatives])
        if wrong := [atom for atom, c in zip(atoms, orders[-1], strict=True) if not c.is_finite and c.is_number]:
            raise InputError(f"`start` must lie where the coefficients have a Taylor series in t, but {wrong[0]} has "
                             "none at t = 0; shift time.")
        derivatives = [sp.diff(d, t) for d in derivatives]
    return orders


class RationalNumbers:
    """Rational functions over ℚ of all that occurs in some expressions: symbols, roots, opaque factors."""

    def __init__(self, expressions: Sequence[sp.Expr]) -> None:
        generators: set[sp.Expr] = set()
        for e in expressions:
            _collect(e, generators)
        ordered = sorted(generators, key=sp.default_sort_key)
        rational: Any = make_ring(ordered).to_field()
        self.domain: Any = rational.to_domain() if ordered else sp.QQ
        self._known = dict(zip(ordered, rational.gens, strict=True))
        self.rational = cache(self.domain.convert)

    def number(self, expression: sp.Expr) -> Any:
        """Return an expression as an element."""
        total = self.domain.zero
        for key, c in monomials(expression).items():
            factor = self.domain.convert(sp.QQ(int(c.p), int(c.q)))
            for base, power in key:
                value = self._known[base] if base in self._known else self.number(base)
                factor = factor * value**power
            total = total + factor
        return total

    def expression(self, number: Any) -> sp.Expr:
        """Return an element as an expression: a polynomial, or a quotient of two."""
        if not self._known:
            return sp.Rational(int(number.numerator), int(number.denominator))
        return to_expr(number.numer) / to_expr(number.denom)


def _collect(expression: sp.Expr, generators: set[sp.Expr]) -> None:
    """Generators of a field that holds an expression; the inverse of a sum is made of the sum."""
    for key in monomials(expression):
        for base, _ in key:
            if base.is_Add:
                _collect(base, generators)
            else:
                generators.add(base)


def _solver(field: RationalNumbers, mass: Mapping[tuple[int, int], Any], n: int) -> Solve:
    """What solves with the matrix of a mass: its inverse, for all orders have the same."""
    zero = field.domain.zero
    matrix = DomainMatrix([[mass.get((i, j), zero) for j in range(n)] for i in range(n)], (n, n), field.domain)
    try:
        inverse = matrix.inv().to_list()
    except DMNonInvertibleMatrixError:
        raise DerivationError("`start` must determine the velocities, but there the mass has no inverse; choose "
                              "another start, or other parameters.") from None

    def solve(right: Numbers) -> Numbers:
        return [sum((a * b for a, b in zip(row, right, strict=True) if a and b), zero) for row in inverse]
    return solve
