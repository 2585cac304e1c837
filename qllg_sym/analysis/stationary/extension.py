r"""Numbers of an extension K[θ]/(f) of a field of rational functions, for all roots θ of f at once.

An element is a polynomial in θ, of lower degree than f, as SymPy's dense polynomials are: the highest power first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp
from sympy.polys.densearith import dup_add, dup_mul, dup_mul_ground, dup_rem, dup_sub
from sympy.polys.euclidtools import dup_half_gcdex

from qllg_sym.errors import DerivationError

Number = list[Any]


@dataclass(frozen=True)
class Extension:
    """K[θ]/(f), f irreducible over K and monic.

    Attributes:
        domain: K, ℚ, an algebraic field or rational functions over one of them.
        modulus: f, the highest power first.
    """

    domain: Any
    modulus: tuple[Any, ...]

    @property
    def degree(self) -> int:
        """Of f."""
        return len(self.modulus) - 1

    def add(self, a: Number, b: Number) -> Number:
        """Return a + b."""
        return list(dup_add(a, b, self.domain))

    def subtract(self, a: Number, b: Number) -> Number:
        """Return a − b."""
        return list(dup_sub(a, b, self.domain))

    def scaled(self, a: Number, c: Any) -> Number:
        """Return a times an element of K."""
        return list(dup_mul_ground(a, c, self.domain))

    def multiply(self, a: Number, b: Number) -> Number:
        """Return a · b."""
        return list(dup_rem(dup_mul(a, b, self.domain), list(self.modulus), self.domain))

    def inverse(self, a: Number) -> Number:
        """Return 1/a.

        >>> two = Extension(sp.QQ, (sp.QQ(1), sp.QQ(0), sp.QQ(-2)))
        >>> two.expression(two.inverse([1, 1]), sp.sqrt(2))
        -1 + sqrt(2)
        """
        found, divisor = dup_half_gcdex(a, list(self.modulus), self.domain)
        return self.scaled(found, self.domain.one / divisor[0])     # of degree 0, for f is irreducible

    def expression(self, a: Number, root: sp.Expr) -> sp.Expr:
        """Return an element as an expression, a root of f put in for θ."""
        if self.degree == 2:                # θ = middle ± radical: multiplied out
            middle = -self.modulus[1] / 2
            radical = sp.expand(root - self.domain.to_sympy(middle))
            high, low = ([self.domain.zero] * 2 + a)[-2:]
            rest, factor = as_fraction(self.domain, low + high * middle), as_fraction(self.domain, high)
            return sp.Add(rest, sp.Mul(factor, radical))
        return sp.Add(*(as_fraction(self.domain, c) * root**k for k, c in enumerate(reversed(a))))


def as_fraction(domain: Any, value: Any) -> sp.Expr:
    """Return an element of a field as an expression, the numbers of a fraction in front.

    >>> J = sp.Symbol("J"); K = sp.QQ.frac_field(J); as_fraction(K, K.from_sympy(J / (2 * J**2 + 2)))
    J/(2*(J**2 + 1))
    """
    (a, top), (b, bottom) = (part.primitive() for part in sp.fraction(domain.to_sympy(value)))
    return a / b * top / bottom


def real_roots(modulus: Sequence[Any], domain: Any) -> list[sp.Expr]:
    """Return the roots of a monic irreducible polynomial all of whose roots are real, lowest first for cubics.

    Radicals up to degree two, cosines for three, and for numbers `CRootOf` beyond.

    Raises:
        DerivationError: with parameters or irrational coefficients, a degree above three.

    >>> real_roots([sp.QQ(1), sp.QQ(0), sp.QQ(-2)], sp.QQ)
    [-sqrt(2), sqrt(2)]
    """
    degree, coefficients = len(modulus) - 1, [domain.to_sympy(c) for c in modulus]
    if degree == 1:
        return [-coefficients[1]]
    if degree == 2:
        return _quadratic(modulus, domain)
    if domain.is_QQ:
        x = sp.Dummy("x")
        return [sp.CRootOf(sp.Poly(coefficients, x), k) for k in range(degree)]
    if degree == 3:
        return _cubic(modulus, domain)
    names = ", ".join(str(g) for g in getattr(domain, "symbols", ())) or "numbers that are no roots"
    raise DerivationError(f"`values` must leave an H whose levels are roots of degree three at most, but one with "
                          f"{names} has levels of degree {degree}; give rational values for parameters.")


def _quadratic(modulus: Sequence[Any], domain: Any) -> list[sp.Expr]:
    """Middle ± √discriminant, squares taken out of the root."""
    middle = -modulus[1] / 2
    below = domain.to_sympy(middle * middle - modulus[2])
    outside, inside = square_free(below)
    half = outside * sp.sqrt(inside)
    return [domain.to_sympy(middle) - half, domain.to_sympy(middle) + half]


def square_free(expression: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """Return (a, b) with a²b the expression, a rational function: its square root is ± a √b.

    >>> J, D = sp.symbols("J D", real=True); square_free(4 * J**2 + 4 * D**2)
    (2, D**2 + J**2)
    """
    top, bottom = sp.fraction(sp.together(expression))
    number, factors = sp.factor_list(sp.expand(top * bottom))
    outside, inside = sp.S.One, [sp.sign(number) if number.is_Rational else number]
    for base, power in factors:
        outside *= base ** (power // 2)
        inside += [base] * (power % 2)
    whole, rest = sp.sqrt(abs(number)).as_coeff_Mul() if number.is_Rational else (sp.S.One, sp.S.One)
    return outside * whole / bottom, sp.expand(sp.Mul(rest**2, *inside))


def _cubic(modulus: Sequence[Any], domain: Any) -> list[sp.Expr]:
    """Viète's three real roots, which are in order."""
    shift = -modulus[1] / 3
    p = modulus[2] - modulus[1] ** 2 / 3
    q = 2 * modulus[1] ** 3 / 27 - modulus[1] * modulus[2] / 3 + modulus[3]
    low, high = domain.to_sympy(p), domain.to_sympy(q)
    radius = 2 * sp.sqrt(sp.factor(-low / 3))
    angle = sp.acos(sp.factor(3 * high / low) / radius)
    return [domain.to_sympy(shift) + radius * sp.cos((angle - 2 * sp.pi * k) / 3) for k in (2, 1, 0)]


def field_of(expressions: Sequence[sp.Expr]) -> Any:
    """Return the field of expressions: rational functions of symbols over ℚ or over ℚ with roots of numbers.

    Raises:
        DerivationError: something else occurs, such as cos(a), √a or π.

    >>> B = sp.Symbol("B"); field_of([B / 2, sp.sqrt(2)])
    QQ<sqrt(2)>(B)
    """
    symbols = sorted(set().union(*(e.free_symbols for e in expressions)), key=str)
    powers = {p for e in expressions for p in e.atoms(sp.Pow) if not p.exp.is_Integer}
    roots = sorted((p for p in powers if p.base.is_Rational and p.exp.is_Rational), key=sp.default_sort_key)
    ground = sp.QQ.algebraic_field(*roots) if roots else sp.QQ
    domain = ground.frac_field(*symbols) if symbols else ground
    for expression in expressions:
        try:
            domain.from_sympy(expression)
        except (sp.polys.polyerrors.BasePolynomialError, ValueError):
            raise DerivationError(f"`components` must have an H rational in its parameters, but it has {expression}; "
                                  "give floats, which are rationals, or name what is not rational by a symbol."
                                  ) from None
    return domain


def in_domain(domain: Any, number: Fraction) -> Any:
    """Return a rational in a domain.

    >>> in_domain(sp.QQ, Fraction(1, 2)) == sp.QQ(1, 2)
    True
    """
    return domain.convert(sp.QQ(number.numerator, number.denominator), sp.QQ)
