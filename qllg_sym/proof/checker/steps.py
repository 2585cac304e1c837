"""The kinds of steps, one function each: what is expanded to zero, and what the step says then.

A step is an identity. Its `by` is made of hypotheses and earlier steps: it equals what the kind of the step says, and
vanishes with them; so the step follows. Where both sides are expanded, facts that are 0 count as 0.
"""

from contextlib import suppress

from .certificate import RELATIONS, Certificate
from .polynomial import Formula, Polynomial, Step, need, proportional
from .signs import NONNEGATIVE, POSITIVE, UNSEEN, sign_of_form
from .sturm import roots
from .tense import differentiated
from .text import SIDES, render


def equal(claim: Certificate, name: str, step: Step) -> None:
    """Say lhs = rhs because lhs − rhs = by."""
    left, right = claim.value(step["lhs"], claim.zeros), claim.value(step["rhs"], claim.zeros)
    difference = claim.ring.subtract(left.polynomial, right.polynomial)
    follows(claim, step, difference)
    conclude_zero(claim, name, difference, left.operator or right.operator)


def inequality(claim: Certificate, name: str, step: Step) -> None:
    """Say lhs >= 0, or lhs > 0, because lhs − squares = by, and squares has that sign by its form."""
    sign = RELATIONS.index(step["kind"])
    left, right = claim.value(step["lhs"], claim.zeros), claim.value(step["squares"], claim.zeros)
    need(not left.operator and not right.operator, "an operator has no sign")
    follows(claim, step, claim.ring.subtract(left.polynomial, right.polynomial))
    has_sign(claim, step["squares"], sign, step)
    need(right.polynomial, f"{render(step['lhs'])} is shown to be 0, not to have a sign")
    claim.enter(name, step["kind"], left.polynomial, operator=False, sign=sign)


def zero(claim: Certificate, name: str, step: Step) -> None:
    """Say lhs = 0 because sq(lhs) + rest = by, and rest is nonnegative by its form."""
    left, form = claim.value(step["lhs"], claim.zeros), ["+", ["sq", step["lhs"]], step["rest"]]
    total = claim.value(form, claim.zeros)
    need(not total.operator, "an operator has no sign")
    follows(claim, step, total.polynomial)
    has_sign(claim, form, NONNEGATIVE, step)
    conclude_zero(claim, name, left.polynomial, left.operator)


def cancel(claim: Certificate, name: str, step: Step) -> None:
    """Say lhs = 0 because factor · lhs = by, and factor is positive by its form."""
    left, factor = claim.value(step["lhs"], claim.zeros), claim.value(step["factor"], claim.zeros)
    need(not factor.operator, "an operator has no sign")
    follows(claim, step, claim.ring.multiply(factor.polynomial, left.polynomial))
    has_sign(claim, step["factor"], POSITIVE, step)
    conclude_zero(claim, name, left.polynomial, left.operator)


def count_roots(claim: Certificate, name: str, step: Step) -> None:
    """Say that lhs, a polynomial in one real scalar, has so many zeros in an interval; `sturm` has the rule."""
    roots(claim, claim.polynomial(step["lhs"], claim.zeros), *step["count"], *step["by"])


RULES = {"equal": equal, "nonnegative": inequality, "positive": inequality, "zero": zero, "cancel": cancel,
         "roots": count_roots}


def check_step(claim: Certificate, name: str, step: Step) -> None:
    """Refuse a step that does not follow; it becomes a fact."""
    need({*step} == {"kind", "lhs", SIDES[step["kind"]], "by"}, "a step has wrong keys")
    RULES[step["kind"]](claim, name, step)


def follows(claim: Certificate, step: Step, whole: Polynomial) -> None:
    """Refuse a step unless `by` is what it must be, vanishes with the facts, and differentiates none at one instant."""
    by, side = step["by"], step[SIDES[step["kind"]]]
    need(claim.ring.equal(whole, claim.polynomial(by)), f"{render(step['lhs'])}: the step does not expand to zero")
    need(claim.ring.is_zero(claim.polynomial(by, claim.zeros)), f"{render(by)} is not made of hypotheses")
    for name in {*differentiated(by), *differentiated(side)} & {*claim.sign}:
        fine = name in claim.tenses.always or name in claim.concluded()
        need(fine, f"D is taken of {name}, which need not hold always")


def has_sign(claim: Certificate, form: Formula, sign: int, step: Step) -> None:
    """Refuse a step unless a form has this sign, and no stronger one."""
    side = step[SIDES[step["kind"]]]
    need(sign_of_form(claim, form, claim.sign) == sign, f"the sign of {render(side)} does not follow")
    claim.asked.append((form, sign))


def conclude_zero(claim: Certificate, name: str, x: Polynomial, operator: bool) -> None:
    """What a step shows to be 0 becomes a fact; refuse what is assumed already."""
    claim.enter(name, "zero", x, operator, UNSEEN)
    need(not assumed(claim, x), f"{name} is the derivative of a hypothesis: nothing is shown")


def assumed(claim: Certificate, x: Polynomial) -> bool:
    """Whether a polynomial is D of a hypothesis that holds always, times a number."""
    for name in claim.tenses.always & claim.zeros:
        with suppress(ValueError):                          # its derivative may not be declared
            if proportional(x, claim.derivative(claim.facts[name].value)):
                return True
    return False
