"""Words in ρ, ρ̇, H, …: the free algebra in which laws of motion are written once, for every dimension.

A law's residual is an `Element` of this algebra. `substitute` maps it into any other algebra, which is how one stored
equation becomes Pauli components, η components, matrices, frame weights or printed text.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property

import sympy as sp
from sympy.polys.rings import PolyRing

from qllg_sym.algebra.element import Element
from qllg_sym.algebra.scalars import atoms_in, make_ring, to_expr, to_ring

Letters = tuple[str, ...]


class WordAlgebra:
    """Free associative algebra; a basis element is a tuple of letters, the empty tuple is 1."""

    unit: Letters = ()

    def __init__(self, ring: PolyRing) -> None:
        self.ring = ring

    def product(self, a: Letters, b: Letters) -> Iterable[tuple[int, Letters, int]]:
        """Concatenate.

        >>> WordAlgebra(make_ring([])).product(("rho",), ("H",))
        ((0, ('rho', 'H'), 1),)
        """
        return ((0, a + b, 1),)

    @cached_property
    def one(self) -> Element:
        """The empty word."""
        return Element(self, {(0, ()): self.ring.one})

    def letter(self, name: str) -> Element:
        """Return the word of one letter."""
        return Element(self, {(0, (name,)): self.ring.one})

    def scalar(self, expression: sp.Expr) -> Element:
        """Return an expression times the empty word; its atoms must be generators of the ring."""
        return Element(self, {(0, ()): to_ring(self.ring, expression)})


def words(*letters: str, scalars: Iterable[sp.Expr] = ()) -> tuple[Element, ...]:
    """Return the letters as elements of one word algebra whose ring holds the atoms of `scalars`.

    >>> a, b = words("a", "b"); sorted((a * b - b * a).terms)
    [(0, ('a', 'b')), (0, ('b', 'a'))]
    """
    atoms = sorted(set().union(*(atoms_in(e) for e in scalars)), key=sp.default_sort_key)
    algebra = WordAlgebra(make_ring(atoms))
    return tuple(algebra.letter(name) for name in letters)


def substitute(word: Element, values: Mapping[str, Element], one: Element) -> Element:
    """Return the image of a word under letter → value; coefficients move to the ring of `one`.

    Args:
        word: an element of a word algebra.
        values: the image of each letter.
        one: the unit of the target algebra, whose ring holds the atoms of the word's coefficients.

    >>> a, b = words("a", "b"); substitute(a * b, {"a": b, "b": a}, a.algebra.one) == b * a
    True
    """
    products: dict[Letters, Element] = {(): one}

    def image(letters: Letters) -> Element:
        if letters not in products:
            products[letters] = image(letters[:-1]) * values[letters[-1]]
        return products[letters]

    total = Element(one.algebra, {})
    for (k, letters), coefficient in word.terms.items():
        term = image(letters) * to_ring(one.algebra.ring, to_expr(coefficient))
        total = total + (term.times_i() if k else term)
    return total


def linear_in(word: Element, letter: str) -> dict[tuple[Letters, Letters], list[tuple[int, sp.Expr]]]:
    """Return the terms left · letter · right of a word as {(left, right): [(k, coefficient)]}.

    >>> a, b = words("a", "b"); sorted(linear_in(a * b - b * a, "b"))
    [((), ('a',)), (('a',), ())]
    """
    result: dict[tuple[Letters, Letters], list[tuple[int, sp.Expr]]] = {}
    for (k, letters), coefficient in word.terms.items():
        for place, name in enumerate(letters):
            if name == letter:
                result.setdefault((letters[:place], letters[place + 1:]), []).append((k, to_expr(coefficient)))
    return result
