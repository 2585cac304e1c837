"""Rows of sites: where the copies of a term stand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.algebra.fields import ByFields


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

    @classmethod
    def of(cls, sites: Any, which: Any) -> "Places":
        """Return places of whole numbers of any kind.

        >>> len(Places.of([[0, 1], [1, 2]], [0, 0]))
        2
        """
        return cls(np.ascontiguousarray(sites, dtype=np.int32), np.ascontiguousarray(which, dtype=np.int32))

    def __iter__(self) -> Iterator[tuple[list[int], int]]:
        """Yield the sites of each copy, and which term it is."""
        return zip(self.sites.tolist(), self.which.tolist(), strict=True)

    @property
    def counts(self) -> list[tuple[int, int]]:
        """Which terms there are copies of, ascending, and how many of each.

        >>> Places.of([[0], [1], [5]], [2, 0, 2]).counts
        [(0, 1), (2, 2)]
        """
        kinds, counts = np.unique(self.which, return_counts=True)
        return list(zip(kinds.tolist(), counts.tolist(), strict=True))

    @property
    def present(self) -> list[int]:
        """Which terms there are copies of, ascending.

        >>> Places.of([[0], [1]], [2, 0]).present
        [0, 2]
        """
        return np.unique(self.which).tolist()

    def row(self, k: int) -> tuple[list[int], int]:
        """Return the sites of one copy, and which term it is."""
        return self.sites[k].tolist(), int(self.which[k])

    def wrong(self, sites: int) -> list[int]:
        """Return the first row that leaves a space of so many sites, or names one twice; none where all are right.

        >>> Places.of([[0, 1], [1, 1], [0, 4]], [0, 0, 0]).wrong(4), Places.of([[0, 1]], [0]).wrong(2)
        ([1], [])
        """
        ordered = np.sort(self.sites, axis=1)
        bad = (ordered[:, 0] < 0) | (ordered[:, -1] >= sites) | (np.diff(ordered, axis=1) == 0).any(axis=1)
        return np.flatnonzero(bad)[:1].tolist()

    def kinds(self, codes: Sequence[int] | NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return a row of each kind, by term and by the codes of its sites, and the kind of every row.

        >>> [part.tolist() for part in Places.of([[0, 1], [1, 0], [2, 1]], [0, 0, 0]).kinds([5, 7, 5])]
        [[0, 1], [0, 1, 0]]
        """
        table = np.asarray(codes)[self.sites]
        keys = self.which.astype(np.int64)
        for column in table.T:          # mixed radix, made small again where it grows
            keys = np.unique(keys * (int(table.max(initial=0)) + 1) + column, return_inverse=True)[1]
        _, first, kind = np.unique(keys, return_index=True, return_inverse=True)
        return first, kind

    def by_kind(self, codes: Sequence[int]) -> list[tuple[list[int], "Places"]]:
        """Return for each kind, whatever the term, the sites of its first row, and all its rows.

        >>> [(first, len(rows)) for first, rows in Places.of([[0, 1], [1, 0], [2, 1]], [0, 1, 1]).by_kind([5, 7, 5])]
        [([0, 1], 2), ([1, 0], 1)]
        """
        plain = Places(self.sites, np.zeros_like(self.which))
        first, kind = plain.kinds(codes)
        order = np.argsort(kind, kind="stable")
        ends = np.searchsorted(kind[order], np.arange(len(first) + 1))
        return [(self.sites[k].tolist(), Places(self.sites[rows], self.which[rows]))
                for k, rows in zip(first, (order[a:b] for a, b in pairwise(ends)), strict=True)]

    def of_terms(self, numbers: Sequence[int]) -> "Places":
        """Return the rows that have one of some terms, these numbered anew.

        >>> Places.of([[0], [1], [2]], [0, 1, 2]).of_terms([2, 0]).which.tolist()
        [1, 0]
        """
        new = np.full(int(self.which.max(initial=0)) + 1 + max(numbers, default=0), -1, dtype=np.int32)
        new[list(numbers)] = np.arange(len(numbers))
        kept = new[self.which] >= 0
        return Places(self.sites[kept], new[self.which[kept]])
