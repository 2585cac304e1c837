"""The sectors of a Hamiltonian: sets of basis states that none of its entries connects, such as those of one S_z.

A multiplet has one member in each of many sectors, which Lanczos' method would hardly see in the whole space; a sector
is often real, and a small one is diagonalised.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh
from scipy.sparse.csgraph import connected_components

from qllg_sym.flow.states.levels import HermitianMap, Levels, levels_below, lowest_level

Array = NDArray[Any]
Image = Callable[[Array], Array]
SMALL = 256         # dimension of a sector that is diagonalised at once
LARGEST = 4096      # of one that is diagonalised where it must be, in a minute or two
MOST_LEVELS = 256   # below the limit in one sector, found without that
STACK = 1 << 22     # entries of small sectors that are diagonalised together
SEEN, ROUGH = 1e-7, 1e-2    # of the spread: residuals of a level that sets the limit, and that only picks its sector


@dataclass(frozen=True)
class Sector:
    """One large sector.

    Attributes:
        operator: its action.
        states: which basis states it holds, (n,).
        matrix: sparse (n, n); None where that would be too large.
    """

    operator: HermitianMap
    states: Array
    matrix: Any = None

    def below(self, limit: float) -> Levels:
        """Return its levels below a limit; by diagonalisation where there are many of them, or two too close."""
        found = levels_below(self.operator, limit, MOST_LEVELS)
        if found.trouble is None or self.matrix is None or self.operator.dimension > LARGEST:
            return found
        dense = self.matrix.toarray()
        if 4 * found.count < len(dense):
            energies, kets = eigh(dense, subset_by_value=(-np.inf, limit), overwrite_a=True, check_finite=False)
        else:
            energies, kets = eigh(dense, driver="evd", overwrite_a=True, check_finite=False)
        count = int(np.sum(energies < limit))
        return Levels(energies[:count], kets[:, :count], None, count)


class Sectors:
    """All sectors of a Hermitian matrix.

    Attributes:
        large: those that are too large to be diagonalised at once, the largest first.

    >>> import scipy.sparse as sparse
    >>> Sectors.of(sparse.csr_array(np.array([[1.0, 0, 2], [0, 5, 0], [2, 0, 1]])), 6.0).lowest()
    -1.0
    """

    def __init__(self, large: Sequence[Sector], small: Sequence[Array] = (), matrix: Any = None) -> None:
        self.large = sorted(large, key=lambda sector: -sector.operator.dimension)
        self._small, self._matrix = small, matrix

    @classmethod
    def whole(cls, image: Image, dimension: int, spread: float) -> "Sectors":
        """Return the space as one sector of an operator that is known by its action."""
        return cls([Sector(HermitianMap(image, dimension, spread), np.arange(dimension))])

    @classmethod
    def of(cls, matrix: Any, spread: float) -> "Sectors":
        """Return the sectors of a sparse matrix (d, d), whose spectrum an interval of width `spread` holds."""
        matrix.eliminate_zeros()
        matrix = matrix if matrix.data.imag.any() else matrix.real
        count, labels = connected_components(abs(matrix), directed=False)
        sizes = np.bincount(labels, minlength=count)
        ordered = np.argsort(labels, kind="stable")
        starts = np.cumsum(sizes) - sizes
        small = [ordered[starts[np.flatnonzero(sizes == n)][:, None] + np.arange(n)]
                 for n in np.unique(sizes).tolist() if n <= SMALL]
        return cls([_sector(matrix, ordered[starts[k]:starts[k] + sizes[k]], spread)
                    for k in np.flatnonzero(sizes > SMALL)], small, matrix)

    def _stacks(self) -> Iterator[tuple[Array, Array]]:
        """Yield the states (g, n) and the matrices (g, n, n) of small sectors."""
        for group in self._small:
            n = group.shape[1]
            stride = max(1, STACK // (n * n))
            for first in range(0, len(group), stride):
                states = group[first:first + stride]
                place = np.empty(self._matrix.shape[0], dtype=np.intp)
                place[states.ravel()] = np.arange(states.size)
                entries = self._matrix[states.ravel()].tocoo()
                rows, columns = entries.coords
                dense = np.zeros((len(states), n, n), dtype=entries.dtype)
                dense[rows // n, rows % n, place[columns] % n] = entries.data
                yield states, dense

    def lowest(self) -> float:
        """Return the lowest level; where there are large sectors, one that lies no lower and close to it."""
        found = [float(np.linalg.eigvalsh(dense).min()) for _, dense in self._stacks()]
        rough = [lowest_level(sector.operator, ROUGH) for sector in self.large]
        if rough:
            found.append(lowest_level(self.large[int(np.argmin(rough))].operator, SEEN))
        return min(found)

    def small_below(self, limit: float) -> Iterator[tuple[Array, Array, Array]]:
        """Yield levels below a limit of small sectors: energies (k,), the states of each (k, n), kets (n, k)."""
        for states, dense in self._stacks():
            energies, vectors = np.linalg.eigh(dense)
            which, level = np.nonzero(energies < limit)
            yield energies[which, level], states[which], vectors[which, :, level].T


def _sector(matrix: Any, states: Array, spread: float) -> Sector:
    """Return a large sector of a sparse matrix."""
    own = matrix[states][:, states]
    number = float if own.dtype.kind == "f" else complex
    return Sector(HermitianMap(lambda kets: own @ kets, len(states), spread, number), states, own)
