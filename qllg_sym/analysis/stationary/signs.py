"""Signs of exact expressions: decided where they can be, else conditions on parameters."""

from collections.abc import Iterable

import sympy as sp

from qllg_sym.errors import DerivationError

MOST_DIGITS = 2000


def is_zero_exactly(expression: sp.Expr) -> bool:
    """Return whether a rational function of symbols and roots of numbers is zero, by its normal form.

    >>> p = sp.Symbol("p"); is_zero_exactly((p**2 - 1) / (p - 1) - p - 1), is_zero_exactly(sp.sqrt(2) - p)
    (True, False)
    """
    return bool(sp.cancel(expression) == 0 or sp.radsimp(sp.expand(expression)) == 0)


def definite_sign(number: sp.Expr) -> int:
    """Return the sign of a real number that is not zero.

    >>> definite_sign(sp.sqrt(2) - 2)
    -1
    """
    digits = 30
    while digits <= MOST_DIGITS:
        value = sp.re(sp.N(number, digits))
        if abs(value) > sp.Float(10, digits) ** (-digits // 2):
            return 1 if value > 0 else -1
        digits *= 2
    raise DerivationError(f"`values` must leave numbers that differ, but {number} is 0 to {MOST_DIGITS} digits; "
                          "give other values.")


def all_at_most_zero(expressions: Iterable[sp.Expr]) -> bool | sp.Basic:
    """Return whether all of these are ≤ 0: True, False, or the condition on parameters under which they are.

    >>> a, b = sp.symbols("a b", real=True); all_at_most_zero([-a**2, sp.S(-1)]), all_at_most_zero([-a**2, b])
    (True, b <= 0)
    """
    conditions = []
    for expression in expressions:
        if expression == 0 or expression.is_nonpositive:
            continue
        if not expression.free_symbols:
            if definite_sign(expression) > 0:
                return False
            continue
        if expression.is_positive:
            return False
        conditions.append(sp.Le(expression, 0))
    found = sp.And(*conditions)
    return bool(found) if found in (sp.true, sp.false) else found
