r"""The steps of a proof as formulas: expressions of the claims' language in LaTeX."""

import re
from collections.abc import Iterator

from qllg_sym.proof.language import Node, node
from qllg_sym.proof.lemmas import Lemma
from qllg_sym.proof.step import Step
from qllg_sym.proof.theorem import Theorem

_GREEK = ("alpha beta gamma delta epsilon eta theta kappa lambda mu nu phi psi omega rho sigma "
          "Delta Phi Psi Omega").split()
_SIGNS = {"zero": "= 0", "nonnegative": r"\ge 0", "positive": "> 0"}


def name(text: str) -> str:
    r"""Return a name as LaTeX: Greek letters, indices, daggers and bars.

    >>> name("rho"), name("X1"), name("U_dag"), name("E_0"), name("length")
    ('\\rho', 'X_{1}', 'U^{\\dagger}', 'E_{0}', '\\mathrm{length}')
    """
    for ending, shape in (("_dag", "{}^{{\\dagger}}"), ("_bar", "\\bar{{{}}}")):
        if text.endswith(ending):
            return shape.format(name(text.removesuffix(ending)))
    base, _, index = text.replace("hbar", "ħ").partition("_")
    if not index and (found := re.fullmatch(r"([A-Za-z]+?)([0-9]+|(?<=eta)[xyz])", text)):
        base, index = found.groups()
    shown = f"\\{base}" if base in _GREEK else base if len(base) == 1 else rf"\mathrm{{{base}}}"
    if not index:
        return shown
    return f"{shown}_{{{index}}}" if index.isalnum() else rf"{shown}_{{\text{{{index.replace('_', ' ')}}}}}"


def formula(x: Node, level: int = 0) -> str:
    r"""Return an expression as LaTeX; level 1 inside a product, 2 inside a power.

    >>> from qllg_sym.proof.vocabulary import R
    >>> formula(R.about[1])
    'X - i\\,[\\rho, H] - i\\,\\kappa\\,[\\rho, X]'
    >>> from qllg_sym.proof.language import pair, sq
    >>> formula(sq(pair("U", "U_dag")[0])**2), formula(pair("U", "U_dag")[1]**2)
    ('(|U|^{2})^{2}', '(U^{\\dagger})^{2}')
    """
    if x.head == "num":
        top, low = x.args[0].numerator, x.args[0].denominator
        text = str(top) if low == 1 else rf"{'-' * (top < 0)}\frac{{{abs(top)}}}{{{low}}}"
        return f"({text})" if level and not text.isdigit() and (level > 1 or top < 0) else text
    if x.head in ("i", "sym", "op", "let", "hyp"):
        text = name(x.name) if x.args else "i"
        return f"({text})" if level > 1 and "^" in text else text
    if x.head == "+":
        text = " + ".join(formula(a) for a in x.args).replace("+ -", "- ")
        return f"({text})" if level else text
    if x.head == "*":
        minus = x.args[0] == node(-1)
        parts = [formula(a, 0 if a.head == "num" and not k else 1) for k, a in enumerate(x.args)][minus:]
        text = "-" * minus + r"\,".join(parts)
        return f"({text})" if level > 1 or (level and text.startswith("-")) else text
    if x.head == "matrix":
        rows = r"\\ ".join(" & ".join(map(formula, row)) for row in x.args)
        return rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}"
    inner = [formula(a, 2 if x.head in ("^", "star") else 0) for a in x.args]
    shapes = {"^": "{0}^{{{1}}}", "comm": "[{0}, {1}]", "sq": "|{0}|^{{2}}", "tr": r"\mathrm{{tr}}({0})",
              "star": r"{0}^{{\dagger}}", "D": r"\frac{{d}}{{dt}}({0})"}
    text = shapes[x.head].format(*inner)
    return f"({text})" if x.head in ("^", "star", "sq") and level > 1 else text


def claimed(step: Step) -> str:
    r"""Return what a step says as LaTeX.

    >>> from qllg_sym.proof.language import scalars, sq
    >>> from qllg_sym.proof.step import nonnegative
    >>> x, = scalars("x"); claimed(nonnegative("a", x**2, sq(x)))
    'x^{2} \\ge 0'
    """
    if step.kind == "roots":
        low, high = (formula(x) for x in step.by)
        return rf"{formula(step.lhs)} \text{{ has {step.rhs} zeros between }} {low} \text{{ and }} {high}"
    says = f"= {formula(step.rhs)}" if step.kind == "equal" else _SIGNS.get(step.kind, "= 0")
    return f"{formula(step.lhs)} {says}"


def reason(step: Step) -> str:
    r"""Return why a step holds as LaTeX; empty if both sides expand to the same.

    >>> from qllg_sym.proof.language import hypothesis, scalars
    >>> from qllg_sym.proof.step import cancel
    >>> x, y = scalars("x y"); reason(cancel("a", x, 1 + y**2, hypothesis("h", x + x * y**2)))
    '(1 + y^{2})\\,x = h'
    """
    left, side, by = step.lhs, step.rhs, step.by
    if step.kind == "roots" or by == node(0):
        return "" if step.kind in ("roots", "equal") else f"{formula(left)} = {formula(side)}"
    if step.kind in ("nonnegative", "positive"):
        return f"{formula(left)} = {formula(side + by)}"
    if step.kind == "cancel":
        return f"{formula(Node('*', (side, left)))} = {formula(by)}"
    first, other = (left, -side) if step.kind == "equal" else (Node("sq", (left,)), side)
    return f"{formula(first if side == node(0) else first + other)} = {formula(by)}"


def concluded(lemma: Lemma) -> str:
    r"""Return what a lemma concludes: its equations as formulas, all else as text.

    >>> from qllg_sym.proof.language import letters
    >>> from qllg_sym.proof.lemmas import cayley_hamilton, wootters
    >>> a, = letters("a"); concluded(cayley_hamilton("c", a, 1)), concluded(wootters("w", a))[:8]
    ('a - \\mathrm{tr}(a) = 0\\text{ (Cayley-Hamilton)}', '\\text{a ')
    """
    if not lemma.equations:
        return rf"\text{{{lemma.claim}}}"
    end = " always" * (lemma.kind == "Picard-Lindelof") + f" ({lemma.kind})"
    return r",\ ".join(f"{formula(x)} = 0" for _, x in lemma.equations) + rf"\text{{{end}}}"


def proof_lines(theorem: Theorem) -> Iterator[tuple[str, str]]:
    """Yield (what it is, LaTeX) for hypotheses, definitions, rates and steps, each step with its reason.

    >>> from qllg_sym import theorems
    >>> [text for text, _ in proof_lines(next(iter(theorems())))]
    ['hypothesis R, at one instant', 'rate', 'step purity', 'since']
    """
    if theorem.numeric:
        return
    ingredients = theorem.ingredients
    for h in ingredients.hypotheses:
        yield f"hypothesis {h.name}, {ingredients.tenses.of(h)}", f"{formula(h.about[1])} {_SIGNS[h.about[0]]}"
    for x in ingredients.lets:
        yield "let", f"{name(x.name)} := {formula(x.about)}"
    for a, value in ingredients.derivatives.items():
        yield "rate", rf"\frac{{d}}{{dt}} {name(a.name)} = {formula(value)}"
    for step in theorem.steps:
        if isinstance(step, Lemma):
            yield f"lemma {step.name}", concluded(step)
            continue
        yield f"step {step.name}", claimed(step)
        if why := reason(step):
            yield "since", why
