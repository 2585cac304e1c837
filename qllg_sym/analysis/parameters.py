"""Where a parameter stands in the residual of components, and the parts of polynomials that are of one power in it."""

import numbers
from collections.abc import Iterable
from typing import Any

import sympy as sp
from sympy.polys.rings import PolyElement

from qllg_sym.equations.components import Components
from qllg_sym.errors import InputError


def parameter_named(components: Components, parameter: Any, argument: str = "parameter") -> sp.Symbol:
    """Return a parameter of components from the symbol or its name, given as an argument of that name.

    Raises:
        InputError: it is none.
    """
    found = {p.name: p for p in components.parameters}.get(str(parameter))
    if found is not None:
        return found
    names = ", ".join(p.name for p in components.parameters) or "none"
    raise InputError(f"`{argument}` must be one of the parameters ({names}), but is {parameter}; choose one.")


def place_of(components: Components, parameter: sp.Symbol) -> int | None:
    """Return the generator of a parameter in the ring of the residual; None where it does not occur.

    Raises:
        InputError: the residual is no polynomial in it.
    """
    symbols = components.polynomials[0].ring.symbols
    places = [k for k, atom in enumerate(symbols) if parameter in atom.free_symbols]
    if any(symbols[k] != parameter for k in places):
        raise InputError(f"`parameter` must enter the residual as a polynomial, but {parameter} does so in "
                         f"{', '.join(str(symbols[k]) for k in places)}; choose another one.")
    return places[0] if places else None


def order_of(value: Any, what: str) -> int:
    """Return a whole number from 0 on as a plain int.

    >>> order_of(2, "the power of kappa")
    2
    """
    if not isinstance(value, numbers.Integral) or isinstance(value, bool) or value < 0:
        raise InputError(f"`n` must be a whole number from 0 on, but is {value!r}; give {what}.")
    return int(value)


def powers(polynomial: PolyElement, place: int | None) -> dict[int, PolyElement]:
    """Return the coefficients of the powers of one generator, in the same ring.

    >>> from sympy.polys.rings import ring; _, x, y = ring("x y", sp.QQ)
    >>> powers(x**2 * y + 3 * y - 1, 0)
    {2: y, 0: 3*y - 1}
    """
    parts: dict[int, dict[tuple[int, ...], Any]] = {}
    for exponents, c in polynomial.terms():
        power = 0 if place is None else exponents[place]
        rest = tuple(0 if k == place else e for k, e in enumerate(exponents))
        parts.setdefault(power, {})[rest] = c
    return {power: polynomial.ring.from_dict(part) for power, part in parts.items()}


def of_power(polynomials: Iterable[PolyElement], place: int | None, n: int) -> tuple[PolyElement, ...]:
    """Return the coefficient of the n-th power of one generator in each polynomial."""
    return tuple(powers(p, place).get(n, p.ring.zero) for p in polynomials)
