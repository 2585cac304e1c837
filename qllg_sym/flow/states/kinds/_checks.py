"""Checks that the kinds of states share."""

import math
from typing import Any

from qllg_sym.errors import InputTypeError, StateError
from qllg_sym.model.model import Model
from qllg_sym.model.space import Space


def need_space(space: Any) -> None:
    """Refuse what is no Space."""
    if not isinstance(space, Space):
        raise InputTypeError(f"`space` must be a Space, but is of type {type(space).__name__}; write Space(\"1/2\").")


def need_model(model: Any) -> None:
    """Refuse what is no Model."""
    if not isinstance(model, Model):
        raise InputTypeError(f"`model` must be a Model, but is of type {type(model).__name__}; "
                             "write Model(space, terms).")


def finite_number(value: Any, argument: str) -> float:
    """Return a finite float."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise InputTypeError(f"`{argument}` must be a number, but is {value!r}; give a number such as 0.5.") from None
    if not math.isfinite(number):
        raise StateError(f"`{argument}` must be finite, but is {number}; give a finite number.")
    return number
