"""Expectation value of any operator."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.errors import InputError, InputTypeError
from qllg_sym.observables.ensemble import Ensemble

EXAMPLE = (np.diag([1.0, -1.0, -1.0, 1.0]),)
_HERMITIAN = 1e-12  # of the largest entry


def expectation(ensemble: Ensemble, op: Any) -> NDArray[Any]:
    r"""Return $\mathrm{Tr}\,\rho(t)\,O$.

    Args:
        ensemble: the states at n times.
        op: O, (d, d): an array, a SciPy sparse matrix, or an object with `.full()` (QuTiP's Qobj); any units.

    Returns:
        Array (n,) in the units of op: real for a Hermitian op, else complex.

    Raises:
        InputError: op is not a finite (d, d) matrix.
        InputTypeError: op is not a matrix of numbers.

    >>> expectation(Ensemble((2,), density=[[[1, 0], [0, 0]]]), [[1, 0], [0, -1]]).tolist()
    [1.0]
    """
    matrix = _matrix(op, ensemble.dimension)
    values = ensemble.expectation(matrix)
    scale, defect = abs(matrix).max(), abs(matrix - matrix.conj().T).max()
    return values.real if defect <= _HERMITIAN * scale else values


def _matrix(op: Any, dimension: int) -> Any:
    """Return op as a complex array or sparse matrix of the right shape."""
    if not hasattr(op, "tocsr"):
        try:
            op = np.asarray(op.full() if hasattr(op, "full") else op, dtype=np.complex128)
        except (TypeError, ValueError):
            raise InputTypeError(
                f"`op` must be a {dimension} × {dimension} matrix of numbers, but is of type {type(op).__name__}; "
                "give an array or a Qobj."
            ) from None
    if op.shape != (dimension, dimension):
        raise InputError(f"`op` must have shape ({dimension}, {dimension}), not {op.shape}; act on the whole space.")
    if not np.isfinite(op.sum()):
        raise InputError("`op` must have finite entries, but holds NaN or infinity; check how it was made.")
    return op
