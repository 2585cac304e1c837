"""Sensitivities against closed forms and against differences of runs at a finer tolerance."""

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q

J, D, B, kappa, w = sp.symbols("J D B kappa w", real=True)
DIMER = q.Model(q.Space("1/2", "1/2"), [q.Zeeman((B, 0, 0)), q.Exchange(J, 0, 1), q.DMI((0, 0, D), 0, 1)])
NUMBERS = {"J": 1.0, "D": 0.6, "B": 1.0, "kappa": 0.5}
TIMES = np.linspace(0, 6, 13)


def differences(model, law, state, values, name, h=1e-5, times=TIMES):
    """The derivative by two runs."""
    first, second = (q.solve(model, law, state, times, values={**values, name: values[name] + e}, rtol=1e-12,
                             atol=1e-14).states for e in (h, -h))
    return (first - second) / (2 * h)


def mixed(d, seed):
    rng = np.random.default_rng(seed)
    a = rng.normal(size=(d, d)) + 1j * rng.normal(size=(d, d))
    return a @ a.conj().T / np.linalg.norm(a)**2


@pytest.mark.parametrize("law", [q.QuantumLLG(kappa), q.QuantumLL(kappa)])
@pytest.mark.parametrize("state", [mixed(4, 1), q.states.product("up", "down"), q.states.werner("psi-", 0.6)])
def test_they_are_differences_of_runs(law, state):
    run = q.solve(DIMER, law, state, TIMES, values=NUMBERS)
    for name in NUMBERS:
        assert run.sensitivity(name) == pytest.approx(differences(DIMER, law, state, NUMBERS, name), abs=2e-8)


def test_a_damped_spin_has_its_closed_form():
    """tan(θ/2) = tan(θ₀/2) exp(−κBt/(1 + κ²)), φ = φ₀ + Bt/(1 + κ²) up to its sense: r_z by κ and by B."""
    spin, state = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, B))]), q.states.product("+x")
    run = q.solve(spin, q.QuantumLLG(kappa), state, TIMES, values={"B": 2.0, "kappa": 0.4})
    rate = kappa * B / (1 + kappa**2)
    along = sp.tanh(rate * q.t)
    for name, symbol in (("kappa", kappa), ("B", B)):
        expected = sp.lambdify(q.t, sp.diff(along, symbol).subs({B: 2, kappa: sp.Rational(2, 5)}))(TIMES)
        found = run.sensitivity(symbol)
        assert (found[:, 0, 0] - found[:, 1, 1]).real == pytest.approx(expected, abs=1e-9)
        assert found == pytest.approx(found.conj().swapaxes(1, 2), abs=1e-13)
        assert np.trace(found, axis1=1, axis2=2) == pytest.approx(0, abs=1e-13)
        assert name == str(symbol)


def test_fields_in_time_and_three_spins():
    model = q.Model(q.Space("1", "1/2", "1/2"), [q.Zeeman((sp.cos(w * q.t), 0, B)), q.Exchange(J, 1, 2),
                                                q.Bilinear(0.3, 0, 1)])
    values = {"w": 1.3, "J": 0.7, "B": 0.4, "kappa": 0.3}
    state = mixed(12, 2)
    run = q.solve(model, q.QuantumLLG(kappa), state, TIMES, values=values)
    for name in values:
        expected = differences(model, q.QuantumLLG(kappa), state, values, name)
        assert run.sensitivity(name) == pytest.approx(expected, abs=2e-8)


LINDBLAD = q.VonNeumann() + q.Lindblad([(kappa, [[0, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1], [0, 0, 0, 0]])])
THERMAL = q.Model(DIMER.space, [q.Exchange(J, 0, 1), q.Zeeman((0.3, 0, D), sites=[0])])


@pytest.mark.parametrize("law", [LINDBLAD, q.VonNeumann() + q.Dephasing(kappa), q.LocalGilbert(kappa)])
def test_laws_without_a_frame_weight(law):
    run = q.solve(DIMER, law, mixed(4, 1), TIMES, values=NUMBERS)
    for name in NUMBERS:
        assert run.sensitivity(name) == pytest.approx(differences(DIMER, law, mixed(4, 1), NUMBERS, name), abs=2e-8)


@pytest.mark.parametrize("law", [q.LocalGilbert(kappa), q.QuantumLLG(kappa) + q.Dephasing(0.3)])
def test_equations_in_matrices(law):
    """d = 6: not written out."""
    pair = q.Model(q.Space("1", "1/2"), [q.Zeeman((B, 0, 0.3)), q.Bilinear(0.7, 0, 1)])
    values = {"B": 1.0, "kappa": 0.4}
    state, times = mixed(6, 3), [0, 0.3, 1]
    run = q.solve(pair, law, state, times, values=values)
    for name in law.derive(pair).parameters:
        expected = differences(pair, law, state, values, name.name, times=times)
        assert run.sensitivity(name) == pytest.approx(expected, abs=2e-8)


@pytest.mark.parametrize("law", [q.ClassicalLLG(kappa), q.ClassicalLL(kappa, field="mean")])
def test_moments(law):
    start = [(0, 0, 1), (0, 0.6, -0.8)]
    run = q.solve(DIMER, law, start, TIMES, values=NUMBERS)
    first, second = (q.solve(DIMER, law, start, TIMES, values={**NUMBERS, "D": 0.6 + e}, rtol=1e-12, atol=1e-14).moments
                     for e in (1e-5, -1e-5))
    assert run.sensitivity("D") == pytest.approx((first - second) / 2e-5, abs=2e-8)
    assert run.sensitivity("D").shape == (13, 2, 3)


@pytest.mark.parametrize("law", [q.QuantumLLG(kappa), q.QuantumLL(kappa), LINDBLAD])
@pytest.mark.parametrize("state", [q.states.thermal(THERMAL, 1.3), q.states.thermal(THERMAL, -0.4),
                                   q.states.ground(THERMAL)])
def test_starts_that_depend_on_parameters(law, state):
    run = q.solve(DIMER, law, state, TIMES, values=NUMBERS)
    assert abs(run.sensitivity("D")[0]).max() > 1e-2
    for name in ("J", "D", "kappa"):
        assert run.sensitivity(name) == pytest.approx(differences(DIMER, law, state, NUMBERS, name), abs=3e-8)


def test_a_parameter_of_the_start_alone_and_of_many_rows():
    beta = sp.Symbol("b", real=True)
    state = q.states.thermal(q.Model(DIMER.space, [q.Exchange(J * beta, 0, 1), q.Zeeman((0, 0, beta))]), 1)
    values = {**NUMBERS, "b": 0.8}
    run = q.solve(DIMER, q.QuantumLLG(kappa), state, TIMES, values=values)
    expected = differences(DIMER, q.QuantumLLG(kappa), state, values, "b")
    assert run.sensitivity("b") == pytest.approx(expected, abs=2e-8)
    many = q.solve_many(DIMER, q.QuantumLLG(kappa), state, TIMES, {**NUMBERS, "b": [0.1, 0.8]})
    assert many[1].sensitivity("b") == pytest.approx(run.sensitivity("b"), abs=1e-9)


def test_a_thermal_spin_has_its_closed_form():
    """ρ = ½ + ½ tanh(βB/2) σ_z in the field B along z: ∂/∂B, also where levels meet, B = 0."""
    spin = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, B))])
    for field in (0.0, 0.7):
        run = q.solve(spin, q.QuantumLLG(0.2), q.states.thermal(spin, 3), [0, 2], values={"B": field})
        expected = 0.75 / np.cosh(1.5 * field)**2
        assert run.sensitivity("B")[:, 0, 0].real == pytest.approx([expected, expected], rel=1e-12)


ONSET, WIDTH = sp.symbols("t0 w", real=True)
PULSED = q.Model(q.Space("1/2"), [q.Zeeman((B * (sp.Heaviside(q.t - ONSET) - sp.Heaviside(q.t - ONSET - WIDTH)), 0, 1)),
                                 q.Zeeman((0, sp.Abs(q.t - 2 * ONSET), 0))])


@pytest.mark.parametrize("law", [q.QuantumLLG(kappa), q.VonNeumann() + q.Dephasing(kappa)])
def test_jumps_and_kinks_that_move(law):
    values = {"B": 1.5, "t0": 1.3, "w": 0.9, "kappa": 0.3}
    run = q.solve(PULSED, law, mixed(2, 4), TIMES, values=values)
    for name in values:
        assert run.sensitivity(name) == pytest.approx(differences(PULSED, law, mixed(2, 4), values, name), abs=3e-8)
    assert abs(run.sensitivity("t0")[-1]).max() > 0.05


def test_moments_behind_a_jump_that_moves():
    values = {"B": 1.5, "t0": 1.3, "w": 0.9, "kappa": 0.3}
    run = q.solve(PULSED, q.ClassicalLLG(kappa), [(0, 0, 1)], TIMES, values=values)
    first, second = (q.solve(PULSED, q.ClassicalLLG(kappa), [(0, 0, 1)], TIMES, values={**values, "t0": 1.3 + e},
                             rtol=1e-12, atol=1e-14).moments for e in (1e-5, -1e-5))
    assert run.sensitivity("t0") == pytest.approx((first - second) / 2e-5, abs=3e-8)


def test_the_exact_solution_at_fifty_digits():
    """Differences of 50 digits, of a Werner state and of two kets of four."""
    half = q.LowRank([0.5, 0.5], np.eye(4)[:, [0, 1]])
    for state in (q.states.werner("psi+", 0.7), half):
        run = q.solve(DIMER, q.QuantumLLG(kappa), state, [0, 0.7, 3.1], values=NUMBERS)
        for name in NUMBERS:
            h = sp.Rational(1, 10**15)
            sides = []
            for e in (h, -h):
                exact = {k: sp.Rational(str(v)) + (e if k == name else 0) for k, v in NUMBERS.items()}
                model = DIMER.subs({k: exact[k] for k in ("J", "D", "B")})
                sides.append(q.exact(model, q.QuantumLLG(exact["kappa"]), state).at(3.1, digits=50))
            expected = np.array([[complex((x - y) / (2 * h)) for x, y in zip(*rows, strict=True)]
                                 for rows in zip(*(np.array(side.tolist()) for side in sides), strict=True)])
            assert run.sensitivity(name)[-1] == pytest.approx(expected, abs=2e-13)


def test_the_exact_solution_late_and_far_from_rest():
    """A thousand turns later, and from a ket without a share of the lowest level: nothing overflows or is lost."""
    late = q.solve(DIMER, q.QuantumLLG(kappa), q.states.product("up", "down"), [0, 1000], values=NUMBERS)
    ground = q.solve(DIMER, q.QuantumLLG(kappa), q.states.ground(DIMER), [0], values=NUMBERS)
    assert late.sensitivity("D")[-1] == pytest.approx(ground.sensitivity("D")[0], abs=1e-10)
    stays = q.solve(q.Model(q.Space("1"), [q.Zeeman((0, 0, B))]), q.QuantumLLG(kappa), [0, 0, 1], [0, 500],
                    values={"B": 3.0, "kappa": 0.5})
    assert abs(stays.sensitivity("kappa")).max() < 1e-14


def test_what_has_none_is_refused():
    run = q.solve(DIMER, q.QuantumLLG(kappa), q.states.thermal(DIMER, 1), [0, 1], values=NUMBERS)
    with pytest.raises(q.InputError, match=r"'kapa' is none \(did you mean kappa\?\)"):
        run.sensitivity("kapa")
    large = q.solve(q.Model(q.Space.half(8), [q.Zeeman((B, 0, 0))]), q.QuantumLLG(kappa),
                    q.states.product(*["up"] * 8), [0, 1], values={"B": 1, "kappa": 0.5})
    with pytest.raises(q.InputError, match="but the dimension 256 exceeds 128; take differences of two runs"):
        large.sensitivity("B")
    final = q.solve(DIMER, q.QuantumLLG(kappa), mixed(4, 1), [0, 1], values=NUMBERS, keep="final")
    with pytest.raises(q.InputError, match="which need all states of a solve"):
        final.sensitivity("kappa")


def test_two_jumps_that_meet_and_part_are_refused():
    met = q.Model(q.Space("1/2"), [q.Zeeman((sp.Heaviside(q.t - ONSET), 0, sp.Heaviside(q.t - 1)))])
    run = q.solve(met, q.QuantumLLG(0.1), q.states.product("up"), [0, 2], values={"t0": 1.0})
    with pytest.raises(q.InputError, match="two of them meet at t = 1 and part there"):
        run.sensitivity("t0")
    kink = q.Model(q.Space("1/2"), [q.Zeeman((sp.Heaviside((q.t - 1)**3 - ONSET), 0, 0))])
    with pytest.raises(q.InputError, match="moves that at t = 1 infinitely fast"):
        q.solve(kink, q.QuantumLLG(0.1), q.states.product("up"), [0, 2], values={"t0": 0.0}).sensitivity("t0")


def test_one_time_has_nothing_moved():
    run = q.solve(DIMER, q.QuantumLLG(kappa), mixed(4, 1), [0], values=NUMBERS)
    assert not run.sensitivity("J").any()


def test_hbar_is_a_parameter_too():
    hbar = sp.Symbol("hbar", positive=True)
    model = q.Model(q.Space("1/2"), [q.Zeeman((B, 0, 1))], hbar=hbar)
    values = {"B": 0.7, "hbar": 1.3, "kappa": 0.4}
    for state in (q.states.thermal(model, 1.1), mixed(2, 5)):
        run = q.solve(model, q.QuantumLLG(kappa), state, TIMES, values=values)
        expected = differences(model, q.QuantumLLG(kappa), state, values, "hbar")
        assert run.sensitivity("hbar") == pytest.approx(expected, abs=2e-8)
