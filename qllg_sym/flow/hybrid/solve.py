"""A hybrid law integrated: all frames and moments in one adaptive step of order 8, from jump to jump."""

from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.equations.hybrid.law import Hybrid
from qllg_sym.flow.blas import one_thread
from qllg_sym.flow.damping import warn_of_driving
from qllg_sym.flow.hybrid.motion import HybridMotion
from qllg_sym.flow.hybrid.posed import HybridProblem, posed_hybrid
from qllg_sym.flow.hybrid.trajectory import HybridTrajectory
from qllg_sym.flow.options import Options
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.progress import Progress
from qllg_sym.flow.results.endings import Ended, interrupted, stopped
from qllg_sym.flow.results.guard import INFINITE, allowed
from qllg_sym.flow.results.provenance import Provenance
from qllg_sym.flow.results.recorder import stacked
from qllg_sym.flow.results.trajectory import Trajectory
from qllg_sym.flow.states.hybrid_state import HybridState
from qllg_sym.flow.steps.paths import INTERRUPTED
from qllg_sym.flow.steps.runge_kutta import Failure, RungeKutta
from qllg_sym.flow.steps.tableau import dop853
from qllg_sym.model.model import Model
from qllg_sym.observables.ensemble import Ensemble

Array = NDArray[Any]
Watch = Callable[[float], None]


def solve_hybrid(model: Model, law: Hybrid, state: Any, times: Any, values: Any, options: Options) -> HybridTrajectory:
    """Integrate a hybrid law as `solve` does.

    Raises:
        QllgError: bad input, before any work.
        IntegrationError: with the time reached and the partial trajectory.
        SolveInterrupted: on Ctrl-C, with the partial trajectory.

    >>> from qllg_sym import HybridState, Space, Zeeman, states
    >>> model = Model(Space("1/2", "1"), [Zeeman((0, 0, 1))])
    >>> start = HybridState([states.product("+x")], [[1, 0, 0]])
    >>> run = solve_hybrid(model, Hybrid(0, 0, clusters=[0], classical=[1]), start, [0, 1], None, Options())
    >>> abs(run.bloch(0) - run.bloch(1)).max() < 1e-9
    np.True_
    """
    posed = posed_hybrid(model, law, state, times, values, options)
    with Progress(options.progress) as show:
        return run_hybrid(posed, law, options, show)


def run_hybrid(posed: HybridProblem, law: Hybrid, options: Options, show: Watch) -> HybridTrajectory:
    """Integrate what was posed.

    Raises:
        IntegrationError: as `solve_hybrid`.
        SolveInterrupted: as `solve_hybrid`.
        KeyboardInterrupt: on Ctrl-C before there is a state.
    """
    warn_of_driving(law, posed.problem.values, posed.problem.times)
    run = _Run(posed, options)
    started = perf_counter()
    with one_thread(max((len(p) for p in posed.levels), default=1)):
        failure = run.integrate(show)
    run.stats["seconds"] = perf_counter() - started
    found = run.found(law)
    if failure == INTERRUPTED:
        raise interrupted(found)
    if failure is not None:
        raise stopped(Ended(failure, run.reached), found)
    return found


class _Run:
    """One trajectory on its way."""

    def __init__(self, posed: HybridProblem, options: Options) -> None:
        self._posed, self._problem, self._options = posed, posed.problem, options
        times = posed.problem.times
        n, self._keeps = len(times), options.keep == "all"
        kept = n if self._keeps else 1
        self._kets = [np.empty((kept, *v.shape), dtype=complex) for v in posed.frames]
        self._moments = np.empty((kept, *posed.moments.shape))
        self._energy, self._own = np.empty(n), np.empty((len(posed.frames), n))
        self.count, self.reached, self._stopped = 0, float(times[0]), False
        self._observed: dict[str, list[Any]] = {name: [] for name in posed.observe}
        self.stats: dict[str, Any] = {"steps": 0, "evaluations": 0}

    def integrate(self, show: Watch) -> str | None:
        """Go from piece to piece; return why it ended before the last time, or None."""
        problem, posed = self._problem, self._posed
        first, last = float(problem.times[0]), float(problem.times[-1])
        frames, moments = list(posed.frames), posed.moments
        try:
            for part, begin, end in problem.parts():
                motion = HybridMotion(posed, part)
                self.stats |= {"target": motion.target}
                if problem.branches is not None:
                    self.stats["pieces"] = self.stats.get("pieces", 0) + 1
                y = motion.packed(frames, moments)
                if not self.count:
                    self._take(motion, first, y)
                if end > begin and not self._stopped:
                    y = self._step(motion, y, part.anew(times=np.array([begin, end])),
                                   lambda t: show((t - first) / ((last - first) or 1.0)))
                frames, moments = motion.parts(y)
        except Failure as error:
            return str(error)
        except KeyboardInterrupt:
            if not self.count:
                raise
            return INTERRUPTED
        return None

    def _step(self, motion: HybridMotion, y: Array, part: Problem, watch: Watch) -> Array:
        """Step to the end of a piece, and take the states at the times on the way; return where it ends."""
        times, (begin, end) = self._problem.times, part.times.tolist()
        stepper = RungeKutta(motion.slope, begin, end, y, dop853(), motion.sizes(part.rtol + part.atol), motion.project,
                             part.limits)
        before = dict(self.stats)
        while stepper.t < end and not self._stopped:
            stepper.advance()
            self.reached = stepper.t
            for name in ("steps", "evaluations"):
                self.stats[name] = before[name] + getattr(stepper, name)
            while not self._stopped and self.count < len(times) and times[self.count] <= stepper.t:
                self._take(motion, float(times[self.count]), self._inside(motion, stepper, float(times[self.count])))
            watch(stepper.t)
        if part.activity is not None:
            width = float(np.max(part.activity.resolution))
            self.stats["resolution"] = max(width, self.stats.get("resolution", 0.0))
        return stepper.y.copy()

    def _inside(self, motion: HybridMotion, stepper: RungeKutta, t: float) -> Array:
        """The state at a time of the last step, on its manifold."""
        y = stepper.at(t).copy()
        if t < stepper.t and not (moved := motion.project(y)) <= (
                bound := allowed(self._problem.rtol, self._problem.atol, stepper.steps)):
            raise Failure(f"the orthonormality of a frame, or the length of a moment, moved by {moved:.2g}, beyond "
                          f"{bound:.2g}")
        return y

    def _take(self, motion: HybridMotion, t: float, y: Array) -> None:
        """Keep the state at the next time."""
        k, (frames, moments) = self.count, motion.parts(y)
        with np.errstate(invalid="ignore", over="ignore"):
            self._energy[k], self._own[:, k] = motion.energies(t, y)
        place = k if self._keeps else 0
        for kets, v in zip(self._kets, frames, strict=True):
            kets[place] = v
        self._moments[place] = moments
        self._look(t, frames, moments, self._problem.hbar * float(self._energy[k]))
        self.count += 1
        if not np.isfinite(self._energy[k]):
            raise Failure(INFINITE)

    def _look(self, t: float, frames: list[Array], moments: Array, energy: float) -> None:
        """Observe a state, and ask whether it is the last one."""
        posed, problem = self._posed, self._problem
        if not posed.observe and problem.stop is None:
            return
        rho = [(v * p) @ v.conj().T for p, v in zip(posed.levels, frames, strict=True)]
        state = HybridState(rho, moments.copy())
        for name, read in posed.observe.items():
            self._observed[name].append(read(state, energy))
        self._stopped = problem.stops(t, state)

    def found(self, law: Hybrid) -> HybridTrajectory:
        """Return what was reached."""
        problem, posed, n = self._problem, self._posed, self.count
        times, hbar = problem.times[:n], problem.hbar
        plain = {name: value for name, value in problem.values.items() if not callable(value)}
        clusters = []
        for space, levels, kets, own in zip(posed.equation.sites.spaces, posed.levels, self._kets, self._own,
                                            strict=True):
            ensemble = Ensemble(space.dimensions, kets=kets[:n], weights=levels)
            clusters.append(Trajectory(times, [str(s) for s in space.spins], ensemble, energy=hbar * own[:n],
                                       method="hybrid", stats=self.stats, hbar=hbar, values=plain))
        model = problem.equation.model
        made = Provenance.of(model, law, self._options, problem.signals)
        return HybridTrajectory(times, tuple(str(s) for s in model.space.spins), law.clusters, law.classical,
                                tuple(clusters), self._moments[:n], hbar * self._energy[:n], hbar, plain, self.stats,
                                made, {name: stacked(name, found[:n]) for name, found in self._observed.items()})
