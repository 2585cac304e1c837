"""Replays proof certificates: `python checker.py FILE`. Standard library only; shares no code with what wrote the file.

A certificate declares letters (operators of any one finite dimension), scalars, hypotheses and steps. An expression is
a number, a name, or a list: a head and its parts. A step is an identity, expanded here to zero in sums of rational ·
scalars and traces of cyclic words · word. Its `by` is made of hypotheses and earlier steps: it equals the difference of
the sides and vanishes with them, so the step follows. Hypotheses hold at all times: D of one is 0, D of other facts
unknown. A number beside operators is a multiple of 1. At the witness they hold: no claim is empty.
"""

import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from fractions import Fraction
from functools import reduce
from itertools import chain, pairwise, product
from typing import Any

FORMAT, VERSION, TERMS, HUGE, EPSILON = "qllg-certificates", 1, 400_000, 1 << 20_000, ""
ONE, MINUS = ({(frozenset[Any](), ()): Fraction(sign)} for sign in (1, -1))
LEMMAS = {  # at most twelve: name -> (statement, kinds of step that it may stand on, what such a step must hold)
    "trace form": ("tr(X* X) >= 0, and = 0 only for X = 0", "zero nonnegative positive cancel", "sq"),
    "rank-nullity": ("an injective linear map of a finite-dimensional space into itself is bijective", "zero", "an op"),
    "spectral theorem": ("Hermitian operators have real eigenvalues, an orthonormal basis", "equal zero", "an op"),
    "Newton identities": ("the traces of A^n, n = 1, 2, ..., fix the eigenvalues of A", "equal", "tr"),
    "Picard-Lindelof": ("a smooth differential equation has one solution through each start", "equal zero", "D"),
    "Cayley-Hamilton": ("an operator is a root of its characteristic polynomial", "equal", "an op"),
    "Horodecki criterion": ("max CHSH = 2 sqrt(u + v), u and v top eigenvalues of T^t T", "equal nonnegative", "star"),
    "LaSalle invariance": ("solutions tend to the largest invariant set where a falling E rests", "nonnegative", "D"),
    "Gronwall": ("D x <= L x + c, L, c constant: x <= e^Lt x(0) + c (e^Lt - 1)/L", "nonnegative", '*", -1, ["D", ["sq')}
TABLES = "letters scalars exponents let hypotheses steps".split()                   # they declare names
KEYS = {*TABLES, *"id dimension rates claim lemmas witness".split()}
STEPS = {  # kind -> its second side, the sign that this must have, what the step says of its left side
    "equal": ("rhs", 0, " = {1}"), "nonnegative": ("squares", 1, " >= 0"), "positive": ("squares", 2, " > 0"),
    "zero": ("rest", 1, " = 0"), "cancel": ("factor", 2, " = 0"),
    "roots": ("count", 0, " has {0[0]} zeros between {0[1]} and {0[2]}")}
NAME, RATIO = re.compile(r"[A-Za-z][A-Za-z0-9_]*"), re.compile(r"-?[1-9][0-9]{0,999}/[1-9][0-9]{0,999}")


def need(condition: Any, message: str) -> None:
    """Refuse the claim unless the condition holds."""
    if not condition:
        raise ValueError(message)


def number(x: Any) -> Fraction:
    """An exact number: an int, or "p/q" in lowest terms."""
    need(type(x) is int or (type(x) is str and RATIO.fullmatch(x) and str(Fraction(x)) == x), f"{x!a} is not exact")
    return Fraction(x)


# A polynomial is {(monomial, word): rational}. Monomial: a frozenset of (atom, exponent); atoms are scalars, "i", and
# traces, which are cyclic words. Word: ((letter, exponent), …); a letter (j, k) is the matrix with a single 1 there, so
# explicit matrices are polynomials too. An exponent is an int k, or k + m·n with the symbol n, as the complex k + mi.
def atom(name: Any, word: bool = False) -> Any:
    """The polynomial of one scalar or trace, or of one letter."""
    return {(frozenset(), ((name, 1),)) if word else (frozenset({(name, 1)}), ()): Fraction(1)}


def scalar(c: Any) -> Any:
    """The polynomial of a number."""
    return {(frozenset(), ()): Fraction(c)} if c else {}


def add(*terms: Any) -> Any:
    """Return the sum."""
    total: dict[Any, Fraction] = {}
    for key, c in chain.from_iterable(x.items() for x in terms):
        total[key] = total.get(key, 0) + c
    return {key: c for key, c in total.items() if c}


def mul(x: Any, y: Any) -> Any:
    """Return x · y, without terms in EPSILON²."""
    need(len(x) * len(y) < 100 * TERMS, "an expression is too large")
    result: dict[Any, Fraction] = {}
    for ((m, w), c), ((n, v), e) in product(x.items(), y.items()):
        word, powers = merge(w + v), dict(m)
        for name, k in n:
            powers[name] = powers.get(name, 0) + k
        if word is not None and powers.get(EPSILON) != 2:
            turns, powers["i"] = divmod(powers.get("i", 0), 2)
            key = (frozenset((name, k) for name, k in powers.items() if k), word)
            result[key] = result.get(key, 0) + c * e * (-1) ** turns
    fits = all(sum(abs(k) for _, k in w) < 1000 and abs(c) < HUGE > c.denominator for (_, w), c in result.items())
    need(fits and len(result) < TERMS, "an expression is too large")
    return {key: c for key, c in result.items() if c}


def power(x: Any, e: Any) -> Any:
    """Return x to an exponent; a symbolic one needs a single letter, no unit."""
    if type(e) is int:
        need(0 <= e <= 64, f"an exponent is {e}, not in 0 ... 64")
        return reduce(mul, [x] * e, ONE)
    ((m, ((name, once),)), c), = x.items()
    need(not m and c == once == 1 and isinstance(name, str) and e.real + e.imag >= 0, "a wrong power, or negative")
    return {(m, ((name, e),)): c}


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
            e += runs.pop()[1]
        runs += [(name, e)] if e else []
    return tuple(runs)


def trace(x: Any, size: int) -> Any:
    """The trace in a dimension, any if 0: words become cyclic, one for all its rotations."""
    result = []
    for (m, word), c in x.items():
        while word and len(word) > 1 and (word[0][0] == word[-1][0] or type(word[0][0]) is type(word[-1][0]) is tuple):
            word = merge(word[-1:] + word[:-1])
        if word and len(word) == 1 and type(word[0][0]) is tuple:
            result += [{(m, ()): c}] * (word[0][0][0] == word[0][0][1])
        elif word is not None:
            least = min((word[k:] + word[:k] for k in range(len(word))), key=repr, default=())
            result += [mul({(m, ()): c}, scalar(size) if size and not word else atom(least))]
    return add(*result)


class Claim:
    """One certificate: `check` expands every step, `text` is what it claims."""
    def __init__(self, data: Any) -> None:
        need({*data} - {"note"} == KEYS, "its keys are not those of a certificate")
        self.data, self.letters, self.symbols, self.size = data, data["letters"], data["exponents"], data["dimension"]
        self.adjoint = {**self.letters, **data["scalars"], **{n: n for n in self.symbols}}
        # Name -> (relation, polynomial, is it an operator); name -> (rate, is it an operator); fact -> its sign.
        self.facts = {n: ("", atom(n, n in self.letters), n in self.letters) for n in (*self.adjoint, "i")}
        self.rates, self.sign = dict[Any, Any](), dict[str, int]()
        # Names, ("D", name), ("sq", True) that are needed; (side, sign that it must have); names whose star is needed.
        self.used, self.asked, self.starred, self.kept = set[Any](), list[Any](), list[str](), ""
        names = [name for table in TABLES for name in data[table]]
        taken = len({*names} - {"i", "D", "tr", "star", "matrix", "sq"}) < len(names)
        need(all(map(NAME.fullmatch, names)) and not taken, "a name is wrong or taken")
        pairs = [(data[table], a, b) for table in ("letters", "scalars") for a, b in data[table].items()]
        need(all(b is None or table[b] == a for table, a, b in pairs), "an adjoint is not mutual")
        need(type(self.size) is int and 0 <= self.size <= 64, "a wrong dimension")          # 0: any
        need([*self.symbols.values()] in ([], [1]), "an exponent symbol runs over 1, 2, ..., and there is at most one")

    def image(self, x: Any, f: Callable[..., Any], turn: int = 1) -> Any:
        """Replace each name^e by f(name, e, is it all of a trace); words are read backwards if turn is −1."""
        def factor(name: Any, e: Any, whole: bool = False) -> Any:
            if isinstance(name, str):
                return f(name, e, whole)
            if name and type(name[0]) is int:
                return atom(name[::turn], True)
            return power(trace(reduce(mul, (factor(n, k, len(name) < 2) for n, k in name[::turn]), ONE), self.size), e)
        return add(*(reduce(mul, (factor(*run) for run in (*m, *w[::turn])), scalar(c)) for (m, w), c in x.items()))

    def star(self, x: Any) -> Any:
        """The adjoint."""
        def partner(name: str, e: Any, _: bool) -> Any:
            other = self.adjoint.get(name, "i")
            need(other, f"the adjoint of {name} is used, but not declared")
            self.starred += [n for n in (name, other) if n not in self.starred]
            return power(mul(MINUS if name == "i" else ONE, self.facts[other][1]), e)
        return self.image(x, partner, -1)

    def derivative(self, x: Any) -> Any:
        """The slope at name -> name + EPSILON · rate; exponents are constant, and D tr(a^e) = e tr(a^(e−1) D a)."""
        def moved(name: str, e: Any, whole: bool) -> Any:
            need(name in {"i", *self.rates, *self.symbols}, f"the derivative of {name} is not declared")
            self.used |= {("D", name)}
            base, slope = self.facts[name][1], mul(atom(EPSILON), self.rates.get(name, ({},))[0])
            if type(e) is int:
                return power(add(base, slope), e)
            need(whole, "a symbolic power is differentiated outside a trace")
            factor = add(scalar(e.real), mul(scalar(e.imag), atom(*self.symbols)))
            return add(power(base, e), mul(factor, mul(power(base, e - 1), slope)))
        return {(m - {(EPSILON, 1)}, w): c for (m, w), c in self.image(x, moved).items() if (EPSILON, 1) in m}

    def null(self, x: Any) -> bool:
        """Whether a polynomial is zero, where a number beside explicit matrices multiplies the identity."""
        return not x or (self.size > 0 and not mul({(frozenset(), (((k, k), 1),)): 1 for k in range(self.size)}, x))

    def value(self, node: Any, zero: bool = False) -> tuple[Any, bool]:
        """Expand; is it an operator? With `zero`, and below D, facts count as 0, but D of a hypothesis is a fact."""
        if not isinstance(node, list):
            self.used |= {node}
            relation, x, operator = self.facts.get(node) or ("", scalar(number(node)), False)
            return {} if zero and relation == "zero" and node != self.kept else x, operator
        head, *args = node
        if head == "matrix":
            need([[len([] + row) for row in rows] for rows in args] == [[self.size] * self.size], "a wrong matrix")
            args = [x for row in args[0] for x in row]
        if head == "^":
            *args, e = args
            terms = e[1:] if isinstance(e, list) and e[0] == "+" else [e]
            need(all(x in self.symbols or (type(x) is int and abs(x) <= 64) for x in terms), "an exponent is wrong")
            self.used |= {*terms}
        below = head == "D" and args[0] not in [*self.data["hypotheses"]]
        parts, kinds = zip(*(self.value(x, zero or below) for x in args), strict=True)
        operator = any(kinds)
        need(not (operator and head == "matrix"), "a matrix entry is no scalar")
        rules: dict[str, Callable[..., Any]] = {
            "+": lambda a, b, *v: add(a, b, *v), "*": lambda a, b, *v: reduce(mul, v, mul(a, b)),
            "^": lambda a: power(a, sum(1j if x in self.symbols else x for x in terms)),
            "matrix": lambda *v: add(*(mul(a, atom(divmod(k, self.size), True)) for k, a in enumerate(v))),
            "comm": lambda a, b: add(mul(a, b), mul(MINUS, mul(b, a))), "tr": lambda a: trace(a, self.size),
            "sq": lambda a: trace(mul(self.star(a), a), self.size) if operator else mul(self.star(a), a),
            "star": self.star, "D": self.derivative}
        return rules[head](*parts), head == "matrix" or (operator and head not in ("tr", "sq"))

    def level(self, node: Any, sign: dict[str, int]) -> int:
        """2 if an expression is positive by its form, 1 if nonnegative, 0 if neither is seen."""
        if not isinstance(node, list):
            return sign.get(node, 0) if NAME.fullmatch(str(node)) else 1 + (number(node) > 0) - (number(node) < 0)
        self.used |= {("sq", node[0] == "sq" and self.value(node[1])[1])}
        args = node[1:] if node[0] in ("+", "*") else node[1:2] if node[0] == "^" and node[2] in range(1, 65) else []
        need(node[0] != "*" or all(self.value(x, True)[0] for x in args), f"{render(node)} is shown to be 0")
        found = [self.level(x, sign) for x in args] or [int(node[0] == "sq")]
        return max(found) if node[0] == "+" and 0 not in found else min(found)

    def step(self, name: str, s: Any) -> None:
        """Expand one step to zero; it becomes a fact."""
        kind, (key, sign, _), (lhs, left) = s["kind"], STEPS[s["kind"]], self.value(s["lhs"], True)
        need({*s} == {"kind", "lhs", key, "by"}, "a step has wrong keys")
        if kind == "roots":
            return self.roots(lhs, *s["count"], *s["by"])
        form = ["+", ["sq", s["lhs"]], s[key]] if kind == "zero" else s[key]
        side, right = self.value(form, True)
        need(not ((left and key == "squares") or (right and key != "rhs")), "an operator has no sign")
        whole = side if kind == "zero" else mul(side, lhs) if kind == "cancel" else add(lhs, mul(MINUS, side))
        rest, hollow = add(whole, mul(MINUS, self.value(s["by"])[0])), self.value(s["by"], True)[0]
        need(self.null(rest), f"{render(s['lhs'])}: the step does not expand to zero")
        need(self.null(hollow), f"{render(s['by'])} is not made of hypotheses")
        need(not sign or sign == self.level(form, self.sign), f"the sign of {render(s[key])} does not follow")
        need(side or key != "squares", f"{render(s['lhs'])} is shown to be 0, not to have a sign")
        self.asked, self.sign[name] = [*self.asked, (form, sign)], sign * (key == "squares")
        self.facts[name] = kind if key == "squares" else "zero", whole if kind == "equal" else lhs, left or right

    def roots(self, x: Any, count: int, low: Any, high: Any, *sturm: Any) -> None:
        """Refuse unless x has so many distinct zeros between two numbers; the rest is Sturm's chain."""
        unknown, changes = {name for m, _ in x for name, _ in m}, list[int]()
        need(len(unknown) == 1 and self.data["scalars"].get(*unknown) in unknown, "the unknown is no real scalar")
        self.starred += unknown
        links = [x, add(*(mul(scalar(c * e), power(atom(n), e - 1)) for (m, _), c in x.items() for n, e in m))]
        for quotient in sturm[2:]:
            links += [add(mul(self.value(quotient, True)[0], links[-1]), mul(MINUS, links[-2]))]
        plain = all({name for name, _ in m} <= unknown and not w for link in links for m, w in link)
        need(plain and not links.pop() and number(low) < number(high), "the chain does not end in 0, or no interval")
        for y, values in zip((low, high), sturm, strict=False):
            at = [self.image(link, lambda _, e, __, y=y: power(scalar(number(y)), e)) for link in links]
            need(at == [scalar(number(v)) for v in values] and at[0], "a value is wrong, or an end is a zero")
            changes += [sum(number(a) * number(b) < 0 for a, b in pairwise(filter(None, values)))]
        need(type(count) is int and changes[0] - changes[1] == count, "the zeros are counted wrongly")

    def check(self) -> str:
        """Return the claim; refuse unless every step expands to zero and every part of the certificate is needed."""
        for name, node in self.data["let"].items():         # the rates are not known yet: no D in definitions and rates
            self.facts[name] = "let", *self.value(node)
        self.rates = {name: self.value(node) for name, node in self.data["rates"].items()}
        scalars = {name for name in self.data["scalars"] if not self.rates.get(name, ({}, False))[1]}
        need({*self.rates} <= {*self.letters, *scalars}, "only letters and scalars have rates, and scalars no operator")
        for name, (kind, node) in self.data["hypotheses"].items():
            self.facts[name] = kind, *self.value(node)
            self.sign[name] = ("zero", "nonnegative", "positive").index(kind)
            need(kind == "zero" or not self.facts[name][2], "an operator has no sign")
        for name, s in self.data["steps"].items():
            self.step(name, s)
        for name, (kind, _) in self.data["hypotheses"].items():
            lower = {**self.sign, name: self.sign[name] - 1}
            need(kind == "zero" or any(self.level(x, lower) < k for x, k in self.asked), f"{name} could be weaker")
        self.needs(*(self.data[key] for key in ("claim", "lemmas", "steps")))
        for name in {name for name, (kind, *_) in self.facts.items() if kind == "zero"} - {*self.data["claim"]}:
            self.kept, uses = name, [s["by"] for s in self.data["steps"].values() if f'"{name}"' in json.dumps(s["by"])]
            with suppress(ValueError):                      # an adjoint that is not declared would not cancel alone
                uses = [x for x in uses if not self.null(self.value(x, True)[0])]
            need(uses and [*map(self.facts.get, self.data["hypotheses"])].count(self.facts[name]) < 2, f"{name} unused")
        self.witness(self.data["witness"], self.size)
        return self.text()

    def needs(self, claim: Any, lemmas: Any, steps: Any) -> None:
        """Refuse unless steps are claimed, lemmas fit the steps they stand on, and all that is declared is used."""
        need(type(claim) is list and {*claim} & {*steps} and len({*claim}) == len(claim), "it claims nothing, or twice")
        need({*claim} - {*steps} == {*lemmas} - {"trace form"}, "a claim is neither step nor lemma")
        shown = json.dumps([*self.data["hypotheses"].values(), *([s["lhs"], s.get("rhs")] for s in steps.values())])
        need(not {*re.findall(r'"(\w+)"', shown)} & {*self.data["hypotheses"], *steps}, "a claim is not written out")
        need(("trace form" in lemmas) == (("sq", True) in self.used), "`trace form` is missing or not used")
        for lemma, name in lemmas.items():
            (_, kinds, shape), s, kind = LEMMAS[lemma], steps[name], steps[name]["kind"]
            held = [s["lhs"], s[STEPS[kind][0]], ["an op"] * self.value(s["lhs"])[1], ["sq"] * (kind == "zero")]
            need(kind in kinds.split() and f'["{shape}"' in json.dumps(held), f"{lemma} does not fit {name}")
        for name in self.starred:           # it grows on the way: rates agree with the adjoints, theirs are needed too
            x, y = (self.rates.get(n) for n in (name, self.adjoint.get(name)))
            need(not (x and y) or self.null(add(y[0], mul(MINUS, self.star(x[0])))), f"rate of {name}: no adjoint")
        wanted = {*(name for table in TABLES for name in self.data[table]), *(("D", name) for name in self.rates),
                  *(("star", name) for name, other in self.adjoint.items() if other and name not in self.symbols)}
        wanted -= {*claim, *self.used, *self.starred, *(("star", name) for name in self.starred)}
        need(not wanted, f"not needed: {', '.join(sorted(map(str, wanted)))}")

    def witness(self, raw: Any, size: int) -> None:
        """Refuse unless every hypothesis holds at the witness, which gives what stands in them and no more."""
        seen, given = set[str](), [(name, *self.facts[name][:2]) for name in self.data["hypotheses"]]
        for name, kind, x in given:                         # it grows: the derivatives, wherever they are known
            with suppress(ValueError):
                given += [(f"D({name})", kind, self.derivative(x))] * (kind == "zero" and name.count("(") < 3)
        self.size = size or next((len(node[1]) for name, node in raw.items() if name in self.letters), 0)
        need({*re.findall(r"[A-Za-z]\w*", json.dumps([*raw.values()]))} <= {"i", "matrix"}, "the witness holds names")
        point = {name: self.value(node)[0] for name, node in raw.items()}
        for name, x in point.items():
            other, exact = self.adjoint[name], name not in self.symbols or (type(raw[name]) is int and raw[name] > 0)
            need(exact and (name in self.letters or not any(w for _, w in x)), f"the witness of {name} is none")
            need(other not in point or self.null(add(self.star(x), mul(MINUS, point[other]))), f"{name} has no adjoint")
        def value(name: str, e: Any, _: bool) -> Any:
            seen.update({name} - {"i"}, self.symbols if type(e) is complex else ())
            k = e if type(e) is int else int(e.real + e.imag * sum(raw[n] for n in self.symbols))
            return power(atom("i") if name == "i" else point[name], k)
        for name, kind, x in given:
            y = self.image(x, value)
            sign = y.get((frozenset(), ()), 0) if len(y) < 2 else -1
            need(self.null(y) if kind == "zero" else sign > 0 or not (y or kind == "positive"), f"{name} fails there")
        need(seen == {*raw}, f"the witness must give {sorted(seen)}")

    def text(self) -> str:
        """The formal claim, read from the certificate."""
        d = self.data
        said = [(s["lhs"], s[STEPS[s["kind"]][0]], STEPS[s["kind"]][2]) for s in map(d["steps"].get, d["claim"]) if s]
        claims = [render(left) + pattern.format(side, render(side)) for left, side, pattern in said]
        kinds = (self.letters, "operator"), (d["scalars"], "scalar")
        where = [f"{', '.join(names)} {kind}{'s' * (len(names) > 1)}" for names, kind in kinds if names]
        where += [f"dimension {d['dimension']}"] * (d["dimension"] > 0)
        where += [f"{name} := {render(x)}" for name, x in d["let"].items()]
        where += [f"D({name}) = {render(x)}" for name, x in d["rates"].items()]
        where += [f"star({a}) = {b}" for a, b in self.adjoint.items() if b and a not in self.symbols]
        where += [f"{name} = 1, 2, ..." for name in self.symbols]
        facts = "; ".join(f"{name}: {render(x)}{STEPS[kind][2]}" for name, (kind, x) in d["hypotheses"].items())
        return f"{facts} |- {'; '.join(claims)}{' where ' * bool(where)}{'; '.join(where)}".strip()


def render(node: Any, level: int = 0) -> str:
    """An expression as text; level 1 inside a product, 2 inside a power."""
    if not isinstance(node, list):
        return str(node) if not level or re.fullmatch(r"\w+", str(node)) else f"({node})"
    head, *args = node
    if head == "matrix":
        return f"matrix({'; '.join(', '.join(map(render, row)) for row in args[0])})"
    inside = {"^": (2, 2), "*": (int(isinstance(args[0], list)), 1)}.get(head, (0, 0))
    parts = [render(x, inside[k > 0]) for k, x in enumerate(args)]
    shapes = {"+": " + ".join(parts), "*": "*".join(parts), "^": "^".join(parts)}
    named = {"sq": f"|{parts[0]}|^2", "comm": f"[{', '.join(parts)}]"}.get(head, f"{head}({parts[0]})")
    text = re.sub(r"^-1\*", "-", shapes.get(head, named).replace("+ -", "- "))
    return f"({text})" if (level > 1 and head in "+*^sq") or (level and (head == "+" or text[0] == "-")) else text


def read(path: str) -> Any:
    """Read a certificate file; ValueError if it is none, or of a newer format."""
    try:
        with open(path, encoding="utf-8") as file:
            data = json.load(file, parse_float=number, parse_constant=number, object_pairs_hook=lambda pairs: dict(
                pairs) if len(dict(pairs)) == len(pairs) else number("a key that stands twice"))
        need({*data} - {"note"} == {"format", "version", "theorems"} and type(data["theorems"]) is list, "wrong keys")
        need((data["format"], repr(data["version"])) == (FORMAT, repr(VERSION)), f"format {data['version']!r}")
        need(data["theorems"] and re.fullmatch("[ -~]*", data.get("note", "")), "no theorems, or no note of a line")
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise ValueError(f"{path} is no certificate file of {FORMAT} {VERSION} ({error}); write it again.") from None
    return data


def replay(data: Any) -> Iterator[dict[str, Any]]:
    """Yield {id, claim, lemmas, accepted, reason} for every claim of a file."""
    seen: dict[Any, Any] = {}
    for entry in data["theorems"]:
        row: dict[str, Any] = {"id": "?", "claim": "", "lemmas": [], "accepted": False, "reason": ""}
        try:
            need(NAME.fullmatch(entry["id"].replace("-", "_")) and entry["id"] not in seen, "its id is wrong or taken")
            row["id"] = seen[entry["id"]] = entry["id"]
            row["claim"] = Claim(entry).check()
            row |= {"accepted": True, "lemmas": [f"{name} (on {step})" for name, step in entry["lemmas"].items()]}
        except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RecursionError) as error:
            row["reason"] = str(error) if type(error) is ValueError else f"its data are malformed ({error!a})"
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
        print(f"{r['id']}: {r['claim']}  {end}".encode("ascii", "backslashreplace").decode())
    print(f"{sum(r['accepted'] for r in rows)} of {len(rows)} claims accepted. {data.get('note', '')}".strip())
    return int(not all(r["accepted"] for r in rows))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
