"""Polynomials: sums of number · monomial · word, in which each (monomial, word) stands once and no number is 0.

So a polynomial is zero only if it has no terms. Numbers are exact: ints and Fractions.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from .words import EMPTY, EPSILON, Exponent, Monomial, Word, is_unit

Number = int | Fraction
Polynomial = dict[tuple[Monomial, Word], Number]
Formula = int | str | list[Any]     # of a certificate: a number, a name, or a head and its parts, unchecked as yet
Step = dict[str, Any]              # of a certificate; what a rule reads of it, it checks

ONE: Polynomial = {(EMPTY, ()): 1}
MINUS_ONE: Polynomial = {(EMPTY, ()): -1}


def need(condition: Any, message: str) -> None:
    """Refuse the claim unless the condition holds."""
    if not condition:
        raise ValueError(message)


def scalar(number: Number) -> Polynomial:
    """The polynomial of a number."""
    return {(EMPTY, ()): number} if number else {}


def atom(name: str | Word) -> Polynomial:
    """The polynomial of one scalar or trace."""
    return {(frozenset({(name, 1)}), ()): 1}


def letter(name: Any) -> Polynomial:
    """The polynomial of one letter."""
    return {(EMPTY, ((name, 1),)): 1}


I = atom("i")


def is_scalar(x: Polynomial) -> bool:
    """Whether no word stands in a polynomial."""
    return not any(word for _, word in x)


def proportional(x: Polynomial, y: Polynomial) -> bool:
    """Whether two polynomials are multiples of each other, neither of them 0."""
    if not x or x.keys() != y.keys():
        return False
    first = next(iter(x))
    return all(x[term] * y[first] == y[term] * x[first] for term in x)


def slope(x: Polynomial) -> Polynomial:
    """The terms in EPSILON, without it: the derivative, if EPSILON was added where the polynomial depends on time."""
    return {(monomial - {(EPSILON, 1)}, word): c for (monomial, word), c in x.items() if (EPSILON, 1) in monomial}


def runs(x: Polynomial) -> Iterator[tuple[Any, Exponent]]:
    """Yield every power of a name in a polynomial, those inside traces too; units are no names."""
    for monomial, word in x:
        for name, e in (*monomial, *word):
            if isinstance(name, str):
                yield name, e
            elif not is_unit(name):
                yield from ((inner, f) for inner, f in name if isinstance(inner, str))


def names(x: Polynomial) -> set[str]:
    """Every letter and scalar in a polynomial, in its traces too."""
    return {name for name, _ in runs(x)}


def has_symbol(x: Polynomial) -> bool:
    """Whether the exponent symbol stands in an exponent of a polynomial."""
    return any(type(e) is complex for _, e in runs(x))


def degrees(x: Polynomial, name: str) -> set[int]:
    """How often a name stands in each term of a polynomial, in traces too; an exponent with a symbol counts as 2."""
    def times(word: Any) -> int:
        return sum((e if type(e) is int else 2) * (times(inner) if isinstance(inner, tuple) and not is_unit(inner)
                                                   else inner == name) for inner, e in word)
    return {times(monomial) + times(word) for monomial, word in x}


def size(x: Polynomial) -> int:
    """How many letters and scalars stand in the terms of a polynomial, those of traces too."""
    return sum(len(word) + sum(1 if isinstance(name, str) else len(name) for name, _ in monomial)
               for monomial, word in x)
