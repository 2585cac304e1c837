"""Signals: functions of time whose values come with the numbers; against areas, SciPy's spline and QuTiP."""

import copy
import pickle
import warnings

import numpy as np
import pytest
import sympy as sp
from scipy.interpolate import CubicSpline
from scipy.special import erf

import qllg_sym as q
from qllg_sym.flow.waveforms import DEGREE, wrapped

ONE, TIMES, UP = q.Space("1/2"), np.linspace(0, 10, 11), q.states.product("up")
F = q.signal("pulse")
MODEL = q.Model(ONE, [q.Zeeman((2 * F, 0, 0))])
GRID = np.linspace(0, 10, 21)
SAMPLES = np.exp(-(GRID - 5)**2)
AREA = 2 * np.array([CubicSpline(GRID, SAMPLES).integrate(0, t) for t in TIMES])


def height(model, **options):
    """⟨σ_z⟩ of a spin from +z."""
    return q.solve(model, q.QuantumLLG(0), UP, TIMES, **options).bloch(0)[:, 2]


@pytest.mark.parametrize("method", ["frame", "pauli", "low-rank"])
def test_a_spin_turns_by_the_area_of_the_spline(method):
    assert abs(height(MODEL, values={"pulse": (GRID, SAMPLES)}, method=method) - np.cos(AREA)).max() < 1e-9


def test_another_spline_would_be_noticed():
    """The broken twin: with natural ends the same samples turn the spin by another angle."""
    grid = GRID[8:13] - 4
    natural, spline = (CubicSpline(grid, SAMPLES[8:13], bc_type=kind) for kind in ("natural", "not-a-knot"))
    run = q.solve(MODEL, q.QuantumLLG(0), UP, [0, 2], values={"pulse": (grid, SAMPLES[8:13])}).bloch(0)[-1, 2]
    assert abs(run - np.cos(2 * spline.integrate(0, 2))) < 1e-9
    assert abs(run - np.cos(2 * natural.integrate(0, 2))) > 1e-3


def test_arithmetic_on_signals_is_that_of_numbers():
    model = q.Model(ONE, [q.Zeeman(((F**2 - 3 * F) / 2, 0, 0))])
    spline = CubicSpline(GRID, SAMPLES)
    fine = np.linspace(0, 10, 20001)
    rate = (spline(fine)**2 - 3 * spline(fine)) / 2
    area = ((rate[1:] + rate[:-1]) / 2).sum() * (fine[1] - fine[0])
    assert height(model, values={F: (GRID, SAMPLES)})[-1] == pytest.approx(np.cos(area), abs=1e-6)


def test_a_function_is_followed_to_its_jumps():
    f = q.signal("f", support=[(3, 4)], resolution=0.5)
    model = q.Model(ONE, [q.Zeeman((f, 0, 0))])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = height(model, values={"f": lambda t: 1.0 if t < 3.7 else 2.0})
    assert abs(found - np.cos(np.clip(TIMES - 3, 0, 0.7) + 2 * np.clip(TIMES - 3.7, 0, 0.3))).max() < 1e-9


def test_a_narrow_pulse_is_not_missed_where_it_is_declared():
    f = q.signal("f", support=[(5, 5.001)], resolution=1e-3)
    model = q.Model(ONE, [q.Zeeman((f, 0, 0))])
    assert height(model, values={"f": lambda t: 1000 * np.pi})[-1] == pytest.approx(-1, abs=1e-9)


def test_what_is_assumed_of_a_function_is_said():
    with pytest.warns(q.QllgWarning, match=r"^`values\['pulse'\]` is a function, [^\n]*narrower than 0.05;[^\n]*\.$"):
        found = height(MODEL, values={"pulse": lambda t: np.exp(-(t - 5)**2)})
    assert abs(found - np.cos(np.sqrt(np.pi) * (erf(TIMES - 5) + erf(5)))).max() < 1e-9


def test_rows_share_one_signal():
    size = sp.Symbol("size", real=True)
    model = q.Model(ONE, [q.Zeeman((size * F, 0, 0))])
    sizes = np.array([1.0, 2.0, 5.0])
    many = q.solve_many(model, q.QuantumLLG(0), UP, TIMES, {"size": sizes, "pulse": (GRID, SAMPLES)})
    assert abs(many.bloch(0)[:, :, 2] - np.cos(sizes[:, None] * AREA / 2)).max() < 1e-9


def test_a_number_is_a_signal_that_stands_still():
    assert abs(height(MODEL, values={"pulse": 0.25}) - np.cos(0.5 * TIMES)).max() < 1e-9


def test_a_damping_may_be_a_signal():
    law = q.QuantumLLG(q.signal("kappa_t"))
    found = q.solve(q.Model(ONE, [q.Zeeman((0, 0, 1))]), law, q.states.product("+x"), TIMES,
                    values={"kappa_t": (GRID, GRID / 10)}).bloch(0)[:, 2]
    assert abs(found - np.tanh(5 * np.log(1 + TIMES**2 / 100))).max() < 1e-8


def test_signals_print_and_stay_letters_of_the_algebra():
    equations = q.QuantumLLG(0).derive(MODEL).pauli()
    assert r"2 \mathrm{pulse}\left(t\right) T_{z}" in equations.latex()
    assert "parameters: pulse(t)" in MODEL.describe()
    assert all(r.is_polynomial(*equations.states, *equations.velocities, F) for r in equations.residual)
    assert "p[0] = pulse" in equations.code("c")


def test_models_with_signals_travel():
    for other in (pickle.loads(pickle.dumps(MODEL)), copy.deepcopy(MODEL)):
        assert other == MODEL
        assert abs(height(other, values={"pulse": (GRID, SAMPLES)}) - np.cos(AREA)).max() < 1e-9


@pytest.mark.parametrize(("given", "says"), [
    (None, "must give the signal 'pulse', but does not"),
    (([0, 1, 2], [0, 1, 0]), "at least 4 times, but has 3"),
    (([0, 3, 6, 10], [0, 1, 0]), "but has 4 times and 3 samples"),
    (([0, 3, 6, 10], [0, 1, np.nan, 0]), "number 2 of its samples"),
    (([0, 3, np.inf, 10], [0, 1, 2, 0]), "number 2 of its times"),
    (([0, 6, 3, 10], [0, 1, 2, 0]), "has 6 followed by 3"),
    (([0, 3, 6, 10], [0, 1j, 2, 0]), "is complex"),
    (([0, 3, 6, 9], [0, 1, 2, 0]), "from 0 to 9 and is asked for from 0 to 10"),
    (([[0, 3, 6, 9]], [[0, 1, 2, 0]]), "one list each"),
    (lambda t: 1j, "is 1j at t = "),
    (lambda t: np.nan, "but is nan at t = "),
    (lambda t: 1 / (t - t), "raises ZeroDivisionError"),
    (lambda: 1.0, "raises TypeError"),
    ("sin(t)", "is 'sin(t)'"),
])
def test_bad_signals_are_refused_in_one_sentence(given, says):
    warnings.simplefilter("ignore", q.QllgWarning)
    with pytest.raises(q.QllgError) as caught:
        height(MODEL, values={} if given is None else {"pulse": given})
    message = str(caught.value)
    assert says in message
    assert message.count("\n") == 0
    assert message.endswith(".")


@pytest.mark.parametrize(("arguments", "says"), [
    (("t",), "`name`"), (("a b",), "`name`"), ((3,), "`name`"), (("f", [(2, 1)]), "`support`"), (("f", 3), "`support`"),
    (("f", [(0, 2), (1, 3)]), "`support`"), (("f", None, -1), "`resolution`"), (("f", None, "x"), "`resolution`")])
def test_bad_declarations_are_refused(arguments, says):
    with pytest.raises(q.QllgError, match=rf"^{says} must be [^\n]*\.$"):
        q.signal(*arguments)


def test_a_kink_that_a_signal_decides_is_refused():
    with pytest.raises(q.InputError, match=r"^`model` must have jumps and kinks at times[^\n]*\.$"):
        height(q.Model(ONE, [q.Zeeman((sp.Abs(F), 0, 0))]), values={"pulse": (GRID, SAMPLES)})


def test_lists_of_numbers_are_no_signals():
    assert isinstance(wrapped({"D": [1.0, 2.0]})["D"], list)
    assert DEGREE < 12                      # what the nodes of one step show


QUTIP = pytest.importorskip("qutip")


def frequency(t):
    return np.cos(3 * t)


def test_the_lists_of_qutip_give_what_qutip_gives():
    """Expressions, texts, functions and samples; sesolve at tight tolerances. Its own errors are below 1e-8 there."""
    h0, h1, h2, h3 = QUTIP.sigmaz() / 2, QUTIP.sigmax() / 2, QUTIP.sigmay() / 2, QUTIP.sigmax() / 3
    times, samples = TIMES / 2, np.sin(GRID / 2)**2
    listed = [h0, [h1, frequency], [h2, "sin(w*t)"], [h3, samples]]
    evolving = QUTIP.QobjEvo([h0, [h1, frequency], [h2, lambda t: np.sin(2 * t)], [h3, samples]], tlist=GRID / 2)
    expected = QUTIP.sesolve(evolving, QUTIP.basis(2, 0), times, e_ops=[QUTIP.sigmax(), QUTIP.sigmaz()], options={
        "method": "dop853", "rtol": 1e-12, "atol": 1e-12, "nsteps": 10**5}).expect
    for terms, values in ((listed, {"w": 2.0}), (evolving, {})):
        model = q.Model(ONE, terms, tlist=GRID / 2)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", q.QllgWarning)
            found = q.solve(model, q.QuantumLLG(0), QUTIP.basis(2, 0), times, values=values).bloch(0)
        assert abs(found[:, [0, 2]] - np.transpose(expected)).max() < 1e-8


@pytest.mark.parametrize(("coefficient", "tlist", "says"), [
    ("np.sin(t)", None, "`np.sin(t)`"), ("__import__('os')", None, "must be arithmetic"),
    ("cos(t", None, "must have `)`"),
    (np.zeros(5), None, "`tlist` must be given"), (np.zeros(5), np.arange(4.0), "has 4 for 5 samples"),
    (np.zeros((2, 3, 4)), None, "coefficients that are expressions"), ({1}, None, "coefficients that are expressions")])
def test_bad_coefficients_in_lists_are_refused(coefficient, tlist, says):
    with pytest.raises(q.QllgError) as caught:
        q.Model(ONE, [np.diag([1, -1]), [np.eye(2)[::-1], coefficient]], tlist=tlist)
    assert says in str(caught.value)
    assert str(caught.value).count("\n") == 0
