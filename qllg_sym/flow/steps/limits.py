"""How long a step may be, and where one has to land: plain numbers that every stepper keeps to."""

from dataclasses import dataclass, field, replace
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen.values import real_array
from qllg_sym.errors import InputError, InputTypeError

Array = NDArray[Any]


def _open() -> Array:
    """Return a table of one interval without end."""
    return np.array([np.inf])


@dataclass(frozen=True)
class Limits:
    """Longest steps of one trajectory, or of m trajectories, each with a table of its own or all with one.

    A table is a row of intervals in time. A step is no longer than the cap of any interval that it touches; one that
    would be lands where that interval begins. An interval without length and of cap 0 is a place to land on.

    Attributes:
        longest: of all steps.
        ends: of the intervals, ascending in each table, the last of each infinite, (n,).
        caps: longest step in each, (n,).
        firsts: where the table of each trajectory begins, (m,), or (1,) for one that all share.

    >>> limits = Limits(ends=np.array([1.0, 2.0, np.inf]), caps=np.array([np.inf, 0.1, np.inf]))
    >>> limits.reach(0.0, 5.0), limits.reach(1.0, 5.0), limits.reach(2.0, 5.0)
    (1.0, 1.1, 7.0)
    """

    longest: float = np.inf
    ends: Array = field(default_factory=_open)
    caps: Array = field(default_factory=_open)
    firsts: NDArray[np.int64] = field(default_factory=lambda: np.zeros(1, dtype=np.int64))

    @property
    def free(self) -> bool:
        """Whether nothing but `longest` limits a step."""
        return len(self.ends) == 1

    def reach(self, t: float, h: float) -> float:
        """Return how far a step of length h from t may go; of the first table."""
        return self._reach(t, min(h, self.longest))

    def _reach(self, t: float, h: float) -> float:
        """Return the same by the table alone."""
        k = int(np.searchsorted(self.ends, t, side="right"))
        to = t + min(h, float(self.caps[k]))
        while self.ends[k] < to:
            to = min(to, max(t + float(self.caps[k + 1]), float(self.ends[k])))
            k += 1
        return to

    def of(self, row: int) -> "Limits":
        """Return those of one trajectory.

        >>> both = Limits(ends=np.array([np.inf, np.inf]), caps=np.array([1.0, 2.0]), firsts=np.array([0, 1]))
        >>> both.of(1).caps.tolist()
        [2.0]
        """
        if len(self.firsts) == 1:
            return self
        begin = int(self.firsts[row])
        part = slice(begin, begin + 1 + int(np.argmax(np.isinf(self.ends[begin:]))))
        return replace(self, ends=self.ends[part], caps=self.caps[part], firsts=np.zeros(1, dtype=np.int64))

    def landing(self, points: Array) -> "Limits":
        """Return limits whose steps also land on each of these times, ascending.

        >>> limits = Limits().landing(np.array([1.0, 2.0]))
        >>> limits.reach(0.5, 9.0), limits.reach(1.0, 9.0), limits.reach(2.0, 9.0)
        (1.0, 2.0, 11.0)
        """
        if not len(points):
            return self
        tables = [self._landed(self.of(row), points) for row in range(len(self.firsts))]
        sizes = [len(ends) for ends, _ in tables]
        firsts = np.concatenate([[0], np.cumsum(sizes[:-1])]).astype(np.int64)
        ends, caps = (np.concatenate(part) for part in zip(*tables, strict=True))
        return replace(self, ends=ends, caps=caps, firsts=firsts)

    @staticmethod
    def _landed(one: "Limits", points: Array) -> tuple[Array, Array]:
        """Return the table of one trajectory with an interval that ends at each point, then one without length."""
        inside = one.caps[np.searchsorted(one.ends, points, side="left")]
        ends = np.concatenate([one.ends, points, points])
        caps = np.concatenate([one.caps, inside, np.zeros(len(points))])
        # At equal ends the interval comes before the place to land on; an interval that ended there stays the first.
        order = np.lexsort((np.repeat([0, 1, 2], [len(one.ends), len(points), len(points)]), ends))
        return ends[order], caps[order]


def limited(found: Limits | None, max_step: float, breakpoints: Array) -> Limits | None:
    """Return limits that were found with those that are asked for, None where there are none.

    >>> limited(None, 0.5, np.array([1.2])).reach(1.0, 9.0)
    1.2
    """
    if found is None and max_step == np.inf and not len(breakpoints):
        return None
    return replace(found or Limits(), longest=max_step).landing(breakpoints)


def checked_limits(max_step: Any, breakpoints: Any) -> tuple[float, Array]:
    """Return a longest step and times to land on, ascending and each once, as they may be asked for.

    Raises:
        InputError, InputTypeError: a step that is not positive; times that are no list of finite numbers.

    >>> checked_limits(0.5, [3, 1, 3])
    (0.5, array([1., 3.]))
    """
    if max_step == np.inf and isinstance(breakpoints, tuple) and not breakpoints:
        return np.inf, np.empty(0)
    if not isinstance(max_step, Real) or isinstance(max_step, bool) or not float(max_step) > 0:
        raise InputError(f"`max_step` must be a positive number, but is {max_step!r}; write max_step=0.1, or leave it "
                         "out.")
    points = real_array(breakpoints)
    if points is None:
        shown = repr(breakpoints)
        what = shown if len(shown) <= 60 else f"a {type(breakpoints).__name__} of something else"
        raise InputTypeError(f"`breakpoints` must be a list of times, but is {what}; write breakpoints=[1.0, 2.5].")
    if points.ndim != 1 or not np.all(np.isfinite(points)):
        what = f"has shape {points.shape}" if points.ndim != 1 else "has one that is not finite"
        raise InputError(f"`breakpoints` must be a list of finite times, but {what}; write breakpoints=[1.0, 2.5].")
    return float(max_step), np.unique(points)
