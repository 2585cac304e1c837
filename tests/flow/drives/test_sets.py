"""Interval and disk arithmetic hold what functions take: against NumPy at random real and complex points."""

import numpy as np
import pytest
import scipy.special
import sympy as sp

from qllg_sym.algebra.symbols import t
from qllg_sym.codegen.builder import Builder
from qllg_sym.codegen.lower import lower
from qllg_sym.flow.drives import disks, disks_with_rest, ranges
from qllg_sym.flow.drives.walk import Pair, walk

A = sp.Symbol("a", real=True)
R = sp.Rational
EXPRESSIONS = [t, t * t - A * t, t**3 - 2 * t, 1 / (t - A), 1 / (t**2 + R(1, 3)), sp.exp(-t * t),
               sp.exp(-3 * (t - A)**2) * t,
               sp.sin(3 * t), sp.cos(t - A), sp.cos(t) * sp.exp(-t), sp.tan(t / 2), sp.tanh(2 * t - A), sp.tanh(t)**2,
               1 / (1 + sp.exp(-4 * t)), 1 / sp.cosh(t).rewrite(sp.exp), sp.sqrt(t + 3), sp.sqrt(t), sp.log(t + 4),
               (t + 3)**R(5, 2), 1 / sp.sqrt(4 - t), t**70 / 2**70, t**-70, sp.exp(sp.sin(2 * t)), sp.pi * t / (t + 5),
               sp.exp(20 * t) - sp.exp(-20 * t), sp.exp(-400 * (t - 1)**2), sp.tanh(100 * t),
               sp.sinh(t - A), sp.cosh(2 * t), sp.atan(3 * t - A), sp.erf(t + A), sp.erf(5 * t) * t]
# With kinks: on disks that no kink lies in.
KINKED = [sp.Abs(t), sp.sign(t - A), sp.Heaviside(t) * t, sp.Max(t, A), sp.Min(t * t, 1, A),
          sp.Piecewise((t, t < 0), (t**3, t <= A), (sp.cos(t), True))]


def program(expression):
    b = Builder("f", [], ["a"])
    return b.kernel({"f": lower(b, expression, {t: b.time, A: b.parameter(0)})})


def function(expression):
    return sp.lambdify((t, A), expression, [{"erf": scipy.special.erf}, "numpy"])


def sets(seed, count=400):
    """Centres and sizes over four orders of magnitude, and a parameter for each."""
    rng = np.random.default_rng(seed)
    return rng.uniform(-3, 3, count), 10.0**rng.uniform(-3, 1, count), rng.uniform(-2, 2, (1, count)), rng


def misses_of_intervals(expression, shrink=1.0):
    """How many of the intervals miss a value, of those with finite ends."""
    centre, size, a, rng = sets(1)
    (low, high), = walk(program(expression), ranges.OPERATIONS, ranges.point, Pair(centre - size, centre + size), a)
    points = centre + size * np.concatenate([rng.uniform(-1, 1, (200, len(centre))), [-np.ones_like(centre)],
                                             [np.ones_like(centre)]])
    with np.errstate(all="ignore"):
        value = function(expression)(points, a)
        middle, half = 0.5 * (low + high), 0.5 * shrink * (high - low)
        off = abs(value - middle) - half * (1 + 1e-9) - 1e-9 * (1 + abs(middle))
    known = np.isfinite(half) & np.isfinite(value).all(axis=0)
    return np.count_nonzero((off > 0).any(axis=0) & known), np.count_nonzero(known)


def misses_of_disks(expression, shrink=1.0):
    """How many of the disks miss a value, of those with a finite radius."""
    centre, size, a, rng = sets(2)
    (middle, radius), = walk(program(expression), disks.OPERATIONS, disks.point, Pair(centre, size), a)
    rim = np.exp(1j * rng.uniform(0, 2 * np.pi, (400, len(centre))))
    points = centre + size * np.concatenate([rim, np.sqrt(rng.uniform(0, 1, rim.shape)) * rim, [np.ones_like(centre)],
                                             [-np.ones_like(centre)], [1j * np.ones_like(centre)]])
    with np.errstate(all="ignore"):
        value = function(expression)(points + 0j, a)
        off = abs(value - middle) - shrink * radius * (1 + 1e-9) - 1e-9 * (1 + abs(middle))
    known = np.isfinite(radius) & np.isfinite(middle)
    return np.count_nonzero((~(off <= 0)).any(axis=0) & known), np.count_nonzero(known)


@pytest.mark.parametrize("expression", [*EXPRESSIONS, *KINKED], ids=str)
def test_intervals_hold_every_value(expression):
    missed, known = misses_of_intervals(expression)
    assert missed == 0
    assert known > 50


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=str)
def test_disks_hold_every_value(expression):
    missed, known = misses_of_disks(expression)
    assert missed == 0
    assert known > 50


@pytest.mark.parametrize("expression", KINKED, ids=str)
def test_disks_hold_every_value_beside_a_kink(expression):
    """Their rim is complex; on the real axis the disk and the function are compared, and on the same side of kinks."""
    centre, size, a, rng = sets(4)
    (middle, radius), = walk(program(expression), disks.OPERATIONS, disks.point, Pair(centre, size), a)
    points = centre + size * rng.uniform(-1, 1, (400, len(centre)))
    off = abs(function(expression)(points, np.broadcast_to(a, points.shape)) - middle) - radius * (1 + 1e-9) - 1e-9
    known = np.isfinite(radius)
    assert not (off > 0)[:, known].any()
    assert 20 < np.count_nonzero(known) < len(known)


@pytest.mark.parametrize("expression", [t * t - A * t, sp.exp(-t * t), sp.sin(3 * t), sp.tanh(2 * t - A)], ids=str)
def test_smaller_sets_miss_some(expression):
    """The broken twin."""
    assert misses_of_intervals(expression, 0.7)[0] > 10
    assert misses_of_disks(expression, 0.7)[0] > 10


def test_what_is_not_known_is_unbounded():
    """Poles, branch points and overflows inside a set."""
    at, about, none = Pair(np.array([-1.0]), np.array([1.0])), Pair(np.array([0.3]), np.array([1.0])), np.zeros((1, 1))
    for expression in (1 / t, 1 / t**2, sp.log(t), sp.tan(2 * t), sp.exp(1000 * t)):
        found, = walk(program(expression), ranges.OPERATIONS, ranges.point, at, none)
        assert np.isinf(ranges.width(found))
    for expression in (1 / t, sp.sqrt(t), sp.log(t), sp.tan(4 * t), sp.tanh(3 * t), 1 / (1 + t**2 / R(1, 9))):
        found, = walk(program(expression), disks.OPERATIONS, disks.point, about, none)
        assert np.isinf(disks.radius(found))


def misses_of_parts(expression, shrink=1.0):
    """How many of the intervals miss a value that is further than the rest from what the disk holds on them."""
    centre, size, a, rng = sets(3)
    operations = disks_with_rest.operations(np.full_like(centre, 1e-9))
    part, = walk(program(expression), operations, disks_with_rest.point,
                 disks_with_rest.time(centre - size, centre + size, np.full_like(centre, 8.0)), a)
    points = centre + size * np.concatenate([rng.uniform(-1, 1, (200, len(centre))), [np.ones_like(centre)]])
    with np.errstate(all="ignore"):
        value = function(expression)(points, a)
        reach = shrink * (part.disk.b + part.rest)
        off = abs(value - part.disk.a) - reach * (1 + 1e-9) - 1e-9 * (1 + abs(part.disk.a))
    known = np.isfinite(part.disk.b + part.rest) & np.isfinite(part.disk.a) & np.isfinite(value).all(axis=0)
    return np.count_nonzero((off > 0).any(axis=0) & known), np.count_nonzero(known), np.count_nonzero(part.rest > 0)


FAR = sp.exp(-400 * (t - 9)**2)         # nothing there, whatever a disk may say
MIXED = [*EXPRESSIONS, sp.sinh(t / 3 + FAR), sp.cosh(t / 3 + FAR), sp.atan(t + FAR), sp.erf(t - FAR),
         sp.sin(t) + FAR, sp.sin(t) * (1 + FAR), sp.exp(sp.cos(t) + FAR), 1 / (2 + sp.sin(t) + FAR),
         sp.tanh(t + FAR)**2, sp.sqrt(5 + t + FAR), sp.log(5 + t + FAR), sp.tan(R(1, 9) * t + FAR), (t / 2 + FAR)**70,
         (5 + t + FAR)**-70, sp.cos(FAR - t), sp.sin(FAR / 3 - t)]


@pytest.mark.parametrize("expression", MIXED, ids=str)
def test_parts_hold_every_value(expression):
    missed, known, _ = misses_of_parts(expression)
    assert missed == 0
    assert known > 50


def test_rests_are_used_and_smaller_ones_miss_some():
    """The broken twin, and that intervals with a rest are among those looked at."""
    assert misses_of_parts(sp.sin(t) + FAR)[2] > 50
    assert misses_of_parts(sp.exp(-400 * t * t), 0.5)[0] > 10
