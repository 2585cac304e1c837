"""The builder simplifies without changing any value."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qllg_sym.codegen.builder import Builder
from qllg_sym.errors import CodegenError
from strategies import examples

THIRD = Fraction(1, 3)


@pytest.fixture
def b():
    return Builder("b", ["u", "v", "w"], ["k"])


def ops(builder, operand):
    return [step.op for step in builder.kernel({"o": operand}).steps]


def test_the_same_operation_is_one_step(b):
    u, v = b.state(0), b.state(1)
    assert b.add(u, v) == b.add(v, u)
    assert b.mul(u, v) == b.mul(v, u)
    assert b.sub(u, v) == b.neg(b.sub(v, u))
    assert b.div(u, v) != b.div(v, u)


def test_zero_and_one_vanish_and_constants_fold(b):
    u, zero, one = b.state(0), b.constant(0), b.constant(1)
    assert [b.add(u, zero), b.sub(u, zero), b.mul(one, u), b.div(u, one), b.power(u, 1)] == [u] * 5
    assert [b.mul(zero, u), b.sub(u, u), b.div(zero, u)] == [0] * 3
    assert [b.div(u, u), b.power(u, 0), b.call("cos", zero), b.call("exp", zero)] == [1] * 4
    assert b.mul(b.constant(-1), u) == b.neg(u)
    assert b.call("sqrt", b.constant(THIRD * THIRD)) == THIRD
    assert b.power(b.constant(THIRD), -3) == 27
    assert b.mul(THIRD, b.mul(Fraction(3), u)) == u


def test_signs_move_outwards(b):
    u, v = b.state(0), b.state(1)
    assert ops(b, b.add(b.neg(u), v)) == ["sub"]
    assert ops(b, b.sub(b.neg(u), v)) == ["add", "neg"]
    assert b.mul(b.neg(u), b.neg(v)) == b.mul(u, v)
    assert b.neg(b.neg(u)) == u
    assert b.call("sin", b.neg(u)) == b.neg(b.call("sin", u))
    assert b.call("cos", b.neg(u)) == b.call("cos", u)
    assert b.power(b.neg(u), 70) == b.power(u, 70)
    assert b.power(b.neg(u), -67) == b.neg(b.power(u, -67))


def test_powers_square_repeatedly_and_stay_powers_when_large(b):
    assert ops(b, b.power(b.state(0), 16)) == ["mul"] * 4
    assert ops(b, b.power(b.state(1), Fraction(-3, 2))) == ["sqrt", "mul", "mul", "div"]
    assert ops(b, b.power(b.state(2), 1000)) == ["pow"]
    assert ops(b, b.power(b.constant(2), 10**9)) == ["pow"]  # a folded constant would fill the memory


def test_dead_steps_are_dropped_and_names_close_up(b):
    b.call("exp", b.state(0))
    kernel = b.kernel({"o": b.add(b.state(0), b.state(1)), "c": Fraction(2), "i": b.time})
    assert [step.name for step in kernel.steps] == ["x0"]
    assert kernel.outputs == (("o", "x0"), ("c", 2), ("i", "t"))


@pytest.mark.parametrize(
    "misuse",
    [
        lambda b: b.constant(0.1),
        lambda b: b.constant(True),
        lambda b: b.div(b.state(0), b.constant(0)),
        lambda b: b.state(3),
        lambda b: b.parameter(-1),
        lambda b: b.add("x7", b.state(0)),
        lambda b: b.kernel({"o": "x7"}),
        lambda b: b.power(b.state(0), THIRD),
        lambda b: b.power(b.constant(0), -1),
        lambda b: b.call("gamma", b.state(0)),
        lambda b: b.call("sqrt", b.constant(-1)),
        lambda b: b.call("log", b.constant(0)),
    ],
)
def test_misuse_is_refused_in_a_sentence(b, misuse):
    with pytest.raises(CodegenError):
        misuse(b)


@examples(150)
@given(st.data())
def test_random_arithmetic_keeps_its_value(data):
    """Each operation is done by the builder and by Fraction; the kernel must give what Fraction gives."""
    b = Builder("b", ["u", "v", "w"], ["k"])
    values = data.draw(st.lists(st.fractions(-3, 3, max_denominator=5), min_size=4, max_size=4))
    pool = [(b.state(0), values[0]), (b.state(1), values[1]), (b.state(2), values[2]), (b.parameter(0), values[3])]
    pool += [(Fraction(n, 2), Fraction(n, 2)) for n in range(-2, 3)]
    for _ in range(data.draw(st.integers(1, 25))):
        (a, x), (c, y) = data.draw(st.sampled_from(pool)), data.draw(st.sampled_from(pool))
        op = data.draw(st.sampled_from(["add", "sub", "mul", "div", "neg", "power"]))
        if op == "neg":
            pool.append((b.neg(a), -x))
        elif op == "power":
            pool.append((b.power(a, 3), x**3))
        elif op != "div":
            pool.append((getattr(b, op)(a, c), {"add": x + y, "sub": x - y, "mul": x * y}[op]))
        elif y:
            pool.append((b.div(a, c), x / y))
    operand, expected = pool[-1]
    names = dict(zip(("u", "v", "w", "k"), values, strict=True))
    got = b.kernel({"o": operand}).evaluate(names, 60)["o"]
    assert abs(got * expected.denominator - expected.numerator) <= abs(expected.numerator) * 10**-50
