"""Products of eigenstates of two levels, as polynomials in their energies x and y, reduced by their factors."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sympy as sp
from sympy.polys.rings import PolyElement, PolyRing

from qllg_sym.analysis.stationary.eigenspaces import Eigenstate, Level, Pair, Sparse
from qllg_sym.analysis.stationary.extension import Number, as_fraction, in_domain

Complex = tuple[PolyElement, PolyElement]


@dataclass(frozen=True)
class Coherence:
    """Two eigenstates j and k, of one level or of two.

    Attributes:
        levels: of j and of k.
        states: j and k.
    """

    levels: tuple[Level, Level]
    states: tuple[Eigenstate, Eigenstate]

    @cached_property
    def ring(self) -> PolyRing:
        """Polynomials in both energies over the field of H's entries."""
        return PolyRing(sp.symbols("x y", cls=sp.Dummy), self.levels[0].spaces.extension.domain, sp.lex)

    def exchanges(self, operators: Sequence[Sparse]) -> list[list[tuple[sp.Expr, sp.Expr]]]:
        """Return Tr(A P_j B P_k), P = |·⟩⟨·|, for all operators A and B, as (re, im)."""
        (column_j, row_j), (column_k, row_k) = (self._in_ring(place) for place in (0, 1))
        forth = [self._between(row_k, a, column_j) for a in operators]         # Tr A|j⟩⟨k|
        back = [self._between(row_j, b, column_k) for b in operators]
        return [[self._written(self._product(x, y)) if any(x) and any(y) else (sp.S.Zero, sp.S.Zero) for y in back]
                for x in forth]

    @cached_property
    def _factors(self) -> list[PolyElement]:
        x, y = self.ring.gens
        return [self._polynomial(list(level.spaces.extension.modulus), g)
                for level, g in zip(self.levels, (x, y), strict=True)]

    def _polynomial(self, number: Number, generator: PolyElement) -> PolyElement:
        """A number of an extension, θ the generator."""
        total = self.ring.zero
        for c in number:
            total = total * generator + self.ring.ground_new(c)
        return total

    def _in_ring(self, place: int) -> tuple[list[Complex], list[Complex]]:
        """Column and row of a state."""
        generator, state = self.ring.gens[place], self.states[place]

        def both(pairs: Sequence[Pair]) -> list[Complex]:
            return [(self._polynomial(re, generator), self._polynomial(im, generator)) for re, im in pairs]
        return both(state.column), both(state.row)

    def _between(self, row: Sequence[Complex], operator: Sparse, column: Sequence[Complex]) -> Complex:
        """⟨row|A|column⟩."""
        re, im = self.ring.zero, self.ring.zero
        domain = self.ring.domain
        for (a, b), pair in operator.items():
            x, y = (self.ring.ground_new(in_domain(domain, c)) for c in pair)
            p, q = self._product(row[a], column[b])
            re, im = re + p * x - q * y, im + p * y + q * x
        return re, im

    def _product(self, a: Complex, b: Complex) -> Complex:
        """A product of complex numbers, powers of the energies below their degrees."""
        re, im = a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]
        return re.rem(self._factors), im.rem(self._factors)

    def _written(self, value: Complex) -> tuple[sp.Expr, sp.Expr]:
        """Real and imaginary part as expressions."""
        energies = [level.energy for level in self.levels]

        def expression(polynomial: PolyElement) -> Any:
            return sp.Add(*(as_fraction(self.ring.domain, c) * energies[0]**m * energies[1]**n
                            for (m, n), c in polynomial.terms()))
        return expression(value[0]), expression(value[1])
