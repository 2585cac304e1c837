"""Words: substitution is a homomorphism into every other algebra."""

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

import oracle
from qllg_sym.algebra.element import Element, commutator
from qllg_sym.algebra.scalars import make_ring, to_ring
from qllg_sym.algebra.sites import SiteAlgebra
from qllg_sym.algebra.words import linear_in, substitute, words

KAPPA = sp.Symbol("kappa", real=True)
A, B, C = words("a", "b", "c", scalars=[KAPPA])
ALGEBRA = A.algebra


def elements():
    """Small random words with Gaussian-rational coefficients in κ."""
    def make(terms):
        total = Element(ALGEBRA, {})
        for letters, number, power, turn in terms:
            word = ALGEBRA.one * to_ring(ALGEBRA.ring, sp.Integer(number) * KAPPA**power)
            for letter in letters:
                word = word * (A, B, C)[letter]
            total = total + (word.times_i() if turn else word)
        return total
    one = st.tuples(st.lists(st.integers(0, 2), max_size=3), st.integers(-3, 3), st.integers(0, 2), st.booleans())
    return st.lists(one, max_size=4).map(make)


TARGET = SiteAlgebra((Fraction(1, 2), Fraction(1, 2)), make_ring([KAPPA]))
IMAGES = {"a": TARGET.string((1, 0)) + TARGET.string((0, 3)) * 2, "b": TARGET.string((2, 3)).times_i(),
          "c": TARGET.string((3, 1)) - TARGET.one}


def image(word):
    return substitute(word, IMAGES, TARGET.one)


@given(elements(), elements())
def test_substitution_keeps_sums_and_products(x, y):
    assert image(x * y) == image(x) * image(y)
    assert image(x + y) == image(x) + image(y)
    assert image(x.times_i()) == image(x).times_i()


def test_substitution_of_one_and_of_order():
    assert image(ALGEBRA.one) == TARGET.one
    assert image(A * B) != image(B * A)


@given(elements())
def test_substitution_equals_dense_matrices(x):
    kappa = 0.7

    def dense(element):
        total = np.zeros((4, 4), dtype=complex)
        for (k, (i, j)), c in element.terms.items():
            matrix = np.kron(oracle.PAULI["0xyz"[i]], oracle.PAULI["0xyz"[j]])
            total += 1j**k * float(c.as_expr().subs(KAPPA, kappa)) * matrix
        return total
    expected = np.zeros((4, 4), dtype=complex)
    for (k, letters), c in x.terms.items():
        product = np.eye(4, dtype=complex)
        for name in letters:
            product = product @ dense(IMAGES[name])
        expected += 1j**k * float(c.as_expr().subs(KAPPA, kappa)) * product
    assert dense(image(x)) == pytest.approx(expected, abs=1e-9)


@given(elements(), elements(), elements())
def test_words_are_an_associative_algebra(x, y, z):
    assert (x * y) * z == x * (y * z)
    assert x * (y + z) == x * y + x * z
    assert (commutator(x, commutator(y, z)) + commutator(y, commutator(z, x)) + commutator(z, commutator(x, y))).is_zero


def test_letters_do_not_commute_and_equality_is_by_value():
    assert A * B != B * A
    assert A != "a"
    assert (A - A).is_zero
    assert (A * B - A * C) == A * (B - C)
    with pytest.raises(TypeError):
        hash(A)


def test_linear_in_splits_left_and_right():
    word = A * B * C - (C * B).times_i() * to_ring(ALGEBRA.ring, KAPPA)
    assert linear_in(word, "b") == {(("a",), ("c",)): [(0, 1)], (("c",), ()): [(1, -KAPPA)]}
