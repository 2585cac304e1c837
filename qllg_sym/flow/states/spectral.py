"""Thermal and ground states: from the whole spectrum of H where d is small, from its lowest levels where it is not."""

from dataclasses import dataclass
from importlib import import_module
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
    exponents = -beta * energies
    factors = np.exp(exponents - exponents.max())
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
    them together weigh (d − k) times its factor at most.

    Raises:
        StateError: that is more than 1e-10, or the method did not converge.
        InputError: the kets that the method needs do not fit into memory.
    """
    turned = Frozen(frozen.action, frozen.t, frozen.hbar, 1 if beta > 0 else -1)
    dimension, count = frozen.action.dimension, 4
    while True:
        energies, kets = _levels(turned, count)
        (next_one,), _ = _levels(turned, 1, kets, accuracy=CLOSE / 10)
        rest = next_one - energies[0] - CLOSE * frozen.size
        left_out = dimension * float(np.exp(-abs(beta) * rest))
        if left_out <= NEGLECTED:
            return boltzmann(energies, abs(beta)), kets
        if 2 * count > MOST_LEVELS:
            raise StateError(f"`beta` must leave all but {count} of {dimension} levels a weight below {NEGLECTED:g}, "
                             f"but they may have {min(left_out, 1.0):.2g}; take a larger |β| or a smaller space.")
        count *= 2


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
