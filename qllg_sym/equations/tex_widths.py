r"""How wide the LaTeX that is printed here will be: sums of the widths of Computer Modern's letters at 10 pt.

A small model of TeX, never narrower than TeX itself: italic corrections count, letters of an index are 0.83 of a letter
(7 pt fonts are wider than their size says), every sign has the space that it has between two terms, and every \left
the width of the tallest parenthesis. What it does not know counts as wide.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

EQUALS, SIGN, QUAD, THIN = 13.4, 12.3, 10.0, 1.7        # with the spaces around them
SCRIPT, BOLD = 0.83, 1.18                               # widest ratio of a letter of cmr7 or cmmi7, of cmbx10
UNKNOWN = 140           # in tenths of a point
DELIMITER, COLUMN_SPACE, FRACTION, ROOT = 8.8, 10.0, 2.5, 8.5

# What letters take, in tenths of a point: cmmi10 with italic corrections, cmr10, and digits and marks of cmr10.
_ITALIC = dict(zip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", (
    53, 43, 44, 53, 47, 60, 52, 58, 35, 47, 56, 32, 88, 61, 49, 51, 49, 48, 47, 37, 58, 53, 75, 58, 53, 51,
    75, 81, 79, 86, 80, 79, 79, 92, 52, 66, 93, 69, 108, 92, 80, 79, 80, 77, 68, 73, 80, 81, 109, 91, 81, 76),
    strict=True))
_ROMAN = dict(zip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", (
    50, 56, 45, 56, 45, 39, 52, 56, 28, 31, 53, 28, 84, 56, 50, 56, 53, 40, 40, 39, 56, 55, 74, 53, 55, 45,
    75, 71, 73, 77, 69, 66, 79, 75, 37, 52, 78, 63, 92, 75, 78, 69, 78, 74, 56, 73, 75, 77, 105, 75, 78, 62),
    strict=True))
_MARKS = {**dict.fromkeys("0123456789/", 50), **dict.fromkeys("()", 39), **dict.fromkeys("[].:!|'", 28), ",": 45,
          ";": 45, "+": 123, "-": 123, "=": 134, "<": 134, ">": 134}
_COMMANDS = {
    "alpha": 65, "beta": 62, "gamma": 58, "delta": 49, "epsilon": 41, "zeta": 52, "eta": 54, "theta": 50, "iota": 36,
    "kappa": 58, "lambda": 59, "mu": 61, "nu": 56, "xi": 49, "pi": 61, "rho": 52, "sigma": 61, "tau": 55,
    "upsilon": 58, "phi": 60, "chi": 63, "psi": 69, "omega": 66, "varepsilon": 47, "vartheta": 60, "varpi": 86,
    "varrho": 52, "varsigma": 45, "varphi": 66, "varkappa": 70, "Gamma": 63, "Delta": 84, "Theta": 78, "Lambda": 70,
    "Xi": 67, "Pi": 75, "Sigma": 73, "Upsilon": 78, "Phi": 73, "Psi": 78, "Omega": 73, "hbar": 60, "hslash": 60,
    "ell": 42, "infty": 100, "dagger": 90, "perp": 140, "parallel": 110, "uparrow": 110, "downarrow": 110, "prime": 28,
    "backslash": 50, "sim": 134, "wedge": 115, "cdot": 73, "times": 123, "otimes": 123, "leq": 134, "geq": 134,
    "neq": 134, "quad": 100, "qquad": 200, ",": 17, ":": 23, ";": 28, "!": 0, " ": 34, "{": 50, "}": 50, "%": 84,
    "$": 50, "&": 78, "#": 84, "_": 50, "lfloor": 45, "rfloor": 45, "imaginary": 35, "vdots": 28,
}
_FUNCTIONS = re.compile("sin|cos|tan|exp|log|sinh|cosh|tanh|min|max|arg|cot|sec|csc|ln|lim|det")
_FONTS = {"mathrm": (_ROMAN, 1.0), "text": (_ROMAN, 1.0), "operatorname": (_ROMAN, 1.0),
          "mathbf": (_ROMAN, BOLD), "boldsymbol": (_ITALIC, BOLD)}
_ACCENTS = ("dot", "ddot", "bar", "overline", "tilde", "hat")
_TOKEN = re.compile(r"\\(?:begin|end)\{[a-z*]+\}|\\\\|\\[A-Za-z]+|\\.|\s+|.", re.DOTALL)


@lru_cache(maxsize=65536)
def width_of(text: str) -> float:
    r"""Return at least the width of a formula in display style, in points, for a document of 10 pt letters.

    Args:
        text: LaTeX of this package, or of SymPy.

    Source: the metrics of D. E. Knuth's fonts cmr10, cmmi10, cmr7, cmmi7 and cmbx10; The TeXbook, ch. 18, for spaces.

    >>> round(width_of(r"\dot{T}_{xy} = \kappa")), round(width_of(r"\tfrac{1}{2}")), round(width_of(r"\frac{J}{2}"))
    (36, 7, 9)
    """
    return _Formula(_TOKEN.findall(text)).sum(1.0, _ITALIC) / 10


class _Formula:
    """The tokens of a formula, read once from left to right; widths in tenths of a point."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens, self._place = tokens, 0

    def _take(self) -> str:
        self._place += 1
        return self._tokens[self._place - 1] if self._place <= len(self._tokens) else ""

    def _next(self) -> str:
        return self._tokens[self._place] if self._place < len(self._tokens) else ""

    def sum(self, scale: float, letters: dict[str, int], until: Iterable[str] = ()) -> float:
        """Everything up to the end, or up to one of some tokens, which is left."""
        total = 0.0
        while (token := self._next()) and token not in until:
            total += self._atom(self._take(), scale, letters)
        return total

    def _argument(self, scale: float, letters: dict[str, int]) -> float:
        """A group in braces, or one token."""
        token = self._take()
        while token.isspace():
            token = self._take()
        return self._atom(token, scale, letters)

    def _atom(self, token: str, scale: float, letters: dict[str, int]) -> float:
        """What begins with a token that was taken."""
        if token == "{":
            total = self.sum(scale, letters, "}")
            self._take()
            return total
        if token in ("^", "_"):
            return self._scripts(scale)
        if token.startswith("\\"):
            return self._command(token[1:], scale, letters)
        if token.isspace():
            return 34 * scale if letters is _ROMAN else 0.0
        return scale * (letters.get(token) or _MARKS.get(token, UNKNOWN))

    def _scripts(self, scale: float) -> float:
        """An index, an exponent, or one above the other."""
        total = self._argument(scale * SCRIPT, _ITALIC)
        if self._next() in ("^", "_"):
            self._take()
            total = max(total, self._argument(scale * SCRIPT, _ITALIC))
        return total + 7

    def _command(self, name: str, scale: float, letters: dict[str, int]) -> float:
        """A command with its arguments."""
        if name in ("frac", "tfrac", "dfrac"):
            inner = scale * SCRIPT if name == "tfrac" else scale
            return max(self._argument(inner, letters), self._argument(inner, letters)) + 10 * FRACTION
        if name in _FONTS:
            font, factor = _FONTS[name]
            return self._argument(scale * factor, font) + (34 if name == "operatorname" else 0)
        if name in _ACCENTS:
            return max(self._argument(scale, letters), 50 * scale)
        if name == "sqrt":
            degree = self._bracket(scale) if self._next() == "[" else 0.0
            return degree + self._argument(scale, letters) + 10 * ROOT
        if name in ("left", "right"):
            self._take()
            return 10 * (DELIMITER + THIN)
        if name.startswith("begin{"):
            return self._table(name[6:-1], scale, letters)
        if _FUNCTIONS.fullmatch(name):
            return scale * sum(_ROMAN[letter] for letter in name) + 20 * THIN
        return scale * _COMMANDS.get(name, UNKNOWN)

    def _bracket(self, scale: float) -> float:
        """The degree of a root."""
        self._take()
        total = self.sum(scale * SCRIPT, _ITALIC, "]")
        self._take()
        return total

    def _table(self, name: str, scale: float, letters: dict[str, int]) -> float:
        """A matrix, or cases: each column as wide as its widest entry."""
        columns, place, end = list[float](), 0, rf"\end{{{name}}}"
        while (token := self._next()) and token != end:
            entry = self.sum(scale, letters, ("&", r"\\", end))
            columns += [0.0] * (place + 1 - len(columns))
            columns[place] = max(columns[place], entry)
            place = place + 1 if self._next() == "&" else 0
            if self._next() != end:
                self._take()
        self._take()
        return sum(columns) + 10 * (COLUMN_SPACE * len(columns) + 2 * DELIMITER + 2 * THIN)
