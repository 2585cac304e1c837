"""Numbers behind theorems 32–35: dense solves, matrix exponentials, Runge–Kutta steps; none knows of the proofs."""

import numpy as np
import pytest
from scipy.linalg import expm

KAPPA = 0.7


def ad(a, b):
    return a @ b - b @ a


def q_llg(rho, h):
    """ρ̇ of the implicit law, a second time on purpose: by a dense solve in the d² entries."""
    d = len(rho)
    one = np.eye(d)
    torque = np.kron(rho, one) - np.kron(one, rho.T)
    return np.linalg.solve(np.eye(d * d) - 1j * KAPPA * torque, (1j * ad(rho, h)).ravel()).reshape(d, d)


def q_ll(rho, h):
    return 1j * ad(rho, h) - KAPPA * ad(rho, ad(rho, h))


def hermitian(rng, d):
    a = rng.normal(size=(d, d)) + 1j * rng.normal(size=(d, d))
    return a + a.conj().T


def evolved(law, rho, h, time, steps=400):
    dt = time / steps
    for _ in range(steps):
        a = law(rho, h)
        b = law(rho + dt / 2 * a, h)
        c = law(rho + dt / 2 * b, h)
        rho = rho + dt / 6 * (a + 2 * b + 2 * c + law(rho + dt * c, h))
    return rho


@pytest.mark.parametrize(("law", "rate"), [(q_llg, lambda b: 1 / (KAPPA * b - 1j)), (q_ll, lambda b: 1j + KAPPA * b)])
@pytest.mark.parametrize("b", [0.3, -0.2])
def test_range_of_the_projector_moves_by_the_exponential(law, rate, b):
    rng = np.random.default_rng(1)
    h, u = hermitian(rng, 4), rng.normal(size=(4, 2)) + 1j * rng.normal(size=(4, 2))

    def state(time):
        q, _ = np.linalg.qr(expm(-h * time * rate(b)) @ u)
        return 0.25 * np.eye(4) + b * q @ q.conj().T
    assert np.abs(evolved(law, state(0), h, 0.3) - state(0.3)).max() < 1e-8


@pytest.mark.parametrize(("levels", "same"), [((0.1, 0.3, 0.5), True), ((0.1, 0.3, 0.6), False)])
def test_equal_gaps_at_the_start_give_one_curve(levels, same):
    rng = np.random.default_rng(2)
    h = hermitian(rng, 3)
    h[0, 2] = h[2, 0] = 0
    rho, factor = np.diag(levels).astype(complex), 1 + (KAPPA * 0.2)**2
    gap = np.abs(evolved(q_ll, rho, h, 1.0) - evolved(q_llg, rho, h, factor)).max()
    assert gap < 1e-7 if same else gap > 1e-4


def test_gram_determinant_of_the_crystal_field():
    r = 1 / np.sqrt(2)
    s_x, s_z = np.array([[0, r, 0], [r, 0, r], [0, r, 0]]), np.diag([1.0, 0, -1])
    A, x, z = 0.9, 0.8, 1.3
    rho, h = (np.eye(3) + x * s_x + z * s_z) / 3, A * s_z @ s_z
    first = ad(rho, h)
    third = ad(rho, ad(rho, first))
    gram = np.trace(third @ third) * np.trace(first @ first) - np.trace(third @ first)**2
    assert gram == pytest.approx(4 * A**4 * x**6 * z**2 / 729, rel=1e-12)
    fast, slow = q_ll(rho, h).ravel(), q_llg(rho, h).ravel()
    assert abs(np.vdot(fast, slow)) < (1 - 1e-4) * np.linalg.norm(fast) * np.linalg.norm(slow)
