"""The native driver's text: its tableau is SciPy's to the last bit and of order 8; it compiles without a warning."""

import shutil
import subprocess
from fractions import Fraction

import numpy as np
import pytest
from scipy.integrate import DOP853, RK45

from qllg_sym.codegen import native
from qllg_sym.codegen.native import integrator
from qllg_sym.codegen.tableaux import dop853, dopri5


def numbers(name):
    return [[float(c) for c in row] for row in dop853.coefficients(name)]


@pytest.mark.parametrize("name", ["A", "A_EXTRA", "B", "C", "C_EXTRA", "D", "E3", "E5"])
def test_the_tableau_is_that_of_scipy_to_the_last_bit(name):
    expected = np.atleast_2d(getattr(DOP853, name))[1 if name == "A" else 0:]
    found = numbers(name)
    assert len(found) == len(expected)
    for row, wanted in zip(found, expected, strict=True):
        assert row == wanted[:len(row)].tolist()
        assert not wanted[len(row):].any()


@pytest.mark.parametrize(("name", "here"), [("A", "A"), ("B", "B"), ("C", "C"), ("E", "E"), ("P", "D")])
def test_the_tableau_of_order_5_is_that_of_scipy(name, here):
    expected = np.atleast_2d(getattr(RK45, name))[1 if name == "A" else 0:]
    found = [[float(Fraction(c)) for c in row] for row in dopri5.coefficients(here)]
    assert len(found) == len(expected)
    assert all(row == wanted[:len(row)].tolist() for row, wanted in zip(found, expected, strict=True))


def tableau():
    """(A, b, c) of the method of order 8, 12 stages."""
    a = np.zeros((12, 12))
    for s, row in enumerate(numbers("A"), 1):
        a[s, :s] = row
    return a, np.array(numbers("B")[0]), np.array(numbers("C")[0])


def trees(order):
    """Rooted trees with so many nodes, as sorted tuples of branches."""
    if order == 1:
        return {()}
    return {tuple(sorted((*tree, branch))) for size in range(1, order) for branch in trees(size)
            for tree in trees(order - size)}


def weight(tree, a):
    """The elementary weight of a tree in every stage."""
    product = np.ones(len(a))
    for branch in tree:
        product *= a @ weight(branch, a)
    return product


def nodes(tree):
    return 1 + sum(map(nodes, tree))


def density(tree):
    """γ of a tree: its condition is b · weight = 1/γ."""
    return nodes(tree) * np.prod([density(branch) for branch in tree], dtype=float)


def defect(a, b, order):
    return max(abs(b @ weight(tree, a) - 1 / density(tree)) for tree in trees(order))


def test_the_method_has_order_eight_and_not_nine():
    a, b, c = tableau()
    assert np.abs(a.sum(axis=1) - c).max() < 1e-14
    assert [len(trees(n)) for n in range(1, 9)] == [1, 1, 2, 4, 9, 20, 48, 115]     # OEIS A000081
    assert max(defect(a, b, n) for n in range(1, 9)) < 1e-13
    assert defect(a, b, 9) > 1e-7


def test_a_changed_digit_is_seen():
    a, b, _ = tableau()
    b[6] += 1e-9
    assert defect(a, b, 3) > 1e-11


def test_the_errors_compare_with_lower_orders():
    """E5 = b − b̂ of order 5, E3 = b − b̃ of order 3: the differences vanish on all smaller trees, and not beyond."""
    a, b, _ = tableau()
    for name, order in (("E5", 5), ("E3", 3)):
        lower = b - np.array(numbers(name)[0][:12])
        assert numbers(name)[0][12] == 0
        assert max(defect(a, lower, n) for n in range(1, order + 1)) < 1e-13
        assert defect(a, lower, order + 1) > 1e-6


def test_the_macros_hold_every_coefficient_once():
    text = dop853.macros()
    assert text.isascii()
    for name in ("A", "A_EXTRA", "B", "D", "E3", "E5"):
        for row in dop853.coefficients(name):
            terms = [f"{c}*k[K_{j}*n + i]" for j, c in enumerate(row) if c != "0"]
            assert f"({' + '.join(terms)})" in text


@pytest.mark.parametrize("lanes", [1, integrator.LANES])
def test_the_driver_compiles_without_a_warning(lanes, tmp_path):
    compiler = shutil.which("gcc") or shutil.which("clang") or pytest.skip("needs a compiler")
    path = tmp_path / "driver.c"
    path.write_text(integrator.advance_source(lanes), encoding="ascii")
    flags = ["-std=c11", "-O1", "-Wall", "-Wextra", "-Werror", "-Wno-psabi", "-fPIC"]
    done = subprocess.run([compiler, *flags, "-c", "-o", str(tmp_path / "driver.o"), str(path)], capture_output=True,
                          text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_hand_written_text_is_plain_c():
    """No flag or intrinsic that would lose NaN or tie the text to one processor."""
    for name in ("common.c", "lanes.c", "dop853.c", "kernel.c", "transposed.c"):
        text = native.source(name)
        assert "_mm" not in text
        assert "fast-math" not in text
    assert not [flag for flag in integrator.FLAGS if "fast-math" in flag or "finite" in flag]
