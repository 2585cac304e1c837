"""The rules of the classical lemmas, one function each, and how a step that cites one is checked.

A rule takes the claim and the step, refuses what does not fit, and returns the equations that the lemma concludes, by
name ("" for that of the step itself); its other conclusions are text (`classical.LEMMAS`). Letters are continuous
functions of time; those with a rate are differentiable.
"""

from collections.abc import Callable

from .certificate import Certificate
from .classical import LEMMAS, LIST, NAME
from .entanglement import horodecki, peres, wootters
from .motion import gronwall, lasalle, picard_lindelof
from .operators import cayley_hamilton, characteristic_polynomial, constant_spectrum, rank_nullity, spectral_theorem
from .polynomial import Step, need
from .premises import Facts, fit


def trace_form(claim: Certificate, step: Step) -> Facts:
    """No step cites it: it is seen from the squares of operators in steps that show a sign or a zero."""
    fit(False, "trace form", "no step cites it")
    return {}


RULES: dict[str, Callable[[Certificate, Step], Facts]] = {
    "trace form": trace_form, "rank-nullity": rank_nullity, "spectral theorem": spectral_theorem,
    "constant spectrum": constant_spectrum, "characteristic polynomial": characteristic_polynomial,
    "Cayley-Hamilton": cayley_hamilton, "Picard-Lindelof": picard_lindelof, "Horodecki": horodecki, "Peres": peres,
    "Wootters": wootters, "LaSalle": lasalle, "Gronwall": gronwall}


def check_lemma(claim: Certificate, name: str, step: Step) -> None:
    """Refuse a step whose lemma does not fit; the equations that it concludes become facts."""
    parts = LEMMAS[step["kind"]].parts
    need({*step} == {"kind", *parts}, "a lemma has wrong keys")
    for key, sort in parts.items():
        fine = {LIST: isinstance(step[key], list), NAME: isinstance(step[key], str)}.get(sort, True)
        need(fine, "a lemma has no list, or one in the place of a name")
    for fact, x in RULES[step["kind"]](claim, step).items():
        claim.enter(fact or name, "zero", x.polynomial, x.operator)
