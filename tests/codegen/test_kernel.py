"""The kernel checks itself and evaluates itself."""

from dataclasses import replace
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy

from qllg_sym.codegen.kernel import Kernel, Operation
from qllg_sym.errors import CodegenError, InputError, QllgError

GOOD = Kernel("k", ("a",), ("b",), (Operation("x0", "mul", ("y0", "p0")), Operation("x1", "sin", ("x0",))),
              (("o", "x1"),))


@pytest.mark.parametrize(
    "steps",
    [
        (Operation("x0", "add", ("y0", "x1")), Operation("x1", "neg", ("y0",))),  # used before set
        (Operation("x0", "neg", ("y0",)), Operation("x0", "neg", ("p0",))),  # set twice
        (Operation("y0", "neg", ("p0",)),),  # an input is set
        (Operation("x00", "neg", ("p0",)),),
        (Operation("x0; system()", "neg", ("p0",)),),
        (Operation("x٣", "neg", ("p0",)),),  # a digit, but not of ASCII
        (Operation("x0", "add", ("y0",)),),
        (Operation("x0", "conjugate", ("y0",)),),
        (Operation("x0", "add", ("y0", 0.5)),),
        (Operation("x0", "add", ("y0", 1)),),
        (Operation("x0", "neg", ("y1",)),),  # no such state
        (Operation("x0", "pow", ("y0", "p0")),),
        (Operation("x0", "pow", ("y0", Fraction(1, 2))),),
        (Operation("x0", "pow", ("y0", Fraction(2**53 + 1))),),
    ],
)
def test_a_step_that_breaks_a_rule_is_refused(steps):
    with pytest.raises(CodegenError):
        replace(GOOD, steps=steps, outputs=())


@pytest.mark.parametrize(
    "change",
    [
        {"states": ("a", "a")},
        {"states": ("b",)},
        {"states": ("t",)},
        {"states": (1,)},
        {"outputs": (("o", "x2"),)},
        {"outputs": (("o", 0.5),)},
        {"outputs": (("o", "x0"), ("o", "x1"))},
    ],
)
def test_names_and_outputs_are_checked(change):
    with pytest.raises(CodegenError):
        replace(GOOD, **change)


def test_digest_tells_kernels_apart_and_is_stable():
    assert GOOD.digest == replace(GOOD).digest
    assert len(GOOD.digest) == 12
    assert int(GOOD.digest, 16) >= 0
    twins = [
        replace(GOOD, name="l"), replace(GOOD, states=("c",)), replace(GOOD, parameters=("c",)),
        replace(GOOD, steps=(GOOD.steps[0], Operation("x1", "cos", ("x0",)))), replace(GOOD, outputs=(("o", "x0"),)),
    ]  # fmt: skip
    assert len({GOOD.digest, *(twin.digest for twin in twins)}) == 6


def test_text_is_unambiguous_for_names_that_imitate_it():
    one, two = (Kernel("k", names, (), (), ()) for names in (('a", "b',), ("a", "b")))
    assert one.text != two.text


def test_operations_do_not_count_constants():
    assert GOOD.operations == 2
    assert replace(GOOD, steps=(*GOOD.steps, Operation("x2", "pi", ()))).operations == 2


@pytest.mark.parametrize("digits", [5, 30, 200])
def test_evaluate_reaches_the_digits_asked_for(digits):
    value = GOOD.evaluate({"a": Fraction(1, 3), sympy.Symbol("b", real=True): sympy.sqrt(2)}, digits)["o"]
    with mpmath.workdps(digits + 5):
        assert abs(value - mpmath.sin(mpmath.sqrt(2) / 3)) < mpmath.mpf(10) ** (1 - digits)


def test_evaluate_takes_numbers_of_every_library_and_defaults_time_to_zero():
    clock = replace(GOOD, steps=(), outputs=(("o", "t"),))
    assert clock.evaluate({"a": 0, "b": 0}) == {"o": 0}
    assert clock.evaluate({"a": np.float64(1), "b": np.int64(2), "t": mpmath.mpf(3)}) == {"o": 3}


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"a": 1}, "'b'"),
        ({"a": 1, "b": 2, "c": 3}, "'c'"),
        ({"a": 1, "b": 2j}, "2j"),
        ({"a": 1, "b": "2"}, "'2'"),
        ({"a": 1, "b": None}, "None"),
        ({"a": 1, "b": sympy.Symbol("q")}, "q"),
        ({"a": 1, "b": True}, "True"),
    ],
)
def test_evaluate_refuses_what_it_cannot_use(values, word):
    with pytest.raises(InputError, match=word):
        GOOD.evaluate(values)


@pytest.mark.parametrize(
    ("op", "args"), [("div", ("y0", "p0")), ("sqrt", ("y0",)), ("log", ("y0",)), ("pow", ("p0", Fraction(-1)))]
)
def test_evaluate_refuses_to_leave_the_reals(op, args):
    with pytest.raises(InputError, match=op):
        replace(GOOD, steps=(Operation("x0", op, args),), outputs=(("o", "x0"),)).evaluate({"a": -1, "b": 0})


@pytest.mark.parametrize("digits", [0, -3, 1.5])
def test_digits_must_be_positive(digits):
    with pytest.raises(QllgError, match="digits"):
        GOOD.evaluate({"a": 1, "b": 1}, digits)
