"""Gaussian rationals, numbers (a + ib)/c of integers: as quick as Python's own integers are."""

from fractions import Fraction
from math import gcd
from typing import Union

Exact = Union["Gaussian", int, Fraction]


class Gaussian:
    """(re + i im)/low in lowest terms, low > 0; `x` and `y` are its real and imaginary parts.

    >>> z = Gaussian(1, 2) / Gaussian(0, 3); z.x, z.y, z * 3 == Gaussian(2, -1)
    (Fraction(2, 3), Fraction(-1, 3), True)
    """

    __slots__ = ("im", "low", "re")

    def __init__(self, re: int, im: int = 0, low: int = 1) -> None:
        if low != 1:
            common = gcd(re, im, low)
            common = common if low > 0 else -common
            re, im, low = re // common, im // common, low // common
        self.re, self.im, self.low = re, im, low

    @property
    def x(self) -> Fraction:
        """The real part."""
        return Fraction(self.re, self.low)

    @property
    def y(self) -> Fraction:
        """The imaginary part."""
        return Fraction(self.im, self.low)

    def conjugate(self) -> "Gaussian":
        """Return the complex conjugate."""
        return Gaussian(self.re, -self.im, self.low)

    def __add__(self, other: Exact) -> "Gaussian":
        b = _exact(other)
        if self.low == b.low:
            return Gaussian(self.re + b.re, self.im + b.im, b.low)
        return Gaussian(self.re * b.low + b.re * self.low, self.im * b.low + b.im * self.low, self.low * b.low)

    def __mul__(self, other: Exact) -> "Gaussian":
        b = _exact(other)
        re, im = self.re * b.re - self.im * b.im, self.re * b.im + self.im * b.re
        return Gaussian(re, im, self.low * b.low)

    def __truediv__(self, other: Exact) -> "Gaussian":
        b = _exact(other)
        return self * b.conjugate() * Fraction(b.low**2, b.re**2 + b.im**2)

    def __pow__(self, exponent: int) -> "Gaussian":
        result = Gaussian(1)
        for _ in range(exponent):
            result *= self
        return result

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self) -> "Gaussian":
        return Gaussian(-self.re, -self.im, self.low)

    def __sub__(self, other: Exact) -> "Gaussian":
        return self + -_exact(other)

    def __rsub__(self, other: Exact) -> "Gaussian":
        return _exact(other) - self

    def __bool__(self) -> bool:
        return self.re != 0 or self.im != 0

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Gaussian):
            return NotImplemented
        return (self.re, self.im, self.low) == (other.re, other.im, other.low)

    def __hash__(self) -> int:
        return hash((self.re, self.im, self.low))

    def __repr__(self) -> str:
        return f"Gaussian({self.re}, {self.im}, {self.low})"


def _exact(x: Exact) -> Gaussian:
    """A number as a Gaussian rational."""
    return x if isinstance(x, Gaussian) else Gaussian(x.numerator, 0, x.denominator)
