"""Many problems of one equation, posed as arrays: every input checked, every number bound."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.algebra.fields import ByFields
from qllg_sym.codegen import build
from qllg_sym.codegen.binding import checked_values, real_array
from qllg_sym.equations.lowering import weight_kernel
from qllg_sym.errors import InputError, InputTypeError
from qllg_sym.flow.batch.hamiltonian import Hamiltonians
from qllg_sym.flow.batch.start import Start
from qllg_sym.flow.drives.activity import Activity
from qllg_sym.flow.drives.driving import driving
from qllg_sym.flow.problem import Problem, limited, number_of
from qllg_sym.flow.steppers.limits import Limits

Array = NDArray[Any]


@dataclass(frozen=True, repr=False)
class Batch(ByFields):
    """m problems that share equation, times and tolerances.

    Attributes:
        first: the problem of row 0.
        size: m.
        values: a number, or one a row (m,), for every parameter of the equation and of thermal states, by name.
    """

    first: Problem
    size: int
    values: Mapping[str, Any]

    def parameters(self, names: Sequence[str], rows: Array) -> Array:
        """Return the numbers of some parameters for some rows, (len(names), k)."""
        columns = [np.broadcast_to(self.values[name], self.size)[rows] for name in names]
        return np.array(columns).reshape(len(names), len(rows))

    def numbers(self, row: int) -> dict[str, float]:
        """Return the numbers of one row by name."""
        return {name: float(v if np.ndim(v) == 0 else v[row]) for name, v in self.values.items()}

    def varies(self, names: Sequence[str]) -> bool:
        """Return whether one of these parameters differs from row to row."""
        return any(np.ndim(self.values[name]) for name in names)

    @cached_property
    def hamiltonians(self) -> Hamiltonians:
        """H/ħ as a function of time and parameters."""
        return Hamiltonians(self.first.hamiltonian)

    def hamiltonian(self, t: float, rows: Array) -> Array:
        """Return H(t)/ħ of some rows, (k, d, d)."""
        return self.hamiltonians.at(t, self.parameters(self.hamiltonians.names, rows))

    @cached_property
    def _weights(self) -> build.Function:
        """W as a function of Δ and the parameters."""
        return build.load(weight_kernel(self.first.equation), "numpy")

    def weight(self, rows: Array, differences: Array, t: float = 0.0) -> Array:
        """Return the frame weights W(Δ), complex, at a time for differences (k, …) of eigenvalues of k rows."""
        each = differences[0].size
        p = np.repeat(self.parameters(self._weights.kernel.parameters, rows), each, axis=1)
        re, im = self._weights.batch(t, np.reshape(differences, (1, -1)), p)
        return np.asarray(re + 1j * im).reshape(differences.shape)

    def activity(self, rows: Array) -> Activity | None:
        """Return where the coefficients of some rows depend on time and move; None where none does."""
        found, first = driving(self.first.equation), self.first
        if found is None or len(first.times) == 1:
            return None
        begin, end = float(first.times[0]), float(first.times[-1])
        return found.found(self.parameters(found.names, rows), begin, end, first.rtol + first.atol)

    def limits(self, rows: Array) -> Limits | None:
        """Return what the steps of some rows keep to, as `Problem.limits`."""
        return limited(self.activity(rows), self.first.max_step, self.first.breakpoints)

    @cached_property
    def hbars(self) -> Array:
        """ħ of every row, (m,)."""
        hbar = self.first.equation.model.hbar
        names = [symbol.name for symbol in hbar.free_symbols]
        if not self.varies(names):
            return np.full(self.size, self.first.hbar)
        return np.array([number_of(hbar, self.numbers(k)) for k in range(self.size)])

    def bound(self, row: int) -> Problem:
        """Return the problem of row 0 with the numbers of another row."""
        numbers = self.numbers(row)
        names = [symbol.name for symbol in self.first.equation.parameters]
        return replace(self.first, values={name: numbers[name] for name in names})

    def problem(self, start: Start, i: int) -> Problem:
        """Return the problem of the i-th row of a part, as `solve` would pose it."""
        return replace(self.bound(int(start.rows[i])), initial=start.initial(i),
                       moments=None if start.moments is None else start.moments[i])


def spread(states: Any, values: Any) -> tuple[Any, Any, tuple[int, ...]]:
    """Return states and values with one entry a row, and the shape that the rows are laid out in, last axis fastest.

    Arrays of two axes or more are broadcast against each other by NumPy's rules, a list of m states as an array (m,).

    Raises:
        InputError: shapes that do not broadcast.

    >>> spread("one state", {"D": [[1], [2]], "J": [3, 4]})[1:]
    ({'D': array([1., 1., 2., 2.]), 'J': array([3., 4., 3., 4.])}, (2, 2))
    """
    if not isinstance(values, Mapping):
        return states, values, ()
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


def row_count(states: Any, values: Any) -> tuple[int, bool]:
    """Return the number of rows, and whether `states` holds one a row.

    Raises:
        InputError: lists and arrays of different lengths, none at all, or a number that is not finite, with its row.

    >>> row_count("one state", {"D": [0.1, 0.2]})
    (2, False)
    """
    if not isinstance(values or {}, Mapping):
        raise InputTypeError("`values` must be a mapping, but is not; write values={\"D\": array}.")
    several = _several(states)
    lengths = {"states": len(states)} if several else {}
    for key, value in (values or {}).items():
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


def first_values(values: Mapping[Any, Any] | None) -> dict[Any, Any]:
    """Return the numbers of row 0, keyed as given.

    >>> first_values({"D": [0.5, 0.7], "J": 1})
    {'D': 0.5, 'J': 1}
    """
    return {key: float(column[0]) if (column := real_array(value)) is not None and column.ndim == 1 else value
            for key, value in (values or {}).items()}


def bind(first: Problem, size: int, values: Mapping[Any, Any] | None, extra: Sequence[str]) -> Batch:
    """Return the batch of a posed first row with the numbers of all rows.

    Args:
        first: row 0.
        size: m.
        values: numbers or arrays (m,), keyed by name or Symbol.
        extra: names that thermal states need beyond the equation's parameters.

    Raises:
        InputError: an unknown, missing or repeated name; ħ that is not positive in some row.
    """
    names = [symbol.name for symbol in first.equation.parameters]
    batch = Batch(first, size, checked_values([*names, *(name for name in extra if name not in names)], values))
    if not np.all(batch.hbars > 0):
        row = int(np.argmin(batch.hbars > 0))
        raise InputError(f"`values` must make ħ positive, but it is {batch.hbars[row]:g} in row {row}; give another "
                         f"value of `{first.equation.model.hbar}`.")
    return batch
