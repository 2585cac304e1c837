"""Every pass leaves every output exactly equal."""

from dataclasses import replace
from fractions import Fraction

import pytest
import sympy

from codegen.kernels import rational_kernel, skew_kernel
from qllg_sym.codegen.kernel import Kernel, Operation
from qllg_sym.codegen.lower import inline
from qllg_sym.codegen.passes import merge_duplicates, optimise, share_reciprocals

PASSES = [merge_duplicates, share_reciprocals, optimise]
RANDOM = [rational_kernel(seed) for seed in range(12)]


def same(one, two):
    """Whether two kernels are equal as rational functions, by normal form."""
    left, right = inline(one), inline(two)
    return left.keys() == right.keys() and all(sympy.cancel(left[name] - right[name]) == 0 for name in left)


@pytest.mark.parametrize("rewrite", PASSES, ids=lambda rewrite: rewrite.__name__)
@pytest.mark.parametrize("kernel", [rational_kernel(seed, steps=14) for seed in range(12)], ids=range(12))
def test_outputs_are_the_same_rational_functions(rewrite, kernel):
    assert same(kernel, rewrite(kernel))


@pytest.mark.parametrize("rewrite", PASSES, ids=lambda rewrite: rewrite.__name__)
def test_outputs_have_the_same_thirty_digits(rewrite, contract, contract_values):
    cases = [(contract, contract_values), (skew_kernel(9), None), *((kernel, None) for kernel in RANDOM)]
    for kernel, given in cases:
        names = (*kernel.states, *kernel.parameters)
        values = given or {name: Fraction(2 * i + 3, 7 + i) for i, name in enumerate(names)}
        before, after = kernel.evaluate(values, 45), rewrite(kernel).evaluate(values, 45)
        assert list(before) == list(after)
        for name, value in before.items():
            assert abs(value - after[name]) <= 1e-30 * (1 + abs(value))


def test_the_comparison_catches_a_wrong_rewrite():
    kernel = Kernel("k", ("a", "b"), (), (Operation("x0", "sub", ("y0", "y1")),), (("o", "x0"),))
    assert not same(kernel, replace(kernel, steps=(Operation("x0", "sub", ("y1", "y0")),)))


def test_each_pass_does_what_its_name_says():
    steps = (
        Operation("x3", "div", ("y0", "y2")),
        Operation("x1", "exp", ("y0",)),
        Operation("x4", "div", ("y1", "y2")),
        Operation("x5", "mul", ("x3", "x4")),
        Operation("x6", "mul", ("x4", "x3")),
    )
    kernel = Kernel("k", ("a", "b", "c"), (), steps, (("o", "x5"), ("q", "x6")))

    assert [s.op for s in merge_duplicates(kernel).steps] == ["div", "div", "mul"]
    assert [s.op for s in share_reciprocals(kernel).steps] == ["div", "mul", "mul", "mul"]
    assert [s.op for s in optimise(kernel).steps] == ["div", "mul", "mul", "mul"]


def test_a_single_division_stays():
    kernel = Kernel("k", ("a", "b"), (), (Operation("x0", "div", ("y0", "y1")),), (("o", "x0"),))
    assert share_reciprocals(kernel) == kernel


@pytest.mark.parametrize("kernel", [*RANDOM, skew_kernel(12)], ids=lambda kernel: kernel.digest)
def test_optimising_twice_changes_nothing_more(kernel):
    once = optimise(kernel)
    assert optimise(once) == once
    assert once.operations <= kernel.operations + len(kernel.steps) // 2
