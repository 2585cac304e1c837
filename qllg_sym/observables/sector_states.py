"""The product states of a sector of total S_z as numbers: bit N − 1 − i of a number is 1 where site i points down."""

from collections.abc import Sequence
from functools import lru_cache
from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.algebra.sector import SpinSector

Integers = NDArray[np.int64]
_LOW = 14  # spins of the lower part of a number, whose states are kept in tables
_TABLE = 20  # sites up to which the ranks of all their states are a table
_KEPT = 1 << 20  # states up to which a permutation is kept for the next time


@lru_cache(maxsize=512)
def numbers_with(sites: int, down: int) -> Integers:
    """Return the numbers below 2^sites with so many ones, ascending.

    >>> numbers_with(3, 1).tolist()
    [1, 2, 4]
    """
    found = all_numbers(sites, down)
    found.setflags(write=False)
    return found


def all_numbers(sites: int, down: int) -> Integers:
    """Return the same, fresh: of a large sector it is not kept.

    >>> all_numbers(2, 1).tolist()
    [1, 2]
    """
    if not 0 <= down <= sites:
        return np.empty(0, dtype=np.int64)
    if down in (0, sites):
        return np.array([(1 << sites) - 1 if down else 0], dtype=np.int64)
    table = numbers_with if sites <= _LOW else all_numbers
    return np.concatenate([table(sites - 1, down), table(sites - 1, down - 1) + (1 << (sites - 1))])


def ranks(sites: int, states: Integers) -> Integers:
    """Return the place of each number among those with as many ones, Σ_j C(b_j, j) of its ones at bits b_1 < b_2 < ….

    >>> ranks(4, numbers_with(4, 2)).tolist()
    [0, 1, 2, 3, 4, 5]
    """
    found, ones = np.zeros_like(states), np.zeros_like(states)
    for bit, row in enumerate(_binomials(sites)):
        there = states >> bit & 1
        ones += there
        found += there * row[ones]
    return found


@lru_cache(maxsize=64)
def _binomials(sites: int) -> Integers:
    """Return C(b, j) of bits b < sites and j ≤ sites."""
    return np.array([[comb(bit, j) for j in range(sites + 1)] for bit in range(sites)], dtype=np.int64)


def places(sector: SpinSector, sites: Sequence[int]) -> Integers:
    """Return where each state stands when the ket is cut into matrices (states of some sites, states of the rest).

    The matrices follow each other by the number of the sites that point down, as in `cut_shapes`.

    Args:
        sector: the kets.
        sites: the sites of the rows, in the order of their factors.

    >>> places(SpinSector(2, 1), (1,)).tolist()
    [1, 0]
    """
    return (_kept if sector.dimension <= _KEPT else _places)(sector, tuple(sites))


def _places(sector: SpinSector, sites: tuple[int, ...]) -> Integers:
    """Return the same: upper bits one by one, the lower ones from tables."""
    low, count = min(_LOW, sector.sites), len(sites)
    rest = [k for k in range(sector.sites) if k not in sites]
    starts, widths = np.zeros(count + 1, dtype=np.int64), np.zeros(count + 1, dtype=np.int64)
    for ones, start, _, columns in cut_shapes(sector, count):
        starts[ones], widths[ones] = start, columns
    table = ranks(count, np.arange(1 << count)) if count <= _TABLE else None
    found, parts = [], dict[int, tuple[Integers, Integers, Integers]]()
    for high in upper_parts(sector, low).tolist():
        ones = sector.down - high.bit_count()
        if ones not in parts:
            states = numbers_with(low, ones)
            other = _picked(sector, states, rest)
            parts[ones] = _picked(sector, states, sites), ranks(len(rest), other), np.bitwise_count(other)
        own, other, below = parts[ones]
        upper = np.array([high << low])
        own = own + _picked(sector, upper, sites)
        other = other + _above(int(_picked(sector, upper, rest)[0]), low)[below]
        down = np.bitwise_count(own)
        found.append(starts[down] + (ranks(count, own) if table is None else table[own]) * widths[down] + other)
    return np.concatenate(found)


def upper_parts(sector: SpinSector, low: int) -> Integers:
    """Return the bits above the `low` lowest ones of the states of a sector, each once, ascending.

    >>> upper_parts(SpinSector(4, 1), 1).tolist()
    [0, 1, 2, 4]
    """
    high = sector.sites - low
    least, most = max(0, sector.down - low), min(high, sector.down)
    return np.sort(np.concatenate([all_numbers(high, ones) for ones in range(least, most + 1)]))


def _above(upper: int, most: int) -> Integers:
    """Return what the upper ones of a number add to its rank, if so many ones are below them: 0, …, `most`."""
    bits = [k for k in range(upper.bit_length()) if upper >> k & 1]
    row, below = _binomials(upper.bit_length() + most + 1), np.arange(most + 1)
    return np.asarray(sum((row[bit, below + j] for j, bit in enumerate(bits, 1)), np.zeros(most + 1, dtype=np.int64)))


_kept = lru_cache(maxsize=16)(_places)


def mean_signs(sector: SpinSector, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return Σ_i w_i σ of every site, σ = ±1 up and down, (sites,), of weights of the states (d,) in one reading.

    >>> mean_signs(SpinSector(2, 1), np.array([0.75, 0.25])).tolist()
    [0.5, -0.5]
    """
    low = min(_LOW, sector.sites)
    upper, found = upper_parts(sector, low), np.zeros(sector.sites)
    sums: dict[int, Any] = {}
    total, start = np.empty(len(upper)), 0
    for k, high in enumerate(upper.tolist()):
        ones = sector.down - high.bit_count()
        block = weights[start : start + comb(low, ones)]
        sums[ones] = sums.get(ones, 0.0) + block
        total[k] = block.sum()
        start += len(block)
    for bit in range(low):
        found[-1 - bit] = sum(sums[n] @ (1 - 2 * (numbers_with(low, n) >> bit & 1)) for n in sums)
    for bit in range(sector.sites - low):
        found[-1 - low - bit] = total @ (1 - 2 * (upper >> bit & 1))
    return found


def _picked(sector: SpinSector, states: Integers, sites: Sequence[int]) -> Integers:
    """Return the bits of some sites as numbers of their own, the first site on top."""
    found = np.zeros_like(states)
    for site in sites:
        found = found << 1 | states >> (sector.sites - 1 - site) & 1
    return found


def cut_shapes(sector: SpinSector, count: int) -> list[tuple[int, int, int, int]]:
    """Return (ones, start, rows, columns) of the matrices that a ket is cut into by `count` sites.

    >>> cut_shapes(SpinSector(4, 2), 1)
    [(0, 0, 1, 3), (1, 3, 1, 3)]
    """
    found, start = [], 0
    for ones in range(max(0, sector.down - sector.sites + count), min(count, sector.down) + 1):
        rows, columns = comb(count, ones), comb(sector.sites - count, sector.down - ones)
        found.append((ones, start, rows, columns))
        start += rows * columns
    return found
