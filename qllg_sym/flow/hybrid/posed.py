"""A hybrid law, its state and numbers → what moves: every input checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.equations.hybrid.equation import HybridEquation
from qllg_sym.equations.hybrid.law import Hybrid
from qllg_sym.errors import InputError, InputTypeError, StateError
from qllg_sym.flow.hybrid.observed import Read, readers
from qllg_sym.flow.numbers import number_of
from qllg_sym.flow.options import Options
from qllg_sym.flow.pose import Bound, bound_to
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.states.hybrid_state import check_hybrid
from qllg_sym.flow.states.initial import LARGEST_MATRIX, check_moments
from qllg_sym.flow.states.initial_states import InitialStates
from qllg_sym.flow.states.resolve import resolve_at
from qllg_sym.model.model import Model
from qllg_sym.model.space import Space
from qllg_sym.observables.storage import require_memory

Array = NDArray[Any]
WORKING = 24        # arrays of the size of a frame that steps and slopes hold


@dataclass(frozen=True)
class HybridStates(InitialStates):
    """One row of moments with the clusters beside them.

    Attributes:
        spectra: the eigenvalues of each cluster's ρ, (d,).
        frames: its eigenvectors, (d, d).
    """

    spectra: tuple[Array, ...] = ()
    frames: tuple[Array, ...] = ()


@dataclass(frozen=True, eq=False)
class HybridProblem:
    """One trajectory of clusters and moments.

    Attributes:
        problem: equation, numbers, times and tolerances; its states are the moments.
        equation: the same equation.
        levels: the eigenvalues of each cluster's ρ, (d,).
        frames: its eigenvectors, (d, d).
        observe: what is observed, by name.
    """

    problem: Problem
    equation: HybridEquation
    levels: tuple[Array, ...]
    frames: tuple[Array, ...]
    observe: Mapping[str, Read]

    @property
    def moments(self) -> Array:
        """The moments at first, (n, 3)."""
        return np.asarray(self.problem.start.moments[0])


def posed_hybrid(model: Model, law: Hybrid, state: Any, times: Any, values: Any, options: Options) -> HybridProblem:
    """Return the problem of a hybrid law.

    Raises:
        QllgError: bad input.

    >>> from qllg_sym import HybridState, Space, states
    >>> start = HybridState([states.product("up")], [[0, 0, 1]])
    >>> posed_hybrid(Model(Space("1/2", "1")), Hybrid(0, 0, [0], classical=[1]), start, [0, 1], None, Options()).levels
    (array([1., 0.]),)
    """
    _check_options(options)
    equation = law.derive(model)
    spaces = equation.sites.spaces
    observe = readers(options.observe, equation.sites)
    check_hybrid(state, len(spaces))
    found = bound_to(equation, state, times, values, options)
    moments = check_moments(state.moments, len(law.classical), "moments", law.classical) \
        if law.classical or len(state.moments) else np.zeros((0, 3))
    _check_size(equation, len(found.times) if options.keep == "all" else 1)
    pairs = [_eigen(state.clusters[c], space, c, model, found) for c, space in enumerate(spaces)]
    levels, frames = tuple(p for p, _ in pairs), tuple(v for _, v in pairs)
    start = HybridStates(np.zeros(1, dtype=int), moments=moments[None], spectra=levels, frames=frames)
    problem = Problem(equation, found.values, start, found.times, options.rtol, options.atol,
                      options.stop, max_step=options.max_step, breakpoints=np.array(options.breakpoints, dtype=float))
    return HybridProblem(problem, equation, levels, frames, observe)


def _eigen(state: Any, space: Space, cluster: int, model: Model, found: Bound) -> tuple[Array, Array]:
    """The eigenvalues and eigenvectors of one cluster's state."""
    home = Model(space, (), model.hbar, model.gamma, model.units)
    try:
        start = resolve_at(state, home, number_of(model.hbar, found.known), found.known, float(found.times[0]))
    except (StateError, InputTypeError) as error:
        raise type(error)(str(error).replace("`state`", f"`clusters[{cluster}]`", 1)) from None
    levels, frames = start.full()
    return levels[0], np.asarray(frames[0], dtype=complex)


def _check_size(equation: HybridEquation, points: int) -> None:
    """Refuse clusters that are too large for matrices, or for memory."""
    for sites, space in zip(equation.sites.clusters, equation.sites.spaces, strict=True):
        if (d := space.dimension) > LARGEST_MATRIX:
            raise InputError(f"`clusters` must have at most {LARGEST_MATRIX} dimensions each, but that of "
                             f"{len(sites)} sites has {d}; take smaller clusters.")
        require_memory("clusters", (WORKING + points, d, d), "take smaller clusters or fewer times")


def _check_options(options: Options) -> None:
    """Refuse what a hybrid law does not take."""
    if options.method not in ("auto", "hybrid"):
        raise InputError(f"`method` must be auto or hybrid for a hybrid law, but is {options.method!r}; leave it out.")
    if options.own:
        raise InputError(f"`options` must be empty for a hybrid law, but has {next(iter(options.own))!r}; drop it.")
