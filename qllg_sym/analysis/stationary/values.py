"""Values of parameters, exact, as operations at rest take them."""

from collections.abc import Mapping
from typing import Any

import sympy as sp

from qllg_sym.algebra.scalars import real_coefficient
from qllg_sym.algebra.symbols import t
from qllg_sym.equations.components import Components
from qllg_sym.errors import InputError, InputTypeError


def exact_parameters(components: Components, values: Mapping[Any, Any] | None) -> dict[sp.Symbol, sp.Expr]:
    """Return {parameter: exact number or expression}; a float is the rational that it prints as.

    Raises:
        InputError: a name that is no parameter, a value that depends on time, or equations that do.
        InputTypeError: no mapping.
    """
    if values is not None and not isinstance(values, Mapping):
        raise InputTypeError(f"`values` must map parameters to numbers, but is {values!r}; write {{\"J\": 1}}.")
    known = {p.name: p for p in components.parameters}
    found = {}
    for key, value in (values or {}).items():
        if str(key) not in known:
            names = ", ".join(known) or "none"
            raise InputError(f"`values` must be of parameters ({names}), but has {key}; leave it out.")
        found[known[str(key)]] = real_coefficient(value, str(key))
    equation = components.equation
    if equation.model.time_dependent or any(t in e.free_symbols for e in (*equation.law.coefficients(),
                                                                          *found.values())):
        raise InputError("`components` must not depend on time to have fixed points, but do; "
                         "give `values` or a model that is constant.")
    return found
