r"""Sums of strings of site operators as matrix product operators in plain arrays, as narrow as they can be.

At each cut the coefficients of the strings that cross it are a matrix C, left parts × right parts, of which the rank is
what any operator needs. With C = U·R a left part of the next cut is one of this cut and one letter more, so that
the tensors are U† times the rows of the next U with this letter.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow.mps.matrix_product import MatrixProductState
from qllg_sym.observables.storage import require_memory

Array = NDArray[Any]
Letters = tuple[int, ...]               # the number of a site's operator for each site, 0 for 1


@dataclass(frozen=True)
class MatrixProductOperator:
    """H = Σ c · A ⊗ B ⊗ ….

    Attributes:
        tensors: W_i, (l, r, d, d); in channel 0 nothing began yet, in the last one all is done.
    """

    tensors: tuple[Array, ...]

    def mean(self, psi: MatrixProductState) -> float:
        """Return ⟨H⟩ in a state of norm one."""
        return float(self._means(psi)[0])

    def variance(self, psi: MatrixProductState) -> float:
        """Return ⟨H²⟩ − ⟨H⟩²; what each site adds to the mean is taken off first, so that nothing large cancels."""
        shifts, right = -np.diff(self._means(psi)), np.zeros((1, 2, 2, 1), dtype=complex)
        right[0, 1, 1, 0] = 1
        for tensor, own, shift in reversed(list(zip(psi.tensors, self.tensors, shifts, strict=True))):
            require_memory("⟨H²⟩", (2, len(tensor), len(own), len(own), len(tensor)), "give a smaller bond dimension")
            centred = own.copy()
            centred[0, -1] -= shift * np.eye(own.shape[2])
            once = np.tensordot(np.tensordot(right, tensor, axes=(3, 2)), centred, axes=((2, 4), (1, 3)))   # a w b v p
            twice = np.tensordot(once, centred.conj(), axes=((1, 4), (1, 2)))                               # a b v w q
            right = np.tensordot(tensor.conj(), twice, axes=((1, 2), (4, 0))).transpose(0, 3, 2, 1)
        return max(float(right[0, 0, 0, 0].real), 0.0)

    def _means(self, psi: MatrixProductState) -> Array:
        """Return ⟨H⟩ of the strings that begin at each site or right of it, (N + 1,)."""
        right, found = np.zeros((1, 2, 1), dtype=complex), [0.0]
        right[0, 1, 0] = 1
        for tensor, own, values in reversed(list(zip(psi.tensors, self.tensors, psi.schmidt[:-1], strict=True))):
            once = np.tensordot(np.tensordot(right, tensor, axes=(2, 2)), own, axes=((1, 3), (1, 3)))   # a b v p
            right = np.tensordot(tensor.conj(), once, axes=((1, 2), (3, 0))).transpose(0, 2, 1)
            found.append(float(np.sum(right[:, 0].diagonal().real * values**2)))
        return np.array(found[::-1])


class OperatorStrings:
    """What does not change where only the coefficients of strings do.

    Args:
        strings: different ones.
        dims: of the sites.
        letter: the operator of a site by its number.

    >>> z, psi = np.diag([1.0, -1.0]), MatrixProductState.product([[1, 0], [0.6, 0.8], [0, 1]])
    >>> strings = OperatorStrings([(1, 0, 1), (0, 1, 0)], (2, 2, 2), lambda i, k: z if k else np.eye(2))
    >>> total = strings.at(np.array([0.5, 2]))
    >>> round(total.mean(psi), 12), round(total.variance(psi), 12)
    (-1.06, 3.6864)
    """

    def __init__(self, strings: Sequence[Letters], dims: Sequence[int], letter: Callable[[int, int], Array]) -> None:
        self._strings, self._dims, self._letter = list(strings), tuple(dims), letter
        self._cuts = [_CrossedBond(self._strings, k) for k in range(len(dims) + 1)]
        self._single = [[(s, string[i]) for s, string in enumerate(self._strings)
                         if string[i] and sum(map(bool, string)) == 1] for i in range(len(dims))]

    def at(self, coefficients: Array) -> MatrixProductOperator:
        """Return the operator for coefficients, one a string."""
        halves = [cut.factors(coefficients) for cut in self._cuts]
        tensors = []
        for i, d in enumerate(self._dims):
            left, right = halves[i][0].shape[1] + 2, halves[i + 1][0].shape[1] + 2
            tensor = np.zeros((left, right, d, d), dtype=complex)
            tensor[0, 0] = tensor[-1, -1] = np.eye(d)
            for k, block in self._blocks(i, halves, coefficients).items():
                tensor[:-1, 1:] += block[:, :, None, None] * self._letter(i, k)
            tensors.append(tensor)
        return MatrixProductOperator(tuple(tensors))

    def _blocks(self, i: int, halves: Sequence[tuple[Array, Array]], coefficients: Array) -> dict[int, Array]:
        """Return what multiplies each letter of a site, (1 + open channels on the left, open ones on the right + 1)."""
        (u, rest), (after, _), found = halves[i], halves[i + 1], dict[int, Array]()
        shape, lefts = (u.shape[1] + 1, after.shape[1] + 1), self._cuts[i].lefts
        for part, row in self._cuts[i + 1].lefts.items():
            block = found.setdefault(part[-1], np.zeros(shape, dtype=complex))
            if any(part[:-1]):
                block[1:, :-1] += np.outer(u[lefts[part[:-1]]].conj(), after[row])
            else:
                block[0, :-1] += after[row]
        for part, column in self._cuts[i].rights.items():
            if not any(part[1:]):
                found.setdefault(part[0], np.zeros(shape, dtype=complex))[1:, -1] += rest[:, column]
        for s, k in self._single[i]:
            found.setdefault(k, np.zeros(shape, dtype=complex))[0, -1] += coefficients[s]
        return found


class _CrossedBond:
    """The strings that cross the bond left of site k."""

    def __init__(self, strings: Sequence[Letters], k: int) -> None:
        crossing = [s for s, string in enumerate(strings) if any(string[:k]) and any(string[k:])]
        self.lefts = _numbered([strings[s][:k] for s in crossing])
        self.rights = _numbered([strings[s][k:] for s in crossing])
        self._crossing = np.array(crossing, dtype=int)
        self._rows = np.array([self.lefts[strings[s][:k]] for s in crossing], dtype=int)
        self._columns = np.array([self.rights[strings[s][k:]] for s in crossing], dtype=int)

    def factors(self, coefficients: Array) -> tuple[Array, Array]:
        """Return U and R, with U·R the matrix of coefficients and U†U = 1."""
        matrix = np.zeros((len(self.lefts), len(self.rights)))
        matrix[self._rows, self._columns] = coefficients[self._crossing]
        if not matrix.size:
            return np.zeros((0, 0)), np.zeros((0, 0))
        u, values, v = np.linalg.svd(matrix, full_matrices=False)
        rank = int(np.sum(values > np.finfo(float).eps * max(matrix.shape) * values[0]))
        return u[:, :rank], values[:rank, None] * v[:rank]


def _numbered(parts: Sequence[Letters]) -> dict[Letters, int]:
    """Number different parts in the order in which they come."""
    return {part: k for k, part in enumerate(dict.fromkeys(parts))}
