"""Structure constants of the strings on a row of sites: A_a A_b = Σ (r/scale) i^k A_c, with integers throughout.

Strings are numbered as `sites.strings` lists them, the identity first. Those of spins ½ are a group up to phases: two
bits a site, so that a product is one exclusive or and its phase a count of bits. Other sites have short lists.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import cache
from math import lcm, prod

from qllg_sym.algebra import spin
from qllg_sym.algebra.sites import String, string_norm

Product = tuple[int, int, int, int]         # (b, k, c, r): one term of A_a A_b
Terms = tuple[tuple[int, int, int], ...]    # (k, c, r)


class StructureConstants(ABC):
    """Products of numbered strings.

    Attributes:
        spins: of the sites.
        radices: (2s + 1)² of every site.
        size: d², the number of strings.
        scale: the common denominator of the constants.
    """

    scale = 1

    def __init__(self, spins: Sequence[Fraction]) -> None:
        self.spins = tuple(spins)
        self.radices = [int(2 * s + 1)**2 for s in spins]
        self.size = prod(self.radices)

    @abstractmethod
    def products(self, a: int, others: Iterable[int], odd: bool = False) -> Iterator[Product]:
        """Return the terms of A_a A_b for every b of `others`, with `odd` those of odd k alone: half of [A_a, A_b].

        Strings are Hermitian and r is real, so A_b A_a has the same terms with (−i)^k.
        """

    def number(self, string: String) -> int:
        """Return the number of a string.

        >>> constants_of((spin.HALF, spin.HALF)).number((1, 2))
        6
        """
        found = 0
        for radix, index in zip(self.radices, string, strict=True):
            found = found * radix + index
        return found

    def string(self, number: int) -> String:
        """Return the string of a number.

        >>> constants_of((spin.HALF, spin.HALF)).string(6)
        (1, 2)
        """
        indices = []
        for radix in reversed(self.radices):
            number, index = divmod(number, radix)
            indices.append(index)
        return tuple(reversed(indices))

    def norm(self, number: int) -> Fraction:
        """Return Tr A² of a string."""
        return string_norm(self.spins, self.string(number))


class PauliConstants(StructureConstants):
    """Those of spins ½: A = i^(x·z) X^x Z^z with one bit of x and of z a site, so that A_a A_b = ± i^k A_(a xor b)."""

    def __init__(self, spins: Sequence[Fraction]) -> None:
        super().__init__(spins)
        sites = (self.size - 1) // 3                                    # 0b…010101: the low bit of every site
        self._z = [a >> 1 & sites for a in range(self.size)]            # 0, 1, 2, 3 = 1, σx, σy, σz
        self._x = [(a ^ a >> 1) & sites for a in range(self.size)]
        self._y = [(x & z).bit_count() for x, z in zip(self._x, self._z, strict=True)]

    def products(self, a: int, others: Iterable[int], odd: bool = False) -> Iterator[Product]:
        """Return the one term of every product.

        >>> list(constants_of((spin.HALF,)).products(1, [2, 3]))        # σx σy = iσz, σx σz = −iσy
        [(2, 1, 3, 1), (3, 3, 2, 1)]
        """
        x, y, above, z = self._x, self._y, self._y[a], self._z[a]
        for b in others:
            c = a ^ b
            k = above + y[b] - y[c] + 2 * (z & x[b]).bit_count()
            if k & 1 or not odd:
                yield b, k & 3, c, 1


class SiteConstants(StructureConstants):
    """Those of any spins, site by site."""

    def __init__(self, spins: Sequence[Fraction]) -> None:
        super().__init__(spins)
        self._tables = [_table(s) for s in spins]
        self.scale = prod(scale for scale, _ in self._tables)

    def products(self, a: int, others: Iterable[int], odd: bool = False) -> Iterator[Product]:
        """Return the terms of every product.

        >>> one = constants_of((Fraction(1),)); one.scale, list(one.products(3, [1], odd=True))     # [S_x, S_y] = iS_z
        (24, [(1, 1, 2, 12)])
        """
        members = [(radix, table[index]) for radix, (_, table), index
                   in zip(self.radices, self._tables, self.string(a), strict=True)]
        for b in others:
            terms: list[tuple[int, int, int]] = [(0, 0, 1)]
            for (radix, row), index in zip(members, self.string(b), strict=True):
                terms = [(k + n, c * radix + m, r * q) for k, c, r in terms for n, m, q in row[index]]
            for k, c, r in terms:
                if k & 1 or not odd:
                    yield b, k & 3, c, r


@cache
def _table(s: Fraction) -> tuple[int, tuple[tuple[Terms, ...], ...]]:
    """Return (scale, table): table[a][b] holds the terms of A_a A_b of one spin."""
    members = range(int(2 * s + 1)**2)
    exact = [[spin.product(s, a, b) for b in members] for a in members]
    scale = lcm(*(r.denominator for row in exact for terms in row for _, _, r in terms))
    return scale, tuple(tuple(tuple((k, c, int(r * scale)) for k, c, r in terms) for terms in row) for row in exact)


@cache
def constants_of(spins: tuple[Fraction, ...]) -> StructureConstants:
    """Return the structure constants of a row of sites.

    >>> constants_of((spin.HALF,)).size
    4
    """
    return (PauliConstants if all(s == spin.HALF for s in spins) else SiteConstants)(spins)
