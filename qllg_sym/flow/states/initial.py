"""Arrays → numbers of a state: weighted orthonormal kets over a background; checked, never silently normalised."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen.values import real_array
from qllg_sym.errors import InputTypeError, StateError
from qllg_sym.flow.states.initial_states import InitialStates
from qllg_sym.model.space import Space

Array = NDArray[Any]
TOLERANCE = 1e-10       # what a state may miss norm, trace, Hermiticity and positivity by
LARGEST_MATRIX = 4096   # dimension above which no method works on matrices: an hour a trajectory at best
LARGEST_DENSE = 1024    # dimension above which neither H nor ρ is made a matrix unasked


def from_density(array: Array, space: Space) -> InitialStates:
    """Return the eigen-decomposition of a checked density matrix (d, d), or of a ket (d, 1)."""
    if array.shape[1] == 1 and space.dimension > 1:
        return pure_state(array[:, 0])
    skew = float(abs(array - array.conj().T).max())
    if skew > TOLERANCE:
        raise StateError(f"`state` must be Hermitian within {TOLERANCE:g}, but ρ − ρ† has an entry of size {skew:.3g}; "
                         "give (ρ + ρ†)/2.")
    levels, vectors = np.linalg.eigh((array + array.conj().T) / 2)
    check_levels(float(levels.sum()), float(levels[0]))
    return InitialStates.one(levels[::-1].copy(), vectors[:, ::-1].astype(complex), rounding=np.finfo(float).eps)


def pure_state(ket: Array) -> InitialStates:
    """Return a pure state; a norm off by rounding is kept as the trace.

    Raises:
        StateError: another norm than 1.

    >>> pure_state(np.array([0.6, 0.8j])).levels().tolist()
    [[1.0, 0.0]]
    """
    norm = float(np.linalg.norm(ket))
    if abs(norm - 1) > TOLERANCE:
        raise StateError(f"`state` must have norm 1 within {TOLERANCE:g}, but the ket has norm {norm:.12g}; "
                         "divide it by its norm.")
    return InitialStates.one(np.array([norm**2]), (ket / norm)[:, None].astype(complex))


def check_levels(trace: float, lowest: float) -> None:
    """Refuse levels that are no probabilities.

    >>> check_levels(1.0, 0.0)
    """
    if abs(trace - 1) > TOLERANCE:
        raise StateError(f"`state` must have trace 1 within {TOLERANCE:g}, but has trace {trace:.12g}; "
                         "divide it by its trace.")
    if lowest < -TOLERANCE:
        raise StateError(f"`state` must have no negative eigenvalue below −{TOLERANCE:g}, but has {lowest:.6g}; "
                         "give a positive matrix.")


def spanned(weights: Array, kets: Array, background: float, space: Space) -> InitialStates:
    """Return background·1 + Σ w_j |j⟩⟨j| of any kets (d, r): re-diagonalised in their span, ρ kept exactly.

    Raises:
        StateError: kets of another space, or no state.

    >>> spanned(np.array([0.5, 0.5]), np.eye(2, dtype=complex), 0.0, Space("1/2")).weights.tolist()
    [[0.5, 0.5]]
    """
    d, r = kets.shape
    if d != space.dimension:
        raise StateError(f"`kets` must have {space.dimension} rows for {space}, but have {d}; give (d, r) columns.")
    q, triangle = np.linalg.qr(kets)
    found, rotation = np.linalg.eigh((triangle * weights) @ triangle.conj().T)
    check_levels(float(found.sum()) + d * background, background + min([*found, *[0.0] * (r < d)]))
    return InitialStates.one(found[::-1].copy(), np.ascontiguousarray((q @ rotation)[:, ::-1]), background)


def check_moments(state: Any, sites: int, name: str = "state", among: Sequence[int] = ()) -> Array:
    """Return classical unit moments (N, 3).

    Args:
        state: what is given.
        sites: N.
        name: of the argument.
        among: the numbers of the sites, where there are others.

    Raises:
        StateError: another shape, or lengths other than 1 within 1e-10.

    >>> check_moments([[0, 0, 1]], 1).shape
    (1, 3)
    """
    moments, whose = real_array(state), "the classical sites" if among else "a classical law"
    if moments is None:
        raise InputTypeError(f"`{name}` must be {sites} moments, one row of three a site, for {whose}, but is "
                             f"of type {type(state).__name__}; give an array of shape ({sites}, 3)"
                             f"{', such as its `directions`' if hasattr(state, 'directions') else ''}.")
    if moments.shape != (sites, 3):
        raise StateError(f"`{name}` must have shape ({sites}, 3) for {whose}, but has {moments.shape}; "
                         "give one row a site.")
    lengths = np.linalg.norm(moments, axis=1)
    wrong = np.flatnonzero(~(abs(lengths - 1) <= TOLERANCE))
    if len(wrong):
        others = f" (and {len(wrong) - 1} more are wrong)" if len(wrong) > 1 else ""
        place = among[wrong[0]] if among else wrong[0]
        raise StateError(f"`{name}` must hold unit moments within {TOLERANCE:g}, but that of site {place} has length "
                         f"{lengths[wrong[0]]:.12g}{others}; divide each row by its length.")
    return moments
