"""Sums of Pauli strings that keep the total S_z, as matrices and traces of a sector."""

import math
from collections.abc import Iterator, Sequence
from itertools import combinations_with_replacement, groupby
from typing import Any

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray

from qllg_sym.algebra.sector import SpinSector
from qllg_sym.flow.hamiltonians.passes import PauliString, Term, pauli_string
from qllg_sym.observables.sector_states import all_numbers, ranks

Array = NDArray[Any]


class SectorStrings:
    """Σ f_g c · string on kets of a sector: what single strings lead out of it cancels in the sum, and is left out.

    Args:
        sector: the kets.
        terms: (basis string, number g of its amplitude, c).

    >>> flip = SectorStrings(SpinSector(2, 1), [((1, 1), 0, 0.5), ((2, 2), 0, 0.5)])
    >>> flip.matrix(np.ones(1)).toarray().real.tolist(), flip.trace(np.ones(1)), flip.square(np.ones(1))
    ([[0.0, 1.0], [1.0, 0.0]], 0.0, 2.0)
    """

    def __init__(self, sector: SpinSector, terms: Sequence[Term]) -> None:
        self.sector = sector
        self.strings = sorted(map(pauli_string, terms), key=lambda s: s.x)

    def entries(self, string: PauliString) -> tuple[Array, Array, Array]:
        """Return the rows, columns and values of one string of coefficient c in the sector."""
        sector = self.sector
        states = all_numbers(sector.sites, sector.down)
        rows = np.flatnonzero(2 * np.bitwise_count(states & string.x) == string.x.bit_count())
        states = states[rows]
        values = _factor(string) * (1.0 - 2.0 * (np.bitwise_count(states & string.z) & 1))
        return rows, ranks(sector.sites, states ^ string.x), values

    def matrix(self, amplitudes: Array) -> sparse.csr_array:
        """Return the sum as a sparse matrix (d, d)."""
        total = sparse.csr_array((self.sector.dimension,) * 2, dtype=complex)
        for string in self.strings:
            rows, columns, values = self.entries(string)
            entries = float(amplitudes[string.amplitude]) * values
            total = total + sparse.csr_array((entries, (rows, columns)), shape=total.shape)
        return total

    def dense(self) -> Array:
        """Return the sum with all amplitudes 1 as a matrix (d, d)."""
        total = np.zeros((self.sector.dimension,) * 2, dtype=complex)
        for string in self.strings:
            rows, columns, values = self.entries(string)
            total[rows, columns] += values
        return total

    def trace(self, amplitudes: Array) -> float:
        """Return the trace: of strings that flip nothing."""
        return math.fsum(s.coefficient * float(amplitudes[s.amplitude]) * self.sector.trace(s.z.bit_count())
                         for s in self.strings if not s.x)

    def square(self, amplitudes: Array) -> float:
        """Return the trace of the square: strings that flip alike are not orthogonal here."""
        return math.fsum((1 if a is b else 2) * (_factor(a).conjugate() * _factor(b)).real
                         * float(amplitudes[a.amplitude]) * float(amplitudes[b.amplitude])
                         * self.sector.trace((z := a.z ^ b.z).bit_count(), a.x.bit_count(), (z & a.x).bit_count())
                         for a, b in self._alike())

    def spread(self, amplitudes: Array) -> float:
        """Return the standard deviation of all eigenvalues."""
        mean = self.trace(amplitudes) / self.sector.dimension
        return math.sqrt(max(self.square(amplitudes) / self.sector.dimension - mean**2, 0.0))

    def _alike(self) -> Iterator[tuple[PauliString, PauliString]]:
        """Yield the pairs of strings that flip the same spins, each once."""
        for _, group in groupby(self.strings, key=lambda s: s.x):
            yield from combinations_with_replacement(group, 2)


def _factor(string: PauliString) -> complex:
    """Return the coefficient with its phase."""
    return string.coefficient * (1j if string.imaginary else 1)
