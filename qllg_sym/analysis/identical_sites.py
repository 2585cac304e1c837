"""N identical sites: equations of means that do not depend on which sites, with the numbers of choices as factors.

The model shows some of the sites: each has its fields, each pair, triple, … of them its coupling. A string is written
on the first sites, its members in order.
"""

import numbers
from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cached_property
from itertools import combinations, permutations
from math import factorial, prod
from typing import Any

import sympy as sp
from sympy.polys.rings import PolyElement

from qllg_sym.algebra import spin
from qllg_sym.algebra.scalars import expanded, real_coefficient, to_expr, to_ring
from qllg_sym.algebra.sites import String
from qllg_sym.analysis import cluster_strings
from qllg_sym.analysis.cluster_strings import SiteString
from qllg_sym.analysis.hierarchy import Hierarchy, Sum, add
from qllg_sym.equations.implicit_equation import ImplicitEquation
from qllg_sym.errors import DerivationError, InputError, InputTypeError

Members = tuple[int, ...]


def checked_number(value: Any, order: int) -> sp.Expr:
    """Return the number of sites, a whole number from `order` on or a real symbol.

    >>> checked_number(5, 2), checked_number(sp.Symbol("N", real=True), 2)
    (5, N)
    """
    if isinstance(value, sp.Symbol):
        return real_coefficient(value, "identical")
    if isinstance(value, bool) or not isinstance(value, (numbers.Integral, sp.Integer)):
        raise InputTypeError(f"`identical` must be a whole number of sites or a Symbol, but is {value!r}; write 10, or "
                             "sympy.Symbol(\"N\", real=True).")
    if int(value) < order:
        raise InputError(f"`identical` must be at least `order` = {order}, but is {value}; take more sites, or a lower "
                         "order.")
    return sp.Integer(int(value))


def symmetric_strings(s: Any, order: int) -> tuple[SiteString, ...]:
    """Return the canonical strings on at most `order` identical sites of spin s.

    >>> from fractions import Fraction; len(symmetric_strings(Fraction(1, 2), 2))       # m and c_xx, c_xy, …
    9
    """
    members = cluster_strings.site_members(s)
    found: list[tuple[int, ...]] = [()]
    result = []
    for _ in range(order):
        found = [(*chosen, a) for chosen in found for a in members if not chosen or
                 members.index(chosen[-1]) <= members.index(a)]
        result += [tuple(enumerate(chosen)) for chosen in found]
    return tuple(result)


def symmetric_name(s: Any, string: SiteString) -> str:
    """Return m_x for one site, c_xy for two.

    >>> from fractions import Fraction; symmetric_name(Fraction(1, 2), ((0, 1), (1, 2)))
    'c_xy'
    """
    labels = [cluster_strings.member_label(s, a) for _, a in string]
    joint = "" if all(label in "xyz" for label in labels) else "_"
    return ("m_" if len(labels) == 1 else "c_") + joint.join(labels)


class IdenticalHierarchy(Hierarchy):
    """The equations of means of identical sites.

    Args:
        equation: on some of the sites, which a permutation of them must leave unchanged.
        order: sites of a cluster.
        number: how many sites there are.
    """

    def __init__(self, equation: ImplicitEquation, order: int, number: sp.Expr) -> None:
        self.number = number
        self._members = cluster_strings.site_members(equation.model.space.numeric_spins[0])
        self._couplings = _couplings(equation, order)
        super().__init__(equation, order, None)
        self.spins = (self.spins[0],) * (order + max(len(self.spins), order))

    def canonical(self, string: SiteString) -> SiteString:
        """Return the string on the first sites, its members in order."""
        return tuple(enumerate(sorted((a for _, a in string), key=self._members.index)))

    def _coefficients(self) -> list[sp.Expr]:
        """What the ring must hold: couplings times numbers of choices, and weights."""
        choices = [(own, other) for own in range(1, self.order + 1)
                   for other in range(max([self.order, *map(len, self._couplings)]))]
        fields = [self._field(c, own, other) for c in self._couplings.values() for own, other in choices]
        weights = [self._weight(size, own, other) for size in range(1, self.order + 1) for own, other in choices
                   if other < size]
        return [*super()._coefficients(), *fields, *weights]

    def _field(self, coefficient: sp.Expr, own: int, other: int) -> sp.Expr:
        """A coupling times the number of choices of other sites."""
        return expanded(coefficient * self._choices(own, other))

    def _choices(self, own: int, other: int) -> sp.Expr:
        """Binomial(N − own, other) as a polynomial in N."""
        top = prod((self.number - own - k for k in range(other)), start=sp.S.One)
        return expanded(top) / factorial(other)

    def _weight(self, size: int, own: int, other: int) -> sp.Expr:
        """The weight of a string on `size` sites in clusters, times the number of choices of its other sites."""
        d = int(2 * self._spin) + 1
        bottom = prod((self.number - j for j in range(1, size)), start=sp.S.One)
        number = sp.Rational(factorial(self.order - 1), factorial(self.order - size) * d ** (self.order - size))
        ratio = number * self._choices(own, other) / bottom
        return sp.apart(ratio, self.number) if self.number.free_symbols else ratio

    @property
    def _spin(self) -> Any:
        return self.equation.model.space.numeric_spins[0]

    def _acting(self, string: SiteString) -> Iterable[tuple[SiteString, PolyElement]]:
        """The strings of H/ħ that share a site with this one: other sites stand for all of them."""
        own = len(string)
        for members, c in self._couplings.items():
            for other in range(len(members)):
                number = to_ring(self.ring, self._field(c, own, other))
                for sites in self._sites(own, len(members) - other, other):
                    for chosen in sorted(set(permutations(members))):
                        yield tuple(zip(sites, chosen, strict=True)), number

    def _clustered(self, string: SiteString) -> Iterator[tuple[SiteString, Any]]:
        """Strings of clusters that share a site with this one."""
        own = len(string)
        for size in range(1, self.order + 1):
            for other in range(size):
                weight = to_ring(self.ring, self._weight(size, own, other))
                for sites in self._sites(own, size - other, other):
                    for b in cluster_strings.on_sites(self.spins, sites):
                        norm = prod((spin.norm(self._spin, a) for _, a in b), start=Fraction(1))
                        number = 1 / norm / cluster_strings.scale(self.spins, b) ** 2
                        yield b, weight * sp.QQ(number.numerator, number.denominator)

    def _sites(self, own: int, inside: int, other: int) -> Iterator[tuple[int, ...]]:
        """Choices among the own sites, each with the first others."""
        for chosen in combinations(range(own), inside):
            yield (*chosen, *range(own, own + other))

    def _losses(self, string: SiteString) -> Iterator[Sum]:
        """What one-site dissipators make of a string, site by site."""
        for i, a in string:
            total: Sum = {}
            for (means, _), c in self._loss_of[a].items():
                at = {**dict(string), i: means[0][0][1]} if means else {k: m for k, m in string if k != i}
                add(total, {((self.canonical(tuple(at.items())),) if at else (), None): c}, self.ring.one)
            yield total

    @cached_property
    def _loss_of(self) -> dict[int, Sum]:
        """What the dissipators of a site make of each of its members: the same on every site."""
        found: list[dict[int, Sum]] = []
        for site in range(len(self.equation.model.space.spins)):
            own: dict[int, Sum] = {}
            for a in self._members:
                total: Sum = {}
                for dissipator in self.law.dissipators:
                    if dissipator.sites is None or len(dissipator.sites) > 1:
                        raise _asymmetric("dissipators of one site each")
                    if site in dissipator.sites:
                        add(total, self._loss(dissipator, ((site, a),)), self.ring.one)
                own[a] = {(tuple(((0, m),) for ((_, m),) in means), None): c for (means, _), c in total.items()}
            found.append(own)
        if any(own != found[0] for own in found):
            raise _asymmetric("the same dissipators on every site")
        return found[0]


def _couplings(equation: ImplicitEquation, order: int) -> dict[Members, sp.Expr]:
    """The coefficients of H/ħ by members, which must not depend on the sites that these act on."""
    space = equation.model.space
    if len({*space.spins}) > 1:
        raise _asymmetric("equal spins")
    members = cluster_strings.site_members(space.numeric_spins[0])
    strings: dict[String, PolyElement] = {key: c for (_, key), c in equation.model.frequency.terms.items()}
    found: dict[Members, sp.Expr] = {}
    for key, c in strings.items():
        content = tuple(sorted((a for a in key if a), key=members.index))
        same = {tuple(p) for p in permutations(key)} if len(key) <= 4 else set[Members]()
        if len(key) > 4 or any(strings.get(p) != c for p in same):
            raise _asymmetric("at most four sites" if len(key) > 4 else
                              "a Hamiltonian that no permutation of its sites changes")
        if content:
            found[content] = to_expr(c)
    return found


def _asymmetric(what: str) -> DerivationError:
    return DerivationError(f"`identical` must have {what}, but this model has not; show each site with its fields and "
                           "each pair with its coupling, or leave `identical` out.")
