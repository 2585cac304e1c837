"""Clusters and moments at every point of a grid: the numbers of `solve`, wherever they are computed."""

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from qllg_sym import cli
from systems import HYBRID_FILE

J, B = sp.symbols("J B", real=True)
MODEL = q.Model(q.Space("1/2", "1/2", "1"), [q.Exchange(J, 0, 1), q.Bilinear(0.7, 0, 2), q.Zeeman((B, 0, 0))])
LAW = q.Hybrid(0.5, 0.1, clusters=[(0, 1)], classical=[2])
STARTS = {name: q.HybridState([q.states.product(*name.split())], [[np.sin(1), 0, np.cos(1)]])
          for name in ("up down", "up up")}
TIMES = [0, 1, 2]
OBSERVE = {"E": "energy", "r": "bloch0", "all": "profile", "C": "clusters[0].concurrence",
           "m": "bloch2"}


def test_points_are_those_of_solve_and_files_bring_them_back(tmp_path):
    ds = q.sweep(MODEL, LAW, None, TIMES, over={"J": [0, 1], "alpha": [0.1, 0.3], "state": STARTS}, values={"B": 1},
                 observe=OBSERVE)
    assert dict(ds.sizes) == {"J": 2, "alpha": 2, "state": 2, "time": 3, "axis": 3, "site": 3}
    assert (ds.failure == "").all()
    for name, start in STARTS.items():
        run = q.solve(MODEL, q.Hybrid(0.5, 0.3, clusters=[(0, 1)], classical=[2]), start, TIMES, {"J": 1, "B": 1})
        point = ds.sel(J=1, alpha=0.3, state=name)
        assert np.array_equal(point.E, run.energy)
        assert np.allclose(point.r, run.bloch(0), rtol=0, atol=1e-14)
        assert np.allclose(point["all"], np.stack([run.bloch(i) for i in range(3)], axis=1), rtol=0, atol=1e-14)
        assert np.allclose(point.C, run.clusters[0].concurrence(), rtol=0, atol=1e-7)
        assert np.array_equal(point.m, run.moments[:, 0])
    assert abs(ds.E.sel(J=1) - ds.E.sel(J=0)).max() > 0.1
    q.save(ds, tmp_path / "ds.nc")
    assert q.load(tmp_path / "ds.nc").identical(ds)


def test_a_point_that_fails_says_why():
    model = q.Model(MODEL.space, [*MODEL.terms, q.Zeeman((0, 0, 1 / B), sites=[2])])
    ds = q.sweep(model, LAW, STARTS["up up"], TIMES, over={"B": [0, 1]}, values={"J": 1})
    assert ds.failure.values[0] != ""
    assert ds.failure.values[1] == ""
    assert np.isnan(ds.energy.sel(B=0)).all()
    assert not np.isnan(ds.bloch.sel(B=1)).any()


@pytest.mark.slow
def test_processes_and_checkpoints_change_no_bit(tmp_path):
    given = {"over": {"J": np.linspace(0, 1, 5)}, "values": {"B": 1}, "observe": OBSERVE}
    here = q.sweep(MODEL, LAW, STARTS["up down"], TIMES, **given)
    there = q.sweep(MODEL, LAW, STARTS["up down"], TIMES, **given, executor=2, checkpoint=tmp_path / "kept")
    assert there.identical(here)
    assert q.sweep(MODEL, LAW, STARTS["up down"], TIMES, **given, checkpoint=tmp_path / "kept").identical(here)


def test_the_command_sweeps_a_model_file(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hybrid.toml").write_text(HYBRID_FILE + "points = 3\n")
    code = cli.main(["sweep", "hybrid.toml", "--over", "J0=0:1:3", "-o", "x.nc"])
    assert code == 0, capsys.readouterr().err
    assert q.load("x.nc").energy.shape == (3, 3)
