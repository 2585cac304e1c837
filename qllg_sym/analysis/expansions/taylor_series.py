"""A Taylor polynomial of a solution, with a bound of what it leaves out where one was asked for."""

from collections.abc import Iterable
from typing import Any

import sympy as sp

from qllg_sym.algebra.scalars import exact_float
from qllg_sym.algebra.symbols import t
from qllg_sym.errors import InputError


class TaylorSeries(list[tuple[sp.Expr, ...]]):
    r"""The coefficients $y_0, …, y_n$ of $y(t) = \sum_k y_k t^k + O(t^{n+1})$, a list with one tuple an order.

    Attributes:
        remainder: r with $|y_i(t) - \sum_k y_{i,k} t^k| \le r_i\, t^{n+1}$ for 0 ≤ t ≤ `until`, proved; None where it
            was not asked for.
        until: up to which time it holds.
    """

    def __init__(self, orders: Iterable[tuple[sp.Expr, ...]] = (), remainder: tuple[sp.Rational, ...] | None = None,
                 until: sp.Rational | None = None) -> None:
        super().__init__(orders)
        self.remainder, self.until = remainder, until

    @property
    def polynomials(self) -> tuple[sp.Expr, ...]:
        """Σ y_k t^k, one for each state, in `qllg_sym.t`."""
        return tuple(sp.Add(*(c * t**k for k, c in enumerate(orders))) for orders in zip(*self, strict=True))

    def bounds(self, time: Any) -> tuple[tuple[sp.Expr, sp.Expr], ...]:
        """Return (low, high) for each state, between which the solution is at a time, proved.

        Raises:
            InputError: no remainder was asked for, or a time outside 0 … `until`.
        """
        if self.remainder is None or self.until is None:
            raise InputError("`time` must lie where a remainder holds, but none was asked for; give remainder=time to "
                             "series.")
        exact = time if isinstance(time, sp.Rational) else exact_float(time, "time")
        if not 0 <= exact <= self.until:
            raise InputError(f"`time` must be from 0 to {self.until}, where the remainder holds, but is {time}.")
        reach = [r * exact**len(self) for r in self.remainder]
        middle = [p.xreplace({t: exact}) for p in self.polynomials]
        return tuple((m - r, m + r) for m, r in zip(middle, reach, strict=True))
