"""Means and variances of sums of operators on windows in a matrix product state."""

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow.mps.matrix_product import MatrixProductState

Array = NDArray[Any]


def windowed(state: MatrixProductState, width: int) -> list[Array]:
    """Return the density matrices of all windows of so many sites.

    >>> windowed(MatrixProductState.product([[1, 0]] * 3), 2)[1].real.diagonal().tolist()
    [1.0, 0.0, 0.0, 0.0]
    """
    found = []
    for k in range(len(state) - width + 1):
        theta = state.theta(k, width)
        matrix = theta.transpose(1, 0, 2).reshape(theta.shape[1], -1)
        found.append(matrix @ matrix.conj().T)
    return found


def expected(state: MatrixProductState, operators: Sequence[Array], width: int) -> float:
    """Return the expectation of a sum of Hermitian operators on windows.

    >>> z = np.diag([1.0, 0, 0, -1])
    >>> expected(MatrixProductState.product([[1, 0]] * 3), [z, z], 2)
    2.0
    """
    return float(sum(np.vdot(h, rho).real for h, rho in zip(operators, windowed(state, width), strict=True)))


def variance_of(state: MatrixProductState, operators: Sequence[Array], width: int) -> float:
    """Return ⟨H²⟩ − ⟨H⟩² of a sum of operators on windows.

    Those that overlap are taken together, others through the tensors between them.

    >>> x = np.kron([[0, 1], [1, 0]], np.eye(2))
    >>> round(variance_of(MatrixProductState.product([[1, 0]] * 3), [x, x], 2), 12)
    2.0
    """
    centred = [h - np.vdot(h, rho) * np.eye(len(h))
               for h, rho in zip(operators, windowed(state, width), strict=True)]
    total, passed = 0.0, np.zeros((1, 1), dtype=complex)
    for k in range(len(state)):
        if k < len(centred):
            total += _near(state, centred, k, width) + 2 * _far(state, centred[k], passed, k, width)
        passed = _through(state, passed, k)
        if k - width + 1 >= 0:
            passed = passed + _ended(state, centred[k - width + 1], k - width + 1, width)
    return max(total, 0.0)


def _near(state: MatrixProductState, operators: Sequence[Array], k: int, width: int) -> float:
    """Return Σ_j ⟨{h_k, h_j}⟩ of the windows j > k that overlap with window k, and ⟨h_k²⟩."""
    last = min(k + width - 1, len(operators) - 1)
    theta = state.theta(k, last - k + width)
    sites = state.dims[k:last + width]
    image = _acting(operators[k], theta, 0, sites)
    total = float(np.vdot(image, image).real)
    for j in range(k + 1, last + 1):
        total += 2 * float(np.vdot(image, _acting(operators[j], theta, j - k, sites)).real)
    return total


def _acting(operator: Array, theta: Array, at: int, sites: Sequence[int]) -> Array:
    """Return an operator on a window inside theta, applied."""
    before, size = prod(sites[:at]), len(operator)
    shaped = theta.reshape(theta.shape[0] * before, size, -1)
    return np.einsum("ij,ajb->aib", operator, shaped, optimize=True).reshape(theta.shape)


def _far(state: MatrixProductState, operator: Array, passed: Array, k: int, width: int) -> float:
    """Return ⟨L h_k⟩, L the operators that ended left of site k, as a matrix (bra, ket) of the bond."""
    theta = state.tensors[k]
    for tensor in state.tensors[k + 1:k + width]:
        theta = np.tensordot(theta, tensor, axes=1).reshape(len(theta), -1, tensor.shape[2])
    moved = np.tensordot(passed, np.einsum("ij,ajb->aib", operator, theta, optimize=True), axes=1)
    return float(np.vdot(theta, moved).real)


def _through(state: MatrixProductState, passed: Array, k: int) -> Array:
    """Return a matrix (bra, ket) of the bond left of a site as one of the bond right of it."""
    tensor = state.tensors[k]
    return np.tensordot(tensor.conj(), np.tensordot(passed, tensor, axes=1), axes=((0, 1), (0, 1)))


def _ended(state: MatrixProductState, operator: Array, k: int, width: int) -> Array:
    """Return the operator on a window as a matrix (bra, ket) of the bond on its right."""
    theta = state.theta(k, width)
    image = np.einsum("ij,ajb->aib", operator, theta, optimize=True)
    return np.tensordot(theta.conj(), image, axes=((0, 1), (0, 1)))
