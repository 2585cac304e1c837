"""Lemmas about motion in time. What they conclude holds always; their premises must (`classical.LEMMAS`, `tense`)."""


from .certificate import Certificate
from .polynomial import Formula, Step, names
from .premises import (
    NOTHING,
    Facts,
    difference,
    earlier,
    fit,
    hypothesis,
    implicit,
    is_hermitian,
    is_real_scalar,
    minus,
    same,
    says,
)
from .tense import names as written


def picard_lindelof(claim: Certificate, step: Step) -> Facts:
    """|D N| <= C |N| with a continuous C has one solution from N = 0: N = 0 at one instant, hence always.

    For each N: D N − i c [r, D N] is a sum of terms with a factor of these N, and N is 0 at one instant.
    """
    lemma, facts = "Picard-Lindelof", Facts()
    columns = (step[key] for key in ("facts", "zeros", "start", "on", "through"))
    for fact, n, start, on, (c, r) in zip(*columns, strict=True):
        fit(n in claim.data["let"], lemma, f"{n} is no definition")
        what = claim.value(n)
        fit(start in claim.zeros and claim.facts[start].value == what.polynomial, lemma,
            f"{start} does not say that {n} is 0")
        fit(start not in claim.tenses.lasting, lemma, f"{start} holds always: there is nothing to keep")
        is_kept(claim, n, on, c, r, {*step["zeros"]})
        facts[fact] = what
    fit(facts and len(facts) == len({*step["zeros"]}), lemma, "a name stands twice")
    return facts


def is_kept(claim: Certificate, n: str, on: str, c: Formula, r: Formula, zeros: set[str]) -> None:
    """Refuse unless a step is D N − i c [r, D N] = terms that vanish with the zeros, c real and r Hermitian."""
    lemma, moves = "Picard-Lindelof", earlier(claim, on, "equal")
    bounded_by(claim, c, r)
    fit(same(claim, moves["lhs"], implicit(["D", n], c, r)), lemma, f"{on} is not about D({n})")
    fit("D" not in written(moves["rhs"]), lemma, f"{on} has a derivative on its right side")
    fit(claim.ring.is_zero(claim.polynomial(moves["rhs"], zeros)), lemma, f"{on} has a term without a factor that is 0")


def bounded_by(claim: Certificate, c: Formula, r: Formula) -> None:
    """Refuse unless V − i c [r, V] bounds V: c is real and r is Hermitian."""
    fit(is_real_scalar(claim, c) and is_hermitian(claim, r), "a lemma",
        "a factor is not real, or an operator not Hermitian")


def gronwall(claim: Certificate, step: Step) -> Facts:
    """D x <= L x + c, all real, L and c constant: x(t) <= e^(Lt) x(0) + c (e^(Lt) − 1)/L, or x(0) + c t if L = 0."""
    lemma, x, rate, rest = "Gronwall", step["x"], step["L"], step["c"]
    fit(all(is_real_scalar(claim, node) for node in (x, rate, rest)), lemma, "x, L and c are not real scalars")
    pattern = difference(["+", ["*", rate, x], rest], ["D", x])
    fit(says(claim, step["on"], "nonnegative", pattern), lemma, f"{step['on']} is not L x + c - D(x) >= 0")
    for node in (rate, rest):
        known = not claim.polynomial(["D", node])
        shown = any([says(claim, name, "equal", ["D", node]) for name in step["constant"]])
        fit(known or shown, lemma, "L or c is not shown to be constant")
    return NOTHING


def lasalle(claim: Certificate, step: Step) -> Facts:
    """Solutions in a compact set of an autonomous smooth law tend to the largest invariant set where a falling E rests.

    The law is V − i c [r, V] = f for the rate V of a Hermitian letter r, f without V, all else constant; |r| is too.
    """
    lemma, r, energy = "LaSalle", step["state"], step["energy"]
    is_autonomous(claim, r, step["law"], step["damping"], energy)
    fit(says(claim, step["on"], "nonnegative", minus(["D", energy])), lemma, f"{step['on']} is not about E")
    fit(says(claim, step["bounded"], "equal", ["D", ["sq", r]]), lemma,
        f"{step['bounded']} does not say that |{r}| is constant")
    return NOTHING


def is_autonomous(claim: Certificate, r: Formula, law_name: str, c: Formula, energy: Formula) -> None:
    """Refuse unless a hypothesis is V − i c [r, V] = f, V the rate of r, and all else in it and in E is constant."""
    lemma, law, v = "LaSalle", hypothesis(claim, law_name), claim.data["rates"].get(r)
    free = isinstance(v, str) and v in claim.letters and v not in claim.rates
    fit(claim.letters.get(r) == r and free, lemma, f"the rate of {r} is no free letter")
    bounded_by(claim, c, r)
    right_side = claim.ring.subtract(law, claim.polynomial(implicit(v, c, r)))
    fit(v not in names(right_side), lemma, f"{law_name} is not such a law")
    constant = {name for name, rate in claim.rates.items() if not rate}
    moving = (names(law) | names(claim.polynomial(energy)) | names(claim.polynomial(c))) - {r, v, "i"} - constant
    fit(not moving, lemma, f"not declared constant: {', '.join(sorted(map(str, moving)))}")
    claim.used |= {("D", name) for name in names(law) & constant}

