"""The steps of a proof: identities, and what each gives to later ones."""

from dataclasses import dataclass
from typing import Any

from qllg_sym.proof.language import Node, Operand, hypothesis, node, to_json

RELATIONS = {"zero": " = 0", "nonnegative": " >= 0", "positive": " > 0"}
SIDES = {"equal": "rhs", "nonnegative": "squares", "positive": "squares", "zero": "rest", "cancel": "factor",
         "roots": "count"}                      # kind of step -> what a certificate calls its second side


@dataclass(frozen=True)
class Step:
    """One identity: `kind` says how lhs, rhs and by must fit (see the functions below, which make steps)."""

    name: str
    kind: str
    lhs: Node
    rhs: Node
    by: Any                                     # a Node; (low, high) for roots

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The expressions of this step."""
        return (self.lhs, self.rhs, *(self.by if self.kind == "roots" else (self.by,)))

    @property
    def fact(self) -> Node:
        """What this step gives to later ones, as a hypothesis of theirs."""
        if self.kind == "equal":
            return hypothesis(self.name, self.lhs - self.rhs)
        return hypothesis(self.name, self.lhs, self.kind if self.kind in RELATIONS else "zero")

    @property
    def claim(self) -> str:
        """The step as formal text."""
        if self.kind == "equal":
            return f"{self.lhs} = {self.rhs}"
        if self.kind == "roots":
            return f"{self.lhs} has {self.rhs} zeros between {' and '.join(str(to_json(x)) for x in self.by)}"
        return f"{self.lhs}{RELATIONS.get(self.kind, ' = 0')}"


def equal(name: str, lhs: Operand, rhs: Operand = 0, by: Operand = 0) -> Step:
    """Claim lhs = rhs because lhs − rhs = by, an expression in hypotheses that vanishes with them."""
    return Step(name, "equal", node(lhs), node(rhs), node(by))


def nonnegative(name: str, expr: Operand, rhs: Operand, by: Operand = 0) -> Step:
    """Claim expr ≥ 0 because expr = rhs + by, where rhs is a sum of products of `sq(…)` and nonnegative scalars."""
    return Step(name, "nonnegative", node(expr), node(rhs), node(by))


def positive(name: str, expr: Operand, rhs: Operand, by: Operand = 0) -> Step:
    """Claim expr > 0 because expr = rhs + by, where rhs has one positive term and no negative one."""
    return Step(name, "positive", node(expr), node(rhs), node(by))


def zero(name: str, expr: Operand, by: Operand, rest: Operand = 0) -> Step:
    """Claim expr = 0 because sq(expr) + rest = by, where rest is nonnegative by its form."""
    return Step(name, "zero", node(expr), node(rest), node(by))


def cancel(name: str, expr: Operand, factor: Operand, by: Operand) -> Step:
    """Claim expr = 0 because factor · expr = by, where factor is a positive scalar by its form."""
    return Step(name, "cancel", node(expr), node(factor), node(by))


def roots(name: str, poly: Node, count: int, low: Operand, high: Operand) -> Step:
    """Claim that a polynomial in one scalar has `count` distinct zeros between two rationals that are no zeros."""
    return Step(name, "roots", poly, node(count), (node(low), node(high)))
