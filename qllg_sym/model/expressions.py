"""The grammar of model files: arithmetic on declared names, read into exact SymPy, never by Python itself.

    sum     = product { ("+" | "-") product }
    product = signed { ("*" | "/") signed }
    signed  = ("+" | "-") signed | power
    power   = atom [ "**" signed ]                  right-associative and tighter than a sign before it, as in Python
    atom    = number | name | "pi" | "t" | call | "(" sum ")"
    call    = function "(" sum ")" | ("min" | "max") "(" sum { "," sum } ")"
            | "piecewise" "(" sum "," condition "," { sum "," condition "," } sum ")"
    condition  = all { "or" all }                   the value before the first condition that holds, else the last one
    all        = comparison { "and" comparison }
    comparison = "not" comparison | sum less sum { less sum } | sum more sum { more sum }
    less, more = "<" | "<=", ">" | ">="

A text is untrusted, so every intermediate result is bounded before it is computed: the size of numbers, the degree and
the number of terms that an expansion would have, and the value of constants, which must fit a double.
"""

import math
import re
from collections.abc import Iterable, Iterator
from typing import Any

import sympy as sp

from qllg_sym.algebra.signals import Signal
from qllg_sym.algebra.symbols import t
from qllg_sym.errors import InputTypeError, ModelError
from qllg_sym.model.bounded import BoundedArithmetic, Value

FUNCTIONS = {"sqrt": sp.sqrt, "sin": sp.sin, "cos": sp.cos, "tan": sp.tan, "exp": sp.exp, "tanh": sp.tanh,
             "log": sp.log, "sinh": sp.sinh, "cosh": sp.cosh, "atan": sp.atan, "erf": sp.erf, "abs": sp.Abs,
             "sign": sp.sign, "heaviside": sp.Heaviside}
EXTREMES: dict[str, Any] = {"min": sp.Min, "max": sp.Max}
WORDS = ("piecewise", "and", "or", "not")
CONSTANTS = {"pi": sp.pi, "t": t}
COMPARED: dict[str, Any] = {"<": sp.StrictLessThan, "<=": sp.LessThan, ">": sp.StrictGreaterThan, ">=": sp.GreaterThan}
DIRECTIONS = ("<", "<="), (">", ">=")

MAX_LENGTH = 2000  # characters
MAX_DEPTH = 50  # nested parentheses, signs and exponents

_TOKEN = re.compile(r"\s*(?:(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
                    r"|(?P<name>[^\W\d]\w*)|(?P<sign>\*\*|[<>]=|[-+*/(),<>]))")


def parse(text: str, names: Iterable[str | Signal]) -> sp.Expr:
    """Return the exact expression that `text` stands for, in symbols `Symbol(name, real=True)` and `qllg_sym.t`.

    Numbers with a point or an exponent are the rationals that they print as: 0.7 is 7/10. Exponents are integer or
    half-integer constants. Nothing is ever handed to Python's or SymPy's own parser.

    Args:
        text: arithmetic with + - * / ** and parentheses, pi, t, sqrt, sin, cos, tan, exp, log, sinh, cosh, tanh, atan,
            erf, abs, sign, heaviside (1/2 at 0), min(a, b), max(a, b), piecewise(a, t < 1, b, 1 < t < 2, c).
        names: the names that may be used, and signals, which are written by their names.

    Raises:
        ModelError: not in the grammar, an unknown name, not real, not finite, or too large to work with.
        InputTypeError: `text` is no string.

    >>> parse("2*J0 - 0.1*sqrt(2)", ["J0"])
    2*J0 - sqrt(2)/10
    >>> parse("-2**2 / 3", [])
    -4/3
    >>> parse("piecewise(1, t < 1, heaviside(t - 3))", [])
    Piecewise((1, t < 1), (Heaviside(t - 3), True))
    """
    if not isinstance(text, str):
        raise InputTypeError(f"An expression must be a string, but is of type {type(text).__name__}; "
                             "write it in quotes.")
    if len(text) > MAX_LENGTH:
        raise ModelError(f"An expression must have at most {MAX_LENGTH} characters, but has {len(text)}; "
                         "write a shorter one.")
    parser = _Parser(text, dict(map(_declared, names)))
    return parser.whole()


def _declared(name: str | Signal) -> tuple[str, sp.Expr]:
    """A name that may be used, and what it stands for."""
    if isinstance(name, str):
        return name, sp.Symbol(check_declared(name), real=True)
    return check_declared(name.name), name


def names_written(text: str) -> list[str]:
    """Return the names in a text that are no words of the grammar, each once.

    >>> names_written("A*cos(w*t)")
    ['A', 'w']
    """
    words = {*FUNCTIONS, *EXTREMES, *WORDS, *CONSTANTS}
    return sorted({found["name"] for found in _TOKEN.finditer(text) if found["name"]} - words)


def check_declared(name: str) -> str:
    """Return `name` if a model file may declare it: letters, digits and underscores, and no word of the grammar.

    >>> check_declared("J0")
    'J0'
    """
    if not name.isidentifier():
        raise ModelError(f"The name {name[:40]!a} must be letters, digits and underscores with a letter first; "
                         "write a name such as J0.")
    if name in FUNCTIONS or name in CONSTANTS or name in EXTREMES or name in WORDS:
        raise ModelError(f"The name `{name}` must not be a word of the grammar, but `{name}` has a meaning there; "
                         "choose another name.")
    return name


class _Parser:
    """Recursive descent over the tokens of one text; one method a rule of the grammar."""

    def __init__(self, text: str, symbols: dict[str, sp.Expr]) -> None:
        self._text, self._symbols = text, symbols
        self._tokens = list(self._scan())
        self._next, self._depth = 0, 0
        self._values = BoundedArithmetic(self._error)

    def whole(self) -> sp.Expr:
        """The whole text as one sum."""
        value = self._sum()
        if self._peek():
            raise self._error(f"end or go on with an operator {self._here()}", "mend it there")
        return value.expression

    def _scan(self) -> Iterator[tuple[str, str, int]]:
        """Tokens as (kind, text, position); an end token closes the list."""
        position, end = 0, len(self._text.rstrip())
        while position < end:
            match = _TOKEN.match(self._text, position)
            if match is None:
                start = position + len(self._text[position:]) - len(self._text[position:].lstrip())
                raise self._error(f"be arithmetic on declared names, but has {self._text[start]!r} at character "
                                  f"{start + 1}", "use + - * / ** ( ), numbers and names")
            yield match.lastgroup or "", match[match.lastgroup or 0], match.start(match.lastgroup or 0)
            position = match.end()
        yield "end", "", end

    def _peek(self) -> str:
        """The text of the next token, empty at the end."""
        return self._tokens[self._next][1]

    def _take(self, *wanted: str) -> str:
        """Consume and return the next token if it is one of `wanted`; empty otherwise."""
        if self._peek() not in wanted:
            return ""
        self._next += 1
        return self._tokens[self._next - 1][1]

    def _here(self) -> str:
        """Where the next token stands, for messages."""
        _, token, position = self._tokens[self._next]
        return f"before `{token[:40]}` at character {position + 1}" if token else "where it ends"

    def _error(self, must: str, todo: str) -> ModelError:
        """The one sentence of every refusal; the text is quoted on one line and cut."""
        shown = ascii(self._text) if not self._text.isprintable() else f"`{self._text}`"
        shown = shown if len(shown) <= 62 else shown[:60] + "…" + shown[-1]
        return ModelError(f"The expression {shown} must {must}; {todo}.")

    def _deeper(self) -> None:
        """One level deeper, which is bounded before Python's stack is."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._error(f"be nested at most {MAX_DEPTH} deep", "write it with fewer parentheses and signs")

    def _nested(self) -> Value:
        """One level deeper: what stands after a sign or in an exponent."""
        self._deeper()
        value = self._signed()
        self._depth -= 1
        return value

    def _sum(self) -> Value:
        """The rule `sum`; terms are collected first, so that a long sum costs one addition."""
        parts = [self._product()]
        while sign := self._take("+", "-"):
            part = self._product()
            parts.append(part if sign == "+" else self._values.negative(part))
        return self._values.sum(parts)

    def _product(self) -> Value:
        """The rule `product`, collected in the same way."""
        parts = [self._signed()]
        while sign := self._take("*", "/"):
            part = self._signed()
            parts.append(part if sign == "*" else self._values.power(part, sp.Integer(-1)))
        return self._values.product(parts)

    def _signed(self) -> Value:
        """The rules `signed` and `power`."""
        if sign := self._take("+", "-"):
            value = self._nested()
            return value if sign == "+" else self._values.negative(value)
        base = self._atom()
        if not self._take("**"):
            return base
        exponent = self._nested().expression
        if not (isinstance(exponent, sp.Rational) and exponent.q in (1, 2)):
            raise self._error("have integer or half-integer exponents that are plain numbers",
                              "write exp(…) for other powers")
        return self._values.power(base, exponent)

    def _atom(self) -> Value:
        """The rule `atom`."""
        kind, token, _ = self._tokens[self._next]
        if kind == "number":
            self._next += 1
            return self._values.decimal(token)
        if kind == "name":
            self._next += 1
            if token in EXTREMES:
                return self._extreme(token)
            if token == "piecewise":
                return self._piecewise()
            return self._call(token) if token in FUNCTIONS else self._named(token)
        if token == "(":
            return self._parenthesis()
        raise self._error(f"have a number, a name or `(` {self._here()}", "complete it there")

    def _parenthesis(self) -> Value:
        """A sum between parentheses."""
        self._open()
        value = self._sum()
        self._close()
        return value

    def _open(self) -> None:
        """An opening parenthesis."""
        if not self._take("("):
            raise self._error(f"have `(` {self._here()}", "functions are written as in sin(t)")
        self._deeper()

    def _close(self) -> None:
        """A closing parenthesis."""
        self._depth -= 1
        if not self._take(")"):
            raise self._error(f"have `)` {self._here()}", "close the parenthesis there")

    def _comma(self) -> None:
        """A comma that has to be there."""
        if not self._take(","):
            raise self._error(f"have `,` {self._here()}", "write piecewise(1, t < 2, 0)")

    def _extreme(self, word: str) -> Value:
        """The smallest or largest of some sums."""
        self._open()
        parts = [self._sum()]
        while self._take(","):
            parts.append(self._sum())
        self._close()
        return self._values.extreme(word, EXTREMES[word], parts)

    def _piecewise(self) -> Value:
        """Values, each with its condition, then the value where none holds."""
        self._open()
        values, conditions = [self._sum()], []
        while self._take(","):
            conditions.append(self._condition())
            self._comma()
            values.append(self._sum())
        self._close()
        if not conditions:
            raise self._error(f"have a condition {self._here()}", "write piecewise(1, t < 2, 0)")
        pairs = zip((value.expression for value in values), (*conditions, True), strict=True)
        return self._values.opaque(lambda: sp.Piecewise(*pairs))

    def _condition(self) -> Any:
        """Comparisons joined by `or`, those joined by `and` first."""
        parts = [self._all()]
        while self._take("or"):
            parts.append(self._all())
        return sp.Or(*parts)

    def _all(self) -> Any:
        """Comparisons joined by `and`."""
        parts = [self._comparison()]
        while self._take("and"):
            parts.append(self._comparison())
        return sp.And(*parts)

    def _comparison(self) -> Any:
        """A chain of comparisons in one direction."""
        if self._take("not"):
            self._deeper()
            inner = self._comparison()
            self._depth -= 1
            return sp.Not(inner)
        left, parts = self._sum(), []
        direction = next((signs for signs in DIRECTIONS if self._peek() in signs), ("<", ">"))
        while sign := self._take(*direction):
            right = self._sum()
            parts.append(COMPARED[sign](left.expression, right.expression))
            left = right
        if not parts:
            raise self._error(f"have a comparison {self._here()}", "write piecewise(1, t < 2, 0)")
        return sp.And(*parts)

    def _named(self, token: str) -> Value:
        """A declared name, pi or t."""
        if token == "pi":
            return Value(sp.pi, number=math.pi)
        if token in CONSTANTS:
            return Value(CONSTANTS[token], degree=1)
        if token not in self._symbols:
            allowed = ", ".join(sorted(self._symbols)) or "none declared"
            raise self._error(f"use known names alone, but `{token[:40]}` is not one",
                              f"the names are {allowed}, beside pi, t, piecewise, "
                              f"{', '.join((*EXTREMES, *FUNCTIONS))}")
        return Value(self._symbols[token], degree=1)

    def _call(self, function: str) -> Value:
        """One of the functions, of a constant or of something unknown."""
        argument = self._parenthesis()
        if function == "sqrt":
            return self._values.power(argument, sp.Rational(1, 2))
        return self._values.call(function, FUNCTIONS[function], argument)
