"""States of several rows, at all their times, in one array: rows are its first axis, times its second."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from qllg_sym.algebra.fields import ByFields
from qllg_sym.observables.ensemble import Ensemble

Array = NDArray[Any]
Held = Ensemble | Array
PIECE = 2**26           # bytes of states that observables see at once


@dataclass(frozen=True, repr=False)
class Stack(ByFields):
    """States of k rows: kets with weights and background, density matrices, or classical moments.

    Attributes:
        rows: their numbers in the batch, (k,).
        counts: how many times of each row are held, (k,); what `samples` hold beyond means nothing.
        samples: kets (k, n, d, r), density matrices (k, n, d, d) or moments (k, n, N, 3).
        dims: dimensions of the sites; () for moments.
        weights: (k, r) with kets, else None.
        background: (k,) with kets, else None.
    """

    rows: Array
    counts: Array
    samples: Array
    dims: tuple[int, ...] = ()
    weights: Any = None
    background: Any = None

    @classmethod
    def of(cls, row: int, held: Held) -> "Stack":
        """Return the states of one row, without a copy.

        >>> Stack.of(3, np.zeros((2, 1, 3))).samples.shape
        (1, 2, 1, 3)
        """
        rows, counts = np.array([row]), np.array([len(held)])
        if not isinstance(held, Ensemble):
            one = cls(rows, counts, held[None])
        elif held.weighted is None:
            one = cls(rows, counts, held.density()[None], held.dims)
        else:
            kets, weights = held.weighted
            one = cls(rows, counts, kets[None], held.dims, weights[None], np.array([held.background]))
        vars(one)["_held"] = held               # it is asked for again
        return one

    def room(self, rows: Array) -> "Stack":
        """Return a stack of the same form for other rows, none of them there yet."""
        def empty(like: Any) -> Any:
            """Return room for one entry a row."""
            return None if like is None else np.zeros((len(rows), *like.shape[1:]), dtype=like.dtype)

        return replace(self, rows=rows, counts=np.zeros(len(rows), dtype=int), samples=empty(self.samples),
                       weights=empty(self.weights), background=empty(self.background))

    def put(self, part: "Stack") -> None:
        """Take the states of some of the rows, neighbours; the rows of both ascend."""
        begin = int(np.searchsorted(self.rows, part.rows[0]))
        for name in ("counts", "samples", "weights", "background"):
            if (values := getattr(part, name)) is not None:
                getattr(self, name)[begin:begin + len(part.rows)] = values

    def of_row(self, row: int) -> Held:
        """Return the states that are held of a row, by its number in the batch."""
        if (held := vars(self).get("_held")) is not None:
            return cast(Held, held)
        i = int(np.argmax(self.rows == row))
        samples = self.samples[i, :self.counts[i]]
        if not self.dims:
            return samples
        if self.weights is None:
            return Ensemble(self.dims, density=samples)
        return Ensemble(self.dims, kets=samples, weights=self.weights[i], background=float(self.background[i]))

    def take(self, chosen: Array, rows: Array) -> "Stack":
        """Return some of the rows (a mask or indices) under new numbers."""
        parts = (None if p is None else p[chosen] for p in (self.weights, self.background))
        return Stack(rows, self.counts[chosen], self.samples[chosen], self.dims, *parts)

    def last(self) -> "Stack":
        """Return nothing but the last state that each row has."""
        index = np.maximum(self.counts - 1, 0)
        samples = self.samples[np.arange(len(index)), index][:, None]
        return replace(self, counts=np.minimum(self.counts, 1), samples=samples)

    def only(self, place: int) -> "Stack":
        """Return the states at one of the times, of the rows that reached it."""
        return replace(self, counts=(self.counts > place).astype(int), samples=self.samples[:, place:place + 1])

    def pieces(self) -> Iterator[tuple[tuple[Array, Array], Held]]:
        """Yield ((rows, places in time), states) for all that is held, in pieces small in memory.

        >>> stack = Stack(np.array([4, 2]), np.array([1, 2]), np.zeros((2, 2, 1, 3)))
        >>> [(rows.tolist(), places.tolist()) for (rows, places), _ in stack.pieces()]
        [([4, 2, 2], [0, 0, 1])]
        """
        step = max(1, PIECE // max(self.samples[:1].nbytes, 1))
        for begin in range(0, len(self.rows), step):
            part = slice(begin, begin + step)
            counts, samples = self.counts[part], self.samples[part]
            held = np.arange(samples.shape[1]) < counts[:, None]
            inner, places = np.nonzero(held)
            if len(places):
                flat = samples.reshape(held.size, *samples.shape[2:]) if held.all() else samples[held]
                yield (self.rows[part][inner], places), self._states(flat, part, inner)

    def _states(self, flat: Array, part: slice, inner: Array) -> Held:
        """Return states of several rows in one row of times; kets of different weights become density matrices."""
        if not self.dims:
            return flat
        if self.weights is None:
            return Ensemble(self.dims, density=flat)
        weights, background = self.weights[part], self.background[part]
        if np.all(weights == weights[0]) and np.all(background == background[0]):
            return Ensemble(self.dims, kets=flat, weights=weights[0], background=float(background[0]))
        rho = (flat * weights[inner][:, None, :]) @ flat.conj().swapaxes(1, 2)
        d = rho.shape[1]
        rho[:, range(d), range(d)] += background[inner][:, None]
        return Ensemble(self.dims, density=rho)


def scatter(out: Array | None, places: tuple[Array, Array], values: Array, shape: tuple[int, int]) -> Array:
    """Return `out` (m, n, …) with values put at (row, place in time); made with NaN everywhere when it is None.

    >>> scatter(None, (np.array([1]), np.array([0])), np.array([5]), (2, 1)).ravel().tolist()
    [nan, 5.0]
    """
    if out is None:
        kind = values.dtype if values.dtype.kind in "fc" else np.float64
        out = np.full(shape + values.shape[1:], np.nan, dtype=kind)
    out[places] = values
    return out
