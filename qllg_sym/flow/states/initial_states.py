"""States of many rows as stacked arrays: what `Initial` is for one."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow.states.initial import Initial
from qllg_sym.flow.states.two_levels import alike, completed, two_levels

Array = NDArray[Any]
PARTS = ("weights", "kets", "background", "rounding", "moments")


@dataclass(frozen=True)
class InitialStates:
    """ρ_k = background_k·1 + Σ_j w_kj |kj⟩⟨kj| of some rows of a batch, or classical moments.

    Attributes:
        rows: their numbers in the batch, (k,).
        weights: (k, r).
        kets: orthonormal columns, (k, d, r).
        background: (k,).
        moments: (k, N, 3); then the other arrays are None.
        shared: whether all rows hold the same state.
        rounding: absolute error of small amplitudes of the kets, (k,).
    """

    rows: Array
    weights: Any = None
    kets: Any = None
    background: Any = None
    moments: Any = None
    shared: bool = False
    rounding: Any = None

    @classmethod
    def one(cls, state: Initial | Array) -> "InitialStates":
        """Return one state, or classical moments (N, 3), as a row.

        >>> len(InitialStates.one(np.zeros((2, 3))))
        1
        """
        rows = np.zeros(1, dtype=int)
        if not isinstance(state, Initial):
            return cls(rows, moments=state[None])
        start = cls(rows, state.weights[None], state.kets[None], np.array([state.background]),
                    rounding=np.array([state.rounding]))
        vars(start)["first"] = state            # what it has found out is kept
        return start

    def repeated(self, count: int) -> "InitialStates":
        """Return the one state for many rows, without copies.

        >>> InitialStates.one(np.zeros((2, 3))).repeated(3).moments.shape
        (3, 2, 3)
        """
        parts: dict[str, Any] = {name: None if (part := getattr(self, name)) is None else
                                 np.broadcast_to(part, (count, *part.shape[1:])) for name in PARTS}
        return replace(self, rows=np.arange(count), shared=True, **parts)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, chosen: Any) -> "InitialStates":
        """Return some of the rows: a slice, a mask or indices."""
        parts: dict[str, Any] = {name: None if (part := getattr(self, name)) is None else part[chosen]
                                 for name in PARTS}
        return replace(self, rows=self.rows[chosen], **parts)

    def row(self, i: int) -> Initial | Array:
        """Return the i-th of these rows as a state of its own, or as moments (N, 3)."""
        if self.moments is not None:
            return np.asarray(self.moments[i])
        return Initial(self.weights[i], self.kets[i], float(self.background[i]), float(self.rounding[i]))

    @cached_property
    def first(self) -> Any:
        """Row 0 as a state of its own, or as moments (N, 3)."""
        return self.row(0)

    def levels(self) -> Array:
        """Return all eigenvalues, (k, d), those of the kets first."""
        k, d, r = self.kets.shape
        return np.asarray(np.concatenate([self.weights, np.zeros((k, d - r))], axis=1) + self.background[:, None])

    def full(self) -> tuple[Array, Array]:
        """Return all eigenvalues (k, d) and eigenvectors (k, d, d), kets first."""
        weights, kets = completed(self.weights, self.kets)
        return np.asarray(weights + self.background[:, None]), kets

    def density(self) -> Array:
        """Return ρ, (k, d, d)."""
        d = self.kets.shape[1]
        plain = (self.kets * self.weights[:, None, :]) @ self.kets.conj().swapaxes(1, 2)
        return np.asarray(plain + self.background[:, None, None] * np.eye(d))

    def alike(self) -> list[Array]:
        """Return the places of rows whose spectrum falls into two values alike, or does not, in groups.

        >>> twice, once = [0.5, 0.5], [0.7, 0.3]
        >>> weights, kets = np.array([twice, once, twice]), np.tile(np.eye(2), (3, 1, 1))
        >>> start = InitialStates(np.arange(3), weights, kets, np.zeros(3))
        >>> [places.tolist() for places in start.alike()]
        [[1], [0, 2]]
        """
        if self.shared or self.moments is not None or len(self) == 1:
            return [np.arange(len(self))]
        return alike(self.weights, self.kets.shape[1])

    def projectors(self) -> tuple[Array, Array, Array]:
        """Return (a, b, kets) with ρ = a + b P for rows that are two-valued alike, as `Initial.two_valued` does.

        Returns:
            a (k,), b (k,), and orthonormal columns (k, d, r) of P, r at most d/2.
        """
        if self.shared or len(self) == 1:
            found = None if (first := self.first.two_valued()) is None else tuple(np.asarray(x)[None] for x in first)
        else:
            found = two_levels(self.weights, self.kets, self.background)
        assert found is not None
        a, b, kets = (np.broadcast_to(part, (len(self), *part.shape[1:])) for part in found)
        return a, b, kets
