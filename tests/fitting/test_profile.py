"""Several data sets, likelihoods and profiles, against closed forms and against SciPy on them."""

import numpy as np
import pytest
import sympy as sp
from scipy.optimize import brentq, minimize_scalar
from scipy.stats import norm

import qllg_sym as q

B, J, kappa = sp.symbols("B J kappa", real=True)
SPIN, LAW, TIMES = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, B))]), q.QuantumLLG(kappa), np.linspace(0, 4, 9)
PLUS = q.states.product("+x")


def damped(b, k):
    """r(t) of one spin from +x in the field b along z, (9, 3)."""
    turned, risen = b * TIMES / (1 + k**2), k * b * TIMES / (1 + k**2)
    return np.stack([np.cos(turned) / np.cosh(risen), -np.sin(turned) / np.cosh(risen), np.tanh(risen)], axis=1)


@pytest.fixture(scope="module")
def data():
    return damped(1.2, 0.3) + np.random.default_rng(4).normal(scale=0.05, size=(9, 3))


@pytest.fixture(scope="module")
def found(data):
    return q.fit(SPIN, LAW, PLUS, TIMES, data, free={"B": 1.0, "kappa": 0.2}, sigma=0.05)


def chi2(b, k, data, sigma=0.05):
    return (((damped(b, k) - data) / sigma)**2).sum()


def test_a_likelihood_is_that_of_normal_errors(found, data):
    value, gradient = found.log_likelihood([1.1, 0.4])
    assert value == pytest.approx(norm.logpdf(data, damped(1.1, 0.4), 0.05).sum(), rel=1e-9)
    h = 1e-6
    expected = [(-0.5 * chi2(1.1 + a, 0.4 + b, data) + 0.5 * chi2(1.1 - a, 0.4 - b, data)) / (2 * h)
                for a, b in ((h, 0), (0, h))]
    assert gradient == pytest.approx(expected, rel=1e-6)
    assert found.log_likelihood([1.1, -0.1])[0] == -np.inf       # a damping is not negative
    best = found.log_likelihood(list(found.values.values()))
    assert abs(best[1] * list(found.errors.values())).max() < 1e-4


def test_a_profile_is_the_least_chi2_over_the_others(found, data):
    profile = found.profile("kappa", [0.5, 0.1, 0.3])
    assert profile.numbers.tolist() == [0.1, 0.3, 0.5]
    for number, least, b in zip(profile.numbers, profile.chi2, profile.others["B"], strict=True):
        expected = minimize_scalar(lambda x, k=number: chi2(x, k, data), bracket=(1.0, 1.3), options={"xtol": 1e-12})
        assert least == pytest.approx(expected.fun, rel=1e-9)
        assert b == pytest.approx(expected.x, abs=1e-6)
    assert len(found.profile("B").numbers) == 13


@pytest.mark.parametrize(("level", "rise"), [(0.6826894921370859, 1.0), (0.9544997361036416, 4.0)])
def test_intervals_end_where_the_profile_has_risen(found, data, level, rise):
    def risen(k):
        return minimize_scalar(lambda x: chi2(x, k, data), bracket=(1.0, 1.3), options={"xtol": 1e-12}).fun \
            - found.chi2 - rise
    best, error = found.values["kappa"], found.errors["kappa"]
    low, high = found.interval("kappa", level)
    assert low == pytest.approx(brentq(risen, best - 6 * error, best), abs=1e-5)
    assert high == pytest.approx(brentq(risen, best, best + 6 * error), abs=1e-5)
    assert (high - low) / (2 * error) == pytest.approx(rise**0.5, rel=0.1)


def test_intervals_without_sigma_scale_with_the_scatter(found, data):
    free = q.fit(SPIN, LAW, PLUS, TIMES, data, free={"B": 1.0, "kappa": 0.2})
    low, high = free.interval("B")
    assert high - low == pytest.approx(2 * free.errors["B"], rel=0.05)
    with pytest.raises(q.InputError, match="fit with sigma"):
        free.log_likelihood([1.0, 0.2])


def test_what_data_leave_open_has_no_end():
    """S_z alone knows κB/(1 + κ²) ≤ B/2: B is bounded below by twice the rate, and not above."""
    along = q.fit(SPIN, LAW, PLUS, TIMES, damped(1.2, 0.3)[:, 2] / 2, free={"B": 1.1, "kappa": 0.25}, observe="Sz",
                  sigma=1e-3)
    low, high = along.interval("B", 0.95)
    assert low == pytest.approx(2 * 1.2 * 0.3 / 1.09, rel=5e-3)
    assert high == np.inf
    assert along.interval("kappa", 0.95)[0] == pytest.approx(0, abs=1e-6)      # a bound of the fit


def test_several_runs_share_their_parameters():
    """A run in each field, from its own start, at its own times, of its own reading."""
    pair = q.Model(q.Space("1/2", "1/2"), [q.Zeeman((B, 0, 0)), q.Exchange(J, 0, 1)])
    true, sets = {"J": 0.4, "kappa": 0.25}, []
    for b, state, times, observe in ((0.5, q.states.product("up", "down"), np.linspace(0, 4, 9), "bloch1"),
                                     (1.5, q.states.product("up", "+y"), np.linspace(0, 2, 5), "Sx")):
        run = q.solve(pair, LAW, state, times, values={**true, "B": b})
        reading = run.bloch(1) if observe == "bloch1" else (run.bloch(0) + run.bloch(1))[:, 0] / 2
        sets.append(q.DataSet(reading, times, state, observe, 0.01, {"B": b}))
    both = q.fit(pair, LAW, None, None, sets, free={"J": 0.3, "kappa": 0.4})
    assert both.values == pytest.approx(true, abs=1e-8)
    assert [len(run) for run in both.trajectories] == [9, 5]
    assert both.freedom == 9 * 3 + 5 - 2
    alone = q.fit(pair, LAW, None, None, sets[0], free={"J": 0.3, "kappa": 0.4})
    other = q.fit(pair, LAW, None, None, [sets[1]], free={"J": 0.35, "kappa": 0.3}).comparison.jacobian(
        np.array(list(true.values())))
    information = np.linalg.inv(alone.covariance) + other.T @ other
    assert both.covariance == pytest.approx(np.linalg.inv(information), rel=1e-4)


def test_one_run_may_have_values_of_the_fit_and_its_own():
    shared = q.fit(SPIN, q.QuantumLLG(kappa), PLUS, TIMES, [q.DataSet(damped(1.0, 0.3)),
                                                           q.DataSet(damped(2.0, 0.3), values={"B": 2})],
                   free={"kappa": 0.2}, values={"B": 1})
    assert shared.values["kappa"] == pytest.approx(0.3, abs=1e-8)


def test_a_temperature_is_fitted():
    """The start is thermal, its model's scale b is free: r_z(0) = tanh(b/2)."""
    b = sp.Symbol("b", real=True)
    warm = q.states.thermal(q.Model(SPIN.space, [q.Zeeman((b, 0, 0))]), 1)
    clean = q.solve(SPIN, LAW, warm, TIMES, values={"B": 1.2, "kappa": 0.3, "b": 0.8}).bloch(0)
    back = q.fit(SPIN, LAW, warm, TIMES, clean, free={"b": 0.5, "kappa": 0.2}, values={"B": 1.2})
    assert back.values == pytest.approx({"b": 0.8, "kappa": 0.3}, abs=1e-8)
    assert back.stats["jacobian"] == "exact sensitivities"


def test_units_of_any_size():
    """Joules and seconds: J about 1e-23 J beside κ, and a field that starts at 0."""
    hbar, scale = 1.054571817e-34, 1e-23
    pair = q.Model(q.Space("1/2", "1/2"), [q.Zeeman((1, 0, B)), q.Exchange(J, 0, 1)], hbar=hbar, gamma=scale / hbar)
    times, start = np.linspace(0, 4, 9) * hbar / scale, q.states.product("up", "down")
    true = {"J": 0.3 * scale, "B": 0.2, "kappa": 0.4}
    data = q.solve(pair, LAW, start, times, values=true).bloch(0)
    back = q.fit(pair, LAW, start, times, data, free={"J": 0.25 * scale, "B": 0.0, "kappa": 0.3}, sigma=0.01)
    assert back.values == pytest.approx(true, rel=1e-7)
    low, high = back.interval("J")
    assert (high - low) / 2 == pytest.approx(back.errors["J"], rel=0.1)
