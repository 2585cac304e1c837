"""Runs and models of a sector of total S_z survive files, pickles, texts and views."""

import copy
import pickle

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from qllg_sym.flow.results.shapes import dimensions
from qllg_sym.flow.results.told import labels_of
from qllg_sym.modeltext.as_text import model_as_text
from qllg_sym.modeltext.from_text import model_from_text

J = sp.Symbol("J", real=True)
SPACE = q.Space.half(5, magnetisation="1/2")
CHAIN = q.Model(SPACE, q.chain(5, q.Exchange, J))
START = q.states.product("up", "down", "up", "down", "up")


def one():
    return q.solve(CHAIN, q.QuantumLLG(0.5), START, [0, 0.5, 1], {"J": 1.0})


def many():
    return q.solve_many(CHAIN, q.QuantumLLG(0.5), START, [0, 1], {"J": np.array([1.0, 0.5])})


@pytest.mark.parametrize("ending", ["npz", "nc"])
@pytest.mark.parametrize("make", [one, many])
def test_a_run_comes_back_from_a_file(make, ending, tmp_path):
    run = make()
    run.save(tmp_path / f"run.{ending}")
    back = q.load(tmp_path / f"run.{ending}")
    assert np.array_equal(back.kets, run.kets)
    assert np.array_equal(back.bloch(3), run.bloch(3))
    assert np.array_equal(back.entanglement((0, 1)), run.entanglement((0, 1)))
    assert back.record.sector == SPACE.sector


def test_a_damaged_sector_is_refused(tmp_path):

    for spins, m in ((("1/2", "1"), "1/2"), (("1/2",) * 2, "1/2"), (("1/2",) * 2, "2")):
        with pytest.raises(ValueError, match="no such sector"):
            dimensions(spins, m)


def test_labels_of_the_basis_are_those_of_the_sector():
    found = one().to_xarray()
    assert found.sizes["time"] == 3

    labels = labels_of(one().record)["basis"]
    assert len(labels) == 10
    assert labels[0] == "+1/2 +1/2 +1/2 -1/2 -1/2"
    assert all(label.count("-") == 2 for label in labels)


def test_pickles_and_copies_keep_the_sector():
    for thing in (SPACE, CHAIN, one(), q.states.random(SPACE, 1, seed=1)):
        for back in (pickle.loads(pickle.dumps(thing)), copy.deepcopy(thing)):
            assert repr(back) == repr(thing)
    assert pickle.loads(pickle.dumps(SPACE.dimensions)).sector == SPACE.sector
    assert pickle.loads(pickle.dumps(one())).bloch(1)[-1] == pytest.approx(one().bloch(1)[-1], abs=0)


def test_model_texts_name_the_magnetisation():
    text = model_as_text(CHAIN)
    assert 'magnetisation = "1/2"' in text
    assert model_from_text(text)[0] == CHAIN


def test_spaces_and_their_sectors_differ():
    assert SPACE != q.Space.half(5)
    assert SPACE == q.Space.half(5, magnetisation=0.5) == q.Space.half(5, magnetisation=sp.Rational(1, 2))
    assert SPACE.whole == q.Space.half(5)
    assert repr(SPACE) == "Space.half(5, magnetisation='1/2')"
    assert "S_z = 1/2" in repr(one())


RING = q.Space.half(6, magnetisation=0, momentum=3, reflection=-1)
CLOSED = q.Model(RING, [q.Exchange(J, i, (i + 1) % 6) for i in range(6)])


@pytest.mark.parametrize("ending", ["npz", "nc"])
@pytest.mark.parametrize("space", [RING, q.Space.half(6, magnetisation=1, momentum=2)])
def test_a_run_of_one_wave_number_comes_back_from_a_file(space, ending, tmp_path):
    start = q.states.random(space, 1, seed=1)
    run = q.solve(q.Model(space, CLOSED.terms), q.QuantumLLG(0.5), start, [0, 1], {"J": 1.0})
    run.save(tmp_path / f"run.{ending}")
    back = q.load(tmp_path / f"run.{ending}")
    assert back.record.sector == space.sector
    assert np.array_equal(back.kets, run.kets)
    assert np.array_equal(back.correlation(0, 2), run.correlation(0, 2))
    assert f"S_z = {space.sector.magnetisation}, momentum {space.sector.momentum}" in repr(back)
    assert labels_of(run.record)["basis"][0].count("-") == space.sector.down
    for thing in (space, run, CLOSED):
        assert repr(pickle.loads(pickle.dumps(thing))) == repr(thing)


def test_model_texts_name_the_wave_number():
    text = model_as_text(CLOSED)
    assert "momentum = 3\nreflection = -1" in text
    assert model_from_text(text)[0] == CLOSED
    assert RING != q.Space.half(6, magnetisation=0, momentum=3) != q.Space.half(6, magnetisation=0)


def test_a_damaged_wave_number_is_refused():
    for more in ((4, None), (-1, None), (1, 1), (None, 1), (0, 2), (0, -1), ("1", None)):
        with pytest.raises(ValueError, match="no such sector"):
            dimensions(("1/2",) * 4, "1", *more)
