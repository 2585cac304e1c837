"""The enveloping algebra of su(2): spin operators of one site for every s at once, ħ = 1.

Ordered monomials S_x^a S_y^b S_z^c are a basis (Poincaré, Birkhoff, Witt), so what vanishes here vanishes for every s.
"""

from collections.abc import Iterable
from functools import cache

from sympy.polys.rings import PolyRing

from qllg_sym.algebra.element import Element

Powers = tuple[int, int, int]
Terms = tuple[tuple[int, Powers, int], ...]


class Su2Algebra:
    """U(su(2)) with [S_x, S_y] = i S_z and cyclic; a basis element is the powers (a, b, c) of S_x, S_y, S_z."""

    unit: Powers = (0, 0, 0)

    def __init__(self, ring: PolyRing) -> None:
        self.ring = ring

    def product(self, a: Powers, b: Powers) -> Iterable[tuple[int, Powers, int]]:
        """Multiply two ordered monomials.

        >>> from qllg_sym.algebra.scalars import make_ring
        >>> sorted(Su2Algebra(make_ring([])).product((0, 1, 0), (1, 0, 0)))       # S_y S_x = S_x S_y − i S_z
        [(0, (1, 1, 0), 1), (1, (0, 0, 1), -1)]
        """
        return ordered(_letters(a) + _letters(b))

    @property
    def one(self) -> Element:
        """The identity."""
        return Element(self, {(0, self.unit): self.ring.one})

    def spin(self, site: int = 0) -> tuple[Element, Element, Element]:
        """Return (S_x, S_y, S_z)/ħ of the one site."""
        x, y, z = (Element(self, {(0, p): self.ring.one}) for p in ((1, 0, 0), (0, 1, 0), (0, 0, 1)))
        return x, y, z


def _letters(powers: Powers) -> tuple[int, ...]:
    return (0,) * powers[0] + (1,) * powers[1] + (2,) * powers[2]


@cache
def ordered(letters: tuple[int, ...]) -> Terms:
    """Return a product of letters 0, 1, 2 = S_x, S_y, S_z in ordered monomials: ((k, powers, integer), …).

    >>> ordered((0, 2))
    ((0, (1, 0, 1), 1),)
    """
    for place in range(len(letters) - 1):
        a, b = letters[place], letters[place + 1]
        if a > b:                                           # ba = ab + [b, a], [S_b, S_a] = ∓ i S_c
            head, tail = letters[:place], letters[place + 2:]
            third, sign = 3 - a - b, 1 if (a - b) % 3 == 2 else -1
            extra = [((k + 1) % 4, p, n * sign) for k, p, n in ordered((*head, third, *tail))]
            return _collect([*ordered((*head, b, a, *tail)), *extra])
    return ((0, (letters.count(0), letters.count(1), letters.count(2)), 1),)


def _collect(terms: list[tuple[int, Powers, int]]) -> Terms:
    total: dict[tuple[int, Powers], int] = {}
    for k, powers, n in terms:
        key = (k % 2, powers)
        total[key] = total.get(key, 0) + (n if k < 2 else -n)
    return tuple((k, p, n) for (k, p), n in sorted(total.items()) if n)
