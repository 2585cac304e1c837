"""Fidelity with a fixed state, such as the ground state."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.algebra.sector import sector_of
from qllg_sym.errors import InputError, InputTypeError
from qllg_sym.observables.arguments import State
from qllg_sym.observables.ensemble import Ensemble

EXAMPLE = ([0.6, 0.0, 0.8j, 0.0],)
_NORM = 1e-8  # what the trace of the target may differ from one


def fidelity(ensemble: Ensemble, state: State) -> NDArray[np.float64]:
    r"""Return Uhlmann's $F = \bigl(\mathrm{Tr}\sqrt{\sqrt\sigma\,\rho\,\sqrt\sigma}\bigr)^2$ of ρ(t) and a state σ.

    For a pure σ this is the probability ⟨ψ|ρ|ψ⟩; QuTiP's `fidelity` is √F. With kets everything happens in their span:
    F = ‖A†B‖₁² for ρ = AA†, σ = BB† there, and two backgrounds meet once more for every dimension outside
    (Uhlmann 1976; Jozsa, J. Mod. Opt. 41, 2315 (1994)). Two mixed density matrices of low rank lose half the digits.

    Definition:
        other = np.outer(state, np.conj(state))
        tr(root(root(other) @ rho @ root(other))) ** 2

    Args:
        ensemble: the states at n times.
        state: σ: a ket (d,) or (d, 1), a density matrix (d, d), an object with `.full()` (QuTiP's Qobj), or an
            `Ensemble` of one time. A trajectory also takes whatever `solve` takes as a state, such as
            `states.ground(model)`, with H at the first time and `values` for its parameters.

    Returns:
        Array (n,), dimensionless, from 0 to 1; 1 iff ρ = σ.

    Raises:
        InputError: the state is of another dimension, not finite, or not of trace one.
        InputTypeError: the state is no array of numbers.

    >>> fidelity(Ensemble((2,), density=np.eye(2)[None] / 2), [1, 0]).tolist()
    [0.5]
    """
    target = _target(state, ensemble)
    if _is_pure(target):
        return _probability(ensemble, target)
    each = [ensemble[k : k + 1] for k in range(len(ensemble))]
    if _is_pure(ensemble):
        return np.concatenate([_probability(target, one) for one in each])
    if not (ensemble.low_rank and target.low_rank):
        root = _root(target.density()[0])
        return np.concatenate([_trace_norm(_root(one.density()).conj().swapaxes(1, 2) @ root) ** 2 for one in each])
    return np.concatenate([_by_kets(one, target) for one in each])


def _target(state: Any, ensemble: Ensemble) -> Ensemble:
    """Return the state as an ensemble of one time, checked."""
    target = state if isinstance(state, Ensemble) else _ensemble(state, ensemble.dims)
    if target.sector != ensemble.sector or target.dimension != ensemble.dimension or len(target) != 1:
        raise InputError(f"`state` must be one state of sites {ensemble.dims}, but is {target}; give such a one.")
    trace = float(target.trace()[0])
    if not abs(trace - 1) <= _NORM:
        raise InputError(f"`state` must have trace one, but has {trace:.9g}; divide a ket by its norm, ρ by its trace.")
    return target


def _ensemble(state: Any, dims: tuple[int, ...]) -> Ensemble:
    """Return a ket or a density matrix as an ensemble of one time."""
    try:
        array = np.asarray(state.full() if hasattr(state, "full") else state, dtype=np.complex128)
    except (TypeError, ValueError):
        raise InputTypeError(
            f"`state` must be a ket or a density matrix, but is of type {type(state).__name__}; give an array."
        ) from None
    sector = sector_of(dims)
    d = int(np.prod(dims)) if sector is None else sector.dimension
    if array.shape not in ((d,), (d, 1), (d, d)):
        raise InputError(f"`state` must have shape ({d},) or ({d}, {d}), but has {array.shape}; take the whole space.")
    if array.shape == (d, d):
        return Ensemble(dims, density=array[None])
    return Ensemble(dims, kets=array.reshape(1, d, 1), weights=[1])


def _is_pure(ensemble: Ensemble) -> bool:
    """Return whether there is one ket and nothing else."""
    return ensemble.weighted is not None and len(ensemble.weighted[1]) == 1 and ensemble.background == 0


def _probability(ensemble: Ensemble, pure: Ensemble) -> NDArray[np.float64]:
    """Return Tr ρσ for one pure σ: no roots."""
    assert pure.weighted is not None
    psi, weight = pure.weighted[0][0, :, 0], pure.weighted[1][0]
    if ensemble.weighted is None:
        return np.asarray(np.vecdot(psi, ensemble.density() @ psi).real * weight)
    kets, weights = ensemble.weighted
    inside = np.abs(psi.conj() @ kets) ** 2 @ weights
    return np.asarray((inside + ensemble.background * np.vecdot(psi, psi).real) * weight)


def _by_kets(one: Ensemble, target: Ensemble) -> NDArray[np.float64]:
    """Return the fidelity of two weighted sets of kets, by factors in the span of both."""
    assert one.weighted is not None
    assert target.weighted is not None
    (kets, weights), (others, other_weights) = one.weighted, target.weighted
    upper: NDArray[np.complex128] = np.asarray(np.linalg.qr(np.concatenate([kets[0], others[0]], axis=1), mode="r"))
    left = _factor(upper[:, : len(weights)], weights, one.background)
    right = _factor(upper[:, len(weights) :], other_weights, target.background)
    outside = (one.dimension - len(upper)) * np.sqrt(max(one.background, 0) * max(target.background, 0))
    return np.asarray((_trace_norm(left.conj().T @ right) + outside)[None] ** 2)


def _factor(
    kets: NDArray[np.complex128], weights: NDArray[np.float64], background: float
) -> NDArray[np.complex128]:
    """Return A with AA† = background + Σ w_j |j⟩⟨j|, in the basis in which the kets are given."""
    if background == 0 and np.all(weights >= 0):
        return np.asarray(kets * np.sqrt(weights))
    return _root((kets * weights) @ kets.conj().T + background * np.eye(len(kets)))


def _root(matrices: NDArray[np.complex128]) -> NDArray[np.complex128]:
    """Return a factor V√p of positive matrices V p V†; what rounding made negative counts as zero."""
    levels, vectors = np.linalg.eigh(matrices)
    return np.asarray(vectors * np.sqrt(np.maximum(levels, 0))[..., None, :])


def _trace_norm(matrices: NDArray[np.complex128]) -> NDArray[np.float64]:
    """Return the sum of the singular values."""
    return np.asarray(np.linalg.svd(matrices, compute_uv=False).sum(axis=-1))
