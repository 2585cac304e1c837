"""Between ρ and its 15 Pauli components, with NumPy alone."""

from itertools import product

import numpy as np

from .problems import SIGMA, Array

STRINGS = np.array([np.kron(a, b) for a, b in product([np.eye(2), *SIGMA], repeat=2)])[1:]


def components(rho: Array) -> Array:
    """Return T_0x, …, T_zz of density matrices (…, 4, 4).

    >>> components(np.diag([1, 0, 0, 0]))[[2, 11, 14]].tolist()
    [1.0, 1.0, 1.0]
    """
    return np.asarray(np.einsum("...ij,kji->...k", rho, STRINGS).real)


def density(values: Array) -> Array:
    """Return ρ (…, 4, 4) of components (…, 15).

    >>> density(components(np.diag([0.5, 0.25, 0.25, 0]))).diagonal().real.tolist()
    [0.5, 0.25, 0.25, 0.0]
    """
    return np.asarray((np.eye(4) + np.einsum("...k,kij->...ij", values, STRINGS)) / 4)
