"""Correlation matrices of all pairs of sites."""

import math
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from qllg_sym.observables.correlation import correlation
from qllg_sym.observables.ensemble import Ensemble
from qllg_sym.observables.profile import groups, profile
from qllg_sym.observables.sites import spin_matrices

EXAMPLE = ()
_GROUP = 16  # two such groups of neighbours give matrices of at most 256 × 256


def correlations(ensemble: Ensemble, connected: bool = False) -> NDArray[np.float64]:
    r"""Return $\langle S_i^k S_j^l\rangle/(s_i s_j\hbar^2)$ of every pair; `correlation` is one of them.

    On the diagonal i = j the product is symmetrised, $\tfrac12\langle S_i^k S_i^l + S_i^l S_i^k\rangle$, so that sums
    over all sites are those of the total spin: $\sum_{ij} s_i s_j\,\mathrm{tr}\,C_{ij} = \langle S^2\rangle/\hbar^2$.

    Definition:
        mean = [[tr(rho @ Sk) / s(i) for Sk in S(i)] for i in range(N)]
        both = [[[[tr(rho @ (Sk @ Sl + Sl @ Sk)) / (2 * s(i) * s(j)) for Sl in S(j)] for Sk in S(i)] for j in range(N)]
                for i in range(N)]
        both - connected * np.einsum("ik,jl->ijkl", mean, mean)

    Args:
        ensemble: the states of N sites at n times.
        connected: whether the product of the means is taken off.

    Returns:
        Array (n, N, N, 3, 3), dimensionless, symmetric under exchange of (i, k) and (j, l).

    >>> singlet = Ensemble((2, 2), kets=[[[0], [0.5**0.5], [-(0.5**0.5)], [0]]], weights=[1])
    >>> spin_squared = correlations(singlet)[0].trace(axis1=2, axis2=3).sum() / 4
    >>> abs(spin_squared.round(12))
    np.float64(0.0)
    """
    values = np.concatenate([_correlations(block.smaller()) for block in ensemble.unfolded_blocks()])
    if connected:
        means = profile(ensemble)
        values -= np.einsum("nik,njl->nijkl", means, means)
    return values


def _correlations(block: Ensemble) -> NDArray[np.float64]:
    """Return all pairs at a few times: the kets are read once for every two groups of neighbours."""
    sites = len(block.dims)
    values = np.empty((len(block), sites, sites, 3, 3))
    found = list(groups(block.dims, _GROUP))
    for group in found:
        part = _part(block, group)
        for a, i in enumerate(group):
            values[:, i, i] = _square(part, a)
            for b in range(a):
                _put(values, i, group[b], correlation(part, a, b))
    for first, second in combinations(found, 2):
        both = first + second
        small = math.prod(block.dims[i] for i in both) <= _GROUP**2  # else two large spins, each alone in its group
        part = _part(block, both) if small else block
        for i, j in product(first, second):
            _put(values, i, j, correlation(part, *((both.index(i), both.index(j)) if small else (i, j))))
    return values


def _part(block: Ensemble, sites: tuple[int, ...]) -> Ensemble:
    """Return the state of some sites as an ensemble of its own."""
    return Ensemble([block.dims[i] for i in sites], density=block.reduced(sites))


def _put(values: NDArray[np.float64], i: int, j: int, found: NDArray[np.float64]) -> None:
    """Enter a pair in both orders."""
    values[:, i, j], values[:, j, i] = found, found.swapaxes(1, 2)


def _square(part: Ensemble, site: int) -> NDArray[np.float64]:
    """Return ⟨S^k S^l⟩ of one site, symmetrised: the real part, because the product's adjoint is S^l S^k."""
    spin = spin_matrices(part.dims[site])
    return np.asarray(np.einsum("nab,kbc,lca->nkl", part.reduced((site,)), spin, spin, optimize=True).real)
