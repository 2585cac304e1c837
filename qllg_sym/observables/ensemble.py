"""The array container of a quantum trajectory: density matrices, or weighted kets."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qllg_sym.errors import InputError
from qllg_sym.observables.sites import check_site
from qllg_sym.observables.storage import require_memory

_BLOCK = 2**25  # bytes of input that an observable works on at a time


@dataclass(frozen=True, init=False, eq=False, repr=False)
class Ensemble:
    r"""States at n times: density matrices, or $\rho(t) = b\,1 + \sum_j w_j |j(t)\rangle\langle j(t)|$.

    The second form is the flow of PRL 133, 266704 (2024), eq. 3, as it is: the spectrum is constant, only kets move.
    Arrays are read-only views of those given; states are not judged here (`flow.initial` does).

    Args:
        dims: dimension 2s + 1 of each site; site 0 is the leftmost tensor factor; d is their product.
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
            "dims": tuple(int(d) for d in dims),
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
        """The dimension d of the whole space."""
        return math.prod(self.dims)

    @property
    def low_rank(self) -> bool:
        """Whether the states are held as weighted kets."""
        return self.kets is not None

    def _held(self) -> NDArray[np.complex128]:
        """Return the array that moves: density matrices or kets."""
        held = self.matrices if self.kets is None else self.kets
        assert held is not None
        return held

    def __len__(self) -> int:
        """Return the number of times."""
        return len(self._held())

    def __getitem__(self, times: slice) -> "Ensemble":
        """Return the states at some of the times, without a copy.

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

    def density(self) -> NDArray[np.complex128]:
        """Return the density matrices.

        Returns:
            Array (n, d, d), dimensionless; read-only where the ensemble holds it.

        Raises:
            InputError: the array is larger than the memory available; the sentence names the GiB needed.
        """
        if self.kets is None or self.weights is None:
            return self._held()
        d = self.dimension
        remedy = "ask for `kets`, `reduced` or `expectation`, or for fewer times"
        require_memory("states", (len(self), d, d), remedy)
        rho: NDArray[np.complex128] = (self.kets * self.weights) @ self.kets.conj().swapaxes(1, 2)
        rho[:, range(d), range(d)] += self.background
        return rho

    def overlaps(self) -> NDArray[np.complex128]:
        """Return the Gram matrices ⟨j(t)|k(t)⟩, (n, r, r), of an ensemble of kets."""
        held = self._held()
        return held.conj().swapaxes(1, 2) @ held

    def trace(self) -> NDArray[np.float64]:
        """Return Tr ρ(t), (n,), dimensionless: 1 but for drift.

        >>> Ensemble((2,), kets=[[[1], [0]]], weights=[0.5], background=0.25).trace().tolist()
        [1.0]
        """
        if self.kets is None:
            traces: NDArray[np.float64] = np.einsum("nii->n", self._held()).real
            return traces
        norms = np.einsum("ndr,ndr->nr", self.kets.conj(), self.kets).real
        return np.asarray(norms @ self.weights + self.background * self.dimension)

    def expectation(self, op: Any) -> NDArray[Any]:
        """Return Tr ρ(t) op, (n,), in the units of op; `observables.expectation` checks op first.

        Args:
            op: matrix (d, d), dense, or sparse with `toarray`.

        >>> Ensemble((2,), kets=[[[1], [0]]], weights=[1]).expectation(np.diag([1, -1])).real.tolist()
        [1.0]
        """
        if self.kets is None:
            dense = op.toarray() if hasattr(op, "toarray") else np.asarray(op)
            values: NDArray[Any] = np.einsum("nij,ji->n", self._held(), dense)
            return values
        n, d, r = self.kets.shape
        columns = self.kets.transpose(1, 0, 2).reshape(d, n * r)
        terms = np.einsum("da,da->a", columns.conj(), op @ columns).reshape(n, r)
        return np.asarray(terms @ self.weights + self.background * op.diagonal().sum())

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
        kept = [check_site(site, len(self.dims), "sites") for site in sites]
        if not kept or len(set(kept)) < len(kept):
            raise InputError(f"`sites` must name different sites, at least one, but is {tuple(kept)}; write (0, 1).")
        order = kept + [k for k in range(len(self.dims)) if k not in kept]
        size = math.prod(self.dims[k] for k in kept)
        require_memory("reduced", (len(self), size, size), "ask for fewer sites")
        return np.concatenate([_reduce(block, order, size) for block in self.blocks()])


def _reduce(block: Ensemble, order: list[int], size: int) -> NDArray[np.complex128]:
    """Trace out all sites but the first ones of `order`, whose dimensions have the product `size`."""
    dims, rest, n, rows = block.dims, block.dimension // size, len(block), [1 + k for k in order]
    if block.kets is None or block.weights is None:
        columns = [len(order) + row for row in rows]
        tensor = block.density().reshape(n, *dims, *dims).transpose(0, *rows, *columns)
        return np.asarray(np.trace(tensor.reshape(n, size, rest, size, rest), axis1=2, axis2=4))
    r = len(block.weights)
    tensor = block.kets.reshape(n, *dims, r).transpose(0, *rows, len(order) + 1).reshape(n, size, rest, r)
    left, right = (tensor * block.weights).reshape(n, size, rest * r), tensor.reshape(n, size, rest * r)
    rho: NDArray[np.complex128] = left @ right.conj().swapaxes(1, 2)
    rho[:, range(size), range(size)] += block.background * rest
    return rho


def _frozen(values: ArrayLike, dtype: Any) -> NDArray[Any]:
    """Return a read-only array of the values, a view where no conversion is needed."""
    array = np.asarray(values, dtype=dtype).view()
    array.setflags(write=False)
    return array
