"""Thermal and ground states: from the whole spectrum of H where d is small, from its lowest levels where it is not."""

from dataclasses import dataclass
from importlib import import_module
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.errors import StateError
from qllg_sym.flow.hamiltonians.action import Action
from qllg_sym.observables.storage import require_memory

Array = NDArray[Any]
NEGLECTED = 1e-10       # the weight of all levels that a thermal state may leave out
DEGENERATE = 1e-12      # of the largest |E|: levels closer than this are one, where all are known to rounding
CLOSE = 1e-9            # the same for levels that Lanczos' method finds
ROUGH = 1e-3            # the same for one that need not be known well
MOST_LEVELS = 64
_linalg: Any = import_module("scipy.sparse.linalg")


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

    def apply(self, ket: Array) -> Array:
        """Return ±H · ket, (d,)."""
        return self.sign * self.hbar * self.action.apply(ket, self.t)

    @property
    def size(self) -> float:
        """A bound of the largest |E|, at least 1."""
        return max(1.0, self.hbar * self.action.norm_bound(self.t))


def ground(energies: Array, vectors: Array) -> Array:
    """Return the ground ket (d, 1) of a diagonalised H, energies ascending.

    Raises:
        StateError: it is degenerate.

    >>> ground(np.array([-1.0, 1.0]), np.eye(2)).tolist()
    [[1.0], [0.0]]
    """
    if len(energies) > 1 and energies[1] - energies[0] <= DEGENERATE * max(1.0, abs(energies[-1] - energies[0])):
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
    """Return the ground ket (d, 1) by Lanczos' method; a second run above it says whether it is the only one.

    Raises:
        StateError: it is degenerate, or the method did not converge.
        InputError: the kets that the method needs do not fit into memory.
    """
    (lowest,), ket = _levels(frozen, 1)
    (second,), _ = _levels(frozen, 1, ket, accuracy=CLOSE / 10)
    if second - lowest <= CLOSE * frozen.size:
        raise _degenerate()
    return ket


def thermal_at_size(frozen: Frozen, beta: float) -> tuple[Array, Array]:
    """Return weights (k,) and kets (d, k) of exp(−βH)/Z from its lowest levels alone.

    Every level left out lies above the lowest one that a run with the found ones lifted still finds, so that all of
    them together weigh less than d times its factor.

    Raises:
        StateError: that may be more than 1e-10, or the method did not converge.
        InputError: the kets that the method needs do not fit into memory.
    """
    turned = Frozen(frozen.action, frozen.t, frozen.hbar, 1 if beta > 0 else -1)
    dimension, count = frozen.action.dimension, 4
    needed = log(dimension / NEGLECTED) / abs(beta) + CLOSE * frozen.size      # above the lowest level
    _refuse_many_levels(turned, needed)
    while True:
        energies, kets = _levels(turned, count + 1)
        # The next level lies no higher than the one found beyond `count`; the slower run says whether it is lower.
        if energies[count] - energies[0] >= needed:
            (next_one,), _ = _levels(turned, 1, kets[:, :count], accuracy=CLOSE / 10)
            if next_one - energies[0] >= needed:
                return boltzmann(energies[:count], abs(beta)), kets[:, :count]
        if 2 * count > MOST_LEVELS:
            raise _too_hot(count, dimension, needed)
        count *= 2


def at_least(dimension: int, height: float, spread: float) -> float:
    """Return how many levels lie at least below `height` > 0 above their mean: Cantelli's inequality.

    >>> at_least(100, 2.0, 1.0)
    80.0
    """
    return dimension * (1 - spread**2 / (spread**2 + height * height))


def _refuse_many_levels(frozen: Frozen, needed: float) -> None:
    """Refuse at once where more levels than can be found surely lie less than `needed` above the lowest one."""
    action, (lowest,) = frozen.action, _levels(frozen, 1, accuracy=ROUGH)[0]
    mean = frozen.sign * frozen.hbar * action.trace(frozen.t) / action.dimension
    height = lowest - 10 * ROUGH * frozen.size + needed - mean
    if height > 0 and at_least(action.dimension, height, frozen.hbar * action.spread(frozen.t)) > MOST_LEVELS:
        raise _too_hot(MOST_LEVELS, action.dimension, needed)


def _too_hot(count: int, dimension: int, needed: float) -> StateError:
    """Return the error for a thermal state of too many levels."""
    return StateError(f"`beta` must leave all but {count} of {dimension} levels a weight below {NEGLECTED:g}, but more "
                      f"lie less than {needed:.3g} above the lowest one; take a larger |β| or a smaller space.")


def _levels(frozen: Frozen, count: int, lifted: Array | None = None, accuracy: float = 0.0) -> tuple[Array, Array]:
    """Return the lowest levels and their kets, ascending."""
    dimension = frozen.action.dimension
    basis = max(2 * count + 1, 12)
    require_memory("kets", (basis + count + 4, dimension), "take fewer sites, or give a ket")
    start = np.random.default_rng(0).normal(size=dimension).astype(complex)
    try:
        energies, kets = _linalg.eigsh(_operator(frozen, lifted), k=count, which="SA", v0=start, ncv=basis,
                                       tol=accuracy)
    except _linalg.ArpackError:
        raise StateError("`state` must be found by Lanczos' method at this size, but it did not converge for this "
                         "model; give a ket, or take fewer sites.") from None
    order = np.argsort(energies)
    return energies[order], np.linalg.qr(kets[:, order])[0]


def _operator(frozen: Frozen, lifted: Array | None) -> Any:
    """Return H as SciPy's eigensolvers take it, with some eigenkets lifted above all other levels."""
    height, dimension = 4 * frozen.size, frozen.action.dimension

    def image(ket: Array) -> Array:
        """Return the operator times a ket."""
        column = ket.reshape(-1)
        result = frozen.apply(column)
        return result if lifted is None else result + height * (lifted @ (lifted.conj().T @ column))
    return _linalg.LinearOperator((dimension, dimension), matvec=image, dtype=complex)


def _degenerate() -> StateError:
    """Return the error for a ground state that is not unique."""
    return StateError("`ground` must have a unique ground state, but the lowest level of this model is degenerate; "
                      "give a ket, or thermal(model, beta).")
