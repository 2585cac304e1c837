"""Constants of motion that move beyond tolerance are a failure with the partial result, on every path."""

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from qllg_sym.cli import main
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.results.guard import departures

t, HALF = q.t, q.Space("1/2")
TIMES = np.linspace(0, 500, 1001)
PULSE = sp.sqrt(sp.pi / 2) / 2 * sp.exp(-((t - 400) / sp.Integer(2))**2 / 2)
PULSED = q.Model(HALF, [q.Zeeman((PULSE, 0, 0))])
UP = q.states.product("up")


@pytest.fixture
def blind(monkeypatch):
    """Steps that see nothing between their nodes, and so go across the pulse in one."""
    monkeypatch.setattr(Problem, "activity", None)


def failure(call):
    """The error of a call, whose partial result ends before the pulse."""
    with pytest.raises(q.IntegrationError, match=r"moved by .* beyond .*; give max_step or tighten rtol") as caught:
        call()
    return caught.value


def test_quantum_states_that_lose_their_trace_are_a_failure(blind):
    """Inside a step across a π pulse the trace would come to 2e7."""
    error = failure(lambda: q.solve(PULSED, q.QuantumLLG(0), UP, TIMES, method="frame"))
    partial = error.partial
    assert 0 < partial.times[-1] < 400
    assert error.time == partial.times[-1]
    assert partial.invariants["trace"] < 1e-6
    assert len(partial.energy) == len(partial)


@pytest.mark.parametrize(("law", "start", "method"), [(q.ClassicalLLG(0), np.array([[0, 0, 1.0]]), "moments"),
                                                      (q.QuantumLLG(0), UP, "pauli")], ids=["moments", "pauli"])
def test_moments_and_components_are_looked_at_too(law, start, method, blind):
    error = failure(lambda: q.solve(PULSED, law, start, TIMES, method=method))
    assert abs(np.linalg.norm(error.partial.bloch(0), axis=1) - 1).max() < 1e-6


@pytest.mark.parametrize("method", ["frame", "pauli"])
def test_rows_of_a_batch_fail_by_themselves(method, blind):
    a = sp.Symbol("a", real=True)
    model = q.Model(HALF, [q.Zeeman((a * PULSE, 0, 0))])
    error = failure(lambda: q.solve_many(model, q.QuantumLLG(0), UP, TIMES, {"a": [0.0, 1.0, 0.0]}, method=method))
    done = error.partial
    assert list(done.failures) == [1]
    assert not np.isnan(done.purity[[0, 2]]).any()
    assert np.isnan(done.purity[1, -1])
    assert np.nanmax(abs(done.purity - 1)) < 1e-6


def test_qllgsolve_fails_alike(blind):
    failure(lambda: q.qllgsolve(PULSED, np.array([1, 0]), TIMES, kappa=0, options={"method": "frame"}))


def test_the_command_line_ends_with_code_3(blind, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pulse.toml").write_text(
        '[system]\nspins = ["1/2"]\n[[term]]\nkind = "zeeman"\nB = ["0.6266570686577501*exp(-(t - 400)**2/8)", 0, 0]\n'
        '[law]\nkind = "q-llg"\nkappa = 0\n[state]\nkind = "product"\nspins = ["up"]\n'
        "[time]\nstop = 500\npoints = 1001\n", encoding="utf-8")
    assert main(["solve", "pulse.toml"]) == 3
    assert "moved by" in capsys.readouterr().err
    assert (tmp_path / "pulse.partial.npz").exists()


def test_with_open_eyes_nothing_fails():
    """The same without blindness: the trace stays 1 at all times, inside steps as at their ends."""
    for law, start in ((q.QuantumLLG(0), UP), (q.ClassicalLLG(0), np.array([[0, 0, 1.0]]))):
        run = q.solve(PULSED, law, start, TIMES)
        assert abs(np.linalg.norm(run.bloch(0), axis=1) - 1).max() < 1e-9
        assert run.bloch(0)[-1] == pytest.approx([0, 0, -1], abs=1e-8)


def test_every_kind_of_departure_is_seen():
    rng = np.random.default_rng(2)
    kets = np.linalg.qr(rng.normal(size=(5, 6, 3)) + 1j * rng.normal(size=(5, 6, 3)))[0]
    assert departures(kets, "kets").max() < 1e-14
    for change in (np.diag([1, 1, 1 + 1e-6]), np.eye(3) + 1e-6 * np.eye(3)[[1, 0, 2]],
                   np.eye(3) + 1e-6j * np.eye(3, k=1)):
        moved = kets.copy()
        moved[3] = moved[3] @ change
        assert 1e-7 < departures(moved, "kets")[3] < 1e-4
    rho = (kets * [0.5, 0.3, 0.2]) @ kets.conj().swapaxes(1, 2)
    assert departures(rho, "density").max() < 1e-14
    other = (kets * [0.5, 0.35, 0.15]) @ kets.conj().swapaxes(1, 2)
    assert departures(np.concatenate([rho[:1], other[:1]]), "density")[1] > 1e-3
    assert departures(np.concatenate([rho[:1], other[:1]]), "density", keeps=False)[1] < 1e-14
    rho[2, 0, 0] = np.nan
    assert departures(rho, "density")[2] == np.inf


@pytest.mark.parametrize("law", [q.QuantumLLG(0.1), q.ClassicalLLG(0.1)], ids=["quantum", "classical"])
@pytest.mark.parametrize("solver", [q.solve, q.solve_many])
def test_a_coefficient_that_is_no_number_at_a_sampled_time_is_a_failure(law, solver):
    """A pulse of width 0 is 0/0 at its centre alone, where no step may have looked."""
    w = sp.Symbol("w", real=True)
    model = q.Model(q.Space("1/2"), [q.Zeeman((sp.exp(-((q.t - 1) ** 2) / (2 * w**2)), 0, 1))])
    state = np.array([[0, 0, 1.0]]) if law.classical else q.states.product("up")
    width = np.array([0.0, 1.0]) if solver is q.solve_many else 0
    with pytest.raises(q.IntegrationError, match="the Hamiltonian is not finite") as caught:
        solver(model, law, state, [0, 1, 2.0], {"w": width})
    assert caught.value.partial is not None
