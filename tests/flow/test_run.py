"""What runs rows: reasons are data, one row goes through the same body as many, threads hand on chunks in order."""

import threading
from dataclasses import replace

import numpy as np
import pytest

import qllg_sym as q
from flow.batches import DIMER, LAW, MIXED, ROWS, TIMES, VALUES
from flow.reference import distance
from qllg_sym.flow import chunks
from qllg_sym.flow.methods import low_rank
from qllg_sym.flow.threads import Threads

REASON = "it stopped: at a wall; twice"          # what a sentence cut at ": " and "; " would lose


def test_a_reason_comes_through_whole(monkeypatch):
    run = low_rank.run

    def stopped(problem, watch):
        return replace(run(problem, watch), failures=[REASON], reached=np.array([1.25]))

    monkeypatch.setattr(low_rank, "run", stopped)
    with pytest.raises(q.IntegrationError, match=f"number 0 after t = 1.25: {REASON}; loosen rtol") as caught:
        q.solve_many(DIMER, LAW, MIXED[:2], TIMES, {"D": 0.1, "kappa": 0.5}, method="low-rank")
    assert caught.value.partial.failures == dict.fromkeys([0, 1], f"{REASON}, after t = 1.25")
    with pytest.raises(q.IntegrationError, match=f"stopped after t = 1.25: {REASON}; loosen rtol"):
        q.solve(DIMER, LAW, MIXED[0], TIMES, {"D": 0.1, "kappa": 0.5}, method="low-rank")


def test_one_row_is_posed_chosen_and_run_as_many_are(monkeypatch):
    """What is counted is the same, and rows in lockstep differ by rounding alone."""
    whole = q.solve_many(DIMER, LAW, MIXED, TIMES, VALUES)
    calls = []
    fits = chunks.fits
    monkeypatch.setattr("qllg_sym.flow.run.fits", lambda *given: fits(*given) and not calls.append(len(given[0])))
    for k in (0, ROWS - 1):
        numbers = {name: values[k] for name, values in VALUES.items()}
        one = q.solve(DIMER, LAW, MIXED[k], TIMES, numbers)
        batch = q.solve_many(DIMER, LAW, [MIXED[k]], TIMES, numbers)
        assert one.stats["steps"] == batch[0].stats["steps"] == whole[k].stats["steps"]
        assert distance(one.states, whole.states[k]) < 1e-13
        assert np.array_equal(one.states, batch.states[0])
    assert calls == []                      # one row has nobody to go with
    q.solve_many(DIMER, LAW, MIXED, TIMES, VALUES)
    assert calls == [ROWS]


def test_states_in_between_go_on_from_the_nearest_one_before(monkeypatch):
    found = q.solve(DIMER, LAW, MIXED[0], [0, 1, 2], {"D": 0.1, "kappa": 0.5}, method="low-rank")
    run, begun = low_rank.run, []
    monkeypatch.setattr(low_rank, "run", lambda problem, watch: begun.append(problem.times[0]) or run(problem, watch))
    expected = q.solve(DIMER, LAW, MIXED[0], [0, 1.5], {"D": 0.1, "kappa": 0.5}, method="low-rank").final_state
    begun.clear()
    assert distance(found.at(1.5), expected) < 1e-8
    assert found.at(0.5).shape == (4, 4)
    assert begun == [1.0, 0.0]


def test_chunks_come_in_order_and_no_more_than_one_is_begun_ahead():
    begun, done = [], []

    def solve(chunk, look):
        begun.append(chunk[0])
        look(0.5)
        return chunk[0]

    for found in Threads(2).each([[k] for k in range(9)], solve, lambda rows: None):
        done.append(found)
        assert len(begun) <= len(done) + 2
    assert done == list(range(9))


def test_ctrl_c_is_raised_after_what_was_in_work():
    held = threading.Event()

    def solve(chunk, look):
        held.wait(5)
        return chunk[0]

    def show(rows):
        held.set()
        raise KeyboardInterrupt

    each = Threads(1).each([[0], [1], [2]], solve, show)
    assert next(each) == 0
    with pytest.raises(KeyboardInterrupt):
        list(each)


@pytest.mark.parametrize("method", ["exact", "frame", "pauli"])
@pytest.mark.parametrize("rows", [2, 3, 5])
def test_a_chunk_of_one_row_keeps_its_number(monkeypatch, method, rows):
    """The last chunk may hold one row alone, which goes where it belongs."""
    monkeypatch.setattr(chunks, "MOST_ROWS", 2)
    space = q.Space.half(2)
    model, states = q.Model(space, [q.Exchange(1, 0, 1)]), [q.states.random(space, rank=1, seed=k) for k in range(rows)]
    many = q.solve_many(model, LAW, states, TIMES, {"kappa": 0.5}, method=method)
    assert many.counts.tolist() == [len(TIMES)] * rows
    for k, state in enumerate(states):
        assert distance(many.states[k], q.solve(model, LAW, state, TIMES, {"kappa": 0.5}, method=method).states) < 1e-9
