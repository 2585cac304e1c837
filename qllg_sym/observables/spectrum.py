"""Eigenvalues of the states."""

import numpy as np
from numpy.typing import NDArray

from qllg_sym.observables.ensemble import Ensemble
from qllg_sym.observables.storage import require_memory

EXAMPLE = ()
PROPERTY = True
_ORTHONORMAL = 1e-13  # the rounding of a Gram matrix: kets this close to orthonormal are


def spectrum(ensemble: Ensemble) -> NDArray[np.float64]:
    """Return the eigenvalues of ρ(t), descending: constants of motion of PRL 133, 266704 (2024), eq. 3.

    Definition:
        eig(rho)

    Args:
        ensemble: the states at n times.

    Returns:
        Array (n, d), dimensionless. With orthonormal kets the entries are background + weights and background,
        exactly; with others their Gram matrix is diagonalised, so that drift shows.

    Raises:
        InputError: the array does not fit into memory.

    >>> spectrum(Ensemble((2, 2), kets=[[[0], [1], [0], [0]]], weights=[0.5], background=0.125)).tolist()
    [[0.625, 0.125, 0.125, 0.125]]
    """
    n, d = len(ensemble), ensemble.dimension
    require_memory("spectrum", (n, d), "ask for `weights` or for fewer times", itemsize=8)
    values = levels(ensemble)
    full = np.full((n, d), ensemble.background)
    full[:, : values.shape[1]] = values
    full.sort(axis=1)  # in place: the array is large where it is large at all
    return full[:, ::-1]


def levels(ensemble: Ensemble) -> NDArray[np.float64]:
    """Return the eigenvalues that are not just the background, (n, m): d of them for density matrices, r for kets.

    >>> levels(Ensemble((2, 2), kets=[[[0], [1], [0], [0]]], weights=[0.5], background=0.125)).tolist()
    [[0.625]]
    """
    return np.concatenate([_levels(block) for block in ensemble.blocks()])


def _levels(block: Ensemble) -> NDArray[np.float64]:
    """Return the levels of a few times."""
    if block.weighted is None:
        rho = block.density()
        return np.asarray(np.linalg.eigvalsh((rho + rho.conj().swapaxes(1, 2)) / 2), dtype=np.float64)
    kets, weights = block.weighted
    excess = np.abs(block.overlaps() - np.eye(len(weights)))
    if excess.size and excess.max() <= _ORTHONORMAL:
        return np.broadcast_to(weights + block.background, (len(block), len(weights)))
    upper: NDArray[np.complex128] = np.asarray(np.linalg.qr(kets, mode="r"))
    small = (upper * weights) @ upper.conj().swapaxes(1, 2)
    return np.asarray(np.linalg.eigvalsh(small) + block.background, dtype=np.float64)
