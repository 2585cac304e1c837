"""Dimensions of parameters, from what coefficients are: energies, fields, numbers.

A dimension is the exponents of energy, time and field. Where ħ = 1, a time is an inverse energy; where γ_g = 1, a field
is an inverse time.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import count
from typing import Any

import sympy as sp

from qllg_sym.algebra.scalars import monomials
from qllg_sym.algebra.symbols import t

Dimension = tuple[Fraction, Fraction, Fraction]
Row = tuple[dict[Any, Fraction], Dimension]         # Σ exponent · dimension of a name = a dimension

NUMBER: Dimension = (Fraction(0), Fraction(0), Fraction(0))
ENERGY: Dimension = (Fraction(1), Fraction(0), Fraction(0))
TIME: Dimension = (Fraction(0), Fraction(1), Fraction(0))
FIELD: Dimension = (Fraction(0), Fraction(0), Fraction(1))
SAME = (sp.Abs, sp.Max, sp.Min)                     # functions of the dimension of their arguments


def raised(factors: Iterable[tuple[Dimension, Any]]) -> Dimension:
    """Return the dimension of a product of powers.

    >>> raised([(ENERGY, 1), (TIME, 2)]) == (1, 2, 0)
    True
    """
    totals = [Fraction(0)] * 3
    for dimension, power in factors:
        totals = [a + Fraction(power) * b for a, b in zip(totals, dimension, strict=True)]
    return totals[0], totals[1], totals[2]


class HiddenUnitError(Exception):
    """A number stands where a quantity with a dimension must: it holds its unit tacitly."""


@dataclass
class Dimensions:
    """What is known of the dimensions of parameters; requirements that contradict those before are not taken in.

    Attributes:
        natural: whether ħ = 1, and whether γ_g = 1.
    """

    natural: tuple[bool, bool]
    _rows: dict[Any, Row] = field(default_factory=dict)
    _names: Iterator[int] = field(default_factory=count)

    def require(self, expression: sp.Expr, dimension: Dimension) -> bool:
        """Take in that an expression has a dimension; False, and nothing taken in, where that cannot be.

        >>> J, D, w = sp.symbols("J D w", real=True); known = Dimensions((True, False))
        >>> known.require(J + D * sp.cos(w * t), ENERGY), known.require(J + 1, ENERGY), known.require(J, NUMBER)
        (True, False, False)
        >>> known.of(w) == known.of(D) == ENERGY            # a frequency, where ħ = 1
        True
        """
        before = dict(self._rows)
        try:
            for names, right in self._demands(expression, {}, dimension):
                self._add(names, right)
        except HiddenUnitError:
            self._rows = before
            return False
        return True

    def of(self, parameter: sp.Symbol) -> Dimension:
        """Return the dimension of a parameter: what is left open counts as a number."""
        row = self._rows.get(parameter)
        return NUMBER if row is None else row[1]

    def _demands(self, expression: Any, names: Mapping[Any, Fraction], dimension: Dimension) -> Iterator[Row]:
        """Yield what it means that an expression has the dimension: Σ names + dimension."""
        for key, _ in monomials(expression).items():
            left = {name: -power for name, power in names.items()}
            right = dimension
            for base, power in key:
                if base == t:
                    right = raised([(right, 1), (TIME, -power)])
                elif base.is_Symbol:
                    left[base] = left.get(base, Fraction(0)) + power
                elif not base.is_number:
                    inner, exponent = base.as_base_exp()
                    name = next(self._names)
                    left[name] = Fraction(power)
                    yield from self._inside(inner, exponent, name)
            yield left, right

    def _inside(self, inner: Any, exponent: Any, name: int) -> Iterator[Row]:
        """Yield what it means for a factor inner^exponent to have the dimension called `name`."""
        if exponent.is_Rational and (inner.is_Add or inner.is_Symbol or inner.is_Mul or isinstance(inner, SAME)):
            scale = Fraction(int(exponent.q), int(exponent.p))
            for argument in inner.args if isinstance(inner, SAME) else (inner,):
                yield from self._demands(argument, {name: scale}, NUMBER)
            return
        yield {name: Fraction(1)}, NUMBER
        parts = [*inner.args, exponent] if exponent.is_Rational else [inner, exponent]
        if inner.is_Piecewise:
            raise HiddenUnitError
        for argument in parts:
            if not getattr(argument, "is_number", False):
                yield from self._demands(argument, {}, NUMBER)

    def _add(self, names: Mapping[Any, Fraction], right: Dimension) -> None:
        """One row more, solved for its first name."""
        left, right = self._reduced(names, self._natural(right))
        if not left:
            if any(right):
                raise HiddenUnitError
            return
        pivot = min(left, key=lambda name: (isinstance(name, sp.Symbol), str(name)))    # parameters stay free last
        scale = left.pop(pivot)
        row = ({name: power / scale for name, power in left.items()}, raised([(right, 1 / scale)]))
        self._rows[pivot] = row
        for other, (others, value) in list(self._rows.items()):
            if pivot in others:
                factor = others[pivot]
                rest = {name: power for name, power in others.items() if name != pivot}
                for name, power in row[0].items():
                    rest[name] = rest.get(name, Fraction(0)) - factor * power
                self._rows[other] = ({n: p for n, p in rest.items() if p}, raised([(value, 1), (row[1], -factor)]))

    def _reduced(self, names: Mapping[Any, Fraction], right: Dimension) -> Row:
        """A row without the names that are solved for."""
        left: dict[Any, Fraction] = {}
        for name, power in names.items():
            others, value = self._rows.get(name, ({name: Fraction(-1)}, NUMBER))
            right = raised([(right, 1), (value, -power)])
            for other, factor in others.items():
                left[other] = left.get(other, Fraction(0)) - power * factor
        return {name: power for name, power in left.items() if power}, right

    def _natural(self, dimension: Dimension) -> Dimension:
        """Without what ħ = 1 and γ_g = 1 make superfluous."""
        energy, time, of_field = dimension
        if self.natural[1]:
            time, of_field = time - of_field, Fraction(0)
        if self.natural[0]:
            energy, time = energy - time, Fraction(0)
        return energy, time, of_field
