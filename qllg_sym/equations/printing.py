"""Equations for people: LaTeX, plain text and MathML, and a record for JSON; the same equations in the same order."""

from dataclasses import dataclass
from typing import Any

from qllg_sym.algebra.fields import ByFields
from qllg_sym.equations import grouping
from qllg_sym.equations.explicit_components import two_level_polynomials
from qllg_sym.equations.implicit_components import ImplicitComponents
from qllg_sym.equations.notation import Line, Notation, broken, tokens
from qllg_sym.equations.notations.latex import Latex
from qllg_sym.equations.notations.mathml import MathML
from qllg_sym.equations.notations.plain import INDENT, Plain
from qllg_sym.equations.typesetting import typeset
from qllg_sym.equations.unit_constants import in_letters, values_of_letters
from qllg_sym.errors import InputError

WIDTH, TEXT_WIDTH, TERMS = 120, 100, 8        # a typeset line holds more characters than a line of text
MOST_SHOWN, FIRST_SHOWN = 30, 8     # equations that a notebook shows in whole, and of those that are more


def latex(components: ImplicitComponents, width: float | None = None, environment: str = "aligned",
          form: str = "implicit") -> str:
    r"""Return the equations as one block, one equation for each state, in their order.

    An equation has its velocity on the left; precession terms come first on the right, then the terms with velocities.
    Long ones are broken between terms. Users' names are typeset (kappa, T_xy, Bx) or escaped.

    Args:
        components: of any kind.
        width: of a line, in points; None: as many characters as a page holds.
        environment: "aligned", "align" or "align*", the latter two with page breaks.
        form: "implicit", or "two-level", explicit for a spectrum of two values, Δ apart; see `Components.two_level`.

    Raises:
        InputError: another environment or form, a width that is no positive number or too small.
        DerivationError: a form that does not exist for this law.

    >>> from qllg_sym import Model, QuantumLLG, Space, Zeeman
    >>> print(latex(QuantumLLG(0.5).derive(Model(Space("1/2"), [Zeeman((0, 0, 1))])).pauli()))
    \begin{aligned}
    \dot{T}_{x} &= T_{y} - \tfrac{1}{2} (T_{y} \dot{T}_{z} - T_{z} \dot{T}_{y}) \\
    \dot{T}_{y} &= -T_{x} + \tfrac{1}{2} (T_{x} \dot{T}_{z} - T_{z} \dot{T}_{x}) \\
    \dot{T}_{z} &= -\tfrac{1}{2} (T_{x} \dot{T}_{y} - T_{y} \dot{T}_{x})
    \end{aligned}
    """
    return _block(_lines(components, form), width, environment)


def _lines(components: ImplicitComponents, form: str) -> list[Line]:
    """The equations in a form, with ħ and γ_g of units as letters and their numbers below."""
    shown = in_letters(components)
    if form == "implicit":
        found = grouping.lines(shown)
    elif form == "two-level":
        found = grouping.explicit_lines(shown, two_level_polynomials(shown))
    else:
        raise InputError(f"`form` must be implicit or two-level, but is {form!r}; choose one of them.")
    return [*found, *values_of_letters(components, found)]


def _block(lines: list[Line], width: float | None, environment: str) -> str:
    """One block of LaTeX, its lines measured in characters or in points."""
    if width is None:
        return laid_out(Latex(environment), lines, WIDTH, TERMS)
    return typeset(lines, width, environment)


def notebook(components: ImplicitComponents) -> str:
    r"""Return `latex`; of equations that fill more than 30 lines the first ones, and how many more there are.

    Args:
        components: of any kind.

    >>> from qllg_sym import Model, Space, VonNeumann
    >>> print(notebook(VonNeumann().derive(Model(Space.half(3))).pauli()).splitlines()[-2])
    &\ \vdots \quad\text{55 more equations: latex() has all 63}
    """
    count = len(components.states)
    few = count <= MOST_SHOWN
    lines = _lines(components, "implicit") if few else grouping.lines(in_letters(components), FIRST_SHOWN)
    start, *rows, end = laid_out(Latex(), lines, WIDTH, TERMS).split("\n")
    if few and len(rows) <= MOST_SHOWN:
        return "\n".join([start, *rows, end])
    whole = [k for k, row in enumerate(rows) if not row.startswith("&")]         # where equations begin
    cut = max((k for k in [*whole, len(rows)] if k < MOST_SHOWN), default=0) or MOST_SHOWN - 1
    shown = sum(k < cut for k in whole)
    left = f"{count - shown} more equations" if cut in [*whole, len(rows)] else "more terms"
    more = rf"&\ \vdots \quad\text{{{left}: latex() has all {count}}}"
    return "\n".join([start, *(row.removesuffix(r" \\") + r" \\" for row in rows[:cut]), more, end])


def text(components: ImplicitComponents, width: int = TEXT_WIDTH) -> str:
    """Return the implicit equations as plain text; ' is d/dt.

    Args:
        components: of any kind.
        width: longest line in characters, if no single term is longer; at least 40.

    Raises:
        InputError: a width below 40.

    >>> from qllg_sym import ClassicalLLG, Model, Space, Zeeman
    >>> import sympy as sp; alpha = sp.Symbol("alpha", real=True)
    >>> print(text(ClassicalLLG(alpha).derive(Model(Space("1/2"), [Zeeman((0, 0, 1))])).moments()))
    m0'_x = m0_y - α (m0_y m0'_z - m0_z m0'_y)
    m0'_y = -m0_x + α (m0_x m0'_z - m0_z m0'_x)
    m0'_z = -α (m0_x m0'_y - m0_y m0'_x)
    """
    return laid_out(Plain(), _lines(components, "implicit"), checked_width(width), checked_width(width))


def mathml(components: ImplicitComponents) -> str:
    """Return the implicit equations as one presentation MathML element, well-formed XML that needs no script.

    Args:
        components: of any kind.

    >>> from qllg_sym import Model, Space, VonNeumann
    >>> mathml(VonNeumann().derive(Model(Space("1/2"))).pauli()).count("<mtr>")
    3
    """
    return laid_out(MathML(), _lines(components, "implicit"), WIDTH, TERMS)


def record(components: ImplicitComponents) -> dict[str, Any]:
    """Return what a JSON file should hold: strings alone, in the order of the states.

    Args:
        components: of any kind.

    >>> from qllg_sym import Model, Space, VonNeumann
    >>> record(VonNeumann().derive(Model(Space("1/2"))).pauli())["residual"]
    ['dT_x', 'dT_y', 'dT_z']
    """
    equation = components.equation
    return {
        "law": equation.law.kind, "source": equation.law.source,
        "model": equation.model.describe(equation.field or None),
        "form": components.kind, "states": [s.name for s in components.states],
        "velocities": [s.name for s in components.velocities], "parameters": [s.name for s in components.parameters],
        "residual": [str(e) for e in components.residual], "latex": latex(components),
    }


@dataclass(frozen=True, repr=False)
class Printed(ByFields):
    """Equations that are not those of the components one by one, in the same notations.

    Attributes:
        lines: in the order of printing.
    """

    lines: tuple[Line, ...]

    def __repr__(self) -> str:
        """Say what it is, in one line; `text()` and `latex()` hold the equations."""
        return f"<{type(self).__name__}: {len(self.lines)} equations and definitions>"

    def _repr_latex_(self) -> str:
        """The equations for a notebook."""
        return f"$$\n{self.latex()}\n$$"

    def latex(self, width: float | None = None, environment: str = "aligned") -> str:
        """Return one block.

        Args:
            width: of a line, in points, 246 for a column of Physical Review; None: as many characters as a page holds.
            environment: "aligned", to stand in a displayed equation, or "align" or "align*", which do not and may be
                broken between pages.

        Raises:
            InputError: another environment, a width that is no positive number or too small for a factor.
        """
        return _block(list(self.lines), width, environment)

    def text(self, width: int = TEXT_WIDTH) -> str:
        """Return plain text; ' is d/dt.

        Args:
            width: longest line in characters, at least 40.

        Raises:
            InputError: a width below 40.
        """
        return laid_out(Plain(), list(self.lines), checked_width(width), TERMS)

    def mathml(self) -> str:
        """Return one presentation MathML element."""
        return laid_out(MathML(), list(self.lines), WIDTH, TERMS)


def laid_out(notation: Notation, lines: list[Line], width: int, terms: int) -> str:
    """Return lines as a document of one notation, broken after `terms` terms or `width` characters of plain text."""
    plain, result = Plain(), []
    for line in lines:
        left = notation.sum(line.left)
        if line.entries:
            result.append((left, notation.rows([[notation.sum(entry) for entry in row] for row in line.entries])))
            continue
        start = len(plain.sum(line.left)) + 3 - len(INDENT)
        found = [tokens(notation, plain, group) for group in line.right]
        result.append((left, broken(notation, found, width - len(INDENT), start, terms)))
    return notation.document(result)


def checked_width(width: Any) -> int:
    """Return a width that leaves room for a term."""
    if not isinstance(width, int) or isinstance(width, bool) or width < 40:
        raise InputError(f"`width` must be an integer of at least 40, but is {width!r}; give one such as 100.")
    return width
