"""Dimensionless models: explicit matrices, motion in the new units, dimensions found, and refusals."""

import pickle

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

import oracle
import qllg_sym as q
import strategies
from qllg_sym.analysis.dimensions import ENERGY, FIELD, NUMBER, TIME, Dimensions

J, D, B, K, w, a, kappa = sp.symbols("J D B K w a kappa", real=True)
h, g = sp.symbols("h g", positive=True)
TWO = q.Space("1/2", "1/2")
DIMER = q.Model(TWO, [q.Exchange(J, 0, 1), q.DMI((0, D, D / 2), 0, 1), q.Zeeman((B, 0, 0))], hbar=h, gamma=g)
ENERGIES = st.sampled_from([sp.Symbol("J", real=True), 2.5, 3 * sp.Symbol("D", real=True),
                            sp.sqrt(sp.Symbol("J", real=True)**2 + 1)])


def values_of(scaled, values):
    """Values of the scaled model's parameters and of τ, from those of the source, by the meaning of the ratios."""
    meaning = {**{p: p for p in scaled.parameters}, **dict(scaled.ratios)}
    found = {p: oracle.number(m, values) for p, m in meaning.items() if p in scaled.parameters}
    return {**found, q.t: values[q.t] / oracle.number(scaled.time, values)}


@strategies.examples(40)
@given(strategies.models(), ENERGIES, strategies.values())
def test_it_is_the_hamiltonian_over_the_energy_at_the_scaled_time(model, energy, values):
    values = {key: abs(value) + sp.Rational(1, 3) if key != q.t else value for key, value in values.items()}
    scaled, size = model.scaled(energy=energy), oracle.number(sp.nsimplify(energy), values)
    assert isinstance(scaled, q.Model)
    assert (scaled.hbar, scaled.gamma, scaled.source) == (1, 1, model)
    expected = oracle.hamiltonian(model, values) / size
    found = oracle.hamiltonian(scaled, values_of(scaled, values))
    assert np.allclose(found, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("law", [q.QuantumLLG(kappa), q.QuantumLL(kappa), q.VonNeumann()])
def test_the_residual_is_the_same_in_the_new_units(law):
    """R'(y, T v) = T R(y, v): exactly, so that y(t) solves the one where y(t/T) solves the other."""
    scaled = DIMER.scaled(energy=J)
    one, two = law.derive(DIMER).pauli(), law.derive(scaled).pauli()
    faster = {v: scaled.time * v for v in one.velocities}
    for left, right in zip(two.residual, one.residual, strict=True):
        assert sp.cancel(scaled.back(left).xreplace(faster) - scaled.time * right) == 0
    twin = {v: v / scaled.time for v in one.velocities}                             # the broken twin
    assert sp.cancel(scaled.back(two.residual[0]).xreplace(twin) - scaled.time * one.residual[0]) != 0


def test_a_solution_is_the_same_at_the_scaled_time():
    model = q.Model(TWO, [q.Exchange(J, 0, 1), q.Zeeman((B * sp.cos(w * q.t), 0, B), g=2)], hbar=0.65, gamma=1.7)
    scaled, values = model.scaled(energy=J), {"J": 2.5, "B": 0.8, "w": 1.3, "kappa": 0.4}
    times, unit = np.array([0, 0.5, 2.0]), float(scaled.time.subs({J: 2.5}))
    law, start = q.QuantumLLG(kappa), q.states.product("up", "+x")
    one = q.solve(model, law, start, times, values=values)
    two = q.solve(scaled, law, start, times / unit, values=scaled.values(values))
    assert np.abs(one.pauli - two.pauli).max() < 1e-8
    assert np.allclose(one.energy, 2.5 * two.energy, atol=1e-8)


def test_a_model_with_units_keeps_its_g_factor():
    model = q.Model(TWO, [q.Exchange(J, 0, 1), q.Zeeman((0, 0, B))], units=q.Units("meV", "ps"))
    values = {J: 0.2, B: 1.5}
    found = oracle.hamiltonian(model.scaled(energy=J), values_of(model.scaled(energy=J), {**values, q.t: 0}))
    assert np.allclose(found, oracle.hamiltonian(model, values) / 0.2, atol=1e-12)
    assert model.scaled(energy=J).terms[1].g == 2
    assert model.subs({J: 1}).units == model.units


def test_names_units_and_the_way_back():
    scaled = DIMER.scaled(energy="J")
    assert [(str(p), m) for p, m in scaled.ratios] == [("B_J", B * g * h / J), ("D_J", D / J)]
    assert (scaled.time, scaled.field, scaled.parameters) == (h / J, J / (g * h), tuple(p for p, _ in scaled.ratios))
    assert scaled.back(scaled.terms[1].D[2] + q.t) == D / (2 * J) + q.t * J / h
    assert scaled.values({"J": 2, "D": 3, B: 1, "h": 1, "g": 4, "kappa": 0.5}) == {
        "D_J": sp.Rational(3, 2), "B_J": 2, "kappa": 0.5}
    assert "D_J = D/J" in scaled.describe()
    assert pickle.loads(pickle.dumps(scaled)) == scaled
    assert scaled != DIMER
    assert type(scaled.subs({"D_J": 0})) is q.Model
    taken = q.Model(TWO, [q.Exchange(J, 0, 1), q.Exchange(D + sp.Symbol("D_J", real=True), 0, 1)]).scaled(energy=J)
    assert sorted(map(str, taken.parameters)) == ["D_J_J", "D_per_J"]
    assert [str(p) for p in q.Model(TWO, [q.Exchange(sp.Symbol("T", real=True) + sp.Symbol("x", real=True), 0, 1)])
            .scaled(energy="x").parameters] == ["T_per_x"]


def test_every_form_keeps_its_shape():
    spin = q.Space("1", "1")
    S0, S1 = spin.spin(0), spin.spin(1)
    model = q.Model(spin, [J * S0.dot(S1), q.Stevens({(2, 0): B}, 1), q.ZeroField(D, 0, E=K),
                           q.Bilinear((J - K)**6 / J**5, 0, 1), q.Zeeman((0, 0, a), sites=[1], g=K / J)])
    found = model.scaled(energy=J)
    b, d, k, f = (sp.Symbol(f"{x}_J", real=True) for x in "BDKa")
    assert found.terms == q.Model(spin, [S0.dot(S1), q.Stevens({(2, 0): b}, 1), q.ZeroField(d, 0, E=k), q.Bilinear(
        (1 - k)**6, 0, 1), q.Zeeman((0, 0, f), sites=[1], g=k)]).terms
    matrix = q.Model(q.Space("1/2"), [q.Operator([[J, 2j], [-2j, B]])]).scaled(energy=J).terms[0]
    assert matrix.rows == ((1, 2 * sp.I / J), (-2 * sp.I / J, b))


@pytest.mark.parametrize(("expression", "what", "of"), [
    (J**2 / D, ENERGY, {}), (sp.sqrt(J**2 + D**2), ENERGY, {D: ENERGY}), (sp.Abs(D), ENERGY, {D: ENERGY}),
    (J * sp.cos(w * q.t + a), ENERGY, {w: (0, -1, 0), a: NUMBER}), (sp.exp(-D / J), NUMBER, {D: ENERGY}),
    (D * q.t, ENERGY, {D: (1, -1, 0)}), (1 / (J + D), (-1, 0, 0), {D: ENERGY}), (B, FIELD, {B: FIELD}),
    (1 / (a + q.t), NUMBER, None), (J + 1, ENERGY, None), (J, TIME, None), (sp.Max(J, 1), ENERGY, None),
    (sp.Piecewise((J, q.t > 1), (0, True)), ENERGY, None), (sp.sin(q.t), NUMBER, None)])
def test_dimensions(expression, what, of):
    known = Dimensions((False, False))
    assert known.require(J, ENERGY)
    assert known.require(expression, what) == (of is not None)
    for parameter, dimension in (of or {}).items():
        assert known.of(parameter) == dimension


@pytest.mark.parametrize(("energy", "message"), [
    (-J**2, "must be positive, but is -J"), (0, "must be positive, but is 0"), (sp.I, "must be real"),
    ("Q", r"must be a parameter of the model \(B, D, J, g, h\), but is 'Q'"), (q.t * J, "must be constant in time"),
    (None, "must be a number or a SymPy expression"), (sp.Symbol("z"), "not declared real"),
    (float("inf"), "must be a finite number")])
def test_wrong_energies_are_refused(energy, message):
    with pytest.raises(q.QllgError, match=message):
        DIMER.scaled(energy=energy)


def test_missing_numbers_are_named():
    with pytest.raises(q.InputError, match="D"):
        DIMER.scaled(energy=J).values({"J": 1, "B": 1, "h": 1, "g": 1})
