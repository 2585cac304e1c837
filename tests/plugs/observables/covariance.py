"""A newcomer's observable of two operators."""

import numpy as np
from numpy.typing import NDArray

from qllg_sym.observables.arguments import Operator
from qllg_sym.observables.ensemble import Ensemble
from qllg_sym.observables.operators import check_operator

EXAMPLE = (np.diag([1.0, -1.0, -1.0, 1.0]), np.array([[0.0, 0, 0, 1j], [0, 0, 1, 0], [0, 1, 0, 0], [-1j, 0, 0, 0]]))


def covariance(ensemble: Ensemble, a: Operator, b: Operator) -> NDArray[np.float64]:
    r"""Return $\tfrac12\langle AB + BA\rangle - \langle A\rangle\langle B\rangle$ of two Hermitian operators.

    Definition:
        tr(rho @ (a @ b + b @ a)) / 2 - tr(rho @ a) * tr(rho @ b)

    Args:
        ensemble: the states at n times.
        a: Hermitian A, (d, d).
        b: Hermitian B, (d, d).

    Returns:
        Array (n,), in the units of A times those of B.

    Raises:
        InputError: an operator is no (d, d) matrix.

    >>> covariance(Ensemble((2,), density=[[[1, 0], [0, 0]]]), np.eye(2), np.eye(2)).tolist()
    [0.0]
    """
    a, b = (check_operator(op, ensemble.dimension) for op in (a, b))
    mean = [ensemble.expectation(op).real for op in (a, b)]
    both = np.array([np.trace(a @ (b @ rho)).real for rho in ensemble.density()])
    return np.asarray(both - mean[0] * mean[1])
