"""What lemmas stand on: earlier steps and hypotheses, held against patterns.

A pattern is an expression in the language of certificates, written out in a rule with the parts of the step in it.
"""

from typing import Any

from .certificate import Certificate, Value
from .polynomial import Formula, Polynomial, Step, need

Facts = dict[str, Value]                                # what a lemma concludes to be 0, by name
NOTHING = Facts()


def fit(condition: Any, lemma: str, what: str) -> None:
    """Refuse the claim unless a lemma's condition holds."""
    need(condition, f"{lemma} does not fit: {what}")


def minus(node: Formula) -> Formula:
    """The pattern of −a."""
    return ["*", -1, node]


def difference(a: Formula, b: Formula) -> Formula:
    """The pattern of a − b."""
    return ["+", a, minus(b)]


def implicit(v: Formula, c: Formula, r: Formula) -> Formula:
    """The pattern of V − i c [r, V], than which V has no larger norm if c is real and r Hermitian."""
    return difference(v, ["*", "i", c, ["comm", r, v]])


def hypothesis(claim: Certificate, name: str) -> Polynomial:
    """What a hypothesis says is 0."""
    given = name in claim.data["hypotheses"] and claim.facts[name].relation == "zero"
    fit(given, "a lemma", f"{name} is no such hypothesis")
    return claim.facts[name].value


def earlier(claim: Certificate, name: str, kind: str) -> Step:
    """An earlier step of a kind."""
    steps = claim.data["steps"]
    fit(name in steps and name in claim.facts and steps[name]["kind"] == kind, "a lemma", f"{name} is no step {kind}")
    return steps[name]


def about(claim: Certificate, name: str, kind: str) -> Polynomial:
    """What an earlier step of a kind is about: its left side, less its right side in an equation."""
    step = earlier(claim, name, kind)
    return claim.polynomial(difference(step["lhs"], step["rhs"]) if kind == "equal" else step["lhs"])


def says(claim: Certificate, name: str, kind: str, pattern: Formula) -> bool:
    """Whether an earlier step of a kind is about a pattern."""
    return claim.ring.equal(about(claim, name, kind), claim.polynomial(pattern))


def same(claim: Certificate, a: Formula, b: Formula) -> bool:
    """Whether two expressions expand to the same."""
    return claim.ring.equal(claim.polynomial(a), claim.polynomial(b))


def is_real_scalar(claim: Certificate, node: Formula) -> bool:
    """Whether an expression is a scalar that is its own adjoint."""
    x = claim.value(node)
    return not x.operator and claim.is_real(x.polynomial)


def is_hermitian(claim: Certificate, node: Formula) -> bool:
    """Whether an expression is its own adjoint."""
    return claim.is_real(claim.polynomial(node))
