r"""The exact solution for ρ = a + bP and constant H without a matrix: range P(t) = exp(−i c H t/ħ) range P(0).

c = W(b)* as in `methods.exact`. The exponential is a Chebyshev series in H, scaled to [−1, 1] by guaranteed bounds of
its spectrum, in steps in which no combination of the columns shrinks below e^−LOSS of the largest factor, each followed
by orthonormalisation: nothing overflows or vanishes, however long the time.

`stats["error_bound"]` bounds the operator norm of the error of ρ to first order: what every series leaves out by the
tail of its coefficients, its growth in later steps by the lowest levels that Lanczos' recursion finds, rounding by an
estimate. It is missing where that is no bound, near unstable states.
"""

from typing import Any

import numpy as np

from qllg_sym.flow.exact.formula import rate
from qllg_sym.flow.methods._turns import turns
from qllg_sym.flow.problem import Problem, Watch
from qllg_sym.flow.results.guard import INFINITE
from qllg_sym.flow.results.outcome import Outcome
from qllg_sym.flow.results.samples import Samples
from qllg_sym.flow.steps.paths import INTERRUPTED
from qllg_sym.flow.subspace.chebyshev import Scaled, polynomials, series
from qllg_sym.flow.subspace.kets import Array, blocks, gram, orthonormalise
from qllg_sym.flow.subspace.lanczos import lowest
from qllg_sym.observables.storage import available_memory

NAME = "krylov"
GROWTH = None       # it bounds the growth of errors itself
LOSS = 4.0          # of the exponent in a step: rounding grows by e^4, and longer steps would save few terms
LONGEST = 120.0     # |ζ| of a step, so that progress is seen
MARGIN = 1e-3       # the part of the tolerance that the series of one step may take
RING, GROUP = 6, 6  # kets of the recursion that are summed in one pass; times that share one series
ROOM = 3 << 30      # bytes of kets of both, if three and one are not more: 28 spins ½ of S_z = 0 stay below 8 GiB
BESIDES = 4         # kets that the action, a sample and the energy take for a moment
ACCURACY = 1e-3     # of the lowest levels, −1 … 1
SHARP, LIFT = 1e-9, 4.0     # of the lowest level outside the basis, which is lifted by so much
LEVELS = 4          # standard deviations that all levels lie within, about
STILL = 4.0         # units in the last place of a residual that is taken for none


def refuses(problem: Problem) -> str | None:
    """Return why this method cannot be used, or None."""
    return problem.unsolved


def cost(problem: Problem) -> float:
    """Return about how many seconds this takes: what is begun, series for each time, and H·v for their length."""
    _, b, kets = problem.start.projectors()
    _, d, r = kets.shape
    actions = LEVELS * abs(problem.weight(b)(0.0)[0]) * turns(problem)
    return float(2e-3 + r * (2e-4 * len(problem.times) + (1.5e-5 + 1.5e-8 * d) * actions))


def shape(problem: Problem) -> tuple[int, ...]:
    """Return the shape of one state as it will be held."""
    return problem.start[:1].projectors()[2].shape[1:]


def together(problem: Problem) -> bool:
    """Return whether rows run side by side."""
    return False


def run(problem: Problem, watch: Watch) -> Outcome:
    """Go from time to time by Chebyshev series."""
    (a,), (b,), (kets,) = problem.start.projectors()
    ring, group = _registers(kets.size, len(problem.times))
    samples = Samples(problem, np.full(kets.shape[1], b), float(a), ring + group + BESIDES)
    samples.add(kets)
    action = problem.action
    if not (np.isfinite(action.amplitudes(0.0)).all() and np.isfinite(action.bounds(0.0)).all()):
        return samples.found({"steps": 0, "evaluations": 0}, INFINITE, float(problem.times[0]))
    flow = Flow(problem, float(b), np.ascontiguousarray(kets), ring, group)
    failure, reached = None, flow.t
    try:
        while samples.next_time is not None and failure is None:
            for t, reaching in flow.advance(samples.times[samples.count:]):
                if t == samples.next_time:
                    samples.add(reaching)
                reached = t
                watch(t)
                if samples.next_time is None:
                    break
            failure = flow.failure or None
    except KeyboardInterrupt:
        failure = INTERRUPTED
    return samples.found(flow.stats(abs(b)), failure, reached)


def _registers(size: int, times: int) -> tuple[int, int]:
    """Return how many kets the recursion and the sums may hold: fewer where they take ROOM, or half the memory."""
    available = available_memory()
    most = min(ROOM, ROOM if available is None else available // 2) // (max(size, 1) * np.dtype(complex).itemsize)
    ring = int(np.clip(most // 2, 3, RING))
    return ring, int(np.clip(most - ring, 1, min(GROUP, max(times - 1, 1))))


class Flow:
    """An orthonormal basis of range P that is moved on.

    Attributes:
        t: the time reached.
        failure: why it cannot go on, or empty.
    """

    def __init__(self, problem: Problem, b: float, kets: Array, ring: int, group: int) -> None:
        self.t, self.failure = float(problem.times[0]), ""
        self._rtol = problem.rtol
        pace = complex(rate(problem.weight(np.array([b]))(0.0)[0]))
        sign = -1 if pace.real > 0 else 1
        action = problem.action
        self._x = Scaled(lambda kets, out: action.apply(kets, 0.0, out), action.bounds(0.0), sign,
                         action.series, action.line)
        self._rate = sign * pace * self._x.half
        self._ring, self._total = (np.empty((k, *kets.shape), dtype=complex) for k in (ring, group))
        self._ring[0] = kets
        self._error, self._worst, self._noise, self.steps = 0.0, 0.0, 0.0, 0
        self.still: float | None = None
        self._floor: float | None = None
        self._apart: tuple[float, float] | None = None      # the highest level of the basis, the lowest one outside

    def advance(self, times: Array) -> list[tuple[float, Array]]:
        """Take one step towards the next of the times, or over several of them: (time, basis), the last one at `t`."""
        start, image = self._ring[:2]
        self._x.image(start, image)
        energies = gram(start, image)[0]
        if self._stays(energies, float(times[-1]) - self.t):
            self.still = self.t
            return [(float(t), start) for t in times]
        self.steps += 1
        height = 1 + float(np.linalg.eigvalsh(energies)[-1])        # of the highest column above the lower end
        reached = self._reached(times, height)
        if reached[0] == self.t:
            self.failure = f"it needs steps below the rounding of t = {self.t:g}"
            return []
        found = self._moved(self._rate * (reached - self.t), height)
        self.t = float(reached[-1])
        return list(zip(map(float, reached), found, strict=True))

    def stats(self, weight: float) -> dict[str, Any]:
        """Return the counts; the error bound, if there is one, is that of ρ, whose two levels differ by `weight`."""
        found: dict[str, Any] = {"steps": self.steps, "evaluations": self._x.count}
        if self._worst < 1:
            found["error_bound"] = weight * self._worst
        return found if self.still is None else {**found, "stationary_from": self.still}

    def _stays(self, energies: Array, left: float) -> bool:
        """Return whether the basis need not be moved any more, and count what that costs in the time that is left.

        A basis that is invariant but for a residual leaves by |rate| · residual in a unit of time, and what has left
        grows, or decays, by its distance from the lowest level outside.
        """
        start, image = self._ring[:2]
        if not start.shape[1]:
            return True
        residual = _residual(start, image, energies)
        if residual > max(self._noise, STILL * np.finfo(float).eps):
            return False
        if start.shape[1] == 1 and _proportional(start, image):
            residual = 0.0
        speed = self._rate.real * (self._outside(float(np.linalg.eigvalsh(energies)[-1])))
        if speed > 0:
            grown = float(np.exp(min(speed * left, 700.0)))
            leaves = residual * abs(self._rate) * (grown - 1) / speed
        else:
            grown, leaves = 1.0, residual * abs(self._rate) * (min(left, -1 / speed) if speed < 0 else left)
        if leaves > self._rtol:
            return False
        self._worst = max(self._worst, self._error * grown + leaves)
        return True

    def _outside(self, top: float) -> float:
        """Return how far the lowest level outside the basis lies above its highest one: negative where it is below."""
        if self._apart is None or abs(self._apart[0] - top) > 1e-6:
            start = self._ring[0].copy()

            def lifted(kets: Array, out: Array) -> None:
                """Write x · kets into `out`, the basis lifted above all levels."""
                self._x.image(kets, out)
                overlap = gram(start, kets)[0]
                for rows in blocks(kets):
                    out[rows] += LIFT * (start[rows] @ overlap)

            self._apart = top, lowest(lifted, len(start), 1, SHARP)
        return self._apart[1] - top

    def _reached(self, times: Array, height: float) -> Array:
        """Return the times that one step comes to: some of those wanted, or one before them."""
        shrinking = -self._rate.real * height
        longest = min(LONGEST / abs(self._rate), LOSS / shrinking if shrinking > 0 else np.inf)
        within = times[times - self.t <= longest]
        if len(within):
            return np.asarray(within[:len(self._total)])
        return np.array([self.t + (times[0] - self.t) / np.ceil((times[0] - self.t) / longest)])

    def _moved(self, zeta: Array, height: float) -> Array:
        """Return e^(ζx) of the basis, orthonormal, for each ζ; the last one becomes the basis."""
        if self._floor is None:
            count = self._ring.shape[2]
            self._floor = count + lowest(self._x.image, self._ring.shape[1], count, ACCURACY) if any(zeta.real) else 0.0
        # No unit combination of the columns shrinks below e^(−|Re ζ| height): the exponential is convex.
        cut = series(zeta, MARGIN * self._rtol * np.exp(zeta.real * height))
        total = self._total[:len(zeta)]
        polynomials(self._x, cut, self._ring, total)
        before = self._error
        for k, basis in enumerate(total):
            sizes = orthonormalise(basis)
            self._noise = float(cut.noise[k] * (1 / sizes).sum())
            # The basis is one vector u1 ∧ … ∧ ur: it shrinks by Π sizes, and any other by what the lowest levels leave.
            growth = np.exp(zeta[k].real * self._floor) / np.prod(sizes)
            self._error = float(before * growth + cut.tails[k] * (1 / sizes).sum() + self._noise)
            self._worst = max(self._worst, self._error)
        self._ring[0] = total[-1]
        return total


def _proportional(ket: Array, image: Array) -> bool:
    """Return whether an image (d, 1) has the ratios of its ket to the last bit."""
    top = int(np.argmax(abs(ket)))
    return all(bool(np.all(image[rows] * ket[top] == image[top] * ket[rows])) for rows in blocks(ket))


def _residual(kets: Array, image: Array, energies: Array) -> float:
    """Return the norm of x·U − U (U†xU): 0 where the range is invariant."""
    total = sum(float(np.linalg.norm(image[rows] - kets[rows] @ energies))**2 for rows in blocks(kets))
    return float(np.sqrt(total))
