"""Words and monomials: how products are written in one way, so that equal ones are seen to be equal.

A word is a product of powers of letters, ((letter, exponent), …), in which neighbours are different letters. A letter
is a name, or a pair (j, k): the matrix with a single 1 in row j and column k, of which explicit matrices are made.
A monomial is a product of powers of atoms, which commute: a frozenset of (atom, exponent). Atoms are the names of
scalars, "i", EPSILON, and traces: a trace is a word, one for all its rotations.
An exponent is an int k, or k + m·n with the exponent symbol n, kept as the complex number k + mi; it is never 0.
"""

from functools import lru_cache
from typing import Any, TypeGuard

Letter = str | tuple[int, int]
Exponent = int | complex
Word = tuple[tuple[Letter, Exponent], ...]
Monomial = frozenset[tuple[Any, int]]

EPSILON = ""                # the scalar whose square is 0; no certificate can name it
EMPTY = frozenset[tuple[Any, int]]()
REMEMBERED = 100_000        # products; they are the same in every claim


def is_unit(letter: Any) -> TypeGuard[tuple[int, int]]:
    """Whether a letter is a matrix with a single 1."""
    return type(letter) is tuple and len(letter) == 2 and type(letter[0]) is int


@lru_cache(REMEMBERED)
def joined(left: Word, right: Word) -> Word | None:
    """The product of two words; None if it is zero, as (j, k)(l, m) is unless k = l."""
    if not left or not right:
        return left or right
    (last, e), (first, f) = left[-1], right[0]
    if is_unit(last) and is_unit(first):
        return (*left[:-1], ((last[0], first[1]), 1), *right[1:]) if last[1] == first[0] else None
    if last == first:
        return (*left[:-1], (last, e + f), *right[1:])
    return left + right


@lru_cache(REMEMBERED)
def rotated(word: Word) -> Word | None:
    """The one word that stands for all rotations of a word under a trace; None if the trace is zero."""
    while len(word) > 1 and (word[0][0] == word[-1][0] or (is_unit(word[0][0]) and is_unit(word[-1][0]))):
        turned = joined(word[-1:], word[:-1])
        if turned is None:
            return None
        word = turned
    return min((word[k:] + word[:k] for k in range(len(word))), key=repr, default=())


@lru_cache(REMEMBERED)
def gathered(left: Monomial, right: Monomial) -> tuple[int, Monomial]:
    """The product of two monomials, a factor and a monomial: i² is −1, EPSILON² is 0."""
    if not left or not right:
        return 1, left or right
    powers = dict(left)
    for atom, e in right:
        powers[atom] = powers.get(atom, 0) + e
    if powers.get(EPSILON) == 2:
        return 0, EMPTY
    halves, powers["i"] = divmod(powers.get("i", 0), 2)
    return (-1) ** halves, frozenset((atom, e) for atom, e in powers.items() if e)
