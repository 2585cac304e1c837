"""What was solved goes on: states between the times asked for, of one row or of all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.algebra.fields import ByFields
from qllg_sym.flow import methods
from qllg_sym.flow.blas import one_thread
from qllg_sym.flow.options import Options
from qllg_sym.flow.pieces import run_method
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.progress import quiet
from qllg_sym.flow.results.record import Record
from qllg_sym.flow.results.stack import Held
from qllg_sym.flow.results.trajectories import Trajectories
from qllg_sym.flow.run import run
from qllg_sym.flow.sensitivities import gradients, sensitivities
from qllg_sym.flow.states.initial_states import InitialStates
from qllg_sym.observables.ensemble import Ensemble

Array = NDArray[Any]


@dataclass(frozen=True, repr=False)
class Solved(ByFields):
    """What was solved, as data that travels; without the user's functions, which have done their work.

    Attributes:
        parts: rows that are alike, each with the name of their method.
        values: a number, or one a row (m,), for every parameter, by name.
        threads: how many cores to use, None for all.
        record: what was found, where there is one row alone.
    """

    parts: tuple[tuple[Problem, str], ...]
    values: Mapping[str, Any]
    threads: int | None
    record: Record | None = None

    def again(self, t: float) -> Trajectories:
        """Solve all rows anew from the first time to another one, and keep the last states."""
        times = np.unique([self.parts[0][0].times[0], t])
        parts = tuple((part.anew(times=times), method) for part, method in self.parts)
        record = run(parts, self.values, Options(keep="final", threads=self.threads), quiet)
        return Trajectories(record, more=self.more)         # H of the rows, and where they begin, are the same

    def more(self, row: int) -> dict[str, Any]:
        """Return what the `Trajectory` of one row takes to find states between times, and to apply its H."""
        part, method = next((part, method) for part, method in self.parts if row in part.start.rows)
        own = Between(part, int(np.flatnonzero(part.start.rows == row)[0]), method, self.record)
        return {"restart": own, "apply": None if part.classical else own.apply}


@dataclass(frozen=True, repr=False)
class Between(ByFields):
    """Solves one row for states between the times asked for, as data that travels: t -> the state, and H on kets.

    Attributes:
        part: rows that are solved alike.
        place: the place of the row among them.
        method: the name of the method.
        record: what was found of the row, if it is alone: the nearest state before is gone on from.
    """

    part: Problem
    place: int
    method: str
    record: Record | None = None

    @cached_property
    def problem(self) -> Problem:
        """The row's own problem."""
        return self.part.row(self.place)

    def __call__(self, t: float) -> Any:
        """Return the state at a time, solved again from the nearest one before."""
        with one_thread(self.problem.equation.model.space.dimension):
            found = run_method(methods.find(self.method), self._from_before(t), quiet)
        return found.block.of_row(int(found.block.rows[0]))[-1:]

    def over(self, times: Array, values: Mapping[str, Any]) -> Record:
        """Return the row at other times, the first of which is that of its state.

        Args:
            times: (n,).
            values: the parameters by name.
        """
        alone = replace(self.problem.start, rows=np.zeros(1, dtype=int))        # the only row of its record
        return run([(self.problem.anew(start=alone, times=times), self.method)], values, Options(threads=1), quiet)

    def sensitivity(self, names: Sequence[str]) -> Array:
        """Return the derivatives of the states at the stored times by parameters, (parameters, n, d, d)."""
        return sensitivities(self.problem, names)

    def gradients(self, cotangents: Array) -> dict[str, float]:
        """Return the derivatives of Σ Re Tr(Λ_n ρ(t_n)) by every parameter, by the adjoint equation."""
        return gradients(self.problem, cotangents)

    def apply(self, kets: Any, t: float) -> Any:
        """Return H(t)/ħ times kets."""
        return self.problem.action.apply(kets, t)

    def _from_before(self, t: float) -> Problem:
        """Return the problem from the last state before t that is still there: the first one is always."""
        problem, record = self.problem, self.record
        if record is None or not record.complete or (held := record.held(0)) is None:
            return problem.anew(times=np.unique([problem.times[0], t]))
        k = int(np.searchsorted(record.times, t, side="right")) - 1
        start = start_at(held[k:k + 1]) if k else problem.start
        return problem.anew(start=start, times=np.unique([problem.times[k], t]))


def start_at(held: Held) -> InitialStates:
    """Return the state at one time as a start.

    >>> start_at(np.array([[[0.0, 0.0, 1.0]]])).moments.tolist()
    [[[0.0, 0.0, 1.0]]]
    """
    if not isinstance(held, Ensemble):
        return InitialStates.classical(held[0])
    if held.weighted is not None:
        kets, weights = held.weighted
        return InitialStates.one(weights, kets[0], held.background)
    levels, vectors = np.linalg.eigh(held.density()[0])
    return InitialStates.one(levels[::-1].copy(), vectors[:, ::-1])
