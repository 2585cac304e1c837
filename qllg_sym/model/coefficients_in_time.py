"""Coefficients as QuTiP's users write them, [H1, f]: expressions, texts, functions of time, samples at given times."""

from collections.abc import Callable
from typing import Any

import sympy as sp

from qllg_sym.algebra.fields import short
from qllg_sym.algebra.signals import Attached, Signal
from qllg_sym.algebra.symbols import t
from qllg_sym.errors import InputError, InputTypeError
from qllg_sym.model.expressions import names_written, parse

Read = Callable[[Any], Any]


def reader(tlist: Any) -> Read:
    """Return f ↦ the coefficient that f stands for; functions and samples are signals f1, f2, … that know their values.

    Args:
        tlist: the times of samples, or None.

    >>> read = reader(None); read("cos(w*t)"), read(abs), read(abs)
    (cos(t*w), f1(t), f2(t))
    """
    count = 0

    def read(f: Any) -> Any:
        nonlocal count
        if isinstance(f, str):
            return parse(f, names_written(f))
        if isinstance(f, (sp.Expr, int, float, complex)) or getattr(f, "shape", None) == ():
            return f
        count += 1
        return Signal(t, sp.core.symbol.Str(f"f{count}"), sp.Tuple(), sp.S.Zero, Attached(_values(f, tlist)))

    return read


def _values(f: Any, tlist: Any) -> Any:
    """Return the values of a signal: a function, or (times, samples)."""
    if (times := _own_times(f)) is not None:
        return times, [f(time) for time in times.tolist()]
    if callable(f):
        return f
    if not hasattr(f, "shape") or len(f.shape) != 1:
        raise InputTypeError(f"`terms` must have coefficients that are expressions in qllg_sym.t, texts such as "
                             f"\"cos(w*t)\", functions of time or arrays of samples, but one is {short(f)}; write "
                             "sympy.sin(q.t), say.")
    if tlist is None:
        raise InputError("`tlist` must be given with coefficients that are samples, but is not; add the "
                         f"{len(f)} times of the samples.")
    if len(tlist) != len(f):
        raise InputError(f"`tlist` must have a time for each sample, but has {len(tlist)} for {len(f)} samples; "
                         "give as many.")
    return tlist, f


def _own_times(f: Any) -> Any:
    """Return the times of a coefficient of QuTiP that is the spline through samples, None for everything else."""
    if type(f).__name__ != "InterCoefficient":
        return None
    return next(part for part in f.__reduce__()[1] if getattr(part, "ndim", 0) == 1)
