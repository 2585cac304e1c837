"""Quantum clusters among classical moments: three limits exactly, components beside matrices, and the energy law."""

import copy
import pickle
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

import numpy as np
import pytest
import sympy as sp

import oracle
import qllg_sym as q
from qllg_sym.algebra.scalars import Coefficient
from qllg_sym.model.term import Term
from strategies import random_density, random_hermitian

J, D, B, KAPPA, ALPHA = sp.symbols("J D B kappa alpha", real=True)
THREE = q.Model(q.Space("1/2", "1/2", "1"), [q.Exchange(J, 0, 1), q.DMI((0, D, J), 1, 2), q.Zeeman((B, 0, D)),
                                            q.Anisotropy([[B, 0, 0], [0, 0, D], [0, D, 0]], 2)], hbar=2)
PAIR = q.Model(q.Space("1/2", "1"), [q.DMI((0, D, J), 0, 1), q.Zeeman((B, 0, D)), q.Biquadratic(J, 0, 1)], hbar=2)
HALVES = q.Model(q.Space.half(3), [q.Exchange(J, 0, 1), q.DMI((0, D, J), 1, 2), q.Zeeman((B, 0, D)), q.Pauli(J, "XYZ")],
                 gamma=D)


def components(model, *, clusters=(), classical=(), kappa=KAPPA):
    return q.Hybrid(kappa, ALPHA, clusters=clusters, classical=classical).derive(model).components()


def test_all_sites_in_one_cluster_are_q_llg_exactly():
    found, expected = components(PAIR, clusters=[(0, 1)]), q.QuantumLLG(KAPPA).derive(PAIR).coefficients()
    assert (found.states, found.velocities, found.residual) == (expected.states, expected.velocities, expected.residual)
    assert found.residual != q.QuantumLL(KAPPA).derive(PAIR).coefficients().residual


def test_all_sites_classical_are_llg_exactly():
    found, expected = components(THREE, classical=range(3)), q.ClassicalLLG(ALPHA, "mean").derive(THREE).moments()
    assert (found.states, found.velocities, found.residual) == (expected.states, expected.velocities, expected.residual)
    assert found.residual != q.ClassicalLLG(-ALPHA, "mean").derive(THREE).moments().residual


@pytest.mark.parametrize("clusters", [[0, 1, 2], [0, 2], [1]])
def test_clusters_of_one_spin_half_are_moments_with_the_damping_kappa(clusters):
    """T_k is the moment, whatever its length: term by term the same polynomials; with another damping they are not."""
    others = [site for site in range(3) if site not in clusters]
    found = components(HALVES, clusters=clusters, classical=others)
    where = {}
    for place, site in enumerate(clusters):
        for k in "xyz":
            name = "T_" + "".join(k if i == place else "0" for i in range(len(clusters)))
            where |= {f"{d}{name}": f"{d}m{site}_{k}" for d in ("", "d")}
    renamed = {s: sp.Symbol(where.get(s.name, s.name), real=True) for s in (*found.states, *found.velocities)}
    moments = q.ClassicalLLG(ALPHA, "mean").derive(HALVES).moments()
    expected = dict(zip(moments.velocities, moments.residual, strict=True))
    for velocity, residual in zip(found.velocities, found.residual, strict=True):
        same = residual.xreplace({**renamed, KAPPA: ALPHA})
        assert sp.expand(same - expected[renamed[velocity]]) == 0
    damped = [r for v, r in zip(found.velocities, found.residual, strict=True) if v.name.startswith("dT")]
    assert all(KAPPA in r.free_symbols and ALPHA not in r.free_symbols for r in damped)


SITES = [(0, 2), (3,)], [1, 4]
SPACE = q.Space("1/2", "1", "1", "1/2", "3/2")
PAIRS = q.Model(SPACE, [
    q.Zeeman((0.3, -0.7, 1.1), g=[[2, 0.1, 0], [0, 2.2, 0], [0.3, 0, 1.8]]), q.Exchange(0.8, 0, 1),
    q.DMI((0.2, -0.5, 0.9), 0, 2), q.Bilinear([[1, 2, 0], [0, -1, 0.5], [0.3, 0, 0.7]], 1, 4),
    q.Bilinear(-0.6, 2, 3), q.Biquadratic(0.4, 0, 2), q.Anisotropy([[1, 0, 0], [0, 2, 0], [0, 0, 4]], 2)],
    hbar=0.5, gamma=-1.5)
TRIPLE = SPACE.spin(0).z * SPACE.spin(3).x * SPACE.spin(4).y            # two clusters and a moment
MIXED = q.Model(SPACE, [*PAIRS.terms, TRIPLE], hbar=0.5, gamma=-1.5)


@cache
def mixed_components():
    return q.Hybrid(0.5, 0.3, clusters=SITES[0], classical=SITES[1]).derive(MIXED).components()


@pytest.mark.parametrize("seed", range(3))
def test_components_are_the_two_laws_in_matrices(seed):
    """H_c and B_i by partial traces of the whole H over coherent states: every classical spin occurs linearly here."""
    rng, dims, comp = np.random.default_rng(seed), oracle.dims(SPACE.spins), mixed_components()
    spins = oracle.site_spins(SPACE.spins)
    hbar, h = 0.5, oracle.hamiltonian(PAIRS, {}) + spins[0][2] @ spins[3][0] @ spins[4][1]
    m = {i: v / np.linalg.norm(v) for i, v in zip(SITES[1], rng.normal(size=(2, 3)), strict=True)}
    rho = {sites: random_density(rng, int(np.prod([dims[i] for i in sites])), 2)[0] for sites in SITES[0]}
    factors = {**rho, **{(i,): oracle.coherent(SPACE.spins[i], m[i]) for i in m}}
    values, expected = {}, []
    for c, sites in enumerate(SITES[0]):
        field, drho = oracle.mean_field(h, factors, dims, sites), random_hermitian(rng, len(rho[sites]))
        law = drho - 1j * oracle.commutator(rho[sites], field) / hbar - 0.5j * oracle.commutator(rho[sites], drho)
        basis = operators(sites)
        states = [s for s in comp.states if len(s.name.split("_")) > 2 and belongs(s, c)]
        assert len(states) == len(basis)
        for s, op in zip(states, basis, strict=True):
            values[s] = np.trace(rho[sites] @ op).real
            values[sp.Symbol("d" + s.name, real=True)] = np.trace(drho @ op).real
            expected.append(np.trace(law @ op).real)
    for i in SITES[1]:
        spin, dm = oracle.spin_matrices(SPACE.spins[i]), rng.normal(size=3)
        local = oracle.mean_field(h, factors, dims, (i,))
        b = -np.array([np.trace(local @ op).real / np.trace(op @ op).real for op in spin]) / hbar       # γB
        for k, x, v in zip("xyz", m[i], dm, strict=True):
            values |= {sp.Symbol(f"m{i}_{k}", real=True): x, sp.Symbol(f"dm{i}_{k}", real=True): v}
        expected += [*(dm - np.cross(m[i], b) + 0.3 * np.cross(m[i], dm))]
    found = oracle.numbers(comp.residual, values)
    np.testing.assert_allclose(found, expected, atol=1e-11)
    assert not np.allclose(oracle.numbers(components(MIXED, clusters=SITES[0], classical=SITES[1], kappa=0.4).residual,
                                          {**values, ALPHA: 0.3}), expected, atol=1e-3)


def operators(sites):
    """The operators of the states of a cluster."""
    space = q.Space(*(str(SPACE.spins[i]) for i in sites))
    return [np.array(a.tolist(), dtype=complex) for a in q.VonNeumann().derive(q.Model(space)).coefficients().basis]


def belongs(state, cluster):
    """Whether a state is one of a cluster's: letters of the quantum sites 0, 2, 3 behind c_."""
    letters = state.name.split("_")[1:]
    own = [(0, 1), (2,)][cluster]
    return all(letter == "0" or k in own for k, letter in enumerate(letters))


def test_names_and_places_of_states():
    comp = components(q.Model(q.Space.half(4), [q.Exchange(J, 1, 2)]), clusters=[(0, 3), (1,)], classical=[2])
    names = [s.name for s in comp.states]
    assert len(names) == 15 + 3 + 3
    assert names[:4] == ["T_00x", "T_00y", "T_00z", "T_x00"]
    assert names[15:] == ["T_0x0", "T_0y0", "T_0z0", "m2_x", "m2_y", "m2_z"]
    assert [v.name for v in comp.velocities] == ["d" + name for name in names]
    assert comp.parameters == (J, ALPHA, KAPPA)
    assert [s.name for s in components(THREE, clusters=[(0, 1)], classical=[2]).states[:3]] == ["T_0x", "T_0y", "T_0z"]


def energy_law(spin, loss=KAPPA):
    """dE/dt of a typed E, and the losses, from what the residual of a dimer beside a spin-1 moment adds up to."""
    model = q.Model(q.Space("1/2", "1/2", "1"), [q.Exchange(J, 0, 1), q.Bilinear(D, 0, 2), q.Zeeman((B, 0, 0))])
    comp = components(model, clusters=[(0, 1)], classical=[2])
    value = {s.name: s for s in (*comp.states, *comp.velocities)}
    residual = dict(zip([s.name for s in comp.states], comp.residual, strict=True))
    T, m = [s for s in value if s.startswith("T")], [f"m2_{k}" for k in "xyz"]
    energy = J * (value["T_xx"] + value["T_yy"] + value["T_zz"]) - B * (value["T_x0"] + value["T_0x"]) / 2 - B * value[
        "m2_x"] + D / 2 * sum(value[f"T_{k}0"] * value[f"m2_{k}"] for k in "xyz")
    rate = sum(sp.diff(energy, value[s]) * value["d" + s] for s in (*T, *m))
    multipliers = {s: sp.diff(energy, value[s]) + KAPPA * value["d" + s] / 4 for s in T}
    multipliers |= {s: sp.diff(energy, value[s]) + ALPHA * spin * value["d" + s] for s in m}
    total = sum(multipliers[s] * residual[s] for s in (*T, *m))
    losses = loss * sum(value["d" + s]**2 for s in T) / 4 + ALPHA * sum(value["d" + s]**2 for s in m)
    return sp.expand(total - rate - losses)


def test_energy_falls_by_the_friction_of_clusters_and_moments_exactly():
    """R = 0 leaves dE/dt = −κ Tr ρ̇² − α s |ṁ|² (s = 1) as an identity of polynomials; other factors do not."""
    assert energy_law(1) == 0
    assert energy_law(1, loss=2 * KAPPA) != 0
    assert energy_law(2) != 0


@pytest.mark.parametrize("target", ["c", "numpy", "jax", "fortran", "javascript", "wolfram", "mpmath"])
def test_code_in_every_language_says_where_it_comes_from(target):
    text = components(HALVES, clusters=[0], classical=[1, 2]).code(target)
    head = " ".join(word for word in text[:900].split() if word not in ("*", "//", "#", "!", "(*", "*)"))
    assert ("Law hybrid: drho_c/dt = (i/hbar)[rho_c, H_c] + i kappa [rho_c, drho_c/dt]; dm_i/dt = gamma_g m_i x B_i - "
            "alpha m_i x dm_i/dt (PRL 133, 266704 (2024), eqs. 1 and 3, in each other's mean field).") in head
    assert "y[0] = T_x" in head


def test_kernels_solve_the_residual_exactly():
    """In 30 digits, and compiled, with the Jacobian of differences."""
    comp = components(HALVES, clusters=[(0, 1)], classical=[2])
    rng = np.random.default_rng(3)
    names = {s.name: sp.Rational(int(x), 64) for s, x in zip((*comp.states, *comp.parameters), rng.integers(
        -60, 60, len(comp.states) + len(comp.parameters)), strict=True)}
    found = comp.kernel().evaluate(names, digits=30)
    point = {s: names[s.name] for s in (*comp.states, *comp.parameters)}
    point |= {v: sp.Float(found[s.name], 30) for s, v in zip(comp.states, comp.velocities, strict=True)}
    assert max(abs(e.xreplace(point)) for e in comp.residual) < 1e-25
    y = np.array([float(names[s.name]) for s in comp.states])
    rhs = comp.compile("numpy").bind({s: float(names[s.name]) for s in comp.parameters})
    np.testing.assert_allclose(rhs(0.0, y), [float(found[s.name]) for s in comp.states], rtol=1e-12, atol=1e-13)
    step = 1e-6 * np.eye(len(y))
    slopes = np.array([(rhs(0.0, y + e) - rhs(0.0, y - e)) / 2e-6 for e in step]).T
    np.testing.assert_allclose(rhs.jac(0.0, y), slopes, atol=1e-6 * np.abs(slopes).max())


def test_printed_equations_and_copies():
    comp = components(THREE, clusters=[(0, 1)], classical=[2])
    assert comp.text().splitlines()[0].startswith("T'_0x = ")
    assert r"\dot{m}_{2,x}" in comp.latex()
    again = pickle.loads(pickle.dumps(comp))
    assert again == copy.deepcopy(comp) == comp
    assert again.residual == comp.residual
    assert comp.subs({J: 0, D: 0}).parameters == (B, ALPHA, KAPPA)
    law = q.Hybrid(KAPPA, 0.1, clusters=[[0, 1]], classical=(2,))
    assert repr(law) == "Hybrid(kappa=kappa, alpha=1/10, clusters=((0, 1),), classical=(2,))"
    assert law == q.Hybrid(KAPPA, sp.Rational(1, 10), [(0, 1)], classical=2)
    assert hash(law) == hash(pickle.loads(pickle.dumps(law)))


@dataclass(frozen=True)
class Lopsided(Term):
    """A (S_x S_y − (i/2) S_z) on site 1, an Hermitian operator whose letters do not commute."""

    A: Coefficient
    kind: ClassVar[str] = "lopsided"

    def hamiltonian(self, x):
        sx, sy, sz = x.spin(1)
        return x.sum([(self.A, sx * sy)]) + x.sum([(-self.A / 2, sz)]).times_i()


def test_products_on_one_classical_site_commute():
    """(S_x S_y + S_y S_x)/2 is S_x S_y − (i/2) S_z, and both become one product of numbers."""
    space = q.Space("1/2", "1")
    one, (x, y, z) = space.spin(0).z, (getattr(space.spin(1), k) for k in "xyz")
    for product in ((x * y + y * x) / 2, x * y - sp.I * z / 2):
        comp = components(q.Model(space, J * one * product), clusters=[0], classical=[1], kappa=0)
        assert comp.residual[0] == comp.velocities[0] + J * comp.states[1] * comp.states[3] * comp.states[4]
    model = q.Model(space, Lopsided(J))
    with pytest.raises(q.ModelError, match="`terms` must stay Hermitian where spins of classical sites are numbers"):
        _ = components(model, clusters=[0], classical=[1]).residual
    assert len(components(model, clusters=[(0, 1)]).residual) == 35


def test_forms_of_one_density_matrix_are_refused():
    comp = components(THREE, clusters=[(0, 1)], classical=[2])
    for form in ("two-level", "spectrum"):
        with pytest.raises(q.DerivationError, match="hybrid components"):
            comp.kernel(form)


@pytest.mark.parametrize("view", ["pauli", "coefficients", "eta", "moments", "weight"])
def test_views_of_one_law_on_all_sites_are_refused(view):
    equation = q.Hybrid(0.5, 0.1, clusters=[(0, 1)], classical=[2]).derive(THREE)
    with pytest.raises(q.DerivationError, match=r"must have one law on all sites, but the law is hybrid"):
        getattr(equation, view)()


FOUR = q.Model(q.Space("1/2", "1/2", "1", "1/2"), [q.Exchange(J, 0, 1), q.Exchange(J, 0, 2), q.DMI((0, 0, D), 1, 2),
                                                  q.Exchange(J, 2, 3), q.Zeeman((B, 0, 0))])


def test_one_site_clusters_and_moments_are_vectors():
    found = components(FOUR, clusters=[0, 1], classical=[2, 3]).vector_form().text().splitlines()
    assert found == [
        "r0' = r0 × B0 - κ r0 × r0'", "r1' = r1 × B1 - κ r1 × r1'", "m2' = m2 × B2 - α m2 × m2'",
        "m3' = m3 × B3 - α m3 × m3'", "r0 = (T_x0, T_y0, T_z0)", "B0 = B - 2 J r1 - 4 J m2", "B = (B, 0, 0)",
        "r1 = (T_0x, T_0y, T_0z)", "B1 = B - 2 J r0 + D12 × m2", "D12 = (0, 0, 4 D)",
        "B2 = B - 2 J (r0 + m3) + D21 × r1", "D21 = (0, 0, -2 D)", "B3 = B - 4 J m2"]


def test_a_pair_among_moments_has_index_letters():
    found = components(FOUR, clusters=[(0, 1)], classical=[2, 3]).vector_form().text().splitlines()
    assert found[0] == "r0'_i = ε_ikl r0_k B0_l + 2 ε_ikl K_km T_lm - (1/2) κ (ε_ikl r0_k r0'_l + ε_ikl T_km T'_lm)"
    assert "m2' = m2 × B2 - α m2 × m2'" in found
    assert {"B0 = B - 4 J m2", "B1 = B + D12 × m2", "K = (J, 0, 0)", "T = (T_xx, T_xy, T_xz)"} <= {*found}


@pytest.mark.parametrize(("model", "clusters"), [(THREE, [(0, 2)]), (HALVES, [(0, 1, 2)]), (FOUR, [(0, 1), (2, 3)])])
def test_other_clusters_have_no_vector_form(model, clusters):
    classical = [i for i in range(model.space.sites) if i not in sum(clusters, ())]
    with pytest.raises(q.DerivationError, match=r"`vector_form\(\)` must have clusters of one spin 1/2"):
        components(model, clusters=clusters, classical=classical).vector_form()
