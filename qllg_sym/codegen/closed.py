"""Closed constants, such as ζ(3), ∛2 and √(10¹² + 1) − 10⁶: exact in a kernel, of full precision wherever it runs."""

from fractions import Fraction
from functools import cached_property

import mpmath
import sympy

from qllg_sym.errors import CodegenError

DIGITS = 40             # of the value that a target rounds to a double


class Closed(str):
    """The operation, without arguments, that gives a closed constant; as text its name in a kernel.

    Args:
        expression: a real, finite SymPy expression without symbols.

    Raises:
        CodegenError: its value is not real and finite.

    >>> Closed(sympy.zeta(3)), float(Closed(sympy.zeta(3)).fraction)
    ('[zeta(3)]', 1.2020569031595942)
    """

    expression: sympy.Expr

    def __new__(cls, expression: sympy.Expr) -> "Closed":
        """Name it, and see that it has a value."""
        made = super().__new__(cls, f"[{sympy.sstr(expression, order='lex').replace(' ', '')}]")
        made.expression = expression
        _ = made.fraction
        return made

    def __getnewargs__(self) -> tuple[sympy.Expr]:  # type: ignore[override]
        """What a copy is made of."""
        return (self.expression,)

    def value(self, digits: int) -> mpmath.mpf:
        """Return the value to so many digits, whatever cancels on the way."""
        found = sympy.N(self.expression, digits, maxn=10 * digits + 1000)
        if not (isinstance(found, sympy.Float) or found.is_Rational):
            raise CodegenError("A kernel must be real and finite arithmetic, but the expression has "
                               f"`{self.expression}`; take real parts first.")
        with mpmath.workdps(digits):
            return mpmath.mpf(sympy.Float(found, digits)._mpf_)

    @cached_property
    def fraction(self) -> Fraction:
        """The value to 40 digits as a fraction, 0 where it is below every double."""
        sign, mantissa, exponent, _ = self.value(DIGITS)._mpf_
        if exponent < -1200 - 4 * DIGITS:
            return Fraction(0)
        number = Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
        return -number if sign else number
