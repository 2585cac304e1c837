"""Drives in time from end to end: pulses after pauses, late switches and starts at rest, by every method."""

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from qllg_sym.flow.problem import Problem

t, HALF = q.t, q.Space("1/2")
UP = q.states.product("up")
METHODS = "frame", "pauli", "low-rank"


def field(*B):
    return q.Model(HALF, [q.Zeeman(B)])


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("times", [[0, 10], np.linspace(0, 10, 201), [0, 10, 15]], ids=len)
def test_a_pulse_after_a_pause_is_not_stepped_over(method, times):
    """Right from an integration that restarts at the pulse."""
    run = q.solve(field(5 * sp.exp(-100 * (t - 5)**2), 0, 1), q.QuantumLLG(.1), UP, times, method=method)
    k = int(np.searchsorted(run.times, 10))
    assert run.bloch(0)[k] == pytest.approx([-0.494476, 0.185570, 0.849151], abs=2e-6)


@pytest.mark.parametrize("method", METHODS)
def test_without_a_look_at_the_drive_it_is(method, monkeypatch):
    """The broken twin."""
    monkeypatch.setattr(Problem, "activity", None)
    run = q.solve(field(5 * sp.exp(-100 * (t - 5)**2), 0, 1), q.QuantumLLG(.1), UP, [0, 10], method=method)
    assert run.bloch(0)[-1] == pytest.approx([0, 0, 1], abs=1e-9)


@pytest.mark.parametrize("method", ["frame", "pauli"])
def test_a_pi_pulse_at_any_time_turns_the_spin_over(method):
    """κ = 0 and a fixed axis: the angle is the area, to 1e-9 at 1001 times, and the trace stays 1 throughout."""
    centre, width = 412, 2
    pulse = sp.sqrt(sp.pi / 2) / width * sp.exp(-((t - centre) / sp.Integer(width))**2 / 2)
    run = q.solve(field(pulse, 0, 0), q.QuantumLLG(0), UP, np.linspace(0, 500, 1001), method=method)
    area = 0.5 * sp.pi.evalf() * (1 + np.vectorize(sp.erf)((run.times - centre) / (width * np.sqrt(2))).astype(float))
    assert abs(run.bloch(0)[:, 2] - np.cos(area.astype(float))).max() < 1e-9
    assert abs(run.bloch(0)[:, 1] - np.sin(area.astype(float))).max() < 1e-9
    assert run.invariants["trace"] < 1e-12


@pytest.mark.parametrize("method", ["frame", "pauli"])
def test_a_fast_field_of_large_size_runs(method):
    run = q.solve(field(sp.cos(10**4 * t), -sp.sin(10**4 * t), 10**4), q.QuantumLLG(sp.Rational(1, 5)), UP, [0, 1],
                  method=method)
    assert run.stats["resolution"] == 0
    assert run.bloch(0)[-1] == pytest.approx([-1.5281e-4, -4.7608e-4, 0.99999987], abs=1e-8)
