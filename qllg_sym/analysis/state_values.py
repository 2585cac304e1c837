"""States of components replaced by values, by other states and by what is affine in them: a restriction."""

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp
from sympy.polys.matrices import DomainMatrix

from qllg_sym.algebra.scalars import real_coefficient
from qllg_sym.algebra.symbols import t
from qllg_sym.equations.components import Components
from qllg_sym.equations.restriction import RestrictedComponents, restrict
from qllg_sym.errors import InputError

Values = Mapping[sp.Symbol, sp.Expr]


def with_states_replaced(components: Components, given: Mapping[sp.Symbol, Any]) -> RestrictedComponents:
    """Return the equations of the states that are left, the replaced ones put in, and their equations left out.

    Raises:
        InputError: a value that is not affine in states, depends on time, or leaves states that are not independent.
        ModelError: a value that is not real.
    """
    values = {state: _value(components, state, value) for state, value in given.items()}
    embedding = {s: values.get(s, s) for s in components.states}
    used = set().union(*(e.free_symbols for e in embedding.values()))
    kept = [k for k, s in enumerate(components.states) if s in used]
    states = [components.states[k] for k in kept]
    if not states:
        raise InputError("`replacements` must leave a state, but all of them have values; leave one out.")
    return restrict(components, states, [components.velocities[k] for k in kept], embedding,
                    _own_equations(states, embedding))


def _value(components: Components, state: sp.Symbol, value: Any) -> sp.Expr:
    """An exact real expression, affine in states and constant in time."""
    stand_ins = {s: sp.Dummy("y", real=True) for s in components.states}       # names of states are reserved
    by_name = {s.name: d for s, d in stand_ins.items()}
    if isinstance(value, sp.Expr):
        symbols = value.atoms(sp.Symbol)
        if moving := sorted({x.name for x in symbols} & {v.name for v in components.velocities}):
            raise InputError(f"`{state}` must be replaced by states and parameters, but its value has the velocity "
                             f"{moving[0]}; leave it out.")
        value = value.xreplace({x: by_name[x.name] for x in symbols if x.name in by_name})
    found = sp.expand(real_coefficient(value, state.name))
    dummies = [d for d in stand_ins.values() if d in found.free_symbols]
    poly = found.as_poly(*dummies) if dummies else None
    shown = found.xreplace({d: s for s, d in stand_ins.items()})
    if t in found.free_symbols or (dummies and (poly is None or poly.total_degree() > 1)):
        raise InputError(f"`{state}` must be replaced by what is affine in states and constant in time, but its value "
                         f"is {shown}; give a number, parameters, or other states.")
    return shown


def _own_equations(states: Sequence[sp.Symbol], embedding: Values) -> list[sp.Symbol]:
    """For every state left the full state whose equation is its own: one that is equal to it, if there is one."""
    equal: dict[sp.Symbol, sp.Symbol] = {}
    for full, e in embedding.items():
        if isinstance(e, sp.Symbol) and e in states and (e not in equal or full == e):
            equal[e] = full
    mixed = [s for s in states if s not in equal]
    if mixed:
        others = [full for full, e in embedding.items() if full not in equal.values() and e.free_symbols & {*mixed}]
        matrix = sp.Matrix(len(mixed), len(others), lambda i, j: sp.expand(embedding[others[j]]).coeff(mixed[i]))
        pivots = DomainMatrix.from_Matrix(matrix).to_field().rref()[1] if others else ()
        if len(pivots) < len(mixed):
            names = ", ".join(s.name for s in mixed)
            raise InputError(f"`replacements` must leave independent states, but {names} can no more be told apart; "
                             "name fewer states in the values.")
        equal |= {s: others[j] for s, j in zip(mixed, pivots, strict=True)}
    return [equal[s] for s in states]
