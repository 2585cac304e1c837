"""Coefficients as the user wrote them: atoms that algebra multiplies whole, and that numbers evaluate whole.

The exact ring multiplies (J − K)⁶ out. That decides what is zero, and it prints; in doubles the terms of the expanded
form cancel. So numbers come from a twin of the model in which each coefficient that is not one product, as it is
written, is an atom with the written expression as its value; sums that terms add up to are atoms of the second kind.
"""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar, cast

import sympy as sp
from sympy.polys.rings import PolyElement

from qllg_sym.algebra.fields import Dataclass, Nested
from qllg_sym.algebra.scalars import atoms_in, is_plain, make_ring, monomials, real_and_imaginary, to_expr, to_ring
from qllg_sym.algebra.symbols import Reserved
from qllg_sym.model.sums import Additive

K = TypeVar("K")
P = TypeVar("P", bound=Dataclass)
INDEX = 2_000_000       # of the first atom: the same symbols in every process


class Atoms:
    """The atoms of one model.

    Attributes:
        values: what each atom stands for, in symbols and in atoms made before it.

    >>> J, K = sp.symbols("J K", real=True); atoms = Atoms()
    >>> atoms.of(J), atoms.of((J - K)**2), atoms.of(3 * (K - J)**2), atoms.of((J + K)**2 - J**2 - 2*J*K - K**2)
    (J, c_0, 3*c_0, 0)
    """

    def __init__(self) -> None:
        self.values: dict[sp.Symbol, sp.Expr] = {}
        self._found: dict[Any, tuple[sp.Symbol, Any]] = {}

    def of(self, expression: sp.Expr, rational: bool = False) -> sp.Expr:
        """Return a coefficient as an atom, or as it is where there is nothing to multiply out.

        Equal expressions, and those that differ by a rational factor, share one atom: normal forms decide. With
        `rational`, one that is no rational function is an atom too, for what will be divided by: common denominators of
        exp(−(t − 20)²) take it apart into exp(−400) exp(40t) exp(−t²), of which doubles hold the product alone.
        """
        if is_plain(expression) and (not rational or expression.is_rational_function()):
            return expression
        terms = monomials(expression)
        if not any(terms):              # nothing, or a number
            return terms.get(frozenset(), sp.S.Zero)
        lead = terms[min(terms, key=hash)]                      # any one will do: ratios do not depend on it
        normal = frozenset((key, number / lead) for key, number in terms.items())
        if normal not in self._found:
            self._found[normal] = self._made(expression), lead
        symbol, first = self._found[normal]
        return lead / first * symbol

    def _made(self, value: sp.Expr) -> sp.Symbol:
        """A new atom."""
        count = len(self.values)
        signs = {"positive": True} if value.is_positive else {"real": True}
        symbol: sp.Symbol = Reserved(f"c_{count}", dummy_index=INDEX + count, **signs)
        self.values[symbol] = value
        return symbol

    def replaced(self, part: P, rational: bool = False) -> P:
        """Return a copy of a term or law with atoms in place of its coefficients, or itself where it has none.

        With `rational`, of those too that are no rational functions; see `of`.
        """
        count = len(self.values)
        found = {item.name: self._inside(getattr(part, item.name), rational) if item.compare
                 else getattr(part, item.name) for item in fields(part)}
        if all(found[name] is getattr(part, name) for name in found) and count == len(self.values):
            return part
        copy = object.__new__(type(part))               # __post_init__ has judged these values already
        for name, value in found.items():
            object.__setattr__(copy, name, value)
        return copy

    def _inside(self, value: Any, rational: bool) -> Any:
        """Return a field's value with atoms for its expressions, the same object where there are none."""
        if isinstance(value, sp.Expr):
            found: Any = self._complex(value, rational)
        elif isinstance(value, (tuple, list)):
            parts = [self._inside(item, rational) for item in value]
            same = all(a is b for a, b in zip(parts, value, strict=True))
            found = value if same else type(value)(parts)
        elif isinstance(value, (Nested, Additive)):         # a term may hold others
            found = self.replaced(cast(Dataclass, value), rational)
        elif isinstance(value, dict):
            parts = [self._inside(item, rational) for item in value.values()]
            found = dict(zip(value, parts, strict=True))
        else:
            found = value
        return found

    def _complex(self, value: sp.Expr, rational: bool) -> sp.Expr:
        """Return a coefficient, or a matrix entry re + i·im, as atoms."""
        if not value.has(sp.I) or not value.free_symbols:
            return self.of(value, rational)
        re, im = real_and_imaginary(value)
        return self.of(re, rational) + sp.I * self.of(im, rational)

    def whole(self, polynomials: Mapping[K, PolyElement]) -> dict[K, PolyElement]:
        """Return polynomials in atoms and symbols with an atom for each sum, in a ring of their own.

        Sums that differ by a rational factor share one atom. Products distributed over a sum would cancel in doubles
        where the sum itself does not.
        """
        if all(len(p) == 1 for p in polynomials.values()):
            return dict(polynomials)
        found = {key: self._sum(p) if len(p) > 1 else to_expr(p) for key, p in polynomials.items()}
        ring = make_ring(sorted(set().union(*map(atoms_in, found.values())), key=sp.default_sort_key))
        return {key: to_ring(ring, e) for key, e in found.items()}

    def _sum(self, polynomial: PolyElement) -> sp.Expr:
        """Return a sum as a rational times an atom."""
        content, primitive = polynomial.primitive()
        sign = -1 if primitive.LC < 0 else 1
        value = to_expr(primitive * sign)
        if value not in self._found:
            self._found[value] = self._made(value), sp.S.One
        return sp.Rational(int(content.numerator), int(content.denominator)) * sign * self._found[value][0]

    def opened(self, expression: sp.Expr) -> sp.Expr:
        """Return an expression in the user's symbols."""
        for symbol, value in reversed(self.values.items()):
            expression = expression.xreplace({symbol: value})
        return expression
