"""`qllg langevin`: a model file with [bath], its file and its picture."""

import json
from pathlib import Path

import numpy as np
import pytest

import qllg_sym as q
from ensemble.noisy_cases import same
from qllg_sym import cli

MODEL = """
[system]
spins = ["1/2"]
units = ["meV", "ps"]
symbols = []
[[term]]
kind = "zeeman"
B = [0, 0, "B0"]
[values]
B0 = 5
T = 4
[signals]
laser = {times = [0, 1, 2, 3], samples = [0, 1, 0.5, 0]}
[law]
kind = "q-llg"
kappa = 0.5
[state]
kind = "product"
spins = ["+x"]
[time]
stop = 2
points = 5
[bath]
kelvin = "T*(1 + laser)"
trajectories = 7
seed = 3
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    (tmp_path / "hot.toml").write_text(MODEL, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words):
    return cli.main(["langevin", "hot.toml", *words])


def test_an_ensemble_and_its_picture(capsys):
    assert run() == 0
    out, err = capsys.readouterr()
    for words in ("bath      kT = 0.08617333", "in meV, invariant noise", "7 trajectories of the seed 3", "is advised",
                  "hot.langevin.npz (draw it with `qllg plot hot.langevin.npz`)"):
        assert words in out
    assert err.splitlines()[-1] == "qllg langevin: 100 % done"
    ens, units = q.load("hot.langevin.npz"), q.Units("meV", "ps")
    model = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, 5))], units=units)
    kT, values = units.kelvin(4) * (1 + q.signal("laser")), {"laser": ([0, 1, 2, 3], [0, 1, 0.5, 0])}
    there = q.langevin(model, q.QuantumLLG(0.5), q.states.product("+x"), np.linspace(0, 2, 5), q.Bath(kT), 7, 3,
                       values=values)
    assert abs(ens.samples["energy"] - there.samples["energy"]).max() < 1e-12
    assert cli.main(["plot", "hot.langevin.npz", "--what", "energy"]) == 0
    assert Path("hot.langevin.png").read_bytes()[1:4] == b"PNG"
    assert cli.main(["plot", "hot.langevin.npz", "--time", "1"]) == 2


def test_words_come_before_the_file(capsys):
    assert run("--trajectories", "3", "--seed", "9", "--observe", "purity", "-o", "a.nc", "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["trajectories"], document["seed"], document["readings"]) == (3, 9, ["energy", "purity"])
    assert document["energy_error"] > 0
    assert q.load("a.nc").samples["purity"].shape == (3, 5)


def test_a_checkpoint_and_processes_change_no_bit():
    assert run("-o", "a.npz", "--checkpoint", "kept") == 0
    assert sorted(path.name for path in Path("kept").iterdir()) == ["chunk-000000.npz", "study.json"]
    assert run("-o", "b.npz", "--checkpoint", "kept") == 0
    assert same(q.load("a.npz"), q.load("b.npz"))


def test_an_ensemble_goes_on_to_later_times(folder, capsys):
    whole = MODEL.replace("laser = {times = [0, 1, 2, 3], samples = [0, 1, 0.5, 0]}", "").replace("T*(1 + laser)", "T")
    (folder / "hot.toml").write_text(whole.replace("stop = 2\npoints = 5", "stop = 1\npoints = 3"), encoding="utf-8")
    assert run() == 0
    assert run("--resume", "hot.langevin.npz") == 2
    assert "but `hot.langevin.npz` ends at 1 and [time] at 1; give a later stop" in capsys.readouterr().err
    (folder / "hot.toml").write_text(whole, encoding="utf-8")
    assert run("--resume", "hot.langevin.npz", "-o", "part.npz", "--json") == 0
    assert json.loads(capsys.readouterr().out)["seed"] == 3
    assert run("-o", "whole.npz") == 0
    assert same(q.load("part.npz"), q.load("whole.npz"))
    assert run("--resume", "hot.langevin.npz", "--seed", "4") == 2
    other = whole.replace("T = 4", "T = 5").replace("kappa = 0.5", "kappa = 1")
    (folder / "hot.toml").write_text(other, encoding="utf-8")
    assert run("--resume", "hot.langevin.npz") == 2
    assert "is one with another [law] and another [values]; integrate it anew" in capsys.readouterr().err


@pytest.mark.slow
def test_processes():
    assert run("-o", "a.npz") == run("-o", "b.npz", "--processes", "2") == 0
    assert same(q.load("a.npz"), q.load("b.npz"))


def test_solve_leaves_the_bath_out_and_says_so(capsys):
    assert cli.main(["solve", "hot.toml"]) == 0
    assert "left out: `qllg langevin` has its noise" in capsys.readouterr().out


def test_the_starter_is_heated_and_cools_again(capsys):
    assert cli.main(["new", "heat"]) == 0
    Path("heat.toml").write_text(capsys.readouterr().out, encoding="utf-8")
    assert cli.main(["langevin", "heat.toml", "--trajectories", "200"]) == 0
    energy = q.load("heat.langevin.npz").mean["energy"]
    assert energy[10] < energy[14] - 0.3            # the pulse comes at t = 2
    assert energy[-1] < energy[14] - 0.3
