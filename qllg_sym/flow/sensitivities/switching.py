r"""Pieces of time between jumps of H(t), and how their ends move with parameters.

A switch g(t; θ) changes its sign at τ(θ): ∂τ/∂θ = −(∂g/∂θ)/(∂g/∂t). Behind it the state is another one by
(f(τ−) − f(τ+)) ∂τ/∂θ.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen import build
from qllg_sym.codegen.kernel import Kernel
from qllg_sym.codegen.tangent import parameter_derivative, time_derivative
from qllg_sym.errors import InputError, IntegrationError
from qllg_sym.flow.drives.branches import Branches
from qllg_sym.flow.drives.piecewise import Piece
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.steppers import integrate
from qllg_sym.flow.steps.field import Field

Array = NDArray[Any]
SAME = 1e-9     # relative: slopes of times that differ by less are one
FLAT = 1e-6     # of its mean slope behind a root: a switch that is flatter there has no simple root
Slope = Callable[[float, Array], Array]


def followed(problem: Problem, first: Array, motion: Callable[[Problem], tuple[Field, Array]],
             names: Sequence[str], jump: Callable[[Array, Array, Array], Array]) -> Array:
    """Return the states at all times, (n, size), of an augmented motion from piece to piece.

    Args:
        problem: one row.
        first: state at the first time, (size,).
        motion: of a smooth problem, (right-hand side, its data (1, k)).
        names: of the parameters.
        jump: (state, slope before, slope after, each (size,)) and ∂τ/∂θ → the state behind a jump that moves.

    Raises:
        IntegrationError: it does not come to the end.
    """
    times, found, y, before = problem.times, [first[None]], first, None
    for piece, part, shift in _pieces(problem, names):
        field, data = motion(part)
        slope = field.slope(data[0])
        if before is not None and shift is not None:
            y = jump(y, np.stack([before(piece.begin, y), slope(piece.begin, y)]), shift)
        wanted = times[(times > piece.begin) & (times <= piece.end)]
        grid = np.unique(np.concatenate([[piece.begin], wanted, [piece.end]]))
        paths = integrate(field, data, y[None], grid, problem.rtol, problem.atol, limits=part.limits)
        if int(paths.counts[0]) < len(grid):
            raise IntegrationError("The sensitivities must be integrated to the end, but stopped after t = "
                                   f"{float(paths.reached[0]):g}; look at H and the damping there.")
        found.append(paths.samples[0][np.searchsorted(grid, wanted)])
        y, before = paths.samples[0][-1], slope
    return np.concatenate(found)


def _pieces(problem: Problem, names: Sequence[str]) -> Iterator[tuple[Piece, Problem, Array | None]]:
    """Yield pieces, the smooth problem on each, and ∂τ/∂θ of where it begins; None where nothing moves that."""
    if problem.branches is None:
        yield Piece(float(problem.times[0]), float(problem.times[-1]), {}), problem, None
        return
    (_, pieces), = problem.in_pieces()
    last: Piece | None = None
    for piece in pieces:
        grid = np.array([piece.begin, piece.end])
        shift = None if last is None else _shift(problem, problem.branches, last, piece, names)
        yield piece, problem.on(piece).anew(times=grid), shift
        last = piece


def _shift(problem: Problem, branches: Branches, last: Piece, piece: Piece, names: Sequence[str]) -> Array | None:
    """Return ∂τ/∂θ of the end of a piece, (parameters,)."""
    p, tau = problem.parameters(branches.names)[:, 0], piece.begin
    sides = (last.begin + last.end) / 2, (piece.begin + piece.end) / 2
    crossing = [g for g in branches.switching if _at(g, sides[0], p) * _at(g, sides[1], p) < 0]
    rows = [[_moved(g, name, tau, sides[1], p) for name in names] for g in crossing]
    if not any(map(any, rows)):
        return None
    if not np.allclose(rows, rows[0], rtol=SAME, atol=0):
        raise InputError(f"`parameter` must move jumps of H one by one, but two of them meet at t = {tau:g} and part "
                         "there; take another value, or differences of two runs.")
    return np.array(rows[0])


def _moved(g: Kernel, name: str, tau: float, behind: float, p: Array) -> float:
    """Return −(∂g/∂θ)/(∂g/∂t) at a root of a switch, given a time behind it."""
    if name not in g.parameters or not (by_name := _at(parameter_derivative(g, name), tau, p)):
        return 0.0
    by_time = _at(time_derivative(g), tau, p)
    if abs(by_time * (behind - tau)) <= FLAT * abs(_at(g, behind, p)):
        raise InputError(f"`parameter` must move a jump of H at a finite rate, but {name!r} moves that at t = {tau:g} "
                         "infinitely fast; take another value, or differences of two runs.")
    return -by_name / by_time


def _at(function: Kernel, t: float, p: Array) -> float:
    """Return a function of time and parameters."""
    return float(build.load(function, "numpy")(t, np.empty(0), p)[0])
