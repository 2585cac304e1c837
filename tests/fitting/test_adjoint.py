"""The adjoint equation against forward sensitivities, and what it refuses."""

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from qllg_sym.fitting.experiment import Experiment

kappa, w = sp.symbols("kappa w", real=True)
COUPLINGS, FIELDS = sp.symbols("J0:3", real=True), sp.symbols("B0:3", real=True)
RING = q.Model(q.Space.half(3), [*(q.Exchange(J, i, (i + 1) % 3) for i, J in enumerate(COUPLINGS)),
                                 *(q.Zeeman((B, 0, 0.2), sites=[i]) for i, B in enumerate(FIELDS))])
VALUES = {**{f"J{i}": 0.2 * (i + 1) for i in range(3)}, **{f"B{i}": 1 - 0.3 * i for i in range(3)}, "kappa": 0.4}
TIMES = np.linspace(0, 3, 7)


def matrices(n, d, seed=0):
    rng = np.random.default_rng(seed)
    a = rng.normal(size=(n, d, d)) + 1j * rng.normal(size=(n, d, d))
    return a + a.conj().swapaxes(1, 2)


def mixed(d, seed):
    a = matrices(1, d, seed)[0]
    return a @ a / np.trace(a @ a).real


@pytest.mark.parametrize("law", [q.QuantumLLG(kappa), q.QuantumLL(kappa)])
@pytest.mark.parametrize("state", [mixed(8, 1), q.states.product("up", "down", "up"), q.states.thermal(RING, 0.8)])
def test_it_is_the_sum_of_sensitivities(law, state):
    run, cotangents = q.solve(RING, law, state, TIMES, values=VALUES), matrices(7, 8)
    found = run.gradient(cotangents)
    assert set(found) == {*VALUES}
    for name in VALUES:
        expected = np.einsum("njk,nkj->", cotangents, run.sensitivity(name)).real
        assert found[name] == pytest.approx(expected, abs=2e-7)


def test_fields_and_damping_in_time():
    model = q.Model(q.Space("1"), [q.Zeeman((sp.cos(w * q.t), 0, 1)), q.ZeroField(w / 2, 0)])
    values, law = {"w": 1.3, "kappa": 0.3}, q.QuantumLLG(kappa * (1 + sp.sin(q.t) / 2))
    run, cotangents = q.solve(model, law, mixed(3, 2), TIMES, values=values), matrices(7, 3)
    for name, found in run.gradient(cotangents).items():
        expected = np.einsum("njk,nkj->", cotangents, run.sensitivity(name)).real
        assert found == pytest.approx(expected, abs=2e-7)


def test_one_time_knows_the_start_alone():
    run = q.solve(RING, q.QuantumLLG(kappa), q.states.thermal(RING, 0.8), [0], values=VALUES)
    cotangent = matrices(1, 8)
    assert run.gradient(cotangent)["J0"] == pytest.approx(
        np.einsum("njk,nkj->", cotangent, run.sensitivity("J0")).real, abs=1e-12)
    assert run.gradient(cotangent)["kappa"] == 0


def test_likelihoods_of_many_parameters_go_that_way(monkeypatch):
    """A ring of five, 11 parameters: −∇ln L = Jᵀ(residuals), and the adjoint equation is asked for it."""
    couplings, fields = sp.symbols("J0:5", real=True), sp.symbols("B0:5", real=True)
    ring = q.Model(q.Space.half(5), [*(q.Exchange(J, i, (i + 1) % 5) for i, J in enumerate(couplings)),
                                     *(q.Zeeman((B, 0, 0.2), sites=[i]) for i, B in enumerate(fields))])
    free = {**{f"J{i}": 0.1 for i in range(5)}, **{f"B{i}": 1.0 for i in range(5)}, "kappa": 0.3}
    times, state, z = np.linspace(0, 1, 4), mixed(32, 3), "Sz"
    run = q.solve(ring, q.QuantumLLG(kappa), state, times, values=free)
    data = {"one": run.bloch(1) + 0.01, "all": np.array([0.1, 0.2, 0.1, 0.0])}
    experiment = Experiment.of(ring, q.QuantumLLG(kappa), q.DataSet(data, times, state, {"one": "bloch1", "all": z},
                                                                    {"one": 0.1, "all": 0.2}), free, "")
    asked = []
    given = q.Trajectory.gradient
    monkeypatch.setattr(q.Trajectory, "gradient", lambda self, x: asked.append(1) or given(self, x))
    found = experiment.gradient(free)
    assert asked == [1]
    assert found == pytest.approx(experiment.jacobian(free).T @ experiment.residuals(free), abs=1e-6)


def test_what_has_none_is_refused():
    run = q.solve(RING, q.QuantumLLG(kappa), q.states.product("up", "down", "up"), [0, 1], values=VALUES)
    with pytest.raises(q.InputError, match=r"of shape \(2, 8, 8\), but are of shape \(2, 4, 4\) or not finite"):
        run.gradient(np.zeros((2, 4, 4)))
    with pytest.raises(q.InputError, match="must be Hermitian"):
        run.gradient(1j * np.ones((2, 8, 8)))
    open_ = q.solve(RING, q.VonNeumann() + q.Dephasing(0.1), mixed(8, 1), [0, 0.1],
                    values={k: v for k, v in VALUES.items() if k != "kappa"})
    with pytest.raises(q.InputError, match="but dephasing does not keep the spectrum; sum `sensitivity` instead"):
        open_.gradient(np.zeros((2, 8, 8)))
    jumps = q.Model(q.Space("1/2"), [q.Zeeman((sp.Heaviside(q.t - 1), 0, 1))])
    with pytest.raises(q.InputError, match="but the model jumps or has kinks in time"):
        q.solve(jumps, q.QuantumLLG(0.1), q.states.product("up"), [0, 2]).gradient(np.zeros((2, 2, 2)))
    with pytest.raises(q.InputError, match="needs all states of a solve"):
        q.solve(RING, q.QuantumLLG(kappa), mixed(8, 1), [0, 1], values=VALUES, keep="final").gradient(
            np.zeros((2, 8, 8)))
