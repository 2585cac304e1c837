"""The exact exponential without a matrix: against 50 digits, against its own bound, over any span of time."""

import mpmath as mp
import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import expm

import oracle
import qllg_sym as q
from flow.chains import chain, density, state
from flow.reference import distance, integrate
from qllg_sym.flow.methods import krylov
from qllg_sym.flow.subspace.chebyshev import Scaled, polynomials, series
from qllg_sym.flow.subspace.kets import gram, orthonormalise
from qllg_sym.flow.subspace.lanczos import lowest
from strategies import random_hermitian, random_kets, seeds

TIMES = [0.0, 0.2, 0.25, 1.0, 7.0]
LAWS = [q.QuantumLLG(0.5), q.QuantumLL(0.5), q.QuantumLLG(-0.8), q.QuantumLLG(0), q.QuantumLLG(20)]


def projector(sites, rank, background, seed):
    """background + weight × a random projector."""
    start = state(sites, rank, background, seed)
    return q.LowRank(np.full(rank, (1 - background * 2**sites) / rank), np.linalg.qr(start.kets)[0], background)


def fifty_digits(model, law, start, t):
    """The projector's range at t by mpmath, from the printed exponents; columns one by one and Gram–Schmidt."""
    b = start.weights[0]
    kappa = law.kappa
    with mp.workdps(50):
        k, w = mp.mpf(str(kappa)), mp.mpf(b)
        rate = -1 / (k * w - 1j) if law.kind == "q-llg" else -(1j + k * w)
        energies, vectors = mp.eighe(mp.matrix(oracle.hamiltonian(model, {}).tolist()))
        factors = mp.diag([mp.exp(rate * (e - (energies[0] if mp.re(rate) < 0 else energies[len(energies) - 1])) * t)
                           for e in energies])
        kets = vectors * factors * vectors.H * mp.matrix(start.kets.tolist())
        basis, _ = mp.qr(kets, mode="skinny")
        return np.array((basis * basis.H).tolist(), dtype=complex)


@pytest.mark.parametrize("law", LAWS, ids=repr)
@pytest.mark.parametrize(("rank", "background"), [(1, 0.0), (2, 0.03), (3, 0.0), (1, 0.12)])
def test_the_error_is_within_its_bound(law, rank, background):
    """Against 50 digits: the bound holds, is not absurdly large, and is what the tolerance asks."""
    model, start = chain(3, 5), projector(3, rank, background, rank)
    found = q.solve(model, law, start, TIMES, method="krylov")
    for t, rho in zip(TIMES[1:], found.states[1:], strict=True):
        expected = start.background * np.eye(8) + start.weights[0] * fifty_digits(model, law, start, t)
        error = np.linalg.norm(rho - expected, 2)
        assert error <= found.stats["error_bound"] + 1e-15              # ρ itself is rounded
    assert found.stats["error_bound"] < 1e-9
    assert found.invariants["spectrum"] < 1e-14


def test_the_bound_counts_what_grows_on_the_way():
    """From the top level with 10⁻⁶ of the others: rounding of the first steps has grown by 10⁴ half way down."""
    model = chain(3, 5)
    energies, vectors = np.linalg.eigh(oracle.hamiltonian(model, {}))
    ket = vectors[:, [-1]] + 1e-6 * vectors.sum(axis=1, keepdims=True)
    start = q.LowRank([1.0], ket / np.linalg.norm(ket))
    half_way = np.log(1e6) / 0.4 / (energies[-1] - energies[0])
    found = q.solve(model, LAWS[0], start, [0.0, half_way], method="krylov")
    error = np.linalg.norm(found.states[1] - fifty_digits(model, LAWS[0], start, half_way), 2)
    assert error <= found.stats["error_bound"] < 1e-7
    short = q.solve(model, LAWS[0], start, [0.0, half_way / 8], method="krylov")
    assert found.stats["error_bound"] > 100 * short.stats["error_bound"]


def test_a_looser_tolerance_is_used_and_still_bounded():
    model, start = chain(3, 5), projector(3, 2, 0.03, 2)
    expected = 0.03 * np.eye(8) + start.weights[0] * fifty_digits(model, LAWS[0], start, 7.0)
    bounds = []
    for rtol in (1e-2, 1e-5, 1e-9):
        found = q.solve(model, LAWS[0], start, [0.0, 7.0], method="krylov", rtol=rtol)
        bounds.append((found.stats["error_bound"], found.stats["evaluations"]))
        assert np.linalg.norm(found.states[-1] - expected, 2) <= bounds[-1][0] + 1e-15
        assert bounds[-1][0] < rtol
    assert bounds[0][0] > 1e3 * bounds[2][0]
    assert bounds[0][1] < bounds[1][1] < bounds[2][1]


@pytest.mark.parametrize("sites", [1, 2, 4, 5, 6, *(pytest.param(n, marks=pytest.mark.slow) for n in (7, 8))])
@pytest.mark.parametrize("law", LAWS[:3], ids=repr)
def test_against_the_diagonalised_hamiltonian(sites, law):
    rank = min(3, 2**sites // 2)
    times = TIMES if sites < 7 else TIMES[:2]
    model, start = chain(sites, sites), projector(sites, rank, 0.2 / 2**sites, sites)
    found, exact = (q.solve(model, law, start, times, method=name) for name in ("krylov", "exact"))
    assert distance(found.states, exact.states) < 1e-10
    assert distance(found.energy, exact.energy) < 1e-9


def test_against_an_independent_solver_in_a_mixed_space():
    space = q.Space("1", "3/2")
    model = q.Model(space, [q.Bilinear(0.4, 0, 1), q.Biquadratic(0.2, 0, 1), q.Zeeman((0.3, 0, 1), g=2)], hbar=0.5)
    kets = np.linalg.qr(random_kets(np.random.default_rng(1), 12, 2)[0])[0]
    start = q.LowRank([0.44, 0.44], kets, 0.01)
    for law in LAWS[:2]:
        found = q.solve(model, law, start, TIMES[:4], method="krylov")
        assert distance(found.states, integrate(model, law, density(start), TIMES[:4])) < 1e-9


def test_long_times_reach_the_ground_state():
    """No overflow, no underflow at t = 10⁴ and 10⁹: ground state, top state for κ < 0, the two lowest for rank 2."""
    model = chain(5, 3)
    _, vectors = np.linalg.eigh(oracle.hamiltonian(model, {}))
    for kappa, rank, columns in ((0.5, 1, slice(0, 1)), (-0.5, 1, slice(31, 32)), (0.5, 2, slice(0, 2))):
        found = q.solve(model, q.QuantumLLG(kappa), projector(5, rank, 0.0, rank), [0.0, 1e4, 1e9], method="krylov")
        expected = vectors[:, columns] @ vectors[:, columns].conj().T / rank
        assert distance(found.states[1:], expected) < 1e-12
        assert found.stats["stationary_from"] < 1e4
        assert found.stats["error_bound"] < 1e-9


def test_long_times_without_damping_keep_turning():
    """Larmor precession of one spin: the phase at t = 10⁴ is that of the closed form."""
    model = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, 1))])
    found = q.solve(model, q.QuantumLLG(0), q.states.product("+x"), [0.0, 1e4], method="krylov")
    assert distance(found.bloch(0)[1], [np.cos(1e4), -np.sin(1e4), 0]) < 1e-11
    assert distance(found.bloch(0)[1], [1, 0, 0]) > 0.01


def test_times_that_doubles_cannot_tell_apart_are_told():
    model = q.Model(q.Space.half(2), [q.Exchange(100, 0, 1), q.Zeeman((1, 0, 0), sites=[0])])
    with pytest.raises(q.IntegrationError, match=r"it needs steps below the rounding of t = 1e\+16"):
        q.solve(model, q.QuantumLLG(0), q.states.product("up", "down"), [1e16, 1e16 + 4], method="krylov")


def test_a_hamiltonian_that_is_not_finite_is_told():
    J = sp.Symbol("J", real=True)
    model = q.Model(q.Space.half(2), [q.Zeeman((0, 1, sp.exp(J)))])
    with pytest.raises(q.IntegrationError, match=r"stopped after t = 0: the Hamiltonian is not finite") as caught:
        q.solve(model, LAWS[0], q.states.product("up", "down"), [0.0, 1.0], {J: 1000.0}, method="krylov")
    assert caught.value.partial.times.tolist() == [0.0]


def test_eigenstates_stay_where_they_are():
    model = chain(4, 2)
    _, vectors = np.linalg.eigh(oracle.hamiltonian(model, {}))
    found = q.solve(model, LAWS[0], q.LowRank([1.0], vectors[:, [7]]), [0.0, 1.0], method="krylov")
    assert distance(found.states[1], found.states[0]) < 1e-13


def test_times_one_by_one_or_all_at_once():
    """Many times share a series; the states do not depend on how they are grouped."""
    model, start = chain(4, 1), projector(4, 2, 0.01, 3)
    times = np.linspace(0, 3, 31)
    dense, sparse = (q.solve(model, LAWS[0], start, grid, method="krylov") for grid in (times, times[::10]))
    assert distance(dense.states[::10], sparse.states) < 1e-12
    assert dense.stats["evaluations"] < 10 * sparse.stats["evaluations"]


def test_little_memory_takes_fewer_registers(monkeypatch):
    model, start = chain(4, 1), projector(4, 2, 0.01, 3)
    plenty = q.solve(model, LAWS[0], start, TIMES, method="krylov")
    monkeypatch.setattr(krylov, "available_memory", lambda: 2 * 5 * 32 * 16)
    assert krylov._registers(32, 5) == (3, 2)
    scarce = q.solve(model, LAWS[0], start, TIMES, method="krylov")
    assert distance(scarce.states, plenty.states) < 1e-13


@pytest.mark.parametrize(("make", "reason"), [
    (lambda: (chain(2, 1, driven=True), LAWS[0], q.states.product("up", "down")), "depends on time"),
    (lambda: (chain(2, 1), q.QuantumLLG(q.t), q.states.product("up", "down")), "damping depends on time"),
    (lambda: (chain(2, 1), q.Dephasing(0.1), q.states.product("up", "down")), "does not keep the spectrum"),
    (lambda: (chain(2, 1), LAWS[0], np.diag([0.5, 0.3, 0.2, 0])), "more than two values"),
    (lambda: (q.Model(q.Space("1/2"), [q.Zeeman((0, 0, 1))]), q.ClassicalLLG(0.1), [[1, 0, 0]]), "classical")])
def test_what_has_no_such_solution_is_refused(make, reason):
    model, law, start = make()
    with pytest.raises(q.InputError, match=rf"^`method` must fit the problem, but 'krylov' does not: [^.]*{reason}"):
        q.solve(model, law, start, [0, 1], method="krylov")


# The parts.

@settings(max_examples=30)
@given(st.floats(0, 60), st.floats(-60, 60), st.sampled_from([1e-3, 1e-8, 1e-14]), seeds)
def test_the_series_is_cut_within_its_tail(decay, turn, tolerance, seed):
    """At random points and at the ends of [−1, 1]; the broken twin, one term fewer, exceeds the tolerance's tail."""
    zeta = complex(-decay, turn)
    cut = series(np.array([zeta]), np.array([tolerance]))
    x = np.append(np.random.default_rng(seed).uniform(-1, 1, 20), [-1, 1])
    value = np.polynomial.chebyshev.chebval(x, cut.coefficients[0])
    error = abs(value - np.exp(zeta * x - decay)).max()
    assert error <= cut.tails[0] + 5 * cut.noise[0]
    assert cut.tails[0] <= tolerance + 1e-30
    if cut.coefficients.shape[1] > 1:
        assert cut.tails[0] + abs(cut.coefficients[0, -1]) > tolerance


@settings(max_examples=10)
@given(st.integers(2, 12), st.integers(1, 3), seeds)
def test_polynomials_of_a_matrix(d, rank, seed):
    """Σ c_k T_k(x) against SciPy's expm, for every length of the ring."""
    rng = np.random.default_rng(seed)
    h, kets = random_hermitian(rng, d), random_kets(rng, d, min(rank, d))[0]
    low, high = np.linalg.eigvalsh(h)[[0, -1]]
    zeta = np.array([-2.0 + 3j, -0.5 + 1j])
    for size in (3, 4, 7):
        x = Scaled(lambda v, out: np.matmul(h, v, out=out), (low - 0.1, high + 0.1))
        ring, total = np.empty((size, *kets.shape), dtype=complex), np.empty((2, *kets.shape), dtype=complex)
        ring[0] = kets
        x.image(ring[0], ring[1])
        polynomials(x, series(zeta, np.array([1e-14, 1e-14])), ring, total)
        scaled = (h - np.eye(d) * (low + high) / 2) / x.half
        for z, found in zip(zeta, total, strict=True):
            assert distance(found, expm(z * scaled) @ kets * np.exp(z.real)) < 1e-12


def test_lanczos_finds_the_lowest_levels_with_their_copies():
    """Against the matrix: levels −1 twice, then −0.9, …; a block of one sees one copy alone."""
    levels = np.concatenate([[-1.0, -1.0], np.linspace(-0.9, 1, 498)])[:, None]

    def image(kets, out):
        np.multiply(levels, kets, out=out)

    for count, expected in ((1, -1.0), (2, -2.0), (3, -2.9)):
        found = lowest(image, 500, count, 1e-4)
        assert expected - 5e-4 * count < found < expected + 1e-9
    small = levels[:100]
    assert lowest(lambda kets, out: np.multiply(small, kets, out=out), 100, 3, 1e-4) == pytest.approx(-2.9, abs=1e-12)


def test_orthonormal_columns_keep_their_span():
    rng = np.random.default_rng(0)
    for spread in (0.0, 3.0, 6.5):                                      # nearly parallel ones, too
        kets = np.linalg.qr(random_kets(rng, 40, 3)[0])[0] @ np.diag(np.exp([0, -spread / 2, -spread]))
        mixed = kets @ np.linalg.qr(random_kets(rng, 3, 3)[0])[0]
        before = np.linalg.qr(kets)[0]
        sizes = orthonormalise(mixed)
        assert distance(gram(mixed, mixed)[0], np.eye(3)) < 2e-15
        assert distance(mixed @ mixed.conj().T, before @ before.conj().T) < 1e-12
        assert distance(sizes, np.exp([-spread, -spread / 2, 0])) < 1e-9
    parallel = np.ones((4, 2), dtype=complex)
    assert orthonormalise(parallel).tolist() == [0.0, 0.0]
    assert distance(parallel, 1) == 0
