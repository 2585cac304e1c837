"""Sums of strings multiply as matrices do."""

import random
from fractions import Fraction

import numpy as np
import pytest

from qllg_sym.algebra.string_sums import StringSum
from qllg_sym.algebra.structure import constants_of
from qllg_sym.model.expansion import standard_string

HALF, ONE = Fraction(1, 2), Fraction(1)
POINT = {0: 1.0, 1: 0.3, 2: -1.7, 16: 2.1, 17: 0.3 * 2.1, 18: -1.7 * 2.1}      # keys that add up where numbers multiply


def matrix(total):
    one = total.constants
    return sum(number * POINT[key] * 1j**k * np.array(standard_string(one.spins, one.string(string)).tolist(), complex)
               for (k, string), p in total.terms.items() for key, number in p.items()) / total.denominator


def drawn(dice, constants, keys):
    return StringSum(constants, {(dice.randrange(2), dice.randrange(constants.size)):
                                 {key: dice.randrange(-5, 6) for key in keys} for _ in range(4)}, dice.randrange(1, 4))


@pytest.mark.parametrize("spins", [(HALF, HALF), (ONE,)], ids=str)
def test_products_commutators_and_sums_are_those_of_matrices(spins):
    dice, constants = random.Random(1), constants_of(spins)
    for _ in range(4):
        a, b = drawn(dice, constants, [0, 1, 2]), drawn(dice, constants, [0, 16])
        x, y = matrix(a), matrix(b)
        assert np.allclose(matrix(a.times(b)), x @ y)
        assert np.allclose(matrix(a.commutator(b)), x @ y - y @ x)
        assert np.allclose(matrix(a.scaled({0: {0: 2}, 1: {16: 3}}, 7)), (2 + 3j * POINT[16]) / 7 * x)
        a.add(b)
        assert np.allclose(matrix(a), x + y)
