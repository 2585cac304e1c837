"""What is stored of an equation in coordinates: symbols, and the residual as polynomials in one ring."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import sympy as sp
from sympy.polys.rings import PolyElement, PolyRing

from qllg_sym.algebra.element import Element
from qllg_sym.algebra.fields import ByFields
from qllg_sym.algebra.scalars import make_ring, to_expr
from qllg_sym.algebra.sites import String
from qllg_sym.algebra.sparse import SparsePolynomials, sparse
from qllg_sym.equations import evaluation, size
from qllg_sym.equations.evaluation import atoms_of, coefficient_expressions, ring_for
from qllg_sym.equations.implicit_equation import ImplicitEquation
from qllg_sym.equations.operator_word import OperatorWord
from qllg_sym.equations.spin_part import has_spin_part
from qllg_sym.errors import DerivationError
from qllg_sym.model.classical import effective_fields


@dataclass(frozen=True, repr=False)
class ImplicitComponents(ByFields):
    """Equations in coordinates, 0 = residual(velocities, states, parameters, t), linear in velocities, as data.

    Attributes:
        equation: what they are components of.
        kind: "pauli", "coefficients", "eta" or "moments".
        states, velocities: symbols, in the same order.
        strings: basis strings of the states, for "pauli" and "coefficients".
    """

    equation: ImplicitEquation
    kind: str
    states: tuple[sp.Symbol, ...]
    velocities: tuple[sp.Symbol, ...]
    strings: tuple[String, ...] = ()

    @property
    def parameters(self) -> tuple[sp.Symbol, ...]:
        """Symbols of model and law, by name."""
        found = self.equation.parameters
        spin = self.equation.model.space.spins[0]
        if isinstance(spin, sp.Symbol) and spin not in found:
            found = tuple(sorted((*found, spin), key=lambda s: s.name))
        return tuple(found)

    @property
    def has_words(self) -> bool:
        """Whether every word in ρ and H has components in these coordinates: not where they are closed by cumulants."""
        return True

    @property
    def follows_its_model(self) -> bool:
        """Whether those of another model are these with another equation: not where they were closed or reduced."""
        return self.has_words

    @cached_property
    def written(self) -> Self:
        """The same components for numbers, with the user's own expressions for coefficients; see `Model.written`."""
        equation = self.equation.written
        return self if equation is self.equation else replace(self, equation=equation)

    @cached_property
    def sparse(self) -> SparsePolynomials:
        """The residual, term by term: of ρ ρ̇ it has about d⁴ terms of three or four factors each."""
        if not self.strings:
            return sparse(self.polynomials, (*self.states, *self.velocities))
        word = self.word(self.equation.residual)
        size.check_terms(self.kind, self.equation.model.space, word)
        size.check_jumps(self.kind, self.equation.model.space, word)
        return word.polynomials()

    @cached_property
    def polynomials(self) -> tuple[PolyElement, ...]:
        """The residual as elements of one polynomial ring, which hold an exponent of every generator with each term."""
        equation, word = self.equation, self.equation.residual
        if self.kind == "moments":
            fields = effective_fields(equation.model, equation.field)
            known = [*(to_expr(b) for field in fields for b in field), *coefficient_expressions(word)]
            ring = ring_for(self.states, self.velocities, known)
            return evaluation.moments(equation.model, word, ring, equation.field)
        return self.evaluated(word)[0]

    def evaluated(self, *words: Element) -> list[tuple[PolyElement, ...]]:
        """Return the components of quantum words, all in one ring."""
        atoms = self._known(*words)
        if not self.strings:
            return [evaluation.single_spin(self.equation, word, self._ring(atoms)) for word in words]
        ready = [self.word(word, atoms) for word in words]
        # before the ring is made: its generators alone are the square of their number
        size.check_exponents(self.kind, self.equation.model.space, ready)
        for each in ready:
            size.check_jumps(self.kind, self.equation.model.space, each)
        own = len(words) == 1 and words[0] is self.equation.residual
        found = [self.sparse] if own else [each.polynomials() for each in ready]
        ring = self._ring(atoms)
        return [each.in_ring(ring) for each in found]

    def word(self, word: Element, atoms: tuple[sp.Expr, ...] | None = None) -> OperatorWord:
        """Return a quantum word in the basis of strings, over atoms that hold its own at least."""
        atoms = self._known(word) if atoms is None else atoms
        spins = tuple(self.equation.model.space.numeric_spins)
        return OperatorWord.of(word, self.equation.operators, atoms, (*self.states, *self.velocities), spins)

    def _known(self, *words: Element) -> tuple[sp.Expr, ...]:
        """The atoms of the model, of the law's own operators and of words."""
        model = self.equation.model
        known = [model.hbar, *(e for x in self.equation.operators.values() for e in coefficient_expressions(x))]
        if self.kind == "eta":
            local = any(map(has_spin_part, words))
            known += [evaluation.share(model), *([evaluation.local_share(model)] if local else [])]
        return atoms_of([*known, *(e for word in words for e in coefficient_expressions(word))])

    def _ring(self, atoms: tuple[sp.Expr, ...]) -> PolyRing:
        """States, velocities, and atoms."""
        return make_ring([*self.states, *self.velocities, *atoms])

    @cached_property
    def residual(self) -> tuple[sp.Expr, ...]:
        """The implicit equations, each expression = 0, expanded."""
        return self.sparse.expressions()

    @cached_property
    def sparse_split(self) -> tuple[SparsePolynomials, list[tuple[int, int]], SparsePolynomials]:
        """Mass entries, their places (i, j), and forcing, mass · velocity = forcing, term by term."""
        found = self.sparse.split(len(self.states))
        if found is None:
            raise DerivationError(f"`{self.equation.kind}` must be linear in the velocities, but is not; "
                                  "mend the law.")
        return found[0], found[1], found[2].negated()

    @cached_property
    def split(self) -> tuple[dict[tuple[int, int], PolyElement], tuple[PolyElement, ...]]:
        """Mass entries {(i, j): polynomial} and forcing, mass · velocity = forcing, in the ring."""
        if not self.polynomials:                        # a closed set may be empty
            return {}, ()
        ring = self.polynomials[0].ring
        mass, places, forcing = self.sparse_split
        return dict(zip(places, mass.in_ring(ring), strict=True)), forcing.in_ring(ring)
