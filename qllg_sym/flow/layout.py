"""How many rows are asked for, and how they are laid out: states and values → one entry a row."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from qllg_sym.algebra.signals import Signal
from qllg_sym.codegen.values import real_array
from qllg_sym.errors import InputError, InputTypeError
from qllg_sym.flow.waveforms import wrapped


@dataclass(frozen=True)
class Layout:
    """What rows there are.

    Attributes:
        states: one for each row, or one for all.
        values: numbers, or arrays (m,), keyed by name or Symbol.
        size: m.
        several: whether there is a state for each row.
        shape: that of the arrays of values, last axis fastest; () where they are (m,).
        single: whether one trajectory is asked for, and not a batch of one.
    """

    states: list[Any]
    values: Mapping[Any, Any]
    size: int
    several: bool
    shape: tuple[int, ...] = ()
    single: bool = False

    @classmethod
    def one(cls, state: Any, values: Any) -> "Layout":
        """Return the layout of one trajectory."""
        return cls([state], {} if values is None else wrapped(values), 1, False, single=True)

    @classmethod
    def many(cls, states: Any, values: Any) -> "Layout":
        """Return the rows that states and values make, arrays of two axes or more broadcast against each other.

        Raises:
            InputError: lists and arrays of different lengths, shapes that do not broadcast, none at all, or a number
                that is not finite, with its row.

        >>> Layout.many("one state", {"D": [0.1, 0.2]}).size
        2
        """
        if not isinstance(values or {}, Mapping):
            raise InputTypeError("`values` must be a mapping, but is not; write values={\"D\": array}.")
        states, values, shape = spread(states, wrapped(values or {}))
        size, several = _row_count(states, values)
        return cls(list(states) if several else [states], values, size, several, shape)

    @property
    def first_values(self) -> dict[Any, Any]:
        """The numbers of row 0, keyed as given.

        >>> Layout.many("one state", {"D": [0.5, 0.7], "J": 1}).first_values
        {'D': 0.5, 'J': 1}
        """
        return {key: float(column[0]) if (column := real_array(value)) is not None and column.ndim == 1 else value
                for key, value in self.values.items()}

    @property
    def grid(self) -> tuple[int, ...]:
        """How the rows are laid out: `shape`, or (m,)."""
        return self.shape or (self.size,)

    @property
    def named(self) -> dict[str, Any]:
        """The values by name: a number, (m,), or what a signal is.

        >>> Layout.many("one state", {"D": [0.5, 0.7], "J": 1}).named
        {'D': array([0.5, 0.7]), 'J': 1}
        """
        return {name_of(key): column if (column := real_array(value)) is not None and column.ndim else value
                for key, value in self.values.items()}

    def state(self, row: int) -> Any:
        """Return the state of one row."""
        return self.states[row if self.several else 0]

    def numbers(self, row: int) -> dict[Any, Any]:
        """Return the numbers of one row, keyed as given.

        >>> Layout.many("one state", {"D": [0.5, 0.7], "J": 1}).numbers(1)
        {'D': 0.7, 'J': 1}
        """
        return {key: float(column[row]) if (column := real_array(value)) is not None and column.ndim else value
                for key, value in self.values.items()}


def name_of(key: Any) -> str:
    """Return the name that a key of `values` stands for.

    >>> from qllg_sym import signal
    >>> name_of(signal("B")), name_of("J")
    ('B', 'J')
    """
    return key.name if isinstance(key, Signal) else str(key)


def spread(states: Any, values: Any) -> tuple[Any, Any, tuple[int, ...]]:
    """Return states and values with one entry a row, and the shape that the rows are laid out in, last axis fastest.

    Arrays of two axes or more are broadcast against each other by NumPy's rules, a list of m states as an array (m,).

    Raises:
        InputError: shapes that do not broadcast.

    >>> spread("one state", {"D": [[1], [2]], "J": [3, 4]})[1:]
    ({'D': array([1., 1., 2., 2.]), 'J': array([3., 4., 3., 4.])}, (2, 2))
    """
    arrays = {key: a for key, value in values.items() if (a := real_array(value)) is not None and a.ndim}
    if all(a.ndim == 1 for a in arrays.values()):
        return states, values, ()
    several = _several(states)
    shapes = {**({"states": (len(states),)} if several else {}),
              **{f"values[{str(key)!r}]": a.shape for key, a in arrays.items()}}
    try:
        grid = np.broadcast_shapes(*shapes.values())
    except ValueError:
        shown = ", ".join(f"{name}: {shape}" for name, shape in shapes.items())
        raise InputError(f"`values` must hold arrays that broadcast against each other, but their shapes are {shown}; "
                         "write D[:, None] and J[None, :] for a grid.") from None
    if several:
        rows = np.broadcast_to(np.arange(len(states)), grid).ravel()
        states = states[rows] if isinstance(states, np.ndarray) else [states[row] for row in rows.tolist()]
    flat = {key: np.broadcast_to(arrays[key], grid).ravel() if key in arrays else v for key, v in values.items()}
    return states, flat, grid


def _several(states: Any) -> bool:
    """Return whether `states` holds one state a row."""
    return isinstance(states, list | tuple) or (isinstance(states, np.ndarray) and states.ndim == 3)


def _row_count(states: Any, values: Mapping[Any, Any]) -> tuple[int, bool]:
    """Return the number of rows, and whether `states` holds one a row."""
    several = _several(states)
    lengths = {"states": len(states)} if several else {}
    for key, value in values.items():
        column = real_array(value)
        if column is not None and column.ndim == 1:
            lengths[f"values[{str(key)!r}]"] = len(column)
            if not np.all(np.isfinite(column)):
                row = int(np.argmin(np.isfinite(column)))
                raise InputError(f"`values[{str(key)!r}]` must hold finite numbers, but number {row} is {column[row]}; "
                                 "give a finite one.")
    if not lengths:
        raise InputError("`states` must be a list of states, or one state beside `values` with arrays, but is of type "
                         f"{type(states).__name__} without any; give a list of states, or values={{\"D\": array}}.")
    if len(set(lengths.values())) != 1 or 0 in lengths.values():
        shown = ", ".join(f"{name}: {length}" for name, length in lengths.items())
        raise InputError("`states` and array `values` must be of one common length of at least 1, but the lengths are "
                         f"{shown}; give a list of states, or values={{\"D\": array}}.")
    return lengths.popitem()[1], several
