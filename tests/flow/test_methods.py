"""Every method against exact reference problems, against an independent solver, and against each other."""

from types import SimpleNamespace

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

import oracle
import qllg_sym as q
from flow.reference import bound, distance, integrate
from qllg_sym.flow import methods
from qllg_sym.flow.options import Options
from qllg_sym.flow.pose import pose
from qllg_sym.flow.problem import Problem
from strategies import (
    density,
    examples,
    models,
    quantum_laws,
    random_density,
    random_hermitian,
    seeds,
    two_level,
    values,
)
from systems import CLASSICAL, QUANTUM, IsotropicDimer

TOLERANCE = 1e-10
AGREE = 100 * TOLERANCE
TIMES = np.array([0.0, 0.35, 0.9, 1.0, 2.3, 4.0])
SMALL = (("1/2",), ("1",), ("3/2",), ("1/2", "1/2"))


def fitting(model, law, state, numbers=None):
    """Names of the methods that take this problem."""
    problem = pose(model, law, state, [0.0, 1.0], numbers, Options(rtol=TOLERANCE, atol=TOLERANCE))
    return [name for name in methods.names() if methods.find(name).refuses(problem) is None]


@pytest.mark.parametrize("system", QUANTUM, ids=repr)
def test_every_method_reproduces_the_exact_solution(system):
    names = fitting(system.model, system.law, system.state)
    assert {"frame", "pauli"} <= set(names)
    assert ("exact" in names) == (system.model.space.dimension != 4 or isinstance(system, IsotropicDimer))
    expected = np.array([system.exact(t) for t in TIMES])
    for name in [*names, "auto"]:
        found = q.solve(system.model, system.law, system.state, TIMES, method=name)
        assert distance(found.states, expected) < (1e-13 if found.method == "exact" else AGREE), name
    assert found.method == names[0]                                 # "auto" prefers exact to frame


@pytest.mark.parametrize("system", CLASSICAL, ids=repr)
def test_moments_reproduce_the_exact_solution(system):
    assert fitting(system.model, system.law, system.state) == ["moments"]
    found = q.solve(system.model, system.law, system.state, TIMES)
    assert distance(found.moments, [system.exact(t) for t in TIMES]) < AGREE
    assert found.method == "moments"


def test_a_wrong_sign_is_seen():
    """The broken twin: another sign of κ, of J or of B is far from the reference."""
    system = IsotropicDimer()
    expected = np.array([system.exact(t) for t in TIMES])
    for twin in (IsotropicDimer(kappa=-0.5), IsotropicDimer(J=-1.0), IsotropicDimer(B=-1.0)):
        found = q.solve(twin.model, twin.law, system.state, TIMES)
        assert distance(found.states, expected) > 0.1


@pytest.mark.parametrize("rtol", [1e-6, 1e-8, 1e-12])
def test_errors_follow_the_tolerance(rtol):
    system = IsotropicDimer()
    expected = np.array([system.exact(t) for t in TIMES])
    errors = {name: distance(q.solve(system.model, system.law, system.state, TIMES, method=name, rtol=rtol,
                                     atol=rtol / 100).states, expected) for name in ("frame", "pauli")}
    assert all(error < 100 * rtol for error in errors.values()), errors
    assert rtol < 1e-7 or max(errors.values()) > 1e-12              # a loose tolerance is used, not ignored


@examples(16)
@given(models(spaces=SMALL), quantum_laws(), values(), st.data())
def test_methods_agree_with_an_independent_solver(model, law, numbers, data):
    """Random models, H(t) among them, any ħ and γ, states of every rank, times that do not start at 0."""
    numbers = {s: float(v) for s, v in numbers.items()}
    rho = data.draw(density(model.space.dimension))
    times = data.draw(st.sampled_from([0.0, -1.5, 2.0])) + np.array([0.0, 0.11, 0.3])
    numeric = bound(law.derive(model), numbers)
    expected = integrate(model, law, rho, times, numbers)
    names = fitting(model, law, rho, numeric)
    assert names
    for name in names:
        found = q.solve(model, law, rho, times, numeric, method=name, rtol=TOLERANCE, atol=TOLERANCE / 100)
        assert distance(found.states, expected) < AGREE, name
        energy = [np.trace(r @ oracle.hamiltonian(model, {**numbers, q.t: t})).real
                  for r, t in zip(expected, times, strict=True)]
        assert distance(found.energy, energy) < AGREE * max(1, distance(energy, 0)), name


@examples(12)
@given(st.sampled_from([("1", "1/2"), ("1/2", "3/2"), ("1", "1"), ("1/2",) * 3]), st.integers(1, 4), seeds,
       st.sampled_from([-0.7, 0.5, 3.0]))
def test_frame_pauli_and_reference_agree_in_mixed_spaces(spins, rank, seed, kappa):
    rng = np.random.default_rng(seed)
    space = q.Space(*spins)
    model = q.Model(space, [q.Zeeman((0.3, sp.sin(2 * q.t), 1), g=2), q.Bilinear(rng.normal(size=(3, 3)), 0, 1)],
                    hbar=0.5, gamma=-1.25)
    rho = random_density(rng, space.dimension, rank)[0]
    times = [1.0, 1.2, 1.5]
    still, swing = (oracle.hamiltonian(model, {q.t: t}) for t in (0.0, np.pi / 4))
    for law in (q.QuantumLLG(kappa), q.QuantumLL(kappa)):
        expected = integrate(model, law, rho, times, h=lambda t: still + np.sin(2 * t) * (swing - still))
        for name in ("frame", "pauli"):
            found = q.solve(model, law, rho, times, method=name)
            assert distance(found.states, expected) < AGREE, (name, law)


@examples(15)
@given(st.data(), st.integers(2, 5), seeds, st.sampled_from([0.0, 0.5, -2.0, 10.0]))
def test_exact_agrees_for_every_two_valued_spectrum(data, d, seed, kappa):
    """Projectors of every rank over a background, in spaces of one spin with a random Hermitian H."""
    rho, _ = data.draw(two_level(d))
    h = random_hermitian(np.random.default_rng(seed), d)
    model = q.Model(q.Space(sp.Rational(d - 1, 2)), [q.Operator(h)])
    for law in (q.QuantumLLG(kappa), q.QuantumLL(kappa / 4)):
        found = q.solve(model, law, rho, [0.0, 0.2, 1.0])
        assert found.method == "exact"
        reference = integrate(model, law, rho, [0.0, 0.2, 1.0])
        assert distance(found.states, reference) < 1e-9


def test_units_of_the_laboratory():
    """ħ and γ_g in meV, ps, T: the same curve as with ħ = γ_g = 1 on a rescaled axis."""
    units = q.Units("meV", "ps")
    energy, plain = 0.1, IsotropicDimer(J=1.0, B=1.0)
    field = energy / (units.gamma * units.hbar)                    # γ_g ħ B = 0.1 meV
    model = q.Model(plain.model.space, [q.Zeeman((field, 0, 0)), q.Exchange(energy, 0, 1)], hbar=units.hbar,
                    gamma=units.gamma)
    times = TIMES * units.hbar / energy
    for name in ("exact", "frame", "pauli"):
        found = q.solve(model, plain.law, plain.state, times, method=name)
        assert distance(found.states, [plain.exact(t) for t in TIMES]) < 1e-8
        assert found.energy[0] == pytest.approx(-energy)           # ⟨↑↓|H|↑↓⟩ = −J
        assert found.hbar == units.hbar


def test_symbolic_hbar_and_gamma_get_their_numbers():
    h = sp.Symbol("h", positive=True)
    gamma = sp.Symbol("gamma_g", real=True)
    model = q.Model(q.Space("1"), [q.Zeeman((0, 0, 1.5))], hbar=h, gamma=gamma)
    numbers = {"h": 0.5, gamma: -2.0}
    state = q.states.eta(model.space, (1, 0, 0), hbar=0.5)
    for name in ("frame", "pauli"):
        found = q.solve(model, q.VonNeumann(), state, TIMES, numbers, method=name)
        angle = 3.0 * TIMES                                        # γ_g < 0: anticlockwise
        turn = np.stack([np.cos(angle), np.sin(angle), 0 * angle], axis=1)
        assert distance(found.bloch(0), turn * found.bloch(0)[0, 0]) < 1e-9
        assert found.bloch(0)[0, 0] == pytest.approx(2 / 3 * 0.5)    # ⟨S⟩ = η ħ² s(s+1)/3
    thermal = q.solve(model, q.VonNeumann(), q.states.thermal(model, 0.8), [0.0], numbers)
    levels = np.exp(0.8 * -2.0 * 1.5 * 0.5 * np.array([1, 0, -1]))
    assert distance(np.diag(thermal.states[0]), levels / levels.sum()) < 1e-14


@pytest.mark.parametrize("method", ["exact", "frame", "pauli"])
def test_one_time_is_the_state_itself(method):
    system = IsotropicDimer()
    found = q.solve(system.model, system.law, system.state, [2.5], method=method)
    assert distance(found.states, [system.state]) < 1e-15
    assert found.times.tolist() == [2.5]
    assert distance(found.at(2.5), system.state) < 1e-15


def test_damping_that_depends_on_time():
    """κ(t) = t: "exact" must step aside, frame and pauli follow ∫ of the rate: tanh u with u̇ = κ/(1 + κ²)."""
    model = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, 1))])
    law = q.QuantumLLG(q.t)
    assert fitting(model, law, np.diag([1.0, 0.0])) == ["frame", "low-rank", "pauli"]
    for name in ("frame", "pauli"):
        found = q.solve(model, law, q.states.product("+x"), TIMES, method=name)
        assert distance(found.bloch(0)[:, 2], np.tanh(np.log(1 + TIMES**2) / 2)) < AGREE


def test_thermal_and_ground_states_are_those_of_the_first_time():
    model = q.Model(q.Space("1/2"), [q.Zeeman((sp.sin(q.t), 0, sp.cos(q.t)))])
    found = q.solve(model, q.VonNeumann(), q.states.ground(model), [np.pi / 2])
    assert distance(found.bloch(0), [[1, 0, 0]]) < 1e-14


def test_contract_of_the_methods():
    """One file a method: a name of its own, a reason when it refuses, and every problem has one that does not."""
    names = methods.names()
    assert len(set(names)) == len(names) > 3
    assert all(methods.find(name).GROWTH in (None, "kets", "matrices") for name in names)
    system, (classical,) = IsotropicDimer(), CLASSICAL
    for problem in (pose(s.model, s.law, s.state, [0, 1]) for s in (system, classical)):
        assert isinstance(problem, Problem)
        reasons = [methods.find(name).refuses(problem) for name in names]
        assert None in reasons
        assert all(reason is None or (isinstance(reason, str) and reason) for reason in reasons)
        costs = [methods.find(name).cost(problem) for name, reason in zip(names, reasons, strict=True) if not reason]
        assert all(1e-9 < cost < 1e6 for cost in costs)


@pytest.mark.parametrize(("seconds", "refusal", "taken"), [(0.0, None, "new"), (np.inf, None, "exact"),
                                                           (0.0, "never", "exact")])
def test_a_new_method_is_taken_by_its_own_cost(monkeypatch, seconds, refusal, taken):
    """No list elsewhere knows it; one that is dear, or that refuses, is left."""
    new = SimpleNamespace(NAME="new", GROWTH=None, refuses=lambda problem: refusal, cost=lambda problem: seconds,
                          run=methods.find("exact").run)
    files = methods._modules()
    monkeypatch.setattr(methods, "_modules", lambda: (*files, new))
    monkeypatch.setattr(methods, "find", methods.find.__wrapped__)       # which is kept by name
    system = IsotropicDimer()
    assert q.solve(system.model, system.law, system.state, TIMES).method == taken


@pytest.mark.parametrize("name", methods.names())
def test_every_method_shows_progress_and_obeys_stop_and_ctrl_c(name):
    system = CLASSICAL[0] if name in ("moments", "heun") else IsotropicDimer()
    law = {"local": q.LocalGilbert(0.5), "heun": q.ClassicalLLG(0.5, "mean")}.get(name, system.law)
    own = {"step": 0.01} if name == "heun" else {}
    problem = pose(system.model, law, system.state, TIMES, None, Options(rtol=1e-8, atol=1e-10, own=own))
    seen = []
    whole = methods.find(name).run(problem, seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == TIMES[-1]
    assert whole.counts.tolist() == [len(TIMES)]

    def interrupt(t):
        if t > 0.5:
            raise KeyboardInterrupt

    cut = methods.find(name).run(problem, interrupt)
    assert cut.interrupted
    assert 2 <= cut.counts[0] < len(TIMES)
    held, full = (found.block.of_row(0) for found in (cut, whole))
    held, full = (part if name in ("moments", "heun") else part.density() for part in (held, full))
    assert len(held) == cut.counts[0]
    assert distance(held, full[:len(held)]) == 0
    stopped = q.solve(system.model, law, system.state, TIMES, method=name, stop=lambda t, state: t > 0.5,
                      options=own)
    assert stopped.times.tolist() == [0.0, 0.35, 0.9]
    at_once = q.solve(system.model, law, system.state, TIMES, method=name, stop=lambda t, state: True, options=own)
    assert at_once.times.tolist() == [0.0]


@pytest.mark.parametrize("method", ["auto", "frame", "low-rank", "krylov", "exact", "pauli"])
def test_nothing_moves_without_a_hamiltonian(method):
    """A matrix of zeros has no entries at all."""
    model = q.Model(q.Space.half(2), [q.Operator(np.zeros((4, 4)))])
    run = q.solve(model, q.QuantumLLG(0.5), q.states.product("up", "+x"), [0, 1], method=method)
    assert run.energy.tolist() == [0, 0]
    assert run.states[1] == pytest.approx(run.states[0], abs=1e-15)
