"""Mutual information of two parts."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qllg_sym.errors import InputError
from qllg_sym.observables.ensemble import Ensemble
from qllg_sym.observables.entanglement import part_entropy
from qllg_sym.observables.renyi import renyi
from qllg_sym.observables.sites import check_sites

EXAMPLE = (0, 1)


def mutual_information(ensemble: Ensemble, a: int | Sequence[int], b: int | Sequence[int]) -> NDArray[np.float64]:
    r"""Return $I = S(\rho_A) + S(\rho_B) - S(\rho_{AB})$ with von Neumann's entropies: 0 iff $\rho_{AB}$ is a product.

    It counts every correlation, classical ones too; of a pure state and its two halves it is twice the entanglement.

    Definition:
        entropy = [-sum(p * log(p) for p in eig(part(rho, x)) if p > 0) for x in ((a,), (b,), (a, b))]
        entropy[0] + entropy[1] - entropy[2]

    Args:
        ensemble: the states at n times, of trace one.
        a: one site or several different ones.
        b: other sites; the two need not make up everything.

    Returns:
        Array (n,), natural logarithm, at least 0 but for rounding.

    Raises:
        InputError: a site does not exist or is named twice, or a part is empty.

    >>> bell = Ensemble((2, 2), kets=[[[0.5**0.5], [0], [0], [0.5**0.5]]], weights=[1])
    >>> mutual_information(bell, 0, 1) / np.log(2)
    array([2.])
    """
    sites = len(ensemble.dims)
    first, second = check_sites(a, sites, "a"), check_sites(b, sites, "b")
    if common := set(first) & set(second):
        raise InputError(f"`a` and `b` must have no site in common, but share {sorted(common)}; name it once.")
    both = first + second
    joint = renyi(ensemble, 1) if len(both) == sites else part_entropy(ensemble, both)
    return np.asarray(part_entropy(ensemble, first) + part_entropy(ensemble, second) - joint)
