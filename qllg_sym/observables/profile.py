"""Bloch vectors of all sites: the profile of the magnetisation."""

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from qllg_sym.observables.bloch import bloch
from qllg_sym.observables.ensemble import Ensemble

EXAMPLE = ()
_GROUP = 32  # largest dimension of neighbours that are reduced at once: few passes over the kets, small matrices


def profile(ensemble: Ensemble) -> NDArray[np.float64]:
    r"""Return $\langle\mathbf S_i\rangle/(s_i\hbar)$ of every site; `bloch` is one of them.

    The kets are read once for every few neighbouring sites, so that 20 spins ½ take four passes.

    Args:
        ensemble: the states of N sites at n times.

    Returns:
        Array (n, N, 3), dimensionless, of lengths at most 1.

    >>> profile(Ensemble((2, 2), kets=[[[0], [1], [0], [0]]], weights=[1]))[0].tolist()
    [[0.0, 0.0, 1.0], [0.0, 0.0, -1.0]]
    """
    return np.concatenate([_profile(block.smaller()) for block in ensemble.blocks()])


def _profile(block: Ensemble) -> NDArray[np.float64]:
    """Return the profile at a few times."""
    vectors = []
    for sites in groups(block.dims, _GROUP):
        part = Ensemble([block.dims[i] for i in sites], density=block.reduced(sites))
        vectors += [bloch(part, k) for k in range(len(sites))]
    return np.stack(vectors, axis=1)


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
