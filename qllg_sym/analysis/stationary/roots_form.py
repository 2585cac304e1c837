"""A normal form of expressions with square roots: polynomials in the roots over rational functions.

It is unique where no product of the roots is rational itself.
"""

from collections.abc import Sequence
from typing import Any

import sympy as sp
from sympy.polys.rings import PolyElement, PolyRing

from qllg_sym.algebra.scalars import make_ring

Powers = tuple[int, ...]


def in_square_roots(expression: sp.Expr) -> sp.Expr:
    """Return Σ (rational function) · (product of square roots); what holds other functions or roots stays as it is.

    >>> a, b = sp.symbols("a b"); r = sp.sqrt(a**2 + b)
    >>> in_square_roots((r + a) * (r - a) / b), in_square_roots(1 / (r + a))
    (1, -a/b + sqrt(a**2 + b)/b)
    """
    powers = {p for p in expression.atoms(sp.Pow) if not p.exp.is_Integer}
    sizes = expression.atoms(sp.Abs)                    # |x| is the root of x², for x is real
    bases = sorted({*(p.base for p in powers), *(a.args[0]**2 for a in sizes)}, key=sp.default_sort_key)
    known = all(p.exp.is_Rational and p.exp.q == 2 for p in powers) and not any(b.atoms(sp.Pow) & powers for b in bases)
    if not known or expression.atoms(sp.Function, sp.CRootOf) - sizes or any(b.has(sp.Abs) for b in bases):
        return expression
    names = [sp.Dummy(f"r{k}") for k in range(len(bases))]
    of_base = dict(zip(bases, names, strict=True))
    plain = expression.xreplace({**{p: of_base[p.base] ** (2 * p.exp) for p in powers},
                                 **{a: of_base[a.args[0]**2] for a in sizes}})
    symbols = sorted(plain.free_symbols.union(*(b.free_symbols for b in bases)) - set(names), key=str)
    field = make_ring(symbols).to_field()
    ring = PolyRing(names, field.to_domain(), sp.lex) if names else None
    if ring is None:
        return _written(field.from_expr(sp.together(plain)))
    squares = [field.from_expr(b) for b in bases]
    top, bottom = (_reduced(ring.from_expr(part), squares) for part in sp.fraction(sp.together(plain)))
    for k in range(len(bases)):             # bottom = a + b r_k: times a − b r_k
        if any(e[k] for e in bottom):
            other = ring.from_dict({e: -c if e[k] else c for e, c in bottom.terms()})
            top, bottom = _reduced(top * other, squares), _reduced(bottom * other, squares)
    over = bottom.coeff(1)
    return sp.Add(*(_written(c / over) * sp.Mul(*(sp.sqrt(b) for b, n in zip(bases, e, strict=True) if n))
                    for e, c in top.terms()))


def _reduced(polynomial: PolyElement, squares: Sequence[Any]) -> PolyElement:
    """Every power of a root at most one."""
    total: dict[Powers, Any] = {}
    for powers, c in polynomial.terms():
        for power, square in zip(powers, squares, strict=True):
            c = c * square ** (power // 2)
        key = tuple(e % 2 for e in powers)
        total[key] = total[key] + c if key in total else c
    return polynomial.ring.from_dict({key: c for key, c in total.items() if c})


def _written(value: Any) -> sp.Expr:
    """A rational function with its numbers in front."""
    (a, top), (b, bottom) = value.numer.as_expr().primitive(), value.denom.as_expr().primitive()
    return a / b * top / bottom
