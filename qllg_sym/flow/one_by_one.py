"""Many states, many numbers, or both side by side, one trajectory after another; all are posed before the first runs.

What is solved row by row gives `pose_all` and `run_all` how one row is posed and run, and `report` what it found.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from qllg_sym.errors import InputTypeError, IntegrationError, SolveInterrupted, StateError
from qllg_sym.flow.layout import Layout
from qllg_sym.flow.progress import Progress
from qllg_sym.flow.results.endings import Ended, many_interrupted, many_stopped
from qllg_sym.flow.results.trajectory_sequence import TrajectorySequence
from qllg_sym.flow.states.stacking import named

T = TypeVar("T")
P = TypeVar("P")
Watch = Callable[[float], None]


@dataclass(frozen=True)
class EndedRows(Generic[T]):
    """What the rows of a batch gave.

    Attributes:
        rows: a trajectory each, as long as it came; None for one that was not begun.
        early: what ended rows before the last time, by their numbers.
        interrupted: whether Ctrl-C did.
    """

    rows: tuple[T | None, ...]
    early: Mapping[int, Ended]
    interrupted: bool

    @property
    def failures(self) -> dict[int, str]:
        """Why rows stopped early, by their numbers."""
        return {row: str(ended) for row, ended in self.early.items()}


def pose_all(layout: Layout, pose: Callable[[Any, dict[Any, Any]], P]) -> list[P]:
    """Return what `pose` makes of the state and the numbers of every row.

    Raises:
        QllgError: bad input; about one of several states with its place.

    >>> pose_all(Layout.many("up", {"D": [0.5, 0.7]}), lambda state, numbers: (state, numbers["D"]))
    [('up', 0.5), ('up', 0.7)]
    """
    found = list[P]()
    for row in range(layout.size):
        try:
            found.append(pose(layout.state(row), layout.numbers(row)))
        except (StateError, InputTypeError) as error:
            raise (named(error, row) if layout.several else error) from None
    return found


def run_all(size: int, run: Callable[[int, Watch], T], progress: Any) -> EndedRows[T]:
    """Return what `run` gives for every row; one that fails does not spoil the others.

    Args:
        size: how many rows there are.
        run: of the number of a row, and a function of the part of it that is done; raises as `solve` does.
        progress: as of `solve_many`.

    Raises:
        IntegrationError: no row was begun, and some failed.
        KeyboardInterrupt: Ctrl-C before any row was begun.

    >>> run_all(2, lambda row, watch: "up" * row, False).rows
    ('', 'up')
    """
    rows, early, interrupted = list[T | None](), dict[int, Ended](), False
    with Progress(progress) as show:
        for row in range(size):
            try:
                rows.append(run(row, partial(_among, show, row, size)))
            except IntegrationError as error:
                early[row] = Ended(error.reason, error.time)
                rows.append(error.partial)
            except KeyboardInterrupt as error:
                interrupted = True
                rows.append(error.partial if isinstance(error, SolveInterrupted) else None)
                break
    rows += [None] * (size - len(rows))
    if all(row is None for row in rows):
        raise IntegrationError(f"The integration must reach the last of `times`, but none of {size} trajectories "
                               f"began: {early[0]}; give smaller numbers.") if early else KeyboardInterrupt
    return EndedRows(tuple(rows), early, interrupted)


def report(many: TrajectorySequence[Any], ended: EndedRows[Any]) -> None:
    """Raise what ended rows early.

    Raises:
        IntegrationError: rows failed.
        SolveInterrupted: Ctrl-C ended one.
    """
    if ended.interrupted:
        raise many_interrupted(many)
    if ended.early:
        raise many_stopped(dict(ended.early), many)


def _among(show: Watch, row: int, m: int, done: float) -> None:
    """Tell the part done of m rows, of which some are done before."""
    show((row + done) / m)
