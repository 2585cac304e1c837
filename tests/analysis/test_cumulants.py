"""Cumulants: the closed residual against explicit matrices, both ends of the orders, energies, programs, refusals."""

import pickle
import re
from itertools import combinations, product

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

import oracle
import qllg_sym as q
import strategies
from analysis import cluster_matrices as cm
from qllg_sym.analysis.cumulant_function import cumulant_function
from qllg_sym.analysis.exact_start import exact_start

J, D, B, kappa = sp.symbols("J D B kappa", real=True)
VALUES = {J: 0.7, D: -0.4, B: 0.9, kappa: 0.6, q.t: 0.0}
NUMBERS = {s.name: v for s, v in VALUES.items() if s != q.t}
DIMER = q.Model(q.Space("1/2", "1/2"), [q.Zeeman((B, 0, 0)), q.Exchange(J, 0, 1), q.DMI((0, 0, D), 0, 1)])
TRIMER = q.Model(q.Space.half(3), [q.Zeeman((B, 0, 1), sites=[0, 1]), q.Exchange(J, 0, 1), q.DMI((D, 0, 1), 1, 2),
                                   q.Bilinear([[0, 1, 0], [0, 0, 2], [1, 0, 0]], 0, 2)], hbar=sp.Rational(3, 2))
MIXED = q.Model(q.Space("1/2", "1"), [q.Zeeman((B, 0, 1)), q.Bilinear(J, 0, 1), q.Anisotropy(
    [[1, 0, 0], [0, 0, 0], [0, 0, -D]], 1), q.Biquadratic(D, 0, 1)], hbar=2)
DECAY = q.Lindblad([(B**2, DIMER.space.spin(0).minus), (0.3, DIMER.space.spin(0).plus + J * DIMER.space.spin(1).x)])
LAWS = [q.VonNeumann(), q.QuantumLLG(kappa), q.QuantumLL(kappa), q.Dephasing(kappa**2)]


def point(components, seed):
    """Random small states and velocities."""
    rng = np.random.default_rng(seed)
    return rng.uniform(-0.4, 0.4, len(components.states)), rng.uniform(-1, 1, len(components.states))


def as_cumulants(components, values):
    return {frozenset(cm.read(s.name).items()): v for s, v in zip(components.states, values, strict=True)}


def commutator(a, b):
    return a @ b - b @ a


def closed_residual(law, model, rho, drho, size, values):
    """R with the damping seen in clusters of `size` sites."""
    h, hbar = oracle.hamiltonian(model, values), oracle.number(model.hbar, values)
    torque = 1j / hbar * commutator(rho, h)
    if law.kind in ("q-llg", "q-ll"):
        g = cm.in_clusters(model.space.spins, drho if law.kind == "q-llg" else torque, size)
        return drho - torque - 1j * oracle.number(law.kappa, values) * commutator(rho, g)
    if law is DECAY:
        (x, y, _), (other, _, _) = oracle.site_spins(model.space.spins)
        jumps = [values[B] * (x - 1j * y), np.sqrt(0.3) * (x + 1j * y + values[J] * other)]
        return drho - torque - sum(a @ rho @ a.conj().T - (a.conj().T @ a @ rho + rho @ a.conj().T @ a) / 2
                                   for a in jumps)
    return oracle.residual(law, model, rho, drho, values)


def projected(law, model, components, y, v, values=VALUES):
    """The residual of every cumulant of one or two sites from explicit matrices."""
    cluster = components.cluster or components.order
    spins, order = model.space.spins, components.order
    rho, step = cm.density(spins, as_cumulants(components, y + 1e-30j * v), order)
    r = closed_residual(law, model, rho, step / 1e-30, cluster, values)
    found = {s.name: np.trace(cm.operator(spins, cm.read(s.name)) @ r).real for s in components.states}
    known, result = as_cumulants(components, y), []
    for s in components.states:
        places = cm.read(s.name)
        value = found[s.name]
        if len(places) == 2:
            (i, a), (j, b) = sorted(places.items())
            value -= found[f"m{i}_{a}"] * known[frozenset({(j, b)})] + known[frozenset({(i, a)})] * found[f"m{j}_{b}"]
        result.append(value)
    return np.array(result)


def at(components, y, v, values=VALUES):
    numbers = {**dict(zip(components.states, y, strict=True)), **dict(zip(components.velocities, v, strict=True))}
    return oracle.numbers(components.residual, {**values, **numbers})


LONG = pytest.mark.slow


@pytest.mark.parametrize(("law", "model", "order"), [
    *((law, DIMER, 2) for law in LAWS), (DECAY, DIMER, 1), (DECAY, DIMER, 2),
    *((law, TRIMER, 1) for law in LAWS), *((law, MIXED, 1) for law in LAWS),
    (LAWS[0], TRIMER, 2), (LAWS[1], TRIMER, 2), (LAWS[3], TRIMER, 2), pytest.param(LAWS[2], TRIMER, 2, marks=LONG),
    (LAWS[0], MIXED, 2), *(pytest.param(law, MIXED, 2, marks=LONG) for law in LAWS[1:])],
    ids=lambda x: getattr(x, "kind", None))
def test_the_residual_is_the_ansatz_projected_with_damping_in_clusters(law, model, order):
    components = law.derive(model).cumulants(order)
    y, v = point(components, order)
    expected = projected(law, model, components, y, v)
    assert np.abs(at(components, y, v) - expected).max() < 1e-12
    assert np.abs(at(components, y, -v) - expected).max() > 1e-3


@pytest.mark.parametrize(("law", "order", "cluster"), [
    (q.QuantumLLG(kappa), 1, 2), (q.QuantumLLG(kappa), 1, 3), (q.QuantumLL(kappa), 1, 3), (q.QuantumLLG(kappa), 2, 1),
    *(pytest.param(law, 2, 3, marks=LONG) for law in LAWS[1:3])], ids=lambda x: getattr(x, "kind", None))
def test_clusters_of_other_sizes_up_to_the_ansatz_projected_as_it_stands(law, order, cluster):
    components = law.derive(TRIMER).cumulants(order, cluster=cluster)
    y, v = point(components, 6)
    assert np.abs(at(components, y, v) - projected(law, TRIMER, components, y, v)).max() < 1e-12
    names = [p.name for p in components.parameters]
    found = cumulant_function(components.written)(0.0, y, [NUMBERS[n] for n in names])
    assert np.abs(at(components, y, found)).max() < 1e-13
    assert np.abs(components.compile("numpy").bind({n: NUMBERS[n] for n in names})(0.0, y) - found).max() < 1e-12
    assert np.abs(at(law.derive(TRIMER).cumulants(order), y, found)).max() > 1e-3


@LONG
def test_from_a_pure_product_pairs_projected_as_they_stand_err_by_t_to_the_third():
    model, state = q.Model(q.Space.half(3), q.ring(3, q.DMI, (0.3, 1, 0.2))), q.states.product("up", "+x", "-y")
    law, times = q.QuantumLLG(0.5), np.array([0.0, 0.02, 0.04])
    exact, powers = q.solve(model, law, state, times, rtol=1e-12, atol=1e-14), []
    for order, cluster in ((1, 3), (2, 2), (2, 3)):
        closed = law.derive(model).cumulants(order, cluster=cluster)
        found = solve_ivp(closed.compile("numpy").bind(), (0, 0.04), closed.of_state(state), t_eval=times,
                          rtol=1e-12, atol=1e-14, method="DOP853").y.T
        errors = np.abs(found - closed.of_state(exact))[:, :9].max(axis=1)
        powers.append(np.log2(errors[2] / errors[1]))
    assert np.abs(np.array(powers) - [2, 2, 3]).max() < 0.1


@strategies.examples(10)
@given(strategies.models(spaces=(("1/2",), ("1",), ("1/2", "1/2"))),
       st.sampled_from([q.VonNeumann, q.QuantumLL, q.QuantumLLG]), strategies.values())
def test_random_models(model, law, values):
    law = law() if law is q.VonNeumann else law(strategies.KAPPA)
    for order in range(1, model.space.sites + 1):
        components = law.derive(model).cumulants(order)
        y, v = point(components, order)
        expected = projected(law, model, components, y, v, values)
        assert np.allclose(at(components, y, v, values), expected, rtol=1e-10, atol=1e-9)


@pytest.mark.parametrize("model", [TRIMER, MIXED], ids=["trimer", "mixed"])
def test_order_one_is_the_law_of_every_site_in_its_mean_field(model):
    """Mixed states, too: H_i = Tr_others[H Π ρ_j], and κ as it stands."""
    components = q.QuantumLLG(kappa).derive(model).cumulants(1)
    y, v = point(components, 5)
    spins, h, hbar = model.space.spins, oracle.hamiltonian(model, VALUES), oracle.number(model.hbar, VALUES)
    own = [[(a, value, moving) for s, value, moving in zip(components.states, y, v, strict=True)
            for site, label in cm.read(s.name).items() if site == i for a in [cm.site_basis(spins[i])[label]]]
           for i in range(len(spins))]
    rhos = [np.eye(len(ops[0][0])) / len(ops[0][0]) + sum(x * a / np.trace(a @ a) for a, x, _ in ops) for ops in own]
    expected = []
    for i, ops in enumerate(own):
        others = oracle.kron(*(np.eye(len(r)) if k == i else r for k, r in enumerate(rhos)))
        mean_field = cm.traced(oracle.dims(spins), h @ others, (i,))
        drho = sum(x * a / np.trace(a @ a) for a, _, x in ops)
        r = drho - 1j / hbar * commutator(rhos[i], mean_field) - 1j * VALUES[kappa] * commutator(rhos[i], drho)
        expected += [np.trace(a @ r).real for a, _, _ in ops]
    assert np.abs(at(components, y, v) - expected).max() < 1e-13


@pytest.mark.parametrize(("law", "classical"), [
    (q.QuantumLLG(kappa), q.ClassicalLLG(kappa, field="mean")),
    (q.QuantumLL(kappa), q.ClassicalLL(kappa, field="mean", rescaled=False)),
    (q.VonNeumann(), q.ClassicalLLG(0, field="mean"))], ids=lambda law: law.kind)
def test_order_one_of_spins_one_half_is_the_classical_law_exactly(law, classical):
    for model in (DIMER, TRIMER):
        own, partner = law.derive(model).cumulants(), classical.derive(model).moments()
        assert own.states == partner.states
        assert [sp.expand(a - b) for a, b in zip(own.residual, partner.residual, strict=True)] == [0] * len(own.states)
    assert q.QuantumLLG(2 * kappa).derive(DIMER).cumulants().residual != \
        q.ClassicalLLG(kappa, field="mean").derive(DIMER).moments().residual


def test_projected_as_it_stands_the_damping_of_a_mixed_product_has_the_purity_of_the_rest():
    """Why clusters: Tr_2 [ρ1 ρ2, d(ρ1 ρ2)/dt] = [ρ1, ρ̇1] Tr ρ2², which is not the hybrid's mean field."""
    components = q.QuantumLLG(kappa).derive(DIMER).cumulants(1)
    y, v = point(components, 2)
    rho, step = cm.density(DIMER.space.spins, as_cumulants(components, y + 1e-30j * v), 1)
    drho, purity = step / 1e-30, (1 + y[3:] @ y[3:]) / 2
    whole = cm.traced([2, 2], commutator(rho, drho), (0,))
    first = [cm.traced([2, 2], x, (0,)) for x in (rho, drho)]
    assert np.abs(whole - purity * commutator(*first)).max() < 1e-15
    assert purity < 0.8


def change_of_variables(full, closed):
    """R(f(c), ∂f ċ) of the full law less ∂f · (closed residual), in one ring: zero is equality of normal forms."""
    n = len(closed.states)
    ring = closed.polynomials[0].ring
    gens, places = ring.gens, {frozenset(cm.read(s.name).items()): k for k, s in enumerate(closed.states)}
    images = [cm.mean({key: gens[k] for key, k in places.items()},
                      {i: a for i, a in enumerate(s.name[2:]) if a != "0"}, n) for s in full.states]
    moving = [sum((f.diff(k) * gens[n + k] for k in range(n)), ring.zero) for f in images]
    old = full.polynomials[0].ring
    atoms = [ring(g) if g in ring.symbols else None for g in old.symbols[2 * n:]]
    substituted = []
    for p in full.polynomials:
        total = ring.zero
        for exponents, c in p.terms():
            term = ring(c)
            for image, e in zip([*images, *moving, *atoms], exponents, strict=True):
                term = term * image**e if e else term
            total += term
        substituted.append(total)
    return [r - sum((f.diff(k) * closed.polynomials[k] for k in range(n)), ring.zero)
            for r, f in zip(substituted, images, strict=True)]


@pytest.mark.parametrize(("law", "model"), [
    *((law, DIMER) for law in (*LAWS, DECAY, q.QuantumLLG(kappa) + DECAY)), (q.VonNeumann(), TRIMER),
    (q.Dephasing(kappa), TRIMER),
    pytest.param(q.QuantumLLG(kappa), TRIMER, marks=LONG)], ids=lambda x: getattr(x, "kind", None))
def test_order_n_is_the_full_law_exactly(law, model):
    equation, n = law.derive(model), model.space.sites
    assert not any(change_of_variables(equation.pauli(), equation.cumulants(n)))
    if n == 2:
        other = q.Model(model.space, [q.Zeeman((2 * B, 0, 0)), *model.terms[1:]])
        assert any(change_of_variables(equation.pauli(), law.derive(other).cumulants(n)))


def energy_and_rate(law, model, order, seed):
    """(dE/dt along the closed equations, −ħκ Σ_C Tr(Tr G)²/binomial) in explicit matrices."""
    components = law.derive(model).cumulants(order)
    y, _ = point(components, seed)
    rhs = components.compile("numpy").bind({p.name: VALUES[p] for p in components.parameters})
    spins, h, hbar = model.space.spins, oracle.hamiltonian(model, VALUES), oracle.number(model.hbar, VALUES)
    rho, step = cm.density(spins, as_cumulants(components, y + 1e-30j * rhs(0.0, y)), order)
    g = step / 1e-30 if law.kind == "q-llg" else 1j / hbar * commutator(rho, h)
    losses = [np.trace(np.linalg.matrix_power(cm.traced(oracle.dims(spins), g, sites), 2)).real
              for sites in combinations(range(len(spins)), order)]
    weight = sp.binomial(len(spins) - 1, order - 1)
    return np.trace(step / 1e-30 @ h).real, -float(hbar) * VALUES[kappa] * sum(losses) / float(weight)


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("law", [q.QuantumLLG(kappa), q.QuantumLL(kappa)], ids=lambda law: law.kind)
def test_the_energy_falls_as_clusters_move(law, order):
    rate, expected = energy_and_rate(law, TRIMER, order, order)
    assert rate < -1e-3
    assert rate == pytest.approx(expected, rel=1e-9)


def test_energy_of_three_sites_a_term_falls_at_order_one_and_is_not_told_at_order_two():
    model = q.Model(q.Space.half(3), [q.Pauli(J, "XYZ"), q.Zeeman((0, B, 1))])
    law = q.QuantumLLG(kappa)
    assert np.diff(energy_and_rate(law, model, 1, 0)) == pytest.approx(0, abs=1e-12)
    assert abs(np.diff(energy_and_rate(law, model, 2, 0))) > 1e-3


def test_lengths_are_constant_at_order_one_alone():
    first = q.QuantumLLG(kappa).derive(DIMER).cumulants()
    x, y, z = first.states[:3]
    assert x**2 + y**2 + z**2 in first.conserved(degree=2)
    for order in (1, 2):
        components = q.QuantumLLG(kappa).derive(TRIMER).cumulants(order)
        y, _ = point(components, 9)
        moved = components.compile("numpy").bind(NUMBERS)(0.0, y)
        assert (abs(y[:3] @ moved[:3]) < 1e-15) == (order == 1)


@pytest.mark.parametrize(("model", "order"), [(DIMER, 2), (TRIMER, 1), (MIXED, 1), pytest.param(TRIMER, 2, marks=LONG)])
@pytest.mark.parametrize("law", [q.QuantumLLG(kappa), q.QuantumLL(kappa)], ids=lambda law: law.kind)
def test_programs_arrays_and_the_stored_equations_agree(law, model, order):
    components = law.derive(model).cumulants(order)
    names = [p.name for p in components.parameters]
    y, v = point(components, 3)
    rhs = components.compile("numpy").bind({n: NUMBERS[n] for n in names})
    arrays = cumulant_function(components.written)
    parameters = np.array([NUMBERS[n] for n in names])
    found = arrays(0.0, y, parameters)
    assert np.abs(at(components, y, found)).max() < 1e-13           # it solves the residual
    assert np.abs(at(components, y, found + 1e-6)).max() > 1e-8
    assert np.abs(rhs(0.0, y) - found).max() < 1e-13
    step = (arrays(0.0, y + 1e-6 * v, parameters) - arrays(0.0, y - 1e-6 * v, parameters)) / 2e-6
    assert np.abs(arrays.tangent(0.0, y, v, parameters) - step).max() < 1e-8
    assert np.abs(rhs.jvp(0.0, y, v) - step).max() < 1e-8
    assert np.abs(rhs.jac(0.0, y) - arrays.jacobian(0.0, y, parameters)).max() < 1e-12
    assert np.abs(rhs.batch(np.stack([y, 2 * y]))[1] - rhs(0.0, 2 * y)).max() == 0


def test_compiled_targets_agree():
    components = q.QuantumLLG(kappa).derive(DIMER).cumulants(1)
    y, _ = point(components, 4)
    reference = components.compile("mpmath", digits=30).bind(NUMBERS)(0.0, y)
    for target in ("c", "numpy"):
        assert np.abs(components.compile(target).bind(NUMBERS)(0.0, y) - reference.astype(float)).max() < 1e-14


def test_a_hundred_spins_and_pairs_of_eight_take_seconds():
    chain = q.Model(q.Space.half(100), [*q.chain(100, q.Exchange, J), q.Zeeman((B, 0, 0))])
    first = q.QuantumLLG(kappa).derive(chain).cumulants()
    rhs = first.compile().bind(J=0.7, B=0.9, kappa=0.6)
    m = np.random.default_rng(1).normal(size=(100, 3))
    m /= np.linalg.norm(m, axis=1)[:, None]
    field = np.tile([0.9, 0.0, 0.0], (100, 1))              # LLG with B_i = B − 2J Σ m_j, solved for ṁ
    field[1:] -= 1.4 * m[:-1]
    field[:-1] -= 1.4 * m[1:]
    torque = np.cross(m, field)
    expected = (torque - 0.6 * np.cross(m, torque)) / (1 + 0.6**2)
    assert rhs.compiled.target == "matrix"
    assert np.abs(rhs(0.0, m.ravel()) - expected.ravel()).max() < 1e-13
    ring = q.Model(q.Space.half(8), q.ring(8, q.Exchange, J))
    pairs = q.VonNeumann().derive(ring).cumulants(2)
    assert len(pairs.states) == 276
    assert max(map(len, pairs.polynomials)) < 100


def test_views():
    components = q.QuantumLLG(kappa).derive(DIMER).cumulants(2)
    y, v = point(components, 7)
    values = VALUES | dict(zip((*components.states, *components.velocities), (*y, *v), strict=True))
    mass = np.array([[oracle.number(e, values) for e in row] for row in components.mass.tolist()])
    assert np.allclose(mass @ v - oracle.numbers(list(components.forcing), values), at(components, y, v))
    assert sp.diff(components.residual[4], components.states[7]) == sp.expand(components.jacobian[4, 7])
    assert repr(components) == ("<Components: 15 cumulant equations of q-llg on Space('1/2', '1/2'), "
                                "parameters B, D, J, kappa>")
    assert r"\dot{m}_{0,x} &= " in components.latex()
    assert r"\dot{c}_{0x,1y} &= " in components.latex()
    assert components.text().startswith("m0'_x = -2 D c0z_1x")
    assert components.mathml().count("<mtr>") >= 15
    again = pickle.loads(pickle.dumps(components))
    assert again == components
    assert again.residual == components.residual
    assert components.subs({D: 0}).residual == q.QuantumLLG(kappa).derive(DIMER.subs({D: 0})).cumulants(2).residual
    rhs = pickle.loads(pickle.dumps(components.compile("numpy").bind(NUMBERS)))
    assert np.array_equal(rhs(0.0, y), components.compile("numpy").bind(NUMBERS)(0.0, y))


def test_numbers_of_states_and_of_trajectories():
    law, state = q.QuantumLLG(kappa), q.states.random(MIXED.space, rank=2, seed=1)
    components = law.derive(MIXED).cumulants(2)
    run = q.solve(MIXED, law, state, [0, 0.5], values={n: NUMBERS[n] for n in ("J", "D", "B", "kappa")}, rtol=1e-11)
    found = components.of_state(run)
    assert np.abs(found[0] - components.of_state(state, {})).max() < 1e-14
    for row, rho in zip(found, run.states, strict=True):
        means = {s.name: np.trace(cm.operator(MIXED.space.spins, cm.read(s.name)) @ rho).real
                 for s in components.states}
        assert row[components.states.index(sp.Symbol("m1_20", real=True))] == pytest.approx(means["m1_20"], abs=1e-14)
        pair = components.states.index(sp.Symbol("c0y_1_2p1", real=True))
        assert row[pair] == pytest.approx(means["c0y_1_2p1"] - means["m0_y"] * means["m1_2p1"], abs=1e-14)
    rhs = components.compile("numpy").bind({n: NUMBERS[n] for n in ("J", "D", "B", "kappa")})
    end = solve_ivp(rhs, (0, 0.5), found[0], rtol=1e-11, atol=1e-13).y[:, -1]
    assert np.abs(end - found[1]).max() < 1e-9                          # order N: along the full law's trajectory


ISING = q.Model(q.Space.half(3), [q.Pauli(J, "ZZI"), q.Pauli(D, "IZZ"), q.Zeeman((0, 0, B))])


def means_of_cumulants(components, values, strings, order):
    return np.array([cm.mean(as_cumulants(components, values), cm.read(name), order) for name in strings])


@pytest.mark.parametrize(("model", "order", "operators"), [
    (DIMER, 2, ["XI", "YI", "ZI", "IX", "IY", "IZ", *(a + b for a in "XYZ" for b in "XYZ")]),
    (ISING, 2, ["XII", "YII", "XZI", "YZI", "IZI", "ZII"]),
    (ISING, 1, [q.Pauli(1, "XII"), q.Zeeman((0, 1, 1)), "m1_x", (1, 0, 0), "m2_x"]),
    (TRIMER, 2, [s for s in map("".join, product("IXYZ", repeat=3)) if 1 <= 3 - s.count("I") <= 2])])
def test_chosen_operators_move_as_in_all_cumulants(model, order, operators):
    law = q.Dephasing(kappa**2)
    chosen, whole = law.derive(model).cumulants(order, operators), law.derive(model).cumulants(order)
    y, _ = point(whole, 11)
    moved = whole.compile("numpy").bind({p.name: NUMBERS[p.name] for p in whole.parameters})(0.0, y)
    names = [s.name for s in chosen.states]
    assert set(names) <= {s.name.replace("c", "m") for s in whole.states}
    means = means_of_cumulants(whole, y, names, order)
    expected = means_of_cumulants(whole, y + 1e-30j * moved, names, order).imag / 1e-30
    rhs = chosen.compile("numpy").bind({p.name: NUMBERS[p.name] for p in chosen.parameters})
    assert np.abs(rhs(0.0, means) - expected).max() < 1e-13
    assert np.abs(at(chosen, means, expected)).max() < 1e-13
    arrays = cumulant_function(chosen.written)
    assert np.abs(arrays(0.0, means, [NUMBERS[p.name] for p in chosen.parameters]) - expected).max() < 1e-13


def test_terms_and_expressions_name_all_of_their_strings():
    equation = q.VonNeumann().derive(q.Model(q.Space.half(2), [q.Zeeman((0, 0, 1))]))
    spins = [equation.model.space.spin(i) for i in (0, 1)]
    whole = equation.cumulants(1, ["XI", "YI", "IX", "IY"])
    for operators in (q.Zeeman((1, 1, 0)), [spins[0].x + spins[1].x, spins[0].y - spins[1].y], sp.symbols(
            "m0_x m0_y m1_x m1_y"), [q.Zeeman((1, 0, 0)) + q.Zeeman((0, 1, 0))]):
        assert equation.cumulants(1, operators).residual == whole.residual


def test_closed_sets_of_cumulants_from_an_exact_start():
    """The dimer at D = 0 from Ψ+: cumulants that stay zero are left out; values are those of doubles."""
    state = q.states.bell("psi+")
    components = q.QuantumLLG(kappa).derive(DIMER.subs({D: 0})).cumulants(2)
    part, full = components.closed(state), q.QuantumLLG(kappa).derive(DIMER.subs({D: 0})).pauli().closed(state)
    assert len(part.states) == len(full.states) == 7
    assert {s.name for s in components.states} - {s.name for s in part.states} == \
        {s.name for s, v in part.map.items() if v == 0}
    values = exact_start(components, np.diag([0.5, 0, 0.25, 0.25]))
    assert np.abs(components.of_state(np.diag([0.5, 0, 0.25, 0.25]))
                  - np.array([float(values[s]) for s in components.states])).max() < 1e-15
    assert values[components.states[-1]] == sp.Rational(1, 2)


def test_a_set_that_closes_without_products_needs_no_other_means():
    ising = q.Model(q.Space.half(2), [q.Pauli(J, "ZZ")])
    pair = q.VonNeumann().derive(ising).cumulants(2, ["XI", "YZ"])
    assert [s.name for s in pair.states] == ["m0_x", "m0y_1z"]
    assert pair.residual == (2 * J * pair.states[1] + pair.velocities[0], -2 * J * pair.states[0] + pair.velocities[1])


def test_names_of_states():
    names = [s.name for s in q.VonNeumann().derive(MIXED).cumulants(2).states]
    assert names[:6] == ["m0_x", "m0_y", "m0_z", "m1_x", "m1_y", "m1_z"]
    assert names[6:11] == ["m1_2m2", "m1_2m1", "m1_20", "m1_2p1", "m1_2p2"]
    assert names[11:15] == ["c0x_1x", "c0x_1y", "c0x_1z", "c0x_1_2m2"]
    assert len(names) == 35
    assert [s.name for s in q.VonNeumann().derive(TRIMER).cumulants(3).states][-1] == "c0z_1z_2z"


REFUSED = {
    "a classical law": (lambda: q.ClassicalLLG(1).derive(DIMER).cumulants(), "quantum law"),
    "any spin": (lambda: q.VonNeumann().derive(q.Model(q.Space(sp.Symbol("s", positive=True)))).cumulants(), "numeric"),
    "order zero": (lambda: q.VonNeumann().derive(DIMER).cumulants(0), "from 1 to the number of sites, 2, but is 0"),
    "order three of two": (lambda: q.VonNeumann().derive(DIMER).cumulants(3), "from 1 to the number of sites, 2"),
    "a cluster of three": (lambda: q.VonNeumann().derive(DIMER).cumulants(1, cluster=3), "`cluster` must be from 1"),
    "half an order": (lambda: q.VonNeumann().derive(DIMER).cumulants(1.5), "whole number"),
    "order True": (lambda: q.VonNeumann().derive(DIMER).cumulants(True), "whole number"),
    "too many": (lambda: q.VonNeumann().derive(q.Model(q.Space.half(30))).cumulants(4), "at most 65536 states"),
    "a parameter like a state": (lambda: q.VonNeumann().derive(q.Model(q.Space.half(2), [q.Exchange(
        sp.Symbol("c0x_1y", real=True), 0, 1)])).cumulants(2), "`c0x_1y`"),
    "two levels": (lambda: q.QuantumLL(1).derive(DIMER).cumulants().two_level(), "all of ρ"),
    "a two-level kernel": (lambda: q.QuantumLL(1).derive(DIMER).cumulants().kernel("two-level"), "\"any\""),
    "basis": (lambda: q.QuantumLL(1).derive(DIMER).cumulants().basis, "`basis`"),
    "a set that is not closed": (lambda: q.VonNeumann().derive(DIMER).cumulants(2, ["XI", "ZZ"]),
                                 "need m0z_1y, m0y_1z, m0z_1x; add"),
    "operators of q-LLG": (lambda: q.QuantumLLG(1).derive(DIMER).cumulants(1, ["XI"]), "not linear in ρ"),
    "no operators": (lambda: q.VonNeumann().derive(DIMER).cumulants(1, []), "is empty"),
    "an unknown operator": (lambda: q.VonNeumann().derive(DIMER).cumulants(1, ["m7_x"]), "m7_x"),
    "the identity": (lambda: q.VonNeumann().derive(DIMER).cumulants(1, ["II"]), "identity"),
    "a pair at order one": (lambda: q.VonNeumann().derive(DIMER).cumulants(1, ["XX"]), "at most `order` = 1 sites"),
    "numbers": (lambda: q.VonNeumann().derive(DIMER).cumulants(1, [7]), "list of operators, but one is of type int"),
    "ħ without a number": (lambda: q.VonNeumann().derive(q.Model(q.Space("1/2"), [], hbar=sp.Symbol(
        "h", positive=True))).cumulants().of_state(q.states.product("up")), "ħ a number"),
    "a number": (lambda: q.VonNeumann().derive(DIMER).cumulants(1, 7), "list of operators"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_in_one_sentence(case):
    action, words = REFUSED[case]
    with pytest.raises(q.InputError if "whole" not in words and "list of" not in words else q.InputTypeError,
                       match=words) as caught:
        action()
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


def test_what_cannot_be_written_out_is_refused_after_a_few_rows():
    chain = q.Model(q.Space.half(20), q.chain(20, q.Exchange, sp.Symbol("J", real=True)))
    with pytest.raises(q.DerivationError, match="equations have up to") as refused:
        _ = q.QuantumLLG(1).derive(chain).cumulants(2).residual
    said = str(refused.value).replace(",", "")
    counted, total = map(int, re.findall(r"(\d+) of (\d+) equations", said)[0])
    assert total == 20 * 3 + 190 * 9
    assert counted < total / 10         # all rows take a minute
