r"""H in its eigenbasis, block by block, and how many digits exp(rate t) leaves of amplitudes there.

Damping makes what is small large: an amplitude c_k grows over another as exp(κ(E − E_k)t/(1 + κ²)), and so does what
rounding put in its place. Where H does not connect two sets of basis states, its eigenvectors are exactly zero outside
one of them, and rounding of one does not reach the other: conserved magnetisation, say, keeps amplitudes of 1e-30.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

Array = NDArray[Any]
SMALL = 32                      # dimension up to which products of Boolean matrices find blocks more quickly
EPSILON = float(np.finfo(float).eps)


def eigenbasis(hamiltonian: Array) -> tuple[Array, Array, Array]:
    """Return (energies (…, d), eigenvectors in columns (…, d, d), block (d,) of each): eigh within each block.

    Args:
        hamiltonian: (…, d, d), Hermitian; blocks are those that all of them have.

    >>> eigenbasis(np.array([[0.0, 0, 1], [0, 5, 0], [1, 0, 0]]))[0].round(12).tolist()
    [-1.0, 5.0, 1.0]
    """
    d = hamiltonian.shape[-1]
    block = _blocks(np.any((hamiltonian != 0).reshape(-1, d, d), axis=0))
    if not block.any():
        return (*_eigh(hamiltonian), block)
    energies, vectors = np.zeros(hamiltonian.shape[:-1]), np.zeros_like(hamiltonian)
    for one in np.unique(block):
        chosen = np.nonzero(block == one)[0]
        grid = (..., chosen[:, None], chosen)
        energies[..., chosen], vectors[grid] = _eigh(hamiltonian[grid])
    return energies, vectors, block


def _eigh(matrices: Array) -> tuple[Array, Array]:
    """Return eigenvalues and eigenvectors; those of real matrices are real, whatever stands beside them."""
    real = ~matrices.imag.any(axis=(-2, -1))
    if real.all():
        energies, vectors = np.linalg.eigh(matrices.real)
        return energies, vectors.astype(matrices.dtype)
    energies, vectors = np.linalg.eigh(matrices)
    if real.any():
        energies[real], vectors[real] = np.linalg.eigh(matrices[real].real)
    return energies, vectors


def _blocks(connected: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return a number for each index, equal where matrix elements lead from one to the other; 0 is that of the first.

    >>> _blocks(np.array([[0, 0, 1], [0, 0, 0], [1, 0, 0]], dtype=bool)).tolist()
    [0, 1, 0]
    """
    d = len(connected)
    if d > SMALL:
        return np.asarray(connected_components(connected, directed=False)[1], dtype=np.intp)
    reach = connected | np.eye(d, dtype=bool)
    for _ in range(max(1, (d - 1).bit_length())):
        reach = reach @ reach
    return np.argmax(reach, axis=1)


def rests(hamiltonian: Array, kets: Array) -> NDArray[np.bool_]:
    """Return (…): whether one ket (…, d, 1) is an eigenvector to the last bit: H·ket in the ratios of the ket.

    >>> bool(rests(np.array([[0.0, 1], [1, 0]]), np.array([[0.7], [-0.7]])))
    True
    """
    if kets.shape[-1] != 1:
        return np.zeros(kets.shape[:-2], dtype=bool)
    with np.errstate(over="ignore", invalid="ignore"):
        image, ket = (hamiltonian @ kets)[..., 0].reshape(-1, kets.shape[-2]), kets.reshape(-1, kets.shape[-2])
        place = np.arange(len(ket)), np.argmax(ket.real**2 + ket.imag**2, axis=1)
        proportional = image * ket[place][:, None] == image[place][:, None] * ket
        return np.asarray(proportional.all(axis=1)).reshape(kets.shape[:-2])


def noise(amplitudes: Array, block: Array, rounding: Any = 0.0) -> Array:
    """Return the relative rounding of each amplitude, squared: ε times the norm of its block over its own.

    Args:
        amplitudes: (…, d, r), in the eigenbasis.
        block: (d,), as `eigenbasis` numbers them.
        rounding: of every amplitude before, absolute; (…, 1), or one for all.

    >>> (noise(np.array([[1e-20], [1.0], [1e-20]]), np.array([0, 1, 1]))**0.5 / EPSILON).round(12).tolist()
    [1.0, 1.0, 1e+20]
    """
    sizes = (np.abs(amplitudes)**2).sum(axis=-1)
    if block.any():
        whole = np.zeros_like(sizes)
        for one in np.unique(block):
            whole[..., block == one] = sizes[..., block == one].sum(axis=-1, keepdims=True)
    else:
        whole = np.broadcast_to(sizes.sum(axis=-1, keepdims=True), sizes.shape)
    return np.divide(EPSILON**2 * whole + rounding**2, sizes, out=np.zeros_like(sizes), where=sizes > 0)
