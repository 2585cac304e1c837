"""What a method gives back: the states of some rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow.results.stack import Held, Stack
from qllg_sym.flow.steps.paths import INTERRUPTED, Paths

Array = NDArray[Any]
Watch = Callable[[float], None]         # takes the part done of the rows given, from 0 to 1


@dataclass(frozen=True)
class Outcome:
    """States of some rows.

    Attributes:
        block: the states; its counts tell how many times each row reached.
        reached: the time that each row came to, (k,).
        failures: for each row None, or why it stopped before the last time.
        stats: counts for each row.
        handed: how many times each row reached, (k,), where states were handed on one by one and the last alone is
            held; None where all are.
        energy: Tr ρH at these times, (k, n), in the model's units, where it is known already.
    """

    block: Stack
    reached: Array
    failures: Sequence[str | None]
    stats: Sequence[dict[str, Any]]
    handed: Array | None = None
    energy: Array | None = None

    @classmethod
    def of(cls, row: int, times: Array, held: Held, stats: dict[str, Any], failure: str | None = None,
           reached: float | None = None) -> "Outcome":
        """Return what was found of one row, by its number: at these times, or the last where fewer states are held.

        >>> Outcome.of(0, np.arange(3.0), np.zeros((1, 1, 3)), {}).counts.tolist()
        [3]
        """
        return cls(Stack.of(row, held), np.array([times[-1] if reached is None else reached]), [failure], [stats],
                   None if len(held) == len(times) else np.array([len(times)]))

    @property
    def counts(self) -> Array:
        """How many times each row reached, (k,)."""
        return self.block.counts if self.handed is None else self.handed

    @property
    def interrupted(self) -> bool:
        """Whether Ctrl-C ended a row."""
        return INTERRUPTED in self.failures


def clock(times: Array, watch: Watch) -> Watch:
    """Return what compiled lanes call with a time, given what is to be called with the part done.

    >>> clock(np.array([1.0, 3.0]), print)(2.0)
    0.5
    """
    span = float(times[-1] - times[0]) or 1.0
    return lambda t: watch((t - float(times[0])) / span)


def found(block: Stack, paths: Paths, **told: Any) -> Outcome:
    """Return what a stepper reached, with more that is told of every row."""
    counts = zip(paths.steps.tolist(), paths.evaluations.tolist(), strict=True)
    stats = [{"steps": steps, "evaluations": evaluations, "driver": paths.driver, **told}
             for steps, evaluations in counts]
    return Outcome(block, paths.reached, paths.failures, stats)
