"""Chains of spins ½ as dense matrices, a second time on purpose: pure q-LLG by exponentials, readings by sums."""

from functools import reduce

import numpy as np
from scipy.linalg import expm

SIGMA = {"i": np.eye(2), "x": np.array([[0, 1], [1, 0]]), "y": np.array([[0, -1j], [1j, 0]]), "z": np.diag([1, -1])}


def string(sites, letters):
    """The matrix of a product of Pauli matrices, letters by site."""
    return reduce(np.kron, [SIGMA[letters.get(site, "i")] for site in range(sites)])


def hamiltonian(sites, terms):
    """Σ number · string over (number, {site: letter})."""
    return sum(number * string(sites, letters) for number, letters in terms)


def basis_ket(ups):
    """|↑↓…⟩ from True for up."""
    return reduce(np.kron, [np.array([1.0, 0]) if up else np.array([0, 1.0]) for up in ups]).astype(complex)


def path(h, ket, times, pace):
    """The kets exp(−i · pace · H t)|ψ⟩, of length one, by steps from time to time; pace 1/(1 + iκ) for q-LLG."""
    found = [ket]
    for dt in np.diff(times):
        ket = expm(-1j * pace * dt * h) @ ket
        ket = ket / np.linalg.norm(ket)
        found.append(ket)
    return np.array(found)


def means(kets, operator):
    """⟨O⟩ of kets (n, d)."""
    return np.einsum("ni,ij,nj->n", kets.conj(), operator, kets).real


def block_entropy(kets, sites, block):
    """Von Neumann's entropy of a block, by Schmidt's decomposition."""
    rest = [k for k in range(sites) if k not in block]
    found = []
    for ket in kets:
        tensor = ket.reshape([2] * sites).transpose([*block, *rest]).reshape(2**len(block), -1)
        p = np.linalg.svd(tensor, compute_uv=False)**2
        p = p[p > 0]
        found.append(-(p * np.log(p)).sum())
    return np.array(found)
