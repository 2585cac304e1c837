"""Drives in time from end to end: pulses after pauses, late switches and starts at rest, by every method."""

import numpy as np
import pytest
import sympy as sp
from scipy.integrate import quad
from scipy.special import erf

import qllg_sym as q
from qllg_sym.flow.problem import Problem
from qllg_sym.model.written import Atoms

t, HALF = q.t, q.Space("1/2")
UP = q.states.product("up")
METHODS = "frame", "pauli", "low-rank"


def field(*B):
    return q.Model(HALF, [q.Zeeman(B)])


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("times", [[0, 10], np.linspace(0, 10, 201), [0, 10, 15]], ids=len)
def test_a_pulse_after_a_pause_is_not_stepped_over(method, times):
    """Right from an integration that restarts at the pulse."""
    run = q.solve(field(5 * sp.exp(-100 * (t - 5)**2), 0, 1), q.QuantumLLG(.1), UP, times, method=method)
    k = int(np.searchsorted(run.times, 10))
    assert run.bloch(0)[k] == pytest.approx([-0.494476, 0.185570, 0.849151], abs=2e-6)


@pytest.mark.parametrize("method", METHODS)
def test_without_a_look_at_the_drive_it_is(method, monkeypatch):
    """The broken twin."""
    monkeypatch.setattr(Problem, "activity", None)
    run = q.solve(field(5 * sp.exp(-100 * (t - 5)**2), 0, 1), q.QuantumLLG(.1), UP, [0, 10], method=method)
    assert run.bloch(0)[-1] == pytest.approx([0, 0, 1], abs=1e-9)


@pytest.mark.parametrize("method", ["frame", "pauli"])
def test_a_pi_pulse_at_any_time_turns_the_spin_over(method):
    """κ = 0 and a fixed axis: the angle is the area, to 1e-9 at 1001 times, and the trace stays 1 throughout."""
    centre, width = 412, 2
    pulse = sp.sqrt(sp.pi / 2) / width * sp.exp(-((t - centre) / sp.Integer(width))**2 / 2)
    run = q.solve(field(pulse, 0, 0), q.QuantumLLG(0), UP, np.linspace(0, 500, 1001), method=method)
    area = 0.5 * np.pi * (1 + erf((run.times - centre) / (width * np.sqrt(2))))
    assert abs(run.bloch(0)[:, 2] - np.cos(area)).max() < 1e-9
    assert abs(run.bloch(0)[:, 1] - np.sin(area)).max() < 1e-9
    assert run.invariants["trace"] < 1e-12


@pytest.mark.parametrize("method", ["frame", "pauli"])
def test_a_fast_field_of_large_size_runs(method):
    run = q.solve(field(sp.cos(10**4 * t), -sp.sin(10**4 * t), 10**4), q.QuantumLLG(sp.Rational(1, 5)), UP, [0, 1],
                  method=method)
    assert run.stats["resolution"] == 0
    assert run.bloch(0)[-1] == pytest.approx([-1.5281e-4, -4.7608e-4, 0.99999987], abs=1e-8)


def pulses(m, seed=3):
    """Centres, widths over five orders of magnitude, and sizes of one pulse a row."""
    rng = np.random.default_rng(seed)
    width = 10.0**rng.uniform(-4, 1, m)
    return {"c": rng.uniform(0, 100, m), "w": width, "a": rng.uniform(0.3, 2, m) / width}


@pytest.mark.parametrize("method", ["frame", "pauli"])
def test_rows_of_a_batch_are_what_solve_gives(method):
    c, w, a = sp.symbols("c w a", real=True)
    model, values = field(a * sp.exp(-((t - c) / w)**2), 0, 1), pulses(21)
    many = q.solve_many(model, q.QuantumLLG(.1), UP, [0, 100], values, method=method)
    for k in range(0, 21, 4):
        one = q.solve(model, q.QuantumLLG(.1), UP, [0, 100], {name: v[k] for name, v in values.items()}, method=method)
        assert many.bloch(0)[k, -1] == pytest.approx(one.bloch(0)[-1], abs=1e-9)
        assert many[k].stats["resolution"] == one.stats["resolution"]


def worst_of_a_batch(law):
    """Largest error of 40 rows of pulses about a fixed axis, against the closed form: the angle is the area."""
    c, w, a = sp.symbols("c w a", real=True)
    model, values = field(a * sp.exp(-((t - c) / w)**2), 0, 0), pulses(40, 5)
    start = np.array([[0, 0, 1.0]]) if law.classical else UP
    many = q.solve_many(model, law, start, [0, 100], values, method="moments" if law.classical else "frame")
    part = [erf((end - values["c"]) / values["w"]) for end in (0, 100)]
    area = values["a"] * values["w"] * np.sqrt(np.pi) / 2 * (part[1] - part[0])
    z = many.moments[:, -1, 0, 2] if law.classical else many.bloch(0)[:, -1, 2]
    return abs(z - np.cos(area)).max()


@pytest.mark.parametrize("law", [q.QuantumLLG(0), q.ClassicalLLG(0)], ids=lambda law: law.kind)
def test_pulses_in_a_batch_turn_by_their_areas(law, monkeypatch):
    """A batch whose rows all keep to the first row's steps is the broken twin."""
    assert worst_of_a_batch(law) < 2e-9
    real = Problem.activity.func
    monkeypatch.setattr(Problem, "activity", property(lambda self: real(self.part(slice(0, 1)))))
    assert worst_of_a_batch(law) > 0.1


@pytest.mark.parametrize("kind", ["solve", "solve_many", "qllgsolve"])
def test_steps_and_breakpoints_can_be_asked_for(kind):
    model, law, state = field(0, 0, 1), q.QuantumLLG(.1), np.diag([.7, .3])

    def steps(**options):
        options["method"] = "pauli"
        if kind == "qllgsolve":
            return q.qllgsolve(model, state, [0, 10], kappa=0.1, options=options).stats["steps"]
        if kind == "solve":
            return q.solve(model, law, state, [0, 10], **options).stats["steps"]
        return q.solve_many(model, law, [state] * 3, [0, 10], **options)[1].stats["steps"]

    free = steps()
    assert steps(max_step=0.1) >= 100 > free
    assert steps(breakpoints=np.linspace(9, 8, 30)) >= 30 > free


@pytest.mark.parametrize("options", [{"max_step": 0}, {"max_step": -1.0}, {"max_step": np.nan}, {"max_step": "1"},
                                     {"max_step": True}, {"breakpoints": 1.0}, {"breakpoints": ["a"]},
                                     {"breakpoints": [[1.0]]}, {"breakpoints": [np.nan]}], ids=str)
def test_wrong_steps_are_refused_at_the_door(options):
    name, = options
    model, state = field(0, 0, 1), np.diag([.7, .3])
    for call in (lambda: q.solve(model, q.QuantumLLG(.1), state, [0, 1], **options),
                 lambda: q.solve_many(model, q.QuantumLLG(.1), [state], [0, 1], **options)):
        with pytest.raises(q.QllgError, match=f"^`{name}` must be"):
            call()
    if options != {"max_step": 0}:      # in QuTiP's shape: no limit
        with pytest.raises(q.QllgError, match=name):
            q.qllgsolve(model, state, [0, 1], kappa=0, options=options)


def test_a_sweep_through_resonance_errs_by_less_than_its_steps_may():
    """Landau–Zener from −60 to 60 at κ = 0: thousands of turns, whose errors add up."""
    runs = [q.solve(field(1, 0, t), q.QuantumLLG(0), q.states.coherent(HALF, [(.6, 0, .8)]), [-60, 60], method=method,
                    rtol=rtol, atol=rtol / 100)
            for method, rtol in (("frame", 1e-10), ("pauli", 1e-10), ("frame", 1e-13), ("pauli", 1e-13))]
    ends = [run.bloch(0)[-1] for run in runs]
    assert abs(ends[2] - ends[3]).max() < 1e-9
    for run, end in zip(runs[:2], ends, strict=False):
        assert abs(end - ends[3]).max() < 1e-10 * run.stats["steps"]


def test_a_switch_that_is_late_and_steep_is_passed_by_the_low_rank_form():
    switch = 10**4 * (1 + sp.tanh((t - sp.Rational("20.7")) * 1000)) / 2
    low, frame = (q.solve(field(switch, 0, 0), q.QuantumLLG(sp.Rational(3, 10)), q.states.product("+y"), [0, 20.75],
                          method=method) for method in ("low-rank", "frame"))
    assert abs(low.bloch(0)[-1] - frame.bloch(0)[-1]).max() < 1e-9
    assert low.stats["steps"] < 400


def damped(shift):
    """κ(t) = exp(−2(t − s)²): e^(−800) at the start, a product of factors that doubles do not hold."""
    return sp.exp(-2 * (t - shift)**2)


def risen(shift, z):
    """z(t) of a pure spin in a field along z of size 1: artanh z rises by ∫ κ/(1 + κ²) dt."""
    rate = quad(lambda s: 1 / (np.exp(2 * s**2) + np.exp(-2 * s**2)), -6, 6, epsabs=1e-13)[0]
    return np.tanh(np.arctanh(z) + rate)


@pytest.mark.parametrize("method", METHODS)
def test_a_damping_may_begin_and_end_at_nothing(method):
    run = q.solve(field(0, 0, 1), q.QuantumLLG(damped(20)), [0.6, 0.8], [0, 40], method=method)
    assert run.bloch(0)[-1][2] == pytest.approx(risen(20, -0.28), abs=1e-8)


def test_rows_of_a_batch_see_such_a_damping_too():
    s = sp.Symbol("s", real=True)
    many = q.solve_many(field(0, 0, 1), q.QuantumLLG(damped(s)), [[0.6, 0.8]] * 2, [0, 40], {"s": [20, 25]})
    assert many.bloch(0)[:, -1, 2] == pytest.approx(risen(20, -0.28), abs=1e-8)


@pytest.mark.parametrize("method", METHODS)
def test_without_an_atom_for_the_damping_it_is_lost(method, monkeypatch):
    """The broken twin."""
    of = Atoms.of
    monkeypatch.setattr(Atoms, "of", lambda self, expression, rational=False: of(self, expression))
    try:
        end = q.solve(field(0, 0, 1), q.QuantumLLG(damped(21)), [0.6, 0.8], [0, 40], method=method).bloch(0)[-1][2]
    except q.IntegrationError:
        return
    assert abs(end - risen(21, -0.28)) > 0.1
