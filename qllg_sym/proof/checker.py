"""Replays proof certificates: `python checker.py FILE`. Standard library only; shares no code with what wrote the file.

A certificate declares letters (operators of any one finite dimension) and scalars, states hypotheses, and lists steps.
A step is an identity that is expanded here to zero, in sums of rational · scalars and traces of cyclic words · word.
Its `by` is an expression in hypotheses and earlier steps: with them it equals the difference of the two sides, and with
all of them set to zero it vanishes, so that the step follows. Hypotheses hold at all times, so D of one is zero too.
Whether an expression is an operator or a scalar is read from its form; a number beside operators is a multiple of 1.
The witness is one exact point at which every hypothesis holds, and so do the derivatives that are used: no claim is
empty, and a changed hypothesis is seen.
"""

import json
import re
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache, reduce
from io import TextIOWrapper
from itertools import chain, groupby, pairwise, product
from typing import Any

FORMAT, VERSION, TERMS, EPSILON, ONE = "qllg-certificates", 1, 400_000, "", {((), ()): Fraction(1)}
LEMMAS = {  # at most twelve: name -> (statement, kinds of step that it may stand on, what the left side of that one is)
    "trace form": ("tr(X* X) >= 0, and = 0 only for X = 0", "zero nonnegative positive", ""),
    "rank-nullity": ("an injective linear map of a finite-dimensional space into itself is bijective", "zero", "op"),
    "spectral theorem": ("Hermitian operators have real eigenvalues, an orthonormal basis", "equal zero cancel", "op"),
    "Newton identities": ("the traces of A^n, n = 1, 2, ..., fix the eigenvalues of A", "equal", ""),
    "Picard-Lindelof": ("a smooth differential equation has one solution through each start", "equal zero cancel", ""),
    "mean value theorem": ("a function is monotone if its slope has one sign", "equal nonnegative positive", "D"),
    "Cayley-Hamilton": ("an operator is a root of its characteristic polynomial", "equal", "op"),
    "Horodecki criterion": ("max CHSH = 2 sqrt(u + v), u and v top eigenvalues of T^t T", "equal nonnegative", ""),
    "min-max theorem": ("the extremes of a Hermitian form on unit vectors are eigenvalues", "equal nonnegative", ""),
    "LaSalle invariance": ("solutions tend to the largest invariant set where a falling function rests",
                           "nonnegative", "D"),
}
KEYS = {*"id dimension letters groups scalars signs exponents rates let hypotheses steps claim lemmas witness".split()}
STEPS = {"equal": 0, "nonnegative": 1, "positive": 2, "zero": 1, "cancel": 2, "roots": 0}   # sign that rhs must have
ARITY = {**dict.fromkeys("sym op let hyp tr star D matrix sq".split(), 1), "i": 0, "^": 2, "comm": 2}
RELATION = {"zero": " = 0", "nonnegative": " >= 0", "positive": " > 0"}
RESERVED, HUGE = {"i", "D", "tr", "star", "matrix"}, 1 << 20_000
NAME, RATIO = re.compile(r"[A-Za-z][A-Za-z0-9_]*"), re.compile(r"-?[1-9][0-9]{0,999}/[1-9][0-9]{0,999}")


def need(condition: Any, message: str) -> None:
    """Refuse the claim unless the condition holds."""
    if not condition:
        raise ValueError(message)


def number(x: Any) -> Fraction:
    """An exact number: an int, or "p/q" in lowest terms."""
    need(type(x) is int or (type(x) is str and RATIO.fullmatch(x) and str(Fraction(x)) == x), f"{x!r} is not exact")
    return Fraction(x)


def inner(node: Any) -> list[Any]:
    """The expressions that one is made of."""
    if not isinstance(node, list) or node[0] in ("sym", "op", "let", "hyp"):
        return []
    return [x for row in node[1] for x in row] if node[0] == "matrix" else node[1:]


# A polynomial is {(monomial, word): rational}. Monomial: sorted ((atom, exponent), …), atoms are scalars, "i", traces
# "tr(…)". Word: ((letter, exponent), …); a letter (j, k) is the matrix with a single 1 there, so explicit matrices
# are polynomials too. An exponent is an int, or a linear form ((symbol, int), …), with the symbol "" for 1.
def atom(name: Any, word: bool = False) -> Any:
    """The polynomial of one scalar, or one letter."""
    return {((), ((name, 1),)) if word else (((name, 1),), ()): Fraction(1)}


def add(x: Any, y: Any, c: int = 1) -> Any:
    """Return x + c·y."""
    total = dict(x)
    for key, v in y.items():
        total[key] = total.get(key, 0) + c * v
    return {key: v for key, v in total.items() if v}


@cache
def plus(a: Any, b: Any, factor: int = 1) -> Any:
    """Return a + factor · b for exponents."""
    x, y = ({"": form} if type(form) is int else dict(form) for form in (a, b))
    total = add(x, y, factor)
    return tuple(sorted(total.items())) if total.keys() - {""} else total.get("", 0)


def merge(word: Any) -> Any:
    """Join neighbouring powers of one letter, and neighbouring units; None if a product of units is zero."""
    runs: list[Any] = []
    for name, e in word:
        if runs and type(name) is type(runs[-1][0]) is tuple:
            (j, k), _ = runs.pop()
            if k != name[0]:
                return None
            name = (j, name[1])
        elif runs and runs[-1][0] == name:
            e = plus(runs.pop()[1], e)
        runs += [(name, e)] if e != 0 else []
    return tuple(runs)


def cyclic(word: Any) -> Any:
    """One word for all its rotations; None if its trace is zero."""
    while word and len(word) > 1 and (word[0][0] == word[-1][0] or type(word[0][0]) is type(word[-1][0]) is tuple):
        word = merge(word[-1:] + word[:-1])
    return word and min((word[k:] + word[:k] for k in range(len(word))), key=repr)


class Claim:
    """One certificate: `check` expands every step, `text` is what it claims."""

    def __init__(self, data: Any) -> None:
        need(set(data) - {"note"} == KEYS, "its keys are not those of a certificate")
        self.data, self.size, groups = data, data["dimension"], data["groups"]       # size 0: any dimension
        self.letters, self.least = data["letters"], data["exponents"]
        self.adjoint = {**self.letters, **data["scalars"], **{n: n for n in self.least}}
        self.sign = {n: [*RELATION].index(sign) for n, sign in data["signs"].items()}
        self.site = {name: k for k, group in enumerate(groups) for name in group}
        # Name -> (relation, polynomial, is it an operator), name -> rate, trace -> word, step -> hypothesis -> number
        # of derivatives; names, exponents and signs that the steps need.
        self.facts, self.velocity, self.traces, self.order = (dict[str, Any]() for _ in range(4))
        self.used, self.exponents, self.asked = set[Any](), set[Any](), list[tuple[Any, int]]()
        need(len(self.adjoint) == sum(map(len, (self.letters, data["scalars"], self.least))), "a name is wrong")
        tables = self.letters, data["scalars"]
        need(all(b is None or t[b] == a for t in tables for a, b in t.items()), "an adjoint is not mutual")
        need(all(type(v) is int and 0 <= v <= 64 for v in [self.size, *self.least.values()]), "a wrong size")
        need(all(data["scalars"][n] == n and sign for n, sign in self.sign.items()), "only real scalars have a sign")
        need(sorted(chain(*groups)) == sorted(self.letters if groups else []), "groups must hold every letter")
        names = [*self.adjoint, *data["let"], *data["hypotheses"], *data["steps"]]
        need(all(map(NAME.fullmatch, names)) and len({*names} - RESERVED) == len(names), "a name is wrong")

    def mul(self, x: Any, y: Any) -> Any:
        """Return x · y, without terms in EPSILON²."""
        need(len(x) * len(y) < 100 * TERMS, "an expression is too large")
        result: dict[Any, Fraction] = {}
        for ((m, w), c), ((n, v), e) in product(x.items(), y.items()):
            word = merge(sorted(w + v, key=lambda run: self.site.get(run[0], 0)) if self.site else w + v)
            powers = dict(m)
            for name, k in n:
                powers[name] = plus(powers.get(name, 0), k)
            if word is not None and powers.get(EPSILON) != 2:
                turns, powers["i"] = divmod(powers.get("i", 0), 2)
                key = (tuple(sorted((name, k) for name, k in powers.items() if k != 0)), word)
                result[key] = result.get(key, 0) + c * e * (-1) ** turns
        fits = all(len(w) < 1000 and -HUGE < c.numerator < HUGE > c.denominator for (_, w), c in result.items())
        need(len(result) < TERMS and fits, "an expression is too large")
        return {key: c for key, c in result.items() if c}

    def power(self, x: Any, e: Any, traced: bool = False) -> Any:
        """Raise to a power; a symbolic e needs one letter or one scalar, and D tr(a^e) = e tr(a^(e−1) D a)."""
        if type(e) is int:
            need(0 <= e <= 64, f"an exponent is {e}, not in 0 ... 64")
            return reduce(self.mul, [x] * e, ONE)
        slope = {key: c for key, c in x.items() if (EPSILON, 1) in key[0]}
        ((m, w), c), = add(x, slope, -1).items()
        need(c == 1 and [k for _, k in m + w] == [1] and (m + w)[0][0] in self.adjoint, "a sum has a symbolic power")
        need(traced or not (w and slope), "a symbolic power is differentiated outside a trace")
        self.exponents.add(e)
        lower = self.power({(m, w): c}, plus(e, -1)) if slope else {}
        slope = self.mul(self.mul({((((n, 1),) if n else ()), ()): k for n, k in e}, lower), slope)
        return add({(tuple((a, e) for a, _ in m), tuple((a, e) for a, _ in w)): c}, slope)

    def image(self, x: Any, f: Any, turn: int = 1, at: Any = None) -> Any:
        """Replace every name by f(name), exponent symbols by `at`; words are read backwards if turn is −1."""
        def factor(name: Any, e: Any, traced: bool = False) -> Any:
            e = e if at is None or type(e) is int else sum(c * at(n) for n, c in e)
            word = self.traces.get(name, ())
            if name in self.traces:
                inner = reduce(self.mul, (factor(name, e, len(word) == 1) for name, e in word[::turn]), ONE)
                return self.power(self.trace(inner), e)
            return self.power(atom(name[::turn], True) if type(name) is tuple else f(name), e, traced)
        terms = (reduce(self.mul, (factor(*run) for run in m + w[::turn]), {((), ()): c}) for (m, w), c in x.items())
        return reduce(add, terms, {})

    def trace(self, x: Any) -> Any:
        """The trace: words become cyclic, in every group of letters that commutes with the rest."""
        result: Any = {}
        for (m, w), c in x.items():
            parts = [cyclic(tuple(run)) for _, run in groupby(w, lambda run: self.site.get(run[0], 0))]
            if None not in parts:
                word = tuple(run for part in parts for run in part)
                unit = len(word) == 1 and type(word[0][0]) is tuple
                value = int(word[0][0][0] == word[0][0][1]) if unit else 0 if word else self.size
                self.traces |= {} if unit else {f"tr{word!r}": word}
                factor = add({}, ONE, value) if unit or value else atom(f"tr{word!r}")
                result = add(result, self.mul({(m, ()): c}, factor))
        return result

    def star(self, x: Any) -> Any:
        """The adjoint."""
        def partner(name: str) -> Any:
            need(name == "i" or self.adjoint[name], f"the adjoint of {name} is used, but not declared")
            self.used |= {("star", name), ("star", self.adjoint.get(name)), self.adjoint.get(name)}
            return add({}, atom("i"), -1) if name == "i" else atom(self.adjoint[name], name in self.letters)
        return self.image(x, partner, -1)

    def operator(self, node: Any) -> bool:
        """Whether an expression is an operator, by its form, whatever its value is."""
        head = node[0] if isinstance(node, list) else ""
        if head in ("let", "hyp"):
            return bool(self.facts[node[1]][2])
        return head in ("op", "matrix") or (head not in ("tr", "sq") and any(map(self.operator, inner(node))))

    def orders(self, node: Any) -> dict[str, int]:
        """Hypothesis -> how many time derivatives an expression takes of it."""
        if isinstance(node, list) and node[0] == "hyp":
            return dict(self.order.get(node[1], {node[1]: 0}))
        found = [(n, k + (node[0] == "D")) for x in inner(node) for n, k in self.orders(x).items()]
        return {n: max(k for m, k in found if m == n) for n, _ in found}

    def square(self, x: Any, operator: bool) -> Any:
        """tr(x* x) of an operator, x* x of a scalar."""
        form = self.mul(self.star(x), x)
        self.used |= {"trace form"} if operator else set()
        return self.trace(form) if operator else form

    def derivative(self, x: Any) -> Any:
        """The time derivative: the slope at name -> name + EPSILON · velocity; exponents are constant."""
        def moved(name: str) -> Any:
            self.used |= {("D", name)}
            need(name in {"i", *self.velocity, *self.least}, f"the derivative of {name} is not declared")
            return add(atom(name, name in self.letters), self.mul(atom(EPSILON), self.velocity.get(name, {})))
        return {(m[1:], w): c for (m, w), c in self.image(x, moved).items() if m[:1] == ((EPSILON, 1),)}

    def null(self, x: Any) -> bool:
        """Whether a polynomial is zero, where a number beside explicit matrices multiplies the identity."""
        return not x or (self.size > 0 and not self.mul({((), (((k, k), 1),)): 1 for k in range(self.size)}, x))

    def value(self, node: Any, zero: bool = False) -> Any:
        """Expand an expression; with `zero`, hypotheses and earlier steps count as 0."""
        if not isinstance(node, list):
            return add({}, {((), ()): number(node)})
        head, *args = node
        need(len(args) > 1 if head in ("+", "*") else ARITY.get(head) == len(args), f"{head!r} has wrong parts")
        if head in ("let", "hyp"):
            self.used |= {(head, args[0])}
            kind, known, _ = self.facts[args[0]]
            need((kind == "let") == (head == "let"), f"{args[0]} is no {head}")
            return {} if zero and kind == "zero" else known
        if head in ("sym", "op"):
            need(args[0] in self.adjoint and (args[0] in self.letters) == (head == "op"), f"{args[0]} is undeclared")
            self.used |= {args[0]}
            return atom(args[0], head == "op")
        if head == "^":
            e = {m: c.numerator for (m, w), c in self.value(args[1]).items() if not w and c.denominator == 1}
            form = tuple((m[0][0] if m else "", c) for m, c in e.items() if not m or (m[1:], m[0][1]) == ((), 1))
            need(len(form) == len(self.value(args[1])) and {*dict(form)} <= {"", *self.least}
                 and not self.operator(args[1]), "a wrong exponent")
            return self.power(self.value(args[0], zero), plus(0, form))
        if head == "matrix":
            need([len(row) for row in args[0]] == [self.size] * self.size, "a matrix has not the declared dimension")
            need(not self.site, "explicit matrices do not commute with groups of letters")
            cells = [((j, k), self.value(x, zero)) for j, row in enumerate(args[0]) for k, x in enumerate(row)]
            need(not any(map(self.operator, inner(node))), "a matrix entry is no scalar")
            return reduce(add, (self.mul(x, atom(cell, True)) for cell, x in cells))
        rules: dict[str, Callable[..., Any]] = {
            "tr": self.trace, "star": self.star, "D": self.derivative, "i": lambda: atom("i"),
            "sq": lambda v: self.square(v, self.operator(args[0])),
            "+": lambda *v: reduce(add, v), "*": lambda *v: reduce(self.mul, v),
            "comm": lambda a, b: add(self.mul(a, b), self.mul(b, a), -1)}
        return rules[head](*(self.value(x, zero) for x in args))

    def level(self, node: Any, sign: dict[str, int]) -> int:
        """2 if an expression is positive by its form, 1 if nonnegative, 0 if neither is seen."""
        if not isinstance(node, list):
            return 2 if number(node) > 0 else int(node == 0)
        head, *args = node
        if head == "hyp":
            return list(RELATION).index(self.facts[args[0]][0])
        if head in ("sym", "sq"):
            return 1 if head == "sq" else sign.get(args[0], min(self.least.get(args[0], -1), 1) + 1)
        found = [self.level(x, sign) for x in (args[:1] if head == "^" else args if head in ("+", "*") else [-1])]
        return min(found) if head != "+" or 0 in found else max(found)

    def step(self, s: Any) -> tuple[str, Any, bool]:
        """Expand one step to zero; returns what it gives: (relation, expression, is it an operator)."""
        kind, lhs, rhs = s["kind"], self.value(s["lhs"], True), self.value(s["rhs"], True)
        need({*s} == {"kind", "lhs", "rhs", "by"}, "a step has wrong keys")
        self.asked += [(s["rhs"], STEPS[kind])]
        typed = self.operator(s["lhs"])
        scalar = [s["rhs"]] * bool(STEPS[kind]) + [s["lhs"]] * (kind in ("nonnegative", "positive", "roots"))
        need(not any(map(self.operator, scalar)), "an operator has no sign")
        if kind == "roots":
            unknown = {a for m, _ in lhs for a, _ in m if self.data["scalars"].get(a) == a}
            need(len(unknown) == 1, "the unknown is no real scalar")
            self.used |= {("star", *unknown)}
            need(roots(lhs, *map(number, s["by"])) == number(s["rhs"]), "the zeros are counted wrongly")
            return kind, {}, False
        left = self.mul(rhs, lhs) if kind == "cancel" else \
            add(self.square(lhs, typed), rhs) if kind == "zero" else add(lhs, rhs, -1)
        need(self.null(add(left, self.value(s["by"]), -1)), f"{render(s['lhs'])}: the step does not expand to zero")
        need(self.null(self.value(s["by"], True)), f"{render(s['by'])} is not made of hypotheses")
        if kind == "equal":
            return "zero", left, typed or self.operator(s["rhs"])
        return kind if kind in RELATION else "zero", lhs, typed

    def rates(self) -> None:
        """Expand the derivatives, which must agree with adjoints, groups, and what is a scalar."""
        self.velocity, site = {n: self.value(node) for n, node in self.data["rates"].items()}, self.site
        for name, x in self.velocity.items():
            need(name in self.letters or (name in self.data["scalars"] and not self.operator(self.data["rates"][name])),
                 f"the rate of {name}, which is no letter, or a scalar that turns operator")
            need(all(site[a] == site[name] for _, w in x for a, _ in w if site), f"the rate of {name} leaves its group")
            partner = self.adjoint[name]
            need(partner not in self.velocity or self.null(add(self.velocity[partner], self.star(x), -1)),
                 f"the rate of {partner} is not the adjoint of that of {name}")

    def check(self) -> None:
        """Refuse unless every step expands to zero and every part of the certificate is needed."""
        data, claim, lemmas, given = self.data, self.data["claim"], self.data["lemmas"], self.data["hypotheses"]
        for name, node in data["let"].items():              # the derivatives are not known yet: no D in definitions
            self.facts[name] = "let", self.value(node), self.operator(node)
        self.rates()
        for name, (kind, node) in given.items():
            self.facts[name] = (RELATION[kind] and kind, self.value(node), self.operator(node))
            need(kind == "zero" or not self.operator(node), "an operator has no sign")
        for name, s in data["steps"].items():
            self.facts[name] = self.step(s)
            self.order[name] = {} if s["kind"] == "roots" else self.orders(s["by"])
        need(type(claim) is list and {*claim} & {*data["steps"]}, "it claims nothing")
        need(len({*claim}) == len(claim), "it claims something twice")
        need({*claim} - {*data["steps"]} == {*lemmas} - {"trace form"}, "a claim is neither step nor lemma")
        kinds = {name: s["kind"] for name, s in data["steps"].items()}
        for name, step in lemmas.items():
            left = data["steps"][step]["lhs"]
            shapes = {"", "op" * self.operator(left), "D" * ('["D"' in json.dumps(left))}
            need(kinds[step] in LEMMAS[name][1].split() and LEMMAS[name][2] in shapes, "a lemma that does not fit")
        able = {"trace form"} & self.used if {"zero", "nonnegative", "positive"} & {*kinds.values()} else set()
        need({"trace form"} & {*lemmas} == able, "`trace form` is missing or not used")
        starred = {n for n, b in self.adjoint.items() if b and n not in self.sign and n not in self.least}
        wanted = {*self.adjoint, *(("star", n) for n in starred), *(("D", n) for n in self.velocity),
                  *(("let" if kind == "let" else "hyp", n) for n, (kind, *_) in self.facts.items() if n not in claim)}
        need(wanted <= self.used, f"not needed: {', '.join(sorted(map(str, wanted - self.used)))}")
        for changed, level in [({}, 0), *(({name: level - 1}, level) for name, level in self.sign.items())]:
            holds = all(self.level(node, {**self.sign, **changed}) >= least for node, least in self.asked)
            need(holds == (level == 0), f"a sign does not follow, or could be weaker: {changed}")
        lows = [(sum(c * self.least.get(n, 1) for n, c in e), dict(e)) for e in self.exponents]
        need(all(v >= 0 and all(c > 0 for n, c in e.items() if n) for v, e in lows), "an exponent can be negative")
        need(all(v == 0 or any(low < e.get(n, 0) for low, e in lows) for n, v in self.least.items()), "`least` is high")
        self.witness([(n, kind, x) for n in given for kind, x in self.jets(n)])

    def jets(self, name: str) -> Iterator[tuple[str, Any]]:
        """A hypothesis, and those derivatives of it that the steps take; the first one wherever it is known."""
        kind, x, _ = self.facts[name]
        yield kind, x
        for k in range(max([1, *(order.get(name, 0) for order in self.order.values())]) * (kind == "zero")):
            try:
                x = self.derivative(x)
            except ValueError:
                need(k == 0 and not any(order.get(name, 0) for order in self.order.values()), f"D({name}) is not known")
                return
            yield kind, x

    def witness(self, given: list[tuple[str, str, Any]]) -> None:
        """Refuse unless every hypothesis holds at the witness, which gives what stands in them and no more."""
        raw, size, site, seen = self.data["witness"], self.size, self.site, set[str]()
        self.size, self.site = next((len(node[1]) for n, node in raw.items() if n in self.letters), size), {}
        point = {n: self.value(node) for n, node in raw.items()}
        plain = all(m in ((), (("i", 1),)) and (n in self.letters or not w) for n, x in point.items() for m, w in x)
        need(size in (0, self.size) and plain, "the witness is no point of the declared dimension")
        for n, x in point.items():
            v = x.get(((), ()), 0)
            need(v > 0 or v == 0 == self.sign.get(n, 1) - 1 if n in self.sign else n not in self.least or (
                type(raw[n]) is int and raw[n] >= self.least[n]), f"the witness breaks what is declared of {n}")
        for (a, x), (b, y) in product(point.items(), repeat=2):
            need(self.adjoint[a] != b or self.star(x) == y, f"the witness breaks the adjoint of {a}")
            need(site.get(a) == site.get(b) or self.mul(x, y) == self.mul(y, x), f"{a} and {b} do not commute")

        def value(name: str) -> Any:
            seen.update({name} - {"i"})
            return atom("i") if name == "i" else point[name]
        for name, kind, x in given:
            y = self.image(x, value, 1, lambda n: (value(n), raw[n])[1] if n else 1)
            q = y.get(((), ()), 0) if len(y) < 2 else -1
            need(self.null(y) if kind == "zero" else q > 0 or not (y or kind == "positive"), f"{name} fails there")
        need(seen == {*raw}, f"the witness must give {sorted(seen)}")

    def text(self) -> str:
        """The formal claim, read from the certificate."""
        d, ends = self.data, {**RELATION, "equal": " = {}", "roots": " has {} zeros between {}"}
        claims = [render(s["lhs"]) + ends.get(s["kind"], " = 0").format(render(s["rhs"]), s["by"])
                  for s in (d["steps"][name] for name in d["claim"] if name in d["steps"])]
        where = [f"{', '.join(names)} {what}{'s' * (len(names) > 1)}"
                 for names, what in ((self.letters, "operator"), (d["scalars"], "scalar")) if names]
        where += [f"dimension {d['dimension']}"] * (d["dimension"] > 0)
        where += [f"{n} := {render(x)}" for n, x in d["let"].items()]
        where += [f"D({name}) = {render(x)}" for name, x in d["rates"].items()]
        where += [f"star({a}) = {b}" for a, b in self.adjoint.items() if b and a not in self.least]
        where += [name + RELATION[sign] for name, sign in d["signs"].items()]
        where += [f"{name} = {least}, {least + 1}, ..." for name, least in self.least.items()]
        where += [" commute with ".join(" and ".join(group) for group in d["groups"])] * bool(d["groups"])
        facts = "; ".join(f"{name}: {render(x)}{RELATION[kind]}" for name, (kind, x) in d["hypotheses"].items())
        return f"{facts} |- {'; '.join(claims)}{' where ' * bool(where)}{'; '.join(where)}".strip()


def render(node: Any, level: int = 0) -> str:
    """An expression as text; level 1 inside a product, 2 inside a power."""
    if not isinstance(node, list):
        return f"({node})" if level and (str(node)[0] == "-" or (level > 1 and "/" in str(node))) else str(node)
    head, *args = node
    if head in ("+", "*"):
        parts = [render(x, int(head == "*" and (k > 0 or isinstance(x, list)))) for k, x in enumerate(args)]
        text = " + ".join(parts).replace("+ -", "- ") if head == "+" else re.sub(r"^-1\*", "-", "*".join(parts))
        return f"({text})" if level > 1 or (level and (head == "+" or text[0] == "-")) else text
    if head == "matrix":
        return f"matrix({'; '.join(', '.join(map(render, row)) for row in args[0])})"
    shapes = {"i": "i", "^": "{}^{}", "comm": "[{}, {}]", "sq": "|{}|^2"}
    shape = "{}" if head in ("sym", "op", "let", "hyp") else shapes.get(head, head + "({})")
    text = shape.format(*(render(x, 2 * (head == "^")) for x in args))
    return f"({text})" if head == "^" and level > 1 else text


def roots(x: Any, low: Any, high: Any) -> int:
    """The number of distinct zeros of a polynomial in one scalar between low and high, by Sturm's theorem."""
    powers = {m[0][1] if m else 0: c for (m, w), c in x.items() if not w and len(m) < 2}
    need(len(powers) == len(x) and len({m[0][0] for m, _ in x if m}) == 1 and low < high, "no polynomial, no interval")
    p = [powers.get(k, Fraction(0)) for k in range(max(powers) + 1)]
    chain = [p, [k * c for k, c in enumerate(p)][1:]]
    while chain[-1]:
        a, b = list(chain[-2]), chain[-1]
        while len(a) >= len(b) or (a and not a[-1]):
            ratio = a[-1] / b[-1]
            a = [c - ratio * d for c, d in zip(a, [0] * (len(a) - len(b)) + b, strict=True)][:-1] if a[-1] else a[:-1]
        chain.append([-c for c in a])
    values = [[sum(c * y**k for k, c in enumerate(q)) for q in chain[:-1]] for y in (low, high)]
    need(values[0][0] and values[1][0], "an end of the interval is a zero")
    changes = [sum(a * b < 0 for a, b in pairwise(filter(None, row))) for row in values]
    return int(changes[0] - changes[1])


def read(path: str) -> Any:
    """Read a certificate file; ValueError if it is none, or of a newer format."""
    try:
        with open(path, encoding="utf-8") as file:
            data = json.load(file, parse_float=number, parse_constant=number, object_pairs_hook=lambda pairs: dict(
                pairs) if len(dict(pairs)) == len(pairs) else number("a key that stands twice"))
        need({*data} - {"note"} == {"format", "version", "theorems"} and type(data["theorems"]) is list, "wrong keys")
        found = data["format"], data["version"]
        need(found == (FORMAT, VERSION) and type(found[1]) is int, f"format {found[0]} {found[1]}")
        need(data["theorems"] and str(data.get("note", "")).isprintable(), "no theorems, or a note of more than a line")
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise ValueError(f"{path} is no certificate file of {FORMAT} {VERSION} ({error}); write it again.") from None
    return data


def replay(data: Any) -> Iterator[dict[str, Any]]:
    """Yield {id, claim, lemmas, accepted, reason} for every claim of a file."""
    seen: set[Any] = set()
    for entry in data["theorems"]:
        row: dict[str, Any] = {"id": "?", "claim": "", "lemmas": [], "accepted": False, "reason": ""}
        try:
            need(NAME.fullmatch(entry["id"].replace("-", "_")) and entry["id"] not in seen, "its id is wrong or taken")
            row["id"] = entry["id"]
            seen.add(entry["id"])
            claim = Claim(entry)
            claim.check()
            row |= {"claim": claim.text(), "accepted": True,
                    "lemmas": [f"{name} (on {step})" for name, step in entry["lemmas"].items()]}
        except (TypeError, ValueError, LookupError, AttributeError, RecursionError) as error:
            row["reason"] = str(error) if type(error) is ValueError else f"its data are malformed ({error!r})"
        yield row


def main(argv: list[str]) -> int:
    """Return 0 if every claim is accepted, 1 if one is refused, 2 if the file is none (damaged, truncated, newer)."""
    try:
        data = read(*argv)
    except (ValueError, TypeError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    for r in (rows := list(replay(data))):
        end = f"[lemmas: {', '.join(r['lemmas']) or 'none'}]" if r["accepted"] else f"REFUSED: {r['reason']}"
        print(f"{r['id']}: {r['claim']}  {end}")
    print(f"{sum(r['accepted'] for r in rows)} of {len(rows)} claims accepted. {data.get('note', '')}".strip())
    return int(not all(r["accepted"] for r in rows))


if __name__ == "__main__":
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.exit(main(sys.argv[1:]))
