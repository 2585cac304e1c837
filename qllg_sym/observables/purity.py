"""Purity of the states."""

import numpy as np
from numpy.typing import NDArray

from qllg_sym.observables.ensemble import Ensemble

EXAMPLE = ()
PROPERTY = True


def purity(ensemble: Ensemble) -> NDArray[np.float64]:
    r"""Return $\mathrm{Tr}\,\rho^2$, a constant of motion of PRL 133, 266704 (2024), eq. 3 (below it).

    Definition:
        tr(rho @ rho)

    Args:
        ensemble: the states at n times.

    Returns:
        Array (n,), dimensionless, from 1/d to 1.

    >>> purity(Ensemble((2,), density=[[[0.5, 0], [0, 0.5]]])).tolist()
    [0.5]
    """
    return np.concatenate([_purity(block) for block in ensemble.blocks()])


def _purity(block: Ensemble) -> NDArray[np.float64]:
    """Return the purity at a few times; with kets b²d + 2b Σ w_j ⟨j|j⟩ + Σ w_j w_k |⟨j|k⟩|²."""
    if block.weighted is None:
        rho = block.density()
        return np.asarray(np.einsum("nij,nji->n", rho, rho).real)
    b, w, d = block.background, block.weighted[1], block.dimension
    gram = block.overlaps()
    norms = np.einsum("njj->nj", gram).real
    return np.asarray(b * b * d + 2 * b * (norms @ w) + np.einsum("j,njk,k->n", w, np.abs(gram) ** 2, w))
