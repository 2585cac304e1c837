"""Coefficients as text that the grammar of model files reads back as the same expressions."""

from collections.abc import Iterable
from typing import Any

import sympy as sp
from sympy.printing.str import StrPrinter

from qllg_sym.algebra.signals import signals_in
from qllg_sym.errors import ModelError
from qllg_sym.model.expressions import parse

WORDS: dict[type, str] = {sp.Min: "min", sp.Max: "max"}
LARGEST = 2**53         # integers up to which every reader of TOML has


class _Grammar(StrPrinter):
    """Prints as SymPy does, in the words of the grammar."""

    def _print_Exp1(self, expr: sp.Expr) -> str:
        return "exp(1)"

    def _print_Heaviside(self, expr: Any) -> str:
        return f"heaviside({self._print(expr.args[0])})"

    def _print_Abs(self, expr: Any) -> str:
        return f"abs({self._print(expr.args[0])})"

    def _print_LatticeOp(self, expr: Any) -> str:
        args = sorted(expr.args, key=sp.default_sort_key)
        return f"{WORDS[type(expr)]}({', '.join(map(self._print, args))})"

    def _print_Piecewise(self, expr: Any) -> str:
        parts = [self._print(part) for pair in expr.args for part in pair.args if part != sp.true]
        return f"piecewise({', '.join(parts)})"

    def _print_Relational(self, expr: Any) -> str:
        return f"{self._print(expr.lhs)} {expr.rel_op} {self._print(expr.rhs)}"

    def _print_And(self, expr: Any) -> str:
        return " and ".join(map(self._print, sorted(expr.args, key=sp.default_sort_key)))

    def _print_Or(self, expr: Any) -> str:
        return " or ".join(map(self._print, sorted(expr.args, key=sp.default_sort_key)))

    def _print_Not(self, expr: Any) -> str:
        return f"not {self._print(expr.args[0])}"


def coefficient_as_text(value: Any, names: Iterable[str]) -> int | float | str | list[Any]:
    """Return a coefficient, or nested tuples of them, as what stands in TOML: a number, or an expression in quotes.

    Args:
        value: exact expressions in real symbols and `qllg_sym.t`.
        names: of the symbols and signals.

    Raises:
        ModelError: the grammar has no words for it.

    >>> from qllg_sym import t
    >>> J = sp.Symbol("J", real=True)
    >>> coefficient_as_text((sp.Rational("0.7"), sp.Rational(1, 3), sp.sqrt(2) * J), ["J"])
    [0.7, '1/3', 'sqrt(2)*J']
    >>> coefficient_as_text(sp.Piecewise((J, t < 1), (sp.Heaviside(t - 2), True)), ["J"])
    'piecewise(J, t < 1, heaviside(t - 2))'
    """
    if isinstance(value, tuple):
        return [coefficient_as_text(item, names) for item in value]
    if isinstance(value, int) or (value.is_Integer and abs(value) <= LARGEST):
        return int(value)
    if value.is_Rational and abs(value) < sp.Integer(10)**300:
        number = float(value)
        if sp.Rational(repr(number)) == value:
            return number
    value = value.xreplace({signal: sp.Symbol(signal.name, real=True) for signal in signals_in([value])})
    text = str(_Grammar().doprint(value))  # type: ignore[no-untyped-call]  # SymPy has no types
    try:
        same = parse(text, names) == value.xreplace({s: sp.Symbol(s.name, real=True) for s in value.atoms(sp.Symbol)
                                                     if type(s) is sp.Symbol})
    except ModelError as error:
        raise ModelError(f"A coefficient must be in the grammar of model files to be written, but {error}") from None
    if not same:
        raise ModelError(f"A coefficient must read back as itself to be written, but `{text[:60]}` does not; keep the "
                         "program that made it.")
    return text
