r"""The integral for a spectrum with one level apart (pure states, Werner states) as a series of positive terms.

With p = (c + b, c, …, c): $I = e^{c\,\mathrm{Tr}A} \int e^{b\langle\psi|A|\psi\rangle}\,d\psi$, and with
$y_j = b a_j - \min_k b a_k \ge 0$ the integral over kets is, by the formula of Hermite and Genocchi,

$$(d-1)!\,\exp[ba_1, \dots, ba_d] = e^{\min ba} \sum_k \frac{(d-1)!}{(k+d-1)!} h_k(y_1, \dots, y_d),$$

$h_k$ the complete symmetric polynomials, from $\sum_k h_k x^k = \prod_j 1/(1 - y_j x)$. No term cancels another,
levels may coincide, and a derivative doubles one of them.
"""

from functools import cached_property
from math import exp, log, log10
from typing import Any

from qllg_sym.ensemble.canonical.arithmetic import Arithmetic
from qllg_sym.ensemble.canonical.one_apart import OneApart
from qllg_sym.ensemble.canonical.orbit_integral import Groups

LONGEST = 20_000        # |b a_j − b a_k| up to which the series is summed: it has about three terms for each unit
COLD = 100              # the same from which a few levels are quicker summed one by one


class Series(OneApart):
    """The integral for p = (c + b, c, …, c).

    Args:
        a: levels of A with their multiplicities.
        single: the level c + b, which occurs once.
        common: the level c.
        numbers: how numbers are evaluated.
        digits: to which the series is summed.

    >>> from qllg_sym.ensemble.canonical.arithmetic import Multiprecision
    >>> with Multiprecision(20) as numbers:                                     # one spin ½: sinh(1)/1
    ...     integral = Series([(numbers(-1), 1), (numbers(1), 1)], numbers(1), numbers(0), numbers, 15)
    ...     round(float(numbers.exp(integral.log)), 12)
    1.175201193644
    """

    def __init__(self, a: Groups, single: Any, common: Any, numbers: Arithmetic, digits: int) -> None:
        super().__init__(a, single, common, numbers)
        self._least = min(self._scaled, key=float)
        self._y = [numbers(0) if y is self._least else y - self._least for y in self._scaled]
        self._terms = length(max(map(float, self._y)), digits)
        self._symmetric = self._weighted_ones()

    def _weighted_ones(self) -> list[Any]:
        """Return h_k(y_1 … y_d) for every k."""
        found = [self._numbers(1)] + [self._numbers(0)] * self._terms
        for y, n in zip(self._y, self.counts, strict=True):
            for _ in range(n):
                found = self._with(found, y)
        return found

    def _with(self, found: list[Any], y: Any) -> list[Any]:
        """Return the symmetric polynomials with one more variable: divided by 1 − yx."""
        more, last = [], self._numbers(0)
        for h in found:
            last = h + y * last
            more.append(last)
        return more

    def _sums(self, symmetric: list[Any], size: int, powers: int = 1) -> list[Any]:
        """Return Σ_k (k)_i h_k (d − 1)!/(k + size − 1)! for falling factorials (k)_i, i < powers.

        Beyond k = 2y terms halve, so that the rest is no more than the last one; twice as many with k(k − 1).
        """
        d, weight, sums, term = sum(self.counts), self._numbers(1), [self._numbers(0)] * powers, self._numbers(0)
        for k in range(d, size):
            weight = weight / k
        for k, h in enumerate(symmetric):
            term = h * weight
            for i, factor in enumerate((1, k, k * (k - 1))[:powers]):
                sums[i] += term * factor
            weight = weight / (k + size)
        return [x + self._numbers.rest(term * (2 * len(symmetric)**i)) for i, x in enumerate(sums)]

    @cached_property
    def _zeroth(self) -> Any:
        return self._sums(self._symmetric, sum(self.counts))[0]

    @cached_property
    def _first(self) -> list[Any]:
        d = sum(self.counts)
        return [self._sums(self._with(self._symmetric, y), d + 1)[0] / self._zeroth for y in self._y]

    def _second(self, g: int, h: int) -> Any:
        found = self._with(self._with(self._symmetric, self._y[g]), self._y[h])
        return self._sums(found, sum(self.counts) + 2)[0] / self._zeroth

    @cached_property
    def log(self) -> Any:
        """Return ln I."""
        return self._trace + self._least + self._numbers.log(self._zeroth)

    @property
    def variance(self) -> Any:
        """Variance of Tr ρA: of Y = Σ y_j|ψ_j|², whose moments are sums over k of the same series."""
        first, second = self._moments
        return second - first**2

    @cached_property
    def _moments(self) -> tuple[Any, Any]:
        """⟨Y⟩ and ⟨Y²⟩."""
        zeroth, first, second = self._sums(self._symmetric, sum(self.counts), 3)
        return first / zeroth, second / zeroth

    @property
    def lost(self) -> int:
        """Multiprecision that the variance loses, and those that rounding takes from a sum of so many terms."""
        _, second = self._moments
        ratio = float(self.variance / second) if second else 1.0
        return int(log10(len(self._symmetric) * sum(self.counts)) - log10(max(ratio, 1e-300))) + 1


def length(largest: float, digits: int) -> int:
    """Return the number of terms after which the rest of the series is below 10^−digits.

    Terms are y^k/k! at most, y the largest variable, and halve beyond k = 2y; those kept are twice as many as this
    says for two more variables.

    >>> length(1.0, 15)
    41
    """
    k, size, goal = 0, 0.0, -digits * log(10) - 10
    while k < 2 * largest + 2 or size > goal:
        k += 1
        size += log(max(largest, exp(-40)) / k)
    return k + 20
