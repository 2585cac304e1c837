"""Certificates damaged at random: the checker refuses, or what it accepts says the same, for a reason that is named."""

from collections import Counter
from random import Random

import pytest
from mutation import accepted, at, mutate, reason

import qllg_sym as q

MUTANTS = 2500
CORE = ("purity", "moments", "trace", "hermiticity", "existence")


@pytest.fixture(scope="module")
def core():
    return [t.prove().data for t in q.theorems() if t.id in CORE]


def test_the_originals_are_accepted(core):
    assert len(core) == len(CORE)
    assert all(map(accepted, core))


def test_no_mutant_that_says_something_else_is_accepted(core):
    rng, found, harmful = Random(5), Counter(), []
    for _ in range(MUTANTS):
        data = rng.choice(core)
        change = mutate(data, rng)
        if change is None:
            continue
        mutant, path = change
        if not accepted(mutant):
            found["refused"] += 1
            continue
        why = reason(data, mutant)
        found[why] += 1
        if why is None:
            harmful.append((data["id"], path, at(data, path), at(mutant, path)))
    print(f"\n{sum(found.values())} mutants of {len(core)} certificates: {dict(found)}")
    assert harmful == []
    assert found["refused"] > 0.9 * sum(found.values())
