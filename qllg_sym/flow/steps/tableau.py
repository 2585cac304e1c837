"""Embedded Runge–Kutta methods with dense output, as rows of numbers, from the text that `codegen` holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen.tableaux import dop853 as codegen_dop853
from qllg_sym.codegen.tableaux import dopri5 as codegen_dopri5

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Tableau:
    """An explicit embedded Runge–Kutta method whose last slope is the first one of the next step.

    Attributes:
        name: as SciPy calls it.
        order: of the step.
        stages: how many slopes the step itself takes, s.
        nodes: times of all slopes, (s + 1 + extra,), in units of the step; slope s is the one at the end.
        rows: coefficients of the state at which each slope is taken; row s is the step itself.
        errors: coefficients of one error estimate, or of the two of DOP853, over slopes 0 … s.
        exponent: of the error in the choice of the next step.
        extra: how many slopes dense output takes besides.
        dense: numbers of the interpolant, over all slopes.
    """

    name: str
    order: int
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


@cache
def dop853() -> Tableau:
    """Return the method of order 8 with dense output of order 7 (Hairer, Nørsett, Wanner, Solving ODEs I, II.10).

    >>> dop853().stages
    12
    """
    table = codegen_dop853.coefficients
    rows = (np.empty(0), *map(_numbers, (*table("A"), *table("B"), *table("A_EXTRA"))))
    nodes = (*_numbers(table("C")[0]), 1.0, *_numbers(table("C_EXTRA")[0]))
    return Tableau("DOP853", 8, 12, nodes, rows, (_numbers(table("E5")[0]), _numbers(table("E3")[0])), -1 / 8, 3,
                   np.array([_numbers(row) for row in table("D")]))


@cache
def dopri5() -> Tableau:
    """Return the method of order 5 with dense output of order 4 (Dormand, Prince, J. Comput. Appl. Math. 6, 19 (1980)).

    >>> dopri5().stages
    6
    """
    table = codegen_dopri5.coefficients
    rows = (np.empty(0), *map(_numbers, (*table("A"), *table("B"))))
    return Tableau("RK45", 5, 6, (*_numbers(table("C")[0]), 1.0), rows, (_numbers(table("E")[0]),), -1 / 5, 0,
                   np.array([_numbers(row) for row in table("D")]))


def _numbers(row: Sequence[str]) -> Array:
    """Return decimal text or fractions as doubles."""
    return np.array([float(Fraction(text)) for text in row])
