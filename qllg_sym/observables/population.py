"""Probability to be found in a space of kets, such as a degenerate ground space."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.errors import InputError, InputTypeError
from qllg_sym.observables.ensemble import Ensemble

EXAMPLE = ([[0.6, 0.0], [0.0, 1.0], [0.8j, 1.0], [0.0, 0.0]],)
_DEPENDENT = 1e-10  # of the largest: a smaller singular value of the kets says that they are linearly dependent


def population(ensemble: Ensemble, kets: Any) -> NDArray[np.float64]:
    r"""Return $\mathrm{Tr}\,\rho(t) P$, P the projector on the span of some kets: how much of ρ lies in it.

    With the eigenkets of a degenerate lowest level it says how far the ground space is reached, where `fidelity` with
    one ground state would depend on its choice. For one ket the two are the same.

    Definition:
        tr(rho @ kets @ np.linalg.inv(np.conj(np.transpose(kets)) @ kets) @ np.conj(np.transpose(kets)))

    Args:
        ensemble: the states at n times.
        kets: (d,), or columns (d, m), linearly independent; neither orthogonal nor normalised.

    Returns:
        Array (n,), dimensionless, from 0 to 1.

    Raises:
        InputError: the kets are of another dimension, not finite, or linearly dependent.
        InputTypeError: the kets are no array of numbers.

    >>> up_down = Ensemble((2, 2), kets=[[[0], [1], [0], [0]]], weights=[1])
    >>> population(up_down, [[0, 0], [1, 1], [1, -1], [0, 0]]).round(12).tolist()
    [1.0]
    """
    frame = _frame(kets, ensemble.dimension)
    return np.concatenate([_population(block, frame) for block in ensemble.blocks()])


def _population(block: Ensemble, frame: NDArray[np.complex128]) -> NDArray[np.float64]:
    """Return Tr ρP at a few times, P = FF†."""
    if block.weighted is None:
        return np.asarray(np.einsum("dm,ndm->n", frame.conj(), block.density() @ frame).real)
    kets, weights = block.weighted
    inside = np.sum(np.abs(frame.conj().T @ kets) ** 2, axis=1) @ weights
    return np.asarray(inside + block.background * frame.shape[1])


def _frame(kets: Any, dimension: int) -> NDArray[np.complex128]:
    """Return an orthonormal basis of the span, (d, m)."""
    try:
        array = np.asarray(kets.full() if hasattr(kets, "full") else kets, dtype=np.complex128)
    except (TypeError, ValueError):
        raise InputTypeError(
            f"`kets` must be an array of numbers, but is of type {type(kets).__name__}; give columns ({dimension}, m)."
        ) from None
    columns = array[:, None] if array.ndim == 1 else array
    if columns.ndim != 2 or len(columns) != dimension or not 1 <= columns.shape[1] <= dimension:
        raise InputError(f"`kets` must have shape ({dimension}, m), but have {array.shape}; give one ket a column.")
    if not np.all(np.isfinite(columns)):
        raise InputError("`kets` must be finite, but hold NaN or infinity; check how they were made.")
    frame, upper = np.linalg.qr(columns)
    sizes = np.linalg.svd(upper, compute_uv=False)
    if sizes[-1] <= _DEPENDENT * sizes[0]:
        raise InputError(
            f"`kets` must be linearly independent, but span fewer than {columns.shape[1]} dimensions; leave some out."
        )
    return np.asarray(frame)
