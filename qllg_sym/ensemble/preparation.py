"""What a user gives → noisy trajectories as data: where steps end, how long they are, and what is refused."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.algebra.symbols import t as clock
from qllg_sym.ensemble import steppers
from qllg_sym.ensemble.choose import check_friction, motion_of
from qllg_sym.ensemble.features import Features, features
from qllg_sym.ensemble.noisy_run import NoisyRun
from qllg_sym.ensemble.origin import Origin
from qllg_sym.ensemble.posed import posed
from qllg_sym.ensemble.step_size import StepSize, subdivided
from qllg_sym.errors import InputError, meant
from qllg_sym.flow.drives.jumps import jumps
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.results.recorder import check_observed

Array = NDArray[np.float64]
LOOKED = 129            # times at which temperature, damping and H are looked at before the run
INSIDE = 1e-6           # of a piece without jumps: where its ends are looked at
MOST_PIECES = 500       # whose ends are looked at
NEAR = 64               # units in the last place within which a jump is at a time that was given


def prepared_run(origin: Origin, state: Any, times: Any, step: float | None, trajectories: int, first: int = 0,
                 last: Any = None) -> tuple[NoisyRun, StepSize]:
    """Return the trajectories that are to be integrated, and what is known of their steps.

    Args:
        origin: what is asked for.
        state: at times[0]; of the origin where trajectories go on.
        times: at which something is read.
        step: the longest step, or None for the advised one.
        trajectories: how many.
        first: the number of the first step.
        last: the states in which trajectories go on.

    Raises:
        QllgError: bad input.
    """
    bath = origin.bath
    problem, numbers = posed(origin.model, origin.law, state, times, bath, origin.values)
    check_observed(origin.observe, problem)
    if "energy" in (origin.observe or {}):
        raise InputError("`observe` must leave the name 'energy' to Tr ρH, which is read always, but has it; choose "
                         "another name.")
    temperature = bath.temperature(numbers)
    motion = motion_of(problem, bath, temperature)
    begin, end = float(problem.times[0]), float(problem.times[-1])
    edges = jumps(_coefficients(problem), problem.values, begin, end) if end > begin else np.empty(0)
    heated = jumps([bath.kT], numbers, begin, end) if end > begin else np.empty(0)
    grid = _grid(problem.times, np.concatenate([edges, heated]))
    moving = features(problem, bath.kT, numbers, grid) if len(grid) > 1 and _moves(problem, bath.kT) else None
    looked = grid[:1] if not _moves(problem, bath.kT) else _looked(grid, moving)
    check_friction(problem, motion, bath, temperature, looked)
    stepper = steppers.find(_method(origin.method, motion.steppers))
    sizes = StepSize(motion.rate(looked), int(stepper.ORDER), getattr(stepper, "ADVISED", None))
    grid, steps = _steps(grid, sizes.checked(step), moving)
    run = NoisyRun(problem, bath, numbers, origin.observe, stepper.NAME, grid, steps, origin.seed, trajectories, first,
                   last)
    vars(run)["motion"] = motion
    run.simulation.require_memory(trajectories)
    return run, sizes


def _coefficients(problem: Problem) -> list[Any]:
    """Return the coefficients of a problem's law, and of its model where that depends on time."""
    model, law = problem.equation.model, problem.equation.law
    parts: list[Any] = [*(model.terms if model.time_dependent else ()), *law.members]
    return [c for part in parts for c in part.coefficients()]


def _moves(problem: Problem, kT: Any) -> bool:
    """Return whether H, the law or kT depend on time."""
    return any(c.has(clock) for c in (kT, *_coefficients(problem)))


def _grid(times: Array, found: Array) -> Array:
    """Return times with the jumps between them; one that rounding alone tells from a time is there already.

    >>> _grid(np.array([0.0, 1.0]), np.array([0.3, 1.0 - 1e-16])).tolist()
    [0.0, 0.3, 1.0]
    """
    least = NEAR * np.spacing(abs(times).max())
    apart = [x for x in np.unique(found).tolist() if abs(times - x).min() > least]
    return np.unique(np.concatenate([times, apart]))


def _steps(grid: Array, step: float, moving: Features | None) -> tuple[Array, NDArray[np.int64]]:
    """Return times at which steps end, and into how many steps each interval is divided: more where much moves."""
    if moving is None:
        return grid, subdivided(grid, step)
    step = min(step, float(grid[-1] - grid[0]))
    grid = _grid(grid, moving.changes(step))
    short = step / 2.0**moving.halvings(step, 0.5 * (grid[1:] + grid[:-1]))
    return grid, subdivided(grid, np.asarray(short, dtype=np.float64))


def _looked(grid: Array, moving: Features | None) -> Array:
    """Return times at which to look: evenly spaced, both ends of each piece seen from inside, and where much moves."""
    if moving is None:
        return grid
    narrow = moving.looked(float(grid[-1] - grid[0]) / LOOKED)
    even, some = np.linspace(grid[0], grid[-1], LOOKED), slice(None, None, -(-len(grid) // MOST_PIECES))
    inside = INSIDE * np.diff(grid)
    return np.unique(np.concatenate([even, (grid[:-1] + inside)[some], (grid[1:] - inside)[some],
                                     narrow[::-(-len(narrow) // MOST_PIECES) or 1]]))


def _method(method: Any, able: tuple[str, ...]) -> str:
    """Return the name of the scheme that was asked for, or of the first of those that are able."""
    if method == "auto" or method in able:
        return able[0] if method == "auto" else str(method)
    known = method in steppers.names()
    raise InputError(f"`method` must be one of {', '.join((*able, 'auto'))} for this noise, but is {method!r}"
                     f"{'' if known else meant(method, (*able, 'auto'))}; choose one of them.")
