"""States given as weighted kets over a multiple of the identity."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from qllg_sym.errors import InputTypeError, StateError


@dataclass(frozen=True, eq=False)
class LowRank:
    r"""$\rho = \mathrm{background}\cdot 1 + \sum_j w_j |j\rangle\langle j|$, kets not necessarily orthogonal.

    Args:
        weights: (r,) real numbers w_j.
        kets: (d, r) complex, one ket a column.
        background: real number.

    Raises:
        StateError: shapes that do not fit, or numbers that are not finite.

    >>> LowRank([1.0], [[1], [0]]).kets.shape
    (2, 1)
    """

    weights: Any
    kets: Any
    background: float = 0.0

    def __post_init__(self) -> None:
        try:
            weights = np.array(self.weights, dtype=float)
            kets = np.array(self.kets, dtype=complex)
            background = float(self.background)
        except (TypeError, ValueError):
            raise InputTypeError("`weights`, `kets` and `background` must be numbers, but are not; give a (r,) real "
                                 "array, a (d, r) complex array and a real number.") from None
        if kets.ndim != 2 or weights.shape != (kets.shape[1],) or kets.shape[1] > kets.shape[0]:
            raise StateError("`weights` and `kets` must have shapes (r,) and (d, r) with r ≤ d, but have "
                             f"{weights.shape} and {kets.shape}; give one column a weight.")
        if not (np.all(np.isfinite(weights)) and np.all(np.isfinite(kets)) and np.isfinite(background)):
            raise StateError("`weights`, `kets` and `background` must be finite, but are not; "
                             "remove NaN and infinity.")
        object.__setattr__(self, "weights", weights)
        object.__setattr__(self, "kets", kets)
        object.__setattr__(self, "background", background)
