"""Masked arrays: what hides behind a mask is no number, wherever arrays come in."""

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q

J = sp.Symbol("J", real=True)
MODEL = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, J))])
LAW, UP, MOMENT = q.QuantumLLG(0.1), q.states.product("up"), [[0, 0, 1.0]]
RHS = LAW.derive(MODEL).pauli().compile().bind(J=1)


def masked(values):
    array = np.ma.asarray(values)
    array[-1] = np.ma.masked
    return array


def run(**changes):
    given = {"law": LAW, "state": UP, "times": [0, 1], "values": {"J": 1}} | changes
    return q.solve(MODEL, **given)


PLACES = {
    "times": lambda: run(times=masked([0, 1, 2.0])),
    "state": lambda: run(state=masked([1, 0.0])),
    "moments": lambda: run(law=q.ClassicalLLG(0.1), state=masked(MOMENT)),
    "breakpoints": lambda: run(breakpoints=masked([0.25, 0.5])),
    "values": lambda: q.solve_many(MODEL, LAW, UP, [0, 1], values={"J": masked([1, 2.0])}),
    "weights": lambda: q.LowRank(masked([0.5, 0.5]), np.eye(2)),
    "kets": lambda: q.LowRank([1.0], masked([[1], [0.0]])),
    "right-hand side": lambda: RHS(0, masked([0, 0, 1.0])),
    "batch": lambda: RHS.batch(masked([[0, 0, 1.0], [0, 0, 1.0]])),
    "matrix": lambda: q.Operator(masked(np.eye(2))),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_masked_entry_is_refused(place):
    with pytest.raises(q.QllgError, match=r"^`[^\n]*\.$"):
        PLACES[place]()


def test_arrays_without_masked_entries_are_arrays():
    assert len(run(times=np.ma.asarray([0, 1, 2.0]), state=np.ma.asarray([1, 0.0]))) == 3


def test_numpy_integers_are_numbers_of_threads():
    assert len(q.solve_many(MODEL, LAW, UP, [0, 1], values={"J": [1, 2.0]}, threads=np.int64(2))) == 2
