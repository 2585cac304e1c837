"""Means closed by joint cumulants: rows of a hierarchy as polynomials in the cumulants and their velocities.

Closed sums are {(states, velocity): coefficient} by numbers of states, a product as a sorted tuple, −1 for none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product as all_of
from math import prod
from typing import Any

import sympy as sp
from sympy.polys.rings import PolyElement, PolyRing

from qllg_sym.analysis.cluster_strings import SiteString, in_cumulants, in_means
from qllg_sym.analysis.hierarchy import Hierarchy, Sum
from qllg_sym.equations.evaluation import ring_for
from qllg_sym.equations.size import MOST_EXPONENTS
from qllg_sym.errors import DerivationError

Closed = dict[tuple[tuple[int, ...], int], PolyElement]


@dataclass(frozen=True)
class ClosedSystem:
    """Closed equations as data for programs.

    Attributes:
        factors: sums Σ n Π states, each a list of (n, states).
        rows: for every state {(factors multiplied, state that moves or −1): coefficient}; linear in the velocities v.
        known: for every state the products of states whose velocity is to be taken from v: first of fewer sites.
    """

    factors: list[list[tuple[int, tuple[int, ...]]]]
    rows: list[Closed]
    known: list[list[tuple[int, ...]]]


class Closure:
    """The rows of chosen strings, and their joint cumulants, or their means, as states.

    Args:
        hierarchy: the equations of means.
        strings: what the states belong to; those of fewer sites first.
        means: whether the states are means, of a law linear in ρ; else they are joint cumulants.
    """

    def __init__(self, hierarchy: Hierarchy, strings: Sequence[SiteString], means: bool = False) -> None:
        self.hierarchy, self.strings, self.means = hierarchy, tuple(strings), means
        self.place = {string: k for k, string in enumerate(self.strings)}
        self._known: dict[SiteString, Sum] = {}

    @cached_property
    def rows(self) -> tuple[Sum, ...]:
        """The equations of the means of the strings."""
        return tuple(map(self._row, self.strings))

    def _row(self, string: SiteString) -> Sum:
        """The equation of one mean, made once."""
        if string not in self._known:
            self._known[string] = self.hierarchy.row(string)
        return self._known[string]

    @cached_property
    def missing(self) -> tuple[SiteString, ...]:
        """The strings that the equations need and that are no states."""
        used = dict.fromkeys(s for row in self.rows for means, moving in row for s in (*means, *filter(None, [moving])))
        needed = dict.fromkeys(part for string in (*used, *self.strings) for _, parts in self._expanded(string)
                               for part in parts)
        return tuple(string for string in needed if string not in self.place)

    def _expanded(self, string: SiteString) -> tuple[tuple[int, tuple[SiteString, ...]], ...]:
        found = (in_means if self.means else in_cumulants)(string, self.hierarchy.order)
        return tuple((n, tuple(map(self.hierarchy.canonical, parts))) for n, parts in found)

    def products(self, string: SiteString) -> list[tuple[int, tuple[int, ...]]]:
        """Return the mean of a string as a sum of (number, product of states)."""
        return [(n, tuple(self.place[part] for part in parts)) for n, parts in self._expanded(string)]

    def disconnected(self, string: SiteString) -> list[tuple[int, ...]]:
        """Return the products of several states in the mean of a state's own string."""
        return [parts for _, parts in self.products(string) if len(parts) > 1]

    @cached_property
    def system(self) -> "ClosedSystem":
        """The same in numbers: by means where their velocities are states' alone, else closed."""
        if all(moving in self.place for row in self.rows for _, moving in row if moving):
            strings = dict.fromkeys(s for row in self.rows for means, _ in row for s in means)
            number = {string: k for k, string in enumerate(strings)}
            rows = [{(tuple(number[s] for s in means), self.place[moving] if moving else -1): c
                     for (means, moving), c in row.items()} for row in self.rows]
            return ClosedSystem([self.products(s) for s in strings], rows, [self.disconnected(s) for s in self.strings])
        count = len(self.strings)
        return ClosedSystem([[(1, (k,))] for k in range(count)], list(self.closed_rows), [[]] * count)

    def terms(self, most: int) -> tuple[int, int]:
        """Return an upper bound of the number of terms of the first closed rows, before any is written out.

        Args:
            most: at which counting ends, since rows take longer than that.

        Returns:
            The bound, and the number of rows that it is of.
        """
        sizes: dict[SiteString, int] = {}
        count = 0
        for k, string in enumerate(self.strings, 1):
            for means, moving in (row := self._row(string)):
                sizes |= {s: len(self._expanded(s)) for s in (*means, *filter(None, [moving])) if s not in sizes}
            count += sum(prod(sizes[s] for s in means) * (sizes[moving] * len(moving) if moving else 1)
                         for means, moving in row)
            if count > most:
                return count, k
        return count, len(self.strings)

    def polynomials(self, states: Sequence[sp.Symbol], velocities: Sequence[sp.Symbol]) -> tuple[PolyElement, ...]:
        """Return the residual of every cumulant in one ring.

        Raises:
            DerivationError: too many terms, with their number.
        """
        generators = 2 * len(states)
        count, rows = self.terms(MOST_EXPONENTS // generators)
        if count * generators > MOST_EXPONENTS:
            raise DerivationError(
                f"`cumulants()` must be small enough to be written out, but {rows:,} of {len(states):,} equations have "
                f"up to {count:,} terms in {generators:,} symbols, {count * generators / 2**27:.0f} GiB; take a lower "
                "order or fewer spins, or `compile()`, which does not write them out.")
        ring = ring_for(states, velocities, self.hierarchy.ring.symbols)
        return tuple(_in_ring(ring, len(states), closed) for closed in self.closed_rows)

    @cached_property
    def closed_rows(self) -> tuple[Closed, ...]:
        """The equations of the cumulants: of a mean, less those of the products of cumulants of its parts."""
        found: list[Closed] = []
        for string, row in zip(self.strings, self.rows, strict=True):
            total = self._closed(row)
            for parts in self.disconnected(string):
                for k in range(len(parts)):
                    rest = parts[:k] + parts[k + 1:]
                    for (states, moving), c in found[parts[k]].items():
                        _put(total, (tuple(sorted((*states, *rest))), moving), -c)
            found.append(total)
        return tuple(found)

    def _closed(self, row: Sum) -> Closed:
        """A row with states for means."""
        total: Closed = {}
        for (means, moving), c in row.items():
            fixed = [(prod(n for n, _ in chosen), sum((parts for _, parts in chosen), ()))
                     for chosen in all_of(*(self.products(string) for string in means))]
            for states, velocity in self._moving(moving) if moving else [((), -1)]:
                for n, more in fixed:
                    _put(total, (tuple(sorted(states + more)), velocity), c * n)
        return total

    def _moving(self, string: SiteString) -> list[tuple[tuple[int, ...], int]]:
        """The velocity of a mean: each state of each product moves."""
        return [(parts[:k] + parts[k + 1:], parts[k]) for _, parts in self.products(string) for k in range(len(parts))]


def _put(total: Closed, key: tuple[tuple[int, ...], int], value: PolyElement) -> None:
    """Add a term, zeros dropped."""
    value = total[key] + value if key in total else value
    if value:
        total[key] = value
    else:
        del total[key]


def _in_ring(ring: PolyRing, n: int, closed: Mapping[tuple[tuple[int, ...], int], PolyElement]) -> PolyElement:
    """A closed row as an element of the ring of states, velocities and atoms."""
    found: dict[tuple[int, ...], Any] = {}
    for (states, moving), c in closed.items():
        exponents = [0] * (2 * n)
        for k in states:
            exponents[k] += 1
        if moving >= 0:
            exponents[n + moving] = 1
        found |= {(*exponents, *own): number for own, number in c.terms()}
    return ring.from_dict(found)
