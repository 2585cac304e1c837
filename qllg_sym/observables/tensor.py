"""All Pauli correlations as one tensor."""

import numpy as np
from numpy.typing import NDArray

from qllg_sym.observables.ensemble import Ensemble
from qllg_sym.observables.sites import PAULI, check_half
from qllg_sym.observables.storage import require_memory

EXAMPLE = ()
PROPERTY = True
NAME = "T"


def tensor(ensemble: Ensemble) -> NDArray[np.float64]:
    r"""Return $T_{ab\ldots} = \mathrm{Tr}\,\rho\,\sigma_a\otimes\sigma_b\otimes\cdots$, a, b, … in 0, x, y, z.

    PRL 133, 266704 (2024), eq. 9 is the case of two spins. One 4 × 4 transform a site, so $N 4^N$ operations a time.

    Definition:
        np.reshape([tr(rho @ sigma(word)) for word in words(N)], (4,) * N)

    Args:
        ensemble: the states of N spins ½ at n times.

    Returns:
        Array (n, 4, …, 4) with N axes after the first, dimensionless; the entry 0…0 is the trace.

    Raises:
        InputError: a site is not a spin ½, or the array does not fit into memory.

    >>> T = tensor(Ensemble((2, 2), kets=[[[0], [1], [0], [0]]], weights=[1]))
    >>> T[0, 3, 0], T[0, 0, 3], T[0, 3, 3]
    (np.float64(1.0), np.float64(-1.0), np.float64(-1.0))
    """
    sites = len(ensemble.dims)
    check_half("pauli", ensemble.dims, range(sites))
    remedy = "ask for `reduced`, `bloch` or `correlation`, or for fewer times"
    require_memory("pauli", (len(ensemble), 4**sites), remedy, itemsize=8)
    # a block holds one time at least; density() makes 2^N × 2^N of it, as large as the answer
    parts = (part.whole() for block in ensemble.blocks() for part in _split(block))
    return np.concatenate([_transform(part.density(), sites) for part in parts])


def _split(block: Ensemble) -> list[Ensemble]:
    """Return kets in pieces whose density matrices are small, density matrices as they are."""
    if not block.low_rank:
        return [block]
    step = max(1, 2**21 // block.dimension**2)
    return [block[start : start + step] for start in range(0, max(len(block), 1), step)]


def _transform(rho: NDArray[np.complex128], sites: int) -> NDArray[np.float64]:
    """Turn the index pair (row, column) of each site into one Pauli index."""
    pairs = [axis for k in range(sites) for axis in (1 + k, 1 + sites + k)]
    values = rho.reshape(-1, *(2,) * (2 * sites)).transpose(0, *pairs).reshape(-1, *(4,) * sites)
    traces = PAULI.transpose(0, 2, 1).reshape(4, 4)  # Tr ρσ = Σ ρ_rc σ_cr
    for _ in range(sites):  # each turn consumes the first site axis and appends its Pauli index at the end
        values = np.tensordot(values, traces, axes=(1, 1))
    return np.ascontiguousarray(values.real)
