"""The exact solution of many rows at once, as `flow.methods.exact` has it of one."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow.batch.block import Block
from qllg_sym.flow.batch.found import Found, Watch
from qllg_sym.flow.exact.doubles import moved
from qllg_sym.flow.exact.formula import rate
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.results.digits import digits_of

Array = NDArray[Any]


def width(problem: Problem) -> tuple[int, ...]:
    """Return the shape of one state as it will be held."""
    return problem.start[:1].projectors()[2].shape[1:]


def run(problem: Problem, watch: Watch) -> Found:
    """Evaluate the closed form of every row at every time."""
    start, times = problem.start, problem.times
    (a, b, kets), h = start.projectors(), problem.matrices(0.0)
    lost = np.any(~np.isfinite(h), axis=(1, 2))         # values may be finite, and H too large for a double
    h[lost] = 0
    states, loss, first = np.empty((len(h), len(times), *kets.shape[1:]), dtype=complex), np.zeros(len(h)), 0
    pace = rate(problem.weight(b)(0.0))
    for some, worst in moved(h, pace, kets, times - times[0], start.rounding):
        states[:, first:first + some.shape[1]] = some
        loss, first = np.maximum(loss, worst), first + some.shape[1]
    block = Block(start.rows, np.where(lost, 1, len(times)), states, problem.dims,
                  np.repeat(b[:, None], kets.shape[2], axis=1), a)
    failures = ["the Hamiltonian is not finite" if each else None for each in lost.tolist()]
    return Found(block, np.where(lost, times[0], times[-1]), failures,
                 [{"steps": 0, "evaluations": 0, "digits": each} for each in digits_of(loss)])
