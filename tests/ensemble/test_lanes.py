"""Compiled lanes beside NumPy: the same trajectories to rounding, whatever is shared how; their random numbers alone.

NumPy's path is the independent one: linear algebra by LAPACK, words of Philox from NumPy, logarithms and cosines of the
C library. Twins with a step that is slightly wrong lie far outside.
"""

import shutil
import subprocess
from dataclasses import replace

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from qllg_sym.codegen import compiler
from qllg_sym.ensemble import normals, paths, steppers
from qllg_sym.ensemble.choose import motion_of
from qllg_sym.ensemble.motions.frames import Frames
from qllg_sym.ensemble.motions.local_frames import LocalFrames
from qllg_sym.ensemble.motions.moments import Moments
from qllg_sym.ensemble.native import source
from qllg_sym.ensemble.native.stream import NormalsInC, in_c, noisy_head
from qllg_sym.ensemble.normals import Joined, Normals
from qllg_sym.ensemble.paths import path_of
from qllg_sym.ensemble.posed import posed
from qllg_sym.errors import CodegenError

FEW = 5                     # standard errors
ROUNDING = 1e-13
b = 1 / sp.sqrt(3)
SPIN = q.Model(q.Space("1/2"), [q.Zeeman((0.3, 0.2, 1))])
ONE = q.Model(q.Space("1"), [q.Zeeman((0.3, 0.2, 1)), q.ZeroField(1, 0)])
DIMER = q.Model(q.Space.half(2), [q.Exchange(1, 0, 1), q.DMI((0, 0, 0.4), 0, 1), q.Zeeman((b, b, b))])
DRIVEN = q.Model(q.Space.half(2), [q.Exchange(1, 0, 1), q.Zeeman((1, 0, 2 * sp.sin(5 * q.t)))])
TRIMER = q.Model(q.Space.half(3), [q.Exchange(1, 0, 1), q.DMI((0, 0.3, 0), 1, 2), q.Zeeman((0, 0.2, 1))])
TWO = q.Model(q.Space("1", "1"), [q.Exchange(0.5, 0, 1), q.Zeeman((0.3, 0, 1))])


def graded(d):
    """A state of d different levels."""
    return np.diag(np.arange(d, 0, -1.0) / (d * (d + 1) / 2))


def motion(model, state, law=None, bath=None, values=None):
    bath = bath or q.Bath(0.5)
    problem, numbers = posed(model, law or q.QuantumLLG(0.5), state, [0.0, 1.5], bath, values)
    return motion_of(problem, bath, bath.temperature(numbers))


def advanced(path, m=11, steps=40, first=7, numbers=Normals, t=0.3):
    """States of m trajectories after some steps."""
    moving = path.motion
    start = np.broadcast_to(moving.start, (m, *moving.start.shape))
    drawn = numbers(3, range(5, 5 + m), path.stepper.SETS * moving.count)
    return path.advance(start, t, 0.02, steps, drawn, first, lambda part: None)


def both(moving, name="strang", **given):
    """States by C and by NumPy."""
    path = path_of(moving, steppers.find(name))
    assert path.stats["path"] == "compiled lanes", path.reason
    return advanced(path, **given), advanced(replace(path, lanes=None), **given)


CASES = [(SPIN, graded(2)), (SPIN, "up"), (ONE, graded(3)), (DIMER, graded(4)), (DIMER, np.diag([.5, .5, 0, 0])),
         (DIMER, "up down"), (DRIVEN, graded(4)), pytest.param(TRIMER, graded(8), marks=pytest.mark.slow),
         pytest.param(TWO, graded(9), marks=pytest.mark.slow)]


@pytest.mark.parametrize(("model", "state"), CASES)
@pytest.mark.parametrize("name", ["strang", "euler"])
def test_compiled_and_numpy_paths_are_the_same(model, state, name):
    state = q.states.product(*state.split()) if isinstance(state, str) else state
    in_c, in_numpy = both(motion(model, state), name)
    assert abs(in_c - in_numpy).max() < ROUNDING


@pytest.mark.parametrize("law", [q.QuantumLL(0.7), q.QuantumLLG(0.4 + 0.1 * sp.cos(q.t))])
def test_other_laws_and_temperatures_in_time(law):
    in_c, in_numpy = both(motion(DRIVEN, graded(4), law, q.Bath(q.t * sp.exp(-q.t))), m=3)
    assert abs(in_c - in_numpy).max() < ROUNDING


@pytest.mark.parametrize("law", [q.QuantumLLG(0.5), q.QuantumLL(0.7), q.QuantumLLG(0.4 + 0.1 * sp.cos(q.t))])
@pytest.mark.parametrize(("model", "state"), [(SPIN, graded(2)), (DIMER, graded(4)), (DRIVEN, np.diag([1, 0, 0, 0]))])
def test_local_noise_is_the_same(law, model, state):
    for bath in (q.Bath(0.5, "local"), q.Bath(q.t, "local")):
        in_c, in_numpy = both(motion(model, state, law, bath), "midpoint", m=9)
        assert abs(in_c - in_numpy).max() < ROUNDING


PAIR = q.Model(q.Space("1", "1/2"), [q.Bilinear(0.7, 0, 1), q.Zeeman((0, 0.3, 1), [0]), q.Zeeman((1, 0, 0), [1])])
GILBERT = q.LocalGilbert(0.7)


@pytest.mark.parametrize(("model", "state", "law", "bath"), [
    (SPIN, graded(2), GILBERT, q.Bath(0.5, "local")), (DIMER, graded(4), GILBERT, q.Bath(0.5, "local")),
    (DIMER, np.diag([1, 0, 0, 0]), GILBERT, q.Bath(q.t, "local")), (PAIR, graded(6), GILBERT, q.Bath(0.5, "local")),
    (DRIVEN, graded(4), q.LocalGilbert(0.4 + 0.1 * sp.cos(q.t)), q.Bath(0.5, "local")),
    (DIMER, graded(4), GILBERT, q.Bath(0))])
def test_local_friction_is_the_same(model, state, law, bath):
    in_c, in_numpy = both(motion(model, state, law, bath), "implicit", m=9)
    assert abs(in_c - in_numpy).max() < ROUNDING


def test_local_friction_that_is_slightly_stronger_is_seen():
    path = path_of(motion(DIMER, graded(4), GILBERT, q.Bath(0.5, "local")), steppers.find("implicit"))
    other = motion(DIMER, graded(4), q.LocalGilbert(0.7001), q.Bath(0.5, "local"))
    assert abs(advanced(replace(path, motion=other, lanes=None)) - advanced(path)).max() > 1e4 * ROUNDING


def test_trajectories_under_local_friction_do_not_see_each_other():
    """In C as in NumPy, though NumPy multiplies many matrices at once."""
    path = path_of(motion(DIMER, graded(4), GILBERT, q.Bath(0.5, "local")), steppers.find("implicit"))
    for one in (path, replace(path, lanes=None)):
        alone = one.advance(path.motion.start[None], 0.3, 0.02, 40, Normals(3, range(15, 16), 6), 7, lambda part: None)
        assert np.array_equal(alone[0], advanced(one)[10])


def test_explicit_steps_under_local_friction_are_left_to_numpy():
    path = path_of(motion(DIMER, graded(4), GILBERT, q.Bath(0.5, "local")), steppers.find("midpoint"))
    assert path.reason == "under local friction implicit steps alone are compiled, not midpoint"


CHAIN = q.Model(q.Space.half(3), [q.Exchange(-1, 0, 1), q.Exchange(-1, 1, 2), q.Zeeman((0, 0, sp.cos(q.t)))])
SIGNAL = q.Model(q.Space("1"), [q.Zeeman((q.signal("pulse"), 0, 1)), q.ZeroField(-1, 0)])
PULSE = {"pulse": ([-1.0, 0, 1, 2], [0.0, 1, 2, 0])}


@pytest.mark.parametrize("name", ["strang", "euler"])
@pytest.mark.parametrize("law", [q.ClassicalLLG(0.5), q.ClassicalLL(0.3), q.ClassicalLLG(0.4 + 0.1 * sp.cos(q.t))])
def test_moments_are_the_same(name, law):
    start = np.array([[1.0, 0, 0], [0, 0.6, 0.8], [0, 0, -1]])
    for bath in (q.Bath(0.5), q.Bath(q.t), q.Bath(0)):
        in_c, in_numpy = both(motion(CHAIN, start, law, bath), name, m=9)
        assert abs(in_c - in_numpy).max() < ROUNDING
        assert abs(np.linalg.norm(in_c, axis=2) - 1).max() < 1e-15


def test_moments_under_signals_are_the_same():
    law = q.ClassicalLLG(0.5, field="mean")
    in_c, in_numpy = both(motion(SIGNAL, [[1.0, 0, 0]], law, values=PULSE), m=3)
    assert abs(in_c - in_numpy).max() < ROUNDING
    steady, _ = both(motion(SIGNAL, [[1.0, 0, 0]], law, values={"pulse": ([-1.0, 0, 1, 2], [1.0, 1, 1, 1])}), m=3)
    assert abs(in_c - steady).max() > 1e-3


def test_large_matrices_are_left_to_numpy():
    model = q.Model(q.Space.half(5), [q.Zeeman((0, 0, 1))])
    path = path_of(motion(model, graded(32)), steppers.find("strang"))
    assert path.stats["path"] == "NumPy, random numbers in C"
    assert path.reason == "matrices have dimension 32, and compiled steps 16 at most"


def test_tables_in_parts_are_the_whole(monkeypatch):
    from qllg_sym.ensemble.native import lanes
    monkeypatch.setattr(lanes, "TABLED", 7)
    in_c, in_numpy = both(motion(DRIVEN, graded(4)), m=3)
    assert abs(in_c - in_numpy).max() < ROUNDING


def test_tables_are_made_once_for_all_chunks(monkeypatch):
    from qllg_sym.ensemble.native.frames import FrameLanes
    asked, tables = [], FrameLanes.tables
    monkeypatch.setattr(FrameLanes, "tables", lambda self, *given: asked.append(given) or tables(self, *given))
    for model, made in ((DRIVEN, 4), (DIMER, 1)):
        path = path_of(motion(model, graded(4)), steppers.find("strang"))
        whole = advanced(path, m=16, steps=300)
        assert np.array_equal(advanced(path, m=8, steps=300), whole[:8])
        later = advanced(path, m=8, steps=300, t=0.7)
        assert (abs(later - whole[:8]).max() > 1e-3) == (model is DRIVEN)
        assert len(asked) == made
        asked.clear()


@pytest.mark.parametrize(("model", "d"), [(SPIN, 2), (DIMER, 4)])
def test_at_the_longest_step_that_is_allowed(model, d):
    """Where generators are largest: elimination without pivots, too, is good to rounding."""
    for kT in (0.5, 50):
        path = path_of(motion(model, graded(d), bath=q.Bath(kT)), steppers.find("strang"))
        h = 1 / path.motion.rate(np.zeros(1))
        start = np.broadcast_to(path.motion.start, (64, d, d))
        numbers = Normals(3, range(64), 2 * path.motion.count)
        found = [one.advance(start, 0.0, h, 60, numbers, 0, lambda part: None)
                 for one in (path, replace(path, lanes=None))]
        assert abs(found[0] - found[1]).max() < 1e-12


def test_calls_in_parts_are_the_whole(monkeypatch):
    from qllg_sym.ensemble.native import lanes
    path = path_of(motion(DIMER, graded(4)), steppers.find("strang"))
    whole = advanced(path)
    monkeypatch.setattr(lanes, "CALL", 5 * 16 * 64)
    parts = []
    start = np.broadcast_to(path.motion.start, (11, 4, 4))
    found = path.advance(start, 0.3, 0.02, 40, Normals(3, range(5, 16), 2 * path.motion.count), 7, parts.append)
    assert np.array_equal(found, whole)
    assert len(parts) > 3
    assert parts[-1] == 1


def test_a_step_that_is_slightly_wrong_is_seen():
    path = path_of(motion(DIMER, graded(4)), steppers.find("strang"))
    warmer = motion(DIMER, graded(4), bath=q.Bath(0.5001))
    assert abs(advanced(replace(path, motion=warmer, lanes=None)) - advanced(path)).max() > 1e4 * ROUNDING


def test_lanes_do_not_see_each_other():
    """Every trajectory has the same bits alone, in other company, and in another lane."""
    path = path_of(motion(DIMER, graded(4)), steppers.find("strang"))
    whole = advanced(path, m=19)
    start = path.motion.start[None]
    for k in (0, 7, 8, 18):
        alone = path.advance(start, 0.3, 0.02, 40, Normals(3, range(5 + k, 6 + k), 24), 7, lambda part: None)
        assert np.array_equal(alone[0], whole[k])


def test_the_spectrum_is_kept():
    found = advanced(path_of(motion(DIMER, graded(4)), steppers.find("strang")), m=8, steps=20_000)
    assert abs(found.conj().swapaxes(1, 2) @ found - np.eye(4)).max() < 1e-14


@pytest.mark.slow
def test_the_spectrum_is_kept_for_a_million_steps():
    moving = motion(DIMER, graded(4))
    found = advanced(path_of(moving, steppers.find("strang")), m=8, steps=1_000_000)
    assert abs(found.conj().swapaxes(1, 2) @ found - np.eye(4)).max() < 1e-13
    levels = np.linalg.eigvalsh((found * moving.levels) @ found.conj().swapaxes(1, 2))
    assert abs(levels - np.sort(moving.levels)).max() < 1e-13


def test_without_a_compiler_numpy_does_it_and_says_so(monkeypatch):
    def broken():
        raise CodegenError("there is none")

    given = dict(times=[0, 0.5], bath=q.Bath(1), trajectories=3, step=0.05)
    fast = q.langevin(DIMER, q.QuantumLLG(0.5), graded(4), **given)
    monkeypatch.setattr(compiler, "find", broken)
    slow = q.langevin(DIMER, q.QuantumLLG(0.5), graded(4), **given)
    assert (fast.stats["path"], slow.stats["path"]) == ("compiled lanes", "NumPy")
    assert "there is none" in slow.stats["path_reason"]
    assert abs(fast.samples["energy"] - slow.samples["energy"]).max() < ROUNDING


def test_the_estimate_of_the_weak_error_is_the_same(monkeypatch):
    given = dict(times=[0, 0.5], bath=q.Bath(1), trajectories=4, seed=2)
    fast = q.langevin(DIMER, q.QuantumLLG(0.5), graded(4), **given).stats
    monkeypatch.setattr(paths, "COMPILED", {})
    slow = q.langevin(DIMER, q.QuantumLLG(0.5), graded(4), **given).stats
    assert fast["path"] != slow["path"]
    for name in ("weak_error", "weak_error_uncertainty"):
        assert fast[name] == pytest.approx(slow[name], abs=ROUNDING)


@pytest.mark.parametrize("count", [1, 8, 13, 100_000])
def test_numbers_in_c_are_those_of_numpy(count):
    numbers = Normals(2**64 - 5, range(3, 14), count)
    found = in_c(numbers)
    assert max(abs(found.at(k) - numbers.at(k)).max() for k in (30, 31, 32, 700, 5)) < 1e-14


@pytest.mark.parametrize("sets", [1, 2])
def test_joined_numbers_in_c_are_those_of_numpy(sets):
    numbers = Joined(4, range(3, 9), 6 * sets, sets)
    found = in_c(numbers)
    assert max(abs(found.at(k) - numbers.at(k)).max() for k in (30, 31, 32, 700, 5)) < 1e-14


def test_numbers_are_normal():
    """Moments to the eighth and the tail beyond three, in standard errors; correlations between neighbours."""
    numbers = NormalsInC(11, range(20), 16)
    drawn = np.concatenate([numbers.at(k).ravel() for k in range(1600)])
    assert normal_deviation(drawn) < FEW
    pairs = drawn.reshape(-1, 16)
    correlations = (pairs.T @ pairs / len(pairs))[np.triu_indices(16, 1)] * np.sqrt(len(pairs))
    assert abs(correlations).max() < FEW + 1        # of 120 of them
    assert normal_deviation(1.02 * drawn) > 2 * FEW


def normal_deviation(x):
    """The largest deviation of moments and tail, in standard errors."""
    found = []
    for power, mean in ((1, 0), (2, 1), (3, 0), (4, 3), (6, 15)):
        found.append((np.mean(x**power) - mean) / (np.std(x**power) / np.sqrt(len(x))))
    beyond = 0.0026997960632601866
    found.append((np.mean(abs(x) > 3) - beyond) / np.sqrt(beyond / len(x)))
    return max(map(abs, found))


def test_angles_give_every_low_moment_exactly():
    """A million angles evenly spaced: what makes 20 bits enough."""
    words = np.arange(2**20, dtype=np.uint64) + np.uint64(2**63)
    found = normals.as_normals(words).reshape(-1, 2)
    radius = np.sqrt(-2 * np.log(0.5 + 2.0**-45))
    for power, mean in ((1, 0), (2, 1 / 2), (4, 3 / 8), (8, 35 / 128)):
        assert abs((found**power).mean(axis=0) / radius**power - mean).max() < 1e-12


def langevin_function(x):
    return 1 / np.tanh(x) - 1 / x


NOISES = [("frames", "sizes", np.diag([1, 0]), q.QuantumLLG(1), "invariant", -langevin_function(1)),
          ("local frames", "strength", np.diag([1, 0]), q.QuantumLLG(1), "local", -langevin_function(1)),
          ("moments", "sizes", [[1, 0, 0]], q.ClassicalLLG(1), "invariant", -2 * langevin_function(2))]


@pytest.mark.parametrize(("name", "member", "state", "law", "noise", "exact"), NOISES, ids=[case[0] for case in NOISES])
def test_energies_are_canonical_and_noise_a_tenth_too_strong_is_caught(name, member, state, law, noise, exact,
                                                                       monkeypatch):
    kind = {"frames": Frames, "local frames": LocalFrames, "moments": Moments}[name]
    spin = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, 2))])

    def deviation():
        ens = q.langevin(spin, law, np.array(state, dtype=float), np.arange(0, 13, 1.5), q.Bath(1, noise), 3000, 6,
                         step=0.05)
        assert ens.stats["path"] == "compiled lanes"
        each = ens.samples["energy"][:, 2:].mean(axis=1)
        return abs(each.mean() - exact) / (each.std() / np.sqrt(len(each)))

    assert deviation() < FEW
    right, factor = getattr(kind, member), 1.1 if member == "sizes" else 1.21
    monkeypatch.setattr(kind, member, lambda self, t: factor * right(self, t))
    assert deviation() > 2 * FEW


TEXTS = {"frames of 4": ("#define D 4\n#define UNROLLED UNROLL", source("lanes.c"), source("frames.c")),
         "frames of 8": ("#define D 8\n#define UNROLLED", source("lanes.c"), source("frames.c")),
         "local friction": ("#define D 4\n#define UNROLLED UNROLL", source("lanes.c"), source("frames.c"),
                            source("local_friction.c")),
         "moments": (source("lanes.c"), source("moments.c")), "kets": (source("kets.c"),)}


@pytest.mark.parametrize("name", TEXTS)
def test_it_is_plain_c_without_a_warning(name, tmp_path):
    compiler_of_c = shutil.which("gcc") or shutil.which("clang") or pytest.skip("needs a compiler")
    path = tmp_path / "motion.c"
    path.write_text("\n".join([noisy_head(), *TEXTS[name]]), encoding="ascii")
    flags = ["-std=c11", "-O0", "-Wall", "-Wextra", "-Werror", "-Wno-psabi", "-fPIC"]
    done = subprocess.run([compiler_of_c, *flags, "-c", "-o", str(tmp_path / "motion.o"), str(path)],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "_mm" not in path.read_text()
    assert "fast-math" not in path.read_text()
