"""PRL 4: one spin s, for every s at once."""

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

import oracle
import qllg_sym as q
import strategies

S = sp.Symbol("s", positive=True)
HBAR = sp.Symbol("hbar", positive=True)
GAMMA, KAPPA = sp.symbols("gamma kappa", real=True)
B = sp.symbols("B_x B_y B_z", real=True)
FIELD = sp.Matrix(B)
SPINS = [sp.Rational(k, 2) for k in range(1, 6)]


def model(s, **units):
    return q.Model(q.Space(s), [q.Zeeman(B)], **units)


def vectors(comp):
    return sp.Matrix(comp.states), sp.Matrix(comp.velocities)


def test_prl_8():
    comp = q.QuantumLLG(KAPPA).derive(model(S, hbar=HBAR, gamma=GAMMA)).eta()
    eta, deta = vectors(comp)
    expected = deta - GAMMA * eta.cross(FIELD) + KAPPA * HBAR / (2 * S + 1) * eta.cross(deta)
    found = sp.Matrix(comp.residual)
    assert (found - expected).applyfunc(sp.cancel) == sp.zeros(3, 1)
    assert (found - expected.xreplace({KAPPA: -KAPPA})).applyfunc(sp.cancel) != sp.zeros(3, 1)
    assert [v.name for v in comp.states] == ["eta_x", "eta_y", "eta_z"]
    assert [v.name for v in comp.velocities] == ["deta_x", "deta_y", "deta_z"]
    assert comp.parameters == (*B, GAMMA, HBAR, KAPPA, S)


def test_landau_lifshitz_form():
    comp = q.QuantumLL(KAPPA).derive(model(S, hbar=HBAR, gamma=GAMMA)).eta()
    eta, deta = vectors(comp)
    torque = GAMMA * eta.cross(FIELD)
    expected = deta - torque + KAPPA * HBAR / (2 * S + 1) * eta.cross(torque)
    assert (sp.Matrix(comp.residual) - expected).applyfunc(sp.cancel) == sp.zeros(3, 1)


def test_dephasing_shrinks_the_transverse_part():
    comp = q.Dephasing(KAPPA).derive(model(S, hbar=HBAR, gamma=GAMMA)).eta()
    eta, deta = vectors(comp)
    loss = KAPPA * HBAR**2 / 2 * sp.Matrix([eta[0], eta[1], 0])
    assert (sp.Matrix(comp.residual) - deta + GAMMA * eta.cross(FIELD) - loss).applyfunc(sp.cancel) == sp.zeros(3, 1)


@pytest.mark.parametrize("s", SPINS, ids=str)
@pytest.mark.parametrize("law", [q.VonNeumann(), q.QuantumLL(KAPPA), q.QuantumLLG(KAPPA), q.Dephasing(KAPPA)],
                         ids=lambda law: law.kind)
def test_symbolic_spin_becomes_every_spin(law, s):
    symbolic = law.derive(model(S, hbar=HBAR, gamma=GAMMA)).eta()
    numeric = law.derive(model(s, hbar=HBAR, gamma=GAMMA)).eta()
    for view in ("residual", "mass", "forcing"):
        found = [sp.expand(e.subs(S, s)) for e in getattr(symbolic, view)]
        assert found == list(getattr(numeric, view))
    if law.kind in ("q-ll", "q-llg"):
        assert [sp.expand(e.subs(S, s + 1)) for e in symbolic.residual] != list(numeric.residual)


def test_jacobian_of_prl_8():
    """∂/∂η of −γ η × B + κħ/(2s + 1) η × η̇ is a cross product: antisymmetric in its indices."""
    comp = q.QuantumLLG(KAPPA).derive(model(S, hbar=HBAR, gamma=GAMMA)).eta()
    _, deta = vectors(comp)
    w = -GAMMA * FIELD + KAPPA * HBAR / (2 * S + 1) * deta
    expected = sp.Matrix([[0, w[2], -w[1]], [-w[2], 0, w[0]], [w[1], -w[0], 0]])
    assert (sp.Matrix(comp.jacobian) - expected).applyfunc(sp.cancel) == sp.zeros(3, 3)


@pytest.mark.parametrize("s", SPINS, ids=str)
@given(data=st.data())
def test_eta_is_the_dense_residual(s, data):
    law, values = data.draw(strategies.quantum_laws()), data.draw(strategies.values())
    field, hbar = data.draw(strategies.vectors()), data.draw(st.sampled_from([1, 0.5, strategies.POSITIVE]))
    system = q.Model(q.Space(s), [q.Zeeman(field)], hbar=hbar, gamma=0.75)
    comp = law.derive(system).eta()
    rng = np.random.default_rng(data.draw(strategies.seeds))
    eta, deta = rng.normal(size=(2, 3))
    spin, h = oracle.spin_matrices(s), oracle.number(system.hbar, values)
    d = len(spin[0])
    rho = (np.eye(d) + h * sum(n * op for n, op in zip(eta, spin, strict=True))) / d
    drho = h / d * sum(n * op for n, op in zip(deta, spin, strict=True))
    expected = oracle.residual(law, system, rho, drho, values)
    values |= dict(zip((*comp.states, *comp.velocities), (*eta, *deta), strict=True))
    found = h / d * sum(n * op for n, op in zip(oracle.numbers(comp.residual, values), spin, strict=True))
    assert found == pytest.approx(expected, abs=1e-11 * max(1, np.abs(expected).max()))


@pytest.mark.parametrize("s", [S, sp.Rational(1, 2), sp.Integer(2)], ids=str)
@pytest.mark.parametrize("kind", ["q-ll", "q-llg"])
def test_two_level_solves_the_law_when_gap_is_the_length_of_eta(s, kind):
    """The gap of ad_ρ on PRL 4 is ħ|η|/(2s + 1)."""
    law = q.QuantumLLG(KAPPA) if kind == "q-llg" else q.QuantumLL(KAPPA)
    comp = law.derive(model(s, hbar=HBAR, gamma=GAMMA)).eta()
    eta, _ = vectors(comp)
    square = HBAR**2 * eta.dot(eta) / (2 * s + 1)**2
    point = dict(zip(comp.velocities, comp.two_level(), strict=True))
    for equation in comp.residual:
        value = sp.together(equation.xreplace(point))
        assert q.gap in value.free_symbols or kind == "q-ll"
        assert sp.cancel(value.subs(q.gap, sp.sqrt(square))) == 0
        if kind == "q-llg":
            assert sp.cancel(value.subs(q.gap, 2 * sp.sqrt(square))) != 0


NOT_LINEAR = [q.Anisotropy(np.diag([0, 0, 1]), 0), q.Operator(np.diag([1, 0, 1]))]


@pytest.mark.parametrize("term", NOT_LINEAR, ids=lambda term: term.kind)
@pytest.mark.parametrize("law", [q.VonNeumann(), q.QuantumLLG(1)], ids=lambda law: law.kind)
def test_refused_where_prl_4_does_not_close(law, term):
    system = q.Model(q.Space("1"), [q.Zeeman((0, 0, 1)), term])
    with pytest.raises(q.DerivationError, match=r"PRL 4 closes.*use `coefficients\(\)`"):
        law.derive(system).eta()
    assert law.derive(system).coefficients().residual


def test_anisotropy_of_any_spin_is_refused():
    with pytest.raises(q.DerivationError, match="PRL 4 closes"):
        q.QuantumLLG(1).derive(q.Model(q.Space(S), [q.Anisotropy(np.diag([0, 0, 1]), 0)])).eta()


def test_what_is_linear_in_disguise_is_accepted():
    """S·1·S is a constant, an Operator may be S_z, and every operator of a spin ½ is linear."""
    free = q.VonNeumann().derive(q.Model(q.Space("1"))).eta().residual
    assert q.VonNeumann().derive(q.Model(q.Space("1"), [q.Anisotropy(np.eye(3), 0)])).eta().residual == free
    zeeman = q.QuantumLLG(1).derive(q.Model(q.Space("1"), [q.Zeeman((0, 0, 2))])).eta()
    matrix = q.QuantumLLG(1).derive(q.Model(q.Space("1"), [q.Operator(np.diag([-2, 0, 2]))])).eta()
    assert matrix.residual == zeeman.residual
    half = q.QuantumLLG(1).derive(q.Model(q.Space("1/2"), [q.Operator([[1, 2 - 1j], [2 + 1j, 3]])])).eta()
    assert half.residual == q.QuantumLLG(1).derive(q.Model(q.Space("1/2"), [q.Zeeman((-4, -2, 2))])).eta().residual


def test_bloch_vector_of_a_spin_half_is_half_of_eta():
    """r = (ħ/2) η: the Pauli components are PRL 8 with κħ/(2s + 1) η = κ r."""
    equation = q.QuantumLLG(KAPPA).derive(model("1/2"))
    pauli, eta = equation.pauli(), equation.eta()
    scaled = {s: 2 * r for s, r in zip((*eta.states, *eta.velocities), (*pauli.states, *pauli.velocities), strict=True)}
    assert [sp.expand(e.xreplace(scaled) / 2) for e in eta.residual] == list(pauli.residual)
