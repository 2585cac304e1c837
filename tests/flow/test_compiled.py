"""The compiled frame form and the methods on it: every dimension, both drivers, lanes, and a spectrum that stays."""

from dataclasses import replace

import numpy as np
import pytest
import sympy as sp
from scipy.integrate import solve_ivp

import qllg_sym as q
from flow.driving import without_compiler
from flow.reference import distance
from flow.reference import integrate as reference
from qllg_sym.codegen import compiler
from qllg_sym.errors import CodegenError, IntegrationError
from qllg_sym.flow.native import frame
from qllg_sym.flow.native.frame import frame_field
from qllg_sym.flow.native.rotating import pack, rotating, unpack
from qllg_sym.flow.steppers.dop853_c import integrate
from qllg_sym.flow.steps.limits import Limits
from strategies import random_density, random_hermitian
from systems import CLASSICAL, IsotropicDimer

TIMES = np.array([0.0, 0.4, 1.1, 3.0])


@pytest.fixture(autouse=True)
def _needs_a_compiler():
    try:
        compiler.find()
    except CodegenError as error:
        pytest.skip(f"needs a C compiler: {error}")


@pytest.fixture
def no_compiler(monkeypatch):
    """The methods find no compiler for the stepper."""
    without_compiler(monkeypatch)


def numbers(d, seed=0, kappa=0.7, law="q-llg"):
    """(levels, frame, H, W) of a random problem, and W, a second time on purpose."""
    rng = np.random.default_rng(seed)
    levels = np.sort(rng.dirichlet(np.ones(d)))[::-1]
    v = np.linalg.qr(rng.normal(size=(d, d)) + 1j * rng.normal(size=(d, d)))[0]
    gaps = levels[:, None] - levels
    weight = 1 / (1 - 1j * kappa * gaps) if law == "q-llg" else 1 + 1j * kappa * gaps
    return levels, v, random_hermitian(rng, d), weight


def states(levels, kets):
    return (kets * levels[..., None, None, :]) @ np.swapaxes(kets, -1, -2).conj()


def run(levels, v, h, weight, times=TIMES, **options):
    """States at the times by the compiled frame form; leading axes are a batch."""
    turn = rotating(levels, v, np.linalg.eigh(h.reshape(-1, *h.shape[-2:])), weight)
    paths = integrate(frame_field(v.shape[-1]), turn.data, turn.start, times, 1e-10, 1e-12, **options)
    assert paths.failures == [None] * len(turn.data)
    return states(levels, turn.laboratory(times - times[0], paths.samples)), paths


def slow(levels, v, h, weight, times=TIMES):
    """The plain frame form in the laboratory, in SciPy."""
    d = len(v)

    def slope(t, y):
        w = y.reshape(d, d)
        return (-1j * w @ (weight * (w.conj().T @ h @ w))).ravel()

    found = solve_ivp(slope, (times[0], times[-1]), v.ravel().astype(complex), "DOP853", times, rtol=1e-12, atol=1e-14)
    return states(levels, found.y.T.reshape(-1, d, d))


@pytest.mark.parametrize("law", ["q-llg", "q-ll"])
@pytest.mark.parametrize("d", [2, 3, 4, 5, 6, 7, 8, 9, 12, 17])
def test_every_dimension_is_the_plain_frame_form(d, law):
    problem = numbers(d, d, law=law)
    assert distance(run(*problem)[0][0], slow(*problem)) < 1e-9


def test_a_changed_weight_is_seen():
    """The broken twin: κ off by a millionth, or W transposed."""
    levels, v, h, weight = numbers(4)
    expected = slow(levels, v, h, weight)
    assert distance(run(levels, v, h, numbers(4, kappa=0.7 + 1e-6)[3])[0][0], expected) > 1e-8
    assert distance(run(levels, v, h, weight.T)[0][0], expected) > 1e-2


@pytest.mark.parametrize("levels", [[1, 0, 0, 0], [0.4, 0.4, 0.2, 0], [0.25] * 4, [0.7, 0.1, 0.1, 0.1]], ids=str)
def test_equal_eigenvalues_need_no_motion(levels):
    """Pairs with equal eigenvalues are left alone, and ρ is the same; ρ ∝ 1 takes no motion at all."""
    levels = np.array(levels, dtype=float)
    _, v, h, _ = numbers(4, 3)
    weight = 1 / (1 - 0.7j * (levels[:, None] - levels))
    found, paths = run(levels, v, h, weight)
    assert distance(found[0], slow(levels, v, h, weight)) < 1e-9
    assert (paths.steps[0] < 12) == (len(set(levels)) == 1)        # the first ones grow tenfold each


def test_without_damping_the_turning_frame_rests():
    """κ = 0: the interaction picture is the solution."""
    levels, v, h, _ = numbers(5, 1)
    found, paths = run(levels, v, h, np.ones((5, 5)), np.array([0.0, 50.0]))
    energies, vectors = np.linalg.eigh(h)
    u = (vectors * np.exp(-50j * energies)) @ vectors.conj().T
    assert distance(found[0, -1], u @ states(levels, v) @ u.conj().T) < 1e-13
    assert paths.steps[0] < 12


@pytest.mark.parametrize("d", [2, 3, 4, 5])
@pytest.mark.parametrize("m", [2, 8, 13])
def test_lanes_are_runs_of_their_own(d, m):
    """Every trajectory with its own H, weight, levels and frame."""
    problems = [numbers(d, 10 * d + i, kappa=0.1 * i) for i in range(m)]
    batch, paths = run(*map(np.array, zip(*problems, strict=True)))
    for i, problem in enumerate(problems):
        alone, path = run(*problem)
        assert distance(batch[i], alone[0]) < 1e-12
        assert path.steps[0] == paths.steps[i]
    again = run(*map(np.array, zip(*problems, strict=True)), threads=2)[0]
    assert np.array_equal(again, batch)


def test_frames_are_packed_row_by_row():
    v = np.random.default_rng(0).normal(size=(3, 2, 4, 4, 2)).view(complex)[..., 0]
    assert np.array_equal(unpack(pack(v)), v)
    assert np.array_equal(pack(v)[2, 1, :8], np.concatenate([v[2, 1, 0].real, v[2, 1, 0].imag]))


def drift(d, levels, project, steps=1_000_000):
    """How far the spectrum is off after a million steps, and V from unitary."""
    _, v, h, _ = numbers(d, 2)
    levels = np.array(levels, dtype=float)
    turn = rotating(levels, v, np.linalg.eigh(h[None]), 1 / (1 - 0.7j * (levels[:, None] - levels)))
    field, times = frame_field(d), np.array([0.0, 500.0])
    if not project:
        native = field.native
        field = replace(field, native=replace(native, single=native.single._replace(project=None)))
    paths = integrate(field, turn.data, turn.start, times, 1e-10, 1e-12, limits=Limits(500 / steps))
    assert paths.steps[0] >= steps
    kets = turn.laboratory(times, paths.samples)[0, -1]
    spectrum = np.linalg.eigvalsh(states(levels, kets)[0])[::-1]
    return distance(spectrum, levels), distance(kets.conj().T @ kets, np.eye(d))


@pytest.mark.parametrize("levels", [[1, 0], [0.4, 0.3, 0.2, 0.1], *(
    pytest.param(levels, marks=pytest.mark.slow) for levels in ([0.8, 0.2], [0.5, 0.5, 0, 0]))], ids=str)
def test_the_spectrum_stays_over_a_million_steps(levels):
    spectrum, unitarity = drift(len(levels), levels, True)
    assert spectrum < 5e-15
    assert unitarity < 1e-14


def test_without_the_projection_the_spectrum_drifts():
    """The broken twin."""
    spectrum, unitarity = drift(4, [0.4, 0.3, 0.2, 0.1], False)
    assert spectrum > 2e-14
    assert unitarity > 5e-14


MODEL = q.Model(q.Space("1/2", "1/2"), [q.Zeeman((0.3, sp.sin(2 * q.t), 1)), q.Exchange(0.6, 0, 1),
                                        q.DMI((0, sp.cos(q.t), 0.2), 0, 1)])
SPIN = q.Model(q.Space("5/2"), [q.Zeeman((sp.exp(-q.t), 0, 1)), q.Anisotropy(np.diag([0.1, 0.2, -0.3]), 0)])


@pytest.mark.parametrize("model", [MODEL, SPIN, IsotropicDimer().model], ids=["dimer", "five-halves", "constant"])
@pytest.mark.parametrize("law", [q.QuantumLLG(0.5), q.QuantumLL(0.5)], ids=["q-llg", "q-ll"])
def test_both_drivers_and_the_reference_agree(model, law, request):
    rho = random_density(np.random.default_rng(5), model.space.dimension, 3)[0]
    fast = q.solve(model, law, rho, TIMES, method="frame")
    request.getfixturevalue("no_compiler")
    slow = q.solve(model, law, rho, TIMES, method="frame")
    assert (fast.stats["driver"], slow.stats["driver"]) == ("c", "python")
    assert distance(fast.states, slow.states) < 1e-9
    assert distance(fast.states, reference(model, law, rho, TIMES)) < 1e-8
    assert abs(slow.stats["steps"] - fast.stats["steps"]) <= 1
    for found in (fast, slow):
        assert found.stats["evaluations"] > 11 * found.stats["steps"] > 0
        assert found.invariants["spectrum"] < 1e-14


def test_generated_right_hand_sides_run_with_either_driver(no_compiler, monkeypatch):
    system, classical = IsotropicDimer(), CLASSICAL[0]
    slow = q.solve(system.model, system.law, system.state, TIMES, method="pauli")
    slower = q.solve(classical.model, classical.law, classical.state, TIMES)
    monkeypatch.undo()
    fast = q.solve(system.model, system.law, system.state, TIMES, method="pauli")
    faster = q.solve(classical.model, classical.law, classical.state, TIMES)
    assert [found.stats["driver"] for found in (fast, faster, slow, slower)] == ["c", "c", "python", "python"]
    assert distance(fast.states, slow.states) < 1e-11
    assert distance(faster.moments, slower.moments) < 1e-11
    assert fast.stats["steps"] == slow.stats["steps"]
    assert distance(fast.states, [system.exact(t) for t in TIMES]) < 1e-8


@pytest.mark.parametrize(("levels", "kappa", "form"), [([0.7, 0.1, 0.1, 0.1], 0.5, "two-level"),
                                                       ([0.4, 0.3, 0.2, 0.1], 0.5, "spectrum"),
                                                       ([0.4, 0.3, 0.2, 0.1], 80, "any")])
def test_the_pauli_form_follows_the_state(levels, kappa, form):
    _, v, _, _ = numbers(4)
    rho = states(np.array(levels), v[None])[0]
    model = IsotropicDimer().model
    found = q.solve(model, q.QuantumLLG(kappa), rho, TIMES, method="pauli")
    assert found.stats["form"] == form
    assert distance(found.states, q.solve(model, q.QuantumLLG(kappa), rho, TIMES, method="frame").states) < 1e-8


def test_a_weight_that_depends_on_time_runs_in_python():
    model = q.Model(q.Space("1"), [q.Zeeman((0, 0, 1))])
    rho = random_density(np.random.default_rng(5), 3, 3)[0]
    found = q.solve(model, q.QuantumLLG(q.t), rho, TIMES, method="frame")
    assert found.stats["driver"] == "python"
    assert distance(found.states, reference(model, q.QuantumLLG(q.t), rho, TIMES)) < 1e-8


def test_the_compiler_is_used_up_to_its_dimension(monkeypatch):
    monkeypatch.setattr(frame, "LARGEST", 3)
    system = IsotropicDimer()
    found = q.solve(system.model, system.law, system.state, TIMES, method="frame")
    assert found.stats["driver"] == "python"
    assert distance(found.states, [system.exact(t) for t in TIMES]) < 1e-8


@pytest.mark.parametrize("driver", ["c", "python"])
@pytest.mark.parametrize("factor", [1 + q.t, 1], ids=["driven", "constant"])
def test_an_infinite_field_is_told(driver, factor, request):
    if driver == "python":
        request.getfixturevalue("no_compiler")
    a = sp.Symbol("a", real=True)
    model = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, sp.exp(a) * factor))])
    with pytest.raises(IntegrationError, match="not finite near t = 0"):
        q.solve(model, q.QuantumLLG(0.5), np.diag([0.7, 0.3]), TIMES, {"a": 1000.0}, method="frame")
