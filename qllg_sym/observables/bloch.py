"""Bloch vector of one site."""

import numpy as np
from numpy.typing import NDArray

from qllg_sym.observables.ensemble import Ensemble
from qllg_sym.observables.sites import check_site, spin_matrices

EXAMPLE = (0,)


def bloch(ensemble: Ensemble, i: int) -> NDArray[np.float64]:
    r"""Return $\langle\mathbf S_i\rangle/(s_i\hbar)$; for spin ½ the $\mathbf r$ of PRL 133, 266704 (2024), eq. 9.

    Definition:
        [tr(rho @ Sk) / s(i) for Sk in S(i)]

    Args:
        ensemble: the states at n times.
        i: the site, from 0.

    Returns:
        Array (n, 3), dimensionless, of length at most 1; for a classical trajectory the moment of site i.

    Raises:
        InputError: the site does not exist.

    >>> bloch(Ensemble((2, 3), kets=[[[0], [0], [1], [0], [0], [0]]], weights=[1]), 1).tolist()
    [[0.0, 0.0, -1.0]]
    """
    site = check_site(i, len(ensemble.dims))
    if ensemble.sector is not None:  # ⟨S_x⟩ = ⟨S_y⟩ = 0
        return np.array([0.0, 0.0, 1.0]) * ensemble.along_z()[:, site, None]
    return np.asarray(np.einsum("nab,kba->nk", ensemble.reduced((site,)), spin_matrices(ensemble.dims[site])).real)


def of_moments(moments: NDArray[np.float64], i: int) -> NDArray[np.float64]:
    """Return the classical moment of site i, (n, 3).

    >>> of_moments(np.array([[[0.0, 0, 1], [1, 0, 0]]]), 1).tolist()
    [[1.0, 0.0, 0.0]]
    """
    return moments[:, check_site(i, moments.shape[1])]
