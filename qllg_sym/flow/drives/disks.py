r"""Disk arithmetic: what a real analytic function takes on disks of the complex plane about real centres.

A set is a centre and a radius, $|f(z) - a| \le b$; an infinite radius says that nothing is known, so that a finite one
means that f is analytic there. By Cauchy a bound b on a disk of radius R bounds all derivatives: |f⁽ⁿ⁾| ≤ n! b / Rⁿ.
"""

from typing import Any

import numpy as np
from scipy.special import erf

from qllg_sym.flow.drives.walk import Array, Operation, Pair

TIGHT = 1.2         # radius up to which the image under exp is taken about its middle, which keeps it off 0


def point(x: Any) -> Pair:
    """Return numbers as disks."""
    x = np.asarray(x, dtype=float)
    return Pair(x, np.zeros_like(x))


def _mul(x: Pair, y: Pair) -> Pair:
    """Product."""
    return Pair(x.a * y.a, abs(x.a) * y.b + abs(y.a) * x.b + x.b * y.b)


def _reciprocal(x: Pair) -> Pair:
    """1/x."""
    size = abs(x.a)
    return Pair(1 / x.a, np.where(x.b < size, x.b / (size * (size - x.b)), np.inf))


def _pow(x: Pair, n: int) -> Pair:
    """x**n for an integer."""
    if n < 0:
        return _reciprocal(_pow(x, -n))
    return Pair(x.a**n, (abs(x.a) + x.b)**n - abs(x.a)**n)


def _exp(x: Pair) -> Pair:
    """Exponential: about e^a cosh b, where that is narrower."""
    grown = np.exp(x.a)
    wide = np.where(x.b < 1, grown * np.expm1(x.b), np.exp(x.a + x.b))
    tight = x.b < TIGHT
    return Pair(np.where(tight, grown * np.cosh(np.minimum(x.b, TIGHT)), grown),
                np.where(tight, grown * np.sinh(np.minimum(x.b, TIGHT)) * (1 + x.b**2 / 6), wide))


def _cos(x: Pair) -> Pair:
    """Cosine, by its addition theorem."""
    c = np.cos(x.a)
    return Pair(c, abs(c) * (np.cosh(x.b) - 1) + abs(np.sin(x.a)) * np.sinh(x.b))


def _sin(x: Pair) -> Pair:
    """Sine, by its addition theorem."""
    s = np.sin(x.a)
    return Pair(s, abs(s) * (np.cosh(x.b) - 1) + abs(np.cos(x.a)) * np.sinh(x.b))


def _tan(x: Pair) -> Pair:
    """Tangent: tan z − tan a = sin(z − a)/(cos a cos z)."""
    cosine = _cos(x)
    rest = abs(cosine.a) - cosine.b
    return Pair(np.tan(x.a), np.where(rest > 0, np.sinh(x.b) / (abs(cosine.a) * rest), np.inf))


def _tanh(x: Pair) -> Pair:
    """Hyperbolic tangent: sinh(z − a)/(cosh a cosh z), |cosh z| bounded by its addition theorem or by |sinh Re z|."""
    size, b = abs(x.a), np.minimum(x.b, 2.0)
    rest = 2 - np.cosh(b) - np.tanh(size) * np.sinh(b)
    near = np.where(rest > 0, np.sinh(b) / (np.cosh(x.a)**2 * rest), np.inf)
    far = np.where(size > x.b, np.exp(x.b - size) / np.sinh(size - x.b), np.inf)
    return Pair(np.tanh(x.a), np.minimum(near, far))


def _sqrt(x: Pair) -> Pair:
    """Square root, to the right of 0."""
    root = np.sqrt(x.a)
    return Pair(root, np.where(x.b < x.a, root * (1 - np.sqrt(1 - x.b / x.a)), np.inf))


def _log(x: Pair) -> Pair:
    """Logarithm, to the right of 0."""
    return Pair(np.log(x.a), np.where(x.b < x.a, -np.log1p(-x.b / x.a), np.inf))


def _sinh(x: Pair) -> Pair:
    """Hyperbolic sine, by its addition theorem."""
    s = np.sinh(x.a)
    return Pair(s, abs(s) * (np.cosh(x.b) - 1) + np.cosh(x.a) * np.sinh(x.b))


def _cosh(x: Pair) -> Pair:
    """Hyperbolic cosine, by its addition theorem."""
    c = np.cosh(x.a)
    return Pair(c, c * (np.cosh(x.b) - 1) + abs(np.sinh(x.a)) * np.sinh(x.b))


def _atan(x: Pair) -> Pair:
    """Arctangent away from ±i, by the largest |1/(1 + z²)| = 1/(|z − i| |z + i|)."""
    rest = np.hypot(x.a, 1.0) - x.b
    return Pair(np.arctan(x.a), np.where(rest > 0, x.b / rest**2, np.inf))


def _erf(x: Pair) -> Pair:
    """Error function, by the largest |exp(−z²)| on the disk."""
    size, b = abs(x.a), x.b
    top = np.where(size < 2 * b, b * b - x.a**2 / 2, -(size - b)**2)
    return Pair(erf(x.a), b * 2 / np.sqrt(np.pi) * np.exp(top))


def _pick(c: Pair, x: Pair, y: Pair) -> Pair:
    """Either x, where c > 0, or y, on disks where c changes no sign."""
    right, known = c.a > 0, (abs(c.a) > c.b) | (c.b == 0)
    return Pair(np.where(right, x.a, y.a), np.where(known, np.where(right, x.b, y.b), np.inf))


def _sign(x: Pair) -> Pair:
    """Sign, where it does not change."""
    return Pair(np.sign(x.a), np.where((abs(x.a) > x.b) | (x.b == 0), 0.0, np.inf))


def _difference(x: Pair, y: Pair) -> Pair:
    """Difference."""
    return Pair(x.a - y.a, x.b + y.b)


OPERATIONS: dict[str, Operation] = {
    "add": lambda x, y: Pair(x.a + y.a, x.b + y.b),
    "sub": lambda x, y: Pair(x.a - y.a, x.b + y.b),
    "neg": lambda x: Pair(-x.a, x.b),
    "mul": _mul,
    "square": lambda x: Pair(x.a * x.a, x.b * (2 * abs(x.a) + x.b)),
    "div": lambda x, y: _mul(x, _reciprocal(y)),
    "pow": _pow,
    "exp": _exp,
    "tanh": _tanh,
    "sqrt": _sqrt,
    "log": _log,
    "cos": _cos,
    "sin": _sin,
    "tan": _tan,
    "sinh": _sinh,
    "cosh": _cosh,
    "atan": _atan,
    "erf": _erf,
    "abs": lambda x: _mul(x, _sign(x)),
    "sign": _sign,
    "heaviside": lambda x: Pair(0.5 + 0.5 * np.sign(x.a), _sign(x).b),
    "min": lambda x, y: _pick(_difference(y, x), x, y),
    "max": lambda x, y: _pick(_difference(x, y), x, y),
    "choose": _pick,
}


def radius(x: Pair) -> Array:
    """Return the radii, infinite where nothing is known.

    >>> radius(Pair(np.array([1.0, np.nan]), np.array([0.5, 0.5]))).tolist()
    [0.5, inf]
    """
    return np.where(np.isnan(x.b) | ~np.isfinite(x.a), np.inf, x.b)
