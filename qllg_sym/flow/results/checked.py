"""What a method finds, looked at: constants of motion, energies, and how much errors grew."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow.problem import Problem
from qllg_sym.flow.results.energy import energies
from qllg_sym.flow.results.growth import Growth, looked, unsure
from qllg_sym.flow.results.guard import INFINITE, guarded
from qllg_sym.flow.results.outcome import Outcome
from qllg_sym.flow.steps.paths import INTERRUPTED

Array = NDArray[Any]
Run = Callable[[Problem], Outcome]


def checked(problem: Problem, run: Run, seen: str | None) -> Outcome:
    """Return what a method finds at the times asked for, as far as it holds, with energies and the growth of errors.

    Args:
        problem: the rows.
        run: the method.
        seen: its GROWTH.
    """
    growth, finer = Growth.of(problem, seen), problem
    if growth is not None and problem.stop is None:
        finer = _at(problem, growth.first)
    found = guarded(finer, run(finer))
    if problem.branches is None and (activity := problem.activity) is not None:     # else each piece has its own
        for stats, width in zip(found.stats, np.broadcast_to(activity.resolution, len(problem)).tolist(), strict=True):
            stats["resolution"] = width
    for stats in found.stats:
        stats |= {"assumed": problem.assumed} if problem.assumed else {}
    if found.handed is not None:
        return found
    try:
        found = replace(found, energy=energies(finer, found.block))
        if growth is not None:
            _look(growth, finer, run, found)
    except KeyboardInterrupt:
        found = replace(found, failures=[why or INTERRUPTED for why in found.failures])
    return found if finer is problem else _picked(found, finer.times, problem.times)


def _look(growth: Growth, problem: Problem, run: Run, found: Outcome) -> None:
    """Tell by how much errors grew, and find states at more times where those are not enough to say."""
    bounds = looked(growth, problem, found)
    if problem.stop is not None or not len(some := unsure(growth, bounds, problem, found)):
        return
    closer = (problem.part(some) if len(some) < len(problem) else problem).anew(times=growth.second)
    again = guarded(closer, run(closer))
    looked(growth.part(some), closer, replace(again, energy=energies(closer, again.block)))
    for i, stats in zip(some.tolist(), again.stats, strict=True):
        found.stats[i].update(stats)


def finite(problem: Problem, found: Outcome) -> Outcome:
    """Return rows whose energy is no number at a time as failures: at a single time, or where no step looked."""
    if found.energy is None:
        return found
    lost = ~np.isfinite(found.energy)
    if not lost.any():
        return found
    lost &= np.arange(found.energy.shape[1]) < found.counts[:, None]
    lost[[why is not None for why in found.failures]] = False
    reached, failures = found.reached.copy(), list(found.failures)
    for i in np.flatnonzero(lost.any(axis=1)).tolist():
        reached[i], failures[i] = problem.times[int(np.argmax(lost[i]))], INFINITE
    return replace(found, reached=reached, failures=failures)


def _at(problem: Problem, times: Array) -> Problem:
    """Return the problem at times that hold its own, itself where they are no more."""
    return problem if len(times) == len(problem.times) else problem.anew(times=times)


def _picked(found: Outcome, times: Array, wanted: Array) -> Outcome:
    """Return what was found at those times alone that were asked for."""
    kept, stack = np.flatnonzero(np.isin(times, wanted)), found.block
    counts = np.searchsorted(kept, stack.counts)
    stack = replace(stack, samples=stack.samples[:, kept[kept < stack.samples.shape[1]]], counts=counts)
    energy = None if found.energy is None else found.energy[:, kept[kept < found.energy.shape[1]]]
    return replace(found, block=stack, energy=energy)
