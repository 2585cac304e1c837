"""ρ = a + b P with a projector P: the splitting of states into two levels, of the rows of a batch or of one alone.

Every state is background·1 + Σ w_j |j⟩⟨j| with r orthonormal kets in d dimensions; the d − r levels left are zeros.
"""

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
SAME = 1e-12            # eigenvalues closer than this count as one


def lower_counts(weights: Array, dimension: int) -> NDArray[np.intp]:
    """Return how many of the d levels of each row are the lower ones of two: d where all are one, −1 for three.

    Args:
        weights: (m, r).
        dimension: d.

    >>> lower_counts(np.array([[0.5, 0.5], [0.7, 0.3], [0.0, 0.0], [-0.1, -0.1]]), 3).tolist()
    [1, -1, 3, 2]
    """
    (m, r), zero = weights.shape, np.zeros((len(weights), min(1, dimension - weights.shape[1])))
    levels = np.sort(np.concatenate([weights, zero], axis=1), axis=1)       # one zero stands for all of them
    jumps, last = np.diff(levels, axis=1) > SAME, levels.shape[1] - 1
    upper = np.where(count := jumps.sum(axis=1), np.argmax(jumps, axis=1) + 1 if last else 0, 0)
    start, below = (levels[np.arange(m), place] for place in (upper, np.maximum(upper - 1, 0)))
    wide = (levels[:, last] - start > SAME) | (below - levels[:, 0] > SAME)
    lower = upper + np.where(start > 0, max(dimension - r - 1, 0), 0)
    return np.where((count > 1) | wide, -1, np.where(count, lower, dimension))


def more_than_two(weights: list[float], dimension: int) -> bool:
    """Return whether the levels of one row are three or more, as `lower_counts` counts them; but not how they fall.

    >>> more_than_two([0.5, 0.5], 3), more_than_two([0.7, 0.3], 3)
    (False, True)
    """
    levels = sorted(weights + [0.0] * (dimension > len(weights)))
    return sum(high - low > SAME for low, high in pairwise(levels)) > 1


def alike(weights: Array, dimension: int) -> list[Array]:
    """Return the rows in groups whose levels fall into two alike, or all do not, as indices."""
    counts = lower_counts(weights, dimension)
    return [np.flatnonzero(counts == each) for each in np.unique(counts)]


def two_levels(weights: Array, kets: Array, background: Array) -> tuple[Array, Array, Array] | None:
    """Return (a, b, kets of P) of rows that `alike` puts into one group; None where they have three levels or more.

    Args:
        weights: (m, r).
        kets: (m, d, r), orthonormal.
        background: (m,).

    Returns:
        a (m,), b (m,), and orthonormal columns (m, d, p) with p ≤ d/2; others than those given where r > d/2 alone.

    >>> a, b, kets = two_levels(np.array([[0.75, 0.75]]), np.eye(3)[None, :, 1:], np.array([-0.25]))
    >>> a.tolist(), b.tolist(), abs(kets[0, :, 0]).tolist()
    ([0.5], [-0.75], [1.0, 0.0, 0.0])
    """
    _, d, r = kets.shape
    if more_than_two(weights[0].tolist(), d):
        return None
    if r == 1 < d and weights.min() > SAME:                 # pure states, and what is like them
        return background, weights[:, 0], kets
    if (lower := int(lower_counts(weights[:1], d)[0])) < 0:
        return None
    if 2 * r > d:
        weights, kets = completed(weights, kets)
    order, held = np.argsort(weights, axis=1), weights.shape[1]
    weights = np.take_along_axis(weights, order, axis=1)
    few = slice(held - (d - lower), held) if 2 * lower >= d else slice(0, lower)
    count = few.stop - few.start
    inside = weights[:, few].sum(axis=1)
    rest = (weights.sum(axis=1) - inside) / (d - count)
    b = inside / count - rest if count else np.zeros_like(rest)
    chosen = np.take_along_axis(kets, order[:, None, few], axis=2) if held else kets    # d may be beyond memory
    return background + rest, b, chosen


def completed(weights: Array, kets: Array) -> tuple[Array, Array]:
    """Return all d weights (m, d) and orthonormal kets (m, d, d), those given first.

    >>> completed(np.array([[0.5]]), np.array([[[1.0], [0.0]]]))[0].tolist()
    [[0.5, 0.0]]
    """
    m, d, r = kets.shape
    if r == d:
        return weights, kets
    rest = np.linalg.qr(kets, mode="complete")[0][:, :, r:] if r else np.broadcast_to(np.eye(d, dtype=complex),
                                                                                      (m, d, d))
    return np.concatenate([weights, np.zeros((m, d - r))], axis=1), np.concatenate([kets, rest], axis=2)
