"""The generated right-hand side of the operator-basis components (Pauli coefficients for spins ½) in SciPy."""

from collections.abc import Callable

import numpy as np

from qllg_sym.codegen.matrix import MatrixFunction
from qllg_sym.equations.lowering import matrix_function
from qllg_sym.flow.drive import Array, drive
from qllg_sym.flow.problem import Problem, Solution, Watch
from qllg_sym.observables.ensemble import Ensemble

NAME = "pauli"
LARGEST = 64        # above it d² − 1 components cost more memory than their use
UNROLLED = 4        # above it deriving the components takes longer than integrating through matrices


def refuses(problem: Problem) -> str | None:
    """Return why this method cannot be used, or None."""
    if problem.initial is None:
        return "the law is classical"
    d = problem.equation.model.space.dimension
    return None if d <= LARGEST else f"d = {d} exceeds {LARGEST}"


def run(problem: Problem, watch: Watch) -> Solution:
    """Integrate the d² − 1 components."""
    assert problem.initial is not None
    matrices = matrix_function(problem.equation)
    rhs, target = _right_hand_side(problem, matrices)
    y0 = matrices.coordinates(problem.initial.density.astype(complex))
    path = drive(rhs, y0, problem.times, problem.rtol, problem.atol, watch, halt=problem.halt(matrices.density))
    density = np.array([matrices.density(y) for y in path.samples])
    stats = {**path.stats, "target": target}
    return Solution(problem.times[:len(density)], Ensemble(problem.dims, density=density), None, stats, path.failure,
                    path.interrupted, path.reached)


def _right_hand_side(problem: Problem, matrices: MatrixFunction) -> tuple[Callable[[float, Array], Array], str]:
    """Return (t, y) ↦ dy/dt with all numbers bound, and where it runs."""
    if matrices.dimension <= UNROLLED:
        rhs = problem.equation.coefficients().compile().bind(problem.values)
        return rhs, rhs.compiled.target
    p = np.array([problem.values[symbol.name] for symbol in problem.equation.parameters], dtype=float)
    return lambda t, y: matrices(t, y, p), matrices.target
