"""Which reading is asked for, by the name and the arguments of a trajectory's, checked as a trajectory checks them."""

from collections.abc import Sequence
from inspect import signature
from typing import Any

import numpy as np
import sympy as sp

from qllg_sym.algebra.scalars import exact_float, to_expr
from qllg_sym.errors import InputError, InputTypeError
from qllg_sym.model.constants import Constants
from qllg_sym.model.expansion import standard_string
from qllg_sym.model.jump_operator import hermitian_parts
from qllg_sym.model.space import Space
from qllg_sym.observables import Observable, observables
from qllg_sym.observables.arguments import Hamiltonian, Operator, State
from qllg_sym.observables.ensemble import Ensemble

PLAIN = Constants()
OWN = ("energy", "states")          # readings that are no observable of one state


def observable(name: Any) -> Observable:
    """Return an observable by the name of its reading.

    Raises:
        InputError: there is none.

    >>> observable("T").is_property
    True
    """
    found = {item.name: item for item in observables().values()}
    if name not in found:
        raise InputError(f"`reading` must be one of {', '.join(sorted({*found, *OWN}))}, but is {name!r}; choose one.")
    return found[name]


def arguments(item: Observable, given: Sequence[Any], space: Space, own: sp.ImmutableMatrix,
              constants: Constants = PLAIN) -> dict[str, Any]:
    """Return the arguments by name, operators as exact matrices.

    Args:
        item: the observable.
        given: its arguments, in order.
        space: of the model.
        own: H.
        constants: ħ, γ_g and units for terms; a model has its own.

    Raises:
        InputTypeError: too many arguments, or too few.
        InputError: arguments that the observable refuses.
    """
    given = given or ((None,) if item.of_type(Hamiltonian) else ())
    try:
        bound = signature(item.read).bind(None, *given)
    except TypeError as error:
        raise InputTypeError(f"`args` must be those of {item.name}, but there is {error}; see help(Trajectory)."
                             ) from None
    bound.apply_defaults()
    names = dict(list(bound.arguments.items())[1:])
    if item.of_type(State):
        raise InputError(f"`reading` must have arguments that are operators or numbers, but {item.name} compares "
                         "states; take population of a ket.")
    operators = item.of_type(Operator, Hamiltonian)
    for key in operators:
        names[key] = own if names[key] is None else exact_operator(names[key], space, constants)
    if not operators:
        plain = [complex(x) if isinstance(x, sp.Expr) else x for x in given]
        item.read(Ensemble(space.dimensions, kets=np.full((1, space.dimension, 1), space.dimension**-0.5, complex),
                           weights=[1]), *plain)
    return {key: _columns(value) if key == "kets" else _exact(value) for key, value in names.items()}


def exact_operator(op: Any, space: Space, constants: Constants = PLAIN) -> sp.ImmutableMatrix:
    """Return an operator as an exact matrix (d, d): terms, spins, Paulis or a model, in its units, or a matrix.

    Raises:
        InputError: a matrix of another dimension, or one that depends on time.

    >>> from qllg_sym import Zeeman
    >>> exact_operator(Zeeman((0, 0, 2)), Space("1/2"))[0, 0]
    -1
    """
    is_matrix = hasattr(op, "shape") or hasattr(op, "full") or (
        isinstance(op, (list, tuple)) and len(op) > 0 and isinstance(op[0], (list, tuple)))
    if is_matrix:
        data = op.full() if hasattr(op, "full") else op.tolist() if hasattr(op, "tolist") else op
        found = sp.ImmutableMatrix([[_entry(x) for x in row] for row in data])
    else:
        parts = hermitian_parts(op, space, constants)
        if any(part.time_dependent for part in parts):
            raise InputError("`op` must be constant in time, but depends on it; give one that does not.")
        found = sp.ImmutableMatrix(sum((sp.I**(k + n) * to_expr(c) * standard_string(space.numeric_spins, s)
                                        for n, part in enumerate(parts)
                                        for (k, s), c in part.hamiltonian.terms.items()),
                                       sp.zeros(space.dimension, space.dimension)))
    if found.shape != (space.dimension, space.dimension):
        raise InputError(f"`op` must have shape ({space.dimension}, {space.dimension}), not {found.shape}; act on the "
                         "whole space.")
    return found


def _exact(value: Any) -> Any:
    """An argument as the definition takes it: arrays of exact numbers."""
    if isinstance(value, sp.MatrixBase):
        return np.array(value.tolist(), dtype=object)
    return exact_float(value, "args") if isinstance(value, float) else value


def _columns(kets: Any) -> Any:
    """Kets (d,) or (d, m) as columns."""
    found = np.array([_entry(x) for x in np.ravel(np.array(kets, dtype=object))], dtype=object)
    return found.reshape(np.shape(kets) if np.ndim(kets) == 2 else (-1, 1))


def _entry(value: Any) -> sp.Expr:
    """A number of a matrix; a float is the rational that it prints as."""
    if isinstance(value, sp.Expr):
        return value.xreplace({x: exact_float(x, "op") for x in value.atoms(sp.Float)})
    number = complex(value)
    return exact_float(number.real, "op") + sp.I * exact_float(number.imag, "op")
