"""Read what a record holds: one array for all rows."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.errors import InputError
from qllg_sym.flow.results.record import Record
from qllg_sym.flow.results.stack import Held, scatter
from qllg_sym.flow.results.trajectory import Trajectory
from qllg_sym.observables.ensemble import Ensemble

Array = NDArray[Any]
Read = Callable[[Trajectory], Any]


class Line(Trajectory):
    """States of several rows one after the other, for observables that look at one state at a time.

    >>> Line(np.zeros(2), ("1/2",), np.ones((2, 1, 3)), 1.0).bloch(0).shape
    (2, 3)
    """

    def __init__(self, times: Array, spins: tuple[str, ...], states: Held, hbar: float) -> None:
        ensemble, moments = (states, None) if isinstance(states, Ensemble) else (None, states)
        super().__init__(np.arange(len(times)), spins, ensemble, moments, hbar=hbar)
        self.times = times                      # which return to the first with every row


def row_of(record: Record, row: int, **more: Any) -> Trajectory:
    """Return one row as a trajectory of its own, as far as it came.

    Args:
        record: what is known of all.
        row: its number.
        **more: `restart` and `apply` of the trajectory.

    Raises:
        InputError: it was not begun.
    """
    count = int(record.counts[row])
    if not count:
        raise InputError(f"`index` must be that of a trajectory that reached these times, but number {row} did "
                         "not; look at `failures`, or solve it anew.")
    held = record.held(row)
    ensemble, moments = (held, None) if isinstance(held, Ensemble) else (None, held)
    energy = None if record.energy is None else record.energy[row, :count]
    observed = {name: values[row, :count] for name, values in record.observed.items()}
    return Trajectory(record.times[:count], record.spins, ensemble, moments, energy, record.labels,
                      record.methods[row], record.stats[row], float(record.hbars[row]), observed, **more)


def pointwise(record: Record, read: Read) -> Array:
    """Return an array (m, n, …) from what `read` gives for each state by itself, many rows in one call.

    Raises:
        InputError: as `read` on one trajectory.
    """
    if not record.complete or not record.stacks:
        read(row_of(record, record.begun()))            # refuses in a sentence: the states were not kept
    out = None
    for stack in record.stacks:
        for places, states in stack.pieces():
            line = Line(record.times[places[1]], tuple(record.spins), states, float(record.hbars[0]))
            out = scatter(out, places, read(line), record.shape)
    if out is None:
        raise InputError("`many` must hold a state to be read, but no trajectory reached these times; "
                         "look at `failures`.")
    return out


def row_by_row(record: Record, rows: Callable[[int], Trajectory], read: Read, series: bool = True) -> Any:
    """Return what `read` gives for one trajectory after another: arrays stacked, mappings of them, else a list.

    Args:
        record: what is known of them.
        rows: number -> trajectory.
        read: function of one trajectory.
        series: whether a first axis as long as the row is one of times; it is filled up with NaN where a row is short.

    Raises:
        InputError: arrays of different shapes.
    """
    values = [read(rows(row)) if count else None for row, count in enumerate(record.counts)]
    return _stacked(values, values[record.begun()], record, series)


def _stacked(values: list[Any], model: Any, record: Record, series: bool) -> Any:
    """Return values of many rows as one; `model` is that of a row that was begun."""
    if isinstance(model, dict):
        return {name: _stacked([v and v[name] for v in values], part, record, series) for name, part in model.items()}
    if not isinstance(model, np.ndarray | float | int):
        return values
    n = len(record.times)
    arrays = [None if v is None else _filled(np.asarray(v), count if series else n, n)
              for v, count in zip(values, record.counts, strict=True)]
    shapes = {a.shape for a in arrays if a is not None}
    if len(shapes) > 1:
        raise InputError(f"The rows must have arrays of one shape to be stacked, but have {sorted(shapes)}; "
                         "ask each trajectory, many[k], by itself.")
    missing = np.full(shapes.pop(), np.nan)
    return np.stack([missing if a is None else a for a in arrays])


def _filled(array: Array, count: int, n: int) -> Array:
    """Return an array over the times that a row reached as one over all times."""
    if count == n or array.shape[:1] != (count,):
        return array
    return np.concatenate([array, np.full((n - count, *array.shape[1:]), np.nan)])
