"""Where H, the law and kT move faster than steps would see, however short that is: steps are shorter there.

A step looks at coefficients once or twice. Expressions are bounded on whole intervals (`flow.drives.activity`), so that
no pulse has to be hit by a look; signals are known by their samples.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.algebra.signals import signals_in
from qllg_sym.algebra.symbols import t as clock
from qllg_sym.equations.laws.von_neumann import VonNeumann
from qllg_sym.flow.drives.driving import driving
from qllg_sym.flow.drives.piecewise import Piece
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.waveforms import Waveform
from qllg_sym.model.model import Model
from qllg_sym.model.space import Space
from qllg_sym.model.terms.zeeman import Zeeman

Array = NDArray[Any]
HIDDEN = 1e-2           # radians that a step of DOP853 may miss
LOOKS = 4               # steps in place of one of those: enough for order 2, where that has order 8 and 12 nodes
WHOLE = 1.4             # of what lies between two times: what is told of longer steps there comes from its length alone
SWING = 0.1             # of a signal's largest value: what it changes by in a step at most
FINEST = 20             # halvings of a step


@dataclass(frozen=True)
class Features:
    """The longest step at each time.

    Attributes:
        edges: ascending, (n + 1,).
        caps: of the steps between two of them, infinite where nothing asks for short ones, (n,).
    """

    edges: Array
    caps: Array

    def looked(self, step: float) -> Array:
        """Return times in the middle of where steps are to be shorter than this one."""
        return 0.5 * (self.edges[1:] + self.edges[:-1])[self.caps < step]

    def halvings(self, step: float, times: Array) -> NDArray[np.int64]:
        """Return how many times a step is halved at some times.

        >>> Features(np.array([0.0, 1.0, 2.0]), np.array([np.inf, 0.3])).halvings(1.0, np.array([0.5, 1.5])).tolist()
        [0, 2]
        """
        inside = np.clip(np.searchsorted(self.edges, times, side="right") - 1, 0, len(self.caps) - 1)
        return np.clip(np.ceil(np.log2(step) - np.log2(self.caps[inside]) - 1e-9), 0, FINEST).astype(np.int64)

    def changes(self, step: float) -> Array:
        """Return the times at which steps get longer or shorter."""
        found = self.halvings(step, 0.5 * (self.edges[1:] + self.edges[:-1]))
        return self.edges[1:-1][found[1:] != found[:-1]]


def features(problem: Problem, kT: Any, numbers: Any, grid: Array) -> Features:
    """Return the longest steps that see what moves.

    Args:
        problem: one row.
        kT: the temperature, an expression.
        numbers: values of its parameters.
        grid: times between which nothing jumps; what is found between two of them depends on nothing outside.
    """
    heated = kT.has(clock) or bool(signals_in([kT]))
    parts = [part for each in (problem, *([_heat(problem, kT, numbers)] if heated else []))
             for part in (*_of_expressions(each, grid), *_of_signals(each, grid))]
    edges = np.unique(np.concatenate([grid[[0, -1]], *(part.edges for part in parts)]))
    edges = edges[(edges >= grid[0]) & (edges <= grid[-1])]
    caps, middles = np.full(len(edges) - 1, np.inf), 0.5 * (edges[1:] + edges[:-1])
    for part in parts:
        place = np.searchsorted(part.edges, middles, side="right") - 1
        inside = (place >= 0) & (place < len(part.caps))
        caps[inside] = np.minimum(caps[inside], part.caps[place[inside]])
    return Features(edges, caps)


def _heat(problem: Problem, kT: Any, numbers: Any) -> Problem:
    """Return a spin in a field of the size kT/ħ, which moves where kT does."""
    model = Model(Space("1/2"), [Zeeman((0, 0, kT / problem.hbar))])
    return replace(problem, equation=VonNeumann().derive(model), values=numbers)


def _of_expressions(problem: Problem, grid: Array) -> Iterator[Features]:
    """Yield the longest steps that see what expressions do, if they do anything."""
    switched = problem.branches
    found = driving(problem.equation if switched is None else switched.equation)
    if found is None:
        return
    whole = (Piece(grid[0], grid[-1], {}),) if switched is None else problem.in_pieces()[0][1]
    pieces = [replace(piece, begin=max(a, piece.begin), end=min(b, piece.end)) for piece in whole
              for a, b in zip(grid[:-1].tolist(), grid[1:].tolist(), strict=True) if a < piece.end and b > piece.begin]
    p = np.concatenate([(problem if switched is None else problem.on(piece)).parameters(found.names)
                        for piece in pieces], axis=1)
    begin, end = (np.array([getattr(piece, side) for piece in pieces]) for side in ("begin", "end"))
    limits = found.over(p, begin, end, HIDDEN).limits
    edges = np.append(np.roll(limits.ends, 1), end[-1])
    edges[limits.firsts] = begin
    room = np.repeat(end - begin, np.diff(np.append(limits.firsts, len(limits.ends))))
    yield Features(edges, np.where(limits.caps < WHOLE * room, limits.caps / LOOKS, np.inf))


def _of_signals(problem: Problem, grid: Array) -> Iterator[Features]:
    """Yield the steps in which signals change by a share of their largest value."""
    for wave in problem.values.values():
        if isinstance(wave, Waveform):
            times, samples = wave.given or (wave.edges, np.array([wave(t) for t in wave.edges.tolist()]))
            slopes = abs(np.diff(samples) / np.diff(times))
            yield Features(np.asarray(times, dtype=float), np.divide(
                SWING * abs(np.asarray(samples)).max(), slopes, out=np.full(len(slopes), np.inf), where=slopes > 0))
