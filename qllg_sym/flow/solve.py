"""Solve: choose a method, drive it, wrap what it found."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from math import inf
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.errors import IntegrationError, SolveInterrupted
from qllg_sym.flow import methods
from qllg_sym.flow.choose import choose
from qllg_sym.flow.damping import warn_of_driving
from qllg_sym.flow.options import Options
from qllg_sym.flow.pose import pose
from qllg_sym.flow.problem import Problem, Solution, Watch, answering
from qllg_sym.flow.progress import Progress
from qllg_sym.flow.results.digits import warn_of_lost
from qllg_sym.flow.results.energy import energies
from qllg_sym.flow.results.growth import Rows, looked, watched
from qllg_sym.flow.results.guard import INFINITE, advice, guarded
from qllg_sym.flow.results.recorder import Recorder, check_observed
from qllg_sym.flow.results.trajectory import Trajectory
from qllg_sym.flow.states.initial import Initial
from qllg_sym.flow.states.start import Start
from qllg_sym.model.model import Model
from qllg_sym.observables.ensemble import Ensemble

Array = NDArray[Any]


def solve(model: Model, law: Any, state: Any, times: Any, values: Mapping[Any, Any] | None = None, method: str = "auto",
          rtol: float = 1e-10, atol: float = 1e-12, progress: Any = False, keep: str = "all",
          observe: Mapping[str, Any] | None = None, stop: Callable[[float, Array], bool] | None = None,
          max_step: float = inf, breakpoints: Any = (), options: Mapping[str, Any] | None = None) -> Trajectory:
    r"""Integrate a law of motion, e.g. $\dot\rho = \frac{i}{\hbar}[\rho, H] + i\kappa[\rho, \dot\rho]$.

    Args:
        model: Hamiltonian and space.
        law: `QuantumLLG(kappa)`, …
        state: at times[0]; density matrix (d, d), ket (d,), Qobj, LowRank, one of `qllg_sym.states`; unit moments
            (N, 3) for classical laws.
        times: strictly increasing, at least one, in units of ħ/energy.
        values: numbers for the parameters of model and law, keyed by name or Symbol.
        method: "exact" (two-valued spectrum, constant H: diagonalises H), "krylov" (the same without a matrix), "frame"
            (isospectral laws, dense), "low-rank" (isospectral laws, without a matrix), "pauli" (generated components),
            "moments" (classical laws) or "auto", by dimension and rank the quickest that applies.
        rtol: local relative tolerance of the integrator, at least 3e-14: errors of steps add up, at worst to about rtol
            times `stats["steps"]`.
        atol: local absolute tolerance of the integrator.
        progress: True for a bar on stderr, or a function of the fraction done.
        keep: "all", or "final" for the last state alone, also beside `observe`.
        observe: {name: operator (d, d), Hamiltonian term, model, or function of ρ (of the moments, classical)}: stored
            instead of states, which "krylov" and "low-rank" then never hold together. Where d > 1024 a function is
            given ρ as a LowRank.
        stop: function of (t, state), given as to a function in `observe`, at the times as they are reached; True ends
            the trajectory there.
        max_step: longest step in time. Where H or the damping depends on time, steps keep by themselves to what sees
            it: bounds of its expressions show where it moves, however briefly; `stats["resolution"]` is the widest
            interval that they leave open, 0.0 where none.
        breakpoints: times at which a step ends and the next begins, such as kinks; "exact" and "krylov" take no steps.
        options: what the method alone has, by name; other names are refused.

    Returns:
        Trajectory.

    Raises:
        QllgError: bad input, before any work.
        IntegrationError: with the time reached and the partial trajectory; also where a constant of motion (Tr ρ, the
            spectrum, |m|) moves by more than 100 (rtol + atol) a step.
        SolveInterrupted: on Ctrl-C, with the partial trajectory.

    Warns:
        QllgWarning: a negative damping.
        QllgWarning: near an unstable state rounding grew until far fewer digits are left than rtol asks for;
            `stats` of "exact" estimates them, "digits"; that of "frame", "low-rank" and "pauli" the "growth" of errors
            on the way, or an upper bound of it where that is harmless.

    Source: PRL 133, 266704 (2024), eq. 3; frame form in `flow.methods.frame`.

    >>> from qllg_sym import Model, QuantumLLG, Space, Zeeman, states
    >>> model = Model(Space("1/2"), [Zeeman((0, 0, 1))])
    >>> solve(model, QuantumLLG(0.5), states.product("+x"), [0, 100]).bloch(0)[-1].round(6).tolist()
    [-0.0, 0.0, 1.0]
    """
    return solve_with(model, law, state, times, values, Options(
        method, rtol, atol, keep, observe, stop, progress, None, max_step, breakpoints,
        {} if options is None else options))


def solve_with(model: Model, law: Any, state: Any, times: Any, values: Mapping[Any, Any] | None,
               options: Options) -> Trajectory:
    """Integrate a law of motion as `solve` does, its options in one record.

    >>> from qllg_sym import Model, QuantumLLG, Space, states
    >>> solve_with(Model(Space("1/2")), QuantumLLG(0.5), states.product("up"), [0, 1], None, Options()).method
    'exact'
    """
    problem = pose(model, law, state, times, values, options)
    warn_of_driving(problem.equation.law, problem.values, problem.times)
    return integrate(problem, options)


def integrate(problem: Problem, options: Options) -> Trajectory:
    """Return the trajectory of a posed problem of one row.

    Raises:
        QllgError: bad input, before any work.
        IntegrationError: with the time reached and the partial trajectory.
        SolveInterrupted: on Ctrl-C, with the partial trajectory.
    """
    check_observed(options.observe, problem)
    keep, observe, stop = options.keep, options.observe, options.stop
    problem = problem if stop is None else replace(problem, stop=answering(stop))
    recorder = Recorder(problem, observe)
    if keep == "final" or observe is not None:
        problem = replace(problem, receive=recorder.receive)
    chosen = choose(problem, options)       # of the problem that is run: what the choice looks at is kept in it
    started = perf_counter()
    rows = watched(problem, chosen.GROWTH)
    with Progress(options.progress, problem.times) as watch:
        solution = _looked(problem, chosen, rows, watch)
    solution.stats["seconds"] = perf_counter() - started
    if (activity := problem.activity) is not None:
        solution.stats["resolution"] = float(activity.resolution[0])
    kept = "observed" if observe is not None and keep == "all" else keep
    try:
        readings: tuple[Array | None, dict[str, Array]] = recorder.energy(solution), recorder.observed(solution)
    except KeyboardInterrupt:           # the states are there, their readings are not
        solution, kept, readings = replace(solution, failure="interrupted", interrupted=True), "all", (None, {})
    lost = ~np.isfinite(np.array([] if readings[0] is None else readings[0], dtype=float))
    if solution.failure is None and lost.any():     # at a single time, or where no step looked: 0/0 at a sample alone
        solution = replace(solution, failure=INFINITE, reached=float(solution.times[int(np.argmax(lost))]))
    trajectory = _wrap(problem, solution, chosen.NAME, kept, readings)
    _report(solution, trajectory)
    warn_of_lost([solution.stats], problem.rtol)
    return trajectory


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
    return problem if len(times) == len(problem.times) else replace(problem, times=times)


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


def _wrap(problem: Problem, solution: Solution, method: str, keep: str,
          readings: tuple[Array | None, dict[str, Array]]) -> Trajectory:
    """Return a Trajectory of what was found."""
    spins = [str(s) for s in problem.equation.model.space.spins]
    ensemble, moments = solution.ensemble, solution.moments
    energy, observed = readings
    if keep == "observed":
        ensemble = moments = None
    elif keep == "final":
        ensemble = None if ensemble is None else ensemble[-1:]
        moments = None if moments is None else moments[-1:]
    between = Between(problem, solution, method)
    return Trajectory(solution.times, spins, ensemble, moments, energy, labels(problem), method, solution.stats,
                      problem.hbar, observed, between, None if solution.ensemble is None else between.apply)


def labels(problem: Problem) -> Sequence[str]:
    """Return the names of the states of the equation, up to six spins ½.

    >>> from qllg_sym import Model, QuantumLLG, Space, states
    >>> labels(pose(Model(Space("1/2")), QuantumLLG(0.5), states.product("up"), [0]))
    ['T_x', 'T_y', 'T_z']
    """
    space = problem.equation.model.space
    if problem.initial is None:
        return [f"m{i}_{k}" for i in range(space.sites) for k in "xyz"]
    if not space.is_half or space.sites > 6:
        return []
    return list(_pauli_labels(space.sites))


@cache
def _pauli_labels(sites: int) -> tuple[str, ...]:
    """Return the names of the Pauli components of so many spins ½, which take 10 ms for six."""
    return tuple("T_" + "".join(letters) for letters in product("0xyz", repeat=sites))[1:]


@dataclass(frozen=True)
class Between:
    """Solves for states between the times asked for, as data that travels: t -> the state, and H on kets."""

    problem: Problem
    solution: Solution
    method: str

    def __getstate__(self) -> dict[str, Any]:
        """Return what is pickled: without the user's functions, which have done their work."""
        return {**self.__dict__, "problem": replace(self.problem, stop=None, receive=None)}

    def __call__(self, t: float) -> Any:
        """Return the state at a time, solved again from the nearest one before."""
        found = methods.find(self.method).run(self._from_before(t), _quiet)
        return found.ensemble[-1:] if found.ensemble is not None else found.moments[-1:]

    def apply(self, kets: Any, t: float) -> Any:
        """Return H(t)/ħ times kets."""
        return self.problem.action.apply(kets, t)

    def _from_before(self, t: float) -> Problem:
        """Return the problem from the last state before t that is still there: the first one is always."""
        problem, solution = self.problem, self.solution
        k = int(np.searchsorted(solution.times, t, side="right")) - 1
        start: dict[str, Any] = {"stop": None, "receive": None}
        if solution.moments is not None:
            start["start"] = Start.one(solution.moments[k])
        elif solution.ensemble is not None:
            k = k if len(solution.ensemble) == len(solution.times) else 0
            start["start"] = Start.one(_restart(solution.ensemble[k:k + 1])) if k else problem.start
        return replace(problem, **start, times=np.unique([problem.times[k], t]))


def _quiet(t: float) -> None:
    """Show no progress."""


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
                           f"{solution.failure}; {advice(solution.failure)}, or look at `.partial`.",
                           trajectory, reached)
