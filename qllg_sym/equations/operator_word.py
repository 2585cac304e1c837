"""Words evaluated in the basis of strings by their structure constants, for any law: Tr(A W) as sparse polynomials.

A law is linear in what stands between its ρ: a word ρ^a X ρ^b is L^a R^b X, with L and R for ρ from the left and from
the right. With L = ad + R these are commutators with ρ of words X ρ^m, which are worked out from the inside, so that of
the strings only those meet that do not commute. Words with ρ between other letters are multiplied as they stand.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import comb, gcd, lcm
from typing import Any, Self

import sympy as sp
from sympy.polys.rings import PolyElement

from qllg_sym.algebra.element import Element
from qllg_sym.algebra.monomial_keys import MonomialKeys
from qllg_sym.algebra.scalars import make_ring, to_expr, to_ring
from qllg_sym.algebra.sites import String
from qllg_sym.algebra.sparse import SparsePolynomials
from qllg_sym.algebra.string_sums import Polynomial, StringSum
from qllg_sym.algebra.structure import StructureConstants, constants_of
from qllg_sym.algebra.words import Letters
from qllg_sym.equations.spin_part import LETTER, VELOCITIES, spin_strings
from qllg_sym.errors import DerivationError

FIELDS = "rho", *sorted(VELOCITIES)             # the letters that hold states and velocities
Factors = dict[int, PolyElement]                # {k: c} for Σ c i^k
Nested = dict[int, dict[Letters, dict[int, Factors]]]       # [n][X][m]: the factors of ad^n X ρ^m


@dataclass(frozen=True, eq=False)
class OperatorWord:
    """A sum of words in the basis of strings, for ρ = 1/d + Σ c_A A/n_A.

    Attributes:
        words: their coefficients, {(k, letters): c} for Σ c i^k letters.
        letters: the operators that letters other than ρ, ρ̇ and its spin part stand for.
        atoms: the generators of all coefficients.
        symbols: the states c_A, then as many velocities.
        constants: the structure constants of the strings.
        members: the numbers of the strings A that ρ and ρ̇ have.
    """

    words: Mapping[tuple[int, Letters], PolyElement]
    letters: Mapping[str, Mapping[tuple[int, String], PolyElement]]
    atoms: tuple[sp.Expr, ...]
    symbols: tuple[sp.Symbol, ...]
    constants: StructureConstants
    members: Sequence[int]

    @classmethod
    def of(cls, word: Element, letters: Mapping[str, Element], atoms: tuple[sp.Expr, ...],
           symbols: tuple[sp.Symbol, ...], spins: tuple[Fraction, ...]) -> Self:
        """Return a word with coefficients in the atoms of all, where √3 · √3 is 3.

        >>> from qllg_sym.algebra.words import words
        >>> rho, drho = words("rho", "drho"); symbols = sp.symbols("x y z dx dy dz", real=True)
        >>> turned = (rho * drho - drho * rho).times_i()
        >>> OperatorWord.of(turned, {}, (), symbols, (Fraction(1, 2),)).polynomials().expressions()[2]
        dx*y - dy*x
        """
        ring, constants = make_ring(atoms), constants_of(spins)

        def lifted(element: Element) -> dict[tuple[int, Any], PolyElement]:
            return {key: to_ring(ring, to_expr(c)) for key, c in element.terms.items()}

        names = {name for _, letters in word.terms for name in letters} - {*FIELDS}
        return cls(lifted(word), {name: lifted(letters[name]) for name in sorted(names)}, atoms, symbols, constants,
                   range(1, constants.size))

    @cached_property
    def keys(self) -> MonomialKeys:
        """Room for every monomial that can come."""
        powers = {name: max(map(_power, terms.values()), default=0) for name, terms in self.letters.items()}
        most = max((_power(c) + sum(powers.get(name, 0) for name in w) for (_, w), c in self.words.items()), default=0)
        fields = max((sum(name in FIELDS for name in word) for _, word in self.words), default=0)
        return MonomialKeys(len(self.atoms), max(1, most.bit_length()), len(self.symbols).bit_length(), fields)

    def polynomials(self) -> SparsePolynomials:
        """Return Tr(A W) for every string A but the identity.

        Raises:
            DerivationError: what is left outside does not vanish: the word is not Hermitian or not traceless.
        """
        image = self._image()
        norms = [self.constants.norm(number) for number in range(1, self.constants.size)]
        common = lcm(*(norm.denominator for norm in norms))
        factors = [int(norm * common) for norm in norms]
        shared = gcd(image.denominator * common, *factors)
        found = []
        for number, factor in enumerate(factors, 1):                # what was used is given back at once
            found.append(self.keys.collected(image.terms.pop((0, number), {}), factor // shared))
        self._check_rest(image)
        denominator = image.denominator * common // shared
        return SparsePolynomials(self.symbols, self.atoms, self.keys, denominator, tuple(found))

    def _check_rest(self, image: StringSum) -> None:
        """What lies outside the wanted components must vanish identically: trace and Hermiticity of the law."""
        for (k, number), polynomial in sorted(image.terms.items()):
            if self.keys.collected(polynomial, 1):
                raise DerivationError("`residual` of the law must be Hermitian and traceless, but has the part "
                                      f"{(k, self.constants.string(number))}; mend the law.")

    def _image(self) -> StringSum:
        """The whole word."""
        total = StringSum(self.constants, {})
        if self.nested:
            total = self._commutators(self.nested)
        known: dict[Letters, StringSum] = {}
        for (k, word), coefficient in self.rest.items():
            total.add(self._scaled(self._product(word, known), {k: coefficient}))
        return total

    @cached_property
    def nested(self) -> Nested:
        """The words ρ^a X ρ^b, by commutators."""
        found: Nested = defaultdict(lambda: defaultdict(lambda: defaultdict(dict)))
        for (k, word), c in self.words.items():
            if (place := _core(word)) is not None:
                first, behind = place
                for n in range(first + 1):
                    factors = found[n][word[first:behind]][first - n + len(word) - behind]
                    factors[k] = factors.get(k, c.ring.zero) + c * comb(first, n)
        return found

    @cached_property
    def rest(self) -> dict[tuple[int, Letters], PolyElement]:
        """The other words."""
        return {key: c for key, c in self.words.items() if _core(key[1]) is None}

    def _commutators(self, nested: Nested) -> StringSum:
        """Σ ad^n X ρ^m, the largest n first."""
        total, used = StringSum(self.constants, {}), 0
        for n in range(max(nested), -1, -1):
            total = self._field("rho", used).commutator(total)
            used += bool(total.terms)
            for core, powers in nested[n].items():
                for m, factors in powers.items():
                    if any(factors.values()):
                        word = core + ("rho",) * m
                        total.add(self._scaled(self._product(word, {}), factors))
                        used = max(used, sum(name in FIELDS for name in word))
        return total

    def _product(self, word: Letters, known: dict[Letters, StringSum]) -> StringSum:
        """A product of letters, its fields in slots from 0; what begins alike is kept in `known`."""
        if word not in known:
            head, name = word[:-1], word[-1]
            last = self._letter(name, sum(other in FIELDS for other in head))
            known[word] = self._product(head, known).times(last) if head else last
        return known[word]

    def _letter(self, name: str, slot: int) -> StringSum:
        """What a letter stands for."""
        if name in FIELDS:
            return self._field(name, slot)
        terms = self.letters[name]
        denominator = lcm(*(c.denominator for p in terms.values() for c in p.values()))
        return StringSum(self.constants, {(k, self.constants.number(string)): self._integers(p, denominator)
                                          for (k, string), p in terms.items()}, denominator)

    def _field(self, name: str, slot: int) -> StringSum:
        """Σ c_A A/n_A, for ρ with its identity; of the spin part of ρ̇, the components of spins alone."""
        shares = self._shares(name)
        common = lcm(*(share.denominator for share in shares.values()))
        first = len(self.symbols) // 2 if name in VELOCITIES else 0
        return StringSum(self.constants, {
            (0, number): {self.keys.of_generator(first + number - 1, slot) if number else 0: int(share * common)}
            for number, share in shares.items()}, common)

    def _shares(self, name: str) -> dict[int, Fraction]:
        """The factors of c_A A, or of ċ_A A."""
        if name == LETTER:
            numbers = {self.constants.number(a): share for a, share in spin_strings(self.constants.spins).items()}
            return {number: share for number, share in numbers.items() if number in self.members}
        return {number: 1 / self.constants.norm(number) for number in [*self.members, *[0] * (name == "rho")]}

    def _scaled(self, image: StringSum, factors: Factors) -> StringSum:
        """A sum with the coefficient of its word."""
        denominator = lcm(*(c.denominator for p in factors.values() for c in p.values()))
        return image.scaled({k: self._integers(p, denominator) for k, p in factors.items() if p}, denominator)

    def _integers(self, polynomial: PolyElement, denominator: int) -> Polynomial:
        """A polynomial in atoms, times a denominator."""
        return {self.keys.of_atoms(powers): int(c * denominator) for powers, c in polynomial.terms()}


def _core(word: Letters) -> tuple[int, int] | None:
    """Where X of a word ρ^a X ρ^b begins and ends, X being ρ̇, its spin part, or free of fields."""
    others = [place for place, name in enumerate(word) if name != "rho"]
    core = word[others[0]:others[-1] + 1] if others else ()
    if not core or "rho" in core or (not VELOCITIES.isdisjoint(core) and len(core) > 1):
        return None
    return others[0], others[-1] + 1


def _power(polynomial: PolyElement) -> int:
    """The highest power of one generator."""
    return max((max(powers, default=0) for powers in polynomial), default=0)
