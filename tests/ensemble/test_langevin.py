"""Noisy trajectories: exact canonical energies, weak orders by quadrature, what every trajectory keeps, refusals.

Means are judged in standard errors: 5 of them are passed once in 1.7 million runs of a right code, and seeds are fixed.
The rate of the noise stands here a second time on purpose.
"""

import re

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from qllg_sym.ensemble import friction, noisy_run
from qllg_sym.ensemble.choose import motion_of
from qllg_sym.ensemble.motions import frames
from qllg_sym.ensemble.normals import Normals
from qllg_sym.ensemble.posed import posed
from qllg_sym.ensemble.step_size import StepSize
from qllg_sym.ensemble.steppers import euler, strang

FEW = 5                     # standard errors
UP, LAW, BATH = q.states.product("up"), q.QuantumLLG(1), q.Bath(1)
SPIN = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, 2))])
b = 1 / sp.sqrt(3)
DIMER = q.Model(q.Space.half(2), [q.Exchange(1, 0, 1), q.DMI((0, 0, 0.4), 0, 1), q.Zeeman((b, b, b))])
MIXED, PURE = (.55, .25, .15, .05), (1, 0, 0, 0)


def langevin_function(x):
    return 1 / np.tanh(x) - 1 / x


def deviation(ens, exact, name="energy", past=1):
    """How many standard errors the time average after `past` times is away from a value."""
    each = ens.samples[name][:, past:].mean(axis=1)
    return (each.mean() - exact) / (each.std(ddof=1) / np.sqrt(len(each)))


def spin_energies(law=LAW, state=UP):
    return q.langevin(SPIN, law, state, np.arange(0, 13, 1.5), BATH, trajectories=1500, seed=3, step=0.1)


def motion(law=LAW, state=UP, model=SPIN, bath=BATH):
    problem, numbers = posed(model, law, state, [0, 1], bath, None)
    return motion_of(problem, bath, bath.temperature(numbers))


@pytest.mark.parametrize("law", [q.QuantumLLG(1), q.QuantumLL(0.5)])
def test_one_spin_has_the_langevin_function(law):
    assert abs(deviation(spin_energies(law), -langevin_function(1))) < FEW


def test_noise_that_is_a_tenth_too_strong_is_caught(monkeypatch):
    monkeypatch.setattr(frames, "noise_amplitudes", lambda *given: 1.1 * friction.noise_amplitudes(*given))
    assert abs(deviation(spin_energies(), -langevin_function(1))) > 1.5 * FEW


def test_a_classical_moment_has_the_langevin_function():
    moment = np.array([[1.0, 0, 0]])
    for law, exact in ((q.ClassicalLLG(1), -2 * langevin_function(2)), (q.ClassicalLL(0.5, rescaled=False),
                       -2 * langevin_function(2)), (q.ClassicalLLG(1, field="mean"), -langevin_function(1))):
        assert abs(deviation(spin_energies(law, state=moment), exact)) < FEW


def test_local_noise_of_one_spin_is_canonical():
    ens = q.langevin(SPIN, q.QuantumLLG(1), UP, np.arange(0, 10, 1.5), q.Bath(1, "local"), 1500, seed=4, step=0.1)
    assert abs(deviation(ens, -langevin_function(1))) < FEW


@pytest.mark.slow
def test_local_noise_is_canonical_for_one_spin_and_uncoupled_pure_spins_alone():
    pair = [q.Zeeman((0, 0, 1))]
    model = q.Model(q.Space.half(2), pair)
    for law in (q.QuantumLLG(0.5), q.QuantumLL(0.5)):
        ens = q.langevin(model, law, q.states.product("up", "up"), np.arange(0, 22, 3), q.Bath(0.5, "local"), 600, 7,
                         step=0.05)
        assert abs(deviation(ens, -langevin_function(1), past=2)) < FEW
    coupled = q.Model(q.Space.half(2), [*pair, q.Exchange(0.25, 0, 1)])
    ens = q.langevin(coupled, q.QuantumLLG(0.5), q.states.product("up", "up"), np.arange(0, 22, 3),
                     q.Bath(0.5, "local"), 600, 7, step=0.05)
    assert abs(deviation(ens, q.canonical(coupled, PURE, 0.5).energy, past=2)) > 2 * FEW


@pytest.mark.slow
@pytest.mark.parametrize("spectrum", [MIXED, PURE])
@pytest.mark.parametrize("kappa", [0.5, 2])
def test_energies_of_the_dimer_are_canonical(spectrum, kappa):
    exact = q.canonical(DIMER, spectrum, 1)
    ens = q.langevin(DIMER, q.QuantumLLG(kappa), np.diag(spectrum), np.arange(0, 16, 1.5), q.Bath(1), 1500, seed=5)
    assert abs(deviation(ens, exact.energy, past=2)) < FEW
    assert ens.error["energy"][-1] == pytest.approx(np.sqrt(exact.variance / 1500), rel=0.1)


@pytest.mark.slow
def test_energies_of_a_spin_one_are_canonical():
    model = q.Model(q.Space("1"), [q.Zeeman((1, 0, 0)), q.Anisotropy(np.diag([0, 0, 0.7]), 0)])
    for law in (q.QuantumLLG(1), q.QuantumLL(1)):
        ens = q.langevin(model, law, np.diag([0.6, 0.3, 0.1]), np.arange(0, 25, 3), q.Bath(0.4), 700, seed=6)
        assert abs(deviation(ens, q.canonical(model, (0.6, 0.3, 0.1), 0.4).energy, past=3)) < FEW


def mean_of_a_step(stepper, h, kappa=1.0):
    """What a step of noise leaves of a Bloch vector in the mean, by Gauss–Hermite quadrature over all variates."""
    moving = motion(q.QuantumLLG(kappa), model=q.Model(q.Space("1/2")))
    nodes, weights = np.polynomial.hermite_e.hermegauss(9)
    count = stepper.SETS * moving.count
    normals = np.stack(np.meshgrid(*[nodes] * count, indexing="ij"), axis=-1).reshape(-1, count)
    weight = np.stack(np.meshgrid(*[weights / weights.sum()] * count, indexing="ij"), axis=-1).prod(axis=-1).ravel()
    states = np.broadcast_to(moving.start, (len(normals), 2, 2))
    found = moving.held(stepper.advance(moving, states, 0.0, h, 1, lambda k: normals)).density()
    return weight @ (found[:, 0, 0] - found[:, 1, 1]).real


@pytest.mark.parametrize("kappa", [0.5, 2])
def test_weak_orders_of_a_step_of_noise(kappa):
    rate = 4 * kappa / (1 + kappa**2)           # 2σ²Δ²/(ħ²(1 + κ²Δ²)), σ² = 2ħκk_BT, Δ = 1

    def halving(stepper):
        """By how much half a step errs less."""
        whole, half = (abs(mean_of_a_step(stepper, h / rate, kappa) - np.exp(-h)) for h in (0.1, 0.05))
        return whole / half

    assert halving(strang) == pytest.approx(8, rel=0.1)     # h³ a step: weak order 2
    assert halving(euler) == pytest.approx(4, rel=0.1)      # h² a step: weak order 1


def test_without_commutators_the_order_is_one(monkeypatch):
    monkeypatch.setattr(frames.Frames, "bracket", staticmethod(lambda one, other: 0 * one))
    errors = [abs(mean_of_a_step(strang, h / 2) - np.exp(-h)) for h in (0.1, 0.05)]
    assert errors[0] / errors[1] == pytest.approx(4, rel=0.1)


def test_at_zero_temperature_it_is_the_law_itself():
    times, start = [0, 1, 2], np.diag(MIXED)
    for law, state in ((q.QuantumLLG(0.7), start), (q.ClassicalLLG(0.7), np.array([[1.0, 0, 0], [0, 1, 0]]))):
        exact = q.solve(DIMER, law, state, times).bloch(0)
        runs = [q.langevin(DIMER, law, state, times, q.Bath(0), 1, step=h) for h in (0.02, 0.01)]
        coarse, fine = (abs(run.mean["bloch"][:, 0] - exact).max() for run in runs)
        assert fine < 1e-3
        assert coarse / fine == pytest.approx(4, rel=0.1)


def test_spectrum_and_length_are_kept():
    for law, state, step in ((q.QuantumLLG(0.7), np.diag(MIXED), 0.05),
                             (q.ClassicalLLG(0.7), np.array([[1.0, 0, 0], [0, 1, 0]]), 0.05)):
        moving = motion(law, state, DIMER)
        stepper = strang
        normals = Normals(1, range(4), 2 * moving.count)
        states = np.broadcast_to(moving.start, (4, *moving.start.shape)).copy()
        states = moving.held(stepper.advance(moving, states, 0.0, step, 500, normals.at))
        drift = np.linalg.norm(states, axis=-1) - 1 if moving.problem.classical else \
            np.linalg.eigvalsh(states.density()) - np.sort(MIXED)
        assert abs(drift).max() < 1e-13


@pytest.mark.parametrize("case", [(q.QuantumLLG(0.5), np.diag(MIXED), "invariant"),
                                  (q.QuantumLL(0.5), np.diag(PURE), "local"),
                                  (q.ClassicalLLG(0.5), np.array([[1.0, 0, 0], [0, 1, 0]]), "invariant")])
def test_the_same_numbers_for_any_chunks(case, monkeypatch):
    law, state, noise = case
    found = []
    for entries, trajectories in ((1 << 14, 7), (48, 7), (1, 5)):
        monkeypatch.setattr(noisy_run, "MOST", entries)
        ens = q.langevin(DIMER, law, state, [0, 0.5, 1], q.Bath(1, noise), trajectories, seed=9, step=0.05)
        found.append(ens.samples["bloch"][:5])
    assert np.array_equal(found[0], found[1])
    assert np.array_equal(found[0], found[2])
    other = q.langevin(DIMER, law, state, [0, 0.5, 1], q.Bath(1, noise), 5, seed=10, step=0.05)
    assert abs(other.samples["bloch"] - found[0])[:, 1:].min() > 0


def test_temperatures_in_time():
    T, pulse = sp.Symbol("T", positive=True), q.signal("pulse")
    one = q.langevin(SPIN, q.QuantumLLG(1), UP, [0, 1], q.Bath(1), 20, step=0.1)
    for kT, values in ((T, {"T": 1}), (pulse, {"pulse": ([0, .3, .6, 1], [1, 1, 1, 1])}), (1 + 0 * q.t, None)):
        same = q.langevin(SPIN, q.QuantumLLG(1), UP, [0, 1], q.Bath(kT), 20, values=values, step=0.1)
        assert np.allclose(same.samples["energy"], one.samples["energy"], atol=1e-12)
    later = q.langevin(SPIN, q.QuantumLLG(1), UP, [0, 1, 2], q.Bath(q.t * sp.Heaviside(q.t - 1)), 20, step=0.1)
    assert abs(later.samples["energy"][:, 1] - later.samples["energy"][0, 1]).max() < 1e-12
    assert later.samples["energy"][:, 2].std() > 0.1


def test_the_estimated_weak_error(monkeypatch):
    """At the longest step and order 1 it is how far the mean is from that of short steps and order 2."""
    monkeypatch.setattr(StepSize, "advised", property(lambda sizes: sizes.largest))
    times = np.arange(0, 7, 1.5)
    coarse = q.langevin(SPIN, LAW, UP, times, BATH, 1500, seed=2, method="euler")
    off = coarse.samples["energy"][:, 1:].mean(axis=1)
    error, uncertainty = coarse.stats["weak_error"], coarse.stats["weak_error_uncertainty"]
    fine = q.langevin(SPIN, LAW, UP, times, BATH, 1500, seed=3, step=0.1).samples["energy"][:, 1:].mean(axis=1)
    spread = np.sqrt(uncertainty**2 + (off.var() + fine.var()) / 1500)
    assert abs(abs(off.mean() - fine.mean()) - error) < FEW * spread
    assert 0 < uncertainty < 0.03
    assert "weak_error" not in q.langevin(SPIN, LAW, UP, [0, 1], BATH, 20, step=0.1).stats


def test_what_is_read_off():
    ens = q.langevin(DIMER, q.QuantumLLG(0.5), np.diag(MIXED), [0, 0.1], q.Bath(1), 3,
                     observe={"m": "bloch1", "Z": q.Pauli(1, "ZZ"), "top": lambda rho: rho[0, 0].real})
    assert {name: found.shape for name, found in ens.samples.items()} == \
        {"energy": (3, 2), "m": (3, 2, 3), "Z": (3, 2), "top": (3, 2)}
    assert ens.mean["Z"][0] == pytest.approx(.55 - .25 - .15 + .05)
    assert ens.mean["top"][0] == pytest.approx(.55)
    samples = ens.samples["m"][:, 1]
    assert ens.error["m"][1] == pytest.approx(samples.std(axis=0, ddof=1) / np.sqrt(3))
    assert repr(ens).startswith("<ThermalEnsemble: 3 trajectories, 2 times from 0 to 0.1, kT = 1, invariant noise")
    assert "at the last time:" in ens._repr_html_()


REFUSED = [
    (dict(law=q.QuantumLLG(0)), "`law` must damp where kT > 0"),
    (dict(law=q.VonNeumann()), "`law` must damp where kT > 0"),
    (dict(law=q.ClassicalLLG(0), state=[[0, 0, 1]]), "`law` must damp where kT > 0"),
    (dict(law=q.Dephasing(0.1)), "`law` must keep the spectrum"),
    (dict(law=q.LocalGilbert(0.5)), '`noise` must be "local" for local-gilbert'),
    (dict(law=q.QuantumLLG(0.5) + q.Dephasing(0.1)), "`law` must keep the spectrum"),
    (dict(bath=1.0), "`bath` must be a Bath"),
    (dict(bath=q.Bath(q.t - 0.5)), "`kT` must be finite and at least 0 at all times"),
    (dict(bath=q.Bath(sp.Symbol("T", positive=True))), "`values` must give 'T' of kT"),
    (dict(values={"T": 1}), "`values` must name parameters"),
    (dict(trajectories=0), "`trajectories` must be a positive integer"),
    (dict(trajectories=2.5), "`trajectories` must be a positive integer"),
    (dict(seed=-1), "`seed` must be an integer from 0"),
    (dict(step=0), "`step` must be positive and finite"),
    (dict(step=5), "`step` must be at most"),
    (dict(step="x"), "`step` must be a positive time or None"),
    (dict(method="strang", bath=q.Bath(1, "local")), "`method` must be one of midpoint, auto for this noise"),
    (dict(method="strong"), "did you mean strang?"),
    (dict(trajectories=10**13), "`samples` must fit into memory"),
    (dict(observe={"x": "colour"}), "`observe` must name an observable"),
]


@pytest.mark.parametrize(("changes", "said"), REFUSED)
def test_refusals(changes, said):
    given = {"model": SPIN, "law": q.QuantumLLG(1), "state": UP, "times": [0, 1], "bath": q.Bath(1), **changes}
    with pytest.raises(q.QllgError, match=re.escape(said)):
        q.langevin(**given)


@pytest.mark.parametrize(("given", "said"), [((-1,), "`kT` must be at least 0"), ((1j,), "`kT` must be real"),
                                             ((1, "pink"), "`noise` must be \"invariant\" or \"local\""),
                                             ((float("nan"),), "`kT`"), (("hot",), "`kT`")])
def test_refused_baths(given, said):
    with pytest.raises(q.QllgError, match=re.escape(said)):
        q.Bath(*given)


@pytest.mark.filterwarnings("ignore::qllg_sym.QllgWarning")
def test_negative_damping_has_no_bath():
    with pytest.raises(q.InputError, match="`law` must damp where kT > 0"):
        q.langevin(SPIN, q.QuantumLLG(-0.5), UP, [0, 1], q.Bath(1))
