"""How far a motion goes: what the costs of methods have in common."""

from qllg_sym.flow.problem import Problem

EASY = 64               # dimension up to which a diagonalisation takes less time than to look at H without one


def turns(problem: Problem) -> float:
    """Return the spread of the levels of H times the duration, in radians; 0 where it decides nothing.

    It decides where a series, as long as this is large, competes with a diagonalisation. Methods that step all take
    longer by it.
    """
    if problem.equation.model.space.dimension <= EASY or problem.unsolved is not None:
        return 0.0
    return float(problem.action.spread() * (problem.times[-1] - problem.times[0]))
