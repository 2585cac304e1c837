"""Where flips of spins carry the kets of one wave number on a ring, found once: what the C kernel `ring.c` reads."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.algebra.ring_sector import RingSector
from qllg_sym.observables.ring_states import conjugate_characters, representatives, ring_basis
from qllg_sym.observables.sector_states import Integers
from qllg_sym.observables.storage import require_memory

Array = NDArray[Any]
ROWS = 1 << 13          # states whose images are made at a time


@dataclass(frozen=True, eq=False)
class RingImages:
    """The images of each basis ket a by each of some flips x, those that keep the number of spins down.

    Attributes:
        states: (d,) the product states that stand for the kets.
        root: (d,) √(orbit of a).
        begin: (d + 1,) the images of each.
        column: (e,) the place in the basis of what stands for s = a ^ x.
        factor: (e,) the place in `table` of χ(g)*/√(orbit), the amplitude of s; that of zero where no ket has s.
        flip: (e,) the number of x.
        table: complex.
    """

    states: Integers
    root: Array
    begin: Integers
    column: NDArray[np.int32]
    factor: NDArray[np.uint16]
    flip: NDArray[np.uint16]
    table: NDArray[np.complex128]

    @classmethod
    def of(cls, sector: RingSector, flips: Integers) -> "RingImages":
        """Return the images.

        Raises:
            InputError: they do not fit into memory.

        >>> images = RingImages.of(RingSector(4, 2, 0), np.array([0b0011, 0b0110]))
        >>> images.begin.tolist(), images.column.tolist()
        ([0, 1, 3], [1, 0, 0])
        """
        basis = ring_basis(sector)
        counts = sum((_stays(basis.states, x) for x in flips), np.zeros(len(basis.states), dtype=np.int64))
        begin = np.concatenate([[0], np.cumsum(counts)])
        require_memory("H", (begin[-1],), "take fewer spins, or terms that flip less", 8)
        kinds, kind = np.unique(basis.orbits, return_inverse=True)
        column, factor, flip = (np.empty(begin[-1], dtype) for dtype in (np.int32, np.uint16, np.uint16))
        for start in range(0, len(basis.states), ROWS):
            states = basis.states[start:start + ROWS, None]
            row, which = np.nonzero(_stays(states, flips))
            own = slice(begin[start], begin[start] + len(row))
            best, element = representatives(sector, states[row, 0] ^ flips[which])
            place = np.minimum(np.searchsorted(basis.states, best), len(basis.states) - 1)
            column[own], flip[own] = place, which
            factor[own] = np.where(basis.states[place] == best, element * len(kinds) + kind[place],
                                   sector.order * len(kinds))
        table = np.multiply.outer(conjugate_characters(sector), 1 / np.sqrt(kinds)).ravel()
        return cls(basis.states, np.sqrt(basis.orbits), begin, column, factor, flip, np.append(table, 0))


def _stays(states: Integers, x: Any) -> Array:
    """Return whether as many spins of each state are turned up as down."""
    return 2 * np.bitwise_count(states & x) == np.bitwise_count(np.asarray(x))
