"""Where a right-hand side comes from, in ASCII, for the comment on top of generated code: the law and its source."""

import re

from qllg_sym.equations.implicit_equation import ImplicitEquation
from qllg_sym.equations.names import spelled

_WORDS = (
    (r"\\frac(\d)(\d)", r"(\1/\2)"), (r"\\frac\{(\\?\w+)\}\{(\\?\w+)\}", r"(\1/\2)"),
    (r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1)/(\2))"),
    (r"\\(?:mathbf|mathrm)\s*(?:\{(\w+)\}|(\w+))", r" \1\2 "), (r"\\tilde\s*\\(\w+)", r" \1~ "),
    (r"\\dot\s*\{\s*\\?(\w+)\s*\}", r" d\1/dt "), (r"\\dot\s*\\?(\w+)", r" d\1/dt "),
    (r"\\times", " x "), (r"\\cdot", " . "), (r"\\sum_(\w)", r" sum_\1 "), (r"\\([{}])", r"\1"),
    (r"\\,", " "), (r"\\(\w+)", r" \1 "),
    (r"\s*\^\s+", "^"), (r"\s+([_^~,\]})/])", r"\1"), (r"([\[({/])\s+", r"\1"), (r"\s+", " "),
)


def provenance(equation: ImplicitEquation) -> tuple[str, ...]:
    """Return lines on a law: its kind, its equation and its source, of a sum of laws a line for each.

    Args:
        equation: of any law.

    >>> from qllg_sym import Model, QuantumLLG, Space
    >>> provenance(QuantumLLG(1).derive(Model(Space("1/2"))))[0]
    'Law q-llg: drho/dt = (i/hbar)[rho, H] + i kappa [rho, drho/dt] (PRL 133, 266704 (2024), eq. 3).'
    """
    members, field = equation.law.members, f" Field: {equation.field}." if equation.field else ""
    told = [f"{law.kind}: {'; '.join(map(in_ascii, law.formulas))} ({_spelled(law.source)})." for law in members]
    if len(told) == 1:
        return f"Law {told[0]}{field}",
    return "Sum of laws, each with its dissipator, the rest counted once.", *told


def _spelled(source: str) -> str:
    """A source with Greek letters as words."""
    return "".join(spelled(letter) for letter in source)


def in_ascii(formula: str) -> str:
    r"""Return a formula of a law in ASCII; [ , ] is a commutator, { , } an anticommutator, x the cross product.

    Args:
        formula: LaTeX as docstrings of laws have it.

    >>> in_ascii(r"\dot{\mathbf m} = \gamma_g \mathbf m\times\mathbf B - \alpha\,\mathbf m\times\dot{\mathbf m}")
    'dm/dt = gamma_g m x B - alpha m x dm/dt'
    """
    text = formula
    for pattern, written in _WORDS:
        text = re.sub(pattern, written, text)
    return text.strip()
