"""The toolkit, frame form: DOP853 compiled around it; many dimers eight in lockstep, on one core."""

from .. import ours
from ..problems import DimerProblem
from ..timing import Outcome

NAME, PACKAGE, PROBLEMS = "qllg_sym, frame", None, ("A", "B", "D")
PATIENCE = False
TOLERANCES = tuple(10.0**-k for k in range(4, 14))


def run(problem: DimerProblem, tolerance: float) -> Outcome:
    """Integrate the frame V of ρ = V diag(p) V†."""
    return ours.run(problem, tolerance, ours.frame)
