"""Expressions at one exact point, by matrices of Gaussian rationals: a path that shares nothing with the proofs.

Time derivatives come from power series in t, not from the product rule: a letter whose derivative is known is a series.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import comb
from typing import Any

from qllg_sym.errors import InputError
from qllg_sym.proof.gaussian import Gaussian
from qllg_sym.proof.language import Node

Number = Gaussian
Matrix = tuple[tuple[Number, ...], ...]
Value = Any                                     # Number or Matrix


def gaussian(re: Any, im: Any = 0) -> Number:
    """Return re + i im, exactly.

    >>> show(gaussian(1, 2) * gaussian(0, 1))
    '-2+i'
    """
    low = re.denominator * im.denominator
    return Gaussian(re.numerator * im.denominator, im.numerator * re.denominator, low)


def conjugate(z: Number) -> Number:
    """Return the complex conjugate."""
    return z.conjugate()


def plus(a: Value, b: Value, factor: Any = 1) -> Value:
    """Return a + factor · b; a number beside a matrix multiplies the identity."""
    if not isinstance(a, tuple) and not isinstance(b, tuple):
        return a + b * factor
    a, b = (x if isinstance(x, tuple) else times(identity(len(y)), x) for x, y in ((a, b), (b, a)))
    return tuple(tuple(x + y * factor for x, y in zip(r, s, strict=True)) for r, s in zip(a, b, strict=True))


def times(a: Value, b: Value) -> Value:
    """Return a · b."""
    if isinstance(a, tuple) and isinstance(b, tuple):
        columns = list(zip(*b, strict=True))
        return tuple(tuple(_dot(row, column) for column in columns) for row in a)
    if isinstance(b, tuple):
        a, b = b, a
    return tuple(tuple(x * b for x in row) for row in a) if isinstance(a, tuple) else a * b


def _dot(a: Iterable[Number], b: Iterable[Number]) -> Number:
    """Sum of products."""
    return sum((x * y for x, y in zip(a, b, strict=True) if x and y), gaussian(0))


def identity(d: int) -> Matrix:
    """Return the d × d identity."""
    return tuple(tuple(gaussian(int(j == k)) for k in range(d)) for j in range(d))


def dagger(a: Value) -> Value:
    """Return the adjoint."""
    if not isinstance(a, tuple):
        return conjugate(a)
    return tuple(tuple(conjugate(x) for x in column) for column in zip(*a, strict=True))


def trace(a: Matrix) -> Number:
    """Return the trace."""
    return sum((row[k] for k, row in enumerate(a)), gaussian(0))


def is_zero(a: Value) -> bool:
    """Return whether a number or matrix is exactly zero."""
    return all(not x for row in a for x in row) if isinstance(a, tuple) else not a


@dataclass(frozen=True)
class Point:
    """Values of letters (matrices), scalars (Gaussian rationals) and exponents (ints) by name."""

    letters: Mapping[str, Matrix] = field(default_factory=dict)
    scalars: Mapping[str, Number] = field(default_factory=dict)
    exponents: Mapping[str, int] = field(default_factory=dict)

    @property
    def dimension(self) -> int:
        """The dimension of the space."""
        return len(next(iter(self.letters.values()))) if self.letters else 1

    def __str__(self) -> str:
        named = {**self.letters, **self.scalars, **self.exponents}
        return ", ".join(f"{name} = {show(value)}" for name, value in named.items())


def show(value: Value) -> str:
    """Return a value as text.

    >>> show(gaussian(1, -1))
    '1-i'
    """
    if isinstance(value, tuple):
        return "[" + ", ".join("[" + ", ".join(map(show, row)) + "]" for row in value) + "]"
    if isinstance(value, int) or not value.y:
        return str(value if isinstance(value, int) else value.x)
    re, im = (str(value.x) if value.x else ""), {1: "i", -1: "-i"}.get(value.y, f"{value.y}i")
    return re + ("+" if re and value.y > 0 else "") + im


class Numeric:
    """Evaluates expressions at a point.

    Args:
        point: values of what the expressions name.
        derivatives: letter or scalar name -> its time derivative.
        dimension: of the space; that of the point's matrices if 0.
    """

    def __init__(self, point: Point, derivatives: Mapping[str, Node], dimension: int = 0) -> None:
        self.point, self.derivatives, self.dimension = point, derivatives, dimension or point.dimension
        self.known: dict[tuple[str, str, int], list[Value]] = {}        # of definitions and facts; a name means one

    def value(self, x: Node) -> Value:
        """Return the value of an expression."""
        return self.series(x, 0)[0]

    def series(self, x: Node, order: int) -> list[Value]:
        """Return [x, D x, D² x, …] up to `order`."""
        zeros = [gaussian(0)] * order
        if x.head == "num":
            return [gaussian(x.args[0]), *zeros]
        if x.head == "i":
            return [gaussian(0, 1), *zeros]
        if x.head in ("op", "sym"):
            return self.leaf(x, order)
        if x.head in ("let", "hyp"):
            key = x.head, x.name, order
            if key not in self.known:
                self.known[key] = self.series(x.about if x.head == "let" else x.about[1], order)
            return self.known[key]
        if x.head == "^":
            result, base = [gaussian(1), *zeros], self.series(x.args[0], order)
            for _ in range(self.exponent(x.args[1])):
                result = leibniz(result, base)
            return [plus(r, times(base[0], gaussian(0))) for r in result] if isinstance(base[0], tuple) else result
        if x.head == "matrix":
            entries = [[self.series(a, order) for a in row] for row in x.args]
            return [tuple(tuple(a[k] for a in row) for row in entries) for k in range(order + 1)]
        if x.head == "D":
            return self.series(x.args[0], order + 1)[1:]
        return self.combine(x.head, [self.series(a, order) for a in x.args])

    def leaf(self, x: Node, order: int) -> list[Value]:
        """A letter or a scalar."""
        p = self.point
        if x.name in p.exponents:
            return [gaussian(p.exponents[x.name]), *[gaussian(0)] * order]
        known = p.letters if x.head == "op" else p.scalars
        if x.name not in known:
            raise InputError(f"`sample` must give `{x.name}`, but does not; add it to the point.")
        if not order:
            return [known[x.name]]
        if x.name not in self.derivatives:
            if x.head == "op":
                raise InputError(f"`derivatives` must give D({x.name}), but does not; add it.")
            return [known[x.name], *[gaussian(0)] * order]
        return [known[x.name], *self.series(self.derivatives[x.name], order - 1)]

    def exponent(self, x: Node) -> int:
        """The value of an exponent."""
        z = self.value(x)
        if z.y or z.x.denominator != 1 or z.x < 0:
            raise InputError(f"The exponent {x} must be a natural number at the sample, but is {show(z)}; change it.")
        return int(z.x)

    def combine(self, head: str, parts: list[list[Value]]) -> list[Value]:
        """A sum, product, trace, adjoint, commutator or square of series."""
        first = parts[0]
        if head == "+":
            for other in parts[1:]:
                first = [plus(a, b) for a, b in zip(first, other, strict=True)]
            return first
        if head == "*":
            for other in parts[1:]:
                first = leibniz(first, other)
            return first
        if head == "comm":
            pairs = zip(leibniz(*parts), leibniz(*parts[::-1]), strict=True)
            return [plus(a, b, -1) for a, b in pairs]
        if head == "star":
            return [dagger(a) for a in first]
        square = leibniz([dagger(a) for a in first], first) if head == "sq" else first
        if head == "sq" and not isinstance(square[0], tuple):
            return square
        return [trace(a) if isinstance(a, tuple) else a * self.dimension for a in square]


def leibniz(a: list[Value], b: list[Value]) -> list[Value]:
    """Derivatives of a product from those of its factors."""
    result = []
    for n in range(len(a)):
        total = times(a[0], b[n])
        for k in range(1, n + 1):
            total = plus(total, times(a[k], b[n - k]), comb(n, k))
        result.append(total)
    return result
