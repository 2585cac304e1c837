"""How much errors grew in rows that dense methods ran in lockstep, as `flow.results.growth` tells of one."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow.hamiltonians.dense import diagonal
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.results.block import Block
from qllg_sym.flow.results.found import Found
from qllg_sym.flow.results.growth import POINTS, Rows, eigenvectors, instants, ordered, strongest

Array = NDArray[Any]


def watched(problem: Problem, seen: str | None) -> Rows | None:
    """Return how errors of some rows may grow by a method of this GROWTH; None where there is nothing to look at."""
    if seen is None or len(problem.times) == 1 or not problem.keeps_spectrum:
        return None
    levels, k, times = ordered(problem.start.levels(), seen), len(problem), problem.times
    weight = problem.weight(levels[:, :, None] - levels[:, None, :])
    pull = strongest([weight(t) for t in instants(times, problem.constant_weight, POINTS)])
    field = problem.hamiltonians
    varies, p = problem.varies(field.names), problem.parameters(field.names)

    def h(rows: Array, t: float) -> Array:
        """Return H(t)/ħ of some of the rows, (…, d, d), held once where it is one."""
        if varies:
            return field.at(t, p[:, rows])
        one = field.at(t, p[:, :1])
        return np.broadcast_to(one, (len(rows), *one.shape[1:])) if k else one

    return Rows(times, problem.rtol, levels, pull, h, field.constant,
                lambda: diagonal(h(np.arange(k), float(times[0])))[0])


def bounds(rows: Rows, problem: Problem, energy: Array) -> Array:
    """Return upper bounds of the exponents of all rows, (k,), given Tr ρH along them, (k, n)."""
    with np.errstate(invalid="ignore", over="ignore"):          # what a failed row did not reach
        return rows.bounds(problem.times, energy / problem.hbars[:, None])


def looked(rows: Rows, limits: Array, problem: Problem, found: Found) -> None:
    """Put into the stats of every row by how much errors grew.

    Args:
        rows: how they may grow.
        limits: the bounds of their exponents, (k,).
        problem: with the times at which states were found.
        found: the states.
    """
    block, times = found.block, problem.times
    whole = np.flatnonzero(block.counts == len(times))          # rows that failed have nothing to be warned of
    if not len(whole):
        return

    def frames(some: Array, places: Array) -> Array:
        """Return the eigenvectors of ρ of some rows at some places, (…, …, d, d)."""
        samples = block.samples[np.ix_(whole[some], places)]
        return eigenvectors(*((None, samples) if block.weights is None else (samples, None)))

    if len(whole) < len(limits):
        rows, limits = rows.part(whole), limits[whole]
    factors = rows.factors(limits, times, frames)
    for i, factor in zip(whole.tolist(), factors.tolist(), strict=True):
        found.stats[i]["growth"] = factor


def unsure(rows: Rows, limits: Array, problem: Problem, found: Found) -> Array:
    """Return the places of rows that a first look is not enough for."""
    return np.flatnonzero((found.block.counts == len(problem.times)) & rows.unsure(limits))


def picked(problem: Problem, found: Found, energy: Array, times: Array) -> tuple[Found, Array]:
    """Return what was found, and the energies, at those times alone that were asked for."""
    kept = np.flatnonzero(np.isin(problem.times, times))
    block: Block = found.block
    counts = np.searchsorted(kept, block.counts)
    return replace(found, block=replace(block, samples=block.samples[:, kept], counts=counts)), energy[:, kept]
