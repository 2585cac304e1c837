"""Model files of clusters and moments: read, integrated, written as text, kept in files, and drawn."""

import numpy as np
import pytest

import qllg_sym as q
from qllg_sym import files
from qllg_sym.cli import main
from qllg_sym.modelfile.read import read_file
from qllg_sym.modeltext.as_text import model_as_text
from qllg_sym.modeltext.from_text import model_from_text

TEXT = """\
[system]
spins = ["1/2", "1/2", "1"]
[[term]]
kind = "exchange"
J = 1
sites = [0, 1]
[[term]]
kind = "bilinear"
M = 0.7
sites = [0, 2]
[[term]]
kind = "zeeman"
B = [1, 0, 0]
[values]
kappa = 0.5
[law]
kind = "hybrid"
kappa = "kappa"
alpha = 0.1
[hybrid]
clusters = [[0, 1]]
classical = [2]
moments = [["sin(1)", 0, "cos(1)"]]
[[hybrid.states]]
kind = "product"
spins = ["up", "down"]
[time]
stop = 2
points = 5
"""
MODEL = q.Model(q.Space("1/2", "1/2", "1"), [q.Exchange(1, 0, 1), q.Bilinear(0.7, 0, 2), q.Zeeman((1, 0, 0))])
LAW = q.Hybrid(0.5, 0.1, clusters=[(0, 1)], classical=[2])
START = q.HybridState([q.states.product("up", "down")], [[np.sin(1), 0, np.cos(1)]])


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "dimer.toml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_a_file_says_model_law_and_state(file):
    found = read_file(file).solvable()
    assert found.model == MODEL
    assert repr(found.law) == "Hybrid(kappa=kappa, alpha=1/10, clusters=((0, 1),), classical=(2,))"
    run = q.solve(found.model, found.law, found.state, found.times, found.values)
    expected = q.solve(MODEL, LAW, START, np.linspace(0, 2, 5))
    assert np.abs(run.moments - expected.moments).max() < 1e-12


def test_text_of_a_law_reads_back():
    text = model_as_text(MODEL, LAW)
    assert '[hybrid]\nclusters = [[0, 1]]\nclassical = [2]' in text
    assert model_from_text(text)[:2] == (MODEL, LAW)
    assert model_from_text(text.replace("[[0, 1]]", "[[0], [1]]"))[1] != LAW


@pytest.mark.parametrize("suffix", ["npz", "nc"])
def test_commands_solve_derive_and_draw(file, suffix, capsys):
    if suffix == "nc":
        pytest.importorskip("h5netcdf")
    assert main(["solve", "dimer.toml", "-o", f"run.{suffix}"]) == 0
    run = q.load(f"run.{suffix}")
    expected = q.solve(MODEL, LAW, START, np.linspace(0, 2, 5))
    assert isinstance(run, q.HybridTrajectory)
    assert np.array_equal(run.moments, expected.moments)
    assert np.array_equal(run.clusters[0].states, expected.clusters[0].states)
    assert np.array_equal(run.energy, expected.energy)
    assert np.array_equal(run.bloch(2), expected.bloch(2))
    assert (run.model, run.values, run.law.clusters) == (MODEL, {"kappa": 0.5}, ((0, 1),))
    assert np.abs(q.solve(MODEL, LAW, run.final_state, [2, 3]).moments[0] - run.moments[-1]).max() < 1e-14
    assert main(["plot", f"run.{suffix}"]) == 0
    assert main(["derive", "dimer.toml"]) == 0
    assert "T'_0x = 2 (T_yz - T_zy)" in capsys.readouterr().out
    assert main(["derive", "dimer.toml", "--form", "pauli"]) == 2
    assert "but the law is hybrid; leave `--form` out." in capsys.readouterr().err


def test_pictures_have_a_panel_a_site_and_one_of_the_energy():
    run = q.solve(MODEL, LAW, START, np.linspace(0, 2, 5))
    figure, axes = run.plot()
    assert [axis.get_ylabel() for axis in axes[:3]] == [r"$\mathbf{r}_{0}$", r"$\mathbf{r}_{1}$", r"$\mathbf{m}_{2}$"]
    lines = [axis.get_lines()[0] for axis in axes]
    assert [line.get_linestyle() for line in lines] == ["-", "-", "--", "-"]
    assert np.array_equal(lines[2].get_ydata(), run.moments[:, 0, 0])
    with pytest.raises(q.InputError, match="`what` must be of bloch, energy for clusters and moments, but is 'purity'"):
        run.plot("purity")
    figure.clear()


def test_files_whose_parts_do_not_fit_are_refused(tmp_path):
    run = q.solve(MODEL, LAW, START, [0, 1], observe={"E": "energy", "m z": lambda state: state.moments[:, 2]})
    run.save(tmp_path / "run.npz")
    again = q.load(tmp_path / "run.npz").observed
    assert {name: values.tolist() for name, values in again.items()} == {
        "E": run.energy.tolist(), "m z": run.moments[..., 2].tolist()}
    assert q.HybridTrajectory.load(tmp_path / "run.npz").stats["steps"] == run.stats["steps"]
    found, told = files.load_arrays(tmp_path / "run.npz", "hybrid trajectory")
    short, fewer = {**found, "moments": found["moments"][:1, :, :2]}, {k: v for k, v in found.items() if k != "kets_0"}
    for changed, other in ((short, told), (found, {**told, "classical": [1]}), (fewer, told)):
        files.save(tmp_path / "bad.npz", "hybrid trajectory", changed, other)
        with pytest.raises(q.FileError, match="must hold a whole hybrid trajectory, but its parts do not fit"):
            q.load(tmp_path / "bad.npz")
    with pytest.raises(q.FileError, match="must hold a trajectory, but holds a hybrid trajectory; write HybridTraj"):
        q.Trajectory.load(tmp_path / "run.npz")


STATE = '[state]\nkind = "product"\nspins = ["up", "down", "up"]\n'
WRONG = {
    "no hybrid": (
        TEXT.partition("[hybrid]")[0] + "[time]\nstop = 1\npoints = 2\n",
        "[law] of kind hybrid must have [hybrid] beside it, but has none; add it with clusters = [[0, 1]] and "
        "classical = [2]."),
    "another law": (
        TEXT.replace('kind = "hybrid"', 'kind = "q-llg"').replace("alpha = 0.1\n", ""),
        "[hybrid] must stand beside a law of kind hybrid, but [law] is of kind q-llg; leave it out, or write "
        "kind = \"hybrid\"."),
    "a state": (
        TEXT + STATE,
        "[state] must be left out beside [hybrid], but is given; write [[hybrid.states]] for each cluster, and "
        "moments."),
    "too few states": (
        TEXT.replace("clusters = [[0, 1]]", "clusters = [[0], [1]]"),
        "[hybrid] must have a table [[hybrid.states]] for each of 2 clusters, but has 1; write them in the order of "
        "`clusters`."),
    "a site twice": (
        TEXT.replace("classical = [2]", "classical = [1, 2]"),
        "[hybrid]: `clusters` and `classical` must name each site once, but site 1 is named 2 times; leave it in one "
        "place."),
    "a site not at all": (
        TEXT.replace("clusters = [[0, 1]]", "clusters = [[0]]"),
        "[hybrid]: `clusters` and `classical` must name every site of Space('1/2', '1/2', '1'), but site 1 is not "
        "named; add it to one of them."),
    "a key": (
        TEXT.replace("classical = [2]", "clasical = [2]"),
        "[hybrid] must have known keys alone, but has 'clasical' (did you mean classical?); use clusters, classical, "
        "states, moments."),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_files_are_refused_in_one_sentence(name, tmp_path):
    text, says = WRONG[name]
    (tmp_path / "wrong.toml").write_text(text, encoding="utf-8")
    with pytest.raises(q.ModelError) as caught:
        read_file(tmp_path / "wrong.toml")
    assert str(caught.value) == says
