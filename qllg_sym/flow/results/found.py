"""What a run of some rows in lockstep gives back, and the energy along it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen import build
from qllg_sym.equations.lowering import energy_kernel
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.results.block import Block
from qllg_sym.flow.results.guard import allowed, departures, drifted
from qllg_sym.flow.steppers.compiled import Paths

Array = NDArray[Any]
Watch = Callable[[float], None]         # takes the part done of the rows given, from 0 to 1


@dataclass(frozen=True)
class Found:
    """States of some rows.

    Attributes:
        block: the states; its counts tell how many times each row reached.
        reached: the time that each row came to, (k,).
        failures: for each row None, or why it stopped before the last time.
        stats: counts for each row.
    """

    block: Block
    reached: Array
    failures: Sequence[str | None]
    stats: Sequence[dict[str, Any]]


def clock(times: Array, watch: Watch) -> Watch:
    """Return what compiled lanes call with a time, given what is to be called with the part done.

    >>> clock(np.array([1.0, 3.0]), print)(2.0)
    0.5
    """
    span = float(times[-1] - times[0]) or 1.0
    return lambda t: watch((t - float(times[0])) / span)


def found(block: Block, paths: Paths) -> Found:
    """Return what compiled lanes reached."""
    counts = zip(paths.steps.tolist(), paths.evaluations.tolist(), strict=True)
    stats = [{"steps": steps, "evaluations": evaluations, "driver": "c"} for steps, evaluations in counts]
    return Found(block, paths.reached, paths.failures, stats)


def guarded(problem: Problem, one: Found) -> Found:
    """Return rows up to where their constants of motion moved beyond tolerance, as `results.guard.guarded`."""
    block = one.block
    kind = "moments" if not block.dims else "density" if block.weights is None else "kets"
    moved = departures(block.samples, kind, kind == "density" and problem.keeps_spectrum)
    bound = allowed(problem.rtol, problem.atol, np.array([stats.get("steps", 0) for stats in one.stats]))
    held = np.arange(moved.shape[1]) < block.counts[:, None]
    beyond = held & (moved > bound[:, None])
    if not beyond.any():
        return one
    counts, reached, failures = block.counts.copy(), one.reached.copy(), list(one.failures)
    for i in np.flatnonzero(beyond.any(axis=1)).tolist():
        k = int(np.argmax(beyond[i]))
        counts[i], reached[i], failures[i] = k, problem.times[k - 1], drifted(kind, moved[i, k], bound[i])
    return Found(replace(block, counts=counts), reached, failures, one.stats)


def energies(problem: Problem, block: Block) -> Array:
    """Return Tr ρH, or the classical energy, of every row of a block at all times, (k, n), in the model's units."""
    times = problem.times[:block.samples.shape[1]]
    with np.errstate(invalid="ignore", over="ignore"):      # what a failed row did not reach
        if not block.dims:
            return _classical(problem, block, times)
        if problem.hamiltonians.constant:
            value = _means(problem.matrices(0.0), block, slice(None))
        else:
            value = np.concatenate([_means(problem.matrices(float(t)), block, slice(k, k + 1))
                                    for k, t in enumerate(times)], axis=1)
    return np.asarray(value * problem.hbars[:, None])


def _means(h: Array, block: Block, times: slice) -> Array:
    """Return Tr ρH/ħ for H/ħ (k, d, d) at some times, (k, n)."""
    samples = block.samples[:, times]
    k, n, d, r = samples.shape
    if block.weights is None:
        flat = h.swapaxes(1, 2).reshape(k, d * d, 1)
        return np.asarray((samples.reshape(k, n, d * d) @ flat)[:, :, 0].real)
    columns = np.ascontiguousarray(samples.transpose(0, 2, 1, 3)).reshape(k, d, n * r)
    pair = (columns.view(float), (h @ columns).view(float))             # Re a*b = Re a Re b + Im a Im b
    both = np.einsum("kda,kda->ka", *pair)
    terms = (both[:, ::2] + both[:, 1::2]).reshape(k, n, r)
    rest = block.background * np.einsum("kii->k", h).real
    return np.asarray((terms @ block.weights[:, :, None])[:, :, 0] + rest[:, None])


def _classical(problem: Problem, block: Block, times: Array) -> Array:
    """Return the classical energy whose gradient is the law's field, (k, n)."""
    equation = problem.equation
    function = build.load(energy_kernel(equation.model, equation.field), "numpy")
    p = problem.parameters(function.kernel.parameters)
    flat = block.samples.reshape(len(block.rows), len(times), -1).transpose(1, 2, 0)
    return np.array([function.batch(float(t), y, p)[0] for t, y in zip(times, flat, strict=True)]).T
