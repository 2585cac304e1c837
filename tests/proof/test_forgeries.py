"""Forged certificates: each breaks one rule that keeps falsehoods out, beside an honest one that keeps it."""

import json

import pytest

from qllg_sym.proof import checker

EMPTY = {"id": "x", "dimension": 0, "letters": {}, "groups": [], "scalars": {}, "signs": {}, "exponents": {},
         "rates": {}, "let": {}, "hypotheses": {}, "steps": {}, "claim": [], "lemmas": {}, "witness": {}}
A, B, X, Y, N = ["op", "A"], ["op", "B"], ["sym", "x"], ["sym", "y"], ["sym", "n"]
ONE, FLIP, UP, NOTHING = (["matrix", m] for m in ([[1, 0], [0, 1]], [[0, 1], [1, 0]], [[0, 1], [0, 0]], [[0]]))


def certificate(**parts):
    data = {**EMPTY, **parts}
    return {**data, "claim": data["claim"] or [*data["steps"]]}


def step(kind, lhs, rhs=0, by=0):
    return {"kind": kind, "lhs": lhs, "rhs": rhs, "by": by}


def neg(x):
    return ["*", -1, x]


def hyp(name):
    return ["hyp", name]


def zero(node):
    return {"h": ["zero", node]}


def one_is_two():
    by = ["+", ["sq", ["+", ONE, neg(hyp("a"))]], neg(["sq", ONE])]
    return certificate(dimension=2, steps={"a": step("equal", ONE, 1), "c": step("equal", 1, 2, by)}, claim=["c"])


def two_is_zero():
    return certificate(
        dimension=2, letters={"A": None, "B": None}, groups=[["A"], ["B"]],
        hypotheses={"h": ["zero", ["+", B, neg(FLIP)]], "k": ["zero", ["+", A, -1]]}, witness={"B": FLIP, "A": ONE},
        steps={"b": step("equal", A, 1, hyp("k")), "a": step("equal", ["comm", UP, FLIP], 0,
                                                           neg(["comm", UP, hyp("h")]))})


def moving(rate, fact, steps, **more):
    return certificate(scalars={"x": None}, rates={"x": rate}, hypotheses=zero(fact), steps=steps, **more)


SIGNS = {"scalars": {"x": "x"}, "hypotheses": zero(["+", X, 1]),
         "steps": {"a": step("positive", -1, X, neg(hyp("h")))}}
FORGED = {
    "1 = 2 by sq of an operator whose value is a number": one_is_two(),
    "tr 1 = 1": certificate(letters={"A": "A"}, hypotheses=zero(["+", A, -1]), witness={"A": ONE}, steps={
        "c": step("equal", ["sq", ["+", A, 1, neg(A)]], 1), "d": step("equal", A, 1, hyp("h"))}),
    "explicit matrices commute": two_is_zero(),
    "D in a definition": certificate(scalars={"x": None}, rates={"x": 1}, let={"v": ["D", X]}, steps={
        "a": step("equal", ["let", "v"], 0), "b": step("equal", ["D", X], 1)}),
    "D in a rate": certificate(scalars={"x": None, "y": None}, rates={"x": 1, "y": ["D", X]}, steps={
        "a": step("equal", ["D", Y], 0), "b": step("equal", ["D", X], 1)}),
    "positive operators": certificate(
        letters={"A": None, "B": None}, hypotheses={"a": ["nonnegative", A], "b": ["nonnegative", B]},
        steps={"c": step("nonnegative", ["*", A, B], ["*", hyp("a"), hyp("b")])}, witness={"A": NOTHING, "B": NOTHING}),
    "a sign that the witness breaks": certificate(signs={"x": "positive"}, witness={"x": -1}, **SIGNS),
    "an exponent below its least": certificate(
        scalars={"y": None}, exponents={"n": 1}, hypotheses=zero(["+", N, 1]), witness={"n": -1},
        steps={"a": step("positive", -1, N, neg(hyp("h"))),
               "b": step("equal", ["*", Y, ["^", Y, ["+", N, -1]]], ["^", Y, N])}),
    "a hypothesis that does not last": moving(1, X, {"a": step("equal", 1, 0, ["D", hyp("h")])}, witness={"x": 0}),
    "one that lasts to first order alone": certificate(
        scalars={"x": None, "y": None}, rates={"x": Y, "y": 1}, hypotheses=zero(X), witness={"x": 0, "y": 0},
        steps={"a": step("equal", Y, 0, ["D", hyp("h")]), "b": step("equal", 1, 0, ["D", hyp("a")])}),
    "a sum of hypotheses hides what has no rate": certificate(
        scalars={"x": None, "y": None}, rates={"x": 1}, witness={"x": 0, "y": 0},
        hypotheses={"h": ["zero", ["+", X, Y]], "k": ["zero", neg(Y)]},
        steps={"a": step("equal", 1, 0, ["D", ["+", hyp("h"), hyp("k")]])}),
    "a real scalar with an imaginary rate": certificate(
        scalars={"x": "x"}, rates={"x": ["i"]}, steps={"a": step("equal", ["^", ["D", ["star", X]], 2], -1)}),
    "adjoints that drift apart": certificate(
        letters={"A": "B", "B": "A"}, rates={"A": 0, "B": 1}, steps={
            "a": step("equal", ["star", ["D", A]], 0), "b": step("equal", ["D", ["star", A]], 1)}),
    "a rate that leaves its group": certificate(
        letters={"A": None, "B": None, "C": None}, groups=[["A"], ["B", "C"]], rates={"A": ["op", "C"], "B": 0},
        steps={"a": step("equal", ["D", ["*", B, A]], ["*", ["op", "C"], B])}),
    "a silent constant": certificate(scalars={"x": None}, steps={"a": step("equal", ["D", X], 0)}),
    "a scalar called D": certificate(scalars={"D": None}, steps={"a": step("equal", ["sym", "D"], ["sym", "D"])}),
    "zeros in a trace": certificate(letters={"A": None}, steps={
        "a": step("roots", ["+", ["tr", ["*", A, A]], 1], 1, [-2, 0])}),
    "zeros in i": certificate(steps={"a": step("roots", ["+", 1, ["i"]], 1, [-2, 0])}),
    "a lemma without its operator": certificate(
        scalars={"x": None}, steps={"a": step("equal", X, X)}, claim=["a", "spectral theorem"],
        lemmas={"spectral theorem": "a"}),
    "a huge dimension": certificate(dimension=65, scalars={"x": None}, steps={"a": step("equal", X, X)}),
    "huge powers": certificate(scalars={"x": None}, steps={
        "a": step("equal", ["*", X, ["^", ["^", ["^", 3, 64], 64], 32]], X)}),
    "a line break in the id": certificate(id="a\nb: accepted", scalars={"x": None}, steps={"a": step("equal", X, X)}),
}
HONEST = {
    "sq of the identity is tr 1": certificate(dimension=2, steps={
        "a": step("equal", ["sq", ONE], 2), "b": step("equal", ["sq", 3], 9)}),
    "D of a scalar": certificate(scalars={"x": None}, rates={"x": 1}, steps={"b": step("equal", ["D", X], 1)}),
    "a sign that holds": certificate(signs={"x": "positive"}, witness={"x": 1}, **{
        **SIGNS, "hypotheses": zero(["+", X, -1]), "steps": {"a": step("positive", 1, X, neg(hyp("h")))}}),
    "a hypothesis that lasts": moving(0, X, {"a": step("equal", ["D", X], 0, ["D", hyp("h")])}, witness={"x": 0}),
    "a rate that is its own adjoint": certificate(
        scalars={"x": "x"}, rates={"x": 2}, steps={"a": step("equal", ["D", ["star", X]], 2)}),
    "a rate in its group": certificate(
        letters={"A": None, "B": None}, groups=[["A"], ["B"]], rates={"A": A, "B": 0},
        steps={"a": step("equal", ["D", ["*", B, A]], ["*", A, B])}),
    "a declared constant": certificate(scalars={"x": None}, rates={"x": 0}, steps={"a": step("equal", ["D", X], 0)}),
    "zeros of a real scalar": certificate(scalars={"x": "x"}, steps={
        "a": step("roots", ["+", ["^", X, 2], -2], 1, [0, 2])}),
}


def verdict(data):
    row, = checker.replay({"theorems": [data]})
    return row


@pytest.mark.parametrize("name", FORGED)
def test_a_forgery_is_refused(name):
    assert not verdict(FORGED[name])["accepted"]


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_one_is_accepted(name):
    assert verdict(HONEST[name])["reason"] == ""


def test_the_claim_names_types_and_is_unambiguous():
    power = certificate(scalars={"x": None}, steps={"a": step("equal", ["^", ["^", X, 2], 3], ["^", X, 6])})
    assert verdict(power)["claim"] == "|- (x^2)^3 = x^6 where x scalar"
    assert verdict(HONEST["a declared constant"])["claim"] == "|- D(x) = 0 where x scalar; D(x) = 0"
    assert verdict(HONEST["sq of the identity is tr 1"])["claim"].startswith("|- |matrix(1, 0; 0, 1)|^2 = 2; ")


@pytest.mark.parametrize("change", [{"theorems": []}, {"version": True}, {"note": "a\nb"}, {"note": "\ud800"}])
def test_a_file_of_another_shape_is_refused(tmp_path, change):
    file = tmp_path / "c.json"
    whole = {"format": "qllg-certificates", "version": 1, "note": "", "theorems": [HONEST["D of a scalar"]]}
    file.write_text(json.dumps(whole), encoding="utf-8")
    assert checker.read(str(file)) == whole
    file.write_text(json.dumps({**whole, **change}), encoding="utf-8")
    with pytest.raises(ValueError, match="no certificate file"):
        checker.read(str(file))
