"""Energy along a trajectory."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen import build
from qllg_sym.equations.lowering import energy_kernel
from qllg_sym.flow.problem import Problem, Solution
from qllg_sym.flow.states.initial import LARGEST_DENSE
from qllg_sym.observables.ensemble import Ensemble

Array = NDArray[Any]
SMALL = 64                  # dimension up to which one product with the matrix of H costs least
TOGETHER = 1 << 20          # amplitudes of kets at several times that H is applied to in one call


def energies(problem: Problem, solution: Solution) -> Array:
    """Return Tr ρH, or the classical energy whose gradient is the law's field, (n,), in the model's units."""
    if solution.ensemble is not None:
        return _quantum(problem, solution)
    assert solution.moments is not None
    model = problem.equation.model
    function = build.load(energy_kernel(model, problem.equation.field), "numpy")
    p = np.array([problem.values[name] for name in function.kernel.parameters], dtype=float)
    pairs = zip(solution.times, solution.moments, strict=True)
    return np.array([function(float(t), m.ravel(), p)[0] for t, m in pairs])


def energy(problem: Problem, t: float, ensemble: Ensemble) -> float:
    """Return Tr ρH of one state held as kets, without a matrix, in the model's units."""
    assert ensemble.kets is not None
    assert ensemble.weights is not None
    action = problem.action
    mean = float(action.expectation(ensemble.kets[0], t) @ ensemble.weights)
    return problem.hbar * (mean + (ensemble.background * action.trace(t) if ensemble.background else 0.0))


def _quantum(problem: Problem, solution: Solution) -> Array:
    """Return Tr ρH at each time."""
    ensemble = solution.ensemble
    assert ensemble is not None
    states = ((float(t), ensemble[k:k + 1]) for k, t in enumerate(solution.times))
    # Where H(t) is infinite the energy is NaN, and the failure is told.
    with np.errstate(invalid="ignore"):
        if ensemble.low_rank and ensemble.dimension > LARGEST_DENSE:
            return np.array([energy(problem, t, state) for t, state in states])
        if ensemble.low_rank and ensemble.dimension > SMALL and not problem.equation.model.time_dependent:
            return problem.hbar * _of_kets(problem, ensemble)
        hamiltonian = problem.hamiltonian
        if hamiltonian.constant:
            return np.asarray(ensemble.expectation(hamiltonian.at(0.0))).real * problem.hbar
        values = [state.expectation(hamiltonian.at(t))[0] for t, state in states]
    return np.array(values).real * problem.hbar


def _of_kets(problem: Problem, ensemble: Ensemble) -> Array:
    """Return Tr ρH/ħ of few kets at all times, (n,), for a constant H: nothing is made of the size of a matrix."""
    kets, weights, action = ensemble.kets, ensemble.weights, problem.action
    assert kets is not None
    assert weights is not None
    n, d, r = kets.shape
    means = np.empty((n, r))
    step = max(1, TOGETHER // max(d * r, 1))
    for start in range(0, n, step):
        part = kets[start:start + step]
        columns = np.ascontiguousarray(part.transpose(1, 0, 2)).reshape(d, -1)
        means[start:start + step] = action.expectation(columns).reshape(len(part), r)
    rest = ensemble.background * action.trace() if ensemble.background else 0.0
    return np.asarray(means @ weights + rest)
