"""Plain Unicode text for a terminal: κ T_xy T'_0z, where ' is d/dt."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import sympy as sp
from sympy.printing.str import StrPrinter

from qllg_sym.equations.names import Name, in_characters, read
from qllg_sym.equations.notation import Notation

INDENT = " " * 6
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


class Plain(Notation):
    """Text without markup; what a terminal would obey is shown as an escape."""

    sign, minus, plus, times, space = "-", "-", "+", " ", " "

    def name(self, name: Name, power: int = 1) -> str:
        """The user's spelling, Greek words as letters: η'_x, T_xy²."""
        head, line, tail = shown(in_characters(name.plain)).partition("_")
        text = head + ("'" if name.dot else "") + line + tail + (f"_{name.slots}" if name.slots else "")
        if power == 1:
            return text
        return (f"({text})" if name.upper else text) + str(power).translate(_SUPERSCRIPT)

    def number(self, value: int) -> str:
        """Digits."""
        return str(value)

    def decimal(self, mantissa: str, power: int) -> str:
        """As computers write it."""
        return f"{mantissa}e{power}" if power else mantissa

    def opaque(self, expression: sp.Expr, alone: bool = False) -> str:
        """SymPy's own text."""
        text = str(_printer().doprint(expression))
        return f"({text})" if not alone and (expression.is_Add or expression.is_Mul or text[0].isdigit()) else text

    def fraction(self, top: str, bottom: str, small: bool) -> str:
        """(top/bottom)."""
        return f"({top}/{bottom})" if re.fullmatch(r"[\w']+", bottom) else f"({top}/({bottom}))"

    def mark(self, mark: str) -> str:
        """Themselves; a space stands behind a comma."""
        return ", " if mark == "," else mark

    def rows(self, entries: Sequence[Sequence[str]]) -> list[str]:
        """(a, b, c), a row on each line; an entry on each line where they are long."""
        lines = []
        for row in entries:
            between = f",\n{INDENT} " if sum(map(len, row)) > 48 else ", "
            lines += f"({between.join(row)})".split(f"\n{INDENT}")
        return lines

    def document(self, lines: Iterable[tuple[str, Sequence[str]]]) -> str:
        """One equation after another, indented where it is broken."""
        return "\n".join(f"{left} = " + f"\n{INDENT}".join(right) for left, right in lines)


def shown(text: str) -> str:
    r"""Return a user's name that may be printed: escapes for what is not printable, quotes around what is no word.

    >>> shown("J_1"), shown("a b"), shown("\x1b[2J")
    ('J_1', '‹a b›', '‹\\x1b[2J›')
    """
    if re.fullmatch(r"(?:[\w{},.\\†⊥∥]|\^\{?(?!\d)(?=[\w+]))+\+?", text):        # J^2 is a name, and no square
        return text
    return "‹" + "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text) + "›"


class _Text(StrPrinter):
    """SymPy's printer with our names."""

    def _print_Decimal(self, expr: sp.Symbol) -> str:
        return str(expr.name)

    def _print_Symbol(self, expr: sp.Symbol) -> str:
        return Plain().name(read(expr.name))

    def _print_Pi(self, expr: sp.Expr) -> str:
        return "π"

    def _print_AppliedUndef(self: Any, expr: Any) -> str:
        return f"{Plain().name(read(expr.func.__name__))}({self.stringify(expr.args, ', ')})"


_printer: Any = _Text           # SymPy's printers are not typed
