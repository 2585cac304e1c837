"""Bell nonlocality of two spins ½."""

import numpy as np
from numpy.typing import NDArray

from qllg_sym.observables.correlation import correlation
from qllg_sym.observables.ensemble import Ensemble
from qllg_sym.observables.sites import check_half, check_pair

EXAMPLE = (0, 1)


def nonlocality(ensemble: Ensemble, i: int = 0, j: int = 1) -> NDArray[np.float64]:
    r"""Return $B = \sqrt{\max(u_1^2 + u_2^2 - 1, 0)}$, $u_1 \ge u_2$ the largest singular values of $T_{kl}$.

    The CHSH inequality can be violated iff B > 0 (Horodecki 1995; PRL 133, 266704 (2024), below eq. 9). B = 0 does not
    mean that the state is unentangled: see `concurrence`. Rounding of 1e-16 below the root shows as B of 1e-8.

    Definition:
        u = sv([[tr(rho @ Sk @ Sl) / (s(i) * s(j)) for Sl in S(j)] for Sk in S(i)])
        max(u[0] ** 2 + u[1] ** 2 - 1, 0) ** 0.5

    Args:
        ensemble: the states at n times.
        i: one spin ½.
        j: another spin ½.

    Returns:
        Array (n,), dimensionless, from 0 to 1.

    Raises:
        InputError: a site does not exist, i = j, or a site is not a spin ½.

    >>> singlet = Ensemble((2, 2), kets=[[[0], [0.5**0.5], [-(0.5**0.5)], [0]]], weights=[1])
    >>> nonlocality(singlet).round(12).tolist()
    [1.0]
    """
    pair = check_pair(i, j, len(ensemble.dims))
    check_half("nonlocality", ensemble.dims, pair)
    u = np.linalg.svd(correlation(ensemble, *pair), compute_uv=False)
    return np.asarray(np.sqrt(np.maximum(u[:, 0] ** 2 + u[:, 1] ** 2 - 1, 0)))
