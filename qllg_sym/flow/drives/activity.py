r"""Where time-dependent coefficients move, as a longest step in each interval of time.

A Runge–Kutta step sees the coefficients at its nodes alone. What they do between the nodes without showing there is
bounded on an interval, with f the sum of all coefficients weighted as angular frequencies:

- |g⁽ⁿ⁾| ≤ n! M/Rⁿ for its part g that is analytic on a disk, by disk arithmetic and Cauchy's bound: g less its
  interpolation at the n nodes of a step of length h is at most M (h/R)ⁿ max Π|x − c_i|, so that h (h/R)ⁿ M Π is hidden;
- the rest of f moves by no more than v, by interval arithmetic: hidden are at most v h.

Intervals are split until one of both is below the tolerance of a step. Pulses, late switches, trains and starts at rest
are found so however narrow they are: the bounds are of the whole interval, and no sample has to hit them. Arithmetic is
that of doubles without outward rounding. Splitting ends at `MOST` intervals; the widest one still open then is told.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen.kernel import Kernel
from qllg_sym.flow.drives import disks, disks_with_rest
from qllg_sym.flow.drives.walk import Array, walk
from qllg_sym.flow.steps.limits import Limits

NODES = 12              # different nodes of a step of DOP853
PRODUCT = 5.9e-5        # max over 0 ≤ x ≤ 1 of Π |x − c_i| for them
REACHES = 8.0, 16.0, 32.0               # radii of disks over half widths of intervals: the best one counts
SPAN = 4                # intervals that a step may span where the bound of one holds on it alone
FIRST, PARTS = 16, 4    # intervals at first; parts into which one is split
MOST, MOST_OF_ALL = 2**16, 2**22        # intervals looked at, of one trajectory and of all
BLOCK = 2**14           # intervals looked at together
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

    def take(self, chosen: NDArray[np.bool_] | slice) -> "_Items":
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


def activity(kernel: Kernel, weights: Array, parameters: Array, begin: Any, end: Any, tolerance: float) -> Activity:
    """Return the longest steps of m trajectories.

    Args:
        kernel: coefficients as functions of time, without states.
        weights: what one unit of each turns, as an angular frequency, (g,) or (m, g).
        parameters: (k, m).
        begin: first time, of all or of each.
        end: last time, of all or of each.
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
    edges = np.linspace(np.broadcast_to(begin, m), np.broadcast_to(end, m), FIRST + 1, axis=1)
    todo = _Items(np.repeat(np.arange(m), FIRST), edges[:, :-1].ravel(), edges[:, 1:].ravel())
    most, seen = max(FIRST, min(MOST, MOST_OF_ALL // m)) * m, 0
    finest = FINEST * np.spacing(float(max(np.max(np.abs(begin)), np.max(np.abs(end)))))
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
        """Return the longest steps that hide no more than the tolerance."""
        blocks = (slice(k, k + BLOCK) for k in range(0, len(items.row), BLOCK))
        return np.concatenate([self._caps(items.take(block)) for block in blocks])

    def _caps(self, items: _Items) -> Array:
        """Return the same for so many at a time, by the best of all reaches."""
        count, reach = len(REACHES), np.repeat(REACHES, len(items.row))
        rows, a, b = np.tile(items.row, count), np.tile(items.a, count), np.tile(items.b, count)
        width = b - a
        inner = 0.5 * (reach - 1) * width               # from any point of the interval to the rim
        operations = disks_with_rest.operations(PRODUCT * (2 / (reach - 1))**NODES)
        found = walk(self._kernel, operations, disks_with_rest.point, disks_with_rest.time(a, b, reach),
                     self._parameters if self._one else self._parameters[:, rows])
        weights = self._weights if self._one else self._weights[rows]
        with np.errstate(all="ignore"):                 # nothing is known of what has no weight, or overflows
            bound = sum(w * disks.radius(part.disk) for w, part in zip(weights.T, found, strict=True))
            rest = sum(w * part.rest for w, part in zip(weights.T, found, strict=True))
            share = np.where(rest == 0, 1.0, 0.5) * self._tolerance / (PRODUCT * bound * inner)
            smooth = inner * share**(1 / (NODES + 1))
            small = np.where(rest == 0, np.inf, np.minimum(SPAN * width, self._tolerance / (4 * SPAN * rest)))
        caps = np.fmin(smooth, small) * ~(np.isnan(bound) | np.isnan(rest))
        return np.asarray(np.broadcast_to(caps, len(rows)).reshape(count, -1).max(axis=0))


def _table(done: list[_Items], caps: list[Array], m: int) -> Limits:
    """Return the intervals in the order of rows and times; the last of each row never ends."""
    row, a, b, cap = (np.concatenate(part) for part in
                      ([i.row for i in done], [i.a for i in done], [i.b for i in done], caps))
    order = np.lexsort((a, row))
    row, ends, cap = row[order], b[order], cap[order]
    last = np.flatnonzero(np.diff(row, append=m))
    ends[last] = np.inf
    return Limits(ends=ends, caps=cap, firsts=np.concatenate([[0], last[:-1] + 1]).astype(np.int64))
