"""Classical unit moments: the generated right-hand side of LL or LLG, in the compiled stepper where that works."""

from qllg_sym.flow.problem import Problem, Solution, Watch
from qllg_sym.flow.steppers.drive import drive_kernel

NAME = "moments"
GROWTH = None       # ρ alone has levels that errors could mix


def refuses(problem: Problem) -> str | None:
    """Return why this method cannot be used, or None."""
    return "the law is quantum" if problem.moments is None else None


def cost(problem: Problem) -> float:
    """Return about how many seconds this takes: deriving and compiling a few lines for every moment."""
    return 0.01 * problem.equation.model.space.sites


def run(problem: Problem, watch: Watch) -> Solution:
    """Integrate 3N components."""
    assert problem.moments is not None
    rhs = problem.equation.moments().compile().bind(problem.values)
    halt = problem.halt(lambda y: y.reshape(-1, 3))
    path = drive_kernel(rhs, problem.moments.ravel(), problem.times, problem.rtol, problem.atol, watch, halt,
                        problem.limits)
    moments = path.samples.reshape(len(path.samples), -1, 3)
    stats = {**path.stats, "target": rhs.compiled.target}
    return Solution(problem.times[:len(moments)], None, moments, stats, path.failure, path.interrupted, path.reached)
