"""Checks of site numbers, names of spins, and the spin matrices of one site."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby
from operator import index

import numpy as np
from numpy.typing import NDArray

from qllg_sym.errors import InputError, InputTypeError

PAULI = np.array([[[1, 0], [0, 1]], [[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
"""The matrices 1, σx, σy, σz, shape (4, 2, 2)."""


def check_site(site: object, sites: int, name: str = "i") -> int:
    """Return `site` as an int once it is known to number one of the sites 0 … sites − 1.

    >>> check_site(1, 2)
    1
    """
    if isinstance(site, (bool, np.bool_)) or not hasattr(site, "__index__"):
        raise InputTypeError(f"`{name}` must be the integer number of a site, but is {site!r}; sites count from 0.")
    number = index(site)
    if not 0 <= number < sites:
        raise InputError(f"`{name}` must be a site from 0 to {sites - 1}, but is {number}; sites count from 0.")
    return number


def check_pair(i: object, j: object, sites: int) -> tuple[int, int]:
    """Return two different site numbers as ints.

    >>> check_pair(0, 1, 2)
    (0, 1)
    """
    pair = check_site(i, sites, "i"), check_site(j, sites, "j")
    if pair[0] == pair[1]:
        raise InputError(f"`i` and `j` must be different sites, but both are {pair[0]}; take 0 and 1, say.")
    return pair


def check_sites(sites: object, count: int, name: str = "sites") -> tuple[int, ...]:
    """Return one site, or several different ones, as a tuple of ints.

    >>> check_sites([2, 0], 3), check_sites(1, 3)
    ((2, 0), (1,))
    """
    if isinstance(sites, (str, bytes)):
        raise InputTypeError(f"`{name}` must be site numbers, but is the text {sites!r}; write (0, 1).")
    several = tuple(sites) if isinstance(sites, Iterable) else (sites,)
    found = tuple(check_site(site, count, name) for site in several)
    if not found or len(set(found)) < len(found):
        raise InputError(f"`{name}` must name different sites, at least one, but is {found}; write (0, 1).")
    return found


def check_half(what: str, dims: Sequence[int], sites: Sequence[int]) -> None:
    """Refuse sites that are not spins ½.

    >>> check_half("concurrence", (2, 2), (0, 1))
    """
    for site in sites:
        if dims[site] != 2:
            spin = f"{dims[site] - 1}/2" if dims[site] % 2 == 0 else str((dims[site] - 1) // 2)
            raise InputError(
                f"`{what}` needs spins ½, but site {site} has spin {spin}; use `correlation` or `reduced` instead."
            )


def row(spins: Sequence[str]) -> str:
    """Return spins as text, runs of equal ones counted where there are many.

    >>> row(["1/2", "1"]), row(["1/2"] * 20)
    ('1/2, 1', '20 × 1/2')
    """
    if len(spins) <= 4:
        return ", ".join(spins)
    runs = [(spin, len(list(same))) for spin, same in groupby(spins)]
    return ", ".join(f"{count} × {spin}" if count > 1 else spin for spin, count in runs)


@lru_cache(maxsize=64)
def spin_matrices(dimension: int) -> NDArray[np.complex128]:
    r"""Return $S_x, S_y, S_z$ over $s\hbar$ for the spin $s = (d-1)/2$, in the basis m = s, …, −s.

    Args:
        dimension: d, at least 2.

    Returns:
        Array (3, d, d), dimensionless, read-only; for d = 2 the Pauli matrices.

    >>> bool(np.allclose(spin_matrices(2), PAULI[1:]))
    True
    """
    s = (dimension - 1) / 2
    m = s - np.arange(dimension)
    raising = np.diag(np.sqrt((s - m[1:]) * (s + m[1:] + 1)), 1)
    parts = [(raising + raising.T) / 2, (raising - raising.T) / 2j, np.diag(m)]
    matrices = np.array(parts, dtype=np.complex128) / s
    matrices.setflags(write=False)
    return matrices
