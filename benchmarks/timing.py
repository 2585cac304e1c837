"""How times are taken: the least of several runs, since other work on the machine only adds."""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any, TypeVar

from numpy.typing import NDArray

LEAST, MOST = 3, 50     # runs
LONG = 2.0              # seconds of a run that is not repeated
T = TypeVar("T")


@dataclass(frozen=True)
class Outcome:
    """What a peer found and what it took.

    Attributes:
        states: ρ at the times of the problem, (n, d, d), or of its first k dimers, (k, n, d, d).
        seconds: of the integration alone, for the whole problem.
        setup: seconds before it, once: deriving, compiling, building.
        note: what a reader must know of the row.
        error_factor: what the error of `states` is to be multiplied by to be that of the timed run.
    """

    states: NDArray[Any]
    seconds: float
    setup: float = 0.0
    note: str = ""
    error_factor: float = 1.0


def least(work: Callable[[], T], budget: float = 0.3) -> tuple[T, float]:
    """Return what the work gives and the least seconds of a run: at least three runs, more while the budget lasts.

    >>> least(lambda: 7, 0.01)[0]
    7
    """
    best, begun, runs = float("inf"), perf_counter(), 0
    while runs < LEAST or (runs < MOST and perf_counter() - begun < budget):
        started = perf_counter()
        result = work()
        best, runs = min(best, perf_counter() - started), runs + 1
        if best > LONG:
            break
    return result, best


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """Return what the work gives and the seconds of its one run.

    >>> timed(lambda: 7)[0]
    7
    """
    started = perf_counter()
    result = work()
    return result, perf_counter() - started
