"""Read what a record holds: one array for all rows."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.errors import InputError
from qllg_sym.flow.results.record import Record
from qllg_sym.flow.results.series import TimeSeries
from qllg_sym.flow.results.stack import scatter

Array = NDArray[Any]


def pointwise(record: Record, read: Callable[[TimeSeries], Any]) -> Array:
    """Return an array (m, n, …) from what `read` gives for each state by itself, many rows in one call.

    Args:
        record: what is known of them; it is complete.
        read: function of states in one row of times.

    Raises:
        InputError: as `read`; or no state was reached.
    """
    out = None
    for stack in record.stacks:
        for places, states in stack.pieces():
            series = TimeSeries(record.times[places[1]], tuple(record.spins), record.scale(0), states)
            out = scatter(out, places, read(series), record.shape)
    if out is None:
        raise InputError("`many` must hold a state to be read, but no trajectory reached these times; "
                         "look at `failures`.")
    return out


def row_by_row(record: Record, read: Callable[[int], Any], series: bool = True) -> Any:
    """Return what `read` gives for one row after another: arrays stacked, mappings of them, else a list.

    Args:
        record: what is known of them.
        read: function of the number of a row.
        series: whether a first axis as long as the row is one of times; it is filled up with NaN where a row is short.

    Raises:
        InputError: arrays of different shapes.
    """
    values = [read(row) if count else None for row, count in enumerate(record.counts)]
    return _stacked(values, values[record.begun()], record, series)


def _stacked(values: list[Any], one: Any, record: Record, series: bool) -> Any:
    """Return values of many rows as one; `one` is that of a row that was begun."""
    if isinstance(one, dict):
        return {name: _stacked([v and v[name] for v in values], part, record, series) for name, part in one.items()}
    if not isinstance(one, np.ndarray | float | int):
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
