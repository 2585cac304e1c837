"""The part of the residual that is of one order in a parameter."""

import numbers

import sympy as sp

from qllg_sym.algebra.scalars import to_expr
from qllg_sym.equations.components import Components
from qllg_sym.errors import InputError


def coefficient(components: Components, parameter: sp.Symbol | str, n: int) -> tuple[sp.Expr, ...]:
    r"""Return the coefficients of $p^n$ in the residual, $0 = R(\dot y, y, p) = \sum_n p^n R_n(\dot y, y)$.

    Args:
        components: polynomial in p.
        parameter: p, a parameter of the components, or its name.
        n: the power, at least 0.

    Returns:
        One polynomial for each state, in states, velocities and the other parameters.

    Raises:
        InputError: p is no parameter, the residual is not a polynomial in it, or n is no whole number from 0 on.

    Source: PRL 133, 266704 (2024), eq. 3: of first order in κ stands the commutator of ρ with its velocity.

    >>> from qllg_sym import Model, QuantumLLG, Space, Zeeman
    >>> kappa = sp.Symbol("kappa", real=True)
    >>> QuantumLLG(kappa).derive(Model(Space("1/2"), [Zeeman((0, 0, 1))])).pauli().coefficient("kappa", 1)[2]
    T_x*dT_y - T_y*dT_x
    """
    found = {p.name: p for p in components.parameters}.get(str(parameter))
    if found is None:
        names = ", ".join(p.name for p in components.parameters) or "none"
        raise InputError(f"`parameter` must be one of the parameters ({names}), but is {parameter}; choose one.")
    if not isinstance(n, numbers.Integral) or isinstance(n, bool) or n < 0:
        raise InputError(f"`n` must be a whole number from 0 on, but is {n!r}; give the power of {found}.")
    ring = components.polynomials[0].ring
    places = [k for k, atom in enumerate(ring.symbols) if found in atom.free_symbols]
    if any(ring.symbols[k] != found for k in places):
        raise InputError(f"`parameter` must enter the residual as a polynomial, but {found} does so in "
                         f"{', '.join(str(ring.symbols[k]) for k in places)}; choose another, or expand in a series.")
    powers = [{m: c for m, c in p.terms() if (m[places[0]] if places else 0) == n} for p in components.polynomials]
    less = [{tuple(0 if k in places else e for k, e in enumerate(m)): c for m, c in part.items()} for part in powers]
    return tuple(to_expr(ring.from_dict(part)) for part in less)
