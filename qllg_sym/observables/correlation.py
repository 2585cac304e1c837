"""Correlation matrix of two sites."""

import numpy as np
from numpy.typing import NDArray

from qllg_sym.observables.ensemble import Ensemble
from qllg_sym.observables.sites import check_pair, spin_matrices

EXAMPLE = (0, 1)


def correlation(ensemble: Ensemble, i: int = 0, j: int = 1) -> NDArray[np.float64]:
    r"""Return $\langle S_i^k S_j^l\rangle/(s_i s_j \hbar^2)$; for spins ½ $T_{kl}$ of PRL 133, 266704 (2024), eq. 9.

    Args:
        ensemble: the states at n times.
        i: the first site (k, rows).
        j: the second site (l, columns), different from i.

    Returns:
        Array (n, 3, 3), dimensionless. The product of the means is not taken off.

    Raises:
        InputError: a site does not exist, or i = j.

    >>> singlet = Ensemble((2, 2), kets=[[[0], [0.5**0.5], [-(0.5**0.5)], [0]]], weights=[1])
    >>> (correlation(singlet)[0].round(12) + 0.0).tolist()
    [[-1.0, 0.0, 0.0], [0.0, -1.0, 0.0], [0.0, 0.0, -1.0]]
    """
    i, j = check_pair(i, j, len(ensemble.dims))
    a, b = ensemble.dims[i], ensemble.dims[j]
    rho = ensemble.reduced((i, j)).reshape(-1, a, b, a, b)
    on_j = np.einsum("nabcd,ldb->nacl", rho, spin_matrices(b))
    return np.asarray(np.einsum("nacl,kca->nkl", on_j, spin_matrices(a)).real)
