"""Reduced density matrices."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qllg_sym.observables.ensemble import Ensemble
from qllg_sym.observables.sites import check_sites

EXAMPLE = ((1,),)


def reduced(ensemble: Ensemble, sites: int | Sequence[int]) -> NDArray[np.complex128]:
    r"""Return $\mathrm{Tr}_{\text{rest}}\,\rho(t)$, never building a d × d matrix when the ensemble holds kets.

    Definition:
        part(rho, sites)

    Args:
        ensemble: the states at n times.
        sites: one site or several different ones; the factors of the result are in the order given.

    Returns:
        Array (n, e, e), e the product of the dimensions of `sites`, dimensionless.

    Raises:
        InputError: a site does not exist or is named twice.

    >>> reduced(Ensemble((2, 2), kets=[[[0], [1], [0], [0]]], weights=[1]), 1)[0].real.tolist()
    [[0.0, 0.0], [0.0, 1.0]]
    """
    return ensemble.reduced(check_sites(sites, len(ensemble.dims)))
