"""Many rows of clusters and moments: each is that of `solve`; rows that end early, files, and where rows are wrong."""

import copy
import pickle

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q

J, K, B = sp.symbols("J K B", real=True)
MODEL = q.Model(q.Space("1/2", "1", "1/2"), [q.Exchange(J, 0, 2), q.Bilinear(K, 0, 1), q.Zeeman((B, 0, 0.3))])
LAW = q.Hybrid(0.5, 0.1, clusters=[(0, 2)], classical=[1])
TIMES = np.linspace(0, 3, 4)
UP_DOWN, DOWN_UP = (q.HybridState([q.states.product(*names)], [[0.6, 0, 0.8]]) for names in
                    (("up", "down"), ("down", "up")))
VALUES = {"J": np.array([0.5, 1.0]), "K": 0.7, "B": 1.0}


@pytest.fixture(scope="module")
def many():
    return q.solve_many(MODEL, LAW, [UP_DOWN, DOWN_UP], TIMES, VALUES, observe={"C": "clusters[0].concurrence"})


def test_every_row_is_that_of_solve(many):
    for row, (state, j) in enumerate(zip((UP_DOWN, DOWN_UP), (0.5, 1.0), strict=True)):
        alone = q.solve(MODEL, LAW, state, TIMES, {**VALUES, "J": j})
        assert np.array_equal(many.energy[row], alone.energy)
        assert np.array_equal(many.moments[row], alone.moments)
        for site in range(3):
            assert np.array_equal(many.bloch(site)[row], alone.bloch(site))
        assert np.array_equal(many.read(0, "concurrence", 0, 1)[row], alone.clusters[0].concurrence(0, 1))
        assert many.observed["C"][row] == pytest.approx(alone.clusters[0].concurrence(0, 1), abs=1e-12)
        assert np.array_equal(many[row].final_state.moments, alone.final_state.moments)
    assert abs(many.energy[0] - many.energy[1]).max() > 0.1
    assert (many.shape, many.counts.tolist(), dict(many.failures)) == ((2,), [4, 4], {})
    assert many.invariants["|m|"].max() < 1e-14
    assert many.final_states[1].moments.tolist() == many.moments[1, -1].tolist()
    assert many[::-1].energy.tolist() == many.energy[::-1].tolist()
    assert many[[False, True]].values["J"].tolist() == [1.0]
    assert "2 of 4 times from 0 to 3, clusters (0, 2), 1 moments" in repr(many)


def test_values_given_as_lists_can_be_sliced():
    many = q.solve_many(MODEL, LAW, UP_DOWN, [0, 0.1], {"J": [0.5, 1.0], "K": 0.7, "B": 1.0})
    assert many[1:].values["J"].tolist() == [1.0]
    assert np.array_equal(many[1:].energy, many.energy[1:])


def test_grids_are_laid_out_as_arrays_are():
    grid = q.solve_many(MODEL, LAW, UP_DOWN, [0, 1], {"J": np.array([[0.5], [1.0]]), "K": np.array([0.1, 0.2, 0.3]),
                                                      "B": 0}, keep="final")
    assert grid.shape == (2, 3)
    corner = q.solve(MODEL, LAW, UP_DOWN, [0, 1], {"J": 1.0, "K": 0.3, "B": 0}).final_state.moments
    assert np.array_equal(grid[5].final_state.moments, corner)


@pytest.mark.parametrize("suffix", [".npz", ".nc"])
@pytest.mark.parametrize("keep", ["all", "final"])
def test_files_bring_everything_back(many, tmp_path, suffix, keep):
    found = many if keep == "all" else q.solve_many(MODEL, LAW, [UP_DOWN, DOWN_UP], TIMES, VALUES, keep="final")
    q.save(found, tmp_path / f"many{suffix}")
    for again in (q.load(tmp_path / f"many{suffix}"), pickle.loads(pickle.dumps(found)), copy.deepcopy(found)):
        assert np.array_equal(again.energy, found.energy)
        assert again.values["J"].tolist() == [0.5, 1.0]
        assert again[1].values["J"] == 1.0
        assert np.array_equal(again[1].final_state.moments, found[1].final_state.moments)
        assert (again.law, again.model, again.shape) == (LAW, MODEL, (2,))
        if keep == "all":
            assert np.array_equal(again.bloch(2), found.bloch(2))
            assert np.array_equal(again.observed["C"], found.observed["C"])
    with pytest.raises(q.FileError, match=r"write HybridTrajectories\.load"):
        q.HybridTrajectory.load(tmp_path / f"many{suffix}")


def test_a_row_that_fails_spoils_no_other(tmp_path):
    """A field that grows without bound in one row alone."""
    growing = q.Model(MODEL.space, [*MODEL.terms, q.Zeeman((0, 0, B / (2 - q.t)), sites=[1])])
    with pytest.raises(q.IntegrationError, match="1 of 2 trajectories stopped early, the first of them number 1") as e:
        q.solve_many(growing, LAW, UP_DOWN, [0, 1, 3], {"J": 1, "K": 0.7, "B": [0, 1e-3]})
    found = e.value.partial
    assert found.counts.tolist() == [3, 2]
    assert np.isnan(found.energy).tolist() == [[False] * 3, [False, False, True]]
    assert found.failures == {1: f"{e.value.reason}, after t = {e.value.time:g}"}
    found.save(tmp_path / "part.npz")
    again = q.load(tmp_path / "part.npz")
    assert np.array_equal(again.bloch(1), found.bloch(1), equal_nan=True)
    assert dict(again.failures) == dict(found.failures)


def test_ctrl_c_keeps_what_is_done():
    calls = []

    def read(state):
        calls.append(state)
        if len(calls) == 6:
            raise KeyboardInterrupt
        return 1.0

    with pytest.raises(q.SolveInterrupted, match="after 1 of 3 trajectories") as e:
        q.solve_many(MODEL, LAW, [UP_DOWN] * 3, TIMES, {"J": 1, "K": 0.7, "B": 1}, observe={"x": read})
    found = e.value.partial
    assert found.counts.tolist()[::2] == [4, 0]
    with pytest.raises(q.InputError, match="number 2 did not"):
        found[2]
    assert np.isnan(found.energy[2]).all()


def test_progress_is_that_of_the_whole_batch():
    seen = []
    q.solve_many(MODEL, LAW, [UP_DOWN] * 2, TIMES, {"J": 1, "K": 0.7, "B": 1}, progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
    assert min(seen) < 0.5


def test_what_a_batch_has_not_is_refused(many):
    wrong = {
        "`plot` must be asked of one trajectory, but there are 2; write many[0].plot().": lambda: many.plot(),
        "`cluster` must be a number from 0 to 0, but is 1; they count as in the law.": lambda: many.read(1, "purity"),
        "`name` must be a reading of a Trajectory, but is 'size'; write read(0, \"purity\").":
            lambda: many.read(0, "size"),
        "`index` must choose among the 2 trajectories from 0, but is 2; write many[0].": lambda: many[2]}
    for says, make in wrong.items():
        with pytest.raises(q.InputError) as caught:
            make()
        assert str(caught.value) == says
