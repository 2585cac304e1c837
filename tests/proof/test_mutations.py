"""Certificates damaged at random: the checker refuses, or what it accepts says the same, for a reason that is named."""

import json
from collections import Counter
from random import Random

import pytest

import qllg_sym as q
from mutation import ANOTHER, accepted, another, at, mutate, reason
from qllg_sym.report.book import book

CORE = ("purity", "moments", "trace", "hermiticity", "existence")
SMALL = 6000        # characters of a certificate that is checked in a few milliseconds


def damage(certificates, number, seed):
    """Count what became of so many mutants of each; those that say something else, not shown true, are listed.

    Each certificate has random numbers of its own: the mutants of one do not depend on which others there are.
    """
    found, harmful = Counter(), []
    for data in certificates:
        rng = Random(f"{data['id']} {seed}")
        for _ in range(number):
            if (change := mutate(data, rng)) is None:
                continue
            mutant, path = change
            why = reason(data, mutant) if accepted(mutant) else "refused"
            found[why] += 1
            if why in (None, ANOTHER):
                print(data["id"], path, at(data, path), at(mutant, path), why or "HARMFUL")
            if why is None:
                harmful.append((data["id"], path))
    print(f"\n{sum(found.values())} mutants of {len(certificates)} certificates: {dict(found)}")
    return found, harmful


@pytest.fixture(scope="module")
def core():
    return [t.prove().data for t in q.theorems() if t.id in CORE]


def test_the_originals_are_accepted(core):
    assert len(core) == len(CORE)
    assert all(map(accepted, core))


@pytest.mark.parametrize("number", [120, pytest.param(300, marks=pytest.mark.slow)])
def test_no_mutant_of_the_first_theorems_that_says_something_else_is_accepted(core, number):
    found, harmful = damage(core, number, seed=5)
    assert harmful == []
    assert found["refused"] > 0.9 * found.total()


@pytest.fixture(scope="module")
def everything():
    return [p.certificate.data for chapter in book() for p in chapter.proofs if p.certificate.replayable]


@pytest.mark.slow
@pytest.mark.parametrize(("large", "number"), [(False, 40), (True, 10)], ids=["small", "large"])
def test_no_mutant_of_any_theorem_that_says_something_else_is_accepted(everything, large, number):
    """Of every theorem so many; of what is accepted and says something else, few, and that is true."""
    found, harmful = damage([d for d in everything if (len(json.dumps(d)) >= SMALL) == large], number, seed=6)
    assert harmful == []
    assert found["refused"] > 0.9 * found.total()
    assert found[ANOTHER] < 0.01 * found.total()


def test_a_mutant_that_says_something_else_is_judged_by_the_second_checker(core):
    """A true one is told from one that is false, or that stands on what the second checker does not see."""
    data = next(d for d in core if d["id"] == "trace")
    step, = data["steps"].values()
    name, = data["steps"]

    def changed(**parts):
        return {**data, "steps": {name: {**step, **parts}}}
    twice = ["+", step["lhs"], ["*", "kappa", step["lhs"]]]
    true = changed(lhs=twice, by=["+", step["by"], ["*", "kappa", step["by"]]])
    assert accepted(true)
    assert reason(data, true) == ANOTHER
    assert reason(true, data) == ANOTHER
    assert not another(data, changed(rhs=1))
    assert not another(data, changed(kind="zero"))
    tense = {key: [*row[:2], "always"] for key, row in data["hypotheses"].items()}
    assert not another(data, {**data, "hypotheses": tense})
    assert not another(data, {**true, "rates": {**data["rates"], "kappa": 0}})
