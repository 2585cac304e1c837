"""Kets at the times wanted, off a stepper that keeps them orthonormal."""

from qllg_sym.flow.problem import Problem
from qllg_sym.flow.results.guard import allowed, drifted
from qllg_sym.flow.results.samples import Samples
from qllg_sym.flow.steps.runge_kutta import Failure, RungeKutta
from qllg_sym.flow.subspace.kets import orthonormalise


def take_samples(stepper: RungeKutta, samples: Samples, problem: Problem) -> None:
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
