"""Expectation value of any operator."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.observables.arguments import Operator
from qllg_sym.observables.ensemble import Ensemble
from qllg_sym.observables.operators import check_operator, is_hermitian

EXAMPLE = (np.diag([1.0, -1.0, -1.0, 1.0]),)


def expectation(ensemble: Ensemble, op: Operator) -> NDArray[Any]:
    r"""Return $\mathrm{Tr}\,\rho(t)\,O$.

    Definition:
        tr(rho @ op)

    Args:
        ensemble: the states at n times.
        op: O, (d, d): an array, a SciPy sparse matrix or `LinearOperator`, or an object with `.full()` (QuTiP's Qobj);
            any units. A trajectory also takes a term such as `Pauli(1, "ZIZ")`, an expression in spins such as
            `space.spin(0).plus`, sums and lists of these, {"ZIZ": 1}, or a model, in the model's units (for γ_g ≠ 1
            give a model), with `values` for their parameters.

    Returns:
        Array (n,) in the units of op: real for a Hermitian op, else complex.

    Raises:
        InputError: op is not a finite (d, d) matrix, or has neither a matrix nor a trace where one is needed.
        InputTypeError: op is not a matrix of numbers.

    >>> expectation(Ensemble((2,), density=[[[1, 0], [0, 0]]]), [[1, 0], [0, -1]]).tolist()
    [1.0]
    """
    op = check_operator(op, ensemble.dimension)
    values = ensemble.expectation(op)
    return values.real if is_hermitian(op) else values
