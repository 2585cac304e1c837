"""The exact solution of many rows at once: range P(t) = exp(−i c H t/ħ) range P(0), as in `flow.methods.exact`."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow.batch.block import Block
from qllg_sym.flow.batch.found import Found, Watch
from qllg_sym.flow.batch.problem import Batch
from qllg_sym.flow.batch.start import Start
from qllg_sym.flow.exact.charts import bases
from qllg_sym.flow.exact.eigenbasis import EPSILON, eigenbasis, noise, rests
from qllg_sym.flow.results.digits import digits_of

Array = NDArray[Any]


def width(batch: Batch, start: Start) -> tuple[int, ...]:
    """Return the shape of one state as it will be held."""
    return start[:1].projectors()[2].shape[1:]


def run(batch: Batch, start: Start, watch: Watch) -> Found:
    """Evaluate the closed form of every row at every time."""
    times = batch.first.times
    a, b, kets = start.projectors()
    h = batch.hamiltonian(0.0, start.rows)
    lost = np.any(~np.isfinite(h), axis=(1, 2))         # values may be finite, and H too large for a double
    h[lost] = 0
    energies, vectors, parts = eigenbasis(h)
    c = np.conj(batch.weight(start.rows, b[:, None]))
    rate = -1j * c * (energies - energies.mean(axis=1, keepdims=True))
    first = vectors.conj().swapaxes(1, 2) @ kets
    elapsed = times - times[0]
    r = kets.shape[2]
    moved = _one(rate, first[:, :, 0], elapsed) if r == 1 else _several(rate, first, elapsed)
    states, still = vectors[:, None] @ moved, rests(h, kets)
    states[still] = kets[still, None]
    block = Block(start.rows, np.where(lost, 1, len(times)), states, batch.first.dims, np.repeat(b[:, None], r, axis=1),
                  a)
    sizes = (moved.real**2 + moved.imag**2).sum(axis=3)
    loss = (sizes @ noise(first, parts)[:, :, None]).max(axis=(1, 2), initial=0.0)**0.5
    loss = np.where(still, EPSILON, loss + EPSILON * abs(rate).max(axis=1, initial=0.0) * elapsed[-1])
    failures = ["the Hamiltonian is not finite" if each else None for each in lost.tolist()]
    return Found(block, np.where(lost, times[0], times[-1]), failures,
                 [{"steps": 0, "evaluations": 0, "digits": each} for each in digits_of(loss)])


def _one(rate: Array, start: Array, elapsed: Array) -> Array:
    """Normalised exp(rate t) start, (k, n, d, 1); exponents relative to the largest amplitude."""
    size = np.abs(start)
    logs = np.full(start.shape, -np.inf)
    np.log(size, out=logs, where=size > 0)
    exponents = rate.real[:, None, :] * elapsed[:, None] + logs[:, None, :]
    exponents -= exponents.max(axis=2, keepdims=True)
    angles = rate.imag[:, None, :] * elapsed[:, None] + np.angle(start)[:, None, :]
    amplitudes = np.exp(exponents + 1j * angles)
    return np.asarray((amplitudes / np.linalg.norm(amplitudes, axis=2, keepdims=True))[..., None])


def _several(rate: Array, start: Array, elapsed: Array) -> Array:
    """Orthonormal bases of exp(rate t) range(start), (k, n, d, r), row by row."""
    return np.stack([np.concatenate(list(bases(*row, elapsed))) for row in zip(rate, start, strict=True)])
