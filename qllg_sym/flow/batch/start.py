"""States of many rows as stacked arrays: what `Initial` is for one."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow.states.initial import Initial
from qllg_sym.flow.states.two_levels import alike, completed, two_levels

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
        rounding: absolute error of small amplitudes of the kets, (k,), or one for all.
    """

    rows: Array
    weights: Any = None
    kets: Any = None
    background: Any = None
    moments: Any = None
    shared: bool = False
    rounding: Any = 0.0

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
        return cls(rows, weights, kets, np.broadcast_to(initial.background, m), shared=True,
                   rounding=initial.rounding)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, chosen: Any) -> "Start":
        """Return some of the rows: a slice, a mask or indices."""
        parts: dict[str, Any] = {name: None if (part := getattr(self, name)) is None else part[chosen]
                                 for name in ("weights", "kets", "background", "moments")}
        rounding = self.rounding[chosen] if np.ndim(self.rounding) else self.rounding
        return replace(self, rows=self.rows[chosen], rounding=rounding, **parts)

    def initial(self, i: int) -> Initial | None:
        """Return the i-th of these rows as a state of its own."""
        if self.moments is not None:
            return None
        rounding = np.broadcast_to(self.rounding, len(self))[i]
        return Initial(self.weights[i], self.kets[i], float(self.background[i]), float(rounding))

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

    def alike(self) -> list["Start"]:
        """Return the rows split by how their spectrum falls into two values, if it does.

        >>> twice, once = [0.5, 0.5], [0.7, 0.3]
        >>> start = Start(np.arange(3), np.array([twice, once, twice]), np.tile(np.eye(2), (3, 1, 1)), np.zeros(3))
        >>> [part.rows.tolist() for part in start.alike()]
        [[1], [0, 2]]
        """
        if self.shared or self.moments is not None:
            return [self]
        parts = alike(self.weights, self.kets.shape[1])
        return [self[rows] for rows in parts] if len(parts) > 1 else [self]

    def projectors(self) -> tuple[Array, Array, Array]:
        """Return (a, b, kets) with ρ = a + b P for rows that are two-valued alike, as `Initial.two_valued` does.

        Returns:
            a (k,), b (k,), and orthonormal columns (k, d, r) of P, r at most d/2.
        """
        one = slice(0, 1) if self.shared else slice(None)
        found, m = two_levels(self.weights[one], self.kets[one], self.background[one]), len(self)
        assert found is not None
        a, b, kets = (np.broadcast_to(part, (m, *part.shape[1:])) for part in found)
        return a, b, kets
