"""One row by itself: a method's states, guarded, with their energy and what is observed, as a record."""

from dataclasses import replace
from functools import cache
from itertools import product
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow.options import Options
from qllg_sym.flow.problem import Problem, Solution, Watch, answering
from qllg_sym.flow.results.energy import energies
from qllg_sym.flow.results.growth import Rows, looked, watched
from qllg_sym.flow.results.guard import INFINITE, guarded
from qllg_sym.flow.results.record import Record
from qllg_sym.flow.results.recorder import Recorder
from qllg_sym.flow.results.stack import Stack
from qllg_sym.observables.ensemble import Ensemble

Array = NDArray[Any]


def alone(problem: Problem, method: Any, options: Options, watch: Watch) -> Record:
    """Return what a method finds of one row, as far as it comes.

    Args:
        problem: the row.
        method: the method.
        options: as of `solve`.
        watch: called with the time after every step; may raise KeyboardInterrupt.

    >>> from qllg_sym import Model, QuantumLLG, Space, states
    >>> from qllg_sym.flow.methods import exact
    >>> from qllg_sym.flow.pose import pose
    >>> posed = pose(Model(Space("1/2")), QuantumLLG(0.5), states.product("up"), [0, 1])
    >>> alone(posed, exact, Options(), lambda t: None).counts.tolist()
    [2]
    """
    recorder = Recorder(problem, options.observe)
    if options.stop is not None or options.keep == "final" or options.observe is not None:
        handed = options.keep == "final" or options.observe is not None
        problem = problem.anew(stop=answering(options.stop), receive=recorder.receive if handed else None)
    started = perf_counter()
    solution = _looked(problem, method, watched(problem, method.GROWTH), watch)
    solution.stats["seconds"] = perf_counter() - started
    if (activity := problem.activity) is not None:
        solution.stats["resolution"] = float(activity.resolution[0])
    observed: dict[str, Array] = {}
    try:
        energy: Array | None = recorder.energy(solution)
        observed = recorder.observed(solution)
    except KeyboardInterrupt:           # the states are there, their readings are not
        return _recorded(problem, replace(solution, failure="interrupted", interrupted=True), method.NAME, Options(),
                         None, {})
    assert energy is not None
    lost = ~np.isfinite(energy)
    if solution.failure is None and lost.any():     # at a single time, or where no step looked: 0/0 at a sample alone
        solution = replace(solution, failure=INFINITE, reached=float(solution.times[int(np.argmax(lost))]))
    return _recorded(problem, solution, method.NAME, options, energy, observed)


def _recorded(problem: Problem, solution: Solution, method: str, options: Options, energy: Array | None,
              observed: dict[str, Array]) -> Record:
    """Return what was found, with the states that are to be kept."""
    held: Any = solution.moments if solution.ensemble is None else solution.ensemble
    if options.keep == "final":
        held = held[-1:]
    elif options.observe is not None:
        held = None
    count, failures = len(solution.times), {}
    if solution.failure is not None and not solution.interrupted:
        failures[0] = solution.failure, float(solution.times[-1] if solution.reached is None else solution.reached)
    return Record(solution.times, np.array([count]), problem.hbars, spins(problem), labels(problem), problem.values,
                  held is None or len(held) == count, None if energy is None else energy[None], [method],
                  [solution.stats], [] if held is None else [Stack.of(0, held)],
                  {name: values[None] for name, values in observed.items()}, failures, solution.interrupted)


def _looked(problem: Problem, chosen: Any, rows: Rows | None, watch: Watch) -> Solution:
    """Return what a method finds at the times asked for, guarded, and how errors grew in it where `rows` tell."""
    if rows is None:
        return guarded(problem, _run(chosen, problem, watch))
    finer = _at(problem, problem.times if problem.stop is not None else rows.first)
    solution = guarded(finer, _run(chosen, finer, watch))
    try:
        energy = energies(finer, solution)
        bounds = rows.bounds(solution.times, energy[None] / problem.hbar)
        if problem.stop is None and solution.failure is None and rows.unsure(bounds).any():
            finer = _at(problem, rows.second)
            solution = guarded(finer, _run(chosen, finer, watch))
            energy = energies(finer, solution)
            bounds = rows.bounds(solution.times, energy[None] / problem.hbar)
        solution.stats["growth"] = looked(rows, bounds, solution)
        solution = replace(solution, energy=energy)
    except KeyboardInterrupt:
        solution = replace(solution, failure="interrupted", interrupted=True)
    if finer is problem:
        return solution
    kept = np.flatnonzero(np.isin(solution.times, problem.times))
    return replace(solution, times=solution.times[kept],
                   ensemble=None if solution.ensemble is None else solution.ensemble[kept],
                   energy=None if solution.energy is None else solution.energy[kept])


def _at(problem: Problem, times: Array) -> Problem:
    """Return the problem at times that hold its own, itself where they are no more."""
    return problem if len(times) == len(problem.times) else problem.anew(times=times)


def _run(chosen: Any, problem: Problem, watch: Watch) -> Solution:
    """Return what a method finds; the start alone where Ctrl-C came before the method's own work."""
    try:
        solution: Solution = chosen.run(problem, watch)
    except KeyboardInterrupt:
        start = None if problem.initial is None else Ensemble(
            problem.dims, kets=problem.initial.kets[None], weights=problem.initial.weights,
            background=problem.initial.background)
        moments = None if problem.moments is None else problem.moments[None]
        solution = Solution(problem.times[:1], start, moments, {}, "interrupted", True)
    return solution


def spins(problem: Problem) -> tuple[str, ...]:
    """Return the spin of each site as text."""
    return tuple(str(s) for s in problem.equation.model.space.spins)


def labels(problem: Problem) -> tuple[str, ...]:
    """Return the names of the states of the equation, up to six spins ½.

    >>> from qllg_sym import Model, QuantumLLG, Space, states
    >>> from qllg_sym.flow.pose import pose
    >>> labels(pose(Model(Space("1/2")), QuantumLLG(0.5), states.product("up"), [0]))
    ('T_x', 'T_y', 'T_z')
    """
    space = problem.equation.model.space
    if problem.initial is None:
        return tuple(f"m{i}_{k}" for i in range(space.sites) for k in "xyz")
    if not space.is_half or space.sites > 6:
        return ()
    return _pauli_labels(space.sites)


@cache
def _pauli_labels(sites: int) -> tuple[str, ...]:
    """Return the names of the Pauli components of so many spins ½, which take 10 ms for six."""
    return tuple("T_" + "".join(letters) for letters in product("0xyz", repeat=sites))[1:]
