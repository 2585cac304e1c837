"""The toolkit, generated right-hand side of the 15 Pauli components: DOP853 compiled around it."""

from .. import ours
from ..problems import DimerProblem
from ..timing import Outcome

NAME, PACKAGE, PROBLEMS = "qllg_sym, Pauli components", None, ("A", "B", "D")
PATIENCE = False
TOLERANCES = tuple(10.0**-k for k in range(4, 14))


def run(problem: DimerProblem, tolerance: float) -> Outcome:
    """Integrate T_0x … T_zz."""
    return ours.run(problem, tolerance, ours.pauli)
