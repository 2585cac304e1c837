r"""Functions of time $\sum c\, e^{g S t}\, e^{-i\nu\Delta t}$ with exact S, Δ and c, and quotients of two of them."""

from collections.abc import Mapping
from fractions import Fraction
from numbers import Rational
from typing import Any

import sympy as sp
from sympy.polys.rings import PolyElement

from qllg_sym.flow.exact.symbolic.radicals import Radicals

Key = tuple[PolyElement, PolyElement]       # S, Δ


class Exponentials:
    """A sum of exponentials; two that are equal have equal terms."""

    __slots__ = ("field", "terms")

    def __init__(self, field: Radicals, terms: Mapping[Key, PolyElement]) -> None:
        self.field = field
        self.terms = {key: c for key, c in terms.items() if c}

    @classmethod
    def constant(cls, field: Radicals, value: PolyElement) -> "Exponentials":
        """Return a constant."""
        return cls(field, {(field.ring.zero, field.ring.zero): value})

    def __add__(self, other: "Exponentials") -> "Exponentials":
        total = dict(self.terms)
        for key, c in other.terms.items():
            total[key] = total[key] + c if key in total else c
        return Exponentials(self.field, total)

    def __neg__(self) -> "Exponentials":
        return Exponentials(self.field, {key: -c for key, c in self.terms.items()})

    def __sub__(self, other: "Exponentials") -> "Exponentials":
        return self + (-other)

    def __mul__(self, other: "Exponentials") -> "Exponentials":
        total: dict[Key, PolyElement] = {}
        for (s, turn), c in self.terms.items():
            for (r, angle), e in other.terms.items():
                key = s + r, turn + angle
                total[key] = total.get(key, self.field.ring.zero) + c * e
        return Exponentials(self.field, {key: self.field.reduced(c) for key, c in total.items()})

    def conjugate(self) -> "Exponentials":
        """Return the complex conjugate."""
        return Exponentials(self.field, {(s, -turn): self.field.conjugate(c) for (s, turn), c in self.terms.items()})

    @property
    def is_real(self) -> bool:
        """Whether it is real at all times."""
        return self.terms == self.conjugate().terms

    def __bool__(self) -> bool:
        return bool(self.terms)


class Ratio:
    """A quotient of sums of exponentials, the lower one real and positive; numbers beside it are exact."""

    __slots__ = ("den", "num")

    def __init__(self, num: Exponentials, den: Exponentials) -> None:
        self.num, self.den = num, den

    def _with(self, other: Any) -> "Ratio | None":
        """Another value as a quotient over the same field; None where it is none."""
        if isinstance(other, Ratio):
            return other
        if isinstance(other, Rational):
            other = sp.Rational(Fraction(other).numerator, Fraction(other).denominator)
        field = self.num.field
        if not isinstance(other, sp.Expr):
            return None
        one = Exponentials.constant(field, field.ring.one)
        return Ratio(Exponentials.constant(field, field.lift(other)), one)

    def __add__(self, other: Any) -> Any:
        right = self._with(other)
        if right is None:
            return NotImplemented
        if self.den.terms == right.den.terms:
            return Ratio(self.num + right.num, self.den)
        for a, b in ((self, right), (right, self)):         # over D and D², as ρ and products of readings are
            if len(a.den.terms) < len(b.den.terms) and (a.den * a.den).terms == b.den.terms:
                return Ratio(a.num * a.den + b.num, b.den)
        return Ratio(self.num * right.den + right.num * self.den, self.den * right.den)

    def __mul__(self, other: Any) -> Any:
        right = self._with(other)
        return NotImplemented if right is None else Ratio(self.num * right.num, self.den * right.den)

    def __truediv__(self, other: Any) -> Any:
        if isinstance(other, Ratio):
            return self * other.inverse()
        return self * (1 / (sp.S(1) * other))

    def __rtruediv__(self, other: Any) -> Any:
        return self.inverse() * other

    def inverse(self) -> "Ratio":
        """Return 1/x; the lower sum stays real."""
        if self.num.is_real:
            return Ratio(self.den, self.num)
        return Ratio(self.den * self.num.conjugate(), self.num * self.num.conjugate())

    def __neg__(self) -> "Ratio":
        return Ratio(-self.num, self.den)

    def __sub__(self, other: Any) -> Any:
        return self + (-other)

    def __rsub__(self, other: Any) -> Any:
        return -self + other

    __radd__, __rmul__ = __add__, __mul__

    def __pow__(self, power: int) -> Any:
        total: Any = Ratio(self.den, self.den) if power == 0 else self
        for _ in range(power - 1):
            total = total * self
        return total

    def conjugate(self) -> "Ratio":
        """Return the complex conjugate."""
        return Ratio(self.num.conjugate(), self.den)

    @property
    def is_zero(self) -> bool:
        """Whether it is zero at all times."""
        return not self.num

    def as_constant(self) -> sp.Expr | None:
        """Return the number that it is at all times; None where it moves."""
        if not self.num:
            return sp.S.Zero
        key, below = next(iter(self.den.terms.items()))
        above = self.num.terms.get(key)
        field = self.num.field
        if above is None or (self.num * Exponentials.constant(field, below)).terms != (
                self.den * Exponentials.constant(field, above)).terms:
            return None
        inverse, norm = field.inverse(below)
        return field.quotient(field.reduced(above * inverse), norm)
