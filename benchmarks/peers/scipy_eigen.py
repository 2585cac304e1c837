"""SciPy's DOP853 on ρ̇ by an eigendecomposition of ρ per evaluation, in NumPy: the published method."""

import numpy as np

from ..problems import DimerProblem
from ..reference import plain
from ..timing import Outcome, least

NAME, PACKAGE, PROBLEMS = "SciPy DOP853, eigendecomposition", None, ("A", "B", "D")
PATIENCE = False
TOLERANCES = tuple(10.0**-k for k in range(4, 14))
SLICE = 3       # dimers of problem D that are run


def run(problem: DimerProblem, tolerance: float) -> Outcome:
    """Integrate ρ; of many dimers the first few, with the time scaled to all."""
    count = min(SLICE, len(problem.D)) if problem.batch else 1
    states, seconds = least(lambda: [plain(problem.row(k), tolerance) for k in range(count)])
    if not problem.batch:
        return Outcome(states[0], seconds)
    return Outcome(np.array(states), seconds * len(problem.D) / count, note=f"{count} dimers timed, scaled")
