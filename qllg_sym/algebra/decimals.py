"""Exact numbers that were written as decimals, written as decimals again: 20023/10000 is 2.0023, 1/3 stays 1/3."""

from collections.abc import Iterable
from typing import Any

import sympy as sp

LARGEST_HALVING = 64            # 1/64 is a fraction, 1/128 a decimal: halves come from spins, not from keyboards
FIXED = range(-5, 16)           # powers of ten of the first digit that are written out


class Decimal(sp.Symbol):
    """A positive number as its decimal text, to be printed in its place and never computed with."""

    __slots__ = ()

    def __new__(cls, text: str) -> "Decimal":
        """Make one."""
        return super().__new__(cls, text)  # type: ignore[no-untyped-call]  # SymPy has no types


def decimal(value: sp.Rational) -> str | None:
    """Return the exact decimal of a positive rational, or None where a fraction or an integer says it better.

    That is every finite decimal whose denominator has a factor 5, or halves very often; and round large integers.

    >>> [decimal(sp.Rational(text)) for text in ("2.0023", "1e-21", "1/2", "1/3", "3", "2e25", "0.00390625")]
    ['2.0023', '1e-21', None, None, None, '2e25', '0.00390625']
    """
    numerator, denominator = int(value.p), int(value.q)
    twos, fives, rest = denominator, 0, denominator
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    twos = rest.bit_length() - 1
    if rest != 1 << twos or (denominator > 1 and not fives and denominator <= LARGEST_HALVING):
        return None
    places = max(twos, fives)
    digits = str(numerator * 10**places // denominator)
    power = len(digits) - 1 - places
    if denominator == 1 and (power in FIXED or len(digits.rstrip("0")) > max(FIXED)):
        return None
    if power in FIXED:
        digits = digits.rjust(places + 1, "0")
        return f"{digits[:-places]}.{digits[-places:]}"
    head, tail = digits[0], digits[1:].rstrip("0")
    return f"{head}{'.' if tail else ''}{tail}e{power}"


def in_decimals(expression: sp.Expr) -> sp.Expr:
    """Return an expression with decimals in place of the rationals that read better so, for printing alone.

    >>> J = sp.Symbol("J"); in_decimals(sp.Rational("-0.7") * J + J**2 / 3)
    -0.7*J + J**2/3
    """
    found: dict[sp.Expr, sp.Expr] = {}
    for number in expression.atoms(sp.Rational):
        if (text := decimal(abs(number))) is not None:
            found[number] = -Decimal(text) if number < 0 else Decimal(text)
    return expression.xreplace(found) if found else expression


def has_decimals(expressions: Iterable[sp.Expr]) -> bool:
    """Return whether some number in the expressions reads better as a decimal, as floats do.

    >>> has_decimals([sp.Rational("0.3")]), has_decimals([sp.Rational(1, 2), sp.Symbol("J")])
    (True, False)
    """
    return any(decimal(abs(number)) is not None for e in expressions for number in e.atoms(sp.Rational))


def written(value: Any) -> str:
    """Return an expression, or tuples of them, as text with decimals.

    >>> written((sp.Rational("0.7"), 0, sp.Rational(1, 3)))
    '(0.7, 0, 1/3)'
    """
    if isinstance(value, tuple):
        return f"({', '.join(map(written, value))}{',' if len(value) == 1 else ''})"
    return str(in_decimals(value)) if isinstance(value, sp.Expr) else str(value)
