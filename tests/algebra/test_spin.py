"""Site bases and structure constants against matrices of the textbook."""

from fractions import Fraction
from itertools import product as all_of

import numpy as np
import pytest
import sympy as sp

import oracle
from qllg_sym.algebra import spin
from qllg_sym.algebra.sites import string_label, string_norm, string_product, strings
from qllg_sym.model.expansion import standard_member

SPINS = [Fraction(k, 2) for k in range(1, 6)]


def member(s, index):
    """A basis member as a (d, d) array in the standard basis."""
    d = int(2 * s) + 1
    a = np.zeros((d, d), dtype=complex)
    for (i, j), x in standard_member(s, index).items():
        a[i, j] = complex(x)
    return a


@pytest.mark.parametrize("s", [*SPINS[1:], Fraction(3), Fraction(7, 2)], ids=str)
def test_stevens_operators_are_the_tabulated_ones(s):
    checked = 0
    for (k, q), expected in oracle.stevens(sp.Rational(s.numerator, s.denominator)).items():
        if k <= 2 * s:
            found = member(s, k * k + k + q)
            assert found == pytest.approx(np.array(expected.tolist(), dtype=complex), abs=1e-12), (k, q)
            assert not np.allclose(found, 2 * np.array(expected.tolist(), dtype=complex))
            checked += 1
    assert checked == {2: 8, 3: 15, 4: 24, 5: 24}.get(int(2 * s), 37)       # k = 1 … 3 whole, 4 and 6 whole


def test_spin_half_basis_is_pauli():
    for index, letter in enumerate("0xyz"):
        assert (member(spin.HALF, index) == oracle.PAULI[letter]).all()


@pytest.mark.parametrize("s", SPINS, ids=str)
def test_first_members_are_the_spin_matrices(s):
    x, y, z = oracle.spin_matrices(s)
    factor = 2 if s == spin.HALF else 1
    order = (1, 2, 3) if s == spin.HALF else (3, 1, 2)
    for index, expected in zip(order, (x, y, z), strict=True):
        assert member(s, index) == pytest.approx(factor * expected, abs=1e-15)


@pytest.mark.parametrize("s", SPINS, ids=str)
def test_members_are_hermitian_and_orthogonal_with_the_stated_norms(s):
    d = int(2 * s) + 1
    stack = np.array([member(s, n) for n in range(d * d)])
    assert stack == pytest.approx(stack.conj().swapaxes(1, 2), abs=1e-12)
    gram = np.einsum("aij,bji->ab", stack, stack)
    norms = np.array([float(spin.norm(s, n)) for n in range(d * d)])
    assert gram / np.sqrt(np.outer(norms, norms)) == pytest.approx(np.eye(d * d), abs=1e-13)
    assert all(isinstance(spin.norm(s, n), (Fraction, int)) for n in range(d * d))


@pytest.mark.parametrize("s", SPINS, ids=str)
def test_structure_constants_are_products_of_matrices(s):
    stack = [member(s, n) for n in range((int(2 * s) + 1)**2)]
    for a, b in all_of(range(len(stack)), repeat=2):
        expected = stack[a] @ stack[b]
        found = sum((float(r) * 1j**k * stack[c] for k, c, r in spin.product(s, a, b)), np.zeros_like(expected))
        assert found == pytest.approx(expected, abs=1e-10 * max(1, np.abs(expected).max())), (a, b)
        assert all(isinstance(r, Fraction) and r for _, _, r in spin.product(s, a, b))


def test_structure_constants_know_the_order_of_the_factors():
    assert spin.product(spin.HALF, 1, 2) == ((1, 3, Fraction(1)),)
    assert spin.product(spin.HALF, 2, 1) == ((1, 3, Fraction(-1)),)


def test_string_products_are_kronecker_products():
    spins = (Fraction(1, 2), Fraction(1))
    matrices = {n: np.kron(member(spins[0], n[0]), member(spins[1], n[1])) for n in [(0, 0), *strings(spins)]}
    for a, b in [((1, 3), (2, 6)), ((3, 8), (0, 4)), ((0, 5), (1, 5)), ((2, 7), (2, 1))]:
        found = sum(float(r) * 1j**k * matrices[c] for k, c, r in string_product(spins, a, b))
        assert found == pytest.approx(matrices[a] @ matrices[b], abs=1e-12)
    for n, matrix in matrices.items():
        assert float(string_norm(spins, n)) == pytest.approx(np.trace(matrix @ matrix).real)


def test_strings_are_lexicographic_and_named_as_in_the_interface():
    half = [Fraction(1, 2)] * 2
    assert [string_label(half, n) for n in strings(half)] == [a + b for a in "0xyz" for b in "0xyz"][1:]
    one = [Fraction(1)]
    assert [string_label(one, n) for n in strings(one)] == ["1m1", "10", "1p1", "2m2", "2m1", "20", "2p1", "2p2"]
    names = {string_label((Fraction(1, 2), Fraction(1)), n) for n in strings((Fraction(1, 2), Fraction(1)))}
    assert len(names) == 35
    assert "x_20" in names


@pytest.mark.parametrize("s", SPINS, ids=str)
def test_ladder_operators_obey_the_algebra(s):
    z, up, down = spin.ladder(s)
    raised, lowered = spin.multiply(up, down), spin.multiply(down, up)
    assert spin.combine((1, raised), (-1, lowered), (-2, z)) == {}
    assert spin.combine((1, raised), (-1, lowered), (-1, z)) != {}
