"""The toolkit as it is used: the whole call of `solve` with its defaults, posing and results included."""

import numpy as np

from qllg_sym import solve
from qllg_sym.flow.results.trajectory import Trajectory

from ..problems import DimerProblem
from ..timing import Outcome, least, timed

NAME, PACKAGE, PROBLEMS = "qllg_sym, whole call of solve", None, ("A", "B")
PATIENCE = False
TOLERANCES = (1e-10,)       # its default


def run(problem: DimerProblem, tolerance: float) -> Outcome:
    """Solve; the method is "auto"."""
    def work() -> Trajectory:
        """Solve, from the model on."""
        return solve(problem.model, problem.law, problem.rho, problem.times, problem.values, rtol=tolerance)

    first, setup = timed(work)
    _, seconds = least(work)
    return Outcome(np.asarray(first.states), seconds, setup, f"method {first.method}")
