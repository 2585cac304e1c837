"""exp(diag(rate) t) of spaces in doubles: many rows at many times, without overflow and without steps in time.

Where an entry of a row's chart would outgrow `LARGEST`, its row becomes a pivot. So X stays well conditioned, the
exponents stay bounded at any t, and one chart serves all times up to the next exchange.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow.exact.pivoting import charted, exchange, speeds

Array = NDArray[Any]
Real = NDArray[np.float64]
LARGEST = 2.0       # above 1, so that an exchange enlarges the pivots' determinant: exchanges end
FEW = 2             # columns that are orthonormalised without LAPACK, whose calls cost more than what they do
BLOCK = 2**16       # entries of X that are worked on at a time: they stay in the cache


def bases(rate: Array, start: Array, elapsed: Real) -> Iterator[Array]:
    """Yield orthonormal bases of exp(diag(rate) t) range(start), (m, k, d, r), the times in order, a block a time.

    Args:
        rate: (m, d), complex, 1/time.
        start: (m, d, r), columns that span the spaces at t = 0; independent.
        elapsed: (n,), from 0 upwards.

    >>> late = next(bases(np.array([[0.0, 1.0 + 2j]]), np.array([[[1.0], [1e-9]]]), np.array([1e9])))
    >>> abs(late[0, 0, :, 0]).tolist()
    [0.0, 1.0]
    """
    m, d, r = start.shape
    if r == 0:
        yield np.zeros((m, len(elapsed), d, r), dtype=complex)
        return
    walk, size = _Walk(rate, start), max(1, BLOCK // start.size)
    for k in range(0, len(elapsed), size):
        yield _orthonormal(walk.on(elapsed[k:k + size]))


class _Walk:
    """The charts of all rows, each of them going from exchange to exchange.

    Attributes:
        since: from which time each chart holds, where X is given, (m,).
        until: the time at which an entry outgrows `LARGEST`, (m,).
    """

    def __init__(self, rate: Array, start: Array) -> None:
        m, d, r = start.shape
        self._rate, self.since, self.until = rate, np.zeros(m), np.zeros(m)
        self._pivots, self._x = charted(start.astype(complex), lambda x: x.real**2 + x.imag**2)
        self._speed, self._next = np.empty((m, d, r), dtype=complex), np.zeros((2, m), dtype=np.intp)
        self._look(slice(None))

    def on(self, times: Real) -> Array:
        """Return X at times that follow those before, (m, k, d, r)."""
        found = np.empty((len(self._x), len(times), *self._x.shape[1:]), dtype=complex)
        flat = found.reshape(-1, *self._x.shape[1:])
        rows, first = np.arange(len(found)), np.zeros(len(found), dtype=np.intp)
        while True:
            last = np.maximum(np.searchsorted(times, self.until[rows]), first)
            row, k = np.repeat(rows, last - first), _ranges(first, last)
            waited = (times.take(k) - self.since.take(row))[:, None, None]
            flat[row * len(times) + k] = self._x.take(row, axis=0) * np.exp(self._speed.take(row, axis=0) * waited)
            left = last < len(times)
            rows, first = rows[left], last[left]
            if not len(rows):
                return found
            self._exchange(rows if len(rows) < len(found) else slice(None))

    def _exchange(self, rows: Any) -> None:
        """Go to the next chart of some rows."""
        waited = (self.until - self.since)[rows, None, None]
        (row, column), x = self._next[:, rows], self._x[rows] * np.exp(self._speed[rows] * waited)
        exchange(x, row, column)
        self._x[rows], self.since[rows] = x, self.until[rows]
        self._pivots[np.arange(len(self._x))[rows], column] = row
        self._look(rows)

    def _look(self, rows: Any) -> None:
        """Find out how long the charts of some rows hold, and which entry outgrows the others."""
        x = self._x[rows]
        self._speed[rows] = speed = speeds(x, self._pivots[rows], self._rate[rows])
        wait = _wait(x, speed.real).reshape(len(x), -1)
        least = np.argmin(wait, axis=1)
        self._next[:, rows] = np.divmod(least, x.shape[2])
        self.until[rows] = self.since[rows] + wait[np.arange(len(x)), least]


def _ranges(first: Array, last: Array) -> Array:
    """Return first, …, last − 1 of each row, one after the other.

    >>> _ranges(np.array([0, 5]), np.array([2, 8])).tolist()
    [0, 1, 5, 6, 7]
    """
    ends = np.cumsum(last - first)
    return np.arange(ends[-1]) + np.repeat(last - ends, last - first)


def _wait(x: Array, growth: Real) -> Real:
    """Return the time after which each entry of X exceeds `LARGEST`: 0 where it does, infinite where it never will."""
    with np.errstate(divide="ignore"):      # the logarithm of zero: it stays zero
        room = np.log(LARGEST) - np.log(abs(x))
    wait = np.divide(room, growth, out=np.full(x.shape, np.inf), where=growth > 0)
    return np.where(room < 0, 0.0, wait)


def _orthonormal(x: Array) -> Array:
    """Return orthonormal bases of the ranges of columns, (m, k, d, r), perhaps in place."""
    if x.shape[3] > FEW:
        return np.linalg.qr(x)[0]
    for j in range(x.shape[3]):
        column = x[..., j]
        for before in (x[..., i] for i in range(j)):
            column -= np.einsum("mkd,mkd->mk", before.conj(), column)[..., None] * before
        size = sum(np.einsum("mkd,mkd->mk", part, part) for part in (column.real, column.imag))
        column /= np.sqrt(size)[..., None]
    return x
