"""Results of every kind say what they have where they are asked for a reading that they lack."""

import copy
import pickle

import pytest

import qllg_sym as q
from qllg_sym.flow.results.absent import TellsWhatItHas

PAIR = q.Model(q.Space("1/2", "1"), [q.Exchange(1, 0, 1)])
HYBRID = PAIR, q.Hybrid(0.5, 0.1, clusters=[0], classical=[1]), q.HybridState([q.states.product("up")], [[1, 0, 0]])
CHAIN = q.Model(q.Space.half(2), [q.Zeeman((0, 0, 1))]), q.QuantumLLG(0.5), q.states.product("up", "down")


def many(model, law, state, **how):
    return q.solve_many(model, law, [state], [0, 1], **how)


RUNS = {
    "hybrid": (lambda: q.solve(*HYBRID, [0, 1]), "ask a cluster for it, clusters[0].purity."),
    "gaussian": (lambda: q.solve(*CHAIN, [0, 1], method="gaussian"), "leave out method='gaussian' for it."),
    "mps": (lambda: q.solve(*CHAIN, [0, 1], method="mps"), "leave out method='mps' for it."),
    "hybrid rows": (lambda: many(*HYBRID), "read it of a cluster, read(0, 'purity')."),
    "chain rows": (lambda: many(*CHAIN, method="gaussian"), "leave out method='gaussian' for it."),
}


@pytest.mark.parametrize("name", RUNS)
def test_every_reading_of_other_results_is_refused_in_a_sentence(name):
    run, todo = RUNS[name][0](), RUNS[name][1]
    absent = [each for each in dir(q.Trajectory) if not each.startswith("_") and not hasattr(run, each)]
    assert "purity" in absent
    for each in absent:
        with pytest.raises(q.InputError, match=rf"^`{each}` must be one of .*\bbloch, .*\benergy, .*; .*\.$"):
            getattr(run, each)
    with pytest.raises(AttributeError) as caught:
        run.purity      # noqa: B018
    assert str(caught.value).endswith(todo)
    with pytest.raises(q.InputError, match=r"has \(did you mean bloch\?\); choose among them\.$"):
        run.blochs      # noqa: B018
    for again in (pickle.loads(pickle.dumps(run)), copy.deepcopy(run), copy.copy(run)):
        assert again.energy.tolist() == run.energy.tolist()


def test_what_one_trajectory_has_is_asked_of_one():
    with pytest.raises(q.InputError, match=r"; ask one trajectory for it, many\[0\]\.covariance\.$"):
        many(*CHAIN, method="gaussian").covariance      # noqa: B018


def test_trajectories_refuse_what_they_lack_and_say_why_as_before():
    run = q.solve(*CHAIN, [0, 1], observe={"P": "purity"})
    with pytest.raises(q.InputError, match=r"^`states` needs the states, but only P were kept"):
        run.states      # noqa: B018
    with pytest.raises(q.InputError, match=r"^`clusters` must be one of the names that dir\(\) lists"):
        run.clusters        # noqa: B018


def test_a_fault_inside_a_property_is_not_hidden():
    class Faulty(TellsWhatItHas):
        @property
        def energy(self):
            return None.size

    with pytest.raises(AttributeError, match="'NoneType' object has no attribute 'size'"):
        Faulty().energy     # noqa: B018
