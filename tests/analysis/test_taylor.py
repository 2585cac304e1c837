"""Series in time: matrices order by order, closed forms, proved remainders against exact and integrated solutions."""

import numpy as np
import pytest
import sympy as sp
from scipy.integrate import solve_ivp

import qllg_sym as q
from analysis.dimer_matrices import STRINGS, commutator, hamiltonian, rationals
from qllg_sym.analysis.expansions.taylor_series import TaylorSeries

J, D, B, kappa, w = sp.symbols("J D B kappa w", real=True)
h, s = sp.symbols("h s", positive=True)
ONE = q.Space("1/2")
DIMER = q.Model(q.Space("1/2", "1/2"), [q.Zeeman((B, 0, 1)), q.Exchange(J, 0, 1), q.DMI((0, D, 0.5), 0, 1)],
                hbar=sp.Rational(2, 3))
EQUATION = q.QuantumLLG(kappa).derive(DIMER)


def matrices_in_powers(rho, H, damping, n):
    """ρ_0, …, ρ_n of ρ̇ = i[ρ, H] + iκ[ρ, ρ̇], a linear system of the entries in each order."""
    found, d = [rho], len(rho)
    left = np.eye(d * d) - 1j * damping * (np.kron(rho, np.eye(d)) - np.kron(np.eye(d), rho.T))
    for k in range(n):
        right = 1j * commutator(found[k], H)
        for m in range(1, k + 1):
            right = right + 1j * damping * (k - m + 1) * commutator(found[m], found[k - m + 1])
        found.append(np.linalg.solve(left, right.ravel()).reshape(d, d) / (k + 1))
    return found


def test_orders_are_those_of_explicit_matrices():
    y, (j, d, b) = rationals(5, 15), rationals(6, 3)
    components = EQUATION.pauli().subs({J: j, D: d, B: b, kappa: 0.5})
    found = components.series(q.t, 6, start=dict(zip(components.states, y, strict=True)))
    strings = [np.array(A, dtype=complex) for A in STRINGS]
    rho = np.eye(4) / 4 + sum(float(c) * A / 4 for c, A in zip(y, strings, strict=True))
    expected = matrices_in_powers(rho, np.array(hamiltonian(j, d, b), dtype=complex), 0.5, 6)
    for order, matrix in zip(found, expected, strict=True):
        traces = np.array([np.trace(matrix @ A).real for A in strings])
        assert np.abs(traces - np.array(order, dtype=float)).max() < 1e-12 * np.abs(traces).max()


def test_a_damped_spin_climbs_as_tanh():
    components = q.QuantumLLG(kappa).derive(q.Model(ONE, [q.Zeeman((0, 0, B))])).pauli()
    found = components.series("t", 5, start=q.states.product("+x"))
    assert isinstance(found, TaylorSeries)
    x = kappa * B * q.t / (1 + kappa**2)
    expected = x - x**3 / 3 + 2 * x**5 / 15
    assert sp.cancel(found.polynomials[2] - expected) == 0
    assert sp.cancel(found.polynomials[2] - expected.subs(kappa, 2 * kappa)) != 0               # the broken twin


def test_what_depends_on_time_is_expanded():
    """A field along z that depends on time turns a spin by its integral: η_x + iη_y = exp(−i∫B)."""
    pulse = B * sp.cos(w * q.t) / (1 + q.t)
    components = q.VonNeumann().derive(q.Model(q.Space(s), [q.Zeeman((0, 0, pulse))])).eta()
    found = components.series("t", 4, start={"eta_x": sp.sqrt(2) / s})
    x = q.t
    turn = B * (x - x**2 / 2 + (1 - w**2 / 2) * x**3 / 3)           # ∫B up to t³
    expected = sp.Poly(1 - turn**2 / 2 + turn**4 / 24, x)
    for k in range(5):
        assert sp.expand(found[k][0] - sp.sqrt(2) / s * expected.coeff_monomial(x**k)) == 0


@pytest.mark.parametrize(("n", "until"), [(4, 0.02), (9, 0.05)])
def test_a_proved_remainder_holds_the_exact_solution(n, until):
    pytest.importorskip("flint")
    values = {"J": 1, "D": sp.Rational(3, 5), "B": 1, "kappa": sp.Rational(1, 2)}
    start = q.states.product("up", "down")
    components = EQUATION.pauli().subs(values)
    found = components.series("t", n, start=start, remainder=until)
    for time in (sp.Rational(until).limit_denominator(100) / 3, sp.Rational(until).limit_denominator(100)):
        exact = q.exact(DIMER, q.QuantumLLG(kappa), start, values).enclose(time, 30, observe="pauli")
        assert len(exact) == 15
        outside = 0
        for state, (low, high), twin in zip(components.states, found.bounds(time), found.polynomials, strict=True):
            value = sp.Rational(exact[state.name].mid().str(28, radius=False))
            assert low <= value <= high
            outside += not low <= value + 500 * time**n <= high
            assert twin.subs(q.t, time) * 2 == low + high
        assert outside > 10                                 # a wrong coefficient of order n would be seen
    assert max(found.remainder) * sp.Rational(until)**(n + 1) < 1e-4


def test_a_proved_remainder_with_a_field_that_moves():
    pytest.importorskip("flint")
    model = q.Model(ONE, [q.Zeeman((sp.cos(3 * q.t), 0, sp.exp(-q.t)))])
    found = q.QuantumLLG(sp.S(1) / 2).derive(model).pauli().series("t", 6, start=q.states.product("up"), remainder=0.25)

    def velocity(time, r):
        torque = np.cross(r, [np.cos(3 * time), 0, np.exp(-time)])
        return np.linalg.solve(np.eye(3) + 0.5 * np.cross(r, np.eye(3)).T, torque)      # r′ = r × B − κ r × r′

    run = solve_ivp(velocity, (0, 0.25), [0, 0, 1], rtol=1e-12, atol=1e-14)
    for value, (low, high) in zip(run.y[:, -1], found.bounds(0.25), strict=True):
        assert low - 1e-11 < value < high + 1e-11
        assert high - low < 1e-3


COMPONENTS = EQUATION.pauli()
KINK = q.VonNeumann().derive(q.Model(ONE, [q.Zeeman((0, 0, sp.Abs(q.t - 1)))])).pauli()
POLE = q.VonNeumann().derive(q.Model(ONE, [q.Zeeman((0, 0, 1 / q.t))])).pauli()
UP = {"T_z": 1}


@pytest.mark.parametrize(("components", "arguments", "message"), [
    (COMPONENTS, {"variable": "t"}, "`start` must be a state for series in t, but is missing"),
    (COMPONENTS, {"variable": "kappa", "start": UP}, "must be left out for a parameter"),
    (COMPONENTS, {"variable": "t", "start": {"Q": 1}}, "`start` must name states such as T_0x, but has Q"),
    (COMPONENTS, {"variable": "t", "start": {"T_0x": 1j}}, "`T_0x` must be real"),
    (COMPONENTS, {"variable": "t", "start": q.states.product("up")}, "must belong to"),
    (COMPONENTS, {"variable": "t", "start": {}, "n": -1}, "whole number from 0 on"),
    (COMPONENTS, {"variable": "t", "start": {}, "remainder": 1}, "for every parameter, but B, D, J, kappa have"),
    (COMPONENTS, {"variable": "t", "start": {}, "remainder": 0}, "`remainder` must be a positive time"),
    (COMPONENTS, {"variable": "t", "start": {}, "remainder": "1"}, "`remainder` must be a positive time"),
    (COMPONENTS, {"variable": "t", "start": {}, "remainder": J}, "`remainder` must be a positive time"),
    (COMPONENTS, {"variable": "t", "start": {}, "remainder": [1]}, "`remainder` must be a number"),
    (COMPONENTS, {"variable": sp.eye(2)}, "`variable` must be a parameter"),
    (KINK, {"variable": "t", "start": UP}, "may have a kink"),
    (POLE, {"variable": "t", "start": UP}, "none at t = 0"),
])
def test_wrong_input_is_refused(components, arguments, message):
    with pytest.raises(q.QllgError, match=message):
        components.series(**{"n": 2, **arguments})


def test_bounds_that_were_not_asked_for_are_refused():
    found = EQUATION.pauli().subs({J: 1, D: 0, B: 0, kappa: 0}).series("t", 1, start={})
    with pytest.raises(q.InputError, match="none was asked for"):
        found.bounds(0.1)
    with pytest.raises(q.InputError, match="from 0 to 1/10"):
        TaylorSeries(found, (0,) * 15, sp.Rational(1, 10)).bounds(0.2)
