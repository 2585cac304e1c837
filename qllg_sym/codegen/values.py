"""What users give → real numbers: arrays of them, and a number for each name."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qllg_sym.codegen.build import is_masked
from qllg_sym.errors import InputError, InputTypeError, meant

Array = NDArray[Any]


def checked_values(names: Sequence[str], *sources: Mapping[Any, Any] | None,
                   argument: str = "values") -> dict[str, Any]:
    """Return {name: float or array} for exactly the given names, from mappings keyed by name or Symbol.

    Args:
        names: what must have a value.
        *sources: mappings, or None; together they give each name once.
        argument: the name used in error messages.

    Raises:
        InputError: a name that is unknown, missing or given twice, or a value that is not finite.
        InputTypeError: a value that is not a number, or values that are no mapping.

    >>> checked_values(["J"], {"J": 1})
    {'J': 1.0}
    """
    found: dict[str, Any] = {}
    for source in sources:
        if not isinstance(source, Mapping | None):
            raise InputTypeError(f"`{argument}` must map names or Symbols to numbers, but is of type "
                                 f"{type(source).__name__}; write {argument}={{\"J\": 1.0}}.")
        for key, value in (source or {}).items():
            name = str(key)
            if name not in names:
                todo = f"the parameters are {', '.join(names)}" if names else "drop it, since there are no parameters"
                raise InputError(f"`{argument}` must name parameters, but has {name!r}{meant(name, names)}; {todo}.")
            if name in found:
                raise InputError(f"`{argument}` must give {name!r} once, but gives it twice; drop one.")
            found[name] = _number(name, value, argument)
    missing = [name for name in names if name not in found]
    if missing:
        raise InputError(f"`{argument}` must give every parameter a number, but {missing[0]!r} is unbound; "
                         f"add {argument}={{{missing[0]!r}: 1.0}}.")
    return found


def _number(name: str, value: Any, argument: str) -> Any:
    """Return a finite float, or a one-dimensional array of them."""
    if type(value) in (int, float) and -1e300 < value < 1e300:          # most often; the long way takes 6 µs
        return float(value)
    array = real_array(value)
    if array is None or array.ndim > 1:
        raise InputTypeError(f"`{argument}[{name!r}]` must be a real number, but is {value!r}; "
                             "give a number such as 0.5.")
    if not np.all(np.isfinite(array)):
        shown = array if array.ndim == 0 else "an array with NaN or infinity"
        raise InputError(f"`{argument}[{name!r}]` must be finite, but is {shown}; give a finite number.")
    return float(array) if array.ndim == 0 else array


def real_array(values: Any) -> Array | None:
    """Return real numbers as an array of doubles, infinite where they are too large; None for anything else.

    >>> real_array([1, 0.5]), real_array("1"), real_array(1j), real_array(10**400)
    (array([1. , 0.5]), None, None, array(inf))
    """
    try:
        if is_masked(values):
            return None
        array = np.asarray(values)
        if array.dtype.kind in "iuf":
            return array.astype(float)
        if array.dtype.kind != "O" or any(entry is None or isinstance(entry, str | bool) for entry in array.flat):
            return None
        return np.array([_double(entry) for entry in array.flat]).reshape(array.shape)
    except (TypeError, ValueError):
        return None


def _double(number: Any) -> float:
    """Return a number as a double, infinite where it is too large."""
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def real_numbers(argument: str, values: ArrayLike) -> Array:
    """Return an array of doubles.

    Args:
        argument: the name used in error messages.
        values: taken as they are where they are an array of doubles, else copied.

    Raises:
        InputError: an entry that is not a real number.

    >>> real_numbers("y", [1, 2])
    array([1., 2.])
    """
    array = values if type(values) is np.ndarray and values.dtype == float else real_array(values)
    if array is None:
        raise InputError(f"`{argument}` must be an array of real numbers, but is of type {type(values).__name__} with "
                         "other entries; give real entries.")
    return array
