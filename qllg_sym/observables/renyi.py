"""Rényi entropies of the states."""

import math
from numbers import Real

import numpy as np
from numpy.typing import NDArray

from qllg_sym.errors import InputError, InputTypeError
from qllg_sym.observables.ensemble import Ensemble
from qllg_sym.observables.spectrum import levels

EXAMPLE = (2,)
_ZERO = 1e-10  # the accuracy with which positivity of a state is accepted
_NEAR_ONE = 0.01


def renyi(ensemble: Ensemble, order: float) -> NDArray[np.float64]:
    r"""Return $S_\alpha = \ln(\mathrm{Tr}\,\rho^\alpha)/(1-\alpha)$, all of them constants of motion of PRL eq. 3.

    Order 1 is von Neumann's −Tr ρ ln ρ, order 0 the logarithm of the rank, `math.inf` −ln of the largest eigenvalue.
    With kets only their r levels and the background's multiplicity enter, never d numbers.

    Definition:
        log(sum(eig(rho) ** order)) / (1 - order)

    Args:
        ensemble: the states at n times, of trace one.
        order: α ≥ 0. Below order 1, eigenvalues under 1e-10 of the largest count as zero: a power of rounding would
            not be small.

    Returns:
        Array (n,), natural logarithm, from 0 (pure) to ln d.

    Raises:
        InputError: the order is negative or NaN.

    >>> mixed = Ensemble((2,), density=[[[0.5, 0], [0, 0.5]]])
    >>> [renyi(mixed, order).round(12).tolist() for order in (0, 1, 2, math.inf)]
    [[0.69314718056], [0.69314718056], [0.69314718056], [0.69314718056]]
    """
    order = check_order(order)
    p = levels(ensemble)
    return entropy_of(p, order, ensemble.background, ensemble.dimension - p.shape[1])


def check_order(order: object) -> float:
    """Return the order of an entropy once it is known to be a number from 0 to infinity.

    >>> check_order(2)
    2.0
    """
    if isinstance(order, bool) or not isinstance(order, Real):
        raise InputTypeError(f"`order` must be a real number, but is {order!r}; give 1 for von Neumann's entropy.")
    if not float(order) >= 0:
        raise InputError(f"`order` must be at least 0, but is {order}; give 1 for von Neumann's entropy.")
    return float(order)


def entropy_of(
    levels: NDArray[np.float64], order: float, background: float = 0.0, multiplicity: int = 0
) -> NDArray[np.float64]:
    """Return the Rényi entropy of probabilities.

    Args:
        levels: (n, m); negative ones, which only rounding makes, count as zero.
        order: from 0 to infinity.
        background: a further probability, at all times.
        multiplicity: how often it occurs.

    Returns:
        Array (n,), natural logarithm.

    >>> entropy_of(np.array([[0.5]]), 1, background=0.25, multiplicity=2) / np.log(2)
    array([1.5])
    """
    rest = np.full((len(levels), 1 if multiplicity else 0), background)
    p = np.maximum(np.concatenate([levels, rest], axis=1), 0)
    counts = np.ones(p.shape[1])
    counts[levels.shape[1] :] = multiplicity
    return _entropy(p, counts, order) + 0.0  # no minus zero


def _entropy(p: NDArray[np.float64], counts: NDArray[np.float64], order: float) -> NDArray[np.float64]:
    """Return the entropy of each row of non-negative p, each entry occurring `counts` times."""
    largest = p.max(axis=1, keepdims=True)
    if order < 1:
        p = np.where(p < _ZERO * largest, 0, p)
    if order == 0:
        return np.asarray(np.log((p > 0) @ counts))
    if math.isinf(order):
        return np.asarray(-np.log(largest[:, 0]))
    logarithm = np.log(p, out=np.zeros_like(p), where=p > 0)
    if order == 1:
        return np.asarray(-(p * logarithm) @ counts)
    if abs(order - 1) < _NEAR_ONE:  # Σp^α − 1 without cancellation, for Σp = 1
        return np.asarray(np.log1p((p * np.expm1((order - 1) * logarithm)) @ counts) / (1 - order))
    ratio = np.log((p / largest) ** order @ counts)  # no underflow of p^α at large α
    return np.asarray((order * np.log(largest[:, 0]) + ratio) / (1 - order))
