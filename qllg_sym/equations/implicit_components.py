"""What is stored of an equation in coordinates: symbols, and the residual as polynomials in one ring."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import sympy as sp
from sympy.polys.rings import PolyElement, PolyRing

from qllg_sym.algebra.element import Element
from qllg_sym.algebra.fields import ByFields
from qllg_sym.algebra.scalars import to_expr
from qllg_sym.algebra.sites import String
from qllg_sym.equations import evaluation, size
from qllg_sym.equations.evaluation import coefficient_expressions, ring_for
from qllg_sym.equations.implicit_equation import ImplicitEquation
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

    @cached_property
    def written(self) -> Self:
        """The same components for numbers, with the user's own expressions for coefficients; see `Model.written`."""
        equation = self.equation.written
        return self if equation is self.equation else replace(self, equation=equation)

    @cached_property
    def polynomials(self) -> tuple[PolyElement, ...]:
        """The residual as elements of one polynomial ring; evaluated on first use, for it grows as d⁴ terms."""
        model, word, field = self.equation.model, self.equation.residual, self.equation.field
        if self.kind == "moments":
            known = [to_expr(b) for fields in effective_fields(model, field) for b in fields]
            return evaluation.moments(model, word, self._ring(known, word), field)
        return self.evaluated(word)[0]

    def evaluated(self, *words: Element) -> list[tuple[PolyElement, ...]]:
        """Return the components of quantum words, all in one ring."""
        model = self.equation.model
        if self.kind != "eta":          # before the ring is made: its generators alone are the square of their number
            size.check_terms(self.kind, model, words, len(self.states))
        known = [*coefficient_expressions(model.frequency), model.hbar]
        known += [evaluation.share(model)] if self.kind == "eta" else []
        ring = self._ring(known, *words)
        evaluate = evaluation.single_spin if self.kind == "eta" else evaluation.operator_basis
        return [evaluate(model, word, ring) for word in words]

    def _ring(self, known: list[sp.Expr], *words: Element) -> PolyRing:
        """States, velocities, and the atoms of known expressions and of the words' coefficients."""
        expressions = [*known, *(e for word in words for e in coefficient_expressions(word))]
        return ring_for(self.states, self.velocities, [e for e in expressions if e != 0])

    @cached_property
    def residual(self) -> tuple[sp.Expr, ...]:
        """The implicit equations, each expression = 0, expanded."""
        return tuple(to_expr(p) for p in self.polynomials)

    @cached_property
    def split(self) -> tuple[dict[tuple[int, int], PolyElement], tuple[PolyElement, ...]]:
        """Mass entries {(i, j): polynomial} and forcing, mass · velocity = forcing, in the ring."""
        n = len(self.states)
        mass: dict[tuple[int, int], PolyElement] = {}
        forcing = []
        for i, polynomial in enumerate(self.polynomials):
            free = {}
            for exponents, c in polynomial.terms():
                moving = [j for j in range(n) for _ in range(exponents[n + j])]
                if not moving:
                    free[exponents] = -c
                    continue
                if len(moving) > 1:
                    raise DerivationError(f"`{self.equation.kind}` must be linear in the velocities, but is not; "
                                          "mend the law.")
                key = (i, moving[0])
                rest = tuple(0 if k == n + moving[0] else e for k, e in enumerate(exponents))
                mass[key] = mass.get(key, polynomial.ring.zero) + polynomial.ring.from_dict({rest: c})
            forcing.append(polynomial.ring.from_dict(free))
        return {key: p for key, p in mass.items() if p}, tuple(forcing)
