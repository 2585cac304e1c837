"""Near unstable states: small amplitudes keep their digits, or it is said how many are left."""

import warnings

import mpmath
import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from qllg_sym.errors import QllgWarning
from qllg_sym.flow.exact import eigenbasis
from qllg_sym.flow.results.digits import digits, warn_of_lost

KAPPA = 0.5
RATE = KAPPA / (1 + KAPPA**2)        # of damping, a second time on purpose
FERRO = sp.Rational(-2, 100)


def tilted(spins, tilt):
    """Every spin off −z by the same tilt."""
    return q.states.coherent(q.Space.half(spins), [(np.sin(tilt), 0, -np.cos(tilt))] * spins)


def fallen(tilt, elapsed):
    """z of independent spins ½, or of a ferromagnetic multiplet, in B ẑ with ∫B dt = elapsed."""
    return np.tanh(np.log(np.tan(tilt / 2)) + RATE * np.asarray(elapsed))


def chain(spins, field=1):
    bonds = q.chain(spins, q.Exchange, FERRO) if spins > 1 else []
    return q.Model(q.Space.half(spins), [*bonds, q.Zeeman((0, 0, field))])


@pytest.mark.parametrize(("spins", "tilt"), [(1, 0.7), (1, 1e-9), (3, 0.7), (6, 1e-3), (7, 1e-6)])
def test_a_multiplet_falls_in_its_own_time(spins, tilt):
    """Amplitudes down to (θ/2)^N = 1e-44 take over: the convention is checked at a moderate tilt."""
    times = np.linspace(0, 2 * np.log(2 / tilt) / RATE, 7)
    run = q.solve(chain(spins), q.QuantumLLG(KAPPA), tilted(spins, tilt), times, method="exact")
    assert abs(run.bloch(spins // 2)[:, 2] - fallen(tilt, times)).max() < 1e-11
    assert run.stats["digits"] > 11


def test_the_broken_twin_without_blocks_is_wrong_and_says_so(monkeypatch):
    """One eigh of the whole matrix puts 1e-17 where 1e-26 belongs."""
    monkeypatch.setattr(eigenbasis, "_blocks", lambda connected: np.zeros(len(connected), dtype=int))
    tilt, spins = 1e-4, 6
    times = np.linspace(0, 2 * np.log(2 / tilt) / RATE, 7)
    with pytest.warns(QllgWarning, match="perhaps no more than"):
        run = q.solve(chain(spins), q.QuantumLLG(KAPPA), tilted(spins, tilt), times, method="exact")
    error = abs(run.bloch(3)[:, 2] - fallen(tilt, times)).max()
    assert error > 1e-8
    assert 10**-run.stats["digits"] > error / 100


def test_rows_of_a_batch_keep_their_digits_too():
    tilts, times = [1e-3, 1e-6, 0.5], np.linspace(0, 60, 7)
    many = q.solve_many(chain(5), q.QuantumLLG(KAPPA), [tilted(5, tilt) for tilt in tilts], times, method="exact")
    assert set(many.method) == {"exact"}
    for k, tilt in enumerate(tilts):
        assert abs(many[k].bloch(2)[:, 2] - fallen(tilt, times)).max() < 1e-11


def test_a_ket_that_is_an_eigenvector_to_the_last_bit_stays():
    model = q.Model(q.Space("1/2"), [q.Zeeman((1, 0, 0))])
    for method in ("exact", "krylov", "auto"):
        run = q.solve(model, q.QuantumLLG(KAPPA), q.states.product("-x"), [0, 100, 1e4], method=method)
        assert run.bloch(0)[-1].tolist() == pytest.approx([-1, 0, 0], abs=1e-15)


def test_lost_digits_are_said_by_single_runs_and_batches():
    """Three spins against a field along no axis: in doubles nobody can say when they turn."""
    n = np.array([0.3, -0.5, 0.812])
    n /= np.linalg.norm(n)
    model = q.Model(q.Space.half(3), [*q.chain(3, q.Exchange, -1), q.Zeeman(tuple(n))])
    state = q.states.coherent(q.Space.half(3), [tuple(-n)] * 3)
    with pytest.warns(QllgWarning, match="perhaps no more than 0 digits of the trajectory"):
        assert q.solve(model, q.QuantumLLG(KAPPA), state, [0, 100], method="exact").stats["digits"] == 0
    with pytest.warns(QllgWarning, match="digits of one of 2 trajectories"):
        q.solve_many(model, q.QuantumLLG(KAPPA), [state] * 2, [0, 100], method="exact")
    assert q.solve(model, q.QuantumLLG(KAPPA), state, [0, 5], method="exact").stats["digits"] > 8


def test_the_estimate_of_digits_is_one():
    """Random pure states of random H, some with small overlap with the lowest levels, against 40 digits."""
    rng = np.random.default_rng(3)
    for trial in range(4):
        h = rng.normal(size=(4, 4)) + 1j * rng.normal(size=(4, 4))
        h = (h + h.conj().T) / 2
        model = q.Model(q.Space("3/2"), [q.Operator(h)])
        vectors = np.linalg.eigh(h)[1]
        ket = vectors @ (rng.normal(size=4) * 10.0**(4 * trial * (np.arange(4) - 3) / 3))
        ket /= np.linalg.norm(ket)
        run = q.solve(model, q.QuantumLLG(KAPPA), ket, [0, 2, 4], method="exact", rtol=1e-2)
        with mpmath.workdps(40):
            exponential = mpmath.expm(mpmath.matrix((-4 / (KAPPA - 1j) * h).tolist()))
            moved = exponential * mpmath.matrix(ket.tolist())
            moved = np.array((moved / mpmath.norm(moved)).tolist(), dtype=complex)
        error = np.linalg.norm(run.states[-1] - moved @ moved.conj().T)
        assert error < 30 * 10**-run.stats["digits"]
        assert 10**-run.stats["digits"] < 1e4 * max(error, 1e-16)


def test_a_seed_that_krylov_once_froze_grows():
    """Ten spins down with an amplitude of 1e-13 up: z stayed −1, with an error bound of 8e-14."""
    ket = np.zeros(2**8)
    ket[-1], ket[0], field = 1, 1e-13, 8 * RATE
    times = np.array([0, 6.0, np.log(1e13) / field, 12.0])
    run = q.solve(chain(8), q.QuantumLLG(KAPPA), ket, times, method="krylov")
    seed = 1e-13 * np.exp(field * times)
    expected = (seed**2 - 1) / (seed**2 + 1)
    error = abs(run.bloch(0)[:, 2] - expected).max()
    assert error < 1e-2
    assert error <= run.stats.get("error_bound", 1.0) * 2
    assert run.stats.get("error_bound", 1.0) > 1e-6


def test_krylov_ends_in_the_right_level_or_gives_no_bound():
    model = q.Model(q.Space("1"), [q.Operator(np.diag([10, 0.1, 0]))])
    ket = np.array([1, 1, 1e-14]) / np.sqrt(2)
    run = q.solve(model, q.QuantumLLG(KAPPA), ket, [0, 1000.0, 2000.0], method="krylov")
    assert run.states[-1].diagonal().real == pytest.approx([0, 0, 1], abs=1e-6)
    assert "error_bound" not in run.stats


def test_krylov_still_rests_in_the_ground_state():
    run = q.solve(chain(8), q.QuantumLLG(KAPPA), q.states.product(*["+x"] * 8), [0, 1e3, 1e6], method="krylov")
    assert run.stats["stationary_from"] < 1e3
    assert run.stats["error_bound"] < 1e-9
    assert run.bloch(0)[-1, 2] == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize(("spins", "tilt", "said"), [(2, 0.3, False), (7, 0.01, True), (7, 1.0, False)])
def test_low_rank_says_how_errors_grew(spins, tilt, said, recwarn):
    """A slowly varying field: the factor is 1/|⟨lowest|start⟩| = sin(θ/2)^−N, whatever the path."""
    t, times = q.t, np.array([0, 10.0, 40.0])
    model = chain(spins, 1 + sp.sin(t / 5) / 10)
    run = q.solve(model, q.QuantumLLG(KAPPA), tilted(spins, tilt), times, method="low-rank")
    assert np.log(run.stats["growth"]) == pytest.approx(-spins * np.log(np.sin(tilt / 2)), rel=0.05, abs=0.3)
    error = abs(run.bloch(0)[:, 2] - fallen(tilt, times + 0.5 * (1 - np.cos(times / 5)))).max()
    assert said or error < 1e-7
    assert any("Errors grow" in str(each.message) for each in recwarn.list) == said


def test_a_damping_that_begins_late_lets_errors_grow_all_the_same():
    """As if it had begun at t = 10 and stayed: the factor hangs on ∫ κ/(1 + κ²) dt alone."""
    late = KAPPA * (1 + sp.tanh(q.t - 10)) / 2
    found = [q.solve(chain(2, 1 + sp.sin(q.t) * 0), q.QuantumLLG(law), tilted(2, 0.5), [0, end], method="low-rank")
             for law, end in ((KAPPA, 10), (late, 20))]
    assert np.log(found[1].stats["growth"]) == pytest.approx(np.log(found[0].stats["growth"]), rel=0.05)


def test_what_is_said():
    warn_of_lost([{"digits": 12.0}, {"growth": 3.0}, {}], 1e-10)
    with pytest.warns(QllgWarning, match=r"^Errors grow .* no more than 3 digits of one of 2 trajectories"):
        warn_of_lost([{"digits": 12.0}, {"digits": 3.0}], 1e-10)
    with pytest.warns(QllgWarning, match=r"no more than 1 digits of the trajectory"):
        warn_of_lost([{"growth": 1e9}], 1e-10)
    assert digits(1e-300) == 15.9


def swinging(spins, tilt, method, times):
    """A slowly varying field by a dense method: the run, its error, and the factor 1/|⟨lowest|start⟩|."""
    model = chain(spins, 1 + sp.sin(q.t / 5) / 10)
    run = q.solve(model, q.QuantumLLG(KAPPA), tilted(spins, tilt), times, method=method)
    error = abs(run.bloch(0)[:, 2] - fallen(tilt, times + 0.5 * (1 - np.cos(times / 5)))).max()
    return run, error, np.sin(tilt / 2)**-spins


@pytest.mark.parametrize(("method", "spins", "tilt"), [("frame", 4, 0.01), ("pauli", 2, 1e-6), ("frame", 1, 1e-10)])
@pytest.mark.parametrize("times", [np.array([0.0, 60.0]), np.linspace(0, 60, 121)])
def test_dense_methods_say_how_errors_grew(method, spins, tilt, times):
    """At few times as well as at many; the error is within what is told, far beyond what was asked for."""
    with pytest.warns(QllgWarning, match="Errors grow .* of the trajectory are left"):
        run, error, factor = swinging(spins, tilt, method, times)
    assert np.log(run.stats["growth"]) == pytest.approx(np.log(factor), rel=0.1)
    assert error < 1e-10 * run.stats["growth"]
    assert len(run.times) == len(run.states) == len(run.energy) == len(times)


@pytest.mark.parametrize("method", ["frame", "pauli"])
@pytest.mark.parametrize("times", [np.array([0.0, 60.0]), np.linspace(0, 60, 121)])
def test_stable_states_give_no_warning(method, times):
    """The broken twin: near the other pole and far from both, however long, errors do not grow."""
    for tilt in (1.0, np.pi - 0.01):
        run, error, factor = swinging(2, tilt, method, times)
        assert run.stats["growth"] < 3 * factor
        assert error < 1e-8


@pytest.mark.parametrize("method", ["frame", "pauli"])
def test_rows_of_a_batch_say_so_too(method):
    """A mixed spin ½ falls in the closed form of a pure one, with κ(2p − 1) for κ; batches tell what single runs do."""
    field = sp.Symbol("B", real=True)
    model, tilts, times = chain(1, field), [1e-9, 1.0, np.pi - 1e-9], np.array([0.0, 200.0])
    p, law = 0.9, q.QuantumLLG(KAPPA)
    directions = [np.array([np.sin(tilt), 0, -np.cos(tilt)]) for tilt in tilts]
    pauli = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
    states = [(np.eye(2) + (2 * p - 1) * np.tensordot(n, pauli, 1)) / 2 for n in directions]
    with pytest.warns(QllgWarning, match="of one of 3 trajectories"):
        many = q.solve_many(model, law, states, times, {"B": [1.0, 1.0, 1.0]}, method=method)
    for k, state in enumerate(states):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", QllgWarning)
            alone = q.solve(model, law, state, times, {"B": 1.0}, method=method)
        assert many[k].stats["growth"] == pytest.approx(alone.stats["growth"], rel=1e-6)
        assert np.array_equal(many[k].times, times)
        assert many[k].states == pytest.approx(alone.states, abs=1e-9)
    assert np.log(many[0].stats["growth"]) == pytest.approx(np.log(2e9), rel=0.1)
    assert max(many[k].stats["growth"] for k in (1, 2)) < 10


def test_a_mixed_state_that_rests_in_an_unstable_one_to_the_end_is_not_warned_of():
    """Populations against the levels of H, to the last bit: nothing moves, so nothing is lost."""
    model, rho = q.Model(q.Space("1"), [q.Operator(np.diag([2, 1, 0]))]), np.diag([0.5, 0.3, 0.2])
    for method in ("frame", "pauli"):
        run = q.solve(model, q.QuantumLLG(KAPPA), rho, [0, 1000.0], method=method)
        assert run.stats["growth"] == pytest.approx(1, abs=1e-3)
        assert run.states[-1] == pytest.approx(rho, abs=1e-12)


@pytest.mark.parametrize("method", ["auto", "exact", "frame", "low-rank", "pauli", "krylov"])
def test_an_infinite_field_is_told_at_a_single_time(method):
    model = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, sp.Symbol("B", real=True) * 10**300))])
    with pytest.raises(q.IntegrationError, match="the Hamiltonian is not finite; give smaller numbers"):
        q.solve(model, q.QuantumLLG(KAPPA), q.states.product("+x"), [0], {"B": 1e300}, method=method)
    with pytest.raises(q.IntegrationError, match=r"1 of 2 trajectories .* number 1 .*: the Hamiltonian is not finite"):
        q.solve_many(model, q.QuantumLLG(KAPPA), q.states.product("+x"), [0], {"B": [1e-300, 1e300]}, method=method)


@pytest.mark.parametrize("method", ["frame", "pauli"])
@pytest.mark.parametrize("exchange", [-1.0, 1.0])
def test_the_dimers_of_the_figures_are_not_warned_of(method, exchange):
    """The systems of Figs. 1–4 and of README.md, at the figures' times and at their ends alone: warnings are errors."""
    J, D = sp.symbols("J D", real=True)
    starts = [q.states.product("up", "down"), q.states.werner("psi+", 1), q.states.werner("psi-", 0.8),
              q.states.werner("phi+", 0.8)]
    for field in ((1, 0, 0), (3**-0.5,) * 3):
        model = q.Model(q.Space.half(2), [q.Zeeman(field), q.Exchange(J, 0, 1), q.DMI((0, 0, D), 0, 1)])
        for times in (np.linspace(0, 8, 401), [0, 8]):
            many = q.solve_many(model, q.QuantumLLG(KAPPA), starts * 2, times,
                                {"J": exchange, "D": [0.0] * 4 + [0.6] * 4}, method=method)
            assert all(1 <= many[k].stats["growth"] < 1e8 for k in range(8))
            q.solve(model, q.QuantumLLG(KAPPA), starts[0], times, {"J": exchange, "D": 0.6}, method=method)
