"""Equations of means of strings before they are closed: polynomials in means X and in their velocities, few terms each.

A sum is {(means, velocity): coefficient}: a product of means, as a sorted tuple of strings, times at most one velocity.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import combinations
from itertools import product as all_of
from typing import Any

import sympy as sp
from sympy.polys.rings import PolyElement, PolyRing

from qllg_sym.algebra.element import Element
from qllg_sym.algebra.scalars import atoms_in, make_ring, to_expr, to_ring
from qllg_sym.algebra.sites import SiteAlgebra
from qllg_sym.analysis import cluster_strings
from qllg_sym.analysis.cluster_strings import SiteString, string_commutator
from qllg_sym.analysis.commutator_law import Dissipator, commutator_law
from qllg_sym.equations.implicit_equation import ImplicitEquation
from qllg_sym.errors import DerivationError

Means = tuple[SiteString, ...]
Sum = dict[tuple[Means, SiteString | None], PolyElement]


class Hierarchy:
    """The equation of the mean of every string, the precession as it is, the damping seen through clusters.

    Args:
        equation: of a quantum law of nested commutators, on numeric spins.
        order: sites beyond which joint cumulants are zero.
        cluster: sites of the clusters through which damping sees ρ̇ or [ρ, H]; `order` by default.
    """

    def __init__(self, equation: ImplicitEquation, order: int, cluster: int | None = None) -> None:
        self.equation, self.order, self.cluster = equation, order, cluster or order
        self.spins = equation.model.space.numeric_spins
        atoms = set().union(*map(atoms_in, self._coefficients()))
        self.ring: PolyRing = make_ring(sorted(atoms, key=sp.default_sort_key))
        self.law = commutator_law(equation, self.ring)
        self._torques: dict[tuple[int, SiteString], Sum] = {}

    def row(self, string: SiteString) -> Sum:
        """Return Tr(A R) for a scaled string A, as a sum of products of means of scaled strings."""
        total: Sum = {}
        for n, c in self.law.velocity.items():
            add(total, self._velocity(n, string), c)
        for n, c in self.law.torque.items():
            add(total, self._torque(n, string), c)
        for loss in self._losses(string):
            add(total, loss, self.ring.one)
        return total

    def canonical(self, string: SiteString) -> SiteString:
        """Return the string that has the same mean and is a state."""
        return string

    def _coefficients(self) -> list[sp.Expr]:
        """What the ring must hold."""
        elements = *self.equation.operators.values(), self.equation.residual
        return [to_expr(c) for element in elements for c in element.terms.values()]

    @cached_property
    def _fields(self) -> dict[int, list[tuple[SiteString, PolyElement]]]:
        """The strings of H/ħ that act on a site, each with its coefficient."""
        found: dict[int, list[tuple[SiteString, PolyElement]]] = {i: [] for i in range(len(self.spins))}
        for (_, indices), c in self.equation.model.frequency.terms.items():
            string = _sparse(indices)
            for i, _ in string:
                found[i].append((string, to_ring(self.ring, to_expr(c))))
        return found

    def _velocity(self, n: int, string: SiteString) -> Sum:
        """D_n with i^n D_n = Tr(A ad_ρ^n ρ̇), ρ̇ seen in clusters."""
        if n == 0:
            return {((), string): self.ring.one}
        return self._damped(string, lambda b: self._velocity(n - 1, b))

    def _torque(self, n: int, string: SiteString) -> Sum:
        """D_n with i^n D_n = Tr(A ad_ρ^n H/ħ), [ρ, H] seen in clusters where n > 1."""
        if (n, string) in self._torques:
            return self._torques[n, string]
        total: Sum = {}
        if n > 1:
            total = self._damped(string, lambda b: self._torque(n - 1, b))
        else:
            for field, c in self._acting(string):
                add(total, self._commuted(field, string, scaled=False), c)
        self._torques[n, string] = total
        return total

    def _damped(self, string: SiteString, inner: Any) -> Sum:
        """Σ_B w_B D(B) ⟨[B, A]⟩/i over the strings B of clusters: the commutator of ρ with what clusters see of it."""
        total: Sum = {}
        for b, weight in self._clustered(string):
            if found := self._commuted(b, string, scaled=True):
                add(total, multiplied(inner(self.canonical(b)), found), weight)
        return total

    def _acting(self, string: SiteString) -> Iterable[tuple[SiteString, PolyElement]]:
        """The strings of H/ħ that share a site with this one, with their coefficients."""
        return {b: c for i, _ in string for b, c in self._fields[i]}.items()

    def _commuted(self, b: SiteString, a: SiteString, scaled: bool) -> Sum:
        """⟨[B, A]⟩/i in means of scaled strings; A is scaled, B is if it is said so."""
        factor = cluster_strings.scale(self.spins, a) * (cluster_strings.scale(self.spins, b) if scaled else 1)
        total: Sum = {}
        for string, r in string_commutator(self.spins, b, a):
            number = factor * r / cluster_strings.scale(self.spins, string)
            add(total, {((self.canonical(string),) if string else (), None): self.ring.one}, self._number(number))
        return total

    def _clustered(self, string: SiteString) -> Iterator[tuple[SiteString, Any]]:
        """Strings of clusters that share a site with this one, each with its weight w_B/scale² in G."""
        for b in self._neighbours(string):
            found = cluster_strings.cluster_weight(self.spins, b, self.cluster)
            yield b, self._number(found / cluster_strings.scale(self.spins, b) ** 2)

    def _neighbours(self, string: SiteString) -> Iterator[SiteString]:
        """Strings of clusters that share a site with this one."""
        own = [i for i, _ in string]
        others = [i for i in range(len(self.spins)) if i not in own]
        for inside in range(1, min(self.cluster, len(own)) + 1):
            for outside in range(self.cluster - inside + 1):
                for sites in all_of(combinations(own, inside), combinations(others, outside)):
                    yield from cluster_strings.on_sites(self.spins, sorted((*sites[0], *sites[1])))

    def _losses(self, string: SiteString) -> Iterator[Sum]:
        """What each dissipator makes of a string."""
        for dissipator in self.law.dissipators:
            if dissipator.sites is None or dissipator.sites & {i for i, _ in string}:
                yield self._loss(dissipator, string)

    def _loss(self, dissipator: Dissipator, string: SiteString) -> Sum:
        """Σ c⟨V A W⟩."""
        algebra = SiteAlgebra(self.spins, self.ring)
        at = dict(string)
        own = algebra.string(tuple(at.get(i, 0) for i in range(len(self.spins))))
        image = Element(algebra, {})
        for after, before, c in dissipator.sides:
            image = image + after * own * before * c
        factor, total = cluster_strings.scale(self.spins, string), dict[Any, Any]()
        for (k, indices), c in image.terms.items():
            found = _sparse(indices)
            if k:
                raise DerivationError(f"`residual` of the law must be Hermitian, but {self.equation.kind} has a mean "
                                      "that is not real; mend the law.")
            number = self._number(factor / cluster_strings.scale(self.spins, found))
            add(total, {((found,) if found else (), None): c}, self.ring.ground_new(number))
        return total

    def _number(self, value: Any) -> Any:
        return sp.QQ(value.numerator, value.denominator)


def add(total: Sum, more: Mapping[tuple[Means, SiteString | None], PolyElement], factor: Any) -> None:
    """Add a multiple of a sum to another one, zeros dropped."""
    for key, c in more.items():
        value = total[key] + c * factor if key in total else c * factor
        if value:
            total[key] = value
        else:
            total.pop(key, None)


def multiplied(a: Sum, b: Sum) -> Sum:
    """Return the product of two sums, at most one of which has velocities."""
    total: Sum = {}
    for (means, velocity), c in a.items():
        for (others, moving), e in b.items():
            key = tuple(sorted((*means, *others))), velocity if moving is None else moving
            add(total, {key: c}, e)
    return total


def _sparse(indices: tuple[int, ...]) -> SiteString:
    return tuple((i, a) for i, a in enumerate(indices) if a)
