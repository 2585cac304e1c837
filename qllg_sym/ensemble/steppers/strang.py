r"""Weak order 2: Strang's splitting into drift and noise, for noise that is the same everywhere.

Half a step of drift, a step of noise, half a step of drift; halves that meet are done as one. Noise moves states by

$$\exp\left(\sqrt h\,N + \frac{h}{2\sqrt2}[N, N'] + \frac{h^{3/2}}{12}[N', [N', N]]\right)$$

with independent N and N'. Its mean agrees with exp(½h Σ X_a²) to h²: the words aabb, abab, abba of fields have the
coefficients 1/24 + 1/12 = 1/8, 1/24 + 1/8 − 1/6 = 0 and 1/24 − 1/8 + 1/12 = 0.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.ensemble.steppers import POLISH

Array = NDArray[Any]
NAME, ORDER, SETS = "strang", 2, 2


def advance(motion: Any, states: Array, t: float, h: float, steps: int, normals: Callable[[int], Array]) -> Array:
    """Return the states after some steps; see the folder."""
    states = deterministic_step(motion, states, t, h / 2)
    for k in range(steps):
        middle = t + (k + 0.5) * h
        states = motion.moved(states, noise_generators(motion, states, middle, h, normals(k)))
        states = deterministic_step(motion, states, middle, h if k + 1 < steps else h / 2)
        if (k + 1) % POLISH == 0:
            states = motion.polished(states)
    return np.asarray(motion.polished(states))


def deterministic_step(motion: Any, states: Array, t: float, h: float) -> Array:
    """Return the states after a step without noise: the midpoint rule on the group."""
    half = motion.near(states, 0.5 * h * motion.drift(states, t))
    return np.asarray(motion.moved(states, h * motion.drift(half, t + h / 2)))


def noise_generators(motion: Any, states: Array, t: float, h: float, normals: Array) -> Any:
    """Return the generators of a step of noise."""
    first, second = np.split(normals, 2, axis=1)
    one, other = (np.sqrt(h) * motion.fluctuation(states, t, each) for each in (first, second))
    return motion.together(one, other, weak_second_order)


def weak_second_order(one: Any, other: Any, bracket: Callable[[Any, Any], Any]) -> Any:
    """Return the generator of a step of noise from those of both sets of variates, √h N and √h N'."""
    both = bracket(one, other)
    return one + both / np.sqrt(8) - bracket(other, both) / 12
