"""Weak order 1, order 2 without noise: the explicit midpoint rule on the group, for noise that depends on the state."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.ensemble.steppers import POLISH

Array = NDArray[Any]
NAME, ORDER, SETS = "midpoint", 1, 1


def advance(motion: Any, states: Array, t: float, h: float, steps: int, normals: Callable[[int], Array]) -> Array:
    """Return the states after some steps; see the folder."""
    def generator(at: Any, moment: float, given: Array, middle: float) -> Any:
        """Return what drift and noise do in the whole step, judged at one state."""
        return h * motion.drift(at, moment) + np.sqrt(h) * motion.fluctuation(at, middle, given)

    for k in range(steps):
        begin, middle, given = t + k * h, t + (k + 0.5) * h, normals(k)
        half = motion.near(states, 0.5 * generator(states, begin, given, middle))
        states = motion.moved(states, generator(half, middle, given, middle))
        if (k + 1) % POLISH == 0:
            states = motion.polished(states)
    return np.asarray(motion.polished(states))
