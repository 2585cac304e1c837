"""Components → printable equations: velocity = precession terms, then damping terms, grouped by their coefficients."""

from collections.abc import Sequence
from itertools import compress
from typing import Any

import sympy as sp
from sympy.polys.rings import PolyElement

from qllg_sym.algebra.decimals import has_decimals
from qllg_sym.algebra.scalars import to_expr
from qllg_sym.equations.implicit_components import ImplicitComponents
from qllg_sym.equations.implicit_equation import ImplicitEquation
from qllg_sym.equations.names import Name, read
from qllg_sym.equations.notation import Group, Line

Member = tuple[int, tuple[tuple[Name, int], ...]]           # a sign, and names with powers


def lines(components: ImplicitComponents, first: int | None = None) -> list[Line]:
    """Return one equation for each state: its own velocity on the left, everything else on the right.

    Args:
        components: of any kind.
        first: how many, from the first on; all if left out.
    """
    states = [read(s.name) for s in components.states]
    letters = [*states, *(name.dotted() for name in states)]
    return as_given(components.equation, [_line(components, letters, i) for i in range(len(states))[:first]])


def explicit_lines(components: ImplicitComponents, flow: Sequence[PolyElement]) -> list[Line]:
    """Return one equation for each state: its velocity on the left, a polynomial in states on the right.

    Args:
        components: of any kind.
        flow: the velocities, in a ring of states, velocities and atoms of coefficients.
    """
    states = [read(s.name) for s in components.states]
    letters = [*states, *(name.dotted() for name in states)]
    return as_given(components.equation, [
        Line((Group(sp.S.One, ((1, ((name.dotted(), 1),)),)),), tuple(in_groups(polynomial, letters)))
        for name, polynomial in zip(states, flow, strict=True)])


def as_given(equation: ImplicitEquation, found: list[Line]) -> list[Line]:
    """Return lines with decimals where the numbers of the model or of the law were given as such."""
    model = equation.model
    given = [model.hbar, model.gamma, *equation.law.coefficients(), *(c for x in model.terms for c in x.coefficients())]
    return [line.in_decimals() for line in found] if has_decimals(given) else found


def _line(components: ImplicitComponents, letters: list[Name], i: int) -> Line:
    polynomial, velocity = components.polynomials[i], len(letters) // 2 + i
    own = polynomial.diff(velocity)
    left = (Group(to_expr(own), ((1, ((letters[velocity], 1),)),)),) if own else ()
    rest = polynomial - own * polynomial.ring.gens[velocity]
    return Line(left, tuple(group.negated() for group in in_groups(rest, letters)))


def in_groups(polynomial: PolyElement, letters: list[Name]) -> list[Group]:
    """Return a polynomial as a sum of groups: without velocities first, low degrees first, coefficients in ring order.

    Args:
        polynomial: over a ring whose first generators are called `letters`, states and then as many velocities.
        letters: their names; the other generators are atoms of coefficients.
    """
    n, found = len(letters), dict[tuple[bool, int, sp.Expr, sp.Expr], list[Member]]()
    total, order = _merged(polynomial, n)
    for (rest, motion), number in total.items():
        if number:
            key = any(motion[n // 2:]), sum(motion), rest, abs(number)
            product = tuple(compress(zip(letters, motion, strict=True), motion))
            found.setdefault(key, []).append((1 if number > 0 else -1, product))
    ranked = sorted(found, key=lambda key: (key[0], key[1], order[key[2]], key[3]))
    return [group for key in ranked for group in _split(key[2] * key[3], found[key])]


def _merged(polynomial: PolyElement, n: int) -> tuple[dict[tuple[sp.Expr, Any], sp.Expr], dict[sp.Expr, Any]]:
    """Numbers by (coefficient without its number, powers of the first n generators), and the rank of coefficients."""
    gens = polynomial.ring.symbols[n:]
    coefficients: dict[tuple[int, ...], tuple[sp.Expr, sp.Expr]] = {}
    total: dict[tuple[sp.Expr, Any], sp.Expr] = {}
    order: dict[sp.Expr, Any] = {}
    for exponents, c in polynomial.terms():
        atoms = exponents[n:]
        if atoms not in coefficients:          # ħ · 1/ħ and √3 · √3 are two generators each, but one number
            product = sp.Mul(*(g**e for g, e in zip(gens, atoms, strict=True) if e))
            coefficients[atoms] = product.as_coeff_Mul(rational=True)
        number, rest = coefficients[atoms]
        order.setdefault(rest, tuple(-e for e in atoms))
        key = rest, exponents[:n]
        total[key] = total.get(key, sp.S.Zero) + number * sp.Rational(int(c.numerator), int(c.denominator))
    return total, order


def _split(coefficient: sp.Expr, members: list[Member]) -> list[Group]:
    """One group, or one for every term where there is nothing to factor out."""
    if coefficient == 1:
        return [Group(coefficient, (member,)) for member in members]
    return [Group(coefficient, tuple(members))]
