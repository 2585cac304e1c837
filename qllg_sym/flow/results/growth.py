"""How much an error made early has grown by the end, read off the states that a dense method left; see `rates`."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow.problem import Problem
from qllg_sym.flow.results.outcome import Outcome
from qllg_sym.flow.results.rates import (
    POINTS,
    chosen,
    ends,
    exponents,
    finer,
    grouped,
    harmless,
    instants,
    spreads,
    strongest,
)
from qllg_sym.flow.states.two_levels import SAME

Array = NDArray[Any]
HIGHEST = 700.0         # of a logarithm whose exponential is a double
MEMORY = 1 << 28        # bytes of states beside those asked for, and of those looked at


@dataclass(frozen=True)
class Growth:
    """How errors may grow in k trajectories.

    Attributes:
        problem: the rows, with the times asked for.
        levels: p in the order of the eigenvectors, (k, d).
        pull: Im W(p_i − p_j), (k, d, d).
    """

    problem: Problem
    levels: Array
    pull: Array

    @classmethod
    def of(cls, problem: Problem, seen: str | None) -> "Growth | None":
        """Return that of some rows by a method of this GROWTH; None where there is nothing to look at."""
        if seen is None or len(problem.times) == 1 or not problem.has_weight:
            return None
        levels = problem.start.levels()
        if seen == "matrices":              # those of `np.linalg.eigh` ascend
            levels = np.sort(levels, axis=1)
        weight = problem.weight(levels[:, :, None] - levels[:, None, :])
        return cls(problem, levels, strongest([weight(t) for t in
                                               instants(problem.times, problem.constant_weight, POINTS)]))

    def part(self, rows: Array) -> "Growth":
        """Return that of some of the rows."""
        return Growth(self.problem.part(rows), self.levels[rows], self.pull[rows])

    @property
    def constant(self) -> bool:
        """Whether H is."""
        return not self.problem.equation.model.time_dependent

    @cached_property
    def reach(self) -> Array:
        """The largest exponent that H and the law allow, (k,)."""
        times = self.problem.times
        size = np.max([spreads(self.problem.matrices(t)) for t in instants(times, self.constant)], axis=0)
        return np.asarray(abs(self.pull).max(axis=(1, 2), initial=0.0) * size * (times[-1] - times[0]))

    @property
    def first(self) -> Array:
        """The times at which states are needed: those asked for, and more where H depends on time and it matters."""
        return self.problem.times if self.constant or self._harmless(self.reach).all() else self.second

    @property
    def second(self) -> Array:
        """The times that tell where a state falls, where those of the first look do not."""
        return finer(self.problem.times, float(self.reach.max(initial=0.0)), self._room, POINTS // 2)

    def bounds(self, times: Array, energies: Array) -> Array:
        """Return upper bounds of the exponents, (k,), given Tr ρH/ħ at the times of the states, (k, n).

        To swap the populations of a pair frees (p_j − p_k)(E_j − E_k), at most what lies above the least energy that
        the spectrum of ρ allows; a constant H makes that monotonic, so that its larger end bounds an interval.
        """
        if not self.constant:
            return self.reach.copy()
        above = np.maximum(energies - self._least[:, None], 0.0)
        found = self._most * (np.maximum(above[:, 1:], above[:, :-1]) * (times[1:] - times[:-1])).sum(axis=1)
        return np.asarray(found if self._harmless(found).all() else np.minimum(found, self.reach))

    def unsure(self, bounds: Array) -> Array:
        """Return for which rows the energies at the times asked for are not enough to say, (k,)."""
        if self.constant and len(self.problem.times) < POINTS // 2:
            return ~self._harmless(bounds)
        return np.zeros(len(bounds), dtype=bool)

    def _harmless(self, exponents: Array) -> Array:
        """Return whether errors that grow by these exponents stay below what is told."""
        return harmless(exponents, self.problem.rtol)

    @property
    def _room(self) -> int:
        """How many times matrices of all rows may be held at."""
        return max(2, MEMORY // (16 * self.pull.size))

    def factors(self, bounds: Array, times: Array, frames: Callable[[Array, Array], Array]) -> Array:
        """Return the factors by which errors grew, (k,): estimates, or upper bounds where those are harmless.

        Args:
            bounds: of the exponents, (k,).
            times: of the states, (n,).
            frames: (rows, places in time) ↦ eigenvectors of ρ in columns, (…, …, d, d).
        """
        if len(rest := np.flatnonzero(~self._harmless(bounds))):
            bounds = bounds.copy()
            bounds[rest] = np.minimum(bounds[rest], self._pairs(rest, times, frames))
        return np.exp(np.minimum(bounds, HIGHEST))

    @property
    def _least(self) -> Array:
        """The least Tr ρH/ħ that the levels allow for a constant H, (k,)."""
        return np.asarray((np.sort(self.levels, axis=1)[:, ::-1] * self.problem.diagonal[0]).sum(axis=1))

    @property
    def _most(self) -> Array:
        """The largest |Im W(Δ)/Δ|, (k,)."""
        gaps = abs(self.levels[:, :, None] - self.levels[:, None, :])
        return np.asarray(np.divide(abs(self.pull), gaps, out=np.zeros_like(gaps), where=gaps > SAME).max(axis=(1, 2)))

    def _pairs(self, rows: Array, times: Array, frames: Callable[[Array, Array], Array]) -> Array:
        """Return estimates of the exponents by the rates of all pairs."""
        places = chosen(len(times), self._room)
        seen = times[places]
        found, kinds = np.empty(len(rows)), grouped(self.levels[rows])
        for groups, same in kinds:
            some = rows[same]
            h = np.stack([self.problem.matrices(float(t), some) for t in (seen[:1] if self.constant else seen)], axis=1)
            first = [group[0] for group in groups]
            pull = self.pull[some][:, first][:, :, first]
            found[same] = exponents(seen, ends(frames(some, places), h, groups), pull)
        return found


def looked(growth: Growth, problem: Problem, found: Outcome) -> Array:
    """Put into the stats of every row by how much errors grew on the way; return the bounds of the exponents, (k,).

    Args:
        growth: how they may grow.
        problem: the rows, with the times at which states were found.
        found: the states, with their energies.
    """
    counts = found.block.counts
    if len(reached := set(counts.tolist())) == 1:
        return _grown(growth, problem, found, np.arange(len(counts)))
    bounds = np.zeros(len(counts))
    for some in (np.flatnonzero(counts == count) for count in reached):         # rows that ended early have fewer times
        bounds[some] = _grown(growth.part(some), problem, found, some)
    return bounds


def _grown(growth: Growth, problem: Problem, found: Outcome, some: Array) -> Array:
    """Do the same for some rows that all reached the same time."""
    stack, energy = found.block, found.energy
    times = problem.times[:stack.counts[some[0]]]
    assert energy is not None

    def frames(rows: Array, places: Array) -> Array:
        """Return the eigenvectors of ρ of some rows at some places, (…, …, d, d): kets, or by ascending eigenvalues."""
        samples = stack.samples[np.ix_(some[rows], places)]
        return samples if stack.weights is not None else np.asarray(np.linalg.eigh(samples)[1])

    bounds = np.zeros(len(some))
    if len(times) > 1:
        with np.errstate(invalid="ignore", over="ignore"):          # what a row did not reach
            bounds = growth.bounds(times, (energy[:, :len(times)] / problem.hbars[:, None])[some])
    for i, factor in zip(some.tolist(), growth.factors(bounds, times, frames).tolist(), strict=True):
        found.stats[i]["growth"] = factor
    return bounds


def unsure(growth: Growth, bounds: Array, problem: Problem, found: Outcome) -> Array:
    """Return the places of rows that went all the way and that a first look is not enough for."""
    open_ones, counts = np.flatnonzero(growth.unsure(bounds)), found.block.counts
    whole = [i for i in open_ones.tolist() if found.failures[i] is None and counts[i] == len(problem.times)]
    return np.array(whole, dtype=int)
