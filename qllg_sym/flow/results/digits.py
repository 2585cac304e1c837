"""How many digits a trajectory has where an unstable state makes rounding grow, and what is said of it."""

from collections.abc import Mapping, Sequence
from math import log10
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.errors import warn

DOUBLES, BAD = 15.9, 0.01
SPARE = 6               # digits below those of rtol from which on it is said


def digits(loss: float) -> float:
    """Return how many digits an estimate of the relative error of a state leaves, 0 … 15.9.

    >>> digits(1e-8), digits(3.0), digits(0.0)
    (8.0, 0.0, 15.9)
    """
    return digits_of(np.array([loss]))[0]


def digits_of(losses: NDArray[np.float64]) -> list[float]:
    """Return the same for many estimates."""
    found: list[float] = np.round(np.clip(-np.log10(np.maximum(losses, 1e-16)), 0.0, DOUBLES), 1).tolist()
    return found


def warn_of_lost(stats: Sequence[Mapping[str, Any]], rtol: float) -> None:
    """Warn where trajectories have far fewer digits than were asked for.

    Args:
        stats: of each trajectory; `digits` counts, and `growth` of errors where it may have left none.
        rtol: the relative tolerance.
    """
    enough = -log10(rtol) - SPARE
    known = [each["digits"] for each in stats if each.get("digits", DOUBLES) < enough]
    known += [digits(rtol * each["growth"]) for each in stats if rtol * each.get("growth", 0.0) > BAD]
    if known:
        which = "of the trajectory" if len(stats) == 1 else f"of one of {len(stats)} trajectories"
        warn(f"Errors grow with the motion, near an unstable state or over many turns: perhaps no more than "
             f"{min(known):.0f} digits {which} are left (see `stats`); take a shorter time, a smaller rtol, a state "
             "farther from it, or `q.exact` with more digits.")
