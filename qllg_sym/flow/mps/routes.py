r"""Gates between distant sites: one of the two goes along the chain, past every site between, and comes back.

A site that travels makes bonds larger by its own dimension at most, whatever it meets; so one journey serves all
partners of a site. Where it leaves, no bond is truncated (QR); where it returns, every bond is, with the orthogonality
centre in its hands, so that each truncation drops what is smallest of the whole state.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qllg_sym.flow.mps.charged_factors import left_orthogonal, right_orthogonal
from qllg_sym.flow.mps.tensors import Tensors

Array = NDArray[Any]
Gates = Mapping[int, Mapping[int, Array]]         # of each traveller, by its partner


class RoutedTensors(Tensors):
    """Tensors whose sites can also travel."""

    def distant_gate(self, matrix: ArrayLike, i: int, j: int) -> Array:
        """Return a gate on two sites, the lower one first, as a matrix."""
        size = self._sites[i].shape[1] * self._sites[j].shape[1]
        return np.asarray(matrix, dtype=complex).reshape(size, size)

    def travel(self, gates: Gates) -> None:
        """Apply gates from the end where the centre is to the other one, and the orthogonality centre with them.

        From right to left sites travel to the right first, then to the left, and meet gates on their way out; from left
        to right it is the adjoint: to the left first, gates on the way back. The two orders are reverse to each other.

        Args:
            gates: gates on two sites, lower site first, by traveller and partner.
        """
        n, back = len(self), self._centre == 0
        for i in range(n) if back else range(n - 1, -1, -1):
            for way in (-1, 1) if back else (1, -1):
                if mine := {j: gate for j, gate in gates.get(i, {}).items() if (j - i) * way > 0}:
                    self._journey(i, way, mine, back)
            self._pass_on(i, back)
        self._centre = n - 1 - self._centre

    def _journey(self, i: int, way: int, gates: Mapping[int, Array], back: bool) -> None:
        """Bring a site, which is the centre, past others to its furthest partner and home again."""
        last = max(gates, key=lambda j: abs(j - i))
        for j in range(i + way, last, way):
            k = min(j - way, j)
            self._leave(self._met(k, False, None if back else gates.get(j)), k, way)
        k = min(last - way, last)
        self._arrive(self._met(k, False, gates[last]), k, way)
        for j in range(last - way, i, -way):
            k = min(j - way, j)
            self._arrive(self._met(k, True, gates.get(j) if back else None), k, way)

    def _met(self, k: int, passed: bool, gate: Array | None) -> Array:
        """Return the tensors at k and k + 1 as one, (l, d, d', r), the lower site first also where it has passed by."""
        theta = np.tensordot(self._sites[k], self._sites[k + 1], axes=1)
        if passed:
            theta = self._exchanged(theta, k)
        if gate is None:
            return theta
        return np.matmul(gate, theta.reshape(len(theta), len(gate), -1)).reshape(theta.shape)

    def _exchanged(self, theta: Array, k: int) -> Array:
        """Return two sites in the other order."""
        self._charges[k:k + 2] = self._charges[k + 1], self._charges[k]
        return theta.transpose(0, 2, 1, 3)

    def _leave(self, theta: Array, k: int, way: int) -> None:
        """Put the sites at k and k + 1 in exchange, nothing truncated; the centre goes on with the traveller."""
        turned = self._exchanged(theta, k)
        found = self._factored(turned, k, k + 2, k + 1, left_orthogonal if way > 0 else right_orthogonal)
        self._sites[k] = found.left.reshape(*turned.shape[:2], -1)
        self._sites[k + 1] = found.right.reshape(-1, *turned.shape[2:])

    def _arrive(self, theta: Array, k: int, way: int) -> None:
        """Put the lower site at k, the other at k + 1; the traveller is the centre."""
        self._sites[k], self._sites[k + 1] = self._halves(theta, k, k + 2, k + 1, way < 0)
