"""Right-hand sides for users of SymPy: mass · f(t, states, parameters) = forcing, in every module."""

import math

import mpmath
import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from qllg_sym.errors import CodegenError, DerivationError, InputError

J, D, kappa, lam, x0 = sp.symbols("J D kappa lambda x0", real=True)


@pytest.fixture(scope="module")
def comp():
    field = x0 * sp.cos(q.t), J / 3 - sp.pi, D * sp.sqrt(2) + sp.exp(lam)
    return q.QuantumLLG(kappa).derive(q.Model(q.Space("1/2"), [q.Zeeman(field)])).pauli()


@pytest.fixture(scope="module")
def point(comp):
    states = [sp.Rational((-1)**k, k + 3) for k in range(len(comp.states))]
    return states, [sp.Rational(k + 2, k + 5) for k in range(len(comp.parameters))]


@pytest.fixture(scope="module")
def implicit(comp, point):
    """The velocities at t = 3/10 by SymPy's own lambdify of mass and forcing, with 60 digits and another solver."""
    symbols = (q.t, *comp.states, *comp.parameters)
    with mpmath.workdps(60):
        numbers = [mpmath.mpf("0.3"), *(mpmath.mpf(x.p) / x.q for part in point for x in part)]
        mass, forcing = (sp.lambdify(symbols, view, "mpmath")(*numbers) for view in (comp.mass, comp.forcing))
        return list(mpmath.lu_solve(mass, forcing))


@pytest.mark.parametrize("module", ["numpy", "scipy", "math", "jax"])
def test_every_module_gives_the_velocities(comp, point, implicit, module):
    pytest.importorskip("numpy" if module == "math" else module)
    states, parameters = ([float(x) for x in part] for part in point)
    found = comp.lambdify(module)(0.3, states, parameters)
    assert len(found) == 3
    assert max(abs(float(a) - float(b)) for a, b in zip(found, implicit, strict=True)) < (
        1e-6 if module == "jax" else 1e-14)         # JAX has floats of 32 bits unless told otherwise
    assert isinstance(found, np.ndarray) == (module in ("numpy", "scipy"))


def test_mpmath_has_its_own_precision(comp, point, implicit):
    with mpmath.workdps(50):
        states, parameters = ([mpmath.mpf(x.p) / x.q for x in part] for part in point)
        found = comp.lambdify("mpmath")(mpmath.mpf("0.3"), states, parameters)
        assert max(abs(a - b) for a, b in zip(found, implicit, strict=True)) < 1e-47


def test_sympy_is_exact():
    comp = q.QuantumLLG(kappa).derive(q.Model(q.Space.half(2), [q.Zeeman((x0, 0, lam)), q.Exchange(J, 0, 1)])).pauli()
    states = [sp.Rational((-1)**k, k + 3) for k in range(15)]
    parameters = [sp.Rational(k + 2, k + 5) for k in range(4)]
    found = sp.Matrix(comp.lambdify("sympy")(0, states, parameters))
    at = dict(zip((*comp.states, *comp.parameters), (*states, *parameters), strict=True))
    assert comp.mass.xreplace(at) * found == comp.forcing.xreplace(at)


def test_states_in_columns_and_constant_velocities():
    comp = q.VonNeumann().derive(q.Model(q.Space("1/2"), [q.Zeeman((0, 0, J))])).pauli()
    function, states = comp.lambdify(), np.array([[1.0, 0.0, 0.6], [0.0, 1.0, 0.8], [0.0, 0.0, 0.0]])
    np.testing.assert_array_equal(function(0, states, [2.0]), 2 * np.array([states[1], -states[0], 0 * states[0]]))
    assert function(0, states[:, 0], [2.0]).shape == (3,)


def test_two_values_need_their_difference():
    comp = q.QuantumLLG(1).derive(q.Model(q.Space("1/2"), [q.Zeeman((0, 0, 1))])).pauli()
    gap = sp.Rational(1, 3)
    pure = comp.lambdify("sympy", form="two-level")(0, (gap, 0, 0), (gap,))
    assert pure == comp.lambdify("sympy")(0, (gap, 0, 0), ())


def test_no_name_is_a_number():
    """SymPy's own printers write the package's symbols by their names."""
    comp = q.QuantumLLG(kappa).derive(q.Model(q.Space("1/2"), [q.Zeeman((0, 0, sp.cos(q.t)))])).pauli()
    expression = comp.two_level()[2]
    texts = [sp.ccode(expression), sp.pycode(expression), sp.octave_code(expression), sp.julia_code(expression),
             sp.fcode(expression), sp.jscode(expression), sp.rcode(expression), sp.rust_code(expression),
             sp.mathematica_code(expression), sp.cxxcode(expression), sp.latex(expression), sp.srepr(expression)[:0]]
    assert not [text for text in texts if "100000" in text or "Dummy" in text]
    function = sp.lambdify((q.t, q.gap, kappa, *comp.states), expression)
    assert "100000" not in function.__doc__
    assert math.isclose(function(0.2, 0.5, 1.0, 0.4, 0.1, 0.2), float(expression.subs(
        dict(zip((q.t, q.gap, kappa, *comp.states), (0.2, 0.5, 1, 0.4, 0.1, 0.2), strict=True)))))
    assert sp.Symbol("gap", real=True) != q.gap


def test_bad_input_is_told(comp):
    with pytest.raises(InputError, match=r"`module` must be one of numpy, .*, but is 'fortran'"):
        comp.lambdify("fortran")
    with pytest.raises(InputError, match="`form` must be one of"):
        comp.lambdify(form="explicit")
    with pytest.raises(DerivationError, match="such a law need not keep the spectrum"):
        q.Dephasing(1).derive(q.Model(q.Space("1/2"))).pauli().lambdify(form="two-level")
    with pytest.raises(CodegenError, match="`module` 'cupy' must be installed, but is not; run `pip install cupy`"):
        comp.lambdify("cupy")
