"""Piecewise expressions as choices: an inequality is a number that is positive where it holds."""

from collections.abc import Mapping
from typing import Any, cast

import sympy
from sympy.logic.boolalg import Boolean, BooleanFalse, BooleanTrue

from qllg_sym.codegen.builder import ONE, ZERO, Builder
from qllg_sym.codegen.kernel import Operand
from qllg_sym.errors import CodegenError

ORDERED = (sympy.StrictGreaterThan, sympy.GreaterThan, sympy.StrictLessThan, sympy.LessThan)
OPEN = (sympy.StrictGreaterThan, sympy.StrictLessThan)
JOINED = (sympy.And, sympy.Or, sympy.Not)


def inequalities(condition: Any) -> set[Any]:
    """Return the inequalities that a condition is made of.

    Raises:
        CodegenError: it is made of something else, such as an equation.

    >>> t = sympy.Symbol("t"); len(inequalities((t > 1) & ~(t > 2)))
    2
    """
    if isinstance(condition, ORDERED):
        return {condition}
    if isinstance(condition, JOINED):
        return set().union(*map(inequalities, condition.args))
    if isinstance(condition, (BooleanTrue, BooleanFalse)):
        return set()
    raise CodegenError(f"A Piecewise must have inequalities, and And, Or, Not of them, for conditions, but has "
                       f"`{condition}`; write t < 1, say.")


def difference(inequality: Any) -> sympy.Expr:
    """Return what is positive where an inequality holds, as it is written, and 0 on its edge.

    >>> t = sympy.Symbol("t"); difference(t < 3)
    3 - t
    """
    return cast(sympy.Expr, inequality.gts - inequality.lts)


def operands(node: Any) -> tuple[sympy.Basic, ...]:
    """Return the expressions that a Piecewise needs, branches and differences."""
    if node.args[-1].cond is not sympy.true:
        raise CodegenError(f"A Piecewise must have a value everywhere, but {node} has none where no condition holds; "
                           "end it with (0, True).")
    edges = sorted(set().union(*(inequalities(cond) for _, cond in node.args)), key=sympy.default_sort_key)
    return (*(value for value, _ in node.args), *map(difference, edges))


def lower_piecewise(builder: Builder, node: Any, done: Mapping[sympy.Basic, Operand]) -> Operand:
    """Add the steps of a Piecewise whose branches and differences are lowered.

    >>> t = sympy.Symbol("t"); b = Builder("f", [], []); node = sympy.Piecewise((2, t < 1), (3, True))
    >>> from qllg_sym.codegen.lower import lower
    >>> b.kernel({"f": lower(b, node, {t: b.time})}).evaluate({"t": 0})
    {'f': mpf('2.0')}
    """
    found = done[node.args[-1].expr]
    for value, condition in reversed(node.args[:-1]):
        found = _chosen(builder, condition, done[value], found, done)
    return found


def _chosen(builder: Builder, condition: Boolean, a: Operand, b: Operand,
            done: Mapping[sympy.Basic, Operand]) -> Operand:
    """Return a where the condition holds, else b."""
    if isinstance(condition, (BooleanTrue, BooleanFalse)):
        return a if condition else b
    if isinstance(condition, sympy.Not):
        return _chosen(builder, condition.args[0], b, a, done)
    if isinstance(condition, JOINED):
        return builder.choose(_holds(builder, condition, done), a, b)
    over = done[difference(condition)]
    return builder.choose(over, a, b) if isinstance(condition, OPEN) else builder.choose(builder.neg(over), b, a)


def _holds(builder: Builder, condition: Any, done: Mapping[sympy.Basic, Operand]) -> Operand:
    """Return 1 where a condition holds, else 0."""
    if not isinstance(condition, (sympy.And, sympy.Or)):
        return _chosen(builder, condition, ONE, ZERO, done)
    parts = [_holds(builder, part, done) for part in sorted(condition.args, key=sympy.default_sort_key)]
    found = parts[0]
    for part in parts[1:]:
        found = builder.mul(found, part) if isinstance(condition, sympy.And) else builder.max(found, part)
    return found
