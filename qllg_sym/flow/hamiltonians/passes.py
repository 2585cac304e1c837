"""How sums of Pauli strings are applied to kets of spins ½: passes over the ket, for the C kernel `action.c`."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import groupby
from operator import or_

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow.hamiltonians.cover import bits, cover

Integers = NDArray[np.int64]
Term = tuple[tuple[int, ...], int, float]       # basis string, number of its amplitude, coefficient

LANES = 3           # log2 of the doubles in a vector; bits of lanes are in every tile
BLOCK = 10          # log2 of the doubles in a block: 16 KiB with both parts, twice of which the first cache holds
TILE = 14           # log2 of the doubles in a tile: 256 KiB, for the second cache
FEW = 4             # bits above the lanes that the factors of an operation are written out for
UNIFORM, LANEWISE, TABLE = range(3)     # kinds of operations, see action.c


@dataclass(frozen=True)
class PauliString:
    """c · Π σ as flips x and signs z: (σ v)[i] = c (−i)^y (−1)^|z & i| v[i ^ x], y the number of σy.

    Bit 0 is the last site. `imaginary` says whether (−i)^y is; its sign is in `coefficient`.
    """

    x: int
    z: int
    imaginary: bool
    coefficient: float
    amplitude: int


@dataclass(frozen=True)
class Pass:
    """One pass over the ket; the arrays are those of the C structure.

    Attributes:
        run, columns, block, tile, outer: log2 of the amplitudes side by side, the room for kets side by side, the
            doubles in a block and in a tile, and the number of tiles.
        shift: flips outside the tile.
        rows, bits: places in the ket of the runs of a tile, and of a tile number's bits.
        operations: (k, 6) flips of blocks, flips within, end of its strings, kind, the bits above the lanes that they
            concern, and whether any sign depends on the block.
        strings: (m, 3) z within a block (the bits that number the factors, unless the kind is a table), z outside,
            whether imaginary.
        coefficients: (m,).
        amplitudes: (m,) the number of each string's amplitude.
    """

    run: int
    columns: int
    block: int
    tile: int
    outer: int
    shift: int
    rows: Integers
    bits: Integers
    operations: Integers
    strings: Integers
    coefficients: NDArray[np.float64]
    amplitudes: Integers


def pauli_string(term: Term) -> PauliString:
    """Return a basis string of spins ½ as masks.

    >>> pauli_string(((0, 2), 0, 3.0))
    PauliString(x=1, z=1, imaginary=True, coefficient=-3.0, amplitude=0)
    """
    indices, amplitude, coefficient = term
    letters = list(enumerate(reversed(indices)))
    x = sum(1 << k for k, index in letters if index in (1, 2))
    z = sum(1 << k for k, index in letters if index in (2, 3))
    y = (x & z).bit_count()
    return PauliString(x, z, y % 2 == 1, coefficient * (-1 if y % 4 in (1, 2) else 1), amplitude)


def passes(sites: int, terms: Sequence[Term], kets: int) -> list[Pass]:
    """Return the passes for `kets` kets side by side; there is always one, which writes zeros.

    >>> [len(p.strings) for p in passes(3, [((3, 3, 0), 0, 1.0), ((1, 0, 0), 0, 2.0)], 1)]
    [2]
    """
    columns = max((kets - 1).bit_length(), LANES - sites)
    lanes = min(sites, max(LANES - columns, 0))                 # bits of lanes that are bits of the ket
    limit = min(sites, TILE - columns) - lanes
    sizes = [1] * lanes + [2] * (sites - lanes)
    strings = sorted(map(pauli_string, terms), key=lambda s: s.x)
    flips = {s.x: (s.x >> lanes).bit_count() for s in strings}
    near = cover([x for x, count in flips.items() if x and count <= limit], sizes, 1 << limit)
    chosen = [(patch.mask, {*patch.members}) for patch in near] or [(0, set[int]())]
    chosen[0][1].add(0)
    chosen += [(0, {x}) for x, count in flips.items() if count > limit]
    return [_pass(sites, mask, [s for s in strings if s.x in members], lanes, columns) for mask, members in chosen]


def _pass(sites: int, mask: int, strings: Sequence[PauliString], lanes: int, columns: int) -> Pass:
    """Return the pass whose tiles hold the bits of `mask` and of the lanes; the lowest others fill the tile up."""
    mask |= (1 << lanes) - 1
    free = [k for k in range(sites) if not mask >> k & 1]
    inside = sorted(bits(mask) + free[:min(sites, TILE - columns) - mask.bit_count()])
    outside = [k for k in range(sites) if k not in inside]
    tile = len(inside) + columns
    block = min(tile, BLOCK)
    run = next((k for k, place in enumerate(inside[:block - columns]) if place != k), block - columns)
    near = sum(1 << k for k in inside[:block - columns])
    strings = sorted(strings, key=lambda s: (s.x, s.z & ~near != 0))        # what is the same for every block first
    operations, table = _operations(strings, inside + outside, columns, block, tile)
    shift = _permuted(strings[-1].x, inside + outside) >> len(inside) if strings else 0
    return Pass(run, columns, block, tile, len(outside), shift, _places(inside[run:]),
                np.array(outside, dtype=np.int64), operations, table,
                np.array([s.coefficient for s in strings], dtype=float),
                np.array([s.amplitude for s in strings], dtype=np.int64))


def _operations(strings: Sequence[PauliString], order: Sequence[int], columns: int, block: int,
                tile: int) -> tuple[Integers, Integers]:
    """Return the operations and the strings of a pass, as the C kernel wants them."""
    operations, table, inner = [], [], (1 << block) - 1
    for x, group in groupby(strings, key=lambda s: s.x):
        flips = _permuted(x, order) << columns & ((1 << tile) - 1)
        signs = [(_permuted(s.z, order) << columns, s.imaginary) for s in group]
        steady = [item for item in signs if not item[0] >> block]
        parts = [signs] if _concerned(flips, signs, block)[0] != TABLE else [steady, signs[len(steady):]]
        for part in filter(None, parts):
            kind, concerned, places = _concerned(flips, part, block)
            table += [(_permuted(z, places), z >> block, imaginary) for z, imaginary in part]
            operations.append((flips >> block, flips & inner, len(table), kind, concerned,
                               any(z >> block for z, _ in part)))
    return np.array(operations, dtype=np.int64).reshape(-1, 6), np.array(table, dtype=np.int64).reshape(-1, 3)


def _concerned(flips: int, signs: Sequence[tuple[int, bool]], block: int) -> tuple[int, int, Sequence[int]]:
    """Return the kind of an operation, the bits above the lanes that it concerns, and those that number its factors."""
    inner, lanes = (1 << block) - 1, (1 << LANES) - 1
    concerned = reduce(or_, (z for z, _ in signs), flips) & inner
    above = concerned & ~lanes
    if above.bit_count() > FEW:
        return TABLE, above, range(block)
    return (LANEWISE, above, [*range(LANES), *bits(above)]) if concerned & lanes else (UNIFORM, above, bits(above))


def _permuted(mask: int, order: Sequence[int]) -> int:
    """Return a mask with bit k where `order` has it."""
    return sum((mask >> place & 1) << k for k, place in enumerate(order))


def _places(positions: Sequence[int]) -> Integers:
    """Return the places of 0, 1, … whose bits stand at the positions."""
    places = np.zeros(1, dtype=np.int64)
    for position in positions:
        places = np.concatenate([places, places + (1 << position)])
    return places
