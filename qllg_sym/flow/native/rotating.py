r"""The frame form in a frame that turns with the Hamiltonian, as plain numbers, a row each.

ρ = V diag(p) V† with constant p obeys V̇ = −iV(W ∘ V†HV). V may be followed by any diag-preserving phase, and pairs with
p_j = p_k move nothing but V itself: W_jk = 0 there leaves ρ as it is. For constant H the frame U = e^{iaHt} V obeys the
same equation with W − a in place of W: its slow motion takes a quarter of the steps at moderate damping. Here a is the
mean of Re W over the pairs with p_j ≠ p_k; a = 1 is the interaction picture.
"""

from dataclasses import dataclass
from math import isqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
EQUAL = 1e-15           # eigenvalues nearer than that are one, which changes ρ by no more


@dataclass(frozen=True)
class Rotating:
    """A constant-H frame problem in H's eigenbasis.

    Attributes:
        data: (m, d + 2d²), energies and weights as `native.frame.frame_field` takes them.
        start: (m, 2d²), the packed frame at the first time.
        vectors: (m, d, d), eigenvectors of H in columns.
        rates: (m, d), angular frequencies with which the frame's rows turn.
    """

    data: Array
    start: Array
    vectors: Array
    rates: Array

    def laboratory(self, elapsed: Array, samples: Array) -> Array:
        """Return V in the laboratory, (m, points, d, d), of samples (m, points, 2d²) at times since the first.

        It is one product of matrices a row.
        """
        (m, n), d = samples.shape[:2], self.vectors.shape[-1]
        parts = samples.reshape(m, n, d, 2, d).transpose(3, 0, 2, 1, 4)
        turned = np.empty((m, d, n, d), dtype=complex)
        turned.real, turned.imag = parts
        turned *= np.exp(-1j * self.rates[:, :, None] * elapsed)[..., None]
        return (self.vectors @ turned.reshape(m, d, n * d)).reshape(m, d, n, d).transpose(0, 2, 1, 3)


def rotating(levels: Array, frames: Array, diagonal: tuple[Array, Array], weight: Array) -> Rotating:
    """Return the problem of a constant Hamiltonian and a constant weight.

    Args:
        levels: p, (m, d).
        frames: V at the first time, (m, d, d).
        diagonal: eigenvalues (m, d) of H/ħ and its eigenvectors in columns, (m, d, d).
        weight: W_jk = W(p_j − p_k), (m, d, d), complex.

    >>> one = np.eye(2)[None]
    >>> turn = rotating(np.array([[0.7, 0.3]]), one, (np.array([[1.0, -1.0]]), one), np.ones((1, 2, 2)))
    >>> turn.laboratory(np.array([0.0]), turn.start[:, None])[0, 0].real.tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    energies, vectors = diagonal
    d = energies.shape[-1]
    energies = energies - energies.sum(axis=-1, keepdims=True) / d
    moving = _moving(levels)
    a = (weight.real * moving).sum(axis=(-2, -1)) / np.maximum(moving.sum(axis=(-2, -1)), 1)
    slow = factors((weight - a[..., None, None]) * moving)
    start = pack(np.swapaxes(vectors, -1, -2).conj() @ frames)
    shape = np.broadcast_shapes(energies.shape[:-1], slow.shape[:-1], start.shape[:-1])
    data = np.empty((*shape, d + 2 * d * d))
    data[..., :d], data[..., d:] = energies, slow
    return Rotating(data, np.broadcast_to(start, (*shape, 2 * d * d)), vectors, a[..., None] * energies)


def restricted(levels: Array, weight: Array) -> Array:
    """Return W without what moves no ρ: zero between equal eigenvalues, (…, d, d).

    >>> restricted(np.array([0.5, 0.5, 0.0]), np.ones((3, 3))).tolist()
    [[0.0, 0.0, 1.0], [0.0, 0.0, 1.0], [1.0, 1.0, 0.0]]
    """
    return np.asarray(weight * _moving(levels))


def factors(weight: Array) -> Array:
    """Return −iW as real and imaginary parts, (…, 2d²).

    >>> factors(np.array([[2 + 3j]])).tolist()
    [3.0, -2.0]
    """
    parts = np.empty((*weight.shape[:-2], 2, *weight.shape[-2:]))
    parts[..., 0, :, :], parts[..., 1, :, :] = weight.imag, -weight.real
    return parts.reshape(*weight.shape[:-2], -1)


def pack(frames: Array) -> Array:
    """Return frames (…, d, d) as doubles, rows [re | im], (…, 2d²).

    >>> pack(np.array([[1, 2j], [3, 4]])).tolist()
    [1.0, 0.0, 0.0, 2.0, 3.0, 4.0, 0.0, 0.0]
    """
    parts = np.empty((*frames.shape[:-1], 2, frames.shape[-1]))
    parts[..., 0, :], parts[..., 1, :] = frames.real, frames.imag
    return parts.reshape(*frames.shape[:-2], -1)


def unpack(samples: Array) -> Array:
    """Return doubles (…, 2d²) as frames (…, d, d).

    >>> unpack(np.arange(8.0))[0].tolist()
    [2j, (1+3j)]
    """
    d = isqrt(samples.shape[-1] // 2)
    parts = samples.reshape(*samples.shape[:-1], d, 2, d)
    frames = np.empty((*samples.shape[:-1], d, d), dtype=complex)
    frames.real, frames.imag = parts[..., 0, :], parts[..., 1, :]
    return frames


def _moving(levels: Array) -> Array:
    """Return which pairs have different eigenvalues, (…, d, d)."""
    return np.abs(levels[..., :, None] - levels[..., None, :]) > EQUAL
