"""Variance of any Hermitian operator, such as the energy."""


import numpy as np
from numpy.typing import NDArray

from qllg_sym.errors import InputError
from qllg_sym.observables.arguments import Hamiltonian
from qllg_sym.observables.ensemble import Ensemble
from qllg_sym.observables.operators import LinearMap, check_operator, is_hermitian, trace_of

EXAMPLE = (np.array([[1.0, 0, 0, 2], [0, -1, 1j, 0], [0, -1j, 0, 0], [2, 0, 0, 3]]),)


def variance(ensemble: Ensemble, op: Hamiltonian) -> NDArray[np.float64]:
    r"""Return $\langle (O - \langle O\rangle)^2\rangle = \mathrm{Tr}\,\rho O^2 - (\mathrm{Tr}\,\rho O)^2$.

    For an energy and a pure state this is (ħ × the speed at which von Neumann's equation moves the ket)², and 0 at an
    eigenstate. It is computed from the deviations O|j⟩ − ⟨O⟩|j⟩, so that a small variance of a large energy keeps its
    digits: rounding is of the order of 1e-32 of ⟨O⟩², not 1e-16.

    Definition:
        tr(rho @ op @ op) - tr(rho @ op) ** 2

    Args:
        ensemble: the states at n times, of trace one.
        op: Hermitian O, (d, d), as `expectation` takes it; any units. Of a trajectory by default the Hamiltonian that
            moved the states, which a loaded one does not know.

    Returns:
        Array (n,), in the units of op squared, at least 0 but for rounding.

    Raises:
        InputError: op is not Hermitian, or no (d, d) operator, or has neither a matrix nor a trace where one is needed.
        InputTypeError: op is not a matrix of numbers.

    >>> variance(Ensemble((2,), kets=[[[1], [0]]], weights=[1]), [[1, 3], [3, -1]]).tolist()
    [9.0]
    """
    op = check_operator(op, ensemble.dimension)
    if not is_hermitian(op):
        raise InputError("`op` must be Hermitian to have a variance, but is not; take (O + O†)/2.")
    return np.concatenate([_variance(block, op) for block in ensemble.blocks()])


def _variance(block: Ensemble, op: LinearMap) -> NDArray[np.float64]:
    """Return Tr ρ(O − m)² at a few times, m the mean."""
    means = block.expectation(op).real
    if block.weighted is None:
        moved = [(op @ rho - m * rho, m) for rho, m in zip(block.density(), means, strict=True)]
        return np.array([np.trace(op @ x - m * x).real for x, m in moved])
    kets, weights = block.weighted
    n, d, r = kets.shape
    columns = kets.transpose(1, 0, 2).reshape(d, n * r)
    deviations = op @ columns
    deviations -= columns * np.repeat(means, r)
    values = np.vecdot(deviations.T, deviations.T).real.reshape(n, r) @ weights
    if block.background:
        values = values + block.background * (trace_of(op, 2) - 2 * means * trace_of(op) + means**2 * d).real
    return np.asarray(values)
