"""`q.signal`: a function of time that gets its values where numbers are bound."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import sympy as sp

from qllg_sym.algebra.fields import short
from qllg_sym.algebra.scalars import real_coefficient
from qllg_sym.algebra.signals import Signal
from qllg_sym.algebra.symbols import RESERVED_NAME, t
from qllg_sym.errors import InputError, InputTypeError, ModelError

Intervals = Iterable[tuple[Any, Any]]


def signal(name: str, support: Intervals | None = None, resolution: Any = None) -> sp.Expr:
    r"""Return an unknown real function of time, $f(t)$, for coefficients of terms and laws.

    Its values are given with the numbers: `values={"pulse": (times, samples)}` is the cubic spline through samples
    (not-a-knot, as of SciPy and QuTiP), refused outside its times; `values={"pulse": function}` takes a function of a
    float. Algebra leaves it alone: equations are those of f(t), and 2*f, f**2 are what they are for any symbol.

    Args:
        name: by which `values` give it; letters, digits and underscores.
        support: intervals of time [(begin, end), …] outside which it is zero; everywhere where it is left out.
        resolution: for a function, a time than which it has no narrower feature: it is looked at so finely. Left out,
            1/200 of its support or of the times asked for is assumed, and a warning says so.

    Raises:
        ModelError: a name that is none or belongs to something else.
        InputError, InputTypeError: intervals or a resolution that are none.

    >>> f = signal("pulse"); f, 2*f + 1, sp.latex(f)
    (pulse(t), 2*pulse(t) + 1, '\\mathrm{pulse}\\left(t\\right)')
    """
    if not isinstance(name, str) or not name.isidentifier() or RESERVED_NAME.fullmatch(name):
        raise ModelError(f"`name` must be letters, digits and underscores, and no name of a state or of time, but is "
                         f"{short(name)}; write signal(\"pulse\").")
    finest = sp.S.Zero if resolution is None else real_coefficient(resolution, "resolution")
    if resolution is not None and not (finest.is_number and finest > 0):
        raise InputError(f"`resolution` must be a positive time, but is {resolution!r}; write resolution=0.1.")
    return Signal(t, sp.core.symbol.Str(name), _support(support), finest)


def _support(support: Any) -> sp.Tuple:
    """Intervals as exact pairs, ascending."""
    if support is None:
        return sp.Tuple()
    try:
        pairs = [sp.Tuple(*(real_coefficient(edge, "support") for edge in (begin, end))) for begin, end in support]
    except (TypeError, ValueError) as error:
        if isinstance(error, (ModelError, InputTypeError)):
            raise
        raise InputTypeError(f"`support` must be a list of intervals, but is {short(support)}; write "
                             "support=[(0, 2)].") from None
    edges = [edge for pair in pairs for edge in pair]
    if not pairs or any(edge.free_symbols for edge in edges) or any(a >= b for a, b in pairwise(edges)):
        raise InputError(f"`support` must be intervals of numbers that ascend, but is {short(support)}; write "
                         "support=[(0, 2), (5, 6)].")
    return sp.Tuple(*pairs)
