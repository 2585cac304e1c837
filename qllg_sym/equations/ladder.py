r"""The inverse of $1 + c\,(p_j - p_k)^2/4$ on pairs of eigenvalues, as a short sum of products of symmetric functions.

Functions of an unordered pair of different eigenvalues of a d × d matrix are a free module of rank d(d − 1)/2 over the
polynomials in e2, …, ed. With the traceless powers N_1 = x, N_2 = x² − Tr ρ²/d, … and their means over the pair,
n_k = (N_k(p_j) + N_k(p_k))/2, a basis of it are the products n_m n_n of `LADDERS`. In that basis (p_j − p_k)² acts as a
matrix of polynomials, and the inverse above is a column of an adjugate over a determinant.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sympy as sp
from sympy.polys.matrices import DomainMatrix
from sympy.polys.rings import PolyElement, PolyRing

from qllg_sym.errors import DerivationError

# (m, n) of the basis n_m n_n, n_0 = 1. Few m: a kernel pays one product of matrices for each.
LADDERS = {
    2: ((0, 0),),
    3: ((0, 0), (0, 1), (0, 2)),
    4: ((0, 0), (0, 1), (0, 2), (0, 3), (1, 1), (1, 3)),
    5: ((0, 0), (0, 1), (0, 2), (0, 3), (0, 4), (1, 1), (1, 2), (1, 3), (1, 4), (2, 4)),
}


@dataclass(frozen=True)
class Ladder:
    """1/(1 + c(p_j − p_k)²/4) = (1/denominator) Σ_m n_m Σ_n rows[m][n] n_n, for e1 = 0.

    Attributes:
        dimension: d.
        rows: {m: {n: polynomial in c, e2, …, ed}}.
        denominator: Π_{j<k} (1 + c(p_j − p_k)²/4), in the same ring, at least 1 for c ≥ 0.
    """

    dimension: int
    rows: Mapping[int, Mapping[int, PolyElement]]
    denominator: PolyElement


@cache
def ladder(d: int) -> Ladder:
    """Return the coefficients for dimension d, 2 to 5.

    >>> ladder(2).denominator
    -c*e2 + 1
    """
    pairs = PolyRing([sp.Symbol(n) for n in ("y", "x", "c", *(f"e{k}" for k in range(2, d + 1)))], sp.QQ, sp.lex)
    y, x = pairs.gens[:2]
    chi = sum(((-1)**k * e * x**(d - k) for k, e in enumerate(_invariants(pairs))), pairs.zero)
    relations = [(chi.compose(x, y) - chi).div([y - x])[0][0], chi]        # of two different eigenvalues y and x
    means = [(n + n.compose(x, y)) * sp.QQ(1, 2) for n in _traceless_powers(pairs)]
    basis = [(means[m] * means[n]).rem(relations) for m, n in LADDERS[d]]
    moved = [(f * (y - x)**2 * sp.QQ(1, 4)).rem(relations) for f in basis]
    ring = PolyRing(pairs.symbols[2:], sp.QQ, sp.lex)
    size, domain = len(basis), ring.to_domain()
    system = DomainMatrix.eye(size, domain) + _in_basis(basis, moved, ring) * domain(ring.gens[0])
    adjugate, determinant = system.adj_det()
    rows: dict[int, dict[int, PolyElement]] = {}
    for i, (m, n) in enumerate(LADDERS[d]):
        rows.setdefault(m, {})[n] = ring(adjugate[i, 0].element)
    return Ladder(d, rows, ring(determinant))


def _invariants(ring: PolyRing) -> list[PolyElement]:
    """e_0 = 1, e_1 = 0, e_2, …, e_d of a traceless matrix, the last generators of the ring."""
    return [ring.one, ring.zero, *(g for g in ring.gens if str(g).startswith("e"))]


def _traceless_powers(ring: PolyRing) -> list[PolyElement]:
    """N_0 = 1, N_1 = x, N_(k+1) = x·N_k − Tr(ρN_k)/d as polynomials in x."""
    e, x = _invariants(ring), ring.gens[1]
    d = len(e) - 1
    sums = [ring(d)]                                                            # Tr ρ^k, by Newton's identities
    for k in range(1, d + 1):
        lower = sum(((-1)**(i - 1) * e[i] * sums[k - i] for i in range(1, k)), ring.zero)
        sums.append((-1)**(k - 1) * k * e[k] + lower)
    powers, found = [[ring.one], [ring.zero, ring.one]], [ring.one, x]          # coefficient lists, from x^0
    while len(found) < d:
        last = powers[-1]
        mean = sum((c * sums[k + 1] for k, c in enumerate(last)), ring.zero) * sp.QQ(1, d)
        powers.append([-mean, *last])
        found.append(sum((c * x**k for k, c in enumerate(powers[-1])), ring.zero))
    return found


def _in_basis(basis: Sequence[PolyElement], moved: Sequence[PolyElement], ring: PolyRing) -> DomainMatrix:
    """The matrix V of moved_j = Σ_i V_ij basis_i; its entries are polynomials, for the basis is one over the ring."""
    columns = [_by_monomial(f, ring) for f in (*basis, *moved)]
    places = sorted({place for column in columns for place in column})
    size, domain = len(basis), ring.to_domain()
    rows = [[column.get(place, ring.zero) for column in columns] for place in places]
    reduced, pivots = DomainMatrix(rows, (len(rows), 2 * size), domain).to_field().rref()
    if pivots != tuple(range(size)):
        raise DerivationError(f"The basis in dimension {len(_invariants(ring)) - 1} must be independent, but is not; "
                              "choose other pairs in LADDERS.")
    return reduced.extract(list(range(size)), list(range(size, 2 * size))).convert_to(domain)


def _by_monomial(f: PolyElement, ring: PolyRing) -> dict[tuple[int, ...], PolyElement]:
    """{(power of y, power of x): coefficient}."""
    found: dict[tuple[int, ...], dict[tuple[int, ...], Any]] = {}
    for powers, c in f.terms():
        found.setdefault(powers[:2], {})[powers[2:]] = c
    return {place: ring.from_dict(terms) for place, terms in found.items()}
