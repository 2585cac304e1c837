"""Lowering is undone by inlining, exactly."""

from fractions import Fraction

import pytest
import sympy
from sympy import QQ, E, Function, I, Rational, cos, exp, log, oo, pi, ring, sin, sqrt, symbols, tan, tanh

from qllg_sym.codegen.builder import Builder
from qllg_sym.codegen.lower import inline, lower, lower_polynomial
from qllg_sym.errors import CodegenError

x, y, z, t = symbols("x y z t", real=True)


def lowered(expr):
    b = Builder("f", ["x", "y"], ["z"])
    operands = {x: b.state(0), y: b.state(1), z: b.parameter(0), t: b.time}
    return b.kernel({"f": lower(b, expr, operands)})


@pytest.mark.parametrize(
    "expr",
    [
        x - y / 3 + 2 * x * y**2 - Rational(7, 5),
        (x - y) * (y - x) ** 3 / (1 + z**2 * (x**2 + y**2)),
        -x / y / z,
        1 / (x * y) - 1 / (x**2 * z) - x**-65,
        x**100 - (x + 1) ** Rational(3, 2),
        sin(t) * cos(2 * t) + tan(x) - tanh(-y) * exp(-x * t) + log(1 + x**2),
        sqrt(x) / sqrt(y) + sqrt(2) * pi - E + exp(x) / exp(3),
        sqrt(sqrt(x**2 + 1) + 2),
        sympy.Integer(-3),
        -(x + y) - (-(z - x)) * -y,
    ],
)
def test_inlining_undoes_lowering(expr):
    difference = inline(lowered(expr))["f"] - expr
    assert sympy.expand(sympy.expand_log(sympy.together(sympy.powdenest(difference)))).equals(0)
    value = lowered(expr).evaluate({"x": Rational(5, 7), "y": Rational(3, 4), "z": 2, "t": Rational(1, 3)}, 40)["f"]
    expected = expr.subs({x: Rational(5, 7), y: Rational(3, 4), z: 2, t: Rational(1, 3)}).evalf(40)
    assert abs(value - expected._to_mpmath(160)) < 1e-36 * (1 + abs(value))


def test_a_negative_power_is_one_division():
    assert sorted(step.op for step in lowered(x / (y * z)).steps) == ["div", "mul"]


def test_common_parts_are_computed_once():
    shared = exp(x) + exp(x) ** 2 * sin(exp(x))
    assert [step.op for step in lowered(shared).steps].count("exp") <= 2


def test_any_expression_can_be_taken_whole():
    drive = Function("drive")(t)
    b = Builder("f", ["x"], ["drive"])
    operand = lower(
        b, x / drive + 1 / (1 + drive**2), {x: b.state(0), drive: b.parameter(0), 1 / (1 + drive**2): b.time}
    )
    assert inline(b.kernel({"f": operand})) == {"f": symbols("x", real=True) / symbols("drive", real=True) + t}


def test_deep_expressions_do_not_exhaust_the_stack():
    deep = x
    for _ in range(1500):
        deep = sympy.Add(sympy.Mul(deep, y, evaluate=False), 1, evaluate=False)
    assert lowered(deep).operations == 3000


@pytest.mark.parametrize(
    ("expr", "word"),
    [
        (x * 0.5, "Float"),
        (x * sympy.Float("0.5"), "Float"),
        (x + I, "I"),
        (symbols("q") * x, "`q`"),
        (symbols("x") + y, "`x`"),  # not the real symbol of that name
        (sympy.besselj(0, x), "besselj"),
        (Function("f")(x), "`f`"),
        (sympy.floor(x), "floor"),
        (x**y, "exponent"),
        (x ** Rational(1, 3), "1/3"),
        (x + oo, "oo"),
        (sympy.nan, "nan"),
        (sympy.asinh(x), "asinh"),
        (sympy.I * sqrt(x), "I"),
    ],
)
def test_what_is_not_exact_real_arithmetic_is_refused(expr, word):
    with pytest.raises(CodegenError, match=word):
        lowered(expr)


@pytest.mark.parametrize("seed", range(8))
def test_polynomials_by_horner_are_exact(seed):
    r, *gens = ring("x, y, z", QQ)
    rng = sympy.core.random.rng
    rng.seed(seed)
    poly = r.from_dict(
        {
            tuple(rng.randint(0, 4) for _ in gens): QQ(rng.choice([-4, -2, -1, 1, 2, 6]), rng.choice([1, 1, 3]))
            for _ in range(25)
        }
    )
    b = Builder("f", ["x", "y"], ["z"])
    kernel = b.kernel({"f": lower_polynomial(b, poly, [b.state(0), b.state(1), b.parameter(0)])})
    assert sympy.expand(inline(kernel)["f"] - poly.as_expr(x, y, z)) == 0
    naive = sum(sum(m) - 1 + (abs(c) != 1) for m, c in poly.terms()) + len(poly) - 1
    assert kernel.operations < naive


def test_horner_finds_the_short_forms():
    r, x_, y_, z_ = ring("x, y, z", QQ)

    def count(poly):
        b = Builder("f", ["x", "y", "z"], [])
        return b.kernel({"f": lower_polynomial(b, poly, [b.state(i) for i in range(3)])}).operations

    assert count(x_ * y_ + x_ * z_) == 2
    assert count(x_**4) == 2
    assert count(4 * x_ * y_ - 4 * z_**2) == 4
    assert count(x_ / 2 + y_ / 3) == 3
    assert count(r.zero) == 0


def test_polynomials_over_other_domains_are_refused():
    b = Builder("f", ["x"], [])
    _, x_ = ring("x", sympy.RR)
    with pytest.raises(CodegenError, match="rational"):
        lower_polynomial(b, x_ * 0.5, [b.state(0)])
    with pytest.raises(CodegenError, match="operands"):
        lower_polynomial(b, ring("x", QQ)[1], [])


def test_no_kernel_has_a_float():
    for step in lowered(x / 3 + Rational(1, 10) * y).steps:
        assert all(isinstance(arg, str | Fraction) for arg in step.args)
