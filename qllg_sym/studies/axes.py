"""`over` → axes: parameters of the model and of the law, and initial states."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import reduce
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from qllg_sym.algebra.scalars import Coefficient
from qllg_sym.algebra.signals import Signal
from qllg_sym.codegen.values import real_array
from qllg_sym.equations.law import Law, sum_of_laws
from qllg_sym.errors import InputError, InputTypeError, meant
from qllg_sym.flow.states.stacking import extra_names
from qllg_sym.model.model import Model

STATE = "state"         # the axis of initial states
TAKEN = ("time", "site", "axis", "component", "failure")     # dimensions that results have themselves


@dataclass(frozen=True)
class Axis:
    """One direction of a grid.

    Attributes:
        name: of the parameter, or "state".
        points: numbers (m,), or the names of the states.
        states: one a point; empty for a parameter.
    """

    name: str
    points: NDArray[Any]
    states: tuple[Any, ...] = ()

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self.points)


def study_axes(over: Any) -> tuple[Axis, ...]:
    """Return what varies, in the order given.

    Raises:
        InputError: no axis, one without points, one twice, a number that is not finite, or a name of a dimension.
        InputTypeError: no mapping, points that are no numbers, or states without names.

    >>> study_axes({"D": [0, 0.5]})[0].points.tolist()
    [0.0, 0.5]
    """
    if not isinstance(over, Mapping):
        raise InputTypeError(f"`over` must map names to points, but is of type {type(over).__name__}; "
                             "write over={\"D\": numpy.linspace(0, 1, 51)}.")
    if not over:
        raise InputError("`over` must have at least one axis, but has none; write over={\"D\": "
                         "numpy.linspace(0, 1, 51)}, or use `solve`.")
    names = [str(key) for key in over]
    if twice := [name for name in names if names.count(name) > 1]:
        raise InputError(f"`over` must name each axis once, but has {twice[0]!r} twice; drop one.")
    return tuple(_states(points) if name == STATE else _numbers(name, points)
                 for name, points in zip(names, over.values(), strict=True))


def _states(points: Any) -> Axis:
    """Return the axis of initial states."""
    if not isinstance(points, Mapping):
        raise InputTypeError("`over[\"state\"]` must map names to states, but is of type "
                             f"{type(points).__name__}; write over={{\"state\": {{\"up\": state}}}}.")
    if not points:
        raise InputError("`over[\"state\"]` must have at least one state, but has none; give one by name.")
    return Axis(STATE, np.array([str(name) for name in points]), tuple(points.values()))


def _numbers(name: str, points: Any) -> Axis:
    """Return an axis of numbers."""
    if name in TAKEN:
        raise InputError(f"`over` must name axes otherwise than results do, but has {name!r}; rename the parameter.")
    array = real_array(points)
    if array is None:
        raise InputTypeError(f"`over[{name!r}]` must be real numbers, but is of type {type(points).__name__}; "
                             "write numpy.linspace(0, 1, 51).")
    if array.ndim != 1 or not len(array):
        raise InputError(f"`over[{name!r}]` must be a list of at least one number, but is of shape {array.shape}; "
                         "write numpy.linspace(0, 1, 51).")
    if not np.all(np.isfinite(array)):
        k = int(np.argmin(np.isfinite(array)))
        raise InputError(f"`over[{name!r}]` must be finite, but number {k} is {array[k]}; leave it out.")
    return Axis(name, array)


def with_symbols(law: Law, model: Model, axes: tuple[Axis, ...]) -> Law:
    """Return the law with a symbol for each axis that is a coefficient of it, such as kappa, and no parameter yet.

    Raises:
        InputError: two laws of a sum have that coefficient.

    >>> from qllg_sym import QuantumLLG, Space
    >>> with_symbols(QuantumLLG(0.5), Model(Space("1/2")), study_axes({"kappa": [1]}))
    QuantumLLG(kappa=kappa)
    """
    known = {symbol.name for symbol in law.derive(model).parameters}
    for axis in axes:
        holders = [member for member in law.members if axis.name in _coefficients(member)]
        if axis.name in known or not holders:
            continue
        if len(holders) > 1:
            raise InputError(f"`over` must name one coefficient, but {axis.name!r} is one of {holders[0].kind} and of "
                             f"{holders[1].kind}; write symbols in the law.")
        symbol = sp.Symbol(axis.name, real=True)
        law = reduce(sum_of_laws, [replace(member, **{axis.name: symbol}) if member is holders[0] else member
                                   for member in law.members])
    return law


def _coefficients(law: Law) -> list[str]:
    """Return the names of a law's own coefficients."""
    return [item.name for item in fields(law) if item.type == Coefficient]


def check_names(axes: tuple[Axis, ...], model: Model, law: Law, states: tuple[Any, ...],
                values: Mapping[str, Any]) -> None:
    """Refuse an axis that nothing depends on, and one that `values` fixes.

    Raises:
        InputError: the name occurs nowhere (with one that resembles it), or is in `values` too.
    """
    numbers = [symbol.name for symbol in law.derive(model).parameters if not isinstance(symbol, Signal)]
    known = sorted({*numbers, *extra_names(states)})
    for axis in axes:
        if axis.name == STATE:
            continue
        if axis.name not in known:
            coefficients = [name for member in law.members for name in _coefficients(member)]
            raise InputError(f"`over` must name parameters of the model, of the law or \"state\", but {axis.name!r} "
                             f"is none{meant(axis.name, [*known, *coefficients, STATE])}; the parameters are "
                             f"{', '.join(known) or 'none'}.")
        if axis.name in values:
            raise InputError(f"`over` must vary what `values` does not fix, but {axis.name!r} is in both; drop one.")
    swept = {axis.name for axis in axes}
    for name, value in values.items():
        array = real_array(value)
        if name in known and name not in swept and array is not None and array.ndim:
            raise InputError(f"`values[{name!r}]` must be one number, but is an array; move it to `over`.")
