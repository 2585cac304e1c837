r"""Stabilised explicit steps of order one, Runge–Kutta–Chebyshev: for a motion of which only the end is wanted.

A step of s slopes multiplies a mode y' = λy by $P(\lambda h)$, $P(z) = T_s(w_0 + w_1 z)/T_s(w_0)$, where
$w_0 = \cosh(a/s)$, $w_1 = T_s(w_0)/T_s'(w_0)$ and a = DAMPING. P = 1 + z + O(z²), so that slow modes move as they
should; fast ones, with real z from $-(1 + w_0)/w_1 \approx -2 s^2 \tanh(a)/a$ on, are damped by 1/cosh a each step,
whatever their own motion. The coefficients are fixed beforehand: nothing is fitted to what the slopes show.

Source: P. van der Houwen and B. Sommeijer, Z. Angew. Math. Mech. 60, 479 (1980).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
DAMPING = 3.5       # a: more is stronger and slower; 3 and 4 cost the same within a tenth
SHARE = 0.4         # of the most that one Euler step can take off a mode, about ½ cos²: no fast one may stay as it is
SAMPLES = 32        # of a segment for every slope, where the largest |P| is looked for
HALVINGS = 30       # of an interval in which the longest step is


@dataclass(frozen=True)
class StabilisedStep:
    """A step of so many slopes.

    Attributes:
        stages: s ≥ 1; one is Euler's step.

    >>> step = StabilisedStep(8)
    >>> round(float(step.factor(-1e-4).real), 8)                # 1 + z
    0.9999
    >>> round(step.reach([1]), 2), round(StabilisedStep(1).reach([1]), 2)
    (37.09, 1.06)
    """

    stages: int

    @cached_property
    def _w0(self) -> float:
        """Where T_s is the scale of P."""
        return float(np.cosh(DAMPING / self.stages))

    @cached_property
    def _w1(self) -> float:
        """T_s/T_s' at w0."""
        return float(np.sinh(DAMPING / self.stages) / (self.stages * np.tanh(DAMPING)))

    def factor(self, z: Any) -> Array:
        """Return P(z)."""
        angle = np.arccosh(np.asarray(self._w0 + self._w1 * np.asarray(z), dtype=complex))
        return np.asarray(np.cosh(self.stages * angle) / np.cosh(DAMPING))

    def reach(self, rates: Any) -> float:
        """Return the longest step that damps all modes: |P(−hλu)| ≤ 1 − SHARE u cos²(arg λ) Re λ/max Re λ, 0 < u ≤ 1.

        Args:
            rates: all λ, complex numbers with positive real parts.
        """
        part = np.linspace(0.0, 1.0, SAMPLES * self.stages + 1)[1:]
        largest = np.asarray(rates, dtype=complex)[:, None]
        segments, share = largest * part, SHARE * (largest.real / abs(largest))**2
        most = 1 - share * segments.real / segments.real.max()

        def holds(h: float) -> bool:
            """Whether all modes are damped in a step h."""
            return bool(np.all(abs(self.factor(-h * segments)) <= most))

        low, high = 0.0, (1 + self._w0) / (self._w1 * float(segments.real.max()))
        if holds(high):
            return high
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if holds(middle) else (low, middle)
        return low

    def slowest(self, ratio: float) -> float | None:
        """Return the rate that a step damps by `ratio`, over the largest rate, both real; None where all are faster."""
        height = ratio * np.cosh(DAMPING)
        if height <= 1:
            return None
        return float((self._w0 - np.cosh(np.arccosh(height) / self.stages)) / (self._w0 + 1))

    def after(self, slope: Callable[[Array, Array], object], y: Array, first: Array, h: float) -> Array:
        """Return y after a step h; s − 1 calls of slope(y, out).

        Args:
            slope: writes y' into `out`.
            y: the state, left alone.
            first: its slope; overwritten.
            h: the length of the step.
        """
        scale = [1 / np.cosh(DAMPING * j / self.stages) for j in range(self.stages + 1)]
        before, here = y, y + (h * self._w1 / self._w0) * first
        for j in range(2, self.stages + 1):
            slope(here, first)
            ratio = 2 * scale[j] / scale[j - 1]
            before, here = here, (ratio * self._w0) * here - (scale[j] / scale[j - 2]) * before \
                + (h * ratio * self._w1) * first
        return here


def stages_for(rate: float) -> float:
    """Return how many slopes a step has that damps all modes from `rate`, over the largest rate, on by 1/cosh a.

    >>> round(stages_for(1e-4))
    175
    """
    return float(DAMPING / (2 * np.sqrt(rate)))
