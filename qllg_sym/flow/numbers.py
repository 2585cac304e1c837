"""Values → numbers: of exact expressions, and of parameters that may hold a number a row."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from qllg_sym.codegen.binding import Compiled
from qllg_sym.errors import InputError

Array = NDArray[Any]
DIGITS = 20         # beyond those of a double


def number_of(expression: Any, values: Mapping[str, Any]) -> float:
    """Return the value of an exact expression, given numbers for its symbols by name, whatever cancels in it.

    Raises:
        InputError: the value is not real and finite.

    >>> import sympy
    >>> number_of(2 * sympy.Symbol("J"), {"J": 1.5})
    3.0
    """
    if expression.is_Symbol:
        return float(values[expression.name])
    if expression.is_Rational:
        return float(expression)
    known = {symbol: sp.Rational(float(values[symbol.name])) for symbol in expression.free_symbols}
    value = sp.N(expression.xreplace(known), DIGITS, maxn=1000)
    if not (value.is_Number and value.is_finite):
        shown = ", ".join(f"{symbol} = {float(number):g}" for symbol, number in known.items())
        raise InputError(f"`values` must make {expression} real and finite, but at {shown} it is {value}; change them.")
    return float(value)


def hbars(hbar: Any, values: Mapping[str, Any], size: int) -> Array:
    """Return ħ, an exact expression, in every row, (size,).

    >>> hbars(sp.Symbol("h"), {"h": np.array([1.0, 2.0])}, 2).tolist()
    [1.0, 2.0]
    """
    if not varies(values, [symbol.name for symbol in hbar.free_symbols]):
        return np.full(size, number_of(hbar, values))
    return np.array([number_of(hbar, of_row(values, k)) for k in range(size)])


def parameters(values: Mapping[str, Any], names: Iterable[str], size: int, t: float = 0.0) -> Array:
    """Return the numbers of some parameters in every row, (len(names), size), those of signals at a time.

    >>> parameters({"D": np.array([0.5, 0.7]), "J": 1.0}, ["J", "D"], 2).tolist()
    [[1.0, 1.0], [0.5, 0.7]]
    """
    found = [v(t) if callable(v := values[name]) else v for name in names]
    if size == 1:
        return np.array([v[0] if isinstance(v, np.ndarray) else v for v in found], dtype=float).reshape(-1, 1)
    columns = [v if isinstance(v, np.ndarray) else np.full(size, v) for v in found]
    return np.array(columns, dtype=float).reshape(len(columns), size)


def bound(compiled: Compiled, values: Mapping[str, Any], size: int, single: bool) -> Array:
    """Return the parameters of a compiled right-hand side in every row, (size, k).

    Args:
        compiled: the right-hand side.
        values: a number, or one a row (size,), for every parameter, by name.
        size: how many rows there are.
        single: whether it is one row by itself; else a row that is not finite tells of itself, and spoils no other.

    Raises:
        InputError: one row alone whose coefficients are not finite.

    Warns:
        QllgWarning: one row alone whose coefficients lose digits by what the user wrote.
    """
    if single:
        compiled.bind({name: values[name] for name in compiled.parameters})
    return parameters(values, compiled.parameters, size).T


def of_row(values: Mapping[str, Any], row: int) -> dict[str, Any]:
    """Return the numbers of one row by name; signals as they are.

    >>> of_row({"D": np.array([0.5, 0.7]), "J": 1.0}, 1)
    {'D': 0.7, 'J': 1.0}
    """
    return {name: v if callable(v) else float(v[row] if isinstance(v, np.ndarray) else v)
            for name, v in values.items()}


def of_rows(values: Mapping[str, Any], rows: Any) -> dict[str, Any]:
    """Return the numbers of some rows by name: a slice, a mask or indices."""
    return {name: v[rows] if isinstance(v, np.ndarray) else v for name, v in values.items()}


def varies(values: Mapping[str, Any], names: Iterable[str]) -> bool:
    """Return whether one of these parameters may differ from row to row."""
    return any(isinstance(values[name], np.ndarray) for name in names)
