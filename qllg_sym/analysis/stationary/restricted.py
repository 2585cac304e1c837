"""Fixed points of restricted components: those of the full ones that lie in the part of states, y = e + E u."""

from collections.abc import Mapping, Sequence

import sympy as sp
from sympy.polys.matrices import DomainMatrix

from qllg_sym.analysis.stationary.extension import field_of
from qllg_sym.analysis.stationary.points import FixedPoint
from qllg_sym.analysis.stationary.roots_form import in_square_roots
from qllg_sym.equations.restriction import RestrictedComponents
from qllg_sym.errors import DerivationError

Numbers = Mapping[sp.Symbol, sp.Expr]


def points_within(components: RestrictedComponents, numbers: Numbers, full: Sequence[FixedPoint]) -> list[FixedPoint]:
    """Return the fixed points of the full components that are states of the restricted ones, in their states.

    Raises:
        DerivationError: a family of fixed points, of which a part may lie within, or what no normal form decides.
    """
    if any(point.dimension for point in full):
        raise DerivationError("`components` must come from an H without degenerate levels to have fixed points in part "
                              "of the states, but has some; take those of the full components.")
    maps = [(s, e.xreplace(numbers)) for s, e in components.embedding]
    constants = {s: e.xreplace(dict.fromkeys(components.states, sp.S.Zero)) for s, e in maps}
    slopes = [[sp.expand(e - constants[s]).coeff(u) for u in components.states] for s, e in maps]
    domain = field_of([c for row in slopes for c in row])
    inverse = _left_inverse(slopes, domain)
    found = []
    for point in full:
        known = point.as_dict()
        values = [known[s] - constants[s] for s, _ in maps]
        inner = [_normal(sp.Add(*(c * x for c, x in zip(row, values, strict=True)))) for row in inverse]
        rest = [sp.Add(x, *(-c * u for c, u in zip(row, inner, strict=True)))
                for row, x in zip(slopes, values, strict=True)]
        if all(map(_vanishes, rest)):
            found.append(FixedPoint(inner, components, point.energy, point.energies, point.populations, point.passive,
                                    values=numbers))
    return found


def _left_inverse(slopes: Sequence[Sequence[sp.Expr]], domain: object) -> list[list[sp.Expr]]:
    """(EᵀE)⁻¹Eᵀ."""
    field = DomainMatrix([[domain.from_sympy(c) for c in row] for row in slopes],  # type: ignore[attr-defined]
                         (len(slopes), len(slopes[0])), domain)
    found = (field.transpose() * field).inv() * field.transpose()
    return [list(found.to_Matrix().row(i)) for i in range(found.shape[0])]


def _normal(expression: sp.Expr) -> sp.Expr:
    return in_square_roots(sp.expand(expression))


def _vanishes(expression: sp.Expr) -> bool:
    """Whether it is zero: by its normal form, and not by where it is zero in numbers."""
    normal = _normal(expression)
    if normal == 0:
        return True
    numbers = {s: sp.Rational(5 * k + 8, 3 * k + 7) for k, s in enumerate(sorted(normal.free_symbols, key=str))}
    if abs(sp.N(normal.xreplace(numbers), 40)) < 1e-30:
        raise DerivationError(f"`components` must have fixed points of which a normal form decides whether they are "
                              f"among its states, but {normal} is only zero to 30 digits; give values.")
    return False
