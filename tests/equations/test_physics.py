"""Signs and laws of physics that any mistake in a derivation breaks."""

import numpy as np
import pytest
import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import oracle
import qllg_sym as q
import strategies

J, D, KAPPA = sp.symbols("J D kappa", real=True)
B = sp.symbols("B_x B_y B_z", real=True)
HALF2 = q.Space("1/2", "1/2")
LAWS = [q.VonNeumann(), q.QuantumLL(KAPPA), q.QuantumLLG(KAPPA)]
DIMER = q.Model(HALF2, [q.Zeeman((0.3, 1, -0.6)), q.Exchange(0.8, 0, 1), q.DMI((0.2, 0, 0.5), 0, 1)])


def names(comp):
    return {s.name: s for s in comp.states}


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.kind)
@pytest.mark.parametrize("s", ["1/2", "3/2"])
def test_a_spin_turns_clockwise_about_the_field(law, s):
    """By hand: dη/dt = γ η × B, and x̂ × ẑ = −ŷ: a spin along x in a field along z starts towards −y if γ > 0."""
    gamma = sp.Symbol("gamma", positive=True)
    comp = law.derive(q.Model(q.Space(s), [q.Zeeman((0, 0, 1))], gamma=gamma)).eta()
    start = dict(zip(comp.states, (1, 0, 0), strict=True))
    velocity = comp.mass.subs(start).LUsolve(comp.forcing.subs(start))
    assert velocity[1].subs(KAPPA, sp.Rational(1, 2)).is_negative
    assert velocity[0] == 0
    assert velocity[2].subs(KAPPA, 0) == 0


@pytest.mark.parametrize("law", LAWS[1:], ids=lambda law: law.kind)
@pytest.mark.parametrize("gamma", [1, -1])
def test_damping_turns_the_moment_towards_the_field_of_its_energy(law, gamma):
    """H = −γ B·S: for κ > 0 the spin climbs to +B if γ > 0, to −B if γ < 0."""
    comp = law.derive(q.Model(q.Space("1/2"), [q.Zeeman((0, 0, 1))], gamma=gamma)).pauli()
    start = dict(zip(comp.states, (1, 0, 0), strict=True)) | {KAPPA: sp.Rational(1, 2)}
    velocity = comp.mass.subs(start).LUsolve(comp.forcing.subs(start))
    assert sp.sign(velocity[2]) == gamma


@pytest.mark.parametrize("kind", ["q-ll", "q-llg"])
@given(data=st.data())
def test_energy_falls_at_the_stated_rate(kind, data):
    """q-LLG: dE/dt = −ħκ Tr ρ̇²; q-LL: dE/dt = −(κ/ħ)‖[ρ, H]‖²; from the components."""
    model, rho = DIMER, data.draw(strategies.density(4))
    kappa = float(data.draw(strategies.nonzero()))
    comp = COMPONENTS[kind]
    drho = solved(comp, rho, {KAPPA: kappa})
    h = oracle.hamiltonian(model, {})
    torque = oracle.commutator(rho, h)
    loss = np.trace(drho @ drho).real if kind == "q-llg" else -np.trace(torque @ torque).real
    assert np.trace(drho @ h).real == pytest.approx(-kappa * loss, abs=1e-11)
    assert loss >= 0


@pytest.mark.parametrize("kind", ["von-neumann", "q-ll", "q-llg"])
@given(data=st.data())
def test_spectrum_is_conserved(kind, data):
    rho = data.draw(strategies.density(4))
    drho = solved(COMPONENTS[kind], rho, {KAPPA: 0.7})
    power = rho
    for _ in range(3):
        assert np.trace(power @ drho) == pytest.approx(0, abs=1e-12)
        power = power @ rho
    assert np.abs(drho).max() > 1e-6


def test_dephasing_loses_purity():
    rho = np.full((4, 4), 0.25)
    drho = solved(q.Dephasing(1).derive(DIMER).pauli(), rho, {})
    assert np.trace(rho @ drho).real < -0.1


STRINGS = oracle.pauli_strings(2)
COMPONENTS = {law.kind: law.derive(DIMER).pauli() for law in LAWS}


def solved(comp, rho, values):
    """ρ̇ of a dimer from mass · velocity = forcing."""
    coordinates = oracle.coordinates([a for _, a in STRINGS], rho)
    point = {**values, **dict(zip(comp.states, coordinates, strict=True))}
    n = len(comp.states)
    velocity = np.linalg.solve(oracle.numbers(comp.mass, point).reshape(n, n), oracle.numbers(comp.forcing, point))
    return sum(c * a for c, (_, a) in zip(velocity, STRINGS, strict=True)) / 4


@pytest.mark.parametrize("law", [*LAWS, q.Dephasing(KAPPA)], ids=lambda law: law.kind)
def test_exchange_of_the_two_spins(law):
    """Swapping the sites of every term swaps the letters of every component, exactly."""
    first = law.derive(q.Model(HALF2, [q.Zeeman(B, sites=[0]), q.Exchange(J, 0, 1), q.DMI((0, 0, D), 0, 1)])).pauli()
    second = law.derive(q.Model(HALF2, [q.Zeeman(B, sites=[1]), q.Exchange(J, 1, 0), q.DMI((0, 0, D), 1, 0)])).pauli()
    swap = {s: sp.Symbol(s.name[:-2] + s.name[:-3:-1], real=True) for s in (*first.states, *first.velocities)}
    found = dict(zip(second.velocities, second.residual, strict=True))
    for velocity, equation in zip(first.velocities, first.residual, strict=True):
        assert found[swap[velocity]] == equation.xreplace(swap)
    assert second.residual != first.residual


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.kind)
def test_turning_the_axes_turns_the_equations(law):
    """The rotation x → y → z → x is exact: fields, couplings and components move together."""
    a, b, c = B
    M = sp.Matrix(3, 3, sp.symbols("M:9", real=True))
    turn = sp.Matrix([[0, 0, 1], [1, 0, 0], [0, 1, 0]])
    first = law.derive(q.Model(HALF2, [q.Zeeman((a, b, c)), q.Bilinear(M.tolist(), 0, 1),
                                       q.DMI((D, 0, J), 0, 1)])).pauli()
    second = law.derive(q.Model(HALF2, [q.Zeeman((c, a, b)), q.Bilinear((turn * M * turn.T).tolist(), 0, 1),
                                        q.DMI((J, D, 0), 0, 1)])).pauli()
    letters = str.maketrans("xyz", "yzx")
    moved = {s: sp.Symbol(s.name[:-2] + s.name[-2:].translate(letters), real=True)
             for s in (*first.states, *first.velocities)}
    found = dict(zip(second.velocities, second.residual, strict=True))
    for velocity, equation in zip(first.velocities, first.residual, strict=True):
        assert found[moved[velocity]] == equation.xreplace(moved)


def cayley(w):
    """A rational rotation (1 − A)⁻¹(1 + A) with A w-antisymmetric, as an exact matrix."""
    x, y, z = (sp.Rational(v.numerator, v.denominator) for v in w)
    a = sp.Matrix([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return (sp.eye(3) - a).inv() * (sp.eye(3) + a)


@pytest.mark.parametrize("law", [q.QuantumLL(0.5), q.QuantumLLG(0.5)], ids=lambda law: law.kind)
@settings(max_examples=4)
@given(w=st.tuples(*[strategies.rationals()] * 3), seed=strategies.seeds)
def test_unitary_covariance(law, w, seed):
    """For every rotation R and state: the residual of the turned model at the turned state is the turned residual."""
    turn = cayley(w)
    assert turn.T * turn == sp.eye(3)
    field, vector = sp.Matrix([1, -2, sp.Rational(1, 2)]), sp.Matrix([0, sp.Rational(1, 3), 1])
    m = sp.Matrix([[1, 2, 0], [0, -1, 1], [3, 0, 1]])

    def residual(r, state):
        terms = [q.Zeeman(tuple(r * field)), q.Bilinear((r * m * r.T).tolist(), 0, 1), q.DMI(tuple(r * vector), 0, 1)]
        comp = law.derive(q.Model(HALF2, terms)).pauli()
        return tensor(oracle.numbers(comp.residual, dict(zip((*comp.states, *comp.velocities), state, strict=True))))

    def tensor(values):
        return np.array([0, *values]).reshape(4, 4)

    def turned(values, r):
        full = np.eye(4)
        full[1:, 1:] = np.array(r.tolist(), dtype=float)
        return full @ tensor(values) @ full.T
    states = np.random.default_rng(seed).normal(size=(2, 15))
    before = residual(sp.eye(3), states.ravel())
    after = residual(turn, np.concatenate([turned(x, turn).ravel()[1:] for x in states]))
    assert after == pytest.approx(turned(before.ravel()[1:], turn), abs=1e-10 * max(1, np.abs(before).max()))


def test_a_mirror_is_no_symmetry():
    """The broken twin of covariance: an improper rotation reverses the precession."""
    comp = q.VonNeumann().derive(q.Model(q.Space("1/2"), [q.Zeeman(B)])).pauli()
    flip = {s: -s for s in (*comp.states, *comp.velocities, *B)}
    assert [-e.xreplace(flip) for e in comp.residual] != list(comp.residual)


@pytest.mark.parametrize("p", [1.0, 0.9, 0.35])
@given(data=st.data())
def test_both_dampings_agree_up_to_one_factor_on_two_levels(p, data):
    """ρ̇_LL = (1 + κ²δ²) ρ̇_LLG iff all active gaps equal δ: pure and Werner-like states."""
    rank_one = strategies.random_kets(np.random.default_rng(data.draw(strategies.seeds)), 4, 1)[0]
    rho = (1 - p) / 4 * np.eye(4) + p * rank_one @ rank_one.conj().T
    kappa = 1.5
    ll, llg = (solved(COMPONENTS[k], rho, {KAPPA: kappa}) for k in ("q-ll", "q-llg"))
    assert ll == pytest.approx((1 + kappa**2 * p**2) * llg, abs=1e-11)
    assert not np.allclose(ll, llg, atol=1e-3)


@given(data=st.data())
def test_both_dampings_differ_on_generic_states(data):
    rho = data.draw(strategies.density(4))
    gaps = np.diff(np.linalg.eigvalsh(rho))
    assume(gaps.min() > 0.02)
    ll, llg = (solved(COMPONENTS[k], rho, {KAPPA: 3.0}) for k in ("q-ll", "q-llg"))
    factor = np.vdot(llg, ll) / np.vdot(llg, llg)
    assert np.abs(ll - factor * llg).max() > 1e-6
    kappa = 1e-4                                                    # at fixed ρ the two differ by O(κ²)
    near = [solved(COMPONENTS[k], rho, {KAPPA: kappa}) for k in ("q-ll", "q-llg")]
    assert np.abs(near[0] - near[1]).max() < 10 * kappa**2
