"""Stabilised steps beside Chebyshev's polynomials by recursion: what a step does to a mode, how long it may be."""

import numpy as np
import pytest

from qllg_sym.flow.steps.stabilised import DAMPING, StabilisedStep, stages_for


def polynomial(stages, z):
    """T_s(w0 + w1 z)/T_s(w0), w1 from the derivative of the series."""
    t = np.polynomial.Chebyshev.basis(stages)
    w0 = np.cosh(DAMPING / stages)
    return t(w0 + t(w0) / t.deriv()(w0) * z) / t(w0)


@pytest.mark.parametrize("stages", [1, 2, 3, 7, 40])
def test_a_step_is_the_polynomial_of_every_mode(stages):
    step = StabilisedStep(stages)
    h, y = 0.7 * step.reach([1.0]), np.array([1.0, 2j, -1 + 1j])
    rates, calls = np.array([1.0, 0.3 + 0.1j, 1e-3]), []

    def slope(now, out):
        calls.append(1)
        out[:] = -rates * now

    moved = step.after(slope, y, -rates * y, h)
    assert len(calls) == stages - 1
    assert moved == pytest.approx(polynomial(stages, -h * rates) * y, rel=1e-9)
    assert moved == pytest.approx(step.factor(-h * rates) * y, rel=1e-9)
    assert y.tolist() == [1.0, 2j, -1 + 1j]
    assert abs(polynomial(stages, 1e-6) - np.exp(1e-6)) < 1e-9                  # of order one


@pytest.mark.parametrize("stages", [1, 4, 30])
@pytest.mark.parametrize("rates", [[1.0], [0.5 + 0.5j], [0.1 + 0.01j, 0.02 + 0.001j]])
def test_no_mode_grows_in_the_longest_step_and_one_does_in_a_longer_one(stages, rates):
    h, part = StabilisedStep(stages).reach(rates), np.linspace(1e-3, 1, 999)
    modes = np.outer(rates, part).ravel()
    assert h * abs(modes).max() > 0.5
    assert abs(polynomial(stages, -h * modes)).max() < 1
    assert abs(polynomial(stages, -2 * h * modes)).max() > 1


def test_the_slowest_mode_is_read_from_what_a_step_damped():
    step = StabilisedStep(20)
    h = step.reach([1.0])
    for rate in (1e-4, 1e-3, 3e-3):
        assert step.slowest(float(polynomial(20, -h * rate))) == pytest.approx(rate, rel=1e-6)
    assert step.slowest(0.01) is None
    assert abs(polynomial(round(stages_for(1e-3)), -StabilisedStep(round(stages_for(1e-3))).reach([1.0]) * 1e-3)) < 0.1
