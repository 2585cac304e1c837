"""The variational equations of a parameter: how a solution changes with it, order by order."""

from typing import Any

import sympy as sp

from qllg_sym.algebra.scalars import to_expr
from qllg_sym.analysis.expansions.orders import motion_in_powers
from qllg_sym.analysis.expansions.undamped import variational
from qllg_sym.analysis.parameters import order_of, parameter_named
from qllg_sym.equations.components import Components


def variations(components: Components, parameter: Any, n: int) -> list[dict[sp.Symbol, sp.Expr]]:
    r"""Return the equations of motion of $y_0, …, y_n$ in $y(t) = \sum_m p^m y_m(t) + O(p^{n+1})$.

    $\dot y_0 = F_0(y_0)$, $\dot y_1 = F_0'(y_0)\, y_1 + F_1(y_0)$, … with $\dot y = \sum_k p^k F_k(y)$, see `series`.
    They hold for any dependence on time, and start from y_0 = y(0), y_1 = y_2 = … = 0.

    Args:
        components: whose residual is polynomial in p and explicit at p = 0.
        parameter: p, or its name.
        n: highest order.

    Returns:
        For each order {symbol: its velocity}, the symbols T_x_0, T_x_1, … of a state T_x.

    Raises:
        InputError: p is no parameter, the residual is not a polynomial in it, or n is no whole number from 0 on.
        DerivationError: for p = 0 the equations are not explicit.

    Source: perturbation of PRL 133, 266704 (2024), eq. 3, about κ = 0.

    >>> from qllg_sym import Model, QuantumLLG, Space, Zeeman
    >>> kappa = sp.Symbol("kappa", real=True)
    >>> orders = QuantumLLG(kappa).derive(Model(Space("1/2"), [Zeeman((0, 0, 1))])).pauli().variations("kappa", 1)
    >>> orders[1]
    {T_x_1: -T_x_0*T_z_0 + T_y_1, T_y_1: -T_x_1 - T_y_0*T_z_0, T_z_1: T_x_0**2 + T_y_0**2}
    """
    found = parameter_named(components, parameter)
    fields = motion_in_powers(components, found, order_of(n, f"the highest order in {found}"))
    equations, symbols = variational(fields, components.states)
    return [dict(zip(names, map(to_expr, order), strict=True)) for names, order in zip(symbols, equations, strict=True)]
