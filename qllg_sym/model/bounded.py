"""Exact values whose size is looked at before they are computed: what a text of a stranger may cost is bounded."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sympy as sp

from qllg_sym.errors import ModelError

MAX_BITS = 2048  # of a numerator or denominator: 10**600 and beyond are no couplings
MAX_DEGREE = 64  # in the names
MAX_TERMS = 1000  # after expansion

_NUMBERS: dict[str, Callable[[float], float]] = {
    "sign": lambda x: (x > 0) - (x < 0), "heaviside": lambda x: 0.5 + 0.5 * ((x > 0) - (x < 0))}


@dataclass(frozen=True)
class Value:
    """A partial result with what is known of it before any expansion.

    Attributes:
        expression: the result.
        degree: in the names.
        terms: once expanded.
        number: the value of a constant, in doubles.
    """

    expression: sp.Expr
    degree: int = 0
    terms: int = 1
    number: float | None = None


class BoundedArithmetic:
    """Sums, products, powers and functions of values, refused where they would be too large to work with.

    Args:
        error: makes the refusal of what a text must be, and of what to do.

    >>> def refused(must, todo): return ModelError(f"It must {must}; {todo}.")
    >>> BoundedArithmetic(refused).power(Value(sp.Symbol("x"), degree=1), sp.Integer(3)).degree
    3
    """

    def __init__(self, error: Callable[[str, str], ModelError]) -> None:
        self._error = error

    def decimal(self, text: str) -> Value:
        """Return an integer or a decimal, exactly; its size is looked at before it is built."""
        mantissa, _, exponent = text.lower().partition("e")
        if len(exponent) > 5 or len(mantissa) + abs(int(exponent or 0)) > MAX_BITS * math.log10(2):
            raise self._too_large()
        return self._bounded(lambda: sp.Rational(text), 0, 1, None)

    def sum(self, parts: Sequence[Value]) -> Value:
        """Return Σ parts; all at once, so that a long sum costs one addition."""
        if len(parts) == 1:
            return parts[0]
        return self._bounded(lambda: sp.Add(*(part.expression for part in parts)), max(part.degree for part in parts),
                             sum(part.terms for part in parts), _of_numbers(sum, parts))

    def product(self, parts: Sequence[Value]) -> Value:
        """Return Π parts, in the same way."""
        if len(parts) == 1:
            return parts[0]
        return self._bounded(lambda: sp.Mul(*(part.expression for part in parts)), sum(part.degree for part in parts),
                             math.prod(part.terms for part in parts), _of_numbers(math.prod, parts))

    def negative(self, value: Value) -> Value:
        """Return −value."""
        return Value(-value.expression, value.degree, value.terms, None if value.number is None else -value.number)

    def extreme(self, word: str, function: Callable[..., sp.Expr], parts: Sequence[Value]) -> Value:
        """Return the smallest or the largest part, as the word says."""
        return self._bounded(lambda: function(*(part.expression for part in parts)), 1, 1,
                             _of_numbers({"min": min, "max": max}[word], parts))

    def opaque(self, build: Callable[[], sp.Expr]) -> Value:
        """Return what counts as one unknown, whatever is in it."""
        return self._bounded(build, 1, 1, None)

    def call(self, name: str, function: Callable[[sp.Expr], sp.Expr], argument: Value) -> Value:
        """Return a function of a constant or of something unknown."""
        number = None
        if argument.number is not None:
            try:
                number = float(_NUMBERS.get(name, getattr(math, name, abs))(argument.number))
            except OverflowError:
                raise self._too_large() from None
            except ValueError:
                raise self._error("be real and finite, but has the logarithm of what is not positive",
                                  "mend the argument there") from None
        degree = 0 if number is not None else 1
        return self._bounded(lambda: function(argument.expression), degree, 1, number)

    def power(self, base: Value, exponent: sp.Rational) -> Value:
        """Return a power, looked at before it is computed; also divisions (−1) and square roots (1/2)."""
        size = abs(int(exponent.p)) // int(exponent.q)
        if base.number is None and base.degree * size > MAX_DEGREE:
            raise self._error(f"have degree {MAX_DEGREE} at most", "use smaller exponents")
        if size > MAX_BITS or (isinstance(base.expression, sp.Rational) and _bits(base.expression) * size > MAX_BITS):
            raise self._too_large()
        if exponent < 0 and (base.expression == 0 or base.number == 0):
            raise self._error("not divide by zero", "mend the denominator")
        if base.number is not None and base.number < 0 and exponent.q == 2:
            raise self._error("be real, but has the square root of a negative number", "mend its sign")
        number = None
        if base.number is not None:
            try:
                number = float(base.number ** float(exponent))
            except OverflowError:
                raise self._too_large() from None
        terms = math.comb(base.terms + size - 1, size) if size and base.terms <= MAX_TERMS else base.terms
        return self._bounded(lambda: base.expression**exponent, base.degree * max(size, 1), terms, number)

    def _bounded(self, build: Callable[[], sp.Expr], degree: int, terms: int, number: float | None) -> Value:
        """Build a value if its size allows, and look at what came out."""
        if degree > MAX_DEGREE or terms > MAX_TERMS:
            raise self._error(f"have degree {MAX_DEGREE} at most, and {MAX_TERMS} terms once expanded",
                              "write a shorter one")
        expression = build()
        if expression.has(sp.nan, sp.zoo, sp.oo, -sp.oo):
            raise self._error("be finite, but has a pole", "mend the argument there")
        if expression.has(sp.I):
            raise self._error("be real, but is complex", "mend the sign under the root")
        if isinstance(expression, sp.Rational):
            if _bits(expression) > MAX_BITS:
                raise self._too_large()
            degree, terms = 0, 1
        if not expression.free_symbols:
            number = self._double(expression, number)
        return Value(expression, degree, terms, number)

    def _double(self, expression: sp.Expr, number: float | None) -> float:
        """The value of a constant in doubles."""
        try:
            if isinstance(expression, sp.Rational):
                number = int(expression.p) / int(expression.q)
            elif number is None:
                number = float(expression.evalf(17))
        except OverflowError:
            raise self._too_large() from None
        if not math.isfinite(number):
            raise self._too_large()
        return number

    def _too_large(self) -> ModelError:
        """A number beyond what a double holds."""
        return self._error("have numbers below 1e308 in size with at most 600 digits", "use smaller numbers")


def _of_numbers(function: Callable[[list[float]], float], parts: Sequence[Value]) -> float | None:
    """A function of the numbers of values that are all constants, else None."""
    numbers = [part.number for part in parts if part.number is not None]
    return function(numbers) if len(numbers) == len(parts) else None


def _bits(number: sp.Rational) -> int:
    """Size of an exact number in bits."""
    return max(int(number.p).bit_length(), int(number.q).bit_length())
