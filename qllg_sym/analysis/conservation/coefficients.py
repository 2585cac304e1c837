"""What the coefficients of components are made of: a field, and the system of equations over it or modulo a prime."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any

import sympy as sp
from sympy.polys.matrices import DomainMatrix
from sympy.polys.matrices.exceptions import DMNonInvertibleMatrixError
from sympy.polys.polyerrors import CoercionFailed
from sympy.polys.rings import PolyElement, PolyRing

from qllg_sym.algebra.symbols import t
from qllg_sym.analysis.conservation.system import System
from qllg_sym.equations.implicit_components import ImplicitComponents
from qllg_sym.errors import DerivationError


@dataclass(frozen=True, eq=False)
class Coefficients:
    """What the coefficients of components are made of.

    Attributes:
        components: polynomial in states and velocities.
        field: rational functions of the parameters over the rationals; roots and other functions count as parameters.
        images: atom of a coefficient → element of the field.
        clocks: the atoms that depend on time; they count as independent of each other.
    """

    components: ImplicitComponents
    field: Any
    images: dict[sp.Expr, Any]
    clocks: tuple[sp.Expr, ...]

    @classmethod
    def of(cls, components: ImplicitComponents) -> "Coefficients":
        """Return those of components.

        >>> from qllg_sym import Model, QuantumLLG, Space
        >>> Coefficients.of(QuantumLLG(sp.Symbol("kappa", real=True)).derive(Model(Space("1/2"))).pauli()).field
        QQ(kappa)
        """
        atoms = components.polynomials[0].ring.symbols[2 * len(components.states):]
        clocks = tuple(a for a in atoms if a.has(t))
        constant = [a for a in atoms if a not in clocks]
        symbols = sorted({s for a in constant for s in a.free_symbols}, key=str)
        opaque = [a for a in constant if not _is_rational(a, symbols)]
        used = {s for a in constant if a not in opaque for s in a.free_symbols}
        generators = [*(s for s in symbols if s in used), *opaque]
        field = sp.QQ.frac_field(*generators) if generators else sp.QQ
        return cls(components, field, {a: field.from_sympy(a) for a in constant}, clocks)

    @property
    def generators(self) -> tuple[sp.Expr, ...]:
        """The parameters that the field has, roots and functions of them among these."""
        return () if self.field is sp.QQ else tuple(self.field.symbols)

    @cached_property
    def exact(self) -> System:
        """The system over the field."""
        return self._system(self.field, self.images)

    def residues(self, prime: Any, values: Iterable[int]) -> System:
        """Return the system over the integers modulo a prime, with such values for the generators of the field."""
        point = list(values)
        return self._system(prime, {a: self.residue(x, prime, point) for a, x in self.images.items()})

    def residue(self, c: Any, prime: Any, values: Sequence[int]) -> Any:
        """Return an element of the field modulo a prime."""
        if self.field is sp.QQ:
            return _number(prime, c)
        point = [prime(v) for v in values]
        return _at(c.numer, point, prime) / _at(c.denom, point, prime)

    def cleared(self, p: PolyElement, content: bool = False) -> PolyElement:
        """Return a polynomial over the field times a function of the parameters, so that no parameter divides.

        Args:
            p: over the field.
            content: whether common factors of the coefficients are taken out, too.
        """
        if self.field is sp.QQ:
            return p
        one = self.field.one.numer
        low = reduce(lambda a, b: a.lcm(b), (c.denom for c in p.itercoeffs()), one).primitive()[1]
        whole = p * (self.field.one * low)
        if content:
            common = reduce(lambda a, b: a.gcd(b), (c.numer for c in whole.itercoeffs())).primitive()[1]
            whole = whole * (self.field.one / common)
        return whole

    def raised(self, p: PolyElement, ring: PolyRing) -> PolyElement | None:
        """Return a cleared polynomial in the ring of the residual; None where that lacks a parameter."""
        places = {g: k for k, g in enumerate(ring.symbols)}
        own = (*self.components.states, *self.clocks)
        if not {*own, *self.generators} <= places.keys():
            return None
        total = {}
        for m, c in p.terms():
            for inner, number in (c.numer.terms() if self.generators else [((), c)]):
                key = [0] * ring.ngens
                for g, e in zip((*own, *self.generators), (*m, *inner), strict=True):
                    key[places[g]] = e
                total[tuple(key)] = number
        return ring.from_dict(total)

    def converted(self, p: PolyElement, domain: Any = None, images: dict[sp.Expr, Any] | None = None,
                  ring: PolyRing | None = None) -> PolyElement:
        """Return a polynomial in states and atoms over the field."""
        domain, images = domain or self.field, self.images if images is None else images
        ring = ring or self.ring(domain)
        n, symbols = len(self.components.states), p.ring.symbols
        places = {g: k for k, g in enumerate((*self.components.states, *self.clocks))}
        total: dict[tuple[int, ...], Any] = {}
        for m, c in p.terms():
            key, value = [0] * (n + len(self.clocks)), _number(domain, c)
            for g, e in zip(symbols, m, strict=True):
                if e and g in places:
                    key[places[g]] += e
                elif e:
                    value = value * images[g]**e
            total[tuple(key)] = total.get(tuple(key), domain.zero) + value
        return ring.from_dict({m: c for m, c in total.items() if c})

    def ring(self, domain: Any) -> PolyRing:
        """Return the ring of states and functions of time over a field."""
        return PolyRing((*self.components.states, *self.clocks), domain, sp.lex)

    def _system(self, domain: Any, images: dict[sp.Expr, Any]) -> System:
        """The system over a field in which the atoms have these images."""
        n, ring = len(self.components.states), self.ring(domain)
        convert: Callable[[PolyElement], PolyElement] = lambda p: self.converted(p, domain, images, ring)  # noqa: E731
        mass, forcing = self.components.split
        entries = {key: convert(p) for key, p in mass.items()}
        force = {i: q for i, p in enumerate(forcing) if (q := convert(p))}
        by_degree: list[dict[tuple[int, int], PolyElement]] = []
        for key, p in entries.items():
            for m, c in p.terms():
                size = sum(m[:n])
                by_degree += [{} for _ in range(size + 1 - len(by_degree))]
                by_degree[size][key] = by_degree[size].get(key, ring.zero) + ring.from_dict({m: c})
        first, *higher = by_degree or [{}]
        if first == {(i, i): ring.one for i in range(n)}:
            return System(ring, n, tuple(higher), force)
        scale = _inverse(first, n, domain)
        return System(ring, n, tuple(_scaled(scale, part, ring) for part in higher),
                      {i: x for (i, _), x in _scaled(scale, {(i, 0): x for i, x in force.items()}, ring).items()},
                      scale)


def _is_rational(atom: sp.Expr, symbols: Sequence[sp.Symbol]) -> bool:
    """Whether an atom is a rational function of the symbols over the rationals."""
    domain = sp.QQ.frac_field(*symbols) if symbols else sp.QQ
    try:
        domain.from_sympy(atom)
    except (CoercionFailed, ValueError):
        return False
    return True


def _number(domain: Any, c: Any) -> Any:
    """A rational in a field."""
    return domain(int(c.numerator)) / domain(int(c.denominator))


def _at(p: PolyElement, point: Sequence[Any], prime: Any) -> Any:
    """A polynomial over the rationals at residues."""
    total = prime.zero
    for m, c in p.terms():
        value = _number(prime, c)
        for x, e in zip(point, m, strict=True):
            value = value * x**e
        total = total + value
    return total


def _inverse(first: dict[tuple[int, int], PolyElement], n: int, domain: Any) -> DomainMatrix:
    """The inverse of the mass at y = 0."""
    if any(not p.is_ground for p in first.values()):
        raise DerivationError("`conserved()` must have a mass that is constant at zero states, but time is in it; "
                              "divide the equations by it.")
    held = DomainMatrix.zeros((n, n), domain).to_dense().rep.to_list()
    for (i, j), p in first.items():
        held[i][j] = p.coeff(1)
    try:
        return DomainMatrix(held, (n, n), domain).inv()
    except DMNonInvertibleMatrixError:
        raise DerivationError("`conserved()` must have a mass that can be inverted at zero states, but cannot; use "
                              "components in which the state of no order is zero.") from None


def _scaled(scale: DomainMatrix, part: dict[tuple[int, int], PolyElement],
            ring: PolyRing) -> dict[tuple[int, int], PolyElement]:
    """A matrix times a sparse one."""
    total: dict[tuple[int, int], PolyElement] = {}
    for (k, j), p in part.items():
        for i in range(scale.shape[0]):
            if c := scale[i, k].element:
                total[i, j] = total.get((i, j), ring.zero) + p * c
    return {key: p for key, p in total.items() if p}
