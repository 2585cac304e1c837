"""Forged certificates about lemmas and time: each a false or empty claim, beside a twin that differs in one place."""

from copy import deepcopy

import pytest

from qllg_sym.proof import checker
from test_forgeries import ALWAYS, FLIP, NOTHING, ONCE, certificate, neg, step, verdict

UNIT = ["matrix", [[1]]]
PAIR = {"c": "b", "b": "c"}                 # a complex scalar and its adjoint


def lemma(kind, **parts):
    return {"kind": kind, **parts}


def kept(n="N", fact="f", start="s", on="moves"):
    return lemma("Picard-Lindelof", facts=[fact], zeros=[n], start=[start], on=[on], through=[[0, 0]])


def changed(data, *path, to):
    """The same with one part replaced; a part that is not there is added, and claimed if it is a step."""
    data = deepcopy(data)
    tree = data
    for key in path[:-1]:
        tree = tree[key]
    tree[path[-1]] = to
    if path[0] == "steps" and path[1] not in data["claim"]:
        data["claim"].append(path[1])
    return data


def solved(law=("+", ["*", "x", "X"], ["*", -1, "B"]), kernel=("*", "x", "Z"), invertible=("+", ["*", "x", "y"], -1),
           only=None, **more):
    """L(Z) = 0 |- Z = 0; L(X) = B has one solution X: L(Z) = x Z, and x y = 1."""
    law, kernel = [*law], [*kernel]
    only = only or ["+", ["*", "y", ["tr", ["*", ["star", "Z"], "k"]]], ["*", -1, "o", ["sq", "Z"]]]
    given = {"k": ["zero", kernel, ONCE], "law": ["zero", law, ONCE], "o": ["zero", [*invertible], ONCE]}
    one = lemma("rank-nullity", unknown="Z", kernel="k", on="only", law="law", solution="X")
    return certificate(**{
        "letters": {"X": None, "B": None, "Z": "Z_dag", "Z_dag": "Z"}, "scalars": {"x": None, "y": None},
        "hypotheses": given, "witness": {"X": UNIT, "B": UNIT, "Z": NOTHING, "x": 1, "y": 1},
        "steps": {"only": step("zero", "Z", 0, only), "one": one, "used": step("equal", ["tr", law], 0, ["tr", "law"])},
        **more})


def squared():
    """X X = B has one solution X if X is invertible: no, for L(Z) = X Z depends on X."""
    only = ["tr", ["*", ["star", "Z"], ["+", ["*", "Y", "k"], ["*", -1, "o", "Z"]]]]
    return solved(("+", ["*", "X", "X"], neg("B")), ("*", "X", "Z"), ("+", ["*", "Y", "X"], -1), only, scalars={},
                  letters={"X": None, "Y": None, "B": None, "Z": "Z_dag", "Z_dag": "Z"},
                  witness={"X": UNIT, "Y": UNIT, "B": UNIT, "Z": NOTHING})


def inverse():
    """The twin: L(Z) = A Z with Y A = 1."""
    only = ["tr", ["*", ["star", "Z"], ["+", ["*", "Y", "k"], ["*", -1, "o", "Z"]]]]
    return solved(("+", ["*", "A", "X"], neg("B")), ("*", "A", "Z"), ("+", ["*", "Y", "A"], -1), only, scalars={},
                  letters={"X": None, "A": None, "Y": None, "B": None, "Z": "Z_dag", "Z_dag": "Z"},
                  witness={"X": UNIT, "Y": UNIT, "A": UNIT, "B": UNIT, "Z": NOTHING})


def hermitian(adjoint):
    """X − B = 0 has one solution X, Hermitian by declaration, whatever B is."""
    data = solved(("+", "X", neg("B")), ("*", 1, "Z"), only=["tr", ["*", ["star", "Z"], "k"]], scalars={},
                  letters={"X": "X", "B": adjoint, "Z": "Z_dag", "Z_dag": "Z"},
                  witness={"X": UNIT, "B": UNIT, "Z": NOTHING})
    del data["hypotheses"]["o"]
    data["steps"]["seen"] = step("equal", ["star", "X"], "X")
    if adjoint:
        data["steps"]["held"] = step("equal", ["star", "B"], "B")
    return {**data, "claim": [*data["steps"]]}


def unique_in_time():
    """Z = 0 because it starts so: nothing is said of the map x Z."""
    data = solved(only=["tr", ["*", ["star", "Z"], "f"]], rates={"Z": 0}, let={"N": "Z"}, scalars={"x": None})
    data["hypotheses"] = {"k": data["hypotheses"]["k"], "law": data["hypotheses"]["law"], "s": ["zero", "N", ONCE]}
    data["steps"] = {"moves": step("equal", ["D", "N"], 0), "l": kept(), **data["steps"]}
    data["witness"] = {"X": NOTHING, "B": NOTHING, "Z": NOTHING, "x": 0}
    return {**data, "claim": [*data["steps"]]}


def spectrum(rate, by=0, **more):
    """D A = rate |- the eigenvalues of A are constant."""
    steps = {"m": step("equal", ["D", ["tr", ["^", "A", "n"]]], 0, by), "l": lemma("constant spectrum", operator="A",
                                                                                  on="m")}
    return certificate(**{"letters": {"A": None, "C": None}, "exponents": {"n": 1}, "rates": {"A": rate},
                          "steps": steps, **more})


def one_moment_stays():
    """tr A^n is constant for one n: u tr A^n = 0 at one instant, and hence always."""
    data = spectrum(["*", "u", "A"], ["*", "n", "f"], letters={"A": None}, scalars={"u": None, "a": None})
    data["rates"]["u"], data["let"] = ["*", "a", "u"], {"N": ["*", "u", ["tr", ["^", "A", "n"]]]}
    data["hypotheses"], data["witness"] = {"s": ["zero", "N", ONCE]}, {"A": NOTHING, "u": 0, "n": 2}
    moves = step("equal", ["D", "N"], ["*", ["+", "a", ["*", "n", "u"]], "N"])
    data["steps"] = {"moves": moves, "k": kept(), **data["steps"]}
    return {**data, "claim": [*data["steps"]]}


ONE_MOMENT = ["+", ["*", ["tr", ["^", "A", "n"]], "C"], ["*", -1, ["tr", ["*", ["^", "A", ["+", "n", -1]], "C"]], "A"]]


def fixed(way, given, scalars, rates=None, witness=None):
    """w = 0 is kept as D w = Σ of the left sides of hypotheses, while y moves."""
    total = ["+", *given.values(), 0]
    steps = {"moves": step("equal", ["D", "N"], 0, ["+", *given, 0]), "l": kept(),
             "seen": step("equal", ["*", ["star", "c"], ["star", "b"]], ["*", "b", "c"]),
             "moved": step("equal", ["D", "y"], 1)}
    return certificate(scalars={"w": None, **scalars}, rates={"w": total, "y": 1, **(rates or {})}, let={"N": "w"},
                       hypotheses={**{k: ["zero", x, ALWAYS] for k, x in given.items()}, "s": ["zero", "N", ONCE]},
                       steps=steps, trajectory=way, witness={"w": 0, "c": 1, "y": 1, **(witness or {})})


FOLLOWS = ["+", "c", ["*", -1, "y"]]                                    # c = y
ONE_FIXED = fixed({"c": "h"}, {"h": FOLLOWS}, {**PAIR, "y": None})


def positive_always(adjoint, rate):
    """x > 0 always, x a = 0: a = 0 keeps y = 0."""
    moved = step("equal", ["D", ["star", "x"] if adjoint else "x"], rate)
    return certificate(
        scalars={"x": adjoint, "y": None, "a": None}, rates={"x": rate, "y": ["*", "a", "y"]}, let={"N": "y"},
        hypotheses={"p": ["positive", "x", ALWAYS], "g": ["zero", ["*", "x", "a"], ALWAYS], "s": ["zero", "N", ONCE]},
        steps={"none": step("cancel", "a", "p", "g"), "moves": step("equal", ["D", "N"], 0, ["*", "y", "none"]),
               "l": kept(), "moved": moved},
        claim=["l", "moved"], trajectory={"a": "g"}, witness={"x": 1, "y": 0, "a": 0})


def resolved(eigenvalue):
    """A P = e P |- what the spectral theorem makes of it."""
    law = ["+", ["*", "A", "P"], ["*", -1, eigenvalue, "P"]]
    named = {"p": "p"} if eigenvalue == "p" else {}
    return certificate(letters={"A": "A", "P": None}, scalars=named, hypotheses={"h": ["zero", law, ONCE]},
                       steps={"u": step("equal", ["tr", law], 0, ["tr", "h"]),
                              "l": lemma("spectral theorem", operator="A", eigen=[["h", "P", eigenvalue]])},
                       witness={"A": UNIT, "P": UNIT, **({"p": 1} if named else {})})


def growing(x, L, c, left, squares, scalars, rates, size=0):
    return certificate(dimension=size, scalars=scalars, rates=rates, steps={
        "g": step("nonnegative", left, squares), "l": lemma("Gronwall", x=x, L=L, c=c, on="g", constant=[])})


SQUARE = ["^", "r", 2]
REAL = {"x": "x", "r": "r"}
DIAGONAL = [["matrix", [[x if j == k else 0 for k in range(4)] for j in range(4)]] for x in (1, "i", 0)]


def correlated(state):
    return certificate(dimension=4, steps={"l": lemma("Horodecki", state=state, T=DIAGONAL[2])})


def newton(operator, coefficient):
    return certificate(dimension=1, letters={"A": None}, scalars={"x": None}, hypotheses={"h": ["zero", "x", ONCE]},
                       witness={"x": 0}, steps={
        "u": step("equal", ["*", 2, "x"], 0, ["*", 2, "h"]),
        "l": lemma("characteristic polynomial", operator=operator, symmetric=[coefficient])})


def stays(rate, right, lhs=("D", "N"), by=0, through=(0, 0), tense=ONCE, **more):
    """w = 0 at one instant, D w = rate |- w = 0 always."""
    steps = {"moves": step("equal", [*lhs], right, by), "l": {**kept(), "through": [[*through]]}}
    return certificate(**{"scalars": {"w": None, "a": None}, "rates": {"w": rate}, "let": {"N": "w"},
                          "hypotheses": {"s": ["zero", "N", tense]}, "steps": steps, "witness": {"w": 0}, **more})


def through(c, r, adjoint, product):
    """D A − i c [r, D A] = 0 by a law of this form |- A = 0 stays; c = i and r with a gap of 1 let A move."""
    form = ["+", "Q", ["*", -1, "i", c, ["comm", r, "Q"]]]
    lhs = ["+", ["D", "N"], ["*", -1, "i", c, ["comm", r, ["D", "N"]]]]
    seen = step("equal", ["star", ["*", "s", "t"]], product)
    return stays("Q", 0, lhs, "q", (c, r), letters={"A": None, "Q": None, **adjoint}, scalars={}, let={"N": "A"},
                 rates={"A": "Q"}, trajectory="rest", witness={"A": NOTHING, "Q": NOTHING, "s": NOTHING},
                 hypotheses={"s0": ["zero", "N", ONCE], "q": ["zero", form, ALWAYS]}, steps={
                     "moves": step("equal", lhs, 0, "q"), "l": {**kept(start="s0"), "through": [[c, r]]},
                     "seen": seen})


def resting(energy=("tr", ["*", "r", "H"]), damping="k", bounded="bound", state="r", rates=("k", "H"), tense=ALWAYS):
    """q-LLG with k >= 0 and a constant H: the state tends to rest."""
    law = ["+", "V", ["*", -1, "i", "k", ["comm", "r", "V"]], ["*", -1, "i", ["comm", "r", "H"]]]
    fall = ["D", ["tr", ["*", "r", "H"]]]
    steps = {"balance": step("equal", fall, ["*", -1, "k", ["sq", "V"]], ["tr", ["*", ["+", "H", ["*", "k", "V"]],
                                                                                "law"]]),
             "falls": step("nonnegative", neg(fall), ["*", "sign", ["sq", "V"]], neg("balance")),
             "bound": step("equal", ["D", ["sq", "r"]], 0, ["*", 2, ["tr", ["*", "r", "law"]]]),
             "limit": lemma("LaSalle", state=state, law="law", damping=damping, energy=[*energy], on="falls",
                            bounded=bounded)}
    return certificate(letters={"r": "r", "V": "V", "H": "H"}, scalars={"k": "k"}, trajectory={"V": "law"},
                       rates={"r": "V", **dict.fromkeys(rates, 0)}, claim=["falls", "bound", "limit"], steps=steps,
                       hypotheses={"law": ["zero", law, tense], "sign": ["nonnegative", "k", ALWAYS]},
                       witness={"r": NOTHING, "V": NOTHING, "H": NOTHING, "k": 1})


def shown_later(data):
    """The same with the fall of the energy shown behind the lemma, by a sign that one instant is enough for."""
    order = ("balance", "bound", "limit", "falls")
    relation, x, _ = data["hypotheses"]["sign"]
    return {**data, "steps": {name: data["steps"][name] for name in order},
            "hypotheses": {**data["hypotheses"], "sign": [relation, x, ONCE]}}


SKEW, SELF = {"s": "t", "t": "s"}, {"s": "s", "t": "t"}
TWINS = {   # forgery, what is said against it, its twin
    "a map that depends on its solution": (squared(), "stands in the map", inverse()),
    "a solution that need not be Hermitian": (hermitian(None), "adjoint of B", hermitian("B")),
    "one solution because Z = 0 is kept": (unique_in_time(), "", solved()),
    "a spectrum by one moment": (
        spectrum(["*", "A", "C"], ["*", "n", "h"], trajectory="rest", witness={"A": NOTHING, "C": NOTHING, "n": 2},
                 hypotheses={"h": ["zero", ["tr", ["*", ["^", "A", "n"], "C"]], ALWAYS]}), "about one exponent",
        spectrum(["*", "A", "C"], ["*", "n", ["tr", ["*", ["^", "A", "n"], "h"]]], trajectory={"C": "h"},
                 witness={"C": NOTHING}, hypotheses={"h": ["zero", "C", ALWAYS]})),
    "a spectrum by one moment that is kept": (one_moment_stays(), "about one exponent", spectrum(["comm", "C", "A"])),
    "a rate that keeps one moment": (spectrum(ONE_MOMENT), "about one exponent", spectrum(["comm", "A", "C"])),
    "a pair of adjoints, fixed by two equations": (
        fixed({"c": "h", "b": "k"}, {"h": FOLLOWS, "k": ["+", "b", ["*", -1, "y", "y"]]}, {**PAIR, "y": None},
              witness={"b": 1}), "fixed by other equations", ONE_FIXED),
    "an adjoint in the equation of another": (
        fixed({"c": "h", "v": "k"}, {"h": ["+", "c", neg("v")],
                                     "k": ["+", "v", "b", -2, ["*", -1, "i", ["+", "y", -1]]]},
              {**PAIR, "y": None, "v": None}, witness={"b": 1, "v": 1}), "fixed by other equations",
        fixed({"c": "h", "v": "k"}, {"h": ["+", "c", neg("v")], "k": ["+", "v", -1, ["*", -1, "i", ["+", "y", -1]]]},
              {**PAIR, "y": None, "v": None}, witness={"v": 1})),
    "a constant whose adjoint moves": (
        changed(fixed({"c": "h"}, {"h": FOLLOWS}, {**PAIR, "y": None}, {"b": 0}), "steps", "still",
                to=step("equal", ["D", "b"], 0)), "no letter without a rate", ONE_FIXED),
    "what is positive and turns complex": (
        positive_always(None, "i"), "adjoint of x", positive_always("x", 1)),
    "an eigenvalue that is a trace": (resolved(["tr", "A"]), "no scalar of its own", resolved("p")),
    "a bound of operators": (growing(FLIP, 0, SQUARE, SQUARE, ["sq", "r"], {"r": "r"}, {"r": 0}, 2), "not real scalars",
                             growing("x", 0, SQUARE, SQUARE, ["sq", "r"], REAL, {"x": 0, "r": 0})),
    "a bound that grows at a complex rate": (
        growing("x", "b", SQUARE, ["+", ["*", "b", "x"], SQUARE, neg(["D", "x"])], ["sq", "r"], {**REAL, "b": None},
                {"x": ["*", "b", "x"], "b": 0, "r": 0}), "adjoint of b",
        growing("x", "b", SQUARE, ["+", ["*", "b", "x"], SQUARE, neg(["D", "x"])], ["sq", "r"], {**REAL, "b": "b"},
                {"x": ["*", "b", "x"], "b": 0, "r": 0})),
    "a bound from below": (
        growing("x", 0, 0, ["D", "x"], ["sq", "r"], REAL, {"x": SQUARE}), "not L x + c",
        growing("x", 0, 0, neg(["D", "x"]), ["sq", "r"], REAL, {"x": neg(SQUARE)})),
    "a bound by a strict inequality": (
        changed(growing("x", 0, 1, 1, 1, {"x": "x"}, {"x": 0}), "steps", "g", "kind", to="positive"),
        "is no step nonnegative", growing("x", 0, SQUARE, SQUARE, ["sq", "r"], REAL, {"x": 0, "r": 0})),
    "a state of trace i": (correlated(DIAGONAL[1]), "trace is 0 or not real", correlated(DIAGONAL[0])),
    "a state of trace 0": (correlated(DIAGONAL[2]), "trace is 0 or not real", correlated(DIAGONAL[0])),
    "a coefficient that is called by a hypothesis": (
        newton(["+", "A", "x", neg("h")], ["tr", "A"]), "not written out", newton("A", ["tr", "A"])),
    "a rate that does not vanish": (stays("a", "a"), "without a factor", stays(["*", "a", "w"], ["*", "a", "N"])),
    "a factor N to the power 0": (stays("a", ["*", "a", ["^", "N", 0]]), "without a factor",
                                  stays(["*", "a", ["^", "w", 2]], ["*", "a", ["^", "N", 2]])),
    "a start that holds always": (stays(["*", "a", "w"], ["*", "a", "N"], tense=ALWAYS), "nothing to keep",
                                  stays(["*", "a", "w"], ["*", "a", "N"])),
    "an operator that is not Hermitian": (
        through(1, "s", SKEW, ["*", "s", "t"]), "not Hermitian", through(1, "s", SELF, ["*", "t", "s"])),
    "an imaginary factor": (through("i", "s", SELF, ["*", "t", "s"]), "not real",
                            through(-1, "s", SELF, ["*", "t", "s"])),
    "a limit of a law with another damping": (resting(damping=neg("k")), "is not such a law", resting()),
    "a limit while the damping moves": (resting(rates=["H"]), "not declared constant: k", resting()),
    "a limit while the field moves": (resting(rates=["k"]), "derivative of H is not declared", resting()),
    "a limit without a bound": (resting(bounded="balance"), "|r| is constant", resting()),
    "a limit where an energy rises": (resting(neg(["tr", ["*", "r", "H"]])), "not about E", resting()),
    "a limit by a fall that is shown later": (shown_later(resting()), "falls is no step nonnegative", resting()),
    "a limit of another letter": (resting(state="H"), "no free letter", resting()),
    "a limit of a law at one instant": (resting(tense=ONCE), "must hold always", resting()),
}


@pytest.mark.parametrize("name", TWINS)
def test_a_forgery_is_refused_for_its_fault_and_its_twin_accepted(name):
    forgery, reason, twin = TWINS[name]
    row = verdict(forgery)
    assert not row["accepted"]
    assert reason in row["reason"]
    assert "malformed" not in row["reason"]
    assert verdict(twin)["reason"] == ""


def test_no_letter_of_a_claim_is_taken_for_one_of_a_lemma():
    """A scalar t beside e^(Lt), or P = 0 beside Σ p P, would bend what is printed."""
    bound = verdict(growing("x", "t", SQUARE, ["+", ["*", "t", "x"], SQUARE, neg(["D", "x"])], ["sq", "r"],
                            {**REAL, "t": "t"}, {"x": ["*", "t", "x"], "t": 0, "r": 0}))["claim"]
    assert "; ever after, x <= the solution of D(.) = (t)*(.) + r^2 with the same start (Gronwall) where" in bound
    assert "; A is a sum of eigenvalues times projections of sum 1, and each pair fits h (" in verdict(
        resolved("p"))["claim"]


@pytest.mark.parametrize("hidden", [
    "\r\x1b[2Kx: |- 1 = 2  [lemmas: none]", "\n1 of 1 claims accepted.", "\u202e", "\ud800"])
def test_no_control_character_is_printed(hidden):
    """A terminal would show a refusal as an acceptance."""
    data = solved()
    data["steps"]["one"]["law"] = hidden
    row = verdict(data)
    assert not row["accepted"]
    assert all(" " <= x <= "~" for x in checker.line(row))
    assert "REFUSED" in checker.line(row)
