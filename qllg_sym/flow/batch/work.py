"""A posed batch with everything that is asked of it: run it, run it again up to another time, restart one row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.algebra.fields import ByFields
from qllg_sym.flow import methods
from qllg_sym.flow.batch.found import Watch
from qllg_sym.flow.batch.problem import Batch
from qllg_sym.flow.batch.run import Job, check_memory, run
from qllg_sym.flow.batch.start import Start
from qllg_sym.flow.batch.trajectories import Trajectories
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.results.record import Record
from qllg_sym.flow.results.trajectory import Trajectory
from qllg_sym.flow.solve import integrate, labels, pose
from qllg_sym.flow.states.low_rank import LowRank

Array = NDArray[Any]


@dataclass(frozen=True, repr=False)
class Work(ByFields):
    """What `solve_many` was asked for.

    Attributes:
        batch: the problems.
        parts: rows that are alike, each with the name of its method.
        threads: how many cores to use.
        keep, observe, stop: as in `solve`.
    """

    batch: Batch
    parts: tuple[tuple[Start, str], ...]
    threads: int
    keep: str
    observe: Mapping[str, Any] | None
    stop: Callable[[float, Array], bool] | None

    def record(self, watch: Watch) -> Record:
        """Solve all rows."""
        batch, m, n = self.batch, self.batch.size, len(self.batch.first.times)
        record = Record(batch.first.times, np.zeros(m, dtype=int), batch.hbars,
                        [str(s) for s in batch.first.equation.model.space.spins], labels(batch.first), batch.values,
                        self.keep == "all" or n == 1, np.full((m, n), np.nan), [""] * m, [{} for _ in range(m)])
        job = Job(batch, self.threads, self.keep, self.observe, self._alone, watch)
        check_memory(job, self.parts)
        for part, method in self.parts:
            if not record.interrupted:
                run(job, part, method, record, self.stop is None)
        return record

    def again(self, t: float) -> Trajectories:
        """Solve all rows anew from the first time to another one, and keep the last states."""
        first = self.batch.first
        batch = replace(self.batch, first=replace(first, times=np.unique([first.times[0], t])))
        return Trajectories(replace(self, batch=batch, keep="final", observe=None, stop=None).record(_quiet))

    def more(self, row: int) -> dict[str, Any]:
        """Return what the `Trajectory` of one row takes to find states between times, and to apply its H."""
        part, method = next((part, method) for part, method in self.parts if row in part.rows)
        own = Row(self.batch, part, int(np.flatnonzero(part.rows == row)[0]), method)
        return {"restart": own, "apply": own.apply}

    def __getstate__(self) -> dict[str, Any]:
        """Return what is pickled: without the user's functions, which have done their work."""
        return {**super().__getstate__(), "observe": None, "stop": None}

    def _alone(self, start: Start, i: int, method: str) -> Trajectory:
        """Solve the i-th row of a part by itself."""
        first, problem = self.batch.first, self.batch.problem(start, i)
        state: Any = problem.moments
        if (initial := problem.initial) is not None:
            state = LowRank(initial.weights, initial.kets, initial.background)
        posed = pose(first.equation.model, first.equation.law, state, first.times, problem.values, first.rtol,
                     first.atol, (first.max_step, first.breakpoints))
        return integrate(posed, method, keep=self.keep, observe=self.observe, stop=self.stop)


@dataclass(frozen=True, repr=False)
class Row(ByFields):
    """Solves one row anew, as data that travels: t -> its state, and its H on kets."""

    batch: Batch
    part: Start
    place: int
    method: str

    @cached_property
    def problem(self) -> Problem:
        """The row's own problem."""
        return self.batch.problem(self.part, self.place)

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
