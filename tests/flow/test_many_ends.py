"""How batches end: rows that fail stay alone, Ctrl-C keeps what is done, bad input is told with its row."""


import numpy as np
import pytest

import qllg_sym as q
from flow.batches import AGREE, DIMER, LAW, MIXED, ROWS, SPIN, TIMES, VALUES, B, D, H
from flow.driving import without_compiler
from flow.reference import distance
from qllg_sym.flow import chunks
from qllg_sym.flow.methods import frame
from qllg_sym.observables import storage


def blowing(times=TIMES):
    """Rows 1 and 3 of five have a field that diverges at t = 0.75 and 1.6."""
    model = q.Model(q.Space("1/2"), [q.Zeeman((1, 0, 1 / (B - q.t)))])
    return model, q.QuantumLLG(0.5), np.diag([0.8, 0.2]), times, {"B": np.array([9, 0.75, 5, 1.6, 3])}


@pytest.mark.parametrize("compiled", [True, False])
def test_rows_that_fail_do_not_spoil_the_others(compiled, monkeypatch):
    if not compiled:
        without_compiler(monkeypatch)
    model, law, state, times, values = blowing()
    message = r"^The integration must .* 2 of 5 trajectories .* number 1 after t = 0\.7"
    with pytest.raises(q.IntegrationError, match=message) as caught:
        q.solve_many(model, law, state, times, values)
    found = caught.value.partial
    assert caught.value.time == pytest.approx(0.75, abs=0.01)
    assert str(caught.value).count("must") == 1
    assert found.counts.tolist() == [5, 2, 5, 4, 5]
    assert sorted(found.failures) == [1, 3]
    assert found.bloch(0).shape == (5, 5, 3)
    assert np.array_equal(np.isnan(found.bloch(0)[:, :, 0]), np.arange(5) >= found.counts[:, None])
    assert np.array_equal(np.isnan(found.energy), np.arange(5) >= found.counts[:, None])
    assert np.isnan(found.final_state[[1, 3]]).all()
    assert np.isfinite(found.final_state[[0, 2, 4]]).all()
    assert np.isnan(found.invariants["purity"]).sum() == 0
    assert found.spectrum.shape == (5, 5, 2)
    for k in (0, 2, 4):
        alone = q.solve(model, law, state, times, {"B": values["B"][k]})
        assert distance(found.states[k], alone.states) < AGREE
    assert found[1].times.tolist() == [0.0, 0.5]
    assert "2 failed" in repr(found)


def test_without_a_compiler_rows_go_one_by_one_in_numpy(monkeypatch):
    fast = q.solve_many(DIMER, LAW, MIXED, TIMES, VALUES)
    without_compiler(monkeypatch)
    slow = q.solve_many(DIMER, LAW, MIXED, TIMES, VALUES)
    assert [set(many.stats["driver"]) for many in (fast, slow)] == [{"c"}, {"python"}]
    assert distance(slow.states, fast.states) < AGREE
    assert distance(slow.energy, fast.energy) < AGREE
    assert slow.kets.shape == (ROWS, 5, 4, 4)


def test_an_infinite_hamiltonian_fails_alone():
    model, values = q.Model(q.Space("1/2"), [q.Zeeman((B, 0, B * D))]), {"B": [1.0, 1e200], "D": [1.0, 1e200]}
    for state in (np.diag([0.8, 0.2]), q.states.random(q.Space("1/2"), seed=1)):
        for method in ("exact", "frame"):
            with pytest.raises(q.IntegrationError, match="1 of 2") as caught:
                q.solve_many(model, q.QuantumLLG(0.5), state, TIMES, values, method=method)
            alone = q.solve(model, q.QuantumLLG(0.5), state, TIMES, {"B": 1, "D": 1})
            assert distance(caught.value.partial.states[0], alone.states) < AGREE


def test_ctrl_c_keeps_what_is_done(monkeypatch, tmp_path):
    monkeypatch.setattr(chunks, "MOST_ROWS", 4)

    def interrupt(part):
        if part > 0:
            raise KeyboardInterrupt

    whole = q.solve_many(DIMER, LAW, MIXED, TIMES, VALUES)
    with pytest.raises(q.SolveInterrupted, match=r"^`solve_many` was interrupted after \d+ of 11") as caught:
        q.solve_many(DIMER, LAW, MIXED, TIMES, VALUES, progress=interrupt, threads=1)
    found = caught.value.partial
    done = found.counts == 5
    assert 4 <= done.sum() <= 8                     # a chunk may be in work, the last one is not begun
    assert distance(found.states[done], whole.states[done]) < 1e-13
    assert np.isnan(found.purity[~done, -1]).all()
    never = np.flatnonzero(found.counts == 0)
    with pytest.raises(q.InputError, match="did not"):
        found[int(never[-1])]
    assert np.isnan(found.invariants["trace"][never]).all()
    found.save(tmp_path / "part.npz")
    again = q.Trajectories.load(tmp_path / "part.npz")
    assert again.counts.tolist() == found.counts.tolist()
    np.testing.assert_array_equal(again.states, found.states)


@pytest.mark.parametrize("threads", [1, 3])
def test_a_chunk_that_is_lost_leaves_the_others_in_place(threads, monkeypatch):
    monkeypatch.setattr(chunks, "MOST_ROWS", 4)
    whole = q.solve_many(DIMER, LAW, MIXED, TIMES, VALUES)

    def second_is_cut(problem, look):
        if problem.start.rows[0] == 4:
            raise KeyboardInterrupt
        return moved(problem, look)

    moved = frame.run
    monkeypatch.setattr(frame, "run", second_is_cut)
    with pytest.raises(q.SolveInterrupted) as caught:
        q.solve_many(DIMER, LAW, MIXED, TIMES, VALUES, threads=threads)
    found = caught.value.partial
    assert not found.counts[4:8].any()
    assert found.counts[0] == 5
    for row in np.flatnonzero(found.counts == 5):
        assert distance(found.states[row], whole.states[row]) < 1e-13
        assert distance(found[int(row)].energy, whole.energy[row]) < 1e-13
    assert found.stats["steps"][4] == 0


def test_an_error_of_the_users_own_function_ends_everything():
    def refuse(part):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        q.solve_many(DIMER, LAW, MIXED, TIMES, VALUES, progress=refuse)
    with pytest.raises(ZeroDivisionError):
        q.solve_many(DIMER, LAW, MIXED, TIMES, VALUES, observe={"a": lambda rho: 1 / 0})


def test_one_progress_for_the_whole_batch(monkeypatch):
    monkeypatch.setattr(chunks, "MOST_ROWS", 4)
    for states in (MIXED, q.states.bell("psi+"), [*MIXED[:5], *[q.states.bell("psi+")] * 6]):
        seen = []
        q.solve_many(DIMER, LAW, states, TIMES, VALUES, progress=seen.append)
        assert seen == sorted(seen)
        assert seen[-1] == pytest.approx(1)
        assert len(seen) >= 3


@pytest.mark.parametrize("states", [MIXED, q.states.bell("psi+")])
def test_keep_and_observe(states, monkeypatch):
    monkeypatch.setattr(chunks, "MOST_ROWS", 4)
    whole = q.solve_many(DIMER, LAW, states, TIMES, VALUES)
    final = q.solve_many(DIMER, LAW, states, TIMES, VALUES, keep="final")
    assert distance(final.final_state, whole.states[:, -1]) < 1e-13
    assert distance(final.energy, whole.energy) < 1e-13
    assert distance(final[3].final_state, whole[3].final_state) < 1e-13
    with pytest.raises(q.InputError, match=r"^`bloch` needs the states at every time"):
        final.bloch(0)
    operator = np.diag([1.0, 2, 3, 4])
    seen = q.solve_many(DIMER, LAW, states, TIMES, VALUES,
                        observe={"op": operator, "own": lambda rho: rho[0, :2]})
    assert distance(seen.observed["op"], whole.expectation(operator)) < 1e-13
    assert distance(seen.observed["own"], whole.states[:, :, 0, :2]) < 1e-13
    assert seen[2].observed["own"].shape == (5, 2)
    for what in (lambda: seen.states, lambda: seen.final_state, lambda: seen.purity):
        with pytest.raises(q.InputError, match="op, own"):
            what()


def test_stop_ends_every_row_by_itself():
    many = q.solve_many(SPIN, LAW, q.states.product("+x"), TIMES, {"B": [1.0, 4.0], "kappa": 1.0},
                        stop=lambda t, rho: (rho[0, 0] - rho[1, 1]).real > 0.7)
    assert [len(each) for each in many] == [5, 2]
    assert np.isnan(many.bloch(0)[1, 2:]).all()
    assert many.failures == {}


def test_memory_is_asked_before_any_work(monkeypatch):
    monkeypatch.setattr(storage, "available_memory", lambda: 2**20)
    monkeypatch.setattr(frame, "integrate", None)
    with pytest.raises(q.InputError, match=r"^`states of all trajectories` must fit into memory, but needs"):
        q.solve_many(DIMER, LAW, MIXED[0], np.linspace(0, 1, 1000), VALUES)


NAN = np.array([0.1, np.nan, 0.3])
WRONG = {
    "no states": ({"states": []}, "`states` and array `values` must be of one common length"),
    "lengths": ({"states": [MIXED[0]] * 2, "values": {"D": [1, 2, 3], "kappa": 1}}, r"states: 2, values\['D'\]: 3"),
    "no rows": ({"values": {"D": 1.0, "kappa": 1}}, "^`states` must be a list of states"),
    "empty": ({"values": {"D": [], "kappa": 1}}, r"values\['D'\]: 0"),
    "nan": ({"values": {"D": NAN, "kappa": 1}}, r"^`values\['D'\]` must hold finite numbers, but number 1 is nan"),
    "infinite scalar": ({"values": {"D": [1, 2], "kappa": np.inf}}, r"^`values\['kappa'\]` must be finite"),
    "matrix": ({"values": {"D": [[1, 2]], "kappa": [1, 2, 3]}}, r"^`values` must hold arrays that broadcast"),
    "one ket an array": ({"states": np.eye(4)[:2], "values": {"D": 1.0, "kappa": 1}}, "^`states` must be a list"),
    "unknown": ({"values": {"D": [1, 2], "kappa": 1, "x": 2}}, "must name parameters, but has 'x'"),
    "missing": ({"values": {"D": [1, 2]}}, "'kappa' is unbound"),
    "twice": ({"values": {"D": [1, 2], D: [1, 2], "kappa": 1}}, "once, but gives it twice"),
    "no mapping": ({"values": [1, 2]}, "^`values` must be a mapping"),
    "dimension": ({"states": [MIXED[0], np.eye(3) / 3]}, r"^`states\[1\]` must have shape \(4, 4\)"),
    "first": ({"states": [np.eye(3) / 3, MIXED[0]]}, r"^`states\[0\]` must have shape \(4, 4\)"),
    "trace": ({"states": np.array([MIXED[0], MIXED[0], MIXED[0] / 2])}, r"^`states\[2\]` must have trace 1"),
    "negative": ({"states": [MIXED[0], np.diag([1.5, -0.5, 0, 0])]}, r"^`states\[1\]` must have no negative"),
    "hermitian": ({"states": [MIXED[0], MIXED[0] + np.eye(4, k=1)]}, r"^`states\[1\]` must be Hermitian"),
    "finite": ({"states": [MIXED[0], MIXED[0] * np.nan]}, r"^`states\[1\]` must be finite"),
    "norm": ({"states": [np.eye(4)[0], np.ones(4)]}, r"^`states\[1\]` must have norm 1"),
    "kind": ({"states": [MIXED[0], "up"]}, r"^`states\[1\]` must be a density matrix"),
    "method": ({"method": "exact", "states": [q.states.bell("psi+"), MIXED[0]]}, "'exact' does not fit number 1"),
    "no method": ({"method": "euler"}, "^`method` must be one of auto"),
    "keep": ({"keep": "none"}, "^`keep` must be"),
    "observe": ({"observe": {"a": np.eye(3)}}, r"^`observe\['a'\]` must be an operator"),
    "stop": ({"stop": 3}, "^`stop` must be a function"),
    "progress": ({"progress": "yes"}, "^`progress` must be"),
    "threads": ({"threads": 0}, "^`threads` must be a positive integer or None, but is 0"),
    "times": ({"times": [1, 0]}, "^`times` must be"),
    "rtol": ({"rtol": 2}, "^`rtol` must be"),
    "law": ({"law": q.QuantumLLG}, "^`law` must be a law"),
    "model": ({"model": 3}, "^`model` must be a Model"),
}


@pytest.mark.parametrize("name", WRONG)
def test_bad_input_is_told_in_one_sentence_that_names_the_row(name):
    wrong, message = WRONG[name]
    given = {"model": DIMER, "law": LAW, "states": MIXED[0], "times": TIMES} | wrong
    if "values" not in wrong:
        count = len(given["states"]) if "states" in wrong else 2
        given["values"] = {"D": np.linspace(0, 1, count) if count else 0.0, "kappa": 0.5}
    with pytest.raises(q.QllgError, match=message) as caught:
        q.solve_many(**given)
    assert "\n" not in str(caught.value)


def test_hbar_must_be_positive_in_every_row():
    model = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, 1))], hbar=H)
    with pytest.raises(q.InputError, match=r"^`values` must make ħ positive, but it is -1 in row 1"):
        q.solve_many(model, q.VonNeumann(), q.states.product("up"), [0, 1], {"h": [1, -1]})


def test_moments_of_a_wrong_length_are_named():
    moments = np.array([[[0, 0, 1], [0, 0, 1]], [[0, 0, 1], [0, 0, 2]]])
    with pytest.raises(q.StateError, match=r"^`states\[1\]` must hold unit moments"):
        q.solve_many(DIMER, q.ClassicalLLG(0.5), moments, TIMES, {"D": 0.1})


@pytest.mark.parametrize("index", [ROWS, -ROWS - 1, 1.5, "a", [ROWS], [True], True, None])
def test_a_row_that_there_is_not(index):
    many = q.solve_many(DIMER, LAW, MIXED, [0], VALUES)
    with pytest.raises(q.QllgError, match=r"^`index` must [^\n]* 11 trajectories [^\n]*\.$") as caught:
        many[index]
    assert isinstance(caught.value, IndexError)
    assert [len(one) for one in many] == [1] * ROWS         # iteration ends by that very error


def test_the_first_state_of_a_batch_that_kept_only_the_last():
    for method in ("frame", "low-rank"):
        many = q.solve_many(DIMER, LAW, MIXED, TIMES, VALUES, method=method, keep="final")
        assert distance(many.at(TIMES[0]), np.array(MIXED)) < 1e-14


def test_what_is_observed_must_be_of_one_shape():
    seen = []
    with pytest.raises(q.InputTypeError, match=r"^`observe\['f'\]` must return a number[^\n]*\.$"):
        q.solve_many(DIMER, LAW, MIXED, TIMES, VALUES, observe={"f": lambda m: np.zeros(len(seen.append(1) or seen))})
    with pytest.raises(q.InputTypeError, match=r"^`observe\['f'\]` must return a number[^\n]* a str;[^\n]*\.$"):
        q.solve_many(DIMER, LAW, MIXED, TIMES, VALUES, observe={"f": lambda m: "text"})


@pytest.mark.parametrize("method", ["auto", "frame", "pauli", "low-rank"])
def test_the_last_states_are_kept_beside_what_is_observed(method, monkeypatch, tmp_path):
    monkeypatch.setattr(chunks, "MOST_ROWS", 4)
    whole = q.solve_many(DIMER, LAW, MIXED, TIMES, VALUES, method=method)
    both = q.solve_many(DIMER, LAW, MIXED, TIMES, VALUES, method=method, keep="final",
                        observe={"op": np.diag([1.0, 2, 3, 4])})
    both.save(tmp_path / "both.npz")
    for found in (both, q.Trajectories.load(tmp_path / "both.npz")):
        assert distance(found.final_state, whole.states[:, -1]) < 1e-13
        assert distance(found[3].final_state, whole.states[3, -1]) < 1e-13
        assert distance(found.observed["op"], whole.expectation(np.diag([1.0, 2, 3, 4]))) < 1e-13


def test_the_last_moments_are_kept_beside_what_is_observed():
    model, law = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, B))]), q.ClassicalLLG(0.1)
    given = {"values": {"B": [1.0, 2.0]}, "observe": {"z": lambda moments: moments[0, 2]}}
    both = q.solve_many(model, law, np.array([[1.0, 0, 0]]), TIMES, keep="final", **given)
    assert both.final_state.shape == (2, 1, 3)
    assert distance(both.final_state[:, 0, 2], both.observed["z"][:, -1]) < 1e-15
