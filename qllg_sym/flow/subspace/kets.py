"""Kets as tall arrays (d, r), worked on in blocks of rows that stay in the cache."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
BLOCK = 1 << 13         # entries of a block: 128 KiB, so that a few blocks fit into the second-level cache
DEPENDENT = 1e-14       # ratio of squared singular values below which kets span less than doubles can tell


def blocks(kets: Array) -> Iterator[slice]:
    """Yield the rows of kets (d, r), block by block.

    >>> [(rows.start, rows.stop) for rows in blocks(np.empty((3 * BLOCK // 2, 1)))]
    [(0, 8192), (8192, 16384)]
    """
    step = max(1, BLOCK // max(kets.shape[1], 1))
    return (slice(start, start + step) for start in range(0, len(kets) if kets.shape[1] else 0, step))


def gram(left: Array, *right: Array) -> list[Array]:
    """Return left† right, (r, r), for each of the arrays (d, r) on the right, in one pass.

    >>> [g.tolist() for g in gram(np.array([[1j], [2]]), np.array([[1], [1]]))]
    [[[(2-1j)]]]
    """
    totals = [np.zeros((left.shape[1], other.shape[1]), dtype=complex) for other in right]
    with np.errstate(invalid="ignore", over="ignore"):      # what is not finite is told by what uses it
        for rows in blocks(left):
            bra = left[rows].conj().T
            for total, other in zip(totals, right, strict=True):
                total += bra @ other[rows]
    return totals


def orthonormalise(kets: Array) -> Array:
    """Make kets orthonormal where they are: the nearest such kets, U (U†U)^(−1/2), with the same span.

    Returns:
        The singular values that they had, ascending, (r,); all 0 when they were dependent to rounding, and then they
        are left alone.

    >>> kets = np.array([[2.0 + 0j], [0]])
    >>> orthonormalise(kets).tolist(), kets.real.tolist()
    ([2.0], [[1.0], [0.0]])
    """
    sizes, ratio = None, 0.0
    while kets.shape[1] and not ratio > 0.5:    # a second time when rounding was enlarged by the ratio of the levels
        levels, vectors = np.linalg.eigh(gram(kets, kets)[0])
        ratio = levels[0] / levels[-1] if levels[-1] > 0 else 0.0
        if not ratio > DEPENDENT:
            return np.zeros(len(levels))
        sizes = np.sqrt(levels) if sizes is None else sizes
        rotate(kets, (vectors * levels**-0.5) @ vectors.conj().T)
    return np.zeros(0) if sizes is None else sizes


def rotate(kets: Array, matrix: Array) -> None:
    """Replace kets (d, r) by kets · matrix (r, r) where they are.

    >>> kets = np.eye(2, dtype=complex)
    >>> rotate(kets, np.array([[0, 1], [1, 0]]))
    >>> kets.real.tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """
    if matrix.shape == (1, 1):
        kets *= matrix[0, 0]
        return
    for rows in blocks(kets):
        kets[rows] = kets[rows] @ matrix
