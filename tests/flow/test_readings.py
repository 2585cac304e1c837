"""Observables of trajectories: terms and models as operators, described states, single times, and large files."""

import math
import tracemalloc

import numpy as np
import pytest
import qutip
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

import qllg_sym as q
from qllg_sym.flow.results.operators import PhysicalOperator
from qllg_sym.flow.results.trajectory import Trajectory
from qllg_sym.model.constants import Constants
from qllg_sym.observables.ensemble import Ensemble
from strategies import low_rank_parts, random_kets

TIMES = np.linspace(0, 2, 5)
PAIR = q.Space("1/2", "1/2")
J, B, H = sp.symbols("J B h", real=True)


def werner(p=0.7):
    """The singlet at all times, mixed; every operator below has a closed form in it."""
    kets = np.tile(np.reshape([0, 1, -1, 0], (1, 4, 1)) / np.sqrt(2), (5, 1, 1))
    return Trajectory(TIMES, ("1/2", "1/2"), Ensemble((2, 2), kets=kets, weights=[p], background=(1 - p) / 4))


def dense(trajectory):
    held = trajectory.ensemble
    return Trajectory(trajectory.times, trajectory.spins, Ensemble(held.dims, density=held.density()))


@pytest.mark.parametrize("form", [lambda x: x, dense])
def test_terms_are_operators(form):
    trajectory = form(werner())
    np.testing.assert_allclose(trajectory.expectation(q.Pauli(1, "XX")), -0.7)
    np.testing.assert_allclose(trajectory.expectation([q.Pauli(2, "ZZ"), q.Pauli(1, "II")]), 1 - 1.4)
    np.testing.assert_allclose(trajectory.expectation(q.Exchange(J, 0, 1), {J: 2}), -3 * 2 * 0.7)
    np.testing.assert_allclose(trajectory.variance(q.Pauli(3, "ZZ")), 9 * (1 - 0.49))
    np.testing.assert_allclose(trajectory.variance(q.Zeeman((0, 0, 1))), 0.5 * (1 - 0.7))  # of S_z in all
    assert trajectory.expectation(q.Pauli(1, "XX")).dtype == np.float64


def test_terms_that_depend_on_time():
    """Σ over all times of f(t) ⟨σσ⟩, f evaluated at each."""
    for trajectory in (werner(), dense(werner())):
        values = trajectory.expectation([q.Pauli(sp.cos(q.t) * B, "XX"), q.Pauli(q.t, "ZZ")], {"B": 2})
        np.testing.assert_allclose(values, -0.7 * (2 * np.cos(TIMES) + TIMES))
        np.testing.assert_allclose(trajectory.variance(q.Pauli(q.t, "YY")), TIMES**2 * 0.51, atol=1e-15)


def test_units_of_terms_and_models():
    """S carries ħ, Zeeman γ_g: −γ_g B·S; a list of terms takes the trajectory's ħ and γ_g = 1, a model its own."""
    up = Trajectory([0.0], ("1/2",), Ensemble((2,), kets=[[[1], [0]]], weights=[1]), hbar=0.5)
    assert up.expectation(q.Zeeman((0, 0, 1))) == pytest.approx(-0.25)
    model = q.Model(q.Space("1/2"), [q.Zeeman((1, 0, 1))], hbar=2, gamma=3)
    assert up.expectation(model) == pytest.approx(-3)
    assert up.variance(model) == pytest.approx(9)


@settings(max_examples=20, deadline=None)
@given(low_rank_parts(dims=((2, 3, 4), (2, 2, 3))), st.integers(0, 2**32 - 1))
def test_models_of_mixed_spins_against_qutip(parts, seed):
    """Expectation and variance, with the traces that a background needs."""
    dims, kets, weights, background = parts
    spins = [(d - 1) / 2 for d in dims]
    names = ["1/2" if s == 0.5 else "1" if s == 1 else "3/2" for s in spins]
    a, b, c = np.random.default_rng(seed).integers(-5, 6, size=3).tolist()
    terms = [q.Exchange(a, 0, 1), q.DMI((0, b, 1), 2, 0), q.Zeeman((c, 0, 1)), q.Anisotropy(np.diag([0, 1, b]), 1)] if (
        spins[1] > 0.5) else [q.Exchange(a, 0, 1), q.DMI((0, b, 1), 2, 0), q.Zeeman((c, 0, 1))]

    def on(site, axis):
        return qutip.tensor([qutip.jmat(s, axis) if k == site else qutip.qeye(d)
                             for k, (s, d) in enumerate(zip(spins, dims, strict=True))])

    def cross(i, j, axis):
        n, m = {"x": "yz", "y": "zx", "z": "xy"}[axis]
        return on(i, n) * on(j, m) - on(i, m) * on(j, n)

    energy = 4 * a * sum(on(0, k) * on(1, k) for k in "xyz") + 4 * (b * cross(2, 0, "y") + cross(2, 0, "z"))
    energy -= sum(c * on(i, "x") + on(i, "z") for i in range(3))
    energy += on(1, "y") ** 2 + b * on(1, "z") ** 2 if spins[1] > 0.5 else 0
    ensemble = Ensemble(dims, kets=kets, weights=weights, background=background)
    trajectory = Trajectory([0, 1], names, ensemble)
    states = [qutip.Qobj(rho, dims=[list(dims)] * 2) for rho in ensemble.density()]
    np.testing.assert_allclose(trajectory.expectation(terms), [qutip.expect(energy, s) for s in states], atol=1e-11)
    np.testing.assert_allclose(trajectory.variance(terms), [qutip.variance(energy, s) for s in states], atol=1e-9)


def test_energy_and_its_variance_along_a_flow():
    """dE/dt = −2κ/(1 + κ²) × the variance for a pure state (ħ = 1), a second time on purpose."""
    model, kappa = q.Model(PAIR, [q.Exchange(1, 0, 1), q.Zeeman((0.3, 0, 1))]), 0.5
    times = np.linspace(0, 1, 201)
    trajectory = q.solve(model, q.QuantumLLG(kappa), q.states.product("+x", "down"), times)
    np.testing.assert_allclose(trajectory.variance(), trajectory.variance(model), atol=1e-12)
    np.testing.assert_allclose(trajectory.expectation(model), trajectory.energy, atol=1e-12)
    rates = -2 * kappa / (1 + kappa**2) * trajectory.variance()
    np.testing.assert_allclose(np.gradient(trajectory.energy, times)[1:-1], rates[1:-1], atol=2e-3)
    loaded = Trajectory(times, trajectory.spins, trajectory.ensemble)
    with pytest.raises(q.InputError, match=r"does not hold its H; write variance\(model\)"):
        loaded.variance()


def test_energy_variance_without_a_matrix():
    """Ising ring of twelve spins, all along x: each of the twelve bonds contributes J² and nothing between them."""
    spins = ("1/2",) * 12
    model = q.Model(q.Space.half(12), [q.Bilinear(np.diag([0, 0, 4]), i, (i + 1) % 12) for i in range(12)])
    kets = np.full((1, 2**12, 1), 2**-6, dtype=complex)
    operator = PhysicalOperator(model, spins, Constants(), {})
    moved = Trajectory([0.0], spins, Ensemble((2,) * 12, kets=kets, weights=[1]),
                       apply=lambda kets, t: operator.at(t) @ kets)
    assert moved.variance() == pytest.approx(12)
    assert moved.variance(model) == pytest.approx(12)
    half = Ensemble((2,) * 12, kets=kets, weights=[0.5], background=0.5 / 2**12)
    mixed = Trajectory([0.0], spins, half, apply=moved.apply)
    assert mixed.variance(model) == pytest.approx(12)  # of the identity, Tr H²/d = 12 as well
    with pytest.raises(q.InputError, match="must have a matrix where the state has a background"):
        mixed.variance()


def test_fidelity_with_described_states():
    for trajectory in (werner(), dense(werner())):
        singlet = (1 + 3 * 0.7) / 4
        np.testing.assert_allclose(trajectory.fidelity(q.states.bell("psi-")), singlet)
        np.testing.assert_allclose(trajectory.fidelity(np.array([0, 1, -1, 0]) / np.sqrt(2)), singlet)
        np.testing.assert_allclose(trajectory.fidelity(q.states.product("up", "down")), singlet / 2 + 0.075 / 2)
        np.testing.assert_allclose(trajectory.fidelity(q.states.werner("psi-", 0.7)), 1)
        np.testing.assert_allclose(trajectory.fidelity(q.LowRank([1.0], np.eye(4)[:, :1])), 0.075)
        model = q.Model(PAIR, [q.Exchange(J, 0, 1)])
        np.testing.assert_allclose(trajectory.fidelity(q.states.ground(model), {"J": 3}), singlet)
        np.testing.assert_allclose(trajectory.population([0, 1, -1, 0]), singlet)


REFUSED = {
    "state of another space": (lambda: werner().fidelity(q.states.product("up")), "`state` must belong to Space"),
    "ground state without numbers": (
        lambda: werner().fidelity(q.states.ground(q.Model(PAIR, [q.Exchange(J, 0, 1)]))), "J"),
    "no state": (lambda: werner().fidelity(None), "`state` must be a density matrix, a ket"),
    "term of another space": (lambda: werner().expectation(q.Pauli(1, "X")), "`letters` must name one Pauli matrix"),
    "model of another space": (
        lambda: werner().expectation(q.Model(q.Space("1/2"))), r"`op` must act on Space\('1/2', '1/2'\), but is"),
    "term without a number": (lambda: werner().expectation(q.Pauli(J, "XX")), "J"),
    "values for a matrix": (lambda: werner().variance(np.eye(4), {"J": 1}), "`values` must go with terms or a model"),
    "values of a term": (lambda: werner().expectation(q.Pauli(1, "XX"), 3), "`values` must map names or Symbols"),
    "values of a state": (lambda: werner().fidelity(q.states.bell("psi+"), 3), "`values` must map names or Symbols"),
    "no operator": (lambda: werner().expectation(None), "`op` must be a 4 × 4 matrix of numbers, but is of type None"),
    "empty list": (lambda: werner().expectation([]), r"`op` must have shape \(4, 4\)"),
    "axes": (lambda: werner().profile(["x"]), r"`axis` must be [^\n]*, but is \['x'\]"),
    "axis": (lambda: werner().profile("w"), "`axis` must be \"x\", \"y\", \"z\" or None, but is 'w'"),
    "population of a classical law": (lambda: classical().population([1, 0]), "this trajectory is classical"),
    "energy variance of a classical law": (lambda: classical().variance(), "this trajectory is classical"),
    "variance of a classical law": (lambda: classical().variance(np.eye(2)), "this trajectory is classical"),
    "background of a classical law": (lambda: classical().background, "this trajectory is classical"),
    "snapshot outside": (lambda: werner().snapshot(7), "`t` must be a time from 0 to 2, but is 7"),
    "snapshot in between": (lambda: werner().snapshot(0.7), r"the nearest is 0\.5"),
    "entanglement at every time": (lambda: final().entanglement(0), r"only the last was kept; use `last.entanglement`"),
    "snapshot of what was not kept": (lambda: final().snapshot(0), "the nearest is 2"),
    "state of observables alone": (
        lambda: Trajectory([0, 1], ("1/2",), observed={"a": [0, 1]}).last, "only a were kept"),
}


def classical():
    return Trajectory([0, 1], ("1/2",), moments=[[[0, 0, 1]]] * 2, energy=[-1, -2])


def final():
    return Trajectory(TIMES, ("1/2", "1/2"), werner().ensemble[-1:], energy=-TIMES)


@pytest.mark.parametrize("case", REFUSED)
def test_refused_in_one_sentence(case):
    action, words = REFUSED[case]
    with pytest.raises(q.QllgError, match=words) as caught:
        action()
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


def test_profiles():
    moments = np.random.default_rng(2).normal(size=(5, 3, 3))
    trajectory = Trajectory(TIMES, ("1/2",) * 3, moments=moments)
    np.testing.assert_array_equal(trajectory.profile(), moments)
    np.testing.assert_array_equal(trajectory.profile("y"), moments[:, :, 1])
    up_down = Trajectory([0], ("1/2", "1"), Ensemble((2, 3), kets=np.eye(6)[None, :, 2:3], weights=[1]))
    np.testing.assert_allclose(up_down.profile("z"), [[1, -1]], atol=1e-15)


def test_correlations_and_parts():
    trajectory = werner()
    np.testing.assert_allclose(trajectory.correlations()[:, 0, 1], [-0.7 * np.eye(3)] * 5, atol=1e-15)
    np.testing.assert_allclose(trajectory.correlation(connected=True), [-0.7 * np.eye(3)] * 5, atol=1e-15)
    np.testing.assert_allclose(trajectory.entanglement(1), math.log(2))
    levels = np.array([3.1, 0.3, 0.3, 0.3]) / 4
    np.testing.assert_allclose(trajectory.mutual_information(0, 1), 2 * math.log(2) + levels @ np.log(levels))


def test_one_time_of_a_trajectory():
    for trajectory in (final(), werner()):
        last = trajectory.last
        assert len(last) == 1
        assert last.times.tolist() == [2.0]
        assert last.weights.tolist() == [0.7]
        assert last.background == pytest.approx(0.075)
        np.testing.assert_allclose(last.nonlocality(), 0)
        assert q.LowRank(last.weights, last.kets[0], last.background).kets.shape == (4, 1)
    assert final().last.energy.tolist() == [-2.0]
    assert classical().snapshot(0).energy.tolist() == [-1.0]
    assert repr(final().last) == "<Trajectory: t = 2, spins 1/2, 1/2, drift trace 0, purity 0, spectrum 0>"


def test_a_time_in_between_is_solved_for():
    model = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, 1))])
    trajectory = q.solve(model, q.VonNeumann(), q.states.product("+x"), [0, 1, 3])
    between = trajectory.snapshot(2.2)
    np.testing.assert_allclose(between.bloch(0), [[np.cos(2.2), -np.sin(2.2), 0]], atol=1e-9)
    np.testing.assert_allclose(between.states[0], trajectory.at(2.2))
    assert between.variance() == pytest.approx(0.25)
    with pytest.raises(q.InputError, match="`energy` was not kept"):
        _ = between.energy


def twenty():
    kets = np.zeros((2, 2**20, 1), dtype=complex)
    kets[:, 7] = 1
    return Trajectory([0, 1], ("1/2",) * 20, Ensemble((2,) * 20, kets=kets, weights=[1]), energy=[-1, -1])


def test_twenty_spins(monkeypatch):
    trajectory = twenty()
    assert repr(trajectory) == (
        "<Trajectory: 2 times from 0 to 1, spins 20 × 1/2, drift trace 0, purity 0, spectrum 0>")
    assert set(trajectory.invariants.values()) == {0.0}
    np.testing.assert_array_equal(trajectory.profile("z"), [[1] * 17 + [-1] * 3] * 2)
    np.testing.assert_allclose(trajectory.expectation(q.Pauli(1, "Z" * 20)), -1)
    np.testing.assert_allclose(trajectory.entropy(), 0)
    np.testing.assert_allclose(trajectory.fidelity(q.states.product(*["up"] * 17, *["down"] * 3)), 1)
    for ask in (lambda: trajectory.states, lambda: trajectory.final_state, lambda: trajectory.at(1)):
        with pytest.raises(q.InputError, match=r"`states` must fit into memory, but needs \d+ GiB; ask for `kets`"):
            ask()
    monkeypatch.setattr("qllg_sym.observables.storage.available_memory", lambda: 2**23)
    with pytest.raises(q.InputError, match="ask for `weights` or for fewer times"):
        _ = trajectory.spectrum


def large(times=6):
    kets = random_kets(np.random.default_rng(4), 2**16, 1, times=times)
    return Trajectory(np.arange(times), ("1/2",) * 16, Ensemble((2,) * 16, kets=kets, weights=[1]))


def peak(action):
    """Return the most memory taken by an action, in bytes."""
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("suffix", [".npz", ".nc"])
def test_large_files(tmp_path, suffix):
    """Writing takes no copy of the kets, reading one."""
    for module in ("xarray", "h5netcdf", "h5py") if suffix == ".nc" else ():
        pytest.importorskip(module, reason=f".nc needs {module}")
    before, path = large(24), tmp_path / f"run{suffix}"
    before.snapshot(0).save(tmp_path / f"first{suffix}")  # what the libraries allocate once
    size = before.kets.nbytes
    assert peak(lambda: before.save(path)) < size * (0.9 if suffix == ".npz" else 1.5)
    assert peak(lambda: Trajectory.load(path)) < 1.5 * size
    np.testing.assert_array_equal(Trajectory.load(path).kets, before.kets)


def test_drift_and_repr_copy_no_kets():
    trajectory = large(12)
    assert peak(lambda: repr(trajectory)) < trajectory.kets.nbytes / 3
    assert peak(lambda: trajectory.ensemble.trace()) < 2**16


def test_expressions_in_spins_sums_and_paulis_are_operators():
    """⟨S_z⟩, ⟨S₊⟩ (complex) and a variance in a state of spins 1 and ½ with a background, against QuTiP's matrices."""
    space, h = q.Space("1", "1/2"), 0.5
    (S, s), rng = (space.spin(0), space.spin(1)), np.random.default_rng(3)
    kets, _ = np.linalg.qr(rng.normal(size=(6, 2)) + 1j * rng.normal(size=(6, 2)))
    ensemble = Ensemble((3, 2), kets=kets[None], weights=[0.5, 0.2], background=0.05)
    trajectory, rho = Trajectory([0.5], ("1", "1/2"), ensemble, hbar=h), qutip.Qobj(ensemble.density()[0])

    def on(one, other):
        return qutip.Qobj(np.kron(one.full(), other.full()))

    sz, plus = on(qutip.jmat(1, "z"), qutip.qeye(2)), on(qutip.jmat(1, "+"), qutip.qeye(2))
    tz = on(qutip.qeye(3), qutip.jmat(0.5, "z"))
    cases = {"S_z": (S.z, sz), "with one in it": (S.z + 3, sz + 3), "sum": (S.z - q.Zeeman((0, 0, 2)), sz + sz + tz),
             "list": ([S.z, 2 * s.z], sz + 2 * tz), "S_+": (S.plus, plus), "its skew": (sp.I * B * S.minus * s.z,
                                                                                        2j * plus.dag() * tz),
             "in time": (sp.exp(sp.I * q.t) * S.plus + 1, np.exp(0.5j) * plus + 1)}
    for name, (op, matrix) in cases.items():
        found = trajectory.expectation(op, {"B": 2} if name == "its skew" else None)
        np.testing.assert_allclose(found, [(rho * matrix).tr()], atol=1e-13, err_msg=name)
        assert (found.dtype == complex) == (not matrix.isherm), name
    np.testing.assert_allclose(trajectory.variance(S.z * s.z), [qutip.variance(sz * tz, rho)], atol=1e-13)
    with pytest.raises(q.InputError, match="`op` must be Hermitian to have a variance"):
        trajectory.variance(S.plus)
    np.testing.assert_allclose(werner().expectation({"ZZ": 2, "IX": 1}), -1.4)


def test_spins_are_observed_in_place_of_states():
    """As `observe` and `e_ops`, batches too, what trajectories read of the states themselves."""
    S, law = PAIR.spin(0), q.QuantumLLG(0.3)
    model, start = q.Model(PAIR, J * S.dot(PAIR.spin(1)) - S.x), q.states.product("up", "down")
    ops = {"z": S.z, "plus": S.plus, "total": S.z + PAIR.spin(1).z, "H": J * S.x, "ZI": {"ZI": 1}}
    run = q.solve(model, law, start, TIMES, {"J": 2})
    expected = {name: run.expectation(op, {"J": 2} if name == "H" else None) for name, op in ops.items()}
    many = q.solve_many(model, law, start, TIMES, {"J": [2, 3]}, observe=ops).observed
    alike = q.qllgsolve(model, start, TIMES, kappa=0.3, args={"J": 2}, e_ops=ops, options={"store_states": True})
    for name, values in expected.items():
        for found in (q.solve(model, law, start, TIMES, {"J": 2}, observe=ops).observed[name], many[name][0],
                      alike.e_data[name]):
            np.testing.assert_allclose(found, values, atol=1e-8, err_msg=name)
    assert abs(expected["plus"] - run.bloch(0) @ [0.5, 0.5j, 0]).max() < 1e-12
