"""Equations of one spin s of any length in powers of 1/s."""


import sympy as sp
from sympy.polys.rings import PolyElement, PolyRing

from qllg_sym.algebra.scalars import atoms_in, make_ring, to_ring
from qllg_sym.analysis.expansions.orders import Polynomials, solved
from qllg_sym.equations.components import Components
from qllg_sym.errors import InputError

INVERSE = sp.Dummy("x", positive=True)                      # 1/s


def motion_in_inverse_spin(components: Components, n: int) -> tuple[Polynomials, ...]:
    r"""Return $F_0, …, F_n$ of $\dot m = \sum_k s^{-k} F_k(m)$ for m = ħ s η, in PRL 4's ρ = (1 + η·S)/(2s + 1).

    Raises:
        InputError: no eta() components of a symbolic spin, or a coefficient that is no rational function of s or grows
            with it.
        DerivationError: at 1/s = 0 the equations are not explicit.
    """
    spin = components.equation.model.space.spins[0]
    if components.kind != "eta" or not isinstance(spin, sp.Symbol):
        raise InputError("`variable` \"1/s\" must belong to eta() components of a symbolic spin, but these are "
                         f"{components.kind} components on {components.equation.model.space}; make Space(s) with a "
                         "positive Symbol s.")
    hbar = components.equation.model.hbar
    scale = INVERSE / hbar                                  # η = m/(ħs)
    mass, forcing = components.split
    entries = {key: _terms(p, spin, scale, n) for key, p in mass.items()}
    rows = [_terms(p, spin, scale, n, divided=True) for p in forcing]
    coefficients = [c for terms in (*entries.values(), *rows) for series in terms.values() for c in series]
    atoms = set[sp.Expr]().union(*map(atoms_in, coefficients))
    ring = make_ring([*components.states, *components.velocities, *sorted(atoms, key=sp.default_sort_key)])
    return solved(components, {key: _by_power(ring, terms) for key, terms in entries.items()},
                  [_by_power(ring, terms) for terms in rows], f"1/{spin} = 0", n)


Terms = dict[tuple[int, ...], list[sp.Expr]]                # powers of 1/s of each monomial in states


def _terms(polynomial: PolyElement, spin: sp.Symbol, scale: sp.Expr, n: int, divided: bool = False) -> Terms:
    """The coefficients of monomials of m in powers of 1/s; those of the forcing divided by that of a velocity."""
    totals: dict[tuple[int, ...], sp.Expr] = {}
    symbols = polynomial.ring.symbols
    for exponents, c in polynomial.terms():
        outer = (atom**e for atom, e in zip(symbols[6:], exponents[6:], strict=True))
        number = sp.Rational(int(c.numerator), int(c.denominator))
        term = number * sp.Mul(*outer) * scale**(sum(exponents[:3]) - divided)
        key = exponents[:3]
        totals[key] = totals.get(key, sp.S.Zero) + term.xreplace({spin: 1 / INVERSE})
    return {key: _expanded(e, n) for key, e in totals.items()}


def _expanded(expression: sp.Expr, n: int) -> list[sp.Expr]:
    """The coefficients of x⁰, …, xⁿ of a rational function of x = 1/s."""
    top, bottom = (sp.expand(e).as_poly(INVERSE) for e in sp.fraction(sp.cancel(expression)))
    if top is None or bottom is None or not bottom.eval(0):
        what = expression.xreplace({INVERSE: 1 / sp.Symbol("s", positive=True)})
        raise InputError("`variable` 1/s must leave coefficients that are rational and bounded for large s, but one is "
                         f"{what}; scale the parameters with s by subs.")
    series: list[sp.Expr] = []
    for k in range(n + 1):
        rest = top.coeff_monomial(INVERSE**k) - sum((bottom.coeff_monomial(INVERSE**(k - j)) * c
                                                     for j, c in enumerate(series)), sp.S.Zero)
        series.append(sp.cancel(rest / bottom.coeff_monomial(1)))
    return series


def _by_power(ring: PolyRing, terms: Terms) -> dict[int, PolyElement]:
    """{power of 1/s: polynomial in m}, without zeros."""
    found: dict[int, PolyElement] = {}
    for (key, series) in terms.items():
        states = ring.from_dict({(*key, *(0,) * (ring.ngens - 3)): ring.domain.one})
        for k, c in enumerate(series):
            if c != 0:
                found[k] = found.get(k, ring.zero) + states * to_ring(ring, c)
    return found
