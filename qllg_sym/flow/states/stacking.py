"""States of many rows → stacked starts: resolved once where they do not depend on the row."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.algebra.scalars import symbols_in
from qllg_sym.errors import InputError, InputTypeError, StateError
from qllg_sym.flow import numbers
from qllg_sym.flow.blas import one_thread
from qllg_sym.flow.states.initial import TOLERANCE, check_moments
from qllg_sym.flow.states.initial_states import InitialStates
from qllg_sym.flow.states.resolve import resolve_at
from qllg_sym.flow.states.state import State, models_of
from qllg_sym.model.model import Model

Array = NDArray[Any]


def extra_names(states: Sequence[Any]) -> list[str]:
    """Return the names of the parameters of the models of thermal and ground states.

    >>> extra_names([None])
    []
    """
    models = {model for state in states for model in models_of(state)}
    return sorted({symbol.name for model in models for symbol in model.parameters})


@dataclass(frozen=True)
class Given:
    """What states are resolved with.

    Attributes:
        model: the model to be solved.
        time: the first one.
        size: how many rows there are, m.
        values: a number, or one a row (m,), for the parameters of the equation and of thermal states, by name.
        hbars: (m,).
    """

    model: Model
    time: float
    size: int
    values: Mapping[str, Any]
    hbars: Array


def starts(given: Given, states: Sequence[Any], several: bool, first: InitialStates) -> list[InitialStates]:
    """Return the states of all rows, in parts of equal shape.

    Args:
        given: the model with all numbers.
        states: one state, or one a row.
        several: which of the two.
        first: the first state, resolved.

    Raises:
        StateError: not a state of the model's space; the sentence names its place.
    """
    space = given.model.space
    if not several and not _depends(given, states[0]):
        return [first.repeated(given.size)]
    if first.moments is not None:
        moments = _each(states, lambda k: check_moments(states[k], space.sites))
        return [InitialStates(np.arange(given.size), moments=np.array(moments))]
    if (stacked := _stacked(states, space.dimension)) is not None:
        return [stacked]
    return _grouped(_resolved(given, states if several else [states[0]] * given.size, several))


def _each(states: Sequence[Any], make: Callable[[int], Any]) -> list[Any]:
    """Return what `make` gives for every row; its error names the row."""
    made = []
    for k in range(len(states)):
        try:
            made.append(make(k))
        except (StateError, InputTypeError) as error:
            raise named(error, k) from None
    return made


def named(error: InputError | InputTypeError, row: int) -> InputError | InputTypeError:
    """Return an error about `state`, or the `clusters` or `moments` of a hybrid one, as one about a place in `states`.

    >>> str(named(StateError("`state` must be finite."), 3))
    '`states[3]` must be finite.'
    >>> str(named(StateError("`clusters[0]` must be finite."), 3))
    '`states[3].clusters[0]` must be finite.'
    """
    text = re.sub(r"^`(clusters\[|moments`)", rf"`states[{row}].\1", str(error))
    return type(error)(text.replace("`state`", f"`states[{row}]`", 1))


def _depends(given: Given, state: Any) -> bool:
    """Return whether a state is another one in every row."""
    hbar = [symbol.name for symbol in symbols_in([given.model.hbar])]
    own = [symbol.name for model in models_of(state) for symbol in model.parameters]
    return isinstance(state, State) and numbers.varies(given.values, own + hbar * state.is_of_hbar)


def _stacked(states: Sequence[Any], d: int) -> InitialStates | None:
    """Return arrays of equal shape as one stack; None where there are others, or one that is no state."""
    if not all(isinstance(state, np.ndarray) and state.dtype.kind in "iufc" for state in states):
        return None
    if states[0].shape not in ((d, d), (d, 1), (d,)) or len({state.shape for state in states}) > 1:
        return None
    stack, rows = np.asarray(states, dtype=complex), np.arange(len(states))
    if not np.all(np.isfinite(stack)):
        return None
    if stack[0].shape != (d, d) or d == 1:
        kets = stack.reshape(len(states), d, 1)
        norms = np.linalg.norm(kets, axis=1)
        none = np.zeros(len(rows))
        return InitialStates(rows, norms**2, kets / norms[:, None], none, none) if _near(norms, 1) else None
    adjoint = stack.conj().swapaxes(1, 2)
    with one_thread(d):
        levels, vectors = np.linalg.eigh((stack + adjoint) / 2)
    if not (_near(stack, adjoint) and _near(levels.sum(axis=1), 1) and levels.min() >= -TOLERANCE):
        return None
    return InitialStates(rows, levels[:, ::-1], vectors[:, :, ::-1], np.zeros(len(rows)),
                         np.full(len(rows), np.finfo(float).eps))


def _near(a: Array, b: Any) -> bool:
    """Return whether everything agrees within what a state may miss."""
    return bool(np.all(abs(a - b) <= TOLERANCE))


def _resolved(given: Given, states: Sequence[Any], several: bool) -> list[InitialStates]:
    """Return every row's state; the same object is resolved once where it is the same state."""
    known: dict[int, InitialStates] = {}

    def one(row: int) -> InitialStates:
        """Return the state of a row."""
        state = states[row]
        if id(state) not in known or _depends(given, state):
            values = numbers.of_row(given.values, row)
            known[id(state)] = resolve_at(state, given.model, float(given.hbars[row]), values, given.time)
        return known[id(state)]

    return _each(states, one) if several else [one(k) for k in range(len(states))]


def _grouped(initials: Sequence[InitialStates]) -> list[InitialStates]:
    """Return states of one row each, stacked by the number of kets."""
    ranks = np.array([initial.kets.shape[2] for initial in initials])
    return [InitialStates.joined(rows, [initials[k] for k in rows.tolist()])
            for rows in (np.flatnonzero(ranks == rank) for rank in np.unique(ranks))]
