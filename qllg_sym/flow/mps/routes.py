r"""Gates between distant sites: one of the two goes along the chain, past every site between, and comes back.

A site that travels makes bonds larger by its own dimension at most, whatever it meets; so one journey serves all
partners of a site. Where it leaves, no bond is truncated (QR); where it returns, every bond is, with the orthogonality
centre in its hands, so that each truncation drops what is smallest of the whole state.
"""

from collections.abc import Mapping
from typing import Any

from qllg_sym.flow.mps.tensors import Tensors

Gates = Mapping[int, Mapping[int, Any]]         # of each traveller, by its partner


class RoutedTensors(Tensors):
    """Tensors whose sites can also travel."""

    def distant_gate(self, matrix: Any, i: int, j: int) -> Any:
        """Return a gate on two sites, the lower one first, as a tensor."""
        return self._gate(matrix, [self._legs[i], self._legs[j]])

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

    def _pass_on(self, i: int, right: bool) -> None:
        """Move the orthogonality centre to the next site, if there is one."""
        sites, site = self._sites, self._sites[i].replace_label("p", "p0")
        if right and i + 1 < len(sites):
            sites[i], rest = self._qr(site)
            sites[i + 1] = self._npc.tensordot(rest, sites[i + 1], axes=["vR", "vL"])
        elif not right and i > 0:
            rest, sites[i] = self._lq(site)
            sites[i - 1] = self._npc.tensordot(sites[i - 1], rest, axes=["vR", "vL"])

    def _journey(self, i: int, way: int, gates: Mapping[int, Any], back: bool) -> None:
        """Bring a site, which is the centre, past others to its furthest partner and home again."""
        last = max(gates, key=lambda j: abs(j - i))
        for j in range(i + way, last, way):
            theta = self._met(min(j - way, j), ("p0", "p1"), None if back else gates.get(j))
            self._leave(theta, min(j - way, j), way)
        theta = self._met(min(last - way, last), ("p0", "p1"), gates[last])
        self._arrive(theta, min(last - way, last), way)
        for j in range(last - way, i, -way):
            theta = self._met(min(j - way, j), ("p1", "p0"), gates.get(j) if back else None)
            self._arrive(theta, min(j - way, j), way)

    def _met(self, k: int, names: tuple[str, str], gate: Any) -> Any:
        """Return the tensors at k and k + 1 as one, a gate applied; p0 is the lower site, wherever it stands."""
        left, right = (self._sites[k + m].replace_label("p", name) for m, name in enumerate(names))
        theta = self._npc.tensordot(left, right, axes=["vR", "vL"])
        return theta if gate is None else self._applied(gate, theta, 2)

    def _leave(self, theta: Any, k: int, way: int) -> None:
        """Put the sites at k and k + 1 in exchange, nothing truncated; the centre goes on with the traveller."""
        matrix = theta.combine_legs([["vL", "p1"], ["p0", "vR"]], new_axes=[0, 1], qconj=[1, -1])
        parts = (self._npc.qr if way > 0 else self._npc.lq)(matrix, inner_labels=["vR", "vL"])
        self._store(parts, k, ("p1", "p0"))

    def _arrive(self, theta: Any, k: int, way: int) -> None:
        """Put the lower site at k, the other at k + 1; the traveller is the centre."""
        matrix = theta.combine_legs([["vL", "p0"], ["p1", "vR"]], new_axes=[0, 1], qconj=[1, -1])
        left, values, right = self._truncated(matrix, k)
        if way > 0:
            left = left.scale_axis(values, "vR")
        else:
            right = right.scale_axis(values, "vL")
        self._store((left, right), k, ("p0", "p1"))

    def _store(self, parts: tuple[Any, Any], k: int, names: tuple[str, str]) -> None:
        """Keep two tensors at k and k + 1."""
        for m, (part, name) in enumerate(zip(parts, names, strict=True)):
            self._sites[k + m] = part.split_legs(m).replace_label(name, "p")
