"""Derivatives of states by parameters of H, of the law and of the start, exact: no differences are taken.

`closed_form` differentiates the exact solution; `frame` linearises the frame form along its own motion; `components`
does so with equations in coordinates, of laws without a frame weight and of moments; `switching` says how jumps of H(t)
move with parameters. `adjoint` goes back in time instead, for one number by many parameters. Here may live other ways
to the same derivatives.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.errors import InputError, meant
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.sensitivities import adjoint, closed_form, components, frame

Array = NDArray[Any]
MOMENTS = 64            # whose derivatives are written out in one program
LARGE, MANY = 32, 8     # dimension and parameters from which the adjoint equation was quicker


def sensitivities(problem: Problem, names: Sequence[str]) -> Array:
    """Return ∂ρ/∂θ of one row at all its times, (parameters, n, d, d), or ∂m/∂θ, (parameters, n, N, 3).

    At the time of a jump of H that moves with a parameter it is that from before.

    Args:
        problem: one row.
        names: of parameters of the model, the law or the start that are numbers.

    Raises:
        InputError: a name that is none, a space that is too large, or two jumps that meet.
        IntegrationError: it cannot be integrated to the end.
    """
    check_parameters(problem, names)
    if (reason := unavailable(problem)) is not None:
        raise InputError(f"`parameter` asks for an exact sensitivity, but {reason}; take differences of two runs.")
    start = starting(problem, names)
    if len(problem.times) == 1:
        return start[:, None]
    if problem.classical or not problem.has_weight:
        return components.of_components(problem, names, start)
    if problem.unsolved is None and problem.branches is None and not start.any():
        return closed_form.of_exact_solution(problem, names)
    return frame.of_frame(problem, names, start)


def gradients(problem: Problem, cotangents: Array) -> dict[str, float]:
    """Return ∂L/∂θ of L = Σ_n Re Tr(Λ_n ρ(t_n)) of one row by every parameter that is a number.

    Args:
        problem: one row.
        cotangents: Λ, (n, d, d), Hermitian.

    Raises:
        InputError: a law or a model without an adjoint equation.
        IntegrationError: it cannot be integrated to the end.
    """
    names = known_names(problem)
    if (reason := adjoint.without_adjoint(problem)) is not None:
        raise InputError(f"`cotangents` ask for an adjoint equation, but {reason}; sum `sensitivity` instead.")
    found = adjoint.gradient(problem, names, cotangents, starting(problem, names))
    return dict(zip(names, found.tolist(), strict=True))


def adjoint_is_quicker(problem: Problem, count: int) -> bool:
    """Return whether the adjoint equation takes less time than sensitivities by so many parameters: as measured."""
    if problem.classical or problem.unsolved is None or adjoint.without_adjoint(problem) is not None:
        return False
    return problem.equation.model.space.dimension >= LARGE and count >= MANY


def unavailable(problem: Problem) -> str | None:
    """Return why there are no exact sensitivities, or None.

    Args:
        problem: one row.
    """
    if problem.classical:
        n = problem.equation.model.space.sites
        return f"there are {n:,} moments, more than {MOMENTS}" if n > MOMENTS else None
    largest = frame.LARGEST if problem.has_weight else components.LARGEST
    d = problem.equation.model.space.dimension
    return f"the dimension {d:,} exceeds {largest}" if d > largest else None


def starting(problem: Problem, names: Sequence[str]) -> Array:
    """Return the derivatives at the first time, (parameters, d, d) or (parameters, N, 3)."""
    if problem.classical:
        return np.zeros((len(names), *problem.start.moments.shape[1:]))
    d = problem.equation.model.space.dimension
    if problem.preparation is None or not problem.of_state & {*names}:
        return np.zeros((len(names), d, d), dtype=complex)
    return problem.preparation.derivatives(problem.number, names, d)


def known_names(problem: Problem) -> list[str]:
    """Return the parameters that are numbers."""
    own = [name for name, value in problem.values.items() if not callable(value)]
    return [*own, *sorted(problem.of_state - {*own})]


def check_parameters(problem: Problem, names: Sequence[str]) -> None:
    """Refuse what is no parameter."""
    known = known_names(problem)
    for name in names:
        if name not in known:
            raise InputError(f"`parameter` must be a parameter of the model, the law or the state, but {name!r} is none"
                             f"{meant(name, known)}; the parameters are {', '.join(known) or 'none'}.")
