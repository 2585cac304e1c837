"""Numbers beside the theorems of the dimer: closed forms and final states against an own integration of the law."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.linalg import expm

PAULI = [np.eye(2), np.array([[0, 1], [1, 0]]), np.array([[0, -1j], [1j, 0]]), np.diag([1, -1])]
KAPPA, UP_DOWN, PSI_PLUS = 0.5, np.array([0, 1, 0, 0]), np.array([0, 1, 1, 0]) / np.sqrt(2)


def two(a, b):
    return np.kron(PAULI[a], PAULI[b])


def hamiltonian(J, D, B):
    bond = sum(J * two(k, k) for k in (1, 2, 3)) + D * (two(1, 2) - two(2, 1))
    return bond - B / 2 * (two(1, 0) + two(0, 1))


def evolve(H, ket, time, kappa=KAPPA):
    """ρ(t), the law a second time on purpose: solved for the velocity by a 16×16 linear system at each call."""
    def velocity(_, y):
        rho = y.reshape(4, 4)
        commutator = np.kron(rho, np.eye(4)) - np.kron(np.eye(4), rho.T)
        return np.linalg.solve(np.eye(16) - 1j * kappa * commutator, (1j * (rho @ H - H @ rho)).ravel())
    start = np.outer(ket, ket.conj()).astype(complex)
    return solve_ivp(velocity, (0, time), start.ravel(), rtol=1e-10, atol=1e-12).y[:, -1].reshape(4, 4)


def correlations(rho):
    return np.array([[np.trace(rho @ two(k, m)).real for m in (1, 2, 3)] for k in (1, 2, 3)])


@pytest.mark.parametrize(("J", "B", "t"), [(-1, 1, 0.7), (1, 1, 0.4), (0.3, -0.8, 1.1)])
def test_closed_form_fig_1(J, B, t):
    q = KAPPA / (1 + KAPPA**2)
    found = np.trace(evolve(hamiltonian(J, 0, B), UP_DOWN, t) @ two(1, 0)).real
    assert found == pytest.approx(np.sinh(2 * q * B * t) / (np.cosh(2 * q * B * t) + np.exp(8 * q * J * t)), abs=1e-8)


@pytest.mark.parametrize("t", [0.5, 2.0])
def test_closed_form_fig_3(t):
    q = KAPPA / (1 + KAPPA**2)
    u = np.linalg.svd(correlations(evolve(hamiltonian(1, 0, 1), PSI_PLUS, t)), compute_uv=False)
    assert np.sqrt(u[0]**2 + u[1]**2 - 1) == pytest.approx(1 / np.cosh(2 * q * t), abs=1e-7)


@pytest.mark.parametrize(("J", "D"), [(-1, 0.6), (1, 0.6), (1, 0.2), (1, 0.4)])
def test_final_states(J, D):
    energies, kets = np.linalg.eigh(hamiltonian(J, D, 1))
    e = energies[0] - J
    v = np.array([2j * D, e**2 - 1 - 2j * D * e, 1 - e**2 - 2j * D * e, 2j * D]) / np.sqrt(2)
    assert abs(np.vdot(kets[:, 0], v)) == pytest.approx(np.linalg.norm(v), rel=1e-10)
    end = expm(-60 * hamiltonian(J, D, 1)) @ UP_DOWN.astype(complex)
    assert abs(np.vdot(end, v)) == pytest.approx(np.linalg.norm(end) * np.linalg.norm(v), rel=1e-9)
    bloch = np.vdot(v, two(1, 0) @ v).real / np.vdot(v, v).real
    assert bloch == pytest.approx(-8 * D**2 * e / np.vdot(v, v).real, rel=1e-9)
    assert bloch > 0.005


def test_splitting_with_dmi():
    T = correlations(evolve(hamiltonian(1, 0.6, 1), UP_DOWN, 1.3))
    assert abs(T[0, 1]) > 0.05
    assert T[0, 1] == pytest.approx(-T[1, 0], abs=1e-8)


def test_positivity_conditions_say_what_eigenvalues_say():
    rng, seen = np.random.default_rng(1), set()
    for scale in (0.1, 0.2, 0.3, 0.5) * 10:
        r, s, M = (scale * rng.normal(size=shape) for shape in (3, 3, (3, 3)))
        rho = np.eye(4) + sum(r[k] * two(k + 1, 0) + s[k] * two(0, k + 1) for k in range(3))
        rho = (rho + sum(M[j, k] * two(j + 1, k + 1) for j in range(3) for k in range(3))) / 4
        cofactor = np.linalg.det(M) * np.linalg.inv(M).T
        size, c = r @ r + s @ s + (M**2).sum(), r @ M @ s - np.linalg.det(M)
        squares = (r @ r) * (s @ s) + (M @ s) @ (M @ s) + (r @ M) @ (r @ M) + (cofactor**2).sum()
        conditions = (3 - size, 1 - size + 2 * c, (1 - size)**2 + 8 * c - 4 * squares + 8 * r @ cofactor @ s)
        seen.add(min(conditions) >= 0)
        assert (min(conditions) >= 0) == (np.linalg.eigvalsh(rho)[0] >= 0)
    assert len(seen) == 2
