"""Solve: choose a method, drive it, wrap what it found."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from numbers import Real
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen.binding import checked_values, real_array
from qllg_sym.equations.equation import Equation
from qllg_sym.errors import InputError, InputTypeError, IntegrationError, QllgError, SolveInterrupted
from qllg_sym.flow import methods
from qllg_sym.flow.energy import energies
from qllg_sym.flow.hamiltonian import matrix_of
from qllg_sym.flow.initial import Initial, check_moments, resolve
from qllg_sym.flow.problem import Problem, Solution, number_of
from qllg_sym.flow.progress import Progress
from qllg_sym.flow.trajectory import Trajectory
from qllg_sym.model.model import Model
from qllg_sym.model.states import Thermal
from qllg_sym.observables.ensemble import Ensemble
from qllg_sym.observables.expectation import expectation

Array = NDArray[Any]
KEEP = ("all", "final")
SMALLEST = 3e-14        # a smaller rtol is beyond doubles, and SciPy would raise it with a warning
PREFERENCE = ("exact", "frame", "pauli", "moments")


def solve(model: Model, law: Any, state: Any, times: Any, values: Mapping[Any, Any] | None = None, method: str = "auto",
          rtol: float = 1e-10, atol: float = 1e-12, progress: Any = False, keep: str = "all",
          observe: Mapping[str, Any] | None = None, stop: Callable[[float, Array], bool] | None = None) -> Trajectory:
    r"""Integrate a law of motion, e.g. $\dot\rho = \frac{i}{\hbar}[\rho, H] + i\kappa[\rho, \dot\rho]$.

    Args:
        model: Hamiltonian and space.
        law: `QuantumLLG(kappa)`, …
        state: at times[0]; density matrix (d, d), ket (d,), Qobj, LowRank, one of `qllg_sym.states`; unit moments
            (N, 3) for classical laws.
        times: strictly increasing, at least one, in units of ħ/energy.
        values: numbers for the parameters of model and law, keyed by name or Symbol.
        method: "exact" (two-valued spectrum, constant H), "frame" (isospectral laws), "pauli" (generated components),
            "moments" (classical laws) or "auto", the first of these that applies.
        rtol: local relative tolerance of the integrator, at least 3e-14.
        atol: local absolute tolerance of the integrator.
        progress: True for a bar on stderr, or a function of the fraction done.
        keep: "all", or "final" for the last state alone.
        observe: {name: operator (d, d) or function of ρ (of the moments, classical)}: stored instead of states.
        stop: function of (t, state) evaluated at the times as they are reached; True ends the trajectory there.

    Returns:
        Trajectory.

    Raises:
        QllgError: bad input, before any work.
        IntegrationError: with the time reached and the partial trajectory.
        SolveInterrupted: on Ctrl-C, with the partial trajectory.

    Source: PRL 133, 266704 (2024), eq. 3; frame form in `flow.methods.frame`.

    >>> from qllg_sym import Model, QuantumLLG, Space, Zeeman, states
    >>> model = Model(Space("1/2"), [Zeeman((0, 0, 1))])
    >>> solve(model, QuantumLLG(0.5), states.product("+x"), [0, 100]).bloch(0)[-1].round(6).tolist()
    [-0.0, 0.0, 1.0]
    """
    problem = pose(model, law, state, times, values, rtol, atol)
    chosen = _choose(problem, method)
    _check_options(keep, observe, stop, problem)
    problem = replace(problem, stop=stop)
    started = perf_counter()
    with Progress(progress, problem.times) as watch:
        solution = chosen.run(problem, watch)
    solution.stats["seconds"] = perf_counter() - started
    trajectory = _wrap(problem, solution, chosen.NAME, keep, observe)
    _report(solution, trajectory)
    return trajectory


def pose(model: Model, law: Any, state: Any, times: Any, values: Mapping[Any, Any] | None, rtol: float,
         atol: float) -> Problem:
    """Return the problem with every input checked and every number bound.

    Raises:
        QllgError: bad input.

    >>> from qllg_sym import Model, QuantumLLG, Space, states
    >>> pose(Model(Space("1/2")), QuantumLLG(0.5), states.product("up"), [0, 1], None, 1e-10, 1e-12).values
    {}
    """
    if isinstance(law, type) or not hasattr(law, "derive"):
        raise InputTypeError(f"`law` must be a law of motion, but is {law!r}; write QuantumLLG(0.5).")
    equation = law.derive(model)
    if model.space.symbolic:
        raise InputError(f"`model` must have numeric spins to be solved, but has the spin {model.space.spins[0]}; "
                         "give a number.")
    grid = _times(times)
    for name, tolerance, least in (("rtol", rtol, SMALLEST), ("atol", atol, 0.0)):
        if not isinstance(tolerance, Real) or not least < tolerance < 1:
            raise InputError(f"`{name}` must be between {least:g} and 1, but is {tolerance!r}; "
                             f"write {name}={'1e-10' if name == 'rtol' else '1e-12'}.")
    bound = _bind(equation, state, values)
    moments, initial = None, None
    if law.classical:
        moments = check_moments(state, model.space.sites)
    else:
        initial = _initial(state, model, values or {}, float(grid[0]))
    return Problem(equation, bound, initial, moments, grid, float(rtol), float(atol))


def _times(times: Any) -> Array:
    """Return checked times."""
    grid = real_array(times)
    if grid is None:
        raise InputTypeError(f"`times` must be real numbers, but is of type {type(times).__name__}; "
                             "write numpy.linspace(0, 10, 101).")
    if grid.ndim != 1 or not len(grid) or not np.all(np.isfinite(grid)) or not np.all(np.diff(grid) > 0):
        raise InputError("`times` must be a strictly increasing list of at least one finite time, but is "
                         f"{_shown(grid)}; write numpy.linspace(0, 10, 101).")
    return grid


def _shown(grid: Array) -> str:
    """Return the first fault of a time grid."""
    if grid.ndim != 1 or not len(grid):
        return f"of shape {grid.shape}"
    if not np.all(np.isfinite(grid)):
        return "not finite everywhere"
    k = int(np.argmax(np.diff(grid) <= 0))
    return f"{grid[k]:g} followed by {grid[k + 1]:g}"


def _bind(equation: Equation, state: Any, values: Mapping[Any, Any] | None) -> dict[str, float]:
    """Return numbers for the equation's parameters; a thermal state's own model may need more."""
    names = [s.name for s in equation.parameters]
    extra = [s.name for s in state.model.parameters if s.name not in names] if isinstance(state, Thermal) else []
    bound = checked_values([*names, *extra], values)
    for name, value in bound.items():
        if not isinstance(value, float):
            raise InputError(f"`values[{name!r}]` must be one number, but is an array; use `solve_many` for a batch.")
    hbar = number_of(equation.model.hbar, bound)
    if not hbar > 0:
        raise InputError(f"`values` must make ħ positive, but it is {hbar:g}; give another value of "
                         f"`{equation.model.hbar}`.")
    return {name: bound[name] for name in names}


def _initial(state: Any, model: Model, values: Mapping[Any, Any], start: float) -> Initial:
    """Return the quantum state at the first time; thermal and ground states are those of H at that time."""
    numbers = {str(key): value for key, value in values.items()}
    return resolve(state, model, number_of(model.hbar, numbers),
                   lambda other: matrix_of(other, numbers, start) * number_of(other.hbar, numbers))


def _choose(problem: Problem, method: str) -> Any:
    """Return the method asked for, or the first that does not refuse."""
    names = methods.names()
    if method == "auto":
        order = [*PREFERENCE, *(name for name in names if name not in PREFERENCE)]
        reasons = {name: methods.find(name).refuses(problem) for name in order}
        if fitting := [name for name in order if reasons[name] is None]:
            return methods.find(fitting[0])
        why = ", ".join(f"{name} ({reason})" for name, reason in reasons.items())
        raise InputError(f"`method` must fit the problem, but none does: {why}; take a smaller space or another law.")
    if method not in names:
        raise InputError(f"`method` must be one of auto, {', '.join(names)}, but is {method!r}; choose one of them.")
    chosen = methods.find(method)
    if reason := chosen.refuses(problem):
        raise InputError(f"`method` must fit the problem, but {method!r} does not: {reason}; use method=\"auto\".")
    return chosen


def _check_options(keep: str, observe: Any, stop: Any, problem: Problem) -> None:
    """Refuse options that mean nothing."""
    if keep not in KEEP:
        raise InputError(f"`keep` must be \"all\" or \"final\", but is {keep!r}; choose one of them.")
    if stop is not None and not callable(stop):
        raise InputTypeError(f"`stop` must be a function of (t, state), but is {stop!r}; give one that returns a bool.")
    if not isinstance(observe, Mapping | None):
        raise InputTypeError(f"`observe` must map names to operators or functions, but is of type "
                             f"{type(observe).__name__}; write observe={{\"name\": operator}}.")
    for name, what in (observe or {}).items():
        _check_observed(str(name), what, problem)


def _check_observed(name: str, what: Any, problem: Problem) -> None:
    """Refuse what is neither an operator on the space nor a function."""
    if _is_function(what):
        return
    if problem.initial is None:
        raise InputTypeError(f"`observe[{name!r}]` must be a function of the moments for a classical law, but is of "
                             f"type {type(what).__name__}; write observe={{\"name\": lambda m: m[0, 2]}}.")
    d = len(problem.initial.kets)
    try:
        expectation(Ensemble(problem.dims, density=np.zeros((1, d, d))), what)
    except QllgError:
        raise InputTypeError(f"`observe[{name!r}]` must be an operator of shape ({d}, {d}) or a function of the state, "
                             f"but is of type {type(what).__name__} and shape {getattr(what, 'shape', 'none')}; "
                             "give finite numbers of that shape.") from None


def _is_function(what: Any) -> bool:
    """Return whether an observable is a function; a Qobj is callable, too, but an operator."""
    return callable(what) and not hasattr(what, "full")


def _wrap(problem: Problem, solution: Solution, method: str, keep: str,
          observe: Mapping[str, Any] | None) -> Trajectory:
    """Return a Trajectory of what was found."""
    spins = [str(s) for s in problem.equation.model.space.spins]
    ensemble, moments = solution.ensemble, solution.moments
    energy = energies(problem, solution)
    observed = {name: _observed(what, solution) for name, what in (observe or {}).items()}
    if observe is not None:
        ensemble = moments = None
    elif keep == "final":
        ensemble = None if ensemble is None else ensemble[-1:]
        moments = None if moments is None else moments[-1:]
    return Trajectory(solution.times, spins, ensemble, moments, energy, _labels(problem), method, solution.stats,
                      problem.hbar, observed, lambda t: _between(problem, solution, method, t))


def _labels(problem: Problem) -> Sequence[str]:
    """Return the names of the states of the equation, up to six spins ½."""
    space = problem.equation.model.space
    if problem.initial is None:
        return [f"m{i}_{k}" for i in range(space.sites) for k in "xyz"]
    if not space.is_half or space.sites > 6:
        return []
    return ["T_" + "".join("0xyz"[(n >> 2 * (space.sites - 1 - k)) & 3] for k in range(space.sites))
            for n in range(1, 4**space.sites)]


def _observed(what: Any, solution: Solution) -> Array:
    """Return an operator's expectation, or a function of each state."""
    if solution.ensemble is None:
        assert solution.moments is not None
        return np.array([what(state) for state in solution.moments])
    if not _is_function(what):
        return expectation(solution.ensemble, what)
    return np.array([what(state[0]) for state in map(Ensemble.density, _each(solution.ensemble))])


def _each(ensemble: Ensemble) -> Iterator[Ensemble]:
    """Yield the ensemble time by time."""
    return (ensemble[k:k + 1] for k in range(len(ensemble)))


def _between(problem: Problem, solution: Solution, method: str, t: float) -> Any:
    """Return the state at a time between those asked for: solved again from the nearest one before."""
    k = int(np.searchsorted(problem.times, t, side="right")) - 1
    start: dict[str, Any] = {"times": np.array([problem.times[k], t]), "stop": None}
    if solution.moments is not None:
        start["moments"] = solution.moments[k]
    elif problem.initial is not None and solution.ensemble is not None:
        start["initial"] = _restart(solution.ensemble[k:k + 1])
    found = methods.find(method).run(replace(problem, **start), lambda _: None)
    return found.ensemble[-1:] if found.ensemble is not None else found.moments[-1:]


def _restart(ensemble: Any) -> Initial:
    """Return one state of an ensemble as a start."""
    if ensemble.kets is not None:
        return Initial(ensemble.weights, ensemble.kets[0], ensemble.background)
    levels, vectors = np.linalg.eigh(ensemble.density()[0])
    return Initial(levels[::-1].copy(), vectors[:, ::-1], 0.0)


def _report(solution: Solution, trajectory: Trajectory) -> None:
    """Raise what ended the integration early."""
    if solution.failure is None:
        return
    reached = float(solution.times[-1]) if solution.reached is None else solution.reached
    if solution.interrupted:
        raise SolveInterrupted(f"`solve` was interrupted after t = {reached:g}; the error's `.partial` holds the "
                               "trajectory so far.", trajectory)
    raise IntegrationError(f"The integration must reach the last of `times`, but stopped after t = {reached:g}: "
                           f"{solution.failure}; loosen rtol, or look at `.partial`.", trajectory, reached)
