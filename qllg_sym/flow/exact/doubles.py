r"""range P(t) = exp(−i c H t/ħ) range P(0) in doubles: many rows at many times, without overflow or steps in time.

In the eigenbasis of H the flow multiplies amplitudes by exp(rate t). Where an entry of a row's chart would outgrow
`LARGEST`, its row becomes a pivot. So X stays well conditioned, the exponents stay bounded at any t, and one chart
serves all times up to the next exchange. A ket that is an eigenvector of H to the last bit stays where it is.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow.exact.charts import charted, exchange, speeds
from qllg_sym.flow.exact.eigenbasis import EPSILON, eigenbasis, noise, rests

Array = NDArray[Any]
Real = NDArray[np.float64]
LARGEST = 2.0       # above 1, so that an exchange enlarges the pivots' determinant: exchanges end
FEW = 2             # columns that are orthonormalised without LAPACK, whose calls cost more than what they do
BLOCK = 2**16       # entries of X that are worked on at a time: they stay in the cache


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


def _parts(x: Array) -> Real:
    """Return real and imaginary parts of columns, (m, k, d·r·2)."""
    return np.ascontiguousarray(x).view(float).reshape(*x.shape[:2], -1)


def _turned(vectors: Array, amplitudes: Array) -> Array:
    """Return the kets of amplitudes in the eigenbasis, (m, k, d, r)."""
    if amplitudes.shape[3] == 1:            # one product for all times
        return np.asarray((amplitudes[..., 0] @ vectors.swapaxes(1, 2))[..., None])
    return np.asarray(vectors[:, None] @ amplitudes)
