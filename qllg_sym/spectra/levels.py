"""Energy levels of a model: in doubles, or to any number of digits from its exact matrix."""

from collections.abc import Mapping
from typing import Any

import mpmath
import numpy as np

from qllg_sym.algebra.scalars import exact_float
from qllg_sym.codegen.values import checked_values
from qllg_sym.errors import InputError, InputTypeError
from qllg_sym.flow.exact.digits import GUARD, evaluated
from qllg_sym.flow.exact.states import frequency
from qllg_sym.flow.hamiltonians.dense import matrix_of
from qllg_sym.flow.numbers import number_of
from qllg_sym.flow.states.initial import LARGEST_DENSE
from qllg_sym.model.model import Model

MOST_DIGITS = 2000
LARGEST = 128           # dimension of a matrix of many digits: some minutes


def energy_levels(model: Model, values: Mapping[Any, Any] | None = None, digits: int | None = None) -> Any:
    r"""Return the energy levels of a model, ascending, in its energy unit.

    Splittings far below the levels themselves, such as those of tunnelling, drown in the rounding of doubles: with
    `digits` the exact matrix of H is diagonalised in so many more digits that every level, and so every difference, is
    right to 10^−digits times the size of H.

    Args:
        model: constant in time.
        values: numbers for its parameters; with `digits` a float stands for the rational that it prints as.
        digits: None for doubles.

    Returns:
        An array of doubles (d,), or a list of `mpmath.mpf`.

    Raises:
        InputError, InputTypeError: a model that depends on time or is too large, a parameter without a number, digits
            that are no positive integer.

    >>> from qllg_sym import Space, Units, Zeeman, ZeroField
    >>> energy_levels(Model(Space("1"), [ZeroField(1, 0, E=0.25)])).round(6).tolist()
    [-0.666667, 0.083333, 0.583333]
    >>> low, high, _ = energy_levels(Model(Space("1"), [ZeroField(-1, 0, E=1e-20)]), digits=40)
    >>> mpmath.nstr(high - low, 15)                                     # 2E
    '2.0e-20'
    """
    _check(model, digits)
    if digits is None:
        names = [symbol.name for symbol in model.parameters]
        numbers: Any = checked_values(names, values)
        return np.linalg.eigvalsh(matrix_of(model, numbers)) * number_of(model.hbar, numbers)
    numbers = _exact(model, values)
    matrix = frequency(model, numbers) * model.hbar.xreplace(numbers)
    with mpmath.workdps(digits + GUARD):
        found = mpmath.eighe(mpmath.matrix(evaluated(matrix).tolist()), eigvals_only=True)
        ascending = sorted(found)
    with mpmath.workdps(digits):
        return [+level for level in ascending]


def _check(model: Any, digits: Any) -> None:
    """Refuse what has no levels of its own, or too many."""
    if not isinstance(model, Model):
        raise InputTypeError(f"`model` must be a Model, but is of type {type(model).__name__}; write Model(space, "
                             "terms).")
    if model.time_dependent or model.space.symbolic:
        what = "has a spin that is a symbol" if model.space.symbolic else "depends on time"
        raise InputError(f"`model` must be constant in time and of numeric spins, but {what}; use subs.")
    if digits is not None and (isinstance(digits, bool) or not isinstance(digits, int)
                               or not 1 <= digits <= MOST_DIGITS):
        raise InputError(f"`digits` must be a whole number from 1 to {MOST_DIGITS}, but is {digits!r}; write "
                         "digits=40.")
    most = LARGEST_DENSE if digits is None else LARGEST
    if model.space.dimension > most:
        raise InputError(f"`model` must have dimension {most} at most{'' if digits is None else ' for so many digits'},"
                         f" but has {model.space.dimension:,}; take fewer spins.")


def _exact(model: Model, values: Mapping[Any, Any] | None) -> dict[Any, Any]:
    """Return an exact number for every parameter."""
    names = [symbol.name for symbol in model.parameters]
    checked_values(names, values)
    given = {str(key): value for key, value in (values or {}).items()}
    return {s: given[s.name] if hasattr(given[s.name], "is_Rational") else exact_float(given[s.name], s.name)
            for s in model.parameters}
