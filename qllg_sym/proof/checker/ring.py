"""Sums, products, powers and traces of polynomials, with the work counted: what would take long is refused."""

from collections.abc import Callable, Iterable
from functools import cache, reduce
from typing import Any

from .polynomial import MINUS_ONE, ONE, Polynomial, atom, letter, need, scalar, size
from .words import EMPTY, Exponent, gathered, is_unit, joined, rotated

TERMS = 100_000             # of one polynomial
WORK = 3_000_000            # letters that one claim's products and sums touch: seconds; the book's largest, 2 000 000
HUGE = 1 << 5_000           # of a numerator or denominator
LONG = 1_000                # of the exponents in a word, together
TOO_LARGE = "an expression is too large"


class Ring:
    """Polynomials in one dimension, or in any if it is 0; a number beside operators is a multiple of 1."""

    def __init__(self, dimension: int, limit: int = WORK) -> None:
        self.dimension, self.work, self.limit = dimension, 0, limit

    def spend(self, amount: int) -> None:
        """Count work, about a microsecond each; refuse what would take long."""
        self.work += amount
        need(self.work < self.limit, "its expressions are too large: they take too many products")

    # Sums and products ------------------------------------------------------------------------------------------

    def add(self, *terms: Polynomial) -> Polynomial:
        """Return the sum."""
        total: Polynomial = {}
        for x in terms:
            self.spend(len(x))
            for term, c in x.items():
                total[term] = total.get(term, 0) + c
        return {term: c for term, c in total.items() if c}

    def subtract(self, x: Polynomial, y: Polynomial) -> Polynomial:
        """Return x − y."""
        return self.add(x, {term: -c for term, c in y.items()})

    def multiply(self, x: Polynomial, y: Polynomial) -> Polynomial:
        """Return x · y, without terms in EPSILON²."""
        self.spend(len(x) * len(y) + len(x) * size(y) + len(y) * size(x))
        total: Polynomial = {}
        for (left, word), c in x.items():
            for (right, next_word), d in y.items():
                product, (sign, monomial) = joined(word, next_word), gathered(left, right)
                if product is not None and sign:
                    term = monomial, product
                    total[term] = total.get(term, 0) + (c * d if sign > 0 else -c * d)
            need(len(total) < TERMS, TOO_LARGE)
        return self.bounded(total)

    def bounded(self, x: Polynomial) -> Polynomial:
        """Refuse numbers and words that are too long; return the terms that are not 0."""
        self.spend(4 * len(x))
        for (_, word), c in x.items():
            fits = abs(c.numerator) < HUGE > c.denominator and (not word or sum(abs(e) for _, e in word) < LONG)
            need(fits, TOO_LARGE)
        return {term: c for term, c in x.items() if c}

    def product(self, *factors: Polynomial) -> Polynomial:
        """Return the product of any number of factors."""
        return reduce(self.multiply, factors) if factors else ONE

    def power(self, x: Polynomial, e: Exponent) -> Polynomial:
        """Return x to an exponent; a symbolic one needs a single letter, and must not be negative at n = 1."""
        if type(e) is int:
            need(0 <= e <= 64, f"an exponent is {e}, not in 0 ... 64")
            return self.product(*[x] * e)
        (monomial, word), = x if len(x) == 1 else [(EMPTY, ())]
        alone = not monomial and len(word) == 1 and x[monomial, word] == word[0][1] == 1
        need(alone and isinstance(word[0][0], str) and e.real + e.imag >= 0, "a wrong power, or negative")
        return {(monomial, ((word[0][0], e),)): 1}

    def commutator(self, x: Polynomial, y: Polynomial) -> Polynomial:
        """Return xy − yx."""
        return self.subtract(self.multiply(x, y), self.multiply(y, x))

    def negative(self, x: Polynomial) -> Polynomial:
        """Return −x."""
        return self.multiply(MINUS_ONE, x)

    # Traces and zeros -------------------------------------------------------------------------------------------

    def trace(self, x: Polynomial) -> Polynomial:
        """Return the trace: of a unit 1 or 0, of a number as often that as the dimension says, of words an atom."""
        terms = []
        for (monomial, word), c in x.items():
            self.spend(len(word) ** 2)
            terms.append(self.multiply({(monomial, ()): c}, self.trace_of_word(rotated(word))))
        return self.add(*terms)

    def trace_of_word(self, word: Any) -> Polynomial:
        """The trace of a word, of which one rotation stands for all; None is a product that is zero."""
        if word is None:
            return {}
        if not word:
            return scalar(self.dimension) if self.dimension else atom(())
        unit, _ = word[0]
        return scalar(int(unit[0] == unit[1])) if is_unit(unit) and len(word) == 1 else atom(word)

    def is_zero(self, x: Polynomial) -> bool:
        """Whether a polynomial is zero, where a number beside explicit matrices multiplies the identity."""
        if not x or not self.dimension:
            return not x
        return not self.multiply(self.identity(), x)

    def equal(self, x: Polynomial, y: Polynomial) -> bool:
        """Whether two polynomials are equal."""
        return self.is_zero(self.subtract(x, y))

    # Substitution -----------------------------------------------------------------------------------------------

    def substitute(self, x: Polynomial, value: Callable[[str, Exponent, bool], Polynomial],
                   backwards: bool = False) -> Polynomial:
        """Replace each power of a name by `value(name, exponent, whether it is all of a trace)`.

        Backwards, words are read from their ends and units (j, k) become (k, j), as in an adjoint.
        """
        turn = -1 if backwards else 1

        @cache
        def factor(name: Any, e: Exponent) -> Polynomial:
            if isinstance(name, str):
                return value(name, e, False)
            if is_unit(name):
                return letter(name[::turn])
            if len(name) == 1:
                (inner, power), = name
                return self.power(self.trace(value(inner, power, True)), e)
            return self.power(self.trace(self.product(*(factor(*run) for run in name[::turn]))), e)
        return self.add(*(self.product(*(factor(*run) for run in (*monomial, *word[::turn])), scalar(c))
                          for (monomial, word), c in x.items()))

    # Explicit matrices ------------------------------------------------------------------------------------------

    def identity(self) -> Polynomial:
        """The identity as an explicit matrix."""
        return self.add(*(letter((k, k)) for k in range(self.dimension)))

    def matrix(self, entries: Iterable[Polynomial]) -> Polynomial:
        """The explicit matrix of its entries, row by row."""
        return self.add(*(self.multiply(x, letter(divmod(k, self.dimension))) for k, x in enumerate(entries)))

    def entry(self, x: Polynomial, row: int, column: int) -> Polynomial:
        """One entry of an explicit matrix."""
        return self.trace(self.multiply(letter((column, row)), x))

    def rearranged(self, x: Polynomial, place: Callable[[int, int], tuple[int, int]]) -> Polynomial:
        """Move the entries of an explicit matrix to other places, such as those of its transpose."""
        indices = range(self.dimension)
        return self.add(*(self.multiply(self.entry(x, j, k), letter(place(j, k))) for j in indices for k in indices))
