"""Explicit Runge–Kutta steps in NumPy, of components or of kets: every array is made once, and used as often as can be.

SciPy's steppers hold some thirty copies of the state; this one holds what the tableau's slopes need and three more.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import ulp
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow.steps.control import Pace, first_step
from qllg_sym.flow.steps.limits import Limits
from qllg_sym.flow.steps.tableau import Tableau

Array = NDArray[Any]
Slope = Callable[[float, Array, Array], None]
Size = Callable[[Array, Array, Array], Array]
SAFETY, LEAST, MOST = 0.9, 0.2, 10.0        # of the factor from step to step, as in Hairer's codes


def registers(tableau: Tableau) -> int:
    """Return how many arrays of the size of the state the steps hold.

    >>> from qllg_sym.flow.steps.tableau import dop853, dopri5
    >>> registers(dop853()), registers(dopri5())
    (19, 10)
    """
    return len(tableau.nodes) + 3       # y, the next y, one spare


class Failure(ArithmeticError):
    """The integration cannot go on; the text says why."""


class NotFinite(ArithmeticError):
    """A slope is NaN or infinite; the right-hand side raises it, and the step that led there was too long."""


@dataclass(frozen=True)
class Kets:
    """Sizes of changes of kets (d, r), each in the 2-norm, in units of a tolerance."""

    tolerance: float

    def __call__(self, change: Array, old: Array, new: Array) -> Array:
        """Return the size of each ket's change, (r,)."""
        return _norms(change) / self.tolerance


@dataclass(frozen=True)
class ComponentErrors:
    """The root mean square of changes of components over atol + rtol |y|, as DOP853 takes it, (1,)."""

    rtol: float
    atol: float

    def __call__(self, change: Array, old: Array, new: Array) -> Array:
        """Return the size of the change; NaN where the new state is not finite."""
        largest = np.maximum(np.abs(old), np.abs(new))
        ratio = change / (self.atol + self.rtol * largest)
        return np.array([np.linalg.norm(ratio) / ratio.size**0.5 + 0.0 * largest.max(initial=0.0)])


class RungeKutta:
    """Integrates y' = slope(t, y), real or complex, as far as the tolerance allows in each step.

    Args:
        slope: called with (t, y, out); writes the slope into `out`, or raises NotFinite.
        t: first time.
        end: last time.
        start: y at the first time; copied.
        tableau: the method.
        size: of (change, y before, y after): sizes of a change in units of the tolerance, none above 1 in a step.
        project: brings y back to its manifold where it is, at rounding level.
        limits: of the steps.

    Attributes:
        t: the time reached.
        steps: accepted steps.
        evaluations: slopes taken.

    >>> from qllg_sym.flow.steps.tableau import dop853
    >>> def decay(t, y, out): out[:] = -y
    >>> steps = RungeKutta(decay, 0.0, 1.0, np.ones((1, 1)), dop853(), Kets(1e-12))
    >>> while steps.t < 1: steps.advance()
    >>> bool(abs(steps.y[0, 0] - np.exp(-1)) < 1e-11)
    True
    """

    def __init__(self, slope: Slope, t: float, end: float, start: Array, tableau: Tableau, size: Size,
                 project: Callable[[Array], object] | None = None, limits: Limits | None = None) -> None:
        self.t, self._end, self._slope, self._tableau, self._size = t, end, slope, tableau, size
        self.project, self._shape, self._start, self._extended = project, start.shape, t, False
        self.steps, self.evaluations, self._limits = 0, 0, limits or Limits()
        self._pace, self._known, self._shrunk = Pace(t, end), False, False
        kind = np.result_type(start.dtype, float)
        # Row 0 is y, row 1 + k slope k, so that a stage is one product of a row of numbers with the rows so far.
        self._rows = np.zeros((len(tableau.nodes) + 1, start.size), dtype=kind)
        self._next, self._spare = np.empty((2, start.size), dtype=kind)
        self._next[:] = start.ravel()
        self._h = 0.0

    @property
    def y(self) -> Array:
        """The state at `t`, of the shape of `start`; overwritten by the next step."""
        return self._next.reshape(self._shape)

    @property
    def moves(self) -> bool:
        """Whether the slope at the start of the last step was not zero."""
        return bool(self._rows[1].any())

    def advance(self) -> None:
        """Take one step, as long as the tolerance allows; until the next one `at` knows every time within it.

        Raises:
            Failure: the steps became too small, or the slope at the start is not finite; what `slope` raises goes
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
                change = _change(error, self._tableau.exponent)
                self._h = h * (min(factor, change) if error < 1 else change)
                factor, self._shrunk = 1.0, self._h <= h
            if to < min(self.t + min(wanted, self._limits.longest), self._end):
                self._h = max(self._h, wanted)                      # it was cut to land there, and not for its error
            self._start, self.t = self.t, to
            self.steps += 1
            if self.project is not None:
                self.project(self.y)
            if not self._tableau.error_needs_end:   # otherwise it is known, from an end off by rounding or the error
                self._known = self._finite(self.t, self._next, self._tableau.stages)
            self._extended = False

    def at(self, t: float) -> Array:
        """Return y at a time within the last step, by dense output; overwritten by the next call.

        Raises:
            Failure: a slope between the stages of the step is not finite.
        """
        if t == self.t:
            return self.y
        table, h = self._tableau, self.t - self._start
        for k in range(table.stages + 1, len(table.nodes) if not self._extended else 0):
            self._combine(table.rows[k], h, self._spare)
            if not self._finite(self._start + table.nodes[k] * h, self._spare, k):
                raise Failure(_lost(self._start))
        self._extended = True
        self._combine(table.inside((t - self._start) / h), h, self._spare)
        return self._spare.reshape(self._shape)

    def _begin(self) -> None:
        """Make the end of the last step the start of the next."""
        first = not self._h
        if first:
            self._known = self._finite(self.t, self._next, self._tableau.stages)
        if not self._known:
            raise Failure(_lost(self.t))
        self._rows[0] = self._next
        self._rows[1] = self._rows[1 + self._tableau.stages]
        if first:
            self._h = self._first_step()

    def _attempt(self, h: float) -> float:
        """Try a step: put its end into `_next` and return its error over the tolerance, NaN where it overflows."""
        table = self._tableau
        for k in range(1, table.stages):
            self._combine(table.rows[k], h, self._next)
            if not self._finite(self.t + table.nodes[k] * h, self._next, k):
                return np.nan
        self._combine(table.rows[table.stages], h, self._next)
        if table.error_needs_end and not self._finite(self.t + h, self._next, table.stages):
            return np.nan
        return float(np.max(table.error([h * self._size_of(row) for row in table.errors]), initial=0.0))

    def _finite(self, t: float, y: Array, place: int) -> bool:
        """Put the slope at (t, y) into its row; return whether it is finite."""
        self.evaluations += 1
        try:
            self._slope(t, y.reshape(self._shape), self._rows[1 + place].reshape(self._shape))
        except NotFinite:
            return False
        return True

    def _combine(self, coefficients: Array, h: float, out: Array) -> None:
        """Write y + h Σ coefficient · slope into `out`, one pass over the rows."""
        row = np.concatenate([[1.0], h * coefficients])
        np.dot(row, self._rows[:len(row)].view(float), out=out.view(float))

    def _size_of(self, coefficients: Array) -> Array:
        """Return the sizes of Σ coefficient · slope."""
        row = np.concatenate([[0.0], coefficients])
        np.dot(row, self._rows[:len(row)].view(float), out=self._spare.view(float))
        return self._sizes(self._spare, self._next)

    def _sizes(self, change: Array, new: Array) -> Array:
        """Return the sizes of a change from y to `new`."""
        return self._size(*(a.reshape(self._shape) for a in (change, self._rows[0], new)))

    def _first_step(self) -> float:
        """Return a first step, from the sizes of the first two derivatives."""
        def size(values: Array) -> float:
            """Return the largest size of what is of the shape of y."""
            return float(self._sizes(values, self._rows[0]).max(initial=0.0))

        def bend(h: float) -> float:
            """Return the size of the second derivative, infinite where the step overflows."""
            self._combine(np.array([1.0]), h, self._spare)
            if not self._finite(self.t + h, self._spare, 1):
                return np.inf
            np.subtract(self._rows[2], self._rows[1], out=self._spare)
            return size(self._spare) / h

        return first_step(size(self._next), size(self._rows[1]), bend, self._end - self.t, self._tableau.exponent)


def _lost(t: float) -> str:
    """Return why no step from t succeeds, however short."""
    return f"the right-hand side is not finite near t = {t:g}"


def _change(error: float, exponent: float) -> float:
    """Return the factor that an error means for the step: the least one where it is NaN."""
    if error == 0:
        return MOST
    change = SAFETY * error**exponent
    return LEAST if np.isnan(change) else min(MOST, max(LEAST, change))


def _norms(kets: Array) -> Array:
    """Return the 2-norm of each column."""
    flat = np.ascontiguousarray(kets)
    return np.sqrt(np.einsum("ij,ij->j", flat.real, flat.real) + np.einsum("ij,ij->j", flat.imag, flat.imag))
