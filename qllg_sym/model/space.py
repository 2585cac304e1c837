"""The Hilbert space: a row of spins."""

import numbers
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import prod
from typing import Any

import sympy as sp
from sympy.polys.rings import PolyRing

from qllg_sym.algebra.ring_sector import RingSector
from qllg_sym.algebra.sector import AnySector, SectorDimensions, SpinSector
from qllg_sym.algebra.sites import SiteAlgebra
from qllg_sym.algebra.su2 import Su2Algebra
from qllg_sym.algebra.symbols import check_name
from qllg_sym.errors import InputTypeError, ModelError
from qllg_sym.model.spin_expression import SpinVector

SHOWN = 32          # sites that a repr names one by one
LARGEST = 1000      # of a spin: its matrices alone are 2001 × 2001
MOST_SITES = 62     # of a sector of total S_z


@dataclass(frozen=True, init=False)
class Space:
    """Tensor product of spins, numbered from 0; site 0 is the leftmost factor, |m = s⟩ the first basis state.

    `Space("1/2", "1/2")`, `Space("3/2", 1)`, `Space.half(20)`; `Space(s)` with a positive Symbol s is one site of any
    spin, for which only `eta()` exists.

    `Space.half(28, magnetisation=0)` is a sector: kets of one total S_z alone, for H that keep it; with `momentum=0`,
    of one wave number on a ring, too.

    Attributes:
        spins: the spins as fractions (or one Symbol).
        sector: the sector of total S_z, and wave number, that kets belong to; None for the whole space.

    Raises:
        ModelError: a spin that is not a positive multiple of 1/2.
        InputTypeError: a spin that is not a number.

    >>> Space("1/2", "1").dimensions
    (2, 3)
    """

    spins: tuple[Fraction | sp.Symbol, ...]
    sector: AnySector | None

    def __init__(self, *spins: Any) -> None:
        if not spins:
            raise ModelError("`Space` must have at least one spin, but has none; write Space(\"1/2\").")
        known: dict[Any, Any] = {}       # a million sites are of few kinds
        object.__setattr__(self, "spins", tuple(_known_spin(s, len(spins), known) for s in spins))
        object.__setattr__(self, "sector", None)

    @classmethod
    def half(cls, sites: int, magnetisation: Any = None, momentum: int | None = None,
             reflection: int | None = None) -> "Space":
        r"""Return the space of `sites` spins ½, or its sector of one total S_z, or of one wave number besides.

        Args:
            sites: N.
            magnetisation: total S_z/ħ = (up − down)/2, from −N/2 to N/2 in whole steps: a number or text such as "1/2";
                kets then have N over (N/2 − S_z/ħ) components, those of the product basis in its order, and H must keep
                S_z.
            momentum: k from 0 to N − 1, of a ring in a sector of S_z: kets that a step of all spins from j to j + 1
                multiplies by $e^{-2\pi ik/N}$, about N times fewer; H must be the same after that step.
            reflection: 1 or −1, what j ↦ N − 1 − j multiplies by, where k is 0 or N/2; H must be the same after it.

        Raises:
            ModelError: no such number of sites, or no state of such a magnetisation, wave number or reflection.
            InputTypeError: a magnetisation that is no number.

        >>> Space.half(3).dimension, Space.half(3, magnetisation="1/2").dimension
        (8, 3)
        >>> Space.half(28, magnetisation=0, momentum=0, reflection=1)
        Space.half(28, magnetisation=0, momentum=0, reflection=1)
        """
        if not isinstance(sites, numbers.Integral) or isinstance(sites, bool) or sites < 1:
            raise ModelError(f"`sites` must be a positive integer, but is {sites!r}; write Space.half(2).")
        if magnetisation is None and (momentum, reflection) != (None, None):
            raise ModelError("`magnetisation` must be given with `momentum`, but is not; write "
                             f"Space.half({sites}, magnetisation={['0', '1/2'][sites % 2]}, momentum=0).")
        space = cls(*(["1/2"] * int(sites)))
        if magnetisation is not None:
            if sites > MOST_SITES:
                raise ModelError(f"`sites` must be at most {MOST_SITES} with `magnetisation`, but is {sites}; a state "
                                 "is one number of 64 bits.")
            down = _down(magnetisation, int(sites))
            object.__setattr__(space, "sector", SpinSector(int(sites), down) if momentum is None and reflection is None
                               else _ring_sector(int(sites), down, momentum, reflection))
        return space

    def within(self, sector: AnySector | None) -> "Space":
        """Return these spins in a sector, or in the whole space.

        >>> Space.half(2).within(SpinSector(2, 1))
        Space.half(2, magnetisation=0)
        """
        if isinstance(sector, RingSector):
            return Space.half(self.sites, sector.magnetisation, sector.momentum, sector.reflection)
        return self if sector is None else Space.half(self.sites, sector.magnetisation)

    def must_be_whole(self, what: str) -> None:
        """Refuse what is known of the whole space alone.

        Raises:
            ModelError: this is a sector.

        >>> Space.half(2).must_be_whole("components")
        """
        if self.sector is not None:
            raise ModelError(f"`space` must be a whole space for {what}, but is {self}; take "
                             f"Space.half({self.sites}).")

    @property
    def whole(self) -> "Space":
        """The whole space that a sector lies in; of the whole space, itself.

        >>> Space.half(2, magnetisation=0).whole
        Space('1/2', '1/2')
        """
        return self if self.sector is None else Space.half(self.sites)

    @property
    def symbolic(self) -> bool:
        """Whether the spin is a symbol."""
        return isinstance(self.spins[0], sp.Symbol)

    @cached_property
    def is_half(self) -> bool:
        """Whether every spin is ½."""
        return all(s == Fraction(1, 2) for s in self.spins)

    @property
    def sites(self) -> int:
        """Number of sites."""
        return len(self.spins)

    @cached_property
    def numeric_spins(self) -> tuple[Fraction, ...]:
        """The spins, where they are numbers."""
        found = tuple(s for s in self.spins if isinstance(s, Fraction))
        if len(found) < len(self.spins):
            raise ModelError(f"`space` must have a numeric spin here, but its spin is the symbol {self.spins[0]}; "
                             "only `eta()` works for every s at once.")
        return found

    @cached_property
    def dimensions(self) -> tuple[int, ...]:
        """Dimension 2s + 1 of each site; those of a sector know it."""
        if self.sector is not None:
            return SectorDimensions(self.sector)
        return tuple(int(2 * s) + 1 for s in self.numeric_spins)

    @cached_property
    def dimension(self) -> int:
        """Dimension d of the kets: of the whole space, or of the sector."""
        return prod(self.dimensions) if self.sector is None else self.sector.dimension

    def algebra(self, ring: PolyRing) -> SiteAlgebra | Su2Algebra:
        """Return the operator algebra of this space over a ring of coefficients."""
        return Su2Algebra(ring) if self.symbolic else SiteAlgebra(self.numeric_spins, ring)

    def check_site(self, site: Any, argument: str) -> int:
        """Return `site` if it is one of this space's, as a plain int.

        >>> Space("1/2").check_site(0, "i")
        0
        """
        if isinstance(site, bool) or not isinstance(site, numbers.Integral):
            raise InputTypeError(f"`{argument}` must be a site number, but is {site!r}; "
                                 f"give an integer from 0 to {self.sites - 1}.")
        if not 0 <= int(site) < self.sites:
            raise ModelError(f"`{argument}` must be a site from 0 to {self.sites - 1}, but is {site}; "
                             "sites are numbered from 0.")
        return int(site)

    def spin(self, i: int) -> SpinVector:
        """Return S/ħ of a site: .x, .y, .z, .plus, .minus, .dot(other), .cross(other) are operators to write H with.

        Args:
            i: the site.

        Raises:
            ModelError: a site that does not exist.

        >>> space = Space("1/2", "1")
        >>> space.spin(0).dot(space.spin(1)) - space.spin(1).z**2
        S_0x S_1x + S_0y S_1y + S_0z S_1z − S_1z^2
        """
        return SpinVector.of(self.check_site(i, "i"))

    def __repr__(self) -> str:
        if self.sector is not None:
            m, more = self.sector.magnetisation, ""
            if isinstance(self.sector, RingSector):
                more = f", momentum={self.sector.momentum}"
                more += "" if self.sector.reflection is None else f", reflection={self.sector.reflection}"
            return f"Space.half({self.sites}, magnetisation={m if m.denominator == 1 else repr(str(m))}{more})"
        if self.is_half and self.sites > 4:
            return f"Space.half({self.sites})"
        if self.sites > SHOWN:
            kinds = Counter(map(str, self.spins))
            return f"Space({' + '.join(f'{n} × {s!r}' for s, n in kinds.items())})"
        return f"Space({', '.join(repr(str(s)) if not self.symbolic else str(s) for s in self.spins)})"


def _known_spin(value: Any, sites: int, known: dict[Any, Any]) -> Fraction | sp.Symbol:
    """One spin, read once where it is a text."""
    if type(value) not in (str, int):
        return _spin(value, sites)
    if (key := (type(value), value)) not in known:
        known[key] = _spin(value, sites)
    found: Fraction | sp.Symbol = known[key]
    return found


def _down(magnetisation: Any, sites: int) -> int:
    """How many of the spins ½ point down."""
    try:
        m = Fraction(str(magnetisation)) if not isinstance(magnetisation, (bool, bytes)) else None
    except (ValueError, ZeroDivisionError):
        m = None
    if m is None:
        raise InputTypeError("`magnetisation` must be a number or text such as \"1/2\", but is "
                             f"{magnetisation!r}; write Space.half({sites}, magnetisation={['0', '1/2'][sites % 2]}).")
    down = Fraction(sites, 2) - m
    if down.denominator != 1 or not 0 <= down <= sites:
        raise ModelError(f"`magnetisation` must be one of {-Fraction(sites, 2)}, {1 - Fraction(sites, 2)}, …, "
                         f"{Fraction(sites, 2)} for {sites} spins 1/2, but is {m}; it is (up − down)/2.")
    return int(down)


def _ring_sector(sites: int, down: int, momentum: Any, reflection: Any) -> RingSector:
    """The sector of one wave number, and reflection."""
    if isinstance(momentum, bool) or not isinstance(momentum, numbers.Integral) or not 0 <= int(momentum) < sites:
        raise ModelError(f"`momentum` must be an integer from 0 to {sites - 1} for a ring of {sites} spins, but is "
                         f"{momentum!r}; the wave number is 2π/{sites} times it.")
    k = int(momentum)
    if reflection is not None and (isinstance(reflection, bool) or reflection not in (1, -1)):
        raise ModelError(f"`reflection` must be 1, −1 or None, but is {reflection!r}; leave it out.")
    if reflection is not None and 2 * k % sites:
        raise ModelError(f"`reflection` must be left out unless `momentum` is 0 or half of the sites, but it is {k} of "
                         f"{sites}; a reflection turns {k} into {sites - k}.")
    sector = RingSector(sites, down, k, None if reflection is None else int(reflection))
    if not sector.dimension:
        more = "" if reflection is None else f" and reflection {reflection}"
        raise ModelError(f"`momentum` must be that of a state with {down} of {sites} spins down, but there is none "
                         f"with momentum {k}{more}; choose another.")
    return sector


def _spin(value: Any, sites: int) -> Fraction | sp.Symbol:
    """One spin as a fraction, or the one symbolic spin."""
    if isinstance(value, sp.Symbol):
        check_name(value)
        if sites > 1 or not value.is_positive:
            raise ModelError(f"`spins` may hold a symbol only as the one positive spin of one site, but has {value}; "
                             f"write `{value} = sympy.Symbol({str(value)!r}, positive=True)` and Space({value}).")
        return value
    try:
        s = Fraction(str(value)) if not isinstance(value, (bool, bytes)) else None
    except (ValueError, ZeroDivisionError):
        s = None
    if s is None:
        raise InputTypeError(f"`spins` must be numbers or strings such as \"1/2\", but one is {value!r}; "
                             "write Space(\"1/2\", \"1\").")
    if s > LARGEST:
        raise ModelError(f"`spins` must be at most {LARGEST}, but one is {value}; "
                         "a spin so large is a classical moment.")
    if s <= 0 or (2 * s).denominator != 1:
        raise ModelError(f"`spins` must be positive multiples of 1/2, but one is {value}; "
                         "write \"1/2\", \"1\", \"3/2\", ….")
    return s
