"""Sparse polynomials are the polynomials of SymPy's rings."""

import sympy as sp

from qllg_sym.algebra.monomial_keys import MonomialKeys
from qllg_sym.algebra.sparse import sparse

x, y, z, a, b = sp.symbols("x y z a b", real=True)
RING, X, Y, Z, A, B = sp.ring([x, y, z, a, b], sp.QQ)
POLYNOMIALS = [X**2 * Y * A / 3 - 5 * Z * B**3 + 2 - A, RING.zero, Y * Z, X**3 * A * B / 7 + X]


def test_there_and_back():
    found = sparse(POLYNOMIALS, (x, y, z))
    assert list(found.in_ring(RING)) == POLYNOMIALS
    assert list(found.expressions()) == [p.as_expr() for p in POLYNOMIALS]
    assert found.count == 7
    assert list(found.negated().in_ring(RING)) == [-p for p in POLYNOMIALS]


def test_what_stands_before_a_velocity_and_the_rest():
    linear = [X * Y * A / 3 - 5 * Z * B**3 + 2 - A, Y * Z * X, X + Z * A]
    factors, places, rest = sparse(linear, (x, y, z)).split(2)
    assert dict(zip(places, factors.in_ring(RING), strict=True)) == {(0, 0): -5 * B**3, (1, 0): X * Y, (2, 0): A}
    assert list(rest.in_ring(RING)) == [X * Y * A / 3 + 2 - A, RING.zero, X]
    assert sparse([Y * Z], (x, y, z)).split(1) is None
    assert sparse([Z**2], (x, y, z)).split(2) is None


def test_monomials_that_come_in_another_order_are_one():
    keys = MonomialKeys(atoms=1, bits=2, width=3, slots=4)
    one, other = (sum(keys.of_generator(g, slot) for slot, g in enumerate(order)) + 2
                  for order in ((0, 4, 4, 2), (4, 2, 4, 0)))
    (key, number), = keys.collected({one: 2, other: -3, 1: 0}, 5).items()
    assert number == -5
    assert keys.generators(key) == [4, 4, 2, 0]
    assert keys.exponents(key) == (2,)
    assert keys.collected({one: 2, other: -2}, 5) == {}
