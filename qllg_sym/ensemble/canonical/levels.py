"""EnergyLevels of H, each with its multiplicity: in doubles, in digits of mpmath, or enclosed by balls."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import mpmath
import numpy as np
import sympy as sp
from numpy.typing import NDArray

from qllg_sym.flow.exact.digits import evaluated

Array = NDArray[Any]
# Levels nearer than this, in parts of the spread of all, count as one: the integral is symmetric in them and smooth, so
# that this changes it in the second order.
SAME = 1e-12


@dataclass(frozen=True)
class EnergyLevels:
    """EnergyLevels of a Hermitian matrix.

    Attributes:
        values: distinct ones, ascending.
        counts: how often each occurs.
        vectors: their eigenvectors as columns, (d, d), in this order.
    """

    values: Sequence[Any]
    counts: Sequence[int]
    vectors: Array

    def repeated(self, numbers: Sequence[Any]) -> list[Any]:
        """Return a number a level as one a state."""
        return [x for x, n in zip(numbers, self.counts, strict=True) for _ in range(n)]


def levels_of_matrix(matrix: Any, digits: int | None = None) -> EnergyLevels:
    """Return the levels of a Hermitian matrix.

    Args:
        matrix: an array of doubles, or an exact matrix where digits are asked for.
        digits: of mpmath; None for doubles.

    >>> found = levels_of_matrix(np.diag([1.0, 0.0, 1.0])); found.values, found.counts
    ([0.0, 1.0], [1, 2])
    """
    if digits is None:
        values, vectors = np.linalg.eigh(matrix)
        numbers: list[Any] = values.tolist()
        return EnergyLevels(*distinct(numbers, SAME), vectors)
    with mpmath.workdps(digits):
        found, columns = mpmath.eighe(mpmath.matrix(evaluated(sp.Matrix(matrix)).tolist()))
        near = mpmath.mpf(10)**-(digits // 2)
        return EnergyLevels(*distinct(list(found), near), np.array(columns.tolist(), dtype=object))


def distinct(values: Sequence[Any], near: Any) -> tuple[list[Any], list[int]]:
    """Return ascending numbers as distinct ones, the middle of those that are near, with how many each stands for."""
    cuts = [i + 1 for i, (x, y) in enumerate(pairwise(values)) if y - x > near * (values[-1] - values[0])]
    edges = list(pairwise([0, *cuts, len(values)]))
    return [sum(values[i:j]) / (j - i) for i, j in edges], [j - i for i, j in edges]
