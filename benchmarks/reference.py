r"""The states that errors are measured against: Taylor series of the frame form in the longest floating-point numbers.

Two ways must agree before anything is compared: the series, in the eigenbasis of H, and SciPy's DOP853 on ρ̇ itself at
its tightest tolerance. They share neither the form of the equation nor the integrator.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from qllg_sym.errors import IntegrationError

from .problems import DimerProblem

Array = NDArray[Any]
LONG = np.clongdouble       # 64 bits of mantissa on x86, 53 where there is nothing longer: enough either way
ORDER, STEP = 24, 0.05      # the first neglected term is below 1e-24 for the norms of these problems
AGREE = 3e-12               # what two ways may differ by; a target error must be well above it


def reference(problem: DimerProblem, rows: int = 1) -> Array:
    """Return the states of the first rows of a problem, (rows, n, 4, 4).

    Raises:
        IntegrationError: the two ways disagree.
    """
    found = []
    for k in range(rows):
        one = problem.row(k)
        series, other = taylor(one), plain(one, 3e-14)
        apart = float(np.abs(series - other).max())
        if not apart < AGREE:
            raise IntegrationError(f"The reference of problem {one.name} must be the same in two ways, but they are "
                                   f"{apart:.1e} apart; look for the fault before timing anything.")
        found.append(series)
    return np.array(found)


def velocity(rho: Array, h: Array, kappa: float) -> Array:
    r"""Return ρ̇ by an eigendecomposition of ρ: $\dot\rho_{jk} = -i(p_k - p_j) H_{jk}/(1 - iκ(p_j - p_k))$.

    Args:
        rho: state, (4, 4).
        h: H/ħ, (4, 4).
        kappa: κ.

    Source: PRL 133, 266704 (2024), eq. 3; this is the published way to make it explicit, a second time on purpose.

    >>> rho, h = np.diag([0.75, 0.25]), np.array([[0, 1], [1, 0]])
    >>> rate = velocity(rho, h, 1.0)
    >>> residual = rate - 1j * (rho @ h - h @ rho) - 1j * (rho @ rate - rate @ rho)
    >>> bool(abs(residual).max() < 1e-15)
    True
    """
    p, v = np.linalg.eigh(rho)
    gaps = p[:, None] - p
    return np.asarray(v @ (1j * gaps / (1 - 1j * kappa * gaps) * (v.conj().T @ h @ v)) @ v.conj().T)


def plain(problem: DimerProblem, tolerance: float) -> Array:
    """Return the states, (n, 4, 4), by SciPy's DOP853 on `velocity`."""
    h, kappa = problem.h, float(problem.kappa)
    found = solve_ivp(lambda _, y: velocity(y.reshape(4, 4), h, kappa).ravel(), problem.times[[0, -1]].tolist(),
                      problem.rho.ravel().astype(complex), "DOP853", problem.times, rtol=tolerance, atol=tolerance)
    return np.asarray(found.y.T.reshape(-1, 4, 4))


def taylor(problem: DimerProblem) -> Array:
    """Return the states, (n, 4, 4), by Taylor series of the frame V in the eigenbasis of H."""
    p, v = np.linalg.eigh(problem.rho)
    energies, basis = np.linalg.eigh(problem.h)
    energies = (energies - energies.mean()).astype(LONG)
    weight = 1 / (1 - 1j * LONG(problem.kappa) * (p[:, None] - p).astype(LONG))
    frame, states = (basis.conj().T @ v).astype(LONG), [problem.rho.astype(complex)]
    for start, end in zip(problem.times[:-1], problem.times[1:], strict=True):
        count = int(np.ceil((end - start) / STEP))
        for _ in range(count):
            frame = _step(frame, energies, weight, (end - start) / count)
        turned = basis.astype(LONG) @ frame
        states.append(((turned * p) @ turned.conj().T).astype(complex))
    return np.array(states)


def _step(frame: Array, energies: Array, weight: Array, h: float) -> Array:
    """Return V at the end of a step: V_{n+1} = −i/(n+1) Σ V_k (W ∘ M_{n−k}), M_n = Σ V_k† E V_{n−k}."""
    v, k = np.zeros((ORDER + 1, 4, 4), LONG), np.zeros((ORDER, 4, 4), LONG)
    v[0] = frame
    for n in range(ORDER):
        scaled = energies[:, None] * v[n::-1]
        k[n] = weight * np.einsum("kji,kjl->il", v[:n + 1].conj(), scaled)
        v[n + 1] = -1j / LONG(n + 1) * np.einsum("kij,kjl->il", v[:n + 1], k[n::-1])
    powers = LONG(h) ** np.arange(ORDER + 1)
    return np.asarray(np.einsum("n,nij->ij", powers, v))
