"""Numbers of the working precision → what a user gets: doubles, or mpmath where more digits were asked for."""

from typing import Any

import mpmath
import numpy as np
from numpy.typing import NDArray

DOUBLE = 15         # digits that doubles hold


def rounded(x: Any, digits: int) -> Any:
    """Return a real number as a double, or with so many digits."""
    if digits <= DOUBLE:
        return float(x)
    with mpmath.workdps(digits):
        return +x


def density_matrix(vectors: NDArray[Any], weights: NDArray[Any], digits: int) -> Any:
    """Return V diag(w) V†, (d, d): an array of doubles, or an mpmath matrix.

    >>> density_matrix(np.eye(2), np.array([0.25, 0.75]), 15).real.tolist()
    [[0.25, 0.0], [0.0, 0.75]]
    """
    if digits <= DOUBLE:
        return np.asarray((vectors * weights.astype(float)) @ vectors.conj().T, dtype=complex)
    with mpmath.workdps(digits + 10):
        found = mpmath.matrix(((vectors * weights) @ vectors.conj().T).tolist())
    with mpmath.workdps(digits):
        return found.apply(lambda x: +x)
