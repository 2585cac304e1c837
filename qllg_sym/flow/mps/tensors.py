"""A matrix product state that gates move: exact orthogonality at every truncation.

Gates of q-LLG are not unitary and would spoil a canonical form. Here the orthogonality centre goes with the gate, so
that each truncation drops what is smallest of the whole state, and nothing has to be restored afterwards. Tensors are
plain arrays; what costs most, their factors, is found in sectors of total S_z where that is kept.
"""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qllg_sym.flow.mps.charged_factors import (
    Factored,
    Factors,
    combined_charges,
    factors_by_charge,
    left_orthogonal,
    right_orthogonal,
    singular,
)
from qllg_sym.flow.mps.matrix_product import MatrixProductState
from qllg_sym.flow.mps.starts import bond_charges

Array = NDArray[Any]
NARROWEST = 1e-15       # Schmidt values below it are rounding


class Tensors:
    """The tensors of a state, (l, d, r), and the site that is their orthogonality centre: the first or last.

    Args:
        state: right-canonical.
        charges: 2m of every basis state of each site where total S_z is kept; empty where it is not.
        bond: largest bond dimension.
        cut: the weight that one truncation may discard.

    Attributes:
        discarded: the sum of the discarded weights ε at each bond, (N − 1,).
        amplitudes: the sum of their roots √ε, (N − 1,): losses that add up in one direction are so large.

    Raises:
        ArithmeticError: by `sweep`, numbers that are not finite.
    """

    def __init__(self, state: MatrixProductState, charges: Sequence[Sequence[int]], bond: int, cut: float) -> None:
        self._bond, self._cut = bond, cut
        self._sites = [np.asarray(tensor, dtype=complex) for tensor in state.tensors]
        bonds = bond_charges(state) if charges else None
        self._charges = [np.array(own) for own in charges or [[0] * d for d in state.dims]]
        self._bonds = [np.array(own) for own in bonds or [[0] * size for size in state.bonds]]
        self._centre, (self.discarded, self.amplitudes) = 0, np.zeros((2, len(self._sites) - 1))

    def __len__(self) -> int:
        """Return the number of sites."""
        return len(self._sites)

    def gate(self, matrix: ArrayLike, first: int, width: int) -> Array:
        """Return a gate on the sites from `first` as a matrix."""
        size = prod(tensor.shape[1] for tensor in self._sites[first:first + width])
        return np.asarray(matrix, dtype=complex).reshape(size, size)

    def sweep(self, gates: Mapping[int, Array], width: int) -> None:
        """Apply gates, by their first site, from the end where the centre is to the other one.

        Of gates on more than two sites there must be one for every window.
        """
        (self._to_right if self._centre == 0 else self._to_left)(gates, width)

    def _to_right(self, gates: Mapping[int, Array], w: int) -> None:
        """Apply gates from left to right."""
        n, sites = len(self._sites), self._sites
        block = joined_tensors(sites[:w - 1])
        for i in range(n - w + 1):
            if i in gates:
                theta = np.matmul(gates[i], joined_tensors([block, sites[i + w - 1]]))
                sites[i], block = self._halves(theta, i, i + w, i + 1, True)
            else:
                self._sites[i] = block
                self._pass_on(i, True)
                block = sites[i + 1]
        for i in range(n - w + 1, n - 1):
            sites[i], block = self._halves(block, i, n, i + 1, True)
        sites[n - 1], self._centre = block, n - 1

    def _to_left(self, gates: Mapping[int, Array], w: int) -> None:
        """Apply gates from right to left."""
        n, sites = len(self._sites), self._sites
        block = joined_tensors(sites[n - w + 1:])
        for i in range(n - w, -1, -1):
            if i in gates:
                theta = np.matmul(gates[i], joined_tensors([sites[i], block]))
                block, sites[i + w - 1] = self._halves(theta, i, i + w, i + w - 1, False)
            else:
                self._sites[i + 1] = block
                self._pass_on(i + 1, False)
                block = sites[i]
        for stop in range(w - 1, 1, -1):
            block, sites[stop - 1] = self._halves(block, 0, stop, stop - 1, False)
        sites[0], self._centre = block, 0

    def _pass_on(self, i: int, right: bool) -> None:
        """Move the orthogonality centre to the next site, if there is one."""
        sites = self._sites
        if right and i + 1 < len(sites):
            found = self._factored(sites[i], i, i + 1, i + 1, left_orthogonal)
            sites[i] = found.left.reshape(*sites[i].shape[:2], -1)
            sites[i + 1] = np.tensordot(found.right, sites[i + 1], axes=1)
        elif not right and i > 0:
            found = self._factored(sites[i], i, i + 1, i, right_orthogonal)
            sites[i] = found.right.reshape(-1, *sites[i].shape[1:])
            sites[i - 1] = np.tensordot(sites[i - 1], found.left, axes=1)

    def _halves(self, theta: Array, first: int, stop: int, at: int, right: bool) -> tuple[Array, Array]:
        """Split sites first … stop − 1 before the site `at` and truncate; the right or the left half is the centre."""
        found = self._truncated(self._factored(theta, first, stop, at, singular), at - 1)
        self._bonds[at] = found.charges
        left = found.left if right else found.left * found.values
        rest = found.values[:, None] * found.right if right else found.right
        return left.reshape(len(theta), -1, len(found.values)), rest.reshape(len(found.values), -1, theta.shape[-1])

    def _factored(self, theta: Array, first: int, stop: int, at: int, factors: Factors) -> Factored:
        """Return the factors of sites first … stop − 1 as a matrix, the sites before `at` its rows."""
        rows = combined_charges([self._bonds[first], *self._charges[first:at]])
        columns = combined_charges([*(-own for own in self._charges[at:stop]), self._bonds[stop]])
        found = factors_by_charge(theta.reshape(len(rows), len(columns)), rows, columns, factors)
        self._bonds[at] = found.charges
        return found

    def _truncated(self, found: Factored, bond: int) -> Factored:
        """Return the singular vectors and values that are kept, of norm one."""
        norm = np.linalg.norm(found.values)
        if not 0 < norm < np.inf:
            raise ArithmeticError("its numbers are not finite")
        values = found.values / norm
        order = np.argsort(values)
        weights = np.cumsum(values[order]**2)
        gone = max(len(values) - self._bond, int(np.sum(values < NARROWEST)),
                   int(np.searchsorted(weights, self._cut, side="right")))
        gone = min(gone, len(values) - 1)
        if gone > 0:
            self.discarded[bond] += weights[gone - 1]
            self.amplitudes[bond] += np.sqrt(weights[gone - 1])
        kept = found.only(np.sort(order[max(gone, 0):]))
        return Factored(kept.left, kept.values / np.linalg.norm(kept.values), kept.right, kept.charges)

    def state(self) -> MatrixProductState:
        """Return the state, canonical."""
        if self._centre:
            self.sweep({}, 2)
        moving, charges, inner, values = self._sites[0], self._bonds[0], list[Array](), [np.ones(1)]
        for k, tensor in enumerate(self._sites[1:]):
            rows = combined_charges([charges, self._charges[k]])
            found = factors_by_charge(moving.reshape(len(rows), -1), rows, self._bonds[k + 1], singular)
            found = found.only(np.flatnonzero(found.values > NARROWEST))
            inner.append(found.right)
            values.append(found.values / np.linalg.norm(found.values))
            moving = np.tensordot(found.values[:, None] * found.right, tensor, axes=1)
            charges = found.charges
        values.append(np.ones(1))
        return MatrixProductState(tuple(self._canonical(inner)), tuple(values))

    def _canonical(self, inner: Sequence[Array]) -> list[Array]:
        """Return V_k B_k V_{k+1}†: right-canonical tensors between the Schmidt vectors of all bonds."""
        found, n = list[Array](), len(self._sites)
        for k, tensor in enumerate(self._sites):
            if k:
                tensor = np.tensordot(inner[k - 1], tensor, axes=1)
            if k < n - 1:
                tensor = np.tensordot(tensor, inner[k].conj().T, axes=1)
            found.append(tensor / np.linalg.norm(tensor) if k == 0 else tensor)
        return found


def joined_tensors(tensors: Sequence[Array]) -> Array:
    """Return neighbouring tensors as one, (l, d, r), d the product of their dimensions.

    >>> joined_tensors([np.ones((1, 2, 3)), np.ones((3, 2, 1))]).shape
    (1, 4, 1)
    """
    whole = tensors[0]
    for tensor in tensors[1:]:
        whole = np.tensordot(whole, tensor, axes=1).reshape(len(whole), -1, tensor.shape[2])
    return whole


def storage(dims: Sequence[int], bond: int) -> int:
    """Return about how many numbers a state of this bond dimension has.

    >>> storage([2] * 10, 4)
    232
    """
    sizes, total = [1], 0
    for k in range(1, len(dims)):
        sizes.append(min(bond, prod(dims[:k]), prod(dims[k:])))
    sizes.append(1)
    for d, left, right in zip(dims, sizes, sizes[1:], strict=False):
        total += d * left * right
    return total
