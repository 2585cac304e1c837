"""Terms that add, scale and change sign, as Hamiltonians are written on paper."""

from abc import abstractmethod
from dataclasses import dataclass
from numbers import Complex, Real
from typing import Any, ClassVar

import sympy as sp

from qllg_sym.algebra.fields import ByFields, listed, short
from qllg_sym.algebra.scalars import real_coefficient
from qllg_sym.errors import InputTypeError


class Additive:
    """What may be added to others of its kind, and multiplied by real coefficients: one term, or a sum of them."""

    __array_ufunc__: ClassVar[None] = None      # so that a NumPy number on the left leaves the product to us

    @property
    @abstractmethod
    def parts(self) -> tuple[Any, ...]:
        """The terms, in order."""

    @abstractmethod
    def times(self, factor: sp.Expr) -> Any:
        """The same times an exact real coefficient."""

    def __add__(self, other: Any) -> Any:
        return Sum((*self.parts, *_parts(other)))

    def __radd__(self, other: Any) -> Any:      # the built-in sum() begins with 0
        return Sum((*_parts(other), *self.parts))

    def __rsub__(self, other: Any) -> Any:
        return -self + other

    def __sub__(self, other: Any) -> Any:
        return Sum((*self.parts, *(part.times(sp.S.NegativeOne) for part in _parts(other))))

    def __mul__(self, factor: Any) -> Any:
        return self.times(_factor(factor))

    __rmul__ = __mul__

    def __truediv__(self, divisor: Any) -> Any:
        number = _factor(divisor)
        if number.is_zero:
            raise InputTypeError("`divisor` must not be zero, but is 0; divide by another number.")
        return self.times(1 / number)

    def __neg__(self) -> Any:
        return self.times(sp.S.NegativeOne)

    def __pos__(self) -> Any:
        return self


@dataclass(frozen=True, repr=False)
class Sum(Additive, ByFields):
    """A sum of Hamiltonian terms, as + and − make it; `Model` takes it in place of a list.

    Attributes:
        terms: the terms, their coefficients already multiplied.

    >>> from qllg_sym import DMI, Exchange, Zeeman
    >>> J = sp.Symbol("J", real=True)
    >>> H = J*Exchange(1, 0, 1) + Zeeman((1, 0, 0)) - 2*DMI((0, 0, 0.5), 0, 1)
    >>> [H.terms[0].J, H.terms[2].D, (H/2).terms[1].B]
    [J, (0, 0, -1), (1/2, 0, 0)]
    """

    terms: tuple[Any, ...]

    @property
    def parts(self) -> tuple[Any, ...]:
        """The terms."""
        return self.terms

    def times(self, factor: sp.Expr) -> "Sum":
        """Every term times a coefficient."""
        return Sum(tuple(term.times(factor) for term in self.terms))

    def __repr__(self) -> str:
        return f"Sum({listed(map(short, self.terms[:6]), len(self.terms))})"


def _parts(other: Any) -> tuple[Any, ...]:
    """The terms of what is added: a term, a sum, or the 0 that the built-in sum() begins with."""
    if isinstance(other, Additive):
        return other.parts
    if isinstance(other, int) and other == 0:
        return ()
    raise InputTypeError(f"`term` must be a Hamiltonian term or a sum of terms, but is {short(other)}; add terms such "
                         "as Exchange(1, 0, 1), and multiply them by coefficients.")


def _factor(value: Any) -> sp.Expr:
    """An exact real coefficient."""
    if isinstance(value, Additive):
        raise InputTypeError(f"`factor` must be a coefficient, but is {short(value)}; products of operators are made "
                             "of spins, such as space.spin(0).x * space.spin(1).x.")
    whole = isinstance(value, Complex) and not isinstance(value, Real) and not value.imag     # a real one of NumPy's
    return real_coefficient(value.real if whole else value, "factor")


def scaled(value: Any, factor: sp.Expr) -> Any:
    """Return a coefficient, or nested tuples of them, times a factor.

    >>> scaled((sp.S(1), (sp.S(2), sp.S(0))), sp.S(3))
    (3, (6, 0))
    """
    return tuple(scaled(item, factor) for item in value) if isinstance(value, tuple) else factor * value
