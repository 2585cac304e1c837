"""The limit t → ∞ of a quotient of sums of exponentials: the terms that lead, once it is known which do."""

from collections.abc import Sequence
from typing import Any

import sympy as sp
from sympy.polys.rings import PolyElement

from qllg_sym.errors import InputError, InputTypeError
from qllg_sym.flow.exact.symbolic.cancelling import cancelled
from qllg_sym.flow.exact.symbolic.exponentials import Exponentials, Ratio
from qllg_sym.flow.exact.symbolic.short import Rates


def positive_ones(assuming: Any) -> tuple[sp.Expr, ...]:
    """Return what is assumed to be positive as expressions: one or several, a > b as a − b.

    Raises:
        InputTypeError: something else.

    >>> x = sp.Symbol("x"); positive_ones([x, x < 3])
    (x, 3 - x)
    """
    given: list[Any] = [assuming] if isinstance(assuming, sp.Basic) else list(assuming)
    for each in given:
        if not isinstance(each, (sp.Expr, sp.StrictGreaterThan, sp.StrictLessThan)):
            raise InputTypeError(f"`assuming` must be expressions that are positive, but has {each!r}; write "
                                 "[4*J - B] or [4*J > B].")
    return tuple(each if isinstance(each, sp.Expr) else each.gts - each.lts for each in given)


def limit(ratio: Ratio, rates: Rates, positive: Sequence[sp.Expr] = ()) -> sp.Expr:
    """Return the limit.

    Args:
        ratio: a quotient.
        rates: of the exponents.
        positive: what is positive beside what the symbols are declared as.

    Raises:
        InputError: it is not known which exponential leads, or there is no limit.
    """
    constant = ratio.as_constant()
    if constant is not None:
        return constant
    ratio = cancelled(ratio)
    leading = _leading(ratio.den, rates, positive)
    field = ratio.num.field
    # Readings are bounded, so nothing above the line grows faster than what leads below it.
    parts = [Exponentials(field, {(field.ring.zero, key[1]): c for key, c in x.terms.items() if key[0] in leading})
             for x in (ratio.num, ratio.den)]
    found = Ratio(*parts).as_constant()
    if found is None:
        raise InputError("`limit` must be of a reading that comes to rest, but this one goes on to oscillate; leave "
                         "limit out.")
    return found


def _leading(x: Exponentials, rates: Rates, positive: Sequence[sp.Expr]) -> set[PolyElement]:
    """The S that grow fastest: those that no other is known to outrun, if they are known to be equal."""
    every = list(dict.fromkeys(key[0] for key in x.terms))
    ahead = {(s, r): sp.expand(x.field.written(s - r)) * rates.growth for s in every for r in every if s != r}
    signs = {pair: _sign(difference, positive) for pair, difference in ahead.items()}
    outrun = {r for (_, r), sign in signs.items() if sign == 1} | {s for (s, _), sign in signs.items() if sign == -1}
    left = [s for s in every if s not in outrun]
    if not left:
        raise InputError(f"`assuming` must be free of contradictions, but {', '.join(map(str, positive))} cannot all "
                         "be positive with the symbols as they are declared; leave one out.")
    for s in left[1:]:
        if signs[s, left[0]] is None:
            raise InputError(f"`assuming` must say whether {sp.factor(ahead[s, left[0]])} is positive or negative, for "
                             "that decides what is left at late times; give assuming=[...] of expressions that are "
                             "positive, beside symbols that are declared so.")
    return {*left}


def _sign(x: sp.Expr, positive: Sequence[sp.Expr]) -> int | None:
    """The sign of an expression, None where it is open."""
    x = sp.factor(x)
    if x == 0:
        return 0
    sign = 1
    for factor in sp.Mul.make_args(x):
        base, power = factor.as_base_exp()
        one = _own_sign(base, positive)
        if one is None:
            return None
        sign *= one if power.is_Integer and int(power) % 2 else 1
    return sign


def _own_sign(x: sp.Expr, positive: Sequence[sp.Expr]) -> int | None:
    """The sign of a factor by its assumptions, or as a positive multiple of what is assumed."""
    for y in (x, sp.expand(x)):
        if y.is_positive:
            return 1
        if y.is_negative:
            return -1
    for known in positive:
        quotient = sp.cancel(x / known)
        if quotient.is_positive or quotient.is_negative:
            return 1 if quotient.is_positive else -1
        rest = sp.expand(x - known), sp.expand(-x - known)
        if rest[0].is_nonnegative or rest[1].is_nonnegative:
            return 1 if rest[0].is_nonnegative else -1
    return None
