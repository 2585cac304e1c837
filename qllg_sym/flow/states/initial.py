"""Numbers of a state: weighted orthonormal kets over a background; checked, never silently normalised."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen.binding import real_array
from qllg_sym.errors import InputTypeError, StateError
from qllg_sym.flow.states.two_levels import SAME, completed, more_than_two, two_levels
from qllg_sym.model.space import Space

Array = NDArray[Any]
TOLERANCE = 1e-10       # what a state may miss norm, trace, Hermiticity and positivity by
ROUNDING = 1e-14        # eigenvalues closer than this are one, as doubles go
LARGEST_MATRIX = 4096   # dimension above which no method works on matrices: an hour a trajectory at best
LARGEST_DENSE = 1024    # dimension above which neither H nor ρ is made a matrix unasked


@dataclass(frozen=True)
class Initial:
    """ρ = background·1 + Σ w_j |j⟩⟨j| with orthonormal kets (d, r).

    Small amplitudes of the kets have all their digits, unless `rounding` is their absolute error.
    """

    weights: Array
    kets: Array
    background: float
    rounding: float = 0.0

    @property
    def levels(self) -> Array:
        """Eigenvalues of ρ, all d of them, descending."""
        d, r = self.kets.shape
        return np.sort(np.concatenate([self.weights, np.zeros(d - r)]) + self.background)[::-1]

    @property
    def density(self) -> Array:
        """ρ, (d, d)."""
        d = len(self.kets)
        return np.asarray(np.eye(d) * self.background + (self.kets * self.weights) @ self.kets.conj().T)

    def full(self) -> tuple[Array, Array]:
        """Return all eigenvalues (d,) and eigenvectors (d, d), kets first."""
        weights, kets = completed(self.weights[None], self.kets[None])
        return weights[0] + self.background, kets[0]

    def two_valued(self) -> tuple[float, float, Array] | None:
        """Return (a, b, kets) with ρ = a + b P, P the projector on at most d/2 kets; None for other spectra."""
        return self._two_levels

    @cached_property
    def _two_levels(self) -> tuple[float, float, Array] | None:
        """The same, found once: what chooses a method asks for it, and then the method."""
        weights, d = self.weights.tolist(), len(self.kets)
        if more_than_two(weights, d):
            return None
        if len(weights) == 1 and d > 1 and weights[0] > SAME:       # a pure state, and what is like it
            return float(self.background), weights[0], np.ascontiguousarray(self.kets)
        found = two_levels(self.weights[None], self.kets[None], np.array([self.background]))
        return None if found is None else (float(found[0][0]), float(found[1][0]), np.ascontiguousarray(found[2][0]))

    def thin(self) -> "Initial":
        """Return the same ρ with fewer kets: those whose level is the commonest one become background.

        >>> Initial(np.array([0.5, 0.25, 0.25]), np.eye(3, dtype=complex), 0.0).thin().kets.shape
        (3, 1)
        """
        levels, vectors, common = self.weights + self.background, self.kets, self._common
        if 2 * len(levels) > len(vectors):
            levels, vectors = self.full()
        moving = abs(levels - common) > ROUNDING
        return Initial(levels[moving] - common, np.ascontiguousarray(vectors[:, moving]), common, self.rounding)

    @property
    def rank(self) -> int:
        """How many kets `thin` has."""
        d, r = self.kets.shape
        levels = [w + self.background for w in self.weights.tolist()] + [self.background] * (d - r) * (2 * r > d)
        common = self._common
        return sum(abs(level - common) > ROUNDING for level in levels)

    @cached_property
    def _common(self) -> float:
        """The commonest level, which is the background where the kets are few."""
        d, r = self.kets.shape
        if 2 * r <= d:
            return self.background
        levels = sorted([w + self.background for w in self.weights.tolist()] + [self.background] * (d - r))
        runs = [(bisect_left(levels, x - ROUNDING), bisect_right(levels, x + ROUNDING)) for x in levels]
        first, last = max(runs, key=lambda run: run[1] - run[0])        # the lowest of the longest
        return sum(levels[first:last]) / (last - first)


def from_density(array: Array, space: Space) -> Initial:
    """Return the eigen-decomposition of a checked density matrix (d, d), or of a ket (d, 1)."""
    if array.shape[1] == 1 and space.dimension > 1:
        return pure_state(array[:, 0])
    skew = float(abs(array - array.conj().T).max())
    if skew > TOLERANCE:
        raise StateError(f"`state` must be Hermitian within {TOLERANCE:g}, but ρ − ρ† has an entry of size {skew:.3g}; "
                         "give (ρ + ρ†)/2.")
    levels, vectors = np.linalg.eigh((array + array.conj().T) / 2)
    check_levels(float(levels.sum()), float(levels[0]))
    return Initial(levels[::-1].copy(), vectors[:, ::-1].astype(complex), 0.0, float(np.finfo(float).eps))


def pure_state(ket: Array) -> Initial:
    """Return a pure state; a norm off by rounding is kept as the trace.

    Raises:
        StateError: another norm than 1.

    >>> pure_state(np.array([0.6, 0.8j])).levels.tolist()
    [1.0, 0.0]
    """
    norm = float(np.linalg.norm(ket))
    if abs(norm - 1) > TOLERANCE:
        raise StateError(f"`state` must have norm 1 within {TOLERANCE:g}, but the ket has norm {norm:.12g}; "
                         "divide it by its norm.")
    return Initial(np.array([norm**2]), (ket / norm)[:, None].astype(complex), 0.0)


def check_levels(trace: float, lowest: float) -> None:
    """Refuse levels that are no probabilities.

    >>> check_levels(1.0, 0.0)
    """
    if abs(trace - 1) > TOLERANCE:
        raise StateError(f"`state` must have trace 1 within {TOLERANCE:g}, but has trace {trace:.12g}; "
                         "divide it by its trace.")
    if lowest < -TOLERANCE:
        raise StateError(f"`state` must have no negative eigenvalue below −{TOLERANCE:g}, but has {lowest:.6g}; "
                         "give a positive matrix.")


def spanned(weights: Array, kets: Array, background: float, space: Space) -> Initial:
    """Return background·1 + Σ w_j |j⟩⟨j| of any kets (d, r): re-diagonalised in their span, ρ kept exactly.

    Raises:
        StateError: kets of another space, or no state.

    >>> spanned(np.array([0.5, 0.5]), np.eye(2, dtype=complex), 0.0, Space("1/2")).weights.tolist()
    [0.5, 0.5]
    """
    d, r = kets.shape
    if d != space.dimension:
        raise StateError(f"`kets` must have {space.dimension} rows for {space}, but have {d}; give (d, r) columns.")
    q, triangle = np.linalg.qr(kets)
    found, rotation = np.linalg.eigh((triangle * weights) @ triangle.conj().T)
    check_levels(float(found.sum()) + d * background, background + min([*found, *[0.0] * (r < d)]))
    return Initial(found[::-1].copy(), np.ascontiguousarray((q @ rotation)[:, ::-1]), background)


def check_moments(state: Any, sites: int) -> Array:
    """Return classical unit moments (N, 3).

    Raises:
        StateError: another shape, or lengths other than 1 within 1e-10.

    >>> check_moments([[0, 0, 1]], 1).shape
    (1, 3)
    """
    moments = real_array(state)
    if moments is None:
        raise InputTypeError(f"`state` must be {sites} moments, one row of three a site, for a classical law, but is "
                             f"of type {type(state).__name__}; give an array of shape ({sites}, 3)"
                             f"{', such as its `directions`' if hasattr(state, 'directions') else ''}.")
    if moments.shape != (sites, 3):
        raise StateError(f"`state` must have shape ({sites}, 3) for a classical law, but has {moments.shape}; "
                         "give one row a site.")
    lengths = np.linalg.norm(moments, axis=1)
    wrong = np.flatnonzero(~(abs(lengths - 1) <= TOLERANCE))
    if len(wrong):
        others = f" (and {len(wrong) - 1} more are wrong)" if len(wrong) > 1 else ""
        raise StateError(f"`state` must hold unit moments within {TOLERANCE:g}, but that of site {wrong[0]} has length "
                         f"{lengths[wrong[0]]:.12g}{others}; divide each row by its length.")
    return moments
