"""Interval arithmetic: what a function takes on real intervals, as lower and upper ends."""

from typing import Any

import numpy as np
from scipy.special import erf

from qllg_sym.flow.drives.walk import Array, Operation, Pair

TURN = 2 * np.pi


def point(x: Any) -> Pair:
    """Return numbers as intervals."""
    x = np.asarray(x, dtype=float)
    return Pair(x, x)


def _mul(x: Pair, y: Pair) -> Pair:
    """Product; 0 times what has no bound is 0, as in every product of members."""
    parts = [p * q for p in x for q in y]
    parts = [np.where(np.isnan(p), 0.0, p) for p in parts] if not all(np.isfinite(p).all() for p in parts) else parts
    return Pair(np.minimum(np.minimum(parts[0], parts[1]), np.minimum(parts[2], parts[3])),
                np.maximum(np.maximum(parts[0], parts[1]), np.maximum(parts[2], parts[3])))


def _square(x: Pair) -> Pair:
    """Square."""
    low, high = x.a * x.a, x.b * x.b
    return Pair(np.where((x.a <= 0) & (x.b >= 0), 0.0, np.minimum(low, high)), np.maximum(low, high))


def _reciprocal(x: Pair) -> Pair:
    """1/x, everything where x may be 0."""
    apart = (x.a > 0) | (x.b < 0)
    return Pair(np.where(apart, 1 / x.b, -np.inf), np.where(apart, 1 / x.a, np.inf))


def _pow(x: Pair, n: int) -> Pair:
    """x**n for an integer."""
    if n < 0:
        return _reciprocal(_pow(x, -n))
    low, high = x.a**n, x.b**n
    if n % 2:
        return Pair(low, high)
    return Pair(np.where((x.a <= 0) & (x.b >= 0), 0.0, np.minimum(low, high)), np.maximum(low, high))


def _cos(x: Pair) -> Pair:
    """Cosine: between its ends, but 1 or −1 where a multiple of π lies between."""
    p, q = np.cos(x.a), np.cos(x.b)
    top = np.floor(x.b / TURN) >= np.ceil(x.a / TURN)
    bottom = np.floor(x.b / TURN - 0.5) >= np.ceil(x.a / TURN - 0.5)
    return Pair(np.where(bottom, -1.0, np.minimum(p, q)), np.where(top, 1.0, np.maximum(p, q)))


def _tan(x: Pair) -> Pair:
    """Tangent, everything where a pole lies between."""
    apart = np.floor(x.b / np.pi + 0.5) == np.floor(x.a / np.pi + 0.5)
    return Pair(np.where(apart, np.tan(x.a), -np.inf), np.where(apart, np.tan(x.b), np.inf))


def _rising(function: Any, least: float = -np.inf) -> Operation:
    """Return a function that rises on all of its domain, which begins at `least`."""
    def apply(x: Pair) -> Pair:
        """Its ends; NaN where it is not defined."""
        return Pair(function(np.maximum(x.a, least)), function(x.b))
    return apply


def _sub(x: Pair, y: Pair) -> Pair:
    """Difference."""
    return Pair(x.a - y.b, x.b - y.a)


def _even(rise: Any) -> Operation:
    """Return an even function that rises to the right of 0."""
    def apply(x: Pair) -> Pair:
        """Its ends, and its value at 0 where that lies between."""
        low, high = rise(x.a), rise(x.b)
        inside = (x.a <= 0) & (x.b >= 0)
        return Pair(np.where(inside, rise(0.0), np.minimum(low, high)), np.maximum(low, high))
    return apply


def _choose(c: Pair, x: Pair, y: Pair) -> Pair:
    """Either x, where c > 0, or y: both where c may be either."""
    return Pair(np.where(c.a > 0, x.a, np.where(c.b <= 0, y.a, np.minimum(x.a, y.a))),
                np.where(c.a > 0, x.b, np.where(c.b <= 0, y.b, np.maximum(x.b, y.b))))


OPERATIONS: dict[str, Operation] = {
    "add": lambda x, y: Pair(x.a + y.a, x.b + y.b),
    "sub": _sub,
    "neg": lambda x: Pair(-x.b, -x.a),
    "mul": _mul,
    "square": _square,
    "div": lambda x, y: _mul(x, _reciprocal(y)),
    "pow": _pow,
    "exp": _rising(np.exp),
    "tanh": _rising(np.tanh),
    "sqrt": _rising(np.sqrt, 0.0),
    "log": _rising(np.log, 0.0),
    "cos": _cos,
    "sin": lambda x: _cos(_sub(x, point(np.pi / 2))),
    "tan": _tan,
    "sinh": _rising(np.sinh),
    "cosh": _even(np.cosh),
    "atan": _rising(np.arctan),
    "erf": _rising(erf),
    "abs": _even(abs),
    "sign": _rising(np.sign),
    "heaviside": _rising(lambda x: np.heaviside(x, 0.5)),
    "min": lambda x, y: Pair(np.minimum(x.a, y.a), np.minimum(x.b, y.b)),
    "max": lambda x, y: Pair(np.maximum(x.a, y.a), np.maximum(x.b, y.b)),
    "choose": _choose,
}


def width(x: Pair) -> Array:
    """Return the widths, infinite where a bound is not known.

    >>> width(OPERATIONS["sin"](Pair(np.array([0.0, 0.0]), np.array([1e-3, 9.0])))).round(3).tolist()
    [0.001, 2.0]
    """
    with np.errstate(invalid="ignore"):
        wide = x.b - x.a
    return np.where(np.isnan(wide), np.inf, wide)
