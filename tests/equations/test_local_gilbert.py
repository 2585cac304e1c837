"""Local Gilbert friction: its equations against a dense solve, its energy law exactly, and LLG of one spin."""

import numpy as np
import pytest
import sympy as sp

import oracle
import qllg_sym as q
from qllg_sym.equations.compiling import matrix_function
from qllg_sym.equations.isospectral import is_isospectral
from strategies import random_density

ALPHA, J, D, B, HBAR = sp.symbols("alpha J D B hbar", real=True, positive=True)
DIMER = q.Model(q.Space("1/2", "1/2"), [q.Zeeman((B, 0, 0)), q.Exchange(J, 0, 1), q.DMI((0, 0, D), 0, 1)])
MIXED = q.Model(q.Space("1/2", "1"), [q.Zeeman((1, -0.5, 2)), q.Bilinear(0.7, 0, 1)], hbar=0.5, gamma=1.25)
PAIR = q.Model(q.Space("1/2", "1/2"), [q.Zeeman((1, 0.2, -0.3)), q.Exchange(0.7, 0, 1), q.DMI((0, 0.4, 0.1), 0, 1)])


def solved(model, alpha, rho, share=lambda s: 1 / s):
    """ρ̇ as d² unknowns of one dense linear system, from Kronecker products; `share` is what 1/s is in the law."""
    h, hbar, d = oracle.hamiltonian(model, {}), float(model.hbar), len(rho)
    operators = [(op, share(float(s))) for s, ops in zip(model.space.spins, oracle.site_spins(model.space.spins),
                                                         strict=True) for op in ops]
    friction = sum(c * np.outer(op.ravel(), op.T.ravel()) for op, c in operators)       # vec Σ c σ Tr(σ X)
    turned = np.kron(rho, np.eye(d)) - np.kron(np.eye(d), rho.T)                        # vec [ρ, X], rows first
    system = np.eye(d * d) - 1j * alpha * turned @ friction
    return np.linalg.solve(system, 1j / hbar * turned @ h.ravel()).reshape(d, d)


@pytest.mark.parametrize("model", [PAIR, MIXED], ids=["d = 4", "d = 6"])
@pytest.mark.parametrize("alpha", [0.5, 7.0, -0.3])
def test_compiled_and_matrix_forms_solve_the_implicit_law(model, alpha):
    components, rng = q.LocalGilbert(sp.Rational(str(alpha))).derive(model).coefficients(), np.random.default_rng(2)
    basis = [np.array(a.tolist(), dtype=complex) for a in components.basis]
    rhs, matrices = components.compile().bind(), matrix_function(components.equation)
    for rank in range(1, model.space.dimension + 1):
        rho = random_density(rng, model.space.dimension, rank)[0]
        y = oracle.coordinates(basis, rho)
        expected = oracle.coordinates(basis, solved(model, alpha, rho))
        assert np.abs(rhs(0.0, y) - expected).max() < 1e-12
        assert np.abs(matrices(0.0, y, np.empty(0)) - expected).max() < 1e-12
        twin = oracle.coordinates(basis, solved(model, alpha, rho, lambda s: 1.0))
        assert np.abs(rhs(0.0, y) - twin).max() > 1e-3


def test_slopes_are_those_of_differences():
    """Along random directions, of the unrolled and of the matrix form."""
    components, rng = q.LocalGilbert(0.8).derive(MIXED).coefficients(), np.random.default_rng(3)
    rhs, matrices = components.compile("numpy").bind(), matrix_function(components.equation)
    y = matrices.coordinates(random_density(rng, 6, 3)[0])
    v, step, none = rng.normal(size=35), 1e-5, np.empty(0)
    slope = (rhs(0.0, y + step * v) - rhs(0.0, y - step * v)) / (2 * step)
    assert np.abs(slope).max() > 0.1
    assert np.abs(rhs.jac(0.0, y) @ v - slope).max() < 1e-7
    assert np.abs(matrices.jacobian(0.0, y, none) @ v - slope).max() < 1e-7
    assert np.abs(matrices.tangent(0.0, y, v, none) - slope).max() < 1e-7


def energy_law(shares):
    """Tr RK − Tr ρ̇H − α Σ shares |d⟨σ_i⟩/dt|² as a polynomial, with K = H + αΛ and the residual R in components."""
    components = q.LocalGilbert(ALPHA).derive(DIMER).pauli()
    residual = dict(zip(components.velocities, components.residual, strict=True))
    dT = {v.name.removeprefix("dT_"): v for v in components.velocities}
    h = dict.fromkeys(dT, sp.S.Zero) | dict.fromkeys(("xx", "yy", "zz"), J) | {"xy": D, "yx": -D, "x0": -B / 2,
                                                                               "0x": -B / 2}
    single = [[f"{k}0" for k in "xyz"], [f"0{k}" for k in "xyz"]]
    friction = {name: 2 * dT[name] / 4 for site in single for name in site}             # 1/s = 2, σ = S/(ħ/2)
    rate = sum(h[name] * v for name, v in dT.items())
    loss = sum(share * (dT[name] / 2)**2 for share, site in zip(shares, single, strict=True) for name in site)
    total = sum((h[name] + ALPHA * friction.get(name, 0)) * residual[v] for name, v in dT.items())
    return sp.expand(total - rate - ALPHA * loss)


def test_energy_falls_by_the_friction_of_every_spin_exactly():
    """R = 0 leaves dE/dt = −αħ Σ (1/s_i) |d⟨σ_i⟩/dt|² as an identity of polynomials; other factors do not."""
    assert energy_law((2, 2)) == 0
    assert energy_law((1, 1)) != 0
    assert energy_law((2, 1)) != 0


def test_one_spin_of_the_length_of_a_coherent_state_is_llg():
    """PRL 4 with ⟨S⟩ = ħs m, at every s: the classical residual with damping α."""
    s, field = sp.Symbol("s", positive=True), sp.Matrix(sp.symbols("B_x B_y B_z", real=True))
    components = q.LocalGilbert(ALPHA).derive(q.Model(q.Space(s), [q.Zeeman(tuple(field))], hbar=HBAR)).eta()
    m, dm = sp.Matrix(sp.symbols("m_x m_y m_z")), sp.Matrix(sp.symbols("dm_x dm_y dm_z"))
    length = 3 / (HBAR * (s + 1))
    point = dict(zip((*components.states, *components.velocities), (*(length * m), *(length * dm)), strict=True))
    found = sp.Matrix([e.xreplace(point) / length for e in components.residual])
    for sign, same in ((1, True), (-1, False)):
        expected = dm - m.cross(field) + sign * ALPHA * m.cross(dm)
        assert ((found - expected).applyfunc(sp.cancel) == sp.zeros(3, 1)) is same


def test_a_term_that_prl_4_does_not_hold_is_refused():
    model = q.Model(q.Space("1"), [q.Anisotropy([[0, 0, 0], [0, 0, 0], [0, 0, 1]], 0)])
    with pytest.raises(q.DerivationError, match=r"`eta\(\)` must have a Hamiltonian"):
        q.LocalGilbert(0.5).derive(model).eta()


KEEP = {"von-neumann": q.VonNeumann(), "q-ll": q.QuantumLL(2), "q-llg": q.QuantumLLG(2), "local": q.LocalGilbert(2),
        "symbol": q.LocalGilbert(ALPHA)}
LOSE = {"dephasing": q.Dephasing(1), "sum": q.LocalGilbert(2) + q.Dephasing(1), "none": q.Dephasing(ALPHA)}


@pytest.mark.parametrize("name", [*KEEP, *LOSE])
def test_whether_a_law_keeps_the_spectrum_is_read_off_its_words(name):
    equation = {**KEEP, **LOSE}[name].derive(DIMER)
    assert equation.is_isospectral is (name in KEEP)
    word, w = equation.residual, equation.residual.algebra
    assert not is_isospectral(word + w.letter("rho") * w.letter("H"))       # broken: one product without its partner
    assert not is_isospectral(word - w.letter("drho"))


def test_it_has_no_frame_weight():
    equation = q.LocalGilbert(0.5).derive(DIMER)
    with pytest.raises(q.DerivationError, match="local_drho"):
        equation.weight()
    with pytest.raises(q.DerivationError, match="cumulants"):
        equation.cumulants(2)


def test_printed_equations_hold_the_friction_of_their_own_spin():
    components = q.LocalGilbert(ALPHA).derive(DIMER).pauli()
    assert components.text().splitlines()[0] == "T'_0x = 2 D T_xz + 2 J (T_yz - T_zy) - α (T_0y T'_0z - T_0z T'_0y)"
    assert r"\alpha" in components.latex()
    assert "(alpha/hbar) sum_i (1/s_i) S_i . Tr" in " ".join(components.code("c").split())
