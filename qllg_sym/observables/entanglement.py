"""Entropy of a part of the sites: for a pure state its entanglement with the rest."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qllg_sym.errors import InputError
from qllg_sym.observables.ensemble import Ensemble
from qllg_sym.observables.renyi import check_order, entropy_of
from qllg_sym.observables.sites import check_sites
from qllg_sym.observables.storage import require_memory

EXAMPLE = ((0,),)


def entanglement(ensemble: Ensemble, sites: int | Sequence[int], order: float = 1) -> NDArray[np.float64]:
    r"""Return the entropy $S_\alpha(\mathrm{Tr}_{\text{rest}}\,\rho)$ of some sites; order 1 is von Neumann's.

    A pure state is entangled with the rest by just this much (Bennett et al., PRA 53, 2046 (1996)), and both sides of
    the cut have the same entropy. Of a mixed state it also counts the mixture: see `mutual_information`. Kets are
    reshaped into (part × rest) matrices, whose singular values are the roots of the probabilities; neither side's
    density matrix is formed unless it is the smaller one.

    Definition:
        p = eig(part(rho, sites))
        -sum(x * log(x) for x in p if x > 0) if order == 1 else log(sum(p**order)) / (1 - order)

    Args:
        ensemble: the states at n times, of trace one.
        sites: one site or several different ones, not all; need not be neighbours.
        order: α ≥ 0 of Rényi's entropy, as in `renyi`.

    Returns:
        Array (n,), natural logarithm, from 0 to the logarithm of the part's dimension.

    Raises:
        InputError: a site does not exist or is named twice, none or all are named, the order is negative, or the
            smaller side of the cut is too large for the memory.

    >>> bell = Ensemble((2, 2), kets=[[[0.5**0.5], [0], [0], [0.5**0.5]]], weights=[1])
    >>> entanglement(bell, 0) / np.log(2)
    array([1.])
    """
    part = check_sites(sites, len(ensemble.dims))
    if len(part) == len(ensemble.dims):
        raise InputError(f"`sites` must leave some sites out, but names all {len(part)}; use `renyi` or `entropy`.")
    return part_entropy(ensemble, part, check_order(order))


def part_entropy(ensemble: Ensemble, part: tuple[int, ...], order: float = 1) -> NDArray[np.float64]:
    """Return the entropies of checked sites.

    >>> part_entropy(Ensemble((2, 2), density=np.eye(4)[None] / 4), (1,)) / np.log(2)
    array([1.])
    """
    return np.concatenate([_part_entropy(block, part, order) for block in ensemble.unfolded_blocks()])


def _part_entropy(block: Ensemble, part: tuple[int, ...], order: float) -> NDArray[np.float64]:
    """Return the entropies at a few times."""
    if block.weighted is None:
        return entropy_of(np.asarray(np.linalg.eigvalsh(block.reduced(part)), dtype=np.float64), order)
    if block.sector is not None:
        return _in_sector(block, part, order)
    size, weights = block.size_of(part), block.weighted[1]
    rest = block.dimension // size
    smaller = min(size, rest * len(weights))
    require_memory("entanglement", (smaller, smaller), "take a smaller part, or its complement where ρ is pure")
    p = np.stack([_probabilities(matrix, weights) for matrix in block.cut(part)]) + block.background * rest
    return entropy_of(p, order, block.background * rest, size - p.shape[1])


def _in_sector(block: Ensemble, part: tuple[int, ...], order: float) -> NDArray[np.float64]:
    """Return the entropies of kets of a sector: one matrix for each S_z of the part."""
    assert block.weights is not None
    found, zeros = [], block.size_of(part)
    for states, cut in block.sector_blocks(part):
        smaller = min(len(states), cut.shape[2] * cut.shape[3])
        require_memory("entanglement", (smaller, smaller), "take a smaller part, or its complement where ρ is pure")
        p = np.stack([_probabilities(matrix, block.weights) for matrix in cut])
        empty = np.zeros((len(p), (len(states) - p.shape[1]) * (block.background != 0)))
        found.append(np.concatenate([p, empty], axis=1) + block.background * cut.shape[2])
    whole = np.concatenate(found, axis=1)
    return entropy_of(whole, order, 0.0, zeros - whole.shape[1])


def _probabilities(cut: NDArray[np.complex128], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the eigenvalues of Σ_j w_j M_j M_j†, the first min(size, rest · r) of them, from M (size, rest, r)."""
    size = len(cut)
    if np.all(weights >= 0):  # singular values keep the digits of small probabilities
        return np.asarray(np.linalg.svd((cut * np.sqrt(weights)).reshape(size, -1), compute_uv=False) ** 2)
    columns, signed = cut.reshape(size, -1), (cut * weights).reshape(size, -1)
    if size <= columns.shape[1]:
        return np.asarray(np.linalg.eigvalsh(signed @ columns.conj().T))
    upper: NDArray[np.complex128] = np.asarray(np.linalg.qr(columns, mode="r"))
    return np.asarray(np.linalg.eigvalsh((upper * np.tile(weights, cut.shape[1])) @ upper.conj().T))
