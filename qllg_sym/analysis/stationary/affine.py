r"""Fixed points of linear laws, such as Lindblad's: the exact solutions of a linear system."""

from collections.abc import Mapping

import sympy as sp
from sympy.polys.matrices import DomainMatrix

from qllg_sym.algebra.scalars import to_expr
from qllg_sym.analysis.stationary.extension import field_of
from qllg_sym.analysis.stationary.points import FixedPoint
from qllg_sym.equations.components import Components
from qllg_sym.errors import DerivationError

Numbers = Mapping[sp.Symbol, sp.Expr]


def is_affine(components: Components) -> bool:
    """Return whether the equations are linear: a mass of numbers and a forcing of degree one in the states."""
    n, (mass, forcing) = len(components.states), components.split
    return (all(not any(e[:n]) for p in mass.values() for e in p)
            and all(sum(e[:n]) <= 1 for p in forcing for e in p))


def fixed_points_of_affine(components: Components, numbers: Numbers) -> list[FixedPoint]:
    """Return the one fixed point, or one of a family with the directions that span it; see `fixed_points`."""
    n, forcing = len(components.states), components.split[1]
    entries: dict[tuple[int, int], sp.Expr] = {}
    for i, polynomial in enumerate(forcing):
        ring = polynomial.ring
        for exponents, c in polynomial.terms():
            column = next((j for j in range(n) if exponents[j]), n)
            rest = tuple(0 if k == column and column < n else e for k, e in enumerate(exponents))
            entries[i, column] = entries.get((i, column), sp.S.Zero) + to_expr(ring.from_dict({rest: c}))
    entries = {key: e.xreplace(numbers) for key, e in entries.items()}
    domain = field_of(list(entries.values()))
    rows = [[domain.from_sympy(entries.get((i, j), sp.S.Zero)) for j in range(n + 1)] for i in range(n)]
    reduced, pivots = DomainMatrix(rows, (n, n + 1), domain).rref()
    if n in pivots:
        raise DerivationError("`components` must have a fixed point, but these have none; check the law.")
    place = {column: i for i, column in enumerate(pivots)}
    written = [[domain.to_sympy(reduced[i, j].element) for j in range(n + 1)] for i in range(len(pivots))]
    point = [-written[place[j]][n] if j in place else sp.S.Zero for j in range(n)]
    free = [j for j in range(n) if j not in place]
    directions = [tuple(-written[place[j]][k] if j in place else sp.Integer(j == k) for j in range(n)) for k in free]
    return [FixedPoint(point, components, energy_of(components, numbers, point), dimension=len(free),
                       directions=directions, values=numbers)]


def energy_of(components: Components, numbers: Numbers, point: list[sp.Expr]) -> sp.Expr | None:
    """Return Tr ρH = h_0 + Σ h_A c_A with H = h_0 + Σ h_A A, for components in an operator basis; else None."""
    if components.kind not in ("pauli", "coefficients"):
        return None
    model = components.equation.model
    terms = {string: to_expr(c).xreplace(numbers) for (_, string), c in model.hamiltonian.terms.items()}
    unit = (0,) * model.space.sites
    parts = [terms.get(string, sp.S.Zero) * c for string, c in zip(components.strings, point, strict=True)]
    return sp.Add(terms.get(unit, sp.S.Zero), *parts)
