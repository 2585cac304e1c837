"""Kets of one total S_z of spins ½: how many there are, and where they stand in the product basis."""

from dataclasses import dataclass
from fractions import Fraction
from math import comb

from qllg_sym.algebra.ring_sector import RingSector


@dataclass(frozen=True)
class SpinSector:
    """The product states of N spins ½ of which a fixed number point down, in the order of the whole product basis.

    Attributes:
        sites: N.
        down: how many point down; m = N/2 − down is the total S_z/ħ.
    """

    sites: int
    down: int

    @property
    def dimension(self) -> int:
        """How many there are: N over `down`.

        >>> SpinSector(28, 14).dimension
        40116600
        """
        return comb(self.sites, self.down)

    @property
    def magnetisation(self) -> Fraction:
        """The total S_z/ħ.

        >>> SpinSector(3, 1).magnetisation
        Fraction(1, 2)
        """
        return Fraction(self.sites, 2) - self.down

    def trace(self, signs: int, flips: int = 0, both: int = 0) -> int:
        """Return the sum of (−1)^|z & i| over the states i whose image under some flips is in the sector as well.

        Half of the flipped spins must point down, so each part of the spins has a Krawtchouk polynomial of its own.

        Args:
            signs: how many sites z has.
            flips: how many sites are flipped.
            both: how many sites of z are flipped.

        >>> SpinSector(4, 2).trace(0), SpinSector(4, 2).trace(2), SpinSector(4, 2).trace(0, flips=2)
        (6, -2, 4)
        """
        if flips % 2:
            return 0
        return krawtchouk(flips, both, flips // 2) * \
            krawtchouk(self.sites - flips, signs - both, self.down - flips // 2)


def krawtchouk(n: int, k: int, m: int) -> int:
    """Return Σ_j (−1)^j C(k, j) C(n − k, m − j): the sum of the signs of k of n places over all m of the n.

    >>> krawtchouk(4, 1, 2)
    0
    """
    return sum((-1)**j * comb(k, j) * comb(n - k, m - j) for j in range(max(0, min(k, m) + 1)))


AnySector = SpinSector | RingSector


class SectorDimensions(tuple[int, ...]):
    """The dimensions of the sites, (2, …, 2), where kets are those of a sector alone.

    >>> SectorDimensions(SpinSector(2, 1)), SectorDimensions(SpinSector(2, 1)).sector.dimension
    ((2, 2), 2)
    """

    sector: AnySector

    def __new__(cls, sector: AnySector) -> "SectorDimensions":
        """Return one two a site, with the sector."""
        self = super().__new__(cls, (2,) * sector.sites)
        self.sector = sector
        return self

    def __getnewargs__(self) -> tuple[AnySector]:
        """Return what it is pickled by."""
        return (self.sector,)


def sector_of(dims: tuple[int, ...]) -> AnySector | None:
    """Return the sector that dimensions of sites belong to, or None for the whole space.

    >>> sector_of((2, 2)) is None
    True
    """
    return dims.sector if isinstance(dims, SectorDimensions) else None
