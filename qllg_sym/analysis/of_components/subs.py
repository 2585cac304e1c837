"""Components with parameters and states replaced."""

from dataclasses import replace
from typing import Any, cast

import sympy as sp

from qllg_sym.analysis.of_equation.subs import subs as in_equation
from qllg_sym.analysis.state_values import with_states_replaced
from qllg_sym.analysis.substitution import Replacements, by_symbol, check_mapping, exact_values, replaceable
from qllg_sym.equations.components import Components
from qllg_sym.equations.equation import Equation
from qllg_sym.equations.restriction import RestrictedComponents
from qllg_sym.errors import InputError


def subs(components: Components, replacements: Replacements) -> Components:
    r"""Return the components with parameters and states replaced, all at once.

    With parameters replaced they are the components of the equation with the same replacements. A state that is
    replaced is none any more, and its own equation is left out: what is left is $0 = P R(E\dot u, e + E u)$ of the
    other states u. Solutions of all equations are among these only if they keep to the values, which `full_residual`
    of the result lets one see; else the states are held there.

    Args:
        components: with the parameters and states.
        replacements: {symbol or its name: value}. For a parameter: number, or expression in real symbols and
            `qllg_sym.t`; for a state: number, expression in real symbols, or what is affine in states. A float becomes
            the rational that it prints as.

    Returns:
        Components; `RestrictedComponents` of the states that are left where states are replaced.

    Raises:
        InputError: a name that does not occur, a velocity, time, a spin, or one symbol twice; a state replaced by what
            is not affine in states or depends on time, or by as many states that are not independent.
        ModelError: a value that is not real, or that leaves a coefficient infinite or complex.

    Source: PRL 133, 266704 (2024), eqs. 9 and 10.

    >>> from qllg_sym import Model, QuantumLLG, Space, Zeeman
    >>> B, kappa = sp.symbols("B kappa", real=True)
    >>> components = QuantumLLG(kappa).derive(Model(Space("1/2"), [Zeeman((0, 0, B))])).pauli()
    >>> components.subs({kappa: B}).residual[2]
    B*T_x*dT_y - B*T_y*dT_x + dT_z
    >>> components.subs({kappa: 0, "T_z": 0.5}).residual
    (-B*T_y + dT_x, B*T_x + dT_y)
    """
    states = {s.name: s for s in components.states}
    moving = {v.name for v in components.velocities}
    for key in check_mapping(replacements):
        if str(key) in moving:
            raise InputError(f"`replacements` must be of parameters and states, but has the velocity {key}, which "
                             "follows from the states; leave it out.")
    of_states = {key: value for key, value in replacements.items() if str(key) in states}
    of_parameters = {key: value for key, value in replacements.items() if str(key) not in states}
    found = _with_parameters_replaced(components, of_parameters) if of_parameters else components
    return with_states_replaced(found, by_symbol(of_states, states)) if of_states else found


def _with_parameters_replaced(components: Components, replacements: Replacements) -> Components:
    """The components of the new equation, for restricted ones with a new map."""
    equation = cast(Equation, components.equation)
    if not isinstance(components, RestrictedComponents):
        return replace(components, equation=in_equation(equation, replacements))
    coefficients = [*(c for term in equation.model.terms for c in term.coefficients()), *equation.law.coefficients()]
    inside = replaceable(equation.parameters, coefficients)
    known = inside | {p.name: p for p in components.parameters}
    values = exact_values(by_symbol(replacements, known, equation.model.space.spins))
    in_source: dict[Any, sp.Expr] = {key: e for key, e in values.items() if key in inside.values()}
    source = subs(components.source, in_source)
    return replace(components, source=source, equation=source.equation,
                   embedding=tuple((s, e.xreplace(values)) for s, e in components.embedding),
                   projection=tuple(p.xreplace(values) for p in components.projection))
