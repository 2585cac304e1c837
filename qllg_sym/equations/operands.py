"""Symbols and polynomials as operands of a kernel under construction."""

from collections.abc import Sequence
from fractions import Fraction

import sympy as sp
from sympy.polys.rings import PolyElement

from qllg_sym.algebra.symbols import t
from qllg_sym.codegen.builder import Builder
from qllg_sym.codegen.kernel import Operand
from qllg_sym.codegen.lower import lower, lower_polynomial

Operands = dict[sp.Expr, Operand]


def names(symbols: Sequence[sp.Symbol]) -> list[str]:
    """Return the names of symbols."""
    return [symbol.name for symbol in symbols]


def inputs(builder: Builder, states: Sequence[sp.Symbol], parameters: Sequence[sp.Symbol]) -> Operands:
    """Return the operands of states, parameters and t."""
    operands: Operands = {symbol: builder.state(i) for i, symbol in enumerate(states)}
    return {**operands, **{symbol: builder.parameter(i) for i, symbol in enumerate(parameters)}, t: builder.time}


def lower_all(builder: Builder, polynomials: Sequence[PolyElement], operands: Operands) -> list[Operand]:
    """Return polynomials of one ring as operands; generators that are no inputs are opaque, and lowered once."""
    if not polynomials:
        return []
    used = _used(polynomials)
    generators = [operands[g] if g in operands else lower(builder, g, operands) if i in used else Fraction(0)
                  for i, g in enumerate(polynomials[0].ring.symbols)]
    return [lower_polynomial(builder, p, generators) for p in polynomials]


def _used(polynomials: Sequence[PolyElement]) -> set[int]:
    """Return the indices of the generators that occur."""
    return {i for p in polynomials for exponents in p for i, e in enumerate(exponents) if e}
