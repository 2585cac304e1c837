"""Where sites are, how a lattice repeats, and which of its sites are joined."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from qllg_sym.errors import InputTypeError, ModelError

Array = NDArray[Any]
Vector = tuple[sp.Expr, ...]
Steps = Sequence[tuple[int, ...]]
SAME_DIRECTION = 1e-9       # least singular value of unit vectors that are not in one line or plane


@dataclass(frozen=True, eq=False)
class Geometry:
    """Positions of sites, and how a regular lattice repeats.

    Attributes:
        positions: (n, 3), in lattice constants.
        primitive: the primitive vectors, (k, 3); none where the sites are no regular lattice.
        shape: how many cells along each of them; site numbers run fastest along the first.
        periodic: whether each direction is closed to a ring.
    """

    positions: Array
    primitive: Array
    shape: tuple[int, ...] = ()
    periodic: tuple[bool, ...] = ()

    @property
    def is_regular(self) -> bool:
        """Whether there is one site in every cell."""
        return int(np.prod(self.shape)) == len(self.positions) if self.shape else False

    @property
    def vectors(self) -> Array:
        """The vectors by which the lattice repeats, those of closed directions, (m, 3)."""
        closed = [n * a for n, a, ring in zip(self.shape, self.primitive, self.periodic, strict=True) if ring]
        return np.array(closed).reshape(-1, 3)


def grid(shape: Sequence[int], primitive: Any, periodic: Sequence[bool]) -> Geometry:
    """Return a regular lattice; sites are numbered fastest along the first vector.

    >>> grid((2, 2), [(1, 0, 0), (0, 1, 0)], (False, False)).positions[1:3].tolist()
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
    """
    vectors = np.array(primitive, dtype=float).reshape(-1, 3)
    return Geometry(_frozen(cells(shape) @ vectors), vectors, tuple(shape), tuple(periodic))


def cells(shape: Sequence[int]) -> Array:
    """Return the coordinates of all cells, (n, k), the first running fastest."""
    return np.stack(np.unravel_index(np.arange(int(np.prod(shape))), tuple(shape), order="F"), axis=1)


def positioned(positions: Any, sites: int) -> Geometry:
    """Return sites at positions.

    Raises:
        InputTypeError: positions that are no numbers.
        ModelError: not three for each site.

    >>> positioned([(0, 0, 0), (1, 0, 0)], 2).positions.shape
    (2, 3)
    """
    try:
        found = np.array(positions, dtype=float)
    except (TypeError, ValueError):
        raise InputTypeError(f"`positions` must be three real numbers a site, but is of type "
                             f"{type(positions).__name__}; give an array of shape ({sites}, 3).") from None
    if found.shape != (sites, 3) or not np.isfinite(found).all():
        what = f"has the shape {found.shape}" if found.shape != (sites, 3) else "is not finite everywhere"
        raise ModelError(f"`positions` must be three finite numbers for each of {sites} sites, but {what}; give an "
                         f"array of shape ({sites}, 3).")
    return Geometry(_frozen(found), np.zeros((0, 3)))


def _frozen(array: Array) -> Array:
    """An array that nobody changes."""
    array.flags.writeable = False
    return array


def repeating(geometry: Geometry, vectors: Any) -> Geometry:
    """Return sites that repeat by vectors, (m, 3).

    Raises:
        ModelError: no rows of three finite numbers.

    >>> repeating(positioned([(0, 0, 0)], 1), [(2, 0, 0)]).vectors.tolist()
    [[2.0, 0.0, 0.0]]
    """
    try:
        found = np.array(vectors, dtype=float)
    except (TypeError, ValueError):
        found = np.full((1, 3), np.nan)
    found = found.reshape(-1, 3) if found.size % 3 == 0 else np.full((1, 3), np.nan)
    if len(found) > 3 or not np.isfinite(found).all():
        raise ModelError(f"`vectors` must be up to three rows of three finite numbers, but is {vectors!r}; write "
                         "[(10, 0, 0)].")
    if len(found) and not _independent(found):
        raise ModelError(f"`vectors` must point in different directions, but is {found.tolist()}; leave out those "
                         "that others make.")
    return Geometry(geometry.positions, found, (1,) * len(found), (True,) * len(found))


def _independent(vectors: Array) -> bool:
    """Whether no vector is a sum of multiples of others, their lengths aside."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return bool((lengths > 0).all() and np.linalg.svd(vectors / lengths, compute_uv=False).min() > SAME_DIRECTION)


def bond_vectors(geometry: Geometry, pairs: Sequence[Sequence[int]]) -> "list[Direction]":
    """Return the shortest vector from the first site of each pair to the second, exact as positions print.

    >>> bond_vectors(repeating(positioned([(0, 0, 0), (5.5, 0, 0)], 2), [(2, 0, 0)]), [(0, 1)])[0].tolist()
    [-1/2, 0, 0]
    """
    exact, shifts = ([Direction.of([sp.Rational(str(x)) for x in row]) for row in rows.tolist()]
                     for rows in (geometry.positions, geometry.vectors))
    found: list[Any] = []
    for i, j in pairs:
        direct = exact[j] - exact[i]
        images = [sum((n * v for n, v in zip(turns, shifts, strict=True)), direct)
                  for turns in _turns(geometry.positions[j] - geometry.positions[i], geometry.vectors)]
        found.append(min(images, key=lambda d: float((d * d).sum())))
    return found


def _turns(d: Array, vectors: Array) -> list[list[int]]:
    """How often each vector may have to be added to a displacement to make it shortest, the fewest first.

    What is shortest has coordinates of at most its length over the distance of neighbouring images in each direction.
    """
    if not len(vectors):
        return [[]]
    steps = _short(vectors)
    short = steps @ vectors
    dual = np.linalg.pinv(short)
    near = -np.rint(d @ dual)
    most = np.linalg.norm(dual, axis=0) * np.linalg.norm((d + near @ short) @ dual @ short) + 0.5
    ranges = [np.arange(np.floor(-m), np.ceil(m) + 1) for m in most]
    turns = near + np.stack(np.meshgrid(*ranges, indexing="ij"), axis=-1).reshape(-1, len(vectors))
    lengths = np.linalg.norm(d + turns @ short, axis=1)
    nearest = turns[lengths <= lengths.min() + 1e-9 * abs(vectors).max()] @ steps
    return sorted(nearest.astype(int).tolist(), key=lambda row: [(abs(n), n < 0) for n in row])


def _short(vectors: Array) -> Array:
    """Return sums of vectors that make the same lattice, (m, m) of whole numbers, none shorter by one of each other."""
    found, k = np.eye(len(vectors)), 0
    changes = [np.array(c) for c in product((-1, 0, 1), repeat=len(vectors))]
    while k < len(vectors):
        trials = [found[k] + change @ found for change in changes if not change[k]]
        best = min(trials, key=lambda row: float(np.linalg.norm(row @ vectors)))
        shorter = np.linalg.norm(best @ vectors) < (1 - 1e-12) * np.linalg.norm(found[k] @ vectors)
        found[k], k = (best, 0) if shorter else (found[k], k + 1)
    return found


def line(n: int, ring: bool) -> tuple[Array, Geometry]:
    """Return the bonds of a chain or a ring, (m, 2), and its sites along x.

    >>> line(3, True)[0].tolist()
    [[0, 1], [1, 2], [2, 0]]
    """
    edges = np.stack([np.arange(n), np.arange(1, n + 1) % n], axis=1)
    return edges[:n if ring else n - 1], grid((n,), (1, 0, 0), (ring,))


def steps_along(geometry: Geometry, steps: Steps) -> tuple[Array, Array]:
    """Return the bonds of a regular lattice, site after site, (m, 2), and which step each is, (m,).

    >>> steps_along(grid((2, 2), [(1, 0, 0), (0, 1, 0)], (False, False)), [(1, 0), (0, 1)])[0].tolist()
    [[0, 1], [0, 2], [1, 3], [2, 3]]
    """
    shape = np.array(geometry.shape)
    ends = cells(geometry.shape)[:, None] + np.array(steps)
    stays = (((ends >= 0) & (ends < shape)) | np.array(geometry.periodic)).all(axis=2)
    far = (ends % shape) @ np.cumprod([1, *geometry.shape[:-1]])
    first, step = np.nonzero(stays)
    return np.stack([first, far[first, step]], axis=1), step


class Direction(np.ndarray[Any, Any]):
    """The vector of a bond: three exact numbers, which add, scale and have entries."""

    @classmethod
    def of(cls, entries: Sequence[Any]) -> "Direction":
        """Return that of three numbers.

        >>> (2 * Direction.of((1, 0, sp.Rational(1, 2)))).tolist()
        [2, 0, 1]
        """
        return np.array([sp.S.Zero + x for x in entries], dtype=object).view(cls)
