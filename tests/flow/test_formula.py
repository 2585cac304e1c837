"""One formula over four number types: each against the exponential of the matrix in SymPy or mpmath."""

import mpmath
import numpy as np
import pytest
import sympy as sp

from qllg_sym.flow.exact.balls import Balls
from qllg_sym.flow.exact.digits import Digits
from qllg_sym.flow.exact.doubles import moved
from qllg_sym.flow.exact.formula import density, projector_onto
from qllg_sym.flow.exact.symbols import Symbols

I, HALF = sp.I, sp.Rational(1, 2)
H = sp.ImmutableMatrix([[1, 2 - I, 0], [2 + I, -1, I], [0, -I, 3]])
KETS = {1: sp.ImmutableMatrix([1, 2 * I, -1]), 2: sp.ImmutableMatrix([[1, 0], [I, 1], [-1, 1 + I]])}
A, B, EXPONENT = sp.Rational(1, 10), sp.Rational(3, 5), -1 / (HALF - I) * sp.Rational(7, 3)


def expected(h, kets, exponent):
    """a + b K (K†K)⁻¹ K†, K = exp(exponent · H) kets, 40 digits."""
    def number(x):
        return mpmath.mpmathify(sp.N(x, 60))

    def matrix(m):
        return mpmath.matrix([[number(x) for x in row] for row in m.tolist()])

    with mpmath.workdps(60):
        k = mpmath.expm(matrix(h) * number(exponent)) * matrix(kets)
        dagger = k.transpose_conj()
        return np.array((number(A) * mpmath.eye(h.rows) + number(B) * k * mpmath.inverse(dagger * k) * dagger).tolist(),
                        dtype=complex)


def in_digits(h, kets, exponent):
    with mpmath.workdps(40):
        return density(Digits(30), A, B, exponent, h, kets).astype(complex)


def in_balls(h, kets, exponent):
    flint = pytest.importorskip("flint")
    return density(Balls(flint), A, B, exponent, h, kets).astype(complex)


def in_doubles(h, kets, exponent):
    """One row, and one time: 1, where the rate is the exponent."""
    basis = np.linalg.qr(np.array(kets.tolist(), dtype=complex))[0]
    numbers = np.array(h.tolist(), dtype=complex), np.array([complex(exponent)]), np.array([0.0, 1.0])
    (found, _), = moved(numbers[0][None], numbers[1], basis[None], numbers[2])
    return float(A) * np.eye(h.rows) + float(B) * found[0, 1] @ found[0, 1].conj().T


@pytest.mark.parametrize("r", KETS)
@pytest.mark.parametrize("numbers", [in_digits, in_balls, in_doubles])
def test_every_number_type_gives_the_same_state(numbers, r):
    found = numbers(H, KETS[r], EXPONENT)
    assert abs(found - expected(H, KETS[r], EXPONENT)).max() < 1e-13
    assert abs(found - expected(H, KETS[r], EXPONENT * sp.Rational(99, 100))).max() > 1e-4


@pytest.mark.parametrize("h", [[[1, 2 - I], [2 + I, -1]], [[3, 0], [0, 3]], [[1, 0], [0, 2]]])
def test_expressions_are_the_same_state(h):
    t, h, ket = sp.Symbol("t", real=True), sp.ImmutableMatrix(h), sp.ImmutableMatrix([1, 2 * I])
    found = sp.Matrix(density(Symbols(), A, B, EXPONENT * t, h, ket).tolist()).subs(t, 2)
    assert abs(np.array(found.evalf(20).tolist(), dtype=complex) - expected(h, ket, 2 * EXPONENT)).max() < 1e-13


def test_a_projector_is_one_in_exact_numbers():
    """Over Gaussian rationals, to the last digit; columns that are not orthogonal."""
    kets = KETS[2]
    found = sp.Matrix(projector_onto(np.array(kets.tolist(), dtype=object)).tolist())
    assert (found - kets * (kets.H * kets).inv() * kets.H).applyfunc(sp.expand_complex) == sp.zeros(3, 3)
    assert (found - kets * kets.H / (kets.H * kets).trace()).applyfunc(sp.expand_complex) != sp.zeros(3, 3)


def test_no_kets_leave_one_level():
    none = sp.ImmutableMatrix(3, 0, [])
    assert density(Symbols(), A, sp.S.Zero, EXPONENT, H, none).tolist() == (A * sp.eye(3)).tolist()
