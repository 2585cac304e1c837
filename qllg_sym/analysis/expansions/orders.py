"""Explicit equations of motion in powers of a parameter, from the implicit residual."""

from collections.abc import Mapping, Sequence

import sympy as sp
from sympy.polys.matrices import DomainMatrix
from sympy.polys.matrices.exceptions import DMNonInvertibleMatrixError
from sympy.polys.rings import PolyElement, PolyRing

from qllg_sym.algebra.scalars import atoms_in, make_ring, to_ring
from qllg_sym.analysis.parameters import place_of, powers
from qllg_sym.equations.combination import RationalFunctions
from qllg_sym.equations.components import Components
from qllg_sym.errors import DerivationError

MOST_PRODUCTS = 10**8       # of terms, in one order: minutes of work

Polynomials = tuple[PolyElement, ...]
ByPower = Mapping[int, PolyElement]
Entries = Mapping[tuple[int, int], PolyElement]
Rows = Sequence[Sequence[tuple[int, PolyElement]]]      # of a sparse matrix: (column, entry)


def motion_in_powers(components: Components, parameter: sp.Symbol, n: int) -> tuple[Polynomials, ...]:
    r"""Return $F_0, \ldots, F_n$ of $\dot y = \sum_k p^k F_k(y)$, polynomials in one ring.

    With the residual in powers of p, $0 = \sum_k p^k (M_k \dot y - f_k)$, they are
    $M_0 F_k = f_k - \sum_{j=1}^k M_j F_{k-j}$; for q-LLG that reads $F_k = i[\rho, F_{k-1}]$, $F_0 = i[\rho, H/\hbar]$.

    Args:
        components: polynomial in p.
        parameter: p.
        n: highest power.

    Raises:
        InputError: the residual is no polynomial in p.
        DerivationError: M_0 depends on the states, or has no inverse.
    """
    place = place_of(components, parameter)
    mass, forcing = components.split
    return solved(components, {key: powers(p, place) for key, p in mass.items()}, [powers(f, place) for f in forcing],
                  f"{parameter} = 0", n)


def solved(components: Components, mass: Mapping[tuple[int, int], ByPower], forcing: Sequence[ByPower], where: str,
           n: int) -> tuple[Polynomials, ...]:
    """Return F_0, …, F_n from the powers of mass and forcing.

    Args:
        components: whose residual it is.
        mass: {(row, column): {power: polynomial}}.
        forcing: {power: polynomial} of each row, all in one ring of states, velocities and coefficients.
        where: the point of expansion, for messages.
        n: highest power.

    Raises:
        DerivationError: M_0 depends on the states, or has no inverse.
    """
    first = {key: part[0] for key, part in mass.items() if 0 in part}
    old = next(p.ring for part in mass.values() for p in part.values())
    ring, inverse = _inverse(old, len(forcing), first, where)
    known = [{k: p.set_ring(ring) for k, p in part.items()} for part in forcing]
    later = [(i, j, k, p.set_ring(ring)) for (i, j), part in mass.items() for k, p in part.items() if k]
    found: list[Polynomials] = []
    for order in range(n + 1):
        check_products(components, sum(len(e) * len(found[order - k][j]) for _, j, k, e in later if k <= order), order)
        right = [f.get(order, ring.zero) for f in known]
        for i, j, k, entry in later:
            if k <= order:
                right[i] -= entry * found[order - k][j]
        found.append(tuple(sum((c * right[j] for j, c in row), ring.zero) for row in inverse))
    return tuple(found)


def check_products(components: Components, count: int, order: int) -> None:
    """Refuse an order that needs too many products of terms.

    >>> from qllg_sym import Model, QuantumLLG, Space
    >>> check_products(QuantumLLG(1).derive(Model(Space("1/2"))).pauli(), 10**5, 2)
    """
    if count > MOST_PRODUCTS:
        raise DerivationError(f"`n` must be lower for {components.equation.model.space}, but order {order} needs "
                              f"{count:,} products of terms; take n = {order - 1}, or fewer spins.")


def _inverse(ring: PolyRing, n: int, entries: Entries, where: str) -> tuple[PolyRing, Rows]:
    """The inverse of a matrix that is free of states, in a ring that holds its entries."""
    if any(any(exponents[:n]) for p in entries.values() for exponents in p):
        raise DerivationError(f"`variable` must leave explicit equations at {where}, but ∂R/∂ẏ there depends on the "
                              "states; expand in the damping first, or in \"t\".")
    if all(i == j and p.is_ground for (i, j), p in entries.items()) and len(entries) == n:
        return ring, [[(i, ring.ground_new(1 / entries[i, i].LC))] for i in range(n)]
    scalars = RationalFunctions(ring, 2 * n)
    dense = [[_value(scalars, entries.get((i, j), ring.zero)) for j in range(n)] for i in range(n)]
    try:
        inverse = DomainMatrix(dense, (n, n), scalars.domain).inv().to_list()
    except DMNonInvertibleMatrixError:
        raise DerivationError(f"`variable` must leave explicit equations at {where}, but ∂R/∂ẏ there has no inverse; "
                              "choose another one.") from None
    rows = [[(j, scalars.expression(c)) for j, c in enumerate(row) if c] for row in inverse]
    atoms = {atom for row in rows for _, c in row for atom in atoms_in(c)} - {*ring.symbols}
    larger = make_ring([*ring.symbols, *sorted(atoms, key=sp.default_sort_key)])
    return larger, [[(j, to_ring(larger, c)) for j, c in row] for row in rows]


def _value(scalars: RationalFunctions, polynomial: PolyElement) -> object:
    """An element of the field from a polynomial without states and velocities."""
    return next(iter(scalars.split([polynomial]).values()), scalars.domain.zero)
