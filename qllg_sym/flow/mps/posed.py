"""A law on a chain, its state and numbers → what a matrix product state needs to move: every input checked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.equations.hybrid.law import Hybrid
from qllg_sym.equations.law import Law
from qllg_sym.errors import InputError, InputTypeError
from qllg_sym.flow.exact.formula import rate
from qllg_sym.flow.mps.distant import spread_of
from qllg_sym.flow.mps.matrix_product import MatrixProductState
from qllg_sym.flow.mps.observed import Read, chain_readers
from qllg_sym.flow.mps.options import Accuracy, accuracy
from qllg_sym.flow.mps.starts import check_two_levels, matrix_product
from qllg_sym.flow.mps.windows import MovingWindows
from qllg_sym.flow.numbers import number_of
from qllg_sym.flow.options import Options
from qllg_sym.flow.pose import bound_to
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.states.initial_states import InitialStates
from qllg_sym.model.model import Model

Array = NDArray[Any]
PROBES = 9          # times of a piece at which the spread of H is looked at


@dataclass(frozen=True, eq=False)
class ChainProblem:
    """One pure state, or a background with one ket, on a chain.

    Attributes:
        problem: equation, numbers, times and tolerances; its states stay empty.
        state: ψ at first.
        background: a of ρ = a + b |ψ⟩⟨ψ|.
        weight: b.
        observe: what is observed, by name.
        accuracy: how finely it is moved.
        spread: the largest difference of levels of a window of H/ħ, and of the distant terms of a site.
    """

    problem: Problem
    state: MatrixProductState
    background: float
    weight: float
    observe: Mapping[str, Read]
    accuracy: Accuracy
    spread: float

    @cached_property
    def pieces(self) -> tuple[tuple[Problem, float, float], ...]:
        """The problem between its jumps, with the times where each part begins and ends."""
        return tuple(self.problem.parts())

    def pace(self, part: Problem) -> Callable[[float], complex]:
        """Return t ↦ −ic: ψ moves as exp(−ic H t/ħ)."""
        weight = part.weight(np.array([self.weight]))
        return lambda t: complex(rate(weight(t))[0])


def posed_chain(model: Model, law: Law, state: Any, times: Any, values: Any, options: Options) -> ChainProblem:
    """Return the problem of a law on a chain.

    Raises:
        QllgError: bad input.
    """
    equation = _equation(model, law)
    model.space.must_be_whole("method=\"mps\"")
    _check_options(options)
    start_of = state if not isinstance(state, MatrixProductState) else None
    given = bound_to(equation, start_of, times, values, options)
    problem = Problem(equation, given.values, InitialStates(np.zeros(1, dtype=int)), given.times, options.rtol,
                      options.atol, max_step=options.max_step,
                      breakpoints=np.array(options.breakpoints, dtype=float))
    check_two_levels(problem.weightless)
    hbar = number_of(model.hbar, given.known)
    a, b, psi = matrix_product(state, model, hbar, given.known, float(given.times[0]))
    parts = tuple(problem.parts())
    spread, width = _spread(parts)
    pace = spread * max(abs(complex(rate(part.weight(np.array([b]))(begin))[0])) for part, begin, _ in parts)
    return ChainProblem(problem, psi, a, b, chain_readers(options.observe, model.space.sites),
                        accuracy(options.own, options.rtol, pace, width), spread)


def _equation(model: Model, law: Law) -> Any:
    """Return the equation of a law that a matrix product state can follow."""
    if isinstance(law, type) or not hasattr(law, "derive"):
        raise InputTypeError(f"`law` must be a law of motion, but is {law!r}; write QuantumLLG(0.5).")
    if isinstance(law, Hybrid) or law.classical:
        raise InputError("`law` must be quantum on all sites for method=\"mps\", but is "
                         f"{'hybrid' if isinstance(law, Hybrid) else 'classical'}; use method=\"auto\".")
    if model.space.symbolic:
        raise InputError(f"`model` must have numeric spins to be solved, but has the spin {model.space.spins[0]}; "
                         "give a number.")
    return law.derive(model)


def _spread(parts: tuple[tuple[Problem, float, float], ...]) -> tuple[float, int]:
    """Return the spread of H as far as a few times show it, and the windows' width; 3 at least beside distant terms."""
    largest, width = 0.0, 2
    for part, begin, end in parts:
        moving = MovingWindows(part)
        for t in [begin] if moving.constant else np.linspace(begin, end, PROBES).tolist():
            near = 0.0
            for operator in {h.tobytes(): h for h in moving.at(t)}.values():
                levels = np.linalg.eigvalsh(operator)
                near = max(near, float(levels[-1] - levels[0]))
            largest = max(largest, near + spread_of(moving.distant(t)))
        width = moving.windows.width if moving.windows.distant is None else max(3, moving.windows.width)
    return largest, width


def _check_options(options: Options) -> None:
    """Refuse what matrix product states do not take."""
    if options.stop is not None:
        raise InputError("`stop` must be left out for method=\"mps\", but is given; look at the readings afterwards.")
