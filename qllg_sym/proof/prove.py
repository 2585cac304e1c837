"""Proves a theorem: numbers first, then algebra, then the certificate."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random
from typing import Any, Protocol

import sympy as sp

from qllg_sym.algebra.scalars import to_expr
from qllg_sym.errors import ProofError
from qllg_sym.proof import checker
from qllg_sym.proof.certificate import Certificate
from qllg_sym.proof.ingredients import Ingredients
from qllg_sym.proof.language import Node, sign_of, to_json
from qllg_sym.proof.lemmas import Lemma
from qllg_sym.proof.normal_form import TheoremAlgebra, is_zero
from qllg_sym.proof.numeric import Numeric, Point, Value, plus, show
from qllg_sym.proof.numeric import is_zero as vanishes
from qllg_sym.proof.step import SIDES, Step

SAMPLES = 3


class Provable(Protocol):
    """What is needed of a theorem."""

    @property
    def id(self) -> str:
        """Its name."""

    @property
    def claim(self) -> str:
        """Its formal claim."""

    @property
    def note(self) -> str:
        """What it says in words."""

    @property
    def steps(self) -> Sequence[Step | Lemma]:
        """Its steps."""

    @property
    def claims(self) -> Sequence[Step | Lemma]:
        """The steps that are the claim."""

    @property
    def ingredients(self) -> Ingredients:
        """What the steps speak of."""

    @property
    def derivatives(self) -> Mapping[Node, Node]:
        """Letter or scalar -> time derivative."""

    @property
    def trajectory(self) -> Mapping[Node, Node] | str:
        """Along which its hypotheses hold: letter -> the hypothesis that fixes it, or "rest"."""

    @property
    def sample(self) -> Callable[[Random], Point]:
        """Random generator -> a point at which the hypotheses hold."""

    @property
    def witness(self) -> Callable[[Random], Point] | None:
        """Random generator -> the point that the certificate has, `sample` if None."""

    @property
    def numeric(self) -> Callable[[], tuple[Any, Any, float]] | None:
        """For scope "numeric": () -> (left value, right value, tolerance)."""


SIGNS = {"nonnegative": 1, "positive": 2, "zero": 1, "cancel": 2}      # the sign that rhs must show, see sign_of_form


def prove(theorem: Provable) -> Certificate:
    """Return the certificate of a theorem.

    1 evaluate hypotheses and steps at random exact points   -> values        (`numeric.py`, no use of the proof)
    2 expand every step to zero                              -> normal forms  (`algebra.py`)
    3 write down what was used                               -> JSON data
    4 replay it where lemmas or all times come in            -> what they say (`checker`, which shares no code)

    Raises:
        ProofError: a claim is false (with a counterexample), a step does not expand to zero, or a sample is wrong.
    """
    if theorem.numeric:
        left, right, tolerance = theorem.numeric()
        if not abs(left - right) <= tolerance:
            raise ProofError(f"`{theorem.id}` is false: {left} and {right} differ by more than {tolerance}.",
                             {"at": theorem.note, "lhs": left, "rhs": right})
        return Certificate(theorem.id, theorem.claim, None)
    for number in range(SAMPLES):
        evaluate(theorem, theorem.sample(Random(f"{theorem.id} {number}")))
    expand(theorem)
    written = data(theorem)
    if theorem.ingredients.lemmas or theorem.ingredients.tenses.always:
        row, = checker.replay({"theorems": [written]})
        if not row["accepted"]:
            raise ProofError(f"`{theorem.id}` must be accepted by the checker, but {row['reason']}; mend the record.")
    return Certificate(theorem.id, theorem.claim, written)


def evaluate(theorem: Provable, point: Point) -> None:
    """Refuse a theorem of which a step is false at a point; the claims are tried first.

    Raises:
        ProofError: with the counterexample {"step", "claim", "at", "lhs", "rhs"}; without one if the sample is wrong.
    """
    at = Numeric(point, {a.name: value for a, value in theorem.derivatives.items()}, theorem.ingredients.dimension)
    for h in theorem.ingredients.hypotheses:
        found = at.value(h.about[1])
        if not _holds(h.about[0], found):
            raise ProofError(f"`{theorem.id}`: the hypothesis {h.name} must hold at the sample, but {h.about[1]} is "
                             f"{show(found)}; mend `sample`.")
    for step in {step.name: step for step in (*theorem.claims, *theorem.steps)}.values():
        if isinstance(step, Lemma):
            _evaluate_lemma(theorem, step, at)
            continue
        lhs, rhs = at.value(step.lhs) if step.kind != "roots" else None, None
        if step.kind == "roots":
            lhs, rhs = _count(step), step.rhs.args[0]
            true = lhs == rhs
        elif step.kind == "equal":
            rhs = at.value(step.rhs)
            true = vanishes(plus(lhs, rhs, -1))
        else:
            true = _holds(step.kind, lhs)
        if not true:
            shown = "" if step.kind != "equal" else f", not {show(rhs)}"
            raise ProofError(f"`{theorem.id}` is false in its step {step.name}, {step.claim}: at {point} its left side "
                             f"is {show(lhs) if step.kind != 'roots' else lhs}{shown}.",
                             {"step": step.name, "claim": step.claim, "at": point, "lhs": lhs, "rhs": rhs})


def _evaluate_lemma(theorem: Provable, lemma: Lemma, at: Numeric) -> None:
    """Refuse a lemma whose equations do not hold at a point."""
    for name, x in lemma.equations:
        found = at.value(x)
        if not vanishes(found):
            counterexample = {"step": lemma.name, "claim": lemma.claim, "at": at.point, "lhs": found, "rhs": None}
            raise ProofError(f"`{theorem.id}` is false in its step {lemma.name}, {lemma.claim}: at {at.point} {name} "
                             f"is {show(found)}.", counterexample)


def _holds(kind: str, value: Value) -> bool:
    """Whether a value has the sign that a relation asks for."""
    if kind not in ("nonnegative", "positive"):
        return vanishes(value)
    return not isinstance(value, tuple) and not value.y and (value.x > 0 or (kind == "nonnegative" and value.x == 0))


def expand(theorem: Provable) -> None:
    """Refuse a theorem of which a step does not expand to zero.

    Raises:
        ProofError: with the terms that are left.
    """
    for step in theorem.ingredients.identities:
        if step.kind == "roots":
            continue
        rest = theorem.ingredients.remainders[step.name]
        if not is_zero(rest):
            raise ProofError(f"`{theorem.id}`: the `by` of step {step.name} must make up the difference of its sides, "
                             f"but leaves {_terms(rest)}; mend it.")
        if not is_zero(theorem.ingredients.algebra.expand(step.by, zero=True)):
            raise ProofError(f"`{theorem.id}`: the `by` of step {step.name} must vanish with its hypotheses, but has a "
                             "term without one; mend it.")
        if sign_of_form(step.rhs) != SIGNS.get(step.kind, sign_of_form(step.rhs)):
            raise ProofError(f"`{theorem.id}`: the sign of {step.rhs} in step {step.name} must be seen from its form, "
                             f"and be what {step.kind} asks for, but is not; write it as a sum of products of sq(…) "
                             "and scalars with a sign, or claim the sign that it has.")
        if step.kind in ("nonnegative", "positive") and is_zero(theorem.ingredients.algebra.expand(step.rhs)):
            raise ProofError(f"`{theorem.id}`: the right side of step {step.name} must not be zero, but is; use "
                             "equal().")


def sign_of_form(x: Node) -> int:
    """Return 2 if an expression is positive, 1 if it is nonnegative, 0 if neither is seen from its form.

    >>> from qllg_sym.proof.language import scalars, sq
    >>> x, = scalars("x"); sign_of_form(1 + sq(x)), sign_of_form(sq(x)), sign_of_form(x)
    (2, 1, 0)
    """
    if x.head == "num":
        return 2 if x.args[0] > 0 else int(x.args[0] == 0)
    if x.head == "sym":
        return {"": 0, "nonnegative": 1, "positive": 2}[sign_of(x)]
    if x.head == "hyp":
        return {"zero": 0, "nonnegative": 1, "positive": 2}[x.about[0]]
    if x.head == "sq":
        return 1
    if x.head == "^":
        return sign_of_form(x.args[0])
    levels = [sign_of_form(a) for a in x.args] if x.head in ("+", "*") else [0]
    return max(levels) if x.head == "+" and 0 not in levels else min(levels)


def _polynomial(step: Step) -> sp.Poly:
    """The polynomial of a `roots` step."""
    return sp.Poly(to_expr(TheoremAlgebra(step.nodes, {}).expand(step.lhs).coefficient(((), ()))))


def _count(step: Step) -> int:
    """Zeros of the polynomial of a `roots` step, by SymPy's isolation."""
    low, high = (sp.Rational(x.args[0].numerator, x.args[0].denominator) for x in step.by)
    return int(_polynomial(step).count_roots(low, high))


def _terms(rest: Any) -> str:
    """The first terms of a normal form that should be zero."""
    elements = [x for row in rest for x in row] if isinstance(rest, tuple) else [rest]
    shown = [f"{'i ' if k else ''}({c}) {_basis(basis)}".strip() for x in elements for (k, basis), c in x.terms.items()]
    return " + ".join(shown[:6]) + (f" + … ({len(shown)} terms)" if len(shown) > 6 else "")


def _basis(basis: Any) -> str:
    """Traces and words as text."""
    def run(name: Any, e: Any) -> str:
        text = " + ".join(str(n) if not s else s if n == 1 else f"{n}*{s}" for s, n in e)
        return (name if isinstance(name, str) else f"tr({word(name[1])})") + ("" if text == "1" else f"^({text})")

    def word(runs: Any) -> str:
        return " ".join(run(*r) for r in runs) or "1"
    return " ".join(word(part) for part in basis if part)


def data(theorem: Provable) -> dict[str, Any]:
    """Return the certificate of a theorem as JSON data; what is not needed is left out."""
    ingredients = theorem.ingredients
    return {
        "id": theorem.id, "dimension": ingredients.dimension, "letters": ingredients.letters,
        "scalars": ingredients.scalars, "exponents": ingredients.exponents,
        "rates": {a.name: to_json(value) for a, value in ingredients.derivatives.items()},
        "let": {x.name: to_json(x.about) for x in ingredients.lets},
        "hypotheses": {h.name: [h.about[0], to_json(h.about[1]), ingredients.tenses.of(h)]
                       for h in ingredients.hypotheses},
        "steps": {s.name: s.json if isinstance(s, Lemma) else _step(s) for s in theorem.steps},
        "claim": [s.name for s in theorem.claims],
        "trajectory": _trajectory(theorem),
        "witness": _witness(theorem) if ingredients.given else {},
        "note": theorem.note}


def _trajectory(theorem: Provable) -> Any:
    """Along which the hypotheses hold, as JSON data."""
    if not theorem.ingredients.tenses.always:
        return {}
    way = theorem.trajectory
    return way if isinstance(way, str) else {u.name: h.name for u, h in way.items()}


def _step(s: Step) -> dict[str, Any]:
    """A step as JSON data."""
    if s.kind == "roots":
        return {"kind": s.kind, "lhs": to_json(s.lhs), "count": [*map(to_json, (s.rhs, *s.by))], "by": [*_sturm(s)]}
    side = to_json(s.rhs, signed=s.kind in SIGNS)
    return {"kind": s.kind, "lhs": to_json(s.lhs), SIDES[s.kind]: side, "by": to_json(s.by)}


def _sturm(s: Step) -> Iterator[Any]:
    """The values of Sturm's chain at both ends, then the quotients that make it from the polynomial."""
    poly = _polynomial(s)
    chain, quotients = [poly, poly.diff()], []
    while chain[-1]:
        quotient, rest = sp.div(chain[-2], chain[-1])
        quotients.append(quotient)
        chain.append(-rest)
    for y in s.by:
        at = sp.Rational(y.args[0].numerator, y.args[0].denominator)
        yield [_rational(link.eval(at)) for link in chain[:-1]]
    for quotient in quotients:
        terms = [["*", _rational(c), ["^", str(poly.gen), k]] for (k,), c in quotient.terms()]
        yield ["+", 0, *terms]


def _witness(theorem: Provable) -> dict[str, Any]:
    """The values of the letters and scalars of the hypotheses, and of the rates that must be 0 there."""
    point, given = (theorem.witness or theorem.sample)(Random(f"{theorem.id} 0")), theorem.ingredients.given
    tables: tuple[Mapping[str, Any], ...] = (point.letters, point.scalars, point.exponents)
    return {name: _plain(value) for table in tables for name, value in table.items() if name in given}


def _plain(value: Any) -> Any:
    """A value at the witness as JSON of the language."""
    if isinstance(value, int):
        return value
    if isinstance(value, tuple):
        return ["matrix", [[_plain(x) for x in row] for row in value]]
    re, im = (_rational(q) for q in (value.x, value.y))
    return ["+", re, ["*", im, "i"]] if im else re


def _rational(q: Any) -> int | str:
    """A rational number as JSON."""
    return int(q.numerator) if q.denominator == 1 else f"{q.numerator}/{q.denominator}"
