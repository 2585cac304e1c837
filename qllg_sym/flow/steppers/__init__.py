"""Steppers of y' = f(t, y; data) for m trajectories, one a file, found by themselves; they know no physics, no symbols.

A file has NAME, ORDER of a step and DENSE, that of its output between steps, OVERHEAD in seconds a step;
refuses(field) -> a reason, or None; and

integrate(field, data, starts, times, rtol, atol, watch=None, halt=None, threads=1, limits=None) -> Paths

    field: the right-hand side.
    data: (m, k), what it needs of each trajectory.
    starts: (m, n), states at times[0].
    times: (points,), strictly increasing.
    rtol: local relative tolerance.
    atol: local absolute tolerance, positive.
    watch: called with the time reached (m = 1), else with the time at which the same fraction of `times` is over as of
        the trajectories; may raise KeyboardInterrupt.
    halt: for m = 1: called with (t, sample) of every sample; True makes it the last one.
    threads: that may share the trajectories.
    limits: of the steps, one part for all trajectories or one for each.

Failures and interrupts are told in Paths, not raised. Here may live whole trajectories of what is a function, or C text
with a layout; a step itself is made in `steps`.
"""

from functools import cache
from types import ModuleType
from typing import Any

from numpy.typing import NDArray

from qllg_sym import plugs
from qllg_sym.flow.steps.field import Field
from qllg_sym.flow.steps.limits import Limits
from qllg_sym.flow.steps.paths import Halt, Paths, Watch

Array = NDArray[Any]


def integrate(field: Field, data: Array, starts: Array, times: Array, rtol: float, atol: float,
              watch: Watch | None = None, halt: Halt | None = None, threads: int = 1,
              limits: Limits | None = None) -> Paths:
    """Integrate by the stepper of least overhead that does not refuse.

    >>> import numpy as np
    >>> decay = Field(1, 1, lambda rate: lambda t, y: -rate * y)
    >>> integrate(decay, np.ones((1, 1)), np.ones((1, 1)), np.array([0.0, 1.0]), 1e-10, 1e-12).driver
    'python'
    """
    stepper = next(one for one in modules() if one.refuses(field) is None)
    paths: Paths = stepper.integrate(field, data, starts, times, rtol, atol, watch, halt, threads, limits)
    return paths


@cache
def modules() -> tuple[ModuleType, ...]:
    """Return the steppers of this folder, that of least overhead first.

    >>> [one.NAME for one in modules()]
    ['dop853-c', 'dop853']
    """
    return tuple(sorted(plugs.modules(__name__), key=lambda one: float(one.OVERHEAD)))
