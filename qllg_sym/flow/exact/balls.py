"""The number type of Arb: complex balls with proved radii."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from qllg_sym.errors import InputError

Array = NDArray[Any]
KNOWN = (sp.sin, sp.cos, sp.tan, sp.exp, sp.log, sp.sinh, sp.cosh, sp.tanh, sp.asin, sp.acos, sp.atan, sp.zeta,
         sp.gamma)


class Balls:
    """Balls of python-flint in its working precision.

    Args:
        flint: the module, which is an extra.
    """

    def __init__(self, flint: Any) -> None:
        self._flint = flint

    def number(self, exact: Any) -> Any:
        """Return an exact number as a complex ball."""
        return ball(exact, self._flint)

    def matrix(self, exact: Any) -> Any:
        """Return an exact matrix in balls."""
        return self._flint.acb_mat(exact.rows, exact.cols, [self.number(x) for x in exact])

    def moved(self, frequency: Any, exponent: Any, kets: Any) -> Array:
        """Return exp(exponent · H/ħ) times kets: balls cannot tell equal levels of H, but need not."""
        # The middle of H's diagonal is taken out: it changes no projector and halves the exponents.
        shift = frequency.trace() / frequency.rows * sp.eye(frequency.rows)
        found = (self.number(exponent) * self.matrix(frequency - shift)).exp() * self.matrix(kets)
        return np.array(found.entries(), dtype=object).reshape(kets.shape)


def ball(expression: Any, flint: Any, at: Mapping[sp.Symbol, Any] | None = None) -> Any:
    """Return an exact number (rationals, i, π, roots, sin, exp, log, zeta … of them) as a complex ball.

    Args:
        expression: of numbers, and of symbols for which there are balls.
        flint: the library.
        at: balls for symbols.

    >>> import flint
    >>> ball(sp.sqrt(2)**3 / 2 + sp.I, flint).imag == 1
    True
    """
    if at and expression in at:
        return at[expression]
    if expression.is_Rational:
        return flint.acb(flint.fmpq(int(expression.p), int(expression.q)))
    if expression is sp.I:
        return flint.acb(0, 1)
    if expression is sp.pi:
        return flint.acb.pi()
    if expression is sp.E:
        return flint.acb(1).exp()
    if expression is sp.GoldenRatio:
        return ball((1 + sp.sqrt(5)) / 2, flint)
    parts = [ball(x, flint, at) for x in expression.args]
    if expression.is_Add:
        return sum(parts[1:], parts[0])
    if expression.is_Mul:
        total = parts[0]
        for part in parts[1:]:
            total = total * part
        return total
    if expression.is_Pow and expression.exp.is_Rational:
        return _power(parts[0], expression.exp, flint)
    if expression.is_Pow:
        return parts[0].pow(parts[1])
    if isinstance(expression, KNOWN) and len(parts) == 1:
        return getattr(parts[0], type(expression).__name__)()
    raise InputError(f"`enclose` must know every number of the problem, but {expression} is new to it; use `at`.")


def _power(base: Any, exponent: sp.Rational, flint: Any) -> Any:
    """Integer and half-integer powers by products and roots (x**2 of a ball around 0 is unsafe in some releases)."""
    if exponent.q not in (1, 2):
        return base.pow(flint.acb(flint.fmpq(int(exponent.p), int(exponent.q))))
    root = base.sqrt() if exponent.q == 2 else base
    total = flint.acb(1)
    for _ in range(abs(int(exponent.p))):
        total = total * root
    return 1 / total if exponent.p < 0 else total
