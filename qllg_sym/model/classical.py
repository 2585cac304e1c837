"""Classical partners of a model: the effective field on each unit moment, as polynomials in the moments."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from operator import mul
from typing import Any, TypeVar

import sympy as sp
from sympy.polys.rings import PolyElement, PolyRing

from qllg_sym.algebra import spin
from qllg_sym.algebra.scalars import atoms_in, make_ring, to_expr, to_ring
from qllg_sym.errors import DerivationError, ModelError
from qllg_sym.model.context import Context
from qllg_sym.model.model import Model, WrittenModel

FIELDS = ("paper", "mean")
K = TypeVar("K")


def check_field(field: Any) -> None:
    """Refuse an unknown field convention.

    >>> check_field("mean")
    """
    if field not in FIELDS:
        raise ModelError(f"`field` must be \"paper\" or \"mean\", but is {field!r}; see ClassicalLLG.")


def moment_symbols(sites: int, prefix: str = "m") -> tuple[sp.Symbol, ...]:
    """Return the symbols m0_x, m0_y, m0_z, m1_x, ….

    >>> moment_symbols(1)
    (m0_x, m0_y, m0_z)
    """
    return tuple(sp.Symbol(f"{prefix}{i}_{k}", real=True) for i in range(sites) for k in "xyz")


def effective_fields(model: Model, field: str) -> list[tuple[PolyElement, PolyElement, PolyElement]]:
    r"""Return γ_g B_k for every site, polynomials in the moments: $\mathbf B_k = -\partial H/\partial \mathbf m_k$.

    Args:
        model: the Hamiltonian.
        field: "paper": PRL's classical H with |m| = 1, B, J, D as given; "mean": H with S_k → ħ s_k m_k, over ħγ_g s_k.

    Raises:
        DerivationError: "paper" with a term that PRL's classical H does not have, or with ħ or γ_g other than 1, or a
            symbolic spin.

    Source: PRL 133, 266704 (2024), above eq. 1.

    >>> from qllg_sym.model.space import Space; from qllg_sym.model.terms.zeeman import Zeeman
    >>> effective_fields(Model(Space("1/2"), [Zeeman((0, 0, 2))]), "paper")
    [(0, 0, 2)]
    """
    if model.space.symbolic:
        raise DerivationError(f"`moments` must have numeric spins, but the spin is {model.space.spins[0]}; "
                              "give a number.")
    if field == "paper":
        _check_paper(model)
    energy = _energy(model, field, sp.S.One if field == "paper" else 1 / model.hbar)
    moments = energy.ring.gens[:3 * model.space.sites]
    scales = [sp.S.One if field == "paper" else sp.Rational(s.numerator, s.denominator)
              for s in model.space.numeric_spins]
    result = []
    for site, scale in enumerate(scales):
        weight = sp.QQ(int(scale.q), int(scale.p))
        x, y, z = (-energy.diff(moments[3 * site + k]) * weight for k in range(3))
        result.append((x, y, z))
    return result


def _check_paper(model: Model) -> None:
    for term in model.terms:
        if not hasattr(term, "classical"):
            raise DerivationError(f"`field` must be \"mean\" for a model with {term.words}, but is \"paper\"; "
                                  "PRL's classical Hamiltonian has only Zeeman, Exchange and DMI.")
    if (model.hbar, model.gamma) != (sp.S.One, sp.S.One):
        raise DerivationError(f"`field` must be \"mean\" where ħ or γ_g is not 1, but is \"paper\" with "
                              f"hbar={model.hbar}, gamma={model.gamma}; PRL's classical Hamiltonian has its own units.")


def classical_energy(model: Model, field: str) -> PolyElement:
    """Return the classical energy, a polynomial in the moments: PRL's for "paper", H with S_k → ħ s_k m_k for "mean".

    >>> from qllg_sym.model.space import Space; from qllg_sym.model.terms.zeeman import Zeeman
    >>> classical_energy(Model(Space("1"), [Zeeman((0, 0, 2))]), "mean")
    -2*m0_z
    """
    return _energy(model, field, sp.S.One)


def _energy(model: Model, field: str, factor: sp.Expr) -> PolyElement:
    """The classical energy times `factor`, over moments and coefficient atoms."""
    which = "classical" if field == "paper" else "hamiltonian"
    symbols, spins = moment_symbols(model.space.sites), model.space.numeric_spins
    atoms: set[sp.Expr] = set()

    def build(ring: PolyRing, number: Callable[[sp.Expr], PolyElement | int]) -> PolyElement:
        scales = [sp.QQ(1) if field == "paper" else sp.QQ(s.numerator, s.denominator) for s in spins]

        def vector(i: int) -> tuple[PolyElement, ...]:
            return tuple(ring.gens[3 * i + k] * scales[i] for k in range(3))

        return model.in_letters(Context(
            spin=vector, number=number, one=ring.one, zero=ring.zero, sites=model.space.sites, spins=spins,
            string=lambda s: reduce(mul, (harmonic(spins[i], n, vector(i)) for i, n in enumerate(s)), ring.one),
            hbar=model.hbar, gamma=model.gamma), which)

    def record(expression: sp.Expr) -> int:
        atoms.update(atoms_in(expression * factor))
        return 0

    build(make_ring(symbols), record)
    ring = make_ring([*symbols, *sorted(atoms, key=sp.default_sort_key)])
    energy = build(ring, lambda e: to_ring(ring, e * factor))
    if not isinstance(model, WrittenModel):
        return energy
    return whole_coefficients({"energy": energy}, 3 * model.space.sites, model)["energy"]


def whole_coefficients(terms: Mapping[K, PolyElement], count: int, model: WrittenModel) -> dict[K, PolyElement]:
    """Return polynomials of one ring with an atom for each coefficient, of a monomial in moments, that is a sum.

    Args:
        terms: over a ring whose first generators are moments, the others atoms.
        count: how many are moments.
        model: whose atoms they are.
    """
    if not terms:
        return {}
    ring = next(iter(terms.values())).ring
    parts: dict[tuple[K, tuple[int, ...]], dict[tuple[int, ...], Any]] = {}
    for name, polynomial in terms.items():
        for exponents, c in polynomial.terms():
            parts.setdefault((name, exponents[:count]), {})[(0,) * count + exponents[count:]] = c
    found = model.atoms.whole({key: ring.from_dict(part) for key, part in parts.items()})
    atoms = {g for p in found.values() for g in p.ring.symbols} - {*ring.symbols[:count]}
    larger = make_ring([*ring.symbols[:count], *sorted(atoms, key=sp.default_sort_key)])
    total = dict.fromkeys(terms, larger.zero)
    for (name, powers), p in found.items():
        total[name] += larger.from_dict({powers + (0,) * len(atoms): larger.domain.one}) * to_ring(larger, to_expr(p))
    return total


def harmonic(s: Fraction | sp.Rational, index: int, v: Sequence[PolyElement]) -> PolyElement:
    """Return the classical polynomial of a site-basis member: the leading part of O_k^q in the vector v = s m.

    The lower-order parts of a Stevens operator come from ordering; what is left is its solid harmonic. σ = 2S for ½.

    >>> ring = make_ring(moment_symbols(1)); harmonic(sp.Rational(1), 6, ring.gens)       # O_2^0
    -m0_x**2 - m0_y**2 + 2*m0_z**2
    """
    x, y, z = v
    one = x.ring.one
    if index == 0:
        return one
    if s == spin.HALF:
        return 2 * v[index - 1]
    k, q = spin.rank(index)
    f, alpha = spin.stevens_polynomial(k, abs(q))
    lead = x.ring.zero
    for (a, b), c in f.terms():
        if 2 * a + b == k - abs(q):
            lead += int(c) * (x * x + y * y + z * z)**a * z**b
    re, im = one, x.ring.zero
    for _ in range(abs(q)):
        re, im = re * x - im * y, re * y + im * x
    return (re if q >= 0 else im) * lead * sp.QQ(alpha.numerator, alpha.denominator)
