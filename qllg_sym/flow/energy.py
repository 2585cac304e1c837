"""Energy along a trajectory."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen import build
from qllg_sym.equations.lowering import energy_kernel
from qllg_sym.flow.problem import Problem, Solution

Array = NDArray[Any]


def energies(problem: Problem, solution: Solution) -> Array:
    """Return Tr ρH, or the classical energy whose gradient is the law's field, (n,), in the model's units."""
    if solution.ensemble is not None:
        return _quantum(problem, solution)
    assert solution.moments is not None
    model = problem.equation.model
    function = build.load(energy_kernel(model, problem.equation.law.field), "numpy")
    p = np.array([problem.values[name] for name in function.kernel.parameters], dtype=float)
    pairs = zip(solution.times, solution.moments, strict=True)
    return np.array([function(float(t), m.ravel(), p)[0] for t, m in pairs])


def _quantum(problem: Problem, solution: Solution) -> Array:
    """Return Tr ρH at each time."""
    assert solution.ensemble is not None
    hamiltonian, hbar = problem.hamiltonian, problem.hbar
    if hamiltonian.constant:
        return np.asarray(solution.ensemble.expectation(hamiltonian.at(0.0))).real * hbar
    with np.errstate(invalid="ignore"):             # where H(t) is infinite the energy is NaN, and the failure is told
        values = [solution.ensemble[k:k + 1].expectation(hamiltonian.at(float(t)))[0]
                  for k, t in enumerate(solution.times)]
    return np.array(values).real * hbar
