"""Where expressions in time jump or have a kink, found from what they are: steps of noisy trajectories end there."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import sympy as sp

from qllg_sym.algebra.scalars import symbols_in
from qllg_sym.algebra.signals import Signal, signals_in
from qllg_sym.codegen.builder import Builder
from qllg_sym.codegen.lower import lower
from qllg_sym.equations.inputs import inputs_of, symbol_names
from qllg_sym.errors import InputError
from qllg_sym.flow.drives.branches import JUMPING, Switches
from qllg_sym.flow.drives.crossings import separated, sign_changes
from qllg_sym.flow.drives.walk import Array


def jumps(expressions: Iterable[sp.Expr], values: Mapping[str, Any], begin: float, end: float) -> Array:
    """Return the times inside an interval at which an expression has a jump or a kink, ascending; a few may be none.

    A signal jumps where its support ends.

    Args:
        expressions: in `qllg_sym.t`, parameters and signals.
        values: numbers for the parameters, by name.
        begin: first time.
        end: last time.

    Raises:
        InputError: a jump at times that a signal decides, or more of them than can be told apart.

    >>> from qllg_sym import t
    >>> w = sp.Symbol("w", real=True)
    >>> jumps([sp.Heaviside(t - 2), abs(sp.cos(w * t))], {"w": np.pi}, 0.0, 3.0).tolist()
    [0.5, 1.5, 2.0, 2.5]
    """
    switches, found = Switches({}), [np.empty(0)]
    for expression in expressions:
        switches.smooth(expression)
        for signal in signals_in([expression]):
            found.append(np.array([float(edge) for part in signal.support or () for edge in part]))
    for function in switches.functions:
        if signals_in([function]):
            raise InputError(f"`model` and `kT` must have jumps and kinks at times that no signal decides, but one has "
                             f"them where {function} changes its sign; give the whole coefficient as a signal.")
        symbols = [s for s in symbols_in([function]) if not isinstance(s, Signal)]
        builder = Builder("switch", [], symbol_names(symbols))
        kernel = builder.kernel({"g": lower(builder, function, inputs_of(builder, (), symbols))})
        numbers = np.array([float(values[s.name]) for s in symbols])
        found.append(sign_changes(kernel, not function.has(*JUMPING), numbers, begin, end))
    return separated(np.concatenate(found), begin, end)
