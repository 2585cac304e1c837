r"""Functions on intervals as a part that is analytic on a disk and a rest that is small on the interval itself.

f(x) = g(x) + e(x) with g in a disk (`disks`), |e| ≤ rest for x in the interval, and f in a range (`ranges`). After
each operation the cheaper view is kept: where a disk of the size asked for hides more than the range is wide (far from
a narrow pulse, whose disk reaches the pulse while its range is nothing), g becomes a number and e what the range holds.
So a sum of pulses is judged by those that move, and a product by its factors.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from qllg_sym.flow.drives import disks, ranges
from qllg_sym.flow.drives.walk import Array, Operation, Pair

LINEAR = ("add", "sub", "neg")


class Part(NamedTuple):
    """Many functions, each on an interval: its range, its disk, and the largest rest; (n,) each."""

    range: Pair
    disk: Pair
    rest: Any


def point(x: Any) -> Part:
    """Return numbers as parts."""
    return Part(ranges.point(x), disks.point(x), 0.0)


def time(a: Array, b: Array, reach: Array) -> Part:
    """Return time itself on intervals from a to b, with disks of `reach` half widths."""
    half = 0.5 * (b - a)
    return Part(Pair(a, b), Pair(a + half, reach * half), 0.0)


def operations(share: Array) -> dict[str, Operation]:
    """Return the operations, given what a disk hides in units of its radius."""
    return {name: partial(_apply, name, share) for name in ranges.OPERATIONS}


def _apply(name: str, share: Array, *given: Any) -> Part:
    """Return an operation on parts; the exponent of a power is a number."""
    args = [x for x in given if isinstance(x, Part)]
    numbers = given[len(args):]
    wide = ranges.OPERATIONS[name](*(x.range for x in args), *numbers)
    disk = disks.OPERATIONS[name](*(x.disk for x in args), *numbers)
    exact = all(isinstance(x.rest, float) for x in args)            # as points and time are
    rest = 0.0 if exact else RESTS[name](*args, *numbers)
    if name in LINEAR:
        return Part(wide, disk, rest)
    half = 0.5 * ranges.width(wide)
    hidden = disks.radius(disk) * share + rest
    flat = half < hidden
    if not np.any(flat):
        return Part(wide, disk, rest)
    return Part(wide, Pair(np.where(flat, 0.5 * (wide.a + wide.b), disk.a), np.where(flat, 0.0, disk.b)),
                np.where(flat, half, rest))


def _largest(x: Part) -> Array:
    """Return the largest size in the range and about it, where the analytic part may lie."""
    return np.maximum(abs(x.range.a), abs(x.range.b)) + x.rest


def _smallest(x: Part) -> Array:
    """Return the smallest size there, 0 where it changes sign."""
    least = np.maximum(x.range.a, -x.range.b) - x.rest
    return np.maximum(least, 0.0)


def _product(x: Part, y: Part) -> Array:
    """Return the rest of a product."""
    return _times(_largest(x), y.rest) + _times(_largest(y), x.rest)


def _times(size: Array, rest: Any) -> Array:
    """Return a bound times a rest, 0 where nothing rests."""
    return np.where(rest == 0, 0.0, size * rest)


def _by_slope(slope: Callable[..., Array]) -> Callable[..., Array]:
    """Return the rest of a function with a bound of its slope."""
    return lambda x, *numbers: _times(slope(x, *numbers), x.rest)


RESTS: dict[str, Callable[..., Array]] = {
    "add": lambda x, y: x.rest + y.rest,
    "sub": lambda x, y: x.rest + y.rest,
    "neg": lambda x: x.rest,
    "mul": _product,
    "square": lambda x: _product(x, x),
    "div": lambda x, y: _times(1 / _smallest(y), x.rest) + _times(_largest(x) / _smallest(y)**2, y.rest),
    "pow": _by_slope(lambda x, n: abs(n) * (_largest(x)**(n - 1) if n > 0 else _smallest(x)**float(n - 1))),
    "exp": _by_slope(lambda x: np.exp(x.range.b + x.rest)),
    "tanh": lambda x: x.rest,
    "sin": lambda x: x.rest,
    "cos": lambda x: x.rest,
    "tan": _by_slope(lambda x: 1 + _tangent(x)**2),
    "sqrt": _by_slope(lambda x: 0.5 / np.sqrt(np.maximum(x.range.a - x.rest, 0.0))),
    "sinh": _by_slope(lambda x: np.cosh(_largest(x))),
    "cosh": _by_slope(lambda x: np.sinh(_largest(x))),
    "atan": lambda x: x.rest,
    "erf": _by_slope(lambda x: 2 / np.sqrt(np.pi)),
    "abs": lambda x: x.rest,
    "sign": lambda x: _unless_crossed(x, 0.0),
    "heaviside": lambda x: _unless_crossed(x, 0.0),
    "min": lambda x, y: np.maximum(x.rest, y.rest),
    "max": lambda x, y: np.maximum(x.rest, y.rest),
    "choose": lambda c, x, y: _unless_crossed(c, np.maximum(x.rest, y.rest)),
    "log": _by_slope(lambda x: 1 / np.maximum(x.range.a - x.rest, 0.0)),
}


def _unless_crossed(x: Part, rest: Any) -> Array:
    """Return a rest, or no bound where what rests of x may change its sign."""
    return np.where((x.rest == 0) | (_smallest(x) > 0), rest, np.inf)


def _tangent(x: Part) -> Array:
    """Return the largest size of the tangent in the range and about it."""
    low, high = ranges.OPERATIONS["tan"](Pair(x.range.a - x.rest, x.range.b + x.rest))
    return np.maximum(abs(low), abs(high))
