"""Components on part of all states: equations of fewer states, from full ones that are kept as they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Self

import sympy as sp
from sympy.polys.rings import PolyElement

from qllg_sym.algebra.element import Element
from qllg_sym.algebra.scalars import atoms_in, make_ring, symbols_in, to_ring
from qllg_sym.algebra.symbols import t
from qllg_sym.equations.components import Components
from qllg_sym.equations.composition import Substitution, cancelled
from qllg_sym.errors import InputError


@dataclass(frozen=True, repr=False)
class RestrictedComponents(Components):
    r"""Equations $0 = P\,R(E\dot u,\, e + E u)$ of fewer states u, from the full ones $0 = R(\dot y, y)$.

    It says what the equations are on the states y = e + E u, not that solutions stay there: whoever makes one proves
    that, from `full_residual`.

    Attributes:
        source: the full components.
        embedding: pairs (full state, e + E u, an expression in the states); full states that are left out must not
            occur in the chosen equations.
        projection: for every state, which combination of the full residual is its equation, written as that
            combination of the full states: P y.
    """

    source: Components = field(kw_only=True)
    embedding: tuple[tuple[sp.Symbol, sp.Expr], ...] = field(kw_only=True)
    projection: tuple[sp.Expr, ...] = field(kw_only=True)

    @property
    def follows_its_model(self) -> bool:
        """No: what is left depends on the Hamiltonian."""
        return False

    @property
    def map(self) -> dict[sp.Symbol, sp.Expr]:
        """The full states as expressions in the states."""
        return dict(self.embedding)

    @property
    def parameters(self) -> tuple[sp.Symbol, ...]:
        """The parameters of the full components, and of the map."""
        own = {*self.states, *self.source.states}
        found = symbols_in([*(e for _, e in self.embedding), *self.projection])
        return symbols_in([*self.source.parameters, *(s for s in found if s not in own)])

    @property
    def has_words(self) -> bool:
        """As the full components."""
        return self.source.has_words

    @cached_property
    def written(self) -> Self:
        """The same restriction of the full components for numbers; see `Model.written`."""
        source = self.source.written
        return self if source is self.source else replace(self, source=source, equation=source.equation)

    @cached_property
    def polynomials(self) -> tuple[PolyElement, ...]:
        """The residual as elements of one polynomial ring."""
        return self._restricted([self.source.polynomials])[0]

    def evaluated(self, *words: Element) -> list[tuple[PolyElement, ...]]:
        """Return the components of quantum words, all in one ring."""
        return self._restricted(self.source.evaluated(*words))

    @cached_property
    def full_residual(self) -> tuple[PolyElement | None, ...]:
        """R(E ẏ, e + E u), for every full equation, in the ring of `polynomials`; None where it has states left out."""
        substitution = self._substitution([self.source.polynomials])
        return tuple(substitution.image(p) for p in self.source.polynomials)

    def _restricted(self, systems: Sequence[tuple[PolyElement, ...]]) -> list[tuple[PolyElement, ...]]:
        """The combinations of full polynomials, E ẏ and e + E u put in."""
        substitution, places = self._substitution(systems), {s: k for k, s in enumerate(self.source.states)}
        ring, chosen = substitution.ring, [_linear(p, places) for p in self.projection]
        used = {k for parts in chosen for k in parts}
        numbers = [{k: to_ring(ring, c) for k, c in parts.items()} for parts in chosen]
        found = [tuple(sum((c * images[k] for k, c in parts.items()), ring.zero) for parts in numbers)
                 for images in ({k: substitution.known(system[k]) for k in used} for system in systems)]
        plain = all(c.is_Rational for parts in chosen for c in parts.values())
        return found if plain else cancelled(ring, 2 * len(self.states), found)

    def _substitution(self, systems: Sequence[tuple[PolyElement, ...]]) -> Substitution:
        n, old = len(self.source.states), systems[0][0].ring
        places = {s: k for k, s in enumerate(self.source.states)}
        maps = [e for _, e in self.embedding] + [c for p in self.projection for c in _linear(p, places).values()]
        atoms = set(old.symbols[2 * n:]).union(*map(atoms_in, maps)) - set(self.states)
        ring = make_ring([*self.states, *self.velocities, *sorted(atoms, key=sp.default_sort_key)])
        images: list[PolyElement | None] = [None] * (2 * n)
        for state, expression in self.embedding:
            image = to_ring(ring, expression)
            images[places[state]], images[n + places[state]] = image, _moving(image, len(self.states))
        return Substitution(ring, (*images, *(to_ring(ring, g) for g in old.symbols[2 * n:])))


def restrict(source: Components, states: Sequence[sp.Symbol], velocities: Sequence[sp.Symbol],
             embedding: Mapping[sp.Symbol, sp.Expr | int],
             projection: Sequence[sp.Expr] | None = None) -> RestrictedComponents:
    """Return the equations of `states` alone, the full states being `embedding` of them.

    Args:
        source: the full components; of restricted ones, what they are of is taken, through both maps.
        states: symbols of the states that are left.
        velocities: as many.
        embedding: {full state: expression}, affine in `states`, with coefficients in numbers and parameters.
        projection: for every state the combination of full equations that is its own, as a linear expression in the
            full states; by default the equation of the state itself.

    Raises:
        InputError: an expression that is not affine in the states, or one that depends on time.

    >>> from qllg_sym import Model, QuantumLLG, Space, Zeeman
    >>> full = QuantumLLG(0).derive(Model(Space("1/2"), [Zeeman((0, 0, 1))])).pauli()
    >>> x, y, z = full.states
    >>> part = restrict(full, (x, y), full.velocities[:2], {x: x, y: y, z: 1})
    >>> part.residual, part.map
    ((-T_y + dT_x, T_x + dT_y), {T_x: T_x, T_y: T_y, T_z: 1})
    """
    known = {state: sp.Integer(e) if isinstance(e, int) else e for state, e in embedding.items()}
    chosen = tuple(states if projection is None else projection)
    for state, expression in known.items():
        if state not in source.states:
            raise InputError(f"`embedding` must map the full states, but has {state}; give states of the components.")
        if t in expression.free_symbols or not _is_affine(expression, states):
            raise InputError(f"`embedding` must be affine in the states and constant in time, but has {state} = "
                             f"{expression}; give such expressions.")
    if isinstance(source, RestrictedComponents):
        outer = {s: known.get(s) for s in source.states}
        through = ((s, e) for s, e in source.embedding if all(outer[x] is not None for x in _of(e, source.states)))
        known = {s: sp.expand(e.xreplace(known)) for s, e in through}
        inner = dict(zip(source.states, source.projection, strict=True))
        chosen = tuple(sp.expand(p.xreplace(inner)) for p in chosen)
        source = source.source
    return RestrictedComponents(
        source.equation, f"restricted {source.kind}", tuple(states), tuple(velocities), source=source,
        embedding=tuple((s, known[s]) for s in source.states if s in known), projection=chosen)


def _of(expression: sp.Expr, states: Sequence[sp.Symbol]) -> list[sp.Symbol]:
    """The states that occur."""
    return [s for s in states if s in expression.free_symbols]


def _is_affine(expression: sp.Expr, states: Sequence[sp.Symbol]) -> bool:
    """Whether an expression is of degree one in states, with coefficients free of them."""
    used = _of(expression, states)
    poly = expression.as_poly(*used) if used else None
    return not used or (poly is not None and poly.total_degree() <= 1)


def _linear(expression: sp.Expr, places: Mapping[sp.Symbol, int]) -> dict[int, sp.Expr]:
    """The coefficients of a linear combination of full states, by their places."""
    used = [s for s in places if s in expression.free_symbols]
    return {places[s]: sp.expand(expression).coeff(s) for s in used}


def _moving(image: PolyElement, n: int) -> PolyElement:
    """The velocity of an affine combination of the first n generators: the next n take their places."""
    zero = (0,) * n
    return image.ring.from_dict({(*zero, *key[:n], *key[2 * n:]): c for key, c in image.items() if any(key[:n])})
