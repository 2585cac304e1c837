"""Lemmas about operators of finite dimension: linear maps, spectra, characteristic polynomials."""

from fractions import Fraction

from .certificate import Certificate, Value
from .polynomial import Polynomial, Step, degrees, has_symbol, letter, names, scalar
from .premises import NOTHING, Facts, difference, fit, hypothesis, is_hermitian, is_real_scalar, says
from .ring import Ring


def rank_nullity(claim: Certificate, step: Step) -> Facts:
    """An injective linear map of a finite-dimensional space into itself is bijective.

    L(Z) = 0 gives Z = 0 at any instant, and a hypothesis L(X) = f, L and f without X, has one solution X; it is
    Hermitian, if X is declared so, for L(X) − f is its own adjoint then, or minus it.
    """
    is_injective_map(claim, step)
    is_solved_by_it(claim, step)
    return NOTHING


def is_injective_map(claim: Certificate, step: Step) -> None:
    """Refuse unless `kernel` is L(Z) = 0 with a linear L, and gives Z = 0 by `on`; nothing else is known of Z."""
    lemma, z, kernel = "rank-nullity", step["unknown"], hypothesis(claim, step["kernel"])
    own = {z, claim.adjoint.get(z)}
    fit(z in claim.letters and claim.letters[z] != z, lemma, f"{z} is no operator, or its own adjoint")
    fit(degrees(kernel, z) == {1} and claim.letters[z] not in names(kernel), lemma,
        f"{step['kernel']} is not linear in {z}")
    fit(step["kernel"] not in claim.tenses.always, lemma, f"{step['kernel']} must be enough at one instant")
    shown, is_earlier = claim.data["steps"].get(step["on"], {"kind": ""}), step["on"] in claim.facts
    fit(is_earlier and shown["kind"] in ("zero", "cancel") and claim.polynomial(shown["lhs"]) == letter(z), lemma,
        f"{step['on']} does not show that {z} is 0")
    for name, x in known_otherwise(claim, step["on"], step["kernel"]):
        fit(not names(x) & own, lemma, f"{name} is about {z} too")


def is_solved_by_it(claim: Certificate, step: Step) -> None:
    """Refuse unless `law` is L(X) = f, where L and f are without X, and L(X) − f is its own adjoint if X is."""
    lemma, z, x = "rank-nullity", step["unknown"], step["solution"]
    kernel, law = hypothesis(claim, step["kernel"]), hypothesis(claim, step["law"])
    fit(x in claim.letters, lemma, f"{x} is no operator")
    image = claim.ring.substitute(kernel, lambda name, e, whole: claim.ring.power(
        claim.facts[x if name == z else name].value, e))
    right_side = names(claim.ring.subtract(law, image))
    fit(not right_side & {x, claim.letters[x], z, claim.letters[z]}, lemma,
        f"{step['law']} is not the map of {step['kernel']} at {x} and a term without {x}")
    fit(not names(kernel) & {x, claim.letters[x]}, lemma, f"{x} stands in the map of {step['kernel']}")
    fit(claim.letters[x] != x or claim.is_real(law) or claim.ring.is_zero(claim.ring.add(law, claim.star(law))), lemma,
        f"{step['law']} is not its own adjoint, as {x} is")


def known_otherwise(claim: Certificate, on: str, *but: str) -> list[tuple[str, Polynomial]]:
    """What a step stands on, apart from some hypotheses: the other hypotheses, and all rates."""
    others = claim.tenses.ground.get(on, set()) - {*but}
    return [*((name, claim.facts[name].value) for name in others),
            *((f"D({name})", rate) for name, rate in claim.rates.items())]


def spectral_theorem(claim: Certificate, step: Step) -> Facts:
    """A Hermitian operator is the sum of its real eigenvalues times orthogonal projections of sum 1.

    Each pair of them solves the equation of a pair of letters (p, P), whatever else is said of these.
    """
    lemma, a = "spectral theorem", step["operator"]
    fit(claim.value(a).operator and is_hermitian(claim, a) and step["eigen"], lemma, "the operator is not Hermitian")
    for name, projection, eigenvalue in step["eigen"]:
        given = hypothesis(claim, name)
        fit(type(eigenvalue) is str and eigenvalue in claim.scalars, lemma,
            f"the eigenvalue of {name} is no scalar of its own")
        fit(projection in claim.letters and is_real_scalar(claim, eigenvalue), lemma,
            f"{name} has no projection or no real eigenvalue")
        fit(not names(claim.polynomial(a)) & {projection, claim.letters[projection], eigenvalue}, lemma,
            f"{projection} or its eigenvalue stands in the operator")
        scaled = ["*", eigenvalue, projection]
        patterns = difference(["*", a, projection], scaled), difference(["*", projection, a], scaled)
        fit(given in map(claim.polynomial, patterns), lemma, f"{name} is no eigenvalue equation of it")
    return NOTHING


def constant_spectrum(claim: Certificate, step: Step) -> Facts:
    """Newton: the power sums tr A^n, n = 1, 2, …, fix the eigenvalues of A; they are constant if all of these are."""
    lemma, a, symbols = "constant spectrum", step["operator"], [*claim.symbols]
    fit(a in claim.letters and symbols, lemma, f"{a} is no letter, or there is no exponent")
    n, = symbols
    for name, x in known_otherwise(claim, step["on"]):
        fit(not has_symbol(x) and n not in names(x), lemma, f"{name} is about one exponent, not about all")
    fit(says(claim, step["on"], "equal", ["D", ["tr", ["^", a, n]]]), lemma,
        f"{step['on']} does not say that tr({a}^n) is constant")
    return NOTHING


def elementary_symmetric(ring: Ring, a: Polynomial) -> list[Polynomial]:
    """e_0, …, e_d of an operator in dimension d, by Newton's k e_k = Σ (−1)^(j−1) e_(k−j) tr A^j, j = 1 … k."""
    fit(ring.dimension, "Newton", "the dimension is not given")
    found, power, traces = [scalar(1)], scalar(1), [scalar(ring.dimension)]
    for k in range(1, ring.dimension + 1):
        power = ring.multiply(power, a)
        traces.append(ring.trace(power))
        terms = (ring.product(scalar(Fraction((-1) ** (j - 1), k)), found[k - j], traces[j]) for j in range(1, k + 1))
        found.append(ring.add(*terms))
    return found


def characteristic_polynomial(claim: Certificate, step: Step) -> Facts:
    """Newton: the coefficients of det(x − A) are polynomials in the power sums tr A, …, tr A^d of A itself."""
    a, given = claim.value(step["operator"]), [claim.polynomial(e) for e in step["symmetric"]]
    fit(a.operator and len(given) == claim.ring.dimension, "Newton",
        "it needs an operator and one coefficient for each dimension")
    _, *found = elementary_symmetric(claim.ring, a.polynomial)
    for k, (e, said) in enumerate(zip(found, given, strict=True), 1):
        fit(claim.ring.equal(e, said), "Newton", f"{k} is another function of the power sums")
    return NOTHING


def cayley_hamilton(claim: Certificate, step: Step) -> Facts:
    """An operator is a root of its own characteristic polynomial, Σ (−1)^k e_k A^(d−k) = 0, with Newton's e_k."""
    a, ring = claim.value(step["operator"]), claim.ring
    fit(a.operator, "Cayley-Hamilton", "it needs an operator")
    terms = [ring.product(scalar((-1) ** k), e, ring.power(a.polynomial, ring.dimension - k))
             for k, e in enumerate(elementary_symmetric(ring, a.polynomial))]
    said = claim.polynomial(step["equation"])
    fit(ring.equal(ring.add(*terms), said), "Cayley-Hamilton", "the equation is not that of the operator")
    return {"": Value(said, operator=True)}

