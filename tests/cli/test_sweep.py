"""`qllg sweep`: the study of a model file, its progress, its file and its picture."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from qllg_sym import cli
from qllg_sym.studies.load import load

MODEL = Path(__file__).parent.parent / "data" / "dimer.toml"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "dimer.toml").write_bytes(MODEL.read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words):
    return cli.main(["sweep", "dimer.toml", *words])


def test_a_study_and_its_picture(folder, capsys):
    assert run("--over", "J0=-1:1:3", "--over", "kappa=0.1,0.5", "--observe", "nonlocality") == 0
    out, err = capsys.readouterr()
    assert "J0       3 points from -1.0 to 1.0" in out
    assert "dimer.sweep.nc (draw it with `qllg plot dimer.sweep.nc`)" in out
    assert err.splitlines()[-1] == "qllg sweep: 100 % done"
    ds = load("dimer.sweep.nc")
    assert dict(ds.sizes) == {"J0": 3, "kappa": 2, "time": 41}
    assert np.array_equal(ds.kappa, [0.1, 0.5])
    assert cli.main(["plot", "dimer.sweep.nc", "--time", "4"]) == 0
    assert Path("dimer.sweep.png").read_bytes()[1:4] == b"PNG"


def test_it_is_what_solve_gives(folder, capsys):
    assert run("--over", "kappa=0.5", "-o", "a.npz", "--json") == 0
    out, err = capsys.readouterr()
    document = json.loads(out)
    assert (document["points"], document["failed"], document["observables"], err) == (1, 0, ["bloch", "energy"], "")
    from qllg_sym import Trajectory
    assert cli.main(["solve", "dimer.toml", "-o", "b.npz"]) == 0
    assert np.abs(load("a.npz").energy[0].values - Trajectory.load("b.npz").energy).max() < 1e-12


def test_a_study_that_python_saved_is_drawn_too(folder, capsys):
    import qllg_sym as q
    from studies.cases import study
    for name in ("a.nc", "a.npz"):
        q.save(study(observe=["energy"]), name)
        assert cli.main(["plot", name, "--at", "kappa=0.5", "-o", "a.png"]) == 0
    assert "15 points drawn" in capsys.readouterr().out
    assert cli.main(["plot", "a.nc", "--at", "kappa"]) == 2
    assert "`--at` must be NAME=POINT, but is 'kappa'" in capsys.readouterr().err


def test_a_checkpoint_goes_on(folder, capsys):
    words = ["--over", "J0=0:1:9", "--checkpoint", "kept", "-o", "a.npz"]
    assert run(*words) == 0
    first = Path("a.npz").read_bytes()
    assert run(*words) == 0
    assert Path("a.npz").read_bytes() == first
    capsys.readouterr()
    assert run("--over", "J0=0:1:8", "--checkpoint", "kept") == 2
    assert "holds one with another `over`" in capsys.readouterr().err


def test_all_points_failing_is_a_numerical_failure(folder, capsys):
    text = MODEL.read_text().replace('J = "2*J0"', 'J = "1/J0"')
    (folder / "dimer.toml").write_text(text.replace("B = [1.0", 'B = ["1/(t - 20)"').replace("stop = 8.0", "stop = 30"))
    assert run("--over", "J0=1:2:2", "-o", "a.nc") == 3
    err = capsys.readouterr().err
    assert "all 2 failed" in err
    assert np.all(load("a.nc").failure != "")


@pytest.mark.slow
def test_ctrl_c(folder):
    # What is started in the background of a shell is deaf to SIGINT, and so is what it starts.
    start = ("import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
             "from qllg_sym.cli import main; sys.exit(main())")
    process = subprocess.Popen([sys.executable, "-c", start, "sweep", "dimer.toml", "--over", "J0=-1:1:300", "--over",
                                "D0=-1:1:300", "--checkpoint", "kept", "-o", "a.nc"], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not list(folder.glob("kept/chunk-*.npz")) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert not Path("a.nc").exists()
