"""A posed batch with everything that is asked of it: run it, run it again up to another time, restart one row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.algebra.fields import ByFields
from qllg_sym.flow import methods
from qllg_sym.flow.batch.run import Job, check_memory, run
from qllg_sym.flow.batch.trajectories import Trajectories
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.results.found import Watch
from qllg_sym.flow.results.record import Record
from qllg_sym.flow.results.trajectory import Trajectory
from qllg_sym.flow.solve import integrate, labels

Array = NDArray[Any]


@dataclass(frozen=True, repr=False)
class Work(ByFields):
    """What `solve_many` was asked for.

    Attributes:
        parts: rows that are alike, each with the name of their method.
        size: how many rows there are in all, m.
        values: a number, or one a row (m,), for every parameter, also those of thermal states alone, by name.
        threads: how many cores to use.
        keep, observe, stop: as in `solve`.
    """

    parts: tuple[tuple[Problem, str], ...]
    size: int
    values: Mapping[str, Any]
    threads: int
    keep: str
    observe: Mapping[str, Any] | None
    stop: Callable[[float, Array], bool] | None

    def record(self, watch: Watch) -> Record:
        """Solve all rows."""
        first, m = self.parts[0][0], self.size
        n, hbars = len(first.times), np.empty(m)
        for part, _ in self.parts:
            hbars[part.start.rows] = part.hbars
        record = Record(first.times, np.zeros(m, dtype=int), hbars,
                        [str(s) for s in first.equation.model.space.spins], labels(first), self.values,
                        self.keep == "all" or n == 1, np.full((m, n), np.nan), [""] * m, [{} for _ in range(m)])
        job = Job(self.threads, self.keep, self.observe, self._alone, watch)
        check_memory(job, self.parts)
        for part, method in self.parts:
            if not record.interrupted:
                run(job, part, method, record, self.stop is None)
        return record

    def again(self, t: float) -> Trajectories:
        """Solve all rows anew from the first time to another one, and keep the last states."""
        times = np.unique([self.parts[0][0].times[0], t])
        parts = tuple((replace(part, times=times), method) for part, method in self.parts)
        return Trajectories(replace(self, parts=parts, keep="final", observe=None, stop=None).record(_quiet))

    def more(self, row: int) -> dict[str, Any]:
        """Return what the `Trajectory` of one row takes to find states between times, and to apply its H."""
        part, method = next((part, method) for part, method in self.parts if row in part.start.rows)
        own = Row(part, int(np.flatnonzero(part.start.rows == row)[0]), method)
        return {"restart": own, "apply": own.apply}

    def __getstate__(self) -> dict[str, Any]:
        """Return what is pickled: without the user's functions, which have done their work."""
        return {**super().__getstate__(), "observe": None, "stop": None}

    def _alone(self, row: Problem, method: str) -> Trajectory:
        """Solve one row by itself."""
        return integrate(row, method, keep=self.keep, observe=self.observe, stop=self.stop)


@dataclass(frozen=True, repr=False)
class Row(ByFields):
    """Solves one row anew, as data that travels: t -> its state, and its H on kets."""

    part: Problem
    place: int
    method: str

    @cached_property
    def problem(self) -> Problem:
        """The row's own problem."""
        return self.part.row(self.place)

    def __call__(self, t: float) -> Any:
        """Return the state at a time."""
        times = np.unique([self.problem.times[0], t])
        found = methods.find(self.method).run(replace(self.problem, times=times), _quiet)
        return found.moments[-1:] if found.ensemble is None else found.ensemble[-1:]

    def apply(self, kets: Array, t: float) -> Array:
        """Return H(t)/ħ times kets."""
        return self.problem.action.apply(kets, t)


def _quiet(part: float) -> None:
    """Show no progress."""
