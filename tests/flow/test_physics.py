"""The laws of physics along computed trajectories: what is kept, what falls, what is covariant, which way it turns."""

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp

import oracle
import qllg_sym as q
from flow.reference import distance, integrate, velocity
from strategies import random_density, random_hermitian, random_kets, seeds
from systems import DampedSpin, IsotropicDimer, Larmor

KAPPAS = st.sampled_from([0.0, 0.5, 3.0])
DIMENSIONS = st.integers(2, 5)
STENCIL = ((1, 4 / 5), (2, -1 / 5), (3, 4 / 105), (4, -1 / 280))        # eighth order
PLUS = np.array([0, 1, 1, 0]) / np.sqrt(2)
SINGLET = np.array([0, 1, -1, 0]) / np.sqrt(2)


def problem(d, rank, seed, scale=1.0):
    """(model of one spin with a random Hermitian H, H, ρ of a rank)."""
    rng = np.random.default_rng(seed)
    h = scale * random_hermitian(rng, d)
    return q.Model(q.Space(sp.Rational(d - 1, 2)), [q.Operator(h)]), h, random_density(rng, d, min(rank, d))[0]


def dimer(J=1.0, D=0.0, B=(1.0, 0, 0), extra=()):
    return q.Model(q.Space.half(2), [q.Zeeman(B), q.Exchange(J, 0, 1), q.DMI((0, 0, D), 0, 1), *extra])


def rescaled(law, model, rho, times, factor):
    """The states of a law on a time axis stretched by a factor."""
    return q.solve(model, law, rho, np.asarray(times) * factor).states


@settings(max_examples=15)
@given(DIMENSIONS, st.integers(1, 5), seeds, KAPPAS, st.sampled_from([q.QuantumLLG, q.QuantumLL]))
def test_what_an_isospectral_flow_keeps(d, rank, seed, kappa, law):
    """Trace, Hermiticity, positivity, spectrum to 1e-12; energy never rises at κ ≥ 0 and constant H."""
    model, h, rho = problem(d, rank, seed)
    found = q.solve(model, law(kappa), rho, np.linspace(0, 3, 13), method="frame")
    states = found.states
    assert distance(np.trace(states, axis1=1, axis2=2), 1) < 1e-12
    assert distance(states, states.conj().swapaxes(1, 2)) < 1e-12
    levels = np.array([np.linalg.eigvalsh(s) for s in states])
    assert distance(levels, np.linalg.eigvalsh(rho)) < 1e-12
    assert levels.min() > -1e-12
    assert max(found.invariants.values()) < 1e-12
    assert distance(found.energy, [np.trace(s @ h).real for s in states]) < 1e-12
    slope = np.diff(found.energy)
    if kappa:
        assert slope.max() < 1e-10                                     # the tolerance of the integrator
        assert slope.min() < -1e-6                                     # and it does move
    else:
        assert distance(found.energy, found.energy[0]) < 1e-9


def test_negative_damping_raises_the_energy():
    """The broken twin of "never rises"."""
    model, _, rho = problem(3, 2, seed=5)
    assert np.diff(q.solve(model, q.QuantumLLG(-0.5), rho, np.linspace(0, 1, 5)).energy).min() > 1e-4


@settings(max_examples=12)
@given(DIMENSIONS, st.integers(1, 5), seeds, st.sampled_from([0.0, 0.5, 10.0]), st.sampled_from(["frame", "auto"]))
def test_residual_of_the_implicit_law_along_the_path(d, rank, seed, kappa, method):
    """R(ρ, ρ̇) = 0 with ρ̇ from differences of the computed states alone."""
    model, h, rho = problem(d, rank, seed)
    law, step = q.QuantumLLG(kappa), 0.02
    for centre in (0.5, 1.5):
        times = [0.0, *(centre + step * np.arange(-4, 5))]
        states = q.solve(model, law, rho, times, method=method, rtol=1e-13, atol=1e-15).states[1:]
        drho = sum(c * (states[4 + k] - states[4 - k]) for k, c in STENCIL) / step
        assert np.abs(drho - velocity(law, states[4], h, 1.0, [], {})).max() < 2e-8
        assert np.abs(oracle.residual(law, model, states[4], drho, {})).max() < 2e-7


@settings(max_examples=10)
@given(DIMENSIONS, st.integers(1, 5), seeds)
def test_the_limit_without_damping_is_unitary(d, rank, seed):
    model, h, rho = problem(d, rank, seed)
    levels, vectors = np.linalg.eigh(h)
    times = np.array([0.0, 0.4, 2.0])
    expected = []
    for t in times:
        u = (vectors * np.exp(-1j * levels * t)) @ vectors.conj().T
        expected.append(u @ rho @ u.conj().T)
    for law in (q.VonNeumann(), q.QuantumLLG(0), q.QuantumLL(0)):
        assert distance(q.solve(model, law, rho, times).states, expected) < 1e-8
    near = [distance(q.solve(model, q.QuantumLLG(kappa), rho, times).states, expected) for kappa in (1e-4, 1e-2)]
    assert near[0] < 1e-2
    assert near[1] > 20 * near[0]                                      # linear in κ


@settings(max_examples=10)
@given(DIMENSIONS, st.integers(1, 5), seeds, KAPPAS, st.sampled_from([q.QuantumLLG, q.QuantumLL]))
def test_unitary_covariance(d, rank, seed, kappa, law):
    """ρ → UρU†, H → UHU† for a constant unitary."""
    model, h, rho = problem(d, rank, seed)
    u = np.linalg.qr(random_kets(np.random.default_rng(seed + 1), d, d)[0])[0]
    turned = u @ h @ u.conj().T
    twin = q.Model(model.space, [q.Operator((turned + turned.conj().T) / 2)])
    moved = u @ rho @ u.conj().T
    times = [0.0, 0.5, 1.5]
    first = q.solve(model, law(kappa), rho, times).states
    second = q.solve(twin, law(kappa), (moved + moved.conj().T) / 2, times).states
    assert distance(u @ first @ u.conj().T, second) < 1e-8
    assert distance(first[-1], first[0]) > 1e-3


def swapped(rho, dims):
    return rho.reshape(*dims, *dims).transpose(1, 0, 3, 2).reshape(rho.shape)


@pytest.mark.parametrize("spins", [("1/2", "1/2"), ("1/2", "1")])
@pytest.mark.parametrize("method", ["frame", "pauli"])
def test_exchange_of_the_two_spins(spins, method):
    """Renaming the sites: H changes its labels, DMI its sign, ρ its tensor factors."""
    space, mirror = q.Space(*spins), q.Space(*spins[::-1])
    model = q.Model(space, [q.Zeeman((0.2, 0, 1), sites=[0]), q.Exchange(0.7, 0, 1), q.DMI((0, 0.3, 0.5), 0, 1)])
    twin = q.Model(mirror, [q.Zeeman((0.2, 0, 1), sites=[1]), q.Exchange(0.7, 1, 0), q.DMI((0, -0.3, -0.5), 0, 1)])
    rho = random_density(np.random.default_rng(8), space.dimension, 3)[0]
    times = [0.0, 0.6, 1.7]
    first = q.solve(model, q.QuantumLLG(0.5), rho, times, method=method)
    second = q.solve(twin, q.QuantumLLG(0.5), swapped(rho, space.dimensions), times, method=method)
    assert distance([swapped(s, space.dimensions) for s in first.states], second.states) < 1e-8
    assert distance(first.bloch(0), second.bloch(1)) < 1e-8
    wrong = q.Model(mirror, [*twin.terms[:2], q.DMI((0, 0.3, 0.5), 0, 1)])
    assert distance(q.solve(wrong, q.QuantumLLG(0.5), swapped(rho, space.dimensions), times).bloch(1),
                    first.bloch(0)) > 1e-2


@pytest.mark.parametrize(("state", "gap"), [
    (q.states.product("up", "down"), 1.0), (q.states.bell("phi-"), 1.0), (q.states.werner("psi+", 0.6), 0.6),
    (q.states.werner("psi-", -0.25), 0.25), (np.diag([0.4, 0.4, 0.1, 0.1]), 0.3)], ids=str)
def test_ll_and_llg_are_one_curve_for_two_valued_spectra(state, gap):
    """q-LLG at time (1 + κ²δ²) t is q-LL at time t."""
    model, kappa, times = dimer(D=0.4, B=(1, 0.2, 0.1)), 0.8, [0.0, 0.5, 1.5, 3.0]
    slow = rescaled(q.QuantumLLG(kappa), model, state, times, 1 + (kappa * gap)**2)
    fast = q.solve(model, q.QuantumLL(kappa), state, times).states
    assert distance(slow, fast) < 1e-12
    assert distance(rescaled(q.QuantumLLG(kappa), model, state, times, 1.0), fast) > 1e-3


def test_ll_and_llg_differ_for_three_levels():
    """No one factor of a fine scan brings the two curves together."""
    model, kappa = dimer(D=0.4, B=(1, 0.2, 0.1)), 2.0
    rho = random_density(np.random.default_rng(4), 4, 4)[0]
    times = np.linspace(0, 1.5, 4)
    fast = q.solve(model, q.QuantumLL(kappa), rho, times).states
    gaps = [rescaled(q.QuantumLLG(kappa), model, rho, times, f) for f in np.linspace(1, 1 + kappa**2, 26)]
    assert min(distance(states, fast) for states in gaps) > 1e-2


def test_ll_and_llg_part_quadratically_in_the_damping():
    model, rho = dimer(D=0.4), random_density(np.random.default_rng(4), 4, 4)[0]
    gaps = [distance(q.solve(model, q.QuantumLL(k), rho, [0, 1.0]).states,
                     q.solve(model, q.QuantumLLG(k), rho, [0, 1.0]).states) for k in (0.02, 0.04)]
    assert gaps[1] / gaps[0] == pytest.approx(4, rel=0.1)


@pytest.mark.parametrize("method", ["exact", "frame", "pauli"])
def test_handedness(method):
    """Seen from the field's tip a moment turns clockwise, for γ_g > 0, and damping brings it to the field."""
    for system, sign in ((Larmor(), -1), (Larmor(B=-1.5), 1)):
        found = q.solve(system.model, system.law, system.state, [0, 0.1], method=method).bloch(0)[1]
        assert np.sign(found[1]) == sign
        assert found[1] == pytest.approx(sign * np.sin(0.15), abs=1e-9)
    damped = q.solve(DampedSpin().model, q.QuantumLLG(0.5), DampedSpin().state, [0, 5.0], method=method).bloch(0)
    assert damped[1, 2] > 0.5


@pytest.mark.parametrize("kappa", [0.0, 0.5, 10.0])
def test_long_times_stay_finite_in_the_exact_method(kappa):
    """t = 1e4: no overflow, an orthonormal frame, and at the end the ground state of the closed form."""
    system = IsotropicDimer(kappa=kappa)
    times = [0.0, 10.0, 1e2, 1e4]
    one = q.solve(system.model, q.QuantumLLG(kappa), system.state, times)
    several = q.solve(system.model, q.QuantumLLG(kappa), np.diag([0.5, 0.5, 0, 0]), times)
    assert one.method == several.method == "exact"
    for found in (one, several):
        assert np.isfinite(found.states).all()
        assert max(found.invariants.values()) < 1e-13
    assert distance(one.states, [system.exact(t) for t in times]) < 1e-10
    if kappa:
        assert one.expectation(np.outer(SINGLET, SINGLET))[-1] == pytest.approx(1, abs=1e-12)
        levels = np.linalg.eigvalsh(oracle.hamiltonian(system.model, {}))
        assert several.energy[-1] == pytest.approx(levels[:2].mean(), abs=1e-12)     # rank 2: the two lowest


def rank_two_at_many_digits(h, kappa, t):
    """ρ(t) from ρ(0) = diag(½, ½, 0, 0): half the projector on exp(−iKt) range(P), at 400 digits."""
    with mp.workdps(400):
        levels, v = mp.eigsy(mp.matrix(h.real.tolist()))
        # The exponent of pure states a second time on purpose, in more digits.
        rate = -(mp.mpf(kappa) / 2 + 1j) / (1 + (mp.mpf(kappa) / 2)**2)
        moved = v * mp.diag([mp.exp(rate * e * t) for e in levels]) * v.T * mp.eye(4)[:, :2]
        return np.array((moved * (moved.H * moved)**-1 * moved.H / 2).tolist(), dtype=complex)


@pytest.mark.parametrize("kappa", [0.5, -0.5])
@pytest.mark.parametrize("times", [[0.0, 40.0], np.linspace(0, 40, 81)], ids=len)
def test_one_long_step_keeps_every_column(kappa, times):
    """Rank 2 of 4: in doubles the columns of exp(−iKt) range(P) would be parallel long before t = 40."""
    system = IsotropicDimer()
    h = oracle.hamiltonian(system.model, {})
    found = q.solve(system.model, q.QuantumLLG(kappa), np.diag([0.5, 0.5, 0, 0]), times)
    assert distance(found.final_state, rank_two_at_many_digits(h, kappa, 40)) < 1e-14
    late = q.solve(system.model, q.QuantumLLG(kappa), np.diag([0.5, 0.5, 0, 0]), [0.0, 1e4])
    levels = np.linalg.eigvalsh(h)
    assert late.energy[-1] == pytest.approx((levels[:2] if kappa > 0 else levels[2:]).mean(), abs=1e-12)


@settings(max_examples=10)
@given(seeds, st.sampled_from([0.3, 2.0]))
def test_rank_two_of_four_is_the_same_by_frame(seed, kappa):
    rng = np.random.default_rng(seed)
    frame = np.linalg.qr(random_kets(rng, 4, 2)[0])[0]
    rho = 0.1 * np.eye(4) + 0.3 * frame @ frame.conj().T
    model = q.Model(q.Space.half(2), [q.Operator(random_hermitian(rng, 4))])
    exact, frame = (q.solve(model, q.QuantumLLG(kappa), rho, [0.0, 0.7, 2.0], method=m) for m in ("exact", "frame"))
    assert distance(exact.states, frame.states) < 1e-8


@pytest.mark.filterwarnings("ignore:Errors grow with the motion")       # that is what this test is about
@pytest.mark.parametrize("method", ["exact", "frame", "pauli"])
def test_a_symmetric_start_keeps_its_symmetry_for_a_while(method):
    """Ψ+ at D = 0 has no singlet part; rounding grows, but not beyond 1e-5 for t ≤ 20. With D it is not kept."""
    times = [0.0, 5.0, 10.0, 20.0]
    weights = q.solve(dimer(), q.QuantumLLG(0.5), q.states.bell("psi+"), times, method=method).expectation(
        np.outer(SINGLET, SINGLET))
    assert np.abs(weights).max() < 1e-5
    triplet = q.solve(dimer(), q.QuantumLLG(0.5), PLUS, [0.0, 20.0], method=method).final_state
    plus_x = np.ones(4) / 2                                            # lowest triplet state in a field along x
    assert (plus_x @ triplet @ plus_x).real == pytest.approx(1, abs=1e-4)
    broken = q.solve(dimer(D=0.2), q.QuantumLLG(0.5), q.states.bell("psi+"), times, method=method)
    assert broken.expectation(np.outer(SINGLET, SINGLET))[-1] > 0.1


def test_dephasing_loses_purity_and_keeps_populations():
    rate, model = 0.3, q.Model(q.Space("1"), [q.Zeeman((0, 0, 1))])
    rho = random_density(np.random.default_rng(1), 3, 3)[0]
    times = np.array([0.0, 1.0, 4.0])
    found = q.solve(model, q.Dephasing(rate), rho, times)
    m = np.array([1, 0, -1])
    decay = np.exp(-rate / 2 * np.subtract.outer(m, m)[None]**2 * times[:, None, None])
    turn = np.exp(1j * np.subtract.outer(m, m)[None] * times[:, None, None])
    assert distance(found.states, rho * decay * turn) < 1e-9
    assert np.all(np.diff(found.purity) < -1e-3)
    assert found.method == "pauli"


def test_the_independent_solver_obeys_the_printed_law():
    """`reference` is checked by the residual of `oracle`, on both sides of its change of algorithm."""
    for d in (3, 6):
        model, h, rho = problem(d, 3, seed=d)
        for law in (q.QuantumLLG(0.7), q.QuantumLL(0.7), q.VonNeumann()):
            drho = velocity(law, rho, h, 1.0, [], {})
            assert np.abs(oracle.residual(law, model, rho, drho, {})).max() < 1e-13
    assert distance(integrate(Larmor().model, Larmor().law, Larmor().state, [0, 1.0])[-1], Larmor().exact(1.0)) < 1e-11
