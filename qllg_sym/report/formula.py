"""Formulas on the page: long ones broken where a reader pauses, matrices in brackets of their height in every font."""

import re

from qllg_sym.equations.implicit_components import ImplicitComponents
from qllg_sym.equations.names import Name
from qllg_sym.equations.notations.mathml import MathML
from qllg_sym.equations.printing import Printed, laid_out
from qllg_sym.report.html import Markup, math, scrolling, tag
from qllg_sym.report.tex import mathml

_PAUSE = re.compile(r"\\begin|\\end|\\left|\\right|\\quad|(?<=[,:;])\\ |\\(?:Left|Long)?[Rr]ightarrow|[{}]")
_DEEPER = {"{": 1, "}": -1, "\\begin": 1, "\\end": -1, "\\left": 1, "\\right": -1}
_MATRIX = re.compile(r"<mo[^>]*>\(</mo><mtable([^>]*)>((?:(?!<mtable).)*?)</mtable><mo[^>]*>\)</mo>", re.DOTALL)
SHORT, LINE = 30, 120       # characters of LaTeX: of a piece that is not broken further, and of a line of a sum
WIDTH, TERMS = 84, 6        # of equations in components


class FromOne(MathML):
    """Sites are numbered from 1, as in the paper."""

    def name(self, name: Name, power: int = 1) -> str:
        """A moment or field with the number of its site."""
        first, *rest = name.indices or ("",)
        if first.isdigit() and name.base in ("m", "B", "D", "s"):
            moved = "".join(str(int(digit) + 1) for digit in first)
            name = Name(name.plain, name.base, (moved, *rest), name.slots, name.dot, name.bold, name.upper)
        return super().name(name, power)


def equations(form: Printed, components: ImplicitComponents) -> Markup:
    """Return equations as one display; those of classical moments with the sites of the paper, 1 and 2."""
    notation = FromOne() if components.kind == "moments" else MathML()
    return display(laid_out(notation, list(form.lines), WIDTH, TERMS))


def display(text: str) -> Markup:
    """Return MathML in a box of its own.

    >>> display("<math><mo>(</mo><mtable><mtr></mtr></mtable><mo>)</mo></math>").partition("scroll")[2]
    '"><math><mtable class="matrix"><mtr></mtr></mtable></math></div>'
    """
    return math(_page(text))


def in_pieces(latex: str) -> Markup:
    r"""Return a formula in pieces, between which a line may end; each that may be broader than a phone scrolls.

    >>> in_pieces(r"a = b + c + d + e + f + g + h + k,\quad c = d, e = f").count("<math")
    2
    """
    found = [_page(mathml(piece)).replace(' display="block"', ' displaystyle="true"', 1) for piece in pieces(latex)]
    return tag("div", *map(_piece, found), class_="math pieces")


def pieces(latex: str) -> list[str]:
    r"""Return a formula cut at wide spaces and arrows outside all braces, none so that a piece gets very short.

    >>> pieces(r"a, b: \quad \frac{a,\ b}{c} = a_1 + a_2 + a_3 + a_4 + a_5 \Rightarrow c = d")
    ['a, b: \\quad \\frac{a,\\ b}{c} = a_1 + a_2 + a_3 + a_4 + a_5', '\\Rightarrow c = d']
    """
    depth, cuts = 0, [0]
    for found in _PAUSE.finditer(latex):
        depth += _DEEPER.get(found[0], 0)
        if not depth and found[0] not in _DEEPER and found.start() - cuts[-1] > SHORT:
            cuts.append(found.start())
    parts = [latex[a:b].strip() for a, b in zip(cuts, [*cuts[1:], len(latex)], strict=True)]
    return [text for part in parts if (text := re.sub(r"^\\(?:quad|\s)\s*|\s*\\$", "", part))]


def in_lines(latex: str) -> list[str]:
    r"""Return a long sum as lines, each begun by its sign, broken outside all brackets.

    >>> in_lines("a = " + " + ".join(["b"] * 40))[1][:5]
    '{} + '
    """
    depth, cuts = 0, [0]
    for found in re.finditer(r"\\begin|\\end|[\[({]|[\])}]| [+-] | = ", latex):
        depth += ({"[": 1, "(": 1, "]": -1, ")": -1} | _DEEPER).get(found[0], 0)
        if not depth and found[0][0] == " " and found.start() - cuts[-1] > LINE:
            cuts.append(found.start())
    parts = [latex[a:b].strip() for a, b in zip(cuts, [*cuts[1:], len(latex)], strict=True)]
    return [parts[0], *("{} " + part for part in parts[1:])]


def _piece(text: str) -> Markup:
    """A piece as a box that does not end a line inside."""
    return Markup(tag("span", Markup(text), **scrolling(text)) + "\n")


def _page(text: str) -> str:
    """MathML as HTML has it: no name space; brackets of matrices by lines that grow in every font."""
    return _MATRIX.sub(r'<mtable\1 class="matrix">\2</mtable>',
                       text.replace(' xmlns="http://www.w3.org/1998/Math/MathML"', ""))
