"""Local Gilbert friction along trajectories: LLG of one coherent spin, products, what it keeps, and where it stalls."""

import numpy as np
import pytest
import sympy as sp

import oracle
import qllg_sym as q
from flow.reference import distance
from strategies import random_density

TIGHT = {"rtol": 1e-12, "atol": 1e-14}
A = sp.Symbol("a", real=True)
UP_DOWN = q.states.product("up", "down")


def ferromagnet(B):
    return q.Model(q.Space.half(2), [q.Zeeman(B), q.Exchange(-1, 0, 1)])


@pytest.mark.parametrize("s", ["1/2", "1", "3/2"])
def test_one_coherent_spin_is_llg_with_damping_alpha(s):
    """The broken twin, another α, is far away."""
    model, m = q.Model(q.Space(s), [q.Zeeman((0.3, -0.4, 1))]), [[0.6, 0, -0.8]]
    times, start = np.linspace(0, 6, 4), q.states.coherent(model.space, m)
    expected = q.solve(model, q.ClassicalLLG(0.5, field="mean"), m, times, **TIGHT).moments[:, 0]
    found = q.solve(model, q.LocalGilbert(0.5), start, times, method="pauli", **TIGHT)
    assert distance(found.bloch(0), expected) < 1e-10
    other = q.solve(model, q.LocalGilbert(0.45), start, times, method="pauli")
    assert distance(other.bloch(0), expected) > 0.01


def test_uncoupled_spins_in_a_mixed_product_move_as_if_alone():
    """They do not under q-LLG."""
    fields = [(0.3, 0, 1), (0, -0.8, 0.5)]
    spaces, rng, times = ("1/2", "1"), np.random.default_rng(5), [0, 2]
    alone = [random_density(rng, d, d)[0] for d in (2, 3)]
    both = q.Model(q.Space(*spaces), [q.Zeeman(b, sites=[i]) for i, b in enumerate(fields)])
    start = np.kron(*alone)
    for law, own in ((q.LocalGilbert(0.7), True), (q.QuantumLLG(0.7), False)):
        pieces = [q.solve(q.Model(q.Space(s), [q.Zeeman(b)]), law, rho, times, method="pauli", **TIGHT).states
                  for s, b, rho in zip(spaces, fields, alone, strict=True)]
        found = q.solve(both, law, start, times, method="pauli", **TIGHT).states
        expected = np.array([np.kron(a, b) for a, b in zip(*pieces, strict=True)])
        assert (distance(found, expected) < 8e-13) is own


def test_spectrum_is_kept_and_the_energy_law_holds_along_the_way():
    model = q.Model(q.Space("1/2", "1"), [q.Zeeman((1, 0, 0.4)), q.Bilinear(0.8, 0, 1)])
    rho, h = random_density(np.random.default_rng(6), 6, 4)[0], oracle.hamiltonian(model, {})
    run = q.solve(model, q.LocalGilbert(0.5), rho, np.linspace(0, 2, 5), rtol=1e-11)
    assert run.method == "pauli"
    assert set(run.invariants) == {"trace", "hermiticity", "purity", "spectrum", "positivity"}
    assert max(run.invariants.values()) < 1e-9
    assert distance(np.linalg.eigvalsh(run.states), np.linalg.eigvalsh(rho)) < 1e-9
    assert np.diff(run.energy).max() < -1e-3
    law, step = q.LocalGilbert(0.5), 1e-3
    near = q.solve(model, law, rho, [0, step, 2 * step], **TIGHT).states
    drho = (near[2] - near[0]) / (2 * step)
    power = np.trace(drho @ h).real
    rates = [sum(np.trace(drho @ op).real**2 for op in ops) for ops in oracle.site_spins(model.space.spins)]
    assert power == pytest.approx(-0.5 * (2 * rates[0] + rates[1]), rel=1e-5)
    assert power != pytest.approx(-0.5 * (rates[0] + rates[1]), rel=1e-2)


def test_a_law_that_loses_the_spectrum_does_not_promise_it():
    run = q.solve(ferromagnet((1, 0, 0)), q.LocalGilbert(0.5) + q.Dephasing(0.1), UP_DOWN, [0, 1])
    assert "spectrum" not in run.invariants
    assert abs(run.purity[-1] - 1) > 0.01


def test_the_energy_stalls_above_the_ground_state():
    """|↑↓⟩, D = 0, B along x: the torques die out at E = −1.1651, the ground state has −2 and q-LLG finds it."""
    model, times = ferromagnet((1, 0, 0)), [0, 40, 60, 80]
    run = q.solve(model, q.LocalGilbert(0.5), UP_DOWN, times)
    h, rho = oracle.hamiltonian(model, {}), run.states[-1]
    assert run.energy[-1] == pytest.approx(-1.1651, abs=5e-5)
    assert distance(run.energy[1:], run.energy[-1]) < 1e-6
    torque = 1j * oracle.commutator(rho, h)
    assert max(abs(np.trace(torque @ op)) for ops in oracle.site_spins(model.space.spins) for op in ops) < 1e-4
    assert np.abs(torque).max() > 0.1                                   # not at rest: it moves on as without friction
    assert q.solve(model, q.QuantumLLG(0.5), UP_DOWN, times).energy[-1] < -1.9


def test_entangled_states_without_moments_feel_no_friction():
    """Φ+ in a field along z: von Neumann's equation for ever; up up against the field rests, as every eigenstate."""
    model, times = ferromagnet((0, 0, -1)), np.linspace(0, 4, 5)
    bell = np.array([1, 0, 0, 1]) / np.sqrt(2)
    free = q.solve(model, q.VonNeumann(), np.outer(bell, bell), times)
    found = q.solve(model, q.LocalGilbert(2), np.outer(bell, bell), times)
    assert distance(found.states, free.states) < 1e-8
    assert distance(found.states, found.states[0]) > 0.4
    assert q.solve(model, q.QuantumLLG(2), np.outer(bell, bell), times).energy[-1] < found.energy[-1] - 0.5
    up = q.solve(model, q.LocalGilbert(2), q.states.product("up", "up"), times)
    assert distance(up.states, up.states[0]) < 1e-12
    assert up.energy[-1] == pytest.approx(0)


@pytest.mark.parametrize(("s", "expected"), [(2, 0.124), (4, 0.062), pytest.param(8, 0.031, marks=pytest.mark.slow)])
def test_coupled_large_spins_tend_to_llg(s, expected):
    """As 1/s, where q-LLG stays at 0.1766; numbers of an integration apart from this package."""
    angles = [(0.3, 0.2), (2.2, -0.7)]
    m = np.array([[np.sin(a) * np.cos(b), np.sin(a) * np.sin(b), np.cos(a)] for a, b in angles])
    model = q.Model(q.Space(s, s), [q.Zeeman((1, 0, 0)), q.Bilinear(-1 / s, 0, 1)])
    run = q.solve(model, q.LocalGilbert(0.5), q.states.coherent(model.space, m), [0, 1], rtol=1e-6)
    classical = q.solve(model, q.ClassicalLLG(0.5, field="mean"), m, [0, 1]).moments[-1]
    assert run.method == "local"
    assert np.linalg.norm([run.bloch(i)[-1] - classical[i] for i in (0, 1)]) == pytest.approx(expected, abs=5e-4)


@pytest.mark.parametrize("rank", [1, 3, 6])
def test_kets_are_the_components(rank):
    """With ħ, H(t), α(t) and spins of two lengths; another α is not."""
    model = q.Model(q.Space("1/2", "1"), [q.Zeeman((1, sp.sin(q.t), 0.4)), q.Bilinear(0.8, 0, 1)], hbar=0.5, gamma=1.5)
    rho, times = random_density(np.random.default_rng(rank), 6, rank)[0], [0, 0.3, 0.7]
    damping = A * (1 + q.t)
    expected = q.solve(model, q.LocalGilbert(damping), rho, times, {"a": 0.6}, method="pauli").states
    found = q.solve(model, q.LocalGilbert(damping), rho, times, {"a": 0.6}, method="local")
    assert distance(found.states, expected) < 1e-8
    assert max(found.invariants.values()) < 1e-13
    assert distance(q.solve(model, q.LocalGilbert(0.6), rho, times, method="local").states, expected) > 1e-3


@pytest.mark.parametrize("law", [q.QuantumLLG(0.5), q.VonNeumann(), q.LocalGilbert(0.5) + q.Dephasing(0.1)], ids=repr)
def test_kets_take_local_friction_alone(law):
    with pytest.raises(q.InputError, match="is not local friction alone"):
        q.solve(ferromagnet((1, 0, 0)), law, UP_DOWN, [0, 1], method="local")


@pytest.mark.parametrize("method", ["frame", "low-rank"])
def test_methods_of_a_frame_weight_say_why_not(method):
    with pytest.raises(q.InputError, match="local-gilbert has no frame weight"):
        q.solve(ferromagnet((1, 0, 0)), q.LocalGilbert(0.5), UP_DOWN, [0, 1], method=method)


def test_rows_side_by_side_are_those_alone():
    alphas = [0.1, 0.5, 2.0]
    model, times = ferromagnet((1, 0, 0)), [0, 1, 2]
    runs = q.solve_many(model, q.LocalGilbert(A), UP_DOWN, times, {"a": alphas})
    for run, value in zip(runs, alphas, strict=True):
        assert distance(run.states, q.solve(model, q.LocalGilbert(value), UP_DOWN, times).states) < 1e-9
