"""Derivatives of right-hand sides from loaded kernels: Jacobians as matrices, and their products with a vector."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qllg_sym.codegen.values import real_numbers

Array = NDArray[Any]
Slope = Callable[[float, Array, Array], Array]              # (t, y, p) ↦ (n, n)
Tangent = Callable[[Any, Array, Array, Array], Array]       # (t, y, v, p) ↦ (n,)
Places = Sequence[tuple[str, int, int]]                     # (matrix, row, column) of each output


class Vectorfield(Protocol):
    """What can be bound: a loaded kernel (`build.Function`), or what is called in the same three ways."""

    target: str

    def __call__(self, t: float, y: ArrayLike, p: ArrayLike) -> Array:
        """Outputs (n,) for one state (n,) and parameters (k,)."""
        ...

    def batch(self, t: float, Y: ArrayLike, P: ArrayLike) -> Array:
        """Outputs (n, m) for states (n, m) and parameters (k,) or (k, m)."""
        ...

    def rows(self, t: float, Y: ArrayLike, P: ArrayLike) -> Array:
        """Outputs (m, n) for states (m, n) and parameters (k,) or (k, m)."""
        ...


class ColumnByColumn(ABC):
    """A `Vectorfield` that knows one state at a time, and gives many column by column."""

    @abstractmethod
    def __call__(self, t: float, y: ArrayLike, p: ArrayLike) -> Array:
        """Return dy/dt, (n,), of one state, (n,), for parameters (k,)."""

    def batch(self, t: float, Y: ArrayLike, P: ArrayLike) -> Array:
        """Return dy/dt, (n, m), column by column, for parameters (k,) or (k, m)."""
        states, parameters = real_numbers("Y", Y), real_numbers("P", P)
        columns = [self(t, y, parameters if parameters.ndim == 1 else parameters[:, j]) for j, y in enumerate(states.T)]
        return np.stack(columns, axis=1) if columns else np.empty_like(states)

    def rows(self, t: float, Y: ArrayLike, P: ArrayLike) -> Array:
        """Return dy/dt, (m, n), row by row, for parameters (k,) or (k, m)."""
        return np.ascontiguousarray(self.batch(t, real_numbers("Y", Y).T, P).T)


def implicit_jacobian(entries: Vectorfield, rhs: Vectorfield, size: int, places: Places) -> Slope:
    """Return (t, y, p) ↦ −M⁻¹ R from a function of (y, ẏ) whose outputs are entries of M ("m") and R ("r").

    Args:
        entries: outputs in the order of `places`; its states are y, then ẏ.
        rhs: ẏ as a function of (t, y, p).
        size: n.
        places: (matrix, row, column) of each output.
    """
    def jacobian(t: float, y: Array, p: Array) -> Array:
        """Return −M⁻¹ R."""
        values = entries(t, np.concatenate([y, np.asarray(rhs(t, y, p), dtype=float)]), p)
        matrices = _scatter(values, places, size)
        return -np.linalg.solve(matrices["m"], matrices["r"])

    return jacobian


def tangent_jacobian(along: Vectorfield, size: int) -> Slope:
    """Return (t, y, p) ↦ the Jacobian, from a function of (y, v) that gives Jacobian · v: all unit vectors at once.

    Args:
        along: its states are y, then v.
        size: n.
    """
    def jacobian(t: float, y: Array, p: Array) -> Array:
        """Return one column a unit vector."""
        return along.batch(t, np.concatenate([np.repeat(y[:, None], size, axis=1), np.eye(size)]), p)

    return jacobian


def joined(along: Vectorfield) -> Tangent:
    """Return (t, y, v, p) ↦ along(t, (y, v), p)."""
    return lambda t, y, v, p: along(t, np.concatenate([y, v]), p)


def _scatter(values: Array, places: Places, size: int) -> dict[str, Array]:
    """Return the entries put into (n, n) matrices by name."""
    matrices = {name: np.zeros((size, size)) for name in "mr"}
    for value, (name, row, column) in zip(np.asarray(values, dtype=float), places, strict=True):
        matrices[name][row, column] = value
    return matrices
