"""A cubic spline through many samples → fewer polynomials of higher degree, where these are the same function.

At a knot the third derivative of a spline jumps, and an integrator stops there. Samples that are dense on a smooth
function have jumps that no tolerance sees: one polynomial goes through many pieces of the spline.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
LOOKS = np.arange(8) / 8        # places on each piece of the spline at which both are compared


def nodes(degree: int) -> Array:
    """Return Chebyshev's points between −1 and 1, ascending.

    >>> nodes(1).round(3).tolist()
    [-0.707, 0.707]
    """
    return np.asarray(-np.cos(np.pi * (np.arange(degree + 1) + 0.5) / (degree + 1)))


def with_fewer_pieces(spline: Callable[[Array], Array], edges: Array, degree: int,
                      tolerance: float) -> tuple[Array, Array]:
    """Return (edges, coefficients) of polynomials Σ c_j u^j, −1 ≤ u ≤ 1 on each piece, that follow a spline.

    Neighbours are joined in pairs, pairs of pairs, …, as long as one polynomial goes through all of them.

    Args:
        spline: of arrays of times.
        edges: of its pieces, ascending, (n + 1,).
        degree: of the polynomials, at least 3.
        tolerance: by which they may differ.

    >>> edges, rows = with_fewer_pieces(lambda t: t**3, np.linspace(0, 2, 9), 3, 1e-12)
    >>> edges.tolist(), rows.round(12).tolist()
    ([0.0, 2.0], [[1.0, 3.0, 3.0, 1.0]])
    """
    looks = edges[:-1, None] + np.diff(edges)[:, None] * LOOKS
    values, size = spline(looks), 1
    begins, ends = np.arange(len(looks)), np.arange(1, len(looks) + 1)
    rows, done = _through(spline, edges, begins, ends, degree), list[tuple[NDArray[np.int64], Array]]()
    while len(first := np.flatnonzero((begins[:-1] % (2 * size) == 0) & (ends[:-1] == begins[1:]))):
        left, right, size = begins[first], ends[first + 1], 2 * size
        tried = _through(spline, edges, left, right, degree)
        good = _misses(tried, edges, left, right, looks, values) <= tolerance
        alone = np.ones(len(begins), dtype=bool)
        alone[first[good]] = alone[first[good] + 1] = False
        done.append((begins[alone], rows[alone]))
        begins, ends, rows = left[good], right[good], tried[good]
    starts, found = (np.concatenate(part) for part in zip(*done, (begins, rows), strict=True))
    order = np.argsort(starts)
    return np.append(edges[starts[order]], edges[-1]), found[order]


def _through(spline: Callable[[Array], Array], edges: Array, begins: Any, ends: Any, degree: int) -> Array:
    """Return the coefficients of polynomials through a spline, each over some of its pieces."""
    places = nodes(degree)
    middle, half = 0.5 * (edges[ends] + edges[begins]), 0.5 * (edges[ends] - edges[begins])
    values = spline(middle[:, None] + half[:, None] * places)
    return np.asarray(values @ np.linalg.inv(np.vander(places, increasing=True)).T)


def _misses(rows: Array, edges: Array, begins: Any, ends: Any, looks: Array, values: Array) -> Array:
    """Return by how much polynomials miss the spline, at some places on each of its pieces."""
    counts = ends - begins
    group = np.repeat(np.arange(len(counts)), counts)
    first = np.cumsum(counts) - counts
    piece = np.arange(len(group)) - first[group] + begins[group]
    u = (2 * looks[piece] - (edges[begins] + edges[ends])[group, None]) / (edges[ends] - edges[begins])[group, None]
    total = np.zeros_like(u)
    for column in rows.T[::-1]:
        total = total * u + column[group, None]
    return np.asarray(np.maximum.reduceat(abs(total - values[piece]).max(axis=1), first))
