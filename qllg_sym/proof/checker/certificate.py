"""One certificate as it is read: what it declares, what is known of its names so far, and what of it was used."""

import re
from collections.abc import Container, Iterator
from fractions import Fraction
from typing import Any, NamedTuple

from .polynomial import Formula, I, Number, Polynomial, atom, letter, need, scalar, slope
from .ring import WORK, Ring
from .tense import TENSES, Tenses
from .words import EPSILON, Exponent

TABLES = ("letters", "scalars", "exponents", "let", "hypotheses", "steps")         # they declare names
KEYS = {*TABLES, "id", "dimension", "rates", "claim", "witness", "trajectory"}
RELATIONS = ("zero", "nonnegative", "positive")                                     # of a fact to 0, by strength
PARTS = {"matrix": 1, "^": 2, "comm": 2, "tr": 1, "star": 1, "sq": 1, "D": 1, "+": 0, "*": 0}   # 0: two or more
WORDS = {"i", "D", "tr", "star", "matrix", "sq", "comm"}                            # no names
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
RATIO = re.compile(r"-?[1-9][0-9]{0,999}/[1-9][0-9]{0,999}")
SYMBOL = 1j                                                                         # the exponent n, see `words`


class Value(NamedTuple):
    """What an expression expands to."""

    polynomial: Polynomial
    operator: bool


class Fact(NamedTuple):
    """What a name stands for: a polynomial, and its relation to 0 ("" for none that is known)."""

    relation: str
    value: Polynomial
    operator: bool


def number(x: Any) -> Number:
    """An exact number: an int, or "p/q" in lowest terms."""
    if type(x) is int:
        return x
    need(type(x) is str and RATIO.fullmatch(x) and str(Fraction(x)) == x, f"{x!a} is not exact")
    return Fraction(x)


class Certificate:
    """Declarations, and facts as they are found.

    Attributes:
        facts: name -> what it stands for; letters and scalars at first, then definitions, hypotheses and steps.
        zeros: the facts that are 0.
        sign: fact -> 0, 1 or 2, as it is nothing, nonnegative or positive.
        rates: letter or scalar -> its time derivative.
        used: names, and ("D", name), that an expansion needed; ("sq", True) if the square of an operator gave a sign.
        starred: names of which an adjoint was needed, in this order.
        asked: (expression, the sign that it must have by its form), of all steps.
        states: (what it is called, polynomial) of matrices that must be states at the witness.
    """

    def __init__(self, data: Any, limit: int = WORK) -> None:
        need({*data} - {"note"} == KEYS, "its keys are not those of a certificate")
        self.data, self.letters, self.scalars, self.symbols = data, data["letters"], data["scalars"], data["exponents"]
        self.adjoint = {**self.letters, **self.scalars, **{name: name for name in self.symbols}}
        self.well_declared()
        self.tenses = Tenses(data)
        self.ring = Ring(data["dimension"], limit)
        self.facts = {name: Fact("", letter(name) if name in self.letters else atom(name), name in self.letters)
                      for name in (*self.adjoint, "i")}
        self.zeros, self.sign = set[str](), dict[str, int]()
        self.rates = dict[str, Polynomial]()
        self.used, self.starred = set[Any](), list[str]()
        self.asked, self.states = list[tuple[Formula, int]](), list[tuple[str, Polynomial]]()

    def well_declared(self) -> None:
        """Refuse a wrong dimension, exponent, name, adjoint or tense."""
        data = self.data
        need(type(data["dimension"]) is int and 0 <= data["dimension"] <= 64, "a wrong dimension")      # 0: any
        need(len(self.symbols) < 2 and all(type(least) is int and least == 1 for least in self.symbols.values()),
             "an exponent symbol runs over 1, 2, ..., and there is at most one")
        declared = [*(name for table in TABLES for name in data[table]), *self.concluded()]
        need(all(map(NAME.fullmatch, declared)), "a name is wrong or taken")
        need(len({*declared} - WORDS) == len(declared), "a name is wrong or taken")
        for table in (self.letters, self.scalars):
            need(all(b is None or table[b] == a for a, b in table.items()), "an adjoint is not mutual")
        need(all(row[2] in TENSES for row in data["hypotheses"].values()), f"a tense is not one of {TENSES}")

    def concluded(self) -> list[str]:
        """The names of facts that one lemma gives several of."""
        return [fact for step in self.data["steps"].values() for fact in step.get("facts", [])]

    def enter(self, name: str, relation: str, value: Polynomial, operator: bool, sign: int = 0) -> None:
        """A hypothesis, a step or a conclusion becomes a fact."""
        self.facts[name], self.sign[name] = Fact(relation, value, operator), sign
        if relation == "zero":
            self.zeros.add(name)

    # Expressions ------------------------------------------------------------------------------------------------

    def value(self, node: Formula, gone: Container[str] = ()) -> Value:
        """Expand an expression: a number, a name, or a head and its parts. The names in `gone` count as 0."""
        if not isinstance(node, list):
            return self.leaf(node, gone)
        head, *parts = node or [""]
        need(isinstance(head, str) and head in PARTS, f"{head!a} is no head of an expression")
        need(len(parts) == (PARTS[head] or max(len(parts), 2)), f"{head} has a wrong number of parts")
        if head == "matrix":
            return Value(self.ring.matrix(self.entries(parts[0], gone)), True)
        if head == "^":
            x = self.value(parts[0], gone)
            return Value(self.ring.power(x.polynomial, self.exponent(parts[1])), x.operator)
        values = [self.value(part, gone) for part in parts]
        operator = any(value.operator for value in values)
        result = self.combined(head, [value.polynomial for value in values], operator)
        return Value(result, operator and head not in ("tr", "sq"))

    def polynomial(self, node: Formula, gone: Container[str] = ()) -> Polynomial:
        """What an expression expands to, be it an operator or a scalar."""
        return self.value(node, gone).polynomial

    def leaf(self, node: Formula, gone: Container[str]) -> Value:
        """A name or a number."""
        self.used.add(node)
        if node not in self.facts:
            return Value(scalar(number(node)), False)
        fact = self.facts[node]
        return Value({} if node in gone else fact.value, fact.operator)

    def entries(self, rows: Any, gone: Container[str]) -> Iterator[Polynomial]:
        """The entries of a matrix, row by row: scalars."""
        dimension = self.ring.dimension
        need(all(isinstance(row, list) for row in rows), "a row of a matrix is no list")
        need([len(row) for row in rows] == [dimension] * dimension, "a matrix of another dimension")
        for row in rows:
            for node in row:
                x = self.value(node, gone)
                need(not x.operator, "a matrix entry is no scalar")
                yield x.polynomial

    def exponent(self, node: Formula) -> Exponent:
        """An int, the symbol, or a sum of these."""
        terms: list[Any] = node[1:] if isinstance(node, list) and node[0] == "+" else [node]
        for x in terms:
            need(x in self.symbols or (type(x) is int and abs(x) <= 64), "an exponent is wrong")
            self.used.add(x)
        return sum(SYMBOL if x in self.symbols else x for x in terms)

    def combined(self, head: str, parts: list[Polynomial], operator: bool) -> Polynomial:
        """A sum, product, commutator, trace, adjoint, square or derivative of expanded parts."""
        match head:
            case "+":
                return self.ring.add(*parts)
            case "*":
                return self.ring.product(*parts)
            case "comm":
                return self.ring.commutator(*parts)
            case "tr":
                return self.ring.trace(*parts)
            case "sq":
                return self.square(parts[0], operator)
            case "star":
                return self.star(*parts)
        return self.derivative(*parts)

    def square(self, x: Polynomial, operator: bool) -> Polynomial:
        """tr(x* x) of an operator, |x|² of a scalar."""
        inner = self.ring.multiply(self.star(x), x)
        return self.ring.trace(inner) if operator else inner

    def star(self, x: Polynomial) -> Polynomial:
        """The adjoint: i becomes −i, names become their partners, words are read backwards."""
        def partner(name: str, e: Exponent, whole: bool) -> Polynomial:
            if name == "i":
                return self.ring.power(self.ring.negative(I), e)
            other = self.adjoint[name]
            need(other, f"the adjoint of {name} is used, but not declared")
            self.starred += [n for n in (name, other) if n not in self.starred]
            return self.ring.power(self.facts[other].value, e)
        return self.ring.substitute(x, partner, backwards=True)

    def is_real(self, x: Polynomial) -> bool:
        """Whether a polynomial is its own adjoint."""
        return self.ring.equal(self.star(x), x)

    def derivative(self, x: Polynomial) -> Polynomial:
        """The time derivative: the slope where every name grows by EPSILON · its rate; exponents are constant."""
        def grown(name: str, e: Exponent, whole: bool) -> Polynomial:
            need(name == "i" or name in self.rates or name in self.symbols, f"the derivative of {name} is not declared")
            self.used.add(("D", name))
            base, growth = self.facts[name].value, self.ring.multiply(atom(EPSILON), self.rates.get(name, {}))
            if type(e) is int:
                return self.ring.power(self.ring.add(base, growth), e)
            need(whole, "a symbolic power is differentiated outside a trace")
            return self.grown_power(base, growth, e)
        return slope(self.ring.substitute(x, grown))

    def grown_power(self, base: Polynomial, growth: Polynomial, e: Exponent) -> Polynomial:
        """What stands for (a + growth)^e under a trace: D tr(a^e) = e tr(a^(e−1) D a), also for a symbolic e."""
        ring, (symbol,) = self.ring, self.symbols
        factor = ring.add(scalar(int(e.real)), ring.multiply(scalar(int(e.imag)), atom(symbol)))
        return ring.add(ring.power(base, e), ring.product(factor, ring.power(base, e - 1), growth))
