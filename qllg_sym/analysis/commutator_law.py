"""A law as nested commutators with ρ, and what is linear in ρ beside them: what a closure by cumulants asks of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import comb

from sympy.polys.rings import PolyElement, PolyRing

from qllg_sym.algebra.element import Element
from qllg_sym.algebra.scalars import to_expr, to_ring
from qllg_sym.algebra.sites import SiteAlgebra
from qllg_sym.equations.implicit_equation import ImplicitEquation
from qllg_sym.equations.spin_part import VELOCITIES
from qllg_sym.errors import DerivationError

Word = tuple[int, tuple[str, ...]]


@dataclass(frozen=True)
class Dissipator:
    """Words without H that are linear in ρ, Σ c W ρ V, of the same letters.

    Attributes:
        sides: (V, W, c): the mean of an operator A changes by c⟨V A W⟩.
        sites: where its letters act; None if it acts on every operator.
    """

    sides: tuple[tuple[Element, Element, PolyElement], ...]
    sites: frozenset[int] | None


@dataclass(frozen=True)
class CommutatorLaw:
    r"""R = Σ_n v_n (−i)ⁿ ad_ρⁿ ρ̇ + Σ_n h_n (−i)ⁿ ad_ρⁿ H/ħ + dissipators, with real v_n and h_n.

    Attributes:
        velocity: v_n by n; q-LLG has v_0 = 1, v_1 = κ.
        torque: h_n by n, n ≥ 1.
        dissipators: what is linear in ρ and has no H.
    """

    velocity: Mapping[int, PolyElement]
    torque: Mapping[int, PolyElement]
    dissipators: tuple[Dissipator, ...]

    @property
    def is_linear(self) -> bool:
        """Whether ρ and ρ̇ enter linearly."""
        return set(self.velocity) == {0} and set(self.torque) <= {1}


def commutator_law(equation: ImplicitEquation, ring: PolyRing) -> CommutatorLaw:
    """Return a quantum law as nested commutators.

    Args:
        equation: of a quantum law.
        ring: with the atoms of its coefficients.

    Raises:
        DerivationError: other words than commutators with ρ where the law is not linear in ρ.

    >>> from qllg_sym import Model, QuantumLLG, Space
    >>> from qllg_sym.algebra.scalars import make_ring
    >>> commutator_law(QuantumLLG(3).derive(Model(Space("1/2"))), make_ring([])).velocity
    {0: 1, 1: 3}
    """
    sums: dict[str, dict[tuple[int, int], list[PolyElement]]] = {"drho": {}, "H": {}}
    rest: dict[frozenset[str], list[tuple[Word, PolyElement]]] = {}
    for (k, word), c in equation.residual.terms.items():
        value = to_ring(ring, to_expr(c))
        others = [place for place, letter in enumerate(word) if letter != "rho"]
        if len(others) == 1 and word[others[0]] in sums:
            place = others[0]
            parts = sums[word[place]].setdefault((place, len(word) - place - 1), [ring.zero, ring.zero])
            parts[k] = parts[k] + value
        elif word.count("rho") == 1 and not {"H", *VELOCITIES} & {*word}:
            rest.setdefault(frozenset(word) - {"rho"}, []).append(((k, word), value))
        else:
            raise _unsuitable(equation, " ".join(word))
    velocity, torque = (_powers(equation, letter, words) for letter, words in sums.items())
    if 0 not in velocity or 0 in torque:
        raise _unsuitable(equation, "H" if 0 in torque else "no ρ̇ alone")
    algebra = SiteAlgebra(equation.model.space.numeric_spins, ring)
    return CommutatorLaw(velocity, torque, tuple(_dissipator(equation, algebra, words) for words in rest.values()))


def _powers(equation: ImplicitEquation, letter: str,
            words: Mapping[tuple[int, int], list[PolyElement]]) -> dict[int, PolyElement]:
    """The coefficients of (−i)ⁿ (L − R)ⁿ, products from the left and from the right, which must leave nothing."""
    left = {key: list(parts) for key, parts in words.items()}
    found = {}
    for (n, right), (re, im) in words.items():
        if right:
            continue
        for j in range(n + 1):
            parts = left.get((n - j, j), [re * 0, re * 0])
            left[n - j, j] = [p - c * comb(n, j) * (-1) ** j for p, c in zip(parts, (re, im), strict=True)]
        turned = [(re, im), (-im, re), (-re, -im), (im, -re)][n % 4]        # times iⁿ
        if turned[1]:
            raise _unsuitable(equation, f"a coefficient of {letter} that is not Hermitian")
        found[n] = turned[0]
    if any(part for parts in left.values() for part in parts):
        raise _unsuitable(equation, f"products of ρ with {letter} that are no commutators")
    return {n: c for n, c in found.items() if c}


def _dissipator(equation: ImplicitEquation, algebra: SiteAlgebra,
                words: list[tuple[Word, PolyElement]]) -> Dissipator:
    """Words of the same letters; what keeps the trace by itself acts on their own sites alone."""
    sides, trace, sites = [], Element(algebra, {}), set[int]()
    for (k, word), c in words:
        place = word.index("rho")
        before, after = (_operator(equation, algebra, side) for side in (word[:place], word[place + 1:]))
        sides.append((after, before.times_i() if k else before, c))
        trace = trace + after * sides[-1][1] * c
        sites |= {i for side in (before, after) for _, string in side.terms for i, m in enumerate(string) if m}
    return Dissipator(tuple(sides), frozenset(sites) if trace.is_zero else None)


def _operator(equation: ImplicitEquation, algebra: SiteAlgebra, letters: tuple[str, ...]) -> Element:
    """The product of letters other than ρ, ρ̇ and H."""
    product = algebra.one
    for letter in letters:
        own = equation.operators[letter].terms
        product = product * Element(algebra, {key: to_ring(algebra.ring, to_expr(c)) for key, c in own.items()})
    return product


def _unsuitable(equation: ImplicitEquation, what: str) -> DerivationError:
    return DerivationError("`cumulants()` must have a law of nested commutators with ρ, or one linear in ρ, but "
                           f"{equation.kind} has {what}; use `coefficients()`.")
