"""Embedded Runge–Kutta pairs with dense output, as rows of numbers; the numbers are SciPy's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Pair:
    """An explicit Runge–Kutta pair whose last slope is the first one of the next step.

    Attributes:
        name: as SciPy calls it.
        stages: how many slopes the step itself takes, s.
        nodes: times of all slopes, (s + 1 + extra,), in units of the step; slope s is the one at the end.
        rows: coefficients of the state at which each slope is taken; row s is the step itself.
        errors: coefficients of one error estimate, or of the two of DOP853, over slopes 0 … s.
        exponent: of the error in the choice of the next step.
        extra: how many slopes dense output takes besides.
        dense: numbers of the interpolant, over all slopes.
    """

    name: str
    stages: int
    nodes: tuple[float, ...]
    rows: tuple[Array, ...]
    errors: tuple[Array, ...]
    exponent: float
    extra: int
    dense: Array

    def error(self, sizes: Sequence[Array]) -> Array:
        """Return the error from the sizes of the estimates; DOP853 blends one of order 5 with one of order 3.

        Estimates that are not finite give NaN.

        >>> dopri5().error([np.array([0.5])]).tolist()
        [0.5]
        """
        if len(sizes) == 1:
            return sizes[0]
        fifth, third = sizes
        blend = np.hypot(fifth, 0.1 * third)
        return np.divide(fifth**2, blend, out=np.zeros_like(blend), where=blend != 0)

    @property
    def error_needs_end(self) -> bool:
        """Whether the error estimate needs the slope at the end of the step."""
        return any(row[self.stages] != 0 for row in self.errors)

    def inside(self, theta: float) -> Array:
        """Return the coefficients b of y(t + θh) = y + h Σ b_j k_j over all slopes, 0 ≤ θ ≤ 1.

        >>> bool(np.allclose(dop853().inside(1.0)[:12], dop853().rows[12]))
        True
        """
        if self.extra:
            return self._nested(theta)
        return np.asarray(self.dense @ theta**np.arange(1, self.dense.shape[1] + 1))

    def _nested(self, theta: float) -> Array:
        """DOP853's interpolant: θ(F₀ + (1 − θ)(F₁ + θ(F₂ + (1 − θ)(…)))), F₀ … F₆ linear in the slopes."""
        step, first, last = np.zeros((3, len(self.nodes)))
        step[:self.stages], first[0], last[self.stages] = self.rows[self.stages], 1.0, 1.0
        parts = [step, first - step, 2 * step - first - last, *self.dense]
        total = np.zeros_like(step)
        for k, part in reversed(list(enumerate(parts))):
            total = (total + part) * (theta if k % 2 == 0 else 1 - theta)
        return total


def dop853() -> Pair:
    """Return the pair of order 8 with dense output of order 7 (Hairer, Nørsett, Wanner, Solving ODEs I, II.10).

    >>> dop853().stages
    12
    """
    scheme: Any = import_module("scipy.integrate").DOP853
    s = scheme.n_stages
    rows = (*(scheme.A[k, :k] for k in range(s)), scheme.B,
            *(scheme.A_EXTRA[k, :s + 1 + k] for k in range(len(scheme.C_EXTRA))))
    return Pair("DOP853", s, (*scheme.C, 1.0, *scheme.C_EXTRA), rows, (scheme.E5, scheme.E3),
                -1 / (scheme.error_estimator_order + 1), len(scheme.C_EXTRA), scheme.D)


def dopri5() -> Pair:
    """Return the pair of order 5 with dense output of order 4 (Dormand, Prince, J. Comput. Appl. Math. 6, 19 (1980)).

    >>> dopri5().stages
    6
    """
    scheme: Any = import_module("scipy.integrate").RK45
    s = scheme.n_stages
    return Pair("RK45", s, (*scheme.C, 1.0), (*(scheme.A[k, :k] for k in range(s)), scheme.B), (scheme.E,),
                -1 / (scheme.error_estimator_order + 1), 0, scheme.P)
