"""What a method on kets has reached: all its states, or each handed on and only the last kept."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow.problem import Problem
from qllg_sym.flow.results.outcome import Outcome
from qllg_sym.flow.results.stack import PIECE
from qllg_sym.flow.states.initial import LARGEST_DENSE
from qllg_sym.flow.states.low_rank import LowRank
from qllg_sym.observables.ensemble import Ensemble
from qllg_sym.observables.storage import require_memory

Array = NDArray[Any]


def state_of(ensemble: Ensemble) -> Any:
    """Return one state as functions of it are given it: a density matrix (d, d), or a LowRank where d > 1024.

    >>> state_of(Ensemble((2,), kets=[[[1], [0]]], weights=[1])).real.tolist()
    [[1.0, 0.0], [0.0, 0.0]]
    """
    return next(states_of(ensemble))


def states_of(ensemble: Ensemble) -> Iterator[Any]:
    """Yield each state as functions of it are given it, few density matrices at a time.

    >>> [state.shape for state in states_of(Ensemble((2,), density=np.zeros((3, 2, 2))))]
    [(2, 2), (2, 2), (2, 2)]
    """
    if ensemble.kets is not None and ensemble.dimension > LARGEST_DENSE:
        yield from (LowRank(ensemble.weights, kets, ensemble.background) for kets in ensemble.kets)
        return
    step = max(1, PIECE // (16 * ensemble.dimension**2))
    for k in range(0, len(ensemble), step):
        yield from ensemble[k:k + step].density()


class Samples:
    """Collects the kets of a problem at its times, in order.

    Args:
        problem: its times, `stop` and `receive`.
        weights: (r,), constant.
        background: constant.
        working: how many kets (d, r) the method needs besides.

    Raises:
        InputError: they would not fit into memory together; before anything is allocated.
    """

    def __init__(self, problem: Problem, weights: Array, background: float, working: int) -> None:
        self._problem, self._weights, self._background = problem, weights, background
        self.times, self.count, self.stopped = problem.times, 0, False
        self._kept = len(problem.times) if problem.receive is None else 1
        shape = (problem.equation.model.space.dimension, len(weights))
        require_memory("kets", (self._kept + working, *shape),
                       "take fewer sites, kets or times, or keep=\"final\"" if self._kept > 1 else
                       "take fewer sites or kets")
        self._kets = np.empty((self._kept, *shape), dtype=complex)

    @property
    def next_time(self) -> float | None:
        """The time of the next state wanted, or None when there is none."""
        return None if self.stopped or self.count == len(self.times) else float(self.times[self.count])

    def add(self, kets: Array) -> None:
        """Take the orthonormal kets (d, r) at the next time; they are copied."""
        t, problem = float(self.times[self.count]), self._problem
        ensemble = self._ensemble(kets[None])
        if problem.receive is not None:
            problem.receive(t, ensemble)
        self._kets[min(self.count, self._kept - 1)] = kets
        self.count += 1             # last, so that Ctrl-C finds either all of a state or nothing
        if problem.stop is not None:
            self.stopped = problem.stops(t, state_of(ensemble))

    def found(self, stats: dict[str, Any], failure: str | None, reached: float) -> Outcome:
        """Return what was reached."""
        ensemble = self._ensemble(self._kets[:min(self.count, self._kept)])
        return Outcome.of(self._problem.number, self.times[:self.count], ensemble, stats, failure, reached)

    def _ensemble(self, kets: Array) -> Ensemble:
        """Return kets (n, d, r) with their weights, without a copy."""
        return Ensemble(self._problem.dims, kets=kets, weights=self._weights, background=self._background)
