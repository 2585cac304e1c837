r"""LaTeX statements of theorems as MathML: the part of LaTeX that they use, and no more."""

import re
from html import escape

from qllg_sym.equations.notations.mathml import bold

_TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|\s+|[0-9]+|.", re.S)
_GREEK = dict(zip(
    "alpha beta gamma delta epsilon eta theta kappa lambda mu nu phi psi omega rho varrho sigma Delta Phi Psi "
    "Omega".split(),
    "αβγδεηθκλμνφψωρϱσΔΦΨΩ", strict=True))
_SIGNS = dict(zip(
    "Rightarrow Leftrightarrow iff mapsto le ge ne in forall exists otimes circ cdot times propto parallel nparallel "
    "pm langle rangle Vert dots sum prod to infty # { }".split(), "⇒⇔⇔↦≤≥≠∈∀∃⊗∘·×∝∥∦±⟨⟩‖…∑∏→∞#{}", strict=True))
_NAMES = {"hbar": "ħ", "dagger": "†", "uparrow": "↑", "downarrow": "↓", **_GREEK}
_FUNCTIONS = ("ln", "exp", "cosh", "sinh", "tanh", "max", "min", "det", "log", "lim")
_SPACES = {",": "0.17em", " ": "0.3em", ";": "0.28em", "quad": "1em", "!": "0em"}
_ACCENTS = {"dot": "˙", "ddot": "¨", "tilde": "~", "bar": "¯", "hat": "^"}
_FONTS = ("mathrm", "mathsf", "operatorname", "mathbf", "boldsymbol", "mathbb", "text")
_DOUBLE = {"R": "ℝ", "C": "ℂ", "N": "ℕ", "Z": "ℤ"}
_HEAD = '<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">'


def mathml(latex: str) -> str:
    r"""Return a formula as MathML; a command that is not known is shown by its name.

    >>> mathml(r"\dot\rho^2").removeprefix(_HEAD)
    '<mrow><msup><mover accent="true"><mi>ρ</mi><mo>˙</mo></mover><mn>2</mn></msup></mrow></math>'
    """
    reader = _Reader(_TOKEN.findall(latex))
    return f"{_HEAD}{reader.row()}</math>"


def unknown(latex: str) -> list[str]:
    r"""Return the commands of a formula that `mathml` does not know.

    >>> unknown(r"\rho \nonsense")
    ['nonsense']
    """
    reader = _Reader(_TOKEN.findall(latex))
    reader.row()
    return reader.unknown


class _Reader:
    """Reads tokens from the left."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens, self.at, self.unknown = tokens, 0, list[str]()

    def next(self) -> str:
        """The next token, empty at the end."""
        self.at += 1
        return self.tokens[self.at - 1] if self.at <= len(self.tokens) else ""

    def row(self, *ends: str) -> str:
        """Everything up to one of the ends, which is taken too."""
        items: list[str] = []
        while (token := self.next()) and token not in ends:
            if token.isspace():
                continue
            if token in "^_":
                items.append(self.script(token, items.pop() if items else "<mrow></mrow>"))
            else:
                items.append(self.item(token))
        return f"<mrow>{''.join(items)}</mrow>"

    def argument(self) -> str:
        """The argument of a command or a script."""
        while (token := self.next()).isspace():
            pass
        return self.item(token)

    def script(self, token: str, base: str) -> str:
        """A base with its subscript, superscript, or both."""
        found = {token: self.argument()}
        while self.at < len(self.tokens) and self.tokens[self.at].isspace():
            self.at += 1
        other = self.tokens[self.at] if self.at < len(self.tokens) else ""
        if other and other in "^_" and other != token:
            self.at += 1
            found[other] = self.argument()
        name = "msubsup" if len(found) == 2 else "msub" if "_" in found else "msup"
        return f"<{name}>{base}{found.get('_', '')}{found.get('^', '')}</{name}>"

    def item(self, token: str) -> str:
        """One token that is no script."""
        if token == "{":
            return self.row("}")
        if token.startswith("\\"):
            return self.command(token[1:])
        if token.isdigit():
            return f"<mn>{token}</mn>"
        if token.isalpha():
            return f"<mi>{token}</mi>"
        return _sign("−" if token == "-" else token)

    def command(self, name: str) -> str:
        """What stands behind a backslash."""
        if name in _NAMES:
            return f"<mi>{_NAMES[name]}</mi>"
        if name in _SIGNS:
            return _sign(_SIGNS[name])
        if name in _SPACES:
            return f'<mspace width="{_SPACES[name]}"></mspace>'
        if name in _FUNCTIONS:
            return f'<mi mathvariant="normal">{name}</mi>'
        if name in ("frac", "tfrac", "dfrac"):
            return f"<mfrac>{self.argument()}{self.argument()}</mfrac>"
        if name == "sqrt":
            return f"<msqrt>{self.argument()}</msqrt>"
        if name in _ACCENTS:
            return f'<mover accent="true">{self.argument()}<mo>{_ACCENTS[name]}</mo></mover>'
        if name in _FONTS:
            return self.words(name)
        if name == "begin":
            return self.matrix()
        if name in ("left", "right"):
            return self.argument()
        self.unknown.append(name)
        return f"<mtext>{escape(name)}</mtext>"

    def words(self, name: str) -> str:
        """Text, or a name in another font."""
        while (token := self.next()).isspace():
            pass
        inner = token if token != "{" else "".join(iter(self.next, "}"))
        if name == "text":
            return f"<mtext>{escape(inner).replace(' ', chr(160))}</mtext>"
        if name in ("mathbf", "boldsymbol"):            # browsers know no bold but that of the characters
            letter = _NAMES.get(inner.removeprefix(chr(92)), inner)
            return f"<mi>{bold(letter) if len(letter) == 1 and letter.isalpha() else escape(letter)}</mi>"
        return f'<mi mathvariant="normal">{escape(_DOUBLE.get(inner, inner) if name == "mathbb" else inner)}</mi>'

    def matrix(self) -> str:
        """A pmatrix."""
        while self.next() != "}":
            pass
        rows, cells = list[str](), list[str]()
        while True:
            start = self.at
            cells.append(self.row("&", "\\\\", "\\end"))
            end = self.tokens[self.at - 1] if self.at > start and self.at <= len(self.tokens) else "\\end"
            if end != "&":
                rows.append("".join(f"<mtd>{cell}</mtd>" for cell in cells))
                cells = []
            if end == "\\end":
                break
        while self.at < len(self.tokens) and self.next() != "}":
            pass
        body = "".join(f"<mtr>{row}</mtr>" for row in rows)
        return f'<mrow>{_sign("(")}<mtable>{body}</mtable>{_sign(")")}</mrow>'


def _sign(text: str) -> str:
    """An operator, bracket or relation."""
    fixed = ' stretchy="false"' if text in "()[]|⟨⟩‖" else ""
    fixed += ' lspace="0" rspace="0"' if text in "|‖" else ""       # else a bar is spaced as a relation
    return f"<mo{fixed}>{escape(text)}</mo>"
