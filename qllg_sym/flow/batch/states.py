"""States of a batch → stacked starts: resolved once where they do not depend on the row."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.errors import InputError, InputTypeError, StateError
from qllg_sym.flow.batch.hamiltonian import Hamiltonians
from qllg_sym.flow.batch.problem import Batch
from qllg_sym.flow.batch.start import Start
from qllg_sym.flow.hamiltonians.action import Action
from qllg_sym.flow.hamiltonians.dense import Hamiltonian
from qllg_sym.flow.problem import number_of
from qllg_sym.flow.states.initial import TOLERANCE, Initial, check_moments, resolve
from qllg_sym.flow.states.spectral import Frozen
from qllg_sym.model.model import Model
from qllg_sym.model.states import Eta, Thermal

Array = NDArray[Any]


def extra_names(states: Sequence[Any]) -> list[str]:
    """Return the names of the parameters of the models of thermal and ground states.

    >>> extra_names([None])
    []
    """
    models = {state.model for state in states if isinstance(state, Thermal)}
    return sorted({symbol.name for model in models for symbol in model.parameters})


def starts(batch: Batch, states: Sequence[Any], several: bool) -> list[Start]:
    """Return the states of all rows, in parts of equal shape.

    Args:
        batch: the batch; its first row holds the resolved first state.
        states: one state, or one a row.
        several: which of the two.

    Raises:
        StateError: not a state of the model's space; the sentence names its place.

    """
    first, rows = batch.first, np.arange(batch.size)
    if first.moments is not None:
        if not several:
            return [Start.repeated(rows, None, first.moments)]
        sites = first.equation.model.space.sites
        return [Start(rows, moments=np.array(_each(states, lambda k: check_moments(states[k], sites))))]
    if not several and not _depends(batch, states[0]):
        return [Start.repeated(rows, first.initial, None)]
    if (stacked := _stacked(states, first.equation.model.space.dimension)) is not None:
        return [stacked]
    return _grouped(_resolved(batch, states if several else [states[0]] * batch.size, several))


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
    """Return an error about `state` as one about a place in `states`.

    >>> str(named(StateError("`state` must be finite."), 3))
    '`states[3]` must be finite.'
    """
    return type(error)(str(error).replace("`state`", f"`states[{row}]`", 1))


def _depends(batch: Batch, state: Any) -> bool:
    """Return whether a state is another one in every row."""
    hbar = [symbol.name for symbol in batch.first.equation.model.hbar.free_symbols]
    if isinstance(state, Thermal):
        return batch.varies([symbol.name for symbol in state.model.parameters] + hbar)
    return isinstance(state, Eta) and batch.varies(hbar)


def _stacked(states: Sequence[Any], d: int) -> Start | None:
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
        return Start(rows, norms**2, kets / norms[:, None], np.zeros(len(rows))) if _near(norms, 1) else None
    adjoint = stack.conj().swapaxes(1, 2)
    levels, vectors = np.linalg.eigh((stack + adjoint) / 2)
    if not (_near(stack, adjoint) and _near(levels.sum(axis=1), 1) and levels.min() >= -TOLERANCE):
        return None
    return Start(rows, levels[:, ::-1], vectors[:, :, ::-1], np.zeros(len(rows)), rounding=np.finfo(float).eps)


def _near(a: Array, b: Any) -> bool:
    """Return whether everything agrees within what a state may miss."""
    return bool(np.all(abs(a - b) <= TOLERANCE))


def _resolved(batch: Batch, states: Sequence[Any], several: bool) -> list[Initial]:
    """Return every row's state; the same object is resolved once where it is the same state."""
    model, t0 = batch.first.equation.model, float(batch.first.times[0])
    fields: dict[Model, Hamiltonians] = {}
    known: dict[int, Initial] = {}

    def hamiltonian(other: Model, row: int) -> Array:
        """Return H of a model in a row, (d, d)."""
        numbers = batch.numbers(row)
        if other not in fields:
            fields[other] = Hamiltonians(Hamiltonian(other, _chosen(other, numbers)))
        p = batch.parameters(fields[other].names, np.array([row]))
        return np.asarray(fields[other].at(t0, p)[0] * number_of(other.hbar, numbers))

    def frozen(other: Model, row: int) -> Frozen:
        """Return H of a model in a row as an action on kets."""
        numbers = batch.numbers(row)
        return Frozen(Action(other, _chosen(other, numbers)), t0, number_of(other.hbar, numbers))

    def one(row: int) -> Initial:
        """Return the state of a row."""
        state = states[row]
        if id(state) in known and not _depends(batch, state):
            return known[id(state)]
        known[id(state)] = resolve(state, model, float(batch.hbars[row]), lambda other: hamiltonian(other, row),
                                   lambda other: frozen(other, row))
        return known[id(state)]

    return _each(states, one) if several else [one(k) for k in range(len(states))]


def _chosen(model: Model, numbers: dict[str, float]) -> dict[str, float]:
    """Return the numbers that a model needs."""
    return {symbol.name: numbers[symbol.name] for symbol in model.parameters}


def _grouped(initials: Sequence[Initial]) -> list[Start]:
    """Return states stacked by the number of kets."""
    ranks = np.array([len(initial.weights) for initial in initials])
    parts = []
    for rank in np.unique(ranks):
        rows = np.flatnonzero(ranks == rank)
        chosen = [initials[k] for k in rows.tolist()]
        parts.append(Start(rows, np.array([s.weights for s in chosen]), np.array([s.kets for s in chosen]),
                           np.array([s.background for s in chosen]),
                           rounding=np.array([s.rounding for s in chosen])))
    return parts
