"""Free fermions integrated: from jump to jump, exactly where h is constant, in adaptive steps of order 8 where not."""

import re
from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.equations.law import Law
from qllg_sym.errors import InputError, InputTypeError
from qllg_sym.flow.blas import one_thread
from qllg_sym.flow.damping import warn_of_driving
from qllg_sym.flow.gaussian.driven import DrivenMotion
from qllg_sym.flow.gaussian.frame_error import FrameError
from qllg_sym.flow.gaussian.motion import ConstantMotion, GaussianMotion
from qllg_sym.flow.gaussian.one_particle import OneParticle
from qllg_sym.flow.gaussian.posed import GaussianProblem, posed_gaussian
from qllg_sym.flow.gaussian.state import GaussianState
from qllg_sym.flow.gaussian.trajectory import GaussianTrajectory
from qllg_sym.flow.options import Options
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.progress import Progress
from qllg_sym.flow.results.digits import warn_of_lost
from qllg_sym.flow.results.endings import Ended, interrupted, stopped
from qllg_sym.flow.results.guard import INFINITE
from qllg_sym.flow.results.provenance import Provenance
from qllg_sym.flow.results.recorder import is_function, stacked
from qllg_sym.flow.steps.paths import INTERRUPTED
from qllg_sym.flow.steps.runge_kutta import Failure
from qllg_sym.model.model import Model
from qllg_sym.observables.sites import check_site

Array = NDArray[Any]
Watch = Callable[[float], None]
Read = Callable[[GaussianState, float, Array], Any]     # of a state, its energy and ⟨σz⟩ of all sites
_BLOCH = re.compile(r"bloch(\d+)")


def solve_gaussian(model: Model, law: Law, state: Any, times: Any, values: Any,
                   options: Options) -> GaussianTrajectory:
    """Integrate a law of motion of free fermions as `solve` does.

    Raises:
        QllgError: bad input, before any work.
        IntegrationError: with the time reached and the partial trajectory.
        SolveInterrupted: on Ctrl-C, with the partial trajectory.

    >>> from qllg_sym import QuantumLLG, Space, Zeeman, states
    >>> model = Model(Space.half(3), [Zeeman((0, 0, 1))])
    >>> solve_gaussian(model, QuantumLLG(1), states.product("up", "up", "down"), [0, 9], None, Options()).energy
    array([-0.5, -0.5])
    """
    posed = posed_gaussian(model, law, state, times, values, options)
    warn_of_driving(law, posed.problem.values, posed.problem.times)
    run = _Run(posed, gaussian_readers(options.observe, model.space.sites), options)
    started = perf_counter()
    with Progress(options.progress) as show, one_thread(len(posed.frame)):
        failure = run.integrate(show)
    run.stats |= {"seconds": perf_counter() - started, **run.digits}
    found = run.found(model, law)
    if failure == INTERRUPTED:
        raise interrupted(found)
    if failure is not None:
        raise stopped(Ended(failure, run.reached), found)
    warn_of_lost([found.stats], options.rtol)
    return found


def gaussian_readers(observe: Any, sites: int) -> dict[str, Read]:
    """Return how to read what is observed, by name.

    Raises:
        InputError: another name, or a site that does not exist.
        InputTypeError: no mapping, or something that is neither a function nor a name.

    >>> list(gaussian_readers({"E": "energy", "m": lambda state: state.frame}, 3))
    ['E', 'm']
    """
    if not isinstance(observe, Mapping | None):
        raise InputTypeError(f"`observe` must map names to functions, but is of type {type(observe).__name__}; write "
                             "observe={\"E\": \"energy\"}.")
    return {str(name): _reader(str(name), what, sites) for name, what in (observe or {}).items()}


def _reader(name: str, what: Any, sites: int) -> Read:
    """How one thing is read."""
    if is_function(what):
        return lambda state, energy, z: what(state)
    if not isinstance(what, str):
        raise InputTypeError(f"`observe[{name!r}]` must be a function of the GaussianState, \"energy\", \"profile\" or "
                             f"\"bloch0\" for the method 'gaussian', but is of type {type(what).__name__}; write a "
                             "function.")
    if what == "energy":
        return lambda state, energy, z: energy
    if what == "profile":
        return lambda state, energy, z: z[:, None] * [0.0, 0.0, 1.0]
    if (match := _BLOCH.fullmatch(what)) is None:
        raise InputError("`observe` must name energy, profile or the bloch of a site for the method 'gaussian', but "
                         f"{what!r} is none of them; give a function of the GaussianState.")
    site = check_site(int(match[1]), sites, "observe")
    return lambda state, energy, z: np.array([0.0, 0.0, z[site]])


class _Run:
    """One trajectory on its way."""

    def __init__(self, posed: GaussianProblem, observe: Mapping[str, Read], options: Options) -> None:
        self._posed, self._problem, self._observe, self._options = posed, posed.problem, observe, options
        n, self._sites = len(posed.problem.times), posed.problem.equation.model.space.sites
        self._all = options.observe is None and options.keep == "all"
        held = n if self._all else 1 if options.keep == "final" else 0
        self._frames = np.empty((held, *posed.frame.shape), dtype=complex)
        self._energy, self._z = np.empty(n), np.empty((n, self._sites))
        self._observed: dict[str, list[Any]] = {name: [] for name in observe}
        self.count, self.reached, self._stopped = 0, float(posed.problem.times[0]), False
        self._growth, self._moving = FrameError(*posed.frame.shape), False
        self.stats: dict[str, Any] = {"steps": 0, "modes": len(posed.frame), "filled": posed.frame.shape[1]}

    def integrate(self, show: Watch) -> str | None:
        """Go from piece to piece; return why it ended before the last time, or None."""
        problem, frame = self._problem, self._posed.frame
        first, last = float(problem.times[0]), float(problem.times[-1])
        self._whole = OneParticle(problem.equation.model, problem.values, self._posed.conserving)
        try:
            for part, begin, end in problem.parts():
                h = OneParticle(part.equation.model, part.values, self._posed.conserving)
                if not self.count:
                    self._take(first, frame)
                if end > begin and not self._stopped:
                    frame = self._piece(h, frame, part.anew(times=np.array([begin, end])),
                                        lambda t: show((t - first) / ((last - first) or 1.0)))
                if problem.branches is not None:
                    self.stats["pieces"] = self.stats.get("pieces", 0) + 1
        except Failure as error:
            return str(error)
        except KeyboardInterrupt:
            if not self.count:
                raise
            return INTERRUPTED
        return None

    def _piece(self, h: OneParticle, frame: Array, part: Problem, watch: Watch) -> Array:
        """Go to the end of a piece, and take the states at the times on the way; return where it ends."""
        end = float(part.times[-1])
        motion, before = _motion(h, frame, part, self._growth), dict(self.stats)
        self._moving |= isinstance(motion, DrivenMotion)
        while not self._stopped and self.count < len(self._problem.times) and \
                (t := float(self._problem.times[self.count])) <= end:
            frame = motion.reach(t)
            self._count(before, motion)
            self._take(t, frame)
            self.reached = t
            watch(t)
        if not self._stopped:
            frame = motion.reach(end)
            self._count(before, motion)
        if part.activity is not None:
            width = float(np.max(part.activity.resolution))
            self.stats["resolution"] = max(width, self.stats.get("resolution", 0.0))
        return frame

    @property
    def digits(self) -> dict[str, float]:
        """About how many digits rounding has left, where no piece had a moving H."""
        return {} if self._moving else {"digits": self._growth.digits}

    def _count(self, before: Mapping[str, Any], motion: GaussianMotion) -> None:
        """Add what was counted on this piece to what was before."""
        self.stats |= {name: before.get(name, 0) + value for name, value in motion.stats.items()}

    def _take(self, t: float, frame: Array) -> None:
        """Keep the state at the next time, with the energy of the whole H: at a jump that is neither side's."""
        k = self.count
        with np.errstate(invalid="ignore", over="ignore"):
            self._energy[k] = self._whole.energy(t, frame)
        if not np.isfinite(self._energy[k]):
            self.count += not k
            raise Failure(INFINITE)
        self._z[k] = magnetisation(frame, self._sites)
        if len(self._frames):
            self._frames[k if self._all else 0] = frame
        self.count += 1
        if self._observe or self._problem.stop is not None:
            state = GaussianState(frame, self._sites)
            for name, read in self._observe.items():
                self._observed[name].append(read(state, self._problem.hbar * float(self._energy[k]), self._z[k]))
            self._stopped = self._problem.stops(t, state)

    def found(self, model: Model, law: Law) -> GaussianTrajectory:
        """Return what was reached."""
        problem, n = self._problem, self.count
        plain = {name: value for name, value in problem.values.items() if not callable(value)}
        return GaussianTrajectory(
            times=problem.times[:n], spins=tuple(str(s) for s in model.space.spins),
            energy=problem.hbar * self._energy[:n], hbar=problem.hbar, values=plain, stats=self.stats,
            provenance=Provenance.of(model, law, self._options, problem.signals),
            observed={name: stacked(name, found[:n]) for name, found in self._observed.items()},
            magnetisation=self._z[:n], frames=self._frames[:n] if self._all else self._frames)


def _motion(h: OneParticle, frame: Array, part: Problem, growth: FrameError) -> GaussianMotion:
    """What moves a frame on a piece."""
    weight = part.weight(np.array([-1.0]))
    if h.constant and part.constant_weight:
        return ConstantMotion(h, complex(weight(0.0)[0]), float(part.times[0]), frame, growth)
    return DrivenMotion(h, lambda t: complex(weight(t)[0]), part, frame)


def magnetisation(frame: Array, sites: int) -> Array:
    """Return ⟨σz⟩ of every site of a frame, (N,).

    >>> magnetisation(np.eye(3, 1), 3).tolist()
    [1.0, -1.0, -1.0]
    """
    if len(frame) == sites:
        return np.asarray(2 * np.einsum("ij,ij->i", frame, frame.conj()).real - 1)
    return np.asarray(-2 * np.einsum("ij,ij->i", frame[::2], frame[1::2].conj()).imag)
