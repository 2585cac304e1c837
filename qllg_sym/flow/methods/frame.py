r"""The frame form: ρ = V diag(p) V† with constant p, $\dot V = -\frac{i}{\hbar} V (W \circ V^\dagger H V)$.

W_jk = W(p_j − p_k) comes from the law's residual. The spectrum is exact by construction as long as V stays unitary,
which a Newton step towards the unitary group keeps at rounding level without loss of order. Constant H: in a frame that
turns with it, see `flow.native.rotating`. Compiled, unless no compiler works, W depends on time, or d is large.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen import build
from qllg_sym.codegen.kernel import Kernel
from qllg_sym.errors import CodegenError
from qllg_sym.flow.methods._turns import turns
from qllg_sym.flow.native.frame import LARGEST, Generator, driven_field, frame_field, moving
from qllg_sym.flow.native.rotating import factors, pack, restricted, rotating, unpack
from qllg_sym.flow.problem import Problem, Watch
from qllg_sym.flow.results.outcome import Outcome, found
from qllg_sym.flow.results.stack import Stack
from qllg_sym.flow.states.initial import LARGEST_DENSE, LARGEST_MATRIX
from qllg_sym.flow.steppers import integrate
from qllg_sym.flow.steps.field import Field

Array = NDArray[Any]
NAME = "frame"
GROWTH = "kets"     # errors grow from step to step: how much is read off its kets


@dataclass(frozen=True)
class FrameMotion:
    """The frame form of every row with its numbers, V' = V X(t, V).

    Attributes:
        field: V' as a right-hand side.
        data: what it needs of each row, (m, k).
        starts: V at the first time, packed, (m, 2d²).
        laboratory: (times, samples (m, n, 2d²)) ↦ V in the laboratory, (m, n, d, d).
    """

    field: Field
    data: Array
    starts: Array
    laboratory: Callable[[Array, Array], Array]


def refuses(problem: Problem) -> str | None:
    """Return why this method cannot be used, or None."""
    if problem.classical:
        return "the law is classical"
    if (d := problem.equation.model.space.dimension) > LARGEST_MATRIX:
        return f"d = {d} exceeds {LARGEST_MATRIX}"
    return problem.weightless


def cost(problem: Problem) -> float:
    """Return about how many seconds this takes: products of matrices for every slope, and one for every time."""
    d = problem.equation.model.space.dimension
    slopes = 60 + 8 * turns(problem)
    return slopes * (1e-5 + 5e-10 * d**3) + 1e-9 * len(problem.times) * d**3 if d <= LARGEST_DENSE else inf


def shape(problem: Problem) -> tuple[int, ...]:
    """Return the shape of one state as it will be held."""
    return (problem.equation.model.space.dimension,) * 2


def together(problem: Problem) -> bool:
    """Return whether rows run side by side."""
    return problem.constant_weight and problem.equation.model.space.dimension <= LARGEST


def run(problem: Problem, watch: Watch) -> Outcome:
    """Integrate all d columns of V of every row."""
    levels, frames = problem.start.full()
    still = not problem.equation.model.time_dependent and problem.constant_weight and \
        np.isfinite(problem.matrices(0.0)).all()
    motion = (_turning if still else _driven)(problem, levels, frames)

    def state(t: float, sample: Array) -> Array:
        """Return ρ of the one row."""
        v = motion.laboratory(np.array([t]), sample[None, None])[0, 0]
        return np.asarray((v * levels[0]) @ v.conj().T)

    paths = integrate(motion.field, motion.data, motion.starts, problem.times, problem.rtol, problem.atol, watch,
                      problem.halt(state), limits=problem.limits)
    kets = motion.laboratory(problem.times, paths.samples)
    kets[:, 0] = frames         # to the last bit
    block = Stack(problem.start.rows, paths.counts, kets, problem.dims, levels, np.zeros(len(problem)))
    return found(block, paths)


def _turning(problem: Problem, levels: Array, frames: Array) -> FrameMotion:
    """Return the motion for constant H and W, in the frame that turns with H."""
    weight = problem.weight(levels[:, :, None] - levels[:, None, :])(0.0)
    turn = rotating(levels, frames, problem.diagonal, weight)
    return FrameMotion(frame_field(levels.shape[1]), turn.data, turn.start,
                       lambda times, samples: turn.laboratory(times - problem.times[0], samples))


def _driven(problem: Problem, levels: Array, frames: Array) -> FrameMotion:
    """Return the motion for H(t) or W(t), or an H that is not finite in some row: that row will tell."""
    d, gaps = levels.shape[1], levels[:, :, None] - levels[:, None, :]
    if problem.constant_weight:
        h = problem.hamiltonian
        data = np.concatenate([problem.parameters(h.names).T, factors(restricted(levels, problem.weight(gaps)(0.0)))],
                              axis=1)
        field = driven_field(d, _amplitudes(h.program), h.parts)
    else:
        field, data = moving(d, 1, lambda row: _weighted(problem.row(int(row[0])))), np.arange(len(levels))[:, None]
    return FrameMotion(field, data, pack(frames), lambda times, samples: unpack(samples))


def _weighted(problem: Problem) -> Generator:
    """Return X of one row where W depends on time."""
    levels = problem.start.full()[0][0]
    weight, h = problem.weight(levels[:, None] - levels), problem.hamiltonian
    p = problem.parameters(h.names)
    return lambda t, v: -1j * restricted(levels, weight(t)) * (v.conj().T @ h.at(t, p)[0] @ v)


def _amplitudes(program: Kernel) -> build.Function:
    """Return the amplitudes of H, compiled where that works."""
    try:
        return build.load(program, "c")
    except CodegenError:
        return build.load(program, "numpy")
