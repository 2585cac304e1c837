"""First passages out of a well that were counted: rates with errors, how surprising their numbers are, and slopes.

A well is DS² = U deep; the decay is exponential after the first part of the time that is watched.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from qllg_sym.figures.curves import Array

WINDOW = 0.2        # of the time that is watched, after which the decay is exponential


@dataclass(frozen=True)
class Passages:
    """First passages at one temperature.

    Attributes:
        sigma: U/k_BT.
        h: field over 2DS.
        stop: until when trajectories were watched.
        count: how many there were.
        left: fraction still in the well at WINDOW · stop, and at the end.
    """

    sigma: float
    h: float
    stop: float
    count: int
    left: tuple[float, float]

    @property
    def barrier(self) -> float:
        """Over k_BT."""
        return self.sigma * (1 - self.h)**2

    @property
    def rate(self) -> float:
        """Of the exponential decay."""
        return float(np.log(self.left[0] / self.left[1]) / ((1 - WINDOW) * self.stop))

    @property
    def error(self) -> float:
        """Of the rate, from the number of passages."""
        return float(np.sqrt((1 / self.left[1] - 1 / self.left[0]) / self.count) / ((1 - WINDOW) * self.stop))


def passages(sigma: float, h: float, stop: float, readings: Array, absorbed: float) -> Passages:
    """Count first passages below `absorbed` in readings of m_z, (trajectories, n) at equally spaced times.

    Args:
        sigma: U/k_BT.
        h: field over 2DS.
        stop: the last of the times, the first being 0.
        readings: of m_z.
        absorbed: what is passed.

    >>> passages(3.0, 0.0, 5.0, np.array([[1, 1, 1, 1, 1, 1], [1, 1, 0.5, -1, 1, 1.0]]), -0.5).left
    (1.0, 0.5)
    """
    left = np.logical_not(np.logical_or.accumulate(readings < absorbed, axis=1))
    window = round(WINDOW * (readings.shape[1] - 1))
    return Passages(sigma, h, stop, len(readings), (float(left[:, window].mean()), float(left[:, -1].mean())))


def slope(found: Sequence[tuple[float, float, float]]) -> tuple[float, float]:
    """Return −d ln(rate)/d(barrier/k_BT) by weighted least squares, and its standard error.

    Args:
        found: barrier/k_BT, ln rate, and its standard error.

    >>> slope([(1, -1, 0.1), (2, -2, 0.1), (3, -3, 0.1)])[0].round(12)
    np.float64(1.0)
    """
    x, y, e = np.array(found, dtype=float).T
    weight = e**-2
    away = x - (weight @ x) / weight.sum()
    return -(weight * away) @ y / (weight @ away**2), (weight @ away**2)**-0.5


def surprise(found: Sequence[Passages], chances: Sequence[float]) -> float:
    """Return how likely the numbers of passages are at least as far off, for exact probabilities."""
    squares = [each.count * (1 - each.left[1] - q)**2 / (q * (1 - q)) for each, q in zip(found, chances, strict=True)]
    return float(chdtrc(len(squares), sum(squares)))
