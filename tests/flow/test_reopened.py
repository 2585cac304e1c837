"""States between the stored times of what was loaded: those of the run that was saved, by every method."""

import pickle

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from flow.reference import distance

J = sp.Symbol("J", real=True)
PAIR = q.Model(q.Space.half(2), [q.Exchange(J, 0, 1), q.DMI((0, 0, 0.3), 0, 1), q.Zeeman((0.1, 0.2, 1))])
OTHER = q.Model(q.Space.half(2), [q.Exchange(J, 0, 1), q.Zeeman((0, 0, 1), sites=[0])])
MEAN = q.ClassicalLLG(0.5, field="mean")
UP_DOWN, MOMENTS = q.states.product("up", "down"), [[1, 0, 0], [0, 1, 0]]
TIMES, BETWEEN = [0, 1, 2], (0.37, 1.61)
RING = q.Model(q.Space.half(6, magnetisation=0), q.chain(6, q.Exchange, J))
NEEL = q.states.product(*["up", "down"] * 3)
H = q.signal("h")
DRIVEN = q.Model(q.Space("1/2"), [q.Zeeman((H, 0, sp.Heaviside(q.t - 1.5)))])
GRID = np.linspace(0, 2, 9)
RUNS = {
    "exact": lambda: q.solve(PAIR, q.QuantumLLG(0.5), UP_DOWN, TIMES, {"J": 1}),
    "exact in a sector": lambda: q.solve(RING, q.QuantumLLG(0.5), NEEL, TIMES, {"J": 1}),
    "krylov": lambda: q.solve(PAIR, q.QuantumLLG(0.5), UP_DOWN, TIMES, {"J": 1}, method="krylov"),
    "frame of a thermal state": lambda: q.solve(PAIR, q.QuantumLLG(0.5), q.states.thermal(OTHER, 0.3), TIMES, {"J": 1}),
    "density matrices": lambda: q.solve(PAIR, q.QuantumLLG(0.5) + q.Dephasing(0.1), UP_DOWN, TIMES, {"J": 1}),
    "moments": lambda: q.solve(PAIR, MEAN, MOMENTS, TIMES, {"J": 1}),
    "steps of one length": lambda: q.solve(PAIR, MEAN, MOMENTS, TIMES, {"J": 1}, method="heun", options={"step": 0.25}),
    "short steps": lambda: q.solve(PAIR, MEAN, MOMENTS, TIMES, {"J": 1}, rtol=1e-4, max_step=0.5, breakpoints=[0.2]),
    "a signal and a jump": lambda: q.solve(DRIVEN, q.QuantumLLG(0.5), q.states.product("up"), TIMES,
                                           {"h": (GRID, np.sin(GRID))}),
    "rows": lambda: q.solve_many(PAIR, q.QuantumLLG(0.5), [UP_DOWN, np.eye(4) / 4], TIMES, {"J": [1, 2]}),
    "rows of moments": lambda: q.solve_many(PAIR, MEAN, [MOMENTS] * 2, TIMES, {"J": [1, 2]}),
}


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("ending", ["npz", "nc"])
def test_the_state_is_that_of_what_was_saved(name, ending, tmp_path):
    """With the same method, tolerances and steps: not a digit of the solver's error apart, but for the rows of one."""
    run = RUNS[name]()
    run.save(tmp_path / f"run.{ending}")
    again = q.load(tmp_path / f"run.{ending}")
    for t in BETWEEN:
        assert distance(again.at(t), run.at(t)) < 1e-13
        assert distance(again.snapshot(t).bloch(0), run.snapshot(t).bloch(0)) < 1e-13
    assert abs(again.at(BETWEEN[1]) - again.at(1)).max() > 1e-3, "it moves"
    copied = pickle.loads(pickle.dumps(again))
    assert distance(copied.at(BETWEEN[0]), run.at(BETWEEN[0])) < 1e-13
    assert repr(again) == repr(run)


def test_rows_of_a_loaded_batch_are_asked_one_by_one_too(tmp_path):
    many = RUNS["rows"]()
    many.save(tmp_path / "many.npz")
    again = q.load(tmp_path / "many.npz")
    assert distance(again[1].at(0.5), many[1].at(0.5)) < 1e-13
    assert distance(again[[1]].at(0.5), many.at(0.5)[1:]) < 1e-13


def test_what_a_file_does_not_hold_is_said(tmp_path):
    path = tmp_path / "run.npz"
    slow = q.Model(DRIVEN.space, [q.Zeeman((q.signal("h", resolution=0.5), 0, 0))])
    q.solve(slow, q.QuantumLLG(0.5), q.states.product("up"), TIMES, {"h": np.sin}).save(path)
    run = q.load(path)
    with pytest.raises(q.InputError, match=r"^`t` must be a stored time where a file does not hold all that was solved "
                                           r"\(`values` must give the signal 'h', .*\), but is 0\.4; take one of"):
        run.at(0.4)
    assert run.at(1).shape == (2, 2)
    with pytest.raises(q.InputError, match=r"take that, or read the file with qllg_sym\.load, which solves for"):
        q.Trajectory.load(path).at(0.4)
    q.solve(PAIR, q.QuantumLLG(0.5), UP_DOWN, TIMES, {"J": 1}, keep="final").save(path)
    with pytest.raises(q.InputError, match=r"the nearest is 2; take that\.$"):
        q.load(path).at(0.4)


def test_sensitivities_are_refused_as_the_start_may_depend_on_the_parameter(tmp_path):
    run = q.solve(PAIR, q.QuantumLLG(0.5), q.states.thermal(OTHER, 0.3), TIMES, {"J": 1})
    run.save(tmp_path / "run.npz")
    assert abs(run.sensitivity("J")[0]).max() > 0.1, "the start does"
    with pytest.raises(q.InputError, match="asks for sensitivities, which need all states of a solve and what was"):
        q.load(tmp_path / "run.npz").sensitivity("J")


def test_a_row_without_states_is_named(tmp_path):
    def halt(done):
        if done >= 0.5:
            raise KeyboardInterrupt

    with pytest.raises(q.SolveInterrupted) as caught:
        q.solve_many(PAIR, q.QuantumLLG(0.5), UP_DOWN, TIMES, {"J": [1.0, 2.0, 3.0]}, method="krylov", progress=halt)
    found = caught.value.partial
    assert found.counts[2] == 0
    found.save(tmp_path / "part.npz")
    with pytest.raises(q.InputError, match=r"\(row 2 has no states\), but is 0\.5; take one of `times`\.$"):
        q.load(tmp_path / "part.npz").at(0.5)
