"""The result of a batch: all rows of a record, everything that is read off one trajectory with an axis of rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.display import in_html
from qllg_sym.errors import InputError
from qllg_sym.flow.results import archive
from qllg_sym.flow.results.record import Record
from qllg_sym.flow.results.refusals import refusable
from qllg_sym.flow.results.series import TimeSeries
from qllg_sym.flow.results.stacking import pointwise, row_by_row
from qllg_sym.flow.results.trajectory import Trajectory, row_of
from qllg_sym.flow.results.trajectory_sequence import chosen_rows
from qllg_sym.flow.results.view import View
from qllg_sym.observables.sites import row as listing

Array = NDArray[Any]
Again = Callable[[float], "Trajectories"]
More = Callable[[int], Mapping[str, Any]]


class Trajectories(View, Sequence[Trajectory]):
    """m trajectories of n times.

    Every array attribute and every method of `Trajectory` has a leading axis: `many.bloch(0)` is (m, n, 3),
    `many.purity` (m, n), `many.final_state` (m, d, d), `many.invariants["trace"]` (m,). An index gives one
    `Trajectory`; a slice, a mask or an array of numbers gives some `Trajectories`.

    Where a row failed or was interrupted, arrays are NaN from the first time that it did not reach; the row by itself,
    `many[k]`, is as long as it came.

    Args:
        record: what was found.
        again: solves all rows anew up to a time, for `at`; None for loaded ones.
        more: row -> what else its `Trajectory` takes; None for loaded ones.

    Attributes:
        times: (n,).
        spins: as of a `Trajectory`.
        labels: as of a `Trajectory`.
        values: the parameters by name, a number or (m,).
        observed: arrays (m, n, …) by name, from `observe=`.

    >>> from qllg_sym import Model, QuantumLLG, Space, solve_many, states
    >>> many = solve_many(Model(Space("1/2")), QuantumLLG(0.5), [states.product("up"), states.product("+x")], [0, 1])
    >>> many.bloch(0).shape, many.purity.shape
    ((2, 2, 3), (2, 2))
    """

    KIND = archive.MANY

    def __init__(self, record: Record, again: Again | None = None, more: More | None = None) -> None:
        self.record, self._again, self._more = record, again, more
        self.times, self.values, self.observed = record.times, dict(record.values), dict(record.observed)
        self.spins, self.labels, self.hbar = tuple(record.spins), tuple(record.labels), record.hbars

    @classmethod
    def _of(cls, record: Record) -> "Trajectories":
        """Return the rows of a record."""
        return cls(record)

    def __len__(self) -> int:
        """Return the number of trajectories."""
        return len(self.record.counts)

    def __getitem__(self, index: Any) -> Any:
        """Return one trajectory, or those of a slice, a mask or an array of numbers."""
        again, more = self._again, self._more
        rows = chosen_rows(index, len(self))
        if rows.ndim == 0:
            row = int(rows)
            return row_of(self.record, row, **(more(row) if more is not None else {}))
        return Trajectories(self.record.take(rows), None if again is None else Chosen(again, rows),
                            None if more is None else Chosen(more, rows).more)

    def _repr_html_(self) -> str:
        """What it is, for a notebook."""
        return in_html(repr(self).replace(", ", "\n  ").strip("<>"))

    def __repr__(self) -> str:
        """Say how many there are, and of what."""
        first, last = self.times[[0, -1]]
        failed = f", {len(self.record.failures)} failed" if self.record.failures else ""
        grid = f" ({' × '.join(map(str, self.shape))})" if len(self.shape) > 1 else ""
        return (f"<Trajectories: {len(self)}{grid} of {len(self.times)} times from {first:g} to {last:g}, spins "
                f"{listing(self.spins)}, method {', '.join(sorted({*self.record.methods} - {''}))}{failed}>")

    @property
    def shape(self) -> tuple[int, ...]:
        """How the rows are laid out: the shape of the arrays of parameters, last axis fastest; (m,) for a list."""
        return self.record.grid or (len(self),)

    @property
    def method(self) -> Array:
        """Names of the methods, (m,)."""
        return np.array(self.record.methods)

    @property
    def stats(self) -> dict[str, Any]:
        """What the methods counted, an array (m,) by name, 0 or "" where a row has none; `seconds` is that of all."""
        stats = self.record.stats
        kinds = {name: type(value) for each in stats for name, value in each.items() if name != "seconds"}
        counts = {name: np.array([each.get(name, kind()) for each in stats]) for name, kind in kinds.items()}
        return {**counts, "seconds": self.record.seconds}

    @property
    def counts(self) -> NDArray[np.int64]:
        """How many of the times each row reached, (m,): n where all went well."""
        return self.record.counts

    @property
    def failures(self) -> dict[int, str]:
        """Why a row stopped early, by its number; empty where all went well."""
        return {row: f"{why}, after t = {reached:g}" for row, (why, reached) in sorted(self.record.failures.items())}

    @property
    def _units_differ(self) -> bool:
        """Whether rows have different ħ."""
        return bool(np.ptp(self.record.hbars) > 0)

    def _own(self, array: Array) -> Array:
        """Return the array with its axis of rows."""
        return array

    def _series(self, row: int) -> TimeSeries:
        """Return the states of one row."""
        record, more = self.record, {} if self._more is None else self._more(row)
        return TimeSeries(record.times[:record.counts[row]], self.spins, record.scale(row), record.held(row),
                      more.get("apply"), tuple(record.observed))

    def _each(self, read: Callable[[TimeSeries], Any], apart: bool = False) -> Any:
        """Return what `read` gives for all rows: for the states of many in one call, unless they are kept apart."""
        if apart:
            return self._rows(read)
        if not self.record.complete or not self.record.stacks:
            read(self._series(self.record.begun()))        # refuses in a sentence: the states were not kept
        return pointwise(self.record, read)

    def _rows(self, read: Callable[[TimeSeries], Any], series: bool = True) -> Any:
        """Return what `read` gives for one row after another."""
        return row_by_row(self.record, lambda row: read(self._series(row)), series)

    @property
    @refusable
    def kets(self) -> NDArray[np.complex128]:
        """Kets, (m, n, d, r), where all rows have the same number r of them."""
        record = self.record
        if len(record.stacks) == 1 and record.complete and np.all(record.counts == len(self.times)):
            stack = record.stacks[0]
            if stack.weights is not None and len(stack.rows) == len(self):
                return np.asarray(stack.samples[np.argsort(stack.rows)])
        return super().kets

    def _part(self, record: Record) -> "Trajectories":
        """Return some times of these rows."""
        return Trajectories(record, None, self._more)

    def _between(self, t: float) -> "Trajectories":
        """Return the trajectories at a time whose states are not kept: all solved anew up to it, or refused."""
        if self._again is None or not isinstance(t, Real) or not self.times[0] <= t <= self.times[-1]:
            self[self.record.begun()].snapshot(t)              # refuses in a sentence
        assert self._again is not None
        return self._again(float(t)).last

    def plot(self, *arguments: Any, **options: Any) -> Any:
        """Refuse: a picture is of one trajectory.

        Raises:
            InputError: always.
        """
        raise InputError(f"`plot` must be asked of one trajectory, but there are {len(self)}; write many[0].plot().")


@dataclass(frozen=True)
class Chosen:
    """Some rows of what solves all of them, as data that travels."""

    what: Callable[[Any], Any]
    rows: Array

    def __call__(self, t: float) -> Any:
        """Return the chosen rows at a time."""
        return self.what(t)[self.rows]

    def more(self, row: int) -> Any:
        """Return what a chosen row takes by its old number."""
        return self.what(int(self.rows[row]))
