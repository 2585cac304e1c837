"""Correlation matrix of two sites."""

import numpy as np
from numpy.typing import NDArray

from qllg_sym.observables.bloch import bloch
from qllg_sym.observables.ensemble import Ensemble
from qllg_sym.observables.sites import check_pair, spin_matrices

EXAMPLE = (0, 1)


def correlation(ensemble: Ensemble, i: int = 0, j: int = 1, connected: bool = False) -> NDArray[np.float64]:
    r"""Return $\langle S_i^k S_j^l\rangle/(s_i s_j \hbar^2)$; for spins ½ $T_{kl}$ of PRL 133, 266704 (2024), eq. 9.

    Definition:
        [[(tr(rho @ Sk @ Sl) - connected * tr(rho @ Sk) * tr(rho @ Sl)) / (s(i) * s(j)) for Sl in S(j)] for Sk in S(i)]

    Args:
        ensemble: the states at n times.
        i: the first site (k, rows).
        j: the second site (l, columns), different from i.
        connected: whether the product of the means $\langle S_i^k\rangle\langle S_j^l\rangle$ is taken off.

    Returns:
        Array (n, 3, 3), dimensionless.

    Raises:
        InputError: a site does not exist, or i = j.

    >>> singlet = Ensemble((2, 2), kets=[[[0], [0.5**0.5], [-(0.5**0.5)], [0]]], weights=[1])
    >>> (correlation(singlet)[0].round(12) + 0.0).tolist()
    [[-1.0, 0.0, 0.0], [0.0, -1.0, 0.0], [0.0, 0.0, -1.0]]
    """
    pair = check_pair(i, j, len(ensemble.dims))
    values = np.concatenate([_correlation(block, *pair) for block in ensemble.unfolded_blocks()])
    if connected:
        values -= bloch(ensemble, pair[0])[:, :, None] * bloch(ensemble, pair[1])[:, None, :]
    return values


def _correlation(block: Ensemble, i: int, j: int) -> NDArray[np.float64]:
    """Return the correlation at a few times, by the pair's state or, where that is larger than the kets, by them."""
    a, b = block.dims[i], block.dims[j]
    if block.weighted is not None and block.sector is None and (a * b) ** 2 > block.weighted[0][0].size:
        return _by_kets(block.dims, *block.weighted, i, j)
    rho = block.reduced((i, j)).reshape(-1, a, b, a, b)
    on_j = np.einsum("nabcd,ldb->nacl", rho, spin_matrices(b))
    return np.asarray(np.einsum("nacl,kca->nkl", on_j, spin_matrices(a)).real)


def _by_kets(
    dims: tuple[int, ...], kets: NDArray[np.complex128], weights: NDArray[np.float64], i: int, j: int
) -> NDArray[np.float64]:
    """Return Re Σ_w w ⟨S_i^k w|S_j^l w⟩, for two large spins; a background adds Tr S_i^k S_j^l = 0."""
    n = len(kets)
    tensor = kets.reshape(n, *dims, len(weights))
    on_j = [_on_site(tensor, 1 + j, component).reshape(n, -1) for component in range(3)]
    on_i = ((_on_site(tensor, 1 + i, component) * weights).reshape(n, -1) for component in range(3))
    return np.stack([np.stack([np.vecdot(bra, ket).real for ket in on_j], axis=1) for bra in on_i], axis=1)


def _on_site(tensor: NDArray[np.complex128], axis: int, component: int) -> NDArray[np.complex128]:
    """Return one spin matrix applied to one axis."""
    matrix = spin_matrices(tensor.shape[axis])[component]
    return np.ascontiguousarray(np.moveaxis(np.tensordot(matrix, tensor, axes=(1, axis)), 0, axis))
