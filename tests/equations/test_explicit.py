"""Explicit forms against the dense solution of the implicit law."""

import numpy as np
import pytest
import sympy as sp
from hypothesis import assume, given
from hypothesis import strategies as st

import oracle
import qllg_sym as q
import strategies

KAPPA = strategies.KAPPA
B = sp.symbols("B_x B_y B_z", real=True)
J, D = sp.symbols("J D", real=True)
SPACES = tuple(s for s in strategies.SPACES if q.Space(*s).dimension <= 4)
LAWS = [q.VonNeumann(), q.QuantumLL(KAPPA), q.QuantumLLG(KAPPA), q.QuantumLLG(KAPPA / 2 - 1), q.QuantumLL(sp.sqrt(3)),
        q.QuantumLLG(1 / strategies.POSITIVE), q.QuantumLLG(1 / (1 + strategies.POSITIVE))]


def basis_of(comp):
    return [np.array(a.tolist(), dtype=complex) for a in comp.basis]


def two_level_at(comp, basis, rho, gap, values):
    return evaluate(comp, comp.two_level(), basis, rho, {**values, q.gap: gap})


def evaluate(comp, expressions, basis, rho, values):
    state = dict(zip(comp.states, oracle.coordinates(basis, rho), strict=True))
    return oracle.numbers(expressions, {**values, **state})


@given(data=st.data())
def test_two_level_is_the_dense_solution(data):
    """Pure states, Werner states and their kin, on every space and Hamiltonian."""
    model, law = data.draw(strategies.models(SPACES)), data.draw(st.sampled_from(LAWS))
    values = data.draw(strategies.values())
    rho, gap = data.draw(strategies.two_level(model.space.dimension))
    comp = law.derive(model).coefficients()
    basis = basis_of(comp)
    expected = oracle.coordinates(basis, oracle.velocity(law, model, rho, values))
    found = two_level_at(comp, basis, rho, gap, values)
    assert found == pytest.approx(expected, abs=1e-10 * max(1, np.abs(expected).max()))


@pytest.mark.parametrize("law", [q.QuantumLL(0.7), q.QuantumLLG(0.7)], ids=lambda law: law.kind)
@given(data=st.data())
def test_two_level_holds_for_every_qubit(law, data):
    model = q.Model(q.Space("1/2"), [q.Zeeman((0.3, -1, 2))])
    rho = data.draw(strategies.density(2))
    comp = law.derive(model).pauli()
    basis = basis_of(comp)
    gap = np.ptp(np.linalg.eigvalsh(rho))
    expected = oracle.coordinates(basis, oracle.velocity(law, model, rho, {}))
    assert two_level_at(comp, basis, rho, gap, {}) == pytest.approx(expected, abs=1e-12)


DIMER = q.Model(q.Space("1/2", "1/2"), [q.Zeeman((1, 0.5, -0.3)), q.Exchange(1, 0, 1), q.DMI((0, 0, 0.4), 0, 1)])


@pytest.mark.parametrize("p", [1.0, 0.9, 0.6, 0.2])
def test_two_level_of_werner_states(p):
    comp = q.QuantumLLG(0.5).derive(DIMER).pauli()
    psi = np.array([0, 1, 1, 0]) / np.sqrt(2)
    rho = (1 - p) / 4 * np.eye(4) + p * np.outer(psi, psi)
    basis = [a for _, a in oracle.pauli_strings(2)]
    expected = oracle.coordinates(basis, oracle.velocity(q.QuantumLLG(0.5), DIMER, rho, {}))
    assert two_level_at(comp, basis, rho, p, {}) == pytest.approx(expected, abs=1e-13)
    assert not np.allclose(two_level_at(comp, basis, rho, 0.5 * p, {}), expected, atol=1e-4)


GENERIC, TWIN = (law.derive(DIMER).pauli() for law in (q.QuantumLLG(2), q.QuantumLL(2)))
EXPLICIT, EXPLICIT_TWIN = GENERIC.two_level(), TWIN.two_level()


@given(data=st.data())
def test_two_level_fails_for_generic_states_whatever_the_gap(data):
    """The broken twin: with more than two eigenvalues no gap fits q-LLG, as a scan shows; q-LL has no gap in it."""
    rho = data.draw(strategies.density(4))
    spectrum = np.linalg.eigvalsh(rho)
    assume(np.diff(spectrum).min() > 0.02)
    basis = [a for _, a in oracle.pauli_strings(2)]
    expected = oracle.coordinates(basis, oracle.velocity(q.QuantumLLG(2), DIMER, rho, {}))
    found = [evaluate(GENERIC, EXPLICIT, basis, rho, {q.gap: g}) for g in np.linspace(0, 1, 9)]
    assert min(np.abs(x - expected).max() for x in found) > 1e-5
    expected = oracle.coordinates(basis, oracle.velocity(q.QuantumLL(2), DIMER, rho, {}))
    assert evaluate(TWIN, EXPLICIT_TWIN, basis, rho, {}) == pytest.approx(expected, abs=1e-11)


def test_two_level_of_a_pure_dimer_by_hand():
    """For gap = 1, dT_x0/dt from |↑↓⟩ in a field along x is that of r1x = sinh(2qBt)/(cosh(2qBt) + e^{8qJt}).

    The closed form stands here a second time on purpose.
    """
    model = q.Model(q.Space("1/2", "1/2"), [q.Zeeman((B[0], 0, 0)), q.Exchange(J, 0, 1)])
    comp = q.QuantumLLG(KAPPA).derive(model).pauli()
    start = dict.fromkeys(comp.states, 0)
    names = {s.name: s for s in comp.states}
    start |= {names["T_z0"]: 1, names["T_0z"]: -1, names["T_zz"]: -1, q.gap: 1}
    slope = dict(zip((s.name for s in comp.states), comp.two_level(), strict=True))["T_x0"].subs(start)
    rate = KAPPA / (1 + KAPPA**2)
    closed = sp.sinh(2 * rate * B[0] * q.t) / (sp.cosh(2 * rate * B[0] * q.t) + sp.exp(8 * rate * J * q.t))
    assert sp.cancel(slope - closed.diff(q.t).subs(q.t, 0)) == 0
    assert sp.cancel(slope + closed.diff(q.t).subs(q.t, 0)) != 0


def test_weight_is_the_printed_one():
    equation = q.QuantumLLG(KAPPA).derive(DIMER)
    re, im = equation.weight()
    w = 1 / (1 - sp.I * KAPPA * q.gap)
    assert sp.cancel(sp.expand_complex(re + sp.I * im - w)) == 0
    re, im = q.QuantumLL(KAPPA).derive(DIMER).weight()
    assert (re, sp.expand(im)) == (1, KAPPA * q.gap)
    assert q.VonNeumann().derive(DIMER).weight() == (1, 0)


@strategies.examples(40)
@given(data=st.data())
def test_weight_is_the_dense_solution_in_the_eigenbasis(data):
    """ρ̇_jk = (i/ħ) Δ_jk W(Δ_jk) H_jk, for every spectrum."""
    model, law = data.draw(strategies.models(SPACES)), data.draw(st.sampled_from(LAWS))
    values = data.draw(strategies.values())
    rho = data.draw(strategies.density(model.space.dimension))
    p, v = np.linalg.eigh(rho)
    h = v.conj().T @ oracle.hamiltonian(model, values) @ v / oracle.number(model.hbar, values)
    re, im = law.derive(model).weight()
    gaps = p[:, None] - p[None, :]
    points = [{**values, q.gap: x} for x in gaps.ravel()]
    weights = np.array([oracle.number(re, x) + 1j * oracle.number(im, x) for x in points]).reshape(gaps.shape)
    expected = v.conj().T @ oracle.velocity(law, model, rho, values) @ v
    assert 1j * gaps * weights * h == pytest.approx(expected, abs=1e-10 * max(1, np.abs(expected).max()))
