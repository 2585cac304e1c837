"""The frame form of many rows in SIMD lanes: ρ = V diag(p) V†, as in `flow.methods.frame`."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen import build
from qllg_sym.flow.batch.block import Block
from qllg_sym.flow.batch.found import Found, Watch, clock, found
from qllg_sym.flow.batch.problem import Batch
from qllg_sym.flow.batch.start import Start
from qllg_sym.flow.methods.frame import LARGEST
from qllg_sym.flow.native import rotating
from qllg_sym.flow.native.frame import driven_field, frame_field
from qllg_sym.flow.steppers.compiled import Paths, integrate

Array = NDArray[Any]


def fits(batch: Batch) -> bool:
    """Return whether lanes serve this batch."""
    return batch.first.constant_weight and batch.first.equation.model.space.dimension <= LARGEST


def width(batch: Batch, start: Start) -> tuple[int, ...]:
    """Return the shape of one state as it will be held."""
    d = batch.first.equation.model.space.dimension
    return d, d


def run(batch: Batch, start: Start, watch: Watch) -> Found:
    """Integrate all columns of V of every row."""
    levels, frames = start.full()
    weight = batch.weight(start.rows, levels[:, :, None] - levels[:, None, :])
    h = batch.hamiltonian(0.0, start.rows) if batch.hamiltonians.constant else None
    if h is not None and np.isfinite(h).all():
        paths, kets = _turning(batch, rotating.rotating(levels, frames, np.linalg.eigh(h), weight), start.rows, watch)
    else:
        paths, kets = _driven(batch, start, frames, rotating.restricted(levels, weight), watch)
    block = Block(start.rows, paths.counts, kets, batch.first.dims, levels, np.zeros(len(start)))
    return found(block, paths)


def _turning(batch: Batch, turn: rotating.Rotating, rows: Array, watch: Watch) -> tuple[Paths, Array]:
    """Integrate with a constant H, in its eigenbasis."""
    first = batch.first
    paths = integrate(frame_field(turn.vectors.shape[-1]), turn.data, turn.start, first.times, first.rtol, first.atol,
                      clock(first.times, watch), limits=batch.limits(rows))
    return paths, _laboratory(turn, first.times - first.times[0], paths.samples)


def _laboratory(turn: rotating.Rotating, elapsed: Array, samples: Array) -> Array:
    """Return V in the laboratory as `turn.kets` does, (k, n, d, d), by one product of matrices a row."""
    (k, n), d = samples.shape[:2], turn.vectors.shape[-1]
    parts = samples.reshape(k, n, d, 2, d).transpose(3, 0, 2, 1, 4)
    turned = np.empty((k, d, n, d), dtype=complex)
    turned.real, turned.imag = parts
    turned *= np.exp(-1j * turn.rates[:, :, None] * elapsed)[..., None]
    return (turn.vectors @ turned.reshape(k, d, n * d)).reshape(k, d, n, d).transpose(0, 2, 1, 3)


def _driven(batch: Batch, start: Start, frames: Array, weight: Array,
            watch: Watch) -> tuple[Paths, Array]:
    """Integrate with H(t) = Σ f_g(t) H_g, or with a constant H that is not finite: those rows will tell."""
    first, field = batch.first, batch.hamiltonians
    data = np.concatenate([batch.parameters(field.names, start.rows).T, rotating.factors(weight)], axis=1)
    program = driven_field(frames.shape[-1], build.load(field.program, "c"), field.parts)
    paths = integrate(program, data, rotating.pack(frames), first.times, first.rtol, first.atol,
                      clock(first.times, watch), limits=batch.limits(start.rows))
    return paths, rotating.unpack(paths.samples)
