r"""The integral of Harish-Chandra, Itzykson and Zuber as a determinant, levels of A and P repeated as they may be.

$$I = \prod_{k<d} k!\;\frac{\det\left[e^{a_j p_k}\right]}{\prod_{j<k}(a_k - a_j)(p_k - p_j)}.$$
Where a level occurs n times, its rows are the derivatives $f^{(r)}/r!$, r < n, of the first (columns alike), and
factors that vanish are left out. Moved levels $a_g + \varepsilon_j$ turn the determinant into
$\sum_\lambda D_\lambda s_\lambda(\varepsilon)$ with Schur polynomials and rows of order $\lambda_i + n - i$, so that
derivatives replace a row or two: ratios of determinants, read off the inverse matrix.
"""

from functools import cached_property
from itertools import combinations
from math import factorial
from typing import Any

from qllg_sym.ensemble.canonical.arithmetic import Arithmetic
from qllg_sym.ensemble.canonical.orbit_integral import Groups, OrbitIntegral


class Determinant(OrbitIntegral):
    """The integral for any spectrum.

    Args:
        a: levels of A with their multiplicities.
        p: those of P.
        numbers: how numbers are evaluated; the precision is its own.

    Source: C. Itzykson, J.-B. Zuber, J. Math. Phys. 21, 411 (1980), eq. 3.4.

    >>> from qllg_sym.ensemble.canonical.arithmetic import Multiprecision
    >>> with Multiprecision(20) as numbers:                                     # one spin ½: sinh(1)/1
    ...     integral = Determinant([(numbers(-1), 1), (numbers(1), 1)], [(numbers(0), 1), (numbers(1), 1)], numbers)
    ...     round(float(numbers.exp(integral.log)), 12)
    1.175201193644
    """

    def __init__(self, a: Groups, p: Groups, numbers: Arithmetic) -> None:
        super().__init__(a)
        self._numbers, self._p = numbers, p
        rows = [self._row(g, r) for g, (_, n) in enumerate(a) for r in range(n)]
        self._inverse, self._log_of_rows = numbers.inverse(rows)
        self._last = [sum(self.counts[: g + 1]) - 1 for g in range(len(a))]

    def _row(self, g: int, r: int) -> list[Any]:
        """Derivative of order r, over r!, of the row of a level."""
        return [self._entry(self.levels[g], r, p, c) for p, n in self._p for c in range(n)]

    def _entry(self, a: Any, r: int, p: Any, c: int) -> Any:
        """Return ∂_a^r ∂_p^c e^{ap}/(r! c!)."""
        terms = (a**(c - i) * p**(r - i) / (factorial(i) * factorial(r - i) * factorial(c - i))
                 for i in range(min(r, c) + 1))
        return sum(terms) * self._numbers.exp(a * p)

    @cached_property
    def log(self) -> Any:
        """Return ln I."""
        log, d = self._numbers.log, sum(self.counts)
        apart = sum((n * m * log(abs(x - y)) for levels in (list(zip(self.levels, self.counts, strict=True)), self._p)
                     for (x, n), (y, m) in combinations(levels, 2)), self._numbers(0))
        return self._log_of_rows - apart + sum((log(self._numbers(k)) * (d - k) for k in range(2, d)), self._numbers(0))

    @cached_property
    def _replaced(self) -> dict[tuple[int, int], list[Any]]:
        return {}

    def _ratios(self, g: int, more: int) -> list[Any]:
        """Ratios of determinants in which a row is replaced by the one of order n + more of a level, by row."""
        if (g, more) not in self._replaced:
            row = self._row(g, self.counts[g] + more)
            self._replaced[g, more] = self._numbers.times(row, self._inverse)
        return self._replaced[g, more]

    def _poles(self, g: int, power: int) -> Any:
        """Return Σ n_h/(a_g − a_h)^power over the other levels."""
        others = (n / (self.levels[g] - x)**power for h, (x, n) in enumerate(zip(self.levels, self.counts, strict=True))
                  if h != g)
        return sum(others, self._numbers(0))

    def population(self, g: int) -> Any:
        """Return F_j."""
        return self._ratios(g, 0)[self._last[g]] - self._poles(g, 1)

    def own(self, g: int) -> Any:
        """Return F_jj."""
        first, second = self._ratios(g, 0)[self._last[g]], self._ratios(g, 1)[self._last[g]]
        return 2 * second - first**2 + self._poles(g, 2)

    def other(self, g: int, h: int) -> Any:
        """Return F_jk."""
        first, at = self._ratios(g, 0), self._last[g]
        if g == h:
            return self._ratios(g, 1)[at] - first[at - 1] - first[at]**2
        return -first[self._last[h]] * self._ratios(h, 0)[at] - 1 / (self.levels[g] - self.levels[h])**2
