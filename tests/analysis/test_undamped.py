"""Solutions in powers of the damping in terms of the undamped one: integrated matrices, and variational equations."""

import numpy as np
import pytest
import sympy as sp
from scipy.integrate import solve_ivp
from scipy.linalg import expm

import oracle
import qllg_sym as q
import strategies

J, D, B, kappa, a = sp.symbols("J D B kappa a", real=True)
TERMS = [q.Zeeman((B, 0, 0)), q.Exchange(J, 0, 1), q.DMI((0, 0, D), 0, 1)]
DIMER = q.Model(q.Space("1/2", "1/2"), TERMS, hbar=sp.Rational(2, 3))
VALUES = {J: 0.5, D: 0.3, B: 0.7}
RHO = strategies.random_density(np.random.default_rng(7), 4, 3)[0]
H = oracle.hamiltonian(DIMER, VALUES) / oracle.number(DIMER.hbar, {})
STRINGS = [matrix for _, matrix in oracle.pauli_strings(2)]


def coordinates(rho):
    return [np.trace(rho @ A).real for A in STRINGS]


def damped(law, damping, time):
    """ρ(t) by integration of explicit matrices."""
    def velocity(_, y):
        rho = y.reshape(4, 4)
        torque = rho @ H - H @ rho
        if law is q.QuantumLL:
            return (1j * torque - damping * (rho @ torque - torque @ rho)).ravel()
        ad = np.kron(rho, np.eye(4)) - np.kron(np.eye(4), rho.T)
        return np.linalg.solve(np.eye(16) - 1j * damping * ad, 1j * torque.ravel())
    run = solve_ivp(velocity, (0, time), RHO.astype(complex).ravel(), rtol=1e-10, atol=1e-12, method="DOP853")
    return run.y[:, -1].reshape(4, 4)


@pytest.mark.parametrize("law", [q.QuantumLLG, q.QuantumLL])
def test_orders_in_the_undamped_solution_are_those_of_the_damped_one(law):
    """What is left after κ² falls as κ³: by 8 when κ is halved."""
    components, time = law(kappa).derive(DIMER).pauli().subs(VALUES), 0.8
    found = components.series("kappa", 2, solution=True)
    assert found[0] == components.states
    U = expm(-1j * H * time)
    at = dict(zip([*components.states, q.t], [*coordinates(U @ RHO @ U.conj().T), time], strict=True))
    orders = [oracle.numbers(order, at) for order in found]
    left = []
    for damping in (0.02, 0.01):
        exact = np.array(coordinates(damped(law, damping, time)))
        left.append(np.abs(exact - sum(damping**k * y for k, y in enumerate(orders))).max())
        twin = orders[0] + damping * orders[1] - damping**2 * orders[2]
        assert left[-1] < np.abs(exact - twin).max() / 20
    assert left[0] / left[1] == pytest.approx(8, rel=0.15)


def test_with_the_undamped_solution_in_closed_form_the_orders_have_one():
    model, start = q.Model(q.Space.half(2), [q.Exchange(J, 0, 1), q.Zeeman((B, 0, 0))]), q.states.product("up", "down")
    components = q.QuantumLLG(kappa).derive(model).pauli()
    undamped = dict(zip(components.states, q.exact(model, q.VonNeumann(), start).expression_of("pauli"), strict=True))
    values, left = {J: 0.5, B: 0.8, q.t: 0.7}, []
    orders = [[oracle.number(y.xreplace(undamped), values) for y in order]
              for order in components.subs({J: 0.5, B: 0.8}).series("kappa", 2, solution=True)]
    for damping in (0.02, 0.01):
        exact = q.exact(model, q.QuantumLLG(damping), start, {"J": 0.5, "B": 0.8}).enclose(0.7, 20, observe="pauli")
        found = sum(damping**k * np.array(order) for k, order in enumerate(orders))
        left.append(max(abs(float(exact[s.name]) - y) for s, y in zip(components.states, found, strict=True)))
    assert left[0] < 1e-4
    assert left[0] / left[1] == pytest.approx(8, rel=0.05)


def test_variational_equations_are_the_derivatives_of_the_solution():
    """For a driven H, too: finite differences in κ of an integrated solution."""
    model = q.Model(q.Space("1/2"), [q.Zeeman((sp.cos(2 * q.t), B, 1))])
    components = q.QuantumLLG(kappa).derive(model).pauli()
    orders = components.variations("kappa", 2)
    names = [symbol for order in orders for symbol in order]
    assert [str(x) for x in names] == [f"T_{k}_{m}" for m in range(3) for k in "xyz"]
    velocity = sp.lambdify([q.t, B, *names], [v for order in orders for v in order.values()], "math")
    start = [0.3, -0.4, 0.6]
    run = solve_ivp(lambda time, y: velocity(time, 0.5, *y), (0, 1.5), [*start, *[0] * 6], rtol=1e-11, atol=1e-13)
    y = run.y[:, -1].reshape(3, 3)

    def exact(damping):
        def motion(time, r):
            return np.linalg.solve(np.eye(3) + damping * np.cross(r, np.eye(3)).T,
                                   np.cross(r, [np.cos(2 * time), 0.5, 1]))
        return solve_ivp(motion, (0, 1.5), start, rtol=1e-12, atol=1e-14).y[:, -1]

    plus, none, minus = (exact(damping) for damping in (0.005, 0.0, -0.005))
    assert np.abs(y[0] - none).max() < 1e-9
    assert np.abs(y[1] - (plus - minus) / 0.01).max() < 1e-4
    assert np.abs(y[2] - (plus - 2 * none + minus) / 0.005**2 / 2).max() < 1e-3
    assert np.abs(y[1]).max() > 0.1


def test_laws_whose_orders_do_not_commute_say_so():
    plain = q.Model(DIMER.space, TERMS)
    for components, parameter in ((q.ClassicalLLG(kappa).derive(plain).moments(), kappa),
                                  (q.Dephasing(a).derive(plain).pauli(), a)):
        with pytest.raises(q.DerivationError, match=r"commutes with order 0, but here it does not; use variations\(\)"):
            components.series(parameter, 1, solution=True)
        assert len(components.variations(parameter, 1)) == 2
    driven = q.QuantumLLG(kappa).derive(q.Model(q.Space("1/2"), [q.Zeeman((0, 0, sp.sin(q.t)))])).pauli()
    with pytest.raises(q.DerivationError, match="constant in time"):
        driven.series(kappa, 1, solution=True)
    with pytest.raises(q.InputError, match="`solution` must be left out"):
        driven.series("t", 1, start={}, solution=True)
    with pytest.raises(q.InputError, match="but is Q"):
        driven.variations("Q", 1)
