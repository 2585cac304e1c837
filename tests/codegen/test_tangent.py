"""Jacobian–vector products: against symbolic derivatives, 50-digit differences and the Jacobian, in every form."""

from itertools import product

import numpy as np
import pytest
import sympy as sp
from mpmath import mp

import qllg_sym as q
from codegen.kernels import contract_kernel, rational_kernel
from qllg_sym.codegen.kernel import FUNCTIONS, Kernel, Operation
from qllg_sym.codegen.lower import inline
from qllg_sym.codegen.tangent import tangent
from qllg_sym.equations.compiling import matrix_function
from qllg_sym.errors import InputError
from strategies import random_density

J, D, KAPPA = sp.symbols("J D kappa", real=True)
FORMS = {"any": {}, "two-level": {q.gap: 0.8}, "spectrum": {"e2": 0.3, "e3": 0.02}}


def model():
    return q.Model(q.Space("1"), [q.Zeeman((J, 0.5, sp.sin(q.t))), q.Anisotropy(np.diag([0, 0, D]), 0)])


def point(components, seed=2):
    space = components.equation.model.space
    rho = random_density(np.random.default_rng(seed), space.dimension, space.dimension)[0]
    return matrix_function(components.equation).coordinates(rho)


def slope_at_fifty_digits(sharp, t, y, v):
    """Differences of step 1e-20 at 50 digits know the slope to 1e-19."""
    with mp.workdps(50):
        step = mp.mpf(10)**-20
        ahead, here = (sharp(t, [a + s * b for a, b in zip(y, v, strict=True)]) for s in (step, 0))
        return np.array((ahead - here) / step, dtype=float)


@pytest.mark.parametrize("kernel", [*map(rational_kernel, range(6)), contract_kernel()], ids=lambda k: k.digest)
def test_tangents_are_symbolic_derivatives(kernel):
    states = [sp.Symbol(f"s{k}", real=True) for k in range(len(kernel.states))]
    rest = {name: sp.Symbol(f"r{k}", positive=True) for k, name in enumerate((*kernel.parameters, "t"))}
    outputs = inline(kernel, dict(zip(kernel.states, states, strict=True)) | rest)
    at = {s: sp.Rational(7 + 3 * k, 11) for k, s in enumerate((*states, *rest.values()))}
    v = [sp.Rational(2 * k + 1, 5) for k in range(len(states))]
    expected = {name: sum((sp.diff(e, s) * x for s, x in zip(states, v, strict=True)), sp.S.Zero).subs(at).evalf(40)
                for name, e in outputs.items()}
    along = tangent(kernel)
    values = dict(zip(along.states, [*(at[s] for s in states), *v], strict=True))
    values |= {name: at[symbol] for name, symbol in rest.items()}
    found = along.evaluate(values, digits=30)
    with mp.workdps(40):
        for name, value in expected.items():
            assert abs(found[name] - mp.mpf(str(value))) < mp.mpf(10)**-25 * (1 + abs(found[name]))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_function_has_its_derivative(function):
    kernel = Kernel("f", ("x",), (), (Operation("x0", function, ("y0",)),), (("f", "x0"),))
    with mp.workdps(40):
        meaning = {"abs": abs, "heaviside": lambda x: (1 + mp.sign(x)) / 2}.get(function) or getattr(mp, function)
        expected = mp.diff(meaning, mp.mpf("0.7"))
        found = tangent(kernel).evaluate({"x": mp.mpf("0.7"), "direction x": 2}, digits=40)["f"]
        assert abs(found - 2 * expected) < mp.mpf(10)**-15
        assert abs(found - expected) > 0.1 or function in ("sign", "heaviside")     # which stand still


def test_constant_outputs_have_no_tangent():
    kernel = Kernel("k", ("x",), ("p",), (Operation("x0", "exp", ("p0",)),), (("a", "x0"), ("b", "y0")))
    assert tangent(kernel).outputs[0][1] == 0
    assert tangent(kernel).evaluate({"x": 1, "direction x": 3, "p": 1})["b"] == 3


@pytest.mark.parametrize(("law", "form", "target"), [
    *product((q.QuantumLLG(KAPPA), q.QuantumLL(KAPPA), q.VonNeumann()), FORMS, ["numpy"]),
    *product([q.QuantumLLG(KAPPA)], FORMS, ["auto"]), *product([q.Dephasing(KAPPA)], ["any"], ["numpy", "auto"]),
    *(pytest.param(*case, marks=pytest.mark.slow)
      for case in product((q.QuantumLL(KAPPA), q.VonNeumann()), FORMS, ["auto"]))],
    ids=lambda value: getattr(value, "kind", value))
def test_jvp_against_differences_and_the_jacobian(law, form, target):
    components = law.derive(model()).coefficients()
    numbers = {s: v for s, v in ((J, 0.7), (D, -0.4), (KAPPA, 1.2)) if s in components.parameters} | FORMS[form]
    rhs = components.compile(target, form=form).bind(numbers)
    y, v = point(components), np.random.default_rng(3).normal(size=8)
    expected = slope_at_fifty_digits(components.compile("mpmath", form=form, digits=50).bind(numbers), 0.3, y, v)
    found, largest = rhs.jvp(0.3, y, v), 1 + np.abs(expected).max()
    assert np.abs(found - expected).max() < 1e-13 * largest
    assert np.abs(rhs.jac(0.3, y) @ v - expected).max() < 1e-13 * largest
    assert np.array_equal(rhs.jvp(0.3, list(y), v[::-1].copy()[::-1]), found)
    assert np.abs(rhs.jvp(0.3, y, 2 * v) - expected).max() > 1e-2


def test_jvp_of_the_dimer_in_c_and_digits():
    """The unrolled elimination, with pivots shared; at 40 digits through mpmath; along two directions at once."""
    terms = [q.Zeeman((0.3, 0.1, 0.2)), q.Exchange(J, 0, 1), q.DMI((0, 0, D), 0, 1)]
    components = q.QuantumLLG(KAPPA).derive(q.Model(q.Space.half(2), terms)).pauli()
    numbers = {"J": 1.0, "D": 0.4, "kappa": 0.5}
    rhs = components.compile().bind(numbers)
    y, (v, w) = point(components), np.random.default_rng(3).normal(size=(2, 15))
    assert np.abs(rhs.jvp(0.0, y, v) - rhs.jac(0.0, y) @ v).max() < 1e-14
    assert np.abs(rhs.jvp(0.0, y, v + w) - rhs.jvp(0.0, y, v) - rhs.jvp(0.0, y, w)).max() < 1e-14
    sharp = components.compile("mpmath", digits=40).bind(J=1, D=sp.Rational(2, 5), kappa=sp.Rational(1, 2))
    exact = sharp.jvp(0, [sp.Rational(str(x)) for x in y], list(map(sp.Rational, map(str, v))))
    assert np.abs(np.array(exact, dtype=float) - rhs.jvp(0.0, y, v)).max() < 1e-14
    assert exact[0] != mp.mpf(float(exact[0]))


def test_jvp_in_matrix_form():
    components = q.QuantumLLG(KAPPA).derive(q.Model(q.Space.half(3), [
        q.Zeeman((0.3, sp.sin(q.t), 1)), q.Exchange(1, 0, 1), q.DMI((0, 0.5, 0), 1, 2)])).pauli()
    rhs = components.compile().bind(kappa=0.8)
    assert rhs.compiled.target == "matrix"
    y, v = point(components), np.random.default_rng(4).normal(size=63)
    step = 1e-5
    differences = (rhs(0.4, y + step * v) - rhs(0.4, y - step * v)) / (2 * step)
    assert np.abs(rhs.jvp(0.4, y, v) - differences).max() < 1e-7
    assert np.abs(rhs.jvp(0.4, y, v) - rhs.jac(0.4, y) @ v).max() < 1e-13


@pytest.mark.parametrize("components", [
    lambda: q.ClassicalLLG(0.3).derive(q.Model(q.Space.half(2), [q.Zeeman((1, 0, 2)), q.Exchange(1, 0, 1)])).moments(),
    lambda: q.QuantumLLG(0.3).derive(q.Model(q.Space("3/2"), [q.Zeeman((1, 0, 0.5))])).eta()], ids=["moments", "eta"])
def test_jvp_of_other_components(components):
    rhs = components().compile("numpy").bind()
    y, v = np.random.default_rng(5).normal(size=(2, len(rhs.states)))
    h = 1e-6
    differences = (rhs(0, y + h * v) - rhs(0, y - h * v)) / (2 * h)
    assert np.abs(rhs.jvp(0, y, v) - differences).max() < 1e-8


@pytest.mark.parametrize(("y", "v", "words"), [
    (np.zeros(3), np.zeros(2), "`v` must have shape"), (np.zeros(4), np.zeros(3), "`y` must have shape"),
    (np.zeros(3), [1, None, 2], "`v` must be an array of real numbers"), (np.zeros(3), 1.0, "`v` must have shape"),
    (np.zeros(3), np.zeros(3) * 1j, "`v` must be")])
def test_wrong_directions_are_refused(y, v, words):
    rhs = q.QuantumLLG(0.5).derive(q.Model(q.Space("1/2"), [q.Zeeman((0, 0, 1))])).pauli().compile("numpy").bind()
    with pytest.raises(InputError, match=rf"^{words}[^\n]*\.$"):
        rhs.jvp(0.0, y, v)


def test_arrays_of_parameters_have_no_single_direction():
    components = q.QuantumLLG(KAPPA).derive(q.Model(q.Space("1/2"), [q.Zeeman((0, 0, 1))])).pauli()
    with pytest.raises(InputError, match="use `batch`"):
        components.compile("numpy").bind(kappa=[0.1, 0.2]).jvp(0.0, np.zeros(3), np.zeros(3))
