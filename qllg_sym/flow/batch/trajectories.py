"""The result of a batch: everything that is read off one trajectory, with a leading axis of rows."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import wraps
from math import prod
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym import files
from qllg_sym.errors import FileError, InputError, QllgError, RowError
from qllg_sym.flow.batch import storage
from qllg_sym.flow.batch.reading import pointwise, row_by_row, row_of
from qllg_sym.flow.results.readings import ManyReadings
from qllg_sym.flow.results.record import Record
from qllg_sym.flow.results.refusals import refusable
from qllg_sym.flow.results.trajectory import Trajectory
from qllg_sym.observables.sites import row as listing
from qllg_sym.observables.storage import require_memory

Array = NDArray[Any]
Again = Callable[[float], "Trajectories"]
More = Callable[[int], Mapping[str, Any]]


class Trajectories(Sequence[Trajectory], ManyReadings):
    """m trajectories of n times.

    Every array attribute and every method of `Trajectory` gets a leading axis: `many.bloch(0)` is (m, n, 3),
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

    def __init__(self, record: Record, again: Again | None = None, more: More | None = None) -> None:
        self._record, self._again, self._more = record, again, more
        self.times, self.values, self.observed = record.times, dict(record.values), dict(record.observed)
        self.spins, self.labels = tuple(record.spins), tuple(record.labels)

    def __len__(self) -> int:
        return len(self._record.counts)

    def __getitem__(self, index: Any) -> Any:
        """Return one trajectory, or those of a slice, a mask or an array of numbers."""
        again, more = self._again, self._more
        try:
            rows = np.arange(len(self))[index]
            if np.ndim(rows) > 1:
                raise IndexError
        except IndexError:
            raise RowError(f"`index` must choose among the {len(self)} trajectories from 0, but is {index!r}; "
                           "write many[0].") from None
        if np.ndim(rows) == 0:
            row = int(rows)
            return row_of(self._record, row, **(more(row) if more is not None else {}))
        if not len(rows):
            raise InputError(f"`index` must choose at least one of {len(self)} trajectories, but chooses none; "
                             "write many[:1].")
        return Trajectories(self._record.take(rows), None if again is None else Chosen(again, rows),
                            None if more is None else Chosen(more, rows).more)

    def __repr__(self) -> str:
        """Say how many there are, and of what."""
        first, last = self.times[[0, -1]]
        failed = f", {len(self._record.failures)} failed" if self._record.failures else ""
        grid = f" ({' × '.join(map(str, self.shape))})" if len(self.shape) > 1 else ""
        return (f"<Trajectories: {len(self)}{grid} of {len(self.times)} times from {first:g} to {last:g}, spins "
                f"{listing(self.spins)}, method {', '.join(sorted({*self._record.methods} - {''}))}{failed}>")

    def __getattr__(self, name: str) -> Any:
        """Return what every trajectory has under a name, with a leading axis; methods wait for their arguments."""
        if name.startswith("_") or not hasattr(Trajectory, name):
            raise AttributeError(f"Trajectories have no attribute {name!r}")
        if isinstance(own := getattr(Trajectories, name, None), property) and own.fget is not None:
            return own.fget(self)                           # it has refused; nothing else is tried
        member = getattr(Trajectory, name)
        if not callable(member):
            return refusable(self._each)(lambda row: getattr(row, name))

        @wraps(member)
        def method(*arguments: Any, **options: Any) -> Any:
            """Call the method of every trajectory."""
            return self._each(lambda row: getattr(row, name)(*arguments, **options))

        return method

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *(name for name in dir(Trajectory) if not name.startswith("_"))})

    def _each(self, read: Callable[[Trajectory], Any]) -> Any:
        """Return what `read` gives for one row after another."""
        return row_by_row(self._record, self.__getitem__, read)

    def _read(self, read: Callable[[Any], Any], apart: bool) -> Any:
        """Return an observable of all rows, of many at once unless they must be kept apart."""
        return self._each(read) if apart else pointwise(self._record, read)

    @property
    def shape(self) -> tuple[int, ...]:
        """How the rows are laid out: the shape of the arrays of parameters, last axis fastest; (m,) for a list."""
        return self._record.grid or (len(self),)

    @property
    def method(self) -> Array:
        """Names of the methods, (m,)."""
        return np.array(self._record.methods)

    @property
    def stats(self) -> dict[str, Any]:
        """What the methods counted, an array (m,) by name, 0 or "" where a row has none; `seconds` is that of all."""
        stats = self._record.stats
        kinds = {name: type(value) for each in stats for name, value in each.items() if name != "seconds"}
        counts = {name: np.array([each.get(name, kind()) for each in stats]) for name, kind in kinds.items()}
        return {**counts, "seconds": self._record.seconds}

    @property
    def hbar(self) -> Array:
        """ħ of each model, (m,)."""
        return self._record.hbars

    @property
    def counts(self) -> NDArray[np.int64]:
        """How many of the times each row reached, (m,): n where all went well."""
        return self._record.counts

    @property
    def failures(self) -> dict[int, str]:
        """Why a row stopped early, by its number; empty where all went well."""
        return {row: f"{why}, after t = {reached:g}" for row, (why, reached) in sorted(self._record.failures.items())}

    @property
    @refusable
    def states(self) -> NDArray[np.complex128]:
        """Density matrices, (m, n, d, d); refused with the size where they exceed the memory."""
        d = prod(int(2 * Fraction(spin)) + 1 for spin in self.spins)
        require_memory("states", (*self._record.shape, d, d), "ask for `kets` or for observables")
        return pointwise(self._record, lambda line: line.states)

    @property
    @refusable
    def moments(self) -> NDArray[np.float64]:
        """Classical unit moments, (m, n, N, 3)."""
        return pointwise(self._record, lambda line: line.moments)

    @property
    @refusable
    def kets(self) -> NDArray[np.complex128]:
        """Kets, (m, n, d, r), where all rows have the same number r of them."""
        record = self._record
        if len(record.stacks) == 1 and record.complete and np.all(record.counts == len(self.times)):
            stack = record.stacks[0]
            if stack.weights is not None and len(stack.rows) == len(self):
                return np.asarray(stack.samples[np.argsort(stack.rows)])
        return np.asarray(row_by_row(record, self.__getitem__, lambda row: row.kets))

    @property
    @refusable
    def weights(self) -> NDArray[np.float64]:
        """Weights of the kets, (m, r), where all rows have the same number r of them."""
        return np.asarray(row_by_row(self._record, self.__getitem__, lambda row: row.weights, series=False))

    @property
    @refusable
    def energy(self) -> NDArray[np.float64]:
        """The energies, (m, n), in the model's units."""
        if self._record.energy is None:
            raise InputError("`energy` was not kept; solve anew.")
        return self._record.energy

    def snapshot(self, t: float) -> "Trajectories":
        """Return the trajectories at one time, for every observable at that time.

        Args:
            t: a time from the first to the last; between stored times all rows are solved anew up to it.

        Raises:
            InputError: the time is outside, or lies between stored times of loaded trajectories.
        """
        stored = np.flatnonzero(self.times == t) if isinstance(t, Real) else np.zeros(0, dtype=int)
        last = len(self.times) - 1
        if stored.size and (self._record.complete or stored[0] == last) and self._record.stacks:
            return Trajectories(self._record.snapshot(int(stored[0])), None, self._more)
        if self._again is None or not isinstance(t, Real) or not self.times[0] <= t <= self.times[-1]:
            self[self._record.begun()].snapshot(t)              # refuses in a sentence
        assert self._again is not None
        return self._again(float(t)).last

    @property
    @refusable
    def last(self) -> "Trajectories":
        """The last time as trajectories of their own; all there is with keep="final"."""
        return Trajectories(self._record.snapshot(len(self.times) - 1), None, self._more)

    @property
    @refusable
    def final_state(self) -> Array:
        """The states at the last time, (m, d, d), or moments (m, N, 3)."""
        return _states(self.last, self._record.classical)

    def at(self, t: float) -> Array:
        """Return the states at any time, (m, d, d), or moments (m, N, 3); see `snapshot`."""
        return _states(self.snapshot(t), self._record.classical)

    def to_xarray(self) -> Any:
        """Return an xarray Dataset with a leading axis "trajectory" and the parameters as its coordinates.

        Raises:
            InputError: xarray is not installed.
        """
        return storage.to_dataset(self)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write all trajectories into one file, as `Trajectory.save` does for one.

        Args:
            path: ends in .npz (no pickle inside) or .nc (needs xarray and h5netcdf).

        Raises:
            FileError: the ending is unknown or the place is not writable.
        """
        files.save(path, storage.KIND, *storage.pack(self._record))

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> "Trajectories":
        """Read what `save` wrote.

        Raises:
            FileError: the file is missing, damaged, foreign or of a newer format.
        """
        arrays, metadata = files.load(path, storage.KIND)
        try:
            return cls(storage.unpack(arrays, metadata))
        except (QllgError, ArithmeticError, LookupError, TypeError, ValueError) as error:
            raise FileError(f"`{path}` must hold whole trajectories, but its parts do not fit; save anew.") from error

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


def _states(many: Trajectories, classical: bool) -> Array:
    """Return the states at the first time."""
    return np.asarray((many.moments if classical else many.states)[:, 0])
