"""A damping below zero is allowed, and said once, for every law and every way of giving it."""

import warnings

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q

A = sp.Symbol("a", real=True)
MODEL = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, 1))])
TIMES = np.linspace(0, 1, 3)
LAWS = {"q-llg": lambda x: q.QuantumLLG(x), "q-ll": lambda x: q.QuantumLL(x),
        "local-gilbert": lambda x: q.LocalGilbert(x), "dephasing": lambda x: q.Dephasing(x),
        "llg": lambda x: q.ClassicalLLG(x), "ll": lambda x: q.ClassicalLL(x)}
WAYS = {"number": (-0.5, {}), "value": (A, {"a": -0.5}), "expression": (A**2 - 1, {"a": 0.5}),
        "time": (sp.Rational(1, 2) - q.t, {})}


def start(kind):
    return [[1, 0, 0]] if kind in ("llg", "ll") else q.states.product("+x")


# a rate that is a negative number is refused by its law
@pytest.mark.parametrize(("kind", "way"), [(k, w) for k in LAWS for w in WAYS if (k, w) != ("dephasing", "number")])
def test_every_law_says_so(kind, way):
    damping, values = WAYS[way]
    with pytest.warns(q.QllgWarning, match="must be at least 0 to damp, but is -0.(5|75)") as caught:
        q.solve(MODEL, LAWS[kind](damping), start(kind), TIMES, values)
    assert len(caught) == 1
    assert caught[0].filename == __file__


@pytest.mark.parametrize("method", ["auto", "krylov"])
def test_a_batch_says_so_once(method):
    with pytest.warns(q.QllgWarning, match="`kappa` must be at least 0 to damp, but is -2") as caught:
        q.solve_many(MODEL, q.QuantumLLG(A), q.states.product("+x"), TIMES, {"a": [1, -2, 0, -1]}, method=method)
    assert [warning.filename for warning in caught] == [__file__]


def test_damping_is_silent():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for kind, law in LAWS.items():
            for damping, values in ((0.5, {}), (0, {}), (A, {"a": 0.0}), (A**2, {"a": -1.0}), (sp.exp(-q.t), {})):
                q.solve(MODEL, law(damping), start(kind), TIMES, values)
        q.solve(MODEL, q.VonNeumann(), start("q-llg"), TIMES)
        q.solve_many(MODEL, q.QuantumLLG(A), start("q-llg"), TIMES, {"a": [1, 0]})


def test_the_warning_stands_at_the_user_s_line_however_deep_the_call():
    state = q.states.product("up")
    with pytest.warns(q.QllgWarning, match="to damp, but is -0.5") as caught:
        q.qllgsolve(MODEL, state, TIMES, kappa=-0.5, args={name: 1 for name in MODEL.parameters})
    assert [warning.filename for warning in caught] == [__file__]
