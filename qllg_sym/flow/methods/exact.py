r"""The exact solution for ρ = a + bP with a projector P, and constant H: range P(t) = exp(−i c H t/ħ) range P(0).

c = W(b)* comes from the law's residual; for q-LLG −ic = −1/(κb − i), for q-LL −ic = −(i + κb). `flow.exact.doubles`
evaluates many times at once.

`stats["digits"]` estimates how many digits the states have: near an unstable state rounding grows with the motion.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow.exact.doubles import moved
from qllg_sym.flow.exact.formula import rate
from qllg_sym.flow.problem import Problem, Watch
from qllg_sym.flow.results.digits import digits_of
from qllg_sym.flow.results.guard import INFINITE
from qllg_sym.flow.results.outcome import Outcome
from qllg_sym.flow.results.samples import state_of
from qllg_sym.flow.results.stack import Stack
from qllg_sym.flow.states.initial import LARGEST_DENSE, LARGEST_MATRIX
from qllg_sym.flow.steps.paths import INTERRUPTED
from qllg_sym.observables.ensemble import Ensemble

Array = NDArray[Any]
NAME = "exact"
GROWTH = None       # it takes no steps
TICKS = 100         # how often progress is told on a long grid of times


def refuses(problem: Problem) -> str | None:
    """Return why this method cannot be used, or None."""
    if problem.classical:       # whose space may be one of a million sites
        return problem.unsolved
    if (d := problem.equation.model.space.dimension) > LARGEST_MATRIX:
        return f"d = {d} exceeds {LARGEST_MATRIX}"
    return problem.unsolved


def cost(problem: Problem) -> float:
    """Return about how many seconds this takes: a diagonalisation, and a product of matrices for all times."""
    d, r = problem.equation.model.space.dimension, problem.start.rank
    return 1.2e-8 * d**2.5 + 1e-9 * len(problem.times) * d**2 * r if d <= LARGEST_DENSE else inf


def run(problem: Problem, watch: Watch) -> Outcome:
    """Evaluate the closed form of every row at every time; of one alone as far as `stop` and Ctrl-C let it."""
    motion, times = ExactMotion.of(problem), problem.times
    (m, d, r), count, interrupted = motion.kets.shape, 0, False
    states, loss = np.empty((m, len(times), d, r), dtype=complex), np.zeros(m)
    weights = np.repeat(motion.b[:, None], r, axis=1)
    try:
        for some, worst in motion.blocks:
            states[:, count:count + some.shape[1]], new = some, some.shape[1]
            if m == 1:
                block = Ensemble(problem.dims, kets=some[0], weights=weights[0], background=float(motion.a[0]))
                new, interrupted = _shown(problem, block, count, watch)
            loss, count = np.maximum(loss, worst), count + new
            if interrupted or new < some.shape[1]:
                break
    except KeyboardInterrupt:           # inside the arithmetic: the blocks before it are whole
        if m > 1:
            raise
        interrupted = True
    if not count:
        states[:, 0], count = motion.kets, 1
    counts = np.where(motion.lost, 1, count)
    failures = [INFINITE if lost else INTERRUPTED if interrupted else None for lost in motion.lost.tolist()]
    stats = [{"steps": 0, "evaluations": 0, "digits": digits} for digits in digits_of(loss)]
    return Outcome(Stack(problem.start.rows, counts, states[:, :count], problem.dims, weights, motion.a),
                   times[counts - 1], failures, stats)


def shape(problem: Problem) -> tuple[int, ...]:
    """Return the shape of one state as it will be held."""
    return problem.start[:1].projectors()[2].shape[1:]


def together(problem: Problem) -> bool:
    """Return whether rows run side by side."""
    return True


@dataclass(frozen=True)
class ExactMotion:
    """ρ = a + b P of every row.

    Attributes:
        a: (m,).
        b: (m,).
        kets: they span range P(0), (m, d, r).
        lost: whether H is not finite, (m,): its values may be, and it too large for a double.
        blocks: (kets (m, k, d, r), an estimate of their largest error (m,)) of k times after k times.
    """

    a: Array
    b: Array
    kets: Array
    lost: Array
    blocks: Iterator[tuple[Array, Array]]

    @classmethod
    def of(cls, problem: Problem) -> "ExactMotion":
        """Return the closed form of the rows of a problem."""
        (a, b, kets), h = problem.start.projectors(), problem.matrices(0.0)
        lost = np.asarray(~np.isfinite(h).all(axis=(1, 2)))
        if lost.any():
            h = np.where(lost[:, None, None], 0, h)
        elapsed, pace = problem.times - problem.times[0], rate(problem.weight(b)(0.0))
        return cls(a, b, kets, lost, moved(h, pace, kets, elapsed, problem.start.rounding))


def _shown(problem: Problem, block: Ensemble, first: int, watch: Watch) -> tuple[int, bool]:
    """Return how many times of a block there are up to `stop` or Ctrl-C, and whether it was the latter."""
    stride = 1 if problem.stop is not None else max(1, len(problem.times) // TICKS)
    for k in (*range(0, len(block) - 1, stride), len(block) - 1):
        t = float(problem.times[first + k])
        try:
            watch(t)
            if problem.stop is not None and problem.stops(t, state_of(block[k:k + 1])):
                return k + 1, False
        except KeyboardInterrupt:
            return k + 1, True
    return len(block), False
