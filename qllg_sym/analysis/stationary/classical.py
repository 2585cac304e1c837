r"""Fixed points of unit moments, $\mathbf m_i \times \mathbf B_i(\mathbf m) = 0$: critical points of the energy."""

from collections.abc import Mapping, Sequence

import sympy as sp
from sympy.polys.rings import PolyElement

from qllg_sym.algebra.scalars import to_expr
from qllg_sym.analysis.stationary.certified import critical_points
from qllg_sym.analysis.stationary.one_spin import fixed_points_of_moment
from qllg_sym.analysis.stationary.points import FixedPoint
from qllg_sym.analysis.stationary.polynomial_systems import real_solutions
from qllg_sym.equations.components import Components
from qllg_sym.errors import DerivationError, InputError
from qllg_sym.model.classical import classical_energy, effective_fields

Numbers = Mapping[sp.Symbol, sp.Expr]


def fixed_points_of_moments(components: Components, numbers: Numbers) -> list[FixedPoint]:
    """Return the directions at rest: exact for one moment, certified numbers for several; see `fixed_points`."""
    equation = components.equation
    fields = [to_expr(b).xreplace(numbers) for site in effective_fields(equation.model, equation.field) for b in site]
    energy = to_expr(classical_energy(equation.model, equation.field)).xreplace(numbers)
    states = components.states
    if len(states) == 3 and not any(b.free_symbols & {*states} for b in fields):
        slope = sp.expand(energy - energy.xreplace(dict.fromkeys(states, sp.S.Zero)))
        scale = next((-slope.coeff(m) / b for m, b in zip(states, fields, strict=True) if b != 0), sp.S.One)
        return fixed_points_of_moment(components, numbers, tuple(fields), sp.cancel(scale))
    _check_rational(fields, states)
    if len(states) == 3:
        exact = real_solutions([*_cross(states, fields), sp.Add(*(m**2 for m in states)) - 1], states)
        found = [FixedPoint(point, components, energy.xreplace(dict(zip(states, point, strict=True))), values=numbers)
                 for point in exact]
    else:
        found = [FixedPoint(each.values, components, energy.xreplace(dict(zip(states, each.values, strict=True))),
                            passive=each.index == 0, radius=each.radius, residual=each.residual, values=numbers)
                 for each in critical_points(_polynomials(fields, states), len(states) // 3)]
    return sorted(found, key=lambda point: sp.N(point.energy, 25))


def _check_rational(fields: Sequence[sp.Expr], states: Sequence[sp.Symbol]) -> None:
    """Refuse symbols and irrational numbers."""
    left = sorted({str(s) for b in fields for s in b.free_symbols - {*states}})
    if left:
        raise InputError(f"`values` must have every parameter where a field depends on moments, but lacks "
                         f"{', '.join(left)}; give numbers.")
    if any(not c.is_Rational for b in fields for c in sp.Poly(b, *states).coeffs()):
        raise DerivationError("`values` must leave fields with rational coefficients where they depend on moments, but "
                              "some are not; give floats, which are rationals, or fractions.")


def _cross(m: Sequence[sp.Expr], b: Sequence[sp.Expr]) -> list[sp.Expr]:
    return [m[1] * b[2] - m[2] * b[1], m[2] * b[0] - m[0] * b[2], m[0] * b[1] - m[1] * b[0]]


def _polynomials(fields: Sequence[sp.Expr], states: Sequence[sp.Symbol]) -> list[PolyElement]:
    """Fields as polynomials in the moments alone."""
    ring = sp.polys.rings.PolyRing(states, sp.QQ, sp.lex)
    return [ring.from_expr(b) for b in fields]
