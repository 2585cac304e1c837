"""The grammar of model files: arithmetic on declared names, read into exact SymPy, never by Python itself.

    sum     = product { ("+" | "-") product }
    product = signed { ("*" | "/") signed }
    signed  = ("+" | "-") signed | power
    power   = atom [ "**" signed ]                  right-associative and tighter than a sign before it, as in Python
    atom    = number | name | "pi" | "t" | function "(" sum ")" | "(" sum ")"

A text is untrusted, so every intermediate result is bounded before it is computed: the size of numbers, the degree and
the number of terms that an expansion would have, and the value of constants, which must fit a double.
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import sympy as sp

from qllg_sym.algebra.symbols import t
from qllg_sym.errors import InputTypeError, ModelError

FUNCTIONS = {"sqrt": sp.sqrt, "sin": sp.sin, "cos": sp.cos, "tan": sp.tan, "exp": sp.exp, "tanh": sp.tanh}
CONSTANTS = {"pi": sp.pi, "t": t}

MAX_LENGTH = 2000  # characters
MAX_DEPTH = 50  # nested parentheses, signs and exponents
MAX_BITS = 2048  # of a numerator or denominator: 10**600 and beyond are no couplings
MAX_DEGREE = 64  # in the names
MAX_TERMS = 1000  # after expansion

_TOKEN = re.compile(r"\s*(?:(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
                    r"|(?P<name>[^\W\d]\w*)|(?P<sign>\*\*|[-+*/()]))")


def parse(text: str, names: Iterable[str]) -> sp.Expr:
    """Return the exact expression that `text` stands for, in symbols `Symbol(name, real=True)` and `qllg_sym.t`.

    Numbers with a point or an exponent are the rationals that they print as: 0.7 is 7/10. Exponents are integer or
    half-integer constants. Nothing is ever handed to Python's or SymPy's own parser.

    Args:
        text: arithmetic with + - * / ** and parentheses, sqrt, sin, cos, tan, exp, tanh, pi and t.
        names: the names that may be used.

    Raises:
        ModelError: not in the grammar, an unknown name, not real, not finite, or too large to work with.
        InputTypeError: `text` is no string.

    >>> parse("2*J0 - 0.1*sqrt(2)", ["J0"])
    2*J0 - sqrt(2)/10
    >>> parse("-2**2 / 3", [])
    -4/3
    """
    if not isinstance(text, str):
        raise InputTypeError(f"An expression must be a string, but is of type {type(text).__name__}; "
                             "write it in quotes.")
    if len(text) > MAX_LENGTH:
        raise ModelError(f"An expression must have at most {MAX_LENGTH} characters, but has {len(text)}; "
                         "write a shorter one.")
    parser = _Parser(text, {name: sp.Symbol(check_declared(name), real=True) for name in names})
    return parser.whole()


def check_declared(name: str) -> str:
    """Return `name` if a model file may declare it: letters, digits and underscores, and no word of the grammar.

    >>> check_declared("J0")
    'J0'
    """
    if not name.isidentifier():
        raise ModelError(f"The name {name[:40]!a} must be letters, digits and underscores with a letter first; "
                         "write a name such as J0.")
    if name in FUNCTIONS or name in CONSTANTS:
        raise ModelError(f"The name `{name}` must not be a word of the grammar, but `{name}` has a meaning there; "
                         "choose another name.")
    return name


@dataclass(frozen=True)
class _Value:
    """A partial result with what is known of it before any expansion."""

    expression: sp.Expr
    degree: int = 0
    terms: int = 1
    number: float | None = None  # the value of a constant, in doubles


class _Parser:
    """Recursive descent over the tokens of one text; one method a rule of the grammar."""

    def __init__(self, text: str, symbols: dict[str, sp.Symbol]) -> None:
        self._text, self._symbols = text, symbols
        self._tokens = list(self._scan())
        self._next, self._depth = 0, 0

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

    def _nested(self) -> _Value:
        """One level deeper: what stands after a sign or in an exponent."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._error(f"be nested at most {MAX_DEPTH} deep", "write it with fewer parentheses and signs")
        value = self._signed()
        self._depth -= 1
        return value

    def _sum(self) -> _Value:
        """The rule `sum`; terms are collected first, so that a long sum costs one addition."""
        parts = [self._product()]
        while sign := self._take("+", "-"):
            part = self._product()
            parts.append(part if sign == "+" else self._negative(part))
        if len(parts) == 1:
            return parts[0]
        numbers = [part.number for part in parts if part.number is not None]
        return self._bounded(lambda: sp.Add(*(part.expression for part in parts)),
                             max(part.degree for part in parts), sum(part.terms for part in parts),
                             sum(numbers) if len(numbers) == len(parts) else None)

    def _product(self) -> _Value:
        """The rule `product`, collected in the same way."""
        parts = [self._signed()]
        while sign := self._take("*", "/"):
            part = self._signed()
            parts.append(part if sign == "*" else self._power(part, sp.Integer(-1)))
        if len(parts) == 1:
            return parts[0]
        numbers = [part.number for part in parts if part.number is not None]
        return self._bounded(lambda: sp.Mul(*(part.expression for part in parts)),
                             sum(part.degree for part in parts), math.prod(part.terms for part in parts),
                             math.prod(numbers) if len(numbers) == len(parts) else None)

    def _signed(self) -> _Value:
        """The rules `signed` and `power`."""
        if sign := self._take("+", "-"):
            value = self._nested()
            return value if sign == "+" else self._negative(value)
        base = self._atom()
        if not self._take("**"):
            return base
        exponent = self._nested().expression
        if not (isinstance(exponent, sp.Rational) and exponent.q in (1, 2)):
            raise self._error("have integer or half-integer exponents that are plain numbers",
                              "write exp(…) for other powers")
        return self._power(base, exponent)

    def _atom(self) -> _Value:
        """The rule `atom`."""
        kind, token, _ = self._tokens[self._next]
        if kind == "number":
            self._next += 1
            return self._number(token)
        if kind == "name":
            self._next += 1
            return self._call(token) if token in FUNCTIONS else self._named(token)
        if token == "(":
            return self._parenthesis()
        raise self._error(f"have a number, a name or `(` {self._here()}", "complete it there")

    def _parenthesis(self) -> _Value:
        """A sum between parentheses."""
        if not self._take("("):
            raise self._error(f"have `(` {self._here()}", "functions are written as in sin(t)")
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._error(f"be nested at most {MAX_DEPTH} deep", "write it with fewer parentheses and signs")
        value = self._sum()
        self._depth -= 1
        if not self._take(")"):
            raise self._error(f"have `)` {self._here()}", "close the parenthesis there")
        return value

    def _number(self, token: str) -> _Value:
        """An integer or a decimal, exactly; its size is looked at before it is built."""
        mantissa, _, exponent = token.lower().partition("e")
        if len(exponent) > 5 or len(mantissa) + abs(int(exponent or 0)) > MAX_BITS * math.log10(2):
            raise self._too_large()
        return self._bounded(lambda: sp.Rational(token), 0, 1, None)

    def _named(self, token: str) -> _Value:
        """A declared name, pi or t."""
        if token == "pi":
            return _Value(sp.pi, number=math.pi)
        if token in CONSTANTS:
            return _Value(CONSTANTS[token], degree=1)
        if token not in self._symbols:
            allowed = ", ".join(sorted(self._symbols)) or "none declared"
            raise self._error(f"use known names alone, but `{token[:40]}` is not one",
                              f"the names are {allowed}, beside pi, t and {', '.join(FUNCTIONS)}")
        return _Value(self._symbols[token], degree=1)

    def _call(self, function: str) -> _Value:
        """One of the functions, of a constant or of something unknown."""
        argument = self._parenthesis()
        if function == "sqrt":
            return self._power(argument, sp.Rational(1, 2))
        number = None
        if argument.number is not None:
            try:
                number = float(getattr(math, function)(argument.number))
            except OverflowError:
                raise self._too_large() from None
        degree = 0 if number is not None else 1
        return self._bounded(lambda: FUNCTIONS[function](argument.expression), degree, 1, number)

    def _negative(self, value: _Value) -> _Value:
        """Change the sign."""
        return _Value(-value.expression, value.degree, value.terms, None if value.number is None else -value.number)

    def _power(self, base: _Value, exponent: sp.Rational) -> _Value:
        """A power, looked at before it is computed; also divisions (−1) and square roots (1/2)."""
        size = abs(int(exponent.p)) // int(exponent.q)
        if base.number is None and base.degree * size > MAX_DEGREE:
            raise self._error(f"have degree {MAX_DEGREE} at most", "use smaller exponents")
        if size > MAX_BITS or (isinstance(base.expression, sp.Rational) and _bits(base.expression) * size > MAX_BITS):
            raise self._too_large()
        if exponent < 0 and (base.expression == 0 or base.number == 0):
            raise self._error("not divide by zero", "mend the denominator")
        if base.number is not None and base.number < 0 and exponent.q == 2:
            raise self._error("be real, but has the square root of a negative number", "mend its sign")
        number = None
        if base.number is not None:
            try:
                number = float(base.number ** float(exponent))
            except OverflowError:
                raise self._too_large() from None
        terms = math.comb(base.terms + size - 1, size) if size and base.terms <= MAX_TERMS else base.terms
        return self._bounded(lambda: base.expression**exponent, base.degree * max(size, 1), terms, number)

    def _bounded(self, build: Callable[[], sp.Expr], degree: int, terms: int, number: float | None) -> _Value:
        """Build a value if its size allows, and look at what came out."""
        if degree > MAX_DEGREE or terms > MAX_TERMS:
            raise self._error(f"have degree {MAX_DEGREE} at most, and {MAX_TERMS} terms once expanded",
                              "write a shorter one")
        expression = build()
        if expression.has(sp.nan, sp.zoo, sp.oo, -sp.oo):
            raise self._error("be finite, but has a pole", "mend the argument there")
        if expression.has(sp.I):
            raise self._error("be real, but is complex", "mend the sign under the root")
        if isinstance(expression, sp.Rational):
            if _bits(expression) > MAX_BITS:
                raise self._too_large()
            degree, terms = 0, 1
        if not expression.free_symbols:
            number = self._double(expression, number)
        return _Value(expression, degree, terms, number)

    def _double(self, expression: sp.Expr, number: float | None) -> float:
        """The value of a constant in doubles."""
        try:
            if isinstance(expression, sp.Rational):
                number = int(expression.p) / int(expression.q)
            elif number is None:
                number = float(expression.evalf(17))
        except OverflowError:
            raise self._too_large() from None
        if not math.isfinite(number):
            raise self._too_large()
        return number

    def _too_large(self) -> ModelError:
        """A number beyond what a double holds."""
        return self._error("have numbers below 1e308 in size with at most 600 digits", "use smaller numbers")


def _bits(number: sp.Rational) -> int:
    """Size of an exact number in bits."""
    return max(int(number.p).bit_length(), int(number.q).bit_length())
