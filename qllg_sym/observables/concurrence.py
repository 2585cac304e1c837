"""Entanglement of two spins ½."""

import numpy as np
from numpy.typing import NDArray

from qllg_sym.observables.ensemble import Ensemble
from qllg_sym.observables.sites import check_half, check_pair

EXAMPLE = (0, 1)
_FLIP = np.diag([-1.0, 1.0, 1.0, -1.0])[::-1]  # σy ⊗ σy


def concurrence(ensemble: Ensemble, i: int = 0, j: int = 1) -> NDArray[np.float64]:
    r"""Return Wootters' concurrence $C = \max(0, \lambda_1 - \lambda_2 - \lambda_3 - \lambda_4)$ of two spins ½.

    The λ are the singular values, descending, of $\sqrt\rho^{\,T}\,\sigma_y\otimes\sigma_y\sqrt\rho$, where any A with
    $\rho = AA^\dagger$ serves as √ρ: no eigenvalues of a matrix that is not normal (Wootters, PRL 80, 2245 (1998)).

    Definition:
        pair = part(rho, (i, j))
        levels = eig(root(pair) @ sigma("yy") @ pair.conj() @ sigma("yy") @ root(pair))
        max(0, 2 * levels[0] ** 0.5 - sum(max(x, 0) ** 0.5 for x in levels))

    Args:
        ensemble: the states at n times; the pair's state is the reduced one.
        i: one spin ½.
        j: another spin ½.

    Returns:
        Array (n,), dimensionless, from 0 (separable) to 1 (Bell state).

    Raises:
        InputError: a site does not exist, i = j, or a site is not a spin ½.

    >>> singlet = Ensemble((2, 2), kets=[[[0], [0.5**0.5], [-(0.5**0.5)], [0]]], weights=[1])
    >>> concurrence(singlet).round(12).tolist()
    [1.0]
    """
    pair = check_pair(i, j, len(ensemble.dims))
    check_half("concurrence", ensemble.dims, pair)
    levels, vectors = np.linalg.eigh(ensemble.reduced(pair))
    root = vectors * np.sqrt(np.maximum(levels, 0))[:, None, :]
    u = np.linalg.svd(root.swapaxes(1, 2) @ _FLIP @ root, compute_uv=False)
    return np.asarray(np.maximum(u[:, 0] - u[:, 1:].sum(axis=1), 0))
