"""Forged certificates: each breaks one rule that keeps falsehoods out, beside an honest one that keeps it."""

import json

import pytest

from qllg_sym.proof import checker
from sturm import UNKNOWN, roots

EMPTY = {"id": "x", "dimension": 0, "letters": {}, "scalars": {}, "exponents": {},
         "rates": {}, "let": {}, "hypotheses": {}, "steps": {}, "claim": [], "trajectory": {}, "witness": {}}
ONCE, ALWAYS = "at one instant", "always"
A, B, X, Y, N = "A", "B", "x", "y", "n"
SIDES = {"equal": "rhs", "nonnegative": "squares", "positive": "squares", "zero": "rest", "cancel": "factor"}
ONE, FLIP, UP, NOTHING = (["matrix", m] for m in ([[1, 0], [0, 1]], [[0, 1], [1, 0]], [[0, 1], [0, 0]], [[0]]))


def certificate(**parts):
    data = {**EMPTY, **parts}
    return {**data, "claim": data["claim"] or [*data["steps"]]}


def step(kind, lhs, rhs=0, by=0):
    return {"kind": kind, "lhs": lhs, SIDES[kind]: rhs, "by": by}


def neg(x):
    return ["*", -1, x]


def zero(node, tense=ONCE):
    return {"h": ["zero", node, tense]}


def one_is_two():
    by = ["+", ["sq", ["+", ONE, neg("a")]], neg(["sq", ONE])]
    return certificate(dimension=2, steps={"a": step("equal", ONE, 1), "c": step("equal", 1, 2, by)}, claim=["c"])


def two_is_zero():
    return certificate(
        dimension=2, letters={"B": None}, hypotheses=zero(["+", B, neg(FLIP)]), witness={"B": FLIP},
        steps={"a": step("equal", ["comm", UP, FLIP], 0, neg(["comm", UP, "h"]))})


def moving(rate, fact, steps, **more):
    return certificate(scalars={"x": None}, rates={"x": rate}, hypotheses=zero(fact, ALWAYS), steps=steps,
                       **{"trajectory": "rest", **more})


def signed(value):
    """x = value, x > 0 |- value > 0"""
    return certificate(scalars={"x": None}, witness={"x": value}, hypotheses={
        **zero(["+", X, -value]), "p": ["positive", X, ONCE]}, steps={"a": step("positive", value, "p", neg("h"))})


SQUARE, HALF_X = UNKNOWN**2 - 2, ["*", "1/2", X]


def chained(constant, count, *by):
    """So many zeros of x² + constant, by a chain that is given."""
    return certificate(scalars={"x": "x"}, steps={
        "a": {"kind": "roots", "lhs": ["+", ["^", X, 2], constant], "count": count, "by": list(by)}})


def tower():
    """A^(N (n + 1)) for N = 64^9, which no floating-point number tells from N + 1."""
    node = ["^", A, ["+", N, 1]]
    for _ in range(9):
        node = ["^", node, 64]
    return node


def beside(by, extra):
    """x² >= 0 under a hypothesis h: y = 5 or a sign p of y, of which it may use what is given."""
    given = {"p": ["positive", Y, ONCE]} if '"p"' in json.dumps([by, extra]) else zero(["+", Y, -5])
    return certificate(scalars={"x": "x", "y": None}, hypotheses=given, witness={"y": 5}, steps={
        "a": step("nonnegative", ["^", X, 2], ["+", ["sq", X], extra], by)})


FORGED = {
    "a hypothesis that stands twice and cancels": certificate(
        scalars={"x": None}, hypotheses={**zero(X), "k": ["zero", X, ONCE]}, witness={"x": 0},
        steps={"a": step("equal", ["*", X, X], ["^", X, 2], ["+", "h", neg("k")])}),
    "1 = 2 by sq of an operator whose value is a number": one_is_two(),
    "tr 1 = 1": certificate(letters={"A": "A"}, hypotheses=zero(["+", A, -1]), witness={"A": ONE}, steps={
        "c": step("equal", ["sq", ["+", A, 1, neg(A)]], 1), "d": step("equal", A, 1, "h")}),
    "explicit matrices commute": two_is_zero(),
    "D in a definition": certificate(scalars={"x": None}, rates={"x": 1}, let={"v": ["D", X]}, steps={
        "a": step("equal", "v", 0), "b": step("equal", ["D", X], 1)}),
    "D in a rate": certificate(scalars={"x": None, "y": None}, rates={"x": 1, "y": ["D", X]}, steps={
        "a": step("equal", ["D", Y], 0), "b": step("equal", ["D", X], 1)}),
    "positive operators": certificate(
        letters={"A": None, "B": None}, hypotheses={"a": ["nonnegative", A, ONCE], "b": ["nonnegative", B, ONCE]},
        steps={"c": step("nonnegative", ["*", A, B], ["*", "a", "b"])}, witness={"A": NOTHING, "B": NOTHING}),
    "a sign that the witness breaks": signed(-1),
    "an exponent below its least": certificate(
        scalars={"y": None}, exponents={"n": 1}, hypotheses=zero(["+", N, 1]), witness={"n": -1},
        steps={"a": step("positive", -1, N, neg("h")),
               "b": step("equal", ["*", Y, ["^", Y, ["+", N, -1]]], ["^", Y, N])}),
    "a hypothesis that does not last": moving(
        1, X, {"a": step("equal", ["+", 1, X], 0, ["+", ["D", "h"], "h"])}, witness={"x": 0}),
    "D of a hypothesis as its own proof": moving(X, X, {"a": step("equal", ["D", X], 0, ["D", "h"])}, witness={"x": 0}),
    "one that lasts to first order alone": certificate(
        scalars={"x": None, "y": None}, rates={"x": Y, "y": 1}, hypotheses=zero(X, ALWAYS), witness={"x": 0, "y": 0},
        trajectory="rest", steps={"a": step("equal", ["+", X, Y], 0, ["+", "h", ["D", "h"]]),
                                  "b": step("equal", 1, 0, ["D", "a"])}),
    "a sum of hypotheses hides what has no rate": certificate(
        scalars={"x": None, "y": None}, rates={"x": 1}, witness={"x": 0, "y": 0},
        hypotheses={"h": ["zero", ["+", X, Y], ALWAYS], "k": ["zero", neg(Y), ALWAYS]}, trajectory="rest",
        steps={"a": step("equal", 1, 0, ["D", ["+", "h", "k"]])}),
    "a real scalar with an imaginary rate": certificate(
        scalars={"x": "x"}, rates={"x": "i"}, steps={"a": step("equal", ["^", ["D", ["star", X]], 2], -1)}),
    "adjoints that drift apart": certificate(
        letters={"A": "B", "B": "A"}, rates={"A": 0, "B": 1}, steps={
            "a": step("equal", ["star", ["D", A]], 0), "b": step("equal", ["D", ["star", A]], 1)}),
    "a silent constant": certificate(scalars={"x": None}, steps={"a": step("equal", ["D", X], 0)}),
    "a scalar called D": certificate(scalars={"D": None}, steps={"a": step("equal", "D", "D")}),
    "zeros in a trace": certificate(letters={"A": None}, steps={
        "a": roots(SQUARE, 1, 0, 2, ["+", ["^", ["tr", A], 2], -2])}),
    "zeros in i": certificate(steps={"a": roots(SQUARE, 1, 0, 2, ["+", ["^", "i", 2], -1])}),
    "zeros of a scalar that need not be real": certificate(scalars={"x": None}, steps={"a": roots(SQUARE, 1, 0, 2)}),
    "zeros of a multiple of an operator": certificate(letters={"A": None}, scalars={"x": "x"}, steps={
        "a": roots(SQUARE, 1, 0, 2, ["*", A, ["+", ["^", X, 2], -2]])}),
    "three zeros of x² + 1 by a chain through i": chained(
        1, [3, -1, 1], [2, -2, 1, -1], [2, 2, 1, 1], ["+", HALF_X, "i"], neg("i"), ["+", X, X, "i"]),
    "a rate that zeros alone use": certificate(scalars={"x": "x"}, rates={"x": 5}, steps={"a": roots(SQUARE, 1, 0, 2)}),
    "a chain that does not end": chained(-2, [1, 0, 2], [-2, 0], [2, 4]),
    "a chain with another value": chained(-2, [2, 0, 2], [-2, 1, -2], [2, 4, 2], HALF_X, X),
    "an interval that is none": chained(-2, [-1, 2, 0], [2, 4, 2], [-2, 0, 2], HALF_X, X),
    "the derivative of a fact whose square is given": certificate(
        scalars={"x": "x", "y": "y"}, rates={"x": Y}, hypotheses=zero(["^", X, 2], ALWAYS), trajectory="rest",
        witness={"x": 0, "y": 1},
        steps={"a": step("zero", X, 0, "h"), "b": step("equal", Y, 0, ["D", "a"])}),
    "the derivative of a step": certificate(
        scalars={"x": None, "y": None}, rates={"x": Y}, hypotheses=zero(X, ALWAYS), witness={"x": 0, "y": 0},
        trajectory="rest",
        steps={"a": step("equal", ["*", 2, X], 0, ["*", 2, "h"]), "b": step("equal", ["*", 2, Y], 0, ["D", "a"])}),
    "a positive form that is called nonnegative": certificate(scalars={"x": "x"}, steps={
        "a": step("nonnegative", ["+", 1, ["^", X, 2]], ["+", 1, ["sq", X]])}),
    "an equation that is called an inequality": certificate(
        scalars={"x": "x"}, hypotheses=zero(X), witness={"x": 0}, steps={
            "a": step("nonnegative", X, ["*", 0, ["sq", X]], "h")}),
    "an equation with the side of an inequality": certificate(scalars={"x": "x"}, steps={
        "a": {**step("nonnegative", ["^", X, 2], ["sq", X]), "kind": "equal"}}),
    "an inequality with the side of an equation": certificate(scalars={"x": "x"}, steps={
        "a": {**step("equal", ["^", X, 2], ["sq", X]), "kind": "nonnegative"}}),
    "a hypothesis of a stronger sign than needed": certificate(
        scalars={"x": None}, hypotheses={"p": ["positive", ["+", X, 1], ONCE]}, witness={"x": 1}, steps={
            "a": step("nonnegative", ["+", X, 1], ["*", 1, ["^", "p", 1], ["sq", "i"]])}),
    "rates that their own adjoints alone need": certificate(
        letters={"A": "A", "B": "B"}, rates={"A": B, "B": A}, steps={"a": step("equal", ["D", A], B)}),
    "a huge dimension": certificate(dimension=65, scalars={"x": None}, steps={"a": step("equal", X, X)}),
    "huge powers": certificate(scalars={"x": None}, steps={
        "a": step("equal", ["*", X, ["^", ["^", ["^", 3, 64], 64], 32]], X)}),
    "a symbolic power of a nilpotent matrix": certificate(dimension=2, exponents={"n": 1}, steps={
        "a": step("equal", ["*", ["^", UP, N], ["matrix", [[0, 0], [0, 1]]]], UP)}),
    "an exponent beyond floating point": certificate(letters={"A": None}, exponents={"n": 1}, steps={
        "a": step("equal", ["*", A, tower()], tower())}),
    "a claim that names a step": certificate(steps={
        "energy": step("positive", 1, 1), "c": step("equal", "energy", 1)}, claim=["c"]),
    "a hypothesis that names another": certificate(
        scalars={"x": None, "y": None}, witness={"x": 0, "y": 0},
        hypotheses={**zero(X), "k": ["zero", ["+", "h", neg(Y)], ONCE]},
        steps={"a": step("equal", Y, 0, ["+", "h", neg("k")])}),
    "a hypothesis times 0": beside(["*", 0, "h"], 0),
    "a hypothesis that cancels": beside(["+", "h", neg("h")], 0),
    "a sign times the square of 0": beside(0, ["*", ["sq", ["+", X, neg(X)]], "p"]),
    "a sign to the power 0": beside(0, ["*", ["sq", ["+", X, neg(X)]], ["^", "p", 0]]),
    "a hypothesis that lasts to first order": certificate(
        scalars={"x": None, "y": None}, rates={"x": Y, "y": 1}, hypotheses=zero(X, ALWAYS), witness={"x": 0, "y": 0},
        trajectory="rest", steps={"a": step("equal", ["+", X, Y], 0, ["+", "h", ["D", "h"]]),
                                  "b": step("equal", ["D", Y], 1)}),
    "a row that is a string": certificate(dimension=2, scalars={"x": None, "y": None}, steps={
        "a": step("equal", ["tr", ["matrix", ["xy", "yx"]]], ["*", 2, X])}),
    "an exponent symbol beyond floating point": certificate(
        letters={"A": None}, exponents={"n": 1}, hypotheses=zero(["+", ["^", A, N], -1]),
        witness={"A": ["matrix", [[1]]], "n": 10**400}, steps={"a": step("equal", ["^", A, N], 1, "h")}),
    "an exponent that runs from true": certificate(letters={"A": None}, exponents={"n": True}, steps={
        "a": step("equal", ["tr", ["^", A, N]], ["tr", ["^", A, N]])}),
    "an exponent that runs from 1.0": certificate(letters={"A": None}, exponents={"n": 1.0}, steps={
        "a": step("equal", ["tr", ["^", A, N]], ["tr", ["^", A, N]])}),
    "another tense": certificate(scalars={"x": None}, hypotheses={"h": ["zero", X, "often"]}, witness={"x": 0}, steps={
        "a": step("equal", X, 0, "h")}),
    "no tense": certificate(scalars={"x": None}, hypotheses={"h": ["zero", X]}, witness={"x": 0}, steps={
        "a": step("equal", X, 0, "h")}),
    "a tense that is stronger than needed": certificate(
        scalars={"x": None}, hypotheses=zero(X, ALWAYS), witness={"x": 0}, steps={"a": step("equal", X, 0, "h")}),
    "a trajectory that is not needed": certificate(
        scalars={"x": None}, hypotheses=zero(X), witness={"x": 0}, steps={"a": step("equal", X, 0, "h")},
        trajectory="rest"),
    "a line break in the id": certificate(id="a\nb: accepted", scalars={"x": None}, steps={"a": step("equal", X, X)}),
}
HONEST = {
    "a symbolic power of a letter": certificate(letters={"A": None}, dimension=2, exponents={"n": 1}, steps={
        "a": step("equal", ["*", ["^", A, N], A], ["^", A, ["+", N, 1]])}),
    "an exponent in range": certificate(letters={"A": None}, exponents={"n": 1}, steps={
        "a": step("equal", ["*", A, ["^", ["^", A, ["+", N, 1]], 64]],
                  ["*", ["^", ["^", A, ["+", N, 1]], 63], A, ["^", A, ["+", N, 1]]])}),
    "a step that another uses, written out": certificate(
        scalars={"x": None}, hypotheses=zero(X), witness={"x": 0}, claim=["c"], steps={
            "a": step("equal", ["*", 2, X], 0, ["*", 2, "h"]), "c": step("equal", X, 0, ["*", "1/2", "a"])}),
    "a hypothesis that its equation needs": certificate(
        scalars={"x": "x", "y": None}, hypotheses=zero(["+", Y, -5]), witness={"y": 5}, steps={
            "a": step("nonnegative", ["+", ["^", X, 2], Y, -5], ["sq", X], "h")}),
    "a sign that its inequality needs": certificate(
        scalars={"x": "x", "y": None}, hypotheses={"p": ["nonnegative", Y, ONCE]}, witness={"y": 5}, steps={
            "a": step("nonnegative", ["*", X, X, Y], ["*", ["sq", X], "p"])}),
    "a hypothesis that lasts": certificate(
        scalars={"x": None, "y": None}, rates={"x": Y, "y": 0}, hypotheses=zero(X, ALWAYS), witness={"x": 0, "y": 0},
        trajectory="rest", steps={"a": step("equal", ["+", X, Y], 0, ["+", "h", ["D", "h"]]),
                                  "b": step("equal", ["D", Y], 0)}),
    "a row that is a list": certificate(dimension=2, scalars={"x": None, "y": None}, steps={
        "a": step("equal", ["tr", ["matrix", [[X, Y], [Y, X]]]], ["*", 2, X])}),
    "an exponent that runs from 1": certificate(letters={"A": None}, exponents={"n": 1}, steps={
        "a": step("equal", ["tr", ["^", A, N]], ["tr", ["^", A, N]])}),
    "an exponent symbol in range": certificate(
        letters={"A": None}, exponents={"n": 1}, hypotheses=zero(["+", ["^", A, N], -1]),
        witness={"A": ["matrix", [[1]]], "n": 40}, steps={"a": step("equal", ["^", A, N], 1, "h")}),
    "sq of the identity is tr 1": certificate(dimension=2, steps={
        "a": step("equal", ["sq", ONE], 2), "b": step("equal", ["sq", 3], 9)}),
    "D of a scalar": certificate(scalars={"x": None}, rates={"x": 1}, steps={"b": step("equal", ["D", X], 1)}),
    "a sign that holds": signed(1),
    "a rate that is its own adjoint": certificate(
        scalars={"x": "x"}, rates={"x": 2}, steps={"a": step("equal", ["D", ["star", X]], 2)}),
    "a declared constant": certificate(scalars={"x": None}, rates={"x": 0}, steps={"a": step("equal", ["D", X], 0)}),
    "zeros of a real scalar": certificate(scalars={"x": "x"}, steps={
        "a": roots(SQUARE, 1, 0, 2)}),
}


def verdict(data):
    row, = checker.replay({"theorems": [data]})
    return row


@pytest.mark.parametrize("name", FORGED)
def test_a_forgery_is_refused(name):
    assert not verdict(FORGED[name])["accepted"]


SHAPES = ("an equation with the side of an inequality", "an inequality with the side of an equation", "no tense")


@pytest.mark.parametrize("name", FORGED)
def test_a_forgery_is_refused_by_a_rule_and_not_for_its_shape(name):
    """But for those that are about shapes: else a forgery would not try the rule that it is made for."""
    shape = any(words in verdict(FORGED[name])["reason"] for words in ("keys", "malformed", "values to unpack"))
    assert shape is (name in SHAPES)


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_one_is_accepted(name):
    assert verdict(HONEST[name])["reason"] == ""


def test_a_reason_is_printed_whatever_it_holds(tmp_path, capsys):
    file = tmp_path / "c.json"
    data = {**HONEST["D of a scalar"], "hypotheses": {"h": ["\u00e9\ud800", 0, ONCE]}}
    file.write_text(json.dumps({"format": "qllg-certificates", "version": 2, "theorems": [data]}), encoding="utf-8")
    assert checker.main([str(file)]) == 1
    assert capsys.readouterr().out.isascii()


def test_the_claim_names_types_and_is_unambiguous():
    power = certificate(scalars={"x": None}, steps={"a": step("equal", ["^", ["^", X, 2], 3], ["^", X, 6])})
    assert verdict(power)["claim"] == "|- (x^2)^3 = x^6 where x scalar"
    cube = certificate(scalars={"x": "x"}, steps={"a": step("equal", ["^", ["sq", X], 3], ["^", X, 6])})
    assert verdict(cube)["claim"] == "|- (|x|^2)^3 = x^6 where x scalar; star(x) = x"
    assert verdict(HONEST["a declared constant"])["claim"] == "|- D(x) = 0 where x scalar; D(x) = 0"
    assert verdict(HONEST["sq of the identity is tr 1"])["claim"].startswith("|- |matrix(1, 0; 0, 1)|^2 = 2; ")


@pytest.mark.parametrize("change", [
    {"theorems": []}, {"version": True}, {"version": 1}, {"note": "a\nb"}, {"note": "\ud800"}])
def test_a_file_of_another_shape_is_refused(tmp_path, change):
    file = tmp_path / "c.json"
    whole = {"format": "qllg-certificates", "version": 2, "note": "", "theorems": [HONEST["D of a scalar"]]}
    file.write_text(json.dumps(whole), encoding="utf-8")
    assert checker.read(str(file)) == whole
    file.write_text(json.dumps({**whole, **change}), encoding="utf-8")
    with pytest.raises(ValueError, match="no certificate file"):
        checker.read(str(file))
