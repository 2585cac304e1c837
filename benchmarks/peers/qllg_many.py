"""The toolkit as it is used for sweeps: the whole call of `solve_many`, eight trajectories in lockstep on each core."""

import numpy as np

from qllg_sym import Trajectories, solve_many

from ..ours import KEPT
from ..problems import DimerProblem
from ..timing import Outcome, least, timed

NAME, PACKAGE, PROBLEMS = "qllg_sym, whole call of solve_many", None, ("D",)
PATIENCE = False
TOLERANCES = (1e-10,)       # its default


def run(problem: DimerProblem, tolerance: float) -> Outcome:
    """Solve for all values of D and κ."""
    def work(rows: int) -> Trajectories:
        """Solve the first rows."""
        values = {name: column[:rows] for name, column in problem.values.items()}
        return solve_many(problem.model, problem.law, problem.rho, problem.times, values, rtol=tolerance)

    _, setup = timed(lambda: work(KEPT))
    found, seconds = least(lambda: work(len(problem.D)))
    kept = min(KEPT, len(problem.D))
    return Outcome(np.array([found[k].states for k in range(kept)]), seconds, setup, "all cores")
