"""A matrix product state in TeNPy's tensors that gates move: exact orthogonality at every truncation.

Gates of q-LLG are not unitary and would spoil a canonical form. Here the orthogonality centre goes with the gate, so
that each truncation drops what is smallest of the whole state, and nothing has to be restored afterwards.
"""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow.mps.door import tenpy
from qllg_sym.flow.mps.matrix_product import MatrixProductState
from qllg_sym.flow.mps.starts import bond_charges

Array = NDArray[Any]
NARROWEST = 1e-15       # Schmidt values below it are rounding


class Tensors:
    """The tensors of a state, with legs vL, p, vR, and the site that is their orthogonality centre: the first or last.

    Args:
        state: right-canonical.
        charges: 2m of every basis state of each site where total S_z is kept; empty where it is not.
        bond: largest bond dimension.
        cut: the weight that one truncation may discard.

    Attributes:
        discarded: the sum of the discarded weights ε at each bond, (N − 1,).
        amplitudes: the sum of their roots √ε, (N − 1,): losses that add up in one direction are so large.
    """

    def __init__(self, state: MatrixProductState, charges: Sequence[Sequence[int]], bond: int, cut: float) -> None:
        self._npc, truncation = tenpy("linalg.np_conserved"), tenpy("algorithms.truncation")
        self._svd = truncation.svd_theta
        self._limit = {"chi_max": bond, "svd_min": NARROWEST, "trunc_cut": float(np.sqrt(cut))}
        self._legs = _legs(self._npc, state.dims, charges)
        self._kept = bool(charges)
        self._sites = self._distributed(state, charges)
        self._centre, (self.discarded, self.amplitudes) = 0, np.zeros((2, len(self._sites) - 1))

    def __len__(self) -> int:
        """Return the number of sites."""
        return len(self._sites)

    def _distributed(self, state: MatrixProductState, charges: Sequence[Sequence[int]]) -> list[Any]:
        """Return the tensors of the library, with charges on the bonds where there are charges."""
        found, bonds = [], bond_charges(state) if charges else None
        for k, tensor in enumerate(state.tensors):
            if bonds is None:
                ends = (_trivial(self._npc, tensor.shape[i], sign) for i, sign in ((0, 1), (2, -1)))
                legs = [next(ends), self._legs[k], next(ends)]
            else:
                legs = [self._charged(bonds[k], 1), self._legs[k], self._charged(bonds[k + 1], -1)]
            found.append(self._npc.Array.from_ndarray(tensor, legs, labels=["vL", "p", "vR"]))
        return found

    def _charged(self, charges: Sequence[int], sign: int) -> Any:
        """Return the leg of a bond with these charges."""
        return self._npc.LegCharge.from_qflat(self._legs[0].chinfo, charges, sign)

    def gate(self, matrix: Array, first: int, width: int) -> Any:
        """Return a gate on the sites from `first` as a tensor."""
        return self._gate(matrix, self._legs[first:first + width])

    def _gate(self, matrix: Array, legs: Sequence[Any]) -> Any:
        """Return a gate on sites with these legs."""
        tensor, names = matrix.reshape(2 * tuple(leg.ind_len for leg in legs)), _names(len(legs))
        return self._npc.Array.from_ndarray(tensor, [*legs, *(leg.conj() for leg in legs)],
                                            labels=[*names, *(f"{name}*" for name in names)])

    def sweep(self, gates: Mapping[int, Any], width: int) -> None:
        """Apply gates, by their first site, from the end where the centre is to the other one.

        Of gates on more than two sites there must be one for every window.
        """
        (self._to_right if self._centre == 0 else self._to_left)(gates, width)

    def _to_right(self, gates: Mapping[int, Any], w: int) -> None:
        """Apply gates from left to right."""
        n, sites = len(self._sites), self._sites
        block = self._merged([sites[k] for k in range(w - 1)])
        for i in range(n - w + 1):
            if i in gates:
                theta = self._applied(gates[i], self._joined(block, sites[i + w - 1], w), w)
                sites[i], block = self._split_left(theta, w, i)
            else:
                sites[i], rest = self._qr(block)
                block = self._npc.tensordot(rest, _renamed(sites[i + 1], 1), axes=["vR", "vL"])
        for k in range(w - 1, 1, -1):
            sites[n - k], block = self._split_left(block, k, n - k)
        sites[n - 1], self._centre = block.replace_label("p0", "p"), n - 1

    def _to_left(self, gates: Mapping[int, Any], w: int) -> None:
        """Apply gates from right to left."""
        n, sites = len(self._sites), self._sites
        block = self._merged([sites[n - w + 1 + k] for k in range(w - 1)])
        for i in range(n - w, -1, -1):
            if i in gates:
                joined = self._npc.tensordot(sites[i].replace_label("p", "p0"), _shifted(block, w - 1, 1),
                                             axes=["vR", "vL"])
                theta = self._applied(gates[i], joined, w)
                sites[i + w - 1], block = self._split_right(theta, w, i + w - 2)
            else:
                rest, sites[i + 1] = self._lq(block)
                block = self._npc.tensordot(sites[i], rest, axes=["vR", "vL"]).replace_label("p", "p0")
        for k in range(w - 1, 1, -1):
            sites[k - 1], block = self._split_right(block, k, k - 2)
        sites[0], self._centre = block.replace_label("p0", "p"), 0

    def _merged(self, tensors: Sequence[Any]) -> Any:
        """Return neighbouring tensors as one, with legs p0, p1 and so on."""
        total = tensors[0].replace_label("p", "p0")
        for k, tensor in enumerate(tensors[1:], 1):
            total = self._npc.tensordot(total, tensor.replace_label("p", f"p{k}"), axes=["vR", "vL"])
        return total

    def _joined(self, block: Any, tensor: Any, width: int) -> Any:
        """Return a block with one more site on its right."""
        return self._npc.tensordot(block, tensor.replace_label("p", f"p{width - 1}"), axes=["vR", "vL"])

    def _applied(self, gate: Any, theta: Any, width: int) -> Any:
        """Return a gate applied to its sites."""
        names = _names(width)
        return self._npc.tensordot(gate, theta, axes=([f"{name}*" for name in names], names))

    def _split_left(self, theta: Any, width: int, bond: int) -> tuple[Any, Any]:
        """Split off the first site: it is left-canonical, the rest holds the centre, its sites numbered anew."""
        names = _names(width)
        matrix = theta.combine_legs([["vL", names[0]], [*names[1:], "vR"]], new_axes=[0, 1], qconj=[1, -1])
        left, values, right = self._truncated(matrix, bond)
        rest = right.scale_axis(values, "vL").split_legs(1)
        return left.split_legs(0).replace_label("p0", "p"), _shifted(rest, width, -1)

    def _split_right(self, theta: Any, width: int, bond: int) -> tuple[Any, Any]:
        """Split off the last site: it is right-canonical, the rest holds the centre."""
        names = _names(width)
        matrix = theta.combine_legs([["vL", *names[:-1]], [names[-1], "vR"]], new_axes=[0, 1], qconj=[1, -1])
        left, values, right = self._truncated(matrix, bond)
        return right.split_legs(1).replace_label(names[-1], "p"), left.scale_axis(values, "vR").split_legs(0)

    def _truncated(self, matrix: Any, bond: int) -> tuple[Any, Array, Any]:
        """Return singular vectors and values that are kept, of norm one."""
        left, values, right, error, _ = self._svd(matrix, self._limit, inner_labels=["vR", "vL"])
        self.discarded[bond] += float(error.eps)
        self.amplitudes[bond] += float(np.sqrt(error.eps))
        return left, values, right

    def _qr(self, site: Any) -> tuple[Any, Any]:
        """Return a left-canonical site and the matrix that goes on to its right."""
        q, r = self._npc.qr(site.combine_legs(["vL", "p0"], new_axes=0), inner_labels=["vR", "vL"])
        return q.split_legs(0).replace_label("p0", "p"), r

    def _lq(self, site: Any) -> tuple[Any, Any]:
        """Return the matrix that goes on to the left and a right-canonical site."""
        matrix = site.combine_legs(["p0", "vR"], new_axes=1)
        lower, q = self._npc.lq(matrix, inner_labels=["vR", "vL"])
        return lower, q.split_legs(1).replace_label("p0", "p")

    def state(self) -> MatrixProductState:
        """Return the state, canonical, in plain arrays."""
        if self._centre:
            self.sweep({}, 2)
        npc, moving, inner, values = self._npc, self._sites[0], list[Any](), [np.ones(1)]
        for tensor in self._sites[1:]:
            matrix = moving.combine_legs(["vL", "p"], new_axes=0)
            _, own, right = npc.svd(matrix, inner_labels=["vR", "vL"], cutoff=NARROWEST)
            inner.append(right)
            values.append(own / np.linalg.norm(own))
            moving = npc.tensordot(right.scale_axis(own, "vL"), tensor, axes=["vR", "vL"])
        values.append(np.ones(1))
        return MatrixProductState(tuple(self._canonical(inner)), tuple(values))

    def _canonical(self, inner: Sequence[Any]) -> list[Array]:
        """Return V_k B_k V_{k+1}†: right-canonical tensors between the Schmidt vectors of all bonds."""
        npc, found, n = self._npc, [], len(self._sites)
        for k, tensor in enumerate(self._sites):
            if k:
                tensor = npc.tensordot(inner[k - 1], tensor, axes=["vR", "vL"])
            if k < n - 1:
                dual = inner[k].conj()
                tensor = npc.tensordot(tensor, dual, axes=["vR", "vR*"]).replace_label("vL*", "vR")
            array = tensor.transpose(["vL", "p", "vR"]).to_ndarray()
            found.append(array / np.linalg.norm(array) if k == 0 else array)
        return found


def _names(width: int) -> list[str]:
    """Return the labels of the sites of a window."""
    return [f"p{k}" for k in range(width)]


def _renamed(tensor: Any, width: int) -> Any:
    """Return the tensor of one site with the label of a window's last."""
    return tensor.replace_label("p", f"p{width - 1}")


def _shifted(block: Any, width: int, by: int) -> Any:
    """Return a block with its sites numbered anew."""
    old = [f"p{k}" for k in range(width) if f"p{k}" in block.get_leg_labels()]
    return block.replace_labels(old, [f"p{int(name[1:]) + by}" for name in old])


def _trivial(npc: Any, size: int, sign: int) -> Any:
    """Return a leg without charges."""
    return npc.LegCharge.from_trivial(size, qconj=sign)


def _legs(npc: Any, dims: Sequence[int], charges: Sequence[Sequence[int]]) -> list[Any]:
    """Return the legs of the sites."""
    if not charges:
        return [_trivial(npc, d, 1) for d in dims]
    info = npc.ChargeInfo([1], ["2*Sz"])
    return [npc.LegCharge.from_qflat(info, list(own), 1) for own in charges]


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
