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

CHUNK = 6           # log2 of the doubles in a chunk, whose bits are in every tile
TILE = 16           # log2 of the doubles in a tile: 512 KiB, for the second cache
LOW = 5             # bits of a chunk's number that are its low ones; f may depend on them, on the others, or on all


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
        run, columns, tile, outer: log2 of the amplitudes side by side, the room for kets side by side, the doubles in
            a tile, and the number of tiles.
        shift: flips outside the tile.
        rows, bits: places in the ket of the runs of a tile, and of a tile number's bits.
        sets: (l, 6) whether imaginary, whether tables, the first of a chunk number's bits that the signs depend on,
            how many they are, whether any sign depends on the tile, and the end of its operations.
        operations: (k, 3) flips of chunks, flips within, end of its strings.
        strings: (m, 2) z within a tile, as a place among the factors, and z outside.
        coefficients: (m,).
        amplitudes: (m,) the number of each string's amplitude.
    """

    run: int
    columns: int
    tile: int
    outer: int
    shift: int
    rows: Integers
    bits: Integers
    sets: Integers
    operations: Integers
    strings: Integers
    coefficients: NDArray[np.float64]
    amplitudes: Integers


@dataclass(frozen=True)
class _Placed:
    """A string in a pass: flips and signs in a tile as bits of doubles, signs outside."""

    string: PauliString
    x: int
    z: int
    far: int

    @property
    def operation(self) -> tuple[bool, bool, int]:
        """Strings that agree in this are one operation: imaginary first, tables apart."""
        return not self.string.imaginary, bool((self.x | self.z) & ((1 << CHUNK) - 1)), self.x


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
    columns = max((kets - 1).bit_length(), CHUNK - 1 - sites)
    lanes = min(sites, max(CHUNK - 1 - columns, 0))             # bits of chunks that are bits of the ket
    limit = min(sites, TILE - 1 - columns) - lanes
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
    inside = sorted(bits(mask) + free[:min(sites, TILE - 1 - columns) - mask.bit_count()])
    outside = [k for k in range(sites) if k not in inside]
    run = next((k for k, place in enumerate(inside) if place != k), len(inside))
    placed = [_placed(s, inside, outside, columns + 1) for s in strings]
    shift = _permuted(strings[-1].x, outside) if strings else 0
    sets, operations, table, order = _sets(placed)
    return Pass(run, columns, len(inside) + columns + 1, len(outside), shift, _places(inside[run:]),
                np.array(outside, dtype=np.int64), sets, operations, table,
                np.array([s.coefficient for s in order], dtype=float),
                np.array([s.amplitude for s in order], dtype=np.int64))


def _placed(string: PauliString, inside: Sequence[int], outside: Sequence[int], low: int) -> _Placed:
    """Return a string as a tile sees it, above the low bits."""
    return _Placed(string, _permuted(string.x, inside) << low, _permuted(string.z, inside) << low,
                   _permuted(string.z, outside))


def _sets(strings: Sequence[_Placed]) -> tuple[Integers, Integers, Integers, list[PauliString]]:
    """Return the sets, operations and strings of a pass, as the C kernel wants them, and the strings in that order."""
    groups = [list(group) for _, group in groupby(sorted(strings, key=lambda s: s.operation),
                                                  key=lambda s: s.operation)]
    sets, operations, table, order = [], [], [], list[PauliString]()
    groups.sort(key=lambda g: (_kind(g), _source(g[0].x)))
    for kind, members in groupby(groups, key=_kind):
        for group in members:
            table += [(_factor(s.z, kind), s.far) for s in group]
            order += [s.string for s in group]
            operations.append((group[0].x >> CHUNK, group[0].x & ((1 << CHUNK) - 1), len(table)))
        real, *rest = kind
        sets.append((not real, *rest, len(operations)))
    return (np.array(sets, dtype=np.int64).reshape(-1, 6), np.array(operations, dtype=np.int64).reshape(-1, 3),
            np.array(table, dtype=np.int64).reshape(-1, 2), order)


def _source(x: int) -> tuple[int, ...]:
    """Return what operations of the same vectors share: flips of chunks, within vectors, of half a chunk.

    >>> _source(64 + 32 + 8)
    (1, 0, 32, 0)
    """
    return x >> CHUNK, x & 2, x & 32, x & 4


def _kind(group: Sequence[_Placed]) -> tuple[bool, bool, int, int, bool]:
    """Return what the operations of a set share: real, tables, first bit and number of bits, from tile to tile."""
    real, tables, x = group[0].operation
    concerned = reduce(or_, (s.z for s in group), x) >> CHUNK
    if not concerned:
        first, last = 0, 0
    elif tables:                                                # tables are long: no bits beyond what is needed
        first, last = (concerned & -concerned).bit_length() - 1, concerned.bit_length()
    else:
        first = 0 if concerned & ((1 << LOW) - 1) else LOW
        last = LOW if not concerned >> LOW else TILE - CHUNK
    return real, tables, first, last - first, any(s.far for s in group)


def _factor(z: int, kind: tuple[bool, bool, int, int, bool]) -> int:
    """Return the place of a string's coefficient among the factors of its operation."""
    _, tables, first, _, _ = kind
    return z >> CHUNK >> first << CHUNK | z & ((1 << CHUNK) - 1) if tables else z >> CHUNK >> first


def _permuted(mask: int, order: Sequence[int]) -> int:
    """Return a mask with bit k where `order` has it."""
    return sum((mask >> place & 1) << k for k, place in enumerate(order))


def _places(positions: Sequence[int]) -> Integers:
    """Return the places of 0, 1, … whose bits stand at the positions."""
    places = np.zeros(1, dtype=np.int64)
    for position in positions:
        places = np.concatenate([places, places + (1 << position)])
    return places
