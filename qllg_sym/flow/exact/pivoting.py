r"""Charts of a space: columns X with X = 1 on r rows, the pivots; one pivoting for every number type.

exp(diag(rate) t) multiplies X_ij by exp((rate_i − rate_{pivot j}) t), exactly. So pivots that lead at time t keep all
exponents bounded, and what is small in X stays as sharp as it is given. Arrays have an axis of rows, m problems beside
each other; their numbers are doubles or, as objects, those of any type.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Index = NDArray[np.intp]
PANEL = 16      # columns among which a pivot is chosen, where there are many


def charted(x: Array, height: Callable[[Array], Array], cleaned: Callable[[Array, int], None] | None = None,
            count: int | None = None) -> tuple[Index, Array]:
    """Return the pivots (m, r) of charts of the same spaces, and X, by complete pivoting.

    Args:
        x: (m, d, r), independent columns, or more.
        height: columns → numbers of the same shape, largest where the next pivot is to be.
        cleaned: makes what is rounding in columns zero, in place; is told how many have their pivots, the first ones.
        count: how many of the columns are independent; then each pivot is chosen from all of those left, else from a
            panel of them, which the others follow in one product.

    >>> pivots, x = charted(np.array([[[1.0, 2.0], [3.0, 4.0], [0.0, 1.0]]]), abs)
    >>> pivots.tolist(), x[0, 0].round(3).tolist()
    ([[1, 2]], [0.333, 0.667])
    """
    if count is not None or x.shape[2] <= PANEL:
        return _pivoted(x.copy(), height, cleaned, x.shape[2] if count is None else count)
    pivots = np.empty((len(x), x.shape[2]), dtype=np.intp)
    for first in range(0, x.shape[2], PANEL):
        inside = slice(first, min(first + PANEL, x.shape[2]))
        pivots[:, inside], found = _pivoted(x[:, :, inside].copy(), height, cleaned, inside.stop - first)
        row = np.arange(len(x))[:, None], pivots[:, inside]
        x = x - found @ x[row]
        x[row], x[:, :, inside] = 0, found
    return pivots, x


def _pivoted(x: Array, height: Callable[[Array], Array], cleaned: Callable[[Array, int], None] | None,
             count: int) -> tuple[Index, Array]:
    """Return the pivots of columns, and what they become."""
    (m, _, r), rows = x.shape, np.arange(len(x))
    pivots = np.empty((m, count), dtype=np.intp)
    for k in range(count):
        if cleaned is not None:
            cleaned(x, k)
        heights = height(x[:, :, k:]).reshape(m, -1)
        row, column = np.divmod(np.argmax(heights, axis=1), r - k)
        x[rows, :, column + k], x[:, :, k] = x[:, :, k], x[rows, :, column + k]
        exchange(x, row, np.full(m, k))
        pivots[:, k] = row
    return pivots, x


def exchange(x: Array, row: Index, column: Index) -> None:
    """Make a row the pivot of a column of X: the same range, 1 at (row, column) and zeros beside it.

    Args:
        x: (m, d, r).
        row: (m,).
        column: (m,).
    """
    rows = np.arange(len(x))
    pivot = x[rows, :, column] / x[rows, row, column][:, None]
    x -= pivot[:, :, None] * x[rows, row][:, None, :]
    x[rows, row], pivot[rows, row] = 0, 1       # whatever the rounding
    x[rows, :, column] = pivot


def speeds(x: Array, pivots: Index, rate: Array) -> Array:
    """Return the rates (m, d, r) by which the entries of charts grow: rate_i − rate_{pivot j}, 0 where X is 0.

    Args:
        x: (m, d, r).
        pivots: (m, r).
        rate: (m, d), 1/time.
    """
    return np.where(x == 0, 0, rate[:, :, None] - rate[np.arange(len(x))[:, None], pivots][:, None, :])
