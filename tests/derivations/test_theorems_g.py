"""Theorems 70 and 71 in doubles, the law a second time on purpose: what stays Gaussian, and what weights are."""

import numpy as np
import pytest
from scipy.linalg import expm

import qllg_sym as q
from flow.dense_chains import hamiltonian, string

SITES = 3
TERMS = [(0.7, {0: "x", 1: "x"}), (0.4, {0: "y", 1: "y"}), (-1.1, {1: "x", 2: "x"}), (0.5, {0: "z"}), (-0.3, {2: "z"})]


def comm(a, b):
    return a @ b - b @ a


def velocity(rho, h, kappa):
    """The one X with X − iκ[ρ, X] = i[ρ, H]."""
    one = np.eye(len(rho))
    system = np.eye(len(rho)**2) - 1j * kappa * (np.kron(rho, one) - np.kron(one, rho.T))
    return np.linalg.solve(system, 1j * comm(rho, h).ravel()).reshape(rho.shape)


def majorana_operators():
    """a_m as matrices."""
    found = []
    for site in range(SITES):
        left = dict.fromkeys(range(site), "z")
        found += [string(SITES, {**left, site: letter}) for letter in "xy"]
    return found


def one_particle(rho):
    """C_mn = ½⟨a_n a_m⟩."""
    a = majorana_operators()
    return np.array([[np.trace(rho @ y @ x) / 2 for y in a] for x in a])


def gaussian_state(temperature):
    """exp(−Q/T)/Z of another quadratic form Q; its ground state for T → 0."""
    form = hamiltonian(SITES, [*TERMS, *((2.0 + site, {site: "z"}) for site in range(SITES))])
    rho = expm(-(form - np.linalg.eigvalsh(form)[0] * np.eye(2**SITES)) / temperature)
    return rho / np.trace(rho)


def miss(rho, kappa=0.7):
    """How far dC/dt by the law of ρ is from that by the law of C, relative."""
    h = hamiltonian(SITES, TERMS)
    a = majorana_operators()
    small = -np.array([[np.trace(h @ comm(x, y)) for y in a] for x in a]) / 2**SITES      # of H = ¼ Σ h_mn a_m a_n
    c, slope = one_particle(rho), one_particle(velocity(rho, h, kappa))
    residual = slope - 1j * comm(c, small) - 1j * kappa * comm(c, slope)
    return np.linalg.norm(residual) / np.linalg.norm(slope)


def test_the_one_particle_matrix_of_a_pure_gaussian_state_obeys_the_law_and_of_a_mixed_one_does_not():
    assert miss(gaussian_state(0.02)) < 1e-12
    assert miss(gaussian_state(1.0)) > 1e-2                         # the twin
    assert miss(gaussian_state(1.0), kappa=0.0) < 1e-12             # without damping mixed ones stay, too


def test_a_pure_state_that_is_not_gaussian_does_not_obey_it():
    ket = np.random.default_rng(0).normal(size=8)
    ket *= np.array([bin(k).count("1") % 2 == 0 for k in range(8)])             # of one parity: Gaussian all the same
    rho = np.outer(ket, ket) / (ket @ ket)
    assert miss(rho) < 1e-12
    other = np.random.default_rng(1).normal(size=8)
    assert miss(np.outer(other, other) / (other @ other)) > 1e-2


@pytest.mark.parametrize(("law", "beta"), [(q.QuantumLLG(0.7), lambda t: 2 * 0.7 * t / 1.49),
                                           (q.QuantumLL(0.7), lambda t: 2 * 0.7 * t)])
def test_weights_from_equal_ones_are_boltzmanns(law, beta):
    """H diagonal with random levels, start |+…+⟩, frozen numbers of ħ: exp(−βE/ħ)/Z at every time."""
    energies, hbar = np.random.default_rng(2).normal(size=16), 2.0
    model = q.Model(q.Space.half(4), np.diag(energies), hbar=2)
    run = q.solve(model, law, q.states.product(*["+x"] * 4), [0, 0.5, 3])
    for t, rho in zip(run.times, run.states, strict=True):
        weights = np.exp(-beta(t) / hbar * energies)
        assert abs(np.diag(rho).real - weights / weights.sum()).max() < 1e-13
    wrong = np.exp(-beta(3) / 2 / hbar * energies)
    assert abs(np.diag(run.states[2]).real - wrong / wrong.sum()).max() > 1e-2      # the twin: half of β
