"""Classical laws: components of unit moments against PRL 1 and 2 written with cross products."""

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

import oracle
import qllg_sym as q
import strategies
from qllg_sym.model.classical import effective_fields, moment_symbols

ALPHA = sp.Symbol("alpha", real=True)
J, D = sp.symbols("J D", real=True)
B = sp.symbols("B_x B_y B_z", real=True)
DIMER = q.Model(q.Space("1/2", "1/2"), [q.Zeeman(B), q.Exchange(J, 0, 1), q.DMI((0, 0, D), 0, 1)])
LAWS = {"llg": q.ClassicalLLG, "ll": q.ClassicalLL,
        "unscaled": lambda a, field: q.ClassicalLL(a, field, rescaled=False)}


def printed(kind, alpha, m, dm, field):
    """PRL 1; PRL 2 times 1 + α²; the partner of q-LL."""
    torque = np.cross(m, field)
    if kind == "llg":
        return dm - torque + alpha * np.cross(m, dm)
    return (1 + alpha**2 if kind == "ll" else 1) * dm - torque + alpha * np.cross(m, torque)


def test_names_and_order():
    comp = q.ClassicalLLG(ALPHA).derive(DIMER).moments()
    assert [s.name for s in comp.states] == ["m0_x", "m0_y", "m0_z", "m1_x", "m1_y", "m1_z"]
    assert [s.name for s in comp.velocities] == ["dm0_x", "dm0_y", "dm0_z", "dm1_x", "dm1_y", "dm1_z"]
    assert comp.parameters == (*B, D, J, ALPHA)
    assert comp.states == moment_symbols(2)
    assert comp.kind == "moments"


@pytest.mark.parametrize("kind", LAWS)
@pytest.mark.parametrize("field", ["paper", "mean"])
@given(data=st.data())
def test_dimer_is_the_printed_law(kind, field, data):
    comp = LAWS[kind](ALPHA, field).derive(DIMER).moments()
    m, dm = data.draw(strategies.unit_moments(2)), data.draw(strategies.unit_moments(2))
    j, d, alpha, *b = (float(data.draw(strategies.rationals())) for _ in range(6))
    factor = 1 if field == "paper" else 2
    first = b - factor * j * m[1] + factor * d * np.array([-m[1, 1], m[1, 0], 0])
    second = b - factor * j * m[0] + factor * d * np.array([m[0, 1], -m[0, 0], 0])
    values = {J: j, D: d, ALPHA: alpha, **dict(zip(B, b, strict=True)),
              **dict(zip((*comp.states, *comp.velocities), (*m.ravel(), *dm.ravel()), strict=True))}
    expected = np.concatenate([printed(kind, alpha, m[i], dm[i], x) for i, x in enumerate((first, second))])
    assert oracle.numbers(comp.residual, values) == pytest.approx(expected, abs=1e-12 * max(1, np.abs(expected).max()))


@given(data=st.data())
def test_every_term_under_every_classical_law(data):
    """γ_g B from the mean field (checked in tests/model) enters as PRL 1 and 2 say; ħ and γ_g of any value."""
    spaces = tuple(s for s in strategies.SPACES if q.Space(*s).dimension <= 4)
    model, kind = data.draw(strategies.models(spaces)), data.draw(st.sampled_from(sorted(LAWS)))
    comp = LAWS[kind](ALPHA, "mean").derive(model).moments()
    n = model.space.sites
    m, dm = data.draw(strategies.unit_moments(n)), data.draw(strategies.unit_moments(n))
    values = {**data.draw(strategies.values()), ALPHA: 0.7,
              **dict(zip((*comp.states, *comp.velocities), (*m.ravel(), *dm.ravel()), strict=True))}
    fields = [oracle.numbers([b.as_expr() for b in found], values) for found in effective_fields(model, "mean")]
    expected = np.concatenate([printed(kind, 0.7, m[i], dm[i], fields[i]) for i in range(n)])
    assert oracle.numbers(comp.residual, values) == pytest.approx(expected, abs=1e-11 * max(1, np.abs(expected).max()))
    assert all(not e.atoms(sp.Float) for e in comp.residual)


@pytest.mark.parametrize("kind", LAWS)
def test_mass_and_forcing_are_views(kind):
    comp = LAWS[kind](ALPHA, "paper").derive(DIMER).moments()
    assert (comp.mass * sp.Matrix(comp.velocities) - comp.forcing).expand() == sp.Matrix(comp.residual)
    assert (comp.mass.has(*comp.states)) == (kind == "llg")


@pytest.mark.parametrize("kind", LAWS)
def test_jacobian_is_the_derivative_by_the_states(kind):
    comp = LAWS[kind](ALPHA, "paper").derive(DIMER).moments()
    assert comp.jacobian == sp.Matrix(comp.residual).jacobian(comp.states).expand()


def test_prl_1_and_prl_2_are_one_law_for_unit_moments():
    """Solving LLG for ṁ gives LL with γ/(1 + α²) when |m| = 1; the partner of q-LL is faster by 1 + α²."""
    llg, ll, partner = (LAWS[k](ALPHA, "paper").derive(DIMER).moments() for k in ("llg", "ll", "unscaled"))
    m = np.array([[0.6, 0, 0.8], [2 / 3, -1 / 3, 2 / 3]])
    values = {J: 0.7, D: -0.4, ALPHA: 0.5, **dict(zip(B, (1, 2, -1), strict=True)),
              **dict(zip(llg.states, m.ravel(), strict=True))}

    def velocity(comp):
        return np.linalg.solve(oracle.numbers(comp.mass, values).reshape(6, 6), oracle.numbers(comp.forcing, values))
    assert velocity(llg) == pytest.approx(velocity(ll), abs=1e-13)
    assert velocity(partner) == pytest.approx(1.25 * velocity(ll), abs=1e-13)
    assert not np.allclose(velocity(partner), velocity(ll))


@pytest.mark.parametrize("kind", LAWS)
def test_length_is_conserved_and_handedness_is_that_of_the_spin(kind):
    comp = LAWS[kind](sp.Rational(1, 2), "paper").derive(q.Model(q.Space("1/2"), [q.Zeeman((0, 0, 1))])).moments()
    start = dict(zip(comp.states, (1, 0, 0), strict=True))
    vx, vy, vz = comp.mass.subs(start).LUsolve(comp.forcing.subs(start))
    assert vx == 0
    assert vy < 0
    assert vz > 0


def test_a_spin_half_is_its_classical_partner():
    """r of a pure qubit obeys LLG with α = κ: the same equations under T → m."""
    model = q.Model(q.Space("1/2"), [q.Zeeman(B)])
    quantum, classical = q.QuantumLLG(ALPHA).derive(model).pauli(), q.ClassicalLLG(ALPHA).derive(model).moments()
    rename = dict(zip((*quantum.states, *quantum.velocities), (*classical.states, *classical.velocities), strict=True))
    assert [e.xreplace(rename) for e in quantum.residual] == list(classical.residual)
