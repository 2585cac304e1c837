"""Trial steps that overflow, first steps of states at rest, runs that make no headway: every stepper, and batches."""

from itertools import product

import numpy as np
import pytest
import sympy as sp
from scipy.integrate import solve_ivp

import qllg_sym as q
from flow.driving import drive, without_compiler
from qllg_sym.errors import IntegrationError
from qllg_sym.flow.steps import control
from qllg_sym.flow.steps.runge_kutta import Failure, Kets, NotFinite, RungeKutta
from qllg_sym.flow.steps.tableau import dop853, dopri5

t = q.t
A, W, T0, KAPPA = sp.symbols("A w t0 kappa", positive=True)
PULSE = q.Zeeman((A * sp.exp(-W * (t - T0)**2), 0, 1))
ONE = q.Model(q.Space("1/2"), [PULSE])
END = 20.0
FAMILY = np.array(list(product([2, 5, 20, 60], [0.5, 1, 4, 9], [5, 10, 14], [0, 0.1, 0.5])), dtype=float)
CHOSEN = [4, 40, 85, 91, 108, 125]
SOME = FAMILY[CHOSEN]
METHODS = ["frame", "pauli", "low-rank"]


def pulse(row):
    """The values of a row of the family."""
    return dict(zip(("A", "w", "t0"), row[:3].tolist(), strict=True))


def bloch(rows, start, damped=True):
    """Bloch vectors at the end by the classical equation, all rows at once: (m, 3).

    r' = (c − κ r × c)/(1 + κ²r²), c = r × B: the q-LLG of one spin ½, solved for r'; without the denominator q-LL.
    """
    a, w, t0, kappa = rows.T
    r0 = np.tile(np.asarray(start, dtype=float), (len(rows), 1))
    below = 1 + damped * (kappa**2 * (r0**2).sum(axis=1))

    def slope(time, flat):
        r = flat.reshape(-1, 3)
        c = np.cross(r, np.stack([a * np.exp(-w * (time - t0)**2), 0 * a, 0 * a + 1], axis=1))
        return ((c - kappa[:, None] * np.cross(r, c)) / below[:, None]).ravel()

    found = solve_ivp(slope, (0, END), r0.ravel(), "DOP853", rtol=1e-11, atol=1e-13, max_step=0.1)
    return found.y[:, -1].reshape(-1, 3)


def density(r):
    """One spin ½ of Bloch vector r."""
    x, y, z = r
    return np.array([[1 + z, x - 1j * y], [x + 1j * y, 1 - z]]) / 2


@pytest.fixture
def no_compiler(monkeypatch):
    """The methods find no compiler for the stepper."""
    without_compiler(monkeypatch)


@pytest.fixture(scope="module")
def up_at_the_end():
    return bloch(FAMILY, (0, 0, 1))


@pytest.mark.parametrize("method", ["frame", "pauli"])
def test_a_family_of_pulses_in_a_batch(method, up_at_the_end):
    values = dict(zip(("A", "w", "t0", "kappa"), FAMILY.T, strict=True))
    run = q.solve_many(ONE, q.QuantumLLG(KAPPA), [q.states.product("up")] * len(FAMILY), [0, END], values=values,
                       method=method, keep="final")
    assert abs(run.last.bloch(0)[:, -1] - up_at_the_end).max() < 1e-7


@pytest.mark.parametrize("method", METHODS)
def test_pulses_one_by_one(method, up_at_the_end):
    for row, r in zip(SOME, up_at_the_end[CHOSEN], strict=True):
        run = q.solve(ONE, q.QuantumLLG(row[3]), q.states.product("up"), [0, END], pulse(row), method=method)
        assert abs(run.bloch(0)[-1] - r).max() < 1e-7


@pytest.mark.parametrize("method", ["frame", "pauli"])
def test_pulses_without_a_compiler(method, no_compiler, up_at_the_end):
    for row, r in zip(SOME[2:4], up_at_the_end[CHOSEN[2:4]], strict=True):
        run = q.solve(ONE, q.QuantumLLG(row[3]), q.states.product("up"), [0, END], pulse(row), method=method)
        assert run.stats["driver"] == "python"
        assert abs(run.bloch(0)[-1] - r).max() < 1e-7


@pytest.fixture(scope="module")
def mixed_at_the_end():
    return {damped: bloch(SOME[2:4], (0.36, 0, 0.48), damped) for damped in (False, True)}


@pytest.mark.parametrize("method", METHODS)
def test_other_laws_and_mixed_states(method, mixed_at_the_end):
    for damped, kind in ((False, q.QuantumLL), (True, q.QuantumLLG)):
        for row, r in zip(SOME[2:4], mixed_at_the_end[damped], strict=True):
            run = q.solve(ONE, kind(row[3]), density((0.36, 0, 0.48)), [0, END], pulse(row), method=method)
            assert abs(run.bloch(0)[-1] - r).max() < 1e-7


@pytest.mark.parametrize("spins", [7, 8])
def test_many_spins(spins, up_at_the_end):
    """Uncoupled spins in a pure product state follow the one-spin law, each by itself."""
    field = q.Zeeman((A * sp.exp(-W * (t - T0)**2), 0, 1))
    row = SOME[3]
    run = q.solve(q.Model(q.Space.half(spins), [field]), q.QuantumLLG(row[3]), q.states.product(*["up"] * spins),
                  [0, END], pulse(row))
    assert run.method == "low-rank"
    assert abs(run.bloch(0)[-1] - up_at_the_end[CHOSEN[3]]).max() < 1e-7


def test_classical_moments_follow(up_at_the_end):
    row = SOME[3]
    model = q.Model(q.Space("1/2"), [PULSE])
    run = q.solve(model, q.ClassicalLLG(row[3]), np.array([[0.0, 0, 1]]), [0, END], pulse(row))
    assert abs(run.moments[-1, 0] - up_at_the_end[CHOSEN[3]]).max() < 1e-7


@pytest.mark.parametrize("method", METHODS)
def test_a_strong_constant_field(method):
    """The tilt of the axis is all that ρ knows of: populations of the field's own levels do not move."""
    model = q.Model(q.Space("1"), [q.Zeeman((1, 0, 10**6))])
    run = q.solve(model, q.QuantumLLG(0.1), np.diag([0.5, 0.3, 0.2]), [0, 5e-4], method=method)
    h = -(1e6 * np.diag([1, 0, -1]) + np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]]) / np.sqrt(2))
    _, vectors = np.linalg.eigh(h)
    before, after = (np.diag(vectors.conj().T @ rho @ vectors).real for rho in run.states[[0, -1]])
    assert abs(before - after).max() < 1e-10
    assert run.invariants["spectrum"] < 1e-10


@pytest.mark.parametrize("method", METHODS)
def test_a_qubit_in_radians_a_second(method):
    """5 GHz, 20 turns, κ = 1/50, mixed: relaxation of a Bloch vector by the closed form."""
    w, kappa, r = 2 * np.pi * 5e9, 0.02, 0.6
    model = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, w))])
    times = np.array([0, 4e-9])
    run = q.solve(model, q.QuantumLLG(kappa), density((r, 0, 0)), times, method=method)
    assert run.bloch(0)[-1, 2] == pytest.approx(r * np.tanh(kappa * r * w * 4e-9 / (1 + (kappa * r)**2)), abs=1e-8)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("end", [200.0, 2e5, 1e12, 1e-12])
def test_a_state_at_rest_takes_a_few_steps(method, end):
    run = q.solve(q.Model(q.Space("1"), [q.Zeeman((0, 0, 1))]), q.QuantumLLG(0.1), np.diag([0.6, 0.3, 0.1]), [0, end],
                  method=method)
    assert abs(run.states[0] - run.states[-1]).max() < 1e-15
    assert run.stats["steps"] < 12


@pytest.mark.parametrize("method", ["frame", "pauli"])
def test_batches_at_rest(method, no_compiler):
    states = [np.diag([0.6, 0.3, 0.1])] * 3
    run = q.solve_many(q.Model(q.Space("1"), [q.Zeeman((0, 0, 1))]), q.QuantumLLG(0.1), states, [0, 2e5], method=method)
    assert abs(run.states[:, -1] - np.array(states)).max() < 1e-16


def test_many_spins_at_rest():
    state = q.LowRank([0.7, 0.3], np.eye(128)[:, [0, 127]])
    run = q.solve(q.Model(q.Space.half(7), [q.Zeeman((0, 0, 1))]), q.QuantumLLG(0.5), state, [0, 200])
    assert run.bloch(0)[-1].tolist() == pytest.approx([0, 0, 0.4], abs=1e-15)
    run = q.solve(q.Model(q.Space.half(8), [q.Zeeman((0, 0, 1 + t))]), q.QuantumLLG(0.5), q.states.product(*["up"] * 8),
                  [0, 1e4])
    assert run.bloch(7)[-1].tolist() == pytest.approx([0, 0, 1], abs=1e-14)


def test_a_mixed_dimer_without_damping_over_a_long_time():
    model = q.Model(q.Space.half(2), [q.Exchange(1, 0, 1), q.Zeeman((0, 0, 1))])
    rho = np.diag([0.4, 0.3, 0.2, 0.1])
    rho[1, 1] = rho[2, 2] = 0.25
    run = q.solve(model, q.QuantumLLG(0), rho, [0, 1e7], method="frame")
    assert abs(run.states[-1] - rho).max() < 1e-12


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("scale", [1e-25, 1e-12, 1e12, 1e25])
def test_the_unit_of_time_does_not_matter(method, scale):
    def end(c):
        model = q.Model(q.Space("1"), [q.Zeeman((c, 0, 2 * c)), q.Anisotropy(c * np.diag([0, 0, 1]), 0)])
        return q.solve(model, q.QuantumLLG(0.5), np.diag([0.6, 0.3, 0.1]), [0, 4 / c], method=method).states[-1]

    assert abs(end(scale) - end(1.0)).max() < 1e-8


@pytest.mark.parametrize("method", METHODS)
def test_fields_beyond_doubles_fail_in_a_sentence(method):
    model = q.Model(q.Space("1"), [q.Zeeman((1e300, 0, 1e300))])
    with pytest.raises(IntegrationError, match=r"^The integration must reach [^\n]*(not finite near|needs steps)"):
        q.solve(model, q.QuantumLLG(0.5), np.diag([0.6, 0.3, 0.1]), [0, 1], method=method)


@pytest.mark.parametrize("method", METHODS)
def test_a_field_that_ends_is_told_where(method):
    """√(e^{1000t} + 1) e^{−500t} overflows from t = 0.71 on: no step leads there, and no warning leaks."""
    model = q.Model(q.Space("1/2"), [q.Zeeman((sp.sqrt(sp.exp(1000 * t) + 1) * sp.exp(-500 * t), 0, 1))])
    with pytest.raises(IntegrationError, match=r"not finite near t = 0\.7097") as caught:
        q.solve(model, q.QuantumLLG(0.1), q.states.product("up"), [0.5, 0.6, 3], method=method)
    assert caught.value.time == pytest.approx(np.log(np.finfo(float).max) / 1000, abs=1e-4)
    assert caught.value.partial.times.tolist() == [0.5, 0.6]
    # The broken twin: where H is a number, the run ends.
    assert len(q.solve(model, q.QuantumLLG(0.1), q.states.product("up"), [0.5, 0.6, 0.7], method=method).times) == 3


def run_to(end, pair, flow):
    """A stepper of one number from 1/2 at t = 0, run to its end."""
    stepper = RungeKutta(flow, 0.0, end, np.full((1, 1), 0.5 + 0j), pair, Kets(1e-10))
    while stepper.t < end:
        stepper.advance()
    return stepper


class Logistic:
    """y' = a(t) y (1 − y) with a pulse a, not finite once a trial leaves 0 < y < 1 by far."""

    def __init__(self, how):
        self.how, self.lost = how, 0

    def __call__(self, time, y, out):
        if abs(y[0, 0] - 0.5) > 1:
            self.lost += 1
            if self.how == "raises":
                raise NotFinite
            out[:] = np.nan
            return
        out[:] = 40 * np.exp(-(time - 10)**2) * y * (1 - y)

    @staticmethod
    def end():
        return 1 / (1 + np.exp(-40 * np.sqrt(np.pi)))


@pytest.mark.parametrize("pair", [dop853(), dopri5()], ids=lambda pair: pair.name)
@pytest.mark.parametrize("how", ["raises", "nan"])
def test_trials_that_are_lost_are_made_shorter(pair, how):
    flow = Logistic(how)
    assert abs(run_to(20.0, pair, flow).y[0, 0] - flow.end()) < 1e-8
    assert flow.lost


def test_the_broken_twin_that_takes_a_nan_for_no_error(monkeypatch):
    """A NaN error once made the next step ten times as long, which the end of the interval cut, for ever."""
    monkeypatch.setattr("qllg_sym.flow.steps.runge_kutta._change", lambda error, exponent: 10.0)
    with pytest.raises(Failure, match="not finite near t = "):      # told by the pace
        run_to(20.0, dop853(), Logistic("nan"))


def test_no_headway_is_told_and_short_steps_for_a_while_are_not():
    pace = control.Pace(0.0, 1e15)
    assert not any(pace.hopeless(1e-3 * k, 1e-3, False) for k in range(control.WINDOW - 1))
    assert pace.hopeless(1.0, 1e-3, False)
    falling = control.Pace(0.0, 1.0)
    assert not any(falling.hopeless(0.5, 1e-10, True) for _ in range(control.FALLING - 1))
    assert falling.hopeless(0.5, 1e-10, True)
    again = control.Pace(0.0, 1.0)
    assert not any(again.hopeless(0.5, 1e-10, k % 9 > 0) for k in range(control.WINDOW - 1))
    assert control.Pace(0.0, 2e9).hopeless(1e9, 1e-9, True)         # times there are 1e-7 apart


def test_stiffness_is_told_in_every_driver(no_compiler):
    """y' = −10¹² y up to t = 1: ten times 10¹¹ steps."""
    path = drive(lambda time, y: -1e12 * (y - np.cos(time)), np.zeros(1), np.array([0.0, 1.0]), 1e-6, 1e-9,
                       lambda time: None)
    assert "needs steps as small as" in path.failure
    assert path.steps < 2000

    def flow(time, y, out):
        out[:] = -1e12 * (y - np.cos(time))

    with pytest.raises(Failure, match="needs steps as small as"):
        run_to(1.0, dop853(), flow)
