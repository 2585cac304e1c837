"""Parameters of clusters and moments from data: found again, with the errors of a plain least-squares fit."""

import numpy as np
import pytest
import sympy as sp
from scipy.optimize import curve_fit

import qllg_sym as q
from qllg_sym.cli import main
from systems import HYBRID_FILE

J, K = sp.symbols("J K", real=True)
kappa, alpha = sp.symbols("kappa alpha", real=True)
MODEL = q.Model(q.Space("1/2", "1", "1/2"), [q.Exchange(J, 0, 2), q.Bilinear(K, 0, 1), q.Zeeman((1, 0, 0.3))])
LAW = q.Hybrid(kappa, alpha, clusters=[(0, 2)], classical=[1])
START = q.HybridState([q.states.product("up", "down")], [[0.6, 0, 0.8]])
TIMES, TRUE = np.linspace(0, 4, 9), {"J": 0.6, "K": 0.7, "kappa": 0.4, "alpha": 0.1}


def test_parameters_of_both_sides_are_found_again():
    run = q.solve(MODEL, LAW, START, TIMES, TRUE)
    data = {"cluster": run.bloch(0), "moment": run.bloch(1), "E": run.energy}
    found = q.fit(MODEL, LAW, START, TIMES, data, free={"J": 0.5, "K": 0.8, "kappa": 0.3, "alpha": 0.15},
                  observe={"cluster": "bloch0", "moment": "bloch1", "E": "energy"})
    assert found.values == pytest.approx(TRUE, abs=1e-7)
    assert found.chi2 < 1e-12
    assert found.stats["jacobian"] == "central differences"
    assert np.allclose(found.trajectory.energy, run.energy, rtol=0, atol=1e-6)


def test_errors_are_those_of_scipy():
    rng, fixed = np.random.default_rng(2), {"kappa": 0.4, "alpha": 0.1}
    data = q.solve(MODEL, LAW, START, TIMES, TRUE).bloch(1) + 0.01 * rng.normal(size=(9, 3))
    found = q.fit(MODEL, LAW, START, TIMES, data, free={"J": 0.55, "K": 0.75}, observe="bloch1", sigma=0.01,
                  values=fixed)

    def moments(_, j, k):
        return q.solve(MODEL, LAW, START, TIMES, {**fixed, "J": j, "K": k}).bloch(1).ravel()

    best, covariance = curve_fit(moments, np.arange(27), data.ravel(), p0=[0.55, 0.75], sigma=np.full(27, 0.01),
                                 absolute_sigma=True, epsfcn=1e-10)
    assert list(found.values.values()) == pytest.approx(best, rel=1e-4)
    assert found.covariance == pytest.approx(covariance, rel=1e-3)


def test_the_command_fits_a_model_file(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hybrid.toml").write_text(HYBRID_FILE + """points = 5
[fit]
free = {J0 = 0.4}
observe = "bloch1"
""")
    model = q.Model(q.Space("1/2", "1"), [q.Exchange(0.5, 0, 1)])
    run = q.solve(model, q.Hybrid(0.5, 0.1, clusters=[0], classical=[1]),
                  q.HybridState([q.states.product("up")], [[1, 0, 0]]), np.linspace(0, 2, 5))
    table = np.column_stack([run.times, run.bloch(1)])
    np.savetxt("data.csv", table, delimiter=",", header="t,x,y,z", comments="")
    code = main(["fit", "hybrid.toml", "data.csv"])
    out = capsys.readouterr()
    assert code == 0, out.err
    assert "J0 = 0.5" in out.out or "J0 = 0.4999" in out.out
