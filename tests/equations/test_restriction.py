"""Restricted components are combinations of the full residual on the states of their map, by dense matrices."""

import pickle

import numpy as np
import pytest
import sympy as sp

import oracle
import qllg_sym as q
from qllg_sym.equations.restriction import restrict

B, J, KAPPA, A = sp.symbols("B J kappa a", real=True)
VALUES = {B: 0.3, J: 0.8, KAPPA: 0.6, A: 0.4}
SPACE = q.Space.half(2)
MODEL = q.Model(SPACE, [q.Zeeman((B, 0, 0)), q.Exchange(J, 0, 1)], hbar=2)
LAWS = [q.QuantumLLG(KAPPA), q.QuantumLL(KAPPA), q.VonNeumann(), q.Dephasing(KAPPA)]
LETTERS = {"0": 0, "x": 1, "y": 2, "z": 3}


def symmetric(law, model=MODEL):
    """The nine equations of states that the exchange of the two spins leaves alone."""
    full = law.derive(model).pauli()
    named = {s.name: s for s in (*full.states, *full.velocities)}
    mates = {s: named[f"T_{s.name[3]}{s.name[2]}"] for s in full.states}
    states = [s for s in full.states if full.states.index(s) <= full.states.index(mates[s])]
    return restrict(full, states, [named["d" + s.name] for s in states],
                      {s: s if s in states else mates[s] for s in full.states},
                      [s if s == mates[s] else (s + mates[s]) / 2 for s in states])


def dense(comp, values):
    """Σ y A/4 of states, then of velocities, through the map."""
    basis, moving = [a for _, a in oracle.pauli_strings(2)], dict(zip(comp.states, comp.velocities, strict=True))
    rest = dict.fromkeys(comp.states, 0)
    full = [comp.map[s] for s in comp.source.states]
    velocities = [(e - e.xreplace(rest)).xreplace(moving) for e in full]
    return [sum(c * a for c, a in zip(oracle.numbers(es, values), basis, strict=True)) / 4 for es in (full, velocities)]


def some_values(comp):
    generator = np.random.default_rng(3)
    symbols = (*comp.states, *comp.velocities)
    return {**VALUES, **dict(zip(symbols, generator.normal(size=len(symbols)) / 3, strict=True))}


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.kind)
def test_residual_is_the_projection_of_the_dense_one(law):
    comp = symmetric(law)
    values = some_values(comp)
    rho, drho = dense(comp, values)
    full = oracle.coordinates([a for _, a in oracle.pauli_strings(2)],
                              oracle.residual(law, MODEL, np.eye(4) / 4 + rho, drho, values))
    expected = oracle.numbers(comp.projection, {**VALUES, **dict(zip(comp.source.states, full, strict=True))})
    assert len(comp.states) == 9
    assert oracle.numbers(comp.residual, values) == pytest.approx(expected, abs=1e-13)
    assert not np.allclose(oracle.numbers(comp.residual, values), 0)


@pytest.mark.parametrize("target", ["numpy", "auto", "mpmath"])
@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.kind)
def test_right_hand_sides_agree_with_the_full_ones(law, target):
    comp = symmetric(law)
    numbers = {s.name: VALUES[s] for s in comp.parameters}
    y = np.random.default_rng(1).normal(size=(2, 9)) / 5
    rhs, full = comp.compile(target).bind(numbers), comp.source.compile("numpy").bind(numbers)
    place = [comp.source.states.index(s) for s in comp.states]
    lifted = np.array([oracle.numbers(comp.map.values(), dict(zip(comp.states, row, strict=True))) for row in y])
    expected = np.array([full(0, row)[place] for row in lifted])
    assert rhs.batch(y).astype(float) == pytest.approx(expected, abs=1e-14)
    step = 1e-6 * np.eye(9)
    difference = np.array([rhs(0, y[0] + h) - rhs(0, y[0] - h) for h in step], dtype=float).T / 2e-6
    assert np.array(rhs.jac(0, y[0]), dtype=float) == pytest.approx(difference, abs=1e-8)


def test_two_level_form_holds_on_pure_states():
    comp = symmetric(q.QuantumLLG(KAPPA))
    rho = np.outer(ket := np.array([1, 0.5, 0.5, 0.2j]) / np.sqrt(1.54), ket.conj())
    y = oracle.coordinates([a for _, a in oracle.pauli_strings(2)], rho)[
        [comp.source.states.index(s) for s in comp.states]]
    numbers = {s.name: VALUES[s] for s in comp.parameters}
    pure = comp.compile("numpy", form="two-level").bind(numbers, gap=1)
    assert pure(0, y) == pytest.approx(comp.compile("numpy").bind(numbers)(0, y), abs=1e-14)
    known = {**VALUES, **dict(zip(comp.states, y, strict=True)), q.gap: 1}
    assert oracle.numbers(comp.two_level(), known) == pytest.approx(pure(0, y), abs=1e-14)
    assert not np.allclose(comp.compile("numpy", form="two-level").bind(numbers, gap=0.5)(0, y), pure(0, y))


def test_affine_maps_with_parameters_and_two_after_one_another():
    first = symmetric(q.QuantumLLG(KAPPA))
    x, z, xx = (first.states[[s.name for s in first.states].index(n)] for n in ("T_0x", "T_0z", "T_xx"))
    velocity = dict(zip(first.states, first.velocities, strict=True))
    inner = {**dict.fromkeys(first.states, 0), x: x, z: A * x + sp.Rational(1, 3), xx: x - B}
    comp = restrict(first, [x], [velocity[x]], inner, [2 * x - A * z])
    assert A in comp.parameters
    assert comp.kind == "restricted pauli"
    values = some_values(comp)
    rho, drho = dense(comp, values)
    full = oracle.coordinates([a for _, a in oracle.pauli_strings(2)],
                              oracle.residual(comp.equation.law, MODEL, np.eye(4) / 4 + rho, drho, values))
    at = dict(zip([s.name for s in comp.source.states], full, strict=True))
    expected = at["T_0x"] + at["T_x0"] - VALUES[A] * (at["T_0z"] + at["T_z0"]) / 2
    assert oracle.numbers(comp.residual, values) == pytest.approx([expected], abs=1e-14)


def test_moments_can_be_restricted():
    full = q.ClassicalLLG(KAPPA).derive(q.Model(q.Space("1/2"), [q.Zeeman((0, 0, B))])).moments()
    x, y, z = full.states
    comp = restrict(full, [x, y], full.velocities[:2], {x: x, y: y, z: 0})
    assert comp.residual == tuple(e.xreplace({z: 0, full.velocities[2]: 0}) for e in full.residual[:2])
    with pytest.raises(q.DerivationError, match="quantum law"):
        comp.two_level()


def test_it_travels_and_prints():
    comp = symmetric(q.QuantumLLG(KAPPA), q.Model(SPACE, [q.Exchange((J - B) * (J + B), 0, 1), q.Zeeman((0.5, 0, 0))]))
    _ = comp.residual, comp.written.polynomials         # what is computed on the way must not hinder
    again = pickle.loads(pickle.dumps(comp))
    assert again == comp
    assert again.residual == comp.residual
    assert pickle.loads(pickle.dumps(comp.compile("numpy").bind(J=1, B=1, kappa=1)))(0, np.ones(9)).shape == (9,)
    assert repr(comp).startswith("<Components: 9 restricted pauli equations of q-llg")
    assert comp.text().count("'_") > 9
    assert comp.latex().count(r"\\") >= 8
    assert comp.mathml().count("<mtr>") >= 9


def test_coefficients_are_rounded_as_the_user_wrote_them():
    comp = symmetric(q.VonNeumann(), q.Model(SPACE, [q.Zeeman(((J - B) * (J + B), 0, 0))]))
    y, j, b = np.linspace(0.1, 0.9, 9), 1e8 + 1, 1e8
    rate = comp.compile("numpy").bind(J=j, B=b)(0, y)[1]
    assert rate == (j - b) * (j + b) * y[2]
    assert rate != (j**2 - b**2) * y[2]


@pytest.mark.parametrize(("embedding", "why"), [
    (lambda x, y, z: {x: x, y: y}, "z is left out"), (lambda x, y, z: {x: x, y: y, z: x**2}, "affine"),
    (lambda x, y, z: {x: x, y: y, z: q.t}, "affine"), (lambda x, y, z: {x: x, y: y, z: 1 / y}, "affine"),
    (lambda x, y, z: {x: x, J: 1}, "full states")])
def test_maps_that_are_none_are_refused(embedding, why):
    full = q.QuantumLLG(KAPPA).derive(q.Model(q.Space("1/2"), [q.Zeeman((0, 0, B))])).pauli()
    with pytest.raises((q.InputError, q.DerivationError), match=why):
        _ = restrict(full, full.states[:2], full.velocities[:2], embedding(*full.states)).residual


def test_what_is_left_out_is_no_polynomial():
    full = q.VonNeumann().derive(q.Model(q.Space("1/2"), [q.Zeeman((0, 0, B))])).pauli()
    comp = restrict(full, full.states[:2], full.velocities[:2], {s: s for s in full.states[:2]})
    assert [p is None for p in comp.full_residual] == [False, False, True]
    assert comp.residual == full.residual[:2]
