"""A posed batch with everything that is asked of it: run it, run it again up to another time, restart one row."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.algebra.fields import ByFields
from qllg_sym.flow import methods
from qllg_sym.flow.batch.run import Job, check_memory, run
from qllg_sym.flow.batch.trajectories import Trajectories
from qllg_sym.flow.options import Options
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
        options: as of `solve_many`.
    """

    parts: tuple[tuple[Problem, str], ...]
    size: int
    values: Mapping[str, Any]
    options: Options

    def record(self, watch: Watch) -> Record:
        """Solve all rows."""
        first, m = self.parts[0][0], self.size
        n, hbars = len(first.times), np.empty(m)
        for part, _ in self.parts:
            hbars[part.start.rows] = part.hbars
        record = Record(first.times, np.zeros(m, dtype=int), hbars,
                        [str(s) for s in first.equation.model.space.spins], labels(first), self.values,
                        self.options.keep == "all" or n == 1, np.full((m, n), np.nan), [""] * m, [{} for _ in range(m)])
        job = Job(self.options, self._alone, watch)
        check_memory(job, self.parts)
        for part, method in self.parts:
            if not record.interrupted:
                run(job, part, method, record)
        return record

    def again(self, t: float) -> Trajectories:
        """Solve all rows anew from the first time to another one, and keep the last states."""
        times = np.unique([self.parts[0][0].times[0], t])
        parts = tuple((replace(part, times=times), method) for part, method in self.parts)
        options = replace(self.options, keep="final", observe=None, stop=None)
        return Trajectories(replace(self, parts=parts, options=options).record(_quiet))

    def more(self, row: int) -> dict[str, Any]:
        """Return what the `Trajectory` of one row takes to find states between times, and to apply its H."""
        part, method = next((part, method) for part, method in self.parts if row in part.start.rows)
        own = Row(part, int(np.flatnonzero(part.start.rows == row)[0]), method)
        return {"restart": own, "apply": own.apply}

    def __getstate__(self) -> dict[str, Any]:
        """Return what is pickled: without the user's functions, which have done their work."""
        return {**super().__getstate__(), "options": replace(self.options, observe=None, stop=None, progress=False)}

    def _alone(self, row: Problem, method: str) -> Trajectory:
        """Solve one row by itself."""
        return integrate(row, replace(self.options, method=method, progress=False))


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
