"""Spin operators as letters: polynomials in S/ħ of sites, with which Hamiltonians are written as on paper.

They know no space but sites, and no rule but that products keep their order: what they are equal to, a model decides
in its own algebra.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from numbers import Complex, Integral, Real
from operator import itemgetter
from typing import Any, ClassVar

import sympy as sp

from qllg_sym.algebra.fields import ByFields, short
from qllg_sym.algebra.scalars import real_and_imaginary, real_coefficient
from qllg_sym.errors import InputTypeError
from qllg_sym.model.spin_products import Word, product_text
from qllg_sym.model.sums import Additive

SHOWN = 6       # products that a line shows


@dataclass(frozen=True, repr=False)
class SpinExpression(Additive, ByFields):
    """A polynomial Σ c · S_i^k S_j^l …/ħⁿ in spin operators, c complex; a Hermitian one is a Hamiltonian term.

    Made by `Space.spin`. Sums with numbers c mean c times the identity; products keep their order.

    Attributes:
        products: (c, factors) of each product, factors as (site, axis) from left to right, axis 0, 1, 2 for x, y, z.

    >>> from qllg_sym import Space
    >>> S = Space("1/2", "1/2").spin(0)
    >>> S.x * S.y - S.y * S.x
    S_0x S_0y − S_0y S_0x
    >>> (2 * S.plus).adjoint()
    2 S_0x − 2i S_0y
    """

    products: tuple[tuple[sp.Expr, Word], ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "products", tuple((c, word) for c, word in self.products if c is not sp.S.Zero))

    def on(self, sites: Sequence[int] | Mapping[int, int]) -> "SpinExpression":
        """Return the same polynomial in the spins of other sites: site k becomes sites[k].

        >>> from qllg_sym import Space
        >>> Space("1/2").spin(0).x.on([5])
        S_5x
        """
        return replace(self, products=tuple((c, tuple((sites[i], axis) for i, axis in word))
                                            for c, word in self.products))

    @property
    def parts(self) -> tuple["SpinExpression"]:
        """The expression itself."""
        return (self,)

    @property
    def sites(self) -> frozenset[int]:
        """The sites on which it acts."""
        return frozenset(site for _, word in self.products for site, _ in word)

    def adjoint(self) -> "SpinExpression":
        """Return the Hermitian conjugate."""
        return _collected((_conjugate(c), word[::-1]) for c, word in self.products)

    def times(self, factor: sp.Expr) -> "SpinExpression":
        """Every product times a coefficient."""
        return _collected((_in_parts(factor * c), word) for c, word in self.products)

    def __add__(self, other: Any) -> Any:
        own = _operand(other)
        return super().__add__(other) if own is None else _collected((*self.products, *own.products))

    def __radd__(self, other: Any) -> Any:
        own = _operand(other)
        return super().__radd__(other) if own is None else own + self

    def __sub__(self, other: Any) -> Any:
        own = _operand(other)
        return super().__sub__(other) if own is None else self + own.times(sp.S.NegativeOne)

    def __mul__(self, other: Any) -> "SpinExpression":
        return self._product(_factor(other))

    def __rmul__(self, other: Any) -> "SpinExpression":
        return _factor(other)._product(self)

    def _product(self, other: "SpinExpression") -> "SpinExpression":
        return _collected((_in_parts(a * b), u + v) for a, u in self.products for b, v in other.products)

    def __truediv__(self, divisor: Any) -> "SpinExpression":
        number = _factor(divisor)
        if number.sites or not number.products:
            raise InputTypeError(f"`divisor` must be a number other than 0, but is {number!r}; divide by a number.")
        return self.times(1 / number.products[0][0])

    def __pow__(self, power: Any) -> "SpinExpression":
        if not isinstance(power, Integral) or isinstance(power, bool) or power < 0:
            raise InputTypeError(f"`power` must be a whole number from 0 on, but is {power!r}; write S.z**2.")
        result = _constant(sp.S.One)
        for _ in range(int(power)):
            result = result * self
        return result

    def __repr__(self) -> str:
        shown = [product_text(c, word) for c, word in self.products[:SHOWN]]
        text = shown[0] if shown else "0"
        for part in shown[1:]:
            text += f" − {part[1:]}" if part.startswith("−") else f" + {part}"
        more = len(self.products) - len(shown)
        return text + (f" + … {more} more" if more else "")


@dataclass(frozen=True)
class SpinVector:
    """A vector of spin operators (x, y, z), such as S_i/ħ of a site or sums of these.

    >>> from qllg_sym import Space
    >>> space = Space("1/2", "1")
    >>> space.spin(0).cross(space.spin(1)).z
    S_0x S_1y − S_0y S_1x
    """

    __array_ufunc__: ClassVar[None] = None      # so that a NumPy vector on the left leaves the sum to us

    x: SpinExpression
    y: SpinExpression
    z: SpinExpression

    @classmethod
    def of(cls, site: int) -> "SpinVector":
        """Return S/ħ of a site."""
        x, y, z = (SpinExpression(((sp.S.One, ((site, k),)),)) for k in range(3))
        return cls(x, y, z)

    @property
    def plus(self) -> SpinExpression:
        """S₊ = S_x + i S_y, over ħ."""
        return self.x + sp.I * self.y

    @property
    def minus(self) -> SpinExpression:
        """S₋ = S_x − i S_y, over ħ."""
        return self.x - sp.I * self.y

    def dot(self, other: Iterable[Any]) -> SpinExpression:
        """Return Σ a_k b_k with another vector, of spins or of three coefficients."""
        a, b = self, _vector(other)
        return a.x * b.x + a.y * b.y + a.z * b.z

    def cross(self, other: Iterable[Any]) -> "SpinVector":
        """Return a × b with another vector, of spins or of three coefficients."""
        a, b = self, _vector(other)
        return SpinVector(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)

    def __iter__(self) -> Iterator[SpinExpression]:
        return iter((self.x, self.y, self.z))

    def __add__(self, other: Iterable[Any]) -> "SpinVector":
        b = _vector(other)
        return SpinVector(self.x + b.x, self.y + b.y, self.z + b.z)

    def __radd__(self, other: Any) -> "SpinVector":     # the built-in sum() begins with 0
        return self if isinstance(other, int) and other == 0 else _vector(other) + self

    def __sub__(self, other: Iterable[Any]) -> "SpinVector":
        return self + _vector(other) * -1

    def __rsub__(self, other: Iterable[Any]) -> "SpinVector":
        return _vector(other) - self

    def __mul__(self, factor: Any) -> "SpinVector":
        return SpinVector(self.x * factor, self.y * factor, self.z * factor)

    __rmul__ = __mul__

    def __truediv__(self, divisor: Any) -> "SpinVector":
        return SpinVector(self.x / divisor, self.y / divisor, self.z / divisor)

    def __neg__(self) -> "SpinVector":
        return self * -1


def _collected(products: Iterable[tuple[sp.Expr, Word]]) -> SpinExpression:
    """Products with equal factors as one, zeros left out, in order of their first appearance.

    Factors of different sites commute, and stand in the order of the sites.
    """
    found: dict[Word, sp.Expr] = {}
    for c, factors in products:
        word = tuple(sorted(factors, key=itemgetter(0)))
        found[word] = _in_parts(found[word] + c) if word in found else c
    return SpinExpression(tuple((c, word) for word, c in found.items()))


def _constant(c: sp.Expr) -> SpinExpression:
    """A multiple of the identity."""
    return _collected([(c, ())])


def _operand(value: Any) -> SpinExpression | None:
    """An expression, or a number as a multiple of the identity; None for another term."""
    if isinstance(value, SpinExpression):
        return value
    return None if isinstance(value, Additive) or not isinstance(value, (Complex, sp.Expr)) else _factor(value)


def _factor(value: Any) -> SpinExpression:
    """What a product may have: an expression, or a complex coefficient."""
    if isinstance(value, SpinExpression):
        return value
    if isinstance(value, (Additive, SpinVector)):
        raise InputTypeError(f"`factor` must be a coefficient or a spin operator, but is {short(value)}; multiply "
                             "terms by numbers, and vectors by .dot and .cross.")
    if isinstance(value, Complex) and not isinstance(value, (Real, bool)):
        return _constant(real_coefficient(value.real, "factor") + sp.I * real_coefficient(value.imag, "factor"))
    if isinstance(value, sp.Expr) and value.has(sp.I):
        re, im = (real_coefficient(part, "factor") for part in real_and_imaginary(value))
        return _constant(re + sp.I * im)
    return _constant(real_coefficient(value, "factor"))


def _vector(value: Any) -> SpinVector:
    """A vector of spins, or three coefficients as one."""
    if isinstance(value, SpinVector):
        return value
    several: Any = value if isinstance(value, (Iterable, sp.MatrixBase)) and not isinstance(value, str) else []
    items = list(several)
    if len(items) != 3:
        raise InputTypeError(f"`other` must be a vector of spins or three coefficients, but is {short(value)}; "
                             "write S.dot((0, 0, 1)).")
    return SpinVector(*map(_factor, items))


def _in_parts(c: sp.Expr) -> sp.Expr:
    """A coefficient in real symbols as re + i·im, where i e^{ix} − i e^{−ix} is real."""
    if not c.has(sp.I):
        return c
    re, im = real_and_imaginary(c)
    return re + sp.I * im


def _conjugate(c: sp.Expr) -> sp.Expr:
    """The complex conjugate of such a coefficient."""
    if not c.has(sp.I):
        return c
    re, im = real_and_imaginary(c)
    return re - sp.I * im
