"""An interval of times cut where switches change, and the rows that are cut alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from qllg_sym.codegen.kernel import Kernel
from qllg_sym.flow.drives import ranges
from qllg_sym.flow.drives.branches import Branches, signs
from qllg_sym.flow.drives.crossings import separated, sign_changes
from qllg_sym.flow.drives.walk import Array, Pair, walk
from qllg_sym.flow.waveforms import Waveform


@dataclass(frozen=True)
class Piece:
    """A piece of time on which no switch changes.

    Attributes:
        begin: its first time.
        end: its last time.
        values: of the parameters that the switches are.
    """

    begin: float
    end: float
    values: Mapping[str, float]


def cut_alike(branches: Branches, parameters: Array, waves: Mapping[str, Waveform], begin: float,
            end: float) -> list[tuple[Array, tuple[Piece, ...]]]:
    """Return (places of rows, their pieces) of rows that are cut at the same times.

    Args:
        branches: the switches.
        parameters: of the rows, (k, m), in the order of `branches.names`.
        waves: the signals, by name.
        begin: first time.
        end: last time.
    """
    entering = _entering(branches.switching, len(parameters))
    known: dict[bytes, int] = {}
    found: list[tuple[list[int], tuple[Piece, ...]]] = []
    same: dict[tuple[float, ...], int] = {}
    for row, p in enumerate(np.ascontiguousarray(parameters.T)):
        key = p[entering].tobytes()
        if key not in known:
            pieces = cut(branches, p, waves, begin, end)
            looks = tuple(x for piece in pieces for x in (piece.end, *piece.values.values()))
            if looks not in same:
                same[looks] = len(found)
                found.append(([], pieces))
            known[key] = same[looks]
        found[known[key]][0].append(row)
    return [(np.array(rows), pieces) for rows, pieces in found]


def cut(branches: Branches, parameters: Array, waves: Mapping[str, Waveform], begin: float,
        end: float) -> tuple[Piece, ...]:
    """Return the pieces of one row, with parameters (k,).

    >>> import sympy
    >>> from qllg_sym import Model, QuantumLLG, Space, Zeeman, t
    >>> from qllg_sym.flow.drives.branches import branches
    >>> equation = QuantumLLG(0.5).derive(Model(Space("1/2"), [Zeeman((0, 0, sympy.Heaviside(t - 1)))]))
    >>> [(piece.begin, piece.end, piece.values) for piece in cut(branches(equation), np.empty(0), {}, 0.0, 3.0)]
    [(0.0, 1.0, {'step 0': 0.0}), (1.0, 3.0, {'step 0': 1.0})]
    """
    found = [sign_changes(g, steady, parameters, begin, end)
             for g, steady in zip(branches.switching, branches.steady, strict=True)]
    found += [wave.edges for wave in waves.values()]
    edges = np.concatenate([[begin], separated(np.concatenate([np.empty(0), *found]), begin, end), [end]])
    middles = 0.5 * (edges[1:] + edges[:-1])
    sides = [signs(_values(g, middles, parameters)).tolist() for g in branches.switching]
    pieces: list[Piece] = []
    for k, middle in enumerate(middles.tolist()):
        values = branches.values([side[k] for side in sides], waves, middle)
        if pieces and pieces[-1].values == values:          # a root at which nothing changes its sign
            pieces[-1] = Piece(pieces[-1].begin, float(edges[k + 1]), values)
        else:
            pieces.append(Piece(float(edges[k]), float(edges[k + 1]), values))
    return tuple(pieces)


def _values(function: Kernel, times: Array, parameters: Array) -> Array:
    """Return a switching function at times, (n,)."""
    (low, _), = walk(function, ranges.OPERATIONS, ranges.point, Pair(times, times), parameters[:, None])
    return np.broadcast_to(low, times.shape)


def _entering(kernels: Sequence[Kernel], count: int) -> Array:
    """Return which of so many parameters the switching functions take."""
    used = {arg for kernel in kernels for step in kernel.steps for arg in step.args}
    used |= {operand for kernel in kernels for _, operand in kernel.outputs}
    return np.array([f"p{k}" in used for k in range(count)], dtype=bool)
