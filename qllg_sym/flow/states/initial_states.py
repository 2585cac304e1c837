"""Numbers of states, a row each: weighted orthonormal kets over a background, or classical moments."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow.states.two_levels import alike, completed, two_levels
from qllg_sym.observables.ensemble import Ensemble

Array = NDArray[Any]
ROUNDING = 1e-14        # eigenvalues closer than this are one, as doubles go
ARRAYS = ("weights", "kets", "background", "rounding", "moments")


@dataclass(frozen=True)
class InitialStates:
    """ρ_k = background_k·1 + Σ_j w_kj |kj⟩⟨kj| of rows of a batch, or of one state alone; or classical moments.

    Small amplitudes of the kets have all their digits, unless `rounding` is their absolute error.

    Attributes:
        rows: their numbers in the batch, (m,).
        weights: (m, r).
        kets: orthonormal columns, (m, d, r).
        background: (m,).
        rounding: (m,).
        moments: (m, N, 3); then the arrays above are None.
        shared: whether all rows hold the same state.
    """

    rows: Array
    weights: Any = None
    kets: Any = None
    background: Any = None
    rounding: Any = None
    moments: Any = None
    shared: bool = False

    @classmethod
    def one(cls, weights: Array, kets: Array, background: float = 0.0, rounding: float = 0.0) -> "InitialStates":
        """Return one state, of weights (r,) and orthonormal kets (d, r), as a row.

        >>> InitialStates.one(np.array([0.5]), np.eye(2, 1), 0.25).density().tolist()
        [[[0.75, 0.0], [0.0, 0.25]]]
        """
        return cls(np.zeros(1, dtype=int), weights[None], kets[None], np.array([background]), np.array([rounding]))

    @classmethod
    def classical(cls, moments: Array) -> "InitialStates":
        """Return classical moments (N, 3) as a row."""
        return cls(np.zeros(1, dtype=int), moments=moments[None])

    @classmethod
    def joined(cls, rows: Array, states: Sequence["InitialStates"]) -> "InitialStates":
        """Return states of one row each, with kets of one shape, as rows of these numbers."""
        arrays: Any = {name: np.concatenate([getattr(state, name) for state in states]) for name in ARRAYS[:4]}
        return cls(rows, **arrays)

    def repeated(self, count: int) -> "InitialStates":
        """Return the one state for many rows, without copies.

        >>> InitialStates.classical(np.zeros((2, 3))).repeated(3).moments.shape
        (3, 2, 3)
        """
        arrays: dict[str, Any] = {name: None if (array := getattr(self, name)) is None else
                                  np.broadcast_to(array, (count, *array.shape[1:])) for name in ARRAYS}
        return replace(self, rows=np.arange(count), shared=True, **arrays)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, chosen: Any) -> "InitialStates":
        """Return some of the rows: a slice, a mask or indices."""
        arrays: dict[str, Any] = {name: None if (array := getattr(self, name)) is None else array[chosen]
                                  for name in ARRAYS}
        return replace(self, rows=self.rows[chosen], **arrays)

    def ensemble(self, dims: Sequence[int]) -> Ensemble:
        """Return the quantum state of row 0 as an ensemble of one time."""
        return Ensemble(dims, kets=self.kets[:1], weights=self.weights[0], background=float(self.background[0]))

    def levels(self) -> Array:
        """Return all eigenvalues, (m, d), those of the kets first."""
        m, d, r = self.kets.shape
        return np.asarray(np.concatenate([self.weights, np.zeros((m, d - r))], axis=1) + self.background[:, None])

    def full(self) -> tuple[Array, Array]:
        """Return all eigenvalues (m, d) and eigenvectors (m, d, d), kets first."""
        weights, kets = completed(self.weights, self.kets)
        return np.asarray(weights + self.background[:, None]), kets

    def density(self) -> Array:
        """Return ρ, (m, d, d)."""
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

    @cached_property
    def two_levels(self) -> tuple[Array, Array, Array] | None:
        """(a, b, kets of P) with ρ = a + b P, as of `two_levels`, of rows that are alike; None for other spectra."""
        if not self.shared or len(self) == 1:
            return two_levels(self.weights, self.kets, self.background)
        if (found := self[:1].two_levels) is None:
            return None
        a, b, kets = (np.broadcast_to(part, (len(self), *part.shape[1:])) for part in found)
        return a, b, kets

    def projectors(self) -> tuple[Array, Array, Array]:
        """Return `two_levels` of states that have no more."""
        assert self.two_levels is not None
        return self.two_levels

    def thin(self) -> "InitialStates":
        """Return row 0, the same ρ with fewer kets: those whose level is the commonest one become background.

        >>> InitialStates.one(np.array([0.5, 0.25, 0.25]), np.eye(3, dtype=complex)).thin().kets.shape
        (1, 3, 1)
        """
        one, common = self[:1], self._common
        weights, kets = (one.weights, one.kets) if abs(one.background[0] - common) <= ROUNDING else \
            completed(one.weights, one.kets)        # else those outside the kets given stay where they are
        levels = weights[0] + one.background[0]
        moving = abs(levels - common) > ROUNDING
        own = kets[0] if moving.all() else kets[0][:, moving]       # which of a large space is not copied
        return InitialStates.one(levels[moving] - common, np.ascontiguousarray(own), common,
                                 float(one.rounding[0]))

    @property
    def rank(self) -> int:
        """How many kets `thin` has."""
        levels, common = self._some_levels, self._common
        return sum(abs(level - common) > ROUNDING for level in levels)

    @cached_property
    def _common(self) -> float:
        """The commonest level of row 0, which is the background where the kets are few."""
        _, d, r = self.kets.shape
        if 2 * r <= d:
            return float(self.background[0])
        levels = sorted(self._some_levels)
        runs = [(bisect_left(levels, x - ROUNDING), bisect_right(levels, x + ROUNDING)) for x in levels]
        first, last = max(runs, key=lambda run: run[1] - run[0])        # the lowest of the longest
        return sum(levels[first:last]) / (last - first)

    @property
    def _some_levels(self) -> list[float]:
        """The levels of row 0: of the kets, and where these are not few all others."""
        (_, d, r), background = self.kets.shape, float(self.background[0])
        return [w + background for w in self.weights[0].tolist()] + [background] * (d - r) * (2 * r > d)
