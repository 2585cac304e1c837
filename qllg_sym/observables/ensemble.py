"""The array container of a quantum trajectory: density matrices, or weighted kets."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qllg_sym.algebra.ring_sector import RingSector
from qllg_sym.algebra.sector import AnySector, SectorDimensions, SpinSector, sector_of
from qllg_sym.errors import InputError
from qllg_sym.observables import ring_states, sector_states
from qllg_sym.observables.operators import LinearMap, trace_of
from qllg_sym.observables.sites import check_sites
from qllg_sym.observables.storage import require_memory

_BLOCK = 2**20  # bytes of input that an observable works on at a time: one state at least, however large


@dataclass(frozen=True, init=False, eq=False, repr=False)
class Ensemble:
    r"""States at n times: density matrices, or $\rho(t) = b\,1 + \sum_j w_j |j(t)\rangle\langle j(t)|$.

    The second form is the flow of PRL 133, 266704 (2024), eq. 3, as it is: the spectrum is constant, only kets move.
    Arrays are read-only views of those given; states are not judged here (`flow.states.initial` does).

    Args:
        dims: dimension 2s + 1 of each site; site 0 is the leftmost tensor factor; d is their product. Those of a sector
            of total S_z know it (`Space.dimensions`), and d is how many kets it has.
        density: density matrices, (n, d, d), dimensionless.
        kets: columns |j(t)⟩, (n, d, r), not necessarily orthogonal.
        weights: w, (r,), of either sign.
        background: b.

    Raises:
        InputError: neither or both forms are given, or a shape does not fit.

    >>> up = Ensemble((2,), kets=[[[1], [0]]], weights=[1])
    >>> up.density()[0].real.tolist()
    [[1.0, 0.0], [0.0, 0.0]]
    """

    dims: tuple[int, ...]
    matrices: NDArray[np.complex128] | None
    kets: NDArray[np.complex128] | None
    weights: NDArray[np.float64] | None
    background: float

    def __init__(
        self,
        dims: Iterable[int],
        density: ArrayLike | None = None,
        kets: ArrayLike | None = None,
        weights: ArrayLike | None = None,
        background: float = 0.0,
    ) -> None:
        """Keep read-only views of the arrays; see the class for the arguments."""
        if (density is None) == (kets is None) or (kets is None) != (weights is None):
            raise InputError("`density` or `kets` with `weights` must be given, but not both; give one form.")
        values: dict[str, Any] = {
            "dims": dims if isinstance(dims, SectorDimensions) else tuple(int(d) for d in dims),
            "matrices": None if density is None else _frozen(density, np.complex128),
            "kets": None if kets is None else _frozen(kets, np.complex128),
            "weights": None if weights is None else _frozen(weights, np.float64),
            "background": float(background),
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)
        self._check()

    def _check(self) -> None:
        """Refuse arrays whose shapes do not fit together."""
        d = self.dimension
        if not self.dims or min(self.dims) < 2:
            raise InputError(f"`dims` must hold a dimension of at least 2 a site, but is {self.dims}; write (2, 2).")
        if self.matrices is not None:
            if self.matrices.ndim != 3 or self.matrices.shape[1:] != (d, d):
                raise InputError(f"`density` must have shape (n, {d}, {d}), not {self.matrices.shape}; add an axis.")
            if self.background != 0.0:
                raise InputError(f"`background` goes with `kets` alone, but is {self.background}; leave it out.")
        elif self.kets is not None and self.weights is not None:
            if self.kets.ndim != 3 or self.kets.shape[1] != d:
                raise InputError(f"`kets` must have shape (n, {d}, r), but has {self.kets.shape}; kets are columns.")
            if self.weights.shape != self.kets.shape[2:]:
                count = self.kets.shape[2]
                raise InputError(f"`weights` must have shape ({count},), but has {self.weights.shape}; give one a ket.")

    @property
    def dimension(self) -> int:
        """The dimension d of the whole space, or of the sector."""
        return math.prod(self.dims) if self.sector is None else self.sector.dimension

    @property
    def sector(self) -> AnySector | None:
        """The sector of total S_z, and wave number, that the states belong to; None for the whole space."""
        return sector_of(self.dims)

    @property
    def low_rank(self) -> bool:
        """Whether the states are held as weighted kets."""
        return self.kets is not None

    @property
    def weighted(self) -> tuple[NDArray[np.complex128], NDArray[np.float64]] | None:
        """Kets (n, d, r) with their weights (r,), or None where density matrices are held."""
        return None if self.kets is None or self.weights is None else (self.kets, self.weights)

    def _held(self) -> NDArray[np.complex128]:
        """Return the array that moves: density matrices or kets."""
        held = self.matrices if self.kets is None else self.kets
        assert held is not None
        return held

    def __len__(self) -> int:
        """Return the number of times."""
        return len(self._held())

    def __getitem__(self, times: slice | NDArray[np.intp]) -> "Ensemble":
        """Return the states at some of the times, of a slice without a copy.

        >>> len(Ensemble((2,), density=np.zeros((5, 2, 2)))[1:3])
        2
        """
        if self.kets is None:
            return Ensemble(self.dims, density=self._held()[times])
        return Ensemble(self.dims, kets=self.kets[times], weights=self.weights, background=self.background)

    def __repr__(self) -> str:
        """Say what is held."""
        form = "density matrices" if self.weights is None else f"{len(self.weights)} weighted kets"
        return f"Ensemble(dims={self.dims}, {len(self)} times, {form})"

    def blocks(self) -> Iterator["Ensemble"]:
        """Yield the ensemble in pieces that are small in memory, in order of time."""
        held = self._held()
        step = max(1, _BLOCK // max(held[:1].nbytes, 1))
        for start in range(0, max(len(held), 1), step):
            yield self[start : start + step]

    def unfolded_blocks(self) -> Iterator["Ensemble"]:
        """Yield the same; states of one wave number on all product states of their total S_z."""
        if not isinstance(self.sector, RingSector):
            yield from self.blocks()
            return
        size = SpinSector(self.sector.sites, self.sector.down).dimension
        width = self._held().shape[2] if self.low_rank and not self.background else size
        step = max(1, _BLOCK // (16 * size * width))
        for start in range(0, max(len(self), 1), step):
            yield self[start : start + step].unfolded()

    def density(self) -> NDArray[np.complex128]:
        """Return the density matrices.

        Returns:
            Array (n, d, d), dimensionless; read-only where the ensemble holds it.

        Raises:
            InputError: the array is larger than the memory available; the sentence names the GiB needed.
        """
        if self.weighted is None:
            return self._held()
        (kets, weights), d = self.weighted, self.dimension
        remedy = "ask for `kets`, `profile`, `reduced` or `expectation`, or for fewer times"
        require_memory("states", (len(self), d, d), remedy)
        rho: NDArray[np.complex128] = (kets * weights) @ kets.conj().swapaxes(1, 2)
        rho[:, range(d), range(d)] += self.background
        return rho

    def smaller(self) -> "Ensemble":
        """Return the same states in the form that takes less work to reduce: as matrices where kets are about as large.

        >>> full = Ensemble((2, 2), kets=np.eye(4)[None], weights=[0.4, 0.3, 0.2, 0.1])
        >>> full.smaller().low_rank, Ensemble((2, 2), kets=np.eye(4)[None, :, :1], weights=[1]).smaller().low_rank
        (False, True)
        """
        if self.weights is None or self.sector is not None or 2 * len(self.weights) < self.dimension:
            return self
        return Ensemble(self.dims, density=self.density())

    def unfolded(self) -> "Ensemble":
        """Return states of one wave number on all product states of their total S_z; others as they are.

        Raises:
            InputError: they are larger than the memory available.

        >>> one = Ensemble(SectorDimensions(RingSector(2, 1, 1)), kets=[[[1]]], weights=[1])
        >>> one.unfolded().kets[0, :, 0].real.round(3).tolist()
        [0.707, -0.707]
        """
        if not isinstance(sector := self.sector, RingSector):
            return self
        own = SpinSector(sector.sites, sector.down)
        dims, held, low_rank = SectorDimensions(own), self._held(), self.low_rank and not self.background
        shape = len(held), own.dimension, held.shape[2] if low_rank else own.dimension
        require_memory("states", shape, "ask for `energy` or `purity`, or for fewer times")
        if low_rank:
            kets = ring_states.unfolded(sector, held.swapaxes(0, 1)).swapaxes(0, 1)
            return Ensemble(dims, kets=kets, weights=self.weights)
        half = ring_states.unfolded(sector, self.density().swapaxes(0, 1))
        found = ring_states.unfolded(sector, half.conj().swapaxes(0, 2)).conj()
        return Ensemble(dims, density=found.transpose(1, 2, 0))

    def whole(self) -> "Ensemble":
        """Return the states of a sector on the whole space of all sites; those of the whole space as they are.

        Raises:
            InputError: they are larger than the memory available.

        >>> one = Ensemble(SectorDimensions(SpinSector(2, 1)), kets=[[[1], [0]]], weights=[1])
        >>> one.whole().kets[0, :, 0].real.tolist()
        [0.0, 1.0, 0.0, 0.0]
        """
        if self.sector is None:
            return self
        if isinstance(self.sector, RingSector):
            return self.unfolded().whole()
        held, size = self._held(), 2**self.sector.sites
        shape = (len(held), size, held.shape[2] if self.low_rank and not self.background else size)
        require_memory("states", shape, "ask for `reduced`, `bloch` or `correlation`")
        at = sector_states.all_numbers(self.sector.sites, self.sector.down)
        found = np.zeros(shape, dtype=np.complex128)
        if self.low_rank and not self.background:
            found[:, at] = held
            return Ensemble((2,) * self.sector.sites, kets=found, weights=self.weights)
        found[:, at[:, None], at] = self.density()
        return Ensemble((2,) * self.sector.sites, density=found)

    def overlaps(self) -> NDArray[np.complex128]:
        """Return the Gram matrices ⟨j(t)|k(t)⟩, (n, r, r), of an ensemble of kets."""
        held = self._held()
        return held.conj().swapaxes(1, 2) @ held

    def trace(self) -> NDArray[np.float64]:
        """Return Tr ρ(t), (n,), dimensionless: 1 but for drift.

        >>> Ensemble((2,), kets=[[[1], [0]]], weights=[0.5], background=0.25).trace().tolist()
        [1.0]
        """
        if self.weighted is None:
            traces: NDArray[np.float64] = np.einsum("nii->n", self._held()).real
            return traces
        kets, weights = self.weighted
        norms = np.vecdot(kets.swapaxes(1, 2), kets.swapaxes(1, 2)).real
        return np.asarray(norms @ weights + self.background * self.dimension)

    def along_z(self) -> NDArray[np.float64]:
        """Return ⟨σ_z⟩ of every site, (n, N), of states of a sector, which have no other mean of a spin.

        >>> Ensemble(SectorDimensions(SpinSector(2, 1)), kets=[[[1], [0]]], weights=[1]).along_z().tolist()
        [[1.0, -1.0]]
        """
        sector, found = self.sector, []
        if isinstance(sector, RingSector):
            return np.outer(self.trace(), np.full(sector.sites, float(2 * sector.magnetisation / sector.sites)))
        assert sector is not None
        for k in range(len(self)):
            state = self[k : k + 1]
            if state.weighted is None:
                p = np.einsum("ii->i", state.density()[0]).real
            else:
                kets, weights = state.weighted
                p = sum((w * np.abs(kets[0, :, j]) ** 2 for j, w in enumerate(weights)), np.zeros(sector.dimension))
                p += self.background
            found.append(sector_states.mean_signs(sector, p))
        return np.array(found).reshape(len(self), sector.sites)

    def expectation(self, op: LinearMap) -> NDArray[Any]:
        """Return Tr ρ(t) op, (n,), in the units of op; `observables.expectation` checks op first.

        Args:
            op: (d, d), anything with `@`: array, sparse matrix, or an operator without a matrix.

        >>> Ensemble((2,), kets=[[[1], [0]]], weights=[1]).expectation(np.diag([1, -1])).real.tolist()
        [1.0]
        """
        return np.concatenate([_expectation(block, op) for block in self.blocks()])

    def reduced(self, sites: Sequence[int]) -> NDArray[np.complex128]:
        """Return the reduced density matrices of some sites, never building a d × d matrix when kets are held.

        Args:
            sites: different site numbers; the factors of the result are in the order given.

        Returns:
            Array (n, e, e), e the product of the dimensions of `sites`, dimensionless.

        Raises:
            InputError: a site does not exist or is named twice.

        >>> bell = Ensemble((2, 2), kets=[[[0.0], [0.5**0.5], [0.5**0.5], [0.0]]], weights=[1])
        >>> bell.reduced((0,))[0].real.round(12).tolist()
        [[0.5, 0.0], [0.0, 0.5]]
        """
        kept = check_sites(sites, len(self.dims))
        size = self.size_of(kept)
        require_memory("reduced", (len(self), size, size), "ask for fewer sites")
        return np.concatenate([_reduce(block, kept) for block in self.unfolded_blocks()])

    def size_of(self, sites: Sequence[int]) -> int:
        """Return the product of the dimensions of some sites.

        >>> Ensemble((2, 3), density=np.eye(6)[None] / 6).size_of((1,))
        3
        """
        return math.prod(self.dims[k] for k in sites)

    def cut(self, sites: Sequence[int]) -> NDArray[np.complex128]:
        """Return kets with the indices of some sites first, (n, size of these, size of the rest, r), a copy.

        >>> up_down = Ensemble((2, 2), kets=[[[0], [1], [0], [0]]], weights=[1])
        >>> up_down.cut((1,))[0, :, :, 0].real.tolist()
        [[0.0, 0.0], [1.0, 0.0]]
        """
        if self.sector is not None:
            return self.whole().cut(sites)
        order = [*sites, *(k for k in range(len(self.dims)) if k not in sites)]
        held, size = self._held(), self.size_of(sites)
        r = held.shape[2]
        tensor = held.reshape(len(held), *self.dims, r).transpose(0, *(1 + k for k in order), len(order) + 1)
        return tensor.reshape(len(held), size, self.dimension // size, r)

    def sector_blocks(self, sites: Sequence[int]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.complex128]]]:
        """Yield states of some sites of one S_z, as numbers, and the states of a sector cut accordingly.

        Yields:
            The numbers (a,); kets (n, a, b, r), or density matrices (n, a, b, a, b), b states of the rest.

        >>> one = Ensemble(SectorDimensions(SpinSector(2, 1)), kets=[[[1], [0]]], weights=[1])
        >>> [(states.tolist(), part.ravel().real.tolist()) for states, part in one.sector_blocks((0,))]
        [([0], [1.0]), ([1], [0.0])]
        """
        sector, held = self.sector, self._held()
        assert isinstance(sector, SpinSector)
        places, cut = sector_states.places(sector, sites), np.empty_like(held)
        if self.low_rank:
            cut[:, places] = held
        else:
            cut[:, places[:, None], places] = held
        for ones, start, rows, columns in sector_states.cut_shapes(sector, len(sites)):
            own, shape = slice(start, start + rows * columns), (len(held), rows, columns)
            part = cut[:, own].reshape(*shape, -1) if self.low_rank else cut[:, own, own].reshape(*shape, rows, columns)
            yield sector_states.numbers_with(len(sites), ones), part


def _reduce(block: Ensemble, kept: tuple[int, ...]) -> NDArray[np.complex128]:
    """Trace out all sites but some."""
    if isinstance(block.sector, SpinSector):
        return _reduce_sector(block, block.sector, kept)
    dims, size = block.dims, block.size_of(kept)
    rest, count = block.dimension // size, len(dims)
    if block.weighted is None:
        rows = [1 + k for k in (*kept, *(k for k in range(count) if k not in kept))]
        tensor = block.density().reshape(-1, *dims, *dims).transpose(0, *rows, *(count + row for row in rows))
        return np.asarray(np.trace(tensor.reshape(-1, size, rest, size, rest), axis1=2, axis2=4))
    kets, weights = block.weighted
    rho = np.zeros((len(block), size, size), dtype=np.complex128)
    step = max(1, _BLOCK // max(kets[:, :, :1].nbytes, 1))  # copies of many large kets would fill the memory
    for start in range(0, len(weights), step):
        w = weights[start : start + step]
        part = Ensemble(dims, kets=kets[:, :, start : start + step], weights=w).cut(kept)
        left, right = (part * w).reshape(-1, size, rest * len(w)), part.conj().reshape(-1, size, rest * len(w))
        rho += left @ right.swapaxes(1, 2)
    rho[:, range(size), range(size)] += block.background * rest
    return rho


def _reduce_sector(block: Ensemble, sector: SpinSector, kept: tuple[int, ...]) -> NDArray[np.complex128]:
    """Trace out all sites but some of states of a sector: blocks of the kept sites' own S_z."""
    rho = np.zeros((len(block), block.size_of(kept), block.size_of(kept)), dtype=np.complex128)
    for states, part in block.sector_blocks(kept):
        if block.weights is None:
            rho[:, states[:, None], states] = np.trace(part, axis1=2, axis2=4)
            continue
        left, right = ((x.reshape(len(x), len(states), -1)) for x in (part * block.weights, part.conj()))
        rho[:, states[:, None], states] = left @ right.swapaxes(1, 2)
        rho[:, states, states] += block.background * part.shape[2]
    return rho


def _expectation(block: Ensemble, op: LinearMap) -> NDArray[Any]:
    """Return Tr ρ op at a few times: b Tr op + Σ w_j ⟨j|op|j⟩ with kets."""
    if block.weighted is None:
        if isinstance(op, np.ndarray):
            return np.asarray(np.einsum("nij,ji->n", block.density(), op))
        return np.array([np.trace(op @ rho) for rho in block.density()], dtype=np.complex128)
    kets, weights = block.weighted
    n, d, r = kets.shape
    columns = kets.transpose(1, 0, 2).reshape(d, n * r)
    terms = np.vecdot(columns.T, (op @ columns).T).reshape(n, r) @ weights
    return np.asarray(terms + block.background * trace_of(op) if block.background else terms)


def _frozen(values: ArrayLike, dtype: type[np.generic]) -> NDArray[Any]:
    """Return a read-only array of the values, a view where no conversion is needed."""
    array = np.asarray(values, dtype=dtype).view()
    array.setflags(write=False)
    return array
