"""What is given → problems: every input checked, every number bound, one row or many."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.algebra.signals import Signal
from qllg_sym.codegen.values import checked_values, real_array
from qllg_sym.equations.equation import Equation
from qllg_sym.equations.hybrid.law import Hybrid
from qllg_sym.equations.law import Law
from qllg_sym.errors import InputError, InputTypeError, StateError
from qllg_sym.flow.layout import Layout, name_of
from qllg_sym.flow.numbers import hbars, number_of, of_rows
from qllg_sym.flow.options import Options
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.states.initial import check_moments
from qllg_sym.flow.states.initial_states import InitialStates
from qllg_sym.flow.states.preparation import Preparation
from qllg_sym.flow.states.resolve import resolve_at
from qllg_sym.flow.states.stacking import Given, extra_names, named, starts
from qllg_sym.flow.states.state import models_of
from qllg_sym.flow.waveforms import SignalValues, Waveform, waveform, wrapped
from qllg_sym.model.model import Model

Array = NDArray[Any]
PLAIN = Options()


def pose(model: Model, law: Law, state: Any, times: Any, values: Mapping[Any, Any] | None = None,
         options: Options = PLAIN) -> Problem:
    """Return the problem of one row.

    Raises:
        QllgError: bad input.

    >>> from qllg_sym import Model, QuantumLLG, Space, states
    >>> pose(Model(Space("1/2")), QuantumLLG(0.5), states.product("up"), [0, 1]).values
    {}
    """
    if isinstance(law, type) or not hasattr(law, "derive"):
        raise InputTypeError(f"`law` must be a law of motion, but is {law!r}; write QuantumLLG(0.5).")
    if isinstance(law, Hybrid):
        raise InputError("`law` must be one law on all sites here, but is hybrid; use `solve` with a HybridState.")
    equation = law.derive(model)
    if model.space.symbolic:
        raise InputError(f"`model` must have numeric spins to be solved, but has the spin {model.space.spins[0]}; "
                         "give a number.")
    found = bound_to(equation, state, times, values, options)
    start = InitialStates.classical(check_moments(state, model.space.sites)) if law.classical else \
        resolve_at(state, model, number_of(model.hbar, found.known), found.known, float(found.times[0]))
    return Problem(equation, found.values, start, found.times, options.rtol, options.atol,
                   max_step=options.max_step, breakpoints=np.array(options.breakpoints, dtype=float), own=options.own,
                   preparation=Preparation.of([state], found.known, float(found.times[0])))


@dataclass(frozen=True)
class Bound:
    """The times and numbers of one row.

    Attributes:
        times: (n,), checked.
        values: a number for every parameter, and the signals, by name.
        known: all that was given, by name.
    """

    times: Array
    values: dict[str, Any]
    known: dict[str, Any]


def bound_to(equation: Equation, state: Any, times: Any, values: Mapping[Any, Any] | None, options: Options) -> Bound:
    """Return the times and numbers of an equation and a state.

    Raises:
        QllgError: bad input.
    """
    grid = _times(times)
    waves, values = _waveforms(equation, values, grid, options.rtol)
    found = _bind(equation, state, values)
    return Bound(grid, {**found, **waves}, {str(key): value for key, value in (values or {}).items()})


def pose_rows(model: Model, law: Law, rows: Layout, times: Any,
              options: Options) -> tuple[dict[str, Any], list[Problem]]:
    """Return all numbers, and the rows in parts of equal shape: the first posed by itself, with every check.

    Raises:
        QllgError: bad input; about one of several states with its place.
    """
    if rows.single:
        one = pose(model, law, rows.states[0], times, rows.values, options)
        return {name: value for name, value in one.values.items() if not callable(value)}, [one]
    extra, alone = extra_names(rows.states), rows.first_values
    others = {*extra} - {*extra_names(rows.states[:1])}         # names that only other rows need
    if others and isinstance(model, Model) and isinstance(law, Law):
        others -= {symbol.name for symbol in law.derive(model).parameters}
    alone = {key: value for key, value in alone.items() if str(key) not in others}
    try:
        first = pose(model, law, rows.states[0], times, alone, options)
    except (StateError, InputTypeError) as error:
        raise (named(error, 0) if rows.several else error) from None
    names = _plain(first.equation)
    waves = {name: value for name, value in first.values.items() if callable(value)}
    plain = {key: value for key, value in rows.values.items() if name_of(key) not in waves}
    bound = checked_values([*names, *(name for name in extra if name not in names)], plain)
    given = Given(model, float(first.times[0]), rows.size, bound, _positive(model, bound, rows.size))
    own = {**{name: bound[name] for name in names}, **waves}
    first = replace(first, preparation=Preparation.of(rows.states, bound, given.time))
    return bound, [replace(first, values=of_rows(own, start.rows), start=start)
                   for start in starts(given, rows.states, rows.several, first.start)]


def _plain(equation: Equation) -> list[str]:
    """Return the names of the parameters that are numbers."""
    return [symbol.name for symbol in equation.parameters if not isinstance(symbol, Signal)]


def _waveforms(equation: Equation, values: Any, grid: Array, rtol: float) -> tuple[dict[str, Waveform], Any]:
    """Return the signals of an equation with their values, and the values of all else.

    Raises:
        InputError, InputTypeError: a signal without values, or what `waveforms.waveform` refuses.
    """
    signals = {symbol.name: symbol for symbol in equation.parameters if isinstance(symbol, Signal)}
    if not signals or not isinstance(values, Mapping | None):
        return {}, values
    given = {name: SignalValues(signal.values) for name, signal in signals.items() if signal.values is not None}
    given |= {name_of(key): value for key, value in wrapped(values or {}).items()}
    if missing := [name for name in signals if name not in given]:
        raise InputError(f"`values` must give the signal {missing[0]!r}, but does not; add "
                         f"values={{{missing[0]!r}: (times, samples)}}, or a function of time.")
    waves = {name: waveform(signal, given[name], float(grid[0]), float(grid[-1]), rtol)
             for name, signal in signals.items()}
    return waves, {key: value for key, value in (values or {}).items() if name_of(key) not in signals}


def _positive(model: Model, values: Mapping[str, Any], size: int) -> Array:
    """Return ħ in every row, (size,), refused where it is not positive."""
    found = hbars(model.hbar, values, size)
    if not np.all(found > 0):
        row = int(np.argmin(found > 0))
        raise InputError(f"`values` must make ħ positive, but it is {found[row]:g} in row {row}; give another "
                         f"value of `{model.hbar}`.")
    return found


def _times(times: Any) -> Array:
    """Return checked times."""
    grid = real_array(times)
    if grid is None:
        raise InputTypeError(f"`times` must be real numbers, but is of type {type(times).__name__}; "
                             "write numpy.linspace(0, 10, 101).")
    if grid.ndim != 1 or not len(grid) or not np.all(np.isfinite(grid)) or not np.all(np.diff(grid) > 0):
        raise InputError("`times` must be a strictly increasing list of at least one finite time, but is "
                         f"{_shown(grid)}; write numpy.linspace(0, 10, 101).")
    return grid


def _shown(grid: Array) -> str:
    """Return the first fault of a time grid."""
    if grid.ndim != 1 or not len(grid):
        return f"of shape {grid.shape}"
    if not np.all(np.isfinite(grid)):
        return "not finite everywhere"
    k = int(np.argmax(np.diff(grid) <= 0))
    return f"{grid[k]:g} followed by {grid[k + 1]:g}"


def _bind(equation: Equation, state: Any, values: Mapping[Any, Any] | None) -> dict[str, float]:
    """Return numbers for the equation's parameters; a thermal state's own model may need more."""
    names = _plain(equation)
    extra = [s.name for model in models_of(state) for s in model.parameters if s.name not in names]
    bound = checked_values([*names, *extra], values)
    for name, value in bound.items():
        if not isinstance(value, float):
            raise InputError(f"`values[{name!r}]` must be one number, but is an array; use `solve_many` for a batch.")
    hbar = number_of(equation.model.hbar, bound)
    if not hbar > 0:
        raise InputError(f"`values` must make ħ positive, but it is {hbar:g}; give another value of "
                         f"`{equation.model.hbar}`.")
    return {name: bound[name] for name in names}
