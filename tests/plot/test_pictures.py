"""Pictures of what was solved: titles, curves between few times, paths on the sphere, films."""

import numpy as np
import pytest
import sympy
from matplotlib.animation import FFMpegWriter
from matplotlib.figure import Figure
from PIL import Image

import qllg_sym as q
from qllg_sym import plugs
from qllg_sym.errors import FileError, InputError
from qllg_sym.plot.style import MARKERS
from qllg_sym.plot.trajectory import FOLDER
from to_draw import EVERY, TIMES, classical, observed, overhang, quantum

SPIN = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, 1))])
KAPPA = 0.5


@pytest.fixture(scope="module")
def larmor():
    """One pure spin, from x, in the field z, at three times."""
    return q.solve(SPIN, q.QuantumLLG(KAPPA), q.states.coherent(SPIN.space, [[1, 0, 0]]), [0.0, 3.0, 9.0])


def exact(t):
    """The closed form of one pure spin: it turns at 1/(1 + κ²) and rises as tanh."""
    rise, turn = KAPPA * t / (1 + KAPPA**2), t / (1 + KAPPA**2)
    return np.stack([np.cos(turn) / np.cosh(rise), -np.sin(turn) / np.cosh(rise), np.tanh(rise)], axis=1)


def test_three_times_make_a_curve(larmor):
    _, axes = larmor.plot("bloch")
    for curve, component in zip(axes[0].get_lines(), range(3), strict=True):
        t, values = curve.get_xydata().T
        assert len(t) >= 400
        assert set(larmor.times) <= set(t)
        np.testing.assert_allclose(values, exact(t)[:, component], atol=1e-8)
    assert len(larmor.plot("bloch", smooth=False)[1][0].get_lines()[0].get_xdata()) == 3


def test_finer_keeps_what_cannot_be_solved_again(larmor, tmp_path):
    larmor.save(tmp_path / "run.npz")
    loaded = q.Trajectory.load(tmp_path / "run.npz")
    assert loaded.finer() is loaded
    assert larmor.finer(3) is larmor
    assert larmor.last.finer() is not None
    assert observed().finer().times is not None
    many = q.solve_many(SPIN, q.QuantumLLG(KAPPA), [q.states.product("up"), q.states.coherent(SPIN.space, [[1, 0, 0]])],
                        [0.0, 9.0])
    fine = many[1].finer(50)
    np.testing.assert_allclose(fine.bloch(0), exact(fine.times), atol=1e-8)


def test_the_title_has_law_model_values_and_units(larmor):
    figure, _ = larmor.plot()
    assert figure.get_suptitle() == "q-LLG, κ = 0.5; spin 1/2: Zeeman B = (0, 0, 1)"
    D = sympy.Symbol("D", real=True)
    model = q.Model(q.Space("1", "1"), [q.Exchange(10, 0, 1), q.ZeroField(D, 0), q.ZeroField(D, 1)],
                    units=q.Units("meV", "ps"))
    run = q.solve(model, q.QuantumLL(0.1), q.states.coherent(model.space, [[1, 0, 0]] * 2), [0, 1],
                  values={"D": -0.5})
    assert run.heading == ("q-LL, κ = 0.1", "spins 1, 1: Exchange J = 10, 2 × ZeroField D = -0.5",
                           "energies in meV, times in ps, fields in T")
    assert all(len(line) <= 58 for line in run.plot()[0].get_suptitle().split("\n"))


@pytest.mark.parametrize("name", plugs.names(FOLDER))
def test_every_panel_is_drawn_whole(name):
    make = {"moments": classical, "observed": observed}.get(name, quantum)
    figure, axes = make().plot(name)
    assert overhang(figure) <= 0
    assert all(axis.get_ylabel() for axis in axes)
    assert plugs.module(FOLDER, name).TITLE


def test_curves_of_a_panel_differ_without_colour():
    for make in (quantum, classical):
        lines = make().plot()[1][0].get_lines()
        assert [line.get_marker() for line in lines] == list(MARKERS[:3])
        assert len({tuple(line.get_markevery()) for line in lines}) == 3


def test_the_strip_is_the_correlation_matrix():
    trajectory = quantum()
    _, axes = trajectory.plot("correlation")
    shown = axes[0].collections[0].get_array()
    for row, label in enumerate(axes[0].get_yticklabels()):
        k, l = ("xyz".index(letter) for letter in label.get_text())
        np.testing.assert_allclose(shown[row], trajectory.T[:, 1 + k, 1 + l], atol=1e-12)


def test_drifts_are_drawn_as_stored(larmor):
    _, axes = larmor.plot("invariants")
    named = {line.get_label(): line.get_ydata() for line in axes[0].get_lines()}
    assert set(named) == set(larmor.invariants)
    assert len(named["purity"]) == 3
    assert max(named["purity"]) == max(larmor.invariants["purity"], 1e-17)


def test_paths_on_the_sphere_are_the_bloch_vectors():
    trajectory = quantum()
    figure, (axis,) = trajectory.bloch_sphere()
    paths = [np.array(line.get_data_3d()) for line in axis.get_lines() if len(line.get_data_3d()[0]) == len(TIMES)]
    assert len(paths) == 2
    for i, path in enumerate(paths):
        np.testing.assert_array_equal(path.T, trajectory.bloch(i))
    marks = {line.get_label(): line for line in axis.get_lines() if str(line.get_label()).startswith("spin")}
    np.testing.assert_array_equal(np.ravel(marks["spin 1"].get_data_3d()), trajectory.bloch(1)[-1])
    hollow = [line for line in axis.get_lines() if line.get_markerfacecolor() == "white" and line.get_marker() in "os"]
    np.testing.assert_array_equal(np.ravel(hollow[0].get_data_3d()), trajectory.bloch(0)[0])
    assert overhang(figure) <= 0


def test_spheres_of_some_sites_of_many_and_in_the_users_axes():
    _, (axis,) = classical(20).bloch_sphere()
    assert any("20 in all" in text.get_text() for text in axis.texts)
    _, (axis,) = classical(20).bloch_sphere([3, 5])
    assert [text.get_text() for text in axis.get_legend().get_texts()] == ["spin 3", "spin 5"]
    theirs = Figure().add_subplot(projection="3d")
    assert quantum().bloch_sphere(ax=theirs)[0] is theirs.figure
    for arguments, words in (({"sites": 2}, "from 0 to 1, but is 2"), ({"sites": []}, "empty"),
                             ({"ax": Figure().subplots()}, "three-dimensional")):
        with pytest.raises(InputError, match=words):
            quantum().bloch_sphere(**arguments)


def test_one_panel_in_the_users_axes():
    theirs = Figure().subplots()
    figure, axes = quantum().plot("energy", ax=theirs)
    assert (figure, axes[0]) == (theirs.figure, theirs)
    assert figure.get_suptitle() == ""          # it is theirs
    with pytest.raises(InputError, match="two of `fig`, `axes` and `ax`"):
        quantum().plot("energy", ax=theirs, axes=theirs)


@pytest.mark.parametrize("kind", ["sphere", "curves"])
def test_a_film_has_its_frames_and_moves(tmp_path, kind):
    seen = []
    figure, film = quantum(("1/2",)).animate(tmp_path / "run.gif", kind=kind, frames=3, dpi=30, progress=seen.append)
    with Image.open(tmp_path / "run.gif") as picture:
        assert picture.n_frames == 3
        frames = []
        for k in range(3):
            picture.seek(k)
            frames.append(np.asarray(picture.convert("L"), dtype=float))
    assert np.abs(frames[0] - frames[1]).max() > 25
    assert seen == pytest.approx([1 / 3, 2 / 3, 1])
    assert film.__class__.__name__ == "FuncAnimation"
    assert figure.axes


def test_the_ending_of_a_film(tmp_path, monkeypatch):
    for name, words in (("run.avi", "must end in .mp4 or .gif"), ("none/run.gif", "folder")):
        with pytest.raises(FileError, match=words):
            quantum().animate(tmp_path / name)
    monkeypatch.setattr(FFMpegWriter, "isAvailable", classmethod(lambda _: False))
    with pytest.raises(FileError, match="ffmpeg is not installed"):
        quantum().animate(tmp_path / "run.mp4")
    quantum(("1/2",)).animate(tmp_path / "run", frames=2, dpi=20)
    assert [path.name for path in tmp_path.iterdir()] == ["run.gif"]


@pytest.mark.parametrize(("arguments", "words"), [
    ({"kind": "film"}, "`kind` must be one of sphere, lattice, curves, but is 'film'"),
    ({"frames": 1}, "`frames` must"), ({"fps": 0}, "`fps` must"),
    ({"dpi": 0.5}, "`dpi` must"), ({"sites": 7}, "`sites` must")])
def test_films_that_cannot_be_are_refused_before_any_file(tmp_path, arguments, words):
    with pytest.raises(InputError, match=words):
        quantum().animate(tmp_path / "run.gif", **arguments)
    with pytest.raises(InputError, match="there is one"):
        EVERY["one time"]().animate(tmp_path / "run.gif")
    assert not list(tmp_path.iterdir())
