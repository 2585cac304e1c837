r"""How errors grow with the motion of a frame: a random one is taken along, and estimates the digits that are left.

U + ε a b† becomes E(U + ε a b†)R = U' + ε (E a)(R†b)†, U' = E U R the new columns: two vectors suffice. What of
E a lies along U' changes no state.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular

from qllg_sym.flow.results.digits import digits

Array = NDArray[Any]


class FrameError:
    """A small error on its way, from a seed.

    Args:
        modes: rows of the frame.
        filled: its columns.

    >>> growth = FrameError(2, 1)
    >>> growth.error = np.array([0, 1], dtype=complex)
    >>> growth.step(growth.error * np.exp(10), np.eye(2, 1), [np.eye(1) * np.exp(-10)]); round(np.log(growth.largest))
    20
    """

    def __init__(self, modes: int, filled: int) -> None:
        self._random, self._shape = np.random.default_rng(0), (modes, filled)
        self.largest = 1.0
        self._begin()

    def _begin(self) -> None:
        """Another error of size 1."""
        self.size = 1.0
        self.error, self._column = (_unit(self._random, n) for n in self._shape)

    def step(self, moved: Array, frame: Array, factors: Sequence[Array]) -> None:
        """Go one step.

        Args:
            moved: E a.
            frame: U'.
            factors: upper triangular, 1/R from right to left.
        """
        if not all(self._shape):
            return
        moved = moved - frame @ (frame.conj().T @ moved)
        column = self._column
        for factor in factors:
            column = solve_triangular(factor, column, trans="C", check_finite=False)
        sizes = float(np.linalg.norm(moved)), float(np.linalg.norm(column))
        self.size *= sizes[0] * sizes[1]
        if self.size * self._shape[0] * self._shape[1] < 1:     # what might still grow was part of it, and has not
            self._begin()
            return
        self.error, self._column = moved / sizes[0], column / sizes[1]
        self.largest = max(self.largest, self.size)

    @property
    def digits(self) -> float:
        """About how many digits rounding has left."""
        return digits(float(np.finfo(float).eps) * self.largest)


def _unit(random: np.random.Generator, size: int) -> Array:
    """A random vector of length one."""
    found = random.normal(size=size) + 1j * random.normal(size=size)
    return np.asarray(found / max(float(np.linalg.norm(found)), 1.0))
