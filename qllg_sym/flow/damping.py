"""A damping below zero drives: nothing forbids it, but whoever does not mean it should know."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from qllg_sym.algebra.signals import signals_in
from qllg_sym.algebra.symbols import t as clock
from qllg_sym.codegen import build
from qllg_sym.codegen.builder import Builder
from qllg_sym.codegen.kernel import Kernel
from qllg_sym.codegen.lower import lower
from qllg_sym.equations.implicit_equation import LawOfMotion
from qllg_sym.equations.inputs import inputs_of, symbol_names
from qllg_sym.errors import warn
from qllg_sym.flow.numbers import parameters
from qllg_sym.memo import kept

MOST_TIMES = 64         # at which a damping that depends on time is looked at


def warn_of_driving(law: LawOfMotion, values: Mapping[str, Any], times: NDArray[np.float64]) -> None:
    """Warn where a damping of a law, such as κ, α or a rate, is negative, so that it feeds the system.

    Args:
        law: the law of motion.
        values: numbers of the parameters by name, or arrays (m,) of them.
        times: (n,).

    Warns:
        QllgWarning: a damping is negative, in some row or at some time.

    >>> from qllg_sym import QuantumLLG
    >>> warn_of_driving(QuantumLLG(0.5), {}, np.array([0.0]))
    """
    for member in law.members:
        for name in member.dampings():
            least = least_damping(member, name, values, times)
            if least < 0:
                effect = "coherences grow" if member.has_rates else "the energy rises"
                warn(f"`{name}` must be at least 0 to damp, but is {least:g}, so that {effect}; give a "
                     "positive number unless that is meant.")


def least_damping(law: LawOfMotion, name: str, values: Mapping[str, Any], times: NDArray[np.float64]) -> float:
    """Return the least value of a damping of a law over all rows, and over the times where it depends on time.

    >>> from qllg_sym import QuantumLLG
    >>> least_damping(QuantumLLG(sp.Symbol("kappa", real=True)), "kappa", {"kappa": np.array([0.5, -1])}, np.zeros(1))
    -1.0
    """
    expression: Any = law.dampings()[name]
    if expression.is_Rational:
        return float(expression)
    if isinstance(expression, sp.Symbol) and expression != clock:
        return float(np.min(values[expression.name]))
    function = build.load(_kernel(law, name), "numpy")
    symbols = function.kernel.parameters
    chosen = np.unique(np.linspace(0, len(times) - 1, MOST_TIMES).astype(int))
    looked = times[chosen] if expression.has(clock) else times[:1]
    size = max((len(values[s]) for s in symbols if isinstance(values[s], np.ndarray)), default=1)
    return float(np.min([function.batch(float(t), np.empty((0, size)), parameters(values, symbols, size, float(t)))
                         for t in looked]))


@kept
def _kernel(law: LawOfMotion, name: str) -> Kernel:
    """Return a damping of a law as a kernel of its symbols and of time."""
    expression = law.dampings()[name]
    symbols: list[Any] = sorted((expression.free_symbols | signals_in([expression])) - {clock}, key=str)
    builder = Builder("damping", [], symbol_names(symbols))
    return builder.kernel({"damping": lower(builder, expression, inputs_of(builder, (), symbols))})
