"""Trajectories: every attribute against closed forms of Larmor precession and a decaying dimer, and what is refused."""

import inspect
import os
import sys

import numpy as np
import pytest

import qllg_sym as q
from qllg_sym.errors import FileError, InputError, QllgError
from qllg_sym.flow.results import drift
from qllg_sym.flow.results.trajectory import Trajectory
from qllg_sym.observables.ensemble import Ensemble
from strategies import random_kets

TIMES = np.linspace(0, 3, 7)
IO = ("xarray", "h5netcdf", "h5py")


def larmor_kets(times):
    """Spin ½ from x in a field along z: phases e^{±it/2}."""
    return np.stack([np.exp(0.5j * times), np.exp(-0.5j * times)], axis=1)[:, :, None] / np.sqrt(2)


def larmor(times=TIMES, dense=False, **more):
    ensemble = Ensemble((2,), kets=larmor_kets(np.asarray(times)), weights=[0.8], background=0.1)
    if dense:
        ensemble = Ensemble((2,), density=ensemble.density())
    return Trajectory(times, ("1/2",), ensemble, energy=np.zeros(len(times)), method="exact", **more)


def classical(times=TIMES, **more):
    first = np.stack([np.cos(times), -np.sin(times), 0 * times], axis=1)
    second = np.broadcast_to([0.0, 0.0, 1.0], first.shape)
    moments = np.stack([first, second], axis=1)
    return Trajectory(times, ("1/2", "1"), moments=moments, energy=np.full(len(times), -1.0), method="frame", **more)


def singlet_pair():
    kets = np.broadcast_to(np.array([0, 1, -1, 0]).reshape(1, 4, 1) / np.sqrt(2), (3, 4, 1))
    return Trajectory([0, 1, 2], ("1/2", "1/2"), Ensemble((2, 2), kets=kets, weights=[1]), energy=[-3, -3, -3])


@pytest.mark.parametrize("dense", [False, True])
def test_larmor_precession(dense):
    trajectory = larmor(dense=dense)
    expected = 0.8 * np.stack([np.cos(TIMES), -np.sin(TIMES), 0 * TIMES], axis=1)
    np.testing.assert_allclose(trajectory.bloch(0), expected, atol=1e-15)
    np.testing.assert_allclose(trajectory.pauli, expected, atol=1e-15)
    np.testing.assert_allclose(trajectory.T[:, 1:], expected, atol=1e-15)
    np.testing.assert_allclose(trajectory.spectrum, [[0.9, 0.1]] * 7, atol=1e-15)
    np.testing.assert_allclose(trajectory.purity, 0.82)
    np.testing.assert_allclose(trajectory.renyi(2), -np.log(0.82))
    np.testing.assert_allclose(trajectory.entropy(), -0.9 * np.log(0.9) - 0.1 * np.log(0.1))
    np.testing.assert_allclose(trajectory.expectation(np.diag([1, -1])), 0, atol=1e-15)
    np.testing.assert_allclose(trajectory.states[:, 0, 1], 0.4 * np.exp(1j * TIMES), atol=1e-15)
    np.testing.assert_allclose(trajectory.reduced(0), trajectory.states)
    np.testing.assert_allclose(trajectory.final_state, trajectory.states[-1])
    assert len(trajectory) == 7


def test_singlet():
    trajectory = singlet_pair()
    np.testing.assert_allclose(trajectory.correlation(0, 1), [-np.eye(3)] * 3, atol=1e-15)
    np.testing.assert_allclose(trajectory.nonlocality(), 1)
    np.testing.assert_allclose(trajectory.concurrence(), 1)
    assert trajectory.T.shape == (3, 4, 4)
    assert trajectory.pauli.shape == (3, 15)


def test_kets_and_weights_of_kept_kets():
    trajectory = larmor()
    np.testing.assert_array_equal(trajectory.kets, larmor_kets(TIMES))
    assert trajectory.weights.tolist() == [0.8]


def test_kets_of_density_matrices_rebuild_them():
    frames = np.linalg.qr(random_kets(np.random.default_rng(3), 6, 4, times=5))[0]
    rho = (frames * [0.1, 0.4, 0.3, 0.2]) @ frames.conj().swapaxes(1, 2)
    trajectory = Trajectory(np.arange(5), ("1/2", "1"), Ensemble((2, 3), density=rho))
    kets, weights = trajectory.kets, trajectory.weights
    assert kets.shape == (5, 6, 4)
    np.testing.assert_allclose(weights, [0.4, 0.3, 0.2, 0.1], atol=1e-15)
    np.testing.assert_allclose((kets * weights) @ kets.conj().swapaxes(1, 2), rho, atol=1e-14)


def test_kets_of_a_changing_spectrum_are_refused():
    damped = Trajectory([0, 1], ("1/2",), Ensemble((2,), density=[np.diag([1, 0]), np.diag([0.5, 0.5])]))
    with pytest.raises(InputError, match=r"changes by 0\.5"):
        _ = damped.weights


def test_classical():
    trajectory = classical()
    np.testing.assert_array_equal(trajectory.moments[:, 0], trajectory.bloch(0))
    np.testing.assert_array_equal(trajectory.final_state, trajectory.moments[-1])
    assert trajectory.invariants["|m|"] < 1e-15
    assert trajectory.energy.tolist() == [-1.0] * 7
    with pytest.raises(InputError, match="`i` must be a site from 0 to 1"):
        trajectory.bloch(2)


QUANTUM_ONLY = ("states", "kets", "weights", "spectrum", "purity", "pauli", "T")
METHODS = {"correlation": (), "nonlocality": (), "concurrence": (), "reduced": (0,), "renyi": (2,), "expectation": (0,)}


@pytest.mark.parametrize("name", QUANTUM_ONLY + tuple(METHODS))
def test_quantum_only_attributes_refuse_a_classical_trajectory(name):
    with pytest.raises(InputError, match="this trajectory is classical") as caught:
        getattr(classical(), name)(*METHODS[name]) if name in METHODS else getattr(classical(), name)
    assert str(caught.value).endswith(".")


def test_moments_refuse_a_quantum_trajectory():
    with pytest.raises(InputError, match="this trajectory is quantum"):
        _ = larmor().moments


def test_drift_is_what_was_put_in():
    rho = np.array([np.diag([0.9, 0.1]), np.diag([0.85, 0.2]), np.diag([1.02, -0.02])], dtype=complex)
    rho[1, 0, 1] = 0.003  # not Hermitian, too small to move the eigenvalues by more than 1e-5
    found = {name: values.max() for name, values in drift.quantum(Ensemble((2,), density=rho)).items()}
    assert found["trace"] == pytest.approx(0.05)
    assert found["hermiticity"] == pytest.approx(0.003)
    assert found["spectrum"] == pytest.approx(0.12)
    assert found["positivity"] == pytest.approx(0.02)
    assert found["purity"] == pytest.approx(1.02**2 + 0.02**2 - 0.82)


def test_drift_of_kets_is_seen():
    kets = larmor_kets(TIMES) * (1 + 1e-6 * TIMES)[:, None, None]
    found = drift.quantum(Ensemble((2,), kets=kets, weights=[1]))
    assert found["trace"][-1] == pytest.approx(6e-6, rel=1e-4)
    assert found["spectrum"][-1] == pytest.approx(6e-6, rel=1e-4)
    np.testing.assert_allclose(found["trace"], 2e-6 * TIMES, rtol=1e-4, atol=1e-12)


def test_drift_of_twenty_spins_needs_no_spectrum_of_a_million():
    kets = np.zeros((2, 2**20, 1))
    kets[:, 7] = 1
    trajectory = Trajectory([0, 1], ("1/2",) * 20, Ensemble((2,) * 20, kets=kets, weights=[1]))
    assert set(trajectory.invariants.values()) == {0.0}


def test_repr():
    assert repr(larmor(stats={"steps": 12})).startswith(
        "<Trajectory: 7 times from 0 to 3, spins 1/2, method exact, 12 steps, drift trace "
    )
    assert "drift |m|" in repr(classical())
    costly = Trajectory([0], ("1/2",) * 10, Ensemble((2,) * 10, density=np.eye(1024)[None] / 1024))
    assert "drift" not in repr(costly)  # a repr takes no visible time


@pytest.mark.parametrize("dense", [False, True])
def test_at(dense):
    def restart(t):
        return Ensemble((2,), kets=larmor_kets(np.array([t])), weights=[0.8], background=0.1)

    trajectory = larmor(dense=dense, restart=restart)
    np.testing.assert_allclose(trajectory.at(1.234)[0, 1], 0.4 * np.exp(1.234j))
    np.testing.assert_array_equal(trajectory.at(TIMES[2]), trajectory.states[2])
    for outside in (-0.1, 3.1, float("nan"), "1", 1j):
        with pytest.raises(InputError, match="`t` must be a time from 0 to 3"):
            trajectory.at(outside)


def test_at_of_classical_moments():
    trajectory = classical(restart=lambda t: np.array([[np.cos(t), -np.sin(t), 0], [0, 0, 1]]))
    np.testing.assert_allclose(trajectory.at(0.3)[0], [np.cos(0.3), -np.sin(0.3), 0])
    np.testing.assert_array_equal(trajectory.at(3), trajectory.moments[-1])


def test_at_without_restart_knows_stored_times_alone():
    np.testing.assert_allclose(larmor().at(0.5)[0, 1], 0.4 * np.exp(0.5j))
    with pytest.raises(InputError, match=r"`t` must be a stored time here, but is 0\.6; the nearest is 0\.5"):
        larmor().at(0.6)


def last_only():
    observed = {"Sx": np.cos(TIMES) / 2}
    return Trajectory(TIMES, ("1/2",), larmor(TIMES[-1:]).ensemble, energy=np.zeros(7), observed=observed)


def test_a_trajectory_of_which_only_the_last_state_was_kept():
    trajectory = last_only()
    np.testing.assert_allclose(trajectory.final_state[0, 1], 0.4 * np.exp(3j))
    with pytest.raises(InputError, match="only the last was kept"):
        _ = trajectory.states
    with pytest.raises(InputError, match="only the last was kept"):
        trajectory.bloch(0)


def test_a_trajectory_of_observables_alone():
    trajectory = Trajectory(TIMES, ("1/2",), observed={"Sx": np.cos(TIMES), "name/with 'odd' text": np.sin(TIMES)})
    for name in ("states", "final_state", "energy", "moments", "purity"):
        with pytest.raises(InputError, match="only Sx, name/with 'odd' text"):
            getattr(trajectory, name)
    assert repr(trajectory) == "<Trajectory: 7 times from 0 to 3, spins 1/2>"


KEPT = {
    "kets": lambda: larmor(stats={"steps": np.int64(3), "t": np.float64(0.5), "x": np.inf, "l": [np.bool_(True)]}),
    "density": lambda: larmor(dense=True, labels=("T_x", "T_y", "T_z"), hbar=0.658),
    "classical": classical,
    "last": last_only,
    "one time": lambda: larmor([0.0]),
    "observed": lambda: Trajectory(TIMES, ("1/2",), observed={"../a": np.cos(TIMES), "z": np.exp(1j * TIMES)}),
}


@pytest.mark.parametrize("suffix", [".npz", ".nc"])
@pytest.mark.parametrize("kind", KEPT)
def test_save_and_load(tmp_path, kind, suffix):
    for module in IO if suffix == ".nc" else ():
        pytest.importorskip(module, reason=f".nc needs {module}")
    before, path = KEPT[kind](), tmp_path / f"run{suffix}"
    before.save(path)
    after = Trajectory.load(path)
    assert os.listdir(tmp_path) == [path.name]
    for name in ("spins", "labels", "method", "hbar"):
        assert getattr(after, name) == getattr(before, name)
    np.testing.assert_array_equal(after.times, before.times)
    assert list(after.observed) == list(before.observed)
    for name, values in before.observed.items():
        np.testing.assert_array_equal(after.observed[name], values)
    if kind != "observed":
        np.testing.assert_array_equal(after.final_state, before.final_state)
        np.testing.assert_array_equal(after.energy, before.energy)
    if kind in ("kets", "density", "one time"):
        np.testing.assert_array_equal(after.states, before.states)
        assert after.ensemble.low_rank == before.ensemble.low_rank
        assert repr(after) == repr(before)
    if kind == "kets":
        assert after.stats == {"steps": 3, "t": 0.5, "x": "inf", "l": [True]}


def test_a_file_whose_parts_do_not_fit_is_refused(tmp_path):
    from qllg_sym import files
    from qllg_sym.flow.results import archive

    arrays, metadata, *_ = archive.to_arrays(larmor().record, archive.ONE)
    broken = [
        ({name: array for name, array in arrays.items() if name != "time"}, metadata),
        ({name: array for name, array in arrays.items() if name != "weights"}, metadata),
        (arrays, metadata | {"spins": ["1"]}),
        (arrays, metadata | {"spins": ["one half"]}),
        (arrays, metadata | {"observed": ["gone"]}),
        (arrays | {"time": arrays["time"][::-1]}, metadata),
        (arrays, {name: value for name, value in metadata.items() if name != "hbar"}),
    ]
    for k, (some, about) in enumerate(broken):
        files.save(tmp_path / f"{k}.npz", "trajectory", some, about)
        with pytest.raises(FileError, match="parts do not fit"):
            Trajectory.load(tmp_path / f"{k}.npz")


def test_to_xarray():
    pytest.importorskip("xarray", reason="to_xarray needs xarray")
    data = singlet_pair().to_xarray()
    assert data["pauli"].sel(time=2, component="T_xx") == pytest.approx(-1)
    assert data["bloch"].dims == ("time", "site", "axis")
    assert data.attrs["spins"] == "1/2, 1/2"
    assert "purity" not in classical().to_xarray()
    assert classical().to_xarray()["bloch"].sel(site=1, axis="z").values.tolist() == [1.0] * 7
    observed = Trajectory([0, 1], ("1/2",), observed={"rho": np.ones((2, 3))}).to_xarray()
    assert observed["rho"].shape == (2, 3)


def test_to_xarray_without_xarray(monkeypatch):
    monkeypatch.setitem(sys.modules, "xarray", None)
    with pytest.raises(InputError, match=r"pip install qllg_sym\[io\]"):
        larmor().to_xarray()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"times": [0, 0]}, "strictly increasing"),
        ({"times": []}, "at least one time"),
        ({"times": 1.0}, "1-D"),
        ({"times": [0, np.nan]}, "strictly increasing"),
        ({"times": [0, 1, 2]}, "`ensemble` must hold 3 times"),
        ({"spins": ("1",)}, "`ensemble` must hold"),
        ({"moments": np.zeros((2, 1, 3))}, "both"),
        ({"ensemble": None, "moments": np.zeros((2, 3))}, "`moments` must have shape"),
        ({"energy": [0]}, "`energy` must have shape"),
        ({"observed": {"a": [1]}}, "`observed` must hold 2 values of 'a'"),
    ],
)
def test_shapes_that_do_not_fit_are_refused(arguments, words):
    given = {"times": [0, 1], "spins": ("1/2",), "ensemble": larmor([0, 1]).ensemble} | arguments
    with pytest.raises(InputError, match=words) as caught:
        Trajectory(**given)
    assert isinstance(caught.value, QllgError)
    assert str(caught.value).endswith(".")


def test_an_observable_named_as_a_coordinate_has_no_dataset():
    pytest.importorskip("xarray")
    assert "times" in larmor(observed={"times": TIMES}).to_xarray()
    with pytest.raises(InputError, match=r"^`observe` must use names [^\n]* 'time' [^\n]*\.$"):
        larmor(observed={"time": TIMES}).to_xarray()


def test_what_is_absent_is_no_attribute():
    """`hasattr` and `getmembers` must work on every kind of result; the sentence stays."""
    model, up, times = q.Model(q.Space.half(2), [q.Zeeman((0, 0, 1))]), q.states.product("up", "+x"), [0, 1]
    quantum = q.solve(model, q.QuantumLLG(0.5), up, times)
    results = {
        "quantum": quantum, "classical": q.solve(model, q.ClassicalLLG(0.5), [[0, 0, 1], [1, 0, 0]], times),
        "final": q.solve(model, q.QuantumLLG(0.5), up, times, keep="final"),
        "observed": q.solve(model, q.QuantumLLG(0.5), up, times, observe={"a": q.Zeeman((0, 0, 1))}),
        "no spectrum": q.solve(model, q.Dephasing(0.5), up, times),
        "batch": q.solve_many(model, q.QuantumLLG(0.5), [up, up], times),
        "moments": q.solve_many(model, q.ClassicalLLG(0.5), np.array([[[0, 0, 1], [1, 0, 0]]] * 2), times),
        "batch observed": q.solve_many(model, q.QuantumLLG(0.5), [up, up], times, observe={"a": q.Zeeman((0, 0, 1))})}
    has = {name: [part for part in ("states", "moments", "kets", "final_state", "energy") if hasattr(found, part)]
           for name, found in results.items()}
    assert has == {
        "quantum": ["states", "kets", "final_state", "energy"], "classical": ["moments", "final_state", "energy"],
        "final": ["final_state", "energy"], "observed": ["energy"], "no spectrum": ["states", "final_state", "energy"],
        "batch": ["states", "kets", "final_state", "energy"], "moments": ["moments", "final_state", "energy"],
        "batch observed": ["energy"]}
    for found in results.values():
        assert dict(inspect.getmembers(found))["times"].tolist() == [0, 1]
    with pytest.raises(q.InputError, match="`moments` needs a classical law"):
        _ = quantum.moments


@pytest.mark.parametrize("law", [q.QuantumLLG(0.5), q.ClassicalLLG(0.5)])
def test_the_final_state_is_all_that_is_kept(law):
    model, times = q.Model(q.Space.half(2), [q.Zeeman((0, 0, 1))]), [0, 1, 2]
    state = [[0, 0, 1], [1, 0, 0]] if law.classical else q.states.product("up", "+x")
    whole, final = (q.solve(model, law, state, times, keep=keep) for keep in ("all", "final"))
    many = q.solve_many(model, law, [state, state], times, keep="final")
    assert np.array_equal(final.final_state, whole.final_state)
    assert many.final_state == pytest.approx(np.array([whole.final_state] * 2), abs=1e-12)
