"""Names of symbols taken apart for printing: T_xy is T with the index xy, kappa is a Greek letter, m1_x is m with 1, x.

A name that does not read like one, whatever it holds, is kept whole, so that a notation can escape it.
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from sympy.printing.latex import other_symbols, tex_greek_dictionary
from sympy.printing.pretty.pretty_symbology import greek_unicode

from qllg_sym.algebra.symbols import gap

_VARIANTS = {"vartheta": "ϑ", "varpi": "ϖ", "varrho": "ϱ", "varkappa": "ϰ", "varsigma": "ς"}
_LETTERS: dict[str, str] = greek_unicode | _VARIANTS | {"hbar": "ħ", "hslash": "ℏ", "ell": "ℓ"}
# Letters of two forms: TeX's \phi is ϕ and its \varphi is φ, as in Unicode mathematics.
_FORMS = {"ϕ": "phi", "φ": "varphi", "ϵ": "epsilon", "ε": "varepsilon"}
_SPELLED = {character: word for word, character in _LETTERS.items()} | _FORMS | {"µ": "mu"}
# Marks of an index, by character, and what LaTeX calls them.
MARKS = {"†": r"\dagger", "⊥": r"\perp",
         "∥": r"\parallel", "↑": r"\uparrow", "↓": r"\downarrow", "∞": r"\infty", "+": "+", "−": "-"}
_NAMED = {name.removeprefix("\\"): mark for mark, name in MARKS.items() if name != "+"}
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")

# What stands below or above a name: words, letters, numbers and marks side by side; commas and spaces part indices.
_GREEK = "".join(sorted(_SPELLED))
_ATOM = rf"\\(?:mathrm|text|rm)\{{[A-Za-z]+\}}|\\[A-Za-z]+|[{_GREEK}]|[A-Za-z]+|\d+|[{re.escape(''.join(MARKS) + '-')}]"
_BODY = rf"(?:{_ATOM})+"
_GROUP = re.compile(rf"(_|\^|__)(?:\{{({_BODY}(?:[, ]+{_BODY})*)\}}|({_BODY}))")
_ATOMS = re.compile(_ATOM)
# base, digits, Cartesian tail (B1x), then indices behind underscores and carets, in braces or not, and primes.
_BASE = rf"(\\?[A-Za-z]+|[{_GREEK}])(\d*)([xyz]{{0,2}})([{_GREEK}]*)"
_READABLE = re.compile(rf"{_BASE}((?:{_GROUP.pattern})*)('*)", re.ASCII)
_JOINT = re.compile(r"c(\d+[xyz](?:_\d+[xyz])+)")        # a joint cumulant: site and axis stand together
_FIELD = re.compile(r"([A-Z])([xyz]{1,2})")


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
        upper: what stands above it, in the order of printing.
    """

    plain: str
    base: str
    indices: tuple[str, ...] = ()
    slots: str = ""
    dot: bool = False
    bold: bool = False
    upper: tuple[str, ...] = ()

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
    return word in _LETTERS or word in _SPELLED or word in other_symbols or word in tex_greek_dictionary


def spelled(letter: str) -> str:
    r"""Return the word of a letter, as TeX has it, or what is not a Greek character as it is.

    >>> spelled("κ"), spelled("ϕ"), spelled("φ"), spelled("rate")
    ('kappa', 'phi', 'varphi', 'rate')
    """
    return _SPELLED.get(letter, letter)


def atoms(index: str) -> list[tuple[str, str]]:
    r"""Return an index taken apart: (kind, text), a kind of "letter", "mark", "plain" (italic or a number) or "word".

    Words stand upright, such as eff; x, y, z and the letters of sites, i to l, m and n, are indices of their own.

    >>> atoms("α2"), atoms("eff"), atoms("ij"), atoms("⊥")
    ([('letter', 'alpha'), ('plain', '2')], [('word', 'eff')], [('plain', 'ij')], [('mark', '⊥')])
    """
    return [_atom(text) for text in _ATOMS.findall(index)]


def _atom(text: str) -> tuple[str, str]:
    """One piece of an index."""
    word = _based(text)
    if word in _NAMED or text in MARKS:
        return "mark", _NAMED.get(word, text)
    if is_letter(word):
        return "letter", word
    if re.fullmatch(r"[0-9]+|[xyz]+|[ijkl]{2,4}|mn|nm|[A-Za-z]", text):
        return "plain", text
    return "word", re.sub(r"^\\\w+\{(\w+)\}$", r"\1", text)


def _based(text: str) -> str:
    """A letter by its word, but one of two forms as it is; a command without its backslash."""
    return text if text in _FORMS else _SPELLED.get(text, text.removeprefix("\\"))


@lru_cache(maxsize=4096)
def in_characters(text: str) -> str:
    r"""Return a name with its Greek words and commands as characters, for plain text.

    >>> in_characters(r"J_alpha_2"), in_characters(r"\kappa_{\mathrm{eff}}"), in_characters("delta1")
    ('J_α_2', 'κ_{eff}', 'delta1')
    """
    bare = re.sub(r"\\(?:mathrm|text|rm)\{([A-Za-z]+)\}", r"\1", text)
    bare = re.sub(r"\\([A-Za-z]+)", lambda m: _NAMED.get(m[1]) or _LETTERS.get(m[1], m[0]), bare)
    return re.sub(r"(?<![^_^{,])[A-Za-z]+(?![^_^},])", lambda m: character(m[0]), bare)


@lru_cache(maxsize=4096)
def read(text: str) -> Name:
    r"""Return a symbol's name taken apart.

    >>> read("eta_x").indices, read("Bx").indices, read("m0_x").indices, read(r"\kappa").base
    (('x',), ('x',), ('0', 'x'), 'kappa')
    >>> read("J_{ij}^{xx}").indices, read("J_{ij}^{xx}").upper, read("J_α2").indices
    (('ij',), ('xx',), ('α2',))
    >>> read("c0x_1y").indices
    ('0x', '1y')
    >>> read(r"\input{x}").base
    '\\input{x}'
    """
    if text == gap.name:                                            # no name of a user's
        return Name(text, "Delta")
    if joint := _JOINT.fullmatch(text):
        return Name(text, "c", tuple(joint[1].split("_")))
    match = _READABLE.fullmatch(text.translate(_SUBSCRIPTS))
    if match is None:
        return Name(text, text)
    base = _based(match[1])
    below: list[str] = [match[2], match[3], match[4]]
    above: list[str] = []
    for group in _GROUP.finditer(match[5]):
        (below if group[1] == "_" else above).extend(re.split(r"[, ]+", group[2] or group[3]))
    if (match[1][0] == "\\" and not is_letter(base)) or not all(map(_known, [*below, *above])) or \
            any(part.isdigit() for part in above):                  # x^2 is kept whole: it would look like a square
        return Name(text, text)
    if (field := _FIELD.fullmatch(base)) and not match[3]:
        base, below = field[1], [field[2], *below]
    above.append("′" * (len(text) - len(text.rstrip("'"))))
    return Name(text, base, tuple(filter(None, below)), upper=tuple(filter(None, above)))


def _known(index: str) -> bool:
    """Whether every command in an index is one of these."""
    return all(kind != "word" or text.isalnum() for kind, text in atoms(index))
