"""Limits of the steps: caps are kept, places are landed on, by the compiled, the driven and the tall stepper alike."""

from fractions import Fraction

import numpy as np
import pytest

from flow.driving import drive
from qllg_sym.codegen import build
from qllg_sym.codegen.builder import Builder
from qllg_sym.errors import CodegenError
from qllg_sym.flow.steppers.dop853_c import integrate
from qllg_sym.flow.steps.field import kernel_field
from qllg_sym.flow.steps.limits import Limits
from qllg_sym.flow.steps.runge_kutta import Kets, RungeKutta
from qllg_sym.flow.steps.tableau import dop853

END = 100.0
AT = 50.0, 73.0         # centres of the needles
WIDTH = 1e-3
EXACT = 1 + WIDTH * np.sqrt(np.pi)


def needle():
    """y' = exp(−((t − p)/WIDTH)²): nothing to be seen but at p."""
    b = Builder("needle", ["y"], ["p"])
    x = b.div(b.sub(b.time, b.parameter(0)), b.constant(Fraction(1, 1000)))
    return b.kernel({"y": b.call("exp", b.neg(b.mul(x, x)))})


def table(centre):
    """Short steps within ten widths of the needle."""
    return [centre - 10 * WIDTH, centre + 10 * WIDTH, np.inf], [np.inf, WIDTH, np.inf]


def limits(*centres):
    ends, caps = zip(*map(table, centres), strict=True)
    return Limits(ends=np.concatenate(ends), caps=np.concatenate(caps), firsts=3 * np.arange(len(centres)))


def compiled(centres, which):
    try:
        field = kernel_field(build.load(needle(), "c"), 1, 1)
    except CodegenError as error:
        pytest.skip(f"needs a C compiler: {error}")
    data = np.array(centres)[:, None]
    return integrate(field, data, np.ones_like(data), np.array([0, END]), 1e-10, 1e-12, limits=which)


def slope(t, y):
    return np.full_like(y, np.exp(-((t - AT[0]) / WIDTH) ** 2))


def driven(which):
    return drive(slope, np.ones(1), np.array([0, END]), 1e-10, 1e-12, lambda t: None, limits=which)


def tall(which):
    """The times of the steps, and the last state."""
    def flow(t, y, out):
        out[:] = slope(t, y)

    stepper = RungeKutta(flow, 0.0, END, np.ones((1, 1)), dop853(), Kets(1e-10), limits=which)
    seen = [0.0]
    while stepper.t < END:
        stepper.advance()
        seen.append(stepper.t)
    return seen, stepper.y[0, 0].real


def test_a_needle_is_seen_by_every_stepper():
    assert compiled(AT[:1], limits(AT[0])).samples[0, -1, 0] == pytest.approx(EXACT, abs=1e-9)
    assert driven(limits(AT[0])).samples[-1, 0] == pytest.approx(EXACT, abs=1e-9)
    assert tall(limits(AT[0]))[1] == pytest.approx(EXACT, abs=1e-9)


def test_without_limits_it_is_not():
    """The broken twin."""
    assert compiled(AT[:1], None).samples[0, -1, 0] == 1
    assert driven(None).samples[-1, 0] == 1
    assert tall(None)[1] == 1


@pytest.mark.parametrize("rows", [2, 9, 40])
def test_rows_in_lanes_have_limits_of_their_own(rows):
    centres = np.linspace(3, 97, rows)
    paths = compiled(centres, limits(*centres))
    assert abs(paths.samples[:, -1, 0] - EXACT).max() < 1e-9
    assert paths.steps.max() < 120
    assert (paths.samples[:, -1, 0] != compiled(centres, limits(*centres[::-1])).samples[:, -1, 0]).any()


def test_caps_are_kept_and_what_is_cut_grows_again_at_once():
    seen = np.array(tall(limits(AT[0]))[0])
    steps, begins = np.diff(seen), seen[:-1]
    inside = (begins > AT[0] - 10.001 * WIDTH) & (begins < AT[0] + 9.999 * WIDTH)
    assert steps[inside].max() <= WIDTH * (1 + 1e-9)
    assert len(steps) < 60


def test_places_are_landed_on_to_the_last_bit():
    places = np.array([0.1, 1 / 3, 30.0, 99.9])
    seen = tall(Limits().landing(places))[0]
    assert set(places) <= set(seen)
    assert len(seen) < 20
    both = limits(*AT).landing(places)
    assert [len(both.of(row).ends) for row in (0, 1)] == [11, 11]
    assert both.of(1).reach(0.1, 60.0) == 1 / 3


@pytest.mark.parametrize("run", [lambda at: compiled(AT[:1], Limits().landing(at)).steps[0],
                                 lambda at: driven(Limits().landing(at)).steps,
                                 lambda at: len(tall(Limits().landing(at))[0]) - 1])
def test_landing_costs_a_step_a_place(run):
    free = run(np.empty(0))
    assert run(np.array([10.0, 20.0, 30.0, 40.0])) <= free + 5


def test_landing_on_a_kink_is_exact():
    """y' = |t − 1/3| from 0: pieces of order one on either side."""
    def kink(t, y):
        return np.full_like(y, abs(t - 1 / 3))

    times, right = np.array([0.0, 1.0]), (1 / 9 + 4 / 9) / 2
    landed = drive(kink, np.zeros(1), times, 1e-3, 1e-3, lambda t: None, limits=Limits().landing(np.array([1 / 3])))
    assert landed.samples[-1, 0] == pytest.approx(right, abs=1e-15)
    free = drive(kink, np.zeros(1), times, 1e-3, 1e-3, lambda t: None)
    assert abs(free.samples[-1, 0] - right) > 1e-6


def test_the_longest_step_holds_beside_a_table():
    which = Limits(0.5, *map(np.array, table(AT[0])))
    assert np.diff(tall(which)[0]).max() <= 0.5 * (1 + 1e-12)
    assert driven(which).steps >= 200
    assert compiled(AT[:1], which).steps[0] >= 200
