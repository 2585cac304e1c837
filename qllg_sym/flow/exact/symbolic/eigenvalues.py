"""Eigenvalues of H as square roots: factors of the characteristic polynomial of degree one and two."""

from functools import reduce
from typing import Any

import sympy as sp
from sympy.polys.matrices import DomainMatrix

from qllg_sym.errors import InputError
from qllg_sym.flow.exact.symbolic.radicals import Radicals

LEVEL = sp.Dummy("E")


def cleared(matrix: sp.ImmutableMatrix) -> tuple[sp.Expr, sp.Matrix]:
    """Return L and L·M without parameters below the line."""
    entries = [sp.together(x) for x in matrix.flat()]
    low = reduce(sp.lcm, (sp.denom(x) for x in entries), sp.S.One)
    whole = matrix if low == 1 else (matrix * low).applyfunc(sp.cancel)
    return low, sp.Matrix(whole).applyfunc(sp.expand)


def characteristic_factors(matrix: sp.Matrix, field: Radicals) -> list[tuple[sp.Poly, int]]:
    """Return the different irreducible factors of the characteristic polynomial, each with its multiplicity.

    Raises:
        InputError: one of them is of a degree above 2.
    """
    d, domain = matrix.rows, field.ring.to_domain()
    held = DomainMatrix([[field.lift(x) for x in row] for row in matrix.tolist()], (d, d), domain)
    coefficients = [field.written(field.reduced(c)) for c in held.charpoly()]
    polynomial = sp.Add(*(c * LEVEL**(d - k) for k, c in enumerate(coefficients)))
    found = [(sp.Poly(f, LEVEL), n) for f, n in sp.factor_list(polynomial, LEVEL)[1]]
    hard = [f for f, _ in found if f.degree() > 2]
    if hard:
        shown = hard[0].as_expr().xreplace({LEVEL: sp.Symbol("E")})
        raise InputError("`model` must have eigenvalues made of square roots for an expression, but some are roots of "
                         f"{shown}, of degree {hard[0].degree()} and irreducible; "
                         "give parameters numbers and use at().")
    return [(f.monic(), n) for f, n in found]


def square_root_levels(
        factors: list[sp.Poly]) -> tuple[dict[sp.Dummy, sp.Expr], list[tuple[int, sp.Expr, sp.Expr, Any]]]:
    """Return {w: w²} and the roots centre + offset · w, w None for 1, each with the number of its factor."""
    roots: dict[sp.Dummy, sp.Expr] = {}
    found: list[tuple[int, sp.Expr, sp.Expr, Any]] = []
    for k, f in enumerate(factors):
        if f.degree() == 1:
            found.append((k, sp.expand(-f.nth(0)), sp.S.Zero, None))
            continue
        outside, inside = _square_free(sp.expand(f.nth(1)**2 / 4 - f.nth(0)))
        if inside == 1:
            w = None
        else:
            w = next((w for w, square in roots.items() if square == inside), None) or sp.Dummy("w", positive=True)
            roots[w] = inside
        centre = sp.expand(-f.nth(1) / 2)
        found += [(k, centre, outside, w), (k, centre, -outside, w)]
    return roots, found


def _square_free(x: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """Return p and q with x = p² q, q without square factors."""
    number, factors = sp.factor_list(x)
    number = sp.Rational(number)
    outside = sp.Rational(1, number.q)
    inside = sp.S.One
    for prime, e in sp.factorint(number.p * number.q).items():
        outside *= sp.Integer(prime)**(e // 2)
        inside *= sp.Integer(prime)**(e % 2)
    for f, e in factors:
        outside *= f**(e // 2)
        inside *= f**(e % 2)
    return sp.expand(outside), sp.expand(inside)
