"""Series of equations of motion and of their solutions."""

from typing import Any

import sympy as sp

from qllg_sym.algebra.scalars import to_expr
from qllg_sym.analysis.expansions.orders import motion_in_powers
from qllg_sym.analysis.parameters import order_of, parameter_named
from qllg_sym.equations.components import Components


def series(components: Components, variable: Any, n: int) -> list[tuple[sp.Expr, ...]]:
    r"""Return the equations of motion in powers of a parameter, $\dot y = \sum_{k=0}^{n} p^k F_k(y) + O(p^{n+1})$.

    For q-LLG and p = κ: $F_0 = i[\rho, H/\hbar]$ and $F_k = i[\rho, F_{k-1}]$, polynomials of degree k + 1.

    Args:
        components: whose residual is polynomial in p and explicit at p = 0.
        variable: p, a parameter of the components, or its name.
        n: highest power, at least 0.

    Returns:
        F_0, …, F_n, each with one polynomial for every state, in states and the other parameters.

    Raises:
        InputError: p is no parameter, the residual is not a polynomial in it, or n is no whole number from 0 on.
        DerivationError: for p = 0 the equations are not explicit.

    Source: from PRL 133, 266704 (2024), eq. 3, by putting its right-hand side in for the velocity again and again.

    >>> from qllg_sym import Model, QuantumLLG, Space, Zeeman
    >>> kappa = sp.Symbol("kappa", real=True)
    >>> QuantumLLG(kappa).derive(Model(Space("1/2"), [Zeeman((0, 0, 1))])).pauli().series("kappa", 1)
    [(T_y, -T_x, 0), (-T_x*T_z, -T_y*T_z, T_x**2 + T_y**2)]
    """
    parameter = parameter_named(components, variable)
    found = motion_in_powers(components, parameter, order_of(n, f"the highest power of {parameter}"))
    return [tuple(map(to_expr, order)) for order in found]
