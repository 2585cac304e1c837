"""What the three notations share: factors become strings, and rows of terms become lines of bounded width."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import sympy as sp

from qllg_sym.algebra.decimals import Decimal, in_decimals
from qllg_sym.equations.names import Name, is_letter, read

# A factor of a term: a name with a power, or a mark such as × or a parenthesis.
Factor = tuple[Name, int] | str


@dataclass(frozen=True)
class Group:
    """coefficient · (±product ± product …): terms that share a coefficient whose sign is positive."""

    coefficient: sp.Expr
    members: tuple[tuple[int, tuple[Factor, ...]], ...]

    def negated(self) -> "Group":
        """Return minus the group."""
        return replace(self, members=tuple((-sign, factors) for sign, factors in self.members))

    def in_decimals(self) -> "Group":
        """Return the group with finite decimals in its coefficient written as such."""
        return replace(self, coefficient=in_decimals(self.coefficient))


@dataclass(frozen=True)
class Line:
    """One equation, left = sum of groups; or a definition, left = rows of entries (one row: a vector)."""

    left: tuple[Group, ...]
    right: tuple[Group, ...] = ()
    entries: tuple[tuple[tuple[Group, ...], ...], ...] = ()

    def in_decimals(self) -> "Line":
        """Return the line with finite decimals written as such."""
        left, right = (tuple(group.in_decimals() for group in side) for side in (self.left, self.right))
        entries = tuple(tuple(tuple(group.in_decimals() for group in x) for x in row) for row in self.entries)
        return Line(left, right, entries)


@dataclass(frozen=True)
class Token:
    """A piece that no line break may enter, with the sign in front of it."""

    sign: int
    text: str
    width: float


class Notation(ABC):
    """How names, numbers and layouts are written."""

    sign: ClassVar[str]         # a minus that starts a sum
    minus: ClassVar[str]
    plus: ClassVar[str]
    times: ClassVar[str]
    space: ClassVar[str]

    @abstractmethod
    def name(self, name: Name, power: int = 1) -> str:
        """A name, raised to a power."""

    @abstractmethod
    def number(self, value: int) -> str:
        """A positive integer."""

    @abstractmethod
    def decimal(self, mantissa: str, power: int) -> str:
        """Mantissa · 10^power."""

    def ten(self, number: Decimal) -> str:
        """A decimal from its text."""
        mantissa, _, power = number.name.partition("e")
        return self.decimal(mantissa, int(power or 0))

    @abstractmethod
    def opaque(self, expression: sp.Expr, alone: bool = False) -> str:
        """Any other factor, such as sin(t) or √3; in parentheses where a product needs them, unless it stands alone."""

    @abstractmethod
    def fraction(self, top: str, bottom: str, small: bool) -> str:
        """A fraction in front of a term; `small` if it is a number."""

    @abstractmethod
    def mark(self, mark: str) -> str:
        """One of ( ) [ ] , ×."""

    @abstractmethod
    def rows(self, entries: Sequence[Sequence[str]]) -> list[str]:
        """The lines of a vector (one row) or a matrix."""

    @abstractmethod
    def document(self, lines: Iterable[tuple[str, Sequence[str]]]) -> str:
        """All equations, each a left side and the lines of its right side."""

    def coefficient(self, value: sp.Expr) -> str:
        """A positive coefficient as a number and a fraction of powers; empty for 1."""
        number, rest = value.as_coeff_Mul(rational=True)
        p, q = (int(n) for n in number.as_numer_denom())
        powers = [factor.as_base_exp() for factor in _ordered(rest)]
        bottom = [(base, -power) for base, power in powers if power.is_Rational and power < 0]
        top = [(base, power) for base, power in powers if (base, -power) not in bottom]
        if bottom:
            return self.fraction(self._powers(p, top), self._powers(q, bottom), small=False)
        if q == 1:
            return self._powers(p, top, alone=False) if top or p != 1 else ""
        rational = self.fraction(self.number(p), self.number(q), small=True)
        return self.times.join((rational, self._powers(1, top, alone=False))) if top else rational

    def _powers(self, number: int, powers: Sequence[tuple[sp.Expr, sp.Expr]], alone: bool = True) -> str:
        """A number times powers; what stands `alone` needs no parentheses."""
        parts = [self.number(number)] if number != 1 or not powers else []
        alone = alone and len(powers) == 1 and not parts
        for base, power in powers:
            if base == -1 and power == sp.Rational(1, 2):
                parts.append(self.name(read("i")))
            elif isinstance(base, Decimal) and power == 1:
                parts.append(self.ten(base))
            elif isinstance(base, sp.Symbol) and power.is_Integer:
                parts.append(self.name(read(base.name), int(power)))
            elif base.is_Add and power == 1:
                total = self.sum(Group(abs(n) * rest, ((1 if n > 0 else -1, ()),)) for n, rest in (
                    term.as_coeff_Mul() for term in base.as_ordered_terms()))
                parts.append(total if alone else self.mark("(") + total + self.mark(")"))
            else:
                parts.append(self.opaque(base**power, alone))
        return self.times.join(parts)

    def product(self, factors: Iterable[Factor]) -> str:
        """Factors side by side; spaces stand around a cross and not within parentheses."""
        text, tight = "", True
        for factor in factors:
            if isinstance(factor, str):
                text += self.space + self.mark(factor) + self.space if factor == "×" else self.mark(factor)
            else:
                text += ("" if tight else self.times) + self.name(*factor)
            tight = isinstance(factor, str)
        return text

    def pieces(self, group: Group) -> list[tuple[int, str]]:
        """The signed pieces of a group; a parenthesis opens in the first one and closes in the last."""
        front = self.coefficient(group.coefficient)
        products = [(sign, self.product(factors)) for sign, factors in group.members]
        if len(products) > 1 and front:
            outer = products[0][0]
            products = [(sign * outer, text) for sign, text in products]
            products[0] = (outer, self.times.join((front, self.mark("(") + products[0][1])))
            products[-1] = (products[-1][0], products[-1][1] + self.mark(")"))
            return products
        return [(sign, self.times.join(x for x in (front, text) if x) or self.number(1)) for sign, text in products]

    def sum(self, groups: Iterable[Group]) -> str:
        """A sum on one line; 0 if it is empty."""
        tokens = [Token(sign, text, 0) for group in groups for sign, text in self.pieces(group)]
        return self.joined(tokens, first=True) if tokens else self.number(0)

    def joined(self, tokens: Sequence[Token], first: bool) -> str:
        """Tokens with their signs; a leading plus is dropped at the start of a sum."""
        parts = []
        for i, token in enumerate(tokens):
            if first and not i:
                parts.append((self.sign if token.sign < 0 else "") + token.text)
            else:
                parts.append((self.minus if token.sign < 0 else self.plus) + self.space + token.text)
        return self.space.join(parts)


def _ordered(product: sp.Expr) -> list[sp.Expr]:
    """Factors of a product as physicists write them: √3, then Greek, then Latin symbols, then ħ, then functions."""
    return sorted((f for f in sp.Mul.make_args(product) if f != 1), key=_rank)


def _rank(factor: sp.Expr) -> tuple[int, str]:
    base = factor.as_base_exp()[0]
    if isinstance(base, Decimal):
        return -1, str(factor)
    if not isinstance(base, sp.Symbol):
        return (0 if base.is_number else 4), str(factor)
    word = read(base.name).base
    return (3 if word == "hbar" else 1 if is_letter(word) else 2), str(factor)


def tokens(notation: Notation, plain: Notation, group: Group) -> list[Token]:
    """Return the pieces of a group with the widths that they have in plain text, signs and spaces included."""
    pairs = zip(notation.pieces(group), plain.pieces(group), strict=True)
    return [Token(sign, text, len(shown) + 3) for (sign, text), (_, shown) in pairs]


def broken(notation: Notation, found: Iterable[list[Token]], width: float, start: float, terms: int) -> list[str]:
    """Return the lines of a sum of groups; a group that fits into one line is not broken.

    Args:
        notation: how signs are written.
        found: the tokens of each group.
        width: of a line, in characters or in what tokens are measured in.
        start: how much of it is taken in the first line.
        terms: the most tokens in a line.
    """
    lines: list[list[Token]] = [[]]
    used = start
    for group in found:
        whole = sum(token.width for token in group)
        fits = whole <= width and len(group) <= terms
        parts = [(whole, group)] if fits else [(token.width, [token]) for token in group]
        for size, part in parts:
            if lines[-1] and (used + size > width or len(lines[-1]) + len(part) > terms):
                lines.append([])
                used = 0
            lines[-1] += part
            used += size
    return [notation.joined(line, first=not i) for i, line in enumerate(lines)] if lines[0] else [notation.number(0)]
