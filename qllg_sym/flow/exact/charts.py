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
PANEL = 16


def charted(x: Array, height: Callable[[Array], Array], cleaned: Callable[[Array, int], None] | None = None,
            panel: int = PANEL) -> tuple[Index, Array]:
    """Return the pivots (m, r) of charts of the same spaces, and X, by complete pivoting.

    Args:
        x: (m, d, r), independent columns.
        height: columns → numbers of the same shape, largest where the next pivot is to be.
        cleaned: makes what is rounding in columns zero, in place; is told how many have their pivots, the first ones.
        panel: how many columns a pivot is chosen from; the others follow in one product.

    >>> pivots, x = charted(np.array([[[1.0, 2.0], [3.0, 4.0], [0.0, 1.0]]]), abs)
    >>> pivots.tolist(), x[0, 0].round(3).tolist()
    ([[1, 2]], [0.333, 0.667])
    """
    if x.shape[2] <= panel:
        return _pivoted(x.copy(), height, cleaned)
    pivots = np.empty((len(x), x.shape[2]), dtype=np.intp)
    for first in range(0, x.shape[2], panel):
        inside = slice(first, first + panel)
        pivots[:, inside], found = _pivoted(x[:, :, inside].copy(), height, cleaned)
        row = np.arange(len(x))[:, None], pivots[:, inside]
        x = x - found @ x[row]
        x[row], x[:, :, inside] = 0, found
    return pivots, x


def _pivoted(x: Array, height: Callable[[Array], Array], cleaned: Callable[[Array, int], None] | None
             ) -> tuple[Index, Array]:
    """Return the pivots of some columns, and what they become."""
    (m, _, r), rows = x.shape, np.arange(len(x))
    pivots = np.empty((m, r), dtype=np.intp)
    for k in range(r):
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
