"""A model and a law with numbers, for spectra that make their states themselves."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from qllg_sym.algebra.symbols import t as clock
from qllg_sym.equations.law import Law
from qllg_sym.errors import InputError, InputTypeError
from qllg_sym.flow.pose import pose
from qllg_sym.flow.problem import Problem
from qllg_sym.model.model import Model


def posed_constant(model: Model, law: Law, values: Mapping[Any, Any] | None, most: int | None = None) -> Problem:
    """Return H and the law with their numbers; the state does not matter.

    Args:
        model: constant in time.
        law: of density matrices.
        values: numbers for the parameters.
        most: the largest dimension.

    Raises:
        InputError, InputTypeError: a model that depends on time, has a spin that is a symbol, or is too large.
    """
    if not isinstance(model, Model):
        raise InputTypeError(f"`model` must be a Model, but is of type {type(model).__name__}; write Model(space, "
                             "terms).")
    if model.time_dependent:
        raise InputError("`model` must be constant in time, but depends on it; freeze it with subs.")
    if model.space.symbolic:
        raise InputError(f"`model` must have numeric spins, but has the spin {model.space.spins[0]}; give a number.")
    if most is not None and model.space.dimension > most:
        raise InputError(f"`model` must have dimension {most} at most here, but has {model.space.dimension:,}; take "
                         "fewer spins.")
    if getattr(law, "classical", False) is True:
        raise InputError(f"`law` must be one of density matrices here, but is {law.kind}; take q-LLG, or response for "
                         "moments.")
    return pose(model, law, np.eye(1, model.space.dimension)[0], [0.0], values)


def posed_with_weight(model: Model, law: Law, values: Mapping[Any, Any] | None, what: str, most: int) -> Problem:
    """Return the same for a law with a constant frame weight, whose lines are known in closed form."""
    problem = posed_constant(model, law, values, most)
    equation = problem.equation
    if not problem.has_weight:
        raise InputError(f"`law` must have a frame weight for {what}, but is {equation.kind}; take QuantumLLG, or "
                         "response at each field.")
    if any(c.has(clock) for c in equation.law.coefficients()):
        raise InputError("`law` must be constant in time, but depends on it; freeze it with subs.")
    return problem
