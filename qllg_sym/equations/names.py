"""Names of symbols taken apart for printing: T_xy is T with the index xy, kappa is a Greek letter, m1_x is m with 1, x.

A name that does not read like one, whatever it holds, is kept whole, so that a notation can escape it.
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from sympy.printing.latex import other_symbols
from sympy.printing.pretty.pretty_symbology import greek_unicode

# base, site digits, Cartesian tail (B1x), then indices behind underscores, in braces or not.
_READABLE = re.compile(r"(\\?)([A-Za-z]+)(\d*)([xyz]{0,2})((?:_(?:\{[A-Za-z0-9,]+\}|[A-Za-z0-9]+))*)")
_FIELD = re.compile(r"([A-Z])([xyz]{1,2})")
_LETTERS: dict[str, str] = greek_unicode | {"hbar": "ħ", "hslash": "ℏ", "ell": "ℓ"}
_SPELLED = {character: word for word, character in _LETTERS.items()}


@dataclass(frozen=True)
class Name:
    """A symbol as it is printed.

    Attributes:
        plain: the user's spelling, for plain text.
        base: the letter or word, for typeset notations.
        indices: what stands below it, in the order of printing.
        slots: index letters behind the indices, such as kl.
        dot: whether it is a time derivative.
        bold: whether it is a vector.
    """

    plain: str
    base: str
    indices: tuple[str, ...] = ()
    slots: str = ""
    dot: bool = False
    bold: bool = False

    def dotted(self) -> "Name":
        """Return the time derivative."""
        return replace(self, dot=True)

    def at(self, slots: str) -> "Name":
        """Return a component with index letters, which is no vector any more."""
        return replace(self, slots=slots, bold=False)


def character(word: str) -> str:
    """Return the letter that a word spells, or the word.

    >>> character("kappa"), character("rate")
    ('κ', 'rate')
    """
    return _LETTERS.get(word, word)


def is_letter(word: str) -> bool:
    r"""Whether SymPy has a command for this word, such as \kappa or \hbar.

    >>> is_letter("hbar"), is_letter("input")
    (True, False)
    """
    return word in _LETTERS or word in other_symbols


@lru_cache(maxsize=4096)
def read(text: str) -> Name:
    r"""Return a symbol's name taken apart.

    >>> read("eta_x").indices, read("Bx").indices, read("m0_x").indices, read(r"\kappa").base
    (('x',), ('x',), ('0', 'x'), 'kappa')
    >>> read(r"\input{x}").base
    '\\input{x}'
    """
    spelled = text
    if text[:1] in _SPELLED and re.match(r"[\d_]|$", text[1:]):
        spelled = _SPELLED[text[0]] + text[1:]
    match = _READABLE.fullmatch(spelled)
    if match is None or (match[1] and not is_letter(match[2])):
        return Name(text, text)
    base, tail = match[2], match[4]
    if (field := _FIELD.fullmatch(base)) and not match[3]:
        base, tail = field[1], field[2]
    below = re.findall(r"[A-Za-z0-9]+", match[5])
    return Name(text, base, tuple(part for part in (match[3], tail, *below) if part))
