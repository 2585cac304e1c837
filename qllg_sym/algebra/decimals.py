"""Exact numbers that were written as decimals, written as decimals again: 20023/10000 is 2.0023, 1/3 stays 1/3."""

from collections.abc import Iterable
from typing import Any

import mpmath
import sympy as sp

MOST_HALVINGS, LARGEST_NUMERATOR = 64, 99       # 1/64 and 63/4 are fractions of spins; 1/128 and 2001/2 were typed
FIXED = range(-5, 16)           # powers of ten of the first digit that are written out


class Decimal(sp.NumberSymbol):
    """A positive number as its decimal text, to be printed in its place as numbers are and never computed with."""

    __slots__ = ("name",)
    is_real, is_positive, is_zero, is_number = True, True, False, True
    name: str

    def __new__(cls, text: str) -> "Decimal":
        """Make one."""
        number: Decimal = super().__new__(cls)  # type: ignore[no-untyped-call]  # SymPy has no types
        number.name = text
        return number

    def _as_mpf_val(self, prec: int) -> Any:
        with mpmath.workprec(prec):                 # printers order terms by their size
            return mpmath.mpf(self.name)._mpf_

    def _hashable_content(self) -> tuple[str]:
        return (self.name,)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Decimal) and other.name == self.name

    def __hash__(self) -> int:
        return hash((type(self), self.name))

    def _sympystr(self, printer: Any) -> str:
        return self.name

    def _latex(self, printer: Any) -> str:
        head, _, power = self.name.partition("e")
        return rf"{head} \cdot 10^{{{power}}}" if power else head


def decimal(value: sp.Rational) -> str | None:
    """Return the exact decimal of a positive rational, or None where a fraction or an integer says it better.

    That is every finite decimal whose denominator has a factor 5; halves of large numbers; round large integers.

    >>> [decimal(sp.Rational(text)) for text in ("2.0023", "1e-21", "1/2", "1/3", "3", "2e25", "1000.5")]
    ['2.0023', '1e-21', None, None, None, '2e25', '1000.5']
    """
    numerator, denominator = int(value.p), int(value.q)
    twos, fives, rest = denominator, 0, denominator
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    twos = rest.bit_length() - 1
    short = not fives and 1 < denominator <= MOST_HALVINGS and numerator <= LARGEST_NUMERATOR
    if rest != 1 << twos or short:
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
    J**2/3 - 0.7*J
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
