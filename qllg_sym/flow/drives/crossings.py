"""Where a switching function changes its sign: every root on an interval of times, none missed.

Intervals are split until interval arithmetic shows that the function does not vanish on them, that it rises or falls on
them (then bisection finds the one root), or until they are as narrow as times in doubles can be told apart.
"""

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen.kernel import Kernel
from qllg_sym.codegen.tangent import time_derivative
from qllg_sym.errors import InputError
from qllg_sym.flow.drives import ranges
from qllg_sym.flow.drives.walk import Array, Pair, walk

FIRST, PARTS = 16, 4    # intervals at first; parts into which one is split
MOST = 2**18            # intervals looked at
FINEST = 4              # narrowest interval, in units in the last place of the time
ROUNDING = 1e-13        # of a value in the middle, relative to its slope's share
HALVINGS = 80


def sign_changes(function: Kernel, steady: bool, parameters: Array, begin: float, end: float) -> Array:
    """Return times inside an interval between which a function keeps its sign, ascending; a few may be no roots.

    Args:
        function: one output, without states.
        steady: whether it has no jumps.
        parameters: (k,).
        begin: first time.
        end: last time.

    Raises:
        InputError: more roots than can be told apart.

    >>> from qllg_sym.codegen.builder import Builder
    >>> b = Builder("wave", [], ["w"])
    >>> wave = b.kernel({"g": b.call("sin", b.mul(b.parameter(0), b.time))})
    >>> sign_changes(wave, True, np.array([np.pi]), 0.5, 3.5).tolist()
    [1.0, 2.0, 3.0]
    """
    look = _Look(function, time_derivative(function) if steady else None, parameters[:, None])
    edges = np.linspace(begin, end, FIRST + 1)
    a, b = edges[:-1], edges[1:]
    least, found, seen = FINEST * np.spacing(max(abs(begin), abs(end))), [np.empty(0)], 0
    while len(a):
        if (seen := seen + len(a)) > MOST:
            raise InputError(f"`times` must hold fewer switches than can be told apart, but near t = {a[0]:g} there is "
                             "no end of them; solve for a shorter time, or write the switch in another way.")
        crossed, monotone = look.at(a, b)
        one = crossed & monotone
        found.append(look.roots(a[one], b[one]))
        narrow = crossed & ~monotone & (b - a <= PARTS * least)
        found.append(0.5 * (a + b)[narrow])
        split = crossed & ~monotone & ~narrow
        parts = np.linspace(a[split], b[split], PARTS + 1, axis=1)
        a, b = parts[:, :-1].ravel(), parts[:, 1:].ravel()
    return separated(np.concatenate(found), begin, end)


def separated(times: Array, begin: float, end: float) -> Array:
    """Return times strictly inside an interval, ascending, one of those that rounding alone tells apart.

    >>> separated(np.array([2.0, 1.0, 1.0 + 2e-16, 0.0]), 0.0, 3.0).tolist()
    [1.0, 2.0]
    """
    least = 4 * FINEST * np.spacing(max(abs(begin), abs(end)))
    inside = np.sort(times[(times > begin + least) & (times < end - least)])
    return inside[np.diff(inside, prepend=-np.inf) > least]


class _Look:
    """A function and its slope on intervals."""

    def __init__(self, function: Kernel, slope: Kernel | None, parameters: Array) -> None:
        self._function, self._slope, self._parameters = function, slope, parameters

    def at(self, a: Array, b: Array) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return where the function may have a root, and where it rises or falls."""
        low, high = self._range(self._function, Pair(a, b))
        crossed = ~((low > 0) | (high < 0) | ((low == 0) & (high == 0)) | (np.isnan(low) & np.isnan(high)))
        if self._slope is None:
            return crossed, np.zeros(len(a), dtype=bool)
        least, most = self._range(self._slope, Pair(a, b))
        middle, size = self._value(0.5 * (a + b)), np.maximum(abs(least), abs(most))
        with np.errstate(invalid="ignore"):
            crossed &= ~(abs(middle) > 0.5 * size * (b - a) * (1 + ROUNDING))       # the mean value theorem
        return crossed, (least > 0) | (most < 0)

    def roots(self, a: Array, b: Array) -> Array:
        """Return the root in each interval on which the function rises or falls, where it has one."""
        left, right = self._value(a), self._value(b)
        there = left * right <= 0
        a, b, left = a[there], b[there], left[there]
        for _ in range(HALVINGS if len(a) else 0):
            middle = 0.5 * (a + b)
            value = self._value(middle)
            same = value * left > 0
            a, b = np.where(same, middle, a), np.where(same, b, middle)
        return np.where(self._value(b) == 0, b, 0.5 * (a + b))

    def _value(self, times: Array) -> Array:
        """Return the function at times."""
        return np.asarray(self._range(self._function, Pair(times, times)).a)

    def _range(self, kernel: Kernel, times: Pair) -> Pair:
        """Return what a kernel takes on intervals."""
        (low, high), = walk(kernel, ranges.OPERATIONS, ranges.point, times, self._parameters)
        return Pair(np.broadcast_to(low, len(times.a)), np.broadcast_to(high, len(times.a)))
