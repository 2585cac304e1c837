r"""Random Ising problems of N spins, their energies by enumeration, and ways that look for the lowest: for a study.

Energies E(s) of all 2^N strings are an array, so that truth is known; s = ±1, the first site the slowest.
"""

import numpy as np

from qllg_sym.figures.curves import Array

TRIES = 1000


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
    """Return E of all strings, (2^N,).

    >>> energies(np.array([[0.0, 1], [0, 0]])).tolist()
    [1.0, -1.0, -1.0, 1.0]
    """
    n = len(couplings)
    spins = 1 - 2 * ((np.arange(1 << n)[:, None] >> np.arange(n - 1, -1, -1)) & 1)
    return np.asarray(np.einsum("ki,ij,kj->k", spins, couplings, spins, optimize=True), dtype=float)


def lowest_strings(levels: Array) -> Array:
    """Return where the lowest energy is, (m, 2^N) of booleans for m problems."""
    bottom = levels.min(axis=1, keepdims=True)
    return np.asarray(levels <= bottom + 1e-9 * abs(bottom))


def boltzmann_success(levels: Array, beta: float) -> Array:
    """Return the weight of the lowest strings in exp(−βE)/Z, (m,)."""
    weights = np.exp(-beta * (levels - levels.min(axis=1, keepdims=True)))
    return np.asarray((weights * lowest_strings(levels)).sum(axis=1) / weights.sum(axis=1))


def annealed_success(levels: Array, total: float, weight: complex, dt: float) -> Array:
    r"""Return the weight of the lowest strings after H(t) = −(1 − t/T) Σσx + (t/T) E from |+…+⟩ in a time T, (m,).

    A step is $e^{-iw E s\,dt/2} \prod_i e^{iw(1 - s)\sigma^x_i dt} e^{-iw E s\,dt/2}$ with w = W(−1) of the law, and
    the length of the ket is put back to one: of order dt² over all.
    """
    m, d = levels.shape
    n, steps = d.bit_length() - 1, max(1, int(np.ceil(total / dt)))
    step, half = total / steps, n // 2
    kets = np.full((m, d), d**-0.5, dtype=complex)
    for k in range(steps):
        s = (k + 0.5) / steps
        phase = np.exp(-0.5j * weight * step * s * (levels - levels.min(axis=1, keepdims=True)))
        angle = 1j * weight * step * (1 - s)
        turn = np.array([[np.cosh(angle), np.sinh(angle)], [np.sinh(angle), np.cosh(angle)]])
        left, right = (_power(turn, count) for count in (half, n - half))
        kets = (left @ (phase * kets).reshape(m, len(left), len(right)) @ right).reshape(m, d) * phase
        kets /= np.linalg.norm(kets, axis=1, keepdims=True)
    return np.asarray((abs(kets)**2 * lowest_strings(levels)).sum(axis=1))


def _power(turn: Array, count: int) -> Array:
    """The Kronecker power of a 2 × 2 matrix."""
    found: Array = np.ones((1, 1), dtype=turn.dtype)
    for _ in range(count):
        found = np.asarray(np.kron(found, turn))
    return found


def annealing_success(rng: np.random.Generator, couplings: Array, sweeps: int, starts: int) -> Array:
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
    bottom = np.array([energies(one).min() for one in couplings])[:, None]
    return np.asarray((reached <= bottom + 1e-9 * abs(bottom)).mean(axis=1))
