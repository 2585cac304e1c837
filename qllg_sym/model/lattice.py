"""Lists of terms that know where their sites are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from qllg_sym.errors import InputTypeError, ModelError
from qllg_sym.model.term import Term

Array = NDArray[Any]


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
    def vectors(self) -> Array:
        """The vectors by which the lattice repeats, those of closed directions, (m, 3)."""
        closed = [n * a for n, a, ring in zip(self.shape, self.primitive, self.periodic, strict=True) if ring]
        return np.array(closed).reshape(-1, 3)


class Lattice(list[Term]):
    """A list of terms with the positions of the sites that they are on; sums with lists keep them.

    Beyond 4096 bonds one item, a `Copies`, stands for all of them, so that a million bonds are arrays.

    Attributes:
        geometry: positions, and how they repeat.

    >>> from qllg_sym import Exchange, Zeeman, square
    >>> lattice = square(3, 2, Exchange, 1, periodic=(True, False)) + [Zeeman((0, 0, 1))]
    >>> lattice.positions[4].tolist(), lattice.vectors.tolist(), len(lattice)
    ([1.0, 1.0, 0.0], [[3.0, 0.0, 0.0]], 10)
    """

    def __init__(self, terms: Iterable[Term], geometry: Geometry) -> None:
        super().__init__(terms)
        self.geometry = geometry

    @property
    def positions(self) -> Array:
        """Where each site is, (n, 3), in lattice constants."""
        return self.geometry.positions

    @property
    def vectors(self) -> Array:
        """The vectors by which the lattice repeats, (m, 3); none where it is open."""
        return self.geometry.vectors

    def __add__(self, other: Any) -> "Lattice":         # type: ignore[override]
        return Lattice([*self, *other], self.geometry) if isinstance(other, list) else NotImplemented

    def __radd__(self, other: Any) -> "Lattice":
        return Lattice([*other, *self], self.geometry) if isinstance(other, list) else NotImplemented

    def __reduce__(self) -> tuple[Any, ...]:
        return Lattice, (list(self), self.geometry)


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
    found = np.array(vectors, dtype=float).reshape(-1, 3) if np.size(vectors) % 3 == 0 else np.full((1, 3), np.nan)
    if len(found) > 3 or not np.isfinite(found).all():
        raise ModelError(f"`vectors` must be up to three rows of three finite numbers, but is {vectors!r}; write "
                         "[(10, 0, 0)].")
    return Geometry(geometry.positions, found, (1,) * len(found), (True,) * len(found))


def bond_vectors(geometry: Geometry, pairs: Array) -> list[Array]:
    """Return the shortest vector from the first site of each pair to the second, exact as positions print.

    >>> bond_vectors(repeating(positioned([(0, 0, 0), (1.5, 0, 0)], 2), [(2, 0, 0)]), np.array([[0, 1]]))[0].tolist()
    [-1/2, 0, 0]
    """
    exact = [np.array([sp.Rational(str(x)) for x in row], dtype=object) for row in geometry.positions.tolist()]
    shifts = [np.array([sp.Rational(str(x)) for x in row], dtype=object) for row in geometry.vectors.tolist()]
    images = [sum((n * v for n, v in zip(turns, shifts, strict=True)), np.array([sp.S.Zero] * 3, dtype=object))
              for turns in product((0, 1, -1), repeat=len(shifts))]
    found = []
    for i, j in pairs.tolist():
        direct = exact[j] - exact[i]
        found.append(min((direct + image for image in images), key=lambda d: float((d * d).sum())))
    return found
