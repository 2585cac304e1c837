"""A second checker: every step of a certificate, evaluated at random points over a finite field.

It shares no line with `qllg_sym.proof.checker`, and expands nothing. Letters are random matrices over GF(p)(i), p = 3
mod 4, so that i is not in GF(p) and conjugation is what it is for complex numbers. A step is an identity between
polynomials in letters that nothing binds but their adjoints: sides = Σ cofactor · fact. Facts are not assumed: at a
random point a fact has some value, and the identity must hold there too. A false one of degree n holds at one point
with probability n/p at most. Of steps that cite a lemma, what is an identity is evaluated too.

Shapes: a scalar is an array (2, points), an operator (2, points, d, d); the first axis is (re, im). All are int64 below
p, and sums of products of two stay below 2⁶³ for d ≤ 64.
"""

from fractions import Fraction
from math import comb

import numpy as np
import sympy as sp

P = 2**28 - 57                                  # the largest prime below 2^28; P % 4 == 3
POINTS = 2
DIMENSIONS = (2, 5)                             # where a certificate says "any"
POWERS = (1, 2, 3)                              # values of the exponent symbol
RULES = {"equal": "rhs", "nonnegative": "squares", "positive": "squares", "zero": "rest", "cancel": "factor"}


class Wrong(Exception):
    """A step does not hold, or says nothing that could be evaluated."""


def demand(condition, message):
    if not condition:
        raise Wrong(message)


def times(a, b):
    """Product of scalars, operators, or one of each."""
    dot = np.matmul if a.ndim == b.ndim == 4 else np.multiply
    a, b = (x if x.ndim == max(a.ndim, b.ndim) else x[..., None, None] for x in (a, b))
    return np.stack([(dot(a[0], b[0]) - dot(a[1], b[1])) % P, (dot(a[0], b[1]) + dot(a[1], b[0])) % P])


class Points:
    """Values of everything that a certificate names, at random points of one dimension and one exponent."""

    def __init__(self, data, d, power, rng):
        self.data, self.d, self.power = data, data["dimension"] or d, power
        self.leaves, self.facts, self.known, self.emptied = {}, {}, {}, set()
        self.one = np.zeros((2, POINTS, self.d, self.d), dtype=np.int64)
        self.one[0, :] = np.eye(self.d, dtype=np.int64)
        for table, shape in (("letters", (2, POINTS, self.d, self.d)), ("scalars", (2, POINTS))):
            for name, partner in data[table].items():
                value = rng.integers(0, P, shape)
                if partner == name:                                     # Hermitian, real
                    value = (value + self.adjoint(value)) % P
                self.leaves[name] = self.adjoint(self.leaves[partner]) if partner in self.leaves else value
        for name, (relation, x, _) in data["hypotheses"].items():
            self.facts[name] = (relation, x)
        self.lasting = {name for name, (*_, tense) in data["hypotheses"].items() if tense == "always"}

    def rates(self):
        """Refuse rates of a name and of its adjoint that are not adjoints of each other."""
        rates = self.data["rates"]
        for name, partner in (*self.data["letters"].items(), *self.data["scalars"].items()):
            if name in rates and partner in rates:
                apart = self.minus(self.adjoint(self.value(rates[name])), self.value(rates[partner]))
                demand(not apart.any(), f"the rate of {name} is not that of its adjoint")

    def adjoint(self, x):
        """Conjugate transpose; the conjugate of a scalar."""
        flipped = x.swapaxes(-1, -2) if x.ndim == 4 else x
        return np.stack([flipped[0], -flipped[1] % P])

    def number(self, x):
        q = Fraction(x)
        value = np.zeros((2, POINTS), dtype=np.int64)
        value[0] = q.numerator * pow(q.denominator, -1, P) % P
        return value

    def plus(self, a, b):
        if a.ndim != b.ndim:
            a, b = (x if x.ndim == 4 else times(x, self.one) for x in (a, b))
        return (a + b) % P

    def minus(self, a, b):
        return self.plus(a, -b % P)

    def value(self, x, zero=False):
        return self.jet(x, 0, zero)[0]

    def jet(self, x, n, zero):
        """[x, Dx, …, Dⁿx] at t = 0; with `zero` every fact that says "= 0" is 0."""
        nothing = [self.number(0)] * n
        if isinstance(x, str) and x != "i" and "/" not in x:
            key = (x, n, zero)
            if key not in self.known:
                self.known[key] = self.name(x, n, zero)
            return self.known[key]
        if x == "i":
            return [self.number(0) + np.array([[0], [1]]), *nothing]
        if not isinstance(x, list):
            return [self.number(x), *nothing]
        head, *args = x
        if head == "D":
            inner = args[0]
            fact = isinstance(inner, str) and inner in self.lasting
            return self.jet(inner, n + 1, zero or not fact)[1:]
        if head == "^":
            base, result = self.jet(args[0], n, zero), [self.number(1), *nothing]
            count = self.exponent(args[1])
            demand(count >= 0, "a negative exponent")
            for _ in range(count):
                result = self.product(result, base)
            return [times(r, self.one) for r in result] if base[0].ndim == 4 and not count else result
        if head == "matrix":
            rows = [[self.jet(e, n, zero) for e in row] for row in args[0]]
            demand(all(e[0].ndim == 2 for row in rows for e in row), "an operator in a matrix")
            return [np.stack([np.stack([e[k] for e in row], -1) for row in rows], -2) for k in range(n + 1)]
        return self.combine(head, [self.jet(a, n, zero) for a in args])

    def name(self, x, n, zero):
        """A letter, scalar, exponent, definition or fact."""
        if x in self.data["let"]:
            found = self.jet(self.data["let"][x], n, zero)
            return [times(v, self.number(0)) for v in found] if x in self.emptied else found
        if x in self.data["exponents"]:
            return [self.number(self.power), *[self.number(0)] * n]
        if x in self.facts:
            relation, inside = self.facts[x]
            found = self.jet(inside, n, zero)
            return [times(v, self.number(0)) for v in found] if zero and relation == "zero" else found
        demand(x in self.leaves, f"{x} is not declared")
        if n == 0:
            return [self.leaves[x]]
        demand(x in self.data["rates"], f"the derivative of {x} is not declared")
        return [self.leaves[x], *self.jet(self.data["rates"][x], n - 1, zero)]

    def exponent(self, e):
        if isinstance(e, list):
            demand(e[0] == "+", "an exponent that is no sum")
            return sum(map(self.exponent, e[1:]))
        return self.power if e in self.data["exponents"] else int(e)

    def product(self, a, b):
        """Leibniz's rule."""
        result = []
        for n in range(len(a)):
            total = self.number(0)
            for k in range(n + 1):
                total = self.plus(total, times(times(a[k], b[n - k]), self.number(comb(n, k))))
            result.append(total)
        return result

    def combine(self, head, parts):
        if head in "+*":
            total = parts[0]
            for part in parts[1:]:
                total = self.product(total, part) if head == "*" else list(map(self.plus, total, part))
            return total
        if head == "comm":
            return list(map(self.minus, self.product(*parts), self.product(*parts[::-1])))
        first, = parts
        if head in ("star", "sq"):
            mirrored = [self.adjoint(v) for v in first]
            first = mirrored if head == "star" else self.product(mirrored, first)
        if head == "star" or (head == "sq" and parts[0][0].ndim == 2):
            return first
        demand(head in ("tr", "sq"), f"{head} is unknown")
        return [v.trace(axis1=-2, axis2=-1) % P if v.ndim == 4 else times(v, self.number(self.d)) for v in first]


    def without(self, x, names):
        """The value where these definitions are 0."""
        self.known, self.emptied = {}, {*names}
        found = self.value(x)
        self.known, self.emptied = {}, set()
        return found

    def lemma(self, name, s):
        """What a step that cites a lemma says of formulas; it gives its conclusions to later steps."""
        if s["kind"] == "Cayley-Hamilton":
            demand(not self.value(s["equation"]).any(), f"{name}: not the equation of the operator")
            self.facts[name] = ("zero", s["equation"])
        if s["kind"] == "characteristic polynomial":
            a, e = self.value(s["operator"]), [self.number(1)]
            for k, found in enumerate(s["symmetric"], 1):               # k e_k = Σ (−1)^(m−1) e_(k−m) tr A^m
                total, power = self.number(0), self.one
                for m in range(1, k + 1):
                    power = times(power, a)
                    term = times(e[k - m], power.trace(axis1=-2, axis2=-1) % P)
                    total = self.plus(total, term) if m % 2 else self.minus(total, term)
                e.append(times(total, self.number(Fraction(1, k))))
                demand(not self.minus(e[k], self.value(found)).any(), f"{name}: e_{k} is another")
        if s["kind"] == "Picard-Lindelof":
            for fact, n, on, (c, r) in zip(*(s[key] for key in ("facts", "zeros", "on", "through")), strict=True):
                moves, slope = self.data["steps"][on], ["+", ["D", n], ["*", -1, "i", c, ["comm", r, ["D", n]]]]
                demand(not self.minus(self.value(moves["lhs"]), self.value(slope)).any(), f"{name}: not about D({n})")
                demand(not self.without(moves["rhs"], s["zeros"]).any(), f"{name}: a term without a factor {n}")
                self.facts[fact] = ("zero", self.data["let"][n])
                self.lasting |= {fact}


def sign(x, signs):
    """2: positive whatever the letters are; 1: not negative; 0: not seen."""
    if isinstance(x, list):
        head, *args = x
        if head == "sq":
            return 1
        if head == "^":
            return sign(args[0], signs) if isinstance(args[1], int) and args[1] > 0 else 0
        found = [sign(a, signs) for a in args] if head in ("+", "*") else [0]
        return 0 if 0 in found else max(found) if head == "+" else min(found)
    if isinstance(x, str) and "/" not in x:
        return signs.get(x, 0)
    return 2 if Fraction(x) > 0 else int(Fraction(x) == 0)


def zeros(expression, low, high):
    """The number of distinct zeros of a polynomial in one scalar, by SymPy's own isolation."""
    def build(x):
        if isinstance(x, list):
            a = [build(y) for y in x[1:]]
            return {"+": sp.Add, "*": sp.Mul, "^": sp.Pow}[x[0]](*a)
        return sp.Rational(x) if not isinstance(x, str) or "/" in x else sp.Symbol(x)
    return sp.Poly(sp.expand(build(expression))).count_roots(sp.Rational(low), sp.Rational(high))


def check(data, seed=0):
    """Raise `Wrong` with the name of the first step that is not what it says."""
    rng, powers = np.random.default_rng(seed), POWERS if data["exponents"] else POWERS[:1]
    places = [Points(data, d, n, rng) for d in (DIMENSIONS if not data["dimension"] else (0,)) for n in powers]
    signs = {n: ("zero", "nonnegative", "positive").index(h[0]) for n, h in data["hypotheses"].items()}
    for at in places:
        at.rates()
    for name, s in data["steps"].items():
        if s["kind"] == "roots":
            demand(zeros(s["lhs"], *s["count"][1:]) == s["count"][0], f"{name}: another number of zeros")
            continue
        if s["kind"] not in RULES:
            for at in places:
                at.lemma(name, s)
            continue
        side = s[RULES[s["kind"]]]
        for at in places:
            lhs, right, by = at.value(s["lhs"], True), at.value(side, True), at.value(s["by"])
            if s["kind"] == "zero":
                whole = at.plus(at.value(["sq", s["lhs"]], True), right)
            else:
                whole = times(right, lhs) if s["kind"] == "cancel" else at.minus(lhs, right)
            demand(not at.minus(whole, by).any(), f"{name}: the two sides differ")
            demand(not at.value(s["by"], True).any(), f"{name}: the reason does not vanish with the facts")
            at.facts[name] = (s["kind"] if RULES[s["kind"]] == "squares" else "zero",
                              ["+", s["lhs"], ["*", -1, side]] if s["kind"] == "equal" else s["lhs"])
        wanted = {"nonnegative": 1, "positive": 2, "zero": 1, "cancel": 2}.get(s["kind"], 0)
        found = sign(["+", ["sq", s["lhs"]], side] if s["kind"] == "zero" else side, signs)
        demand(not wanted or found == wanted, f"{name}: the sign does not follow")
        signs[name] = {"nonnegative": 1, "positive": 2}.get(s["kind"], 0)
