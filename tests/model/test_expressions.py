"""The grammar of model files: what it reads, what it refuses, and that no text can hurt."""

import math
import time
from fractions import Fraction

import pytest
import sympy as sp
from hypothesis import example, given
from hypothesis import strategies as st

from qllg_sym.algebra.symbols import t
from qllg_sym.errors import InputTypeError, ModelError, QllgError
from qllg_sym.model.expressions import FUNCTIONS, MAX_DEPTH, parse
from strategies import examples

J, a = sp.symbols("J a", real=True)


@pytest.mark.parametrize(("text", "expected"), [
    ("2*J", 2 * J),
    ("-J**2", -(J**2)),
    ("2**-1", sp.Rational(1, 2)),
    ("2**3**2", sp.Integer(512)),
    ("-2**2", sp.Integer(-4)),
    ("2*-J", -2 * J),
    ("--J", J),
    ("+J", J),
    ("J/a/2", J / a / 2),
    ("J - a - 1", J - a - 1),
    ("0.7", sp.Rational(7, 10)),
    ("1.e-3", sp.Rational(1, 1000)),
    (".5E+1", sp.Integer(5)),
    ("sqrt(J**2 + 4)", sp.sqrt(J**2 + 4)),
    ("(1 + J)**0.5", sp.sqrt(1 + J)),
    ("J*sin(2*pi*t)*exp(-t/a)", J * sp.sin(2 * sp.pi * t) * sp.exp(-t / a)),
    ("tanh(tan(cos(t)))", sp.tanh(sp.tan(sp.cos(t)))),
    ("sinh(t) + cosh(t) - atan(J)*erf(t)*log(2)", sp.sinh(t) + sp.cosh(t) - sp.atan(J) * sp.erf(t) * sp.log(2)),
    ("abs(t - 1)*sign(sin(t)) + heaviside(t - 1/2)",
     sp.Abs(t - 1) * sp.sign(sp.sin(t)) + sp.Heaviside(t - sp.Rational(1, 2))),
    ("min(t, J, 2) - max(t, 1)", sp.Min(t, J, 2) - sp.Max(t, 1)),
    ("piecewise(J, t < 1, 2*t, 1 <= t <= 2, 0)", sp.Piecewise((J, t < 1), (2 * t, (t >= 1) & (t <= 2)), (0, True))),
    ("piecewise(1, t < 1 or not t <= 3 and t < 4, 0)",
     sp.Piecewise((1, (t < 1) | ((t > 3) & (t < 4))), (0, True))),
    ("\t( J\n)  ", J),
])
def test_reads_what_it_should(text, expected):
    assert parse(text, ["J", "a"]) == expected


def test_symbols_are_real_and_time_is_the_toolkits_own():
    expression = parse("J*t", ["J"])
    assert expression.free_symbols == {sp.Symbol("J", real=True), t}
    assert sp.Symbol("t", real=True) not in expression.free_symbols


@pytest.mark.parametrize(("text", "says"), [
    ("", "where it ends"),
    ("J +", "where it ends"),
    ("2 J", "before `J` at character 3"),
    ("(J", "must have `)`"),
    ("J)", "before `)` at character 2"),
    ("sin", "must have `(`"),
    ("foo + J", "`foo` is not one; the names are J, beside pi, t, piecewise, min, max, sqrt"),
    ("J.real", "'.' at character 2"),
    ("__import__('os').system('true')", "must be arithmetic"),
    ("J[0]", "'['"),
    ("J\x00", "\\x00"),
    ("lambda: 1", "must be arithmetic"),
    ("J if J else 1", "before `if`"),
    ("J = 1", "'='"),
    ("J // 2", "before `/`"),
    ("J % 2", "'%'"),
    ("1e", "before `e`"),
    ("0x10", "before `x10`"),
    ("1_000", "before `_000`"),
    ("²", "`²` is not one"),
    ("٣", "'٣'"),
    ("I", "`I` is not one"),
    ("J**a", "integer or half-integer exponents"),
    ("J**(1/3)", "integer or half-integer exponents"),
    ("1/0", "divide by zero"),
    ("1/(J - J)", "divide by zero"),
    ("0**-1", "divide by zero"),
    ("sqrt(-1)", "square root of a negative number"),
    ("sqrt(-J**2)", "be real"),
    ("tan(pi/2)", "has a pole"),
    ("log(0)", "logarithm of what is not positive"),
    ("piecewise(1)", "have a condition where it ends"),
    ("piecewise(1, J, 0)", "have a comparison before `,`"),
    ("piecewise(1, t < 1)", "have `,` before `)`"),
    ("piecewise(1, t < 1 > 0, 0)", "have `,` before `>`"),
    ("heaviside(t, 1)", "have `)` before `,`"),
    ("t < 1", "before `<`"),
    ("min + 1", "must have `(`"),
])
def test_refuses_in_one_sentence(text, says):
    with pytest.raises(ModelError) as caught:
        parse(text, ["J", "a"] if "a" in text else ["J"])
    assert says in str(caught.value)
    assert str(caught.value).count("\n") == 0


@pytest.mark.parametrize("text", [
    "9**9**9", "10**10000", "2**1000*2**1000", "1e999", "1e-99999", "1e999999999999", "7" * 1999, "exp(1e9)",
    "exp(exp(exp(9)))", "exp(exp(exp(9 + J - J)))", "J*exp(700)*exp(700)/J", "sqrt(" + "7" * 1500 + ")",
    "(J + a + 1)**60", "((J + a)**8)**9", "J**1000000000", "J**-65", "*".join(["(1 + J)"] * 200),
    "(" * (MAX_DEPTH + 1) + "1" + ")" * (MAX_DEPTH + 1), "-" * 1000 + "J", "2**" * 300 + "2", "J+" * 1000 + "J",
    "1**1000000000000", "sin(" * 400, "min(" * 400, "piecewise(" * 100,
    "piecewise(1," + "not " * 400 + "t < 1, 0)", "(" * 1999,
])
def test_refuses_what_is_too_large_before_computing_it(text):
    start = time.perf_counter()
    with pytest.raises(ModelError):
        parse(text, ["J", "a"])
    assert time.perf_counter() - start < 1


def test_long_sums_within_the_bounds_are_read():
    assert parse("+".join(["J*a"] * 400), ["J", "a"]) == 400 * J * a
    assert parse("(" * MAX_DEPTH + "J" + ")" * MAX_DEPTH, ["J"]) == J


@pytest.mark.parametrize("name", ["t", "pi", "sin", "min", "piecewise", "and", "", "2J", "J 0", "J'", "a\nb", "a.b",
                                  "²"])
def test_refuses_names_that_the_grammar_cannot_hold(name):
    with pytest.raises(ModelError, match="name"):
        parse("1", [name])


def test_refuses_what_is_no_string():
    with pytest.raises(InputTypeError, match="must be a string"):
        parse(0.5, ["J"])


TOKENS = st.sampled_from(["J", "a", "t", "pi", "1", "2", "0", "0.5", "1e3", "9", "400", "+", "-", "*", "/", "**", "(",
                          ")", " ", "\n", ".", "e", "x", "'", "\\", "é", *FUNCTIONS, *(f"{f}(" for f in FUNCTIONS),
                          "min(", "max(", "piecewise(", ",", "<", ">=", " and ", " or ", "not "])


@examples(400)
@given(st.one_of(st.text(max_size=60), st.lists(TOKENS, max_size=40).map("".join)))
@example("sin(" * 3 + "1e300" + ")" * 3)
@example("tan(exp(6.5)**100)")
def test_random_text_raises_nothing_else_and_takes_no_time(text):
    start = time.perf_counter()
    try:
        expression = parse(text, ["J", "a"])
    except QllgError as error:
        message = str(error)
    else:
        message = ""
        assert not expression.has(sp.Float, sp.I, sp.nan, sp.zoo, sp.oo)
        assert expression.free_symbols <= {J, a, t}
    assert time.perf_counter() - start < 1
    assert message.isprintable()


def arithmetic() -> st.SearchStrategy[str]:
    """Well-formed arithmetic on small numbers, with signs, powers and parentheses wherever they may stand."""
    leaf = st.integers(0, 9).map(str)

    def extend(inner):
        pair = st.tuples(inner, st.sampled_from([" + ", "-", "*", "/"]), inner).map("".join)
        power = st.tuples(leaf, st.sampled_from(["**", "**-"]), st.integers(0, 3).map(str)).map("".join)
        return st.one_of(pair, power, inner.map("({})".format), inner.map("-{}".format))
    return st.recursive(leaf, extend, max_leaves=12)



def by_python(text: str) -> Fraction:
    """Python's own reading of arithmetic on integers, which are made exact first."""
    exact = "".join(f"F({c})" if c.isdigit() else c for c in text)
    return eval(exact, {"F": Fraction, "__builtins__": {}})


@examples(300)
@given(arithmetic())
@example("-2**2")
@example("2**-2")
@example("8/4/2")
@example("8-4-2")
def test_agrees_with_python_on_arithmetic(text):
    try:
        expected = by_python(text)
    except ZeroDivisionError:
        with pytest.raises(ModelError, match="zero"):
            parse(text, [])
        return
    assert parse(text, []) == sp.Rational(expected.numerator, expected.denominator)


@pytest.mark.parametrize(("text", "wrong"), [("8-4-2", 6), ("-2**2", 4), ("2**3**2", 64), ("8/4/2", 4)])
def test_the_comparison_would_notice_a_wrong_precedence(text, wrong):
    assert by_python(text) != wrong
    assert parse(text, []) != wrong


@examples(100)
@given(st.floats(1e-6, 1e6).map(lambda x: float(f"{x:.4g}")), st.floats(-3, 3).map(lambda x: float(f"{x:.4g}")))
def test_functions_have_the_values_of_the_math_module(x, y):
    value = parse("sqrt(x) + sin(y)*cos(y) - exp(-y) + tanh(y)", ["x", "y"])
    expected = math.sqrt(x) + math.sin(y) * math.cos(y) - math.exp(-y) + math.tanh(y)
    numbers = {sp.Symbol("x", real=True): x, sp.Symbol("y", real=True): y}
    assert float(value.subs(numbers)) == pytest.approx(expected, rel=1e-12, abs=1e-9)
