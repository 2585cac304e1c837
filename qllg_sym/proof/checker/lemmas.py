"""Classical lemmas, at most twelve: each checks the formulas that it stands on, and gives what it concludes.

A rule takes the claim and its step, refuses what does not fit, and returns the equations that it concludes, by name
("" for that of the step itself). Its other conclusions are text (`text.CONCLUSIONS`). Letters are continuous functions
of time; those with a rate are differentiable.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from .polynomial import MINUS, atom, atoms, is_unit, letter, need, scalar, symbolic
from .tense import names

Facts = dict[str, tuple[Any, bool]]
SIGMA = ({(0, 1): 1, (1, 0): 1}, {(0, 1): -1j, (1, 0): 1j}, {(0, 0): 1, (1, 1): -1})         # Pauli's, without zeros
I = atom("i")


def fit(condition: Any, lemma: str, what: str) -> None:
    """Refuse the claim unless a lemma's condition holds."""
    need(condition, f"{lemma} does not fit: {what}")


def equation(c: Any, name: str, kind: str = "equal") -> Any:
    """The polynomial that an earlier step of a kind is about: the difference of its sides, or its left side."""
    steps = c.data["steps"]
    fit(name in steps and name in c.facts and steps[name]["kind"] == kind, "a lemma", f"{name} is no step {kind}")
    s = steps[name]
    return c.ring.sub(c.value(s["lhs"])[0], c.value(s["rhs"])[0]) if kind == "equal" else c.value(s["lhs"])[0]


def hypothesis(c: Any, name: str, kind: str = "zero") -> Any:
    """The polynomial of a hypothesis."""
    fit(name in c.data["hypotheses"] and c.facts[name].relation == kind, "a lemma", f"{name} is no such hypothesis")
    return c.facts[name].value


def degree(x: Any, name: str) -> set[int]:
    """How often a letter stands in the terms of a polynomial, in its traces too; 2 for an exponent with a symbol."""
    def count(runs: Any, times: int) -> int:
        total = 0
        for inner, e in runs:
            e = e if type(e) is int else 2
            total += e * times if inner == name else 0
            total += count(inner, e * times) if isinstance(inner, tuple) and not is_unit(inner) else 0
        return total
    return {count(m, 1) + count(w, 1) for m, w in x}


def trace_form(c: Any, s: Any) -> Facts:
    """No step cites it: it is seen from the squares of operators in steps that show a sign or a zero."""
    fit(False, "trace form", "no step cites it")
    return {}


def rank_nullity(c: Any, s: Any) -> Facts:
    """An injective linear map of a finite-dimensional space into itself is bijective.

    L(Z) = 0 gives Z = 0 at any instant, and a hypothesis L(X) = f, L and f without X, has one solution X; it is
    Hermitian, if X is declared so, for L(X) - f is its own adjoint then, or minus it.
    """
    lemma, z, kernel = "rank-nullity", s["unknown"], hypothesis(c, s["kernel"])
    other = c.adjoint.get(z)
    fit(z in c.letters and other != z, lemma, f"{z} is no operator, or its own adjoint")
    fit(degree(kernel, z) == {1} and other not in atoms(kernel), lemma, f"{s['kernel']} is not linear in {z}")
    fit(s["kernel"] not in c.tenses.always, lemma, f"{s['kernel']} must be enough at one instant")
    found = c.data["steps"].get(s["on"], {"kind": ""})
    fit(found["kind"] in ("zero", "cancel") and c.value(found["lhs"])[0] == letter(z), lemma,
        f"{s['on']} does not show that {z} is 0")
    given = {name: c.facts[name].value for name in c.tenses.ground[s["on"]] - {s["kernel"]}}
    for name, value in (*given.items(), *((f"D({name})", rate) for name, rate in c.rates.items())):
        fit(not atoms(value) & {z, other}, lemma, f"{name} is about {z} too")
    x, law = s["solution"], hypothesis(c, s["law"])
    moved = c.ring.image(kernel, lambda name, e, _: c.ring.power(c.facts[x if name == z else name].value, e))
    fit(x in c.letters and not atoms(c.ring.sub(law, moved)) & {x, z, other, c.adjoint[x]}, lemma,
        f"{s['law']} is not the map of {s['kernel']} at {x} and a term without {x}")
    fit(not atoms(kernel) & {x, c.adjoint[x]}, lemma, f"{x} stands in the map of {s['kernel']}")
    fit(c.adjoint[x] != x or c.real(law) or c.ring.null(c.ring.add(law, c.star(law))), lemma,
        f"{s['law']} is not its own adjoint, as {x} is")
    return {}


def spectral(c: Any, s: Any) -> Facts:
    """A Hermitian operator is the sum of its real eigenvalues times orthogonal projections of sum 1.

    Each pair of them solves the equation of a pair of letters (p, P), whatever else is said of these.
    """
    lemma, (a, operator) = "spectral theorem", c.value(s["operator"])
    fit(operator and c.real(a) and s["eigen"], lemma, "the operator is not Hermitian")
    for name, p, value in s["eigen"]:
        given, (e, _) = hypothesis(c, name), c.value(value)
        own = type(value) is str and value in c.data["scalars"]
        fit(own, lemma, f"the eigenvalue of {name} is no scalar of its own")
        fit(p in c.letters and c.real(e), lemma, f"{name} has no projection or no real eigenvalue")
        fit(not atoms(a) & {p, c.adjoint[p], value}, lemma, f"{p} or its eigenvalue stands in the operator")
        sides = [c.ring.sub(product, c.ring.mul(e, letter(p))) for product in (
            c.ring.mul(a, letter(p)), c.ring.mul(letter(p), a))]
        fit(given in sides, lemma, f"{name} is no eigenvalue equation of it")
    return {}


def constant_spectrum(c: Any, s: Any) -> Facts:
    """Newton: the power sums tr A^n, n = 1, 2, ..., fix the eigenvalues of A; they are constant if all of these are."""
    lemma, a, symbols = "constant spectrum", s["operator"], [*c.symbols]
    fit(a in c.letters and symbols, lemma, f"{a} is no letter, or there is no exponent")
    given = {name: c.facts[name].value for name in c.tenses.ground.get(s["on"], ())}
    for name, x in (*given.items(), *((f"D({name})", rate) for name, rate in c.rates.items())):
        fit(not symbolic(x) and not atoms(x) & {*symbols}, lemma, f"{name} is about one exponent, not about all")
    slope = c.derivative(c.ring.trace(c.ring.power(letter(a), 1j)))
    fit(c.ring.same(equation(c, s["on"]), slope), lemma, f"{s['on']} does not say that tr({a}^n) is constant")
    return {}


def symmetric(c: Any, a: Any) -> list[Any]:
    """e_0 … e_d of an operator in dimension d, by Newton's k e_k = sum of (−1)^(j−1) e_(k−j) tr A^j."""
    fit(c.ring.size, "Newton", "the dimension is not given")
    found, powers = [scalar(1)], [scalar(1)]
    for k in range(1, c.ring.size + 1):
        powers += [c.ring.mul(powers[-1], a)]
        sums = (c.ring.product(scalar(Fraction((-1) ** (j - 1), k)), found[k - j], c.ring.trace(powers[j]))
                for j in range(1, k + 1))
        found += [c.ring.add(*sums)]
    return found


def characteristic_polynomial(c: Any, s: Any) -> Facts:
    """Newton: the coefficients of det(x − A) are polynomials in the power sums tr A, ..., tr A^d of A itself."""
    a, operator = c.value(s["operator"])
    given = [c.value(x)[0] for x in s["symmetric"]]
    fit(operator and len(given) == c.ring.size, "Newton", "it needs an operator and one coefficient for each dimension")
    for k, (e, x) in enumerate(zip(symmetric(c, a)[1:], given, strict=True)):
        fit(c.ring.null(c.ring.sub(e, x)), "Newton", f"{k + 1} is another function of the power sums")
    return {}


def cayley_hamilton(c: Any, s: Any) -> Facts:
    """An operator is a root of its own characteristic polynomial, the coefficients of which are Newton's."""
    (a, operator), (x, _) = c.value(s["operator"]), c.value(s["equation"])
    fit(operator, "Cayley-Hamilton", "it needs an operator")
    terms = [c.ring.product(scalar((-1) ** k), e, c.ring.power(a, c.ring.size - k))
             for k, e in enumerate(symmetric(c, a))]
    fit(c.ring.same(c.ring.add(*terms), x), "Cayley-Hamilton", "the equation is not that of the operator")
    return {"": (x, True)}


def implicit(c: Any, v: Any, real: Any, hermitian: Any) -> Any:
    """V − i c [r, v], from which v has no larger norm than it, for real c and Hermitian r."""
    (k, no_scalar), (r, _) = c.value(real), c.value(hermitian)
    fit(not no_scalar and c.real(k) and c.real(r), "a lemma", "a factor is not real, or an operator not Hermitian")
    return c.ring.sub(v, c.ring.product(I, k, c.ring.commutator(r, v)))


def picard_lindelof(c: Any, s: Any) -> Facts:
    """|D N| <= C |N| with a continuous C has one solution from N = 0: N = 0 at one instant, hence always.

    For each N: D N − i c [r, D N] is a sum of terms with a factor of these N, and N is 0 at one instant.
    """
    lemma, facts = "Picard-Lindelof", Facts()
    for fact, n, start, on, through in zip(*(s[key] for key in ("facts", "zeros", "start", "on", "through")),
                                           strict=True):
        fit(n in c.data["let"], lemma, f"{n} is no definition")
        value, operator = c.value(n)
        fit(start in c.zeros and c.facts[start].value == value, lemma, f"{start} does not say that {n} is 0")
        fit(start not in c.tenses.lasting, lemma, f"{start} holds always: there is nothing to keep")
        given = c.data["steps"][on]
        fit(given["kind"] == "equal" and on in c.facts, lemma, f"{on} is no equation")
        slope = implicit(c, c.derivative(value), *through)
        fit(c.ring.same(c.value(given["lhs"])[0], slope), lemma, f"{on} is not about D({n})")
        fit("D" not in names(given["rhs"]), lemma, f"{on} has a derivative on its right side")
        fit(c.ring.null(c.value(given["rhs"], {*s["zeros"]})[0]), lemma, f"{on} has a term without a factor that is 0")
        facts[fact] = value, operator
    fit(facts and len(facts) == len({*s["zeros"]}), lemma, "a name stands twice")
    return facts


def string(c: Any, j: int, k: int) -> Any:
    """σ_j ⊗ σ_k, an explicit 4 × 4 matrix."""
    entries = ((SIGMA[j][m, n] * SIGMA[k][p, q], (2 * m + p, 2 * n + q)) for m, n in SIGMA[j] for p, q in SIGMA[k])
    units = {1: scalar(1), -1: MINUS, 1j: I, -1j: c.ring.mul(MINUS, I)}
    return c.ring.add(*(c.ring.mul(units[x], letter(place)) for x, place in entries))


def horodecki(c: Any, s: Any) -> Facts:
    """Of T_kl = tr ρ σ_k ⊗ σ_l, real, the maximum of CHSH is 2 sqrt(u + v), u and v the top eigenvalues of TᵗT.

    T stands in a 4 × 4 matrix, behind a row and a column of zeros; ρ >= 0 may be of any trace, by which one divides.
    """
    lemma, (rho, _), (t, _) = "Horodecki", c.value(s["state"]), c.value(s["T"])
    fit(c.ring.size == 4, lemma, "the state is not of two spins 1/2")
    fit(c.ring.trace(rho) and c.real(c.ring.trace(rho)), lemma, "the trace is 0 or not real")
    for j in range(4):
        for k in range(4):
            x, y = c.ring.entry(t, j, k), c.ring.trace(c.ring.mul(rho, string(c, j - 1, k - 1))) if j * k else {}
            fit(c.ring.same(x, y) and c.real(x), lemma, f"the entry {j}, {k} is not tr ρ σ_k ⊗ σ_l, or not real")
    return {}


def peres(c: Any, s: Any) -> Facts:
    """A state whose partial transpose has a negative expectation is entangled."""
    lemma, (rho, _), (v, _) = "Peres", c.value(s["state"]), c.value(s["vector"])
    fit(c.ring.size == 4, lemma, "the state is not of two spins 1/2")
    turned = c.ring.units(rho, lambda j, k: (j - j % 2 + k % 2, k - k % 2 + j % 2))
    mean = c.ring.trace(c.ring.product(MINUS, c.star(v), turned, v))
    fit(c.ring.same(equation(c, s["on"], "positive"), mean), lemma, f"{s['on']} is not about the partial transpose")
    return {}


def wootters(c: Any, s: Any) -> Facts:
    """The concurrence is the largest less the other three roots of the eigenvalues of ρρ̃; here ρ̃ = ρ, tr ρ = 1."""
    lemma, (rho, _) = "Wootters", c.value(s["state"])
    fit(c.ring.size == 4, lemma, "the state is not of two spins 1/2")
    flip = string(c, 1, 1)
    turned = c.ring.product(flip, c.ring.units(c.star(rho), lambda j, k: (k, j)), flip)
    fit(c.ring.same(turned, rho) and c.real(rho), lemma, "the spin-flipped state is another one")
    fit(c.ring.same(c.ring.trace(rho), scalar(1)), lemma, "the trace is not 1")
    return {}


def gronwall(c: Any, s: Any) -> Facts:
    """D x <= L x + c, all real, L and c constant: x(t) <= e^(Lt) x(0) + c (e^(Lt) − 1)/L, or x(0) + c t if L = 0."""
    lemma, ((x, rate, rest), operators) = "Gronwall", zip(*(c.value(s[key]) for key in "xLc"), strict=True)
    fit(not any(operators) and all(map(c.real, (x, rate, rest))), lemma, "x, L and c are not real scalars")
    room = c.ring.sub(c.ring.add(c.ring.mul(rate, x), rest), c.derivative(x))
    fit(c.ring.same(equation(c, s["on"], "nonnegative"), room), lemma, f"{s['on']} is not L x + c - D(x) >= 0")
    known = [equation(c, name) for name in s["constant"]]
    for slope in (c.derivative(rate), c.derivative(rest)):
        fit(not slope or slope in known, lemma, "L or c is not shown to be constant")
    return {}


def lasalle(c: Any, s: Any) -> Facts:
    """Solutions in a compact set of an autonomous smooth law tend to the largest invariant set where a falling E rests.

    The law is V − i c [r, V] = f for the rate V of a Hermitian letter r, f without V, all else constant; |r| is too.
    """
    lemma, r, on = "LaSalle", s["state"], c.data["steps"][s["on"]]
    v, law = c.data["rates"].get(r), hypothesis(c, s["law"])
    fit(c.letters.get(r) == r and v in c.letters and v not in c.rates, lemma, f"the rate of {r} is no free letter")
    rest = c.ring.sub(law, implicit(c, letter(v), s["damping"], r))
    fit(v not in atoms(rest), lemma, f"{s['law']} is not such a law")
    energy, known = c.value(s["energy"])[0], {name for name, rate in c.rates.items() if not rate}
    moving = (atoms(law) | atoms(energy) | atoms(c.value(s["damping"])[0])) - {r, v, "i"} - known
    fit(not moving, lemma, f"not declared constant: {', '.join(sorted(map(str, moving)))}")
    c.used |= {("D", name) for name in atoms(law) & known}
    fall = c.ring.mul(MINUS, c.derivative(energy))
    fit(on["kind"] == "nonnegative" and c.ring.same(c.value(on["lhs"])[0], fall), lemma, f"{s['on']} is not about E")
    size = c.derivative(c.square(letter(r), True))
    fit(c.ring.same(equation(c, s["bounded"]), size), lemma, f"{s['bounded']} does not say that |{r}| is constant")
    return {}


Rule = Callable[[Any, Any], Facts]
LEMMAS: dict[str, tuple[str, str, Rule]] = {   # name -> (what it says, the keys of its step, its rule)
    "trace form": ("tr(X* X) >= 0, and = 0 only for X = 0", "", trace_form),
    "rank-nullity": ("an injective linear map of a finite-dimensional space into itself is bijective",
                     "unknown kernel on law solution", rank_nullity),
    "spectral theorem": ("Hermitian operators have real eigenvalues, an orthonormal basis", "operator eigen", spectral),
    "constant spectrum": ("the traces of A^n, n = 1, 2, ..., fix the eigenvalues of A", "operator on",
                          constant_spectrum),
    "characteristic polynomial": ("Newton's identities give its coefficients", "operator symmetric",
                                  characteristic_polynomial),
    "Cayley-Hamilton": ("an operator is a root of its characteristic polynomial", "operator equation",
                        cayley_hamilton),
    "Picard-Lindelof": ("a smooth differential equation has one solution through each start",
                        "facts zeros start on through", picard_lindelof),
    "Horodecki": ("max CHSH = 2 sqrt(u + v), u and v top eigenvalues of T^t T", "state T", horodecki),
    "Peres": ("a state whose partial transpose is not >= 0 is entangled", "state vector on", peres),
    "Wootters": ("concurrence from the eigenvalues of rho and the spin-flipped rho", "state", wootters),
    "LaSalle": ("solutions tend to the largest invariant set where a falling E rests",
                "state law damping energy on bounded", lasalle),
    "Gronwall": ("D x <= L x + c, L, c constant: x <= e^Lt x(0) + c (e^Lt - 1)/L", "x L c on constant", gronwall)}
