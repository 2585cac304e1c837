"""The same term at many places of a lattice: one term that holds the sites of all its copies as an array."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar, TypeVar

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from qllg_sym.algebra.fields import ByFields, short
from qllg_sym.errors import ModelError
from qllg_sym.model.context import Context, Letter, total
from qllg_sym.model.space import Space
from qllg_sym.model.term import Term, sites_of

LISTED = 4096       # copies up to which a list holds a term for each; beyond, one for all of them
T = TypeVar("T", bound=Term)


@dataclass(frozen=True, eq=False)
class Places(ByFields):
    """Where copies stand: rows of sites, and which of the terms each row has; equal by content.

    Attributes:
        sites: (n, k), 32-bit integers.
        which: (n,), 32-bit integers.
    """

    sites: NDArray[np.int32]
    which: NDArray[np.int32]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Places) and np.array_equal(self.sites, other.sites) \
            and np.array_equal(self.which, other.which)

    def __hash__(self) -> int:
        return hash((self.sites.shape, self.sites[:64].tobytes(), self.which[:64].tobytes()))

    def __len__(self) -> int:
        return len(self.sites)


@dataclass(frozen=True)
class Copies(Term):
    """H = Σ over rows of sites of a term on them: what large lattices are made of in place of a term a bond.

    Args:
        terms: the different terms, each on the sites 0, 1, ….
        places: the sites of each copy, and which term it is.

    Iteration gives the terms one by one, each on its own sites.

    >>> from qllg_sym import Exchange
    >>> both = Copies((Exchange(1, 0, 1),), Places(np.array([[3, 4], [4, 5]]), np.array([0, 0])))
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
        for row, kind in zip(self.places.sites.tolist(), self.places.which.tolist(), strict=True):
            yield moved(self.terms[kind], row)

    def times(self, factor: sp.Expr) -> "Copies":
        """Every copy times a coefficient."""
        return replace(self, terms=tuple(term.times(factor) for term in self.terms))

    def check(self, space: Space) -> None:
        """Raise ModelError where a copy does not fit the space."""
        sites, which = self.places.sites, self.places.which
        outside = np.flatnonzero((sites < 0).any(axis=1) | (sites >= space.sites).any(axis=1))
        for row in outside[:1]:
            moved(self.terms[which[row]], sites[row].tolist()).check(space)
        codes = spin_codes(space)[1]
        keys = np.concatenate([which[:, None], codes[sites]], axis=1)
        _, first = np.unique(keys, axis=0, return_index=True)
        for row in sorted(first.tolist()):
            moved(self.terms[which[row]], sites[row].tolist()).check(space)
        if sites.shape[1] > 1 and (same := np.flatnonzero(sites[:, 0] == sites[:, 1])).size:
            raise ModelError(f"`edges` must join different sites, but one is {tuple(sites[same[0]].tolist())}; leave "
                             "it out.")

    def coefficients(self) -> Iterable[sp.Expr]:
        """Those of all terms."""
        return [c for term in self.terms for c in term.coefficients()]

    def hamiltonian(self, x: Context) -> Letter:
        """The sum of all copies."""
        return total(x.zero, [term.hamiltonian(x) for term in self])     # type: ignore[no-any-return]

    def describe(self) -> str:
        """One line for `Model.describe`: the first copy, and how many there are."""
        return f"{next(iter(self)).describe()} … {len(self)} copies on rows of sites"

    def __repr__(self) -> str:
        return f"Copies({short(self.terms)}, {len(self)} places)"


def spin_codes(space: Space) -> tuple[list[Any], NDArray[np.int32]]:
    """Return the different spins of a space, and the number among them of each site's.

    >>> spin_codes(Space("1/2", "1", "1/2"))[1].tolist()
    [0, 1, 0]
    """
    known: dict[Any, int] = {}
    codes = np.fromiter((known.setdefault(s, len(known)) for s in space.spins), dtype=np.int32, count=space.sites)
    return list(known), codes


def moved(term: T, sites: Sequence[int]) -> T:
    """Return a term on the sites 0, 1, … on other ones, its coefficients not judged again.

    >>> from qllg_sym import DMI; moved(DMI((0, 0, 1), 0, 1), [5, 2])
    DMI(D=(0, 0, 1), i=5, j=2)
    """
    names = dict(zip(sites_of(type(term)), sites, strict=True))
    copy = object.__new__(type(term))
    for item in fields(term):
        object.__setattr__(copy, item.name, names.get(item.name, getattr(term, item.name)))
    return copy


def gathered(terms: Sequence[Term], sites: NDArray[np.int32], which: NDArray[np.int32]) -> list[Term]:
    """Return a term for every row of sites, or one for all where they are many.

    >>> from qllg_sym import Exchange
    >>> gathered([Exchange(1, 0, 1)], np.array([[1, 2]]), np.array([0]))
    [Exchange(J=1, i=1, j=2)]
    """
    found = Copies(tuple(terms), Places(np.asarray(sites, dtype=np.int32), np.asarray(which, dtype=np.int32)))
    return list(found) if len(found) <= LISTED else [found]
