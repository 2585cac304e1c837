r"""Means of noisy trajectories against exact ones: how likely they are, and what noise does to the energy on average.

With $a = (1 - i\kappa)/(1 + \kappa^2)$ a pure state moves by V_A = −(i/ħ) a (A − ⟨A⟩)ψ under an operator A. A field
σ A dW (Stratonovich) inside q-LLG changes the mean energy at the rate

$$\frac{\sigma^2}{\hbar^2}\left[|a|^2\langle\delta H\delta\rangle - \mathrm{Re}\,a^2\langle H\delta^2\rangle
  - \frac{2\kappa^2}{(1+\kappa^2)^2}\langle\delta^2\rangle\langle H\rangle\right], \;\; \delta = A - \langle A\rangle,$$

friction at the rate −(2κ/ħ)(⟨H²⟩ − ⟨H⟩²)/(1 + κ²). The law stands here a second time on purpose; ħ = 1 below.
"""

from collections.abc import Sequence

import numpy as np
from scipy.special import chdtrc, fdtrc

from qllg_sym import Model, canonical
from qllg_sym.ensemble.canonical.ensemble import Canonical
from qllg_sym.figures.curves import Array

FALSE_ALARM = 1e-6      # probability with which a right simulation would be called wrong
X, Y, Z = np.array([[0, 1], [1, 0]]), np.array([[0, -1j], [1j, 0]]), np.diag([1, -1])


def on_orbit(model: Model, spectrum: Array | Sequence[float], kT: float) -> Canonical:
    """Return the canonical ensemble on the orbit of a spectrum, in numbers."""
    found = canonical(model, [float(x) for x in spectrum], kT)
    assert isinstance(found, Canonical)     # symbols are left in no study
    return found


def likelihood(samples: Array, expected: Array) -> float:
    """Return how likely means are at least as far off as these, by Hotelling's T² with the samples' own covariance.

    Args:
        samples: (n, k), of n independent trajectories.
        expected: the exact means, (k,).

    >>> draws = np.random.default_rng(0).standard_normal((500, 2))
    >>> 0.01 < likelihood(draws, np.zeros(2)) < 1, likelihood(draws, np.array([0.5, 0])) < 1e-6
    (True, True)
    """
    n, k = samples.shape
    off = samples.mean(axis=0) - expected
    squared = n * off @ np.linalg.solve(np.atleast_2d(np.cov(samples.T)), off)
    return float(fdtrc(k, n - k, squared * (n - k) / (k * (n - 1))))


def together(chances: Sequence[float]) -> float:
    """Return one probability for several independent ones, by Fisher's method.

    >>> round(together([0.5, 0.5]), 3)
    0.597
    """
    least = np.finfo(float).tiny
    return float(chdtrc(2 * len(chances), -2 * np.log(np.maximum(chances, least)).sum()))


def dimer_matrix(J: float, D: float, B: Sequence[float]) -> Array:
    """Return H = J σ·σ + D (σxσy − σyσx) − ½ B·(σ1 + σ2) from Pauli matrices, (4, 4).

    >>> np.linalg.eigvalsh(dimer_matrix(1.0, 0.0, (0, 0, 1))).round(12)
    array([-3.,  0.,  1.,  2.])
    """
    one = np.eye(2)
    exchange = sum(np.kron(a, a) for a in (X, Y, Z))
    total = sum(b * (np.kron(a, one) + np.kron(one, a)) for b, a in zip(B, (X, Y, Z), strict=True))
    return np.asarray(J * exchange + D * (np.kron(X, Y) - np.kron(Y, X)) - total / 2)


def from_pauli(components: Array) -> Array:
    """Return two spins' density matrices from their 15 Pauli components T_0x, T_0y, …, (…, 4, 4).

    >>> from_pauli(np.eye(15)[2] + np.eye(15)[11] + np.eye(15)[14]).real.diagonal().tolist()
    [1.0, 0.0, 0.0, 0.0]
    """
    letters = (np.eye(2), X, Y, Z)
    basis = np.array([np.kron(a, b) for a in letters for b in letters])
    return (np.eye(4) + np.tensordot(components, basis[1:], axes=1)) / 4


def fields_of_spins() -> list[Array]:
    """Return S_i/(ħ√s_i) of two spins ½, the operators of local noise."""
    return [part / np.sqrt(2) for a in (X, Y, Z) for part in (np.kron(a, np.eye(2)), np.kron(np.eye(2), a))]


def friction_rate(h: Array, rho: Array, kappa: float) -> Array:
    """Return dE/dt of pure states without noise, (…,)."""
    energy, squared = (np.einsum("...ij,ji->...", rho, a).real for a in (h, h @ h))
    return np.asarray(-2 * kappa / (1 + kappa**2) * (squared - energy**2))


def heating_rate(h: Array, rho: Array, kappa: float) -> Array:
    """Return dE/dt over k_BT of pure states by invariant noise: (2dκ/(1 + κ²)) (Tr H/d − E), (…,)."""
    d = len(h)
    energy = np.einsum("...ij,ji->...", rho, h).real
    return np.asarray(2 * kappa / (1 + kappa**2) * (np.trace(h).real - d * energy))


def field_heating_rate(h: Array, rho: Array, kappa: float, fields: Sequence[Array]) -> Array:
    """Return dE/dt over k_BT of pure states by fields σ A dW with σ² = 2κk_BT, (…,).

    All Hermitian matrices that are orthonormal make invariant noise:

    >>> h, up = np.diag([0.0, 1, 3]), np.diag([1.0, 0, 0])
    >>> pairs = [(0, 1), (0, 2), (1, 2)]
    >>> units = [np.outer(np.eye(3)[j], np.eye(3)[k]) for j, k in pairs]
    >>> every = [(u + u.T) / 2**0.5 for u in units] + [1j * (u - u.T) / 2**0.5 for u in units]
    >>> every += [np.diag(v) for v in np.eye(3)]
    >>> bool(np.isclose(field_heating_rate(h, up, 0.5, every), heating_rate(h, up, 0.5)))
    True
    """
    def mean(operator: Array) -> Array:
        return np.asarray(np.einsum("...ij,ji->...", rho, operator))

    a, total, energy = (1 - 1j * kappa) / (1 + kappa**2), np.zeros(rho.shape[:-2]), mean(h).real
    for field in fields:
        m, cross = mean(field).real, mean(h @ field)
        spread = mean(field @ field).real - m**2
        inner = mean(field @ h @ field).real - 2 * m * cross.real + m**2 * energy       # ⟨δHδ⟩
        outer = mean(h @ field @ field) - 2 * m * cross + m**2 * energy                 # ⟨Hδ²⟩
        total += abs(a)**2 * inner - (a**2 * outer).real - 2 * kappa**2 / (1 + kappa**2)**2 * spread * energy
    return np.asarray(2 * kappa * total)


def unexplained(times: Array, energies: Array, rates: Array) -> Array:
    """Return E(end) − E(start) − ∫ rate dt of every trajectory, whose mean is zero if the rates are right, (m,).

    Args:
        times: (n,), equally spaced, n odd.
        energies: (m, n).
        rates: of the mean energy, in each trajectory's state, (m, n).

    >>> t = np.linspace(0, 1, 5); unexplained(t, t[None]**3, 3 * t[None]**2).round(12)
    array([0.])
    """
    weights = np.where(np.arange(len(times)) % 2, 4.0, 2.0)     # Simpson
    weights[[0, -1]] = 1.0
    return np.asarray(energies[:, -1] - energies[:, 0] - rates @ weights * (times[1] - times[0]) / 3)
