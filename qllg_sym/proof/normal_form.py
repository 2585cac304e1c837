"""The prover's normal form: polynomials in scalars and traces of cyclic words, times words; matrices of such.

Zero is decided by this normal form: two expressions are equal in every dimension if their difference has no terms.
"""

from collections.abc import Callable, Iterable
from typing import Any

import sympy as sp
from sympy.polys.rings import PolyElement, PolyRing

from qllg_sym.algebra.element import Element
from qllg_sym.algebra.scalars import make_ring
from qllg_sym.errors import DerivationError
from qllg_sym.proof.language import Node, names_in

Exponent = tuple[tuple[str, int], ...]          # linear form: (symbol, factor), symbol "" for the constant
Power = tuple[Any, Exponent]                      # a letter, a trace ("tr", word) or a scalar, with its exponent
Basis = tuple[tuple[Power, ...], tuple[Power, ...]]     # commuting atoms, word
Value = Any                                     # Element, or a tuple of rows of Elements
MINUS: Exponent = (("", -1),)


def constant(e: Exponent) -> int | None:
    """Return the value of an exponent without symbols, else None.

    >>> constant((("", 2),)), constant((("n", 1),))
    (2, None)
    """
    return dict(e).get("", 0) if all(not name for name, _ in e) else None


def shift(a: Exponent, b: Exponent) -> Exponent:
    """Return the sum of two exponents.

    >>> shift((("n", 1),), (("", -1), ("n", -1)))
    (('', -1),)
    """
    total = dict(a)
    for name, n in b:
        total[name] = total.get(name, 0) + n
    return tuple(sorted((name, n) for name, n in total.items() if n))


def gathered(runs: Iterable[Power]) -> tuple[Power, ...]:
    """Return a word with neighbouring powers of one letter gathered."""
    result: list[Power] = []
    for name, e in runs:
        if result and result[-1][0] == name:
            e = shift(result.pop()[1], e)
        if e:
            result.append((name, e))
    return tuple(result)


def cyclic(word: tuple[Power, ...]) -> tuple[Power, ...]:
    """Return the least of all rotations: one word for each cyclic word.

    >>> one = (("", 1),); cyclic((("b", one), ("a", one))) == cyclic((("a", one), ("b", one)))
    True
    """
    while len(word) > 1 and word[0][0] == word[-1][0]:
        word = gathered((word[-1], *word[:-1]))
    return min((word[k:] + word[:k] for k in range(len(word))), default=())


class TraceAlgebra:
    """Words whose coefficients hold traces."""

    unit: Basis = ((), ())

    def __init__(self, ring: PolyRing) -> None:
        self.ring = ring

    def product(self, a: Basis, b: Basis) -> Iterable[tuple[int, Basis, int]]:
        """Multiply the commuting parts, concatenate the words."""
        atoms = gathered(sorted((*a[0], *b[0]), key=repr)) if a[0] and b[0] else a[0] or b[0]
        return ((0, (atoms, gathered((*a[1], *b[1]))), 1),)


def entrywise(f: Callable[..., Any], *values: Value) -> Value:
    """Apply a function to elements, or to the entries of matrices of one shape."""
    if not isinstance(values[0], tuple):
        return f(*values)
    return tuple(tuple(f(*entries) for entries in zip(*rows, strict=True)) for rows in zip(*values, strict=True))


class TheoremAlgebra:
    """Expands expressions of one theorem into normal form.

    Args:
        nodes: every expression of the theorem; their letters and scalars span the algebra.
        derivatives: letter or scalar -> time derivative.
        dimension: of the space, tr 1; 0 if it may be any.
    """

    def __init__(self, nodes: Iterable[Node], derivatives: dict[Node, Node], dimension: int = 0) -> None:
        self.dimension = dimension
        names = {x for n in [*nodes, *derivatives, *derivatives.values()] for x in names_in(n)}
        self.adjoint = {x.name: x.about if x.head == "op" else x.name if isinstance(x.about, int) else x.about[0]
                        for x in names if x.head in ("op", "sym")}
        for name, partner in list(self.adjoint.items()):
            if partner is not None:
                self.adjoint.setdefault(partner, name)
        self.exponents = {x.name for x in names if x.head == "sym" and isinstance(x.about, int)}
        symbols = sorted({y for x in names if x.head == "sym" for y in (x.name, self.adjoint[x.name])})
        self.words = TraceAlgebra(make_ring(sp.Symbol(name) for name in symbols))
        self.gens = dict(zip(symbols, self.words.ring.gens, strict=True))
        self.letters = {x.name for x in names if x.head == "op"}
        self.one = Element(self.words, {(0, self.words.unit): self.words.ring.one})
        self.zero = Element(self.words, {})
        self.derivatives = {a.name: value for a, value in derivatives.items()}
        self.cache: dict[tuple[str, str], Value] = {}
        self.starred: set[str] = set()              # names of which an adjoint was taken
        self.moved: set[str] = set()                # names of which a derivative was taken

    def expand(self, x: Node, zero: bool = False) -> Value:
        """Return the normal form; with `zero`, hypotheses (and earlier steps) count as 0."""
        if x.head == "num":
            q = x.args[0]
            return self.one * sp.QQ(q.numerator, q.denominator)
        if x.head == "i":
            return self.one.times_i()
        if x.head == "sym":
            return self.one * self.gens[x.name]
        if x.head == "op":
            return Element(self.words, {(0, ((), ((x.name, (("", 1),)),))): self.words.ring.one})
        if x.head in ("let", "hyp"):
            key = (x.head, x.name)
            if key not in self.cache:
                self.cache[key] = self.expand(x.about if x.head == "let" else x.about[1])
            vanishes = zero and x.head == "hyp" and x.about[0] == "zero"
            return entrywise(lambda _: self.zero, self.cache[key]) if vanishes else self.cache[key]
        if x.head == "^":
            return self.power(self.expand(x.args[0], zero), self.exponent(x.args[1]))
        if x.head == "matrix":
            return tuple(tuple(self.expand(a, zero) for a in row) for row in x.args)
        parts = [self.expand(a, zero) for a in x.args]
        if x.head in ("+", "*"):
            total = parts[0]
            for part in parts[1:]:
                total = self.add(total, part) if x.head == "+" else self.multiply(total, part)
            return total
        if x.head == "comm":
            return self.add(self.multiply(*parts), self.multiply(*parts[::-1]), -1)
        return {"tr": self.trace, "star": self.star, "sq": self.square, "D": self.derivative}[x.head](parts[0])

    def exponent(self, x: Node) -> Exponent:
        """Return an exponent as a linear form."""
        if x.head == "num" and x.args[0].denominator == 1:
            return shift((), (("", int(x.args[0])),))
        if x.head == "sym" and isinstance(x.about, int):
            return ((x.name, 1),)
        if x.head == "+":
            total: Exponent = ()
            for part in x.args:
                total = shift(total, self.exponent(part))
            return total
        if x.head == "*" and len(x.args) == 2 and x.args[0].head == "num":
            return tuple((name, n * int(x.args[0].args[0])) for name, n in self.exponent(x.args[1]))
        raise DerivationError(f"An exponent must be linear in exponent symbols, but is {x}; write n - 1, say.")

    def lift(self, x: Value, like: Value) -> Value:
        """A number beside a matrix is that multiple of the identity."""
        if isinstance(x, tuple) or not isinstance(like, tuple):
            return x
        return tuple(tuple(x if j == k else self.zero for k in range(len(like))) for j in range(len(like)))

    def add(self, a: Value, b: Value, factor: int = 1) -> Value:
        """Return a + factor · b."""
        return entrywise(lambda x, y: x + y * factor, self.lift(a, b), self.lift(b, a))

    def multiply(self, a: Value, b: Value) -> Value:
        """Return a · b."""
        if isinstance(a, tuple) and isinstance(b, tuple):
            columns = list(zip(*b, strict=True))
            return tuple(tuple(self.total(x * y for x, y in zip(row, column, strict=True) if x.terms and y.terms)
                               for column in columns) for row in a)
        if isinstance(b, tuple):
            return entrywise(lambda y: a * y, b)
        return entrywise(lambda x: x * b, a)

    def total(self, terms: Iterable[Element]) -> Element:
        """Return the sum."""
        result = self.zero
        for term in terms:
            result = result + term
        return result

    def power(self, a: Value, e: Exponent) -> Value:
        """Return a^e; a symbolic exponent needs a single letter."""
        n = constant(e)
        if n is not None:
            if n < 0:
                raise DerivationError(f"An exponent must not be negative, but is {n}; declare an inverse as a scalar.")
            result = self.lift(self.one, a)
            for _ in range(n):
                result = self.multiply(result, a)
            return result
        keys = list(a.terms) if isinstance(a, Element) else []
        if len(keys) != 1 or len(keys[0][1][1]) != 1 or a.terms[keys[0]] != 1 or keys[0][1][0] or keys[0][0]:
            raise DerivationError("Only a letter may have a symbolic exponent; write rho**n.")
        return Element(self.words, {(0, ((), ((keys[0][1][1][0][0], e),))): self.words.ring.one})

    def star(self, a: Value) -> Value:
        """Return the adjoint."""
        if isinstance(a, tuple):
            return tuple(tuple(self.star(x) for x in column) for column in zip(*a, strict=True))
        result = self.zero
        for (k, (atoms, word)), c in a.terms.items():
            term = Element(self.words, {(0, ((), self.reverse(word))): self.conjugate(c) * (-1) ** k})
            for (_, inner), e in atoms:
                atom = self.trace(Element(self.words, {(0, ((), self.reverse(inner))): self.words.ring.one}))
                term = self.multiply(self.power(atom, e), term)
            result = result + (term.times_i() if k else term)
        return result

    def reverse(self, word: tuple[Power, ...]) -> tuple[Power, ...]:
        """The adjoint of a word."""
        for name, _ in word:
            self.starred.add(name)
            if self.adjoint[name] is None:
                raise DerivationError(f"`{name}` must have an adjoint where star is taken of it, but has none; "
                                      "declare it by letters() or pair().")
        return tuple((self.adjoint[name], e) for name, e in reversed(word))

    def conjugate(self, c: PolyElement) -> PolyElement:
        """The complex conjugate of a coefficient."""
        ring, order = self.words.ring, list(self.gens)
        self.starred |= {order[k] for m in c for k, power in enumerate(m) if power}
        places = [order.index(self.adjoint[name]) for name in order]
        return ring.from_dict({tuple(m[p] for p in places): q for m, q in c.items()})

    def trace(self, a: Value) -> Element:
        """Return the trace."""
        if isinstance(a, tuple):
            return self.total(row[k] for k, row in enumerate(a))
        result = self.zero
        for (k, (atoms, word)), c in a.terms.items():
            if self.dimension and not word:
                result = result + Element(self.words, {(k, (atoms, word)): c * self.dimension})
                continue
            atom = ((("tr", cyclic(word)), (("", 1),)),)
            one = c.ring.one
            result = result + Element(self.words, {(k, (atoms, ())): c}) * Element(self.words, {(0, (atom, ())): one})
        return result

    def square(self, a: Value) -> Element:
        """Return tr(a† a) of an operator, |a|² of a scalar."""
        result = self.multiply(self.star(a), a)
        return self.trace(result) if isinstance(a, tuple) or any(word for _, (_, word) in a.terms) else result

    def derivative(self, a: Value) -> Value:
        """Return the time derivative."""
        if isinstance(a, tuple):
            return entrywise(self.derivative, a)
        result, unit, ring_zero = self.zero, self.words.ring.one, self.words.ring.zero
        for (k, (atoms, word)), c in a.terms.items():
            for name, gen in self.gens.items():
                slope = ring_zero if name in self.exponents else c.diff(gen)
                if slope:
                    self.moved.add(name)
                if slope and name in self.derivatives:
                    rest = Element(self.words, {(k, (atoms, word)): slope})
                    result = result + self.expand(self.derivatives[name]) * rest
            for place, ((_, inner), e) in enumerate(atoms):
                others = gathered((*atoms[:place], (atoms[place][0], shift(e, MINUS)), *atoms[place + 1:]))
                rest = Element(self.words, {(k, (others, word)): c})
                result = result + self.number(e) * rest * self.trace_rate(inner)
            for place, (name, e) in enumerate(word):
                n = constant(e)
                if n is None:
                    raise DerivationError(f"`{name}` must have a number as exponent under D, but has a symbol; only "
                                          "D(tr(a**n)) is known.")
                for m in range(n):
                    before = gathered((*word[:place], (name, shift((), (("", m),)))))
                    left = Element(self.words, {(k, (atoms, before)): c})
                    right = ((), gathered(((name, shift((), (("", n - 1 - m),))), *word[place + 1:])))
                    result = result + left * self.rate(name) * Element(self.words, {(0, right): unit})
        return result

    def trace_rate(self, word: tuple[Power, ...]) -> Element:
        """D tr(word); D tr(a^e) = e tr(a^(e−1) D a) for every exponent."""
        if len(word) != 1:
            return self.trace(self.derivative(Element(self.words, {(0, ((), word)): self.words.ring.one})))
        (name, e), = word
        lower = Element(self.words, {(0, ((), gathered([(name, shift(e, MINUS))]))): self.words.ring.one})
        return self.number(e) * self.trace(lower * self.rate(name))

    def rate(self, name: str) -> Element:
        """The declared derivative of a letter."""
        if name not in self.derivatives:
            raise DerivationError(f"`derivatives` must give D({name}), but does not; add it.")
        self.moved.add(name)
        return self.expand(self.derivatives[name])

    def number(self, e: Exponent) -> Element:
        """An exponent as a scalar."""
        return self.total(self.one * (self.gens[name] * n if name else sp.QQ(n)) for name, n in e)


def is_zero(a: Value) -> bool:
    """Return whether a normal form is zero."""
    return all(x.is_zero for row in a for x in row) if isinstance(a, tuple) else bool(a.is_zero)


def names_of(a: Value) -> set[str]:
    """Return the letters, scalars and exponent symbols that a normal form holds."""
    elements = [x for row in a for x in row] if isinstance(a, tuple) else [a]
    found: set[str] = set()
    for x in elements:
        for (_, (atoms, word)), c in x.terms.items():
            runs = [*word, *(run for (_, inner), e in atoms for run in (*inner, ("", e)))]
            found |= {name for name, _ in runs} | {s for _, e in runs for s, _ in e}
            found |= {str(gen) for m in c for gen, power in zip(c.ring.symbols, m, strict=True) if power}
    return found - {""}
