"""The unrolled solve against SymPy's exact one and NumPy's."""

import random
from fractions import Fraction

import numpy as np
import pytest
import sympy

from codegen.kernels import skew_kernel
from qllg_sym.codegen.build import load
from qllg_sym.codegen.builder import Builder
from qllg_sym.codegen.elimination import eliminate
from qllg_sym.errors import CodegenError


def random_skew(size, density, seed):
    rng = random.Random(seed)
    matrix = {(i, i): Fraction(1) for i in range(size)}
    for i in range(size):
        for j in range(i):
            if rng.random() < density:
                matrix[i, j] = Fraction(rng.randint(-9, 9), rng.randint(1, 4))
                matrix[j, i] = -matrix[i, j]
    return matrix, [Fraction(rng.randint(-9, 9), 2) for _ in range(size)]


@pytest.mark.parametrize(
    ("size", "density", "seed"), [(1, 1, 0), (2, 1, 1), (5, 0.5, 2), (9, 0.3, 3), (9, 1, 4), (12, 0.2, 5)]
)
def test_constant_systems_are_solved_exactly(size, density, seed):
    matrix, rhs = random_skew(size, density, seed)
    solution = eliminate(Builder("s", [], []), matrix, rhs)
    dense = sympy.Matrix(size, size, lambda i, j: sympy.Rational(str(matrix.get((i, j), 0))))
    expected = dense.LUsolve(sympy.Matrix([sympy.Rational(str(value)) for value in rhs]))
    assert [sympy.Rational(str(value)) for value in solution] == list(expected)


def test_symbolic_system_satisfies_its_equations_exactly():
    b = Builder("s", ["u", "v", "w"], ["k"])
    u, v, w = (b.mul(b.parameter(0), b.state(i)) for i in range(3))
    one = b.constant(1)
    matrix = {
        (0, 0): one,
        (1, 1): one,
        (2, 2): one,
        (0, 1): w,
        (1, 0): b.neg(w),
        (0, 2): b.neg(v),
        (2, 0): v,
        (1, 2): u,
        (2, 1): b.neg(u),
    }
    kernel = b.kernel(dict(zip("xyz", eliminate(b, matrix, [b.state(1), b.state(2), b.time]), strict=True)))
    values = {"u": Fraction(1, 3), "v": Fraction(-2, 5), "w": Fraction(3, 7), "k": Fraction(5, 2), "t": Fraction(1, 9)}
    got = kernel.evaluate(values, 50)
    a = values["k"] * sympy.Matrix(
        [[0, values["w"], -values["v"]], [-values["w"], 0, values["u"]], [values["v"], -values["u"], 0]]
    )
    expected = (sympy.eye(3) + a.applyfunc(lambda e: sympy.Rational(str(e)))).LUsolve(
        sympy.Matrix([sympy.Rational(str(values[n])) for n in ("v", "w", "t")])
    )
    for name, value in zip("xyz", expected, strict=True):
        assert abs(got[name] - value.evalf(60)._to_mpmath(200)) < 1e-48


def test_compiled_form_agrees_with_numpy():
    size = 15
    function = load(skew_kernel(size), "numpy")
    rng = np.random.default_rng(0)
    y, p = rng.uniform(-1, 1, size), np.array([1.3, 0.8])
    matrix, rhs = np.eye(size), np.empty(size)
    order = random.Random(1)  # the choices that skew_kernel makes
    for i in range(size):
        for j in range(i):
            if order.random() < 0.5:
                matrix[i, j] = p[1] * y[order.randrange(size)]
                matrix[j, i] = -matrix[i, j]
    for i in range(size):
        rhs[i] = p[0] * (y[order.randrange(size)] - y[i] / 3)
    np.testing.assert_allclose(function(0, y, p), np.linalg.solve(matrix, rhs), rtol=1e-12, atol=1e-13)


def test_order_follows_markowitz_and_makes_no_fill():
    """An arrow matrix: its head last keeps it sparse; its head first would fill all of it."""
    size = 8
    b = Builder("arrow", [f"a{i}" for i in range(size)], [])
    matrix = {(i, i): b.constant(1) for i in range(size)}
    for i in range(1, size):
        matrix[0, i], matrix[i, 0] = b.state(i), b.neg(b.state(i))
    kernel = b.kernel({str(i): v for i, v in enumerate(eliminate(b, matrix, [b.state(i) for i in range(size)]))})
    assert kernel.operations < 8 * size


@pytest.mark.parametrize(
    ("matrix", "rhs", "word"),
    [
        ({(0, 1): Fraction(1), (1, 0): Fraction(1)}, [Fraction(1)] * 2, "diagonal"),
        (
            {(0, 0): Fraction(1), (0, 1): Fraction(1), (1, 0): Fraction(1), (1, 1): Fraction(1)},
            [Fraction(1)] * 2,
            "diagonal",
        ),
        ({(0, 0): Fraction(1), (0, 2): Fraction(1)}, [Fraction(1)], "indices"),
        ({(0, 0): Fraction(1), (-1, 0): Fraction(1)}, [Fraction(1)], "indices"),
    ],
)
def test_singular_structure_is_refused(matrix, rhs, word):
    with pytest.raises(CodegenError, match=word):
        eliminate(Builder("s", [], []), matrix, rhs)
