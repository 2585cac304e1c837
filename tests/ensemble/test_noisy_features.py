"""What is shorter than a step is seen, however short: pulses of H, of the law and of kT, written or by samples."""

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from qllg_sym.ensemble import preparation
from qllg_sym.ensemble.features import Features
from qllg_sym.ensemble.step_size import StepSize

AT, LATE = 50.3, [0, 49, 51, 55]
UP = q.states.product("up")


def gauss(width, area=1.0):
    """A pulse of a given area."""
    return area / (width * sp.sqrt(sp.pi)) * sp.exp(-((q.t - AT) / width)**2)


PULSE = gauss(0.01)


def spin(*B):
    return q.Model(q.Space("1/2"), [q.Zeeman(B)])


def unseen(monkeypatch):
    """The broken twin: no look between the regular ones."""
    monkeypatch.setattr(preparation, "features",
                        lambda problem, kT, numbers, grid: Features(grid, np.full(len(grid) - 1, np.inf)))


def turned(law, start=UP, B=PULSE, values=None):
    """How far a pulse that turns by one radian leads from where `solve` is."""
    model, given = spin(B, 0, 1), (law, start, LATE)
    found = q.langevin(model, *given, q.Bath(0), 1, values=values).mean["bloch"][:, 0]
    return abs(found - q.solve(model, *given, values=values).bloch(0)).max()


@pytest.mark.parametrize(("law", "start"), [(q.QuantumLLG(0.1), UP), (q.ClassicalLLG(0.1), [[0.0, 0, 1]]),
                                            pytest.param(q.LocalGilbert(0.1), UP, marks=pytest.mark.slow)])
def test_a_pulse_of_the_field_turns_spins(law, start, monkeypatch):
    assert turned(law, start) < 0.01
    unseen(monkeypatch)
    assert turned(law, start) > 0.5


def test_a_pulse_by_samples_turns_spins():
    """Its samples lie close where it is, as those of a measurement do."""
    times = np.concatenate([[0, 10, 20, 30, 40, 49], np.linspace(50, 50.6, 61), [51, 52, 53, 54, 55]])
    samples = np.exp(-((times - AT) / 0.05)**2) / (0.05 * np.sqrt(np.pi))
    assert turned(q.QuantumLLG(0.1), B=q.signal("f"), values={"f": (times, samples)}) < 0.01


def test_a_pulse_of_the_damping_is_seen(monkeypatch):
    """κ → κ(t), up to 1.1."""
    given = spin(0, 0, 1), q.QuantumLLG(gauss(0.01, 0.02)), q.states.product("+x"), [0, 55]
    exact = q.solve(*given).bloch(0)[-1]
    assert q.langevin(*given, q.Bath(0), 1).mean["bloch"][-1, 0, 2] == pytest.approx(exact[2], rel=0.02)
    assert exact[2] > 0.01
    unseen(monkeypatch)
    assert abs(q.langevin(*given, q.Bath(0), 1).mean["bloch"][-1, 0, 2]) < 1e-3


@pytest.mark.parametrize("width", [0.3, 0.03, 0.003])
def test_a_flash_of_heat_is_felt(width, monkeypatch):
    """⟨m⟩ of free spins decays as exp(−4κ∫k_BT dt/(ħ(1 + κ²))), with ħ = 2 here."""
    free, kappa = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, sp.Rational(1, 10**6)))], hbar=2), 0.5
    given = free, q.QuantumLLG(kappa), UP, [0, 45, 52], q.Bath(gauss(width, 1.0)), 1500
    exact = np.exp(-4 * kappa * 1.0 / (2 * (1 + kappa**2)))
    heated = q.langevin(*given)
    assert abs(heated.mean["bloch"][-1, 0, 2] - exact) < 5 * heated.error["bloch"][-1, 0, 2] < 0.1
    assert heated.mean["bloch"][1, 0, 2] == pytest.approx(1, abs=1e-12)
    unseen(monkeypatch)
    assert width > 0.1 or q.langevin(*given).mean["bloch"][-1, 0, 2] > 0.9


def test_an_ensemble_goes_on_through_a_pulse():
    given = spin(gauss(0.01), 0, 1), q.QuantumLLG(0.1), UP
    whole = q.langevin(*given, [49, 50, 51], q.Bath(0.1 + gauss(0.1)), 5, step=0.01)
    part = q.langevin(*given, [49, 50], q.Bath(0.1 + gauss(0.1)), 5, step=0.01).resume([51])
    assert whole.stats["steps"] == part.stats["steps"]
    assert abs(whole.samples["bloch"] - part.samples["bloch"]).max() < 1e-9


def test_what_moves_slowly_takes_no_more_steps():
    slow = spin(sp.cos(q.t / 3), 0, 1 + sp.exp(-q.t))
    assert q.langevin(slow, q.QuantumLLG(0.1), UP, [0, 10], q.Bath(0.1 + sp.exp(-(q.t - 5)**2)), 2, step=0.1) \
        .stats["steps"] == 100


def test_a_pulse_too_hot_for_a_step_is_refused():
    with pytest.raises(q.InputError, match="`step` must be at most"):
        q.langevin(spin(0, 0, 1), q.QuantumLLG(1), UP, LATE, q.Bath(gauss(0.001)), 2, step=0.1)
    with pytest.raises(q.InputError, match="`kT` must be finite and at least 0 at all times, but is -"):
        q.langevin(spin(0, 0, 1), q.QuantumLLG(1), UP, LATE, q.Bath(0.1 - gauss(0.001)), 2)


@pytest.mark.parametrize(("changes", "said"), [
    ({"step": 1e-300}, "`times` must be reached in less than 1e\\+15 steps, but take 1e\\+300"),
    ({"bath": q.Bath(1e100)}, "`times` must be reached in less than 1e\\+15 steps"),
    ({"bath": q.Bath(sp.Symbol("T", real=True)), "values": {"T": [1, 2]}},
     "`values\\['T'\\]` must be one number, but is an array"),
    ({"observe": {"energy": "bloch0"}}, "`observe` must leave the name 'energy'")])
def test_what_no_trajectory_can_do_is_refused(changes, said):
    """So many steps once were a negative number, and none was taken: the ensemble stayed where it began."""
    given = {"model": spin(0, 0, 1), "law": q.QuantumLLG(1), "state": UP, "times": [0, 1], "bath": q.Bath(1),
             "trajectories": 2, **changes}
    with pytest.raises(q.QllgError, match=said):
        q.langevin(**given)
    with pytest.raises(q.InputError, match="must move states at a finite rate, but it is inf"):
        StepSize(np.inf, 2).checked(None)


def test_a_reader_that_writes_does_no_harm():
    def erased(state):
        state[...] = 0
        return 1.0

    for law, start in ((q.QuantumLLG(1), UP), (q.ClassicalLLG(1), [[0.0, 0, 1]])):
        one, other = (q.langevin(spin(0, 0, 1), law, start, [0, 1, 2], q.Bath(1), 3, step=0.1, observe=observe)
                      for observe in ({"erased": erased}, None))
        assert (one.samples["energy"] == other.samples["energy"]).all()
