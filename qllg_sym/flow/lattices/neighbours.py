"""Who sees whom: lists of neighbours of every site, and which matrix stands between them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
BLOCK = 8               # sites of a block of the C code
SCATTERED = np.iinfo(np.int32).min


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Lists of neighbours, as many for each site; those that there are not stand for the site itself and no coupling.

    Attributes:
        neighbour: (slots, n), n a multiple of eight.
        kind: (slots, n), which sum of matrices; 0 is none.
        sums: (kinds − 1, most), the numbers of the matrices that add up to it, −1 for none more.
        rest: (k, 3), site, neighbour and kind of what goes beyond the lists.
    """

    neighbour: Ints
    kind: Ints
    sums: Ints
    rest: Ints

    @cached_property
    def distance(self) -> Ints:
        """How far each block's neighbours are in the numbering, SCATTERED where it is not one number, (slots, n/8)."""
        sites = np.arange(self.neighbour.shape[1], dtype=np.int32)
        return _shared(self.neighbour - sites, SCATTERED)

    @cached_property
    def shared(self) -> Ints:
        """The kind of a whole block, −1 where there are several, (slots, n/8)."""
        return _shared(self.kind, -1)


def _shared(rows: Ints, none: int) -> Ints:
    """What all sites of a block have in common."""
    blocks = rows.reshape(len(rows), rows.shape[1] // BLOCK, BLOCK)
    same = (blocks == blocks[:, :, :1]).all(axis=2)
    return np.ascontiguousarray(np.where(same, blocks[:, :, 0], none), dtype=np.int32)


def in_blocks(sites: int) -> int:
    """Return a number of sites made a multiple of eight.

    >>> in_blocks(9)
    16
    """
    return -(-sites // BLOCK) * BLOCK


def shared_kind(own: Ints) -> Ints:
    """Return the kind that all sites of each block have, −1 where they differ.

    >>> shared_kind(np.array([2] * 8 + [0] * 7 + [1], dtype=np.int32)).tolist()
    [2, -1]
    """
    return _shared(own[None], -1)[0]


def neighbours_of(ends: Ints, count: int) -> Neighbours:
    """Return lists of neighbours of `count` sites from columns (site, neighbour, number of a matrix), in any order.

    >>> found = neighbours_of(np.array([[0, 1, 0], [1, 0, 1], [1, 0, 2]], dtype=np.int32).T, 2)
    >>> found.neighbour[0, :2].tolist(), found.kind[0, :2].tolist(), found.sums.tolist()
    ([1, 0], [1, 2], [[0, -1], [1, 2]])
    """
    sites, others, matrix = ends
    pair, members = beside_keys(sites.astype(np.int64) * count + others, matrix)
    kind, sums = kinds_of(members)
    site, other = (pair // count).astype(np.int32), (pair % count).astype(np.int32)
    place = np.arange(len(site)) - np.searchsorted(site, site)
    degrees = np.bincount(site, minlength=count)
    most = int(degrees.max(initial=0))
    slots = most if most <= 8 else min(most, 8 + 2 * int(np.ceil(degrees.mean())))
    inside, padded = place < slots, in_blocks(count)
    neighbour = np.tile(np.arange(padded, dtype=np.int32), (slots, 1))
    kinds = np.zeros((slots, padded), dtype=np.int32)
    neighbour[place[inside], site[inside]] = other[inside]
    kinds[place[inside], site[inside]] = kind[inside] + 1
    rest = np.stack([site[~inside], other[~inside], kind[~inside] + 1], axis=1)
    return Neighbours(neighbour, kinds, sums, np.asarray(rest, dtype=np.int32))


def beside_keys(keys: NDArray[np.int64], numbers: Ints) -> tuple[NDArray[np.int64], Ints]:
    """Return each key once, ascending, with the numbers that stand beside it in order, −1 behind the last, (n, most).

    >>> [part.tolist() for part in beside_keys(np.array([5, 3, 5]), np.array([7, 8, 9], dtype=np.int32))]
    [[3, 5], [[8, -1], [7, 9]]]
    """
    order = np.argsort(keys, kind="stable")
    ordered, numbers = keys[order], numbers[order]
    first = np.flatnonzero(np.diff(ordered, prepend=ordered[:1] - 1)) if len(keys) else np.zeros(0, dtype=np.intp)
    sizes = np.diff(first, append=len(keys))
    members = np.full((len(first), int(sizes.max(initial=1))), -1, dtype=np.int32)
    group = np.repeat(np.arange(len(first)), sizes)
    members[group, np.arange(len(keys)) - first[group]] = numbers
    return ordered[first], members


def kinds_of(members: Ints) -> tuple[Ints, Ints]:
    """Return which of the different rows each row is, and these.

    >>> [part.tolist() for part in kinds_of(np.array([[1, 2], [0, -1], [1, 2]], dtype=np.int32))]
    [[1, 0, 1], [[0, -1], [1, 2]]]
    """
    keys, top = np.zeros(len(members), dtype=np.int64), int(members.max(initial=0)) + 2
    for column in members.T:
        keys = np.unique(keys * top + column + 1, return_inverse=True)[1]
    _, first, kind = np.unique(keys, return_index=True, return_inverse=True)
    return kind.astype(np.int32), members[first]
