"""Complex poles → lines: frequency, half width and weights, with poles at one place added up."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
SAME_PLACE = 1e-9       # poles nearer than this, in parts of the highest frequency, are one line


def merged(places: Array, weights: Array) -> Array:
    """Return lines in ascending order of frequency, a structured array.

    Args:
        places: poles ω of e^{−iωt}, of positive real part, (n,).
        weights: of each, (n, operators).

    >>> merged(np.array([2 - 1j, 1 - 0.5j, 2 - 1j]), np.array([[1.0], [2.0], [3.0]])).tolist()
    [(1.0, 0.5, array([2.])), (2.0, 1.0, array([4.]))]
    """
    kind = [("frequency", float), ("half_width", float), ("weight", float, (weights.shape[1],))]
    found = np.zeros(0, dtype=kind)
    if not len(places):
        return found
    near = SAME_PLACE * abs(places).max()
    order = np.argsort(places.real, kind="stable")
    run = np.cumsum(np.diff(places.real[order], prepend=-np.inf) > near)        # of one frequency
    inner = np.lexsort((-places.imag[order], run))
    order, run = order[inner], run[inner]
    new = (np.diff(run, prepend=-1) > 0) | (abs(np.diff(places.imag[order], prepend=np.inf)) > near)
    line = np.cumsum(new) - 1
    first = order[new]
    found = np.zeros(len(first), dtype=kind)
    found["frequency"], found["half_width"] = places.real[first], 0.0 - places.imag[first]
    np.add.at(found["weight"], line, weights[order])
    return np.sort(found, order=["frequency", "half_width"])
