"""Which states and velocities stand together in the terms of equations, and whether equations determine velocities."""

from collections.abc import Sequence
from typing import Any

import sympy as sp
from sympy.polys.matrices import DomainMatrix
from sympy.polys.rings import PolyElement

from qllg_sym.algebra.scalars import to_expr
from qllg_sym.equations.combination import RationalFunctions
from qllg_sym.equations.components import Components
from qllg_sym.errors import DerivationError

Occurrence = set[tuple[frozenset[int], frozenset[int]]]     # of one equation: the states and velocities of each term


def occurrences(components: Components) -> list[Occurrence]:
    """Return, for every equation, the places of states and of velocities of each term with a coefficient not zero.

    >>> from qllg_sym import Model, Space, VonNeumann, Zeeman
    >>> occurrences(VonNeumann().derive(Model(Space("1/2"), [Zeeman((1, 0, 0))])).pauli())[0]
    {(frozenset(), frozenset({0}))}
    """
    n = len(components.states)
    return [{(frozenset(k for k in range(n) if moving[k]), frozenset(k for k in range(n) if moving[n + k]))
             for moving in _monomials(p, 2 * n)} for p in components.polynomials]


def _monomials(polynomial: PolyElement, moving: int) -> set[tuple[int, ...]]:
    """The monomials in the first generators, those left out whose coefficient is zero as a rational function."""
    terms: dict[tuple[int, ...], dict[tuple[int, ...], Any]] = {}
    for exponents, c in polynomial.items():
        terms.setdefault(exponents[:moving], {})[exponents] = c
    ring = polynomial.ring
    if all(g.is_Symbol for g in ring.symbols[moving:]):         # then the ring's normal form is that of its field
        return set(terms)
    sums = {key: ring.from_dict(found) for key, found in terms.items() if len(found) > 1}       # where ħ · 1/ħ is 1
    if not sums:
        return set(terms)
    held = {key for _, key in RationalFunctions(ring, moving).split([*sums.values()])}
    return {key for key in terms if key not in sums or key in held}


def check_determined(components: Components, kept: Sequence[int]) -> None:
    """Refuse equations whose mass is singular where every state is zero, for these states and their equations.

    A regular mass there is one almost everywhere, for its determinant is a polynomial in the states.

    Raises:
        DerivationError: it is singular.

    >>> from qllg_sym import Model, QuantumLLG, Space
    >>> check_determined(QuantumLLG(1).derive(Model(Space("1/2"))).pauli(), [0, 2])
    """
    n, places = len(components.states), {k: i for i, k in enumerate(kept)}
    entries: dict[tuple[int, int], sp.Expr] = {}
    for (i, j), p in components.split[0].items():
        rest = p.ring.from_dict({e: c for e, c in p.items() if not any(e[:n])})
        if i in places and j in places and rest:
            entries[places[i], places[j]] = to_expr(rest)
    if all(i == j for i, j in entries) and len(entries) == len(kept):
        return
    matrix = DomainMatrix.from_Matrix(sp.SparseMatrix(len(kept), len(kept), entries)).to_field()
    if matrix.rank() < len(kept):
        raise DerivationError("`components` must determine the velocities of the states that are kept, but where all "
                              "states are zero their mass is singular; mend the law, or the restriction.")
