"""The checker: small, alone, strict; every rule has a certificate that breaks it, and that alone."""

import ast
import json
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from time import process_time

import pytest

from qllg_sym.proof import checker
from sturm import UNKNOWN, roots

SOURCE = Path(checker.__file__).parent
A, B = "A", "B"
WITNESS = {"A": ["matrix", [[2, "i"], [["*", -1, "i"], 1]]], "B": ["matrix", [[2, "i"], [["*", -1, "i"], 1]]]}


def certificate(**changes):
    """A − B = 0 |- D tr(Aⁿ) = n tr(Aⁿ⁻¹B), written by hand."""
    n, n1 = "n", ["+", "n", -1]
    lower = ["^", A, n1]
    by = ["*", n, ["tr", ["*", lower, "E"]]]
    rate = ["+", A, ["*", -1, B], B]
    return {
        "id": "by-hand", "dimension": 0, "letters": {"A": None, "B": None}, "scalars": {},
        "exponents": {"n": 1}, "rates": {"A": rate}, "let": {},
        "hypotheses": {"E": ["zero", ["+", A, ["*", -1, B]], "at one instant"]},
        "steps": {"a": {"kind": "equal", "lhs": ["D", ["tr", ["^", A, n]]], "by": by,
                        "rhs": ["*", n, ["tr", ["*", lower, B]]]}},
        "claim": ["a"], "trajectory": {}, "witness": WITNESS, **changes}


def identity(lhs, rhs, **changes):
    """A claim without hypotheses in real scalars x and y."""
    step = {"kind": "equal", "lhs": lhs, "rhs": rhs, "by": 0}
    base = certificate(letters={}, exponents={}, rates={}, hypotheses={}, witness={}, scalars={"x": None, "y": None},
                       steps={"a": step})
    return {**base, **changes}


def verdict(data):
    row, = checker.replay({"theorems": [data]})
    return row


X, Y = "x", "y"
SQUARE = identity(["^", ["+", X, Y], 2], ["+", ["^", X, 2], ["*", 2, X, Y], ["^", Y, 2]])


@pytest.mark.parametrize("file", sorted(SOURCE.glob("*.py")), ids=lambda file: file.name)
def test_it_uses_the_standard_library_and_itself_alone(file):
    """Imports from above its own folder, or of anything that Python does not bring, are none."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level}
    assert {name.split(".")[0] for name in names} <= set(sys.stdlib_module_names)
    assert all(node.level < 2 for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 400


def test_its_lemmas_are_few():
    assert len(checker.LEMMAS) <= 12


@pytest.mark.parametrize("data", [certificate(), SQUARE])
def test_what_is_true_is_accepted(data):
    assert verdict(data)["reason"] == ""
    assert verdict(data)["accepted"]


def test_the_claim_is_rendered_from_the_certificate():
    assert verdict(certificate())["claim"] == (
        "E (at one instant): A - B = 0 |- D(tr(A^n)) = n*tr(A^(n - 1)*B) where A, B operators; D(A) = A - B + B; "
        "n = 1, 2, ...")


def changed(path, value):
    data = deepcopy(certificate())
    place = data
    for key in path[:-1]:
        place = place[key]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return data


REFUSED = {
    "expand to zero": changed(("steps", "a", "rhs"), 0),
    "not made of hypotheses": changed(("steps", "a"), {"kind": "equal", "lhs": ["tr", A], "rhs": ["tr", B],
                                                       "by": ["+", ["tr", A], ["*", -1, ["tr", B]]]}),
    "keys are not those": {**certificate(), "extra": 1},
    "is not exact": changed(("steps", "a", "rhs"), 0.5),
    "True is not exact": changed(("steps", "a", "rhs"), True),
    "'2/4' is not exact": changed(("steps", "a", "rhs"), "2/4"),
    "wrong number of parts": changed(("steps", "a", "rhs"), ["tr", A, B]),
    "'C' is not exact": changed(("steps", "a", "rhs"), "C"),
    "runs over 1, 2, ...": changed(("exponents", "n"), 2),
    "or negative": changed(("steps", "a", "lhs"), ["D", ["tr", ["^", A, ["+", "n", -2]]]]),
    "is not declared": changed(("rates", "A"), None),
    "not needed: ('D', 'B')": certificate(rates={"A": ["+", A, ["*", -1, B], B], "B": 0}),
    "not needed: C": certificate(letters={"A": None, "B": None, "C": None}),
    "not needed: K": certificate(let={"K": 1}),
    "not mutual": changed(("letters", "A"), "B"),
    "('star', 'B')": changed(("letters", "B"), "B"),
    "a name is wrong": changed(("scalars", "A"), "A"),
    "fails at the witness": changed(("witness", "A"), ["matrix", [[3, "i"], [["*", -1, "i"], 1]]]),
    "malformed": changed(("letters",), 5),
    "must give ['A', 'B']": changed(("witness", "A"), None),
    "the witness must give": certificate(witness={**WITNESS, "n": 3}),
    "a claim is no step": certificate(claim=["a", "b"]),
    "claims nothing": certificate(claim=[]),
    "wrong keys": changed(("steps", "a", "more"), 1),
    "the sign of x does not follow": identity(0, 0, scalars={"x": None}, steps={
        "a": {"kind": "nonnegative", "lhs": X, "squares": X, "by": 0}}),
    "shown to be 0": identity(0, 0, steps={
        "a": {"kind": "nonnegative", "lhs": ["+", X, ["*", -1, X]], "squares": ["*", 0, ["sq", X]], "by": 0}},
        scalars={"x": "x"}),
}


@pytest.mark.parametrize("reason", REFUSED)
def test_what_breaks_a_rule_is_refused(reason):
    row = verdict(REFUSED[reason])
    assert not row["accepted"]
    assert reason.strip() in row["reason"]


def test_an_adjoint_that_only_a_rate_uses_is_refused():
    assert "('star', 'A')" in verdict(changed(("letters", "A"), "A"))["reason"]


def test_a_sign_that_could_be_weaker_is_refused():
    step = {"a": {"kind": "nonnegative", "lhs": X, "squares": ["*", "s", ["sq", Y]], "by": ["*", -1, "e"]}}
    strong = identity(X, 0, scalars={"x": None, "y": "y"}, steps=step, witness={"x": 4, "y": 2}, hypotheses={
        "s": ["positive", 1, "at one instant"], "e": ["zero", ["+", ["^", Y, 2], ["*", -1, X]], "at one instant"]})
    assert "weaker" in verdict(strong)["reason"]
    weaker = {**strong["hypotheses"], "s": ["nonnegative", 1, "at one instant"]}
    assert verdict({**strong, "hypotheses": weaker})["accepted"]


@pytest.mark.parametrize(("count", "right"), [(1, True), (0, False), (2, False)])
def test_sturm_counts_the_zeros_of_x_squared_minus_two(count, right):
    step = {"a": roots(UNKNOWN**2 - 2, count, 0, 2)}
    assert verdict(identity(0, 0, scalars={"x": "x"}, steps=step))["accepted"] is right


@pytest.mark.parametrize(("low", "high", "count"), [(-5, 5, 3), (-5, 0, 1), ("1/2", "3/2", 1), (3, 4, 0)])
def test_sturm_counts_distinct_zeros_of_a_product(low, high, count):
    """(x − 1)²(x + 2)(x − 5/2): one zero is double."""
    poly = ["*", ["^", ["+", X, -1], 2], ["+", X, 2], ["+", X, "-5/2"]]
    expanded = (UNKNOWN - 1)**2 * (UNKNOWN + 2) * (2 * UNKNOWN - 5) / 2
    step = {"a": roots(expanded, count, low, high, poly)}
    assert verdict(identity(0, 0, scalars={"x": "x"}, steps=step))["accepted"]
    for k, other in ((0, count + 1), (1, low - 1 if isinstance(low, int) else 0), (2, 4)):
        wrong = {**step["a"], "count": [other if j == k else v for j, v in enumerate(step["a"]["count"])]}
        assert wrong == step["a"] or not verdict(identity(0, 0, scalars={"x": "x"}, steps={"a": wrong}))["accepted"]


@pytest.mark.parametrize(("count", "accepted"), [(50, True), (600, False), (2000, False), (5000, False)])
def test_what_would_take_long_is_refused_at_once(count, accepted):
    """A product of two sums of so many letters: 2,000 took 100 s and 2 GiB."""
    total = ["+", *(f"a{k}" for k in range(count))]
    data = identity(["*", total, total], ["*", total, total], scalars={}, letters={f"a{k}": None for k in range(count)})
    begun = process_time()
    row = verdict(data)
    assert row["accepted"] is accepted
    assert accepted or "too large" in row["reason"]
    assert process_time() - begun < 10


def test_a_file_is_bounded_as_a_whole():
    """What one claim spends, all the claims of a file together cannot spend without end."""
    total = ["+", *(f"a{k}" for k in range(150))]
    data = identity(["*", total, total], 0, scalars={}, letters={f"a{k}": None for k in range(150)})
    rows = list(checker.replay({"theorems": [{**data, "id": f"claim-{k}"} for k in range(20)]}, spend=500_000))
    assert "does not expand" in rows[0]["reason"]
    assert "took too long" in rows[-1]["reason"]


def test_two_claims_of_one_id_are_refused():
    rows = list(checker.replay({"theorems": [SQUARE, SQUARE]}))
    assert [row["accepted"] for row in rows] == [True, False]


def test_letters_commute_under_the_trace_alone():
    ab, ba = ["*", A, B], ["*", B, A]
    swap = {"a": {"kind": "equal", "lhs": ab, "rhs": ba, "by": 0}}
    base = certificate(exponents={}, rates={}, hypotheses={}, witness={}, steps=swap)
    assert not verdict(base)["accepted"]
    swap["a"] |= {"lhs": ["tr", ab], "rhs": ["tr", ba]}
    assert verdict(base)["accepted"]


def test_the_derivative_of_a_symbolic_power_needs_a_trace():
    power = ["^", A, "n"]
    data = certificate(steps={"a": {"kind": "equal", "lhs": ["D", power], "rhs": 0, "by": 0}})
    assert "outside a trace" in verdict(data)["reason"]


def run(path):
    return subprocess.run([sys.executable, "-I", "-S", str(SOURCE), *path], capture_output=True, text=True, check=False)


GOOD = json.dumps({"format": "qllg-certificates", "version": 2, "note": "seven are numeric", "theorems": [SQUARE]})


@pytest.mark.parametrize("text", [
    "", "{", "[]", "\x00", "[" * 100_000, GOOD[:-20], GOOD[:-1] + ', "more": 1}', GOOD.replace("qllg", "other"),
    GOOD.replace('"version": 2', '"version": 3'), GOOD.replace('"version": 2', '"version": 1'),
    GOOD.replace('"version": 2', '"version": 2, "version": 2'),
    GOOD.replace("2]", "2.0]"), GOOD.replace("2]", "NaN]")])
def test_a_file_that_is_none_is_one_sentence_and_exit_2(text, tmp_path):
    (tmp_path / "c.json").write_text(text, encoding="utf-8")
    done = run([tmp_path / "c.json"])
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("words", [[], ["no.json"], ["."]])
def test_no_file_is_exit_2(words):
    assert run(words).returncode == 2


def test_the_last_line_counts_and_gives_the_note(tmp_path):
    (tmp_path / "c.json").write_text(GOOD, encoding="utf-8")
    done = run([tmp_path / "c.json"])
    assert done.returncode == 0
    assert done.stdout.splitlines()[-2:] == ['the file notes: "seven are numeric"', "1 of 1 claims accepted."]
    (tmp_path / "c.json").write_text(GOOD.replace("[\"*\", 2", "[\"*\", 3"), encoding="utf-8")
    done = run([tmp_path / "c.json"])
    assert done.returncode == 1
    assert "REFUSED" in done.stdout.splitlines()[0]
