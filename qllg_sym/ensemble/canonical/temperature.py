"""At which temperature an orbit has a given mean energy."""

from collections.abc import Callable
from typing import Any

import mpmath


def matched(energy_at: Callable[[Any], Any], target: Any, kT: Any, digits: int) -> Any:
    """Return the temperature at which a mean energy has a value that it takes somewhere.

    Args:
        energy_at: the mean energy at a temperature; it grows with it.
        target: the energy.
        kT: where to look first.
        digits: of the result.
    """
    def excess(beta: Any) -> Any:
        return energy_at(1 / beta) - target

    high = 1 / mpmath.mpf(kT)
    while excess(high) > 0:
        high *= 2
    low = high / 2
    while excess(low) < 0:
        low, high = low / 2, low
    near = mpmath.mpf(10)**-(digits + 2)
    size = abs(excess(low)) + abs(excess(high))
    return 1 / mpmath.findroot(excess, (low, high), solver="anderson", tol=(near * size)**2, maxsteps=200)
