"""Energy along trajectories."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen import build
from qllg_sym.equations.lowering import energy_kernel
from qllg_sym.flow.lattices.moments import is_large, lattice_energy, moment_rates
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.results.stack import Stack
from qllg_sym.flow.states.initial import LARGEST_DENSE
from qllg_sym.observables.ensemble import Ensemble

Array = NDArray[Any]
SMALL = 64                  # dimension up to which one product with the matrix of H costs least
TOGETHER = 1 << 20          # amplitudes of kets at several times that H is applied to in one call


def energies(problem: Problem, stack: Stack) -> Array:
    """Return Tr ρH, or the classical energy whose gradient is the law's field, (m, n), in the model's units.

    Args:
        problem: the rows, with the times at which states may be held.
        stack: their states; what a row did not reach gives numbers that mean nothing.
    """
    times = problem.times[:stack.samples.shape[1]]
    d, moving = stack.samples.shape[2], problem.equation.model.time_dependent
    # Where H(t) is infinite the energy is NaN, and the failure is told.
    with np.errstate(invalid="ignore", over="ignore"):
        if not stack.dims:
            return _classical(problem, stack, times)      # which is E, and not E/ħ
        if stack.weights is not None and (d > LARGEST_DENSE or (d > SMALL and not moving)):
            value = np.array([_applied(problem.row(i), stack, i, times) for i in range(len(problem))])
        elif moving:
            value = np.concatenate([_means(problem.matrices(float(t)), stack, slice(k, k + 1))
                                    for k, t in enumerate(times)], axis=1)
        else:
            value = _constant(problem.matrices(0.0), stack, len(times))
    return np.asarray(value * problem.hbars[:, None])


def energy(problem: Problem, t: float, ensemble: Ensemble) -> float:
    """Return Tr ρH of one state held as kets, without a matrix, in the model's units."""
    assert ensemble.kets is not None
    assert ensemble.weights is not None
    action = problem.action
    mean = float(action.expectation(ensemble.kets[0], t) @ ensemble.weights)
    return problem.hbar * (mean + (ensemble.background * action.trace(t) if ensemble.background else 0.0))


def _constant(h: Array, stack: Stack, n: int) -> Array:
    """Return Tr ρH/ħ for a constant H/ħ (m, d, d), (m, n), at so many times together as memory bears."""
    step = max(1, TOGETHER // max(stack.samples[:, :1].size, 1))
    parts = [_means(h, stack, slice(k, k + step)) for k in range(0, n, step)]
    return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)


def _means(h: Array, stack: Stack, times: slice) -> Array:
    """Return Tr ρH/ħ for H/ħ (m, d, d) at some times, (m, n)."""
    samples = stack.samples[:, times]
    m, n, d, r = samples.shape
    if stack.weights is None:
        flat = h.swapaxes(1, 2).reshape(m, d * d, 1)
        return np.asarray((samples.reshape(m, n, d * d) @ flat)[:, :, 0].real)
    columns = np.ascontiguousarray(samples.transpose(0, 2, 1, 3)).reshape(m, d, n * r)
    applied = h @ columns
    if m == 1:
        terms = np.vecdot(columns.swapaxes(1, 2), applied.swapaxes(1, 2)).real.reshape(m, n, r)
    else:                                                       # of many rows quicker: Re a*b = Re a Re b + Im a Im b
        both = np.einsum("mda,mda->ma", columns.view(float), applied.view(float))
        terms = (both[:, ::2] + both[:, 1::2]).reshape(m, n, r)
    value = (terms @ stack.weights[:, :, None])[:, :, 0]
    return np.asarray(value + (stack.background * np.einsum("mii->m", h).real)[:, None] if stack.background.any() else
                      value)


def _applied(problem: Problem, stack: Stack, i: int, times: Array) -> Array:
    """Return Tr ρH/ħ of one row, (n,), where nothing is made of the size of a matrix."""
    kets, weights, background, action = stack.samples[i], stack.weights[i], float(stack.background[i]), problem.action
    if problem.equation.model.time_dependent:
        means = np.array([action.expectation(each, float(t)) for t, each in zip(times, kets, strict=True)])
        return np.asarray(means @ weights + background * np.array([action.trace(float(t)) for t in times]))
    n, d, r = kets.shape
    means, step = np.empty((n, r)), max(1, TOGETHER // max(d * r, 1))
    for start in range(0, n, step):
        part = kets[start:start + step]
        columns = np.ascontiguousarray(part.transpose(1, 0, 2)).reshape(d, -1)
        means[start:start + step] = action.expectation(columns).reshape(len(part), r)
    return np.asarray(means @ weights + (background * action.trace() if background else 0.0))


def _classical(problem: Problem, stack: Stack, times: Array) -> Array:
    """Return the classical energy, (m, n)."""
    equation = problem.equation
    if is_large(equation):
        rates = moment_rates(equation)
        return np.array([[problem.hbars[i] * lattice_energy(
            equation, float(t), stack.samples[i, k], problem.row(i).parameters(rates.parameters, float(t))[:, 0])
            for k, t in enumerate(times)] for i in range(len(problem))])
    function = build.load(energy_kernel(equation.model, equation.field), "numpy")
    p = problem.parameters(function.kernel.parameters)
    flat = stack.samples.reshape(len(stack.rows), len(times), -1).transpose(1, 2, 0)
    return np.array([function.batch(float(t), y, p)[0] for t, y in zip(times, flat, strict=True)]).T
