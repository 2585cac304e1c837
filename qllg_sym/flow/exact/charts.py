r"""The space exp(diag(rate) t) range(start) at many times at once, without overflow and without steps in time.

A space of dimension r is the range of X with X = 1 on r chosen rows, the pivots. The flow multiplies X_ij by
exp((rate_i − rate_{pivot j}) t), exactly. Where an entry would outgrow `LARGEST`, its row becomes a pivot: a
Gauss–Jordan exchange. So X stays well conditioned, the exponents stay bounded at any t, and one chart serves all
times up to the next exchange.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import qr

Array = NDArray[Any]
Real = NDArray[np.float64]
LARGEST = 2.0       # above 1, so that an exchange enlarges the pivots' determinant: exchanges end
BLOCK = 2**16       # entries of X that are worked on at a time: they stay in the cache


def bases(rate: Array, start: Array, elapsed: Real) -> Iterator[Array]:
    """Yield orthonormal bases of exp(diag(rate) t) range(start), (m, d, r), the times in order, a block a time.

    Args:
        rate: (d,), complex, 1/time.
        start: (d, r), columns that span the space at t = 0; independent.
        elapsed: (n,), from 0 upwards.

    >>> late = next(bases(np.array([0.0, 1.0 + 2j]), np.array([[1.0], [1e-9]]), np.array([1e9])))
    >>> abs(late[0, :, 0]).tolist()
    [0.0, 1.0]
    """
    if start.shape[1] == 0:
        yield np.zeros((len(elapsed), *start.shape), dtype=complex)
        return
    first, size = 0, max(1, BLOCK // start.size)
    for since, until, pivots, x in _charts(rate, start, float(elapsed[-1])):
        last = int(np.searchsorted(elapsed, until)) if np.isfinite(until) else len(elapsed)
        growth = np.where(x == 0, 0, rate[:, None] - rate[pivots])
        for k in range(first, last, size):
            times = elapsed[k:min(k + size, last), None, None] - since
            yield np.linalg.qr(x * np.exp(growth * times))[0]
        first = max(first, last)


def _charts(rate: Array, start: Array, end: float) -> Iterator[tuple[float, float, NDArray[np.intp], Array]]:
    """Yield (since, until, pivots, X at `since`) one after the other, until the last time lies in one."""
    pivots = qr(start.conj().T, mode="r", pivoting=True)[1][:start.shape[1]]
    x = np.linalg.solve(start[pivots].T, start.T).T
    now = 0.0
    while True:
        x[pivots] = np.eye(len(pivots))
        speed = rate[:, None] - rate[pivots]
        wait = _wait(x, speed.real)
        row, column = np.unravel_index(np.argmin(wait), wait.shape)
        until = now + wait[row, column]
        if until > now:
            yield now, until if until <= end else np.inf, pivots.copy(), x
        if until > end:
            return
        x, now = x * np.exp(np.where(x == 0, 0, speed) * (until - now)), until
        pivots[column] = row
        x = _exchanged(x, int(row), int(column))


def _wait(x: Array, growth: Real) -> Real:
    """Return the time after which each entry of X exceeds `LARGEST`: 0 where it does, infinite where it never will."""
    size = np.abs(x)
    room = np.log(LARGEST) - np.log(size, out=np.full(size.shape, -np.inf), where=size > 0)
    wait = np.full(size.shape, np.inf)
    np.divide(room, growth, out=wait, where=growth > 0)
    return np.where(room < 0, 0.0, wait)


def _exchanged(x: Array, row: int, column: int) -> Array:
    """Return X with a row made a pivot: the same range, and 1 at (row, column) with zeros beside it."""
    pivot = x[:, column] / x[row, column]
    result = x - pivot[:, None] * x[row]
    result[:, column] = pivot
    return result
