"""Levels and populations of a stationary state, in one basis."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.algebra.fields import ByFields
from qllg_sym.errors import StateError

Array = NDArray[Any]
SAME = 1e-10            # levels nearer than this, in parts of the spread of all, count as one
MOVES = 1e-8            # ‖[ρ, H]‖ of a stationary state at most, in parts of the spread of H times ‖ρ‖


@dataclass(frozen=True)
class Stationary(ByFields):
    """A basis in which H and ρ are diagonal.

    Attributes:
        levels: of H/ħ, ascending, (d,); those that count as one are equal.
        populations: of ρ, (d,).
        basis: columns, (d, d).
        residual: ‖[ρ, H/ħ]‖, of what was given.
    """

    levels: Array
    populations: Array
    basis: Array
    residual: float

    def elements(self, operator: Array) -> Array:
        """Return ⟨j|O|k⟩, (d, d)."""
        return np.asarray(self.basis.conj().T @ operator @ self.basis)


def stationary(rho: Array, h: Array) -> Stationary:
    """Return levels and populations.

    Args:
        rho: density matrix, (d, d).
        h: H/ħ, (d, d).

    Raises:
        StateError: [ρ, H] ≠ 0.

    >>> found = stationary(np.diag([0.25, 0.75]), np.diag([1.0, -1.0]))
    >>> found.levels.tolist(), found.populations.tolist()
    ([-1.0, 1.0], [0.75, 0.25])
    """
    levels, basis = np.linalg.eigh(h)
    spread = float(levels[-1] - levels[0])
    residual = float(np.linalg.norm(rho @ h - h @ rho))
    if residual > MOVES * spread * float(np.linalg.norm(rho)):
        raise StateError(f"`state` must be stationary, but ‖[ρ, H]‖/ħ is {residual:.3g}, where H/ħ has the spread "
                         f"{spread:.3g}; take an eigenstate or a mixture of them, such as states.thermal(model, 1).")
    basis, populations = basis.astype(complex), np.empty(len(levels))
    cuts = [0, *(1 + np.nonzero(np.diff(levels) > SAME * spread)[0]), len(levels)]
    for begin, end in pairwise(cuts):
        own = basis[:, begin:end]
        populations[begin:end], turn = np.linalg.eigh(own.conj().T @ rho @ own)
        basis[:, begin:end] = own @ turn
        levels[begin:end] = levels[begin:end].mean()
    return Stationary(levels, populations, basis, residual)
