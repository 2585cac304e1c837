"""What a user gives to a fit, checked."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen.values import real_array
from qllg_sym.equations.law import Law
from qllg_sym.errors import InputError, InputTypeError, meant
from qllg_sym.flow.states.stacking import extra_names
from qllg_sym.model.model import Model

Array = NDArray[Any]


def starting_numbers(free: Any) -> dict[str, float]:
    """Return checked starting numbers."""
    if not isinstance(free, Mapping) or not free:
        raise InputTypeError(f"`free` must map names of parameters to where they start, but is {free!r}; write "
                             "free={\"J\": 1.0}.")
    found = {}
    for name, value in free.items():
        number = real_array(value)
        if number is None or number.ndim or not np.isfinite(number):
            raise InputError(f"`free[{str(name)!r}]` must be a finite number, but is {value!r}; say where to start.")
        found[str(name)] = float(number)
    return found


def numbers_by_name(values: Mapping[Any, Any] | None) -> dict[str, Any]:
    """Return numbers by name.

    >>> numbers_by_name({"B": 1}), numbers_by_name(None)
    ({'B': 1}, {})
    """
    return {str(key): value for key, value in (values or {}).items()}


def refuse_unknown(start: Mapping[str, float], model: Model, law: Law, states: Sequence[Any]) -> None:
    """Refuse what is no parameter of the model, the law or a state."""
    if not isinstance(model, Model) or not isinstance(law, Law):
        return                          # said where the run is posed
    known = sorted({symbol.name for symbol in law.derive(model).parameters} | {*extra_names(states)})
    for name in start:
        if name not in known:
            raise InputError(f"`free` must name parameters of the model or the law, but {name!r} is none"
                             f"{meant(name, known)}; the parameters are {', '.join(known) or 'none'}.")


def entry_of(given: Any, name: str, argument: str) -> Any:
    """Return the entry of one of several data."""
    if not isinstance(given, Mapping) or name not in given:
        raise InputError(f"`{argument}` must have an entry for each of several data, but has none for {name!r}; write "
                         f"{argument}={{{name!r}: …}}.")
    return given[name]


def numbers_of_data(given: Any, shape: tuple[int, ...], argument: str) -> Array:
    """Return data, finite and of the shape of what is observed."""
    array = real_array(given)
    if array is None or array.shape != shape:
        what = f"of type {type(given).__name__}" if array is None else f"of shape {array.shape}"
        raise InputError(f"`{argument}` must be real numbers of shape {shape}, one a time, but is {what}; give as many "
                         "as there are times.")
    if not np.isfinite(array).all():
        raise InputError(f"`{argument}` must be finite, but holds NaN or infinity; leave these times out.")
    return np.asarray(array)


def standard_deviations(given: Any, shape: tuple[int, ...], argument: str) -> Array:
    """Return standard deviations, positive."""
    array = np.ones(shape) if given is None else real_array(given)
    if array is None or array.shape not in ((), shape) or not np.isfinite(array).all() or not (array > 0).all():
        raise InputError(f"`{argument}` must be a positive number, or positive numbers of shape {shape}, but is not; "
                         "give standard deviations.")
    return np.broadcast_to(array, shape)


def bounds_of_free(bounds: Any, start: Mapping[str, float], dampings: set[str]) -> tuple[Array, Array]:
    """Return lower and upper bounds; a damping that starts at 0 or above stays there where nothing else is said."""
    given = {str(key): value for key, value in (bounds or {}).items()}
    low = np.array([0.0 if name in dampings and value >= 0 else -np.inf for name, value in start.items()])
    high = np.full(len(start), np.inf)
    for name, pair in given.items():
        if name not in start:
            raise InputError(f"`bounds` must name what is free, but {name!r} is not{meant(name, list(start))}; the "
                             f"free parameters are {', '.join(start)}.")
        k, edges = list(start).index(name), real_array(pair)
        if edges is None or edges.shape != (2,) or not edges[0] < edges[1] or not edges[0] <= start[name] <= edges[1]:
            raise InputError(f"`bounds[{name!r}]` must be (lowest, highest) about the start {start[name]:g}, but is "
                             f"{pair!r}; give two numbers.")
        low[k], high[k] = edges
    return low, high
