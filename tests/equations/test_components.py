"""Components are coordinates of the dense matrix residual, for random models, states and laws."""

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

import oracle
import qllg_sym as q
import strategies

B = sp.symbols("B_x B_y B_z", real=True)
J, D, KAPPA = sp.symbols("J D kappa", real=True)
DIMER = q.Model(q.Space("1/2", "1/2"), [q.Zeeman(B), q.Exchange(J, 0, 1), q.DMI((0, 0, D), 0, 1)])
SPIN_ONE = q.Model(q.Space("1"), [q.Zeeman(B), q.Anisotropy([[0, J, 0], [J, 0, 0], [0, 0, D]], 0)])
SMALL = tuple(s for s in strategies.SPACES if q.Space(*s).dimension <= 4)
HALVES = tuple(s for s in strategies.SPACES if set(s) == {"1/2"})


def point(comp, basis, rho, drho, values):
    """Values of states, velocities and parameters."""
    coordinates = (*oracle.coordinates(basis, rho), *oracle.coordinates(basis, drho))
    return {**values, **dict(zip((*comp.states, *comp.velocities), coordinates, strict=True))}


@given(data=st.data())
def test_pauli_residual_is_the_trace_with_pauli_strings(data):
    model, law = data.draw(strategies.models(HALVES)), data.draw(strategies.quantum_laws())
    values, d = data.draw(strategies.values()), model.space.dimension
    rho, drho = data.draw(strategies.density(d)), data.draw(strategies.velocities(d))
    basis = [a for _, a in oracle.pauli_strings(model.space.sites)]
    comp = law.derive(model).pauli()
    expected = oracle.coordinates(basis, oracle.residual(law, model, rho, drho, values))
    found = oracle.numbers(comp.residual, point(comp, basis, rho, drho, values))
    assert found == pytest.approx(expected, abs=1e-11 * max(1, np.abs(expected).max()))
    assert not np.allclose(found, oracle.coordinates(basis, oracle.residual(law, model, rho, drho + rho, values)))


@strategies.examples(12)
@given(data=st.data())
def test_coefficients_are_traces_with_the_stated_basis(data):
    model, law = data.draw(strategies.models()), data.draw(strategies.quantum_laws())
    values, d = data.draw(strategies.values()), model.space.dimension
    rho, drho = data.draw(strategies.density(d)), data.draw(strategies.velocities(d))
    comp = law.derive(model).coefficients()
    basis = [np.array(a.tolist(), dtype=complex) for a in comp.basis]
    assert len(basis) == d * d - 1
    expected = oracle.coordinates(basis, oracle.residual(law, model, rho, drho, values))
    found = oracle.numbers(comp.residual, point(comp, basis, rho, drho, values))
    assert found == pytest.approx(expected, abs=1e-11 * max(1, np.abs(expected).max()))


@pytest.mark.parametrize("spins", [("1/2",), ("1",), ("1/2", "1"), ("3/2",), ("1/2", "1/2")], ids=str)
def test_basis_is_orthogonal_with_rational_norms(spins):
    comp = q.VonNeumann().derive(q.Model(q.Space(*spins))).coefficients()
    basis = np.array([np.array(a.tolist(), dtype=complex) for a in comp.basis])
    gram = np.einsum("aij,bji->ab", basis, basis)
    assert gram == pytest.approx(np.diag([float(n) for n in comp.norms]), abs=1e-11)
    assert all(n.is_Rational for n in comp.norms)
    assert np.abs(np.trace(basis, axis1=1, axis2=2)).max() < 1e-12


def test_numpy_solves_for_the_velocities_with_the_lambdified_mass():
    """The broken twin: a sparse SymPy matrix becomes a SciPy one, which NumPy refuses."""
    comp = q.QuantumLLG(KAPPA).derive(DIMER).pauli()
    symbols = [*comp.states, *comp.parameters]
    at = dict(zip(symbols, np.linspace(-0.3, 0.4, len(symbols)), strict=True))
    mass, forcing = (sp.lambdify(symbols, view)(*at.values()) for view in (comp.mass, comp.forcing))
    velocity = np.linalg.solve(mass, forcing)[:, 0]
    names = {s.name: x for s, x in at.items()}
    rhs = comp.compile("numpy").bind({name: names[name] for name in (p.name for p in comp.parameters)})
    assert velocity == pytest.approx(rhs(0.0, [at[s] for s in comp.states]), abs=1e-12)
    with pytest.raises((TypeError, ValueError)):
        np.linalg.solve(sp.lambdify(symbols, sp.ImmutableSparseMatrix(comp.mass))(*at.values()), forcing)


@strategies.examples(10)
@given(data=st.data())
def test_mass_and_forcing_are_views_of_the_residual(data):
    model, law = data.draw(strategies.models(SMALL, units=False)), data.draw(strategies.quantum_laws())
    values, d = data.draw(strategies.values()), model.space.dimension
    comp = law.derive(model).coefficients()
    n = len(comp.states)
    rng = np.random.default_rng(data.draw(strategies.seeds))
    where = {**values, **dict(zip((*comp.states, *comp.velocities), rng.normal(size=2 * n), strict=True))}
    assert comp.mass.shape == (n, n) == (d * d - 1,) * 2
    assert comp.forcing.shape == (n, 1)
    mass = oracle.numbers(comp.mass, where).reshape(n, n)
    velocity = np.array([where[v] for v in comp.velocities])
    found = oracle.numbers(comp.residual, where)
    rest = oracle.numbers(comp.forcing, where)
    assert mass @ velocity - rest == pytest.approx(found, abs=1e-11 * max(1, abs(found).max()))
    assert not any(e.free_symbols & set(comp.velocities) for e in (*comp.mass, *comp.forcing))


@pytest.mark.parametrize("law", [q.VonNeumann(), q.QuantumLL(KAPPA), q.QuantumLLG(KAPPA), q.Dephasing(KAPPA)],
                         ids=lambda law: law.kind)
def test_views_of_the_dimer_are_exact(law):
    comp = law.derive(DIMER).pauli()
    velocity = sp.Matrix(comp.velocities)
    assert (comp.mass * velocity - comp.forcing).expand() == sp.Matrix(comp.residual)
    for expression in (*comp.residual, *comp.mass, *comp.forcing):
        assert not expression.atoms(sp.Float)
        assert expression == sp.expand(expression)
        assert expression.is_polynomial(*comp.states, *comp.velocities, *comp.parameters)


@pytest.mark.parametrize("law", [q.VonNeumann(), q.QuantumLL(KAPPA), q.QuantumLLG(KAPPA), q.Dephasing(KAPPA)],
                         ids=lambda law: law.kind)
@pytest.mark.parametrize("model", [DIMER, SPIN_ONE], ids=["dimer", "spin 1"])
def test_jacobian_is_the_derivative_by_the_states(model, law):
    comp = law.derive(model).coefficients()
    assert comp.jacobian == sp.Matrix(comp.residual).jacobian(comp.states).expand()
    assert comp.jacobian.shape == comp.mass.shape
    assert comp.jacobian != comp.mass
    assert not comp.jacobian.atoms(sp.Float)


def test_gilbert_mass_is_one_plus_a_skew_matrix():
    comp = q.QuantumLLG(KAPPA).derive(DIMER).pauli()
    skew = comp.mass - sp.eye(15)
    assert skew + skew.T == sp.zeros(15, 15)
    assert skew != sp.zeros(15, 15)
    assert q.QuantumLL(KAPPA).derive(DIMER).pauli().mass == sp.eye(15)


def test_names_and_order_of_the_dimer():
    comp = q.QuantumLLG(KAPPA).derive(DIMER).pauli()
    names = ["0x", "0y", "0z", "x0", "xx", "xy", "xz", "y0", "yx", "yy", "yz", "z0", "zx", "zy", "zz"]
    assert [s.name for s in comp.states] == ["T_" + n for n in names]
    assert [s.name for s in comp.velocities] == ["dT_" + n for n in names]
    assert all(s.is_real for s in (*comp.states, *comp.velocities))
    assert comp.parameters == (*B, D, J, KAPPA)
    assert comp.kind == "pauli"
    assert comp.norms == (4,) * 15


def test_sites_are_numbered_from_the_left():
    """A field on site 0 moves T_x0, not T_0x."""
    comp = q.VonNeumann().derive(q.Model(q.Space("1/2", "1/2"), [q.Zeeman((0, 0, 1), sites=[0])])).pauli()
    residual = dict(zip([s.name for s in comp.states], comp.residual, strict=True))
    y0, d0x = sp.Symbol("T_y0", real=True), sp.Symbol("dT_0x", real=True)
    assert residual["T_0x"] == d0x
    assert residual["T_x0"] == sp.Symbol("dT_x0", real=True) - y0


def test_coefficients_of_spins_half_are_pauli():
    equation = q.QuantumLLG(KAPPA).derive(DIMER)
    assert equation.coefficients().residual == equation.pauli().residual
    assert equation.coefficients().states == equation.pauli().states


def test_other_spins_have_their_own_names():
    comp = q.VonNeumann().derive(q.Model(q.Space("1/2", "1"))).coefficients()
    assert len(set(comp.states)) == 35
    assert comp.states[0].name.startswith("c_")
    with pytest.raises(q.ModelError):
        q.Exchange(comp.states[0], 0, 1)                # a state's name can be no parameter


@strategies.examples(10)
@given(data=st.data())
def test_no_float_anywhere(data):
    model, law = data.draw(strategies.models(SMALL)), data.draw(strategies.quantum_laws())
    comp = law.derive(model).coefficients()
    for expression in (*comp.residual, *comp.mass, *comp.forcing):
        assert not expression.atoms(sp.Float)
        assert not expression.has(sp.I)


def test_time_dependent_field_stays_in_the_forcing():
    f = sp.Function("f", real=True)(q.t)
    comp = q.QuantumLLG(KAPPA).derive(q.Model(q.Space("1/2"), [q.Zeeman((f, 0, sp.sin(q.t)))])).pauli()
    tx, ty, tz = comp.states
    sine = sp.sin(q.t)
    assert list(comp.forcing) == [ty * sine, tz * f - tx * sine, -ty * f]
    assert q.t not in comp.parameters


ANY_SPIN = q.Model(q.Space(sp.Symbol("s", positive=True)))
REFUSED = {
    "pauli on spin 1": (lambda: q.VonNeumann().derive(q.Model(q.Space("1"))).pauli(), "spins 1/2 only"),
    "pauli on a mixed space": (lambda: q.VonNeumann().derive(q.Model(q.Space("1/2", "1"))).pauli(), "spins 1/2 only"),
    "pauli on any s": (lambda: q.VonNeumann().derive(ANY_SPIN).pauli(), "spins 1/2"),
    "coefficients on any s": (lambda: q.VonNeumann().derive(ANY_SPIN).coefficients(),
                              "numeric spins, but the spin is s"),
    "pauli of a classical law": (lambda: q.ClassicalLLG(1).derive(DIMER).pauli(), "quantum law, but the law is llg"),
    "coefficients of a classical law": (lambda: q.ClassicalLL(1).derive(DIMER).coefficients(), "quantum law"),
    "eta of a classical law": (lambda: q.ClassicalLL(1).derive(q.Model(q.Space("1"))).eta(), "quantum law"),
    "weight of a classical law": (lambda: q.ClassicalLL(1).derive(DIMER).weight(), "quantum law"),
    "moments of a quantum law": (lambda: q.QuantumLLG(1).derive(DIMER).moments(), "classical law, but the law is q-ll"),
    "eta of two sites": (lambda: q.QuantumLLG(1).derive(DIMER).eta(), "one site, but the space has 2"),
    "paper field with other terms": (lambda: q.ClassicalLLG(1).derive(
        q.Model(DIMER.space, [q.Bilinear(1, 0, 1)])).moments(), "`field` must be \"mean\""),
    "paper field with hbar": (lambda: q.ClassicalLLG(1).derive(
        q.Model(DIMER.space, DIMER.terms, hbar=2)).moments(), "`field` must be \"mean\""),
    "weight of dephasing": (lambda: q.Dephasing(1).derive(DIMER).weight(), "need not keep the spectrum"),
    "two levels of dephasing": (lambda: q.Dephasing(1).derive(DIMER).pauli().two_level(), "spectrum"),
    "two levels of moments": (lambda: q.ClassicalLLG(1).derive(DIMER).moments().two_level(), "quantum law"),
    "basis of eta": (lambda: q.VonNeumann().derive(q.Model(q.Space("1"))).eta().basis, "`basis`"),
    "norms of moments": (lambda: q.ClassicalLLG(1).derive(DIMER).moments().norms, "`norms`"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_views_that_do_not_exist(case):
    action, words = REFUSED[case]
    with pytest.raises(q.DerivationError, match=words) as caught:
        action()
    assert str(caught.value).startswith("`")
    assert str(caught.value).endswith(".")
