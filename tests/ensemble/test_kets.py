"""Few kets under invariant noise: every step is that of the whole frame, energies are canonical, no matrix is made.

Frames are the independent way: their noise is given here as matrices, in a basis of the rest of the space that kets
never make.
"""

from dataclasses import replace

import numpy as np
import pytest

import qllg_sym as q
from qllg_sym.ensemble import friction, paths, steppers
from qllg_sym.ensemble.choose import motion_of
from qllg_sym.ensemble.motions import kets
from qllg_sym.ensemble.motions.frames import Frames
from qllg_sym.ensemble.motions.kets import NoisyKets
from qllg_sym.ensemble.motions.local_frames import LocalFrames
from qllg_sym.ensemble.motions.local_kets import LocalKets
from qllg_sym.ensemble.normals import Joined, Normals
from qllg_sym.ensemble.posed import posed
from qllg_sym.ensemble.steppers import midpoint
from qllg_sym.flow.problem import Problem

FEW = 5                     # standard errors
SIX = q.Model(q.Space("1", "1/2"), [q.Exchange(0.5, 0, 1), q.Zeeman((0.3, 0, 1)), q.ZeroField(1, 0)])


@pytest.fixture
def small(monkeypatch):
    """Few kets are taken in small spaces, too, where compiled frames are as quick."""
    monkeypatch.setattr(kets, "COMPILED", 8)


def chain(n):
    return q.Model(q.Space.half(n), [q.Exchange(0.25, k, k + 1) for k in range(n - 1)] + [q.Zeeman((0.3, 0, 0.4))])


def low_rank(d, weights, background=0.0, seed=0):
    rng = np.random.default_rng(seed)
    columns = np.linalg.qr(rng.normal(size=(d, len(weights))) + 1j * rng.normal(size=(d, len(weights))))[0]
    return q.LowRank(np.array(weights), columns, background=background)


class GivenNoise(Frames):
    """Frames V = [U, rest] whose noise is that of given kets: [[A, −B†], [B, 0]] with C = rest · B."""

    given: NoisyKets

    def fluctuation(self, states, t, normals):
        r = self.given.start.shape[1]
        tangent = self.given.fluctuation(np.ascontiguousarray(states[:, :, :r]), t, normals)
        rest = states[:, :, r:].conj().swapaxes(1, 2) @ tangent.outside
        found = np.zeros(states.shape, dtype=complex)
        found[:, :r, :r], found[:, r:, :r] = tangent.block, rest
        found[:, :r, r:] = -rest.conj().swapaxes(1, 2)
        return found


LAWS = [q.QuantumLLG(0.7), q.QuantumLL(0.5), q.QuantumLLG(0.4 + 0.1 * q.t)]
STATES = [([1.0], 0.0), ([0.7, 0.3], 0.0), ([0.4, 0.2], 0.4 / 6), ([0.5, 0.5], 0.0)]


@pytest.mark.parametrize("name", ["strang", "euler"])
@pytest.mark.parametrize("law", LAWS, ids=str)
@pytest.mark.parametrize(("weights", "background"), STATES)
def test_steps_are_those_of_whole_frames(law, weights, background, name):
    bath, state = q.Bath(0.3), low_rank(6, weights, background)
    problem, numbers = posed(SIX, law, state, [0.0, 1.0], bath, None)
    kT = bath.temperature(numbers)
    few, whole = NoisyKets(problem, kT), GivenNoise(problem, kT)
    whole.given = few
    assert np.allclose(whole.start[:, :len(weights)], few.start, atol=1e-14)
    stepper = steppers.find(name)
    numbers = Normals(5, range(7), stepper.SETS * few.count)
    found = [stepper.advance(moving, np.broadcast_to(moving.start, (7, *moving.start.shape)), 0.2, 0.03, 30, numbers.at)
             for moving in (few, whole)]
    assert abs(found[0] - found[1][:, :, :len(weights)]).max() < 1e-12
    assert abs(few.energy(found[0], 1.1) - whole.energy(found[1], 1.1)).max() < 1e-12
    assert abs(few.held(found[0]).density() - whole.held(found[1]).density()).max() < 1e-12
    assert few.damping(0.5) == pytest.approx(whole.damping(0.5))


def test_a_rest_that_is_not_moved_is_seen(monkeypatch):
    """Without the C of the rest of the frame the step has another error, of third order."""
    monkeypatch.setattr(kets.Nearby, "rest", property(lambda nearby: nearby.kets))
    with pytest.raises(AssertionError):
        test_steps_are_those_of_whole_frames(LAWS[0], *STATES[1], "strang")


@pytest.mark.parametrize("law", LAWS, ids=str)
@pytest.mark.parametrize(("weights", "background"), STATES)
def test_steps_under_local_noise_are_those_of_whole_frames(law, weights, background):
    bath, state = q.Bath(0.3, "local"), low_rank(6, weights, background)
    problem, given = posed(SIX, law, state, [0.0, 1.0], bath, None)
    few, whole = (kind(problem, bath.temperature(given)) for kind in (LocalKets, LocalFrames))
    assert few.count == whole.count
    numbers = Normals(5, range(7), few.count)
    found = [midpoint.advance(moving, np.broadcast_to(moving.start, (7, *moving.start.shape)), 0.2, 0.03, 30,
                              numbers.at) for moving in (few, whole)]
    assert abs(found[0] - found[1][:, :, :len(weights)]).max() < 1e-12
    other = midpoint.advance(few, np.broadcast_to(few.start, (7, *few.start.shape)), 0.2, 0.03, 30,
                             Normals(6, range(7), few.count).at)
    assert abs(other - found[0]).max() > 1e-3
    spread = np.linalg.eigvalsh(problem.matrices(0.0)[0])
    assert few.rate(np.zeros(1)) >= whole.rate(np.zeros(1)) - 1e-9 * spread[-1]


def test_eight_spins_under_local_noise_without_a_matrix(monkeypatch):
    monkeypatch.setattr(Problem, "matrices", lambda *given: pytest.fail("a matrix was made"))
    given = chain(8), q.QuantumLLG(0.5), q.states.product(*["up", "down"] * 4), [0, 0.1]
    ens = q.langevin(*given, q.Bath(0.05, "local"), 4, step=0.02)
    assert (ens.stats["motion"], ens.stats["method"]) == ("kets", "midpoint")
    assert ens.samples["energy"][0, 0] == pytest.approx(-7 / 4)
    assert ens.samples["energy"][:, 1].std() > 1e-3


def deviation(ens, exact, past):
    each = ens.samples["energy"][:, past:].mean(axis=1)
    return (each.mean() - exact) / (each.std(ddof=1) / np.sqrt(len(each)))


def four_spins(weights=(1.0,), seed=1):
    return q.langevin(chain(4), q.QuantumLLG(1), low_rank(16, weights), np.arange(0, 7, 0.5), q.Bath(0.1), 200, seed,
                      step=0.05)


@pytest.mark.parametrize("weights", [(1.0,), (0.7, 0.3)])
@pytest.mark.usefixtures("small")
def test_energies_are_canonical(weights):
    ens = four_spins(weights)
    assert ens.stats["motion"] == "kets"
    assert abs(deviation(ens, q.canonical(chain(4), [*weights, *[0] * (16 - len(weights))], 0.1).energy, 6)) < FEW


@pytest.mark.usefixtures("small")
def test_noise_that_is_a_tenth_too_strong_is_caught(monkeypatch):
    monkeypatch.setattr(kets, "noise_amplitudes", lambda *given: 1.1 * friction.noise_amplitudes(*given))
    assert abs(deviation(four_spins(), q.canonical(chain(4), np.eye(16)[0], 0.1).energy, 6)) > FEW


@pytest.mark.slow
@pytest.mark.parametrize(("n", "kT"), [(6, 0.05), (8, 0.02)])
def test_energies_of_large_spaces_are_canonical(n, kT):
    ens = q.langevin(chain(n), q.QuantumLLG(1), low_rank(2**n, [1.0]), np.arange(0, 5, 0.5), q.Bath(kT), 30, 3)
    assert abs(deviation(ens, q.canonical(chain(n), np.eye(2**n)[0], kT).energy, 5)) < FEW


def test_means_in_time_are_those_of_frames(monkeypatch):
    given = chain(4), q.QuantumLLG(0.5), low_rank(16, [0.8, 0.2]), [0, 0.2, 0.5], q.Bath(0.1), 150
    whole = q.langevin(*given, seed=5, step=0.05)
    monkeypatch.setattr(kets, "COMPILED", 8)
    few = q.langevin(*given, seed=4, step=0.05)
    assert (few.stats["motion"], whole.stats["motion"]) == ("kets", "frames")
    for name in ("energy", "bloch"):
        spread = np.sqrt(few.error[name][1:]**2 + whole.error[name][1:]**2)
        assert (abs(few.mean[name] - whole.mean[name])[1:] / spread).max() < FEW


def test_ten_spins_without_a_matrix(monkeypatch):
    def refuse(*given):
        raise AssertionError("a matrix was made")

    monkeypatch.setattr(Problem, "matrices", refuse)
    monkeypatch.setattr(Problem, "diagonal", property(refuse))
    ens = q.langevin(chain(10), q.QuantumLLG(0.5), q.states.product(*["up", "down"] * 5), [0, 0.02], q.Bath(0.05), 3,
                     step=0.005, observe={"m": "bloch3"})
    assert ens.stats["motion"] == "kets"
    assert ens.samples["energy"][0, 0] == pytest.approx(-9 / 4)
    assert abs(ens.samples["m"][:, 1]).max() < 1


@pytest.mark.usefixtures("small")
def test_kets_stay_orthonormal():
    bath = q.Bath(0.3)
    problem, numbers = posed(chain(4), q.QuantumLLG(0.5), low_rank(16, [0.6, 0.3, 0.1]), [0.0, 1.0], bath, None)
    moving = motion_of(problem, bath, bath.temperature(numbers))
    path = paths.path_of(moving, steppers.find("strang"))
    numbers = Normals(5, range(3), 2 * moving.count)
    found = path.advance(np.broadcast_to(moving.start, (3, 16, 3)), 0.0, 0.04, 600, numbers, 0, lambda part: None)
    assert abs(found.conj().swapaxes(1, 2) @ found - np.eye(3)).max() < 1e-14


def test_which_motion_is_taken():
    def taken(model, state, noise="invariant"):
        bath = q.Bath(0.3, noise)
        problem, numbers = posed(model, q.QuantumLLG(0.5), state, [0.0, 1.0], bath, None)
        return type(motion_of(problem, bath, bath.temperature(numbers))).__name__

    assert taken(chain(5), low_rank(32, [0.125] * 8)) == "NoisyKets"
    assert taken(chain(5), low_rank(32, [1 / 9] * 9)) == "Frames"
    assert taken(chain(5), low_rank(32, [0.5], 1 / 64)) == "NoisyKets"
    assert taken(chain(5), np.eye(32) / 32) == "Frames"
    assert taken(chain(5), low_rank(32, [1.0]), "local") == "LocalKets"
    assert taken(chain(5), np.eye(32) / 32, "local") == "LocalFrames"
    assert taken(chain(4), low_rank(16, [1.0])) == "NoisyKets"
    assert taken(chain(4), low_rank(16, [0.5, 0.5])) == "Frames"        # compiled
    assert taken(chain(3), low_rank(8, [1.0])) == "Frames"


@pytest.mark.parametrize("name", ["strang", "euler"])
@pytest.mark.parametrize("law", LAWS, ids=str)
@pytest.mark.parametrize(("weights", "background"), STATES)
def test_compiled_kets_are_those_of_numpy(law, weights, background, name):
    bath, state = q.Bath(0.3 + 0.1 * q.t), low_rank(6, weights, background)
    problem, numbers = posed(SIX, law, state, [0.0, 1.0], bath, None)
    path = paths.path_of(NoisyKets(problem, bath.temperature(numbers)), steppers.find(name))
    assert path.stats["path"].startswith("compiled")
    start, sets = np.broadcast_to(path.motion.start, (5, *path.motion.start.shape)), path.stepper.SETS
    for drawn in (Normals(5, range(3, 8), sets * path.motion.count),
                  Joined(5, range(3, 8), sets * path.motion.count, sets)):
        in_c, in_numpy = (one.advance(start, 0.2, 0.03, 40, drawn, 7, lambda part: None)
                          for one in (path, replace(path, lanes=None)))
        assert abs(in_c - in_numpy).max() < 1e-13


@pytest.mark.usefixtures("small")
def test_kets_without_compiled_steps_are_the_same(monkeypatch):
    given = chain(4), q.QuantumLLG(1), low_rank(16, [0.7, 0.3]), [0, 0.2], q.Bath(0.1), 20
    fast = q.langevin(*given)
    monkeypatch.setattr(paths, "COMPILED", {})
    slow = q.langevin(*given)
    assert (fast.stats["path"], slow.stats["path"]) == ("compiled kets", "NumPy, random numbers in C")
    assert abs(fast.samples["energy"] - slow.samples["energy"]).max() < 1e-13
    assert fast.stats["weak_error"] == pytest.approx(slow.stats["weak_error"], abs=1e-13)
