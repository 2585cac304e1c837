"""Classical unit moments: the generated right-hand side of LL or LLG, compiled where that works."""

import numpy as np

from qllg_sym.flow.lattices.moments import is_large, lattice_field, moment_rates
from qllg_sym.flow.numbers import bound, parameters
from qllg_sym.flow.problem import Problem, Watch
from qllg_sym.flow.results.outcome import Outcome, found
from qllg_sym.flow.results.stack import Stack
from qllg_sym.flow.steppers import integrate
from qllg_sym.flow.steps.field import kernel_field

NAME = "moments"
GROWTH = None       # ρ alone has levels that errors could mix


def refuses(problem: Problem) -> str | None:
    """Return why this method cannot be used, or None."""
    return None if problem.classical else "the law is quantum"


def cost(problem: Problem) -> float:
    """Return about how many seconds this takes: compiling a few lines for every moment, or loops over neighbours."""
    return (1e-5 if is_large(problem.equation) else 0.01) * problem.equation.model.space.sites


def shape(problem: Problem) -> tuple[int, ...]:
    """Return the shape of one state as it will be held."""
    return (problem.equation.model.space.sites, 3)


def together(problem: Problem) -> bool:
    """Return whether rows run side by side."""
    return True


def run(problem: Problem, watch: Watch) -> Outcome:
    """Integrate the 3N components of every row."""
    if is_large(problem.equation):
        return _large(problem, watch)
    compiled, moments = problem.equation.moments().compile(), problem.start.moments
    starts = np.array(moments, dtype=float).reshape(len(problem), -1)
    field = kernel_field(compiled.field, starts.shape[1], len(compiled.parameters))
    data = bound(compiled, problem.values, len(problem), problem.single)
    paths = integrate(field, data, starts, problem.times, problem.rtol, problem.atol, watch,
                      problem.halt(lambda t, y: y.reshape(-1, 3)), limits=problem.limits)
    samples = paths.samples.reshape(*paths.samples.shape[:2], -1, 3)
    return found(Stack(problem.start.rows, paths.counts, samples), paths, target=compiled.target)


def _large(problem: Problem, watch: Watch) -> Outcome:
    """Integrate many moments by loops over neighbours."""
    rates, moments = moment_rates(problem.equation), problem.start.moments
    starts = np.array(moments, dtype=float).reshape(len(problem), -1)
    data = parameters(problem.values, rates.parameters, len(problem)).T
    paths = integrate(lattice_field(problem.equation), data, starts, problem.times, problem.rtol, problem.atol, watch,
                      problem.halt(lambda t, y: y.reshape(-1, 3)), limits=problem.limits)
    samples = paths.samples.reshape(*paths.samples.shape[:2], -1, 3)
    return found(Stack(problem.start.rows, paths.counts, samples), paths, target=rates.target)
