"""A Hermitian polynomial in spin operators as a Hamiltonian term."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Any, ClassVar

import sympy as sp

from qllg_sym.algebra.element import Element
from qllg_sym.algebra.scalars import atoms_in, make_ring, real_and_imaginary, to_ring
from qllg_sym.errors import ModelError
from qllg_sym.model.context import Context, Letter
from qllg_sym.model.space import Space
from qllg_sym.model.spin_expression import SpinExpression
from qllg_sym.model.spin_products import Word
from qllg_sym.model.term import Term


@dataclass(frozen=True)
class SpinTerm(Term):
    """H = Σ c S_i^k S_j^l …/ħⁿ, c energies: what `Model` makes of an expression in spins.

    Args:
        expression: Hermitian, in spins of the space.

    Raises:
        ModelError: not Hermitian, or sites that do not exist.
    """

    expression: SpinExpression
    kind: ClassVar[str] = "spins"
    latex: ClassVar[str] = r"\sum c\, S_i^k S_j^l \cdots / \hbar^n"

    @property
    def words(self) -> str:
        """What a reader calls it."""
        return "spin expression"

    def times(self, factor: sp.Expr) -> "SpinTerm":
        """Every product times a coefficient."""
        return SpinTerm(self.expression.times(factor))

    def check(self, space: Space) -> None:
        """Raise ModelError if a site does not exist, or the expression is not Hermitian."""
        for site in sorted(self.expression.sites):
            space.check_site(site, "spin(i)")
        if all(_commutes(word) and not c.has(sp.I) for c, word in self.expression.products):
            return
        if not _difference(space, self.expression, self.expression.adjoint()).is_zero:
            raise ModelError(f"`expression` must be Hermitian, but is {self.expression!r}; add its adjoint, as in "
                             "X + X.adjoint().")

    def coefficients(self) -> Iterable[sp.Expr]:
        """Real and imaginary parts of the coefficients."""
        return [part for c, _ in self.expression.products for part in real_and_imaginary(c)]

    def hamiltonian(self, x: Context) -> Letter:
        """½ Σ (c W + c* W†), which is the expression where it is Hermitian; classical moments commute."""
        parts: list[tuple[sp.Expr, Letter]] = []
        for c, word in self.expression.products:
            re, im = real_and_imaginary(c)
            product = _product(x, word)
            mirror = product if _commutes(word) else _product(x, word[::-1])
            parts += [(re / 2, product + mirror)] if mirror is not product else [(re, product)]
            if im != 0 and isinstance(product, Element):
                parts.append((im / 2, (product - mirror).times_i()))
        return x.sum(parts)

    def describe(self) -> str:
        """One line for `Model.describe`."""
        return f"Spins       +({self.expression!r}), S in units of ħ [energy]"


def _commutes(word: Word) -> bool:
    """Whether the factors are of different sites, or all the same."""
    return len({site for site, _ in word}) == len(word) or len(set(word)) == 1


def _product(x: Context, word: Word) -> Any:
    """The product of letters."""
    return reduce(lambda a, b: a * b, (x.spin(site)[axis] for site, axis in word), x.one)


def _difference(space: Space, left: SpinExpression, right: SpinExpression) -> Element:
    """The normal form of left − right, as an element of the space's algebra."""
    both = [*left.products, *((-c, word) for c, word in right.products)]
    parts = [real_and_imaginary(c) for c, _ in both]
    ring = make_ring(sorted(set().union(*(atoms_in(part) for pair in parts for part in pair)), key=sp.default_sort_key))
    algebra = space.algebra(ring)
    total = Element(algebra, {})
    for (re, im), (_, word) in zip(parts, both, strict=True):
        product = reduce(lambda a, b: a * b, (algebra.spin(site)[axis] for site, axis in word), algebra.one)
        total = total + product * to_ring(ring, re) + (product * to_ring(ring, im)).times_i()
    return total
