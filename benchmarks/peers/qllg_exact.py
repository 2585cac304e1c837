"""The toolkit, exact solution: for two-valued spectra there is nothing to integrate."""

import numpy as np

from qllg_sym import solve
from qllg_sym.flow.results.trajectory import Trajectory

from ..problems import Array, DimerProblem
from ..timing import Outcome, least, timed

NAME, PACKAGE, PROBLEMS = "qllg_sym, exact", None, ("B",)
PATIENCE = False
TOLERANCES = (1e-10,)       # it has none; errors are those of rounding
POINTS = 10_000


def run(problem: DimerProblem, tolerance: float) -> Outcome:
    """Evaluate the closed form at many times, and give the time of as many as are asked for."""
    def work(times: Array) -> Trajectory:
        """Solve."""
        return solve(problem.model, problem.law, problem.rho, times, problem.values, "exact", tolerance)

    grid = np.linspace(problem.times[0], problem.times[-1], POINTS)
    found, setup = timed(lambda: work(problem.times))
    spent: list[float] = []
    least(lambda: spent.append(work(grid).stats["seconds"]))
    share = min(spent) / POINTS
    return Outcome(np.asarray(found.states), share * len(problem.times), setup,
                   f"{1e6 * share:.2g} µs a point, from {POINTS} points")
