"""Dipole–dipole couplings: sums over images against closed forms and plain sums, convolutions against pairs."""

import mpmath
import numpy as np
import pytest
import sympy as sp
from scipy.special import zeta

import qllg_sym as q
from qllg_sym.equations.hybrid.sites import Partition
from qllg_sym.flow.lattices.rates import LatticeRates
from qllg_sym.geometry.dipoles import dipole_tensors
from qllg_sym.geometry.grid import grid
from qllg_sym.model.dipolar import Dipoles

A = sp.Symbol("A", real=True)
BETA = 0.8645026534612020          # Dirichlet's β(3/2)


def plain(r):
    """(1 − 3 r̂r̂)/r³ of rows, added up."""
    size = np.linalg.norm(r, axis=1)[:, None, None]
    return (np.eye(3) / size**3 - 3 * r[:, :, None] * r[:, None, :] / size**5).sum(axis=0)


def test_known_sums_at_a_site():
    """A line: 2ζ(3) across; a square lattice: Σ 1/r³ = 4ζ(3/2)β(3/2); a cube: Lorentz's 4π/3, of tin foil alone."""
    zero = np.zeros((1, 3))
    line = dipole_tensors(grid((1,), (0, 0, 2), (True,)), zero)[0]
    assert np.allclose(line, np.diag([1, 1, -2]) * 2 * zeta(3) / 8, atol=1e-13)
    square = dipole_tensors(grid((1, 1), [(1, 0, 0), (0, 1, 0)], (True, True)), zero)[0]
    assert np.allclose(square, np.diag([-0.5, -0.5, 1]) * 4 * zeta(1.5) * BETA, atol=1e-12)
    assert 4 * zeta(1.5) * BETA == pytest.approx(9.0336216831, abs=1e-9)
    cube = dipole_tensors(grid((1, 1, 1), np.eye(3), (True,) * 3), zero)[0]
    assert np.allclose(cube, -4 * np.pi / 3 * np.eye(3), atol=1e-12)


@pytest.mark.parametrize("periodic", [(True, True, False), (True, True, True)])
def test_larger_cells_are_the_same_lattice(periodic):
    """What is summed does not depend on which cell repeats, nor on Ewald's parameter, which the cell sets."""
    primitive = np.array([(1, 0, 0), (0.5, 0.75, 0), (0.1, 0, 1.25)])
    d = np.array([(0.3, 0.4, 0.6), (0, 0, 2.5), (0, 0, 0)])
    if not periodic[2]:
        d = np.array([(0.3, 0.4, 0.6), (0.2, 0.1, -7.5), (0, 0, 0)])
    one = dipole_tensors(grid((1, 1, 1), primitive, periodic), d)
    shape = (2, 3, 2 if periodic[2] else 1)
    large = grid(shape, primitive, periodic)
    many = sum(dipole_tensors(large, d + cell) for cell in large.positions)
    assert abs(one - many).max() < 1e-12 * (1 + abs(one).max())
    assert abs(np.trace(one, axis1=1, axis2=2) - (-4 * np.pi / np.linalg.det(primitive) if periodic[2] else 0)
               ).max() < 1e-12


def test_a_plane_of_images_is_the_plain_sum():
    """Images within a growing circle, and 2π/(area R) for those beyond: what is left falls with R."""
    lattice = grid((2, 1), [(1, 0, 0), (0.5, 1, 0)], (True, True))
    d, errors = np.array([0.7, 0.3, 0.4]), []
    exact = dipole_tensors(lattice, d[None])[0]
    n = np.arange(-800, 801)
    images = (n[:, None, None] * lattice.vectors[0] + n[None, :, None] * lattice.vectors[1]).reshape(-1, 3)
    size = np.linalg.norm(images, axis=1)
    for R in (100.0, 400.0):
        tail = 2 * np.pi / (2 * R) * np.diag([-0.5, -0.5, 1])
        errors.append(abs(plain(images[size < R] + d) + tail - exact).max())
    assert errors[1] < min(1e-5, errors[0])
    assert abs(tail).max() > 1e-3


@pytest.mark.parametrize("height", [6, 29, 300])
def test_a_line_of_images_is_even_charge_from_afar(height):
    """Away from a line of dipoles the lattice is forgotten as exp(−2πρ): ±2/ρ² across, nothing along."""
    tensors = dipole_tensors(grid((1,), (1, 0, 0), (True,)), np.array([[x, height, 0] for x in (0.3, -7.0, 700.4)]))
    assert abs(tensors * height**2 - np.diag([0, -2, 2])).max() < 2e-11 + 1e4 * np.exp(-2 * np.pi * height)


@pytest.mark.parametrize("turns", [0, 5, -700])
def test_a_line_of_images_is_hurwitz_zeta_on_it(turns):
    """Σ 1/|n + x|³ = ζ(3, x) + ζ(3, 1 − x), whichever image is named."""
    found = dipole_tensors(grid((1,), (0, 2, 0), (True,)), np.array([[0, 2 * (0.25 + turns), 0]]))[0]
    sums = (zeta(3, 0.25) + zeta(3, 0.75)) / 8
    assert abs(found / sums - np.diag([1, -2, 1])).max() < 1e-14


def test_a_line_of_images_is_the_plain_sum_with_its_tail_in_many_digits():
    """Beside the line and off the middle, where all entries are there: mpmath's sum to infinity."""
    x, y = mpmath.mpf(0.3), mpmath.mpf(1.4)

    def entry(i, j):
        def image(n):
            r = x + n, y
            size = mpmath.hypot(*r)
            return (i == j) / size**3 - 3 * r[i] * r[j] / size**5

        return mpmath.nsum(lambda n: image(n) + image(-n - 1), [0, mpmath.inf], method="e")

    with mpmath.workdps(25):
        entries = [[float(entry(i, j)) for j in (0, 1)] for i in (0, 1)]
    found = dipole_tensors(grid((1,), (1, 0, 0), (True,)), np.array([[0.3, 1.4, 0]]))[0]
    assert abs(found[:2, :2] - np.array(entries)).max() < 1e-14
    assert abs(found[0, 1]) > 1e-3


@pytest.mark.parametrize("unit", [1e-10, 1e-30, 1e30])
def test_any_unit_of_length(unit):
    """Places in metres are places: D has the unit of its cube."""
    places = np.array([(0, 0, 0), (1, 0, 0), (0.3, 0.7, 0.2), (0, 0, 1.1)])
    one, other = ([np.array(term.M, dtype=float) for term in q.dipolar(strength, places * scale)]
                  for strength, scale in ((1, 1), (sp.Rational(str(unit))**3, unit)))
    assert np.allclose(one, other, rtol=1e-13, atol=1e-15)


def test_places_that_nearly_repeat_keep_their_own_tensors():
    """A strain of 1e-10 changes r⁻³ by 3e-10."""
    terms = q.dipolar(1, [(0, 0, 0), (1, 0, 0), (2 + 1e-10, 0, 0)])
    near, far = (float(term.M[1][1]) for term in (terms[0], terms[2]))
    assert near - far == pytest.approx(3e-10, rel=1e-5)


def rates_of(terms, n, clusters=()):
    sites = [i for i in range(n) if not any(i in c for c in clusters)]
    model = q.Model(q.Space(*(["1", "1/2", "3/2"] * n)[:n]), terms)
    partition = Partition(model.space, tuple(clusters), tuple(sites))
    return LatticeRates(model, partition, q.ClassicalLLG(0.2, "mean"), [A])


CASES = [(q.chain(7, q.Exchange, 0), ()), (q.ring(6, q.Exchange, 0), ()),
         (q.square(4, 3, q.Exchange, 0), ((1, 2),)), (q.square(4, 5, q.Exchange, 0, periodic=(True, False)), ((6,),)),
         (q.triangular(3, 4, q.Exchange, 0, periodic=True), ()),
         (q.cubic(3, 2, 4, q.Exchange, 0, periodic=(True, False, True)), ((3, 8),)),
         (q.cubic(3, 3, 4, q.Exchange, 0, periodic=True), ())]


@pytest.mark.parametrize(("lattice", "clusters"), CASES, ids=range(len(CASES)))
def test_the_convolution_is_the_sum_over_pairs(lattice, clusters):
    n, rng = len(lattice.positions), np.random.default_rng(4)
    bonds = q.dipolar(A, lattice)
    assert len(bonds) == n * (n - 1) // 2 + n * bool(len(lattice.vectors))
    pairs, waves = rates_of(bonds, n, clusters), rates_of([Dipoles(A, lattice.geometry)], n, clusters)
    assert pairs.strings == waves.strings
    assert not waves.bilinear
    y = rng.normal(size=len(pairs.strings) + 3 * pairs.count)
    one, other = (rates(0.0, y, np.array([0.7])) for rates in (pairs, waves))
    assert abs(one).max() > 0.1
    assert abs(one - other).max() < 1e-12 * (1 + abs(one).max())


def test_an_open_lattice_is_the_plain_sum():
    side = 11           # above 90 sites: one term
    lattice = q.square(side, side, q.Bilinear, -1)
    coupling = q.dipolar(0.3, lattice)
    assert [type(term) for term in coupling] == [Dipoles]
    n, rng = side**2, np.random.default_rng(6)
    m = rng.normal(size=(n, 3))
    m /= np.linalg.norm(m, axis=1, keepdims=True)
    run = q.solve(q.Model(q.Space(*["2"] * n), coupling), q.Hybrid(0, 0, classical=range(n)), q.HybridState([], m), [0])
    r, energy = lattice.positions, 0.0
    for i in range(n):
        others = np.arange(n) > i
        d = r[others] - r[i]
        size = np.linalg.norm(d, axis=1)
        across = (d @ m[i]) * (d * m[others]).sum(axis=1)
        energy += 0.3 * 4 * ((m[others] @ m[i]) / size**3 - 3 * across / size**5).sum()
    assert run.energy[0] == pytest.approx(energy, rel=1e-12)


def test_dipoles_lie_down_in_a_plane():
    """A periodic square lattice of dipoles, tilted from a line of them, conserves energy, and damped falls into it."""
    side = 10
    lattice = q.square(side, side, q.Bilinear, 0, periodic=True)
    n = side**2
    model = q.Model(q.Space(*["1"] * n), q.dipolar(1, lattice) + [q.Zeeman((0, 0, 0.1))])
    tilt = np.tile([np.cos(0.4), 0, np.sin(0.4)], (n, 1))
    still = q.solve(model, q.Hybrid(0, 0, classical=range(n)), q.HybridState([], tilt), [0, 0.5], rtol=1e-9)
    assert np.ptp(still.energy) < 1e-7 * abs(still.energy[0])
    S = 4 * zeta(1.5) * BETA            # E/n = S (3 m_z² − 1)/4 − 0.1 m_z of equal moments
    assert still.energy[0] / n == pytest.approx(S * (3 * np.sin(0.4)**2 - 1) / 4 - 0.1 * np.sin(0.4), rel=1e-11)
    damped = q.solve(model, q.Hybrid(0, 1, classical=range(n)), q.HybridState([], tilt), [0, 20], rtol=1e-6)
    assert damped.moments[-1, :, 2] == pytest.approx(0.1 / (1.5 * S), abs=1e-6)
