"""Von Neumann's entropy of the states."""

import numpy as np
from numpy.typing import NDArray

from qllg_sym.observables.ensemble import Ensemble
from qllg_sym.observables.renyi import renyi

EXAMPLE = ()


def entropy(ensemble: Ensemble) -> NDArray[np.float64]:
    r"""Return $-\mathrm{Tr}\,\rho\ln\rho$, a constant of motion of PRL 133, 266704 (2024), eq. 3.

    Definition:
        -sum(p * log(p) for p in eig(rho) if p > 0)

    Args:
        ensemble: the states at n times.

    Returns:
        Array (n,), natural logarithm, from 0 (pure) to ln d.

    >>> entropy(Ensemble((2,), kets=[[[1], [0]]], weights=[1])).tolist()
    [0.0]
    """
    return renyi(ensemble, 1)
