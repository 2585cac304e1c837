r"""Kets of one wave number on a ring: which product state stands for all that steps around the ring make of it.

The smallest number a of an orbit stands for it. With P = Σ_g χ(g)* g/|G| over the group G of N steps T^r, and of as
many with the reflection R where that counts, its ket is √(orbit) P|a⟩, in which s = g a has amplitude χ(g)*/√(orbit).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.algebra.ring_sector import RingSector
from qllg_sym.observables.sector_states import Integers, all_numbers

Array = NDArray[Any]
_TOP = 24       # bits of the numbers that are looked through at a time
_STATES = 1 << 16       # states whose images are made at a time


@dataclass(frozen=True)
class RingBasis:
    """The basis of a sector.

    Attributes:
        states: (d,) the representatives, ascending.
        orbits: (d,) how many product states each stands for.
    """

    states: Integers
    orbits: Integers


@lru_cache(maxsize=8)
def ring_basis(sector: RingSector) -> RingBasis:
    """Return the representatives of the orbits that have a ket of this wave number, with the sizes of the orbits.

    >>> ring_basis(RingSector(4, 2, 2))
    RingBasis(states=array([3, 5]), orbits=array([4, 2]))
    """
    low = min(sector.sites, _TOP)
    smallest = [_smallest(sector, all_numbers(low, sector.down - top.bit_count()) + (top << low))
                for top in range(1 << (sector.sites - low))]
    states, orbits = np.concatenate(smallest), []
    characters, there = conjugate_characters(sector), []
    for start in range(0, len(states), _STATES):
        part = states[start:start + _STATES]
        kept, total = np.zeros(len(part), dtype=np.int64), np.zeros(len(part), dtype=complex)
        for character, image in zip(characters, _images(sector, part), strict=True):
            kept += image == part
            total += character * (image == part)
        there.append(abs(total) > 0.5)      # the number of steps that keep the state, or zero
        orbits.append(sector.order // kept)
    chosen = np.concatenate(there)
    basis = RingBasis(states[chosen], np.concatenate(orbits)[chosen])
    basis.states.setflags(write=False)
    return basis


def conjugate_characters(sector: RingSector) -> NDArray[np.complex128]:
    """Return χ(g)* of what carries an image back: of T^r, r = 0 … N − 1, then of T^r R.

    >>> conjugate_characters(RingSector(4, 2, 2, -1)).real.tolist()
    [1.0, -1.0, 1.0, -1.0, -1.0, 1.0, -1.0, 1.0]
    """
    turns = sector.momentum * np.arange(sector.sites) % sector.sites
    steps = np.exp(-2j * np.pi * turns / sector.sites).astype(np.complex128)
    if 2 * sector.momentum % sector.sites == 0:         # 1 and −1 to the last bit
        steps = (1.0 - 4 * turns / sector.sites).astype(np.complex128)
    return steps if sector.reflection is None else np.concatenate([steps, sector.reflection * steps])


def representatives(sector: RingSector, states: Integers) -> tuple[Integers, Integers]:
    """Return the smallest image of each number, and which step makes it.

    >>> representatives(RingSector(4, 1, 1), np.array([1, 4]))
    (array([1, 1]), array([0, 2]))
    """
    best, element = states.copy(), np.zeros(len(states), dtype=np.int64)
    for number, image in enumerate(_images(sector, states)):
        element[image < best] = number
        np.minimum(best, image, out=best)
    return best, element


def amplitudes_of(sector: RingSector, states: Integers) -> tuple[Integers, NDArray[np.complex128]]:
    """Return the place in the basis of what stands for each number, and its amplitude there; zero where nothing does.

    >>> place, amplitude = amplitudes_of(RingSector(4, 1, 2), np.array([1, 2, 4, 8]))
    >>> place.tolist(), amplitude.real.tolist()
    ([0, 0, 0, 0], [0.5, -0.5, 0.5, -0.5])
    """
    basis = ring_basis(sector)
    best, element = representatives(sector, states)
    place = np.minimum(np.searchsorted(basis.states, best), len(basis.states) - 1)
    amplitude = conjugate_characters(sector)[element] / np.sqrt(basis.orbits[place])
    return place, np.where(basis.states[place] == best, amplitude, 0)


def unfolded(sector: RingSector, array: Array) -> NDArray[np.complex128]:
    """Return kets (d, …) of a sector as kets of their total S_z, in the order of the product basis.

    >>> unfolded(RingSector(4, 1, 0), np.ones((1, 1)))[:, 0].real.tolist()
    [0.5, 0.5, 0.5, 0.5]
    """
    states = all_numbers(sector.sites, sector.down)
    total = np.empty((len(states), *array.shape[1:]), dtype=complex)
    for start in range(0, len(states), _STATES):
        part = slice(start, start + _STATES)
        place, amplitude = amplitudes_of(sector, states[part])
        total[part] = amplitude.reshape(-1, *(1,) * (array.ndim - 1)) * array[place]
    return total


def refolded(sector: RingSector, array: Array) -> NDArray[np.complex128]:
    """Return the part of kets of a total S_z, (D, …), that has the wave number of a sector, as its kets (d, …).

    >>> refolded(RingSector(4, 1, 0), np.array([[1.0], [0.0], [0.0], [0.0]])).real.tolist()
    [[0.5]]
    """
    states = all_numbers(sector.sites, sector.down)
    total = np.zeros((sector.dimension, *array.shape[1:]), dtype=complex)
    for start in range(0, len(states), _STATES):
        part = slice(start, start + _STATES)
        place, amplitude = amplitudes_of(sector, states[part])
        np.add.at(total, place, amplitude.conj().reshape(-1, *(1,) * (array.ndim - 1)) * array[part])
    return total


def _smallest(sector: RingSector, states: Integers) -> Integers:
    """Return the numbers that are the smallest of their orbit; most are out after a few steps."""
    for mirrored in range(1 if sector.reflection is None else 2):
        for r in range(sector.sites):
            seen = _mirrored(sector.sites, states) if mirrored else states
            states = states[_turned(sector.sites, seen, r) >= states]
    return states


def _images(sector: RingSector, states: Integers) -> Iterator[Integers]:
    """Yield what each element of the group makes of the numbers."""
    yield from (_turned(sector.sites, states, r) for r in range(sector.sites))
    if sector.reflection is not None:
        mirrored = _mirrored(sector.sites, states)
        yield from (_turned(sector.sites, mirrored, r) for r in range(sector.sites))


def _turned(sites: int, states: Integers, r: int) -> Integers:
    """Return the numbers after r steps: site i is bit N − 1 − i, and goes to i + r."""
    return states >> r | (states & ((1 << r) - 1)) << (sites - r)


def _mirrored(sites: int, states: Integers) -> Integers:
    """Return the numbers with their bits from the last to the first."""
    total = np.zeros_like(states)
    for bit in range(sites):
        total |= (states >> bit & 1) << (sites - 1 - bit)
    return total
