"""Jumps and kinks in time: steps land on them, whatever the method; against closed forms of area and of phase."""

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from qllg_sym.codegen.builder import Builder
from qllg_sym.codegen.lower import lower
from qllg_sym.flow.drives import piecewise
from qllg_sym.flow.drives.crossings import sign_changes

ONE, T = q.Space("1/2"), q.t
TIMES = np.linspace(0, 7, 15)
TRAIN = (1 + sp.sign(sp.sin(2 * sp.pi * T))) / 2            # on in the first half of every unit of time
KAPPA = sp.Rational(1, 2)
AREA = np.floor(TIMES) * 0.5 + np.minimum(TIMES - np.floor(TIMES), 0.5)
SHAPES = {
    "train": (TRAIN, AREA),
    "switch": (sp.Heaviside(T - sp.Rational(5, 3)), np.maximum(TIMES - 5 / 3, 0)),
    "window": (sp.Piecewise((0, T < 1), (2, T <= 3), (0, True)), 2 * np.clip(TIMES - 1, 0, 2)),
    "both": (sp.Piecewise((3, (T > 1) & ~(T > 2)), (0, True)), 3 * np.clip(TIMES - 1, 0, 1)),
    "wave": (sp.Abs(sp.cos(sp.pi * T)), (2 * np.round(TIMES) + np.sin(np.pi * (TIMES - np.round(TIMES)))) / np.pi),
    "roof": (sp.Max(0, 1 - sp.Abs(T - 3)), np.where(TIMES < 3, np.maximum(TIMES - 2, 0)**2 / 2,
                                                     1 - np.maximum(4 - TIMES, 0)**2 / 2)),
    "ramp": (sp.Min(T, 2), np.where(TIMES < 2, TIMES**2 / 2, 2 * TIMES - 2)),
    "root": (sp.Piecewise((sp.sqrt(T - 1), T > 1), (0, True)), 2 / 3 * np.maximum(TIMES - 1, 0)**1.5),
}


def turned(shape, method="auto", **options):
    """⟨σ_z⟩ of a spin from +z in a field along x: cos of the area."""
    model = q.Model(ONE, [q.Zeeman((shape, 0, 0))])
    return q.solve(model, q.QuantumLLG(0), q.states.product("up"), TIMES, method=method, **options)


@pytest.mark.parametrize("name", SHAPES)
def test_a_spin_turns_by_the_area_of_a_pulse(name):
    shape, area = SHAPES[name]
    assert abs(turned(shape).bloch(0)[:, 2] - np.cos(area)).max() < 1e-9


@pytest.mark.parametrize("method", ["exact", "frame", "pauli", "krylov", "low-rank"])
def test_every_method_stops_at_the_switches(method):
    found = turned(TRAIN, method)
    assert found.method == method
    assert found.stats["pieces"] == 14
    assert abs(found.bloch(0)[:, 2] - np.cos(AREA)).max() < 1e-9


def test_switches_that_are_not_seen_are_wrong(monkeypatch):
    """The broken twin: without its crossings a train is what it is in the middle."""
    monkeypatch.setattr(piecewise, "sign_changes", lambda *given: np.empty(0))
    assert abs(turned(TRAIN).bloch(0)[:, 2] - np.cos(AREA)).max() > 0.5


@pytest.mark.parametrize("method", ["auto", "frame", "pauli", "krylov", "low-rank"])
def test_damping_between_switches_is_that_of_the_closed_form(method):
    """Along z artanh z rises by κ/(1 + κ²) times the area, the phase by 1/(1 + κ²) times it."""
    shape, area = SHAPES["train"]
    model = q.Model(ONE, [q.Zeeman((0, 0, 3 * shape))])
    found = q.solve(model, q.QuantumLLG(KAPPA), q.states.product("+x"), TIMES, method=method).bloch(0)
    slow = 3 * area / (1 + 0.25)
    expected = np.stack([np.cos(slow), -np.sin(slow), np.sinh(slow / 2)], axis=1) / np.cosh(slow / 2)[:, None]
    assert abs(found - expected).max() < 1e-8


def test_a_damping_that_is_switched_on():
    law = q.QuantumLLG(KAPPA * sp.Heaviside(T - 2))
    found = q.solve(q.Model(ONE, [q.Zeeman((0, 0, 1))]), law, q.states.product("+x"), TIMES)
    assert abs(found.bloch(0)[:, 2] - np.tanh(0.4 * np.maximum(TIMES - 2, 0))).max() < 1e-9


@pytest.mark.parametrize("law", [q.ClassicalLLG(0), q.ClassicalLL(0)], ids=["llg", "ll"])
def test_moments_turn_by_the_area(law):
    found = q.solve(q.Model(ONE, [q.Zeeman((TRAIN, 0, 0))]), law, [[0, 0, 1]], TIMES).moments[:, 0]
    assert abs(found[:, 2] - np.cos(AREA)).max() < 1e-9


def test_rows_have_switches_of_their_own():
    start, size = sp.symbols("start size", real=True)
    model = q.Model(ONE, [q.Zeeman((size * sp.Heaviside(T - start), 0, 0))])
    values = {"start": np.array([1.0, 2.5, 1.0, 9.0]), "size": np.array([1.0, 2.0, 3.0, 1.0])}
    for method in ("auto", "frame"):
        many = q.solve_many(model, q.QuantumLLG(0), q.states.product("up"), TIMES, values, method=method)
        area = values["size"][:, None] * np.maximum(TIMES - values["start"][:, None], 0)
        assert abs(many.bloch(0)[:, :, 2] - np.cos(area)).max() < 1e-9
    assert many[3].stats["pieces"] == 1


def test_what_is_read_on_the_way_is_read_at_the_times_asked_for():
    shape, area = SHAPES["switch"]
    for method in ("krylov", "low-rank", "frame"):
        seen = turned(shape, method, observe={"z": np.diag([1, -1])}).observed["z"]
        assert abs(seen - np.cos(area)).max() < 1e-9
        last = turned(shape, method, keep="final")
        assert abs(last.final_state[0, 0] - np.cos(area[-1] / 2)**2) < 1e-9
        ended = turned(shape, method, stop=lambda t, rho: rho[0, 0].real < 0.5)
        assert ended.times[-1] == TIMES[np.argmax(np.cos(area) < 0)]
    rho = turned(shape).at(3.21)
    assert (rho[0, 0] - rho[1, 1]).real == pytest.approx(np.cos(3.21 - 5 / 3), abs=1e-9)


def test_energies_are_those_of_the_field_that_is_on():
    found = turned(SHAPES["window"][0])
    assert abs(found.energy).max() < 1e-12
    model = q.Model(ONE, [q.Zeeman((0, 0, sp.Heaviside(T - 2.25)))])
    on = q.solve(model, q.QuantumLLG(0), q.states.product("up"), TIMES)
    assert (on.energy == np.where(TIMES > 2.25, -0.5, 0)).all()


def program(expression):
    b = Builder("g", [], [])
    return b.kernel({"g": lower(b, expression, {T: b.time})})


@pytest.mark.parametrize(("expression", "expected"), [
    (sp.cos(T), (np.arange(6) + 0.5) * np.pi), (T**2 - 2, [np.sqrt(2)]), ((T - 3)**2, []), (T - 40, []),
    ((T - 3)**2 - sp.Rational(1, 10**12), [3 - 1e-6, 3 + 1e-6]), (sp.exp(-T) - sp.exp(-5), [5]),
    (sp.sqrt(T - 1) - 1, [2]), (sp.Integer(1), [])], ids=str)
def test_crossings_are_all_found(expression, expected):
    found = sign_changes(program(expression), True, np.empty(0), 0.0, 20.0)
    close = [t for t in found if abs(np.array(expected) - t).min(initial=np.inf) < 1e-9]
    assert len(close) == len(expected)
    assert len(found) - len(close) <= 8         # where it touches zero, a few that change nothing


def test_endless_switching_is_refused():
    with pytest.raises(q.InputError, match=r"^`times` must hold fewer switches[^\n]*t = 0[^\n]*\.$"):
        turned(sp.sign(sp.sin(1 / T)))
