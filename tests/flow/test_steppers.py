"""The compiled stepper on plain problems: against SciPy's DOP853, against closed forms, in lanes, cut and resumed."""

from fractions import Fraction

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from qllg_sym.codegen import build
from qllg_sym.codegen.builder import Builder
from qllg_sym.errors import CodegenError, InputError
from qllg_sym.flow import steppers
from qllg_sym.flow.native.frame import driven_field
from qllg_sym.flow.steppers import dop853_c as compiled
from qllg_sym.flow.steppers.dop853_c import integrate
from qllg_sym.flow.steps.field import kernel_field
from qllg_sym.flow.steps.limits import Limits

RTOL, ATOL = 1e-9, 1e-12
TIMES = np.array([0.0, 1.0])


def oscillator():
    """x'' = −w² x."""
    b = Builder("oscillator", ["x", "v"], ["w"])
    w = b.parameter(0)
    return b.kernel({"x": b.state(1), "v": b.neg(b.mul(b.mul(w, w), b.state(0)))})


def swing():
    """y' = −a sin(t) y: y = y0 exp(a (cos t − 1))."""
    b = Builder("swing", ["y"], ["a"])
    return b.kernel({"y": b.neg(b.mul(b.mul(b.parameter(0), b.call("sin", b.time)), b.state(0)))})


def square():
    """y' = a y²: a pole at t = 1/(a y0)."""
    b = Builder("square", ["y"], ["a"])
    return b.kernel({"y": b.mul(b.parameter(0), b.mul(b.state(0), b.state(0)))})


def free():
    """Three states, no parameter: Euler's equations of a rigid body."""
    b = Builder("free", ["p", "q", "r"], [])
    p, q, r = (b.state(i) for i in range(3))
    third = b.mul(b.constant(Fraction(-51, 100)), b.mul(p, q))
    return b.kernel({"p": b.mul(q, r), "q": b.neg(b.mul(p, r)), "r": third})


@pytest.fixture(scope="module")
def fields():
    try:
        kernels = [make() for make in (oscillator, swing, square, free)]
        return {k.name: kernel_field(build.load(k, "c"), len(k.states), len(k.parameters)) for k in kernels}
    except CodegenError as error:
        pytest.skip(f"needs a C compiler: {error}")


def one(field, data, start, times, **options):
    return integrate(field, np.array([data], dtype=float).reshape(1, -1), np.array([start], dtype=float),
                     np.asarray(times, dtype=float), RTOL, ATOL, **options)


PROBLEMS = [("oscillator", [1.5], [1.0, 0.3], lambda t, y: [y[1], -2.25 * y[0]], 12.0),
            ("swing", [2.0], [0.7], lambda t, y: -2 * np.sin(t) * y, 9.0),
            ("square", [-0.5], [2.0], lambda t, y: -0.5 * y**2, 30.0),
            ("free", [], [0.0, 1.0, 0.8], lambda t, y: [y[1] * y[2], -y[0] * y[2], -0.51 * y[0] * y[1]], 20.0)]


@pytest.mark.parametrize(("name", "data", "start", "slope", "end"), PROBLEMS, ids=[p[0] for p in PROBLEMS])
def test_step_for_step_it_is_scipy(fields, name, data, start, slope, end):
    """The same accepted steps and, to rounding, the same dense output: 37 samples, most of them inside steps."""
    for times in (np.linspace(0, end, 37), np.array([0, end])):
        path = one(fields[name], data, start, times)
        # SciPy begins at rest with 1e-4 at most, in whatever unit of time; here it is that part of the interval.
        first = {"first_step": 1e-4 * end} if not np.any(slope(0.0, np.array(start))) else {}
        found = solve_ivp(slope, (0, end), start, "DOP853", dense_output=True, rtol=RTOL, atol=ATOL, **first)
        assert path.failures == [None]
        assert path.steps[0] == len(found.t) - 1
        assert path.reached[0] == end
        assert abs(path.samples[0].T - found.sol(times)).max() < 1e-12
        # Besides: the slope at the end of a rejected step is not needed, those of the dense output are.
        assert 12 * path.steps[0] < path.evaluations[0] <= found.nfev + 3 * path.steps[0]


def test_a_wrong_parameter_is_seen(fields):
    """The broken twin of the comparison above."""
    times = np.linspace(0, 12, 37)
    path = one(fields["oscillator"], [1.5 + 1e-9], [1.0, 0.3], times)
    found = solve_ivp(PROBLEMS[0][3], (0, 12), [1.0, 0.3], "DOP853", dense_output=True, rtol=RTOL, atol=ATOL)
    assert abs(path.samples[0].T - found.sol(times)).max() > 1e-10


def test_closed_forms(fields):
    times = np.linspace(0, 7, 50)
    path = one(fields["swing"], [2.0], [0.7], times)
    assert abs(path.samples[0, :, 0] - 0.7 * np.exp(2 * (np.cos(times) - 1))).max() < 1e-8
    path = one(fields["square"], [-3.0], [1.0], times)
    assert abs(path.samples[0, :, 0] - 1 / (1 + 3 * times)).max() < 1e-8


def test_the_longest_step_is_kept(fields):
    path = one(fields["swing"], [2.0], [0.7], [0, 1.0], limits=Limits(1e-3))
    assert 1000 <= path.steps[0] <= 1002
    assert abs(path.samples[0, -1, 0] - 0.7 * np.exp(2 * (np.cos(1) - 1))) < 1e-14


@pytest.mark.parametrize("name", ["oscillator", "swing"])
def test_cut_and_resumed_is_the_same_to_the_last_bit(fields, name, monkeypatch):
    rng = np.random.default_rng(1)
    n, times = fields[name].size, np.linspace(0, 5, 23)
    data, starts = rng.uniform(0.5, 2, (11, 1)), rng.normal(size=(11, n))
    for m in (1, 11):
        whole = integrate(fields[name], data[:m], starts[:m], times, RTOL, ATOL)
        for first, longest in ((1, 1), (2**40, 2**40)):
            monkeypatch.setattr(compiled, "FIRST", first)
            monkeypatch.setattr(compiled, "LONGEST", longest)
            cut = integrate(fields[name], data[:m], starts[:m], times, RTOL, ATOL)
            for key in ("samples", "counts", "reached", "steps", "evaluations"):
                assert np.array_equal(getattr(cut, key), getattr(whole, key)), key


@pytest.mark.parametrize("name", ["oscillator", "swing", "free"])
@pytest.mark.parametrize("m", [2, 7, 8, 9, 30])
def test_every_lane_is_a_run_of_its_own(fields, name, m):
    """Each trajectory of a batch has its own steps, and what a run alone gives to rounding."""
    rng = np.random.default_rng(m)
    field, times = fields[name], np.linspace(-1, 6, 9)
    data, starts = rng.uniform(0.2, 3, (m, field.width)), rng.normal(size=(m, field.size))
    batch = integrate(field, data, starts, times, RTOL, ATOL)
    alone = [integrate(field, data[i:i + 1], starts[i:i + 1], times, RTOL, ATOL) for i in range(m)]
    assert batch.failures == [None] * m
    assert batch.steps.tolist() == [path.steps[0] for path in alone]
    assert abs(batch.samples - np.concatenate([path.samples for path in alone])).max() < 1e-12
    assert len(set(batch.steps.tolist())) > 1 or m == 2
    # Neither the order of trajectories nor threads change a bit.
    order = rng.permutation(m)
    for threads in (1, 2, 5):
        mixed = integrate(field, data[order], starts[order], times, RTOL, ATOL, threads=threads)
        assert np.array_equal(mixed.samples, batch.samples[order])


@pytest.mark.parametrize("threads", [1, 3])
def test_an_empty_batch(fields, threads):
    path = integrate(fields["swing"], np.empty((0, 1)), np.empty((0, 1)), np.array([0.0, 1.0]), RTOL, ATOL,
                     threads=threads, watch=lambda t: None)
    assert path.samples.shape == (0, 2, 1)
    assert path.failures == []


@pytest.mark.parametrize("m", [1, 9])
def test_one_time_is_the_state_itself(fields, m):
    starts = np.random.default_rng(0).normal(size=(m, 2))
    path = integrate(fields["oscillator"], np.ones((m, 1)), starts, np.array([3.0]), RTOL, ATOL)
    assert np.array_equal(path.samples[:, 0], starts)
    assert path.failures == [None] * m
    assert not path.steps.any()


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("where", ["state", "parameter"])
def test_what_is_not_finite_ends_alone(fields, bad, where):
    """One bad trajectory of nine fails at once; its neighbours in the lanes are not touched."""
    data, starts, times = np.full((9, 1), 1.5), np.ones((9, 2)), np.linspace(0, 4, 5)
    good = integrate(fields["oscillator"], data, starts, times, RTOL, ATOL)
    (starts if where == "state" else data)[4, 0] = bad
    path = integrate(fields["oscillator"], data, starts, times, RTOL, ATOL)
    keep = np.arange(9) != 4
    assert np.array_equal(path.samples[keep], good.samples[keep])
    assert path.failures[4] == "the right-hand side is not finite near t = 0"
    assert path.counts.tolist() == [5] * 4 + [1] + [5] * 4
    assert np.isnan(path.samples[4, 1:]).all()
    alone = integrate(fields["oscillator"], data[4:5], starts[4:5], times, RTOL, ATOL)
    assert alone.failures == [path.failures[4]]


def test_a_pole_ends_with_what_was_reached(fields):
    """y = 1/(1 − a t): poles at 1/a, each trajectory its own; the last has none."""
    data, times = np.array([[2.0], [1.0], [0.5], [-1.0]]), np.linspace(0, 3, 13)
    for path in (integrate(fields["square"], data, np.ones((4, 1)), times, RTOL, ATOL),):
        assert [bool(f) for f in path.failures] == [True, True, True, False]
        for i, a in enumerate(data[:, 0]):
            count = path.counts[i]
            assert count == (13 if a < 0 else np.count_nonzero(times < 1 / a))
            assert path.samples[i, :count, 0] == pytest.approx(1 / (1 - a * times[:count]), rel=1e-6)
            assert np.isnan(path.samples[i, count:]).all()
            assert path.reached[i] == pytest.approx(1 / a if a > 0 else 3, abs=1e-6)


def test_ctrl_c_keeps_what_was_reached(fields):
    times = np.linspace(0, 1000, 501)

    def interrupt(t):
        if t > 300:
            raise KeyboardInterrupt

    for m, threads in ((1, 1), (40, 1), (40, 2)):
        rates = np.linspace(1, 2, m)[:, None]
        path = integrate(fields["oscillator"], rates, np.ones((m, 2)), times, RTOL, ATOL, watch=interrupt,
                         threads=threads)
        whole = integrate(fields["oscillator"], rates, np.ones((m, 2)), times, RTOL, ATOL)
        assert path.interrupted
        assert not whole.interrupted
        assert "interrupted" in path.failures or m > 1
        for i in range(m):
            count = path.counts[i]
            assert np.array_equal(path.samples[i, :count], whole.samples[i, :count])
            assert np.isnan(path.samples[i, count:]).all()
            assert (path.failures[i] is None) == (count == len(times))
    assert 1 < integrate(fields["oscillator"], np.ones((1, 1)), np.ones((1, 2)), times, RTOL, ATOL,
                         watch=interrupt).counts[0] < len(times)


def test_an_error_of_the_watcher_is_raised(fields):
    def fail(t):
        raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine"):
        integrate(fields["swing"], np.ones((20, 1)), np.ones((20, 1)), np.array([0.0, 5.0]), RTOL, ATOL, watch=fail,
                  threads=2)


def test_progress_goes_up_to_the_end(fields):
    for m, threads in ((1, 1), (30, 1), (30, 2)):
        seen = []
        integrate(fields["oscillator"], np.ones((m, 1)), np.ones((m, 2)), np.array([2.0, 90.0]), RTOL, ATOL,
                  watch=seen.append, threads=threads)
        assert seen == sorted(seen)
        assert 2 <= seen[0]
        assert seen[-1] == 90.0
        assert len(seen) > 2 or threads == 2            # its helper may have done it all


def test_halt_makes_a_sample_the_last(fields):
    times = np.linspace(0, 40, 201)
    whole = one(fields["oscillator"], [1.0], [1.0, 0.0], times)
    path = one(fields["oscillator"], [1.0], [1.0, 0.0], times, halt=lambda t, y: y[0] < 0)
    assert path.counts[0] == np.argmax(whole.samples[0, :, 0] < 0) + 1
    assert path.failures == [None]
    assert np.array_equal(path.samples[0, :path.counts[0]], whole.samples[0, :path.counts[0]])
    assert one(fields["oscillator"], [1.0], [1.0, 0.0], times, halt=lambda t, y: True).counts[0] == 1
    # A pole behind the halt is none of its business.
    assert one(fields["square"], [1.0], [1.0], [0, 0.5, 2], halt=lambda t, y: t > 0).failures == [None]


@pytest.mark.parametrize("shapes", [((3, 2), (3, 2), (4,)), ((3, 1), (3, 3), (4,)), ((2, 1), (3, 2), (4,)),
                                    ((3, 1), (3, 2), (0,)), ((3, 1), (3, 2), (4, 1)), ((3,), (3, 2), (4,))], ids=str)
def test_wrong_shapes_are_refused(fields, shapes):
    with pytest.raises(InputError, match=r"^`data`, `starts` and `times` must have the shapes \(3, 1\), \(3, 2\) and "):
        integrate(fields["oscillator"], *map(np.zeros, shapes), RTOL, ATOL)


def test_what_has_no_c_text_is_left_to_numpy():
    """A function of another target has none, nor have drives with amplitudes of another target."""
    slow = build.load(swing(), "numpy")
    assert kernel_field(slow, 1, 1).native is None
    still = build.load(Builder("still", [], []).kernel({}), "numpy")
    for field in (kernel_field(slow, 1, 1), driven_field(2, still, np.zeros((0, 2, 2)))):
        assert compiled.refuses(field) == "the right-hand side has no C text"
        path = steppers.integrate(field, np.ones((1, field.width)), np.ones((1, field.size)), TIMES, RTOL, ATOL)
        assert path.driver == "python"
