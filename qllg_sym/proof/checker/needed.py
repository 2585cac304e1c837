"""Every part of a certificate is needed: no hypothesis could be left out or be weaker, nothing is declared in vain."""

from contextlib import suppress

from .certificate import TABLES, Certificate
from .classical import EXPRESSION, LEMMAS
from .polynomial import Step, need
from .signs import sign_of_form
from .tense import names

# What the text of a claim shows of steps, so that no name of a fact may hide in it.
SHOWN = {"lhs", "rhs", "symmetric", "through", *(
    key for lemma in LEMMAS.values() for key, sort in lemma.parts.items() if sort == EXPRESSION)}


def nothing_is_superfluous(claim: Certificate) -> None:
    """Refuse a hypothesis that is too strong, and whatever is not used."""
    for name, (relation, _, _) in claim.data["hypotheses"].items():
        is_weakest(claim, name, relation)
        lasts_as_needed(claim, name)
    given = [claim.facts[name] for name in claim.data["hypotheses"]]
    for name in claim.zeros - {*claim.data["claim"], *claim.concluded()}:
        once = given.count(claim.facts[name]) < 2
        need(once and any(matters(claim, name, step) for step in claim.data["steps"].values()), f"{name} unused")


def is_weakest(claim: Certificate, name: str, relation: str) -> None:
    """Refuse a hypothesis "> 0" where ">= 0" would do, and one of a sign that no step asks for."""
    weaker = {**claim.sign, name: claim.sign[name] - 1}
    missed = any(sign_of_form(claim, form, weaker) < sign for form, sign in claim.asked)
    need(relation == "zero" or missed, f"{name} could be weaker")


def lasts_as_needed(claim: Certificate, name: str) -> None:
    """Refuse a hypothesis that holds always where one instant is enough, or the other way round."""
    always = name in claim.tenses.always
    if name in claim.tenses.wanted:
        need(always, f"{name} must hold always, not at one instant alone")
    else:
        need(not always, f"{name} need not hold always: at one instant is enough")


def matters(claim: Certificate, name: str, step: Step) -> bool:
    """Whether a step would fail without a fact that is zero."""
    if step["kind"] in LEMMAS:
        return name in {*names([*step.values()])}
    if name not in {*names(step["by"])} or step["kind"] == "roots":
        return False
    with suppress(ValueError):                              # an adjoint that is not declared would not cancel alone
        return not claim.ring.is_zero(claim.polynomial(step["by"], claim.zeros - {name}))
    return True


def all_is_used(claim: Certificate) -> None:
    """Refuse unless what is claimed is written out, rates agree with adjoints, and all that is declared is used."""
    is_written_out(claim)
    rates_agree(claim)
    wanted = {name for table in TABLES for name in claim.data[table]} - {*claim.data["claim"]}
    wanted |= {("D", name) for name in claim.rates}
    wanted |= {("star", name) for name, other in claim.adjoint.items() if other and name not in claim.symbols}
    cited = {*names([step for step in claim.data["steps"].values() if step["kind"] in LEMMAS])}
    starred = {*claim.starred, *(("star", name) for name in claim.starred)}
    wanted -= claim.used | starred | cited
    need(not wanted, f"not needed: {', '.join(sorted(map(str, wanted)))}")


def is_written_out(claim: Certificate) -> None:
    """Refuse a lemma that is not claimed, and a claim that shows a fact by its name."""
    steps, claimed = claim.data["steps"], claim.data["claim"]
    need({name for name, step in steps.items() if step["kind"] in LEMMAS} <= {*claimed}, "a lemma is not claimed")
    hypotheses = [row[1] for row in claim.data["hypotheses"].values()]
    shown = {*names([*hypotheses, *([step.get(key) for key in SHOWN] for step in steps.values())])}
    need(not shown & {*claim.sign}, "a claim is not written out")


def rates_agree(claim: Certificate) -> None:
    """Refuse rates of partners that are not adjoint; to take these adjoints may need others, whose rates must agree."""
    for name in claim.starred:                              # it grows on the way
        rate, partner = claim.rates.get(name), claim.rates.get(claim.adjoint[name] or "")
        need(rate is None or partner is None or claim.ring.equal(partner, claim.star(rate)),
             f"rate of {name}: no adjoint")
