"""Pairs of sites of a lattice, with the dipole tensor between them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qllg_sym.errors import ModelError
from qllg_sym.geometry.dipoles import dipole_tensors
from qllg_sym.geometry.grid import Array, Geometry

ONE_PLACE = 1e-9        # of the size of the whole: sites that are nearer are at one place
EQUAL = 1e-13           # of the same: displacements that differ by less are one


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs by their tensors.

    Attributes:
        sites: (n, 2).
        which: (n,), the tensor of each.
        tensors: (k, 3, 3).
        own: of a site with its images, (3, 3).
        chosen: the sites that were asked for.
    """

    sites: Array
    which: Array
    tensors: Array
    own: Array
    chosen: list[int]


def pairs_of(geometry: Geometry, touching: Sequence[int] | None = None, most: int | None = None) -> Pairs:
    """Return each pair once: all, or those with one of some sites, or the first `most` of them.

    Raises:
        ModelError: two sites at one place.

    >>> from qllg_sym.geometry.grid import positioned
    >>> found = pairs_of(positioned([(0, 0, 0), (1, 0, 0), (2, 0, 0)], 3), [1])
    >>> found.sites.tolist(), found.which.tolist(), found.tensors[0].diagonal().tolist()
    ([[1, 0], [1, 2]], [0, 1], [-2.0, 1.0, 1.0])
    """
    n = len(geometry.positions)
    chosen = list(range(n)) if touching is None else sorted(touching)
    rank = np.full(n, n)
    rank[chosen] = np.arange(len(chosen))
    parts = [np.stack([np.full(len(others), i), others], axis=1) for i in chosen
             for others in (np.flatnonzero(rank > rank[i]),)]
    sites = np.concatenate([np.zeros((0, 2), dtype=np.intp), *parts])[:most]
    d = geometry.positions[sites[:, 1]] - geometry.positions[sites[:, 0]]
    scale = max(np.ptp(geometry.positions, axis=0).max(initial=0.0), abs(geometry.vectors).max(initial=0.0))
    with np.errstate(over="ignore"):
        distances = np.linalg.norm(_nearest(d, geometry.vectors), axis=1)
    if (close := np.flatnonzero(distances <= ONE_PLACE * scale)).size:
        i, j = sites[close[0]].tolist()
        raise ModelError(f"`sites` must be at different places, but {i} and {j} are at one; move one of them.")
    _, first, which = np.unique(np.rint(d / (EQUAL * (scale or 1.0))), axis=0, return_index=True, return_inverse=True)
    with np.errstate(all="ignore"):
        tensors = dipole_tensors(geometry, np.concatenate([d[first], np.zeros((1, 3))]))
    if not np.isfinite(tensors).all():
        raise ModelError(f"`sites` must be at distances whose cubes are doubles, but the whole is of size {scale:g}; "
                         "take another unit of length.")
    return Pairs(sites, which.ravel(), tensors[:-1], tensors[-1], chosen)


def _nearest(d: Array, vectors: Array) -> Array:
    """Displacements brought near zero by the vectors of the lattice."""
    if not len(vectors):
        return d
    return np.asarray(d - np.rint(d @ np.linalg.pinv(vectors)) @ vectors)
