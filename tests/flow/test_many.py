"""Batches: the numbers of `solve` row by row, of closed forms and of an independent solver."""

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

import qllg_sym as q
from flow.batches import AGREE, DIMER, DRIVEN, KAPPA, LAW, MIXED, ROWS, SPIN, TIMES, VALUES, B, D
from flow.reference import distance, integrate
from strategies import models, random_density, random_hermitian, seeds, values

SAME = 1e-11                    # the same steps, rounded in another order
RNG = np.random.default_rng(8)


def row_values(values, k):
    """The numbers of one row."""
    return {name: v[k] if np.ndim(v) else v for name, v in values.items()}


def check_against_solve(many, model, law, states, values, within, **options):
    """Every row (with generated components, whose making costs most, every fifth) is what `solve` gives."""
    for k in range(0, len(many), 5 if options.get("method") == "pauli" else 1):
        state = states[k] if isinstance(states, list) or np.ndim(states) == 3 else states
        alone = q.solve(model, law, state, many.times, row_values(values, k), **options)
        assert many[k].method == alone.method
        assert distance(many[k].states, alone.states) < within, k
        assert distance(many.states[k], alone.states) < within, k
        assert distance(many.energy[k], alone.energy) < 10 * within, k


@pytest.mark.parametrize("method", ["frame", "pauli"])
@pytest.mark.parametrize(("model", "extra"), [(DIMER, {}), (DRIVEN, {"B": np.linspace(1, 0, ROWS)})])
def test_lanes_give_the_numbers_of_solve(method, model, extra):
    values = VALUES | extra
    many = q.solve_many(model, LAW, list(MIXED), TIMES, values, method=method)
    check_against_solve(many, model, LAW, MIXED, values, SAME if method == "frame" else AGREE, method=method)
    assert set(many.method) == {method}


@pytest.mark.filterwarnings("ignore:Errors grow with the motion")      # D = 0, t = 1e6: no symmetry outlasts rounding
@pytest.mark.parametrize("law", [q.QuantumLLG(KAPPA), q.QuantumLL(KAPPA), q.VonNeumann()])
@pytest.mark.parametrize("state", [q.states.product("up", "down"), q.states.werner("psi+", 0.7),
                                   q.states.werner("phi-", -0.2), np.diag([0.4, 0.4, 0.1, 0.1]), np.eye(4) / 4])
def test_stacked_exact_solution_gives_the_numbers_of_solve(law, state):
    values = VALUES if law.kind != "von-neumann" else {"D": VALUES["D"]}
    many = q.solve_many(DIMER, law, state, [0.0, 0.3, 2.0, 40.0, 1e6], values)
    assert set(many.method) == {"exact"}
    for k in range(ROWS):
        alone = q.solve(DIMER, law, state, many.times, row_values(values, k), method="exact")
        # rounding of the energies grows into a phase with time: 1e-16 t
        assert np.all(abs(many.states[k] - alone.states).max(axis=(1, 2)) < 1e-13 + 1e-14 * many.times)


def test_an_independent_solver_and_a_broken_twin():
    h = random_hermitian(RNG, 3)
    model = q.Model(q.Space("1"), [q.Operator(h), q.Zeeman((0, 0, B))])
    states, fields, kappas = random_density(RNG, 3, 3, 9), np.linspace(-1, 1, 9), np.linspace(0.2, 1, 9)
    for law, method in ((q.QuantumLLG(KAPPA), "frame"), (q.QuantumLLG(KAPPA), "pauli"), (q.QuantumLL(KAPPA), "frame")):
        many = q.solve_many(model, law, states, [0, 0.4, 1.5], {"B": fields, KAPPA: kappas}, method=method)
        for k in (0, 3, 8):
            expected = integrate(model, law, states[k], many.times, {B: fields[k], KAPPA: kappas[k]})
            assert distance(many.states[k], expected) < AGREE
            assert distance(many.states[(k + 1) % 9], expected) > 1e-2         # rows taken for one another are seen


@pytest.mark.parametrize("method", ["exact", "frame", "pauli"])
def test_closed_form_of_a_damped_spin(method):
    """From +x in a field along z: n_z = tanh(κBt/(1 + κ²))."""
    fields, kappas = np.linspace(-2, 2, 21), np.linspace(0, 3, 21)
    many = q.solve_many(SPIN, LAW, q.states.product("+x"), TIMES, {B: fields, KAPPA: kappas}, method=method)
    expected = np.tanh((kappas * fields / (1 + kappas**2))[:, None] * TIMES)
    assert distance(many.bloch(0)[:, :, 2], expected) < AGREE
    assert distance(many.energy, -fields[:, None] / 2 * expected) < AGREE
    assert distance(many.bloch(0)[::-1, :, 2], expected) > 0.5


@settings(max_examples=8)
@given(models(spaces=(("1/2",), ("1",), ("1/2", "1/2"))), st.lists(values(), min_size=3, max_size=3), seeds,
       st.sampled_from([q.QuantumLLG, q.QuantumLL]))
def test_random_models_states_and_parameters(model, numbers, seed, law):
    """H(t) among them, symbolic ħ and γ, times that do not start at 0."""
    law, rng = law(KAPPA), np.random.default_rng(seed)
    drawn = {s: np.array([float(each[s]) for each in numbers]) for s in law.derive(model).parameters}
    states = random_density(rng, model.space.dimension, model.space.dimension, 3)
    many = q.solve_many(model, law, states, [1.0, 1.1, 1.3], drawn)
    for k in range(3):
        alone = q.solve(model, law, states[k], many.times, {s: v[k] for s, v in drawn.items()})
        assert distance(many.states[k], alone.states) < SAME
        assert distance(many.energy[k], alone.energy) < SAME * max(1, abs(alone.energy).max())


def test_permuted_rows_permute_what_is_found():
    order = RNG.permutation(ROWS)
    many = q.solve_many(DIMER, LAW, MIXED, TIMES, VALUES)
    again = q.solve_many(DIMER, LAW, MIXED[order], TIMES, {name: v[order] for name, v in VALUES.items()}, threads=1)
    assert distance(again.states, many.states[order]) < 1e-13
    assert distance(again.concurrence(), many.concurrence()[order]) < 1e-12
    assert distance(again.states, many.states) > 0.1


@pytest.mark.parametrize("count", [1, 2, 8, 9, 16])
def test_every_tail_of_the_lanes(count):
    values = {name: v[:1].repeat(count) for name, v in VALUES.items()} | {"D": np.linspace(0, 1, count)}
    many = q.solve_many(DIMER, LAW, MIXED[0], TIMES, values)
    check_against_solve(many, DIMER, LAW, MIXED[0], values, SAME)


def test_classical_moments():
    moments = RNG.normal(size=(9, 2, 3))
    moments /= np.linalg.norm(moments, axis=2, keepdims=True)
    law, values = q.ClassicalLLG(KAPPA), {"D": np.linspace(0, 1, 9), "kappa": 0.4}
    many = q.solve_many(DRIVEN, law, moments, TIMES, values | {"B": 0.3})
    assert many.moments.shape == (9, 5, 2, 3)
    assert many.bloch(1).shape == (9, 5, 3)
    for k in range(9):
        alone = q.solve(DRIVEN, law, moments[k], TIMES, row_values(values, k) | {"B": 0.3})
        assert distance(many.moments[k], alone.moments) < AGREE
        assert distance(many.energy[k], alone.energy) < AGREE
    shared = q.solve_many(DIMER, law, moments[0], TIMES, {"D": [0.1, 0.2], "kappa": 0.4})
    assert distance(shared.final_state[1], q.solve(DIMER, law, moments[0], TIMES, {"D": 0.2, "kappa": 0.4}).moments[
        -1]) < AGREE


def test_auto_chooses_for_each_row_by_its_state():
    states = [q.states.bell("psi+"), MIXED[1], q.states.werner("psi-", 0.4), np.array([1, 0, 0, 1]) / np.sqrt(2),
              q.states.random(DIMER.space, rank=2, seed=3), np.diag([0.4, 0.4, 0.1, 0.1]), MIXED[1]]
    values = {"D": np.linspace(0, 1, 7), "kappa": 0.5}
    many = q.solve_many(DIMER, LAW, states, TIMES, values)
    assert many.method.tolist() == ["exact", "frame", "exact", "exact", "frame", "exact", "frame"]
    check_against_solve(many, DIMER, LAW, states, values, AGREE)
    assert many.purity.shape == (7, 5)
    assert distance(many.purity, many.purity[:, :1]) < 1e-12
    assert distance(many.spectrum[2], [[0.55, 0.15, 0.15, 0.15]] * 5) < 1e-14


def test_states_that_depend_on_the_parameters():
    model = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, B))], hbar=sp.Symbol("h", positive=True))
    values = {"B": [0.5, -1.0, 2.0], "h": [1.0, 2.0, 0.5]}
    thermal = q.solve_many(model, q.VonNeumann(), q.states.thermal(model, 0.8), [0.0], values)
    expected = np.tanh(0.8 * np.array(values["B"]) * np.array(values["h"]) / 2)         # E = ∓ħB/2
    assert distance(thermal.bloch(0)[:, 0, 2], expected) < 1e-14
    ground = q.solve_many(model, q.VonNeumann(), q.states.ground(model), [0.0], values)
    assert distance(ground.bloch(0)[:, 0, 2], [1, -1, 1]) < 1e-14
    assert distance(ground.energy[:, 0], -abs(np.array(values["B"])) * values["h"] / 2) < 1e-14
    assert ground.hbar.tolist() == values["h"]
    other = q.Model(q.Space("1/2"), [q.Zeeman((D, 0, 0))])
    listed = q.solve_many(model, q.VonNeumann(), [q.states.product("up"), q.states.ground(other)], [0.0],
                          {"B": 1.0, "h": 1.0, "D": [3.0, -3.0]})
    assert distance(listed.bloch(0)[:, 0], [[0, 0, 1], [-1, 0, 0]]) < 1e-14
    with pytest.raises(q.StateError, match="hbar"):
        q.solve_many(model, q.VonNeumann(), q.states.eta(model.space, (0, 0, 1)), [0.0], values)


def test_one_random_state_serves_all_rows():
    many = q.solve_many(DIMER, LAW, q.states.random(DIMER.space), [0.0], VALUES)
    assert distance(many.states, many.states[:1]) < 1e-14
    assert many.purity[0, 0] < 0.9


@pytest.mark.parametrize("method", ["krylov", "low-rank"])
def test_methods_without_lanes_go_row_by_row(method):
    values = {"D": [0.0, 0.4], "kappa": [0.5, 0.1]}
    many = q.solve_many(DIMER, LAW, q.states.product("up", "down"), TIMES, values, method=method)
    check_against_solve(many, DIMER, LAW, q.states.product("up", "down"), values, AGREE, method=method)
    assert distance(many.states, q.solve_many(DIMER, LAW, q.states.product("up", "down"), TIMES, values).states) < AGREE


def test_laws_that_lanes_of_frames_cannot_serve():
    """Dephasing does not keep the spectrum, and κ = t is no constant weight: n_z = tanh(½ ln(1 + t²)) from +x."""
    rates = {"kappa": np.array([0.0, 0.3, 1.0])}
    many = q.solve_many(DIMER, q.Dephasing(KAPPA), q.states.bell("psi+"), TIMES, rates | {"D": 0.2})
    assert set(many.method) == {"pauli"}
    check_against_solve(many, DIMER, q.Dephasing(KAPPA), q.states.bell("psi+"), rates | {"D": 0.2}, AGREE)
    assert distance(many.purity[0], 1) < AGREE
    assert many.purity[2, -1] < 0.9
    ramp = q.solve_many(SPIN, q.QuantumLLG(q.t), q.states.product("+x"), TIMES, {"B": [1.0, -1.0]})
    assert distance(ramp.bloch(0)[:, :, 2], np.tanh(np.outer([1, -1], np.log(1 + TIMES**2) / 2))) < AGREE


@pytest.mark.parametrize("model", [DIMER, DRIVEN], ids=["constant", "driven"])
def test_terms_and_models_are_observed_row_by_row(model):
    """With the numbers of the row, at the time; the energy of the wrong row is far off."""
    values = VALUES | ({"B": 0.4} if model is DRIVEN else {})
    observe = {"H": model, "XX": q.Pauli(1, "XX"), "D": q.DMI((0, 0, D), 0, 1)}
    for start in (MIXED, q.states.product("up", "+x")):
        many = q.solve_many(model, LAW, start, TIMES, values, observe=observe)
        assert distance(many.observed["H"], many.energy) < AGREE
        assert distance(many.observed["H"], many.energy[::-1]) > 0.01
        for k in (0, ROWS - 1):
            alone = q.solve(model, LAW, start[k] if start is MIXED else start, TIMES,
                            row_values(values, k), observe=observe)
            for name in observe:
                assert distance(many.observed[name][k], alone.observed[name]) < AGREE


def test_arrays_of_parameters_are_broadcast():
    J, D = sp.symbols("J D", real=True)
    model = q.Model(q.Space.half(2), [q.Exchange(J, 0, 1), q.DMI((0, 0, D), 0, 1)])
    law, up, times = q.QuantumLLG(0.5), q.states.product("up", "down"), [0, 1, 2]
    js, ds = np.array([0.5, -1.0, 2.0]), np.array([0.1, 0.7])
    many = q.solve_many(model, law, up, times, {J: js[:, None], D: ds[None, :]})
    assert many.shape == (3, 2)
    assert len(many) == 6
    assert "6 (3 × 2) of 3 times" in repr(many)
    table = many.energy.reshape(*many.shape, -1)
    for i, j in np.ndindex(3, 2):
        one = q.solve(model, law, up, times, {"J": js[i], "D": ds[j]})
        assert table[i, j] == pytest.approx(one.energy, abs=1e-9)
    whole = q.solve_many(model, law, up, times, {"J": np.ones((3, 2)), "D": 0.3})
    assert whole.shape == (3, 2)
    assert (many[1:].shape, many.last.shape) == ((5,), (3, 2))


def test_states_are_broadcast_beside_a_grid(tmp_path):
    J = sp.Symbol("J", real=True)
    model, times = q.Model(q.Space.half(2), [q.Exchange(J, 0, 1)]), [0, 1]
    states = [q.states.product("up", "down"), q.states.product("up", "+x")]
    many = q.solve_many(model, q.QuantumLLG(0.5), states, times, {"J": [[1.0], [2.0], [3.0]]})
    assert many.shape == (3, 2)
    flat = q.solve_many(model, q.QuantumLLG(0.5), states * 3, times, {"J": [1, 1, 2, 2, 3, 3]})
    assert np.array_equal(many.final_state, flat.final_state)
    assert flat.shape == (6,)
    many.save(tmp_path / "grid.npz")
    assert q.Trajectories.load(tmp_path / "grid.npz").shape == (3, 2)


def test_shapes_that_do_not_broadcast_are_named():
    J, D = sp.symbols("J D", real=True)
    model = q.Model(q.Space.half(2), [q.Exchange(J, 0, 1), q.DMI((0, 0, D), 0, 1)])
    with pytest.raises(q.InputError, match=r"values\['J'\]: \(3, 2\), values\['D'\]: \(3,\)"):
        q.solve_many(model, q.VonNeumann(), q.states.product("up", "down"), [0, 1], {J: np.ones((3, 2)), D: np.ones(3)})
