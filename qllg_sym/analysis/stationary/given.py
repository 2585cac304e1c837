"""Values of the states that a user gives as a fixed point."""

from collections.abc import Mapping
from typing import Any

import sympy as sp

from qllg_sym.algebra.scalars import real_coefficient
from qllg_sym.analysis.stationary.points import FixedPoint
from qllg_sym.analysis.stationary.small_motions import forcing_at
from qllg_sym.equations.components import Components
from qllg_sym.errors import InputError, InputTypeError

ROUNDING = 1e-12            # of a forcing whose states are floats


def given_point(components: Components, at: Any) -> FixedPoint:
    """Return a fixed point of these components: itself, or made of values of all states.

    Raises:
        InputError: a state is missing or too many, or the forcing is not zero there.
        InputTypeError: no values at all.
    """
    if isinstance(at, FixedPoint) and at.components == components:
        return at
    values = _listed(components, at)
    rounded = any(isinstance(x, float) or (isinstance(x, sp.Expr) and x.atoms(sp.Float)) for x in values)
    point = [_exact(x, str(s)) for s, x in zip(components.states, values, strict=True)]
    forcing = forcing_at(components, {}, point)
    worst = max(map(_size, forcing), default=0.0)
    if worst > (ROUNDING if rounded else 0):
        raise InputError(f"`at` must be a fixed point of these components, but the residual there is up to "
                         f"{worst:.3g}; take one of fixed_points(), or give its values exactly.")
    return FixedPoint(point, components)


def _listed(components: Components, at: Any) -> list[Any]:
    """Values in the order of the states."""
    if isinstance(at, Mapping):
        known = {str(key): value for key, value in at.items()}
        names = [s.name for s in components.states]
        if wrong := sorted({*names} ^ {*known}):
            raise InputError(f"`at` must give every state and nothing else, but {wrong[0]} is "
                             f"{'missing' if wrong[0] in names else 'no state'}; give {', '.join(names[:4])}, ….")
        found = [known[name] for name in names]
    elif isinstance(at, str) or not hasattr(at, "__len__"):
        raise InputTypeError(f"`at` must be a fixed point or values of the states, but is {at!r}; "
                             "take one of fixed_points().")
    else:
        found = list(at)
    if len(found) != len(components.states):
        raise InputError(f"`at` must be {len(components.states)} values, one a state, but has {len(found)}; "
                         "see `states`.")
    return [sp.Rational(x) if isinstance(x, str) else x for x in found]


def _exact(value: Any, name: str) -> sp.Expr:
    """An exact number, or an expression in real symbols, such as B/√(B² + C²), which need not be real for SymPy."""
    if not isinstance(value, sp.Expr) or not value.free_symbols:
        return real_coefficient(value, name)
    if wrong := [s for s in value.free_symbols if not s.is_real] or (value.has(sp.I) and [sp.I]):
        raise InputError(f"`at` must be real, but {name} has {wrong[0]}, which is not; declare symbols real.")
    return value.xreplace({x: real_coefficient(x, name) for x in value.atoms(sp.Float)})


def _size(expression: sp.Expr) -> float:
    """The size of what is left of the law, at a point of its parameters where it is not zero; 0 for zero."""
    if expression == 0:
        return 0.0
    symbols = sorted(expression.free_symbols, key=str)
    numbers = {s: sp.Rational(3 * k + 7, 2 * k + 5) for k, s in enumerate(symbols)}
    value = sp.Abs(sp.N(expression.xreplace(numbers), 40))
    if value < 1e-30:
        raise InputError(f"`at` must be a fixed point by a normal form, but {expression} is only zero to 30 digits; "
                         "take one of fixed_points().")
    return float(value)
