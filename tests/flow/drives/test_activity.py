"""Where coefficients move: short steps at every needle, long ones elsewhere, and a resolution that is told."""

from itertools import pairwise

import numpy as np
import pytest
import sympy as sp
from scipy.interpolate import BarycentricInterpolator

import qllg_sym as q
from qllg_sym.codegen.builder import Builder
from qllg_sym.codegen.lower import lower
from qllg_sym.flow.drives import activity as module
from qllg_sym.flow.drives.driving import driving
from qllg_sym.flow.steps.tableau import dop853

t = q.t
HALF = q.Space("1/2")
R = sp.Rational


def found(field, end, begin=0.0, tolerance=1e-10, law=None, values=None):
    """What is found for a field along x."""
    equation = (law or q.QuantumLLG(0)).derive(q.Model(HALF, [q.Zeeman((field, 0, 1))]))
    what = driving(equation)
    p = np.array([[(values or {})[name]] for name in what.names], dtype=float).reshape(-1, 1)
    return what.found(p, begin, end, tolerance)


def looked_at(expression, end, tolerance=1e-10):
    """What is found for an expression as it is written, from 0."""
    b = Builder("f", [], [])
    kernel = b.kernel({"f": lower(b, expression, {t: b.time})})
    return module.activity(kernel, np.ones(1), np.empty((0, 1)), 0.0, end, tolerance)


def steps(limits, begin, end):
    """The ends of the longest steps."""
    at = [begin]
    while at[-1] < end:
        at.append(min(limits.reach(at[-1], np.inf), end))
    return np.array(at)


def test_the_nodes_are_those_of_the_stepper():
    nodes = np.unique(np.round(np.array(dop853().nodes[:13]), 14))
    x = np.linspace(0, 1, 20001)
    assert len(nodes) == module.NODES
    assert abs(np.prod(x[:, None] - nodes, axis=1)).max() <= module.PRODUCT


SHAPES = {"gauss": lambda x: sp.exp(-x * x), "switch": lambda x: 1 + sp.tanh(x),
          "logistic": lambda x: 1 / (1 + sp.exp(-x)), "lorentz": lambda x: 1 / (1 + x * x),
          "sech": lambda x: 2 / (sp.exp(x) + sp.exp(-x))}


@pytest.mark.parametrize("width", [R(1), R(1, 10), R(1, 1000), R(1, 10**5)])
@pytest.mark.parametrize("shape", SHAPES)
def test_steps_are_of_the_width_where_it_moves_and_few_elsewhere(shape, width):
    """Whatever the step before, none that touches the middle is longer than a width or two."""
    activity = looked_at(SHAPES[shape]((t - R(7391, 100)) / width), 100.0)
    at = steps(activity.limits, 0.0, 100.0)
    k = np.searchsorted(at, 73.91) - 1
    assert (at[k + 1] - at[k]) < 2 * float(width)
    assert (at[k + 2] - at[k + 1]) < 2 * float(width)
    assert np.diff(at).max() > 1
    if shape != "lorentz":                              # whose tails are wide
        assert len(at) < 300
    assert activity.resolution.max() < 1e-9


def hidden(function, at):
    """The largest area between a function and its interpolation at the nodes of one of the steps."""
    nodes = np.unique(np.round(np.array(dop853().nodes[:13]), 14))
    x = np.linspace(0, 1, 1001)
    areas = []
    for begin, end in pairwise(at):
        there = function(begin + (end - begin) * x)
        guess = BarycentricInterpolator(nodes, function(begin + (end - begin) * nodes), rng=0)(x)
        areas.append(abs(guess - there).max() * (end - begin))
    return max(areas)


@pytest.mark.parametrize("field", [sp.cos(3 * t), 5 * sp.exp(-(t - 5)**2), 10 * sp.tanh(4 * t - 20),
                                   1 / (1 + (t - 4)**2), sp.exp(-((t - 3) * 40)**2) + sp.exp(-((t - 8) * 7)**2),
                                   sp.sin(40 * t) * sp.exp(-(t - 6)**2)], ids=str)
def test_what_longest_steps_hide_is_below_the_tolerance(field):
    """The bound itself, against interpolation at the nodes; steps four times as long hide more, somewhere."""
    function = sp.lambdify(t, field, "numpy")
    for tolerance in (1e-10, 1e-6):
        at = steps(looked_at(field, 10.0, tolerance).limits, 0.0, 10.0)
        assert hidden(function, at) < 3 * tolerance
        assert hidden(function, at[::4]) > 3 * tolerance


def test_fast_drives_are_not_aliased():
    """Fields whose period divides every dyadic sample: the caps are of a period."""
    for n in (64, 4096):
        activity = found(sp.cos(2 * sp.pi * n * t), 1.0)
        assert activity.limits.caps.max() < 0.7 / n
        assert activity.resolution == 0
    assert found(sp.cos(2 * sp.pi * 1024 * t), 1.0).limits.caps.max() > 0.2 / 1024


def test_what_cannot_be_resolved_is_told():
    activity = found(sp.cos(10**6 * t), 10.0)
    assert 0 < activity.resolution[0] < 1e-3
    assert activity.limits.caps.max() <= activity.resolution[0]
    assert found(sp.tan(t), 3.0).resolution[0] < 1e-9                   # a pole: to the last bits of the time


def test_rows_have_tables_of_their_own_and_equal_rows_one():
    c, s = sp.symbols("c s", real=True)
    equation = q.QuantumLLG(0).derive(q.Model(HALF, [q.Zeeman((sp.exp(-((t - c) / s)**2), 0, 1))]))
    what = driving(equation)
    assert what.names == ("c", "s")
    p = np.array([[10.0, 80.0, 10.0, 40.0], [1.0, 1e-3, 1.0, 1e-4]])
    together = what.found(p, 0.0, 100.0, 1e-10).limits
    assert together.firsts[0] == together.firsts[2]
    for k in range(4):
        alone = what.found(p[:, k:k + 1], 0.0, 100.0, 1e-10).limits
        np.testing.assert_allclose(together.of(k).ends, alone.ends, rtol=1e-15)
        np.testing.assert_allclose(together.of(k).caps, alone.caps, rtol=1e-12)


def test_nothing_is_looked_at_twice_or_for_constant_equations(monkeypatch):
    calls = []
    monkeypatch.setattr(module, "walk", lambda *a, real=module.walk: calls.append(1) or real(*a))
    constant = q.Model(HALF, [q.Zeeman((1, 0, 1))])
    q.solve(constant, q.QuantumLLG(.1), np.diag([.7, .3]), [0, 1], method="frame")
    assert not calls
    driven = q.Model(HALF, [q.Zeeman((sp.cos(t), 0, 1))])
    q.solve(driven, q.QuantumLLG(.1), np.diag([.7, .3]), [0, 1], method="frame")
    count = len(calls)
    assert count > 0
    q.solve(driven, q.QuantumLLG(.1), np.diag([.6, .4]), [0, 1], method="frame")
    assert len(calls) == count


FLASH = sp.exp(-((t - 70) * 100)**2)


@pytest.mark.parametrize("law", [q.QuantumLLG(1 + FLASH), q.QuantumLL(FLASH), q.Dephasing(1 + FLASH)],
                         ids=lambda law: law.kind)
def test_damping_that_depends_on_time_is_seen(law):
    limits = found(sp.Integer(1), 100.0, law=law).limits
    assert limits.reach(69.99, 10.0) < 70.02
    assert limits.reach(60.0, 10.0) < 70.0
