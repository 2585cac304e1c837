"""Two checkers, written apart: one expands, one evaluates at random points of a finite field. They must agree."""

import json
from collections import Counter
from fractions import Fraction
from random import Random

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
import second_checker
from mutation import ERRORS, mutate
from qllg_sym.proof.checker import Claim
from qllg_sym.proof.language import scalars
from qllg_sym.proof.step import roots
from qllg_sym.proof.theorem import Theorem
from qllg_sym.report.book import book

CORE = ("purity", "hermiticity", "energy-falls", "dephasing-purity", "rival-moments", "counting", "two-level",
        "closed-form-2", "dimer-positivity")
SMALL = 6000        # characters of a certificate that is checked in a few milliseconds
STEP_IS_WRONG = ("does not expand to zero", "is not made of hypotheses", "the sign of")


def by_expansion(data):
    """Why the checker of the package refuses; empty if it accepts."""
    try:
        Claim(data).check()
    except (*ERRORS, ArithmeticError) as error:
        return f"{type(error).__name__}: {error}"
    return ""


def by_points(data, seed=0):
    """Why the checker at random points refuses; empty if it accepts."""
    try:
        second_checker.check(data, seed)
    except (second_checker.Wrong, *ERRORS, ArithmeticError) as error:
        return f"{type(error).__name__}: {error}"
    return ""


def disagreement(first, second):
    """What the package accepts must hold at random points; a step that it calls wrong must not."""
    return bool(second) if not first else any(word in first for word in STEP_IS_WRONG) and not second


def compare(certificates, number, seed):
    """Count the verdicts on so many mutants; those on which the two disagree are listed."""
    rng, found, apart = Random(seed), Counter(), []
    for _ in range(number):
        data = rng.choice(certificates)
        if (change := mutate(data, rng)) is None:
            continue
        first, second = by_expansion(change[0]), by_points(change[0])
        found["refused" if first else "accepted", "refused" if second else "accepted"] += 1
        apart += [(data["id"], change[1], first, second)] if disagreement(first, second) else []
    print(f"\n{dict(found)}", *apart, sep="\n")
    return found, apart


@pytest.fixture(scope="module")
def core():
    return {t.id: t.prove().data for t in q.theorems() if t.id in CORE}


def test_the_field():
    """Residues of Gaussian integers: products and adjoints are those of complex matrices."""
    assert sp.isprime(second_checker.P)
    assert second_checker.P < 2**28
    assert second_checker.I**2 % second_checker.P == second_checker.P - 1

    def residues(z):
        root, p = second_checker.I, second_checker.P
        return np.array([[[[(int(e.real) + sign * root * int(e.imag)) % p for e in row] for row in z]]
                         for sign in (1, -1)])
    x, y = (np.random.default_rng(k).integers(-99, 99, (2, 3, 3)) for k in (1, 2))
    x, y = (z[0] + 1j * z[1] for z in (x, y))
    assert (second_checker.times(residues(x), residues(y)) == residues(x @ y)).all()
    assert (second_checker.adjoint(residues(x)) == residues(x.conj().T)).all()
    assert (second_checker.number(second_checker.I, -second_checker.I)[:, 0] == residues([[1j]])[:, 0]).all()


def test_both_accept_the_originals(core):
    assert {*core} == {*CORE}
    assert [by_expansion(d) + by_points(d) for d in core.values()] == [""] * len(CORE)


def forged(core):
    """Certificates of which one step is wrong, each for another reason."""
    def change(name, step, **parts):
        data = json.loads(json.dumps(core[name]))
        data["steps"][step] |= parts
        return data
    rate = ["D", ["tr", ["*", "rho", "H"]]]
    yield "sides", change("purity", "purity", rhs=1)
    yield "factor", change("purity", "purity", by=["*", 3, ["tr", ["*", "rho", "R"]]])
    yield "reason", change("purity", "purity", by=["D", ["tr", ["^", "rho", 2]]])
    yield "sign", change("energy-falls", "falls", lhs=rate, squares=["*", -1, "kappa_sign", ["sq", "X"]])
    yield "sum", change("counting", "quantum_2", lhs=16)
    yield "adjoint", change("hermiticity", "hermiticity", lhs=["+", "X", "X_dag"])
    yield "equation", change("closed-form-2", "cayley_hamilton", equation=["+", ["^", "rho", 2], ["*", -1, "rho"]])
    yield "coefficient", change("dimer-positivity", "characteristic", symmetric=[1, "e3", "e2", "e4"])
    yield "not kept", change("two-level", "N_moves", rhs=["+", core["two-level"]["steps"]["N_moves"]["rhs"], 1])
    yield "kept through", change("two-level", "kept", through=[["b", "rho"]])
    data = json.loads(json.dumps(core["dephasing-purity"]))
    data["rates"]["rho"] = ["*", "i", "X"]
    yield "rate", data
    yield "order", change("dephasing-purity", "loss", rhs=["*", -1, "g", ["tr", ["*", ["comm", "L", "rho"],
                                                                             ["comm", "L", "rho"]]]])


def test_both_refuse_a_forged_step(core):
    tried = [(why, bool(by_expansion(data)), bool(by_points(data))) for why, data in forged(core)]
    assert tried == [(why, True, True) for why, *_ in tried]
    assert len(tried) == 12


def test_zeros_are_counted_by_another_library():
    x, = scalars("x")
    record = Theorem("root", "x", "own", "this dimension", (roots("root", x**3 - 2 * x, 2, Fraction(-1, 2), 2),))
    data = record.prove().data
    assert by_expansion(data) + by_points(data) == ""
    data["steps"]["root"]["count"][0] += 1
    assert "zeros" in by_points(data)


def test_the_two_agree_on_mutants_of_some(core):
    found, apart = compare([*core.values()], 120, seed=11)
    assert apart == []
    assert found["accepted", "accepted"] > 0
    assert found["refused", "refused"] > 30


@pytest.mark.slow
def test_the_two_agree_on_mutants_of_all():
    proved = [p.certificate for chapter in book() for p in chapter.proofs]
    everything = [c.data for c in proved if c.replayable]
    found, apart = compare([d for d in everything if len(json.dumps(d)) < SMALL], 4000, seed=12)
    assert apart == []
    assert found["refused", "refused"] > 1500
