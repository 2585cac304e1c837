"""The generated right-hand side of the operator-basis components (Pauli coefficients for spins ½) compiled."""

from math import inf

import numpy as np

from qllg_sym.algebra.symbols import t as clock
from qllg_sym.equations.compiling import matrix_function
from qllg_sym.equations.forms import choose_form
from qllg_sym.flow.numbers import number_of
from qllg_sym.flow.problem import Problem, Solution, Watch
from qllg_sym.flow.steppers.drive import drive, drive_kernel
from qllg_sym.observables.ensemble import Ensemble

NAME = "pauli"
GROWTH = "matrices" # errors grow from step to step: how much is read off its density matrices
LARGEST = 64        # above it d² − 1 components cost more memory than their use
UNROLLED = 4        # above it deriving the components takes longer than integrating through matrices


def refuses(problem: Problem) -> str | None:
    """Return why this method cannot be used, or None."""
    if problem.initial is None:
        return "the law is classical"
    d = problem.equation.model.space.dimension
    return None if d <= LARGEST else f"d = {d} exceeds {LARGEST}"


def cost(problem: Problem) -> float:
    """Return about how many seconds this takes: deriving and compiling, or matrices, which take longer than that."""
    d = problem.equation.model.space.dimension
    return 0.06 + 7e-3 * d + 1e-7 * len(problem.times) * d**2


def run(problem: Problem, watch: Watch) -> Solution:
    """Integrate the d² − 1 components."""
    assert problem.initial is not None
    matrices = matrix_function(problem.equation)
    y0 = matrices.coordinates(problem.initial.density.astype(complex))
    tolerances = (problem.times, problem.rtol, problem.atol, watch)
    halt = problem.halt(matrices.density)
    form = "any"
    if matrices.dimension <= UNROLLED:
        components = problem.equation.coefficients()
        form, extra = choose_form(components, problem.initial.full()[0], _strength(problem))
        rhs = components.compile(form=form).bind({**problem.values, **extra})
        path, target = drive_kernel(rhs, y0, *tolerances, halt, problem.limits), rhs.compiled.target
    else:
        p = np.array([problem.values[symbol.name] for symbol in problem.equation.parameters], dtype=float)
        path = drive(lambda t, y: matrices(t, y, p), y0, *tolerances, halt=halt, limits=problem.limits)
        target = matrices.target
    density = np.array([matrices.density(y) for y in path.samples])
    return Solution(problem.times[:len(density)], Ensemble(problem.dims, density=density), None,
                    {**path.stats, "target": target, "form": form}, path.failure, path.interrupted, path.reached)


def _strength(problem: Problem) -> float:
    """Return the law's κ, infinite where it depends on time."""
    kappa = getattr(problem.equation.law, "kappa", None)
    if kappa is None:
        return 0.0
    return inf if kappa.has(clock) else abs(number_of(kappa, problem.values))
