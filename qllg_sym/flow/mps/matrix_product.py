"""Matrix product states in plain arrays: right-canonical tensors with the Schmidt values of every bond."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qllg_sym.errors import InputError, InputTypeError
from qllg_sym.observables.storage import require_memory

Array = NDArray[Any]
LARGEST_PART = 4096     # dimension of a reduced density matrix


@dataclass(frozen=True, eq=False, repr=False)
class MatrixProductState:
    """A pure state Σ B_0[m_0] B_1[m_1] … |m_0 m_1 …⟩ of norm one.

    Attributes:
        tensors: B_i, (l, 2s+1, r), each with Σ_m B[m] B[m]† = 1; m = s, …, −s.
        schmidt: the Schmidt values of the bond left of each site, and of the end, N + 1 arrays.

    >>> ghz = MatrixProductState.from_ket((2, 2), np.array([1, 0, 0, 1]) / 2**0.5)
    >>> ghz.schmidt[1].round(6).tolist(), ghz.bonds
    ([0.707107, 0.707107], (1, 2, 1))
    """

    tensors: tuple[Array, ...]
    schmidt: tuple[Array, ...]

    def __post_init__(self) -> None:
        shapes = [np.shape(tensor) for tensor in self.tensors]
        if not shapes or any(len(shape) != 3 for shape in shapes) or len(self.schmidt) != len(shapes) + 1:
            raise InputError(f"`tensors` must be arrays (l, d, r), one a site, with {len(shapes) + 1} sets of Schmidt "
                             f"values, but are {shapes} with {len(self.schmidt)}; give one a bond and the two ends.")
        bonds = self.bonds
        if any((left, right) != (shape[0], shape[2]) for left, right, shape in
               zip(bonds[:-1], bonds[1:], shapes, strict=True)) or (bonds[0], bonds[-1]) != (1, 1):
            raise InputError(f"`tensors` must fit their Schmidt values, from one to one, but are {shapes} for "
                             f"{bonds}; check the order of legs (l, d, r).")

    @classmethod
    def from_ket(cls, dims: Sequence[int], ket: ArrayLike) -> "MatrixProductState":
        """Return a ket (d,) on these sites, of norm one; values below rounding are dropped.

        Raises:
            InputError: another length.
        """
        rest: Array = np.array(ket, dtype=complex).reshape(-1)
        if rest.size != prod(dims):
            raise InputError(f"`ket` must have {prod(dims)} components, but has {rest.size}; check the sites.")
        tensors, values = list[Array](), [np.ones(1)]
        rest = (rest / np.linalg.norm(rest)).reshape(-1, 1)
        for d in reversed(dims):
            rest = rest.reshape(-1, d * rest.shape[1])
            left, own, right = np.linalg.svd(rest, full_matrices=False)
            kept = own > 1e-15 * own[0]
            tensors.append(right[kept].reshape(int(kept.sum()), d, -1))
            values.append(own[kept] / np.linalg.norm(own[kept]))
            rest = left[:, kept] * own[kept]
        tensors[-1] = tensors[-1] * rest.ravel()[0] / abs(rest.ravel()[0])
        return cls(tuple(reversed(tensors)), tuple(reversed(values)))

    @classmethod
    def product(cls, kets: Sequence[ArrayLike]) -> "MatrixProductState":
        """Return the product of a ket (2s+1,) of norm one a site.

        >>> MatrixProductState.product([[1, 0]] * 100).bonds[:2]
        (1, 1)
        """
        tensors = [np.array(ket, dtype=complex).reshape(1, -1, 1) for ket in kets]
        return cls(tuple(tensors), (np.ones(1),) * (len(tensors) + 1))

    @property
    def dims(self) -> tuple[int, ...]:
        """Dimensions of the sites."""
        return tuple(tensor.shape[1] for tensor in self.tensors)

    @property
    def bonds(self) -> tuple[int, ...]:
        """The bond dimensions, those of the two ends too, N + 1 numbers."""
        return tuple(len(values) for values in self.schmidt)

    def __len__(self) -> int:
        """Return the number of sites."""
        return len(self.tensors)

    def __repr__(self) -> str:
        """Say how large it is."""
        return f"<MatrixProductState: {len(self)} sites, bond dimension {max(self.bonds)}>"

    def ket(self) -> Array:
        """Return the state as a ket, (d,).

        Raises:
            InputError: it would not fit into memory.

        >>> MatrixProductState.product([[0, 1], [1, 0]]).ket().real.tolist()
        [0.0, 0.0, 1.0, 0.0]
        """
        size = prod(self.dims)
        require_memory("ket", (2, size, max(self.bonds)), "ask for `reduced`, `bloch` or `energy`")
        total = np.ones((1, 1), dtype=complex)
        for tensor in self.tensors:
            total = np.tensordot(total, tensor, axes=1).reshape(-1, tensor.shape[2])
        return total.ravel()

    def overlap(self, other: "MatrixProductState") -> complex:
        """Return ⟨other|self⟩.

        Raises:
            InputTypeError: no matrix product state.
            InputError: other sites.

        >>> up = MatrixProductState.product([[1, 0]]); up.overlap(up)
        (1+0j)
        """
        if not isinstance(other, MatrixProductState):
            raise InputTypeError(f"`other` must be a MatrixProductState, but is of type {type(other).__name__}; take "
                                 "one of `states`.")
        if other.dims != self.dims:
            raise InputError(f"`other` must have sites {self.dims}, but has {other.dims}; take the same model.")
        left = np.ones((1, 1), dtype=complex)
        for mine, their in zip(self.tensors, other.tensors, strict=True):
            left = np.tensordot(their.conj(), np.tensordot(left, mine, axes=(1, 0)), axes=((0, 1), (0, 1)))
        return complex(left[0, 0])

    def reduced(self, sites: Sequence[int]) -> Array:
        """Return the density matrix of some sites, in the order given, (e, e).

        Raises:
            InputError: its dimension is beyond LARGEST_PART.

        >>> bell = MatrixProductState.from_ket((2, 2), [0, 1, 0, 0])
        >>> bell.reduced((1,)).real.tolist()
        [[0.0, 0.0], [0.0, 1.0]]
        """
        if (size := prod(self.dims[i] for i in sites)) > LARGEST_PART:
            raise InputError(f"`sites` must have at most {LARGEST_PART} dimensions together, but have {size}; name "
                             "fewer.")
        order = sorted(sites)
        total = self._open(order)
        k = len(order)
        places = [order.index(i) for i in sites]
        moved = total.reshape(2 * [self.dims[i] for i in order]).transpose(*places, *(k + p for p in places))
        return moved.reshape(size, size)

    def _open(self, order: Sequence[int]) -> Array:
        """Return Tr_rest |ψ⟩⟨ψ| with the sites ascending: their indices of the ket, then of the bra."""
        first, last = order[0], order[-1]
        square = np.diag(self.schmidt[first] ** 2).astype(complex)
        left = square.reshape(1, 1, *square.shape)                          # ket indices, bra indices, ket leg, bra leg
        for k in range(first, last + 1):
            tensor = self.tensors[k]
            if k in order:
                a, b, *_ = left.shape
                half = np.tensordot(left, tensor, axes=(2, 0))              # a b l̄ p r
                full = np.tensordot(half, tensor.conj(), axes=(2, 0))       # a b p r p̄ r̄
                left = full.transpose(0, 2, 1, 4, 3, 5).reshape(
                    a * tensor.shape[1], b * tensor.shape[1], tensor.shape[2], tensor.shape[2])
            else:
                half = np.tensordot(left, tensor, axes=(2, 0))
                left = np.tensordot(half, tensor.conj(), axes=((2, 3), (0, 1)))
        return np.trace(left, axis1=2, axis2=3)

    def theta(self, first: int, width: int) -> Array:
        """Return the amplitudes of `width` sites between the Schmidt vectors around, (l, e, r)."""
        total = self.schmidt[first][:, None, None] * self.tensors[first]
        for tensor in self.tensors[first + 1:first + width]:
            joined = np.tensordot(total, tensor, axes=1)
            total = joined.reshape(len(total), -1, tensor.shape[2])
        return total

    @cached_property
    def probabilities(self) -> tuple[Array, ...]:
        """The squared Schmidt values of each inner bond, N − 1 arrays."""
        return tuple(values**2 for values in self.schmidt[1:-1])
