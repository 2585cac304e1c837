"""The exact solution of many rows at once, as `flow.methods.exact` has it of one."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow.batch.block import Block
from qllg_sym.flow.batch.found import Found, Watch
from qllg_sym.flow.methods.exact import Motion
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.results.digits import digits_of
from qllg_sym.flow.results.guard import INFINITE

Array = NDArray[Any]


def width(problem: Problem) -> tuple[int, ...]:
    """Return the shape of one state as it will be held."""
    return problem.start[:1].projectors()[2].shape[1:]


def run(problem: Problem, watch: Watch) -> Found:
    """Evaluate the closed form of every row at every time."""
    times, motion = problem.times, Motion.of(problem)
    m, d, r = motion.kets.shape
    states, loss, first = np.empty((m, len(times), d, r), dtype=complex), np.zeros(m), 0
    for some, worst in motion.blocks:
        states[:, first:first + some.shape[1]] = some
        loss, first = np.maximum(loss, worst), first + some.shape[1]
    block = Block(problem.start.rows, np.where(motion.lost, 1, len(times)), states, problem.dims,
                  np.repeat(motion.b[:, None], r, axis=1), motion.a)
    failures = [INFINITE if each else None for each in motion.lost.tolist()]
    return Found(block, np.where(motion.lost, times[0], times[-1]), failures,
                 [{"steps": 0, "evaluations": 0, "digits": each} for each in digits_of(loss)])
