"""Operators on a row of sites: strings of site-basis members (Pauli strings when every spin is ½)."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import lru_cache, reduce
from itertools import product as all_of
from operator import mul

from sympy.polys.rings import PolyRing

from qllg_sym.algebra import spin
from qllg_sym.algebra.element import Element

String = tuple[int, ...]


class SiteAlgebra:
    """Matrix algebra of sites with spins `spins`; a basis element is one site-basis index a site, site 0 leftmost."""

    def __init__(self, spins: Sequence[Fraction], ring: PolyRing) -> None:
        self.spins, self.ring = tuple(spins), ring
        self.unit: String = (0,) * len(self.spins)

    def product(self, a: String, b: String) -> Iterable[tuple[int, String, Fraction]]:
        """Multiply two strings site by site.

        >>> from qllg_sym.algebra.scalars import make_ring
        >>> half = Fraction(1, 2); list(SiteAlgebra((half, half), make_ring([])).product((1, 0), (2, 3)))
        [(1, (3, 3), Fraction(1, 1))]
        """
        return string_product(self.spins, a, b)

    @property
    def one(self) -> Element:
        """The identity."""
        return Element(self, {(0, self.unit): self.ring.one})

    def string(self, indices: String) -> Element:
        """Return one basis string."""
        return Element(self, {(0, indices): self.ring.one})

    def spin(self, site: int) -> tuple[Element, Element, Element]:
        """Return (S_x, S_y, S_z)/ħ of a site."""
        half = self.spins[site] == spin.HALF
        members, factor = ((1, 2, 3), Fraction(1, 2)) if half else ((3, 1, 2), Fraction(1))
        x, y, z = (self.string((*self.unit[:site], m, *self.unit[site + 1:])) * factor for m in members)
        return x, y, z


@lru_cache(maxsize=1 << 18)
def string_product(spins: tuple[Fraction, ...], a: String, b: String) -> tuple[tuple[int, String, Fraction], ...]:
    """Return the product of two basis strings as ((k, string, r), …): Σ r i^k string.

    >>> string_product((Fraction(1, 2),), (3,), (3,))
    ((0, (0,), Fraction(1, 1)),)
    """
    terms: list[tuple[int, String, Fraction]] = [(0, (), Fraction(1))]
    for s, i, j in zip(spins, a, b, strict=True):
        factors = spin.product(s, i, j) if i and j else ((0, i or j, Fraction(1)),)
        terms = [(k + n, (*string, c), r * q) for k, string, r in terms for n, c, q in factors]
    return tuple(terms)


def strings(spins: Sequence[Fraction]) -> list[String]:
    """Return every basis string but the identity, lexicographic.

    >>> strings([Fraction(1, 2)])
    [(1,), (2,), (3,)]
    """
    return list(all_of(*(range(int(2 * s + 1)**2) for s in spins)))[1:]


def string_norm(spins: Sequence[Fraction], string: String) -> Fraction:
    """Return Tr A² of a basis string.

    >>> string_norm([Fraction(1, 2)] * 2, (1, 0))
    Fraction(4, 1)
    """
    return reduce(mul, (spin.norm(s, i) for s, i in zip(spins, string, strict=True)), Fraction(1))


def string_label(spins: Sequence[Fraction], string: String) -> str:
    """Return the name of a basis string: `xx`, `0z`, or `20_x` when a spin is above ½.

    >>> string_label([Fraction(1, 2)] * 2, (1, 0)), string_label([Fraction(1)], (6,))
    ('x0', '20')
    """
    labels = [spin.label(s, i) for s, i in zip(spins, string, strict=True)]
    return "".join(labels) if all(s == spin.HALF for s in spins) else "_".join(labels)
