"""Operators on a row of sites: strings of site-basis members (Pauli strings when every spin is ½)."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import lru_cache, reduce
from itertools import product as all_of
from operator import add, mul

from sympy import QQ
from sympy.polys.rings import PolyRing

from qllg_sym.algebra import spin
from qllg_sym.algebra.element import Element

String = tuple[int, ...]


class SiteAlgebra:
    """Matrix algebra of sites with spins `spins`; a basis element is one site-basis index a site, site 0 leftmost."""

    def __init__(self, spins: Sequence[Fraction], ring: PolyRing) -> None:
        self.spins, self.ring = tuple(spins), ring
        self.unit: String = (0,) * len(self.spins)
        self._made: dict[int, tuple[Element, Element, Element]] = {}
        self._doubled = tuple(int(2 * s) for s in self.spins)

    def product(self, a: String, b: String) -> Iterable[tuple[int, String, Fraction]]:
        """Multiply two strings site by site.

        >>> from qllg_sym.algebra.scalars import make_ring
        >>> half = Fraction(1, 2); list(SiteAlgebra((half, half), make_ring([])).product((1, 0), (2, 3)))
        [(1, (3, 3), Fraction(1, 1))]
        """
        return _product(self._doubled, a, b)

    @property
    def one(self) -> Element:
        """The identity."""
        return Element(self, {(0, self.unit): self.ring.one})

    def string(self, indices: String) -> Element:
        """Return one basis string."""
        return Element(self, {(0, indices): self.ring.one})

    def spin(self, site: int) -> tuple[Element, Element, Element]:
        """Return (S_x, S_y, S_z)/ħ of a site."""
        if site not in self._made:
            half = self.spins[site] == spin.HALF
            members, factor = ((1, 2, 3), QQ(1, 2)) if half else ((3, 1, 2), QQ(1))
            x, y, z = (Element(self, {(0, (*self.unit[:site], m, *self.unit[site + 1:])): self.ring.ground_new(factor)})
                       for m in members)
            self._made[site] = x, y, z
        return self._made[site]


def string_product(spins: Sequence[Fraction], a: String, b: String) -> tuple[tuple[int, String, Fraction], ...]:
    """Return the product of two basis strings as ((k, string, r), …): Σ r i^k string.

    >>> string_product((Fraction(1, 2),), (3,), (3,))
    ((0, (0,), Fraction(1, 1)),)
    """
    return _product(tuple(int(2 * s) for s in spins), a, b)


@lru_cache(maxsize=1 << 18)
def _product(doubled: tuple[int, ...], a: String, b: String) -> tuple[tuple[int, String, Fraction], ...]:
    """Return the same by 2s of each site: integers are hashed quickly, and a long row is looked up for every term."""
    terms = [(0, list(map(add, a, b)), Fraction(1))]            # right wherever one of the two is the identity
    for site in [k for k, both in enumerate(map(mul, a, b)) if both]:
        factors = spin.product(Fraction(doubled[site], 2), a[site], b[site])
        terms = [(k + n, [*string[:site], c, *string[site + 1:]], r * q) for k, string, r in terms
                 for n, c, q in factors]
    return tuple((k, tuple(string), r) for k, string, r in terms)


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
