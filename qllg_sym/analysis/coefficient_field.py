"""Expressions in parameters as rational functions, whose normal form decides whether two are equal."""

from collections.abc import Iterable
from functools import cached_property, reduce
from math import gcd, lcm
from typing import Any

import sympy as sp

from qllg_sym.algebra.scalars import atoms_in, make_ring, to_ring
from qllg_sym.equations.combination import RationalFunctions


class CoefficientField:
    """The field of rational functions that holds some expressions.

    Args:
        expressions: polynomials in symbols, inverses and opaque factors.
    """

    def __init__(self, expressions: Iterable[sp.Expr]) -> None:
        self._atoms = sorted(set().union(*map(atoms_in, expressions)), key=sp.default_sort_key)

    @cached_property
    def _functions(self) -> RationalFunctions:
        return RationalFunctions(make_ring(self._atoms), 0)

    @property
    def domain(self) -> Any:
        """ℚ, or rational functions over ℚ."""
        return self._functions.domain

    def element(self, expression: sp.Expr) -> Any:
        """Return an expression as an element.

        >>> a = sp.Symbol("a"); field = CoefficientField([a, 1 / a])
        >>> field.element(a * (1 / a + 1)) == field.element(1 + a)
        True
        """
        found = self._functions.split([to_ring(self._functions.ring, expression)])
        return found.get((0, ()), self.domain.zero)

    def expression(self, element: Any) -> sp.Expr:
        """Return an element as an expression.

        >>> CoefficientField([]).expression(CoefficientField([]).element(sp.Rational(1, 2)))
        1/2
        """
        return self._functions.expression(element)

    def primitive(self, elements: Iterable[Any]) -> list[Any]:
        """Return elements times a common factor such that they are integer polynomials without a common divisor.

        The first that is not zero gets a positive leading coefficient.

        >>> a, b = sp.symbols("a b"); field = CoefficientField([a, b])
        >>> [field.expression(x) for x in field.primitive([field.element(-a / 2), field.element(b) * 3])]
        [a, -6*b]
        """
        found = list(elements)
        if not any(found):
            return found
        if self.domain.is_QQ:
            scale = sp.QQ(lcm(*(int(x.denominator) for x in found)), gcd(*(int(x.numerator) for x in found)))
            return [x * scale * (1 if next(filter(None, found)) > 0 else -1) for x in found]
        bottom = reduce(lambda a, b: a.lcm(b), (x.denom for x in found if x))
        cleared = [x * self.domain.convert(bottom) for x in found]         # but for numbers below
        tops = [x.numer * (sp.QQ(1) / x.denom.LC) for x in cleared]
        divisor = reduce(lambda a, b: a.gcd(b), filter(None, tops))
        tops = [x.exquo(divisor) for x in tops]
        numbers = [c for x in tops for c in x.coeffs()]
        scale = sp.QQ(lcm(*(int(c.denominator) for c in numbers)), gcd(*(int(c.numerator) for c in numbers)))
        sign = 1 if next(filter(None, tops)).LC > 0 else -1
        return [self.domain.convert(x * scale * sign) for x in tops]
