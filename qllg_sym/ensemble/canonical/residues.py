r"""The integral for a spectrum with one level apart as a sum over levels: what is short where it is cold.

$$\exp[y_1, \dots] = \sum_g \mathrm{Res}_{z = y_g}\,e^z\prod_h (z - y_h)^{-n_h}
= \sum_g e^{y_g}\sum_{k<n_g}\frac{c_k}{(n_g - 1 - k)!},\qquad \prod_{h\ne g}(y_g - y_h + u)^{-n_h} = \sum_k c_k u^k$$

Terms cancel where levels are near each other in units of k_BT, which more digits mend; in `series` no term cancels
another, and there are as many as the spread of the levels is in this unit.
"""

from collections.abc import Sequence
from functools import cached_property
from math import factorial
from typing import Any

from qllg_sym.ensemble.canonical.arithmetic import Arithmetic
from qllg_sym.ensemble.canonical.one_apart import OneApart
from qllg_sym.ensemble.canonical.orbit_integral import Groups

MOST_STATES = 16        # of all levels: what is read takes the fourth power of their number


class Residues(OneApart):
    """The integral for p = (c + b, c, …, c), a term a level.

    Args:
        a: levels of A with their multiplicities, all different.
        single: the level c + b, which occurs once.
        common: the level c.
        numbers: how numbers are evaluated; the precision is its own.

    >>> from qllg_sym.ensemble.canonical.arithmetic import Multiprecision
    >>> with Multiprecision(20) as numbers:                                     # one spin ½: sinh(1)/1
    ...     integral = Residues([(numbers(-1), 1), (numbers(1), 1)], numbers(1), numbers(0), numbers)
    ...     round(float(numbers.exp(integral.log)), 12)
    1.175201193644
    """

    def __init__(self, a: Groups, single: Any, common: Any, numbers: Arithmetic) -> None:
        super().__init__(a, single, common, numbers)
        self._top = max(self._scaled, key=float)
        self._factors = [numbers.exp(y - self._top) for y in self._scaled]

    def _difference(self, more: Sequence[int] = ()) -> Any:
        """Return exp[y …]/e^top with the levels of some groups once more each."""
        counts = [n + more.count(g) for g, n in enumerate(self.counts)]
        return sum((factor * self._residue(g, counts) for g, factor in enumerate(self._factors)), self._numbers(0))

    def _residue(self, g: int, counts: list[int]) -> Any:
        """Return Σ_k c_k/(n − 1 − k)! of one level."""
        size, one = counts[g], self._numbers(1)
        found = [one] + [self._numbers(0)] * (size - 1)
        for h, n in enumerate(counts):
            if h == g:
                continue
            gap = self._scaled[g] - self._scaled[h]
            for _ in range(n):                  # divided by gap + u
                last = self._numbers(0)
                for k, c in enumerate(found):
                    last = (c - last) / gap
                    found[k] = last
        return sum((c / factorial(size - 1 - k) for k, c in enumerate(found)), self._numbers(0))

    @cached_property
    def _zeroth(self) -> Any:
        return self._difference()

    @cached_property
    def _first(self) -> list[Any]:
        return [self._difference([g]) / self._zeroth for g in range(len(self.counts))]

    def _second(self, g: int, h: int) -> Any:
        return self._difference([g, h]) / self._zeroth

    @cached_property
    def log(self) -> Any:
        """Return ln I."""
        log = self._numbers.log
        return self._trace + self._top + log(self._zeroth) + log(self._numbers(factorial(sum(self.counts) - 1)))
