"""Series in 1/s: the solved vector equation of PRL 8 expanded at rational points, rescaled damping, refusals."""

import pytest
import sympy as sp

import qllg_sym as q

B, kappa, a = sp.symbols("B kappa a", real=True)
s, h, x = sp.symbols("s h x", positive=True)
MODEL = q.Model(q.Space(s), [q.Zeeman((1, 0, B))], hbar=h)
M = sp.Matrix([sp.Rational(2, 7), sp.Rational(-3, 7), sp.Rational(5, 7)])


def expected(damping, n):
    """ṁ = τ − α m × ṁ, τ = m × B, so ṁ = (τ − α m × τ)/(1 + α²m²); α = κħ|η|/(2s + 1) for |η| = |m|/(ħs)."""
    alpha = sp.cancel((damping / (s * (2 * s + 1))).subs(s, 1 / x))
    torque = M.cross(sp.Matrix([1, 0, sp.Rational(1, 3)]))
    exact = (torque - alpha * M.cross(torque)) / (1 + alpha**2 * M.dot(M))
    return [[sp.series(e, x, 0, n + 1).removeO().coeff(x, k) for e in exact] for k in range(n + 1)]


@pytest.mark.parametrize(("damping", "variable"), [
    (sp.Rational(1, 2), 1 / s), (2 * s, "1/s"), (s * (s + 1) / 5 / (s + 3), "1/s")])
def test_orders_are_those_of_the_solved_equation(damping, variable):
    components = q.QuantumLLG(kappa).derive(MODEL).eta().subs({kappa: damping})
    found = components.series(variable, 4)
    at = {**dict(zip(components.states, M, strict=True)), B: sp.Rational(1, 3)}
    assert [[f.xreplace(at) for f in order] for order in found] == expected(damping, 4)
    assert any(found[2]) or damping == sp.Rational(1, 2)


def test_the_leading_order_is_precession_and_damping_comes_with_the_second():
    components = q.QuantumLLG(kappa).derive(q.Model(q.Space(s), [q.Zeeman((0, 0, B))], hbar=h)).eta()
    mx, my, _mz = components.states
    found = components.series("1/s", 2)
    assert found[:2] == [(B * my, -B * mx, 0), (0, 0, 0)]
    assert sp.expand(found[2][2] - kappa * B * (mx**2 + my**2) / 2) == 0
    assert components.series("1/s", 2, solution=True)[2][2] == sp.expand(q.t * found[2][2])


@pytest.mark.parametrize(("components", "message"), [
    (q.QuantumLLG(kappa).derive(q.Model(q.Space("1"), [q.Zeeman((0, 0, B))])).eta(), "eta components on Space"),
    (q.QuantumLLG(kappa).derive(q.Model(q.Space("1/2"), [q.Zeeman((0, 0, B))])).pauli(), "these are pauli components"),
    (q.QuantumLLG(a * s**3).derive(MODEL).eta(), "rational and bounded for large s"),
    (q.QuantumLLG(a * sp.sqrt(s)).derive(MODEL).eta(), "rational and bounded for large s"),
    (q.QuantumLLG(a * s * (2 * s + 1)).derive(MODEL).eta(), "at 1/s = 0, but ∂R/∂ẏ there depends on the states"),
])
def test_wrong_input_is_refused(components, message):
    with pytest.raises(q.InputError, match=message):
        components.series("1/s", 2)
