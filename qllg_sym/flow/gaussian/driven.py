"""Frames under a moving one-particle matrix, or a moving weight of the law: adaptive steps of order 8."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow.gaussian.motion import orthonormal_frame
from qllg_sym.flow.gaussian.one_particle import OneParticle
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.steps.runge_kutta import Kets, NotFinite, RungeKutta
from qllg_sym.flow.steps.tableau import dop853

Array = NDArray[Any]
SMALL = 1.0         # of the exponents of growth between two orthonormalisations


class DrivenMotion:
    """A moving h, or a moving weight: Runge–Kutta steps of the linear equation, begun anew from orthonormal columns.

    Between two such beginnings columns come apart by a factor e^SMALL or little more. What lies within a step is read
    before the columns change: they do so only when another step is needed.
    """

    def __init__(self, h: OneParticle, weight: Callable[[float], complex], problem: Problem, frame: Array) -> None:
        self._h, self._weight, self._problem = h, weight, problem
        self._done = {"steps": 0, "evaluations": 0}
        self._stepper = self._begun(float(problem.times[0]), frame)
        self._since = 0.0

    def _begun(self, t: float, frame: Array) -> RungeKutta:
        """Steps from a time on."""
        problem = self._problem
        return RungeKutta(self._slope, t, float(problem.times[-1]), frame.astype(complex), dop853(),
                          Kets(problem.rtol + problem.atol), None, problem.limits)

    @property
    def stats(self) -> dict[str, Any]:
        """The counts."""
        return {name: count + getattr(self._stepper, name) for name, count in self._done.items()}

    def reach(self, t: float) -> Array:
        """Return the frame at a time, orthonormal."""
        while self._stepper.t < t:
            if self._since > SMALL:
                self._done, self._since = self.stats, 0.0
                self._stepper = self._begun(self._stepper.t, orthonormal_frame(self._stepper.y))
            before = self._stepper.t
            self._stepper.advance()
            self._since += self._growth(before, self._stepper.t)
        return orthonormal_frame(self._stepper.at(t))

    def _growth(self, before: float, after: float) -> float:
        """A bound of the exponent by which two columns came apart in a step."""
        widest = 2 * float(abs(self._h.at(after)).sum(axis=1).max(initial=0.0))
        return abs(self._weight(after).imag) * widest * (after - before)

    def _slope(self, t: float, frame: Array, out: Array) -> None:
        """Write −i w (h − mean) U into `out`, with the mean of h over the columns, so that these keep their size."""
        h, w = self._h.at(t), self._weight(t)
        if not np.isfinite(h.data).all():
            raise NotFinite
        image = h @ frame
        size = float(np.einsum("ij,ij->", frame.conj(), frame).real)
        mean = float(np.einsum("ij,ij->", frame.conj(), image).real) / size if size else 0.0
        np.multiply(image - mean * frame, -1j * w, out=out)
