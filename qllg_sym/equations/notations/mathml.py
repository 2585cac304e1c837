"""Presentation MathML in the subset that browsers render without help (MathML Core)."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from html.entities import html5
from typing import Any
from xml.dom.minidom import parseString
from xml.sax.saxutils import escape

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.printing.mathml import MathMLPresentationPrinter

from qllg_sym.algebra.decimals import Decimal
from qllg_sym.equations.names import Name, atoms, character, read
from qllg_sym.equations.notation import Notation

# Chromium right-aligns formulas under its own keyword alone; browsers skip the one that they do not know.
_RIGHT, _LEFT = 'style="text-align: right; text-align: -webkit-right"', 'style="text-align: left"'
# Without a mathematical font the parentheses of matrices do not grow; `math` alone is not always bound to one.
FONT = "font-family: 'STIX Two Math', 'Cambria Math', 'Latin Modern Math', 'DejaVu Math TeX Gyre', math"
RAISED = "padding-bottom: 0.12em"                                        # of an accent, or it touches the letter
_DOT = f'<mo stretchy="false" style="{RAISED}">˙</mo>'
_FUNCTION = re.compile(r"^(<mrow>)(<mi>.*?</mi>)")
_ENTITY = re.compile(r"&(?!(?:lt|gt|amp|quot|apos);)([A-Za-z]+;)")


class MathML(Notation):
    """Well-formed XML: entities are characters, names are escaped."""

    sign, minus, plus = '<mo form="prefix">−</mo>', "<mo>−</mo>", "<mo>+</mo>"
    times, space = '<mo lspace="0.06em" rspace="0.06em">\u2062</mo>', ""

    def name(self, name: Name, power: int = 1) -> str:
        """<msub> for indices, <mover> for the dot."""
        if name.upper:
            return self._raised(name, power)
        text = f"<mi>{bold(name.base)}</mi>" if name.bold else identifier(name.base)
        if name.dot:
            text = f'<mover accent="true">{text}{_DOT}</mover>'
        parts = [*map(_index, name.indices), *filter(None, ["".join(f"<mi>{c}</mi>" for c in name.slots)])]
        if not parts:
            return text if power == 1 else f"<msup>{text}<mn>{power}</mn></msup>"
        below = f"<mrow>{'<mo>,</mo>'.join(parts)}</mrow>"
        return f"<msub>{text}{below}</msub>" if power == 1 else f"<msubsup>{text}{below}<mn>{power}</mn></msubsup>"

    def _raised(self, name: Name, power: int) -> str:
        """A name with indices above, in parentheses where it is raised to a power."""
        plain = self.name(replace(name, upper=()))
        above = f"<mrow>{'<mo>,</mo>'.join(map(_above, name.upper))}</mrow>"
        inner = re.fullmatch(r"<msub>(.*)</msub>", plain)
        text = f"<msubsup>{inner[1]}{above}</msubsup>" if inner else f"<msup>{plain}{above}</msup>"
        if power == 1:
            return text
        return f"<msup><mrow>{self.mark('(')}{text}{self.mark(')')}</mrow><mn>{power}</mn></msup>"

    def number(self, value: int) -> str:
        """A number."""
        return f"<mn>{value}</mn>"

    def decimal(self, mantissa: str, power: int) -> str:
        """1.5 · 10⁻²¹, without the dot where the mantissa is 1."""
        if not power:
            return f"<mn>{mantissa}</mn>"
        front = "" if mantissa == "1" else f"<mn>{mantissa}</mn><mo>·</mo>"
        above = f"<mn>{abs(power)}</mn>"
        above = f"<mrow><mo>−</mo>{above}</mrow>" if power < 0 else above
        return f"<mrow>{front}<msup><mn>10</mn>{above}</msup></mrow>"

    def opaque(self, expression: sp.Expr, alone: bool = False) -> str:
        """SymPy's own MathML."""
        base, exponent = expression.as_base_exp()
        if isinstance(base, AppliedUndef) and exponent.is_Integer and exponent > 1:
            inside = "<mo>,</mo>".join(self.opaque(sp.S(1) * argument, alone=True) for argument in base.args)
            text = self.name(read(base.func.__name__), int(exponent))
            return f"<mrow>{text}{self.mark('(')}{inside}{self.mark(')')}</mrow>"
        if isinstance(base, sp.Function) and exponent.is_Integer and exponent > 1:      # sin²(t), not sin(t)²
            return _FUNCTION.sub(rf"\1<msup>\2{self.number(int(exponent))}</msup>", self.opaque(base, alone), count=1)
        text = _ENTITY.sub(lambda m: html5[m[1]], str(_printer().doprint(expression)))
        power = isinstance(expression, sp.Pow) and expression.base.is_Number and expression.exp != sp.Rational(1, 2)
        needed = expression.is_Add or expression.is_Mul or power
        return f"<mrow>{self.mark('(')}{text}{self.mark(')')}</mrow>" if needed and not alone else text

    def fraction(self, top: str, bottom: str, small: bool) -> str:
        """A fraction, set small if it is a number."""
        text = f"<mfrac><mrow>{top}</mrow><mrow>{bottom}</mrow></mfrac>"
        return f'<mstyle displaystyle="false">{text}</mstyle>' if small else text

    def mark(self, mark: str) -> str:
        """An operator that does not grow."""
        return f'<mo stretchy="false">{mark}</mo>'

    def rows(self, entries: Sequence[Sequence[str]]) -> list[str]:
        """A row vector in parentheses, or a matrix."""
        if len(entries) == 1:
            return [f"<mrow>{self.mark('(')}{'<mo>,</mo>'.join(entries[0])}{self.mark(')')}</mrow>"]
        cells = "".join(f"<mtr>{''.join(f'<mtd>{cell}</mtd>' for cell in row)}</mtr>" for row in entries)
        return [f"<mrow><mo>(</mo><mtable>{cells}</mtable><mo>)</mo></mrow>"]

    def document(self, lines: Iterable[tuple[str, Sequence[str]]]) -> str:
        """One table: left sides, and right sides on one line or more."""
        rows = []
        for left, right in lines:
            for i, text in enumerate(right):
                start = "<mo>=</mo>" if not i else '<mspace width="2em"/>'
                rows.append(f"<mtr><mtd {_RIGHT}>{left if not i else ''}</mtd><mtd {_LEFT}>{start}{text}</mtd></mtr>")
        head = f'<math xmlns="http://www.w3.org/1998/Math/MathML" display="block" style="{FONT}">'
        return head + '<mtable displaystyle="true">' + "\n".join(rows) + "</mtable></math>"


def identifier(text: str) -> str:
    """Return a letter in italics or an upright word, escaped; what XML cannot hold becomes a replacement character.

    >>> identifier("kappa"), identifier("<b>")
    ('<mi>κ</mi>', '<mi>&lt;b&gt;</mi>')
    """
    printable = "".join(c if c.isprintable() else "\ufffd" for c in character(text))
    return f"<mi>{escape(printable)}</mi>"


def bold(text: str) -> str:
    """Return the bold character of a letter: MathML Core has no other bold.

    >>> bold("r"), bold("eta")
    ('𝐫', '𝛈')
    """
    letter = character(text)
    words = unicodedata.name(letter).split()
    try:
        return unicodedata.lookup(f"MATHEMATICAL BOLD {words[1]} {words[-1]}")
    except KeyError:                    # no bold form, as of ħ
        return letter


def _index(part: str) -> str:
    """What stands below: italic letters and digits, 2 and a barred 1 for the Stevens index 2m1, an upright word."""
    if stevens := re.fullmatch(r"(\d+)([mp])(\d+)", part):
        q = f"<mn>{stevens[3]}</mn>"
        q = f'<mover accent="true">{q}<mo stretchy="false">¯</mo></mover>' if stevens[2] == "m" else q
        return f"<mn>{stevens[1]}</mn>{q}"
    if re.fullmatch(r"[0-9xyz]+", part):
        return "".join(f"<mn>{c}</mn>" if c.isdigit() else f"<mi>{c}</mi>" for c in part)
    return "".join(_piece(*atom) for atom in atoms(part))


def _piece(kind: str, text: str) -> str:
    """A piece of an index."""
    if kind == "plain":
        return f"<mn>{text}</mn>" if text.isdigit() else "".join(f"<mi>{c}</mi>" for c in text)
    return f"<mo>{text}</mo>" if kind == "mark" else identifier(text)


def _above(part: str) -> str:
    """What stands above."""
    return f"<mo>{part}</mo>" if part[0] == "′" else _index(part)


class _Printer(MathMLPresentationPrinter):
    """SymPy's printer with our names."""

    def _print_Decimal(self, number: Decimal) -> Any:
        return _node(MathML().ten(number))

    def _print_Symbol(self, sym: sp.Symbol, style: str = "plain") -> Any:
        return _node(MathML().name(read(sym.name)))

    def _print_AppliedUndef(self: Any, expr: Any) -> Any:
        row = self.dom.createElement("mrow")
        row.appendChild(_node(MathML().name(read(expr.func.__name__))))
        row.appendChild(_node(MathML().mark("(")))
        for i, argument in enumerate(expr.args):
            if i:
                row.appendChild(_node("<mo>,</mo>"))
            row.appendChild(self._print(argument))
        row.appendChild(_node(MathML().mark(")")))
        return row


_printer: Any = _Printer        # SymPy's printers are not typed


def _node(text: str) -> Any:
    """The element that a piece of XML describes."""
    return parseString(text).documentElement
