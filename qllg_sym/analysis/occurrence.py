"""Which states and velocities stand together in the terms of equations, and whether equations determine velocities."""

from collections.abc import Sequence
from typing import Any

import sympy as sp
from sympy.polys.matrices import DomainMatrix
from sympy.polys.rings import PolyElement, PolyRing

from qllg_sym.algebra.scalars import atoms_in, make_ring, to_expr, to_ring
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


def coefficients_vanish(polynomial: PolyElement, moving: int) -> bool:
    """Return whether a polynomial is zero, its coefficients taken as rational functions of the parameters.

    >>> h = sp.Symbol("h"); ring = make_ring([sp.Symbol("x"), h, 1 / h])
    >>> coefficients_vanish(ring.gens[0] * ring.gens[1] * ring.gens[2] - ring.gens[0], 1)
    True
    >>> ring = make_ring([sp.Symbol("x"), sp.sqrt(3)]); coefficients_vanish(ring.gens[1]**2 - 3, 1)
    True
    """
    return not _monomials(polynomial, moving)


def _monomials(polynomial: PolyElement, moving: int) -> set[tuple[int, ...]]:
    """The monomials in the first generators, those left out whose coefficient is zero as a rational function."""
    terms: dict[tuple[int, ...], dict[tuple[int, ...], Any]] = {}
    for exponents, c in polynomial.items():
        terms.setdefault(exponents[:moving], {})[exponents] = c
    ring = polynomial.ring
    if all(g.is_Symbol for g in ring.symbols[moving:]):         # then the ring's normal form is that of its field
        return set(terms)
    home, images = _cleared(ring, moving)                       # where ħ · 1/ħ is 1
    return {key for key, found in terms.items()
            if len(found) == 1 or _without_denominators(home, images, moving, found)}


def _cleared(ring: PolyRing, moving: int) -> tuple[PolyRing, list[tuple[PolyElement, bool]]]:
    """The ring of what generators are made of, and each generator, or what it is the inverse of, in it."""
    pairs = [(g.as_base_exp()[0], True) if g.as_base_exp()[1] == -1 else (g, False) for g in ring.symbols[moving:]]
    home = make_ring(sorted(set().union(*(atoms_in(base) for base, _ in pairs)), key=sp.default_sort_key))
    return home, [(to_ring(home, base), inverse) for base, inverse in pairs]


def _without_denominators(home: PolyRing, images: list[tuple[PolyElement, bool]], moving: int,
                          terms: dict[tuple[int, ...], Any]) -> PolyElement:
    """A sum of terms times the highest power of each denominator: zero if and only if the sum is."""
    most = [max(exponents[moving + k] for exponents in terms) for k in range(len(images))]
    total = home.zero
    for exponents, c in terms.items():
        term = home.ground_new(c)
        for (image, inverse), power, top in zip(images, exponents[moving:], most, strict=True):
            if left := top - power if inverse else power:
                term = term * image**left
        total += term
    return _roots_reduced(total)


def _roots_reduced(polynomial: PolyElement) -> PolyElement:
    """The same with (√3)² = 3, for every generator that is a root of a number."""
    ring = polynomial.ring
    for k, g in enumerate(ring.symbols):
        base, power = g.as_base_exp()
        if not (base.is_Rational and power.is_Rational and power.p == 1):
            continue
        total: dict[tuple[int, ...], Any] = {}
        for exponents, c in polynomial.items():
            whole, rest = divmod(exponents[k], power.q)
            key = (*exponents[:k], rest, *exponents[k + 1:])
            total[key] = total.get(key, 0) + c * sp.QQ(base.p, base.q)**whole
        polynomial = ring.from_dict({key: c for key, c in total.items() if c})
    return polynomial


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
