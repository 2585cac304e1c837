"""Classical partners: effective fields against the paper's formulas and numeric gradients of the energy."""

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

import oracle
import qllg_sym as q
import strategies
from qllg_sym.model.classical import effective_fields, moment_symbols

J, D = sp.symbols("J D", real=True)
FIELD = sp.Matrix(sp.symbols("B_x B_y B_z", real=True))
M1, M2 = (sp.Matrix(moment_symbols(2)[k:k + 3]) for k in (0, 3))
HALF = q.Space("1/2", "1/2")
DIMER = [q.Zeeman(tuple(FIELD)), q.Exchange(J, 0, 1), q.DMI((0, 0, D), 0, 1)]


def fields(model, convention):
    return [sp.Matrix([b.as_expr() for b in found]).expand() for found in effective_fields(model, convention)]


def test_paper_convention_is_that_of_the_scripts():
    first, second = fields(q.Model(HALF, DIMER), "paper")
    assert first == (FIELD - J * M2 + D * sp.Matrix([-M2[1], M2[0], 0])).expand()
    assert second == (FIELD - J * M1 + D * sp.Matrix([M1[1], -M1[0], 0])).expand()


def test_mean_field_of_spins_half_has_twice_the_coupling():
    """With r = m: B1 = B − 2J r2 + 2D(−r2y, r2x, 0)."""
    first, second = fields(q.Model(HALF, DIMER), "mean")
    assert first == (FIELD - 2 * J * M2 + 2 * D * sp.Matrix([-M2[1], M2[0], 0])).expand()
    assert second == (FIELD - 2 * J * M1 + 2 * D * sp.Matrix([M1[1], -M1[0], 0])).expand()
    assert first != fields(q.Model(HALF, DIMER), "paper")[0]


def test_g_factor_and_single_sites_enter_the_field():
    model = q.Model(q.Space("1", "3/2"), [q.Zeeman(tuple(FIELD), sites=[1], g=2)])
    for convention in ("paper", "mean"):
        assert fields(model, convention) == [sp.zeros(3, 1), 2 * FIELD]


def energy(term, spins, hbar, gamma, values, m):
    """H of one term with S_i → ħ s_i m_i, from the table of Hamiltonians."""
    spin = [hbar * float(s) * mi for s, mi in zip(spins, m, strict=True)]
    if term.kind == "zeeman":
        sites = range(len(spins)) if term.sites is None else term.sites
        g = 1 if term.g is None else oracle.number(term.g, values)
        return -gamma * g * sum(oracle.numbers(term.B, values) @ spin[i] for i in sites)
    if term.kind == "exchange":
        return 4 * oracle.number(term.J, values) / hbar**2 * spin[term.i] @ spin[term.j]
    if term.kind == "dmi":
        return 4 / hbar**2 * oracle.numbers(term.D, values) @ np.cross(spin[term.i], spin[term.j])
    if term.kind == "anisotropy":
        return spin[term.i] @ np.array([oracle.numbers(row, values) for row in term.A]) @ spin[term.i] / hbar**2
    if term.kind == "bilinear":
        return spin[term.i] @ np.array([oracle.numbers(row, values) for row in term.M]) @ spin[term.j] / hbar**2
    if term.kind == "biquadratic":
        return oracle.number(term.K, values) / hbar**4 * (spin[term.i] @ spin[term.j])**2
    factors = [1 if letter == "I" else 2 * spin[i]["XYZ".index(letter)] / hbar for i, letter in enumerate(term.letters)]
    return oracle.number(term.c, values) * np.prod(factors)


def gradient_field(model, values, m, h=1e-3):
    """−(1/(ħ s_i)) ∂H/∂m_i by a fourth-order difference, exact but for rounding as H is of degree at most 4."""
    hbar, gamma = oracle.number(model.hbar, values), oracle.number(model.gamma, values)

    def total(moments):
        return sum(energy(term, model.space.spins, hbar, gamma, values, moments) for term in model.terms)
    result = np.zeros_like(m)
    for i, k in np.ndindex(*m.shape):
        unit = np.zeros_like(m)
        unit[i, k] = h
        slope = (8 * (total(m + unit) - total(m - unit)) - total(m + 2 * unit) + total(m - 2 * unit)) / (12 * h)
        result[i, k] = -slope / (hbar * float(model.space.spins[i]))
    return result


def numeric_field(model, values, m):
    point = {**values, **dict(zip(moment_symbols(len(m)), m.ravel(), strict=True))}
    return np.array([oracle.numbers([b.as_expr() for b in found], point) for found in effective_fields(model, "mean")])


@pytest.mark.parametrize("kind", ["zeeman", "exchange", "dmi", "anisotropy", "bilinear", "biquadratic", "pauli"])
@given(data=st.data())
def test_mean_field_is_minus_the_gradient(kind, data):
    spins = data.draw(st.sampled_from([s for s in strategies.SPACES if kind in strategies.kinds(s)]))
    hbar, gamma = data.draw(st.sampled_from([(1, 1), (strategies.POSITIVE, 2), (0.5, strategies.PARAMETERS[2])]))
    model = q.Model(q.Space(*spins), [data.draw(strategies.terms(spins, kind))], hbar=hbar, gamma=gamma)
    values, m = data.draw(strategies.values()), data.draw(strategies.unit_moments(len(spins)))
    expected = gradient_field(model, values, m)
    assert numeric_field(model, values, m) == pytest.approx(expected, abs=1e-8 * max(1, np.abs(expected).max()))


def operator_twins():
    """(terms, the same Hamiltonian as one Operator), products of distinct spins or symmetrised: no ordering is lost."""
    coupling = [[1, 2, 0], [0, -1, 3], [0.5, 0, 2]]
    tensor = [[1, 0.5, 0], [0.5, -2, 1], [0, 1, 3]]
    yield ("1/2", "1/2"), [q.Bilinear(coupling, 0, 1), q.Zeeman((1, 2, 3))]
    yield ("1/2", "1"), [q.Bilinear(coupling, 0, 1)]
    yield ("1",), [q.Anisotropy(tensor, 0), q.Zeeman((1, -2, 0.5))]
    yield ("3/2",), [q.Anisotropy(tensor, 0)]


@pytest.mark.parametrize(("spins", "terms"), list(operator_twins()), ids=str)
@given(data=st.data())
def test_operator_has_the_torque_of_the_terms_that_it_equals(spins, terms, data):
    """Operators fix the energy up to a function of |m|, which exerts no torque."""
    space = q.Space(*spins)
    exact = sp.zeros(space.dimension, space.dimension)
    matrices = exact_site_spins(space)
    for term in terms:
        if term.kind == "zeeman":
            for ops in matrices:
                exact -= sum((b * op for b, op in zip(term.B, ops, strict=True)), sp.zeros(*exact.shape))
        else:
            a, j = (term.A, term.i) if term.kind == "anisotropy" else (term.M, term.j)
            for k, n in np.ndindex(3, 3):
                exact += a[k][n] * matrices[term.i][k] * matrices[j][n]
    m = data.draw(strategies.unit_moments(space.sites))
    found, expected = numeric_field(q.Model(space, [q.Operator(exact)]), {}, m), \
        gradient_field(q.Model(space, terms), {}, m)
    assert np.cross(m, found) == pytest.approx(np.cross(m, expected), abs=1e-8)
    assert np.abs(np.cross(m, expected)).max() > 1e-3


def exact_site_spins(space):
    sizes = space.dimensions
    result = []
    for i, s in enumerate(space.spins):
        left, right = sp.eye(int(np.prod(sizes[:i]))), sp.eye(int(np.prod(sizes[i + 1:])))
        ops = oracle.exact_spin_matrices(sp.Rational(s.numerator, s.denominator))
        result.append([sp.kronecker_product(left, op, right) for op in ops])
    return result


@pytest.mark.parametrize("term", [q.Bilinear(1, 0, 1), q.Biquadratic(1, 0, 1), q.Pauli(1, "XX"), q.Operator(np.eye(4))],
                         ids=lambda term: term.kind)
def test_paper_refuses_terms_that_the_paper_does_not_have(term):
    with pytest.raises(q.DerivationError, match=f"`field` must be \"mean\" for a model with {type(term).__name__}"):
        effective_fields(q.Model(HALF, [*DIMER, term]), "paper")
    assert len(effective_fields(q.Model(HALF, [*DIMER, term]), "mean")) == 2


@pytest.mark.parametrize("units", [{"hbar": 2}, {"gamma": 2}, {"hbar": sp.Symbol("hbar", positive=True)}, {"gamma": J}],
                         ids=str)
def test_paper_refuses_other_units(units):
    with pytest.raises(q.DerivationError, match="`field` must be \"mean\" where ħ or γ_g is not 1"):
        effective_fields(q.Model(HALF, DIMER, **units), "paper")


def test_symbolic_spin_has_no_moments():
    with pytest.raises(q.DerivationError, match="numeric spins"):
        effective_fields(q.Model(q.Space(sp.Symbol("s", positive=True)), [q.Zeeman((0, 0, 1))]), "mean")
