"""U(su(2)): one normal form for every s."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracle
from qllg_sym.algebra.element import Element, commutator
from qllg_sym.algebra.scalars import make_ring
from qllg_sym.algebra.su2 import Su2Algebra, ordered

SPINS = ["1/2", "1", "3/2", "2", "5/2"]
words = st.lists(st.integers(0, 2), max_size=6).map(tuple)


def matrix(terms, spin):
    """Value of ordered monomials for one spin."""
    d = len(spin[0])
    total = np.zeros((d, d), dtype=complex)
    for k, powers, n in terms:
        product = np.eye(d, dtype=complex)
        for op, power in zip(spin, powers, strict=True):
            product = product @ np.linalg.matrix_power(op, power)
        total = total + 1j**k * float(n) * product
    return total


@pytest.mark.parametrize("s", SPINS)
@given(words)
def test_normal_form_has_the_same_matrix(s, letters):
    spin = oracle.spin_matrices(eval_half(s))
    expected = np.eye(len(spin[0]), dtype=complex)
    for letter in letters:
        expected = expected @ spin[letter]
    assert matrix(ordered(letters), spin) == pytest.approx(expected, abs=1e-9 * max(1, np.abs(expected).max()))


def eval_half(s):
    return float(s[:-2]) / 2 if s.endswith("/2") else float(s)


@given(words, words)
def test_elements_multiply_like_matrices(a, b):
    algebra = Su2Algebra(make_ring([]))
    spin, dense = algebra.spin(), oracle.spin_matrices(2)

    def both(letters):
        element, value = algebra.one, np.eye(5, dtype=complex)
        for letter in letters:
            element, value = element * spin[letter], value @ dense[letter]
        return element, value
    (left, x), (right, y) = both(a), both(b)
    found = commutator(left, right).times_i()
    terms = [(k, powers, int(c.as_expr())) for (k, powers), c in found.terms.items()]
    expected = 1j * (x @ y - y @ x)
    assert matrix(terms, dense) == pytest.approx(expected, abs=1e-8 * max(1, np.abs(expected).max()))


def test_commutation_relations_and_casimir():
    algebra = Su2Algebra(make_ring([]))
    x, y, z = algebra.spin()
    for a, b, c in ((x, y, z), (y, z, x), (z, x, y)):
        assert commutator(a, b) == c.times_i()
        assert commutator(a, b) != -c.times_i()
    casimir = x * x + y * y + z * z
    for a in (x, y, z):
        assert commutator(casimir, a).is_zero
    assert not commutator(x * x + y * y, x).is_zero
    assert not Element(algebra, casimir.terms).is_zero
