"""Profile likelihood: the least χ² at each number of one parameter, over all others."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import chdtri

from qllg_sym.fitting.comparison import Comparison

Array = NDArray[Any]
DOUBLINGS = 20          # of the distance at which the end of an interval is looked for
FLAT = 1e-10            # of the residuals: others that move them by less have nothing to gain
ACCURACY = 1e-8         # of the ends, relative to their distance from the best number


@dataclass(frozen=True)
class Profile:
    """χ² along one parameter.

    Attributes:
        name: of the parameter.
        numbers: of it, (n,).
        chi2: least χ² there, (n,).
        others: the other parameters there, by name, (n,) each.
    """

    name: str
    numbers: Array
    chi2: Array
    others: dict[str, Array]


class Profiles:
    """The profiles of a fit.

    Args:
        todo: the data and the free parameters.
        best: where χ² is least, (k,).
        chi2: what it is there.
        scale: of χ², that of one standard deviation.
    """

    def __init__(self, todo: Comparison, best: Array, chi2: float, scale: float) -> None:
        self._todo, self._best, self._chi2, self._scale = todo, best, chi2, scale

    def at(self, name: str, number: float, start: Array) -> tuple[float, Array]:
        """Return the least χ² with one parameter held, and the others there."""
        held = self._todo.holding(name, number)
        if not held.names:
            return float((held.residuals(np.empty(0))**2).sum()), start
        start = np.clip(start, held.low, held.high)
        off, moved = held.residuals(start), np.linalg.norm(held.jacobian(start), axis=0) * abs(start)
        if (moved <= FLAT * np.linalg.norm(off)).all() and start.all():     # such as a field that nothing turns in
            return float(off @ off), start
        found = held.minimised(start)
        return float(2 * found.cost), np.asarray(found.x)

    def over(self, name: str, numbers: Array) -> Profile:
        """Return the profile at numbers, each from the others of the last one nearer to the best."""
        k, kept = self._todo.names.index(name), np.array([one != name for one in self._todo.names])
        chi2, others = np.empty(len(numbers)), np.empty((len(numbers), kept.sum()))
        order = np.argsort(numbers)
        for side in (order[numbers[order] >= self._best[k]], order[numbers[order] < self._best[k]][::-1]):
            start = self._best[kept]
            for j in side.tolist():
                chi2[j], start = self.at(name, float(numbers[j]), start)
                others[j] = start
        names = [one for one in self._todo.names if one != name]
        return Profile(name, numbers, chi2, dict(zip(names, others.T, strict=True)))

    def interval(self, name: str, level: float, error: float) -> tuple[float, float]:
        """Return where χ² has grown to the quantile of one degree of freedom; a bound, or ±∞, where it never does."""
        k, kept = self._todo.names.index(name), np.array([one != name for one in self._todo.names])
        rise, best = float(chdtri(1, 1 - level)) * self._scale, float(self._best[k])
        first = error if np.isfinite(error) and error > 0 else 0.1 * abs(best) or 0.1
        return self._end(name, -first, rise, best, kept), self._end(name, first, rise, best, kept)

    def _end(self, name: str, first: float, rise: float, best: float, kept: Array) -> float:
        """Return one end: steps that double, then a root; each from the others of the step before."""
        edge = float((self._todo.high if first > 0 else self._todo.low)[list(self._todo.names).index(name)])
        start, near, step = self._best[kept], best, first
        for _ in range(DOUBLINGS):
            far = min(best + step, edge) if first > 0 else max(best + step, edge)
            chi2, others = self.at(name, far, start)
            if chi2 - self._chi2 >= rise:
                root = brentq(lambda x, start=start: self.at(name, x, start)[0] - self._chi2 - rise, near, far,
                              xtol=ACCURACY * abs(far - best))
                return float(root)
            if far == edge:
                return edge
            start, near, step = others, far, 2 * step
        return float(np.copysign(np.inf, first))
