r"""q-LLG made explicit for any spectrum by Cayley–Hamilton: $K = \frac1\Delta \sum_{a,b<d} n_{ab}\,\rho^a H \rho^b$.

K solves (1 − q ad_ρ) K = H with q = iκ: it multiplies H_jk by 1/(1 − qΔ_jk), Δ_jk = p_j − p_k. With the inverse of
`cayley_hamilton` on pairs of different eigenvalues at c = −4q², and 1 on equal ones, that is

    1/(1 − qΔ) = 1 + qΔ (1 + qΔ)/(1 − q²Δ²),

a polynomial in p_j and p_k over the denominator, once for ρ − 1/d and then for ρ.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import sympy as sp
from sympy.polys.rings import PolyElement, PolyRing

from qllg_sym.algebra.fields import ByFields
from qllg_sym.equations.cayley_hamilton import (
    PRODUCTS,
    Inverse,
    by_pair,
    characteristic,
    inverse,
    pair_means,
    shifted,
    traceless_invariants,
)
from qllg_sym.errors import InputError, InputTypeError

KAPPA = sp.Symbol("kappa", real=True)
LARGEST = max(PRODUCTS)         # above it the expanded polynomials have too many terms to be of use


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
    """Write the resolvent in ρ − 1/d, shift it to ρ, and put q = iκ."""
    real = [sp.Symbol(f"e{k}", real=True) for k in range(2, d + 1)]
    ring = PolyRing([*sp.symbols("y x q"), *real], sp.QQ, sp.lex)
    plain = PolyRing(ring.symbols[2:], sp.QQ, sp.lex)
    y, x, middle = *ring.gens[:2], ring(sp.QQ(1, d))
    denominator = _in_q(inverse(d).denominator, ring)
    of_rho = _to_trace_one(ring)
    numerator = of_rho(_numerator(inverse(d), ring).compose([(y, y - middle), (x, x - middle)]))
    found, products = by_pair(numerator, plain), dict[tuple[int, ...], sp.Expr]()
    coefficients = {(a, b): _at_i_kappa(found.get((a, b), plain.zero), products) for a in range(d) for b in range(d)}
    return ClosedForm(d, coefficients, _at_i_kappa(by_pair(of_rho(denominator), plain)[0, 0], products))


def _numerator(found: Inverse, ring: PolyRing) -> PolyElement:
    """The resolvent times the denominator: in y = p_j, x = p_k and q, reduced by χ, for a traceless ρ."""
    y, x, q = ring.gens[:3]
    invariants = traceless_invariants(ring)
    relations, means, gap = [characteristic(v, invariants) for v in (y, x)], pair_means(ring), y - x
    total = ring.zero
    for m, row in found.rows.items():
        total += (means[m] * sum((_in_q(p, ring) * means[n] for n, p in row.items()), ring.zero)).rem(relations)
    once = (total * gap).rem(relations)
    return _in_q(found.denominator, ring) + q * once + q**2 * (once * gap).rem(relations)


def _in_q(p: PolyElement, ring: PolyRing) -> PolyElement:
    """A polynomial in c, e2, …, ed at c = −4q²."""
    return ring.from_dict({(0, 0, 2 * c, *e): number * (-4)**c for (c, *e), number in p.terms()})


def _to_trace_one(ring: PolyRing) -> Callable[[PolyElement], PolyElement]:
    """Replace e2, …, ed of ρ − 1/d by what they are in those of ρ, each product of them worked out once."""
    known = ring.gens[3:]
    d, none = len(known) + 1, (0,) * len(known)
    scaled = shifted([ring.one, ring.one, *known], lambda r, p: p * sp.QQ(r.numerator, r.denominator),
                     lambda a, b: a + b)
    moved = [p * sp.QQ(1, d**k) for k, p in enumerate(scaled, 2)]
    products: dict[tuple[int, ...], PolyElement] = {none: ring.one}

    def product(powers: tuple[int, ...]) -> PolyElement:
        """Return a product of powers of the moved invariants."""
        if powers not in products:
            k = next(k for k, power in enumerate(powers) if power)
            products[powers] = moved[k] * product((*powers[:k], powers[k] - 1, *powers[k + 1:]))
        return products[powers]

    def replaced(p: PolyElement) -> PolyElement:
        """Return a polynomial in the invariants of ρ."""
        groups: dict[tuple[int, ...], dict[tuple[int, ...], Any]] = {}
        for powers, c in p.terms():
            groups.setdefault(powers[3:], {})[(*powers[:3], *none)] = c
        return sum((ring.from_dict(group) * product(powers) for powers, group in groups.items()), ring.zero)

    return replaced


def _at_i_kappa(p: PolyElement, products: dict[tuple[int, ...], sp.Expr]) -> sp.Expr:
    """The polynomial at q = iκ; products of symbols are made once for all polynomials."""
    terms = []
    for exponents, c in p.terms():
        if exponents not in products:
            symbols = zip((KAPPA, *p.ring.symbols[1:]), exponents, strict=True)
            products[exponents] = sp.I**exponents[0] * sp.Mul(*(s**e for s, e in symbols))
        terms.append(sp.Rational(int(c.numerator), int(c.denominator)) * products[exponents])
    return sp.Add(*terms)
