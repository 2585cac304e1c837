r"""q.response: what a user gives, checked, → the linear response of a stationary state."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from qllg_sym.algebra.symbols import t as clock
from qllg_sym.equations.law import Law
from qllg_sym.errors import InputError, StateError
from qllg_sym.flow.pose import pose
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.results.heading import heading_of
from qllg_sym.flow.states.initial import LARGEST_DENSE
from qllg_sym.flow.states.kinds.ground import ground
from qllg_sym.model.model import Model
from qllg_sym.spectra.large import LargePure
from qllg_sym.spectra.linear_response import Computed, Response
from qllg_sym.spectra.linearised import LinearisedDensity, LinearisedMoments
from qllg_sym.spectra.transitions import Transitions

GROUND = "ground"
LARGEST_LINEARISED = 32         # dimension, d² − 1 = 1023 coordinates of ρ
MOST_MOMENTS = 400
DENSE = 600                     # dimension up to which pure states are diagonalised as well


def response(model: Model, law: Law, state: Any, values: Mapping[Any, Any] | None = None) -> Response:
    r"""Return the response of a stationary state to a weak field, H → H − f(t)A.

    $$\chi_{BA}(\omega) = \sum_{jk}\frac{B_{kj}A_{jk}(p_j - p_k)}
    {\hbar\omega(1 - i\kappa(p_j - p_k)) + E_k - E_j}$$

    for q-LLG: lines at (E_j − E_k)/ħ, of half width κ(p_k − p_j) times the frequency, so that a spin ½ in Gibbs' state
    has the width κ tanh(ħω/2k_BT) ω, which falls as it warms. Other laws that keep the spectrum have their frame weight
    in place of 1/(1 − iκ(p_j − p_k)); any other law is linearised where the state stands still.

    Args:
        model: the Hamiltonian, constant in time.
        law: any law of motion, its damping constant in time.
        state: one that stands still: any state that `solve` takes, such as a density matrix, a ket or
            `states.thermal(model, beta)`, or "ground" for a single lowest level.
        values: numbers for the parameters of model and law.

    Returns:
        Response: `.poles` (rows frequency, half_width, weight), `.susceptibility(A, B, omega)`,
        `.absorption(A, omega)`, `.plot()`, `.residual`.

    Raises:
        StateError: a state that moves, with how fast; "ground" where several levels are lowest.
        InputError: a model or law that depends on time, or a space that is too large.

    Pure states of large spaces (14, 16, 20 spins ½) are answered without matrices, by Lanczos on the ray ω(1 + iκ);
    what has not settled is warned of with the last change.

    Source: linear response to PRL 133, 266704 (2024), eq. 3.

    >>> from qllg_sym import QuantumLLG, Space, Zeeman
    >>> spin = Model(Space("1/2"), [Zeeman((0, 0, 2))])
    >>> line, = response(spin, QuantumLLG(0.1), "ground").poles
    >>> round(float(line["frequency"]), 9), round(float(line["half_width"]), 9)     # 2/(1 + κ²), and κ times this
    (1.98019802, 0.198019802)
    """
    if isinstance(model, Model) and model.time_dependent:
        raise InputError("`model` must be constant in time, but depends on it; freeze it with subs.")
    if isinstance(model, Model):
        model.space.must_be_whole("a response")
    problem = pose(model, law, _state(model, law, state), [0.0], values)
    _refuse(problem)
    computed = _computed(problem)
    _ = computed.residual               # refuses a state that moves
    return Response(model, law, computed, heading_of(model, law, problem.values))


def _computed(problem: Problem) -> Computed:
    """Return how the response is computed."""
    if problem.classical:
        return LinearisedMoments(problem)
    if _large(problem):
        return LargePure(problem)
    return Transitions(problem) if problem.has_weight else LinearisedDensity(problem)


def _large(problem: Problem) -> bool:
    """Return whether this is one ket of a space in which products H·v cost less than diagonalising."""
    pure = problem.start.rank == 1 and not np.any(problem.start.background) and problem.has_weight
    return bool(pure and problem.equation.model.space.dimension > DENSE)


def _refuse(problem: Problem) -> None:
    """Refuse a law that depends on time, and what is too large."""
    equation = problem.equation
    if any(c.has(clock) for c in equation.law.coefficients()):
        raise InputError("`law` must be constant in time, but depends on it; freeze it with subs.")
    d, sites = equation.model.space.dimension, equation.model.space.sites
    if problem.classical:
        if sites > MOST_MOMENTS:
            raise InputError(f"`model` must have {MOST_MOMENTS} sites at most for a classical law, but has {sites:,}; "
                             "take fewer.")
        return
    if _large(problem):
        return
    most = LARGEST_DENSE if problem.has_weight else LARGEST_LINEARISED
    if d > most:
        raise InputError(f"`model` must have dimension {most} at most under {equation.kind}, but has {d:,}; take fewer "
                         "spins.")


def _state(model: Model, law: Law, state: Any) -> Any:
    """Return the state that is meant."""
    if not isinstance(state, str) or state != GROUND:
        return state
    if getattr(law, "classical", False) is True:
        raise StateError("`state` must be moments (N, 3) for a classical law, but is 'ground'; give the directions.")
    return ground(model)
