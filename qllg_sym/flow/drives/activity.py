r"""Where time-dependent coefficients move, as a longest step in each interval of time.

A Runge–Kutta step sees the coefficients at its nodes alone. What they do between the nodes without showing there is
bounded in two ways on an interval of width w, with f the sum of all coefficients weighted as angular frequencies:

- f moves by no more than v, by interval arithmetic: hidden are at most v w radians;
- |f⁽ⁿ⁾| ≤ n! M/Rⁿ, by disk arithmetic and Cauchy's bound: f less its interpolation at the n nodes of a step of length h
  is at most M (h/R)ⁿ max Π|x − c_i|, so that h (h/R)ⁿ M Π radians are hidden.

Intervals are split until one of both is below the tolerance of a step. Pulses, late switches, trains and starts at rest
are found so however narrow they are: the bounds are of the whole interval, and no sample has to hit them. Arithmetic is
that of doubles without outward rounding. Splitting ends at `MOST` intervals; the widest one still open then is told.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen.kernel import Kernel
from qllg_sym.flow.drives import disks, ranges
from qllg_sym.flow.drives.walk import Array, Operation, Pair, walk
from qllg_sym.flow.steppers.limits import Limits

NODES = 12              # different nodes of a step of DOP853
PRODUCT = 5.9e-5        # max over 0 ≤ x ≤ 1 of Π |x − c_i| for them
REACHES = np.array([[8.0], [16.0], [32.0]])     # radii of disks over half widths of intervals: the best one counts
FIRST, PARTS = 16, 4    # intervals at first; parts into which one is split
MOST, MOST_OF_ALL = 2**16, 2**20        # intervals looked at, of one trajectory and of all
FINEST = 2**10          # narrowest interval, in units in the last place of the time


@dataclass(frozen=True)
class Activity:
    """What was found.

    Attributes:
        limits: one table a row of parameters.
        resolution: the widest interval that could not be resolved, 0 where all were, (m,).
    """

    limits: Limits
    resolution: Array


@dataclass
class _Items:
    """Intervals of several rows, side by side."""

    row: NDArray[np.int64]
    a: Array
    b: Array

    def take(self, chosen: NDArray[np.bool_]) -> "_Items":
        """Return some of them."""
        return _Items(self.row[chosen], self.a[chosen], self.b[chosen])

    def split(self) -> "_Items":
        """Return the parts of all of them."""
        edges = np.linspace(self.a, self.b, PARTS + 1, axis=1)
        return _Items(np.repeat(self.row, PARTS), edges[:, :-1].ravel(), edges[:, 1:].ravel())

    @property
    def width(self) -> Array:
        """Their widths."""
        return self.b - self.a


def activity(kernel: Kernel, weights: Array, parameters: Array, begin: float, end: float,
             tolerance: float) -> Activity:
    """Return the longest steps of m trajectories.

    Args:
        kernel: coefficients as functions of time, without states.
        weights: what one unit of each turns, as an angular frequency, (g,) or (m, g).
        parameters: (k, m).
        begin: first time.
        end: last time.
        tolerance: radians that a step may miss.

    >>> from qllg_sym.codegen.builder import Builder
    >>> b = Builder("pulse", [], [])
    >>> away = b.mul(b.constant(100), b.sub(b.time, b.constant(70)))
    >>> pulse = b.kernel({"f": b.call("exp", b.neg(b.mul(away, away)))})
    >>> found = activity(pulse, np.ones(1), np.empty((0, 1)), 0.0, 100.0, 1e-10)
    >>> found.resolution.tolist(), found.limits.reach(60.0, 20.0) < 70, found.limits.reach(70.0, 1.0) < 70.01
    ([0.0], True, True)
    """
    m = parameters.shape[1]
    look = _Look(kernel, np.broadcast_to(np.asarray(weights, dtype=float), (m, len(kernel.outputs))), parameters,
                 tolerance)
    edges = np.linspace(begin, end, FIRST + 1)
    todo = _Items(np.repeat(np.arange(m), FIRST), np.tile(edges[:-1], m), np.tile(edges[1:], m))
    most, seen = max(FIRST, min(MOST, MOST_OF_ALL // m)) * m, 0
    finest = FINEST * np.spacing(max(abs(begin), abs(end)))
    done, caps, resolution = [], [], np.zeros(m)
    while len(todo.row):
        seen += len(todo.row)
        cap = look.caps(todo)
        closed = cap >= todo.width
        if seen + PARTS * np.count_nonzero(~closed) > most:
            narrow = ~closed
        else:
            narrow = ~closed & (todo.width <= PARTS * finest)
        np.maximum.at(resolution, todo.row[narrow], todo.width[narrow])
        closed |= narrow
        done.append(todo.take(closed))
        caps.append(np.maximum(cap, todo.width)[closed])
        todo = todo.take(~closed).split()
    return Activity(_table(done, caps, m), resolution)


class _Look:
    """The coefficients on intervals."""

    def __init__(self, kernel: Kernel, weights: Array, parameters: Array, tolerance: float) -> None:
        self._kernel, self._weights, self._parameters, self._tolerance = kernel, weights, parameters, tolerance
        self._one = parameters.shape[1] == 1

    def caps(self, items: _Items) -> Array:
        """Return the longest steps: as far as they reach on quiet intervals, elsewhere by the disks."""
        moved = self._sum(items.row, ranges.OPERATIONS, ranges.point, Pair(items.a, items.b), ranges.width)
        loud = ~(moved * items.width <= self._tolerance)
        caps = items.width
        if loud.any():
            caps[loud] = self._by_disks(items.take(loud))
        return caps

    def _by_disks(self, items: _Items) -> Array:
        """Return the longest steps by Cauchy's bound."""
        half = 0.5 * items.width
        time = Pair(np.tile(items.a + half, len(REACHES)), (REACHES * half).ravel())
        bound = self._sum(np.tile(items.row, len(REACHES)), disks.OPERATIONS, disks.point, time, disks.radius)
        inner = (REACHES - 1) * half            # from any point of the interval to the rim
        with np.errstate(all="ignore"):
            share = self._tolerance / (PRODUCT * bound.reshape(inner.shape) * inner)
        return np.asarray((inner * share**(1 / (NODES + 1))).max(axis=0))

    def _sum(self, rows: NDArray[np.int64], operations: Mapping[str, Operation], point: Callable[[Any], Pair],
             time: Pair, size: Callable[[Pair], Array]) -> Array:
        """Return the weighted sizes of the sets that the coefficients give."""
        p = self._parameters if self._one else self._parameters[:, rows]
        total = np.zeros(len(rows))
        with np.errstate(all="ignore"):                 # nothing is known of what has no weight, or overflows
            for k, output in enumerate(walk(self._kernel, operations, point, time, p)):
                total = total + (self._weights[0, k] if self._one else self._weights[rows, k]) * size(output)
        return np.where(np.isnan(total), np.inf, total)


def _table(done: list[_Items], caps: list[Array], m: int) -> Limits:
    """Return the intervals in the order of rows and times; the last of each row never ends."""
    row, a, b, cap = (np.concatenate(part) for part in
                      ([i.row for i in done], [i.a for i in done], [i.b for i in done], caps))
    order = np.lexsort((a, row))
    row, ends, cap = row[order], b[order], cap[order]
    last = np.flatnonzero(np.diff(row, append=m))
    ends[last] = np.inf
    return Limits(ends=ends, caps=cap, firsts=np.concatenate([[0], last[:-1] + 1]).astype(np.int64))
