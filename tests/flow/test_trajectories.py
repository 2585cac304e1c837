"""The container of a batch: every reading of one trajectory with a leading axis, files, indices, what is refused."""

import inspect
from functools import cache

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from flow.reference import distance
from qllg_sym.flow.results import stack
from qllg_sym.flow.results.readings import Readings
from qllg_sym.flow.results.trajectories import Trajectories
from qllg_sym.flow.results.trajectory import Trajectory
from qllg_sym.observables import observables
from strategies import random_density

B, D = sp.symbols("B D", real=True)
DIMER = q.Model(q.Space("1/2", "1/2"), [q.Zeeman((1, 0, 0)), q.Exchange(1, 0, 1), q.DMI((0, 0, D), 0, 1)])
LAW = q.QuantumLLG(0.5)
TIMES = np.array([0.0, 0.4, 0.9, 2.0])
VALUES = {"D": np.array([0.0, 0.3, -0.6])}
STATES = list(random_density(np.random.default_rng(3), 4, 4, 3))
OBSERVABLES = {observable.name: observable for observable in observables().values()}


# Batches of every form: kets of common weights, of different weights, of rank one, of mixed methods, densities.
FORMS = {
    "same": (STATES[0], {}), "other": ([np.diag([0.4, 0.3, 0.2, 0.1]), *STATES[1:]], {}),
    "pure": (q.states.product("up", "down"), {}), "mixed": ([STATES[0], q.states.bell("psi+"), STATES[2]], {}),
    "dense": (STATES, {"method": "pauli"}), "single": (STATES, {"stop": lambda t, rho: t > 0.8}),
}


@cache
def batch(form):
    """A batch, solved once and where a test asks for it: two processes read this file."""
    states, options = FORMS[form]
    return q.solve_many(DIMER, LAW, states, TIMES, VALUES, **options)


@pytest.mark.parametrize("name", [name for name in dir(Readings) if not name.startswith("_") and name != "apply"])
@pytest.mark.parametrize("form", FORMS)
def test_every_reading_is_that_of_the_rows(form, name):
    """One contract for all observables, those to come included."""
    many = batch(form)
    found = getattr(many, name)
    rows = [getattr(row, name) for row in many]
    if callable(found):
        given = OBSERVABLES[name].example if name != "variance" else ()
        found = found(*given)
        rows = [each(*given) for each in rows]
    assert found.shape == (3, 4, *rows[0].shape[1:])
    for row, expected in zip(found, rows, strict=True):
        assert distance(row[:len(expected)], expected) < (2e-7 if name == "nonlocality" else 1e-11)
        assert np.isnan(row[len(expected):]).all()
    if name in ("bloch", "concurrence", "purity", "variance") and form == "mixed":
        assert distance(found[::-1], found) > 1e-3


def test_readings_in_pieces_are_the_same(monkeypatch):
    whole = batch("same").correlations(connected=True)
    monkeypatch.setattr(stack, "PIECE", 1)
    assert distance(batch("same").correlations(connected=True), whole) < 1e-15


def test_what_follows_the_clock_follows_each_rows_own():
    swing = q.Model(DIMER.space, [q.Zeeman((0, sp.cos(3 * q.t), 0))])
    many = batch("mixed")
    expected = [row.expectation(swing) for row in many]
    assert distance(many.expectation(swing), expected) < 1e-13
    assert distance(many.expectation(swing)[:, ::-1], expected) > 1e-3
    ground = q.states.ground(swing)
    assert distance(many.fidelity(ground), [row.fidelity(ground) for row in many]) < 1e-12
    assert distance(many.variance(DIMER, {"D": 0.3})[1], many.variance()[1]) < 1e-12
    assert distance(many.variance(DIMER, {"D": 0.3})[2], many.variance()[2]) > 1e-3


def test_terms_are_in_the_units_of_each_row():
    model = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, B))], hbar=sp.Symbol("h", positive=True))
    many = q.solve_many(model, q.VonNeumann(), q.states.product("up"), [0, 1], {"B": 1.0, "h": [1.0, 3.0]})
    assert many.expectation(q.Zeeman((0, 0, -2)))[:, 0] == pytest.approx([1, 3])        # 2 ⟨S_z⟩ = ħ


def test_what_is_not_of_one_time():
    many = batch("other")
    assert many.invariants["trace"].shape == (3,)
    assert many.invariants["spectrum"].max() < 1e-13
    assert many.kets.shape == (3, 4, 4, 4)
    assert many.weights.shape == (3, 4)
    assert distance((many.kets * many.weights[:, None, None, :]) @ many.kets.conj().swapaxes(2, 3), many.states) < 1e-14
    assert many.background.tolist() == [0, 0, 0]
    assert many.stats["steps"].shape == (3,)
    assert many.stats["seconds"] > 0
    assert many.method.tolist() == ["frame"] * 3
    assert batch("mixed").stats["steps"][1] == 0
    assert many.hbar.tolist() == [1, 1, 1]
    assert distance(many.values["D"], VALUES["D"]) == 0
    with pytest.raises(q.InputError, match="one shape to be stacked"):
        assert batch("mixed").kets is None
    assert batch("dense").kets.shape == (3, 4, 4, 4)


def test_indices():
    many = batch("mixed")
    assert isinstance(many[1], Trajectory)
    assert distance(many[-1].states, many.states[2]) == 0
    assert [row.method for row in many] == ["frame", "exact", "frame"]
    for index in (slice(None, None, -1), np.array([2, 1, 0]), [2, 1, 0]):
        turned = many[index]
        assert isinstance(turned, Trajectories)
        assert distance(turned.states, many.states[::-1]) == 0
        assert distance(turned.energy, many.energy[::-1]) == 0
        assert distance(turned.values["D"], VALUES["D"][::-1]) == 0
        assert distance(turned.at(0.7), many.at(0.7)[::-1]) < 1e-13
        assert distance(turned[0].at(0.7), many[2].at(0.7)) == 0
    some = many[many.purity[:, 0] > 0.9]
    assert len(some) == 1
    assert some.method.tolist() == ["exact"]
    assert len(batch("single")[1:]) == 2
    assert distance(batch("single")[1:].bloch(0)[:, :3], batch("single").bloch(0)[1:, :3]) == 0
    with pytest.raises(IndexError):
        many[3]
    with pytest.raises(q.InputError, match="chooses none"):
        many[5:]


@pytest.mark.parametrize("form", FORMS)
def test_any_time(form):
    many = batch(form)
    assert distance(many.at(0.4), many.states[:, 1]) == 0
    expected = [row.at(0.7) for row in many]
    assert distance(many.at(0.7), expected) < 1e-8
    assert distance(many.snapshot(0.7).bloch(1)[:, 0], [row.snapshot(0.7).bloch(1)[0] for row in many]) < 1e-8
    assert distance(many.at(0.9), many.at(0.7)) > 1e-3
    for wrong in (-1, 3, "1", None, np.nan):
        with pytest.raises(q.InputError, match=r"^`t` must be a time from 0 to"):
            many.at(wrong)


def test_only_the_last():
    final = q.solve_many(DIMER, LAW, STATES, TIMES, VALUES, keep="final")
    whole = q.solve_many(DIMER, LAW, STATES, TIMES, VALUES)
    assert distance(final.last.concurrence()[:, 0], whole.concurrence()[:, -1]) < 1e-12
    assert distance(final.at(2.0), whole.states[:, -1]) < 1e-13
    assert distance(final.at(0.4), whole.states[:, 1]) < 1e-8
    assert distance(final.snapshot(2.0)[1].bloch(0), whole[1].last.bloch(0)) < 1e-13
    assert final.last.energy.shape == (3, 1)
    alone = q.solve_many(DIMER, LAW, STATES, TIMES, VALUES, keep="final", stop=lambda t, rho: False)
    assert distance(alone.final_state, whole.final_state) < 1e-8
    with pytest.raises(q.InputError, match="only the last was kept"):
        alone.bloch(0)


@pytest.mark.parametrize("options", [{}, {"keep": "final"}, {"observe": {"first": np.diag([1, 0, 0, 0])}}])
def test_a_batch_of_one_row_is_a_batch(options, tmp_path):
    """Its parameters are arrays of one number, laid out as they were given, also in a file."""
    law, up, seen = q.QuantumLLG(sp.Symbol("kappa", real=True)), q.states.product("up", "down"), "first" in str(options)
    many = q.solve_many(DIMER, law, up, TIMES, {"kappa": 0.5, "D": [[0.3]]}, **options)
    many.save(tmp_path / "one.npz")
    for batch in (many, q.Trajectories.load(tmp_path / "one.npz")):
        assert batch.shape == (1, 1)
        assert batch.values["D"].tolist() == [0.3]
        assert batch.values["kappa"] == 0.5
        assert batch.energy.shape == (1, 4)
        assert batch[[0]].values["D"].tolist() == [0.3]
        assert hasattr(batch, "final_state") is not seen
    assert many.to_xarray().coords["value_D"].values.tolist() == [0.3]


def test_states_that_were_observed_are_still_found_at_a_time():
    """Only numbers are kept; the state at a time is solved anew, classical or quantum, and its H goes with it."""
    kept = q.solve_many(DIMER, LAW, STATES, TIMES, VALUES)
    seen = q.solve_many(DIMER, LAW, STATES, TIMES, VALUES, observe={"first": np.diag([1, 0, 0, 0])})
    for many, t in ((seen.last, 2.0), (seen.snapshot(0.4), 0.4)):
        assert distance(many.variance(), kept.snapshot(t).variance()) < 1e-8
        assert distance(many[1].variance(), kept[1].snapshot(t).variance()) < 1e-8
    moments = np.array([[0.0, 0.6, 0.8], [1.0, 0.0, 0.0]])
    law, up = q.ClassicalLLG(0.3), {"up": lambda m: m[:, 2]}
    whole = q.solve(DIMER, law, moments, TIMES, {"D": 0.3})
    one = q.solve(DIMER, law, moments, TIMES, {"D": 0.3}, observe=up)
    batch = q.solve_many(DIMER, law, [moments, moments[::-1]], TIMES, {"D": 0.3}, observe=up)
    for k, t in enumerate(TIMES.tolist()):
        assert distance(one.at(t), whole.moments[k]) < 1e-8
        assert distance(batch.at(t)[0], whole.moments[k]) < 1e-8


def test_words():
    many = batch("mixed")
    assert repr(many) == "<Trajectories: 3 of 4 times from 0 to 2, spins 1/2, 1/2, method exact, frame>"
    assert {"bloch", "invariants", "at", "save"} <= set(dir(many))
    assert "Bloch" in many.concurrence.__doc__ or "concurrence" in many.concurrence.__doc__
    assert inspect.signature(many.bloch) is not None
    with pytest.raises(AttributeError, match=r"^`nothing` must be one of .*, but is none of what Trajectories has"):
        assert many.nothing
    with pytest.raises(q.InputError, match=r"write many\[0\]\.plot"):
        many.plot()
    with pytest.raises(q.InputError, match="classical law"):
        assert many.moments is None
    with pytest.raises(q.InputError, match="site from 0 to 1"):
        many.bloch(2)


@pytest.mark.parametrize("ending", ["npz", "nc"])
@pytest.mark.parametrize("form", ["same", "mixed", "dense", "single"])
def test_files_keep_everything(form, ending, tmp_path):
    pytest.importorskip("h5netcdf" if ending == "nc" else "numpy")
    many, path = batch(form), tmp_path / f"many.{ending}"
    many.save(path)
    again = Trajectories.load(path)
    for name in ("states", "energy", "purity", "times", "counts", "hbar"):
        np.testing.assert_array_equal(getattr(again, name), getattr(many, name))
    assert again.method.tolist() == many.method.tolist()
    assert distance(again.values["D"], VALUES["D"]) == 0
    assert repr(again) == repr(many)
    assert distance(again[1].bloch(0), many[1].bloch(0)) == 0
    assert again.stats.keys() == many.stats.keys()
    with pytest.raises(q.InputError, match="must be a stored time here"):
        again.at(0.5)
    with pytest.raises(q.FileError, match=r"must hold a trajectory, but holds trajectories; write Trajectories\.load"):
        q.Trajectory.load(path)


def test_files_of_what_was_observed_of_the_last_and_of_moments(tmp_path):
    for options in ({"observe": {"a/b": np.eye(4)}}, {"keep": "final"}):
        many = q.solve_many(DIMER, LAW, STATES, TIMES, VALUES, **options)
        many.save(tmp_path / "many.npz")
        again = Trajectories.load(tmp_path / "many.npz")
        assert again.observed.keys() == many.observed.keys()
        assert distance(again.energy, many.energy) == 0
        if "keep" in options:
            assert distance(again.final_state, many.final_state) == 0
    moments = q.solve_many(DIMER, q.ClassicalLLG(0.5), [[[0, 0, 1], [1, 0, 0]]] * 3, TIMES, VALUES)
    moments.save(tmp_path / "moments.npz")
    assert distance(Trajectories.load(tmp_path / "moments.npz").moments, moments.moments) == 0


def test_failed_rows_are_kept_in_files(tmp_path):
    model = q.Model(q.Space("1/2"), [q.Zeeman((1, 0, 1 / (B - q.t)))])
    with pytest.raises(q.IntegrationError) as caught:
        q.solve_many(model, LAW, np.diag([0.8, 0.2]), TIMES, {"B": [9.0, 0.6]})
    many = caught.value.partial
    many.save(tmp_path / "many.npz")
    again = Trajectories.load(tmp_path / "many.npz")
    assert again.failures == many.failures
    np.testing.assert_array_equal(again.states, many.states)
    assert again[1].times.tolist() == [0.0, 0.4]
    np.testing.assert_array_equal(many[1:].counts, [2])
    assert many[1:].failures.keys() == {0}


def test_damaged_files_are_refused(tmp_path):
    path = tmp_path / "many.npz"
    batch("same").save(path)
    whole = path.read_bytes()
    for damage in (whole[: len(whole) // 2], whole.replace(b'"complete"', b'"compleat"'),
                   whole.replace(b'"1/2"', b'"3/2"'), b""):
        path.write_bytes(damage)
        with pytest.raises(q.FileError):
            Trajectories.load(path)


def test_a_dataset_has_one_axis_more():
    pytest.importorskip("xarray")
    many = batch("mixed")
    data, one = many.to_xarray(), many[1].to_xarray()
    assert data["bloch"].dims == ("trajectory", *one["bloch"].dims)
    for name in one.data_vars:
        assert distance(data[name][1], one[name]) < 1e-12, name
    assert data["value_D"].values.tolist() == VALUES["D"].tolist()
    assert data.sizes["trajectory"] == 3
