"""Sums built in order are what SymPy builds itself, argument for argument."""

import random

import pytest
import sympy as sp

from qllg_sym import t
from qllg_sym.algebra.canonical import CanonicalSums

J, kappa, a = sp.symbols("J kappa a", real=True)
STATES = tuple(sp.Symbol(f"T_{x}{y}", real=True) for x in "0xyz" for y in "0xyz")[1:]
ATOMS = {
    "none": [], "symbols": [J, kappa], "inverse": [J, 1 / (1 + a**2), 1 / a], "root": [sp.sqrt(3), J],
    "functions": [sp.sin(t), sp.exp(-t**2), J], "time": [t, J],
    "roots that multiply": [sp.sqrt(3), 1 / sp.sqrt(3), a, 1 / a], "exponentials that multiply": [sp.exp(t), sp.exp(a)],
    "a root of a sum": [sp.sqrt(1 + a), J],
}


@pytest.mark.parametrize("name", ATOMS)
@pytest.mark.parametrize("degree", [1, 2, 3])
def test_a_sum_is_the_one_of_sympy(name, degree):
    dice = random.Random(f"{name} {degree}")
    sums, terms, plain = CanonicalSums(STATES, degree), [], []
    powers = {tuple(p for x in ATOMS[name] for p in [x**dice.randrange(3)] if p != 1) for _ in range(6)}
    numbers = [sp.Integer(1), sp.Integer(-1), sp.Rational(1, 2), sp.Rational(-3, 4), sp.Integer(7)]
    coefficients = [(n, p, sums.coefficient(n, p)) for p in powers for n in numbers]
    seen = set()
    for _ in range(200):
        number, monomial, coefficient = dice.choice(coefficients)
        generators = [dice.randrange(len(STATES)) for _ in range(dice.randrange(degree + 1))]
        if (monomial, tuple(sorted(generators))) not in seen:
            seen.add((monomial, tuple(sorted(generators))))
            terms.append((coefficient, generators))
            plain.append(sp.Mul(number, *monomial, *(STATES[g] for g in generators)))
    found, expected = sums.sum(terms), sp.Add(*plain)
    assert found == expected
    assert found.args == expected.args
    assert hash(found) == hash(expected)
    assert sp.srepr(found) == sp.srepr(expected)
    assert found.func(*found.args).args == found.args
    if name in ("none", "symbols", "root", "functions", "time"):        # elsewhere `expand` enters denominators
        assert found == sp.expand(found)


def test_short_sums_are_no_sums():
    sums = CanonicalSums(STATES, 2)
    one, three, j = sums.coefficient(sp.S.One, []), sums.coefficient(sp.Integer(3), []), sums.coefficient(sp.S.One, [J])
    assert sums.sum([]) is sp.S.Zero
    assert sums.sum([(one, [])]) is sp.S.One
    assert sums.sum([(three, [])]) == 3
    assert sums.sum([(one, [2])]) == STATES[2]
    assert sums.sum([(j, [])]) == J
    assert sums.sum([(three, [1, 1])]) == 3 * STATES[1]**2
