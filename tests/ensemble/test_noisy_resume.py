"""An ensemble that goes on is, bit for bit, the one that was run to all times at once."""

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from ensemble.noisy_cases import CASES, MIXED, OBSERVE, ensemble, same
from qllg_sym.ensemble import noisy_run

TIMES = [0, 0.2, 0.5, 0.9, 1.3]


@pytest.mark.parametrize("name", CASES)
def test_going_on_gives_the_same_bits(name):
    whole, part = ensemble(name, times=TIMES, trajectories=200), ensemble(name, times=TIMES[:2], trajectories=200)
    again = part.resume(TIMES[2:])
    assert same(again, whole)
    assert same(part.resume(0.5).resume([0.9, 1.3]), whole)
    assert again.times.tolist() == TIMES
    assert again.stats["steps"] == whole.stats["steps"]


def test_the_first_random_numbers_again_are_caught(monkeypatch):
    """The broken twin: steps are counted from 0 once more."""
    whole = ensemble(times=TIMES, trajectories=20)
    part = ensemble(times=TIMES[:2], trajectories=20)
    assert same(part.resume(TIMES[2:]), whole)
    part.stats["steps"] = 0
    assert not same(part.resume(TIMES[2:]), whole)


def test_moving_fields_and_heat_go_on():
    model = q.Model(q.Space("1/2"), [q.Zeeman((0, sp.sin(q.t), 1))])
    heat = q.signal("heat")
    values = {"heat": (np.linspace(0, 2, 9), 1 + np.linspace(0, 2, 9)**2)}
    given = model, q.QuantumLLG(0.5), q.states.product("up")
    whole, part = (q.langevin(*given, times, q.Bath(heat), 20, step=0.02, values=values)
                   for times in ([0, 1, 2], [0, 1]))
    assert abs(part.resume([2]).samples["bloch"] - whole.samples["bloch"]).max() < 1e-9


def test_with_an_executor_and_a_checkpoint(tmp_path):
    whole, part = ensemble(times=TIMES), ensemble(times=TIMES[:3])
    assert same(part.resume(TIMES[3:], checkpoint=tmp_path / "a"), whole)
    assert same(part.resume(TIMES[3:], checkpoint=tmp_path / "a"), whole)
    with pytest.raises(q.InputError, match=r"must hold this ensemble, but .* another `state`"):
        ensemble(times=TIMES[:3], seed=3).resume(TIMES[3:], checkpoint=tmp_path / "a")


@pytest.mark.slow
def test_with_processes():
    assert same(ensemble(times=TIMES[:3]).resume(TIMES[3:], executor=2), ensemble(times=TIMES))


def test_what_cannot_go_on_says_so(monkeypatch):
    part = ensemble(trajectories=3)
    for times, says in (([0.5, 1], "`times` must go on after t = 0.5, the last time of the ensemble, but begin at 0.5"),
                        ([1, 0.9], "`times` must be a strictly increasing list"),
                        ("soon", "`times` must be real numbers")):
        with pytest.raises(q.QllgError, match=says):
            part.resume(times)
    with pytest.raises(q.InputError, match="`step` must be at most"):
        part.resume([1], step=3)
    with pytest.raises(q.InputError, match="`observe` must have the names of before, energy, z, last, header, but has"):
        part.resume([1], observe={"z": OBSERVE["z"]})
    monkeypatch.setattr(noisy_run, "KEPT", 100)
    with pytest.raises(q.InputError, match="`resume` must begin in the last states, but of this ensemble they were"):
        ensemble(trajectories=3).resume([1])
    with pytest.raises(q.InputError, match="`resume` must know what the ensemble is made of"):
        q.ThermalEnsemble(part.times, part.samples, part.stats, part.law, part.bath).resume([1])


def test_start_states_are_those_of_before():
    """The levels of a mixed state are not worked out again, which would change them by rounding."""
    part = ensemble(state=MIXED, trajectories=2)
    assert part.resume([0.7]).origin.start is part.origin.start
