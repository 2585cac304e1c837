"""What ended trajectories before their last time, and the sentences that say so."""

from dataclasses import dataclass
from typing import Any

from qllg_sym.errors import IntegrationError, SolveInterrupted
from qllg_sym.flow.results.guard import advice


@dataclass(frozen=True)
class Ended:
    """Why a row ended early.

    Attributes:
        why: in a few words.
        reached: the time that it came to; None for one that was not begun.

    >>> str(Ended("it needs steps as small as 1e-09", 2.0)), str(Ended("a number is not finite", None))
    ('it needs steps as small as 1e-09, after t = 2', 'a number is not finite')
    """

    why: str
    reached: float | None

    def __str__(self) -> str:
        """Say both."""
        return self.why if self.reached is None else f"{self.why}, after t = {self.reached:g}"


def stopped(ended: Ended, partial: Any, which: str = "stopped") -> IntegrationError:
    """Return the error of an integration that did not reach the end.

    Args:
        ended: why.
        partial: what there is.
        which: the part of the sentence that says what stopped.

    >>> print(stopped(Ended("the step is too small", 2.0), None))
    The integration must reach the last of `times`, but stopped after t = 2: the step is too small; loosen rtol, or \
look at `.partial`.
    """
    when = "" if ended.reached is None else f" after t = {ended.reached:g}"
    what = "give smaller numbers" if ended.reached is None else advice(ended.why)
    return IntegrationError(f"The integration must reach the last of `times`, but {which}{when}: {ended.why}; {what}, "
                            "or look at `.partial`.", partial, ended.reached, ended.why)


def interrupted(partial: Any) -> SolveInterrupted:
    """Return the error of a trajectory that Ctrl-C ended."""
    return SolveInterrupted(f"`solve` was interrupted after t = {partial.times[-1]:g}; the error's `.partial` holds "
                            "the trajectory so far.", partial)


def many_interrupted(partial: Any) -> SolveInterrupted:
    """Return the error of a batch that Ctrl-C ended."""
    done = int((partial.counts == len(partial.times)).sum())
    return SolveInterrupted(f"`solve_many` was interrupted after {done} of {len(partial)} trajectories; the error's "
                            "`.partial` holds them, and NaN for the rest.", partial)


def many_stopped(ended: dict[int, Ended], partial: Any) -> IntegrationError:
    """Return the error of a batch of which some rows, by their numbers, did not reach the end."""
    row, first = min(ended.items(), key=lambda item: item[0])
    return stopped(first, partial, f"{len(ended)} of {len(partial)} trajectories stopped early, the first of them "
                                   f"number {row}")
