"""How sums of Pauli strings are applied to kets of a sector: what the C kernel `sector.c` reads."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import Any

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray

from qllg_sym.algebra.sector import SpinSector
from qllg_sym.flow.hamiltonians.passes import PauliString, Term, pauli_string
from qllg_sym.observables.sector_states import Integers, numbers_with, upper_parts

Array = NDArray[Any]
LOW, UPPER = 12, 18     # lower bits, whose blocks are for the first cache; upper bits at most, whose blocks are a table


@dataclass(frozen=True)
class Matrices:
    """Sparse matrices of the lower states, one for each number of ones, with rows of equal length side by side.

    Attributes:
        begin: (s + 1,) entries of each row, s lower states.
        row: (s,) the row, within its number of ones.
        column: (e,) likewise.
        values: (e, g) what each amplitude gives to each entry.
    """

    begin: Integers
    row: NDArray[np.int32]
    column: NDArray[np.int32]
    values: sparse.csr_array


class SectorPlan:
    """Strings sorted by what they do to the upper and the lower bits of a state.

    Args:
        sector: the kets.
        terms: (basis string, number g of its amplitude, c).

    Attributes:
        low: how many bits are lower ones.
        upper, start: the upper bits of each block; the first state of each, by the upper bits.
        first: (low + 2,) the first of the lower states with so many ones, among all that occur.

    >>> SectorPlan(SpinSector(4, 2), [((3, 3, 0, 0), 0, 1.0)]).low
    4
    """

    def __init__(self, sector: SpinSector, terms: Sequence[Term]) -> None:
        self.sector, self.groups = sector, 1 + max((g for _, g, _ in terms), default=0)
        self.low = max(min(sector.sites, LOW), sector.sites - UPPER)
        high = sector.sites - self.low
        self.ones = range(max(0, sector.down - high), min(self.low, sector.down) + 1)
        self._states = [numbers_with(self.low, n) if n in self.ones else np.empty(0, dtype=np.int64)
                        for n in range(self.low + 1)]
        self.first = np.cumsum([0, *map(len, self._states)])
        self.upper = upper_parts(sector, self.low)
        sizes = np.diff(self.first)[sector.down - np.bitwise_count(self.upper)]
        self.start = np.zeros(1 << high, dtype=np.int64)
        self.start[self.upper] = np.cumsum(sizes) - sizes
        strings = [simplest(pauli_string(term), sector) for term in terms]
        below = (1 << self.low) - 1
        self._lower = [s for s in strings if not (s.x | s.z) & ~below]
        own = [s for s in strings if not s.x and s.z and not s.z & below]
        signs = [s for s in strings if not s.x and s.z & below and s.z & ~below]
        flips = [s for s in strings if s.x and not (s.x | s.z) & below]
        lists = [s for s in strings if s.x and (s.x | s.z) & ~below and (s.x | s.z) & below]
        self.flips = _grouped(flips, lambda s: s.x)
        self.lists = _grouped(lists, lambda s: (s.x, s.z & below))
        self.signs = _grouped(signs, lambda s: s.z & below)
        self.own = len(own)
        self.strings = [s for group in (*self.flips, *self.lists, *self.signs) for s in group] + own
        self.complex = any(s.imaginary for s in strings)

    def edges(self, shares: int) -> list[int]:
        """Return places among the blocks between which there are about equally many states."""
        ends = self.start[self.upper]
        return [int(np.searchsorted(ends, self.sector.dimension * k / shares)) for k in range(shares)] + [len(ends)]

    @property
    def widest(self) -> int:
        """The states of the largest block."""
        return max(map(len, self._states))

    def signed(self) -> Array:
        """Return the signs of all lower states for each diagonal that upper bits turn."""
        below = (1 << self.low) - 1
        return np.array([_sign(np.concatenate(self._states), group[0].z & below) for group in self.signs])

    def tables(self) -> tuple[Integers, Integers, NDArray[np.int32], Array]:
        """Return the lists' own table (l, 5), the ends of their pairs, the pairs and their signs."""
        below, table, ends = (1 << self.low) - 1, [], [0]
        pairs, turns, known = [np.empty((0, 2), dtype=np.int32)], [np.empty(0)], dict[tuple[int, int], int]()
        count = sum(map(len, self.flips))
        for group in self.lists:
            x, z, count = group[0].x, group[0].z & below, count + len(group)
            within = (x & below).bit_count()
            if (x & below, z) not in known:
                known[x & below, z] = len(ends)
                for inside in range(within + 1):
                    for ones, states in enumerate(self._states):
                        other = ones + within - 2 * inside
                        met = np.bitwise_count(states & x & below) == inside if other in self.ones else \
                            np.zeros(len(states), dtype=bool)
                        to = np.flatnonzero(met)
                        source = np.searchsorted(self._states[other], states[to] ^ x & below) if len(to) else to
                        pairs.append(np.stack([to, source], axis=1).astype(np.int32))
                        turns.append(_sign(states[to], z))
                        ends.append(ends[-1] + len(to))
            table.append((x >> self.low, x.bit_count() // 2, within, known[x & below, z], count))
        return (np.array(table, dtype=np.int64).reshape(-1, 5), np.array(ends, dtype=np.int64),
                np.ascontiguousarray(np.concatenate(pairs)), np.concatenate(turns))

    @cached_property
    def diagonal(self) -> sparse.csr_array:
        """What each amplitude gives to the diagonal of the lower states, (s, g)."""
        total = np.zeros((self.first[-1], self.groups))
        for string in self._lower:
            if not string.x:
                total[:, string.amplitude] += string.coefficient * _sign(np.concatenate(self._states), string.z)
        return sparse.csr_array(total)

    def matrices(self, imaginary: bool) -> Matrices:
        """Return the sparse matrices of the strings of lower bits alone, the real or the imaginary ones."""
        rows, columns, entries, count = [], [], [], 0
        for group in _grouped([s for s in self._lower if s.x and s.imaginary == imaginary], lambda s: s.x):
            x = group[0].x
            for first, states in zip(self.first, self._states, strict=False):
                to = np.flatnonzero(2 * np.bitwise_count(states & x) == x.bit_count())
                rows.append(first + to)
                columns.append(np.searchsorted(states, states[to] ^ x))
                entries += [(count + np.arange(len(to)), np.full(len(to), s.amplitude),
                             s.coefficient * _sign(states[to], s.z)) for s in group]
                count += len(to)
        row, column = (np.concatenate([*part, np.empty(0, dtype=np.int64)]) for part in (rows, columns))
        at, amplitude, value = (np.concatenate([*(e[k] for e in entries), np.empty(0)]) for k in range(3))
        lengths = np.bincount(row, minlength=self.first[-1])
        ones = np.repeat(np.arange(self.low + 1), np.diff(self.first))
        order = np.lexsort((lengths, ones))                 # rows of equal length side by side: no branch is guessed
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        sort = np.argsort(place[row], kind="stable")
        values = sparse.csr_array((value, (at.astype(int), amplitude.astype(int))), shape=(count, self.groups))
        return Matrices(np.concatenate([[0], np.cumsum(lengths[order])]).astype(np.int64),
                        (order - self.first[ones[order]]).astype(np.int32), column[sort].astype(np.int32),
                        values[sort] if count else values)


def simplest(string: PauliString, sector: SpinSector) -> PauliString:
    """Return a string that does the same in the sector with the fewest signs: half of the flipped spins are down there.

    So z and z ^ x differ by the constant sign (−1)^{|x|/2}.

    >>> simplest(PauliString(3, 3, False, -1.0, 0), SpinSector(2, 1))
    PauliString(x=3, z=0, imaginary=False, coefficient=1.0, amplitude=0)
    """
    other = string.z ^ string.x
    if (other.bit_count(), -other) >= (string.z.bit_count(), -string.z):
        return string
    return replace(string, z=other, coefficient=string.coefficient * (-1) ** (string.x.bit_count() // 2))


def _grouped(strings: Sequence[PauliString], key: Any) -> list[list[PauliString]]:
    """Return strings of equal key together."""
    return [list(group) for _, group in groupby(sorted(strings, key=key), key=key)]


def _sign(states: Integers, z: int) -> Array:
    """Return (−1)^|z & i| of each state."""
    return 1.0 - 2.0 * (np.bitwise_count(states & z) & 1)
