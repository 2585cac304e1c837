"""The Lindblad equation as QuTiP integrates it, and the damped one against explicit matrices in SciPy.

Its damping is written here a second time on purpose.
"""

import numpy as np
import pytest
import sympy as sp
from scipy.integrate import solve_ivp

import oracle
import qllg_sym as q

qutip = pytest.importorskip("qutip")
g, w = sp.symbols("g w", real=True)
TIMES, VALUES = np.linspace(0, 3, 7), {"g": 0.4, "w": 2.0}


def problem(spins):
    """(model, law, H, [(rate(t), L)]) with one time-dependent rate and an operator that is not Hermitian."""
    space = q.Space(*spins)
    ops = oracle.site_spins(space.spins)
    first, last = space.spin(0), space.spin(len(spins) - 1)
    law = q.Lindblad([(g, first.minus), (0.3 + 0.2 * sp.cos(w * q.t), last.z * last.x + 0.3 * first.y)])
    model = q.Model(space, [q.Zeeman((0.3, 0, 1)), *(q.Exchange(0.7, i, i + 1) for i in range(len(spins) - 1))])
    jumps = [(lambda t: 0.4, ops[0][0] - 1j * ops[0][1]),
             (lambda t: 0.3 + 0.2 * np.cos(2 * t), ops[-1][2] @ ops[-1][0] + 0.3 * ops[0][1])]
    return model, law, oracle.hamiltonian(model, {}), jumps


@pytest.mark.parametrize("spins", [("1/2", "1/2"), ("1",), ("1/2", "1")], ids=str)
def test_solve_agrees_with_mesolve(spins):
    model, law, h, jumps = problem(spins)
    start = q.states.random(model.space, seed=1)
    run = q.solve(model, law, start, TIMES, VALUES)
    assert run.method == "pauli"
    dims = [[int(2 * sp.Rational(s)) + 1 for s in spins]] * 2
    c_ops = [qutip.QobjEvo([qutip.Qobj(m, dims=dims), lambda t, f=f: np.sqrt(f(t))]) for f, m in jumps]
    wanted = qutip.mesolve(qutip.Qobj(h, dims=dims), qutip.Qobj(run.states[0], dims=dims), TIMES, c_ops=c_ops,
                           options={"atol": 1e-12, "rtol": 1e-10, "nsteps": 100_000})
    assert max(np.abs(a - b.full()).max() for a, b in zip(run.states, wanted.states, strict=True)) < 1e-7
    assert run.invariants["trace"] < 1e-12
    assert set(run.invariants) == {"trace", "hermiticity", "positivity"}
    assert abs(run.purity[0] - run.purity[-1]) > 1e-3


def test_damped_and_dissipating_against_explicit_matrices():
    """(1 − iκ ad_ρ) ρ̇ = (i/ħ)[ρ, H] + D(ρ), solved as a linear system at every step."""
    model, law, h, jumps = problem(("1/2", "1/2"))
    kappa, one = 0.8, np.eye(4)
    run = q.solve(model, q.QuantumLLG(kappa) + law, q.states.random(model.space, seed=1), TIMES, VALUES)

    def velocity(t, y):
        rho = y.reshape(4, 4)
        right = 1j * (rho @ h - h @ rho) + sum(
            f(t) * (m @ rho @ m.conj().T - (m.conj().T @ m @ rho + rho @ m.conj().T @ m) / 2) for f, m in jumps)
        ad = np.kron(rho, one) - np.kron(one, rho.T)
        return np.linalg.solve(np.eye(16) - 1j * kappa * ad, right.ravel())

    found = solve_ivp(velocity, (0, 3), run.states[0].ravel(), "DOP853", TIMES, rtol=1e-11, atol=1e-13).y.T
    np.testing.assert_allclose(run.states.reshape(7, 16), found, atol=1e-9)
    many = q.solve_many(model, q.QuantumLLG(kappa) + law, q.states.random(model.space, seed=1), TIMES,
                        {"g": np.array([0.4, 0.0]), "w": 2.0})
    np.testing.assert_allclose(many.states[0], run.states, atol=1e-9)
    assert np.abs(many.states[1] - run.states).max() > 0.01
    assert set(many.invariants) == {"trace", "hermiticity", "positivity"}
    kept = q.solve(model, q.QuantumLLG(kappa), q.states.random(model.space, seed=1), TIMES, method="pauli")
    assert kept.invariants["spectrum"] < 1e-9
    assert kept.invariants["purity"] < 1e-9
