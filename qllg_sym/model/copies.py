"""The same term at many places of a lattice: one term that holds the sites of all its copies as an array."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar, TypeVar

import sympy as sp

from qllg_sym.algebra.fields import short
from qllg_sym.geometry.places import Places
from qllg_sym.model.context import Context, Letter, total
from qllg_sym.model.space import Space
from qllg_sym.model.spin_term import SpinTerm
from qllg_sym.model.term import Site, Sites, Term

LISTED = 4096       # copies up to which a list holds a term for each; beyond, one for all of them
T = TypeVar("T", bound=Term)


@dataclass(frozen=True)
class Copies(Term):
    """H = Σ over rows of sites of a term on them: what large lattices are made of in place of a term a bond.

    Args:
        terms: the different terms, each on the sites 0, 1, ….
        places: the sites of each copy, and which term it is.

    Iteration gives the terms one by one, each on its own sites.

    >>> from qllg_sym import Exchange
    >>> both = Copies((Exchange(1, 0, 1),), Places.of([[3, 4], [4, 5]], [0, 0]))
    >>> len(both), [(bond.i, bond.j) for bond in both]
    (2, [(3, 4), (4, 5)])
    """

    terms: tuple[Term, ...]
    places: Places
    kind: ClassVar[str] = "copies"
    latex: ClassVar[str] = r"\sum_{\text{copies}} h"

    def __len__(self) -> int:
        """Return the number of copies."""
        return len(self.places)

    def __iter__(self) -> Iterator[Term]:
        """Yield the copies."""
        for sites, kind in self.places:
            yield at(self.terms[kind], sites)

    def times(self, factor: sp.Expr) -> "Copies":
        """Every copy times a coefficient."""
        return replace(self, terms=tuple(term.times(factor) for term in self.terms))

    @property
    def words(self) -> str:
        """How many there are, and of what."""
        return f"{len(self)} copies of {', '.join(dict.fromkeys(term.words for term, _ in self.counted))}"

    @property
    def counted(self) -> tuple[tuple[Term, int], ...]:
        """The terms, and how many copies of each there are."""
        return tuple((self.terms[kind], count) for kind, count in self.places.counts)

    def check(self, space: Space) -> None:
        """Raise ModelError where a copy does not fit the space."""
        codes = spin_codes(space)
        rows = self.places.wrong(space.sites)
        for k in rows or self.places.kinds(codes)[0].tolist():
            sites, kind = self.places.row(k)
            at(self.terms[kind], sites).check(space)

    def coefficients(self) -> Iterable[sp.Expr]:
        """Those of all terms."""
        return [c for term in self.terms for c in term.coefficients()]

    def hamiltonian(self, x: Context) -> Letter:
        """The sum of all copies."""
        return total(x.zero, [term.hamiltonian(x) for term in self])

    def describe(self) -> str:
        """One line for `Model.describe`: the first copy, and how many there are."""
        return f"{next(iter(self)).describe()} … {len(self)} copies on rows of sites"

    def __repr__(self) -> str:
        return f"Copies({short(self.terms)}, {len(self)} places)"


def spin_codes(space: Space) -> list[int]:
    """Return for each site which of the different spins of a space it has.

    >>> spin_codes(Space("1/2", "1", "1/2"))
    [0, 1, 0]
    """
    known: dict[Any, int] = {}
    return [known.setdefault(s, len(known)) for s in space.spins]


def at(term: T, sites: Sequence[int]) -> T:
    """Return a term that stands on the sites 0, 1, … on other ones, its coefficients not judged again.

    >>> from qllg_sym import DMI; at(DMI((0, 0, 1), 0, 1), [5, 2])
    DMI(D=(0, 0, 1), i=5, j=2)
    """
    if isinstance(term, SpinTerm):
        return type(term)(term.expression.on(sites))
    copy = object.__new__(type(term))
    for item in fields(term):
        value = getattr(term, item.name)
        if item.type == Site:
            value = sites[value]
        elif item.type == Sites and value is not None:
            value = tuple(sites[k] for k in value)
        object.__setattr__(copy, item.name, value)
    return copy


def copies_of(terms: Sequence[Term], sites: Any, which: Any) -> list[Term]:
    """Return a term for every row of sites, or one for all where they are many.

    >>> from qllg_sym import Exchange
    >>> copies_of([Exchange(1, 0, 1)], [[1, 2]], [0])
    [Exchange(J=1, i=1, j=2)]
    """
    copies = Copies(tuple(terms), Places.of(sites, which))
    return list(copies) if len(copies) <= LISTED else [copies]
