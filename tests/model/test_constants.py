"""Closed constants are numbers everywhere; what is real on an interval of time may be used there."""

import pickle
import subprocess
import sys
import tomllib

import mpmath
import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from qllg_sym.algebra.scalars import real_coefficient
from qllg_sym.modelfile.read import parse_document

R, t = sp.Rational, q.t
J, K = sp.symbols("J K", real=True)
ONE = q.Space("1/2")
CONSTANTS = {
    "cube root": (sp.Integer(2)**R(1, 3), lambda: mpmath.cbrt(2)), "cosh": (sp.cosh(1), lambda: mpmath.cosh(1)),
    "acos": (sp.acos(R(1, 3)), lambda: mpmath.acos(mpmath.mpf(1) / 3)), "zeta": (sp.zeta(3), lambda: mpmath.zeta(3)),
    "golden": (sp.GoldenRatio, lambda: +mpmath.phi), "e": (sp.exp(1), lambda: +mpmath.e),
    "power": (R(1, 3)**sp.sqrt(2), lambda: (mpmath.mpf(1) / 3)**mpmath.sqrt(2)),
    "near": (sp.sqrt(10**12 + 1) - 10**6, lambda: 1 / (mpmath.sqrt(10**12 + 1) + 10**6)),
    "huge": (1 / (1 + sp.exp(1000)), lambda: 1 / (1 + mpmath.exp(1000))),
}


@pytest.mark.parametrize("case", CONSTANTS)
def test_closed_constants_are_numbers_everywhere(case):
    """A field of that size along z, and κ = 1/2: r′ = (r × B − κ r × (r × B) …) from the implicit form in mpmath."""
    expression, value = CONSTANTS[case]
    model, law = q.Model(ONE, [q.Zeeman((0, 0, expression))]), q.QuantumLLG(expression)
    with mpmath.workdps(60):
        exact, kappa = value(), value()
        x, y, z = mpmath.mpf(1) / 8, mpmath.mpf(1) / 4, mpmath.mpf(1) / 2
        matrix = mpmath.matrix([[1, -kappa * z, kappa * y], [kappa * z, 1, -kappa * x], [-kappa * y, kappa * x, 1]])
        expected = mpmath.lu_solve(matrix, mpmath.matrix([y * exact, -x * exact, 0]))
    components = law.derive(model).pauli()
    for digits in (30, 50):
        found = components.compile("mpmath", digits=digits).bind()(0, [R(1, 8), R(1, 4), R(1, 2)])
        assert max(abs(a - b) for a, b in zip(found, expected, strict=True)) < mpmath.mpf(10)**(2 - digits)
    doubles = components.compile("numpy").bind()(0.0, [0.125, 0.25, 0.5])
    assert np.abs(doubles - np.array([float(e) for e in expected])).max() < 1e-15
    up = q.states.product("up")
    assert q.solve(model, q.QuantumLLG(0), up, [0.0]).energy[0] == pytest.approx(-float(exact) / 2, rel=1e-15)
    if case != "huge":
        ends = [q.solve(model, law, q.states.product("+x"), [0, 1], method=m).bloch(0)[-1]
                for m in ("exact", "frame", "pauli", "krylov", "low-rank")]
        assert np.abs(np.array(ends) - ends[0]).max() < 1e-8
        assert components.latex()


def test_closed_constants_survive_a_pickle(tmp_path):
    code = ("import pickle, sympy as sp, qllg_sym as q\n"
            "model = q.Model(q.Space('1/2'), [q.Zeeman((0, 0, sp.zeta(3)))])\n"
            "kernel = q.VonNeumann().derive(model).pauli().kernel()\n"
            f"open({str(tmp_path / 'k')!r}, 'wb').write(pickle.dumps(kernel)); print(kernel.digest)")
    digest = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    kernel = pickle.loads((tmp_path / "k").read_bytes())
    assert kernel.digest == digest
    with mpmath.workdps(60):
        exact = mpmath.zeta(3)
    assert abs(kernel.evaluate({"T_x": 0, "T_y": 1, "T_z": 0}, 50)["T_x"] - exact) < mpmath.mpf(10)**-48


@pytest.mark.parametrize("expression", [
    sp.sqrt(t), sp.log(2 - t), sp.asin(sp.sin(t)), sp.asin(sp.sin(J)), 2**t, sp.sqrt(t - J), t**R(1, 3),
    1 / (1 + sp.sqrt(t)), sp.acosh(1 + t)])
def test_what_can_be_real_is_taken(expression):
    assert real_coefficient(expression, "B") == expression


@pytest.mark.parametrize("expression", [sp.log(J), sp.sqrt(J), sp.asin(J), sp.asin(2), sp.log(-1), sp.sqrt(-2),
                                        sp.I * t, sp.sqrt(sp.I * t), sp.Integer(-2)**R(1, 3)])
def test_what_cannot_be_is_refused(expression):
    with pytest.raises(q.ModelError, match=r"^`B` must be real[^\n]*\.$"):
        real_coefficient(expression, "B")


@pytest.mark.parametrize("method", ["frame", "pauli", "low-rank"])
@pytest.mark.parametrize(("field", "area", "times", "bad"), [
    (sp.sqrt(t), lambda s: s**1.5 / 1.5, (0.0, 2.0), (-1.0, 1.0)),
    (sp.log(2 - t), lambda s: (s - 2) * np.log(2 - s) - s, (0.0, 1.5), (1.0, 3.0))])
def test_roots_and_logarithms_of_time_on_their_interval(method, field, area, times, bad):
    model, up = q.Model(ONE, [q.Zeeman((0, 0, field))]), q.states.product("+x")
    turned = area(times[1]) - area(times[0])
    end = q.solve(model, q.QuantumLLG(0), up, times, method=method).bloch(0)[-1]
    assert end == pytest.approx([np.cos(turned), -np.sin(turned), 0], abs=1e-8)
    with pytest.raises(q.IntegrationError, match=r"^The integration must reach [^\n]*not finite near [^\n]*\.$"):
        q.solve(model, q.QuantumLLG(0), up, bad, method=method)


def test_damping_may_be_a_root_of_time():
    model = q.Model(ONE, [q.Zeeman((0, 0, 1))])
    re, im = q.QuantumLLG(sp.sqrt(t)).derive(model).weight()
    assert sp.simplify(re - 1 / (1 + q.gap**2 * t)) == 0
    assert sp.simplify(im - q.gap * sp.sqrt(t) / (1 + q.gap**2 * t)) == 0


@pytest.mark.parametrize("target", ["numpy", "c"])
def test_a_right_hand_side_that_is_no_number_is_refused(target):
    def bound(expression, **values):
        model = q.Model(ONE, [q.Pauli(expression, "Z")])
        return q.QuantumLLG(0.5).derive(model).pauli().compile(target).bind(values)

    state = [0.1, 0.2, 0.3]
    for expression, values in ((1 / (J - K), {"J": 1, "K": 1}), (sp.exp(J), {"J": 1000}),
                               (sp.exp(J), {"J": np.array([1.0, 1000.0])})):
        with pytest.raises(q.InputError, match=r"^`values` must make every coefficient real and finite[^\n]*\.$"):
            bound(expression, **values)
    for field in (sp.sqrt(t), sp.log(t), 1 / (1 + t)):
        rhs = bound(field)
        assert np.isfinite(rhs(2.0, state)).all()
        for wrong in (lambda rhs=rhs: rhs(-1.0, state), lambda rhs=rhs: rhs.batch([state, state], t=-1.0)):
            with pytest.raises(q.InputError, match=r"^`t` must be a time at which every coefficient is[^\n]*\.$"):
                wrong()
        assert np.isnan(rhs(2.0, [np.nan, 0, 0])).any()          # the state is nobody's fault but the caller's


@pytest.mark.parametrize("strange", [sp.floor(t), sp.frac(t)])
def test_other_functions_are_told_what_is_allowed(strange):
    model = q.Model(ONE, [q.Zeeman((0, 0, strange))])
    assert q.VonNeumann().derive(model).pauli().latex()
    with pytest.raises(q.CodegenError, match=r"^A kernel knows the functions sqrt, [^\n]*Piecewise, but not[^\n]*\.$"):
        q.solve(model, q.QuantumLLG(0), q.states.product("up"), [0, 1])


def test_a_model_file_without_parameters_may_use_time():
    text = '[system]\nspins = ["1/2"]\n[[term]]\nkind = "zeeman"\nB = [0, 0, "sin(t)"]\n'
    assert parse_document(tomllib.loads(text), "m").model.terms[0].B[2] == sp.sin(t)
