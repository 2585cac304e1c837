r"""LaTeX for a column of a paper: lines that are broken so that none is wider than a number of points.

A sum is broken in front of + and −, also inside a parenthesis that is too long for a line, and at last between factors,
where the next line begins with a dot. A matrix that does not fit is written entry by entry.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from math import isfinite
from numbers import Real
from typing import Any

from qllg_sym.equations.names import Name
from qllg_sym.equations.notation import Group, Line, Token, broken
from qllg_sym.equations.notations.latex import Latex
from qllg_sym.equations.tex_widths import EQUALS, QUAD, SIGN, THIN, width_of
from qllg_sym.errors import InputError

MOST_TERMS = 10**6      # of a line: its width alone counts
LONGEST = 60            # characters of a factor that an error quotes
LEFT_SHARE = 0.4        # of the width, that a left side may take beside its equation
BETWEEN = "\x1f"        # stands between factors until lines are broken; no user's name holds it: it is not printable
_PIECES = re.compile(r"\\left|\\right|\\.|[{}]| [+-] |" + BETWEEN, re.DOTALL)
_Row = list[str]


class _Breakable(Latex):
    """LaTeX that says where a line may end, with fractions that fit into a line or are written as powers."""

    times = BETWEEN

    def __init__(self, room: float) -> None:
        super().__init__()
        self._room = room

    def fraction(self, top: str, bottom: str, small: bool) -> str:
        r"""A fraction; a long one is (top)(bottom)^{-1}."""
        if max(map(width_of, (top, bottom))) <= self._room:
            return super().fraction(top, bottom, small)
        front = [] if top == "1" else [f"({top})" if _is_sum(top) else top]
        return BETWEEN.join([*front, f"({bottom})^{{-1}}"])

    def joined(self, tokens: Sequence[Token], first: bool) -> str:
        """Tokens with their signs; a factor, which has none, begins a line with a dot."""
        text = ""
        for i, token in enumerate(tokens):
            if token.sign:
                text += " " * bool(i) + super().joined([token], first and not i)
            else:
                text += f" {token.text}" if i else rf"\cdot {token.text}"
        return text


def typeset(lines: Sequence[Line], width: Any, environment: str = "aligned") -> str:
    """Return lines as one block, none wider than `width` points in a document of 10 pt letters.

    Args:
        lines: equations and definitions.
        width: of the column, in points; 246 in Physical Review.
        environment: as of `Latex`.

    Raises:
        InputError: no such environment, a width that is no positive number, or one that a single factor exceeds.

    >>> import sympy as sp
    >>> from qllg_sym.equations.names import read
    >>> terms = tuple(((1, ((read(f"a_{k}"), 1),)),) for k in range(30))
    >>> line = Line((Group(sp.S.One, ((1, ((read("x"), 1),)),)),), tuple(Group(sp.S.One, term) for term in terms))
    >>> [row.count("+") for row in typeset([line], 246).splitlines()[1:-1]]
    [9, 8, 8, 4]
    """
    if not isinstance(width, Real) or isinstance(width, bool) or not isfinite(width) or width <= 0:
        raise InputError(f"`width` must be a positive number of points, but is {width!r}; give one such as 246.")
    return _Column(float(width), Latex(environment)).block(lines)


class _Column:
    """One column: how much room its lines have."""

    def __init__(self, width: float, latex: Latex) -> None:
        self._width, self._latex = width, latex
        self._breakable = _Breakable((1 - LEFT_SHARE) * width - 4 * QUAD)

    def block(self, lines: Sequence[Line]) -> str:
        """All lines, those that are matrices whole or entry by entry."""
        shown = [each for line in lines for each in self._fitting(line)]
        beside = [self._left(line) for line in shown if self._is_short(line)]
        room = self._width - THIN - max(map(width_of, beside), default=0.0) - QUAD
        rows = [self._row(line, room) for line in shown]
        return self._latex.enclosed(rows).replace(BETWEEN, " ")

    def _left(self, line: Line) -> str:
        return self._breakable.sum(line.left)

    def _is_short(self, line: Line) -> bool:
        """Whether a left side stands beside its equation, and not above it."""
        return width_of(self._left(line)) <= LEFT_SHARE * self._width

    def _fitting(self, line: Line) -> list[Line]:
        """A line, or the entries of a matrix that is too wide as lines of their own."""
        if not line.entries or THIN + width_of(self._left(line)) + EQUALS + width_of(self._matrix(line)) <= self._width:
            return [line]
        name = line.left[0].members[0][1][0][0]             # a definition names one tensor
        assert isinstance(name, Name)
        keys = ["".join(key) for key in product("xyz", repeat=1 if len(line.entries) == 1 else 2)]
        entries = [entry for row in line.entries for entry in row]
        return [Line((Group(line.left[0].coefficient, ((1, ((_entry(name, key), 1),)),)),), entry)
                for key, entry in zip(keys, entries, strict=True)]

    def _matrix(self, line: Line) -> str:
        return "".join(self._latex.rows([[self._latex.sum(entry) for entry in row] for row in line.entries]))

    def _row(self, line: Line, room: float) -> _Row:
        """The lines of one equation, with the places of alignment."""
        if line.entries:
            return [f"{self._left(line)} &= {self._matrix(line)}"]
        if self._is_short(line):
            first, *others = self._lines(line.right, room, EQUALS - QUAD)
            return [f"{self._left(line)} &= {first}", *(rf"&\quad {text}" for text in others)]
        left, right = self._lines(line.left, room, 0.0), self._lines(line.right, room, EQUALS)
        return [f"&{left[0]}", *(rf"&\quad {text}" for text in left[1:]), rf"&\quad = {right[0]}",
                *(rf"&\quad {text}" for text in right[1:])]

    def _lines(self, groups: Sequence[Group], room: float, start: float) -> list[str]:
        """A sum in lines that follow a quad; `start` of the first one is taken."""
        found = [[token for sign, text in self._breakable.pieces(group) for token in self._tokens(sign, text, room)]
                 for group in groups]
        return broken(self._breakable, found, room, start, MOST_TERMS)

    def _tokens(self, sign: int, text: str, room: float) -> Iterator[Token]:
        """A term, in pieces where it is too wide for a line."""
        if width_of(text) + SIGN <= room - EQUALS:
            yield Token(sign, text, width_of(text) + SIGN)
            return
        for each, summand in _cut(sign, text, " + ", " - "):
            inside = [(each, summand)]
            if width_of(summand) + SIGN > room - EQUALS:
                inside = list(_cut(each, summand, BETWEEN))
            for turn, factor in inside:
                self._check(factor, room)
                yield Token(turn, factor, width_of(factor) + SIGN)

    def _check(self, factor: str, room: float) -> None:
        """Refuse what cannot be broken."""
        if width_of(factor) + SIGN > room - EQUALS:
            shown = factor.replace(BETWEEN, " ")
            shown = shown if len(shown) <= LONGEST else f"{shown[:LONGEST - 1]}…"
            raise InputError(f"`width` must hold every factor beside its left side, but {self._width:g} points do not "
                             f"hold {shown}; give a larger one.")


def _cut(sign: int, text: str, *marks: str) -> Iterator[tuple[int, str]]:
    r"""Cut a text at marks outside of braces and of \left … \right: (sign, piece), sign 0 for a further factor."""
    depth = last = 0
    for match in _PIECES.finditer(text):
        mark = match[0]
        depth += {"{": 1, r"\left": 1, "}": -1, r"\right": -1}.get(mark, 0)
        if depth == 0 and mark in marks:
            yield sign, text[last:match.start()]
            last = match.end()
            sign = {" + ": 1, " - ": -1}.get(mark, 0)
    yield sign, text[last:]


def _is_sum(text: str) -> bool:
    """Whether a formula has terms that need parentheses in a product."""
    return len(list(_cut(1, text, " + ", " - "))) > 1


def _entry(name: Name, key: str) -> Name:
    """The name of an entry of a vector or matrix."""
    return replace(name, indices=(*name.indices, key), bold=False)
