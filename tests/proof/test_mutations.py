"""Certificates damaged at random: the checker refuses, or what it accepts says the same, for a reason that is named."""

import json
from collections import Counter
from random import Random

import pytest
from mutation import accepted, at, mutate, reason

import qllg_sym as q

CORE = ("purity", "moments", "trace", "hermiticity", "existence")
SMALL = 6000        # characters of a certificate that is checked in a few milliseconds


def damage(certificates, number, seed):
    """Count what became of so many mutants; those that say something else and were accepted are listed."""
    rng, found, harmful = Random(seed), Counter(), []
    for _ in range(number):
        data = rng.choice(certificates)
        if (change := mutate(data, rng)) is None:
            continue
        mutant, path = change
        why = reason(data, mutant) if accepted(mutant) else "refused"
        found[why] += 1
        if why is None:
            harmful.append((data["id"], path, at(data, path), at(mutant, path)))
    print(f"\n{sum(found.values())} mutants of {len(certificates)} certificates: {dict(found)}")
    print(*harmful, sep="\n")
    return found, harmful


@pytest.fixture(scope="module")
def core():
    return [t.prove().data for t in q.theorems() if t.id in CORE]


def test_the_originals_are_accepted(core):
    assert len(core) == len(CORE)
    assert all(map(accepted, core))


def test_no_mutant_of_the_first_theorems_that_says_something_else_is_accepted(core):
    found, harmful = damage(core, 1500, seed=5)
    assert harmful == []
    assert found["refused"] > 0.9 * found.total()


@pytest.fixture(scope="module")
def everything():
    return [t.prove().data for t in q.theorems() if t.scope != "numeric"]


@pytest.mark.slow
@pytest.mark.parametrize(("large", "number", "seed"), [(False, 8000, 6), (True, 200, 7)], ids=["small", "large"])
def test_no_mutant_of_any_theorem_that_says_something_else_is_accepted(everything, large, number, seed):
    found, harmful = damage([d for d in everything if (len(json.dumps(d)) >= SMALL) == large], number, seed)
    assert harmful == []
    assert found["refused"] > 0.9 * found.total()
