"""Polynomials put into polynomials, and coefficients in lowest terms."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.polys.rings import PolyElement, PolyRing

from qllg_sym.algebra.scalars import atoms_in, make_ring, to_ring
from qllg_sym.equations.combination import RationalFunctions
from qllg_sym.errors import DerivationError


@dataclass(frozen=True)
class Substitution:
    """Polynomials put in for generators.

    Attributes:
        ring: of the images.
        images: of the generators; None for one that must not occur.
    """

    ring: PolyRing
    images: tuple[PolyElement | None, ...]

    def known(self, polynomial: PolyElement) -> PolyElement:
        """Return the image of a polynomial.

        Raises:
            DerivationError: it has a generator without an image.
        """
        if (found := self.image(polynomial)) is None:
            left = next(polynomial.ring.symbols[k] for k, e in enumerate(self.images)
                        if e is None and polynomial.degree(k) > 0)
            raise DerivationError(f"`embedding` must have every state that the chosen equations hold, but {left} is "
                                  "left out; give its value or its expression.")
        return found

    def image(self, polynomial: PolyElement) -> PolyElement | None:
        """Return the image of a polynomial; None if it has a generator without one.

        >>> a, b = make_ring(sp.symbols("a b")).gens; Substitution(a.ring, (a + b, None)).image(a**2)
        a**2 + 2*a*b + b**2
        """
        total: dict[tuple[int, ...], Any] = {}
        powers: dict[tuple[int, int], PolyElement] = {}
        for exponents, number in polynomial.terms():
            used = [(k, e) for k, e in enumerate(exponents) if e]
            if any(self.images[k] is None for k, _ in used):
                return None
            term = self.ring.ground_new(number)
            for k, e in used:
                if (k, e) not in powers:
                    powers[k, e] = self.images[k] ** e
                term = term * powers[k, e]
            for key, c in term.items():
                total[key] = total.get(key, 0) + c
        return self.ring.from_dict({key: c for key, c in total.items() if c})


def cancelled(ring: PolyRing, moving: int, systems: Sequence[Sequence[PolyElement]]) -> list[tuple[PolyElement, ...]]:
    """Return polynomials with their coefficients, rational functions of parameters, in lowest terms, all in one ring.

    >>> x, a = sp.symbols("x a"); ring = make_ring([x, a, 1 / a]); X, A, inverse = ring.gens
    >>> cancelled(ring, 1, [[A * inverse * X]])
    [(x,)]
    """
    scalars = RationalFunctions(ring, moving)
    parts = [{key: scalars.expression(c) for key, c in scalars.split(system).items()} for system in systems]
    atoms = set().union(*(atoms_in(e) for found in parts for e in found.values()))
    own = make_ring([*ring.symbols[:moving], *sorted(atoms, key=sp.default_sort_key)])
    rest = (0,) * (own.ngens - moving)
    return [tuple(sum((to_ring(own, e) * own.from_dict({(*key, *rest): sp.QQ(1)}) for (k, key), e in found.items()
                       if k == i), own.zero) for i in range(len(system)))
            for found, system in zip(parts, systems, strict=True)]
