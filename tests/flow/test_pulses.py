"""Sweeps, trains and sampled pulses against closed forms and mpmath; many samples in few pieces."""

import mpmath
import numpy as np
import pytest
import sympy as sp
from scipy.interpolate import CubicSpline

import qllg_sym as q
from qllg_sym.flow.splines import with_fewer_pieces

ONE, T = q.Space("1/2"), q.t
F = q.signal("pulse")


def test_a_linear_sweep_goes_over_by_the_formula_of_landau_and_zener():
    """P = exp(−π Δ²/2v) from the far past to the far future; on the way along the field to (Δ/v)/T³ about."""
    grid = np.linspace(-30, 30, 101)
    for gap, v in ((1.0, 1.0), (0.6, 2.0)):
        model = q.Model(ONE, [q.Zeeman((sp.Rational(str(gap)), 0, F))])
        along = np.array([gap, 0, v * 30]) / np.hypot(gap, v * 30)
        run = q.solve(model, q.QuantumLLG(0), q.states.coherent(ONE, [along * [1, 1, -1]]), [-30, 30],
                      {"pulse": (grid, v * grid)})
        over = (1 - run.bloch(0)[-1] @ along) / 2
        assert abs(over - np.exp(-np.pi * gap**2 / (2 * v))) < 1e-4
        assert abs(over - np.exp(-np.pi * gap**2 / v)) > 1e-2          # twice the exponent would be noticed


def test_a_triangular_sweep_leaves_the_phase_of_its_area_with_damping():
    """A field along z of area A: tan(θ/2) falls by exp(−κA/(1 + κ²)), the phase is A/(1 + κ²)."""
    sweep = 3 * sp.Add(*(sp.Max(0, 1 - sp.Abs(T - k)) for k in (1, 3, 5)))
    kappa, times = 0.3, np.array([0, 0.5, 1, 2, 3.25, 4, 6])
    fine = np.array([0, 0.125, 0.5, 1, 2 - 0.75**2 / 2, 2, 3])
    area = 3 * fine / (1 + kappa**2)
    found = q.solve(q.Model(ONE, [q.Zeeman((0, 0, sweep))]), q.QuantumLLG(kappa), q.states.product("+x"),
                    times).bloch(0)
    expected = np.array([np.cos(area), -np.sin(area), np.sinh(kappa * area)]).T / np.cosh(kappa * area)[:, None]
    assert abs(found - expected).max() < 1e-9


def test_a_square_train_is_that_of_fifty_digits():
    """Pure states: ψ ∝ exp(−(i + κ) H t/(1 + κ²)) ψ on each piece, multiplied in mpmath at 50 digits."""
    train = (1 + sp.sign(sp.sin(2 * sp.pi * T))) / 2
    run = q.solve(q.Model(ONE, [q.Zeeman((4 * train, 0, 1))]), q.QuantumLLG(0.3), q.states.product("up"), [0, 20])
    with mpmath.workdps(50):
        kappa, half = mpmath.mpf(3) / 10, mpmath.mpf(1) / 2
        psi = mpmath.matrix([1, 0])
        for k in range(40):
            h = -half * mpmath.matrix([[1, 4 * (k % 2 == 0)], [4 * (k % 2 == 0), -1]])
            psi = mpmath.expm(-(mpmath.mpc(kappa, 1)) * h * half / (1 + kappa**2)) * psi
            psi /= mpmath.norm(psi)
        z = float(abs(psi[0])**2 - abs(psi[1])**2)
    assert run.stats["pieces"] == 40
    assert abs(run.bloch(0)[-1, 2] - z) < 1e-12


@pytest.mark.parametrize("method", ["frame", "pauli", "low-rank"])
def test_every_method_follows_samples_of_two_spins(method):
    """A field on all spins commutes with exchange: both turn by its area together, whatever the coupling."""
    grid = np.linspace(0, 4, 81)
    samples = np.exp(-(grid - 2)**2) * np.cos(3 * grid)
    model = q.Model(q.Space.half(2), [q.Zeeman((F, 0, 0)), q.Exchange(0.7, 0, 1)])
    found = q.solve(model, q.QuantumLLG(0), q.states.product("up", "up"), [0, 4], {"pulse": (grid, samples)},
                    method=method).bloch(0)[-1]
    angle = CubicSpline(grid, samples).integrate(0, 4)
    assert abs(found - [0, np.sin(angle), np.cos(angle)]).max() < 1e-8


def test_krylov_takes_switches_and_refuses_samples():
    """It needs a constant H on each piece, which a switch leaves and samples do not."""
    exchange, state = q.Exchange(0.7, 0, 1), q.states.product("up", "up")
    switched = q.Model(q.Space.half(2), [q.Zeeman((2 * sp.Heaviside(T - 1) * sp.Heaviside(2 - T), 0, 0)), exchange])
    found = q.solve(switched, q.QuantumLLG(0), state, [0, 4], method="krylov").bloch(0)[-1]
    assert abs(found - [0, np.sin(2), np.cos(2)]).max() < 1e-8
    sampled = q.Model(q.Space.half(2), [q.Zeeman((F, 0, 0)), exchange])
    with pytest.raises(q.InputError, match="'krylov' does not: the Hamiltonian depends on time"):
        q.solve(sampled, q.QuantumLLG(0), state, [0, 4], {"pulse": ([0, 1, 2, 4], [0, 1, 2, 4])}, method="krylov")


def test_ten_thousand_samples_of_a_smooth_pulse_are_few_pieces():
    grid = np.linspace(0, 10, 10_001)
    samples = np.exp(-(grid - 5)**2) * np.cos(3 * grid)
    run = q.solve(q.Model(ONE, [q.Zeeman((F, 0, 0))]), q.QuantumLLG(0), q.states.product("up"), [0, 10],
                  {"pulse": (grid, samples)})
    assert run.stats["pieces"] < 200
    assert abs(run.bloch(0)[-1, 2] - np.cos(CubicSpline(grid, samples).integrate(0, 10))) < 1e-10


@pytest.mark.parametrize("noise", [0.0, 1e-3])
def test_joined_pieces_are_the_spline(noise):
    """Between the knots, too; and noise that a tolerance sees stays in pieces of its own."""
    grid = np.sort(np.random.default_rng(5).uniform(0, 6, 1200))
    spline = CubicSpline(grid, np.sin(grid) + noise * np.random.default_rng(6).normal(size=len(grid)))
    edges, rows = with_fewer_pieces(spline, grid, 7, 1e-9)
    times = np.random.default_rng(7).uniform(grid[0], grid[-1], 5000)
    k = np.clip(np.searchsorted(edges, times, side="right") - 1, 0, len(rows) - 1)
    u = (2 * times - edges[k] - edges[k + 1]) / (edges[k + 1] - edges[k])
    found = sum(rows[k, j] * u**j for j in range(8))
    assert set(edges) <= set(grid)
    assert abs(found - spline(times)).max() < (1e-8 if noise else 2e-9)
    assert (len(rows) < 100) == (not noise)


def test_what_was_assumed_of_a_function_stays_with_the_run():
    model = q.Model(ONE, [q.Zeeman((F, 0, 0))])
    with pytest.warns(q.QllgWarning, match="narrower than 0.05"):
        run = q.solve(model, q.QuantumLLG(0), q.states.product("up"), [0, 10], {"pulse": np.cos})
    assert run.stats["assumed"] == "pulse has no feature narrower than 0.05"
    told = q.Model(ONE, [q.Zeeman((q.signal("pulse", resolution=1), 0, 0))])
    assert "assumed" not in q.solve(told, q.QuantumLLG(0), q.states.product("up"), [0, 10], {"pulse": np.cos}).stats


@pytest.mark.parametrize("given", [np.cos, ([0, 1, 2, 3], [0, 1, 1, 0])], ids=["a function", "samples"])
def test_compiled_code_takes_the_value_of_a_signal_at_a_time(given):
    rhs = q.QuantumLLG(0).derive(q.Model(ONE, [q.Zeeman((F, 0, 0))])).pauli().compile(target="numpy")
    assert rhs.bind(pulse=2.0)(0.0, [0, 0, 1])[1] == pytest.approx(2)
    with pytest.raises(q.InputTypeError, match=r"^`values\['pulse'\]` must be a number, [^\n]*; use q.solve[^\n]*\.$"):
        rhs.bind(pulse=given)


def test_a_narrow_pulse_on_a_matrix_is_that_on_a_spin():
    """exp(−(t − a)²/2w²) stays as it is written: multiplied out, one factor overflows and another one underflows."""
    pulse = sp.exp(-((q.t - 30) / sp.Rational(1, 50))**2 / 2) * 40
    runs = [q.solve(q.Model(q.Space("1/2"), [term, q.Zeeman((0, 0, 1))]), q.QuantumLLG(0.1), q.states.product("up"),
                    [29, 29.9, 30, 31]).bloch(0) for term in (q.Zeeman((pulse, 0, 0)),
                                                            -pulse * q.Operator([[0, 0.5], [0.5, 0]]))]
    assert runs[0] == pytest.approx(runs[1], abs=1e-9)
    assert abs(runs[0][-1, 2] - np.cos(40 * np.sqrt(2 * np.pi) / 50)) < 0.2
