"""Fixed points of any polynomial flow of few states, with constraints that fix what is conserved."""

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp

from qllg_sym.algebra.scalars import real_coefficient, to_expr
from qllg_sym.analysis.stationary.points import FixedPoint
from qllg_sym.analysis.stationary.polynomial_systems import real_solutions
from qllg_sym.equations.components import Components
from qllg_sym.errors import InputError, InputTypeError


def fixed_points_of_polynomials(components: Components, numbers: Mapping[sp.Symbol, sp.Expr],
                                constraints: Sequence[Any]) -> list[FixedPoint]:
    """Return all real solutions of forcing = 0 and the constraints; see `fixed_points`."""
    equations = [to_expr(p).xreplace(numbers) for p in components.split[1]]
    equations += [_constraint(e, components).xreplace(numbers) for e in constraints]
    left = sorted({str(s) for e in equations for s in e.free_symbols - {*components.states}})
    if left:
        raise InputError(f"`values` must have every parameter for the fixed points of {components.kind} components, "
                         f"but lacks {', '.join(left)}; give numbers.")
    if any(not c.is_Rational for e in equations if e != 0 for c in sp.Poly(e, *components.states).coeffs()):
        raise InputError("`values` must leave rational coefficients, but some are not; give floats, which are "
                         "rationals, or fractions.")
    return [FixedPoint(point, components, values=numbers) for point in real_solutions(equations, components.states)]


def _constraint(expression: Any, components: Components) -> sp.Expr:
    """A polynomial in states and parameters; its floats are the rationals that they print as."""
    if not isinstance(expression, sp.Expr):
        raise InputTypeError(f"`constraints` must be SymPy expressions, but one is {expression!r}; write [x**2 - 1].")
    plain = {s: sp.Dummy(f"x{k}", real=True) for k, s in enumerate(components.states)}      # states are no parameters
    exact = real_coefficient(expression.xreplace(plain), "constraints").xreplace({d: s for s, d in plain.items()})
    known = {*components.states, *components.parameters}
    if exact.as_poly(*components.states) is None or not exact.free_symbols <= known:
        raise InputError(f"`constraints` must be polynomials in the states, but one is {expression}; use "
                         f"{', '.join(s.name for s in components.states[:3])}, ….")
    return exact
