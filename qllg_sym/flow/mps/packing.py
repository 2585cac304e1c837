"""Matrix product states as few arrays, for files."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow.mps.matrix_product import MatrixProductState

Array = NDArray[Any]


def packed(states: Sequence[MatrixProductState]) -> dict[str, Array]:
    """Return states as few arrays: all tensors and Schmidt values one after the other, and the bond dimensions.

    >>> one = MatrixProductState.product([[1, 0]] * 2)
    >>> {name: array.shape for name, array in packed([one]).items()}
    {'tensors': (4,), 'schmidt': (3,), 'bonds': (1, 3)}
    """
    return {"tensors": np.concatenate([tensor.ravel() for state in states for tensor in state.tensors]),
            "schmidt": np.concatenate([values for state in states for values in state.schmidt]),
            "bonds": np.array([state.bonds for state in states], dtype=np.int64)}


def unpacked(dims: Sequence[int], tensors: Array, schmidt: Array, bonds: Array) -> Iterator[MatrixProductState]:
    """Yield what `packed` packed.

    Raises:
        ValueError: the arrays do not fit together.
    """
    at, place = 0, 0
    if bonds.ndim != 2 or bonds.shape[1] != len(dims) + 1 or np.any(bonds < 1):
        raise ValueError("bonds do not fit the sites")
    for own in bonds.tolist():
        shapes = [(left, d, right) for left, d, right in zip(own, dims, own[1:], strict=False)]
        sizes = [prod(shape) for shape in shapes]
        ends = at + np.cumsum([0, *sizes])
        places = place + np.cumsum([0, *own])
        if ends[-1] > len(tensors) or places[-1] > len(schmidt):
            raise ValueError("numbers are missing")
        yield MatrixProductState(
            tuple(tensors[b:e].reshape(shape) for b, e, shape in zip(ends[:-1], ends[1:], shapes, strict=True)),
            tuple(schmidt[b:e] for b, e in pairwise(places)))
        at, place = int(ends[-1]), int(places[-1])
    if (at, place) != (len(tensors), len(schmidt)):
        raise ValueError("numbers are left over")
