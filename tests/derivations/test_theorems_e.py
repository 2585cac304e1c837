"""Theorems 47–51 against direct linear algebra in doubles: velocities by a dense solve, eigenvalues, concurrences."""

import numpy as np
import pytest

import qllg_sym as q

SIGMA = [np.eye(2), np.array([[0, 1], [1, 0]]), np.array([[0, -1j], [1j, 0]]), np.diag([1, -1])]


def comm(a, b):
    return a @ b - b @ a


def velocity(rho, h, kappa, factor=None):
    """The one X with X − iκ[F, X] = i[ρ, H]; F is ρ for q-LLG: the law a second time on purpose."""
    one, f = np.eye(len(rho)), rho if factor is None else factor
    system = np.eye(len(rho)**2) - 1j * kappa * (np.kron(f, one) - np.kron(one, f.T))
    return np.linalg.solve(system, 1j * comm(rho, h).ravel()).reshape(rho.shape)


def hermitian(rng, d):
    a = rng.normal(size=(d, d)) + 1j * rng.normal(size=(d, d))
    return a + a.conj().T


def state(rng, d):
    a = rng.normal(size=(d, d)) + 1j * rng.normal(size=(d, d))
    return a @ a.conj().T / np.linalg.norm(a)**2


@pytest.fixture
def rng():
    return np.random.default_rng(47)


def test_a_rival_law_is_the_same_for_a_qubit_and_another_law_for_three_levels(rng):
    for d, same in ((2, True), (3, False)):
        rho, h = state(rng, d), hermitian(rng, d)
        assert np.allclose(velocity(rho, h, 0.7), velocity(rho, h, 0.7, rho @ rho), atol=1e-12) == same
    ket = np.linalg.qr(hermitian(rng, 4))[0][:, :1]
    rho, h = ket @ ket.conj().T, hermitian(rng, 4)
    assert np.allclose(velocity(rho, h, 0.7), velocity(rho, h, 0.7, rho @ rho), atol=1e-12)


def test_dephasing_of_the_package_loses_purity_at_the_rate_of_the_theorem():
    rate, times = 0.3, np.linspace(0, 2e-4, 3)
    start = np.array([[0.6, 0.2 + 0.3j], [0.2 - 0.3j, 0.4]])
    run = q.solve(q.Model(q.Space("1/2"), [q.Zeeman((1, 0, 0))]), q.Dephasing(rate), start, times)
    bloch = np.asarray(run.bloch(0))
    purity = (1 + (bloch**2).sum(axis=1)) / 2
    c = comm(SIGMA[3] / 2, (np.eye(2) + np.einsum("k,kab", bloch[1], SIGMA[1:])) / 2)
    assert (purity[2] - purity[0]) / times[2] == pytest.approx(-rate * np.linalg.norm(c)**2, rel=1e-6)


def dimer(J, D, B):
    pauli = {(k, m): np.kron(SIGMA[k], SIGMA[m]) for k in range(4) for m in range(4)}
    h = J * (pauli[1, 1] + pauli[2, 2] + pauli[3, 3]) + D * (pauli[1, 2] - pauli[2, 1])
    return h - sum(b * (pauli[k, 0] + pauli[0, k]) for k, b in enumerate(B, 1)) / 2


def concurrence(h):
    levels, kets = np.linalg.eigh(h)
    return levels[0], abs(kets[:, 0] @ np.kron(SIGMA[2], SIGMA[2]) @ kets[:, 0])


def test_the_antiferromagnetic_ground_state_is_more_entangled(rng):
    """Also the closed form of the concurrence, for any field: 1 − C = 2m/n."""
    for _ in range(200):
        D, B = rng.uniform(0.05, 3), rng.normal(size=3) * rng.choice([0.3, 1, 5])
        found = []
        for J in (1, -1):
            energy, c = concurrence(dimer(J, D, B))
            e, across = energy - J, B[0]**2 + B[1]**2
            u = e**2 - B[2]**2
            n = e**2 * (u - across)**2 + 4 * D**2 * (u**2 + across * u + 2 * across * B[2]**2)
            assert c == pytest.approx(1 - 8 * D**2 * across * e**2 / n, abs=1e-9)
            found.append(c)
        assert found[0] > found[1] > 0
    assert concurrence(dimer(1, 0, (3.9, 0, 0)))[1] == pytest.approx(1)
    assert concurrence(dimer(1, 0, (4.1, 0, 0)))[1] == pytest.approx(0, abs=1e-12)
    assert concurrence(dimer(-1, 0, (1, 0, 0)))[1] == pytest.approx(0, abs=1e-12)


def test_werner_states_of_random_maximally_entangled_states(rng):
    p, kappa = 0.8, 0.6
    m = np.linalg.qr(rng.normal(size=(2, 2)) + 1j * rng.normal(size=(2, 2)))[0]
    psi = m.ravel() / np.sqrt(2)
    rho = (1 - p) / 4 * np.eye(4) + p * np.outer(psi, psi.conj())
    t = np.array([[np.trace(rho @ np.kron(a, b)).real for b in SIGMA[1:]] for a in SIGMA[1:]])
    assert np.allclose(t.T @ t, p**2 * np.eye(3))
    h = hermitian(rng, 4)
    q_ll = 1j * comm(rho, h) - kappa * comm(rho, comm(rho, h))
    assert np.allclose(q_ll, (1 + kappa**2 * p**2) * velocity(rho, h, kappa))


def test_renyi_entropies_fall_to_von_neumann_s(rng):
    p = np.linalg.eigvalsh(state(rng, 4))
    renyi = [np.log((p**x).sum()) / (1 - x) for x in (0.5, 0.9, 1 - 1e-6, 1 + 1e-6, 1.1, 2, 5)]
    assert all(np.diff(renyi) < 0)
    assert renyi[3] == pytest.approx(-(p * np.log(p)).sum(), abs=1e-5)
