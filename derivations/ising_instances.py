"""Random Ising problems of N spins, their energies by enumeration, and classical ways to the lowest: for a study.

Energies E(s) of all 2^N strings are an array, so that truth is known; s = ±1, the first site the slowest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from qllg_sym.figures.curves import Array

TRIES = 1000
Numbers = NDArray[np.int16]


def cubic_graph(rng: np.random.Generator, nodes: int) -> list[tuple[int, int]]:
    """Return the edges of a random 3-regular graph, by pairing stubs until there is no loop and no double edge.

    >>> edges = cubic_graph(np.random.default_rng(0), 8); len(edges), len(set(edges))
    (12, 12)
    """
    for _ in range(TRIES):
        stubs = rng.permutation(np.repeat(np.arange(nodes), 3)).reshape(-1, 2)
        edges = {(int(min(a, b)), int(max(a, b))) for a, b in stubs if a != b}
        if len(edges) == 3 * nodes // 2:
            return sorted(edges)
    raise RuntimeError("no simple graph was found")


def maxcut(rng: np.random.Generator, nodes: int) -> Array:
    """Return couplings J of E = Σ_{i<j} J_ij s_i s_j for the largest cut of a random 3-regular graph, (N, N)."""
    found = np.zeros((nodes, nodes))
    for i, j in cubic_graph(rng, nodes):
        found[i, j] = 1.0
    return found


def glass(rng: np.random.Generator, nodes: int) -> Array:
    """Return couplings ±1/√N between all pairs."""
    return np.triu(rng.choice([-1.0, 1.0], (nodes, nodes)), 1) / np.sqrt(nodes)


def energies(couplings: Array) -> Array:
    """Return E of all strings, (2^N,): of the halves of a string, and what couples them.

    >>> energies(np.array([[0.0, 1], [0, 0]])).tolist()
    [1.0, -1.0, -1.0, 1.0]
    """
    n = len(couplings)
    left, right = _strings(n // 2), _strings(n - n // 2)
    own = [np.einsum("ki,ij,kj->k", part, block, part, optimize=True) for part, block in
           ((left, couplings[:n // 2, :n // 2]), (right, couplings[n // 2:, n // 2:]))]
    return np.asarray(own[0][:, None] + own[1] + left @ couplings[:n // 2, n // 2:] @ right.T).ravel()


def _strings(n: int) -> Array:
    """All strings of n spins, (2^n, n)."""
    return np.asarray(1.0 - 2 * ((np.arange(1 << n)[:, None] >> np.arange(n - 1, -1, -1)) & 1))


@dataclass(frozen=True, eq=False)
class Spectra:
    """The energies of m problems of N spins whose couplings are whole multiples of one unit.

    Attributes:
        spins: N.
        numbers: (m, 2^(N−1)) integers, which energy: of the strings whose first spin is up; a flip of all keeps E.
        energies: (levels,), ascending, from the lowest of all problems on.
    """

    spins: int
    numbers: Numbers
    energies: Array

    @classmethod
    def of(cls, couplings: Sequence[Array]) -> "Spectra":
        """Return those of couplings (N, N).

        >>> found = Spectra.of([np.array([[0.0, 0.5], [0, 0]])]); found.numbers.tolist(), found.energies.tolist()
        ([[2, 0]], [-0.5, 0.0, 0.5])
        """
        n, unit = len(couplings[0]), min(float(abs(one[one != 0]).min()) for one in couplings)
        whole = [np.rint(energies(one / unit)[:1 << (n - 1)]).astype(int) for one in couplings]
        least, most = min(int(one.min()) for one in whole), max(int(one.max()) for one in whole)
        numbers = np.array([one - least for one in whole], dtype=np.int16)
        return cls(n, numbers, np.asarray(unit * np.arange(least, most + 1), dtype=float))

    def __len__(self) -> int:
        """Return m."""
        return len(self.numbers)

    @cached_property
    def counts(self) -> Array:
        """How many strings have each energy, (m, levels), of those whose first spin is up."""
        return np.array([np.bincount(one, minlength=len(self.energies)) for one in self.numbers])

    @cached_property
    def lowest(self) -> Array:
        """The lowest energy, (m,)."""
        return np.asarray(self.energies[self.numbers.min(axis=1)])


def boltzmann_success(spectra: Spectra, beta: float) -> Array:
    """Return the weight of the lowest strings in exp(−βE)/Z, (m,).

    >>> boltzmann_success(Spectra.of([np.array([[0.0, 1], [0, 0]])]), 0.5 * np.log(3)).round(12).tolist()
    [0.75]
    """
    weights = spectra.counts * np.exp(-beta * (spectra.energies - spectra.lowest[:, None]))
    return np.asarray((weights * (spectra.energies == spectra.lowest[:, None])).sum(axis=1) / weights.sum(axis=1))


def annealing_success(rng: np.random.Generator, couplings: Array, lowest: Array, sweeps: int,
                      starts: int) -> Array:
    """Return how often Metropolis' rule ends in the lowest energy, (m,), β rising from 0.1 to 3 evenly over the sweeps.

    Source: S. Kirkpatrick, C. Gelatt and M. Vecchi, Science 220, 671 (1983).
    """
    m, n = couplings.shape[:2]
    both = couplings + couplings.swapaxes(1, 2)
    spins = rng.choice([-1.0, 1.0], (m, starts, n))
    for beta in np.linspace(0.1, 3.0, sweeps):
        for i in range(n):
            change = -2 * spins[:, :, i] * np.einsum("msn,mn->ms", spins, both[:, i])
            flips = rng.random((m, starts)) < np.exp(-beta * np.maximum(change, 0.0))
            spins[:, :, i] *= np.where(flips, -1.0, 1.0)
    reached = np.einsum("msi,mij,msj->ms", spins, couplings, spins, optimize=True)
    bottom = lowest[:, None]
    return np.asarray((reached <= bottom + 1e-9 * abs(bottom)).mean(axis=1))
