"""Generated components of many rows in SIMD lanes: operator-basis coefficients, or classical moments."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen.build import Function
from qllg_sym.codegen.derivatives import Vectorfield
from qllg_sym.equations.compiling import matrix_function
from qllg_sym.equations.lowering import is_unrolled
from qllg_sym.flow.methods.pauli import UNROLLED
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.results.block import Block
from qllg_sym.flow.results.found import Found, Watch, clock, found
from qllg_sym.flow.steppers.compiled import Paths, integrate
from qllg_sym.flow.steps.field import kernel_field
from qllg_sym.matrixform.form import MatrixFunction
from qllg_sym.memo import kept

Array = NDArray[Any]


def pauli(problem: Problem, watch: Watch) -> Found:
    """Integrate the d² − 1 components of every row."""
    start = problem.start
    matrices = matrix_function(problem.equation)
    d = matrices.dimension
    down, up, rest = _bases(matrices)
    y = (start.density().reshape(len(start), d * d) @ down).real
    paths = _lanes(problem, problem.equation.coefficients().compile().field, y, watch)
    density = (paths.samples @ up).reshape(*paths.samples.shape[:2], d, d) + rest
    return found(Block(start.rows, paths.counts, density, problem.dims), paths)


@kept
def _bases(matrices: MatrixFunction) -> tuple[Array, Array, Array]:
    """Return (down, up, rest): y = Re ρ·down and ρ = y·up + rest for matrices as rows of d² entries."""
    d = matrices.dimension
    units = np.eye(d * d, dtype=complex).reshape(d * d, d, d)
    # Tr(A M) for Hermitian A is real on Hermitian M; on a unit matrix E_jk its real part misses Im A_kj.
    down = np.array([matrices.coordinates(e) + 1j * matrices.coordinates(-1j * e) for e in units])
    rest = matrices.density(np.zeros(d * d - 1))
    up = np.array([matrices.density(e) - rest for e in np.eye(d * d - 1)]).reshape(-1, d * d)
    return down, up, rest


def moments(problem: Problem, watch: Watch) -> Found:
    """Integrate the 3N components of every row."""
    start, field = problem.start, problem.equation.moments().compile().field
    paths = _lanes(problem, field, start.moments.reshape(len(start), -1), watch)
    samples = paths.samples.reshape(*paths.samples.shape[:2], -1, 3)
    return found(Block(start.rows, paths.counts, samples), paths)


def unrolled(problem: Problem) -> bool:
    """Return whether the components are few enough to be generated."""
    equation = problem.equation
    return equation.model.space.dimension <= UNROLLED and is_unrolled(equation.coefficients())


def _lanes(problem: Problem, function: Vectorfield, y: Array, watch: Watch) -> Paths:
    """Integrate a generated right-hand side with a row of parameters for each trajectory."""
    assert isinstance(function, Function)       # of an unrolled kernel, as `unrolled` says
    p = np.ascontiguousarray(problem.parameters(function.kernel.parameters).T)
    return integrate(kernel_field(function), p, np.ascontiguousarray(y), problem.times, problem.rtol, problem.atol,
                     clock(problem.times, watch), limits=problem.limits)
