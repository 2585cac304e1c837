"""The contract of the steppers: every file of the folder converges as it says, and so must a new file."""

import sys
from dataclasses import replace
from importlib import invalidate_caches

import numpy as np
import pytest

from qllg_sym.codegen import build
from qllg_sym.codegen.builder import Builder
from qllg_sym.flow import steppers
from qllg_sym.flow.steps.field import kernel_field
from qllg_sym.flow.steps.limits import Limits

END = 4.0

HEUN = '''
"""Heun's method with a step that is as long as it may be, and straight lines between."""
import numpy as np
from qllg_sym.flow.steps.paths import Paths

NAME, OVERHEAD = "heun", 1.0
{orders}

def refuses(field):
    return None

def integrate(field, data, starts, times, rtol, atol, watch=None, halt=None, threads=1, limits=None):
    samples = np.empty((len(starts), len(times), field.size))
    for row, y in enumerate(starts):
        f, seen, t = field.slope(data[row]), [(times[0], y)], times[0]
        while t < times[-1]:
            to = min(limits.reach(t, np.inf), times[-1])
            h, k = to - t, f(t, y)
            y, t = y + h / 2 * (k + f(to, y + h * k)), to
            seen.append((t, y))
        for i in range(field.size):
            samples[row, :, i] = np.interp(times, [t for t, _ in seen], [y[i] for _, y in seen])
    m = len(starts)
    return Paths(samples, np.full(m, len(times)), np.full(m, times[-1]), np.full(m, len(seen) - 1),
                 np.full(m, 2 * len(seen) - 2), [None] * m, False, "python")
'''


def turning():
    """x' = a cos(t) v, v' = −a cos(t) x: a turn by a sin t."""
    b = Builder("turning", ["x", "v"], ["a"])
    rate = b.mul(b.parameter(0), b.call("cos", b.time))
    return b.kernel({"x": b.mul(rate, b.state(1)), "v": b.neg(b.mul(rate, b.state(0)))})


def error(stepper, steps):
    """The largest error at the end of steps of one length, and between them, of two trajectories."""
    fields = [kernel_field(build.load(turning(), target), 2, 1) for target in ("c", "numpy")]
    field = next(each for each in fields if stepper.refuses(each) is None)
    data, starts = np.array([[1.0], [2.0]]), np.array([[1.0, 0.0], [0.0, 1.0]])
    ends, inside = np.linspace(0, END, steps + 1), np.linspace(0, END, 3 * steps + 1)
    found = []
    for times in (ends, inside):
        # A tolerance that accepts all, and no longer steps than these, which land where they end.
        paths = stepper.integrate(field, data, starts, times, 0.9, 0.9, limits=Limits(END / steps).landing(ends[1:-1]))
        assert paths.failures == [None, None]
        angle = data * np.sin(times)
        exact = np.stack([np.stack([np.cos(angle[0]), -np.sin(angle[0])], axis=1),
                          np.stack([np.sin(angle[1]), np.cos(angle[1])], axis=1)])
        found.append(abs(paths.samples - exact).max())
    return np.array(found)


def check(stepper):
    """A name, an overhead, and errors that fall as the orders say: not slower, and not much faster either."""
    assert isinstance(stepper.NAME, str)
    assert stepper.OVERHEAD > 0
    few = 8 if stepper.ORDER > 4 else 64
    coarse, fine = error(stepper, few), error(stepper, 2 * few)
    assert (fine < 0.1).all()
    orders = np.log2(coarse / fine)
    assert abs(orders[0] - stepper.ORDER) < 0.6, f"{stepper.NAME} is of order {orders[0]:.1f}"
    assert abs(orders[1] - min(stepper.ORDER, stepper.DENSE + 1)) < 0.6, f"{stepper.NAME} is dense of {orders[1]:.1f}"


@pytest.mark.parametrize("stepper", steppers.modules(), ids=lambda stepper: stepper.NAME)
def test_every_stepper_converges_as_it_says(stepper):
    check(stepper)


def test_names_are_their_own():
    names = [stepper.NAME for stepper in steppers.modules()]
    assert len(set(names)) == len(names) > 1


def test_a_wrong_tableau_is_seen(monkeypatch):
    """The broken twin: one coefficient off in the fourth digit."""
    stepper = next(one for one in steppers.modules() if one.NAME == "dop853")
    table = stepper.dop853()
    rows = [row.copy() for row in table.rows]
    rows[5][3] *= 1.0001
    monkeypatch.setattr(stepper, "dop853", lambda: replace(table, rows=tuple(rows)))
    with pytest.raises(AssertionError, match="of order"):
        check(stepper)


@pytest.fixture
def dropped(tmp_path, monkeypatch):
    """Puts a file into the folder, as its author would; the steppers that are found then."""
    def drop(orders):
        (tmp_path / "heun.py").write_text(HEUN.format(orders=orders), encoding="utf-8")
        monkeypatch.setattr(steppers, "__path__", [*steppers.__path__, str(tmp_path)])
        invalidate_caches()
        steppers.modules.cache_clear()
        return {stepper.NAME: stepper for stepper in steppers.modules()}

    yield drop
    monkeypatch.undo()
    sys.modules.pop("qllg_sym.flow.steppers.heun", None)
    steppers.modules.cache_clear()


def test_a_file_that_is_dropped_in_is_found_and_held_to_its_order(dropped):
    found = dropped("ORDER, DENSE = 2, 1")
    assert len(found) == 3
    check(found["heun"])


def test_an_order_that_is_not_there_is_seen(dropped):
    with pytest.raises(AssertionError, match="heun is of order 2"):
        check(dropped("ORDER, DENSE = 3, 1")["heun"])


def test_an_order_cannot_be_left_out(dropped):
    with pytest.raises(AttributeError, match="ORDER"):
        check(dropped("DENSE = 1")["heun"])
