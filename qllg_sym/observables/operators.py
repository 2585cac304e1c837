"""Operators as observables take them: matrices, sparse matrices, and operators that have no matrix."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from qllg_sym.errors import InputError, InputTypeError

_HERMITIAN = 1e-12  # of the largest entry


class LinearMap(Protocol):
    """An operator on kets, once it is checked: an array, a sparse matrix, or one without a matrix."""

    @property
    def shape(self) -> tuple[int, ...]:
        """(d, d)."""

    def __matmul__(self, kets: NDArray[Any], /) -> Any:
        """Return O · kets."""


@dataclass(frozen=True, eq=False)
class MatrixFree:
    """An operator known by what it does to kets, as SciPy's `LinearOperator`, with its traces besides.

    Attributes:
        dimension: d.
        matmat: function of kets (d, m), complex and contiguous, that returns as many, fresh.
        traces: function that returns Tr O, and Tr O² of a Hermitian O, where they are known.
        hermitian: whether it is.

    >>> flip = MatrixFree(2, lambda kets: kets[::-1].copy(), lambda: (0.0, 2.0))
    >>> (flip @ np.array([[1], [0]])).tolist(), flip.shape
    ([[0], [1]], (2, 2))
    """

    dimension: int
    matmat: Callable[[NDArray[Any]], NDArray[Any]]
    traces: Callable[[], tuple[complex, float]] | None = None
    hermitian: bool = True

    @property
    def shape(self) -> tuple[int, int]:
        """(d, d)."""
        return self.dimension, self.dimension

    def __matmul__(self, kets: NDArray[Any]) -> NDArray[Any]:
        """Return O · kets, (d, m)."""
        return self.matmat(np.ascontiguousarray(kets))


def check_operator(op: Any, dimension: int) -> LinearMap:
    """Return op as something with `@` on kets (d, m), once it is known to act on the whole space.

    Args:
        op: (d, d): an array, a SciPy sparse matrix or `LinearOperator`, `MatrixFree`, or an object with `.full()`
            (QuTiP's Qobj).
        dimension: d.

    Raises:
        InputError: op is not (d, d), or a matrix with NaN or infinity.
        InputTypeError: op is not a matrix of numbers.

    >>> check_operator([[1, 0], [0, -1]], 2).dtype
    dtype('complex128')
    """
    if not hasattr(op, "tocsr") and not _matrix_free(op):
        try:
            if op is None:
                raise TypeError("None would become NaN")
            op = np.asarray(op.full() if hasattr(op, "full") else op, dtype=np.complex128)
        except (TypeError, ValueError):
            raise InputTypeError(
                f"`op` must be a {dimension} × {dimension} matrix of numbers, but is of type {type(op).__name__}; "
                "give an array or a Qobj."
            ) from None
    op = op.tocsr() if hasattr(op, "tocsr") else op
    if op.shape != (dimension, dimension):
        raise InputError(f"`op` must have shape ({dimension}, {dimension}), not {op.shape}; act on the whole space.")
    if not _matrix_free(op) and not np.isfinite(op.sum()):
        raise InputError("`op` must have finite entries, but holds NaN or infinity; check how it was made.")
    return op


def is_hermitian(op: Any) -> bool:
    """Return whether op is Hermitian within rounding; one without a matrix says so itself, by `hermitian`.

    >>> is_hermitian(np.array([[0, 1j], [-1j, 0]])), is_hermitian(np.array([[0, 1], [0, 0]]))
    (True, False)
    """
    if _matrix_free(op):
        return bool(getattr(op, "hermitian", False))
    return bool(abs(op - op.conj().T).max() <= _HERMITIAN * abs(op).max())


def trace_of(op: Any, power: int = 1) -> Any:
    """Return Tr op or Tr op².

    Raises:
        InputError: an operator without a matrix does not know its traces.

    >>> trace_of(np.diag([1, 2])), trace_of(np.diag([1, 2]), power=2)
    (np.int64(3), np.int64(5))
    """
    if _matrix_free(op):
        if (traces := getattr(op, "traces", None)) is None:
            raise InputError(
                f"`op` must have a matrix where the state has a background, but {type(op).__name__} acts by a function "
                "alone; give a sparse matrix or a model."
            )
        return traces()[power - 1]
    return op.trace() if power == 1 else (op * op.T).sum() if isinstance(op, np.ndarray) else op.multiply(op.T).sum()


def _matrix_free(op: Any) -> bool:
    """Return whether op acts by a function alone, as SciPy's LinearOperator does."""
    return hasattr(op, "matmat")
