r"""LaTeX for the environments of amsmath that align equations."""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

import sympy as sp
from sympy.printing.latex import LatexPrinter, accepted_latex_functions

from qllg_sym.algebra.decimals import Decimal
from qllg_sym.equations.names import MARKS, Name, atoms, is_letter, read, spelled
from qllg_sym.equations.notation import Notation
from qllg_sym.errors import InputError

# Commands of math mode: unlike \textbackslash they work in MathJax and KaTeX too.
_ESCAPES = {"\\": r"{\backslash}", "{": r"\{", "}": r"\}", "$": r"\$", "%": r"\%", "&": r"\&", "#": r"\#", "_": r"\_",
            "~": r"{\sim}", "^": r"{\wedge}", " ": r"\ ", "<": "{<}", ">": "{>}"}


ENVIRONMENTS = ("aligned", "align", "align*")


class Latex(Notation):
    """Names are typeset or escaped, never trusted."""

    sign, minus, plus, times, space = "-", "-", "+", " ", " "

    def __init__(self, environment: str = "aligned") -> None:
        r"""Choose the environment.

        Args:
            environment: "aligned", one block within a displayed equation; "align*" or "align", displayed equations
                without and with numbers, between which a page may end.

        Raises:
            InputError: another one.
        """
        if environment not in ENVIRONMENTS:
            raise InputError(f"`environment` must be one of {', '.join(ENVIRONMENTS)}, but is {environment!r}; choose "
                             "one of these.")
        self._environment = environment

    def name(self, name: Name, power: int = 1) -> str:
        r"""\dot{T}_{xy}, \mathbf{r}_{1}, \kappa^{2}."""
        text = word(name.base)
        if name.bold:
            text = rf"\boldsymbol{{{text}}}" if is_letter(name.base) else rf"\mathbf{{{text}}}"
        if name.dot:
            text = rf"\dot{{{text}}}"
        if name.indices or name.slots:
            text += f"_{{{','.join([*map(_index, name.indices), *filter(None, [name.slots])])}}}"
        if name.upper:
            text += f"^{{{','.join(map(_above, name.upper))}}}"
            return text if power == 1 else rf"({text})^{{{power}}}"
        return text if power == 1 else f"{text}^{{{power}}}"

    def number(self, value: int) -> str:
        """Digits."""
        return str(value)

    def decimal(self, mantissa: str, power: int) -> str:
        """1.5 · 10⁻²¹, without the dot where the mantissa is 1."""
        front = "" if mantissa == "1" else rf"{mantissa} \cdot "
        return rf"{front}10^{{{power}}}" if power else mantissa

    def opaque(self, expression: sp.Expr, alone: bool = False) -> str:
        """SymPy's own LaTeX."""
        text = str(_printer().doprint(expression))
        needed = expression.is_Add or expression.is_Mul or text[0].isdigit()
        return rf"\left({text}\right)" if needed and not alone else text

    def fraction(self, top: str, bottom: str, small: bool) -> str:
        r"""\tfrac for numbers, \frac else."""
        return rf"\{'t' if small else ''}frac{{{top}}}{{{bottom}}}"

    def mark(self, mark: str) -> str:
        """A cross, or a parenthesis that may be closed on another line."""
        return {"×": r"\times", ",": ", "}.get(mark, mark)

    def rows(self, entries: Sequence[Sequence[str]]) -> list[str]:
        """A row vector in parentheses, or a matrix."""
        if len(entries) == 1:
            return [r"\left(" + r",\, ".join(entries[0]) + r"\right)"]
        return [r"\begin{pmatrix} " + r" \\ ".join(" & ".join(row) for row in entries) + r" \end{pmatrix}"]

    def document(self, lines: Iterable[tuple[str, Sequence[str]]]) -> str:
        """One block; a broken equation goes on after a quad."""
        return self.enclosed([f"{left} &= {right[0]}", *(rf"&\quad {text}" for text in right[1:])]
                             for left, right in lines)

    def enclosed(self, equations: Iterable[Sequence[str]]) -> str:
        """One block of equations, each the lines that it is broken into, with the places of alignment."""
        name, unnumbered = self._environment, r" \notag" if self._environment == "align" else ""
        rows = [f"{unnumbered} \\\\\n".join(lines) for lines in equations]
        block = f"\\begin{{{name}}}\n" + " \\\\\n".join(rows) + f"\n\\end{{{name}}}"
        return block if name == "aligned" else f"{{\\allowdisplaybreaks\n{block}}}"


def word(text: str) -> str:
    r"""Return a letter, a Greek letter, or an upright word with everything escaped that TeX would obey.

    >>> word("kappa"), word("J"), word("rate"), word("ΔE"), word(r"\input{x}")
    ('\\kappa', 'J', '\\mathrm{rate}', '\\Delta E', '\\mathrm{{\\backslash}input\\{x\\}}')
    """
    if is_letter(text):
        return str(sp.latex(sp.Symbol(spelled(text))))
    if text.isalpha() and any(map(is_letter, text)):
        return " ".join(word("".join(run)) for greek, found in groupby(text, is_letter)
                        for run in (found if greek else ["".join(found)]))
    escaped = "".join(_ESCAPES.get(c, c if c.isprintable() else "?") for c in text)
    return escaped if len(text) == 1 else rf"\mathrm{{{escaped}}}"


def _index(part: str) -> str:
    """What stands below: xy, 12, 2 and a barred 1 for the Stevens index 2m1, Greek letters, an upright word."""
    if stevens := re.fullmatch(r"(\d+)([mp])(\d+)", part):
        return stevens[1] + (rf"\bar{{{stevens[3]}}}" if stevens[2] == "m" else stevens[3])
    if re.fullmatch(r"[0-9xyz]+", part):
        return part
    return " ".join(text if kind == "plain" else MARKS[text] if kind == "mark" else word(text)
                    for kind, text in atoms(part))


def _above(part: str) -> str:
    """What stands above."""
    return part.replace("′", r"\prime") if part[0] == "′" else _index(part)


class _Printer(LatexPrinter):
    """SymPy's printer with our names."""

    def _print_Decimal(self, expr: Decimal) -> str:
        return Latex().ten(expr)

    def _print_Symbol(self, expr: sp.Symbol, style: str = "plain") -> str:
        return Latex().name(read(expr.name))

    def _hprint_Function(self, func: Any) -> str:
        if func in accepted_latex_functions:
            return str(super()._hprint_Function(func))
        return Latex().name(read(str(func))).replace("%", "%%")         # the caller formats the name once more


_printer: Any = _Printer        # SymPy's printers are not typed
