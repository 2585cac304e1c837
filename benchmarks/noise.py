"""Noisy trajectories: what noise adds to a step, many of them, classical moments, and plain schemes at equal error."""

from collections.abc import Callable

import numpy as np
import sympy as sp

from qllg_sym import Bath, ClassicalLLG, Exchange, Model, Space, Zeeman, langevin
from qllg_sym.ensemble import steppers
from qllg_sym.ensemble.choose import motion_of
from qllg_sym.ensemble.normals import Joined, Normals
from qllg_sym.ensemble.paths import Path, path_of
from qllg_sym.ensemble.posed import posed
from qllg_sym.errors import CodegenError

from .noise_peers import hermitian, lie_heun, llg_heun, spirit_seconds
from .problems import Array, DimerProblem, dimers
from .results import Row, Section
from .timing import least, timed

KT, STEP = 0.2, 0.025
ALONE = 64              # trajectories of which a step is timed
RING = 32               # classical moments of a ring
MANY, QUICK = 10_000, 100       # trajectories, and steps of each, of the large run
UNTIL = 1.0             # the time at which weak errors are looked at: the mean energy still falls
PAIRS = 100_000, 5000   # pairs of trajectories of which they are estimated: of the toolkit, of the peer
BESIDE = 200            # rings of the peer in NumPy


def noisy(quick: bool, tell: Callable[[str], object] = lambda _: None) -> list[Section]:
    """Run all benchmarks of noisy trajectories.

    Args:
        quick: short ones, for tests.
        tell: called with a text after each.
    """
    found = []
    for work in WORKS:
        try:
            found.append(work(quick))
        except CodegenError as error:
            found.append(Section(f"Noise: {work.__name__}", (Row("in C", note=f"no compiler: {error}"),)))
        tell(f"noise: {work.__name__}")
    return found


def single_step(quick: bool) -> Section:
    """Time a step of a dimer of full rank, with noise and without it: both of order 2."""
    rows = tuple(Row(f"qllg_sym, {name}", _seconds_a_step(_path(kT), 100 if quick else 2000), note=note)
                 for name, kT, note in (("without noise", 0.0, "the midpoint rule on the group"),
                                        ("with noise", KT, "Strang's splitting, 24 normal variates; at most 3 wanted")))
    return Section("A noisy step a trajectory beside one without noise, a dimer of full rank, one core", rows,
                   unit=rows[0].seconds)


def many_trajectories(quick: bool) -> Section:
    """Time a whole call of `langevin` with as many steps as trajectories."""
    dimer, count = dimers(1)["A"], QUICK if quick else MANY
    found, seconds = timed(lambda: langevin(dimer.model, dimer.law, dimer.rho, [0.0, count * STEP], Bath(KT), count,
                                            step=STEP, values=dimer.values))
    assert found.stats["steps"] == count
    return Section(f"{count} trajectories of {count} steps of a dimer of full rank", (
        Row("qllg_sym, whole call", seconds, note=f"{found.stats['path']}, every core; 60 s on two wanted"),))


def classical(quick: bool) -> Section:
    """Time a step of a moment in a ring, with noise: the toolkit, spirit, and Heun's scheme in NumPy."""
    path, steps = _ring(), 50 if quick else 1000
    ours = _seconds_a_step(path, steps) / RING
    rng, rings = np.random.default_rng(0), 10 if quick else BESIDE
    moments = np.tile([0.0, 0.0, 1.0], (rings, RING, 1))
    _, heun = least(lambda: llg_heun(moments, 0.5, 0.1, STEP, rng))
    spirit = spirit_seconds(RING, 10 if quick else 5000)
    told = ", one thread" if spirit else "not installed, or it does not run: pip install spirit"
    return Section(f"A noisy step of a classical moment in a ring of {RING}, one core", (
        Row("qllg_sym, moments", ours, note=_a_ms(ours) + f", order 2, {ALONE} rings"),
        Row("NumPy, Heun", heun / (rings * RING), note=_a_ms(heun / (rings * RING)) + f", {rings} rings as one array"),
        Row("spirit, Heun", spirit, note=_a_ms(spirit) + told)))


def at_equal_error(quick: bool) -> Section:
    """Time a unit of time of a dimer, beside Heun's scheme with unitary steps in NumPy at the same weak error.

    Errors of the mean energy are those of whole steps beside half steps with the same noise, at the same step for both;
    the peer's is then shortened, by its order 1. Standard errors are reckoned against the toolkit.
    """
    dimer, path = dimers(1)["A"], _path(KT)
    ours, peers = (few // 50 for few in PAIRS) if quick else PAIRS
    error, spread = _our_error(path, STEP, ours)
    target = abs(error) + spread
    rough, rough_spread = _peer_error(dimer, STEP, peers)
    step = STEP * target / max(abs(rough) - rough_spread, target)
    rng, start = np.random.default_rng(1), np.broadcast_to(dimer.rho, (1000, 4, 4))
    _, seconds = least(lambda: lie_heun(start, dimer.h, dimer.kappa, KT, step, lambda: hermitian(1000, 4, rng)))
    took = _seconds_a_step(path, 100 if quick else 2000)
    return Section("A unit of time of a noisy dimer of full rank at equal weak error of its mean energy, one core", (
        Row("qllg_sym, Strang", took / STEP, target, STEP, note="order 2"),
        Row("NumPy, Heun with unitary steps", seconds / 1000 / step, target, step,
            note="1000 trajectories as one array; at least 100 wanted")))


WORKS = single_step, many_trajectories, classical, at_equal_error


def _path(kT: float) -> Path:
    """Compiled steps of problem A at a temperature."""
    dimer = dimers(1)["A"]
    bath = Bath(kT)
    problem, numbers = posed(dimer.model, dimer.law, dimer.rho, [0.0, 1.0], bath, dimer.values)
    return _compiled(path_of(motion_of(problem, bath, bath.temperature(numbers)), steppers.find("strang")))


def _ring() -> Path:
    """Compiled steps of the ring of moments that spirit is given."""
    terms = [*(Exchange(-1, k, (k + 1) % RING) for k in range(RING)), Zeeman((0, 0, 1))]
    bath, start = Bath(sp.Rational(1, 10)), [[0.0, 0.0, 1.0]] * RING
    problem, numbers = posed(Model(Space.half(RING), terms), ClassicalLLG(0.5), start, [0.0, 1.0], bath, None)
    return _compiled(path_of(motion_of(problem, bath, bath.temperature(numbers)), steppers.find("strang")))


def _compiled(path: Path) -> Path:
    """The path, if it is in C."""
    if path.lanes is None:
        raise CodegenError(path.reason)
    return path


def _seconds_a_step(path: Path, steps: int) -> float:
    """The least seconds of a step of one trajectory."""
    numbers = Normals(1, range(ALONE), path.stepper.SETS * path.motion.count)
    start = np.broadcast_to(path.motion.start, (ALONE, *path.motion.start.shape))
    _, seconds = least(lambda: path.advance(start, 0.0, STEP, steps, numbers, 0, lambda part: None), 1.0)
    return seconds / (steps * ALONE)


def _our_error(path: Path, step: float, pairs: int) -> tuple[float, float]:
    """The weak error of the mean energy at a step, and its standard error."""
    moving, steps = path.motion, round(UNTIL / step)
    start = np.broadcast_to(moving.start, (pairs, *moving.start.shape))
    count = 2 * moving.count
    whole = path.advance(start, 0.0, step, steps, Joined(2, range(pairs), count, 2), 0, lambda part: None)
    half = path.advance(start, 0.0, step / 2, 2 * steps, Normals(2, range(pairs), count), 0, lambda part: None)
    return _mean(4 / 3 * (moving.energy(whole, UNTIL) - moving.energy(half, UNTIL)))


def _peer_error(dimer: DimerProblem, step: float, pairs: int) -> tuple[float, float]:
    """The weak error of the peer's mean energy at a step, and its standard error."""
    rng = np.random.default_rng(3)
    whole = half = np.broadcast_to(dimer.rho, (pairs, 4, 4))
    for _ in range(round(UNTIL / step)):
        one, other = hermitian(pairs, 4, rng), hermitian(pairs, 4, rng)
        joined = [(one + other) / np.sqrt(2)]
        whole = lie_heun(whole, dimer.h, dimer.kappa, KT, step, joined.pop)
        given = [other, one]
        for _ in range(2):
            half = lie_heun(half, dimer.h, dimer.kappa, KT, step / 2, given.pop)
    return _mean(2 * np.einsum("mij,ji->m", whole - half, dimer.h).real)


def _mean(values: Array) -> tuple[float, float]:
    """A mean and its standard error."""
    return float(values.mean()), float(values.std() / np.sqrt(len(values)))


def _a_ms(seconds: float | None) -> str:
    """How many moment-steps a millisecond has."""
    return "" if seconds is None else f"{1e-3 / seconds:,.0f} moment-steps a ms"
