"""Every description of a state against its matrix written out; what is kept, and what is refused."""

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

import oracle
import qllg_sym as q
from flow.reference import distance
from qllg_sym.flow.hamiltonians.action import Action
from qllg_sym.flow.states import initial as initial_module
from qllg_sym.flow.states import sectors, spectral
from qllg_sym.flow.states.initial_states import InitialStates
from qllg_sym.flow.states.resolve import resolve
from qllg_sym.flow.states.spectral import Frozen
from strategies import low_rank_parts, random_density, random_kets, seeds

HALF, ONE, PAIR = q.Space("1/2"), q.Space("1"), q.Space.half(2)
FIELD = q.Model(HALF, [q.Zeeman((0, 0, 1))])


def started(state, space=PAIR, model=None, values=None):
    """ρ(0) as `solve` sees it."""
    model = model or q.Model(space, [])
    return q.solve(model, q.VonNeumann(), state, [0.0], values).states[0]


def outer(ket):
    ket = np.asarray(ket, dtype=complex)
    return np.outer(ket, ket.conj())


R = np.sqrt(0.5)
BELL = {"psi+": [0, R, R, 0], "psi-": [0, R, -R, 0], "phi+": [R, 0, 0, R], "phi-": [R, 0, 0, -R]}
AXES = {"up": [1, 0], "down": [0, 1], "+z": [1, 0], "-z": [0, 1], "+x": [R, R], "-x": [R, -R], "+y": [R, R * 1j],
        "-y": [R, -R * 1j]}


@pytest.mark.parametrize("name", BELL)
def test_bell_and_werner_states(name):
    assert distance(started(q.states.bell(name)), outer(BELL[name])) < 1e-15
    for p in (0.9, 0.0, -1 / 3):
        expected = (1 - p) / 4 * np.eye(4) + p * outer(BELL[name])
        assert distance(started(q.states.werner(name, p)), expected) < 1e-15


@pytest.mark.parametrize("label", AXES)
def test_product_states_of_spins_one_half(label):
    assert distance(started(q.states.product(label), HALF), outer(AXES[label])) < 1e-15
    both = started(q.states.product("up", label))
    assert distance(both, np.kron(outer([1, 0]), outer(AXES[label]))) < 1e-15


@pytest.mark.parametrize("spin", ["1/2", "1", "3/2", "5/2"])
@pytest.mark.parametrize("direction", [(0, 0, 1), (0, 0, -1), (1, 0, 0), (0, -1, 0), (2 / 7, 3 / 7, -6 / 7), (0.3, 1.2),
                                       (np.pi, 0.4)])
def test_coherent_states_are_the_top_states_of_their_axis(spin, direction):
    space = q.Space(spin)
    n = np.array(direction, dtype=float)
    if len(n) == 2:
        n = np.array([np.sin(n[0]) * np.cos(n[1]), np.sin(n[0]) * np.sin(n[1]), np.cos(n[0])])
    s = oracle.spin_matrices(space.spins[0])
    top = np.linalg.eigh(sum(x * op for x, op in zip(n, s, strict=True)))[1][:, -1]
    assert distance(started(q.states.coherent(space, [direction]), space), outer(top)) < 1e-13


def test_eta_state_of_a_spin_and_its_units():
    for hbar in (1, 0.5):
        for spin in ("1/2", "1", "5/2"):
            space = q.Space(spin)
            bound = 1 / (float(space.spins[0]) * hbar)
            eta = np.array([0.3, -0.4, 0.5]) * bound
            s = [hbar * op for op in oracle.spin_matrices(space.spins[0])]
            expected = (np.eye(space.dimension) + sum(x * op for x, op in zip(eta, s, strict=True))) / space.dimension
            model = q.Model(space, [], hbar=hbar)
            assert distance(started(q.states.eta(space, eta, hbar=hbar), model=model), expected) < 1e-15
    with pytest.raises(q.StateError, match=r"^`hbar` of the η state must be the model's, 0.5, but is 1;"):
        started(q.states.eta(ONE, (0, 0, 0.1)), model=q.Model(ONE, [], hbar=0.5))


def test_thermal_and_ground_states():
    J = sp.Symbol("J", real=True)
    model = q.Model(PAIR, [q.Exchange(J, 0, 1), q.Zeeman((1, 0, 0))], hbar=2)
    h = oracle.hamiltonian(model, {J: 0.6})
    levels, vectors = np.linalg.eigh(h)
    for beta in (0.0, 0.7, -0.7, 1e6):
        weights = np.exp(-beta * (levels - (levels[0] if beta >= 0 else levels[-1])))
        expected = (vectors * weights / weights.sum()) @ vectors.conj().T
        assert distance(started(q.states.thermal(model, beta), model=model, values={"J": 0.6}), expected) < 1e-14
    ground = started(q.states.ground(model), model=model, values={"J": 0.6})
    assert distance(ground, outer(vectors[:, 0])) < 1e-14
    other = q.Model(PAIR, [q.Zeeman((0, 0, 1))])                       # a quench: the state of one, the flow of another
    quench = q.solve(other, q.VonNeumann(), q.states.ground(model), [0.0], {J: 0.6})
    assert distance(quench.states[0], outer(vectors[:, 0])) < 1e-14
    with pytest.raises(q.StateError, match=r"^`ground` must have a unique ground state"):
        started(q.states.ground(q.Model(PAIR, [q.Exchange(-1, 0, 1)])))


CHAIN = [*[q.Exchange(1, i, i + 1) for i in range(7)], q.DMI((0, 0, 0.3), 0, 1)]
EIGHT, NINE = q.Space.half(8), q.Space.half(9)


def at_size(state, model, hbar=1.0):
    """ρ(0) as it is found for large spaces, and how many kets it takes."""
    frozen = Frozen(Action(model, {}), 0.0, hbar)
    initial = resolve(state, model, hbar, None, lambda other: frozen)
    return initial.density()[0], initial.kets.shape[2]


@pytest.mark.parametrize("small", [256, 128])
def test_thermal_and_ground_states_of_large_spaces(monkeypatch, small):
    """Diagonalised and Lanczos' levels against the whole spectrum of the textbook matrix; d = 256 counts as large."""
    monkeypatch.setattr(initial_module, "LARGEST_DENSE", 16)
    monkeypatch.setattr(sectors, "SMALL", small)
    model = q.Model(EIGHT, [*CHAIN, q.Zeeman((0.2, 0.1, 0.4))], hbar=2)
    levels, vectors = np.linalg.eigh(oracle.hamiltonian(model, {}))
    found, count = at_size(q.states.ground(model), model, 2.0)
    assert count == 1
    assert distance(found, outer(vectors[:, 0])) < 1e-11
    for beta in (40.0, -40.0, 100.0):
        weights = np.exp(-beta * (levels - levels[0 if beta > 0 else -1]))
        found, count = at_size(q.states.thermal(model, beta), model, 2.0)
        assert count < 32
        assert distance(found, (vectors * weights / weights.sum()) @ vectors.conj().T) < 1e-10
    weights = np.exp(-0.5 * (levels - levels[0]))               # hot: diagonalised where that can be done
    found, count = at_size(q.states.thermal(model, 0.5), model, 2.0)
    assert count > 64
    assert distance(found, (vectors * weights / weights.sum()) @ vectors.conj().T) < 1e-10
    found, count = at_size(q.states.thermal(model, 0.0), model, 2.0)
    assert count == 0
    assert distance(found, np.eye(256) / 256) < 1e-15
    if small == 128:
        monkeypatch.setattr(sectors, "LARGEST", 16)
        with pytest.raises(q.StateError, match=r"^`beta` must leave all but \d+ of 256 levels a weight below 1e-10"):
            at_size(q.states.thermal(model, 0.5), model, 2.0)


def test_a_degenerate_ground_level_is_seen_at_size(monkeypatch):
    """Odd chains without a field have a doublet; its thermal state holds both halves alike."""
    monkeypatch.setattr(initial_module, "LARGEST_DENSE", 16)
    monkeypatch.setattr(sectors, "SMALL", 100)
    model = q.Model(NINE, [*CHAIN, q.Exchange(1, 7, 8)])
    with pytest.raises(q.StateError, match=r"^`ground` must have a unique ground state"):
        at_size(q.states.ground(model), model)
    _, vectors = np.linalg.eigh(oracle.hamiltonian(model, {}))
    found, _ = at_size(q.states.thermal(model, 1e4), model)
    assert distance(found, vectors[:, :2] @ vectors[:, :2].conj().T / 2) < 1e-10


def test_a_hot_state_of_many_levels_is_refused_at_once(monkeypatch):
    """More levels lie so low than there is memory for, or than can be found: a few products say so."""
    model = q.Model(q.Space.half(13), q.chain(13, q.Exchange, 1))
    honest, products = Frozen.apply, []
    monkeypatch.setattr(Frozen, "apply", lambda self, kets: products.append(kets.shape[1]) or honest(self, kets))
    monkeypatch.setattr(spectral, "MOST_ENTRIES", 0)            # no sectors, so that the products are counted
    for beta in (0.8, -1.0, 1e-320):
        with pytest.raises(q.StateError, match=r"^`beta` must leave all but 256 of 8192 levels a weight below 1e-10"):
            at_size(q.states.thermal(model, beta), model)
    assert sum(products) < 1500


def test_the_bound_on_levels_below_is_true():
    """Against the whole spectrum; the broken twin, a spread that is too small, says too many."""
    model = q.Model(q.Space("1/2", "1", "1/2", "1"), [*q.chain(4, q.Biquadratic, 1), q.Zeeman((0.3, 0, 0.7))], hbar=2)
    levels = np.linalg.eigvalsh(oracle.hamiltonian(model, {}))
    action = Action(model, {})
    assert 2 * action.spread() == pytest.approx(levels.std())
    for energy in np.linspace(levels.mean(), levels[-1], 20):
        assert spectral.at_least(36, energy - levels.mean(), levels.std()) <= np.sum(levels < energy) + 1e-9
    assert spectral.at_least(36, 1.0, 0.01) > np.sum(levels < levels.mean() + 1)


def test_large_beta_does_not_overflow():
    assert spectral.boltzmann(np.array([-3.0, -3.0, 1e3]), 1e308).tolist() == [0.5, 0.5, 0.0]
    assert spectral.boltzmann(np.array([-3.0, 1e3]), -1e308).tolist() == [0.0, 1.0]


def test_random_states_have_their_rank_and_repeat_with_their_seed():
    space = q.Space("1/2", "1")
    for rank in (1, 2, 3, None):
        first = started(q.states.random(space, rank=rank, seed=5), space)
        assert np.linalg.matrix_rank(first, tol=1e-10) == (rank or 6)
        assert np.trace(first) == pytest.approx(1)
        assert distance(first, started(q.states.random(space, rank=rank, seed=5), space)) == 0
    assert distance(started(q.states.random(PAIR, seed=1)), started(q.states.random(PAIR, seed=2))) > 0.01


@settings(max_examples=15)
@given(low_rank_parts(dims=((2,), (2, 2))))
def test_low_rank_states_keep_their_density(parts):
    """Kets need not be orthogonal; ρ = background + Σ w |j⟩⟨j| is kept exactly."""
    dims, kets, weights, background = parts
    expected = background * np.eye(len(kets[0])) + (kets[0] * weights) @ kets[0].conj().T
    state = q.LowRank(weights, kets[0], background)
    assert distance(started(state, q.Space.half(len(dims))), expected) < 1e-14


def test_low_rank_without_kets_is_the_mixed_state():
    state = q.LowRank([], np.zeros((2, 0)), 0.5)
    for method in ("exact", "frame", "pauli"):
        found = q.solve(FIELD, q.QuantumLLG(0.5), state, [0.0, 3.0], method=method)
        assert distance(found.states, np.eye(2) / 2) < 1e-15


def test_negative_weights_over_a_background():
    state = q.LowRank([-0.2], [[1], [0]], 0.6)
    assert distance(started(state, HALF), np.diag([0.4, 0.6])) < 1e-15


def test_arrays_of_every_kind():
    rho = random_density(np.random.default_rng(0), 4, 3)[0]
    for same in (rho, rho.tolist(), np.asfortranarray(rho), rho[::-1][::-1]):
        assert distance(started(same), rho) < 1e-14
    ket = random_kets(np.random.default_rng(1), 4, 1)[0]
    for same in (ket, ket[:, 0], ket[:, 0].tolist()):
        assert distance(started(same), outer(ket[:, 0])) < 1e-14
    assert distance(started(sp.Matrix([[1, 0], [0, 0]]), HALF), np.diag([1, 0])) == 0
    assert distance(started(sp.Matrix([1, sp.I]) / sp.sqrt(2), HALF), outer([R, 1j * R])) < 1e-15


def test_rounding_is_kept_and_not_normalised():
    small = 5e-11
    rho = np.diag([0.5 + small, 0.5])
    assert np.trace(started(rho, HALF)).real - 1 == pytest.approx(small, rel=1e-5)
    ket = np.array([1 + small, 0])
    assert np.trace(started(ket, HALF)).real - 1 == pytest.approx(2 * small, rel=1e-5)


@settings(max_examples=20)
@given(st.integers(2, 8), st.integers(0, 8), seeds)
def test_thin_states_are_the_same_states(d, rank, seed):
    """Fewer kets, the same ρ; those that are left differ from the background, and are orthonormal."""
    rng = np.random.default_rng(seed)
    frame = np.linalg.qr(random_kets(rng, d, d)[0])[0]
    levels = np.concatenate([rng.random(min(rank, d)), np.full(d - min(rank, d), 0.25)])
    levels /= levels.sum()
    for initial in (InitialStates.one(levels, frame),
                    InitialStates.one(levels[:rank] - levels[-1], frame[:, :rank], levels[-1])):
        thin = initial.thin()
        (kets,) = thin.kets
        assert distance(thin.density()[0], (frame * levels) @ frame.conj().T) < 1e-14
        assert thin.weights.shape[1] == kets.shape[1] == min(rank, d - 1)
        assert np.linalg.norm(kets.conj().T @ kets - np.eye(kets.shape[1])) < 1e-13


def test_random_states_of_low_rank_take_no_matrix():
    """2^16 dimensions: the matrix would take 64 GiB."""
    space = q.Space.half(16)
    initial = resolve(q.states.random(space, rank=2, seed=3), q.Model(space), 1.0, None)
    (kets,), (weights,) = initial.kets, initial.weights
    assert kets.shape == (2**16, 2)
    assert weights.sum() == pytest.approx(1, abs=1e-12)
    assert weights.min() > 0.4                                 # two random directions of many are orthogonal
    assert distance(kets.conj().T @ kets, np.eye(2)) < 1e-13


@settings(max_examples=20)
@given(st.integers(2, 6), st.integers(1, 6), seeds)
def test_two_valued_spectra_are_recognised(d, rank, seed):
    """a + bP comes back as such with P of rank ≤ d/2; another spectrum does not."""
    rank = min(rank, d - 1)
    frame = np.linalg.qr(random_kets(np.random.default_rng(seed), d, rank)[0])[0]
    gap = 0.6 / rank
    rho = (1 - gap * rank) / d * np.eye(d) + gap * frame @ frame.conj().T
    model = q.Model(q.Space(sp.Rational(d - 1, 2)), [])
    initial = resolve(rho, model, 1.0, lambda other: np.eye(d))
    (a,), (b,), (kets,) = initial.two_levels
    assert kets.shape[1] == min(rank, d - rank)
    assert distance(a * np.eye(d) + b * kets @ kets.conj().T, rho) < 1e-13
    assert distance(initial.density()[0], rho) < 1e-13
    if d > 2:
        bent = rho + 0.05 * (np.outer(kets[:, 0], kets[:, 0].conj()) - np.eye(d) / d)
        three = len(set(np.round(np.linalg.eigvalsh(bent), 9))) > 2
        assert (resolve(bent, model, 1.0, lambda other: np.eye(d)).two_levels is None) == three


@pytest.mark.parametrize(("split", "two"), [(0.0, True), (1e-14, True), (1e-9, False), (1e-6, False)])
def test_levels_that_nearly_agree_are_not_merged(split, two):
    """Taking the mean of two levels would change ρ; only rounding is taken for one level."""
    rho = np.diag([0.6, 0.2 + split, 0.2 - split])
    initial = resolve(rho, q.Model(ONE, []), 1.0, lambda other: np.eye(3))
    assert (initial.two_levels is not None) == two
    assert distance(q.solve(q.Model(ONE, []), q.QuantumLLG(0.5), rho, [0.0]).states[0], rho) < 1e-13


@pytest.mark.parametrize("state", [q.states.thermal, lambda model, beta: q.states.ground(model)])
def test_a_thermal_state_of_an_infinite_hamiltonian_is_refused(state):
    model = q.Model(q.Space("1/2"), [q.Zeeman((0.3, 0, 1 / q.t))])
    with pytest.raises(q.StateError, match=r"^`state` must be that of a finite Hamiltonian, [^\n]*\.$"):
        q.solve(model, q.QuantumLLG(0.5), state(model, 1), [0, 1])
    assert len(q.solve(model, q.QuantumLLG(0.5), state(model, 1), [1])) == 1


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("tilt", [1e-10, 1e-17, 3e-200, 0.3])
def test_tiny_tilts_of_coherent_states_keep_their_digits(tilt, sign):
    """Amplitudes by θ itself, with all their digits: cos²(θ/2), √2 cos sin(θ/2) e^{iφ}, sin²(θ/2) e^{2iφ} for s = 1."""
    z = sign * np.sqrt((1 - tilt) * (1 + tilt))
    state = q.states.coherent(q.Space("1"), [(0.6 * tilt, 0.8 * tilt, z)])
    (ket,) = resolve(state, q.Model(q.Space("1")), 1, None).kets
    small, large = np.sin(np.arcsin(tilt) / 2), np.cos(np.arcsin(tilt) / 2)
    up, down = (large, small) if sign > 0 else (small, large)
    expected = np.array([up**2, np.sqrt(2) * up * down * (0.6 + 0.8j), down**2 * (0.6 + 0.8j)**2])
    assert np.allclose(ket[:, 0], expected, rtol=1e-14, atol=0)


def test_a_tilt_of_1e_10_falls_in_its_own_time():
    """z = tanh(ln tan(θ/2) + κt/(1 + κ²)), θ the tilt from −z; a spin that points down exactly stays."""
    model, tilt = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, 1))]), 1e-10
    for kappa, rate in ((0.5, 0.4), (1.0, 0.5)):
        times = np.array([0, np.log(2 / tilt) / rate])
        run = q.solve(model, q.QuantumLLG(kappa), q.states.coherent(q.Space("1/2"), [(tilt, 0, -1)]), times)
        assert abs(run.bloch(0)[-1, 2]) < 1e-9
        exact = q.exact(model, q.QuantumLLG(kappa), q.states.coherent(q.Space("1/2"), [(tilt, 0, -1)]))
        rho = exact.at(times[-1], 30)
        assert abs(rho[0, 0] - rho[1, 1]) < 1e-9
    for down in (q.states.product("down"), q.states.coherent(q.Space("1/2"), [(np.pi, 0.3)])):
        assert q.solve(model, q.QuantumLLG(0.5), down, [0, 1e3]).bloch(0)[-1].tolist() == [0, 0, -1]


def test_thousands_of_levels_of_a_thermal_state_stand_still_at_once(monkeypatch):
    """S_z sectors of three spins 5/2: 216 levels, as of a large space; no slope is taken, and ρ is exp(−βH)/Z."""
    monkeypatch.setattr(initial_module, "LARGEST_DENSE", 16)
    model = q.Model(q.Space("5/2", "5/2", "5/2"), [*q.chain(3, q.Exchange, sp.Rational(1, 4)), q.Zeeman((0, 0, 1))])
    levels, vectors = np.linalg.eigh(oracle.hamiltonian(model, {}))
    weights = np.exp(-0.2 * (levels - levels[0]))
    found = q.solve(model, q.QuantumLLG(0.3), q.states.thermal(model, 0.2), [0.0, 1.0, 50.0], method="low-rank")
    assert found.stats["evaluations"] == 0
    assert len(found.states) == 3
    for rho in found.states:
        assert distance(rho, (vectors * weights / weights.sum()) @ vectors.conj().T) < 1e-10
    other = q.Model(model.space, [*q.chain(3, q.Exchange, sp.Rational(1, 4)), q.Zeeman((1e-3, 0, 1))])
    moved = q.solve(other, q.QuantumLLG(0.3), q.states.thermal(model, 0.2), [0.0, 1.0], method="low-rank")
    assert moved.stats["evaluations"] > 0
    assert distance(moved.states[1], found.states[1]) > 1e-6
