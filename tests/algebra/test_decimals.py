"""A decimal text is the number itself, and only numbers that read better so become decimals."""

from decimal import Decimal
from fractions import Fraction

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from qllg_sym.algebra.decimals import decimal, in_decimals, written


@given(st.integers(1, 10**30), st.integers(0, 40), st.integers(0, 40))
def test_the_text_is_the_exact_value(numerator, twos, fives):
    value = sp.Rational(numerator, 2**twos * 5**fives)
    text = decimal(value)
    assert text is None or Fraction(text) == Fraction(int(value.p), int(value.q))


@given(st.floats(min_value=1e-30, max_value=1e30, allow_nan=False))
def test_a_float_reads_as_it_was_typed(number):
    value = sp.Rational(repr(number))
    text = decimal(value)
    assert text is None or Decimal(text) == Decimal(repr(number))
    if text is None:                                # short binary fractions and plain integers
        assert value.q <= 64
        assert value.q == 1 or value.p <= 99
        assert value.q & (value.q - 1) == 0


@given(st.integers(1, 10**12), st.integers(1, 10**6))
def test_no_number_without_a_finite_decimal(numerator, denominator):
    value = sp.Rational(3 * numerator + 1, 3 * denominator)
    assert decimal(value) is None


@pytest.mark.parametrize(("text", "shown"), [("0.7", "0.7"), ("-0.7", "-0.7"), ("1/3", "1/3"), ("1/2", "1/2")])
def test_expressions(text, shown):
    assert str(in_decimals(sp.Rational(text))) == shown
    assert str(in_decimals(sp.Rational(text) * sp.Symbol("x"))) in (f"{shown}*x", f"x{shown[1:]}")


@given(st.lists(st.integers(-10**6, 10**6), min_size=3, max_size=3), st.integers(-6, 6))
def test_an_expression_keeps_its_value_and_the_order_of_its_terms(numbers, power):
    x, t = sp.symbols("x t", real=True)
    a, b, c = (sp.Rational(n) * sp.Rational(10) ** power for n in numbers)
    expression = (a * x + b) ** 2 * sp.exp(c * t / 10**9) + sp.sin(b * t + sp.Rational(1, 3)) / (1 + a**2)
    at = {x: sp.Rational(3, 7), t: sp.Rational(-2, 11)}
    exact, shown = expression.subs(at), in_decimals(expression).subs(at)
    assert abs(sp.N(exact - shown, 30, maxn=500)) <= sp.Float("1e-20") * (1 + abs(sp.N(exact, 30)))


def test_terms_are_ordered_as_those_of_numbers_are():
    t = sp.Symbol("t", real=True)
    assert written(sp.exp(-100 * (t - sp.Rational("0.7"))**2)) == "exp(-100*(t - 0.7)**2)"
    assert written((sp.Rational("1000.5") - t) ** 6) == "(1000.5 - t)**6"
