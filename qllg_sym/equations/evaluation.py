"""Words evaluated in coordinates: letters become operators whose coefficients are states and velocities of a ring.

In every ring here the first n generators are the states, the next n the velocities, the rest atoms of coefficients.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sympy as sp
from sympy.polys.rings import PolyElement, PolyRing

from qllg_sym.algebra.element import Element
from qllg_sym.algebra.scalars import atoms_in, make_ring, to_expr, to_ring
from qllg_sym.algebra.sites import SiteAlgebra
from qllg_sym.algebra.spin import HALF
from qllg_sym.algebra.su2 import Su2Algebra
from qllg_sym.algebra.words import substitute
from qllg_sym.equations.implicit_equation import ImplicitEquation
from qllg_sym.equations.spin_part import LETTER, eta_share, has_spin_part
from qllg_sym.errors import DerivationError
from qllg_sym.model.classical import effective_fields
from qllg_sym.model.model import Model


def coefficient_expressions(element: Element) -> list[sp.Expr]:
    """Return the coefficients of an element as expressions.

    >>> from qllg_sym.algebra.words import words
    >>> coefficient_expressions(words("rho")[0])
    [1]
    """
    return [to_expr(c) for c in element.terms.values()]


def ring_for(states: Sequence[sp.Symbol], velocities: Sequence[sp.Symbol], expressions: Iterable[sp.Expr]) -> PolyRing:
    """Return the ring of states, velocities and the atoms of coefficient expressions, in this order.

    >>> ring_for([sp.Symbol("a")], [sp.Symbol("b")], [sp.Symbol("J")]).gens
    (a, b, J)
    """
    known = {*states, *velocities}
    return make_ring([*states, *velocities, *(atom for atom in atoms_of(expressions) if atom not in known)])


def atoms_of(expressions: Iterable[sp.Expr]) -> tuple[sp.Expr, ...]:
    """Return the atoms of coefficient expressions, in order.

    >>> atoms_of([sp.Symbol("J") / 2, sp.Symbol("B") * sp.Symbol("J")])
    (B, J)
    """
    return tuple(sorted(set().union(*(atoms_in(e) for e in expressions if e != 0)), key=sp.default_sort_key))


def _lift(element: Element, algebra: SiteAlgebra | Su2Algebra) -> Element:
    """The same element over a larger ring."""
    return Element(algebra, {key: to_ring(algebra.ring, to_expr(c)) for key, c in element.terms.items()})


def _no_remainder(image: Element, allowed: set[Any]) -> None:
    """What lies outside the wanted components must vanish identically: trace and Hermiticity of the law."""
    rest = sorted((key for key in image.terms if key not in allowed), key=str)
    if rest:
        raise DerivationError(f"`residual` of the law must be Hermitian and traceless, but has the part {rest[0]}; "
                              "mend the law.")


def share(model: Model) -> sp.Expr:
    """Return 1/(2s + 1) of a single spin.

    >>> from qllg_sym.model.space import Space
    >>> share(Model(Space("1")))
    1/3
    """
    return 1 / (2 * _spin(model) + 1)


def local_share(model: Model) -> sp.Expr:
    """Return `spin_part.eta_share` of a single spin.

    >>> from qllg_sym.model.space import Space
    >>> local_share(Model(Space("1")))
    2/3
    """
    return eta_share(_spin(model))


def _spin(model: Model) -> sp.Expr:
    s = model.space.spins[0]
    return s if isinstance(s, sp.Symbol) else sp.Rational(s.numerator, s.denominator)


def single_spin(equation: ImplicitEquation, word: Element, ring: PolyRing) -> tuple[PolyElement, ...]:
    """Return the η components of a word for ρ = (1 + η·S)/(2s+1), if it stays in the span of S_x, S_y, S_z."""
    model = equation.model
    algebra = model.space.algebra(ring)
    spin = algebra.spin(0)
    scale = to_ring(ring, share(model) * model.hbar)
    letters = {"rho": algebra.one * to_ring(ring, share(model)) + _vector(ring.gens[:3], spin) * scale,
               "drho": _vector(ring.gens[3:6], spin) * scale} | {
        name: _lift(operator, algebra) for name, operator in equation.operators.items()}
    if has_spin_part(word):
        letters[LETTER] = _vector(ring.gens[3:6], spin) * to_ring(ring, local_share(model) * model.hbar)
    image = substitute(word, letters, algebra.one)
    axes = [next(iter(component.terms.items())) for component in spin]
    if set(image.terms) - {key for key, _ in axes}:
        terms = ", ".join([*(type(x).__name__ for x in model.terms), f"the law {equation.kind}"])
        raise DerivationError(f"`eta()` must have a Hamiltonian for which PRL 4 closes, one linear in S, and such a "
                              f"law, but {terms} on {model.space} leaves it; use `coefficients()`.")
    return tuple(image.terms.get(key, ring.zero).exquo(scale * unit) for key, unit in axes)


def _vector(gens: Sequence[PolyElement], spin: Sequence[Element]) -> Element:
    return spin[0] * gens[0] + spin[1] * gens[1] + spin[2] * gens[2]


def moments(model: Model, word: Element, ring: PolyRing, field: str) -> tuple[PolyElement, ...]:
    """Return the components of a vector word for every site, vectors as a·S of a spin ½."""
    n, polynomials = 3 * model.space.sites, list[PolyElement]()
    for site, b in enumerate(effective_fields(model, field)):
        m, dm = ring.gens[3 * site:3 * site + 3], ring.gens[n + 3 * site:n + 3 * site + 3]
        polynomials += vector_word(word, {"m": m, "dm": dm, "B": [to_ring(ring, to_expr(x)) for x in b]}, ring)
    return tuple(polynomials)


def vector_word(word: Element, vectors: Mapping[str, Sequence[PolyElement]], ring: PolyRing) -> list[PolyElement]:
    """Return the components of a word in vectors, by name, which are written as a·S of a spin ½."""
    algebra = SiteAlgebra([HALF], ring)
    spin = algebra.spin(0)
    image = substitute(word, {name: _vector(a, spin) for name, a in vectors.items()}, algebra.one)
    _no_remainder(image, {(0, (k,)) for k in (1, 2, 3)})
    return [image.coefficient((k,)) * 2 for k in (1, 2, 3)]       # σ = 2S
