"""The language of claims: sums, products, powers, traces, adjoints and time derivatives of letters and scalars.

A `Node` is plain data. Its JSON form is a number (an int, or "p/q"), a name ("i" is the imaginary unit), or a list that
begins with a head: ["+", …], ["*", …], ["^", a, e], ["tr", a], ["star", a], ["D", a], ["comm", a, b], ["sq", a],
["matrix", [[…], …]].
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Union

from qllg_sym.errors import InputTypeError

Json = Any
Operand = Union["Node", int, Fraction]


@dataclass(frozen=True)
class Node:
    """One expression: a head and its parts; what a name means stands beside the name, in `about`."""

    head: str
    args: tuple[Any, ...] = ()
    about: Any = None

    def __add__(self, other: Operand) -> "Node":
        return Node("+", (*_parts("+", self), *_parts("+", node(other))))

    def __radd__(self, other: Operand) -> "Node":
        return node(other) + self

    def __mul__(self, other: Operand) -> "Node":
        return product(self, node(other))

    def __rmul__(self, other: Operand) -> "Node":
        return product(node(other), self)

    def __neg__(self) -> "Node":
        return product(node(-1), self)

    def __sub__(self, other: Operand) -> "Node":
        return self + (-node(other))

    def __rsub__(self, other: Operand) -> "Node":
        return node(other) + (-self)

    def __truediv__(self, other: int | Fraction) -> "Node":
        return product(node(1 / Fraction(other)), self)

    def __pow__(self, exponent: Operand) -> "Node":
        return Node("^", (self, node(exponent)))

    @property
    def name(self) -> str:
        """The name of a letter, scalar, definition or hypothesis."""
        return str(self.args[0])

    def __str__(self) -> str:
        return render(self)


def node(value: Operand) -> Node:
    """Return a number as a node, and a node as it is.

    Raises:
        InputTypeError: neither; a float, say.

    >>> str(node(Fraction(1, 2)) * 3)
    '3/2'
    """
    if isinstance(value, Node):
        return value
    if isinstance(value, bool) or not isinstance(value, int | Fraction):
        raise InputTypeError(f"`value` must be an int, a Fraction or an expression, but is {value!r}; "
                             "write Fraction(1, 2).")
    return Node("num", (Fraction(value),))


def _parts(head: str, x: Node) -> tuple[Any, ...]:
    """The parts of a sum or product, so that they stay flat."""
    return x.args if x.head == head else (x,)


def product(*factors: Node) -> Node:
    """Return the product, its numbers gathered in front."""
    flat = [part for x in factors for part in _parts("*", x)]
    number = Fraction(1)
    for x in flat:
        number *= x.args[0] if x.head == "num" else 1
    rest = tuple(x for x in flat if x.head != "num")
    if not rest or number == 0:
        return node(number)
    if number != 1:
        rest = (node(number), *rest)
    return rest[0] if len(rest) == 1 else Node("*", rest)


i = Node("i")


def letters(names: str, hermitian: bool = True) -> tuple[Node, ...]:
    """Return operators of any one finite dimension.

    Args:
        names: separated by blanks.
        hermitian: whether star(a) is a; if not, star(a) may not be used (see `pair`).

    >>> rho, H = letters("rho H"); str(comm(rho, H))
    '[rho, H]'
    """
    return tuple(Node("op", (name,), name if hermitian else None) for name in names.split())


def pair(name: str, adjoint: str) -> tuple[Node, Node]:
    """Return an operator and its adjoint, two letters.

    >>> a, b = pair("a", "a_dag"); a.about == b.name
    True
    """
    return Node("op", (name,), adjoint), Node("op", (adjoint,), name)


def scalars(names: str, sign: str = "") -> tuple[Node, ...]:
    """Return real scalars.

    Args:
        names: separated by blanks.
        sign: "", "nonnegative" or "positive".

    >>> kappa, = scalars("kappa"); str(2 * kappa - 1)
    '2*kappa - 1'
    """
    return tuple(Node("sym", (name,), (name, sign)) for name in names.split())


def complex_pair(name: str, conjugate: str) -> tuple[Node, Node]:
    """Return a complex scalar and its conjugate.

    >>> z, w = complex_pair("z", "w"); z.about[0] == w.name
    True
    """
    return Node("sym", (name,), (conjugate, "")), Node("sym", (conjugate,), (name, ""))


def exponent(name: str, least: int) -> Node:
    """Return an integer exponent that runs over least, least + 1, …; it may stand as a scalar too.

    >>> n = exponent("n", 1); rho, = letters("rho"); str(n * tr(rho**(n - 1)))
    'n*tr(rho^(n - 1))'
    """
    return Node("sym", (name,), least)


def hypothesis(name: str, expression: Operand, relation: str = "zero") -> Node:
    """Return a hypothesis: `expression` is zero (or "nonnegative", "positive"); use it in `by` and `rhs`."""
    return Node("hyp", (name,), (relation, node(expression)))


def let(name: str, expression: Operand) -> Node:
    """Return a name for an expression."""
    return Node("let", (name,), node(expression))


def tr(a: Operand) -> Node:
    """Return the trace of an operator."""
    return Node("tr", (node(a),))


def star(a: Operand) -> Node:
    """Return the adjoint."""
    return Node("star", (node(a),))


def D(a: Operand) -> Node:
    """Return the time derivative, by the product rule and the theorem's table of derivatives."""
    return Node("D", (node(a),))


def sq(a: Operand) -> Node:
    """Return tr(a† a) of an operator, |a|² of a scalar."""
    return Node("sq", (node(a),))


def comm(a: Operand, b: Operand) -> Node:
    """Return [a, b] = ab − ba."""
    return Node("comm", (node(a), node(b)))


def anti(a: Operand, b: Operand) -> Node:
    """Return {a, b} = ab + ba."""
    return node(a) * node(b) + node(b) * node(a)


def matrix(rows: Sequence[Sequence[Operand]]) -> Node:
    """Return an explicit matrix of scalars.

    >>> str(matrix([[0, 1], [1, 0]]))
    'matrix(0, 1; 1, 0)'
    """
    return Node("matrix", tuple(tuple(node(x) for x in row) for row in rows))


def kron(a: Node, b: Node) -> Node:
    """Return the Kronecker product of two explicit matrices."""
    return Node("matrix", tuple(tuple(product(x, y) for x in r for y in s) for r in a.args for s in b.args))


def render(x: Node, level: int = 0) -> str:
    """Return an expression as text, as the checker prints it; level 1 inside a product, 2 inside a power."""
    if x.head == "num":
        number = str(x.args[0])
        return f"({number})" if level and not number.isdigit() else number
    if x.head in ("sym", "op", "let", "hyp"):
        return x.name
    if x.head == "+":
        text = " + ".join(render(a) for a in x.args).replace("+ -", "- ")
        return f"({text})" if level else text
    if x.head == "*":
        text = "*".join(render(a, 0 if k == 0 and a.head == "num" else 1) for k, a in enumerate(x.args))
        text = "-" + text.removeprefix("-1*") if text.startswith("-1*") else text
        return f"({text})" if level == 2 or (level == 1 and text.startswith("-")) else text
    if x.head == "matrix":
        return f"matrix({'; '.join(', '.join(map(render, row)) for row in x.args)})"
    inner = [render(a, 2 if x.head == "^" else 0) for a in x.args]
    shapes = {"i": "i", "^": "{0}^{1}", "comm": "[{0}, {1}]", "sq": "|{0}|^2"}
    text = shapes.get(x.head, x.head + "({0})").format(*inner)
    return f"({text})" if x.head == "^" and level == 2 else text


def to_json(x: Node, signed: bool = False) -> Json:
    """Return an expression as JSON data; `signed` names the hypothesis that gives a scalar its sign in its place.

    >>> to_json(2 * letters("rho")[0]), to_json(scalars("x", "positive")[0], signed=True)
    (['*', 2, 'rho'], 'x_sign')
    """
    if x.head == "num":
        q = x.args[0]
        return q.numerator if q.denominator == 1 else str(q)
    if x.head in ("i", "sym", "op", "let", "hyp"):
        return x.head if x.head == "i" else x.name + "_sign" * (signed and sign_of(x) != "")
    if x.head == "matrix":
        return ["matrix", [[to_json(a) for a in row] for row in x.args]]
    return [x.head, *(to_json(a, signed) for a in x.args)]


def sign_of(x: Node) -> str:
    """Return the declared sign of a scalar, "" for all else.

    >>> sign_of(scalars("x", "positive")[0])
    'positive'
    """
    return str(x.about[1]) if x.head == "sym" and isinstance(x.about, tuple) else ""


def names_in(x: Node) -> Iterator[Node]:
    """Yield every letter, scalar, definition and hypothesis of an expression, through definitions and hypotheses.

    >>> [a.name for a in names_in(let("K", letters("H")[0]))]
    ['K', 'H']
    """
    if x.head in ("sym", "op", "let", "hyp"):
        yield x
        if x.head in ("let", "hyp"):
            yield from names_in(x.about if x.head == "let" else x.about[1])
    for part in x.args:
        for a in part if isinstance(part, tuple) else (part,):
            if isinstance(a, Node):
                yield from names_in(a)
