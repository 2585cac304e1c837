r"""range P(t) = exp(−i c H t/ħ) range P(0) in doubles: many rows at many times, without overflow or steps in time.

In the eigenbasis of H the flow multiplies amplitudes by exp(rate t). A ket that is an eigenvector of H to the last bit
stays where it is.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow.exact.eigenbasis import EPSILON, eigenbasis, noise, rests
from qllg_sym.flow.exact.walk import bases

Array = NDArray[Any]
Real = NDArray[np.float64]


def moved(h: Array, rate: Array, kets: Array, elapsed: Real, rounding: Any = 0.0) -> Iterator[tuple[Array, Real]]:
    """Yield (kets (m, k, d, r), an estimate of their largest relative error (m,)) at all times, a block a time.

    Args:
        h: H/ħ, (m, d, d), finite.
        rate: −ic, (m,).
        kets: (m, d, r), orthonormal; they span range P(0).
        elapsed: (n,), from 0 upwards.
        rounding: absolute error of the amplitudes, (m,) or one for all.

    >>> up, flip = np.array([[[1.0], [0.0]]]), np.array([[[0.0, 1.0], [1.0, 0.0]]])
    >>> abs(next(moved(flip, np.array([-1j]), up, np.array([0.0, np.pi / 2])))[0][0, :, :, 0]).round(12).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    still = rests(h, kets)
    if still.all():
        yield np.repeat(kets[:, None], len(elapsed), axis=1), np.full(len(h), EPSILON)
        return
    energies, vectors, block = eigenbasis(h)
    rates = rate[:, None] * (energies - energies.mean(axis=1, keepdims=True))
    start, first = vectors.conj().swapaxes(1, 2) @ kets, 0
    relative, speed = noise(start, block, np.reshape(rounding, (-1, 1))), EPSILON * abs(rates).max(axis=1)
    for amplitudes in bases(rates, start, elapsed):
        first += amplitudes.shape[1]
        each = np.repeat(relative, 2 * kets.shape[2], axis=1)[:, :, None]
        lost = (_parts(amplitudes)**2 @ each).max(axis=(1, 2), initial=0.0)**0.5
        found = _turned(vectors, amplitudes)
        found[still] = kets[still, None]
        yield found, np.where(still, EPSILON, lost + speed * elapsed[first - 1])


def _parts(x: Array) -> Real:
    """Return real and imaginary parts of columns, (m, k, d·r·2)."""
    return np.ascontiguousarray(x).view(float).reshape(*x.shape[:2], -1)


def _turned(vectors: Array, amplitudes: Array) -> Array:
    """Return the kets of amplitudes in the eigenbasis, (m, k, d, r)."""
    if amplitudes.shape[3] == 1:            # one product for all times
        return np.asarray((amplitudes[..., 0] @ vectors.swapaxes(1, 2))[..., None])
    return np.asarray(vectors[:, None] @ amplitudes)
