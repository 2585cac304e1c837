"""What the integration of m trajectories reached."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.errors import InputError
from qllg_sym.flow.steps.field import Field

Array = NDArray[Any]
Watch = Callable[[float], None]
Halt = Callable[[float, Array], bool]
INTERRUPTED = "interrupted"     # the failure of what Ctrl-C ended


@dataclass(frozen=True)
class Paths:
    """Samples of m trajectories, and how they ended.

    Attributes:
        samples: (m, points, n), NaN from `counts` on.
        counts: (m,), samples reached; 0 for a trajectory that was never begun.
        reached: (m,), time of the last accepted step, NaN for one that was never begun.
        steps: (m,), accepted steps.
        evaluations: (m,), of the right-hand side.
        failures: (m,), why a trajectory ended early, or None.
        interrupted: whether Ctrl-C cut some.
        driver: "c" or "python".
    """

    samples: Array
    counts: Array
    reached: Array
    steps: Array
    evaluations: Array
    failures: list[str | None]
    interrupted: bool
    driver: str


def check_arrays(field: Field, data: Array, starts: Array, times: Array) -> None:
    """Refuse arrays that do not belong together.

    Raises:
        InputError: of other shapes, beyond whose ends C would read.
    """
    wanted = (len(starts), field.width), (len(starts), field.size)
    if (data.shape, starts.shape) != wanted or times.ndim != 1 or not len(times):
        raise InputError(f"`data`, `starts` and `times` must have the shapes {wanted[0]}, {wanted[1]} and (points,), "
                         f"but have {data.shape}, {starts.shape} and {times.shape}; give one row a trajectory.")


def lost(t: float) -> str:
    """Return why no step from t succeeds, however short.

    >>> lost(1.0)
    'the right-hand side is not finite near t = 1'
    """
    return f"the right-hand side is not finite near t = {t:g}"


def running(first: float, last: float, done: float) -> float:
    """Return the time at which the same fraction of the interval is over as of the trajectories.

    >>> running(1.0, 3.0, 0.5)
    2.0
    """
    return first + (last - first) * done


def nothing(count: int, points: int, size: int, driver: str) -> Paths:
    """Return paths that have not begun.

    >>> nothing(2, 3, 1, "python").samples.shape
    (2, 3, 1)
    """
    counts, steps, evaluations = np.zeros((3, count), dtype=np.int64)
    return Paths(np.full((count, points, size), np.nan), counts, np.full(count, np.nan), steps, evaluations,
                 [None] * count, False, driver)
