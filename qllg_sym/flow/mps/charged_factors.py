"""Matrices that keep a charge, factored sector by sector: rows and columns of one charge are a block, all else is zero.

Factors have exact zeros outside the blocks, so charges never drift. Without a conserved charge all are zero: one block.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import LinAlgError, svd

Array = NDArray[Any]
Factors = Callable[[Array], tuple[Array, Array, Array]]


@dataclass(frozen=True)
class Factored:
    """L diag(s) R of a matrix.

    Attributes:
        left: L, (r, k).
        values: s, (k,); the singular values, of norm as the matrix, or ones.
        right: R, (k, c).
        charges: of the k vectors between, (k,).
    """

    left: Array
    values: Array
    right: Array
    charges: Array

    def only(self, kept: Array) -> "Factored":
        """Return some of the vectors alone."""
        return Factored(self.left[:, kept], self.values[kept], self.right[kept], self.charges[kept])


def factors_by_charge(matrix: Array, rows: Array, columns: Array, factors: Factors) -> Factored:
    """Return the factors of a matrix, (r, c), whose entries are zero unless row and column have the same charge.

    >>> found = factors_by_charge(np.array([[0.0, 2], [3, 0]]), np.array([1, -1]), np.array([-1, 1]), singular)
    >>> found.values.tolist(), found.charges.tolist(), abs(found.left).tolist()
    ([3.0, 2.0], [-1, 1], [[0.0, 1.0], [1.0, 0.0]])
    """
    found = []
    for charge in sorted(set(rows.tolist()) & set(columns.tolist())):
        own, other = np.flatnonzero(rows == charge), np.flatnonzero(columns == charge)
        found.append((charge, own, other, *factors(matrix[own[:, None], other])))
    values = np.concatenate([part[4] for part in found])
    left = np.zeros((len(rows), len(values)), dtype=matrix.dtype)
    right = np.zeros((len(values), len(columns)), dtype=matrix.dtype)
    first = 0
    for _, own, other, mine, scale, its in found:
        inner = slice(first, first + len(scale))
        left[own, inner], right[inner, other], first = mine, its, inner.stop
    return Factored(left, values, right, np.repeat([part[0] for part in found], [len(part[4]) for part in found]))


def singular(block: Array) -> tuple[Array, Array, Array]:
    """Return the singular value decomposition of a block, by the slower routine where the quick one does not converge.

    >>> singular(np.diag([1.0, 2.0]))[1].tolist()
    [2.0, 1.0]
    """
    try:
        left, values, right = svd(block, full_matrices=False, check_finite=False)
    except LinAlgError:
        left, values, right = svd(block, full_matrices=False, check_finite=True, lapack_driver="gesvd")
    return left, values, right


def left_orthogonal(block: Array) -> tuple[Array, Array, Array]:
    """Return Q and R of a block, ones between them.

    >>> q, _, r = left_orthogonal(np.array([[3.0, 1], [4, 0]]))
    >>> np.allclose(q.T @ q, np.eye(2)), np.allclose(q @ r, [[3, 1], [4, 0]])
    (True, True)
    """
    q, r = np.linalg.qr(block)
    return q, np.ones(len(r)), r


def right_orthogonal(block: Array) -> tuple[Array, Array, Array]:
    """Return L and Q of a block, ones between them.

    >>> lower, _, q = right_orthogonal(np.array([[3.0, 1], [4, 0]]))
    >>> np.allclose(q @ q.T, np.eye(2)), np.allclose(lower @ q, [[3, 1], [4, 0]])
    (True, True)
    """
    q, ones, r = left_orthogonal(block.T)
    return r.T, ones, q.T


def combined_charges(charges: Sequence[Array]) -> Array:
    """Return the charges of combined legs.

    >>> combined_charges([np.array([0, 2]), np.array([-1, 1])]).tolist()
    [-1, 1, 1, 3]
    """
    found = charges[0]
    for own in charges[1:]:
        found = np.add.outer(found, own).ravel()
    return found
