"""How large an exact residual in components will be, told before it is worked out: refusals come at once.

A residual has about d⁴ terms for ρ ρ̇, and d⁴ for every string of H where ρ stands twice beside it.
"""

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from functools import cache
from math import prod
from random import Random

from qllg_sym.algebra import spin
from qllg_sym.algebra.sites import String
from qllg_sym.algebra.words import Letters
from qllg_sym.equations.operator_word import FIELDS, OperatorWord
from qllg_sym.equations.spin_part import LETTER, VELOCITIES
from qllg_sym.errors import DerivationError
from qllg_sym.model.model import Model
from qllg_sym.model.space import Space

MOST_STATES = 2**16             # of components: their names alone take a second
MOST_BYTES = 2**31
TERM_BYTES = 290                # of one, as a number and as an expression; measured
MOST_EXPONENTS = MOST_BYTES // 8
MOST_ENTRIES = 2**22            # of dense exact matrices
MOST_PRODUCTS = 2**25           # of strings in words with one ρ: a minute
MOST_SAMPLED = 2**10            # of them for one string of ρ, up to which their terms are counted
SAMPLE = 64                     # strings for which they are


def check_states(space: Space) -> None:
    """Refuse components that are too many to be listed.

    Raises:
        DerivationError: with their number.

    >>> from qllg_sym import Space
    >>> check_states(Space.half(4))
    """
    if (count := space.dimension**2 - 1) > MOST_STATES:
        raise DerivationError(f"`coefficients()` must have at most {MOST_STATES} components, but {space} has {count}; "
                              "take fewer or smaller spins, or `solve`, which needs none.")


def check_terms(kind: str, space: Space, word: OperatorWord) -> None:
    """Refuse a word that has too many terms in components.

    Args:
        kind: of the components.
        space: of the model.
        word: in ρ, ρ̇, H and the law's own operators.

    Raises:
        DerivationError: with an estimate of the terms and of the memory.
    """
    if (count := terms(word)) * TERM_BYTES > MOST_BYTES:
        raise DerivationError(f"`{kind}()` must be small enough to be written out, but on {space} it has about "
                              f"{count:,} terms, {count * TERM_BYTES / 2**30:.0f} GiB; take fewer or smaller spins, or "
                              "`compile()` and `solve`, which do not write it out.")


def check_jumps(kind: str, space: Space, word: OperatorWord) -> None:
    """Refuse dense operators around ρ, whose products take longer than their terms let expect.

    Raises:
        DerivationError: with the number of products.
    """
    count = _products_with(word) * word.constants.size
    if count > MOST_PRODUCTS:
        raise DerivationError(f"`{kind}()` must have operators of few strings beside ρ, but on {space} their products "
                              f"are about {count:,}; take fewer or smaller spins, sparser operators, or `solve`, which "
                              "multiplies matrices.")


def _products_with(word: OperatorWord) -> int:
    """The products of strings in the words with one ρ, for one string of ρ."""
    return sum(prod(len(word.letters[name]) for name in letters if name != "rho")
               for _, letters in word.words if _is_linear(letters))


def check_exponents(kind: str, space: Space, words: Iterable[OperatorWord]) -> None:
    """Refuse words that are too large for a polynomial ring, which holds an exponent of every symbol with each term.

    Raises:
        DerivationError: with an estimate of the terms and of the memory.
    """
    given = list(words)
    count, generators = sum(map(terms, given)), len(given[0].symbols)
    if count * generators > MOST_EXPONENTS:
        raise DerivationError(f"`{kind}()` must be small enough to be written out with every exponent, but on "
                              f"{space} it has about {count:,} terms in {generators:,} symbols, "
                              f"{count * generators / 2**27:.0f} GiB; take fewer or smaller spins, or `residual`, "
                              "`mass`, `forcing`, `compile()` and `solve`, which need none.")


def terms(word: OperatorWord) -> int:
    """Return an estimate of the terms of a word in components, within a factor of three where it was counted.

    Commutators of ρ with single strings are counted; those with what they leave get the average of all strings.
    """
    counts = _Counts(word)
    return round(counts.nested() + counts.linear() + counts.others())


class _Counts:
    """Counts of one word."""

    def __init__(self, word: OperatorWord) -> None:
        self._word, self._size = word, word.constants.size
        sites = [_products(int(2 * s) + 1) for s in word.constants.spins]
        every = prod(even + odd for even, odd in sites)
        self._every = every / self._size                            # terms of A_a A_b for one a and all b
        self._odd = (every - prod(even - odd for even, odd in sites)) / 2 / self._size

    def _of_string(self, string: String) -> tuple[float, float]:
        """Terms of A_a A_b for one a and all b: all of them, and those of the commutators."""
        sites = [products_of(s, index) for s, index in zip(self._word.constants.spins, string, strict=True)]
        every = prod(even + odd for even, odd in sites)
        return every, (every - prod(even - odd for even, odd in sites)) / 2

    def nested(self) -> float:
        """Terms of commutators with ρ."""
        total = 0.0
        for n, cores in self._word.nested.items():
            for core, powers in cores.items():
                if _is_linear((*core, *["rho"] * (n + max(powers)))):
                    continue                                        # counted by `linear`
                inner = self._commuted(core) if n else self._strings(core)
                inner *= (0.75 * self._odd) ** max(0, n - 1)
                total += sum(inner * self._every**m * sum(map(len, factors.values())) for m, factors in powers.items())
        return total

    def _strings(self, core: Letters) -> float:
        """Terms of letters without ρ."""
        return prod(3 * len(self._word.constants.spins) if name == LETTER else self._size if name in FIELDS else
                    sum(map(len, self._word.letters[name].values())) for name in core)

    def _commuted(self, core: Letters) -> float:
        """Terms of the commutator of ρ with letters."""
        if len(core) == 1 and core[0] not in FIELDS:
            return sum(len(c) * self._of_string(string)[1] for (_, string), c in self._word.letters[core[0]].items())
        return self._strings(core) * self._odd

    def linear(self) -> float:
        """Terms of words with one ρ between constants: counted for some strings, as L ρ L† and L† L ρ cancel."""
        words = {key: c for key, c in self._word.words.items() if _is_linear(key[1])}
        count = _products_with(self._word)
        if not words:
            return 0.0
        if count > MOST_SAMPLED:
            return float(self._size * min(self._size, count)) / 2
        members = range(1, self._size)
        some = Random(0).sample(members, SAMPLE) if len(members) > SAMPLE else members
        return replace(self._word, words=words, members=some).polynomials().count * len(members) / len(some)

    def others(self) -> float:
        """Terms of the other words; those that differ in the order of their letters fall together."""
        found: dict[Letters, float] = {}
        for (_, letters), c in self._word.rest.items():
            if not _is_linear(letters):
                size = float(len(c))
                for place, name in enumerate(letters):
                    size *= self._every if name in FIELDS and place else self._factor(name, place)
                key = tuple(sorted(letters))
                found[key] = max(found.get(key, 0), size)
        return sum(found.values())

    def _factor(self, name: str, place: int) -> float:
        """By how much a letter multiplies the terms of what stands before it."""
        if name in FIELDS or not place:
            return self._strings((name,))
        return sum(len(c) * self._of_string(s)[0] for (_, s), c in self._word.letters[name].items()) / self._size


def _is_linear(letters: Letters) -> bool:
    """Whether a word holds ρ once, and constants beside it."""
    return letters.count("rho") == 1 and VELOCITIES.isdisjoint(letters) and len(letters) > 2


def _products(d: int) -> tuple[float, float]:
    """Return (even, odd): how many products A_a A_b → A_c of one site have a real, an imaginary constant.

    For d = 2 to 6 it is exact or within a tenth.
    """
    return (10, 6) if d == 2 else (d**5 * (0.37 - 0.1 / d), d**5 * (0.38 - 0.4 / d))


@cache
def products_of(s: Fraction, index: int) -> tuple[int, int]:
    """Return (even, odd): how many terms A_a A_b of a site has with a real, an imaginary constant, for one a and all b.

    >>> products_of(Fraction(1, 2), 3)
    (2, 2)
    """
    kinds = [k % 2 for b in range(int(2 * s + 1)**2) for k, _, _ in spin.product(s, index, b)]
    return kinds.count(0), kinds.count(1)


def check_matrix(model: Model, what: str, count: int) -> None:
    """Refuse dense exact matrices of too many entries.

    Raises:
        DerivationError: with their number.

    >>> from qllg_sym import Model, Space
    >>> check_matrix(Model(Space.half(2)), "jacobian", 225)
    """
    if count > MOST_ENTRIES:
        raise DerivationError(f"`{what}` must have at most {MOST_ENTRIES:,} entries, but on "
                              f"{model.space} it has {count:,}; take fewer or smaller spins.")
