r"""Cayley–Hamilton: functions of two eigenvalues of one matrix as polynomials in it, and $1/(1 + c(p_j - p_k)^2/4)$ so.

An operator on X that multiplies X_jk by f(p_j, p_k) in the eigenbasis of a d × d matrix ρ is Σ f_ab ρ^a X ρ^b with
a, b < d: both eigenvalues obey χ, which lowers every power. With e1 = 0, functions of an unordered pair of different
eigenvalues are a free module of rank d(d − 1)/2 over the polynomials in e2, …, ed. With the traceless powers N_1 = x,
N_2 = x² − Tr ρ²/d, … and their means over the pair, n_k = (N_k(p_j) + N_k(p_k))/2, a basis of it are the products
n_m n_n of `PRODUCTS`. In that basis (p_j − p_k)² acts as a matrix of polynomials, and the inverse above is a column of
an adjugate over a determinant. Every explicit form for known spectra comes from it: `spectrum` and `closed_form`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any, TypeVar

import sympy as sp
from sympy.polys.matrices import DomainMatrix
from sympy.polys.rings import PolyElement, PolyRing

from qllg_sym.errors import DerivationError

T = TypeVar("T")
# (m, n) of the basis n_m n_n, n_0 = 1. Few m: a kernel pays one product of matrices for each.
PRODUCTS = {
    2: ((0, 0),),
    3: ((0, 0), (0, 1), (0, 2)),
    4: ((0, 0), (0, 1), (0, 2), (0, 3), (1, 1), (1, 3)),
    5: ((0, 0), (0, 1), (0, 2), (0, 3), (0, 4), (1, 1), (1, 2), (1, 3), (1, 4), (2, 4)),
}


@dataclass(frozen=True)
class Inverse:
    """1/(1 + c(p_j − p_k)²/4) = (1/denominator) Σ_m n_m Σ_n rows[m][n] n_n for p_j ≠ p_k and e1 = 0.

    Attributes:
        dimension: d.
        rows: {m: {n: polynomial in c, e2, …, ed}}.
        denominator: Π_{j<k} (1 + c(p_j − p_k)²/4), in the same ring, at least 1 for c ≥ 0.
    """

    dimension: int
    rows: Mapping[int, Mapping[int, PolyElement]]
    denominator: PolyElement


@cache
def inverse(d: int) -> Inverse:
    """Return the coefficients for dimension d, 2 to 5.

    >>> inverse(2).denominator
    -c*e2 + 1
    """
    pairs = PolyRing([sp.Symbol(n) for n in ("y", "x", "c", *(f"e{k}" for k in range(2, d + 1)))], sp.QQ, sp.lex)
    y, x = pairs.gens[:2]
    chi = characteristic(x, traceless_invariants(pairs))
    relations = [(chi.compose(x, y) - chi).div([y - x])[0][0], chi]        # of two different eigenvalues y and x
    means = pair_means(pairs)
    basis = [(means[m] * means[n]).rem(relations) for m, n in PRODUCTS[d]]
    moved = [(f * (y - x)**2 * sp.QQ(1, 4)).rem(relations) for f in basis]
    ring = PolyRing(pairs.symbols[2:], sp.QQ, sp.lex)
    size, domain = len(basis), ring.to_domain()
    system = DomainMatrix.eye(size, domain) + _in_basis(basis, moved, ring) * domain(ring.gens[0])
    adjugate, determinant = system.adj_det()
    rows: dict[int, dict[int, PolyElement]] = {}
    for i, (m, n) in enumerate(PRODUCTS[d]):
        rows.setdefault(m, {})[n] = ring(adjugate[i, 0].element)
    return Inverse(d, rows, ring(determinant))


def characteristic(x: PolyElement, invariants: Sequence[PolyElement]) -> PolyElement:
    """Return χ(x) = Σ (−1)^k e_k x^(d−k), given e_0 = 1, e_1, …, e_d.

    >>> x = PolyRing("x", sp.QQ).gens[0]
    >>> characteristic(x, [x.ring(1), x.ring(3), x.ring(2)])        # eigenvalues 1 and 2
    x**2 - 3*x + 2
    """
    d = len(invariants) - 1
    return sum(((-1)**k * e * x**(d - k) for k, e in enumerate(invariants)), x.ring.zero)


def traceless_invariants(ring: PolyRing) -> list[PolyElement]:
    """Return e_0 = 1, e_1 = 0, e_2, …, e_d of a traceless matrix, the last generators of the ring."""
    return [ring.one, ring.zero, *(g for g in ring.gens if str(g).startswith("e"))]


def pair_means(ring: PolyRing) -> list[PolyElement]:
    """Return n_k = (N_k(x) + N_k(y))/2 for k < d; y and x are the first generators of the ring, e2, …, ed the last."""
    y, x = ring.gens[:2]
    return [(n + n.compose(x, y)) * sp.QQ(1, 2) for n in _traceless_powers(ring)]


def _traceless_powers(ring: PolyRing) -> list[PolyElement]:
    """N_0 = 1, N_1 = x, N_(k+1) = x·N_k − Tr(ρN_k)/d as polynomials in x."""
    e, x = traceless_invariants(ring), ring.gens[1]
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


def shifted(invariants: Sequence[T], scale: Callable[[Fraction, T], T], add: Callable[[T, T], T],
            sign: int = -1) -> list[T]:
    """Return e2, …, ed of dρ − 1, whose trace vanishes, from e_0 = 1, e_1 = 1, e2, …, ed of ρ: χ shifted by Horner.

    Args:
        invariants: numbers, polynomials or operands of a kernel.
        scale: (number, invariant) ↦ their product.
        add: their sum.
        sign: 1 adds every term, which bounds what the shift loses.

    >>> shifted([1, 1, Fraction(1, 4)], lambda number, e: number * e, lambda a, b: a + b)       # ρ = 1/2
    [Fraction(0, 1)]
    """
    d = len(invariants) - 1
    chi = [scale(Fraction(d**k * sign**k), e) for k, e in enumerate(invariants)]        # of dρ
    for last in range(d, 0, -1):
        for k in range(1, last + 1):
            chi[k] = add(chi[k], chi[k - 1])
    return [scale(Fraction(sign**k), e) for k, e in enumerate(chi)][2:]


def _in_basis(basis: Sequence[PolyElement], moved: Sequence[PolyElement], ring: PolyRing) -> DomainMatrix:
    """The matrix V of moved_j = Σ_i V_ij basis_i; its entries are polynomials, for the basis is one over the ring."""
    columns = [by_pair(f, ring) for f in (*basis, *moved)]
    places = sorted({place for column in columns for place in column})
    size, domain = len(basis), ring.to_domain()
    rows = [[column.get(place, ring.zero) for column in columns] for place in places]
    reduced, pivots = DomainMatrix(rows, (len(rows), 2 * size), domain).to_field().rref()
    if pivots != tuple(range(size)):
        raise DerivationError(f"The basis in dimension {len(ring.gens)} must be independent, but is not; choose other "
                              "pairs in PRODUCTS.")
    return reduced.extract(list(range(size)), list(range(size, 2 * size))).convert_to(domain)


def by_pair(f: PolyElement, ring: PolyRing) -> dict[tuple[int, int], PolyElement]:
    """Return {(power of y, power of x): coefficient in the ring of the other generators}."""
    found: dict[tuple[int, int], dict[tuple[int, ...], Any]] = {}
    for (b, a, *others), c in f.terms():
        found.setdefault((b, a), {})[tuple(others)] = c
    return {place: ring.from_dict(terms) for place, terms in found.items()}
