"""Gaussian rationals against SymPy's, and linear systems against its matrices."""

from random import Random

import pytest
from sympy import QQ, QQ_I
from sympy.polys.matrices import DomainMatrix

from qllg_sym.proof.gaussian import Gaussian
from qllg_sym.proof.random_points import inverse, linear_solution, operator


def other(z):
    """The same number in SymPy's domain, by its parts."""
    return QQ_I(QQ(z.x.numerator, z.x.denominator), QQ(z.y.numerator, z.y.denominator))


def numbers(rng, count):
    for _ in range(count):
        yield Gaussian(rng.randint(-9, 9), rng.randint(-9, 9), rng.choice([-3, -1, 1, 2, 6]))


@pytest.mark.parametrize("seed", range(3))
def test_arithmetic_is_that_of_another_library(seed):
    rng = Random(seed)
    for a, b in zip(numbers(rng, 60), numbers(rng, 60), strict=True):
        x, y = other(a), other(b)
        assert [*map(other, (a + b, a - b, a * b, -a, 2 * a, a**3, 1 - a))] == [x + y, x - y, x * y, -x, 2 * x, x**3,
                                                                              1 - x]
        assert other(a.conjugate()) == QQ_I(x.x, -x.y)
        assert (a == b) is (x == y)
        assert bool(a) is bool(x)
        if b:
            assert other(a / b) == x / y


def test_one_number_is_written_in_one_way():
    assert Gaussian(2, 4, -6) == Gaussian(-1, -2, 3)
    assert len({Gaussian(2, 4, -6), Gaussian(-1, -2, 3), Gaussian(1, 2, 3)}) == 2
    assert Gaussian(1) != 1                                          # a number of another kind is no key of this one


def test_division_by_zero_is_an_error():
    with pytest.raises(ZeroDivisionError):
        Gaussian(1) / Gaussian(0)


def test_inverse_and_solution_are_those_of_another_library():
    a, b = operator(Random(1), 4), operator(Random(2), 4)
    first, second = (DomainMatrix([[*map(other, row)] for row in m], (4, 4), QQ_I) for m in (a, b))
    assert [[*map(other, row)] for row in inverse(a)] == first.inv().to_list()
    assert [[*map(other, row)] for row in linear_solution(a, b)] == first.lu_solve(second).to_list()
