"""Thermal and ground states: from the whole spectrum of H where d is small, from its lowest levels where it is not."""

from collections.abc import Callable
from dataclasses import dataclass
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.errors import StateError
from qllg_sym.flow.hamiltonians.action import Action
from qllg_sym.flow.states.sectors import MOST_LEVELS, Sectors
from qllg_sym.observables.storage import available_memory, require_memory

Array = NDArray[Any]
Refusal = Callable[[int], StateError]
NEGLECTED = 1e-10       # the weight of all levels that a thermal state may leave out
DEGENERATE = 1e-12      # of the width of the spectrum: levels closer than this are one, where all are known to rounding
CLOSE = 1e-9            # the same for levels that Lanczos' method finds
MOST_ENTRIES = 1 << 25  # of H as a sparse matrix: 400 MB


@dataclass(frozen=True)
class Frozen:
    """H of a model at one time, as an action on kets in the model's units.

    Attributes:
        action: H/ħ.
        t: the time.
        hbar: ħ.
        sign: −1 to turn the spectrum over.
    """

    action: Action
    t: float
    hbar: float
    sign: int = 1

    def apply(self, kets: Array) -> Array:
        """Return ±H · kets, (d,) or (d, r)."""
        return self.sign * self.hbar * self.action.apply(kets, self.t)

    def matrix(self) -> Any:
        """Return ±H as a sparse matrix (d, d)."""
        return self.sign * self.hbar * self.action.matrix(self.t)

    @property
    def bounds(self) -> tuple[float, float]:
        """An interval that holds the spectrum of ±H."""
        low, high = (self.sign * self.hbar * bound for bound in self.action.bounds(self.t))
        return min(low, high), max(low, high)


def ground_ket(energies: Array, vectors: Array) -> Array:
    """Return the ground ket (d, 1) of a diagonalised H, energies ascending.

    Raises:
        StateError: it is degenerate.

    >>> ground_ket(np.array([-1.0, 1.0]), np.eye(2)).tolist()
    [[1.0], [0.0]]
    """
    if len(energies) > 1:
        rounding = 4 * np.finfo(float).eps * abs(energies).max()
        if energies[1] - energies[0] <= max(DEGENERATE * (energies[-1] - energies[0]), rounding):
            raise _degenerate()
    return vectors[:, :1]


def boltzmann(energies: Array, beta: float) -> Array:
    """Return exp(−βE)/Z, (d,), for any finite β.

    >>> boltzmann(np.array([0.0, 1e6]), 1.0).tolist()
    [1.0, 0.0]
    """
    with np.errstate(over="ignore"):        # of an exponent that is −∞ then
        factors = np.exp(-beta * (energies - (energies.min() if beta > 0 else energies.max())))
    return np.asarray(factors / factors.sum())


def ground_at_size(frozen: Frozen) -> Array:
    """Return the ground ket (d, 1), where no second level lies as low.

    Raises:
        StateError: it is degenerate, or that cannot be told.
        InputError: the kets that the method needs do not fit into memory.
    """
    require_memory("kets", (1, frozen.action.dimension), "take fewer sites, or method=\"gaussian\" or \"mps\"")
    low, high = frozen.bounds
    if low == high:                 # H = 0
        raise _degenerate()
    rounding = 4 * np.finfo(float).eps * max(abs(low), abs(high))       # of the levels themselves, in H = c·1 all
    energies, kets = _near_lowest(frozen, max(CLOSE * (high - low), rounding), lambda _: _degenerate())
    if len(energies) > 1:
        raise _degenerate()
    return kets


def thermal_at_size(frozen: Frozen, beta: float) -> tuple[Array, Array]:
    """Return weights (k,) and kets (d, k) of exp(−βH)/Z from its lowest levels.

    Every level left out lies so far above the lowest one that all of them together weigh less than d times its factor.

    Raises:
        StateError: there are too many levels for that.
        InputError: the kets that the method needs do not fit into memory.
    """
    turned = Frozen(frozen.action, frozen.t, frozen.hbar, 1 if beta > 0 else -1)
    dimension = frozen.action.dimension
    needed = log(dimension / NEGLECTED) / abs(beta)                             # above the lowest level
    energies, kets = _near_lowest(turned, needed, lambda count: _too_hot(count, dimension, needed))
    return boltzmann(energies, abs(beta)), kets


def _near_lowest(frozen: Frozen, needed: float, too_many: Refusal) -> tuple[Array, Array]:
    """Return all levels less than `needed` above the lowest one, ascending (k,), and their kets (d, k)."""
    dimension, (low, high) = frozen.action.dimension, frozen.bounds
    _refuse_beyond_memory(frozen, low, needed, too_many)
    if frozen.action.entries <= MOST_ENTRIES:
        sectors = Sectors.of(frozen.matrix(), high - low)
    else:
        require_memory("kets", (64, dimension), "take fewer sites, or give a ket")
        sectors = Sectors.whole(frozen.apply, dimension, high - low)
    limit = sectors.lowest() + needed
    parts = []
    for sector in sectors.large:
        levels = sector.below(limit)
        if levels.trouble == "many":
            raise too_many(levels.count)
        if levels.trouble == "close":
            raise StateError("`state` must have levels far enough apart for Lanczos' method at this size, but some of "
                             "this model's nearly agree; give a ket, or take fewer sites.")
        parts.append((levels.energies, sector.states, levels.kets))
    parts += sectors.small_below(limit)
    return _assembled(parts, dimension, needed)


def _assembled(parts: list[tuple[Array, Array, Array]], dimension: int, needed: float) -> tuple[Array, Array]:
    """Return the levels of all sectors that lie low enough, ascending, and their kets on the whole space."""
    energies = np.concatenate([part[0] for part in parts])
    chosen = np.flatnonzero(energies < energies.min() + needed)
    chosen = chosen[np.argsort(energies[chosen], kind="stable")]
    require_memory("kets", (2 * len(chosen), dimension), "take fewer sites, or a larger |β|")
    place = np.full(len(energies), -1)
    place[chosen] = np.arange(len(chosen))
    kets, first = np.zeros((dimension, len(chosen)), dtype=complex), 0
    for own, states, vectors in parts:
        columns = place[first:first + len(own)]
        kept = columns >= 0
        rows = states[kept].T if states.ndim == 2 else states[:, None]      # of each level, or of all of them
        kets[rows, columns[kept]] = vectors[:, kept]
        first += len(own)
    return energies[chosen], kets


def at_least(dimension: int, height: float, spread: float) -> float:
    """Return how many levels lie at least below `height` > 0 above their mean: Cantelli's inequality.

    >>> at_least(100, 2.0, 1.0)
    80.0
    """
    return dimension * (1 - spread**2 / (spread**2 + height * height))


def _refuse_beyond_memory(frozen: Frozen, low: float, needed: float, too_many: Refusal) -> None:
    """Refuse at once where the kets of the levels that surely lie so low do not fit into memory."""
    action, memory = frozen.action, available_memory()
    height = low + needed - frozen.sign * frozen.hbar * action.trace(frozen.t) / action.dimension
    if memory is None or height <= 0:
        return
    deviation = frozen.hbar * action.spread(frozen.t)
    count = action.dimension if height > 1e100 * deviation else at_least(action.dimension, height, deviation)
    if 32 * count * action.dimension > memory:
        raise too_many(int(count))


def _too_hot(count: int, dimension: int, needed: float) -> StateError:
    """Return the error for a thermal state of too many levels."""
    return StateError(f"`beta` must leave all but {MOST_LEVELS} of {dimension} levels a weight below {NEGLECTED:g}, "
                      f"but about {count} or more lie less than {needed:.3g} above the lowest one; take a larger |β| "
                      "or a smaller space.")


def _degenerate() -> StateError:
    """Return the error for a ground state that is not unique."""
    return StateError("`ground` must have a unique ground state, but the lowest level of this model is degenerate; "
                      "give a ket, or thermal(model, beta).")
