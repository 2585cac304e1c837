"""The inputs of a kernel under construction: what symbols and polynomials are in it."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import sympy as sp
from sympy.polys.rings import PolyElement

from qllg_sym.algebra.symbols import t
from qllg_sym.codegen.builder import Builder
from qllg_sym.codegen.kernel import Operand
from qllg_sym.codegen.lower import lower, lower_polynomial
from qllg_sym.model.model import Model
from qllg_sym.model.written import Atoms


class Inputs(dict[sp.Expr, Operand]):
    """Operands of symbols; those of a model's atoms are made, from the written expressions, when they are first used.

    Args:
        builder: where their steps go.
        known: operands of inputs.
        atoms: values of the atoms.
    """

    def __init__(self, builder: Builder, known: Mapping[sp.Expr, Operand], atoms: Mapping[Any, sp.Expr]) -> None:
        super().__init__(known)
        self._builder, self._atoms = builder, atoms

    def __contains__(self, key: object) -> bool:
        return dict.__contains__(self, key) or key in self._atoms

    def __missing__(self, key: sp.Expr) -> Operand:
        self[key] = lower(self._builder, self._atoms[key], self)
        return self[key]

    def also(self, more: Mapping[sp.Expr, Operand]) -> "Inputs":
        """Return these and more."""
        return Inputs(self._builder, {**self, **more}, self._atoms)


def symbol_names(symbols: Sequence[sp.Symbol]) -> list[str]:
    """Return the names of symbols."""
    return [symbol.name for symbol in symbols]


def inputs_of(builder: Builder, states: Sequence[sp.Symbol], parameters: Sequence[sp.Symbol],
              model: Model | None = None) -> Inputs:
    """Return the operands of states, parameters and t, and of the atoms of a written model."""
    operands: dict[sp.Expr, Operand] = {symbol: builder.state(i) for i, symbol in enumerate(states)}
    operands |= {symbol: builder.parameter(i) for i, symbol in enumerate(parameters)}
    atoms: Mapping[Any, sp.Expr] = getattr(model, "atoms", Atoms()).values
    return Inputs(builder, {**operands, t: builder.time}, atoms)


def lower_all(builder: Builder, polynomials: Sequence[PolyElement], operands: Inputs) -> list[Operand]:
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
