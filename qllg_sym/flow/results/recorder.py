"""What is stored of each state when the states themselves are not: energy and observables."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.errors import InputTypeError, QllgError
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.results.energy import energies, energy
from qllg_sym.flow.results.named import NamedReading, reading_named
from qllg_sym.flow.results.operators import PhysicalOperator, is_physical
from qllg_sym.flow.results.outcome import Outcome
from qllg_sym.flow.results.record import Reading
from qllg_sym.flow.results.samples import states_of
from qllg_sym.flow.results.stack import Held, Stack
from qllg_sym.interop.qutip import Evolving
from qllg_sym.model.constants import Constants
from qllg_sym.model.jump_operator import hermitian_parts, parameter_names
from qllg_sym.observables.ensemble import Ensemble
from qllg_sym.observables.expectation import expectation
from qllg_sym.observables.operators import check_operator

Array = NDArray[Any]


@dataclass(frozen=True)
class Timed:
    """A function of (t, state) to be observed, in place of one of the state alone."""

    function: Callable[[float, Any], Any]


class Recorder:
    """Evaluates what is asked for: state by state as a method hands them on, or all at once afterwards.

    Args:
        problem: the problem that is solved.
        observe: {name: operator or function}, checked.
    """

    def __init__(self, problem: Problem, observe: Mapping[str, Any] | None) -> None:
        self._problem = problem
        self._observe = {name: prepared(what, problem) for name, what in (observe or {}).items()}
        self._energy: list[float] = []
        self._values: dict[str, list[Any]] = {name: [] for name in self._observe}

    def receive(self, t: float, ensemble: Ensemble) -> None:
        """Take one state."""
        self._energy.append(energy(self._problem, t, ensemble))
        for name, what in self._observe.items():
            self._values[name].append(observed(name, what, [t], ensemble)[0])

    def with_energy(self, found: Outcome) -> Outcome:
        """Return what was found with the energy at each time that was reached."""
        if found.energy is not None:
            return found
        if self._energy:                # Ctrl-C may have come after part of one more
            return replace(found, energy=np.array([self._energy[:found.counts[0]]]))
        return replace(found, energy=energies(self._problem, found.block))

    def readings(self, found: Outcome) -> Iterator[Reading]:
        """Yield what was observed at each time that was reached."""
        if not self._energy:
            yield from readings(self._problem, self._observe, found.block)
            return
        count = int(found.counts[0])
        for name, values in self._values.items():
            yield name, (np.full(count, self._problem.number), np.arange(count)), stacked(name, values[:count])


def stacked(name: str, values: Sequence[Any]) -> Array:
    """Return what a function gave at each time as one array, (n, …).

    Raises:
        InputTypeError: it gave arrays of different shapes, or no numbers.

    >>> stacked("Z", [[1, 2], [3, 4]]).shape
    (2, 2)
    """
    try:
        found = np.array(values)
    except ValueError:
        raise InputTypeError(f"`observe[{name!r}]` must return a number, or arrays of one shape, but returned arrays "
                             "of different shapes; return numbers.") from None
    if found.dtype.kind not in "biufcO" or any(value is None for value in values):     # O: numbers of other libraries
        raise InputTypeError(f"`observe[{name!r}]` must return a number, or arrays of one shape, but returned a "
                             f"{type(values[0]).__name__}; return numbers.")
    return found


def readings(problem: Problem, observe: Mapping[str, Any] | None, stack: Stack) -> Iterator[Reading]:
    """Yield what is observed of some rows: row by row where an operator differs, or depends on time."""
    for name, what in (observe or {}).items():
        one = prepared(what, problem.row(0))
        if not isinstance(one, PhysicalOperator) or (one.constant and not problem.varies(one.parameters)):
            for places, states in stack.pieces():
                yield name, places, observed(name, one, problem.times[places[1]], states)
            continue
        for i, (row, count) in enumerate(zip(stack.rows.tolist(), stack.counts.tolist(), strict=True)):
            own = prepared(what, problem.row(i)) if problem.varies(one.parameters) else one
            if count:
                values = observed(name, own, problem.times[:count], stack.of_row(row))
                yield name, (np.full(count, row), np.arange(count)), values


def observed(name: str, what: Any, times: Iterable[float], states: Held) -> Array:
    """Return an operator's expectation, or a function of each state, (n, …).

    >>> pair = Ensemble((2,), density=np.array([[[1, 0], [0, 0]], [[0.5, 0], [0, 0.5]]]))
    >>> observed("Z", np.diag([1, -1]), [0, 1], pair).tolist()
    [1.0, 0.0]
    """
    if isinstance(what, NamedReading):
        return what.of(states)
    if not isinstance(states, Ensemble):
        return stacked(name, [what(state) for state in states])
    if isinstance(what, Timed):
        each = zip(times, states_of(states), strict=True)
        return stacked(name, [what.function(float(t), state) for t, state in each])
    if isinstance(what, PhysicalOperator | Evolving):
        if what.constant:
            return expectation(states, what.at(0.0))
        return np.array([expectation(states[k:k + 1], what.at(float(t)))[0] for k, t in enumerate(times)])
    if not is_function(what):
        return expectation(states, what)
    return stacked(name, [what(state) for state in states_of(states)])


def prepared(what: Any, problem: Problem) -> Any:
    """Return terms and models as an operator with numbers, a name as an observable; everything else as it is.

    >>> prepared(len, None) is len
    True
    """
    if isinstance(what, str):
        return reading_named(what, problem.classical)
    if not is_physical(what) or problem.classical:
        return what
    space = problem.equation.model.space
    constants = Constants.of(problem.equation.model)
    parts = hermitian_parts(what, space, constants)
    values = {name: problem.values[name] for name in parameter_names(parts) if name in problem.values}
    return PhysicalOperator(parts, [str(s) for s in space.spins], constants, values, space.sector)


def is_function(what: Any) -> bool:
    """Return whether an observable is a function; classes and Qobjs are callable, too, but none.

    >>> is_function(len), is_function(np.eye(2))
    (True, False)
    """
    return callable(what) and not isinstance(what, type) and not any(hasattr(what, name) for name in ("full", "matmat"))


def check_observed(observe: Any, problem: Problem) -> None:
    """Refuse what cannot be observed.

    Raises:
        InputTypeError: no mapping of names to operators on the space, or functions.
    """
    if not isinstance(observe, Mapping | None):
        raise InputTypeError(f"`observe` must map names to operators or functions, but is of type "
                             f"{type(observe).__name__}; write observe={{\"name\": operator}}.")
    for name, what in (observe or {}).items():
        _check(str(name), what, problem)


def _check(name: str, what: Any, problem: Problem) -> None:
    """Refuse what is neither an operator on the space nor a function."""
    if is_function(what) or isinstance(what, Timed | Evolving):
        return
    if isinstance(what, str):
        reading_named(what, problem.classical)
        return
    if not problem.classical and is_physical(what):
        prepared(what, problem)
        return
    if problem.classical:
        raise InputTypeError(f"`observe[{name!r}]` must be a function of the moments for a classical law, but is of "
                             f"type {type(what).__name__}; write observe={{\"name\": lambda m: m[0, 2]}}.")
    d = problem.equation.model.space.dimension
    try:
        check_operator(what, d)
    except QllgError:
        raise InputTypeError(f"`observe[{name!r}]` must be an operator of shape ({d}, {d}) or a function of the state, "
                             f"but is of type {type(what).__name__} and shape {getattr(what, 'shape', 'none')}; "
                             "give finite numbers of that shape.") from None
