"""The generated right-hand side of the operator-basis components (Pauli coefficients for spins ½) compiled."""

from collections.abc import Mapping
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.algebra.symbols import t as clock
from qllg_sym.codegen.derivatives import Vectorfield
from qllg_sym.equations.compiling import matrix_function
from qllg_sym.equations.forms import choose_form
from qllg_sym.equations.lowering import is_unrolled
from qllg_sym.flow.numbers import bound, number_of
from qllg_sym.flow.problem import Problem, Watch
from qllg_sym.flow.results.outcome import Outcome, found
from qllg_sym.flow.results.stack import Stack
from qllg_sym.flow.steppers import integrate
from qllg_sym.flow.steps.field import kernel_field
from qllg_sym.matrixform.form import MatrixFunction
from qllg_sym.memo import kept

Array = NDArray[Any]
NAME = "pauli"
GROWTH = "matrices" # errors grow from step to step: how much is read off its density matrices
LARGEST = 64        # above it d² − 1 components cost more memory than their use
UNROLLED = 4        # above it deriving the components takes longer than integrating through matrices


def refuses(problem: Problem) -> str | None:
    """Return why this method cannot be used, or None."""
    if problem.classical:
        return "the law is classical"
    if problem.equation.model.space.sector is not None:
        return "kets of one total S_z have no such components"
    d = problem.equation.model.space.dimension
    return None if d <= LARGEST else f"d = {d} exceeds {LARGEST}"


def cost(problem: Problem) -> float:
    """Return about how many seconds this takes: deriving and compiling, or matrices, which take longer than that."""
    d = problem.equation.model.space.dimension
    return 0.06 + 7e-3 * d + 1e-7 * len(problem.times) * d**2


def shape(problem: Problem) -> tuple[int, ...]:
    """Return the shape of one state as it will be held."""
    return (problem.equation.model.space.dimension,) * 2


def together(problem: Problem) -> bool:
    """Return whether rows run side by side: where the components are few enough to be generated."""
    equation = problem.equation
    return equation.model.space.dimension <= UNROLLED and is_unrolled(equation.coefficients())


def run(problem: Problem, watch: Watch) -> Outcome:
    """Integrate the d² − 1 components of every row; of one alone in the fastest form that its state allows."""
    matrices = matrix_function(problem.equation)
    starts = _coordinates(matrices, problem.start.density())
    form, extra = "any", dict[str, float]()
    if problem.single and matrices.dimension <= UNROLLED:
        form, extra = choose_form(problem.equation.coefficients(), problem.start.full()[0][0], _strength(problem))
    function, data = _slope(problem, matrices, form, extra)
    paths = integrate(kernel_field(function, starts.shape[1], data.shape[1]), data, starts, problem.times, problem.rtol,
                      problem.atol, watch, problem.halt(lambda t, y: matrices.density(y)), limits=problem.limits)
    block = Stack(problem.start.rows, paths.counts, _density(matrices, paths.samples), problem.dims)
    told = {} if problem.keeps_spectrum else {"keeps_spectrum": False}
    return found(block, paths, target=function.target, form=form, **told)


def _slope(problem: Problem, matrices: MatrixFunction, form: str,
           extra: Mapping[str, float]) -> tuple[Vectorfield, Array]:
    """Return the right-hand side and its parameters, a row each."""
    if matrices.dimension > UNROLLED:
        return matrices, problem.parameters([symbol.name for symbol in problem.equation.parameters]).T
    compiled = problem.equation.coefficients().compile(form=form)
    return compiled.field, bound(compiled, {**problem.values, **extra}, len(problem), problem.single)


def _strength(problem: Problem) -> float:
    """Return the law's κ, infinite where it depends on time."""
    kappa = getattr(problem.equation.law, "kappa", None)
    if kappa is None:
        return 0.0
    return inf if kappa.has(clock) else abs(number_of(kappa, problem.row(0).values))


def _coordinates(matrices: MatrixFunction, density: Array) -> Array:
    """Return the components of density matrices (m, d, d), (m, d² − 1)."""
    if matrices.dimension > UNROLLED:
        return np.array([matrices.coordinates(rho.astype(complex)) for rho in density])
    return np.asarray((density.reshape(len(density), -1) @ _bases(matrices)[0]).real)


def _density(matrices: MatrixFunction, samples: Array) -> Array:
    """Return the density matrices of components (m, n, d² − 1), (m, n, d, d)."""
    d = matrices.dimension
    if d > UNROLLED:
        return np.array([[matrices.density(y) for y in row] for row in samples]).reshape(*samples.shape[:2], d, d)
    _, up, rest = _bases(matrices)
    return np.asarray((samples @ up).reshape(*samples.shape[:2], d, d) + rest)


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
