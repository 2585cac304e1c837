"""The toolkit, one trajectory after another with the same compiled code: the measure of what lockstep gains."""

import numpy as np

from .. import ours
from ..problems import DimerProblem
from ..timing import Outcome

NAME, PACKAGE, PROBLEMS = "qllg_sym, frame, one after another", None, ("D",)
PATIENCE = False
TOLERANCES = tuple(10.0**-k for k in range(4, 14))
SLICE = 20      # dimers that are run


def run(problem: DimerProblem, tolerance: float) -> Outcome:
    """Integrate the first dimers one by one; the time is scaled to all."""
    found = [ours.run(problem.row(k), tolerance, ours.frame) for k in range(min(SLICE, len(problem.D)))]
    seconds = sum(outcome.seconds for outcome in found) * len(problem.D) / len(found)
    return Outcome(np.array([outcome.states for outcome in found]), seconds, note=f"{len(found)} dimers timed, scaled")
