"""Theorems 52–55 against the Fokker–Planck equation in coordinates, by differences in doubles, and against averages."""

import numpy as np
import pytest

SIGMA = [np.array([[0, 1], [1, 0]]), np.array([[0, -1j], [1j, 0]]), np.diag([1, -1])]
STEP = 2e-3


def comm(a, b):
    return a @ b - b @ a


def velocity(rho, h, kappa):
    """The one X with X − iκ[ρ, X] = i[ρ, H], of each H: the law a second time on purpose."""
    one = np.eye(len(rho))
    system = np.eye(len(rho)**2) - 1j * kappa * (np.kron(rho, one) - np.kron(one, rho.T))
    right = 1j * comm(rho, h)
    return np.linalg.solve(system, right.reshape(-1, len(system)).T).T.reshape(right.shape)


def hermitian(rng, d):
    a = rng.normal(size=(d, d)) + 1j * rng.normal(size=(d, d))
    return a + a.conj().T


def state(rng, d):
    a = rng.normal(size=(d, d)) + 1j * rng.normal(size=(d, d))
    return a @ a.conj().T / np.linalg.norm(a)**2


def basis(d):
    """An orthonormal basis of Hermitian matrices."""
    found = []
    for j in range(d):
        for k in range(j + 1):
            unit = np.zeros((d, d), complex)
            unit[j, k] = 1
            found += [unit] if j == k else [(unit + unit.T) / np.sqrt(2), 1j * (unit - unit.T) / np.sqrt(2)]
    return found


def ray(x):
    """The pure state of ψ = (1, z), z = x + iy, and its volume factor (Fubini and Study)."""
    ket = np.concatenate([[1], x[:len(x) // 2] + 1j * x[len(x) // 2:]])
    norm = np.vdot(ket, ket).real
    return np.outer(ket, ket.conj()) / norm, norm**-len(ket)


def flows(x, fields, kappa):
    """dz/dt of z_k = ρ_k0/ρ_00 by the law, a row for each of the fields."""
    rho, _ = ray(x)
    change = velocity(rho, fields, kappa)[:, :, 0]
    z = (change[:, 1:] - rho[1:, 0] / rho[0, 0] * change[:, :1]) / rho[0, 0]
    return np.hstack([z.real, z.imag])


def divergence(vectors, x):
    """(1/μ) Σ ∂(μ v) of each row v, to fourth order in the step."""
    total = 0
    for k, e in enumerate(STEP * np.eye(len(x))):
        for m, c in ((1, 8), (-1, -8), (2, -1), (-2, 1)):
            total += c * vectors(x + m * e)[:, k] * ray(x + m * e)[1]
    return total / (12 * STEP * ray(x)[1])


def rate(h, noise, kappa, T, x, strength=2):
    """(∂w/∂t)/w at w = exp(−Tr ρH/T), straight from the law."""
    fields = np.array([h, *noise])

    def weighted(y):
        return flows(y, fields, kappa) * np.exp(-np.trace(ray(y)[0] @ h).real / T)

    def spread(y):
        return flows(y, fields, kappa) * divergence(weighted, y)[:, None]

    total = strength * kappa * T / 2 * divergence(spread, x)[1:].sum() - divergence(weighted, x)[0]
    return total * np.exp(np.trace(ray(x)[0] @ h).real / T)


@pytest.fixture
def rng():
    return np.random.default_rng(52)


def test_noise_over_a_basis_leaves_the_canonical_density_of_pure_states_alone(rng):
    h, x = hermitian(rng, 3) / 3, rng.normal(size=4) / 2
    assert abs(rate(h, basis(3), 0.7, 1.3, x)) < 1e-6
    assert abs(rate(h, basis(3), 0.7, 1.3, x, strength=2.2)) > 1e-2        # a factor 1.1 in the noise is seen


def test_noise_of_each_spin_alone_does_not_and_its_rate_is_that_of_the_theorem():
    kappa, T, one = 0.7, 1.3, np.eye(2)
    noise = [np.kron(*pair) / np.sqrt(2) for s in SIGMA for pair in ((s, one), (one, s))]
    for J in (0, 0.6):
        h = J * sum(np.kron(s, s) for s in SIGMA)
        assert rate(h, noise, kappa, T, np.zeros(6)) == pytest.approx(32 * kappa**3 * T / (1 + kappa**2)**2, rel=1e-6)


@pytest.mark.parametrize("d", [2, 4])
def test_friction_is_the_noise_applied_to_the_energy(rng, d):
    """Σ_a Y_a (Y_a E) over a basis, for a mixed state: theorem 53 with the sum over the basis done."""
    rho, h, kappa = state(rng, d), hermitian(rng, d), 0.7
    moved = [velocity(rho, g, kappa) for g in basis(d)]
    noise = sum(y * np.trace(y @ h).real for y in moved)
    even = (velocity(rho, h, kappa) + velocity(rho, h, -kappa)) / 2
    assert np.allclose(velocity(rho, h, kappa) - even, -kappa * noise, atol=1e-12)
    assert not np.allclose(kappa * noise, kappa * comm(rho, comm(rho, h)), atol=1e-3)     # not that of q-LL


@pytest.mark.parametrize("T", [0.2, 1, 40])
def test_the_virial_thermometer_reads_the_temperature_of_three_levels(T):
    """Pure states: the populations fill the triangle evenly, and ‖[ρ, H]‖² is twice the variance of H."""
    levels = np.array([-0.7, 0.1, 1.1])
    at, weight = np.polynomial.legendre.leggauss(40)
    a, b = np.meshgrid((at + 1) / 2, (at + 1) / 2)
    p = np.stack([1 - a, a * (1 - b), a * b])
    energy = np.tensordot(levels, p, 1)
    density = np.outer(weight, weight) * a * np.exp(-energy / T)
    unrest, mean = (np.sum(density * x) / density.sum() for x in (
        2 * (np.tensordot(levels**2, p, 1) - energy**2), energy))
    assert unrest / (2 * (levels.sum() - 3 * mean)) == pytest.approx(T, rel=1e-9)
    assert -(levels**2).sum() / (3 * T) < mean - levels.sum() / 3 < 0
