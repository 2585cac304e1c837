"""The field of all dipoles of a regular lattice, as a convolution by FFT."""

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from qllg_sym.flow.threads import available_cores
from qllg_sym.geometry.dipoles import dipole_tensors
from qllg_sym.geometry.grid import Geometry
from qllg_sym.memo import kept
from qllg_sym.model.dipolar import Dipoles
from qllg_sym.observables.storage import require_memory

Array = NDArray[np.float64]
PARTS = ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))        # of a symmetric tensor
COPIES = 16                     # complex grids that are held at once


class DipoleField:
    """−Σ_j D_ij v_j of vectors v on some sites of a lattice.

    Open directions are padded with as many empty cells, so that no image is met; closed ones are not.

    Args:
        geometry: the lattice.
        sites: where the vectors are, (n,).

    Raises:
        InputError: the grid does not fit into memory.

    >>> from qllg_sym.geometry.grid import grid
    >>> chain = DipoleField(grid((2,), (1, 0, 0), (False,)), np.array([0, 1]))
    >>> round(float(chain.of(np.array([[1.0, 0.0], [0, 0], [0, 0]]))[0, 1]), 12)
    2.0
    """

    def __init__(self, geometry: Geometry, sites: NDArray[np.intp]) -> None:
        self._shape = geometry.shape[::-1]              # the first direction runs fastest
        sizes = [n if ring else fft.next_fast_len(2 * n - 1, real=True)
                 for n, ring in zip(geometry.shape, geometry.periodic, strict=True)]
        self._sizes, self._sites = tuple(sizes[::-1]), sites
        require_memory("dipolar", (COPIES, *self._sizes), "take a smaller lattice")
        steps = [_steps(n, size, ring) for n, size, ring in zip(geometry.shape, sizes, geometry.periodic, strict=True)]
        places = np.stack(np.meshgrid(*(place for place, _ in steps[::-1]), indexing="ij"), axis=-1).reshape(
            -1, len(steps))
        moves = np.stack(np.meshgrid(*(step for _, step in steps), indexing="ij"), axis=-1)
        moves = moves.transpose(*range(len(steps))[::-1], len(steps)).reshape(-1, len(steps))
        tensors = dipole_tensors(geometry, moves @ geometry.primitive)
        self._kernel = {part: self._transform(places, tensors[:, part[0], part[1]]) for part in PARTS}

    def of(self, vectors: Array) -> Array:
        """Return the field on the sites, (3, n), of vectors on them."""
        axes = tuple(range(len(self._sizes)))
        waves = []
        for row in vectors:
            whole = np.zeros(int(np.prod(self._shape)))
            whole[self._sites] = row
            waves.append(fft.rfftn(whole.reshape(self._shape), self._sizes, axes=axes, workers=available_cores()))
        inside = tuple(slice(0, n) for n in self._shape)
        found = np.empty_like(vectors)
        for k in range(3):
            total = np.zeros_like(waves[0])
            for n in range(3):
                total += self._kernel[min(k, n), max(k, n)] * waves[n]
            field = fft.irfftn(total, self._sizes, axes=axes, workers=available_cores())
            found[k] = -field[inside].ravel()[self._sites]
        return found

    def _transform(self, places: NDArray[np.intp], values: Array) -> NDArray[np.complex128]:
        """The waves of what stands at some places of the padded grid."""
        whole = np.zeros(self._sizes)
        whole[tuple(places.T)] = values
        found: NDArray[np.complex128] = fft.rfftn(whole, workers=available_cores())
        return found


def _steps(n: int, size: int, ring: bool) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Places in a padded row, and the displacements in cells that stand there."""
    steps = np.arange(n) if ring else np.concatenate([np.arange(n), np.arange(-(n - 1), 0)])
    return steps % size, steps


@kept
def convolution_of(dipoles: Dipoles, sites: tuple[int, ...]) -> DipoleField:
    """Return the field of a term on some sites, made once."""
    return DipoleField(dipoles.geometry, np.array(sites, dtype=np.intp))
