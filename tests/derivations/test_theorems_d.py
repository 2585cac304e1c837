"""Theorems 40–46 against direct linear algebra in doubles: integrated motion, reduced velocities, eigenvalues."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.linalg import expm


def comm(a, b):
    return a @ b - b @ a


def llg(rho, h, kappa):
    """The one X with X − iκ[ρ, X] = i[ρ, H], by a dense solve: the law a second time on purpose."""
    one = np.eye(len(rho))
    system = np.eye(len(rho)**2) - 1j * kappa * (np.kron(rho, one) - np.kron(one, rho.T))
    return np.linalg.solve(system, (1j * comm(rho, h)).ravel()).reshape(rho.shape)


def ll(rho, h, kappa):
    return 1j * comm(rho, h) - kappa * comm(rho, comm(rho, h))


def moved(law, rho, h, kappa, t):
    d = len(rho)
    found = solve_ivp(lambda _, y: law(y.reshape(d, d), h, kappa).ravel(), (0, t), rho.astype(complex).ravel(),
                      method="DOP853", rtol=1e-11, atol=1e-12)
    return found.y[:, -1].reshape(d, d)


@pytest.fixture
def rng():
    return np.random.default_rng(40)


def hermitian(rng, d):
    a = rng.normal(size=(d, d)) + 1j * rng.normal(size=(d, d))
    return a + a.conj().T


def state(rng, spectrum):
    u = expm(1j * hermitian(rng, len(spectrum)))
    return u @ np.diag(spectrum) @ u.conj().T


def test_pure_states_relax_at_the_exact_rate(rng):
    energies, kappa, t = np.array([-1.0, 0.3, 1.7]), 0.6, 1.3
    rho = state(rng, [1, 0, 0])
    late = moved(llg, rho, np.diag(energies), kappa, t)
    for k in (1, 2):
        rate = -(kappa + 1j) * (energies[k] - energies[0]) / (1 + kappa**2)
        assert late[k, 0] / late[0, 0] == pytest.approx(rho[k, 0] / rho[0, 0] * np.exp(rate * t), rel=1e-8)


def test_mixed_states_relax_at_the_linear_rate(rng):
    energies, filling, kappa, t = np.array([-1.0, 0.3, 1.7]), np.array([0.2, 0.5, 0.3]), 0.6, 1.3
    turn = expm(1e-6j * hermitian(rng, 3))
    rho = turn @ np.diag(filling) @ turn.conj().T
    late = moved(llg, rho, np.diag(energies), kappa, t)
    growth = {}
    for j, k in ((0, 1), (0, 2), (1, 2)):
        gap = filling[j] - filling[k]
        growth[j, k] = late[j, k] / rho[j, k]
        exponent = 1j * (energies[k] - energies[j]) * t / (1 - 1j * kappa * gap)
        assert growth[j, k] == pytest.approx(np.exp(exponent), abs=2e-5)
        assert (abs(growth[j, k]) > 1) == (gap * (energies[j] - energies[k]) > 0)          # passive pairs alone decay


@pytest.mark.parametrize(("rest", "share"), [((1, 0), 1), ((0.5, 0.5), 0.5), ((0.7, 0.3), None)])
def test_a_spin_follows_its_own_law_only_beside_a_flat_rest(rng, rest, share):
    one, h, kappa = state(rng, [0.8, 0.2]), hermitian(rng, 2), 0.9
    x = llg(np.kron(one, np.diag(rest)), np.kron(h, np.eye(2)), kappa)
    reduced = np.einsum("ajbj->ab", x.reshape(2, 2, 2, 2))
    product = np.kron(reduced, np.diag(rest))
    if share is None:
        assert abs(x - product).max() > 1e-3
        assert min(abs(reduced - llg(one, h, kappa * s)).max() for s in np.linspace(0, 1, 11)) > 1e-6
    else:
        assert abs(x - product).max() < 1e-13
        assert abs(reduced - llg(one, h, kappa * share)).max() < 1e-13


def test_the_two_laws_part_as_kappa_squared(rng):
    rho, h = state(rng, [0.6, 0.3, 0.1]), hermitian(rng, 3) / 4
    apart = [np.linalg.norm(moved(llg, rho, h, k, 1.0) - moved(ll, rho, h, k, 1.0)) for k in (0.04, 0.02)]
    assert apart[0] / apart[1] == pytest.approx(4, rel=0.05)
    for kappa in (0.3, 3.0, 30.0):
        assert np.linalg.norm(llg(rho, h, kappa) - ll(rho, h, kappa)) <= kappa**2 * np.linalg.norm(comm(rho, h))


@pytest.mark.parametrize("kappa", [0.01, 0.3, 3.0])
def test_the_gap_in_time_stays_below_its_bound(rng, kappa):
    rho, h, t = state(rng, [0.6, 0.3, 0.1]), hermitian(rng, 3) / 4, 0.7
    width = abs(np.linalg.eigvalsh(h)).max()
    gap = np.linalg.norm(moved(llg, rho, h, kappa, t) - moved(ll, rho, h, kappa, t))**2
    bound = 4 * kappa**4 * np.linalg.norm(rho)**2 * np.expm1(width * (1 + 4 * kappa) * t) / (1 + 4 * kappa)
    assert 0 < gap <= bound
    if kappa == 0.01:
        assert gap > kappa**2 * bound                       # so that κ⁶ would be no bound


def test_no_other_filling_has_less_energy_than_the_passive_one(rng):
    energies, filling = np.array([-1.0, 0.3, 1.7]), np.array([0.5, 0.3, 0.2])
    least = energies @ filling
    found = [np.trace(state(rng, filling) @ np.diag(energies)).real for _ in range(50)]
    assert min(found) > least
    assert energies @ filling[[1, 0, 2]] == pytest.approx(least + (0.5 - 0.3) * (0.3 + 1.0))


def test_the_werner_state_at_three_fifths(rng):
    pauli = [np.array([[0, 1], [1, 0]]), np.array([[0, -1j], [1j, 0]]), np.diag([1, -1])]
    singlet = np.array([0, 1, -1, 0]) / np.sqrt(2)
    rho = 0.1 * np.eye(4) + 0.6 * np.outer(singlet, singlet)
    transposed = rho.reshape(2, 2, 2, 2).transpose(0, 3, 2, 1).reshape(4, 4)
    assert np.linalg.eigvalsh(transposed)[0] == pytest.approx(-0.2)
    flip = np.kron(pauli[1], pauli[1])
    roots = np.sqrt(np.sort(np.linalg.eigvals(rho @ flip @ rho.conj() @ flip).real))
    assert roots[3] - sum(roots[:3]) == pytest.approx(0.4)
    T = np.array([[np.trace(rho @ np.kron(a, b)).real for b in pauli] for a in pauli])
    assert sum(np.sort(np.linalg.eigvalsh(T.T @ T))[1:]) == pytest.approx(0.72)             # no more than 1: B = 0
