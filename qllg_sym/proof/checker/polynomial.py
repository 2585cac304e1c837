"""Polynomials in commuting scalars and traces, times words of letters: sums that are equal only if their terms are.

A polynomial is {(monomial, word): rational}. Monomial: a frozenset of (atom, exponent); atoms are scalars, "i", and
traces, which are cyclic words. Word: ((letter, exponent), …); a letter (j, k) is the matrix with a single 1 there, so
explicit matrices are polynomials too. An exponent is an int k, or k + m·n with the symbol n, as the complex k + mi.
"""

from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from itertools import chain
from typing import Any

TERMS = 100_000             # of one polynomial
WORK = 3_000_000            # letters that one claim's products and sums touch: seconds; the book's largest, 2 000 000
HUGE = 1 << 5_000           # of a numerator or denominator
EPSILON = ""                # a scalar whose square is 0
ONE, MINUS = ({(frozenset[Any](), ()): Fraction(sign)} for sign in (1, -1))


def need(condition: Any, message: str) -> None:
    """Refuse the claim unless the condition holds."""
    if not condition:
        raise ValueError(message)


def atom(name: Any) -> Any:
    """The polynomial of one scalar or trace."""
    return {(frozenset({(name, 1)}), ()): Fraction(1)}


def letter(name: Any) -> Any:
    """The polynomial of one letter."""
    return {(frozenset(), ((name, 1),)): Fraction(1)}


def scalar(c: Any) -> Any:
    """The polynomial of a number."""
    return {(frozenset(), ()): Fraction(c)} if c else {}


def letters(x: Any) -> int:
    """How many letters and scalars stand in the terms of a polynomial, those of traces too."""
    return sum(len(w) + sum(1 if isinstance(name, str) else len(name) for name, _ in m) for m, w in x)


def is_unit(name: Any) -> bool:
    """Whether a letter is a matrix with a single 1."""
    return type(name) is tuple and len(name) == 2 and type(name[0]) is int


def merge(word: Any) -> Any:
    """Join neighbouring powers of one letter, and neighbouring units; None if a product of units is zero."""
    runs: list[Any] = []
    for name, e in word:
        if runs and is_unit(name) and is_unit(runs[-1][0]):
            (j, k), _ = runs.pop()
            if k != name[0]:
                return None
            name = (j, name[1])
        elif runs and runs[-1][0] == name:
            e += runs.pop()[1]
        runs += [(name, e)] if e else []
    return tuple(runs)


def atoms(x: Any) -> set[str]:
    """Every letter and scalar in a polynomial, in its traces too."""
    def inside(name: Any) -> set[str]:
        if isinstance(name, str):
            return {name}
        return set() if is_unit(name) else set().union(*(inside(n) for n, _ in name))
    return set().union(*(inside(name) for m, w in x for name, _ in (*m, *w)))


def symbolic(x: Any) -> bool:
    """Whether an exponent in a polynomial holds a symbol."""
    def inside(name: Any, e: Any) -> bool:
        deeper = isinstance(name, tuple) and not is_unit(name) and any(inside(*run) for run in name)
        return type(e) is complex or deeper
    return any(inside(*run) for m, w in x for run in (*m, *w))


def proportional(x: Any, y: Any) -> bool:
    """Whether two polynomials are multiples of each other, neither of them 0."""
    return bool(x) and x.keys() == y.keys() and len({x[key] / y[key] for key in x}) == 1


class Ring:
    """Sums, products, powers and traces in one dimension, or in any if it is 0; counts the work and bounds it."""

    def __init__(self, size: int, limit: int = WORK) -> None:
        self.size, self.work, self.limit = size, 0, limit

    def spend(self, amount: int) -> None:
        """Count work, about a microsecond each; refuse what would take long."""
        self.work += amount
        need(self.work < self.limit, "its expressions are too large: they take too many products")

    def add(self, *terms: Any) -> Any:
        """Return the sum."""
        self.spend(sum(map(len, terms)))
        total: dict[Any, Fraction] = {}
        for key, c in chain.from_iterable(x.items() for x in terms):
            total[key] = total.get(key, 0) + c
        return {key: c for key, c in total.items() if c}

    def sub(self, x: Any, y: Any) -> Any:
        """Return x − y."""
        return self.add(x, {key: -c for key, c in y.items()})

    def mul(self, x: Any, y: Any) -> Any:
        """Return x · y, without terms in EPSILON²."""
        self.spend(len(x) * len(y) + len(x) * letters(y) + len(y) * letters(x))
        result: dict[Any, Fraction] = {}
        for (m, w), c in x.items():
            for (n, v), e in y.items():
                word, powers = merge(w + v), dict(m)
                for name, k in n:
                    powers[name] = powers.get(name, 0) + k
                if word is not None and powers.get(EPSILON) != 2:
                    turns, powers["i"] = divmod(powers.get("i", 0), 2)
                    key = (frozenset((name, k) for name, k in powers.items() if k), word)
                    result[key] = result.get(key, 0) + c * e * (-1) ** turns
            need(len(result) < TERMS, "an expression is too large")
        self.spend(4 * len(result))
        fits = all(sum(abs(k) for _, k in w) < 1000 and abs(c) < HUGE > c.denominator for (_, w), c in result.items())
        need(fits, "an expression is too large")
        return {key: c for key, c in result.items() if c}

    def product(self, *factors: Any) -> Any:
        """Return the product of any number of factors."""
        return reduce(self.mul, factors, ONE)

    def power(self, x: Any, e: Any) -> Any:
        """Return x to an exponent; a symbolic one needs a single letter, no unit."""
        if type(e) is int:
            need(0 <= e <= 64, f"an exponent is {e}, not in 0 ... 64")
            return self.product(*[x] * e)
        ((m, ((name, once),)), c), = x.items()
        need(not m and c == once == 1 and isinstance(name, str) and e.real + e.imag >= 0, "a wrong power, or negative")
        return {(m, ((name, e),)): c}

    def commutator(self, x: Any, y: Any) -> Any:
        """Return xy − yx."""
        return self.sub(self.mul(x, y), self.mul(y, x))

    def trace(self, x: Any) -> Any:
        """The trace: words become cyclic, one for all its rotations; tr 1 is the dimension."""
        result = []
        for (m, word), c in x.items():
            self.spend(len(word or ()) ** 2)
            while word and len(word) > 1 and (word[0][0] == word[-1][0] or
                                              (is_unit(word[0][0]) and is_unit(word[-1][0]))):
                word = merge(word[-1:] + word[:-1])
            if word and len(word) == 1 and is_unit(word[0][0]):
                result += [{(m, ()): c}] * (word[0][0][0] == word[0][0][1])
            elif word is not None:
                least = min((word[k:] + word[:k] for k in range(len(word))), key=repr, default=())
                whole = scalar(self.size) if self.size and not word else atom(least)
                result += [self.mul({(m, ()): c}, whole)]
        return self.add(*result)

    def null(self, x: Any) -> bool:
        """Whether a polynomial is zero, where a number beside explicit matrices multiplies the identity."""
        if not x or not self.size:
            return not x
        return not self.mul(self.add(*(letter((k, k)) for k in range(self.size))), x)

    def same(self, x: Any, y: Any) -> bool:
        """Whether two polynomials are equal."""
        return self.null(self.sub(x, y))

    def image(self, x: Any, f: Callable[..., Any], turn: int = 1) -> Any:
        """Replace each name^e by f(name, e, is it all of a trace); words are read backwards if turn is −1."""
        def factor(name: Any, e: Any, whole: bool = False) -> Any:
            if isinstance(name, str):
                return f(name, e, whole)
            if is_unit(name):
                return letter(name[::turn])
            inner = self.product(*(factor(n, k, len(name) < 2) for n, k in name[::turn]))
            return self.power(self.trace(inner), e)
        return self.add(*(self.product(*(factor(*run) for run in (*m, *w[::turn])), scalar(c))
                          for (m, w), c in x.items()))

    def matrix(self, entries: Any) -> Any:
        """The explicit matrix of its entries, row by row."""
        return self.add(*(self.mul(x, letter(divmod(k, self.size))) for k, x in enumerate(entries)))

    def entry(self, x: Any, row: int, column: int) -> Any:
        """One entry of an explicit matrix."""
        return self.trace(self.mul(letter((column, row)), x))

    def units(self, x: Any, place: Callable[[int, int], tuple[int, int]]) -> Any:
        """Move the entries of an explicit matrix to other places, such as those of its transpose."""
        names = range(self.size)
        return self.add(*(self.mul(self.entry(x, j, k), letter(place(j, k))) for j in names for k in names))
