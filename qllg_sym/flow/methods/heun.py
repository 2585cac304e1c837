r"""Heun's scheme for unit moments with one step of a given length, each step brought back to |m| = 1.

$\mathbf m^* = \mathbf m + h\mathbf v(\mathbf m)$, $\mathbf m' = \mathbf m + \tfrac h2(\mathbf v(\mathbf m) + \mathbf
v(\mathbf m^*))$, both divided by their length: what atomistic spin codes do, for their step. Its error falls as h² and
is not controlled by rtol. Steps end at all times wanted, so that h may be a little shorter; where coefficients move in
time it is as short as they ask for.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow.lattices.moments import moment_rates
from qllg_sym.flow.lattices.neighbours import in_blocks
from qllg_sym.flow.lattices.rates import LatticeRates
from qllg_sym.flow.problem import Problem, Watch
from qllg_sym.flow.results.outcome import Outcome
from qllg_sym.flow.steps.limits import Limits
from qllg_sym.flow.steps.paths import INTERRUPTED, lost

Array = NDArray[Any]
NAME = "heun"
GROWTH = None       # ρ alone has levels that errors could mix
OPTIONS = ("step",)
CALL = 1 << 24      # moments that one call of C moves: a fraction of a second, after which Ctrl-C is heard


def refuses(problem: Problem) -> str | None:
    """Return why this method cannot be used, or None."""
    if not problem.classical:
        return "the law is quantum"
    if problem.equation.field != "mean":
        return 'its law has the field "paper"; write ClassicalLLG(alpha, "mean")'
    step = problem.own.get("step")
    if isinstance(step, bool) or not isinstance(step, (int, float, np.number)) or not 0 < step < np.inf:
        return f"it needs the length of its steps, above 0, but has {step!r}; write options={{\"step\": 0.01}}"
    return None


def cost(problem: Problem) -> float:
    """Return infinity: only when asked for, since its error is that of its step."""
    return np.inf


def shape(problem: Problem) -> tuple[int, ...]:
    """Return the shape of one state as it will be held."""
    return (problem.equation.model.space.sites, 3)


def together(problem: Problem) -> bool:
    """Return whether rows run side by side."""
    return False


def run(problem: Problem, watch: Watch) -> Outcome:
    """Step from time to time."""
    step, times = float(problem.own["step"]), problem.times
    moving = _Moments(problem)
    samples, count, failure = np.empty((len(times), moving.rates.count, 3)), 1, None
    samples[0] = moving.state
    halt = problem.halt(lambda t, y: y)
    over = halt is not None and halt(float(times[0]), samples[0])
    try:
        for k in range(1, 1 if over else len(times)):
            moving.advance(float(times[k - 1]), float(times[k]), step, watch)
            if not np.isfinite(moving.state).all():
                failure = lost(float(times[k - 1]))
                break
            samples[k], count = moving.state, k + 1
            if halt is not None and halt(float(times[k]), samples[k]):
                break
    except KeyboardInterrupt:
        failure = INTERRUPTED
    stats = {"steps": moving.steps, "evaluations": 2 * moving.steps, "target": moving.rates.target}
    return Outcome.of(problem.number, times[:count], samples[:count], stats, failure, float(times[count - 1]))


class _Moments:
    """The moments of one row on their way, as rows x, y, z."""

    def __init__(self, problem: Problem) -> None:
        self._problem, self.steps = problem, 0
        self.rates: LatticeRates = moment_rates(problem.equation)
        self._still = not problem.equation.model.time_dependent and not any(
            callable(v) for v in problem.values.values()) and problem.limits is None
        start = np.asarray(problem.start.moments[0], dtype=float)
        self._m, self._ahead, self._v = (np.zeros((3, in_blocks(len(start)))) for _ in range(3))
        self._m[2] = self._ahead[2] = 1.0          # what fills the last block has a length, too
        self._m[:, :len(start)] = start.T

    @property
    def state(self) -> Array:
        """The moments, (n, 3), without a copy."""
        return self._m[:, :self.rates.count].T

    def advance(self, begin: float, end: float, step: float, watch: Watch) -> None:
        """Go from one time to another."""
        if self._still and self.rates.bilinear:
            self._many(begin, end, step, watch)
            return
        limits, t = self._problem.limits or Limits(), begin
        left = max(1, int(np.ceil((end - begin) / step * (1 - 1e-12))))
        while t < end:
            wanted = (end - t) / max(left, 1)
            to = min(limits.reach(t, wanted), end)
            to = end if end - to < 1e-9 * step else to
            self._one(t, to - t)
            left -= to >= t + wanted * (1 - 1e-9)
            t = to
            watch(t)

    def _many(self, begin: float, end: float, step: float, watch: Watch) -> None:
        """Take equal steps in calls of many, coefficients as they are."""
        total = max(1, int(np.ceil((end - begin) / step * (1 - 1e-12))))
        h, p = (end - begin) / total, self._parameters(begin)
        coupled, turns = self.rates.coupled(begin, p), self.rates.turns(begin, p)
        at_once, done = max(1, CALL // self.rates.count), 0
        while done < total:
            some = min(at_once, total - done)
            self.rates.loops.heun(coupled, turns, some, h, self._m, self._ahead, self._v)
            done += some
            self.steps += some
            watch(end if done == total else begin + done * h)

    def _one(self, t: float, h: float) -> None:
        """Take one step, coefficients as they are at both its ends."""
        n = self.rates.count
        first = self._velocity(t, self._m)
        self._ahead[:, :n] = _unit(self._m[:, :n] + h * first)
        self._m[:, :n] = _unit(self._m[:, :n] + h / 2 * (first + self._velocity(t + h, self._ahead)))
        self.steps += 1

    def _velocity(self, t: float, rows: Array) -> Array:
        """The velocities, (3, n)."""
        y = np.ascontiguousarray(rows[:, :self.rates.count].T).ravel()
        return self.rates(t, y, self._parameters(t))[:-1].reshape(-1, 3).T

    def _parameters(self, t: float) -> Array:
        """The numbers of the parameters at a time."""
        return self._problem.parameters(self.rates.parameters, t)[:, 0]


def _unit(moments: Array) -> Array:
    """Moments of length 1."""
    return np.asarray(moments / np.sqrt((moments**2).sum(axis=0)))
