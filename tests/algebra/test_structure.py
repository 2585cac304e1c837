"""Structure constants are those of the matrices of the strings."""

from fractions import Fraction

import numpy as np
import pytest

from qllg_sym.algebra.structure import constants_of
from qllg_sym.model.expansion import standard_string

HALF, ONE = Fraction(1, 2), Fraction(1)
ROWS = [(HALF,), (HALF, HALF), (ONE,), (ONE, HALF), (Fraction(3, 2),), (HALF, HALF, HALF)]


def matrices(constants):
    return [np.array(standard_string(constants.spins, constants.string(k)).tolist(), dtype=complex)
            for k in range(constants.size)]


def combined(constants, basis, terms):
    return sum(r / constants.scale * 1j**k * basis[c] for k, c, r in terms)


@pytest.mark.parametrize("spins", ROWS, ids=str)
def test_products_and_halves_of_commutators_are_those_of_matrices(spins):
    constants = constants_of(spins)
    basis = matrices(constants)
    for a in range(constants.size):
        found = {(b, odd): [] for b in range(constants.size) for odd in (False, True)}
        for odd in (False, True):
            for b, *term in constants.products(a, range(constants.size), odd):
                found[b, odd].append(term)
        for b in range(constants.size):
            ab, ba = basis[a] @ basis[b], basis[b] @ basis[a]
            assert np.allclose(combined(constants, basis, found[b, False]), ab)
            assert np.allclose(combined(constants, basis, found[b, True]), (ab - ba) / 2)
            assert len({c for _, c, _ in found[b, False]}) == len(found[b, False])


@pytest.mark.parametrize("spins", ROWS, ids=str)
def test_numbers_and_strings_belong_together(spins):
    constants = constants_of(spins)
    assert [constants.number(constants.string(k)) for k in range(constants.size)] == list(range(constants.size))
    assert constants.string(0) == (0,) * len(spins)
    assert all(float(constants.norm(k)) == pytest.approx(np.trace(a @ a).real)
               for k, a in enumerate(matrices(constants)))
