"""An adaptive Runge–Kutta stepper for a few tall columns: every array is allocated once, each used as often as can be.

SciPy's steppers hold some thirty copies of the state; this one holds what the pair's slopes need and three more.
"""

from collections.abc import Callable
from math import ulp
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow.steppers.control import Pace, first_step
from qllg_sym.flow.steppers.limits import Limits
from qllg_sym.flow.steppers.pairs import Pair

Array = NDArray[Any]
Flow = Callable[[float, Array, Array], None]
SAFETY, LEAST, MOST = 0.9, 0.2, 10.0        # of the factor from step to step, as in Hairer's codes


def registers(pair: Pair) -> int:
    """Return how many arrays of the size of the state a stepper holds.

    >>> from qllg_sym.flow.steppers.pairs import dop853, dopri5
    >>> registers(dop853()), registers(dopri5())
    (19, 10)
    """
    return len(pair.nodes) + 3      # y, the next y, one spare


class Failure(ArithmeticError):
    """The integration cannot go on; the text says why."""


class NotFinite(ArithmeticError):
    """A slope is NaN or infinite; `flow` raises it, and the step that led there was too long."""


class Stepper:
    """Integrates y' = flow(t, y) for complex y (d, r), the error of each column within `tolerance` in the 2-norm.

    Args:
        flow: called with (t, y, out); writes the slope into `out`, or raises NotFinite.
        t: first time.
        end: last time.
        start: y at the first time; copied.
        pair: the Runge–Kutta pair.
        tolerance: largest norm of a column's error in a step.
        project: brings y back to its manifold where it is, at rounding level.
        limits: of the steps.

    Attributes:
        t: the time reached.
        steps: accepted steps.
        evaluations: slopes taken.

    >>> from qllg_sym.flow.steppers.pairs import dop853
    >>> def decay(t, y, out): out[:] = -y
    >>> stepper = Stepper(decay, 0.0, 1.0, np.ones((1, 1)), dop853(), 1e-12, lambda y: None)
    >>> while stepper.t < 1: stepper.advance()
    >>> bool(abs(stepper.y[0, 0] - np.exp(-1)) < 1e-11)
    True
    """

    def __init__(self, flow: Flow, t: float, end: float, start: Array, pair: Pair, tolerance: float,
                 project: Callable[[Array], object], limits: Limits | None = None) -> None:
        self.t, self._end, self._flow, self._pair, self._tolerance = t, end, flow, pair, tolerance
        self._project, self._shape, self._start, self._extended = project, start.shape, t, False
        self.steps, self.evaluations, self._limits = 0, 0, limits or Limits()
        self._pace, self._known, self._shrunk = Pace(t, end), False, False
        # Row 0 is y, row 1 + k slope k, so that a stage is one product of a row of numbers with the rows so far.
        self._rows = np.zeros((len(pair.nodes) + 1, start.size), dtype=complex)
        self._next, self._spare = np.empty((2, start.size), dtype=complex)
        self._next[:] = start.ravel()
        self._h = 0.0

    @property
    def y(self) -> Array:
        """The state at `t`, (d, r); overwritten by the next step."""
        return self._next.reshape(self._shape)

    @property
    def moves(self) -> bool:
        """Whether the slope at the start of the last step was not zero."""
        return bool(self._rows[1].any())

    def advance(self) -> None:
        """Take one step, as long as the tolerance allows; until the next one `at` knows every time within it.

        Raises:
            Failure: the steps became too small, or the slope at the start is not finite; what `flow` raises goes
                through.
        """
        # A trial that overflows is rejected without a warning.
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            self._begin()
            factor, error = MOST, np.inf
            while not error < 1:                                    # a NaN is no small error
                if self._pace.hopeless(self.t, self._h, self._shrunk):
                    raise Failure(_lost(self.t) if np.isnan(error) else f"it needs steps as small as {self._h:.1g}")
                wanted = max(self._h, 10 * ulp(self.t))
                to = min(self._limits.reach(self.t, wanted), self._end)
                h = to - self.t
                error = self._attempt(h)
                change = _change(error, self._pair.exponent)
                self._h = h * (min(factor, change) if error < 1 else change)
                factor, self._shrunk = 1.0, self._h <= h
            if to < min(self.t + min(wanted, self._limits.longest), self._end):
                self._h = max(self._h, wanted)                      # it was cut to land there, and not for its error
            self._start, self.t = self.t, to
            self.steps += 1
            self._project(self.y)
            if not self._pair.error_needs_end:      # otherwise it is known, from an end off by rounding or the error
                self._known = self._finite(self.t, self._next, self._pair.stages)
            self._extended = False

    def at(self, t: float) -> Array:
        """Return y at a time within the last step, (d, r), by dense output; overwritten by the next call.

        Raises:
            Failure: a slope between the stages of the step is not finite.
        """
        if t == self.t:
            return self.y
        pair, h = self._pair, self.t - self._start
        for k in range(pair.stages + 1, len(pair.nodes) if not self._extended else 0):
            self._combine(pair.rows[k], h, self._spare)
            if not self._finite(self._start + pair.nodes[k] * h, self._spare, k):
                raise Failure(_lost(self._start))
        self._extended = True
        self._combine(pair.inside((t - self._start) / h), h, self._spare)
        return self._spare.reshape(self._shape)

    def _begin(self) -> None:
        """Make the end of the last step the start of the next."""
        first = not self._h
        if first:
            self._known = self._finite(self.t, self._next, self._pair.stages)
        if not self._known:
            raise Failure(_lost(self.t))
        self._rows[0] = self._next
        self._rows[1] = self._rows[1 + self._pair.stages]
        if first:
            self._h = self._first_step()

    def _attempt(self, h: float) -> float:
        """Try a step: put its end into `_next` and return its error over the tolerance, NaN where it overflows."""
        pair = self._pair
        for k in range(1, pair.stages):
            self._combine(pair.rows[k], h, self._next)
            if not self._finite(self.t + pair.nodes[k] * h, self._next, k):
                return np.nan
        self._combine(pair.rows[pair.stages], h, self._next)
        if pair.error_needs_end and not self._finite(self.t + h, self._next, pair.stages):
            return np.nan
        return float(np.max(pair.error([h * self._size_of(row) / self._tolerance for row in pair.errors]), initial=0.0))

    def _finite(self, t: float, y: Array, place: int) -> bool:
        """Put the slope at (t, y) into its row; return whether it is finite."""
        try:
            self._evaluate(t, y, place)
        except NotFinite:
            return False
        return True

    def _evaluate(self, t: float, y: Array, place: int) -> None:
        """Put the slope at (t, y) into its row."""
        self._flow(t, y.reshape(self._shape), self._rows[1 + place].reshape(self._shape))
        self.evaluations += 1

    def _combine(self, coefficients: Array, h: float, out: Array) -> None:
        """Write y + h Σ coefficient · slope into `out`, one pass over the rows."""
        row = np.concatenate([[1.0], h * coefficients])
        np.dot(row, self._rows[:len(row)].view(float), out=out.view(float))

    def _size_of(self, coefficients: Array) -> Array:
        """Return the norm of each column of Σ coefficient · slope, (r,)."""
        row = np.concatenate([[0.0], coefficients])
        np.dot(row, self._rows[:len(row)].view(float), out=self._spare.view(float))
        return _norms(self._spare.reshape(self._shape))

    def _first_step(self) -> float:
        """Return a first step, from the sizes of the first two derivatives."""
        def size(values: Array) -> float:
            """Return the norm of the largest column over the tolerance."""
            return float(_norms(values.reshape(self._shape)).max(initial=0.0)) / self._tolerance

        def bend(h: float) -> float:
            """Return the size of the second derivative, infinite where the step overflows."""
            self._combine(np.array([1.0]), h, self._spare)
            if not self._finite(self.t + h, self._spare, 1):
                return np.inf
            self._spare[:] = self._rows[2] - self._rows[1]
            return size(self._spare) / h

        return first_step(size(self._next), size(self._rows[1]), bend, self._end - self.t, self._pair.exponent)


def _lost(t: float) -> str:
    """Return why no step from t succeeds, however short."""
    return f"the right-hand side is not finite near t = {t:g}"


def _change(error: float, exponent: float) -> float:
    """Return the factor that an error means for the step: the least one where it is NaN."""
    if error == 0:
        return MOST
    change = SAFETY * error**exponent
    return LEAST if np.isnan(change) else min(MOST, max(LEAST, change))


def _norms(columns: Array) -> Array:
    """Return the 2-norm of each column."""
    flat = np.ascontiguousarray(columns)
    return np.sqrt(np.einsum("ij,ij->j", flat.real, flat.real) + np.einsum("ij,ij->j", flat.imag, flat.imag))
