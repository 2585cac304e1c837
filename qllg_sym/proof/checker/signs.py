"""The sign of an expression as it is seen from its form: a sum of products of squares and of facts with a sign."""


from .certificate import NAME, RELATIONS, Certificate, number
from .polynomial import Formula, need
from .text import render

UNSEEN, NONNEGATIVE, POSITIVE = range(len(RELATIONS))


def sign_of_form(claim: Certificate, node: Formula, signs: dict[str, int]) -> int:
    """POSITIVE, NONNEGATIVE, or UNSEEN; `signs` are those of facts."""
    if not isinstance(node, list):
        return signs.get(str(node), UNSEEN) if NAME.fullmatch(str(node)) else sign_of_number(node)
    match node:
        case ["sq", inner]:
            if claim.value(inner).operator:
                claim.used.add(("sq", True))
            return NONNEGATIVE
        case ["^", base, int(power)] if 1 <= power <= 64:
            return sign_of_form(claim, base, signs)
        case ["*", *factors]:
            shown = all(claim.polynomial(x, claim.zeros) for x in factors)
            need(shown, f"{render(node)} is shown to be 0")
            return min(sign_of_form(claim, x, signs) for x in factors)
        case ["+", *terms]:
            found = [sign_of_form(claim, x, signs) for x in terms]
            return UNSEEN if UNSEEN in found else max(found)
    return UNSEEN


def sign_of_number(node: Formula) -> int:
    """The sign of a number: 0 is nonnegative."""
    x = number(node)
    return POSITIVE if x > 0 else NONNEGATIVE if x == 0 else UNSEEN
