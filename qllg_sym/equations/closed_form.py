r"""q-LLG made explicit for any spectrum by Cayley–Hamilton: $K = \frac1\Delta \sum_{a,b<d} n_{ab}\,\rho^a H \rho^b$.

K solves (1 − q ad_ρ) K = H with q = iκ, that is (1 − qL + qR) K = H for the commuting left and right products L and R
with ρ. Both obey the characteristic polynomial χ, so with u = 1 + qR

    1/(u − qL) = g(L, u/q) / (q χ(u/q)),     χ(x) − χ(y) = (x − y) g(x, y),

where only the inverse of χ(u/q), a polynomial in R modulo χ(R), is left: a d × d linear system instead of d² × d².
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import sympy as sp
from sympy.polys.matrices import DomainMatrix
from sympy.polys.rings import PolyElement, PolyRing

from qllg_sym.algebra.fields import ByFields
from qllg_sym.errors import InputError, InputTypeError

KAPPA = sp.Symbol("kappa", real=True)
LARGEST = 5         # above it the expanded polynomials have too many terms to be of use


@dataclass(frozen=True, repr=False)
class ClosedForm(ByFields):
    """ρ̇ = (i/ħ)[ρ, K], K = (1/denominator) Σ coefficients[a, b] ρ^a H ρ^b, for states of trace one.

    Attributes:
        dimension: d.
        coefficients: {(a, b): expression in kappa, e2, …, ed}, a, b < d; n_ba is the complex conjugate of n_ab.
        denominator: Π_{j<k} (1 + κ²(p_j − p_k)²), a constant of motion, real and at least 1.
    """

    dimension: int
    coefficients: dict[tuple[int, int], sp.Expr]
    denominator: sp.Expr


def closed_form(d: int) -> ClosedForm:
    """Return the universal explicit form of q-LLG in dimension d.

    The symbols e2, …, ed are the elementary symmetric functions of the eigenvalues, e1 = 1.

    Args:
        d: dimension, 2 to 5.

    Raises:
        InputError: another dimension.
        InputTypeError: not an integer.

    Source: PRL 133, 266704 (2024), eq. 3, solved by Cayley–Hamilton.

    >>> closed_form(2).denominator
    -4*e2*kappa**2 + kappa**2 + 1
    """
    if not isinstance(d, int) or isinstance(d, bool):
        raise InputTypeError(f"`d` must be an integer, but is {d!r}; give 2, 3, 4 or 5.")
    if not 2 <= d <= LARGEST:
        raise InputError(f"`d` must lie between 2 and {LARGEST}, but is {d}; use the frame form in other dimensions.")
    return _closed_form(d)


@cache
def _closed_form(d: int) -> ClosedForm:
    """Invert χ(u/q) modulo χ(R), multiply by g, and put q = iκ."""
    names = [sp.Symbol(f"e{k}", real=True) for k in range(2, d + 1)]
    ring = PolyRing([sp.Symbol("q"), *names], sp.QQ, sp.lex)
    q, invariants = ring.gens[0], [ring.one, ring.one, *ring.gens[1:]]
    chi = [(-1)**k * e for k, e in enumerate(invariants)]                     # χ(x) = Σ_k χ_k x^(d−k)
    powers = _powers_of_u(d, q, chi)                                          # u^m mod χ(R), coefficient lists in R
    scaled = [sum((chi[k] * q**k * powers[d - k][r] for k in range(d + 1)), ring.zero) for r in range(d)]
    determinant, inverse = _inverse(scaled, chi, ring)                        # 1/(q^d χ(u/q)) = inverse/determinant
    numerators: dict[tuple[int, int], PolyElement] = {}
    for a in range(d):                                                        # g = Σ_a L^a Σ_k χ_k (u/q)^(d−k−a−1)
        in_r = [ring.zero] * d
        for k in range(d - a):
            power = d - k - a - 1
            in_r = [x + chi[k] * q**(d - 1 - power) * y for x, y in zip(in_r, powers[power], strict=True)]
        for b, value in enumerate(_product(in_r, inverse, chi, ring)):
            numerators[a, b] = value
    return ClosedForm(d, {key: _at_i_kappa(n) for key, n in numerators.items()}, _at_i_kappa(determinant))


def _powers_of_u(d: int, q: PolyElement, chi: list[PolyElement]) -> list[list[PolyElement]]:
    """(1 + qR)^m for m = 0 … d, reduced modulo χ(R)."""
    ring = q.ring
    powers = [[ring.one] + [ring.zero] * (d - 1)]
    for _ in range(d):
        powers.append([x + q * y for x, y in zip(powers[-1], _times_r(powers[-1], chi), strict=True)])
    return powers


def _times_r(v: list[PolyElement], chi: list[PolyElement]) -> list[PolyElement]:
    """R·v modulo χ(R): R^d = −Σ_{k≥1} χ_k R^(d−k)."""
    d, top = len(v), v[-1]
    shifted = [v[0].ring.zero, *v[:-1]]
    return [x - top * chi[d - r] for r, x in enumerate(shifted)]


def _columns(v: list[PolyElement], chi: list[PolyElement]) -> list[list[PolyElement]]:
    """v, R·v, …, R^(d−1)·v."""
    columns = [v]
    while len(columns) < len(v):
        columns.append(_times_r(columns[-1], chi))
    return columns


def _inverse(v: list[PolyElement], chi: list[PolyElement], ring: PolyRing) -> tuple[PolyElement, list[PolyElement]]:
    """(Δ, w) with v·w = Δ modulo χ(R), Δ the determinant of multiplication by v."""
    d, columns = len(v), _columns(v, chi)
    matrix = DomainMatrix([[columns[c][r] for c in range(d)] for r in range(d)], (d, d), ring.to_domain())
    adjugate, determinant = matrix.adj_det()
    return ring(determinant), [ring(adjugate[r, 0].element) for r in range(d)]


def _product(v: list[PolyElement], w: list[PolyElement], chi: list[PolyElement], ring: PolyRing) -> list[PolyElement]:
    """v·w modulo χ(R)."""
    columns = _columns(v, chi)
    return [sum((columns[k][r] * w[k] for k in range(len(w))), ring.zero) for r in range(len(v))]


def _at_i_kappa(p: Any) -> sp.Expr:
    """The polynomial at q = iκ."""
    terms = []
    for exponents, c in p.terms():
        powers = sp.Mul(*(s**e for s, e in zip(p.ring.symbols[1:], exponents[1:], strict=True)))
        number = sp.Rational(int(c.numerator), int(c.denominator))
        terms.append(number * sp.I**exponents[0] * KAPPA**exponents[0] * powers)
    return sp.Add(*terms)
