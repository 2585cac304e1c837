"""Terms on the bonds of regular lattices: square, triangular, cubic; open, closed, or closed in some directions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp

from qllg_sym.errors import InputTypeError, ModelError
from qllg_sym.geometry.grid import Direction, Geometry, Steps, grid, steps_along
from qllg_sym.model.graphs import number_of_sites, on_bonds
from qllg_sym.model.lattice import Lattice

HALF, HEIGHT = sp.Rational(1, 2), sp.sqrt(3) / 2        # of an equilateral triangle
X, Y, Z = ((1, 0, 0), (0, 1, 0), (0, 0, 1))


@dataclass(frozen=True)
class Regular:
    """A kind of regular lattice.

    Attributes:
        sizes: how its extents are called.
        primitive: the primitive vectors, exact.
        steps: the bonds of each cell, in cells.
    """

    sizes: tuple[str, ...]
    primitive: tuple[tuple[Any, ...], ...]
    steps: Steps

    def geometry(self, shape: Sequence[int], closed: Sequence[bool]) -> Geometry:
        """Return where the sites of so many cells are; a direction of one cell is open."""
        wraps = [ring and n > 1 for n, ring in zip(shape, closed, strict=True)]
        return grid(shape, [[float(x) for x in a] for a in self.primitive], wraps)

    @property
    def directions(self) -> list[Direction]:
        """The vectors of the bonds of each cell, exact."""
        return [Direction.of([sum((n * a[k] for n, a in zip(along, self.primitive, strict=True)), sp.S.Zero)
                              for k in range(3)]) for along in self.steps]


REGULAR = {"square": Regular(("nx", "ny"), (X, Y), ((1, 0), (0, 1))),
           "triangular": Regular(("nx", "ny"), (X, (HALF, HEIGHT, 0)), ((1, 0), (0, 1), (-1, 1))),
           "cubic": Regular(("nx", "ny", "nz"), (X, Y, Z), (X, Y, Z))}


def square(nx: int, ny: int, term: type, value: Any, periodic: Any = False) -> Lattice:
    """Return a bond term for every edge of a square lattice; the site (x, y) has the number x + nx·y.

    Args:
        nx: sites along x, at least 1.
        ny: sites along y, at least 1.
        term: as for `chain`.
        value: as for `chain`; a list follows the sites, the edge to (x + 1, y) before that to (x, y + 1). A function
            of one argument gets the bond's vector: lambda d: (D*d[1], -D*d[0], 0) is the interfacial DMI D d × z.
        periodic: whether directions of more than one site close to rings, True or False for both of them, or a pair:
            (True, False) is a cylinder around x. They need at least three sites then.

    Raises:
        ModelError, InputTypeError: as for `chain`.

    >>> from qllg_sym import Exchange
    >>> [(bond.i, bond.j) for bond in square(2, 2, Exchange, 1)]
    [(0, 1), (0, 2), (1, 3), (2, 3)]
    """
    return regular("square", (nx, ny), term, value, periodic)


def triangular(nx: int, ny: int, term: type, value: Any, periodic: Any = False) -> Lattice:
    r"""Return a bond term for every edge of a triangular lattice; the site of cell (a, b) has the number a + nx·b.

    Its cells are spanned by (1, 0, 0) and (½, √3/2, 0); bonds go along these and along (−½, √3/2, 0).

    Args:
        nx: cells along the first vector, at least 1.
        ny: cells along the second, at least 1.
        term: as for `chain`.
        value: as for `square`; a list follows the sites, bonds in the order above.
        periodic: as for `square`.

    Raises:
        ModelError, InputTypeError: as for `chain`.

    >>> from qllg_sym import Exchange
    >>> lattice = triangular(2, 2, Exchange, 1)
    >>> [(bond.i, bond.j) for bond in lattice], lattice.positions[2].round(3).tolist()
    ([(0, 1), (0, 2), (1, 3), (1, 2), (2, 3)], [0.5, 0.866, 0.0])
    """
    return regular("triangular", (nx, ny), term, value, periodic)


def cubic(nx: int, ny: int, nz: int, term: type, value: Any, periodic: Any = False) -> Lattice:
    """Return a bond term for every edge of a simple cubic lattice; the site (x, y, z) has the number x + nx·(y + ny·z).

    Args:
        nx: sites along x, at least 1.
        ny: sites along y, at least 1.
        nz: sites along z, at least 1.
        term: as for `chain`.
        value: as for `square`; a list follows the sites, edges along x before those along y and z.
        periodic: as for `square`, or a triple.

    Raises:
        ModelError, InputTypeError: as for `chain`.

    >>> from qllg_sym import DMI
    >>> bulk = cubic(2, 1, 2, DMI, lambda d: 2 * d)
    >>> [(bond.i, bond.j, bond.D) for bond in bulk][:2]
    [(0, 1, (2, 0, 0)), (0, 2, (0, 0, 2))]
    """
    return regular("cubic", (nx, ny, nz), term, value, periodic)


def regular(kind: str, size: Sequence[Any], term: type, value: Any, periodic: Any = False) -> Lattice:
    """Return the terms on all bonds of a lattice of `REGULAR`, site after site.

    Args:
        kind: its name there.
        size: how many cells along each primitive vector.
        term: as for `chain`.
        value: as for `square`.
        periodic: as for `square`.

    Raises:
        ModelError, InputTypeError: as for `chain`.

    >>> from qllg_sym import Exchange
    >>> regular("square", (3, 4), Exchange, 1) == square(3, 4, Exchange, 1)
    True
    """
    found = REGULAR[kind]
    shape = tuple(number_of_sites(n, name, 1) for name, n in zip(found.sizes, size, strict=True))
    closed = _closed(periodic, found.sizes)
    for name, extent, ring in zip(found.sizes, shape, closed, strict=True):
        if ring and extent == 2:
            raise ModelError(f"`{name}` must be 1 or at least 3 on a periodic lattice, but is 2, which would repeat "
                             "its edges; leave out `periodic`.")
    geometry = found.geometry(shape, closed)
    edges, step = steps_along(geometry, found.steps)
    return Lattice(on_bonds(edges, term, value, found.directions, step), geometry)


def _closed(periodic: Any, sizes: Sequence[str]) -> tuple[bool, ...]:
    """Whether each direction is closed."""
    closed = (periodic,) * len(sizes) if isinstance(periodic, bool) else periodic
    if not isinstance(closed, Sequence) or [type(each) for each in closed] != [bool] * len(sizes):
        what, names = ("a pair", "x and y") if len(sizes) == 2 else ("a triple", "x, y and z")
        example = f"({', '.join(['True', *['False'] * (len(sizes) - 1)])})"
        raise InputTypeError(f"`periodic` must be True or False, but is {periodic!r}; give one of them, or {what} for "
                             f"{names}, such as {example} for a cylinder.")
    return tuple(closed)
