r"""The energy that couples clusters and moments, $E = \mathrm{Tr}[H(m)\,\otimes_c\rho_c]$, as a polynomial.

H(m) is the Hamiltonian written in spins of the clusters' sites and in vectors s_i m_i of the classical ones, each term
as it stands: products on one classical site commute, as in LLG with `field="mean"`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import mul
from typing import Any

import sympy as sp
from sympy.polys.rings import PolyElement, PolyRing

from qllg_sym.algebra.element import Element
from qllg_sym.algebra.scalars import atoms_in, make_ring, to_ring
from qllg_sym.algebra.sites import SiteAlgebra, String
from qllg_sym.equations.hybrid.sites import Partition
from qllg_sym.errors import ModelError
from qllg_sym.model.classical import harmonic, whole_coefficients
from qllg_sym.model.context import Context
from qllg_sym.model.model import Model, WrittenModel


@dataclass(frozen=True, eq=False)
class MeanEnergy:
    r"""E/ħ, from which H_c/ħ = Σ_A A ∂(E/ħ)/∂Tr(ρ_c A) but for a multiple of 1, and γ_g B_i = −(1/s_i) ∂(E/ħ)/∂m_i.

    Attributes:
        sites: the clusters and the moments.
        strings: the (cluster, string) whose mean Tr(ρ_c A) it holds, in order.
        value: E/ħ, in a ring of their symbols, those of the moments, and atoms of coefficients.
    """

    sites: Partition
    strings: tuple[tuple[int, String], ...]
    value: PolyElement

    @classmethod
    def of(cls, model: Model, sites: Partition) -> "MeanEnergy":
        """Return that of a model.

        Raises:
            ModelError: H(m) is not Hermitian.
        """
        found = _frequency(model, sites)
        if any(k for k, _ in found.terms):
            raise ModelError("`terms` must stay Hermitian where spins of classical sites are numbers, but do not; "
                             "write products of one site's spins in a symmetric order.")
        terms = {string: c for (_, string), c in found.terms.items()}
        if isinstance(model, WrittenModel):
            terms = whole_coefficients(terms, len(sites.moments), model)
        clusters = range(len(sites.clusters))
        means = {string: [(c, part) for c in clusters if any(part := sites.within(c, string))] for string in terms}
        strings = tuple(sorted({pair for pairs in means.values() for pair in pairs}))
        small = next(iter(terms.values())).ring if terms else make_ring(sites.moments)
        ring = make_ring([*(sites.state(*pair) for pair in strings), *small.symbols])
        places, width = {pair: k for k, pair in enumerate(strings)}, len(strings)
        powers: dict[tuple[int, ...], Any] = {}
        for string, c in terms.items():
            own = [0] * width
            for pair in means[string]:
                own[places[pair]] = 1
            powers |= {(*own, *exponents): number for exponents, number in c.terms()}
        return cls(sites, strings, ring.from_dict(powers))

    def hamiltonian(self, cluster: int) -> dict[String, PolyElement]:
        """Return H_c/ħ of a cluster but for a multiple of 1, by strings."""
        return {string: self.value.diff(self.value.ring.gens[k])
                for k, (c, string) in enumerate(self.strings) if c == cluster}

    def field(self, site: int) -> list[PolyElement]:
        """Return γ_g B of a classical site."""
        s, ring = self.sites.space.numeric_spins[site], self.value.ring
        first = len(self.strings) + 3 * self.sites.classical.index(site)
        weight = sp.QQ(-s.denominator, s.numerator)
        return [self.value.diff(gen) * weight for gen in ring.gens[first:first + 3]]


def _frequency(model: Model, sites: Partition) -> Element:
    """H(m)/ħ over the algebra of the quantum sites, its ring that of the moments and the coefficients' atoms."""
    spins, place = model.space.numeric_spins, {site: k for k, site in enumerate(sites.quantum)}
    first, factor, atoms = {site: 3 * k for k, site in enumerate(sites.classical)}, 1 / model.hbar, set[sp.Expr]()

    def build(ring: PolyRing, number: Callable[[sp.Expr], Any]) -> Element:
        algebra = SiteAlgebra(sites.spins, ring)

        def vector(i: int) -> list[PolyElement]:
            return [ring.gens[first[i] + k] * sp.QQ(spins[i].numerator, spins[i].denominator) for k in range(3)]

        def string(indices: String) -> Element:
            factors = (harmonic(spins[i], indices[i], vector(i)) for i in sites.classical)
            return algebra.string(tuple(indices[i] for i in sites.quantum)) * reduce(mul, factors, ring.one)

        def letters(i: int) -> tuple[Element, ...]:
            return algebra.spin(place[i]) if i in place else tuple(algebra.one * x for x in vector(i))

        return model.in_letters(Context(
            spin=letters, number=number, string=string, one=algebra.one, zero=Element(algebra, {}),
            sites=model.space.sites, spins=spins, hbar=model.hbar, gamma=model.gamma))

    def record(expression: sp.Expr) -> int:
        atoms.update(atoms_in(expression * factor))
        return 0

    build(make_ring(sites.moments), record)
    ring = make_ring([*sites.moments, *sorted(atoms, key=sp.default_sort_key)])
    return build(ring, lambda e: to_ring(ring, e * factor))
