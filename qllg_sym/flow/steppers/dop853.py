"""DOP853 in NumPy, one trajectory after another: for right-hand sides without C text, and where no compiler works."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow.steps.field import Field
from qllg_sym.flow.steps.limits import Limits
from qllg_sym.flow.steps.paths import INTERRUPTED, Halt, Paths, Watch, check_arrays, nothing, running
from qllg_sym.flow.steps.runge_kutta import ComponentErrors, Failure, NotFinite, RungeKutta, Slope
from qllg_sym.flow.steps.tableau import dop853

Array = NDArray[Any]
NAME, ORDER, DENSE = "dop853", 8, 7
OVERHEAD = 2e-4         # seconds a step beyond those of the slopes


def refuses(field: Field) -> str | None:
    """Return None: every right-hand side has a function."""
    return None


def integrate(field: Field, data: Array, starts: Array, times: Array, rtol: float, atol: float,
              watch: Watch | None = None, halt: Halt | None = None, threads: int = 1,
              limits: Limits | None = None) -> Paths:
    """Integrate m trajectories; see `steppers` for the arguments.

    >>> decay = Field(1, 1, lambda rate: lambda t, y: -rate * y)
    >>> rates = np.array([[1.0], [2.0]])
    >>> paths = integrate(decay, rates, np.ones((2, 1)), np.array([0.0, 1.0]), 1e-10, 1e-12)
    >>> bool(abs(paths.samples[:, 1] - np.exp(-rates)).max() < 1e-9)
    True
    """
    check_arrays(field, data, starts, times)
    paths, first, last = nothing(len(starts), len(times), field.size, "python"), float(times[0]), float(times[-1])
    components, limits = ComponentErrors(rtol, atol), limits or Limits()
    interrupted = False
    try:
        for i in range(len(starts)):
            steps = RungeKutta(_looked(field, data[i]), first, last, np.array(starts[i], dtype=float), dop853(),
                               components, field.project, limits.of(i))

            def look(t: float, i: int = i) -> None:
                """Show how far all trajectories are."""
                if watch is not None:
                    part = (t - first) / ((last - first) or 1.0)
                    watch(t if len(starts) == 1 else running(first, last, (i + part) / len(starts)))

            _one(steps, times, paths, i, look, halt)
    except KeyboardInterrupt:
        interrupted = True
    failures = [INTERRUPTED if interrupted and why is None and count < len(times) else why
                for why, count in zip(paths.failures, paths.counts.tolist(), strict=True)]
    return Paths(paths.samples, paths.counts, paths.reached, paths.steps, paths.evaluations, failures, interrupted,
                 paths.driver)


def _looked(field: Field, data: Array) -> Slope:
    """Return a right-hand side that says where it is not finite; one that is not is given no such state either."""
    function = field.slope(data)

    def slope(t: float, y: Array, out: Array) -> None:
        """Write f(t, y) into `out`."""
        if not np.isfinite(y).all():
            raise NotFinite
        out[:] = function(t, y)
        if not np.isfinite(out).all():
            raise NotFinite

    return slope


def _one(steps: RungeKutta, times: Array, paths: Paths, i: int, look: Watch, halt: Halt | None) -> None:
    """Put one trajectory into the paths, as far as it comes."""
    paths.samples[i, 0], paths.counts[i], paths.reached[i] = steps.y, 1, times[0]
    over = halt is not None and halt(float(times[0]), paths.samples[i, 0])
    try:
        while paths.counts[i] < len(times) and not over:
            steps.advance()
            paths.reached[i], paths.steps[i], paths.evaluations[i] = steps.t, steps.steps, steps.evaluations
            over = _sample(steps, times, paths, i, halt)
            if not over:
                look(steps.t)
    except Failure as error:
        paths.failures[i] = str(error)
    paths.evaluations[i] = steps.evaluations


def _sample(steps: RungeKutta, times: Array, paths: Paths, i: int, halt: Halt | None) -> bool:
    """Take the states at all times that the last step reached; return whether one of them is to be the last."""
    while (k := int(paths.counts[i])) < len(times) and (t := float(times[k])) <= steps.t:
        sample = paths.samples[i, k]
        sample[:] = steps.at(t)
        if steps.project is not None and t < steps.t:
            steps.project(sample)
        paths.counts[i] += 1
        if halt is not None and halt(t, sample):
            return True
    return False
