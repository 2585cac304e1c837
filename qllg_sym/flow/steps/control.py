"""What steppers in Python decide alike: the first step, and whether the pace leads to the end."""

from collections.abc import Callable
from math import isfinite, ulp

FIRST_PART = 1e-6       # of the interval: the first step of a state at rest
WINDOW = 300            # attempts from which the pace is judged: steps have long stopped growing by then
FALLING = 50            # shorter steps on end: towards a pole, for instance
COARSE = 100            # steps shorter than so many units in the last place of t are not taken
MOST_STEPS = 1e8        # more would take days: stiff beyond an explicit method


def first_step(size: float, slope: float, bend: Callable[[float], float], span: float, exponent: float) -> float:
    """Return the first step, as Hairer's codes choose it where the state moves; a part of the interval where it rests.

    Args:
        size: norm of the state over the tolerance.
        slope: norm of its slope, alike.
        bend: of h: norm of the second derivative, alike, from the slopes at both ends of a step h; may be infinite.
        span: length of the interval.
        exponent: −1/order of the error in the choice of steps.

    Source: Hairer, Nørsett, Wanner, Solving Ordinary Differential Equations I, II.4.

    >>> first_step(1e10, 1e10, lambda h: 1e10, 1.0, -1 / 8) == 1e-12**0.125
    True
    >>> first_step(1e10, 0.0, lambda h: 0.0, 2.0**20, -1 / 8) == 1e-6 * 2**20
    True
    """
    rests = size < 1e-5 or slope * span < 1e-5
    short = max(min(FIRST_PART * span if rests else 0.01 * (size / slope), span), 5e-324)
    bent = bend(short)
    if not (isfinite(slope) and isfinite(bent)):
        return short
    if slope * span <= 1e-15 and bent * span * span <= 1e-15:
        return min(FIRST_PART * span, 100 * short)
    return float(min(100 * short, max((0.01 / max(slope, bent))**-exponent, 1e-3 * short), span))


class Pace:
    """Whether an integration will come to its end: not where times cannot tell steps, nor at a pace that takes ages.

    One short step says nothing of the pace: the first ones are short, and so are those within a pulse. It is told by
    steps that shrink on and on, or by many attempts.

    Args:
        start: first time.
        end: last time.

    >>> pace = Pace(0.0, 1e12)
    >>> [pace.hopeless(1e-3 * k, 1e-3, False) for k in range(WINDOW)][-1]
    True
    """

    def __init__(self, start: float, end: float) -> None:
        self._since, self._end, self._tried, self._shrunk = start, end, 0, 0

    def hopeless(self, t: float, step: float, shrunk: bool) -> bool:
        """Count an attempt that led to t; return whether there is no use in the next one.

        Args:
            t: the time reached.
            step: the next one.
            shrunk: whether it is no longer than the last one.
        """
        self._shrunk = self._shrunk + 1 if shrunk else 0
        least = (self._end - t) / MOST_STEPS
        if shrunk and step < (least if self._shrunk >= FALLING else COARSE * ulp(t)):
            return True
        self._tried += 1
        if self._tried < WINDOW:
            return False
        passed, self._since, self._tried = (t - self._since) / WINDOW, t, 0
        return passed < least
