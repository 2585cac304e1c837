"""Number types of the integral: digits of mpmath, balls of Arb."""

from types import TracebackType
from typing import Any, Protocol, Self

import mpmath


class Arithmetic(Protocol):
    """Real numbers in a precision that holds while it is entered."""

    def __call__(self, exact: Any) -> Any:
        """Return a number."""

    def exp(self, x: Any) -> Any:
        """Return e^x."""

    def log(self, x: Any) -> Any:
        """Return ln x."""

    def rest(self, bound: Any) -> Any:
        """Return what a sum of positive terms lacks, given a bound: nothing, or the ball that holds it."""

    def inverse(self, rows: list[list[Any]]) -> tuple[Any, Any]:
        """Return the inverse of a matrix, and the logarithm of its determinant's magnitude."""

    def times(self, row: list[Any], matrix: Any) -> list[Any]:
        """Return row · matrix."""


class Multiprecision:
    """Numbers of mpmath.

    >>> with Multiprecision(30) as numbers: print(numbers.exp(numbers(1)))
    2.71828182845904523536028747135
    """

    def __init__(self, digits: int) -> None:
        self._digits = digits

    def __enter__(self) -> Self:
        self._context = mpmath.workdps(self._digits)
        self._context.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 where: TracebackType | None) -> None:
        self._context.__exit__(kind, error, where)

    def __call__(self, exact: Any) -> Any:
        """Return a number, exact ones of SymPy too."""
        if getattr(exact, "is_Rational", False):
            return mpmath.mpf(int(exact.p)) / int(exact.q)
        return mpmath.mpf(exact)

    exp = staticmethod(mpmath.exp)
    log = staticmethod(mpmath.log)

    def rest(self, bound: Any) -> Any:
        """Return nothing: the series is as long as the digits need."""
        return mpmath.mpf(0)

    def inverse(self, rows: list[list[Any]]) -> tuple[Any, Any]:
        """Return the inverse, and ln |det|."""
        matrix = mpmath.matrix(rows)
        factors, _ = mpmath.mp.LU_decomp(matrix)
        size = sum((mpmath.log(abs(factors[k, k])) for k in range(matrix.rows)), mpmath.mpf(0))
        return mpmath.inverse(matrix), size

    def times(self, row: list[Any], matrix: Any) -> list[Any]:
        """Return row · matrix."""
        return list(mpmath.matrix([row]) * matrix)


def working(digits: int) -> Multiprecision:
    """Return numbers in a precision in which what loses half of its digits still has so many."""
    return Multiprecision(2 * digits + 20)


class RealBalls:
    """Real balls of python-flint.

    Args:
        flint: the module, which is an extra.
        bits: of the midpoints.
    """

    def __init__(self, flint: Any, bits: int) -> None:
        self._flint, self._bits = flint, bits

    def __enter__(self) -> Self:
        self._kept, self._flint.ctx.prec = self._flint.ctx.prec, self._bits
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 where: TracebackType | None) -> None:
        self._flint.ctx.prec = self._kept

    def __call__(self, exact: Any) -> Any:
        """Return an integer or a ball as a ball."""
        return self._flint.arb(exact)

    def exp(self, x: Any) -> Any:
        """Return e^x."""
        return x.exp()

    def log(self, x: Any) -> Any:
        """Return ln x."""
        return x.log()

    def rest(self, bound: Any) -> Any:
        """Return the ball around zero that holds what is missing."""
        return self._flint.arb(0, abs(bound).upper())

    def inverse(self, rows: list[list[Any]]) -> tuple[Any, Any]:
        """Return the inverse, and ln |det|."""
        matrix = self._flint.arb_mat(rows)
        return matrix.inv(), abs(matrix.det()).log()

    def times(self, row: list[Any], matrix: Any) -> list[Any]:
        """Return row · matrix."""
        return list((self._flint.arb_mat([row]) * matrix).entries())
