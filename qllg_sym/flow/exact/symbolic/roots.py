"""Signs of quotients of sums of exponentials, as far as their form shows them, and square roots."""

from typing import Any

import sympy as sp

from qllg_sym.flow.exact.symbolic.cancelling import cancelled, square_root
from qllg_sym.flow.exact.symbolic.exponentials import Exponentials, Ratio
from qllg_sym.flow.exact.symbolic.short import Rates, centre_of, factored, sum_written


def is_nonnegative(x: Any) -> bool:
    """Whether a value is seen not to be negative: a square, or a sum of nonnegative terms without phases."""
    if not isinstance(x, Ratio):
        return bool(sp.S(x).is_nonnegative)
    short = cancelled(x)
    return any(_sign_seen(y.num) and _sign_seen(y.den) for y in (short, x))


def _sign_seen(x: Exponentials) -> bool:
    """Whether a sum is nonnegative by its form."""
    field = x.field
    if all(not turn and sp.factor(field.written(c)).is_nonnegative for (_, turn), c in x.terms.items()):
        return True
    return _outweighed(x) or square_root(x) is not None


def _outweighed(x: Exponentials) -> bool:
    """Whether what may be negative, c cos θ e^S and −c e^S, is outweighed: a e^(S + δ) + a e^(S − δ) ≥ 2a e^S."""
    field, positive, owed = x.field, dict[Any, Any](), dict[Any, Any]()
    for (s, turn), c in x.terms.items():
        parts = field.parts(c)
        if any(not part.is_ground for part in parts):
            return False
        re, im = (part.coeff(1) for part in parts)
        if not turn and re > 0:
            positive[s] = re
        else:
            owed[s] = owed.get(s, 0) + abs(re) + abs(im)
    for s, due in owed.items():
        own = min(due, positive.get(s, 0))
        due -= own
        positive[s] = positive.get(s, 0) - own
        for other in [r for r in positive if 2 * s - r in positive and r != s]:
            share = min(due / 2, positive[other], positive[2 * s - other])
            due -= 2 * share
            positive[other] -= share
            positive[2 * s - other] -= share
        if due > 0:
            return False
    return True


def root(x: Any, rates: Rates) -> sp.Expr:
    """Return the square root as an expression, a square below the line and above it taken out."""
    if not isinstance(x, Ratio):
        return sp.sqrt(sp.factor(x))
    constant = x.as_constant()
    if constant is not None:
        return sp.sqrt(sp.factor(constant))
    short = cancelled(x)
    below = square_root(short.den)
    if below is None:
        return sp.sqrt(sum_written(short.num, rates) / sum_written(short.den, rates))
    centre = centre_of(below)
    lower, low = factored(below, rates, centre)
    above = square_root(short.num)
    if above is not None:
        upper, high = factored(above, rates, centre)
        return _size(upper / lower * high / low)
    upper, high = factored(short.num, rates, 2 * centre)
    if upper.is_nonnegative is not True:
        upper, high = sp.S.One, upper * high
    return sp.sqrt(sp.factor(upper / lower**2)) * sp.sqrt(high) / _size(low)


def _size(x: sp.Expr) -> sp.Expr:
    return x if x.is_nonnegative else sp.Abs(x)
