"""A second checker: every step of a certificate, evaluated at random points over a finite field.

It shares no line with `qllg_sym.proof.checker`, and expands nothing. A letter is a pair of random matrices over GF(p),
for the two roots ±I of −1 that stand for i: sums and products go side by side, the adjoint transposes both and
exchanges them. A step is an identity between polynomials in letters that nothing binds but their adjoints: sides =
Σ cofactor · fact. Facts are not assumed: at a random point a fact has some value, and the identity must hold there too.
A false one of degree n holds at one point with probability n/p at most. Of steps that cite a lemma, what is an identity
is evaluated too.

Values are arrays (2, points, d, d), of scalars (2, points, 1, 1), all int64 below p: sums of products stay below 2⁶³.
"""

from fractions import Fraction
from functools import reduce
from math import comb

import numpy as np
import sympy as sp

P = 2**28 - 95                                  # the largest prime below 2²⁸ that is 1 more than a multiple of 4
I = pow(3, (P - 1) // 4, P)                     # I² = −1
POINTS = 2
DIMENSIONS = (2, 5)                             # where a certificate says "any"
POWERS = (1, 2, 3)                              # values of the exponent symbol
SIDES = {"equal": "rhs", "nonnegative": "squares", "positive": "squares", "zero": "rest", "cancel": "factor"}
SIGNS = {"nonnegative": 1, "positive": 2, "zero": 1, "cancel": 2}      # that the form of a step must have


class Wrong(Exception):
    """A step does not hold, or says nothing that could be evaluated."""


def demand(condition, message):
    if not condition:
        raise Wrong(message)


def number(x, at_minus_i=None):
    """A rational at all points; with a second one there where −I stands for i."""
    pair = (Fraction(y) for y in (x, x if at_minus_i is None else at_minus_i))
    residues = [q.numerator * pow(q.denominator, -1, P) % P for q in pair]
    return np.ones((2, POINTS, 1, 1), dtype=np.int64) * np.reshape(residues, (2, 1, 1, 1))


def is_operator(x):
    return x.shape[-1] > 1                      # in one dimension there is no difference


def times(a, b):
    return (a @ b if is_operator(a) and is_operator(b) else a * b) % P


def plus(a, b):
    """A number beside an operator is a multiple of 1."""
    d = max(a.shape[-1], b.shape[-1])
    return sum(x if x.shape[-1] == d else x * np.eye(d, dtype=np.int64) for x in (a, b)) % P


def minus(a, b):
    return plus(a, -b % P)


def adjoint(x):
    return x[::-1].swapaxes(-1, -2)


def constant(x, n):
    """A series without a derivative."""
    return [x, *[0 * x] * n]


def total(a, b):
    return list(map(plus, a, b))


def product(a, b):
    """Leibniz's rule."""
    return [reduce(plus, (times(times(a[k], b[n - k]), number(comb(n, k))) for k in range(n + 1)))
            for n in range(len(a))]


class Points:
    """Values of everything that a certificate names, at random points of one dimension and one exponent."""

    def __init__(self, data, d, power, rng):
        self.data, self.d, self.power = data, data["dimension"] or d, power
        self.leaves, self.known = {}, {}
        for table, size in (("letters", self.d), ("scalars", 1)):
            for name, partner in data[table].items():
                value = rng.integers(0, P, (2, POINTS, size, size))
                value = plus(value, adjoint(value)) if partner == name else value           # Hermitian, real
                self.leaves[name] = adjoint(self.leaves[partner]) if partner in self.leaves else value
        given = data["hypotheses"].items()
        self.means = {**data["let"], **{name: x for name, (_, x, _) in given}}              # definitions and facts
        self.zeros = frozenset(name for name, (relation, *_) in given if relation == "zero")
        self.lasting = {name for name, (*_, tense) in given if tense == "always"}
        for name, partner in (*data["letters"].items(), *data["scalars"].items()):
            if {name, partner} <= {*(rates := data["rates"])}:
                demand(self.same(["star", rates[name]], rates[partner]), f"the rate of {name} is not its adjoint's")

    def value(self, x, gone=frozenset()):
        """The value of an expression; the names in `gone` count as 0."""
        return self.series(x, 0, gone)[0]

    def same(self, a, b):
        return not minus(self.value(a), self.value(b)).any()

    def series(self, x, n, gone):
        """[x, Dx, …, Dⁿx] at t = 0."""
        match x:
            case "i":
                return constant(number(I, -I), n)
            case str() if "/" not in x:
                key = x, n, gone
                if key not in self.known:
                    self.known[key] = [0 * v if x in gone else v for v in self.name(x, n, gone)]
                return self.known[key]
            case ["D", inner]:                                          # of facts, of those alone that hold always
                lasts = isinstance(inner, str) and inner in self.lasting
                return self.series(inner, n + 1, gone if lasts else gone | self.zeros)[1:]
            case ["^", base, exponent]:
                factor, count = self.series(base, n, gone), self.exponent(exponent)
                demand(count >= 0, "a negative exponent")
                return reduce(product, [factor] * count, constant(plus(number(1), 0 * factor[0]), n))
            case ["matrix", rows]:
                entries = [[self.series(e, n, gone) for e in row] for row in rows]
                demand(not any(is_operator(e[0]) for row in entries for e in row), "an operator in a matrix")
                return [np.block([[e[k] for e in row] for row in entries]) for k in range(n + 1)]
            case [head, *parts]:
                return self.combined(head, [self.series(a, n, gone) for a in parts])
        return constant(number(x), n)

    def name(self, x, n, gone):
        """A letter, scalar, exponent, definition or fact."""
        if x in self.means:
            return self.series(self.means[x], n, gone)
        if x in self.data["exponents"]:
            return constant(number(self.power), n)
        demand(x in self.leaves, f"{x} is not declared")
        demand(n == 0 or x in self.data["rates"], f"the derivative of {x} is not declared")
        return [self.leaves[x], *(self.series(self.data["rates"][x], n - 1, gone) if n else [])]

    def exponent(self, e):
        if isinstance(e, list):
            demand(e[0] == "+", "an exponent that is no sum")
            return sum(map(self.exponent, e[1:]))
        return self.power if e in self.data["exponents"] else int(e)

    def combined(self, head, parts):
        if head in ("+", "*"):
            return reduce(total if head == "+" else product, parts)
        if head == "comm":
            return list(map(minus, product(*parts), product(*parts[::-1])))
        demand(head in ("star", "sq", "tr") and len(parts) == 1, f"{head} is unknown")
        part, = parts
        mirrored = list(map(adjoint, part))
        found = {"star": mirrored, "sq": product(mirrored, part), "tr": part}[head]
        traced = head == "tr" or (head == "sq" and is_operator(part[0]))
        return list(map(self.trace, found)) if traced else found

    def trace(self, x):
        return x.trace(axis1=-2, axis2=-1)[..., None, None] % P if is_operator(x) else x * self.d % P

    def is_zero(self, name, x):
        self.means[name], self.zeros = x, self.zeros | {name}

    def step(self, name, s):
        """The identity of a step, which then is a fact."""
        kind, lhs, by, side = s["kind"], s["lhs"], s["by"], s[SIDES[s["kind"]]]
        left, right = self.value(lhs, self.zeros), self.value(side, self.zeros)
        if kind == "zero":
            whole = plus(self.value(["sq", lhs], self.zeros), right)
        else:
            whole = times(right, left) if kind == "cancel" else minus(left, right)
        demand(not minus(whole, self.value(by)).any(), f"{name}: the two sides differ")
        demand(not self.value(by, self.zeros).any(), f"{name}: the reason does not vanish with the facts")
        self.means[name] = lhs
        if SIDES[kind] != "squares":
            self.is_zero(name, ["+", lhs, ["*", -1, side]] if kind == "equal" else lhs)

    def lemma(self, name, s):
        """What a step that cites a lemma says of formulas; it gives its conclusions to later steps."""
        if s["kind"] == "Cayley-Hamilton":
            demand(not self.value(s["equation"]).any(), f"{name}: not the equation of the operator")
            self.is_zero(name, s["equation"])
        if s["kind"] == "characteristic polynomial":                    # k e_k = Σ (−1)^(m−1) e_(k−m) tr A^m
            e = [1, *s["symmetric"]]
            for k in range(1, len(e)):
                terms = (["*", (-1)**(m - 1), e[k - m], ["tr", ["^", s["operator"], m]]] for m in range(1, k + 1))
                demand(self.same(["*", k, e[k]], ["+", *terms]), f"{name}: e_{k} is another")
        if s["kind"] == "Picard-Lindelof":
            for fact, n, on, (c, r) in zip(*(s[key] for key in ("facts", "zeros", "on", "through")), strict=True):
                moves, slope = self.data["steps"][on], ["+", ["D", n], ["*", -1, "i", c, ["comm", r, ["D", n]]]]
                demand(self.same(moves["lhs"], slope), f"{name}: not about D({n})")
                rest = self.value(moves["rhs"], frozenset(s["zeros"]))
                demand(not rest.any(), f"{name}: a term without a factor {n}")
                self.is_zero(fact, self.data["let"][n])
                self.lasting |= {fact}


def sign(x, signs):
    """2: positive whatever the letters are; 1: not negative; 0: not seen."""
    match x:
        case ["sq", _]:
            return 1
        case ["^", base, int(power)] if power > 0:
            return sign(base, signs)
        case ["+" | "*" as head, *parts]:
            found = [sign(a, signs) for a in parts]
            return 0 if 0 in found else max(found) if head == "+" else min(found)
        case list():
            return 0
        case str() if "/" not in x:
            return signs.get(x, 0)
    return 2 if Fraction(x) > 0 else int(Fraction(x) == 0)


def zeros(expression, low, high):
    """The number of distinct zeros of a polynomial in one scalar, by SymPy's own isolation."""
    def build(x):
        if isinstance(x, list):
            return {"+": sp.Add, "*": sp.Mul, "^": sp.Pow}[x[0]](*map(build, x[1:]))
        return sp.Rational(x) if not isinstance(x, str) or "/" in x else sp.Symbol(x)
    return sp.Poly(sp.expand(build(expression))).count_roots(sp.Rational(low), sp.Rational(high))


def check(data, seed=0):
    """Raise `Wrong` with the name of the first step that is not what it says."""
    rng, powers = np.random.default_rng(seed), POWERS if data["exponents"] else POWERS[:1]
    places = [Points(data, d, n, rng) for d in (DIMENSIONS if not data["dimension"] else (0,)) for n in powers]
    signs = {n: ("zero", "nonnegative", "positive").index(h[0]) for n, h in data["hypotheses"].items()}
    for name, s in data["steps"].items():
        kind = s["kind"]
        if kind == "roots":
            demand(zeros(s["lhs"], *s["count"][1:]) == s["count"][0], f"{name}: another number of zeros")
            continue
        for at in places:
            (at.step if kind in SIDES else at.lemma)(name, s)
        if kind in SIGNS:
            form = ["+", ["sq", s["lhs"]], s["rest"]] if kind == "zero" else s[SIDES[kind]]
            demand(sign(form, signs) == SIGNS[kind], f"{name}: the sign does not follow")
        signs[name] = SIGNS[kind] if SIDES.get(kind) == "squares" else 0
