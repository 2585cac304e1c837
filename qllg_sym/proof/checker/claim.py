"""One certificate: every step expanded to zero, every part of it needed, nothing that contradicts itself."""

import re
from collections.abc import Callable, Container
from contextlib import suppress
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

from .lemmas import LEMMAS
from .polynomial import EPSILON, MINUS, ONE, WORK, Ring, atom, letter, need, proportional, scalar
from .tense import TENSES, Tenses, moved, names
from .text import STEPS, claim_text, render
from .witness import consistent, lasting

TABLES = "letters scalars exponents let hypotheses steps".split()                   # they declare names
KEYS = {*TABLES, *"id dimension rates claim witness trajectory".split()}
SIGNS = {"equal": 0, "nonnegative": 1, "positive": 2, "zero": 1, "cancel": 2, "roots": 0}   # of a second side
RELATIONS = ("zero", "nonnegative", "positive")
WORDS = {"i", "D", "tr", "star", "matrix", "sq", "comm"}
LISTED = {"facts", "zeros", "start", "through", "constant", "eigen", "symmetric"}       # parts of lemmas that are lists
NAMED = {"on", "kernel", "law", "bounded", "unknown", "solution"}                       # … and that are names
SHOWN = "lhs rhs operator equation state vector T x L c energy damping symmetric through".split()  # as the claim shows
NAME, RATIO = re.compile(r"[A-Za-z][A-Za-z0-9_]*"), re.compile(r"-?[1-9][0-9]{0,999}/[1-9][0-9]{0,999}")


class Fact(NamedTuple):
    """What a name stands for: a polynomial, and what is known of it ("" for nothing, or a relation to 0)."""

    relation: str
    value: Any
    operator: bool


def number(x: Any) -> Fraction:
    """An exact number: an int, or "p/q" in lowest terms."""
    need(type(x) is int or (type(x) is str and RATIO.fullmatch(x) and str(Fraction(x)) == x), f"{x!a} is not exact")
    return Fraction(x)


class Claim:
    """One certificate: `check` expands every step, `text` is what it claims."""

    def __init__(self, data: Any, limit: int = WORK) -> None:
        need({*data} - {"note"} == KEYS, "its keys are not those of a certificate")
        self.data, self.letters, self.symbols, size = data, data["letters"], data["exponents"], data["dimension"]
        need(type(size) is int and 0 <= size <= 64, "a wrong dimension")                    # 0: any
        need(len(self.symbols) < 2 and all(type(k) is int and k == 1 for k in self.symbols.values()),
             "an exponent symbol runs over 1, 2, ..., and there is at most one")
        self.ring = Ring(size, limit)
        self.adjoint = {**self.letters, **data["scalars"], **{n: n for n in self.symbols}}
        self.facts = {n: Fact("", letter(n) if n in self.letters else atom(n), n in self.letters)
                      for n in (*self.adjoint, "i")}
        self.rates = dict[str, Any]()                       # name -> polynomial
        self.zeros, self.sign = set[str](), dict[str, int]()    # facts that are 0; fact with a sign -> 0, 1, 2
        # Names, ("D", name), ("sq", True) that are needed; (side, sign that it must have); names whose star is needed.
        self.used, self.asked, self.starred = set[Any](), list[Any](), list[str]()
        own = [*(name for table in TABLES for name in data[table]), *self.concluded()]
        need(all(map(NAME.fullmatch, own)) and len({*own} - WORDS) == len(own), "a name is wrong or taken")
        for table in (self.letters, data["scalars"]):
            need(all(b is None or table[b] == a for a, b in table.items()), "an adjoint is not mutual")
        need(all(row[2] in TENSES for row in data["hypotheses"].values()), f"a tense is not one of {TENSES}")
        self.tenses = Tenses(data)

    def concluded(self) -> list[str]:
        """The names of facts that one lemma gives several of."""
        return [fact for s in self.data["steps"].values() for fact in s.get("facts", [])]

    # Expressions ------------------------------------------------------------------------------------------------

    def star(self, x: Any) -> Any:
        """The adjoint."""
        def partner(name: str, e: Any, _: bool) -> Any:
            other = self.adjoint.get(name, "i")
            need(other, f"the adjoint of {name} is used, but not declared")
            self.starred += [n for n in (name, other) if n not in self.starred]
            return self.ring.power(self.ring.mul(MINUS if name == "i" else ONE, self.facts[other].value), e)
        return self.ring.image(x, partner, -1)

    def real(self, x: Any) -> bool:
        """Whether a polynomial is its own adjoint."""
        return self.ring.same(self.star(x), x)

    def square(self, x: Any, operator: bool) -> Any:
        """tr(x† x) of an operator, |x|² of a scalar."""
        inner = self.ring.mul(self.star(x), x)
        return self.ring.trace(inner) if operator else inner

    def derivative(self, x: Any) -> Any:
        """The slope at name -> name + EPSILON · rate; exponents are constant, and D tr(a^e) = e tr(a^(e−1) D a)."""
        ring = self.ring

        def shifted(name: str, e: Any, whole: bool) -> Any:
            need(name in {"i", *self.rates, *self.symbols}, f"the derivative of {name} is not declared")
            self.used |= {("D", name)}
            base, slope = self.facts[name].value, ring.mul(atom(EPSILON), self.rates.get(name, {}))
            if type(e) is int:
                return ring.power(ring.add(base, slope), e)
            need(whole, "a symbolic power is differentiated outside a trace")
            factor = ring.add(scalar(e.real), ring.mul(scalar(e.imag), atom(*self.symbols)))
            return ring.add(ring.power(base, e), ring.product(factor, ring.power(base, e - 1), slope))
        return self.slope(ring.image(x, shifted))

    @staticmethod
    def slope(x: Any) -> Any:
        """The terms in EPSILON, without it."""
        return {(m - {(EPSILON, 1)}, w): c for (m, w), c in x.items() if (EPSILON, 1) in m}

    def value(self, node: Any, gone: Container[str] = ()) -> tuple[Any, bool]:
        """Expand; is it an operator? The names in `gone` count as 0."""
        if not isinstance(node, list):
            self.used |= {node}
            fact = self.facts.get(node) or Fact("", scalar(number(node)), False)
            return {} if node in gone else fact.value, fact.operator
        head, *args = node
        if head == "matrix":
            return self.ring.matrix(self.entries(args, gone)), True
        if head == "^":
            base, operator = self.value(args[0], gone)
            return self.ring.power(base, self.exponent(*args[1:])), operator
        parts, kinds = zip(*(self.value(x, gone) for x in args), strict=True)
        return self.combined(head, parts, any(kinds)), any(kinds) and head not in ("tr", "sq")

    def entries(self, args: Any, gone: Container[str]) -> list[Any]:
        """The entries of a matrix, row by row."""
        size = self.ring.size
        need([[len([] + row) for row in rows] for rows in args] == [[size] * size], "a wrong matrix")
        entries, kinds = zip(*(self.value(x, gone) for row in args[0] for x in row), strict=True)
        need(not any(kinds), "a matrix entry is no scalar")
        return list(entries)

    def exponent(self, e: Any) -> Any:
        """An int, or k + m·n as the complex k + mi."""
        terms = e[1:] if isinstance(e, list) and e[0] == "+" else [e]
        need(all(x in self.symbols or (type(x) is int and abs(x) <= 64) for x in terms), "an exponent is wrong")
        self.used |= {*terms}
        return sum(1j if x in self.symbols else x for x in terms)

    def combined(self, head: str, parts: Any, operator: bool) -> Any:
        """A sum, product, commutator, trace, adjoint, square or derivative of expanded parts."""
        need(len(parts) == {"comm": 2, "tr": 1, "star": 1, "sq": 1, "D": 1}.get(head, max(len(parts), 2)),
             f"{head} has a wrong number of parts")
        rules: dict[str, Callable[..., Any]] = {
            "+": self.ring.add, "*": self.ring.product, "comm": self.ring.commutator, "tr": self.ring.trace,
            "sq": lambda x: self.square(x, operator), "star": self.star, "D": self.derivative}
        return rules[head](*parts)

    def level(self, node: Any, sign: dict[str, int]) -> int:
        """2 if an expression is positive by its form, 1 if nonnegative, 0 if neither is seen."""
        if not isinstance(node, list):
            return sign.get(node, 0) if NAME.fullmatch(str(node)) else 1 + (number(node) > 0) - (number(node) < 0)
        self.used |= {("sq", node[0] == "sq" and self.value(node[1])[1])}
        args = node[1:] if node[0] in ("+", "*") else node[1:2] if node[0] == "^" and node[2] in range(1, 65) else []
        need(node[0] != "*" or all(self.value(x, self.zeros)[0] for x in args), f"{render(node)} is shown to be 0")
        found = [self.level(x, sign) for x in args] or [int(node[0] == "sq")]
        return max(found) if node[0] == "+" and 0 not in found else min(found)

    # Steps ------------------------------------------------------------------------------------------------------

    def step(self, name: str, s: Any) -> None:
        """Expand one step to zero; it becomes a fact."""
        kind, key, sign = s["kind"], STEPS[s["kind"]][0], SIGNS[s["kind"]]
        need({*s} == {"kind", "lhs", key, "by"}, "a step has wrong keys")
        lhs, left = self.value(s["lhs"], self.zeros)
        if kind == "roots":
            return self.roots(lhs, *s["count"], *s["by"])
        form = ["+", ["sq", s["lhs"]], s[key]] if kind == "zero" else s[key]
        side, right = self.value(form, self.zeros)
        need(not ((left and key == "squares") or (right and key != "rhs")), "an operator has no sign")
        whole = side if kind == "zero" else self.ring.mul(side, lhs) if kind == "cancel" else self.ring.sub(lhs, side)
        need(self.ring.same(whole, self.value(s["by"])[0]), f"{render(s['lhs'])}: the step does not expand to zero")
        need(self.ring.null(self.value(s["by"], self.zeros)[0]), f"{render(s['by'])} is not made of hypotheses")
        need(not sign or sign == self.level(form, self.sign), f"the sign of {render(s[key])} does not follow")
        need(side or key != "squares", f"{render(s['lhs'])} is shown to be 0, not to have a sign")
        self.lasts(s["by"], s[key])
        signed = key == "squares"
        self.asked += [(form, sign)]
        self.enter(name, kind if signed else "zero", whole if kind == "equal" else lhs, left or right,
                   sign * signed)
        need(signed or not self.assumed(name), f"{name} is the derivative of a hypothesis: nothing is shown")
        return None

    def enter(self, name: str, relation: str, value: Any, operator: bool, sign: int = 0) -> None:
        """A step or conclusion becomes a fact."""
        self.facts[name], self.sign[name] = Fact(relation, value, operator), sign
        self.zeros |= {name} if relation == "zero" else set()

    def lasts(self, *nodes: Any) -> None:
        """Refuse D of what need not hold always, or is no hypothesis and no conclusion of a lemma in time."""
        for name in {*moved([*nodes])} & {*self.sign}:
            fine = name in self.tenses.always or name in self.concluded()
            need(fine, f"D is taken of {name}, which need not hold always")

    def assumed(self, name: str) -> bool:
        """Whether a fact is D of a hypothesis that holds always, times a number."""
        for h in self.tenses.always & self.zeros:
            with suppress(ValueError):
                if proportional(self.facts[name].value, self.derivative(self.facts[h].value)):
                    return True
        return False

    def roots(self, x: Any, count: int, low: Any, high: Any, *sturm: Any) -> None:
        """Refuse unless x has so many distinct zeros between two numbers; the rest is Sturm's chain."""
        ring, unknown, changes = self.ring, {name for m, _ in x for name, _ in m}, list[int]()
        need(len(unknown) == 1 and self.data["scalars"].get(*unknown) in unknown, "the unknown is no real scalar")
        self.starred += unknown
        slope = (ring.mul(scalar(c * e), ring.power(atom(n), e - 1)) for (m, _), c in x.items() for n, e in m)
        links = [x, ring.add(*slope)]
        for quotient in sturm[2:]:
            links += [ring.sub(ring.mul(self.value(quotient)[0], links[-1]), links[-2])]
        plain = all({name for name, _ in m} <= unknown and not w for link in links for m, w in link)
        need(plain and not links.pop() and number(low) < number(high), "the chain does not end in 0, or no interval")
        for y, values in zip((low, high), sturm, strict=False):
            at = [ring.image(link, lambda _, e, __, y=y: ring.power(scalar(number(y)), e)) for link in links]
            need(at == [scalar(number(v)) for v in values] and at[0], "a value is wrong, or an end is a zero")
            changes += [sum(number(a) * number(b) < 0 for a, b in pairwise(filter(None, values)))]
        need(type(count) is int and changes[0] - changes[1] == count, "the zeros are counted wrongly")

    def lemma(self, name: str, s: Any) -> None:
        """Check that a lemma fits what it stands on; what it concludes becomes a fact, if it is an equation."""
        keys, rule = LEMMAS[s["kind"]][1:]
        need({*s} == {"kind", *keys.split()}, "a lemma has wrong keys")
        listed = LISTED | ({"on"} if s["kind"] == "Picard-Lindelof" else set())
        shaped = all((type(s[key]) is list) == (key in listed) for key in s if key in listed | NAMED)
        need(shaped, "a lemma has no list, or one in the place of a name")
        for fact, value in rule(self, s).items():
            self.enter(fact or name, "zero", *value)

    # The whole --------------------------------------------------------------------------------------------------

    def check(self) -> str:
        """Return the claim; refuse unless every step expands to zero and every part of the certificate is needed."""
        data, claim = self.data, self.data["claim"]
        need(type(claim) is list and claim and len({*claim}) == len(claim), "it claims nothing, or twice")
        need({*claim} <= {*data["steps"]}, "a claim is no step")
        for name, node in data["let"].items():              # the rates are not known yet: no D in definitions and rates
            self.facts[name] = Fact("let", *self.value(node))
        rates = {name: self.value(node) for name, node in data["rates"].items()}
        scalars = {name for name in data["scalars"] if not rates.get(name, ({}, False))[1]}
        need({*rates} <= {*self.letters, *scalars}, "only letters and scalars have rates, and scalars no operator")
        self.rates = {name: rate for name, (rate, _) in rates.items()}
        for name, (kind, node, _) in data["hypotheses"].items():
            value, operator = self.value(node)
            self.enter(name, kind, value, operator, RELATIONS.index(kind))
            need(kind == "zero" or not operator, "an operator has no sign")
        for name, s in data["steps"].items():
            (self.step if s["kind"] in STEPS else self.lemma)(name, s)
        self.minimal()
        lasting(self)
        self.needed()
        consistent(self)
        return self.text()

    def minimal(self) -> None:
        """Refuse a hypothesis that could be weaker or is not used, and a step without use."""
        steps, hypotheses = self.data["steps"].values(), self.data["hypotheses"]
        for name, (kind, _, _) in hypotheses.items():
            lower = {**self.sign, name: self.sign[name] - 1}
            need(kind == "zero" or any(self.level(x, lower) < k for x, k in self.asked), f"{name} could be weaker")
            if name in self.tenses.wanted:
                need(name in self.tenses.always, f"{name} must hold always, not at one instant alone")
            else:
                need(name not in self.tenses.always, f"{name} need not hold always: at one instant is enough")
        given = [self.facts[name] for name in hypotheses]
        for name in self.zeros - {*self.data["claim"], *self.concluded()}:
            need(given.count(self.facts[name]) < 2 and any(self.matters(name, s) for s in steps), f"{name} unused")

    def matters(self, name: str, s: Any) -> bool:
        """Whether a step would fail without a fact that is zero."""
        if s["kind"] not in STEPS:
            return name in {*names([*s.values()])}
        if name not in {*names(s["by"])} or s["kind"] == "roots":
            return False
        with suppress(ValueError):                          # an adjoint that is not declared would not cancel alone
            return not self.ring.null(self.value(s["by"], self.zeros - {name})[0])
        return True

    def needed(self) -> None:
        """Refuse unless steps are claimed, lemmas too, and all that is declared is used."""
        claim, steps = self.data["claim"], self.data["steps"]
        need({name for name, s in steps.items() if s["kind"] not in STEPS} <= {*claim}, "a lemma is not claimed")
        shown = {*names([*(row[1] for row in self.data["hypotheses"].values()),
                         *([s.get(key) for key in SHOWN] for s in steps.values())])}
        need(not shown & {*self.sign}, "a claim is not written out")
        for name in self.starred:           # it grows on the way: rates agree with the adjoints, theirs are needed too
            x, y = (self.rates.get(n) for n in (name, self.adjoint.get(name) or ""))
            need(x is None or y is None or self.ring.same(y, self.star(x)), f"rate of {name}: no adjoint")
        wanted = {*(name for table in TABLES for name in self.data[table]), *(("D", name) for name in self.rates),
                  *(("star", name) for name, other in self.adjoint.items() if other and name not in self.symbols)}
        wanted -= {*claim, *self.used, *self.starred, *(("star", name) for name in self.starred)}
        wanted -= {*names([s for s in steps.values() if s["kind"] not in STEPS])}
        need(not wanted, f"not needed: {', '.join(sorted(map(str, wanted)))}")

    def text(self) -> str:
        """The formal claim, read from the certificate."""
        return claim_text(self.data, self.tenses)

    def lemmas(self) -> list[str]:
        """The lemmas that the claim stands on, each with its step; the trace form is seen from squares of operators."""
        found = [f"{s['kind']} ({name})" for name, s in self.data["steps"].items() if s["kind"] in LEMMAS]
        return ["trace form"] * (("sq", True) in self.used) + found

