"""The part of the residual that is of one order in a parameter."""

import sympy as sp

from qllg_sym.algebra.scalars import to_expr
from qllg_sym.analysis.parameters import of_power, order_of, parameter_named, place_of
from qllg_sym.equations.components import Components


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
    symbol = parameter_named(components, parameter)
    power = order_of(n, f"the power of {symbol}")
    return tuple(map(to_expr, of_power(components.polynomials, place_of(components, symbol), power)))
