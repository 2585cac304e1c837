"""Numbers that spectra are asked with, checked at the door."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen.values import real_array
from qllg_sym.errors import InputError, InputTypeError

Array = NDArray[Any]


def one_number(given: Any, argument: str, example: str) -> float:
    """Return a finite number.

    >>> one_number(2, "width", "0.1")
    2.0
    """
    found = real_array(given)
    if found is None or found.ndim:
        raise InputTypeError(f"`{argument}` must be one real number, but is of type {type(given).__name__}; write "
                             f"{argument}={example}.")
    if not math.isfinite(found):
        raise InputError(f"`{argument}` must be a finite number, but is {float(found)}; write {argument}={example}.")
    return float(found)


def positive_number(given: Any, argument: str, example: str) -> float:
    """Return a number > 0."""
    found = one_number(given, argument, example)
    if found <= 0:
        raise InputError(f"`{argument}` must be positive, but is {found:g}; write {argument}={example}.")
    return found


def checked_temperature(given: Any, argument: str, lowest: float) -> float:
    """Return a temperature of at least `lowest`."""
    found = one_number(given, argument, "1.0")
    if found < lowest:
        raise InputError(f"`{argument}` must not be negative, but is {found:g}; write {argument}=1.0.")
    return found


def checked_row(given: Any, argument: str, example: str) -> Array:
    """Return finite numbers, (n,).

    >>> checked_row([1, 2], "omega", "numpy.linspace(0, 3, 301)").tolist()
    [1.0, 2.0]
    """
    found = real_array(given)
    if found is None:
        raise InputTypeError(f"`{argument}` must be real numbers, but is of type {type(given).__name__}; write "
                             f"{example}.")
    found = np.atleast_1d(found)
    if found.ndim != 1 or not found.size or not np.isfinite(found).all():
        what = "is empty" if not found.size else f"is of shape {found.shape}" if found.ndim != 1 else \
            "holds NaN or infinity"
        raise InputError(f"`{argument}` must be a row of finite numbers, but {what}; write {example}.")
    return found
