"""Motion on groups, many at a time: exponentials of anti-Hermitian matrices, rotations, undoing rounding."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def exponential(generators: Array) -> Array:
    r"""Return unitary $(1 - \Omega/2 + \Omega^2/12)^{-1}(1 + \Omega/2 + \Omega^2/12) = e^\Omega + O(\Omega^5)$.

    It is unitary for every anti-Hermitian Ω, and its fifth order is beyond what weak order 2 sees of steps √h.

    Args:
        generators: Ω, (m, d, d).

    >>> bool(abs(exponential(np.array([[[0.2j]]]))[0, 0, 0] - np.exp(0.2j)) < 1e-6)
    True
    """
    even = np.eye(generators.shape[-1]) + (generators @ generators) / 12
    odd = generators / 2
    return np.asarray(np.linalg.solve(even - odd, even + odd))


def conjugate_transposes(matrices: Array) -> Array:
    """Return A† of matrices (m, d, d)."""
    return matrices.conj().swapaxes(-1, -2)


def orthonormal(frames: Array) -> Array:
    """Return the nearest unitary matrices to within the square of what is missing: one Newton step, (m, d, d).

    >>> bool(abs(orthonormal(np.array([[[1.001]]])) - 1) < 2e-6)
    True
    """
    return np.asarray(1.5 * frames - 0.5 * (frames @ (conjugate_transposes(frames) @ frames)))


def cross(one: Array, other: Array) -> Array:
    """Return one × other, (…, 3); `numpy.cross` takes several times as long.

    >>> cross(np.array([1.0, 0, 0]), np.array([0, 1.0, 0])).tolist()
    [0.0, 0.0, 1.0]
    """
    found = np.empty(np.broadcast_shapes(one.shape, other.shape))
    for k in range(3):
        i, j = (k + 1) % 3, (k + 2) % 3
        found[..., k] = one[..., i] * other[..., j] - one[..., j] * other[..., i]
    return found


def rotated(vectors: Array, turns: Array) -> Array:
    """Return vectors turned by |Ω| about Ω, both (…, 3).

    >>> rotated(np.array([1.0, 0, 0]), np.array([0, 0, np.pi])).round(12).tolist()
    [-1.0, 0.0, 0.0]
    """
    angle = np.sqrt((turns**2).sum(axis=-1, keepdims=True))
    once = cross(turns, vectors)
    return np.asarray(vectors + np.sinc(angle / np.pi) * once
                      + 0.5 * np.sinc(angle / (2 * np.pi))**2 * cross(turns, once))
