r"""Weak order 1: $V \to V\exp(h\,A + \sqrt h\,N)$, drift and noise at once, for noise that is the same everywhere."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.ensemble.steppers import POLISH

Array = NDArray[Any]
NAME, ORDER, SETS = "euler", 1, 1


def advance(motion: Any, states: Array, t: float, h: float, steps: int, normals: Callable[[int], Array]) -> Array:
    """Return the states after some steps; see the folder."""
    for k in range(steps):
        begin = t + k * h
        noise = motion.fluctuation(states, begin + h / 2, normals(k))
        states = motion.moved(states, h * motion.drift(states, begin) + np.sqrt(h) * noise)
        if (k + 1) % POLISH == 0:
            states = motion.polished(states)
    return np.asarray(motion.polished(states))
