r"""Equations in coordinates, ẏ = f(t, y; θ), with those of their sensitivities, Ṡ = (∂f/∂y) S + ∂f/∂θ.

Laws without a frame weight and classical moments go this way: as one compiled program where the equations are few, in
matrices where they are not.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen import build
from qllg_sym.codegen.kernel import Kernel
from qllg_sym.codegen.tangent import parameter_derivative, sensitivity_kernel
from qllg_sym.equations.compiling import matrix_function
from qllg_sym.equations.lowering import is_unrolled
from qllg_sym.errors import CodegenError
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.sensitivities.switching import followed
from qllg_sym.flow.steps.field import Field, kernel_field

Array = NDArray[Any]
LARGEST = 64        # dimension: as of the method "pauli"
UNROLLED = 4        # dimension up to which equations are written out
Motion = Callable[[Problem], tuple[Field, Array]]


def of_components(problem: Problem, names: Sequence[str], start: Array) -> Array:
    """Return ∂ρ/∂θ, (parameters, n, d, d), or ∂m/∂θ, (parameters, n, N, 3), at all times."""
    if problem.classical:
        first = np.concatenate([problem.start.moments, start]).reshape(1 + len(names), -1)
        found = _along(problem, names, first)
        return found.swapaxes(0, 1).reshape(len(names), -1, *start.shape[1:])
    matrices = matrix_function(problem.equation)
    rho = problem.start.density()[0]
    first = np.array([matrices.coordinates(one.astype(complex)) for one in (rho, *start)])
    found = _along(problem, names, first)
    nothing = matrices.density(np.zeros(first.shape[1]))
    return np.array([[matrices.density(y) - nothing for y in one] for one in found.swapaxes(0, 1)])


def _along(problem: Problem, names: Sequence[str], first: Array) -> Array:
    """Return the sensitivities at all times, (n, parameters, size), from the coordinates and theirs at the first."""
    size = first.shape[1]

    def jump(y: Array, slopes: Array, shift: Array) -> Array:
        """Return the state behind a jump at another time."""
        behind = y.reshape(first.shape).copy()
        behind[1:] += shift[:, None] * (slopes[0] - slopes[1])[:size]
        return behind.ravel()

    motion = _written(names) if _is_written(problem) else _in_matrices(names)
    samples = followed(problem, first.ravel(), motion, names, jump)
    return samples.reshape(len(samples), *first.shape)[:, 1:]


def _is_written(problem: Problem) -> bool:
    """Return whether the equations are few enough to be written out."""
    equation = problem.equation
    return problem.classical or (equation.model.space.dimension <= UNROLLED and is_unrolled(equation.coefficients()))


def _written(names: Sequence[str]) -> Motion:
    """Return the motion by one program for the coordinates and all sensitivities."""
    def motion(part: Problem) -> tuple[Field, Array]:
        """Return it on a smooth piece."""
        equation = part.equation
        kernel = (equation.moments() if part.classical else equation.coefficients()).kernel()
        program = sensitivity_kernel(kernel, tuple(names))
        field = kernel_field(_loaded(program), len(program.states), len(program.parameters))
        return field, part.parameters(program.parameters).T
    return motion


def _in_matrices(names: Sequence[str]) -> Motion:
    """Return the motion by the law's words in matrices."""
    def motion(part: Problem) -> tuple[Field, Array]:
        """Return it on a smooth piece."""
        matrices = matrix_function(part.equation)
        program, size = matrices.program, matrices.dimension**2 - 1
        changes = [build.load(parameter_derivative(program, name), "numpy") if name in program.parameters else None
                   for name in names]

        def slope(t: float, y: Array) -> Array:
            """Return the slopes of the coordinates and of all sensitivities."""
            both, p = y.reshape(-1, size), part.parameters(program.parameters, t)[:, 0]
            moved = np.array([np.zeros(len(program.outputs)) if one is None else one(t, np.empty(0), p)
                              for one in changes])
            velocity, found = matrices.sensitivities(t, both[0], both[1:], p, moved)
            return np.concatenate([velocity, found.ravel()])

        return Field(size * (1 + len(names)), 0, lambda data: slope), np.empty((1, 0))
    return motion


def _loaded(program: Kernel) -> build.Function:
    """Return a program, compiled where that works."""
    try:
        return build.load(program, "c")
    except CodegenError:
        return build.load(program, "numpy")
