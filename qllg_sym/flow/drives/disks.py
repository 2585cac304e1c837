r"""Disk arithmetic: what a real analytic function takes on disks of the complex plane about real centres.

A set is a centre and a radius, $|f(z) - a| \le b$; an infinite radius says that nothing is known, so that a finite one
means that f is analytic there. By Cauchy a bound b on a disk of radius R bounds all derivatives: |f⁽ⁿ⁾| ≤ n! b / Rⁿ.
"""

from typing import Any

import numpy as np

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
}


def radius(x: Pair) -> Array:
    """Return the radii, infinite where nothing is known.

    >>> radius(Pair(np.array([1.0, np.nan]), np.array([0.5, 0.5]))).tolist()
    [0.5, inf]
    """
    return np.where(np.isnan(x.b) | ~np.isfinite(x.a), np.inf, x.b)
