"""H(t)/ħ as a sum of small sparse matrices, each on a few sites: its action on kets, and bounds of its spectrum."""

from collections.abc import Sequence
from fractions import Fraction
from math import prod
from typing import Any

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray

from qllg_sym.flow.hamiltonians.cover import bits, cover
from qllg_sym.flow.hamiltonians.dense import string_entries

Array = NDArray[Any]
Term = tuple[tuple[int, ...], int, float]       # basis string, number of its amplitude, coefficient

LIMIT = 128             # dimension of a cluster where the terms allow: few passes, a quick eigenvalue problem
LARGEST_DENSE = 1024    # above it the spectrum of a cluster is enclosed by Gershgorin's discs


class Cluster:
    """The terms on a set of sites.

    Attributes:
        sites: the sites, increasing.
        dimension: D, the product of their dimensions.
    """

    def __init__(self, spins: Sequence[Fraction], sites: list[int], terms: Sequence[Term]) -> None:
        self.sites = sites
        self._dims = [int(2 * s) + 1 for s in spins]
        self.dimension = prod(self._dims[k] for k in sites)
        own = [spins[k] for k in sites]
        groups = sorted({g for _, g, _ in terms})
        parts = [_sum(own, [([s[k] for k in sites], c) for s, g, c in terms if g == group]) for group in groups]
        self._groups = np.array(groups)
        self._pattern, self._data = _stacked(parts)

    def matrix(self, amplitudes: Array) -> sparse.csr_array:
        """Return Σ f_g · matrix, sparse (D, D)."""
        with np.errstate(invalid="ignore", over="ignore"):  # a sum beyond doubles is told by what uses it
            data = amplitudes[self._groups] @ self._data
        return sparse.csr_array((data, self._pattern.indices, self._pattern.indptr), shape=self._pattern.shape)

    @property
    def widest_row(self) -> int:
        """The largest number of entries in a row."""
        return int(np.diff(self._pattern.indptr).max(initial=0))

    def embedded(self, amplitudes: Array) -> sparse.csr_array:
        """Return the matrix on the whole space, sparse (d, d)."""
        rest = prod(self._dims) // self.dimension
        whole = sparse.kron(self.matrix(amplitudes), sparse.eye_array(rest), format="coo")
        count = range(len(self._dims))
        order = [*self.sites, *(k for k in count if k not in set(self.sites))]
        index = np.arange(prod(self._dims)).reshape(self._dims).transpose(order).ravel()
        rows, columns = whole.coords
        return sparse.csr_array((whole.data, (index[rows], index[columns])), shape=whole.shape)

    def add(self, amplitudes: Array, kets: Array, out: Array) -> None:
        """Add the action on kets (d, r) to `out` (d, r), C-contiguous."""
        shape, front = (*self._dims, kets.shape[1]), range(len(self.sites))
        moved = np.moveaxis(kets.reshape(shape), self.sites, front)
        product = self.matrix(amplitudes) @ moved.reshape(self.dimension, -1)
        target = out.reshape(shape)
        target += np.moveaxis(product.reshape(moved.shape), front, self.sites)

    def bounds(self, amplitudes: Array) -> tuple[float, float]:
        """Return an interval that holds the eigenvalues."""
        matrix = self.matrix(amplitudes)
        if not np.isfinite(matrix.data).all():
            return -np.inf, np.inf
        if self.dimension <= LARGEST_DENSE:
            dense = matrix.toarray()
            values = np.linalg.eigvalsh(dense if dense.imag.any() else dense.real)
            low, high = values[0], values[-1]
        else:
            centre = matrix.diagonal().real
            radius = np.asarray(abs(matrix).sum(axis=1)).ravel() - abs(centre)
            low, high = (centre - radius).min(), (centre + radius).max()
        entries = abs(amplitudes[self._groups]) @ abs(self._data)
        sizes = sparse.csr_array((entries, matrix.indices, matrix.indptr), shape=matrix.shape)
        slack = 4 * self.dimension * np.finfo(float).eps * sizes.sum(axis=1).max(initial=0.0)   # of the rounding
        return float(low - slack), float(high + slack)


class Whole(Cluster):
    """A matrix (d, d) times amplitude number `group`, on all sites."""

    def __init__(self, spins: Sequence[Fraction], matrix: Array, group: int) -> None:
        self.sites, self.dimension = list(range(len(spins))), len(matrix)
        self._dims, self._groups = [int(2 * s) + 1 for s in spins], np.array([group])
        self._pattern, self._data = _stacked([sparse.csr_array(matrix)])


def clusters(spins: Sequence[Fraction], terms: Sequence[Term]) -> list[Cluster]:
    """Return clusters whose sum is the sum of the terms.

    >>> from fractions import Fraction
    >>> [c.sites for c in clusters([Fraction(1, 2)] * 3, [((3, 3, 0), 0, 1.0), ((0, 1, 1), 1, 0.5)])]
    [[0, 1, 2]]
    """
    dims = [int(2 * s) + 1 for s in spins]
    supports = [sum(1 << k for k, index in enumerate(string) if index) or 1 for string, _, _ in terms]
    home = {mask: patch.mask for patch in cover(supports, dims, LIMIT) for mask in patch.members}
    found: dict[int, list[Term]] = {}
    for support, term in zip(supports, terms, strict=True):
        found.setdefault(home[support], []).append(term)
    return [Cluster(spins, bits(mask), own) for mask, own in found.items()]


def _sum(spins: Sequence[Fraction], strings: Sequence[tuple[Sequence[int], float]]) -> sparse.csr_array:
    """Return Σ c · basis string as a sparse matrix."""
    factors = [c for _, c in strings]
    rows, columns, values = zip(*(string_entries(spins, string) for string, _ in strings), strict=True)
    scaled = np.concatenate([c * part for c, part in zip(factors, values, strict=True)])
    places = np.concatenate(rows), np.concatenate(columns)
    size = prod(int(2 * s) + 1 for s in spins)
    return sparse.csr_array((scaled, places), shape=(size, size))


def _stacked(parts: Sequence[sparse.csr_array]) -> tuple[sparse.csr_array, Array]:
    """Return one pattern for all parts and their entries on it, (parts, entries)."""
    pattern = sum((abs(part) for part in parts), sparse.csr_array(parts[0].shape, dtype=float))
    pattern.data[:] = 1.0
    pattern.sort_indices()
    rows = np.repeat(np.arange(pattern.shape[0]), np.diff(pattern.indptr))
    if not len(rows):               # SciPy reads an empty choice of entries as one entry
        return pattern, np.zeros((len(parts), 0))
    return pattern, np.array([np.asarray(part[rows, pattern.indices]).ravel() for part in parts])
