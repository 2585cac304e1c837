"""Kets at the times wanted, off a stepper that keeps them orthonormal."""

from collections.abc import Callable

from qllg_sym.flow.problem import Problem, Watch
from qllg_sym.flow.results.guard import allowed, drifted
from qllg_sym.flow.results.samples import Samples
from qllg_sym.flow.steps.paths import INTERRUPTED
from qllg_sym.flow.steps.runge_kutta import Failure, RungeKutta
from qllg_sym.flow.subspace.kets import orthonormalise


def follow(stepper: RungeKutta, samples: Samples, problem: Problem, watch: Watch,
           stepped: Callable[[], None] = lambda: None) -> str | None:
    """Step until all times wanted are reached; return why it ended before, or None.

    Args:
        stepper: on its way.
        samples: what is wanted.
        problem: what is solved.
        watch: is told the time after each step.
        stepped: is called after each step, before states are taken.
    """
    try:
        while samples.next_time is not None:
            stepper.advance()
            stepped()
            _take(stepper, samples, problem)
            watch(stepper.t)
    except Failure as error:
        return str(error)
    except KeyboardInterrupt:
        return INTERRUPTED
    return None


def _take(stepper: RungeKutta, samples: Samples, problem: Problem) -> None:
    """Take all states wanted that the last step reached; those inside it must be orthonormal within the tolerance."""
    t = samples.next_time
    while t is not None and t <= stepper.t:
        kets = stepper.at(t)
        if t < stepper.t:
            moved = abs(orthonormalise(kets)**2 - 1).max(initial=0.0)
            if not moved <= (bound := allowed(problem.rtol, problem.atol, stepper.steps)):
                raise Failure(drifted("kets", moved, bound))
        samples.add(kets)
        t = samples.next_time
