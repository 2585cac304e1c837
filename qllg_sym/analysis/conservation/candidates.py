"""Polynomials with a name that are tried before others: traces of ρ and of operators, lengths of moments."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import sympy as sp
from sympy.polys.rings import PolyElement

from qllg_sym.algebra.element import Element
from qllg_sym.algebra.scalars import to_expr, to_ring
from qllg_sym.algebra.sites import SiteAlgebra, string_norm, strings
from qllg_sym.equations.implicit_components import ImplicitComponents
from qllg_sym.equations.restriction import RestrictedComponents
from qllg_sym.model.classical import classical_energy

MOST_WORDS = 400        # of operators between the ρ of one trace


@dataclass(frozen=True)
class NamedPolynomial:
    """A polynomial in states and atoms, with its name; "" for none."""

    name: str
    polynomial: PolyElement


@dataclass(frozen=True)
class TraceLetter:
    """A Hermitian operator that may stand beside ρ, with its name; "" for 1 and for what has none."""

    name: str
    operator: Element
    is_one: bool = False


@dataclass(frozen=True, eq=False)
class Candidates:
    """The named polynomials of components, all in the ring of their residual."""

    components: ImplicitComponents

    def of_degree(self, degree: int, linear: Sequence[NamedPolynomial]) -> Iterator[NamedPolynomial]:
        """Yield candidates of one degree.

        Args:
            degree: from 1 on.
            linear: what is constant of degree one: its operators are letters of traces of higher degree.
        """
        match self.components.kind:
            case "moments":
                yield from self._of_moments(degree)
            case "eta":
                if degree == 2:
                    yield NamedPolynomial("Casimir |eta|^2", _square(self._ring_gens()))
            case _ if self.components.strings or isinstance(self.components, RestrictedComponents):
                if self._images is not None:
                    yield from self._traces(degree, linear)

    def _ring_gens(self) -> Sequence[PolyElement]:
        return self.components.polynomials[0].ring.gens[:len(self.components.states)]

    def _of_moments(self, degree: int) -> Iterator[NamedPolynomial]:
        """Totals, energy and squared lengths of classical moments."""
        if isinstance(self.components, RestrictedComponents):
            return
        equation, ring, gens = self.components.equation, self.components.polynomials[0].ring, self._ring_gens()
        energy = classical_energy(equation.model, equation.field)
        if energy and max(sum(m[:len(gens)]) for m in energy) == degree and not equation.model.time_dependent:
            yield NamedPolynomial("energy", to_ring(ring, to_expr(energy)))
        if degree == 1:
            spins = [sp.QQ(1) if equation.field == "paper" else sp.QQ(s.numerator, s.denominator)
                     for s in equation.model.space.numeric_spins]
            for k, axis in enumerate("xyz"):
                yield NamedPolynomial(f"total moment {axis}",
                                sum((gens[3 * i + k] * s for i, s in enumerate(spins)), ring.zero))
        if degree == 2:
            for i in range(len(gens) // 3):
                yield NamedPolynomial(f"Casimir |m{i}|^2", _square(gens[3 * i:3 * i + 3]))

    @cached_property
    def _images(self) -> dict[sp.Symbol, PolyElement] | None:
        """The states of the whole operator basis in the ring; None where some are left open."""
        components, ring = self.components, self.components.polynomials[0].ring
        if not isinstance(components, RestrictedComponents):
            return dict(zip(components.states, self._ring_gens(), strict=True))
        source, known = components.source, components.map
        if not source.strings or {*known} != {*source.states}:
            return None
        return {state: to_ring(ring, expression) for state, expression in known.items()}

    @cached_property
    def _algebra(self) -> SiteAlgebra:
        return SiteAlgebra(self.components.equation.model.space.numeric_spins, self.components.polynomials[0].ring)

    @cached_property
    def _density(self) -> Element:
        """ρ = 1/d + Σ c_A A/n_A."""
        spins, d = self._algebra.spins, self.components.equation.model.space.dimension
        assert self._images is not None
        terms = {(0, self._algebra.unit): self._algebra.ring.one * sp.QQ(1, d)}
        for string, image in zip(strings(spins), self._images.values(), strict=True):
            norm = string_norm(spins, string)
            terms[0, string] = image * sp.QQ(norm.denominator, norm.numerator)
        return Element(self._algebra, terms)

    def _trace(self, x: Element, imaginary: bool = False) -> PolyElement:
        """The real or imaginary part of Tr x."""
        return x.coefficient(self._algebra.unit, int(imaginary)) * self.components.equation.model.space.dimension

    @cached_property
    def _letters(self) -> list[TraceLetter]:
        """H, its powers, and components and square of the total spin."""
        model, algebra = self.components.equation.model, self._algebra
        zero, powers = Element(algebra, {}), list[TraceLetter]()
        if not model.time_dependent:
            h = Element(algebra, {key: to_ring(algebra.ring, to_expr(c)) for key, c in model.frequency.terms.items()})
            h = power = h * to_ring(algebra.ring, model.hbar)
            for k in range(1, model.space.dimension):
                powers.append(TraceLetter("H" if k == 1 else f"H^{k}", power))
                power = power * h
        spins = [sum((algebra.spin(i)[k] for i in range(model.space.sites)), zero) for k in range(3)]
        named = [TraceLetter(f"S_{axis}", s) for axis, s in zip("xyz", spins, strict=True)]
        return [*powers[:1], *named, TraceLetter("S^2", sum((s * s for s in spins), zero)), *powers[1:]]

    def _traces(self, degree: int, linear: Sequence[NamedPolynomial]) -> Iterator[NamedPolynomial]:
        """Tr ρ^n, and traces of words of n letters ρ with operators between them."""
        if degree > 1:
            yield NamedPolynomial(f"Casimir Tr rho^{degree}", self._trace(_power(self._density, degree)))
        if degree == 1:
            for letter in self._letters:
                name = {"H": "energy", "S^2": "<S^2>"}.get(letter.name)
                name = name or (f"<{letter.name}>" if letter.name[0] == "S" else f"Tr rho {letter.name}")
                yield NamedPolynomial(name, self._trace(self._density * letter.operator))
            return
        letters = [TraceLetter("", self._algebra.one, is_one=True), *self._operators(linear)]
        if len(letters)**degree > MOST_WORDS:
            return
        for word in product(range(len(letters)), repeat=degree):
            if word != min(word[k:] + word[:k] for k in range(degree)) or not any(word):
                continue
            chosen = [letters[k] for k in word]
            whole = self._algebra.one
            for letter in chosen:
                whole = whole * self._density if letter.is_one else whole * self._density * letter.operator
            for imaginary in (False, True):
                if part := self._trace(whole, imaginary):
                    yield NamedPolynomial(_named(chosen, imaginary), part)

    def _operators(self, linear: Sequence[NamedPolynomial]) -> Iterator[TraceLetter]:
        """The operators A of constants Tr ρA."""
        named = {self._trace(self._density * letter.operator): letter for letter in self._letters}
        for candidate in linear:
            if candidate.polynomial in named:
                yield named[candidate.polynomial]
            elif not isinstance(self.components, RestrictedComponents):
                yield TraceLetter("", self._operator(candidate.polynomial))

    def _operator(self, p: PolyElement) -> Element:
        """A of Tr ρA, without its trace."""
        basis, n = strings(self._algebra.spins), len(self.components.states)
        terms = dict[tuple[int, tuple[int, ...]], PolyElement]()
        for m, c in p.terms():
            for i in (i for i in range(n) if m[i]):
                rest = p.ring.from_dict({tuple(e - (k == i) for k, e in enumerate(m)): c})
                terms[0, basis[i]] = terms.get((0, basis[i]), p.ring.zero) + rest
        return Element(self._algebra, terms)


def _named(word: Sequence[TraceLetter], imaginary: bool) -> str:
    """The name of a trace; "" where an operator in it has none."""
    if any(not letter.name and not letter.is_one for letter in word):
        return ""
    text = " ".join("rho" if letter.is_one else f"rho {letter.name}" for letter in word)
    for k in range(len(word), 1, -1):
        text = text.replace(" ".join(["rho"] * k), f"rho^{k}")
    return f"{'Im ' if imaginary else 'Re ' if sum(not x.is_one for x in word) > 2 else ''}Tr {text}"


def _power(x: Element, n: int) -> Element:
    total = x
    for _ in range(n - 1):
        total = total * x
    return total


def _square(vector: Sequence[PolyElement]) -> PolyElement:
    return sum((x * x for x in vector[1:]), vector[0] * vector[0])
