"""Sensitivities against closed forms and against differences of runs at a finer tolerance."""

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q

J, D, B, kappa, w = sp.symbols("J D B kappa w", real=True)
DIMER = q.Model(q.Space("1/2", "1/2"), [q.Zeeman((B, 0, 0)), q.Exchange(J, 0, 1), q.DMI((0, 0, D), 0, 1)])
NUMBERS = {"J": 1.0, "D": 0.6, "B": 1.0, "kappa": 0.5}
TIMES = np.linspace(0, 6, 13)


def differences(model, law, state, values, name, h=1e-5):
    """The derivative by two runs."""
    first, second = (q.solve(model, law, state, TIMES, values={**values, name: values[name] + e}, rtol=1e-12,
                             atol=1e-14).states for e in (h, -h))
    return (first - second) / (2 * h)


def mixed(d, seed):
    rng = np.random.default_rng(seed)
    a = rng.normal(size=(d, d)) + 1j * rng.normal(size=(d, d))
    return a @ a.conj().T / np.linalg.norm(a)**2


@pytest.mark.parametrize("law", [q.QuantumLLG(kappa), q.QuantumLL(kappa)])
@pytest.mark.parametrize("state", [mixed(4, 1), q.states.product("up", "down"), q.states.werner("psi-", 0.6)])
def test_they_are_differences_of_runs(law, state):
    run = q.solve(DIMER, law, state, TIMES, values=NUMBERS)
    for name in NUMBERS:
        assert run.sensitivity(name) == pytest.approx(differences(DIMER, law, state, NUMBERS, name), abs=2e-8)


def test_a_damped_spin_has_its_closed_form():
    """tan(θ/2) = tan(θ₀/2) exp(−κBt/(1 + κ²)), φ = φ₀ + Bt/(1 + κ²) up to its sense: r_z by κ and by B."""
    spin, state = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, B))]), q.states.product("+x")
    run = q.solve(spin, q.QuantumLLG(kappa), state, TIMES, values={"B": 2.0, "kappa": 0.4})
    rate = kappa * B / (1 + kappa**2)
    along = sp.tanh(rate * q.t)
    for name, symbol in (("kappa", kappa), ("B", B)):
        expected = sp.lambdify(q.t, sp.diff(along, symbol).subs({B: 2, kappa: sp.Rational(2, 5)}))(TIMES)
        found = run.sensitivity(symbol)
        assert (found[:, 0, 0] - found[:, 1, 1]).real == pytest.approx(expected, abs=1e-9)
        assert found == pytest.approx(found.conj().swapaxes(1, 2), abs=1e-13)
        assert np.trace(found, axis1=1, axis2=2) == pytest.approx(0, abs=1e-13)
        assert name == str(symbol)


def test_fields_in_time_and_three_spins():
    model = q.Model(q.Space("1", "1/2", "1/2"), [q.Zeeman((sp.cos(w * q.t), 0, B)), q.Exchange(J, 1, 2),
                                                q.Bilinear(0.3, 0, 1)])
    values = {"w": 1.3, "J": 0.7, "B": 0.4, "kappa": 0.3}
    state = mixed(12, 2)
    run = q.solve(model, q.QuantumLLG(kappa), state, TIMES, values=values)
    for name in values:
        expected = differences(model, q.QuantumLLG(kappa), state, values, name)
        assert run.sensitivity(name) == pytest.approx(expected, abs=2e-8)


def test_what_has_none_is_refused():
    run = q.solve(DIMER, q.QuantumLLG(kappa), q.states.thermal(DIMER, 1), [0, 1], values=NUMBERS)
    with pytest.raises(q.InputError, match="the state has 'J'; give the state as a density matrix"):
        run.sensitivity("J")
    assert run.sensitivity("kappa").shape == (2, 4, 4)
    with pytest.raises(q.InputError, match=r"'kapa' is none \(did you mean kappa\?\)"):
        run.sensitivity("kapa")
    with pytest.raises(q.InputError, match="but dephasing does not keep the spectrum"):
        q.solve(DIMER, q.VonNeumann() + q.Dephasing(kappa), mixed(4, 1), [0, 1], values=NUMBERS).sensitivity("kappa")
    kinked = q.Model(q.Space("1/2"), [q.Zeeman((sp.Abs(q.t - 1) * B, 0, 0))])
    with pytest.raises(q.InputError, match="but the model jumps or has kinks in time"):
        q.solve(kinked, q.QuantumLLG(0.1), q.states.product("up"), [0, 2], values={"B": 1}).sensitivity("B")
    final = q.solve(DIMER, q.QuantumLLG(kappa), mixed(4, 1), [0, 1], values=NUMBERS, keep="final")
    with pytest.raises(q.InputError, match="which need all states of a solve"):
        final.sensitivity("kappa")


def test_one_time_has_nothing_moved():
    run = q.solve(DIMER, q.QuantumLLG(kappa), mixed(4, 1), [0], values=NUMBERS)
    assert not run.sensitivity("J").any()
