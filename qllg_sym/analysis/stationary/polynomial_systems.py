r"""Real solutions of polynomial systems with finitely many: one number u separates them, and all are polynomials in u.

A Gröbner basis over ℚ of the equations and u − Σ c_k x_k, lexicographic with u last, is f(u), x_k − g_k(u) for almost
every choice of c, if every solution counts once ("shape lemma"); solutions that count more often are made to by taking
the square-free part of f into the system.
"""

from collections.abc import Sequence

import sympy as sp

from qllg_sym.errors import DerivationError, InputError

MOST_UNKNOWNS = 6
WEIGHTS = ((1, 3, -7, 11, 19, -31), (5, -2, 13, 9, -17, 23), (29, 37, 41, -43, 47, 53))


def real_solutions(equations: Sequence[sp.Expr], unknowns: Sequence[sp.Symbol]) -> list[tuple[sp.Expr, ...]]:
    """Return every real solution, exact, of equations with rational coefficients.

    Raises:
        InputError: more than six unknowns.
        DerivationError: infinitely many solutions.

    >>> x, y = sp.symbols("x y"); real_solutions([x**2 + y**2 - 1, x - y], [x, y])
    [(sqrt(2)/2, sqrt(2)/2), (-sqrt(2)/2, -sqrt(2)/2)]
    """
    if len(unknowns) > MOST_UNKNOWNS:
        raise InputError(f"`components` must have {MOST_UNKNOWNS} states at most for exact fixed points of "
                         f"polynomials, but have {len(unknowns)}; close or reduce them first.")
    equations = [e for e in map(sp.expand, equations) if e != 0]
    basis = sp.groebner(equations, *unknowns, order="grevlex") if equations else None
    if basis is not None and list(basis.exprs) == [1]:
        return []
    if basis is None or not basis.is_zero_dimensional:
        raise DerivationError("`components` must have fixed points that are isolated, but these are a family; break a "
                              "symmetry with a field, or fix what is conserved by `constraints`.")
    return _separated(list(basis.exprs), list(unknowns))


def _separated(equations: list[sp.Expr], unknowns: list[sp.Symbol]) -> list[tuple[sp.Expr, ...]]:
    """The solutions by a number that separates them."""
    u = sp.Dummy("u")
    for weights in WEIGHTS:
        line = u - sum(c * x for c, x in zip(weights, unknowns, strict=False))
        basis = sp.groebner([*equations, line], *unknowns, u, order="lex")
        last = sp.Poly(basis.exprs[-1], u)
        if not last.is_sqf:
            basis = sp.groebner([*basis.exprs, last.sqf_part().as_expr()], *unknowns, u, order="lex")
            last = sp.Poly(basis.exprs[-1], u)
        shapes = [_shape(basis.exprs, x, u) for x in unknowns]
        if all(shape is not None for shape in shapes):
            roots = sorted(set(last.real_roots()), key=lambda root: sp.N(root, 40), reverse=True)
            return [tuple(_at(shape, u, root) for shape in shapes) for root in roots]
    raise DerivationError("`components` must have fixed points that one number separates, but none was found; "
                          "give other values.")


def _shape(basis: Sequence[sp.Expr], unknown: sp.Symbol, u: sp.Symbol) -> sp.Poly | None:
    """G with unknown − g(u) in the basis."""
    for element in basis:
        if element.free_symbols <= {unknown, u} and sp.degree(element, unknown) == 1:
            slope = sp.Poly(element, unknown).coeff_monomial(unknown)
            if slope.is_number:
                return sp.Poly(-(element - slope * unknown) / slope, u)
    return None


def _at(shape: sp.Poly | None, u: sp.Symbol, root: sp.Expr) -> sp.Expr:
    assert shape is not None
    value = shape.as_expr().subs(u, root)
    return sp.expand(value) if not root.atoms(sp.CRootOf) else value
