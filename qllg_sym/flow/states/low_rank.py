"""States given as weighted kets over a multiple of the identity."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from qllg_sym.codegen.build import is_masked
from qllg_sym.codegen.values import real_array
from qllg_sym.errors import InputTypeError, QllgError, StateError
from qllg_sym.flow.states.initial import spanned
from qllg_sym.flow.states.initial_states import InitialStates
from qllg_sym.flow.states.state import Setting, State


@dataclass(frozen=True, eq=False, repr=False)
class LowRank(State):
    r"""$\rho = \mathrm{background}\cdot 1 + \sum_j w_j |j\rangle\langle j|$, kets not necessarily orthogonal.

    A complex array of kets is not copied. Whether ρ is a state is judged when it is solved for.

    Args:
        weights: (r,) real numbers w_j, of either sign, dimensionless.
        kets: (d, r) complex, one ket a column, r ≤ d.
        background: real number.

    Source: the flow of PRL 133, 266704 (2024), eq. 3, keeps the spectrum and so the number of kets; see
    `flow.methods.low_rank`.

    Raises:
        StateError: shapes that do not fit, or numbers that are not finite.
        InputTypeError: something that is no number.

    >>> LowRank([1.0], [[1], [0]]).kets.shape
    (2, 1)
    """

    weights: Any
    kets: Any
    background: float = 0.0

    def __post_init__(self) -> None:
        weights, kets = real_array(self.weights), _complex_array(self.kets)
        background = real_array(self.background)
        if weights is None or weights.ndim != 1:
            raise _wrong(weights is None, "weights", "a list of real numbers, one a ket", self.weights,
                         "write [0.5, 0.5]")
        if kets is None or kets.ndim != 2 or len(kets) < 1 or kets.shape[1] > len(kets):
            raise _wrong(kets is None, "kets", "a (d, r) array of complex numbers, one ket a column, with r ≤ d",
                         self.kets, "write kets[:, None] for one ket")
        if background is None or background.ndim:
            raise _wrong(background is None, "background", "one real number", self.background, "write 0.0 for none")
        if len(weights) != kets.shape[1]:
            raise StateError(f"`weights` must be one a ket, but are {len(weights)} for {kets.shape[1]} kets; "
                             f"give {kets.shape[1]}, or as many columns of `kets`.")
        for name, value in (("weights", weights), ("kets", kets), ("background", background)):
            if not np.all(np.isfinite(value)):
                raise StateError(f"`{name}` must be finite, but hold{'s' if name == 'background' else ''} NaN or "
                                 "infinity; give finite numbers.")
        object.__setattr__(self, "weights", weights)
        object.__setattr__(self, "kets", kets)
        object.__setattr__(self, "background", float(background))

    def numbers(self, setting: Setting) -> InitialStates:
        """Re-diagonalise in the span of the kets; ρ is kept exactly."""
        return spanned(self.weights, self.kets, self.background, setting.space)


def _complex_array(values: Any) -> Any:
    """Return values as a complex array, without a copy where they are one; None where they are no numbers."""
    try:
        if is_masked(values):
            return None
        array = np.asarray(values)
        return np.asarray(array, dtype=complex) if array.dtype.kind in "biufcO" else None
    except (TypeError, ValueError):
        return None


def _wrong(kind: bool, name: str, wanted: str, value: Any, remedy: str) -> QllgError:
    """Return the error for an argument of the wrong kind, or of the wrong shape."""
    if kind:
        return InputTypeError(f"`{name}` must be {wanted}, but is of type {type(value).__name__}; {remedy}.")
    return StateError(f"`{name}` must be {wanted}, but has shape {np.shape(value)}; {remedy}.")
