"""Steps end where H, the law and kT jump or have a kink in time, wherever that is."""

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from qllg_sym.ensemble import preparation

T0 = sp.Rational("1.03")
ON = sp.Heaviside(q.t - T0)
TILTED = q.states.product("+x")


def spin(*B):
    return q.Model(q.Space("1/2"), [q.Zeeman(B)])


def pulse(step, law=None):
    """How far the Bloch vector after a square pulse in x is from the exact one."""
    model = spin(4 * (ON - sp.Heaviside(q.t - 1.71)), 0, 1)
    found = q.langevin(model, law or q.QuantumLLG(0.3), TILTED, [0, 2], q.Bath(0), 1, step=step).mean["bloch"][1, 0]
    return abs(found - q.solve(model, law or q.QuantumLLG(0.3), TILTED, [0, 2]).bloch(0)[1]).max()


def test_steps_end_at_jumps_of_the_hamiltonian(monkeypatch):
    coarse, fine = pulse(0.02), pulse(0.01)
    assert coarse / fine == pytest.approx(4, rel=0.1)           # order 2, as without jumps
    monkeypatch.setattr(preparation, "jumps", lambda *given: np.empty(0))
    assert pulse(0.01) > 4 * fine                               # the broken twin steps over them


def test_a_switch_at_the_first_time_is_on():
    """Heaviside(0) = 1/2 is seen by no step."""
    runs = [q.langevin(spin(B, 0, 1), q.QuantumLLG(0.3), TILTED, [0, 1], q.Bath(kT), 5, step=0.05).samples["bloch"]
            for B, kT in ((4 * sp.Heaviside(q.t), 0.3 * sp.Heaviside(q.t)), (4, 0.3))]
    assert abs(runs[0] - runs[1]).max() < 1e-12


def test_jumps_of_the_law_and_kinks_are_found():
    law = q.QuantumLLG(sp.Piecewise((0.3, q.t < T0), (2, True)))
    steps = [q.langevin(spin(0, 0, B), law_, TILTED, [0, 2], q.Bath(kT), 2, step=0.5, values=values).stats["steps"]
             for B, law_, kT, values in ((1, q.QuantumLLG(1), 0, None), (1, law, 0, None),
                                         (abs(q.t - 1), q.QuantumLLG(1), 0, None), (1, q.QuantumLLG(1), 0.1 * ON, None),
                                         (sp.Max(q.t, sp.Rational("1.55")), law, 0.1 * ON, None),
                                         (1, q.QuantumLLG(1), q.signal("f", support=[(0.5, 1.5)]),
                                          {"f": ([0.5, 0.8, 1, 1.5], [.1, .1, .1, .1])}))]
    assert steps == [4, 5, 4, 5, 6, 4]


def test_a_temperature_that_is_switched_on_between_times():
    """The same numbers as with the switch among the times, and no noise before it."""
    model = spin(0, 0, 1)
    given = (model, q.QuantumLLG(1), TILTED)
    alone = q.langevin(*given, [0, 1, 2], q.Bath(ON), 30, step=0.1)
    among = q.langevin(*given, [0, 1, 1.03, 2], q.Bath(ON), 30, step=0.1)
    assert abs(alone.samples["bloch"] - among.samples["bloch"][:, [0, 1, 3]]).max() < 1e-9
    assert np.ptp(among.samples["bloch"][:, 2], axis=0).max() == 0
    assert alone.stats["steps"] == among.stats["steps"]


def test_a_switch_that_no_look_would_meet_is_judged():
    """Between two of 129 looks kT is negative, and another time so hot that a step is too long."""
    short = sp.Heaviside(q.t - 1) - sp.Heaviside(q.t - 1.0001)
    with pytest.raises(q.InputError, match="`kT` must be finite and at least 0 at all times, but is -1 at t = 1"):
        q.langevin(spin(0, 0, 1), q.QuantumLLG(1), TILTED, [0, 20], q.Bath(1 - 2 * short), 2)
    with pytest.raises(q.InputError, match="`step` must be at most"):
        q.langevin(spin(0, 0, 1), q.QuantumLLG(1), TILTED, [0, 20], q.Bath(1 + 1000 * short), 2, step=0.1)


def test_laser_heating_by_samples():
    """kT as a signal: its spline, and its values at the times of the samples."""
    heat, times = q.signal("heat"), np.linspace(0, 4, 9)
    samples = 0.2 + np.exp(-(times - 1)**2)
    ens = q.langevin(spin(0, 0, 2), q.QuantumLLG(1), q.states.product("up"), [0, 1, 4], q.Bath(heat), 400, seed=3,
                     values={"heat": (times, samples)}, step=0.05)
    written = q.langevin(spin(0, 0, 2), q.QuantumLLG(1), q.states.product("up"), [0, 1, 4],
                         q.Bath(0.2 + sp.exp(-(q.t - 1)**2)), 400, seed=3, step=0.05)
    assert abs(ens.mean["energy"] - written.mean["energy"]).max() < 0.02
    with pytest.raises(q.InputError, match=r"`values\['heat'\]` must reach over all times"):
        q.langevin(spin(0, 0, 2), q.QuantumLLG(1), TILTED, [0, 5], q.Bath(heat), 4, values={"heat": (times, samples)})


def test_a_signal_that_switches_is_refused():
    with pytest.raises(q.InputError, match="must have jumps and kinks at times that no signal decides"):
        q.langevin(spin(0, 0, 1), q.QuantumLLG(1), TILTED, [0, 1], q.Bath(abs(q.signal("f"))), 2,
                   values={"f": ([0, 0.3, 0.6, 1], [1, 1, 1, 1])})
