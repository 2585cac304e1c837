"""Local friction with local noise: canonical on the orbit, also where spins are coupled and of different length."""

import numpy as np
import pytest

import qllg_sym as q
from qllg_sym.ensemble.choose import motion_of
from qllg_sym.ensemble.motions.local_friction import LocalFriction
from qllg_sym.ensemble.posed import posed

FEW = 5                     # standard errors: passed once in 1.7 million runs of a right code
SPIN = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, 2))])
DIMER = q.Model(q.Space.half(2), [q.Exchange(0.5, 0, 1), q.Zeeman((0, 0, 1), [0]), q.Zeeman((1, 0, -0.5), [1])])
MIXED, PURE = (.55, .25, .15, .05), (1, 0, 0, 0)
BATH = q.Bath(0.5, "local")


def motion(law, model=SPIN, state=(0.8, 0.2), bath=BATH):
    problem, numbers = posed(model, law, np.diag(state), [0, 1], bath, None)
    return motion_of(problem, bath, bath.temperature(numbers))


def frames(d, count=4):
    rng = np.random.default_rng(0)
    return np.linalg.qr(rng.standard_normal((count, d, d)) + 1j * rng.standard_normal((count, d, d)))[0]


@pytest.mark.parametrize("state", [(0.8, 0.2), (1, 0)])
def test_one_spin_has_the_law_and_the_noise_of_q_llg(state):
    local, whole = motion(q.LocalGilbert(0.7), state=state), motion(q.QuantumLLG(0.7), state=state)
    states, normals = frames(2), np.random.default_rng(1).standard_normal((4, 3))
    assert abs(local.drift(states, 0) - whole.drift(states, 0)).max() < 1e-14
    assert abs(local.fluctuation(states, 0, normals) - whole.fluctuation(states, 0, normals)).max() < 1e-13


def test_without_noise_it_is_the_law_itself():
    times, start = [0, 1, 2], np.diag(MIXED)
    for bath in (q.Bath(0), q.Bath(0, "local")):
        exact = q.solve(DIMER, q.LocalGilbert(0.7), start, times).bloch(0)
        coarse, fine = (abs(q.langevin(DIMER, q.LocalGilbert(0.7), start, times, bath, 1, step=h).mean["bloch"][:, 0]
                            - exact).max() for h in (0.04, 0.02))
        assert fine < 1e-3
        assert coarse / fine == pytest.approx(4, rel=0.1)


def loss_and_noise(model, state, kT=0.5):
    """What friction takes of the energy a time, and the energy's noise over 2k_BT: for random frames, (m,) each."""
    moving = motion(q.LocalGilbert(0.7), model, state)
    states, one = frames(model.space.dimension), np.eye(moving.count)
    h = states.conj().swapaxes(1, 2) @ moving.problem.matrices(0.0)[0] @ states

    def change(turns, h=h):
        """dE along V(1 + Ω)."""
        return 2 * np.einsum("j,...jk,...kj->...", np.array(state), h, turns).real

    each = [change(moving.fluctuation(states, 0, np.repeat(row[None], len(states), 0))) for row in one]
    return -change(moving.drift(states, 0)), (np.array(each)**2).sum(axis=0) / (2 * kT)


PAIR = q.Model(q.Space("1", "1/2"), [q.Bilinear(0.7, 0, 1), q.Zeeman((0, 0, 1), [0]), q.Zeeman((1, 0, 0), [1])])


@pytest.mark.parametrize(("model", "state"), [(DIMER, MIXED), (PAIR, (.4, .3, .2, .1, 0, 0))])
def test_friction_and_noise_of_the_energy_balance(model, state, monkeypatch):
    loss, noise = loss_and_noise(model, state)
    assert loss.min() > 1e-3
    assert abs(noise / loss - 1).max() < 1e-12
    right = LocalFriction.strength
    monkeypatch.setattr(LocalFriction, "strength", lambda self, t: 1.21 * right(self, t))
    assert abs(loss_and_noise(model, state)[1] / loss - 1).min() > 0.2


def deviation(model, state, law=None, step=0.1, trajectories=200):
    """How many standard errors the mean energy past t = 12 is away from the canonical one."""
    ens = q.langevin(model, law or q.LocalGilbert(0.5), np.diag(state), np.arange(0, 40, 3), BATH, trajectories, 7,
                     step=step)
    each = ens.samples["energy"][:, 4:].mean(axis=1)
    exact = float(q.canonical(model, state, 0.5).energy)
    return (each.mean() - exact) / (each.std(ddof=1) / np.sqrt(len(each)))


@pytest.mark.slow
@pytest.mark.parametrize("state", [PURE, MIXED])
def test_energies_of_a_coupled_pair_are_canonical(state):
    assert abs(deviation(DIMER, state)) < FEW


@pytest.mark.slow
def test_energies_of_spins_of_different_length_are_canonical():
    assert abs(deviation(PAIR, (1, 0, 0, 0, 0, 0))) < FEW


@pytest.mark.slow
def test_noise_that_is_a_tenth_too_strong_is_caught(monkeypatch):
    right = LocalFriction.strength
    monkeypatch.setattr(LocalFriction, "strength", lambda self, t: 1.21 * right(self, t))
    assert abs(deviation(DIMER, PURE)) > 1.5 * FEW


def test_under_q_llg_the_same_noise_is_not_canonical():
    assert abs(deviation(DIMER, PURE, q.QuantumLLG(0.5), 0.05, 400)) > 2 * FEW


def test_the_spectrum_is_kept():
    ens = q.langevin(DIMER, q.LocalGilbert(0.5), np.diag(MIXED), [0, 20], BATH, 3, step=0.05, observe={"s": "spectrum"})
    assert abs(ens.samples["s"][:, 1] - MIXED).max() < 1e-13


def test_other_noise_is_refused():
    given = DIMER, q.LocalGilbert(0.5), q.states.product("up", "up"), [0, 1]
    with pytest.raises(q.InputError, match='`noise` must be "local" for local-gilbert, whose friction of each spin'):
        q.langevin(*given, q.Bath(1))
    with pytest.raises(q.InputError, match="`law` must damp where kT > 0"):
        q.langevin(DIMER, q.LocalGilbert(0), *given[2:], q.Bath(1, "local"))
