"""One row by itself: a method's states, guarded, with their energy and what is observed, as a record."""

from dataclasses import replace
from functools import cache
from itertools import product
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow.methods import Method
from qllg_sym.flow.options import Options
from qllg_sym.flow.problem import Problem, Watch, answering
from qllg_sym.flow.results.checked import checked, finite
from qllg_sym.flow.results.outcome import Outcome
from qllg_sym.flow.results.record import Record
from qllg_sym.flow.results.recorder import Recorder
from qllg_sym.flow.steps.paths import INTERRUPTED

Array = NDArray[Any]


def alone(problem: Problem, method: Method, options: Options, watch: Watch) -> Record:
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
    found = checked(problem, lambda rows: _run(method, rows, watch), method.GROWTH)
    found.stats[0]["seconds"] = perf_counter() - started
    try:
        found = finite(problem, recorder.with_energy(found))
        observed = recorder.observed(found)
    except KeyboardInterrupt:           # the states are there, their readings are not
        return _recorded(problem, replace(found, failures=[INTERRUPTED], energy=None), method.NAME, Options(), {})
    return _recorded(problem, found, method.NAME, options, observed)


def _recorded(problem: Problem, found: Outcome, method: str, options: Options, observed: dict[str, Array]) -> Record:
    """Return what was found, with the states that are to be kept."""
    (failure,), count = found.failures, int(found.counts[0])
    stacks = [found.block if found.block.rows[0] == 0 else replace(found.block, rows=np.zeros(1, dtype=int))]
    if options.keep == "final":
        stacks = [stacks[0].last()]
    elif options.observe is not None:
        stacks = []
    told = {} if failure is None or found.interrupted else {0: (failure, float(found.reached[0]))}
    return Record(problem.times[:count], np.array([count]), problem.hbars, spins(problem), labels(problem),
                  problem.values, not stacks or bool(stacks[0].counts[0] == count),
                  None if found.energy is None else found.energy[:, :count], [method], [found.stats[0]], stacks,
                  {name: values[None] for name, values in observed.items()}, told, found.interrupted)


def _run(method: Method, problem: Problem, watch: Watch) -> Outcome:
    """Return what a method finds; the start alone where Ctrl-C came before the method's own work."""
    try:
        found: Outcome = method.run(problem, watch)
        return found
    except KeyboardInterrupt:
        held = problem.start.moments if problem.classical else problem.start.ensemble(problem.dims)
        return Outcome.of(problem.number, problem.times[:1], held, {}, INTERRUPTED)


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
    if problem.classical:
        return tuple(f"m{i}_{k}" for i in range(space.sites) for k in "xyz")
    if not space.is_half or space.sites > 6:
        return ()
    return _pauli_labels(space.sites)


@cache
def _pauli_labels(sites: int) -> tuple[str, ...]:
    """Return the names of the Pauli components of so many spins ½, which take 10 ms for six."""
    return tuple("T_" + "".join(letters) for letters in product("0xyz", repeat=sites))[1:]
