"""Which sites are treated together: a cover of the terms of a Hamiltonian by few small sets of sites."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

SEEDS = 12          # starts tried for every set; more do not find better covers of chains, rings and lattices


@dataclass(frozen=True)
class Patch:
    """A set of sites (as bits of `mask`) and the members of the cover that lie in it."""

    mask: int
    members: tuple[int, ...]


def bits(mask: int) -> list[int]:
    """Return the positions of the ones of a mask, lowest first.

    >>> bits(0b1101)
    [0, 2, 3]
    """
    return [k for k in range(mask.bit_length()) if mask >> k & 1]


def cover(masks: Sequence[int], sizes: Sequence[int], limit: int) -> list[Patch]:
    """Return patches so that every mask is a member of exactly one that contains it.

    Greedy: the patch that takes the most masks first. A mask that exceeds the limit gets a patch of its own size.

    Args:
        masks: sets of sites, as bits.
        sizes: dimension of each site.
        limit: largest product of the dimensions of a patch's sites.

    >>> [(p.mask, len(p.members)) for p in cover([0b0011, 0b0110, 0b1100], [2] * 4, 8)]
    [(7, 2), (12, 1)]
    """
    left = sorted(set(masks), key=lambda m: (m.bit_length(), m))
    patches = []
    while left:
        starts = left[::-(-len(left) // SEEDS)]
        mask = max((_grown(start, left, sizes, limit) for start in starts),
                   key=lambda grown: sum(m & ~grown == 0 for m in left))
        patches.append(Patch(mask, tuple(m for m in left if m & ~mask == 0)))
        left = [m for m in left if m & ~mask]
    return patches


def _grown(mask: int, masks: Sequence[int], sizes: Sequence[int], limit: int) -> int:
    """Return a set of sites grown from one mask, by the mask that enlarges it least, up to the limit."""
    size = prod(sizes[k] for k in bits(mask))
    while True:
        growth = [(prod(sizes[k] for k in bits(m & ~mask)), m) for m in masks if m & ~mask]
        if not growth or size * (best := min(growth, key=lambda item: item[0]))[0] > limit:
            return mask
        size, mask = size * best[0], mask | best[1]
