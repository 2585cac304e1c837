r"""Families of terms as arrays: matrices between neighbours, fields of sites on themselves, and all that is neither.

In $\gamma_g\mathbf B_i = -\frac{1}{s_i}\,\partial(E/\hbar)/\partial\mathbf m_i$ a product of two moments is a matrix
from one to the other, or of one with itself; a product of anything else stands in a list of monomials.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.equations.hybrid.families import Families, Family, Product, Variable
from qllg_sym.equations.hybrid.sites import Partition
from qllg_sym.flow.lattices.neighbours import (
    Ints,
    Neighbours,
    beside_keys,
    in_blocks,
    kinds_of,
    neighbours_of,
    shared_kind,
)

Array = NDArray[np.float64]
Entry = tuple[tuple[int, ...], Family, tuple[Product, ...], float]      # where in a matrix, and what is added there


@dataclass(eq=False)
class SmallArrays:
    """Small arrays of equal shape, one for each term of a family, and how their entries follow from coefficients.

    Attributes:
        shape: of each.
        size: how many there are.
        parts: the first one of a family, and its entries.
    """

    shape: tuple[int, ...]
    size: int = 0
    parts: list[tuple[int, list[Entry]]] = field(default_factory=list)

    def add(self, family: Family, entries: list[Entry]) -> int:
        """Add one for each term; return the number of the first."""
        self.parts.append((self.size, entries))
        self.size += len(family.entries)
        return self.parts[-1][0]

    def at(self, values: Array) -> Array:
        """Return all of them for the values of the expressions, (size, …)."""
        found = np.zeros((self.size, *self.shape))
        for first, entries in self.parts:
            for place, family, products, factor in entries:
                chosen: Any = (slice(first, first + len(family.entries)), *place)
                found[chosen] += factor * term_coefficients(family, products, values)
        return found


def term_coefficients(family: Family, products: Sequence[Product], values: Array) -> Array:
    """Return a polynomial in the entries of each term of a family, (terms,)."""
    table = np.array(family.entries, dtype=np.intp).reshape(len(family.entries), -1)
    total = np.zeros(len(table))
    for number, powers in products:
        part = np.full(len(table), float(number))
        for entry, power in powers:
            part *= (values[table[:, entry]] if entry >= 0 else values[-1 - entry])**power
        total += part
    return total


@dataclass(frozen=True, eq=False)
class Monomials:
    """Products of means and moments: E/ħ has coefficient · Π x[variables], x the means, the moments, and a 1.

    Attributes:
        variables: (k, most), padded with the place of the 1.
        which: (k,), the number of the coefficient.
    """

    variables: NDArray[np.intp]
    which: NDArray[np.intp]


class Tables:
    """The arrays of a lattice.

    Args:
        families: its energy.
        sites: the clusters and the moments.

    Attributes:
        neighbours: who sees whom, by numbers of sums of `pairs`.
        pairs: matrices (3, 3) of the field.
        onsite: (4, 3), the field that a site has by itself, and the rows of the matrix on its own moment.
        own: (n padded,), which sum of them each moment has.
        own_shared: (n padded / 8,), what a block has in common.
        own_sums: the sums, (kinds, most), −1 for none more; the first is empty.
        monomials: all else.
        numbers: the coefficients of the monomials.
        constant: what no variable multiplies, one number a term and its count of copies.
    """

    def __init__(self, families: Families, sites: Partition) -> None:
        self._place = np.full(sites.space.sites, -1, dtype=np.int32)
        self._place[list(sites.classical)] = np.arange(len(sites.classical))
        self._means = {mean: k for k, mean in enumerate(families.means)}
        self.count = len(sites.classical)
        self.pairs, self.onsite = SmallArrays((3, 3)), SmallArrays((4, 3))
        self.numbers, self.constants = SmallArrays(()), SmallArrays(())
        self._edges, self._owns = list[Ints](), list[Ints]()
        self._products, self._copies = list[tuple[NDArray[np.intp], NDArray[np.intp]]](), list[NDArray[np.intp]]()
        for family in families.members:
            self._take(family)
        self.neighbours: Neighbours = neighbours_of(_rows(self._edges, 3), self.count)
        self.own, self.own_sums = self._owned()
        self.own_shared = shared_kind(self.own)
        self.monomials = self._listed()
        self.constant_copies = np.concatenate([np.zeros(0, dtype=np.intp), *self._copies])
        del self._edges, self._owns, self._products, self._copies

    def _take(self, family: Family) -> None:
        """Sort the monomials of a family, and set down where its copies stand."""
        pairs: dict[tuple[int, int], list[Entry]] = {}
        own: dict[int, list[Entry]] = {}
        for variables, products in family.monomials.items():
            at = [v for kind, v in variables if kind == "moment"]
            if not variables:
                self._constant(family, products)
            elif len(at) < len(variables) or len(at) > 2:
                self._general(family, variables, products)
            elif len(at) == 1:
                (i, k), = at
                own.setdefault(i, []).append(((0, k), family, products, -1 / float(family.spins[i])))
            else:
                (i, k), (j, n) = at
                for (a, row), (b, column) in (((i, k), (j, n)), ((j, n), (i, k))):
                    entry = (row, column), family, products, -1 / float(family.spins[a])
                    if a == b:
                        own.setdefault(a, []).append(((1 + row, column), *entry[1:]))
                    else:
                        pairs.setdefault((a, b), []).append(entry)
        rows, which = self._place[family.places.sites], family.places.which
        for (a, b), entries in pairs.items():
            self._edges.append(np.stack([rows[:, a], rows[:, b], which + self.pairs.add(family, entries)]))
        for a, entries in own.items():
            self._owns.append(np.stack([rows[:, a], which + self.onsite.add(family, entries)]))

    def _constant(self, family: Family, products: tuple[Product, ...]) -> None:
        """A term's part that nothing moves."""
        self.constants.add(family, [((), family, products, 1.0)])
        self._copies.append(np.bincount(family.places.which, minlength=len(family.entries)))

    def _general(self, family: Family, variables: tuple[Variable, ...], products: tuple[Product, ...]) -> None:
        """A monomial that is no product of two moments."""
        rows, means = self._place[family.places.sites].astype(np.intp), len(self._means)
        columns = [np.full(len(rows), self._means[v]) if kind == "mean" else means + 3 * rows[:, v[0]] + v[1]
                   for kind, v in variables]
        first = self.numbers.add(family, [((), family, products, 1.0)])
        self._products.append((np.stack(columns, axis=1), first + family.places.which.astype(np.intp)))

    def _owned(self) -> tuple[Ints, Ints]:
        """Which fields of its own each moment has, and their sums."""
        site, number = _rows(self._owns, 2)
        found, members = beside_keys(site.astype(np.int64), number)
        kind, sums = kinds_of(members)
        own = np.zeros(in_blocks(self.count), dtype=np.int32)
        own[found] = kind + 1
        return own, np.concatenate([np.full((1, sums.shape[1]), -1, dtype=np.int32), sums])

    def _listed(self) -> Monomials:
        """All monomials, padded to the longest."""
        one = len(self._means) + 3 * self.count
        most = max((columns.shape[1] for columns, _ in self._products), default=1)
        padded = [np.pad(columns, ((0, 0), (0, most - columns.shape[1])), constant_values=one)
                  for columns, _ in self._products]
        return Monomials(np.concatenate([np.zeros((0, most), dtype=np.intp), *padded]),
                         np.concatenate([np.zeros(0, dtype=np.intp), *(which for _, which in self._products)]))


def summed(parts: Array, sums: Ints) -> Array:
    """Return the sums of some small arrays, numbers of −1 left out.

    >>> summed(np.array([1.0, 10.0]), np.array([[0, 1], [1, -1], [-1, -1]], dtype=np.int32)).tolist()
    [11.0, 10.0, 0.0]
    """
    with_none = np.concatenate([parts, np.zeros((1, *parts.shape[1:]))])
    return np.asarray(with_none[sums].sum(axis=1))


def _rows(parts: list[Ints], width: int) -> Ints:
    """Rows side by side."""
    return np.ascontiguousarray(np.concatenate([np.zeros((width, 0), dtype=np.int32), *parts], axis=1), dtype=np.int32)
