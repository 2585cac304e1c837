"""Directions of a powder: grids on the sphere with weights that add up to one."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import lebedev_rule

from qllg_sym.errors import InputError, meant

Array = NDArray[Any]
GRIDS = ("zcw", "lebedev")
DEGREES = (3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31, 35, 41, 47, 53, 59, 65, 71, 77, 83, 89, 95, 101, 107,
           113, 119, 125, 131)      # of the rules that SciPy has
MOST = 200_000


def powder_grid(kind: str, count: int, half: bool = False) -> tuple[Array, Array]:
    r"""Return directions (n, 3) and weights (n,) of the smallest grid of at least `count` points.

    "zcw" is the lattice of Zaremba, Conroy and Wolfsberg on (cos θ, φ), of equal weights, n a Fibonacci number;
    "lebedev" integrates polynomials up to a degree exactly, up to n = 5810.

    Args:
        kind: of the grid.
        count: how many points at least.
        half: whether a direction and its opposite count the same, so that half of the sphere is enough.

    Raises:
        InputError: another kind, or more points than it has.

    Source: V. B. Cheng, H. H. Suzukawa, M. Wolfsberg, J. Chem. Phys. 59, 3992 (1973); V. I. Lebedev, USSR Comput. Math.
    Math. Phys. 16, 10 (1976).

    >>> directions, weights = powder_grid("lebedev", 20)
    >>> len(weights), round(float(weights @ directions[:, 2]**2), 12)
    (26, 0.333333333333)
    """
    if kind not in GRIDS:
        raise InputError(f"`powder` must be one of {', '.join(GRIDS)}, or None, but is {kind!r}{meant(kind, GRIDS)}; "
                         "choose one of them.")
    if isinstance(count, bool) or not isinstance(count, int | np.integer) or not 1 <= count <= MOST:
        raise InputError(f"`orientations` must be a whole number from 1 to {MOST:,}, but is {count!r}; write "
                         "orientations=610.")
    return _zcw(int(count), half) if kind == "zcw" else _lebedev(int(count))


def _zcw(count: int, half: bool) -> tuple[Array, Array]:
    """Return a Fibonacci lattice, moved by half a step so that the poles are no points of it."""
    before, size = 1, 2
    while size < count:
        before, size = size, before + size
    j = np.arange(size)
    z = 1 - (2 * j + 1) / size * (0.5 if half else 1)
    phi = 2 * np.pi * (j * before % size) / size
    flat = np.sqrt(1 - z**2)
    return np.stack([flat * np.cos(phi), flat * np.sin(phi), z], axis=1), np.full(size, 1 / size)


def _lebedev(count: int) -> tuple[Array, Array]:
    """Return Lebedev's rule."""
    for degree in DEGREES:
        points, weights = lebedev_rule(degree)
        if len(weights) >= count:
            return np.asarray(points.T), np.asarray(weights / weights.sum())
    raise InputError(f"`orientations` must be at most {len(weights)} for a Lebedev grid, but is {count}; take "
                     "powder=\"zcw\".")
