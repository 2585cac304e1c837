"""Sums of Pauli strings that are the same all around a ring, as matrices and traces of kets of one wave number."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import groupby
from typing import Any

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray

from qllg_sym.algebra.ring_sector import RingSector
from qllg_sym.algebra.sector import AnySector, SpinSector
from qllg_sym.flow.hamiltonians.passes import PauliString, Term, pauli_string
from qllg_sym.flow.hamiltonians.ring_images import ROWS, RingImages
from qllg_sym.flow.hamiltonians.sector_plan import simplest
from qllg_sym.flow.hamiltonians.sector_strings import SectorStrings

Array = NDArray[Any]


class RingStrings:
    r"""Σ f_g c · string on kets of one wave number.

    Over the product states $s = g_s a$, with the sizes O of the orbits, $\langle b|H|a\rangle = \sum_s \langle b|H|s
    \rangle\chi(g_s)^*\sqrt{O_b/O_a}$ (A. W. Sandvik, AIP Conf. Proc. 1297, 135 (2010), section 4).

    Args:
        sector: the kets.
        terms: (basis string, number g of its amplitude, c); their sum is the same after a step around the ring.

    Attributes:
        strings: by what they flip.

    >>> ring = [((1, 1, 0), 0, 0.5), ((0, 1, 1), 0, 0.5), ((1, 0, 1), 0, 0.5)]
    >>> ring += [(tuple(2 * letter for letter in string), g, c) for string, g, c in ring]
    >>> hops = RingStrings(RingSector(3, 1, 1), ring)
    >>> hops.matrix(np.ones(1)).toarray().real.round(12).tolist(), round(hops.trace(np.ones(1)), 12)
    ([[-1.0]], -1.0)
    """

    def __init__(self, sector: RingSector, terms: Sequence[Term]) -> None:
        self.sector, total = sector, Counter[PauliString]()
        for string in (simplest(pauli_string(term), SpinSector(sector.sites, sector.down)) for term in terms):
            total[replace(string, coefficient=1.0)] += string.coefficient       # type: ignore[assignment]
        self.strings = sorted((replace(s, coefficient=float(c)) for s, c in total.items()), key=lambda s: (s.x, s.z))

    @cached_property
    def groups(self) -> list[list[PauliString]]:
        """The strings, those that flip the same spins together."""
        return [list(group) for _, group in groupby(self.strings, key=lambda s: s.x)]

    @cached_property
    def images(self) -> RingImages:
        """Where the flips carry the kets."""
        return RingImages.of(self.sector, np.array([group[0].x for group in self.groups], dtype=np.int64))

    def matrix(self, amplitudes: Array) -> sparse.csr_array:
        """Return the sum as a sparse matrix (d, d)."""
        return sparse.csr_array(sparse.vstack(list(self._rows(amplitudes)), format="csr"))

    def dense(self) -> Array:
        """Return the sum with all amplitudes 1 as a matrix (d, d)."""
        most = 1 + max((s.amplitude for s in self.strings), default=0)
        return np.asarray(self.matrix(np.ones(most)).toarray())

    def trace(self, amplitudes: Array) -> float:
        """Return the trace."""
        return math.fsum(part.diagonal(k * ROWS).real.sum() for k, part in enumerate(self._rows(amplitudes)))

    def spread(self, amplitudes: Array) -> float:
        """Return the standard deviation of all eigenvalues."""
        square = math.fsum(np.vdot(part.data, part.data).real for part in self._rows(amplitudes))
        return math.sqrt(max(square / self.sector.dimension - (self.trace(amplitudes) / self.sector.dimension)**2, 0.0))

    def _rows(self, amplitudes: Array) -> Iterator[sparse.csr_array]:
        """Yield some rows of the matrix after others, each entry once."""
        images = self.images
        for start in range(0, len(images.states), ROWS):
            begin = images.begin[start:start + ROWS + 1]
            own, counts = slice(begin[0], begin[-1]), np.diff(begin)
            values = self._coefficients(np.repeat(images.states[start:start + ROWS], counts), images.flip[own],
                                        amplitudes)
            values *= images.table[images.factor[own]] * np.repeat(images.root[start:start + ROWS], counts)
            part = sparse.csr_array((values, images.column[own].copy(), begin - begin[0]),
                                    shape=(len(counts), len(images.states)))
            part.sum_duplicates()
            yield part

    def _coefficients(self, states: Array, flip: Array, amplitudes: Array) -> Array:
        """Return ⟨b|H|b ^ x⟩ of states b and the numbers of flips x."""
        total = np.zeros(len(states), dtype=complex)
        for number, group in enumerate(self.groups):
            here = np.flatnonzero(flip == number)
            for s in group:
                factor = float(amplitudes[s.amplitude]) * s.coefficient * (1j if s.imaginary else 1)
                total[here] += factor * (1.0 - 2.0 * (np.bitwise_count(states[here] & s.z) & 1))
        return total


def strings_in(sector: AnySector, terms: Sequence[Term]) -> SectorStrings | RingStrings:
    """Return a sum on kets of a sector of either kind.

    >>> strings_in(SpinSector(2, 1), [((3, 3), 0, 1.0)]).dense().real.tolist()
    [[-1.0, 0.0], [0.0, -1.0]]
    """
    return RingStrings(sector, terms) if isinstance(sector, RingSector) else SectorStrings(sector, terms)
