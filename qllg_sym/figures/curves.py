"""What is read off a curve: where it crosses zero, how often it turns, where it is positive."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

Array = NDArray[np.float64]
Span = tuple[float, float]


def crossings(times: Array, values: Array, function: Callable[[float], float]) -> list[float]:
    """Return the times at which a function changes sign, found between samples and refined on the function itself.

    Args:
        times: (n,), increasing.
        values: the function at the times, (n,); a start at zero, within rounding, is no crossing.
        function: of time.

    >>> x = np.linspace(0, 4, 50)
    >>> [round(t, 6) for t in crossings(x, np.sin(x), np.sin)]
    [3.141593]
    """
    found, last = [], 0
    rounding = 1e-12 * float(np.abs(values).max())
    for k in range(1, len(times)):
        if values[k] == 0:
            continue
        if values[last] * values[k] < 0 and (last or abs(values[0]) > rounding):
            found.append(float(brentq(function, times[last], times[k], xtol=1e-9)))
        last = k
    return found


def spans(times: Array, values: Array, function: Callable[[float], float]) -> list[Span]:
    """Return the spans of time, up to the last time, in which a function is not positive.

    >>> x = np.linspace(0, 7, 99)
    >>> [(round(a, 4), round(b, 4)) for a, b in spans(x, np.sin(x) + 1e-9, np.sin)]
    [(3.1416, 6.2832)]
    """
    edges = crossings(times, values, function)
    if values[0] <= 0:
        edges = [float(times[0]), *edges]
    if len(edges) % 2:
        edges.append(float(times[-1]))
    return list(zip(edges[::2], edges[1::2], strict=True))


def turning_points(values: Array) -> int:
    """Return the number of local maxima and minima inside a curve; changes by rounding do not count.

    >>> turning_points(np.cos(np.linspace(0, 7, 99)))
    2
    """
    steps = np.diff(values)
    signs = np.sign(steps[np.abs(steps) > 1e-12])
    return int(np.count_nonzero(np.diff(signs)))


def largest_rise(values: Array) -> float:
    """Return the largest increase from one sample to the next, 0 for a curve that never rises.

    >>> largest_rise(np.array([3.0, 1.0, 1.5])), largest_rise(np.array([3.0, 1.0]))
    (0.5, 0.0)
    """
    return max(float(np.diff(values).max(initial=0.0)), 0.0)


def margin(correlation: Array) -> Array:
    r"""Return $u_1^2 + u_2^2 - 1$ of correlation matrices (n, 3, 3); its root, where positive, is B.

    >>> float(margin(-np.eye(3)[None])[0])
    1.0
    """
    u = np.linalg.svd(correlation, compute_uv=False)
    return np.asarray(u[:, 0] ** 2 + u[:, 1] ** 2 - 1)
