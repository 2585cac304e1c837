"""States of many rows as stacked arrays: what `Initial` is for one."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow.states.initial import SAME, Initial

Array = NDArray[Any]


@dataclass(frozen=True)
class Start:
    """ρ_k = background_k·1 + Σ_j w_kj |kj⟩⟨kj| of some rows of a batch, or classical moments.

    Attributes:
        rows: their numbers in the batch, (k,).
        weights: (k, r).
        kets: orthonormal columns, (k, d, r).
        background: (k,).
        moments: (k, N, 3); then the other three are None.
        shared: whether all rows hold the same state.
    """

    rows: Array
    weights: Any = None
    kets: Any = None
    background: Any = None
    moments: Any = None
    shared: bool = False

    @classmethod
    def repeated(cls, rows: Array, initial: Initial | None, moments: Array | None) -> "Start":
        """Return one state for all rows, without copies.

        >>> Start.repeated(np.arange(3), None, np.zeros((2, 3))).moments.shape
        (3, 2, 3)
        """
        m = len(rows)
        if moments is not None:
            return cls(rows, moments=np.broadcast_to(moments, (m, *np.shape(moments))), shared=True)
        assert initial is not None
        weights, kets = (np.broadcast_to(a, (m, *a.shape)) for a in (initial.weights, initial.kets))
        return cls(rows, weights, kets, np.broadcast_to(initial.background, m), shared=True)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, chosen: Any) -> "Start":
        """Return some of the rows: a slice, a mask or indices."""
        parts: dict[str, Any] = {name: None if (part := getattr(self, name)) is None else part[chosen]
                                 for name in ("weights", "kets", "background", "moments")}
        return replace(self, rows=self.rows[chosen], **parts)

    def initial(self, i: int) -> Initial | None:
        """Return the i-th of these rows as a state of its own."""
        return None if self.moments is not None else Initial(self.weights[i], self.kets[i], float(self.background[i]))

    def levels(self) -> Array:
        """Return all eigenvalues, (k, d), those of the kets first."""
        k, d, r = self.kets.shape
        return np.asarray(np.concatenate([self.weights, np.zeros((k, d - r))], axis=1) + self.background[:, None])

    def full(self) -> tuple[Array, Array]:
        """Return all eigenvalues (k, d) and eigenvectors (k, d, d), kets first."""
        (k, d, r), levels = self.kets.shape, self.levels()
        if r == d:
            return levels, self.kets
        rest = np.linalg.qr(self.kets, mode="complete")[0][:, :, r:] if r else np.tile(np.eye(d, dtype=complex),
                                                                                       (k, 1, 1))
        return levels, np.concatenate([self.kets, rest], axis=2)

    def density(self) -> Array:
        """Return ρ, (k, d, d)."""
        d = self.kets.shape[1]
        plain = (self.kets * self.weights[:, None, :]) @ self.kets.conj().swapaxes(1, 2)
        return np.asarray(plain + self.background[:, None, None] * np.eye(d))

    def alike(self) -> list["Start"]:
        """Return the rows split by how their spectrum falls into two values, if it does.

        >>> twice, once = [0.5, 0.5], [0.7, 0.3]
        >>> start = Start(np.arange(3), np.array([twice, once, twice]), np.tile(np.eye(2), (3, 1, 1)), np.zeros(3))
        >>> [part.rows.tolist() for part in start.alike()]
        [[0, 2], [1]]
        """
        if self.shared or self.moments is not None:
            return [self]
        d, r = self.kets.shape[1:]
        rest = np.zeros((len(self), min(1, d - r)))             # one zero stands for all
        levels = np.sort(np.concatenate([self.weights, rest], axis=1), axis=1)
        jumps = np.diff(levels, axis=1) > SAME
        count = jumps.sum(axis=1)
        two_valued = (count == 1) | ((count == 0) & (np.ptp(levels, axis=1) <= SAME))
        place = np.where(count == 1, np.argmax(jumps, axis=1) + 1 if jumps.size else 0, 0)
        below = np.take_along_axis(levels, np.maximum(place - 1, 0)[:, None], axis=1)[:, 0]
        kind = np.where(two_valued, 2 * place + (below >= 0), -1)       # the zeros lie below the jump, or above it
        return [self[kind == each] for each in np.unique(kind)]

    def projectors(self) -> tuple[Array, Array, Array]:
        """Return (a, b, kets) with ρ = a + b P for rows that are two-valued alike, as `Initial.two_valued` does.

        Returns:
            a (k,), b (k,), and orthonormal columns (k, d, r) of P, r at most d/2.
        """
        levels, vectors = self.full()
        order = np.argsort(levels, axis=1)
        levels = np.take_along_axis(levels, order, axis=1)
        vectors = np.take_along_axis(vectors, order[:, None, :], axis=2)
        jumps = np.flatnonzero(np.diff(levels[0]) > SAME)
        cut = int(jumps[0]) + 1 if len(jumps) else 0
        low, high = levels[:, :cut or None].mean(axis=1), levels[:, cut:].mean(axis=1)
        if levels.shape[1] - cut <= cut:
            return low, high - low, vectors[:, :, cut:]
        return high, low - high if cut else np.zeros(len(self)), vectors[:, :, :cut]
