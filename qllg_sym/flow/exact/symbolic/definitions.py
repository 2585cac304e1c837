"""What an observable is, evaluated exactly: the definition in its own docstring, walked through as a syntax tree.

So each observable is written once: the contract test holds its doubles against the same definition. What is known here
of its words: sums, products and traces of everything; `eig`, `sv` and `root` of matrices with two levels, of one row,
or of 2 × 2 blocks; comparisons of what is constant.
"""

import ast
import inspect
from collections.abc import Callable, Iterator, Mapping
from textwrap import dedent
from typing import Any

import numpy as np
import sympy as sp

from qllg_sym.errors import InputError
from qllg_sym.flow.exact.symbolic.exponentials import Ratio

OPERATORS: dict[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Add: lambda a, b: a + b, ast.Sub: lambda a, b: a - b, ast.Mult: lambda a, b: a * b,
    ast.MatMult: lambda a, b: a @ b, ast.Div: lambda a, b: a / b, ast.Mod: lambda a, b: a % b}
COMPARISONS: dict[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Eq: lambda a, b: a == b, ast.NotEq: lambda a, b: a != b, ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b, ast.Lt: lambda a, b: a < b, ast.LtE: lambda a, b: a <= b,
    ast.Is: lambda a, b: a is b, ast.IsNot: lambda a, b: a is not b}
NUMPY = {"array": lambda x: np.array(x, dtype=object), "outer": np.outer, "conj": np.conj, "transpose": np.transpose,
         "reshape": lambda x, shape: np.reshape(np.array(x, dtype=object), shape), "einsum": np.einsum}
METHODS = {"conj", "index", "T"}
BUILTINS: dict[str, Any] = {"sum": sum, "range": range, "enumerate": enumerate, "zip": zip, "len": len, "abs": abs}
Scope = dict[str, Any]


class Unknown(Exception):
    """A word or a comparison for which there is no exact value here."""


def by_definition(name: str, function: Callable[..., Any], words: Mapping[str, Any],
              power: Callable[[Any, Any], Any]) -> Any:
    """Return the value of a definition.

    Args:
        name: of the observable, for the refusal.
        function: the observable, in whose docstring the definition stands.
        words: what its names mean.
        power: what ** means.

    Raises:
        InputError: it has no definition, or one with words that have no exact value.
    """
    _, mark, rest = inspect.cleandoc(function.__doc__ or "").partition("Definition:\n")
    if not mark:
        raise InputError(f"`reading` must have a definition in its docstring, but {name} has none; use at().")
    scope: Scope = {**BUILTINS, **words}
    walk = Walk(power)
    try:
        *statements, last = ast.parse(dedent(rest.split("\n\n")[0])).body
        for statement in statements:
            walk.assign(statement, scope)
        return walk.value(last.value, scope) if isinstance(last, ast.Expr) else walk.refuse(last)
    except Unknown as unknown:
        raise InputError(f"`reading` must have a short exact expression, but {name} has none for this state and "
                         f"model: {unknown}; use enclose() or at() with numbers.") from None


class Walk:
    """Evaluates the few kinds of nodes that definitions are written in."""

    def __init__(self, power: Callable[[Any, Any], Any]) -> None:
        self.power = power

    def refuse(self, node: ast.AST) -> Any:
        """Refuse a node that is not one of these."""
        raise Unknown(f"`{ast.unparse(node)}` is not evaluated exactly")

    def assign(self, node: ast.stmt, scope: Scope) -> None:
        """Carry out name = value, or names = values."""
        if not isinstance(node, ast.Assign):
            self.refuse(node)
            return
        self.bind(node.targets[0], self.value(node.value, scope), scope)

    def bind(self, target: ast.expr, value: Any, scope: Scope) -> None:
        """Give a name, or several, a value."""
        if isinstance(target, ast.Name):
            scope[target.id] = value
        elif isinstance(target, ast.Tuple):
            for part, one in zip(target.elts, value, strict=True):
                self.bind(part, one, scope)
        else:
            self.refuse(target)

    def value(self, node: ast.expr, scope: Scope) -> Any:
        """Return the value of an expression."""
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        return method(node, scope) if method else self.refuse(node)

    def _constant(self, node: ast.Constant, scope: Scope) -> Any:
        if isinstance(node.value, float):
            return sp.Rational(str(node.value))
        return sp.Integer(node.value) if type(node.value) is int else node.value

    def _name(self, node: ast.Name, scope: Scope) -> Any:
        return scope[node.id] if node.id in scope else self.refuse(node)

    def _tuple(self, node: ast.Tuple, scope: Scope) -> Any:
        return tuple(self.value(x, scope) for x in node.elts)

    def _list(self, node: ast.List, scope: Scope) -> Any:
        return [self.value(x, scope) for x in node.elts]

    def _listcomp(self, node: ast.ListComp, scope: Scope) -> Any:
        return list(self._each(node.elt, node.generators, scope))

    def _generatorexp(self, node: ast.GeneratorExp, scope: Scope) -> Any:
        return list(self._each(node.elt, node.generators, scope))

    def _each(self, element: ast.expr, loops: list[ast.comprehension], scope: Scope) -> Iterator[Any]:
        if not loops:
            yield self.value(element, scope)
            return
        for one in self.value(loops[0].iter, scope):
            inner = dict(scope)
            self.bind(loops[0].target, one, inner)
            if all(self._true(test, inner) for test in loops[0].ifs):
                yield from self._each(element, loops[1:], inner)

    def _true(self, node: ast.expr, scope: Scope) -> bool:
        found = self.value(node, scope)
        if found in (True, False, sp.true, sp.false):
            return bool(found)
        raise Unknown(f"whether {ast.unparse(node)} is open")

    def _binop(self, node: ast.BinOp, scope: Scope) -> Any:
        left, right = self.value(node.left, scope), self.value(node.right, scope)
        if isinstance(node.op, ast.Pow):
            return self.power(left, right)
        if isinstance(left, (tuple, list)) and isinstance(right, (int, sp.Integer)):     # (4,) * N
            right = int(right)
        return OPERATORS[type(node.op)](left, right) if type(node.op) in OPERATORS else self.refuse(node)

    def _unaryop(self, node: ast.UnaryOp, scope: Scope) -> Any:
        value = self.value(node.operand, scope)
        return -value if isinstance(node.op, ast.USub) else not value if isinstance(node.op, ast.Not) else value

    def _compare(self, node: ast.Compare, scope: Scope) -> Any:
        left, right = self.value(node.left, scope), self.value(node.comparators[0], scope)
        if any(isinstance(x, Ratio) for x in (left, right)):
            raise Unknown(f"whether {ast.unparse(node)} depends on time")
        return COMPARISONS[type(node.ops[0])](left, right)

    def _ifexp(self, node: ast.IfExp, scope: Scope) -> Any:
        return self.value(node.body if self._true(node.test, scope) else node.orelse, scope)

    def _subscript(self, node: ast.Subscript, scope: Scope) -> Any:
        return self.value(node.value, scope)[self._index(node.slice, scope)]

    def _index(self, node: ast.expr, scope: Scope) -> Any:
        if isinstance(node, ast.Slice):
            parts = (node.lower, node.upper, node.step)
            return slice(*(None if x is None else int(self.value(x, scope)) for x in parts))
        if isinstance(node, ast.Tuple):
            return tuple(self._index(x, scope) for x in node.elts)
        found = self.value(node, scope)
        return int(found) if isinstance(found, sp.Integer) else found

    def _attribute(self, node: ast.Attribute, scope: Scope) -> Any:
        if isinstance(node.value, ast.Name) and node.value.id == "np" and node.attr in NUMPY:
            return NUMPY[node.attr]
        if ast.unparse(node) == "np.linalg.inv":
            return scope["inverse"]
        return getattr(self.value(node.value, scope), node.attr) if node.attr in METHODS else self.refuse(node)

    def _call(self, node: ast.Call, scope: Scope) -> Any:
        if node.keywords:
            return self.refuse(node)
        given = [self.value(x, scope) for x in node.args]
        plain = [int(x) if isinstance(x, sp.Integer) else x for x in given]
        function = self.value(node.func, scope)
        return function(*plain)
