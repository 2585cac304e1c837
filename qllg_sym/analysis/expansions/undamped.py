"""Solutions in powers of a parameter, in terms of the solution without it, and the variational equations."""

from collections.abc import Sequence

import sympy as sp
from sympy.polys.rings import PolyElement

from qllg_sym.algebra.scalars import make_ring
from qllg_sym.algebra.symbols import t
from qllg_sym.analysis.expansions.orders import Polynomials, check_products
from qllg_sym.equations.components import Components
from qllg_sym.errors import DerivationError

TimePowers = list[Polynomials]          # of t^r/r!, r = 0, 1, …


def solution_in_powers(components: Components, fields: Sequence[Polynomials], parameter: object) -> list[TimePowers]:
    r"""Return y_0, …, y_n of $y(t) = \sum_m p^m y_m$, polynomials in t and in the solution Y(t) for p = 0.

    Where $F_0$ commutes with every $F_k$, its flow carries solutions of $\dot z = \sum_{k \ge 1} p^k F_k(z)$ into one
    another: y(t) is that z at time t which starts at Y(t). By Lie's series $z = e^{tL} Y$, $L = \sum_k p^k L_k$ with
    $L_k w = \sum_i F_{k,i}\, \partial w/\partial y_i$.

    Args:
        components: whose motion it is.
        fields: F_0, …, F_n.
        parameter: p.

    Raises:
        DerivationError: F_0 does not commute with all others, or they depend on time.
    """
    ring, n = fields[0][0].ring, len(fields) - 1
    if any(t in g.free_symbols and any(p.degree(k) > 0 for f in fields for p in f) for k, g in enumerate(ring.symbols)):
        raise DerivationError("`solution` must be of equations that are constant in time, but these depend on it; use "
                              "variations().")
    for k, field in enumerate(fields[1:], start=1):
        check_products(components, _products(fields[0], field) + _products(field, fields[0]), k)
        there, back = along(fields[0], field), along(field, fields[0])
        if any(a != b for a, b in zip(there, back, strict=True)):
            raise DerivationError(f"`solution` must be of equations whose order {k} in {parameter} commutes with order "
                                  "0, but here it does not; use variations().")
    zero = (ring.zero,) * len(fields[0])
    powers: list[TimePowers] = [[tuple(ring.gens[:len(zero)])]]
    for m in range(1, n + 1):
        powers.append([zero])
        for r in range(1, m + 1):
            total = zero
            for k in range(1, m - r + 2):
                if len(earlier := powers[m - k]) > r - 1:
                    check_products(components, _products(fields[k], earlier[r - 1]), m)
                    step = along(fields[k], earlier[r - 1])
                    total = tuple(a + b for a, b in zip(total, step, strict=True))
            powers[m].append(total)
    return powers


def along(field: Polynomials, functions: Polynomials) -> Polynomials:
    """Return the derivatives of functions along a field, Σ_i F_i ∂w/∂y_i."""
    zero = field[0].ring.zero
    return tuple(sum((f * d for i, f in enumerate(field) if f and (d := w.diff(i))), zero) for w in functions)


def _products(field: Polynomials, functions: Polynomials) -> int:
    """About how many products of terms `along` makes."""
    return sum(map(len, field)) * sum(map(len, functions)) // len(field)


def variational(fields: Sequence[Polynomials], states: Sequence[sp.Symbol]) -> tuple[list[Polynomials],
                                                                                     list[tuple[sp.Symbol, ...]]]:
    r"""Return the equations of y_0, …, y_n in $y = \sum_m p^m y_m$, and their symbols, T_x_0, T_x_1, … of T_x.

    $\dot y_m$ is the coefficient of p^m in $\sum_k p^k F_k(\sum_j p^j y_j)$.
    """
    n, count, old = len(fields) - 1, len(states), fields[0][0].ring
    symbols = [tuple(sp.Symbol(f"{s.name}_{m}", real=True) for s in states) for m in range(n + 1)]
    ring = make_ring([*(s for order in symbols for s in order), *old.symbols[2 * count:]])
    series = [[ring.gens[m * count + i] for m in range(n + 1)] for i in range(count)]
    series += [[ring.zero] * (n + 1)] * count           # velocities, which no field has
    series += [[ring.gens[(n + 1) * count + a], *[ring.zero] * n] for a in range(len(old.symbols) - 2 * count)]
    orders = [[ring.zero] * count for _ in range(n + 1)]
    for k, field in enumerate(fields):
        for i, polynomial in enumerate(field):
            for m, part in enumerate(_composed(polynomial, series, n - k)):
                orders[k + m][i] += part
    return [tuple(order) for order in orders], symbols


def _composed(polynomial: PolyElement, series: Sequence[Sequence[PolyElement]], n: int) -> list[PolyElement]:
    """The orders 0, …, n of a polynomial of series."""
    ring = series[0][0].ring
    total = [ring.zero] * (n + 1)
    for exponents, c in polynomial.terms():
        product = [ring.ground_new(c), *[ring.zero] * n]
        for g, e in enumerate(exponents):
            for _ in range(e):
                product = [sum((product[j] * series[g][m - j] for j in range(m + 1)), ring.zero) for m in range(n + 1)]
        total = [a + b for a, b in zip(total, product, strict=True)]
    return total
