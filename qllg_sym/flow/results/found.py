"""What a method gives back: the states of some rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow.problem import Problem, Solution
from qllg_sym.flow.results.block import Block
from qllg_sym.flow.steps.paths import Paths
from qllg_sym.observables.ensemble import Ensemble

Array = NDArray[Any]
INTERRUPTED = "interrupted"
Watch = Callable[[float], None]         # takes the part done of the rows given, from 0 to 1


@dataclass(frozen=True)
class Found:
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

    block: Block
    reached: Array
    failures: Sequence[str | None]
    stats: Sequence[dict[str, Any]]
    handed: Array | None = None
    energy: Array | None = None

    @classmethod
    def of(cls, solution: Solution) -> "Found":
        """Return what was found of one row."""
        held: Any = solution.moments if solution.ensemble is None else solution.ensemble
        count = len(solution.times)
        reached = solution.times[-1] if solution.reached is None else solution.reached
        return cls(Block.of(0, held), np.array([reached]), [solution.failure], [solution.stats],
                   None if len(held) == count else np.array([count]))

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


def found(block: Block, paths: Paths, **told: Any) -> Found:
    """Return what a stepper reached, with more that is told of every row."""
    counts = zip(paths.steps.tolist(), paths.evaluations.tolist(), strict=True)
    stats = [{"steps": steps, "evaluations": evaluations, "driver": paths.driver, **told}
             for steps, evaluations in counts]
    return Found(block, paths.reached, paths.failures, stats)


def as_solution(problem: Problem, one: Found) -> Solution:
    """Return what was found of the one row of a problem."""
    held, failure = one.block.of_row(int(one.block.rows[0])), one.failures[0]
    ensemble, moments = (held, None) if isinstance(held, Ensemble) else (None, held)
    return Solution(problem.times[:len(held)], ensemble, moments, one.stats[0], failure, failure == INTERRUPTED,
                    float(one.reached[0]))
