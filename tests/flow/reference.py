"""The independent solver: the implicit law as a dense linear system of d² unknowns, integrated by DOP853 at 1e-12.

Rows of ρ are stacked, so that A X B becomes (A ⊗ Bᵀ) x.  Nothing here comes from the package but H's table in `oracle`.
"""

import numpy as np
from scipy.integrate import solve_ivp

import oracle
import qllg_sym as q

TIGHT = {"method": "DOP853", "rtol": 1e-12, "atol": 1e-14}


def bound(equation, values):
    """The numbers that `solve` wants: those of the equation's own parameters, by Symbol."""
    return {s: float(values[s]) for s in equation.parameters}


def commutator_map(a):
    """x ↦ [A, X] on stacked rows."""
    one = np.eye(len(a))
    return np.kron(a, one) - np.kron(one, a.T)


def velocity(law, rho, h, hbar, spins, values):
    """ρ̇ of a law at ρ, H given as a matrix, and S/ħ of every site."""
    torque = 1j / hbar * oracle.commutator(rho, h)
    if law.kind == "q-llg" and len(rho) > 4:            # the dense system would take seconds a trajectory
        p, v = np.linalg.eigh(rho)
        damping = 1 - 1j * oracle.number(law.kappa, values) * (p[:, None] - p)
        return v @ ((v.conj().T @ torque @ v) / damping) @ v.conj().T
    if law.kind == "q-llg":
        d = len(rho)
        system = np.eye(d * d) - 1j * oracle.number(law.kappa, values) * commutator_map(rho)
        return np.linalg.solve(system, torque.ravel()).reshape(d, d)
    if law.kind == "q-ll":
        return torque + 1j * oracle.number(law.kappa, values) * oracle.commutator(rho, torque)
    if law.kind == "dephasing":
        loss = sum(z @ rho @ z - (z @ z @ rho + rho @ z @ z) / 2 for _, _, z in spins)
        return torque + oracle.number(law.rate, values) * hbar**2 * loss
    if law.kind == "local-gilbert":
        return with_local_friction(rho, torque, oracle.number(law.alpha, values), spins)
    assert law.kind == "von-neumann"
    return torque


def with_local_friction(rho, torque, alpha, spins):
    """ρ̇ = torque + iα[ρ, Σ_a x_a σ_a/s_a], from the 3N equations for x_a = Tr(ρ̇ σ_a), σ = S/ħ."""
    components = [op for ops in spins for op in ops]
    turned = [1j * alpha / ops[2].real.max() * oracle.commutator(rho, op) for ops in spins for op in ops]
    system = np.eye(len(components)) - [[np.trace(a @ op) for a in turned] for op in components]
    x = np.linalg.solve(system, [np.trace(torque @ op) for op in components])
    return torque + sum(c * a for c, a in zip(x, turned, strict=True))


def integrate(model, law, rho, times, values=None, h=None):
    """States (n, d, d) at the times; `h` is H as a function of time where the table would be slow."""
    values = dict(values or {})
    spins = oracle.site_spins(model.space.spins)
    d, hbar = len(rho), oracle.number(model.hbar, values)
    if h is None:
        fixed = None if model.time_dependent else oracle.hamiltonian(model, values)

        def h(t):
            return oracle.hamiltonian(model, {**values, q.t: t}) if fixed is None else fixed

    def flow(t, y):
        return velocity(law, y.reshape(d, d), h(t), hbar, spins, {**values, q.t: t}).ravel()

    if len(times) == 1:
        return np.array([rho], dtype=complex)
    found = solve_ivp(flow, (times[0], times[-1]), np.asarray(rho, dtype=complex).ravel(), t_eval=times, **TIGHT)
    assert found.success
    return found.y.T.reshape(-1, d, d)


def distance(a, b):
    """The largest difference of entries."""
    return float(np.abs(np.asarray(a) - np.asarray(b)).max())
