"""The frame form of many rows in SIMD lanes: ρ = V diag(p) V†, as in `flow.methods.frame`."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen import build
from qllg_sym.flow.methods.frame import LARGEST
from qllg_sym.flow.native import rotating
from qllg_sym.flow.native.frame import driven_field, frame_field
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.results.block import Block
from qllg_sym.flow.results.found import Found, Watch, clock, found
from qllg_sym.flow.steppers.compiled import Paths, integrate

Array = NDArray[Any]


def fits(problem: Problem) -> bool:
    """Return whether lanes serve this batch."""
    return problem.constant_weight and problem.equation.model.space.dimension <= LARGEST


def width(problem: Problem) -> tuple[int, ...]:
    """Return the shape of one state as it will be held."""
    d = problem.equation.model.space.dimension
    return d, d


def run(problem: Problem, watch: Watch) -> Found:
    """Integrate all columns of V of every row."""
    levels, frames = problem.start.full()
    weight = problem.weight(levels[:, :, None] - levels[:, None, :])(0.0)
    h = problem.matrices(0.0) if problem.hamiltonians.constant else None
    if h is not None and np.isfinite(h).all():
        paths, kets = _turning(problem, rotating.rotating(levels, frames, np.linalg.eigh(h), weight), watch)
    else:
        paths, kets = _driven(problem, frames, rotating.restricted(levels, weight), watch)
    block = Block(problem.start.rows, paths.counts, kets, problem.dims, levels, np.zeros(len(problem)))
    return found(block, paths)


def _turning(problem: Problem, turn: rotating.Rotating, watch: Watch) -> tuple[Paths, Array]:
    """Integrate with a constant H, in its eigenbasis."""
    times = problem.times
    paths = integrate(frame_field(turn.vectors.shape[-1]), turn.data, turn.start, times, problem.rtol, problem.atol,
                      clock(times, watch), limits=problem.limits)
    return paths, _laboratory(turn, times - times[0], paths.samples)


def _laboratory(turn: rotating.Rotating, elapsed: Array, samples: Array) -> Array:
    """Return V in the laboratory as `turn.kets` does, (k, n, d, d), by one product of matrices a row."""
    (k, n), d = samples.shape[:2], turn.vectors.shape[-1]
    parts = samples.reshape(k, n, d, 2, d).transpose(3, 0, 2, 1, 4)
    turned = np.empty((k, d, n, d), dtype=complex)
    turned.real, turned.imag = parts
    turned *= np.exp(-1j * turn.rates[:, :, None] * elapsed)[..., None]
    return (turn.vectors @ turned.reshape(k, d, n * d)).reshape(k, d, n, d).transpose(0, 2, 1, 3)


def _driven(problem: Problem, frames: Array, weight: Array, watch: Watch) -> tuple[Paths, Array]:
    """Integrate with H(t) = Σ f_g(t) H_g, or with a constant H that is not finite: those rows will tell."""
    field = problem.hamiltonians
    data = np.concatenate([problem.parameters(field.names).T, rotating.factors(weight)], axis=1)
    program = driven_field(frames.shape[-1], build.load(field.program, "c"), field.parts)
    paths = integrate(program, data, rotating.pack(frames), problem.times, problem.rtol, problem.atol,
                      clock(problem.times, watch), limits=problem.limits)
    return paths, rotating.unpack(paths.samples)
