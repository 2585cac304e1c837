"""Clusters and moments in coordinates: the residual of each, evaluated in the mean field of all others."""

from dataclasses import dataclass
from functools import cached_property
from typing import cast

import sympy as sp
from sympy.polys.rings import PolyElement, PolyRing

from qllg_sym.algebra.element import Element
from qllg_sym.algebra.scalars import make_ring
from qllg_sym.algebra.sites import SiteAlgebra
from qllg_sym.equations import size
from qllg_sym.equations.components import Components
from qllg_sym.equations.evaluation import atoms_of, coefficient_expressions, vector_word
from qllg_sym.equations.hybrid.implicit import ImplicitHybrid
from qllg_sym.equations.hybrid.sites import velocities_of
from qllg_sym.equations.hybrid.vector_form import hybrid_vector_form
from qllg_sym.equations.operator_word import OperatorWord
from qllg_sym.equations.vector_equations import VectorForm

VECTORS = frozenset({"m", "dm", "B"})


@dataclass(frozen=True, repr=False)
class HybridComponents(Components):
    """Equations of motion of clusters and moments, 0 = residual(velocities, states, parameters, t).

    Attributes:
        equation: what they are components of.
        kind: "hybrid".
        states, velocities: symbols, in the same order: those of each cluster, then those of the moments.
        strings: none; the states of each cluster have their own.
    """

    @property
    def hybrid(self) -> ImplicitHybrid:
        """The equation."""
        return cast(ImplicitHybrid, self.equation)

    @property
    def has_words(self) -> bool:
        """No: there are several ρ."""
        return False

    def vector_form(self) -> VectorForm:
        """Return the equations in vectors; see `hybrid_vector_form`.

        Raises:
            DerivationError: there is no such form.
        """
        return hybrid_vector_form(self, self.hybrid)

    @cached_property
    def polynomials(self) -> tuple[PolyElement, ...]:
        """The residual as elements of one polynomial ring."""
        parts = [p for c in range(len(self.hybrid.sites.clusters)) for p in self._cluster(c)]
        known = {*self.states, *self.velocities}
        atoms = {g for p in (*parts, self.hybrid.energy.value) for g in p.ring.symbols if g not in known}
        atoms |= {*atoms_of(coefficient_expressions(self.equation.residual))}
        ring = make_ring([*self.states, *self.velocities, *sorted(atoms, key=sp.default_sort_key)])
        return (*(p.set_ring(ring) for p in parts), *moment_polynomials(self.hybrid, ring))

    def _cluster(self, cluster: int) -> tuple[PolyElement, ...]:
        """The equations of one cluster, in a ring whose atoms are coefficients and what is not its own."""
        energy, space = self.hybrid.energy, self.hybrid.sites.spaces[cluster]
        algebra = SiteAlgebra(space.numeric_spins, energy.value.ring)
        h = Element(algebra, {(0, string): c for string, c in energy.hamiltonian(cluster).items()})
        quantum = quantum_part(self.equation.residual)
        atoms = atoms_of([*coefficient_expressions(h), *coefficient_expressions(quantum)])
        states = self.hybrid.sites.states(cluster)
        symbols = (*states, *velocities_of(states))
        word = OperatorWord.of(quantum, {"H": h}, atoms, symbols, space.numeric_spins)
        size.check_terms("components", space, word)
        return word.polynomials().in_ring(make_ring([*symbols, *atoms]))


def quantum_part(residual: Element) -> Element:
    """Return the words of a residual that are in ρ, ρ̇ and H."""
    return Element(residual.algebra, {key: c for key, c in residual.terms.items() if VECTORS.isdisjoint(key[1])})


def classical_part(residual: Element) -> Element:
    """Return the words of a residual that are in m, ṁ and B."""
    return Element(residual.algebra, {key: c for key, c in residual.terms.items() if not VECTORS.isdisjoint(key[1])})


def moment_polynomials(equation: ImplicitHybrid, ring: PolyRing) -> list[PolyElement]:
    """Return the equations of all moments, three a site, in a ring that holds all letters.

    >>> from qllg_sym import Hybrid, Model, Space
    >>> equation = Hybrid(0, 0, classical=[0]).derive(Model(Space("1")))
    >>> moment_polynomials(equation, make_ring(sp.symbols("m0_x m0_y m0_z dm0_x dm0_y dm0_z", real=True)))
    [dm0_x, dm0_y, dm0_z]
    """
    word, gens, found = classical_part(equation.residual), dict(zip(ring.symbols, ring.gens, strict=True)), []
    for site in equation.sites.classical:
        m = equation.sites.moment(site)
        vectors = {"m": [gens[s] for s in m], "dm": [gens[s] for s in velocities_of(m)],
                   "B": [b.set_ring(ring) for b in equation.energy.field(site)]}
        found += vector_word(word, vectors, ring)
    return found
