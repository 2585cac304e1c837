"""Every theorem: proved, replayed by the checker alone, and each of its false twins refuted at a concrete point."""

import subprocess
import sys
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

import qllg_sym as q
import second_checker
from qllg_sym.proof import checker, claims
from qllg_sym.proof.certificate import document
from qllg_sym.proof.numeric import is_zero, plus
from qllg_sym.report.book import book

THEOREMS = q.theorems()
NUMERIC = 3         # at most so many may be numeric


@pytest.fixture(scope="module")
def certificates():
    """Those of the report's proof book, which is proved once a process, for the tests of the page, too."""
    proved = [proved for chapter in book() for proved in chapter.proofs]
    assert [p.theorem.id for p in proved] == [t.id for t in THEOREMS]
    assert [p.failure for p in proved if p.failure] == []
    return [p.certificate for p in proved]


@pytest.fixture(scope="module")
def printed(certificates, tmp_path_factory):
    """What the checker prints, run by itself: no site packages, no package on the path, another folder."""
    folder = tmp_path_factory.mktemp("check")
    copytree(Path(checker.__file__).parent, folder / "checker", ignore=ignore_patterns("__pycache__"))
    (folder / "all.json").write_text(document(certificates), encoding="utf-8")
    run = subprocess.run([sys.executable, "-I", "-S", "checker", "all.json"], cwd=folder, capture_output=True,
                         text=True, encoding="utf-8", check=False)
    assert (run.returncode, run.stderr) == (0, "")
    return run.stdout.splitlines()


def test_ids_are_unique_and_all_scopes_are_known():
    assert len({t.id for t in THEOREMS}) == len(THEOREMS)
    assert {t.scope for t in THEOREMS} <= {"every dimension", "this dimension", "numeric"}
    assert sum(t.scope == "numeric" for t in THEOREMS) <= NUMERIC


def test_the_checker_prints_the_claim_of_every_theorem(certificates, printed):
    """The checker renders a claim from the certificate, the package from the code: two programs, one text."""
    exact = [t for t in THEOREMS if t.scope != "numeric"]
    lemmas = {t.id: ", ".join(["trace form"] * used.trace_form + [f"{x.kind} ({x.name})" for x in used.lemmas])
              or "none" for t in exact for used in [t.ingredients]}
    assert printed[:len(exact)] == [f"{t.id}: {t.claim}  [lemmas: {lemmas[t.id]}]" for t in exact]
    assert printed[-1] == f"{len(exact)} of {len(exact)} claims accepted."
    assert all(t.id in printed[-2] for t in THEOREMS if t.scope == "numeric")


def test_the_list_of_claims_is_current(request):
    """`qllg check` holds a file against this list."""
    file = Path(claims.__file__)
    head, mark, _ = file.read_text(encoding="utf-8").partition("# Generated from here on.\n")
    rows = "".join(f'    "{t.id}": "{claims.digest(t.claim)}",\n' for t in THEOREMS if t.scope != "numeric")
    if request.config.getoption("--update"):
        file.write_text(f"{head}{mark}BOOK = {{\n{rows}}}\n", encoding="utf-8")
    assert file.read_text(encoding="utf-8") == f"{head}{mark}BOOK = {{\n{rows}}}\n", (
        "stale: pytest tests/proof/test_theorems.py --update, then read the diff")


def test_a_second_checker_finds_every_step_right_at_random_points(certificates):
    for data in (c.data for c in certificates if c.replayable):
        second_checker.check(data)


def test_no_step_of_another_kind_is_accepted(certificates):
    """Equations, inequalities and what is deduced from them are not exchanged by the name of their kind alone."""
    kinds = ("equal", "nonnegative", "positive", "zero", "cancel", "roots")
    tried, accepted = 0, []
    for data in (c.data for c in certificates if c.replayable and len(str(c.data)) < 3000):
        for name, step in data["steps"].items():
            if step["kind"] in checker.LEMMAS:
                continue
            for kind in (kind for kind in kinds if kind != step["kind"]):
                forged = {**data, "steps": {**data["steps"], name: {**step, "kind": kind}}}
                row, = checker.replay({"theorems": [forged]})
                tried += 1
                accepted += [(data["id"], name, kind)] if row["accepted"] else []
    assert accepted == []
    assert tried > 200


def test_numeric_theorems_write_no_certificate(certificates):
    assert [c.replayable for c in certificates] == [t.scope != "numeric" for t in THEOREMS]


@pytest.mark.parametrize("twin", [pytest.param(b, id=f"{t.id}: {b.note}") for t in THEOREMS for b in t.broken()])
def test_a_false_twin_is_refuted_where_its_two_sides_differ(twin):
    with pytest.raises(q.ProofError) as caught:
        twin.prove()
    point = caught.value.counterexample
    assert point is not None
    assert caught.value.args[0].count("\n") == 0
    if point.get("step") is None or isinstance(point["lhs"], int):      # numeric scope, or a count of zeros
        assert point["lhs"] != point["rhs"]
    elif point["rhs"] is not None:
        assert not is_zero(plus(point["lhs"], point["rhs"], -1))
    else:                                                               # a claim that something is 0, >= 0 or > 0
        assert not is_zero(point["lhs"]) or point["claim"].endswith("> 0")


@pytest.mark.parametrize("theorem", THEOREMS, ids=lambda t: t.id)
def test_every_theorem_has_a_twin_and_says_where_it_comes_from(theorem):
    assert theorem.broken()
    assert theorem.source
    assert theorem.statement
