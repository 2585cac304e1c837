"""Bloch vectors of all sites: the profile of the magnetisation."""

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from qllg_sym.errors import InputError
from qllg_sym.observables.bloch import bloch
from qllg_sym.observables.ensemble import Ensemble

EXAMPLE = ()
_GROUP = 32  # largest dimension of neighbours that are reduced at once: few passes over the kets, small matrices


def profile(ensemble: Ensemble, axis: str | None = None) -> NDArray[np.float64]:
    r"""Return $\langle\mathbf S_i\rangle/(s_i\hbar)$ of every site; `bloch` is one of them.

    The kets are read once for every few neighbouring sites, so that 20 spins ½ take four passes.

    Definition:
        whole = np.array([[tr(rho @ Sk) / s(i) for Sk in S(i)] for i in range(N)])
        whole if axis is None else whole[:, "xyz".index(axis)]

    Args:
        ensemble: the states of N sites at n times.
        axis: "x", "y" or "z" for one component.

    Returns:
        Array (n, N, 3), or (n, N) with an axis, dimensionless, of lengths at most 1; for a classical trajectory the
        moments.

    Raises:
        InputError: another axis.

    >>> profile(Ensemble((2, 2), kets=[[[0], [1], [0], [0]]], weights=[1]))[0].tolist()
    [[0.0, 0.0, 1.0], [0.0, 0.0, -1.0]]
    """
    chosen = _component(axis)
    return np.concatenate([_profile(block.smaller()) for block in ensemble.blocks()])[:, :, chosen]


def of_moments(moments: NDArray[np.float64], axis: str | None = None) -> NDArray[np.float64]:
    """Return the classical moments, (n, N, 3), or (n, N) with an axis.

    >>> of_moments(np.array([[[0.0, 0, 1], [1, 0, 0]]]), "z").tolist()
    [[1.0, 0.0]]
    """
    return moments[:, :, _component(axis)]


def _component(axis: str | None) -> int | slice:
    """Return the index of one component, or of all of them."""
    if axis is None:
        return slice(None)
    if axis not in ("x", "y", "z"):
        raise InputError(f"`axis` must be \"x\", \"y\", \"z\" or None, but is {axis!r}; give \"z\", say.")
    return "xyz".index(axis)


def _profile(block: Ensemble) -> NDArray[np.float64]:
    """Return the profile at a few times."""
    if block.sector is not None:
        return _along_z(block.along_z())
    vectors = []
    for sites in groups(block.dims, _GROUP):
        part = Ensemble([block.dims[i] for i in sites], density=block.reduced(sites))
        vectors += [bloch(part, k) for k in range(len(sites))]
    return np.stack(vectors, axis=1)


def _along_z(means: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return vectors along z, (n, N, 3)."""
    return np.stack([np.zeros_like(means), np.zeros_like(means), means], axis=-1)


def groups(dims: Sequence[int], largest: int) -> Iterator[tuple[int, ...]]:
    """Yield runs of neighbouring sites whose dimensions have a product of at most `largest`; a large site is alone.

    >>> list(groups((2, 2, 2, 9, 3), 4))
    [(0, 1), (2,), (3,), (4,)]
    """
    run: list[int] = []
    for site, dimension in enumerate(dims):
        if run and dimension * math.prod(dims[i] for i in run) > largest:
            yield tuple(run)
            run = []
        run.append(site)
    yield tuple(run)
