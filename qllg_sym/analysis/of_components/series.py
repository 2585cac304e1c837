"""Series of equations of motion and of their solutions."""

from collections.abc import Sequence
from math import factorial
from typing import Any

import sympy as sp
from sympy.polys.rings import PolyElement

from qllg_sym.algebra.scalars import make_ring, real_coefficient, to_expr
from qllg_sym.algebra.symbols import t
from qllg_sym.analysis.expansions.large_spin import motion_in_inverse_spin
from qllg_sym.analysis.expansions.orders import motion_in_powers
from qllg_sym.analysis.expansions.remainder import remainder as proved_remainder
from qllg_sym.analysis.expansions.taylor import start_of, taylor
from qllg_sym.analysis.expansions.taylor_series import TaylorSeries
from qllg_sym.analysis.expansions.undamped import solution_in_powers
from qllg_sym.analysis.parameters import order_of, parameter_named
from qllg_sym.display import Expressions
from qllg_sym.equations.components import Components
from qllg_sym.errors import InputError, InputTypeError


def series(components: Components, variable: Any, n: int, start: Any = None, remainder: Any = None, *,
           solution: bool = False) -> list[tuple[sp.Expr, ...]]:
    r"""Return the equations of motion, or their solution, in powers of a parameter, or a solution in powers of time.

    A parameter p: $\dot y = \sum_{k=0}^{n} p^k F_k(y) + O(p^{n+1})$. For q-LLG and p = κ: $F_0 = i[\rho, H/\hbar]$ and
    $F_k = i[\rho, F_{k-1}]$, polynomials of degree k + 1.

    With `solution=True`: $y(t) = \sum_{k=0}^{n} p^k y_k + O(p^{n+1})$, where the y_k are polynomials in t and in the
    states, which stand for the solution with p = 0 from the same start, at the time t. For q-LLG and constant H that is
    $\rho_0(t) = e^{-iHt/\hbar} \rho(0) e^{iHt/\hbar}$, which `qllg_sym.exact` of `VonNeumann()` has, and
    $\rho_1(t) = t\, i[\rho_0(t), i[\rho_0(t), H/\hbar]]$.

    The inverse length of a spin, "1/s", of eta() components: $\dot m = \sum_k s^{-k} F_k(m) + O(s^{-n-1})$ for
    m = ħ s η, |m| ≤ 1, which the states stand for. At fixed κ that is precession with Gilbert's damping
    κ/(s(2s + 1)), so κ/2 in order 2. (Coherent states |n⟩⟨n| of s > ½ are not of this form: with H linear in S they
    follow LLG with α = κ at every s.)

    Time: $y(t) = \sum_{k=0}^{n} y_k t^k + O(t^{n+1})$ from a start, exact, by the recursion of the implicit residual.
    With `remainder=T` it is proved, in balls, how far the polynomial is off up to the time T.

    Args:
        components: for a parameter, with a residual that is polynomial in it and explicit where it is zero.
        variable: p, a parameter or its name; "1/s" with the name of the spin; or time: `qllg_sym.t` or "t".
        n: highest power, at least 0.
        start: for time: a state as for `solve`, known exactly, or {state: value} with 0 where none is named.
        solution: for a parameter: the solution in place of the equations of motion.
        remainder: for time: T > 0; parameters must be numbers then (`subs`), and python-flint installed.

    Returns:
        n + 1 tuples, each with one expression for every state: the F_k in states and the other parameters, or the y_k.
        For time the list is a `TaylorSeries`, with `.polynomials`, `.remainder` and `.bounds(time)`.

    Raises:
        InputError: p is no parameter, the residual is not a polynomial in it, or n is no whole number from 0 on; a
            start for a parameter, or none for time; a parameter without a number where a remainder is asked for.
        StateError: no state of this space, or one that is not known exactly.
        DerivationError: for p = 0 the equations are not explicit, or their solution is not in terms of the one for
            p = 0 alone (as where H depends on time): `variations` has its equations.
        IntegrationError: T is too long for a proof.

    Source: from PRL 133, 266704 (2024), eq. 3, by putting its right-hand side in for the velocity again and again; the
    remainder as in R. E. Moore, Interval Analysis (1966).

    >>> from qllg_sym import Model, QuantumLLG, Space, Zeeman, states
    >>> kappa = sp.Symbol("kappa", real=True)
    >>> components = QuantumLLG(kappa).derive(Model(Space("1/2"), [Zeeman((0, 0, 1))])).pauli()
    >>> components.series("kappa", 1)
    [(T_y, -T_x, 0), (-T_x*T_z, -T_y*T_z, T_x**2 + T_y**2)]
    >>> components.series("kappa", 1, solution=True)[1]
    (-t*T_x*T_z, -t*T_y*T_z, t*T_x**2 + t*T_y**2)
    >>> components.series("t", 1, start=states.product("+x"))
    [(1, 0, 0), (0, -1/(kappa**2 + 1), kappa/(kappa**2 + 1))]
    """
    if not isinstance(variable, (str, sp.Expr)):
        raise InputTypeError("`variable` must be a parameter, its name, \"t\" or \"1/s\", but is of type "
                             f"{type(variable).__name__}; write series(\"kappa\", 2).")
    if str(variable) != "t":
        if start is not None or remainder is not None:
            raise InputError("`start` and `remainder` must be left out for a parameter, but one is given; they belong "
                             "to series(\"t\", …).")
        spin = components.equation.model.space.spins[0]
        if str(variable) == f"1/{spin}" or variable == "1/s":
            found = motion_in_inverse_spin(components, order_of(n, "the highest power of 1/s"))
        else:
            parameter = parameter_named(components, variable, "variable")
            found = motion_in_powers(components, parameter, order_of(n, f"the highest power of {parameter}"))
        if not solution:
            return [Expressions(map(to_expr, order)) for order in found]
        return [Expressions(_in_time(powers) for powers in zip(*order, strict=True))
                for order in solution_in_powers(components, found, variable)]
    if start is None or solution:
        raise InputError("`start` must be a state for series in t, but is missing; give one of qllg_sym.states, or "
                         "{state: value}.") if start is None else InputError(
                             "`solution` must be left out for series in t, but is given; these are solutions.")
    first, order = start_of(components, start), order_of(n, "the highest power of t")
    until = None if remainder is None else _duration(components, first, remainder)
    coefficients = taylor(components, first, order)
    if until is None:
        return TaylorSeries(coefficients)
    return TaylorSeries(coefficients, proved_remainder(components, coefficients, until), until)


def _in_time(powers: Sequence[PolyElement]) -> sp.Expr:
    """Σ w_r t^r/r!."""
    ring = make_ring([*powers[0].ring.symbols, t])
    return to_expr(ring.from_dict({(*e, r): c / factorial(r) for r, w in enumerate(powers) for e, c in w.terms()}))


def _duration(components: Components, first: tuple[sp.Expr, ...], remainder: Any) -> sp.Rational:
    """The time up to which a remainder is asked for, where there are numbers for all that is needed."""
    until = None if isinstance(remainder, str) else real_coefficient(remainder, "remainder")
    if until is None or not until.is_Rational or until <= 0:
        raise InputError(f"`remainder` must be a positive time up to which it holds, but is {remainder!r}; "
                         "give one such as 0.1.")
    symbols = {*components.parameters}.union(*(y.atoms(sp.Symbol) for y in first))
    if symbols:
        names = ", ".join(sorted(s.name for s in symbols))
        raise InputError(f"`remainder` must have numbers for every parameter, but {names} have none; use subs first.")
    return sp.Rational(until)
