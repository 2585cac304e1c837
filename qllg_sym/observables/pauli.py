"""All Pauli correlations in one row."""

import numpy as np
from numpy.typing import NDArray

from qllg_sym.observables.ensemble import Ensemble
from qllg_sym.observables.tensor import tensor

EXAMPLE = ()
PROPERTY = True


def pauli(ensemble: Ensemble) -> NDArray[np.float64]:
    """Return the 4^N − 1 Pauli correlations, lexicographic in 0, x, y, z: T_0x, T_0y, T_0z, T_x0, T_xx, … T_zz.

    The order is that of the states of `Equation.pauli()`; PRL 133, 266704 (2024), eq. 9 for two spins.

    Definition:
        [tr(rho @ sigma(word)) for word in words(N)[1:]]

    Args:
        ensemble: the states of N spins ½ at n times.

    Returns:
        Array (n, 4^N − 1), dimensionless.

    Raises:
        InputError: a site is not a spin ½, or the array does not fit into memory.

    >>> pauli(Ensemble((2,), density=[[[1, 0], [0, 0]]])).tolist()
    [[0.0, 0.0, 1.0]]
    """
    values = tensor(ensemble)
    return values.reshape(len(values), -1)[:, 1:]
