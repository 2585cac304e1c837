"""Every lemma stands on formulas that the checker compares: an honest use of each, and uses bent in one place."""

from fractions import Fraction

import pytest

from certificate_writing import refused, verdict, written
from qllg_sym.proof import checker
from qllg_sym.proof.language import (
    D,
    comm,
    complex_pair,
    hypothesis,
    i,
    kron,
    let,
    letters,
    matrix,
    node,
    pair,
    scalars,
    sq,
    star,
    tr,
)
from qllg_sym.proof.lemmas import (
    cayley_hamilton,
    characteristic_polynomial,
    constant_spectrum,
    gronwall,
    horodecki,
    lasalle,
    peres,
    rank_nullity,
    spectral_theorem,
    wootters,
)
from qllg_sym.proof.numeric import Point, gaussian
from qllg_sym.proof.random_points import diagonal
from qllg_sym.proof.step import equal, nonnegative, positive, zero
from qllg_sym.proof.vocabulary import H, R, X, kappa, kappa_plus, n, q_llg, rho

A, B = letters("A B")
Z, Z_dag = pair("Z", "Z_dag")
p, x, y = scalars("p x y")
c, c_bar = complex_pair("c", "c_bar")
NONE = gaussian(0)
STATE = Point({"rho": diagonal([gaussian(1), gaussian(2)]), "H": diagonal([gaussian(1), gaussian(5)]),
               **{name: diagonal([NONE, NONE]) for name in ("X", "Z", "Z_dag")}}, {"kappa": gaussian(3)})
BEND = hypothesis("law", R.about[1] + X * X)
IN_TIME = {"derivatives": {rho: X}, "trajectory": {X: R}}
STILL = {"derivatives": {rho: X, H: node(0)}, "trajectory": {X: q_llg(damping=kappa_plus)}}


def half(z, e):
    return Fraction(1, 2) * (tr(star(z) * e) + tr(star(e) * z))


def kernel_of(expression, unknown=Z, by=None, law=R, solution=X):
    """L(Z) = 0 |- Z = 0, and what rank–nullity makes of it."""
    given = hypothesis("kernel", expression)
    step = zero("only", unknown, by=by or half(unknown, given))
    lemma = rank_nullity("lemma", unknown, given, step, law, solution)
    used = equal("used", tr(law.about[1]), 0, by=tr(law))
    return written([step, lemma, used], STATE, claim_of=("only", "used"))


def other_about_z():
    """Z = tr(Z) and tr(Z) = 0 give Z = 0, but in one dimension the map Z - tr(Z) is 0."""
    given, other = hypothesis("kernel", Z - tr(Z)), hypothesis("other", tr(Z))
    step = zero("only", Z, by=tr(star(Z) * given) + tr(star(Z)) * other)
    return written([step, rank_nullity("lemma", Z, given, step, R, X)], STATE)


def with_adjoint():
    """Z + x Z* = 0 and x = 0 give Z = 0, but a map of the adjoint is not linear."""
    given, none = hypothesis("kernel", Z + x * star(Z)), hypothesis("none", x)
    step = zero("only", Z, by=tr(star(Z) * given) - none * tr(star(Z) * star(Z)))
    return written([step, rank_nullity("lemma", Z, given, step, R, X)], Point(STATE.letters, {"x": NONE}))


SQUARE = matrix([[x, y], [y, 2 * x]])
PAULI = [matrix(m) for m in ([[0, 1], [1, 0]], [[0, -i], [i, 0]], [[1, 0], [0, -1]])]
STRINGS = [[kron(a, b) for b in PAULI] for a in PAULI]


def correlations(state, turn=False):
    """T_kl beside a row and a column of zeros, or its transpose."""
    rows = [[tr(state * STRINGS[m][k] if turn else state * STRINGS[k][m]) for m in range(3)] for k in range(3)]
    return let("T", matrix([[node(0)] * 4, *([node(0), *row] for row in rows)]))


def werner(scale, turned=1):
    """(1 − p σ·σ)/4 of another trace or with another sign in the middle."""
    total = 1 - p * (STRINGS[0][0] + turned * STRINGS[1][1] + STRINGS[2][2])
    return let(f"state_{scale}_{turned}".replace("-", "m"), Fraction(scale, 4) * total)


def at(p_value):
    """A point where the Werner state is one for −1/3 <= p <= 1."""
    return Point(scalars={"p": gaussian(Fraction(p_value)), "e": gaussian(3 * Fraction(p_value) - 1)})


SKEW = let("state", Fraction(1, 4) * (1 + p * STRINGS[0][1]))
BELL, OTHER = (matrix([[v, 0, 0, 0] for v in vs]) for vs in ((1, 0, 0, 1), (1, 0, 0, -1)))
e = scalars("e", "positive")[0]


def entangled(vector, state, weight, p_value="3/5"):
    """−<v| state^T2 |v> > 0 of the Werner state, for e = 3p − 1 > 0."""
    above = hypothesis("above", 3 * p - 1 - e)
    step = positive("negative", Fraction(3, 2) * p - Fraction(1, 2), weight * e, by=weight * above)
    return written([step, peres("lemma", state, vector, step)], at(p_value))


def growing(rate_of_x, L, rest, left, rates, *constants):
    """L x + c − D(x) >= 0, by a step, and what Grönwall makes of it."""
    step = nonnegative("grows", left, sq(y))
    return written([step, *constants, gronwall("lemma", x, L, rest, step, *constants)],
                   Point(scalars={"x": gaussian(1)}), derivatives={x: rate_of_x, **rates})


K = kappa_plus
LAW = q_llg(damping=K)
BALANCE = equal("balance", D(tr(rho * H)), -K * sq(X), by=tr((H + K * X) * LAW))
FALLS = nonnegative("falls", -D(tr(rho * H)), K * sq(X), by=-BALANCE.fact)
BOUNDED = equal("bounded", D(sq(rho)), 0, by=2 * tr(rho * LAW))
TRACE = equal("trace", D(tr(rho)), 0, by=tr(LAW))


def resting(energy, on, bounded, rates, state=rho, constants=(H, K)):
    return written([BALANCE, FALLS, BOUNDED, TRACE, lasalle("lemma", state, LAW, K, energy, on, bounded, constants)],
                   STATE, derivatives=rates, trajectory={X: LAW}, claim_of=("falls", "bounded", "trace"))


def powers(step, operator=rho, **more):
    return written([step, constant_spectrum("lemma", operator, step, n)], STATE, **{**IN_TIME, **more})


MOMENTS = equal("moments", D(tr(rho**n)), 0, by=n * tr(rho**(n - 1) * R))
ENERGIES = equal("moments", tr(rho**(n - 1) * X), 0, by=tr(rho**(n - 1) * R))
EIGEN = hypothesis("eigen", rho * A - p * A)
FREE = Point({"rho": diagonal([gaussian(2), gaussian(3)]), "A": diagonal([gaussian(1), NONE]),
              "Z": diagonal([gaussian(1), NONE]), "Z_dag": diagonal([gaussian(1), NONE])},
             {"p": gaussian(2), "c": gaussian(2), "c_bar": gaussian(2)})


def eigen(given, operator=rho, projection=A, value=p):
    """A step that uses an eigenvalue equation, and the spectral theorem on it."""
    step = equal("uses", tr(given.about[1] * B), 0, by=tr(given * B))
    return written([step, spectral_theorem("lemma", operator, (given, projection, value))], FREE, claim_of=("uses",))


def at_one_instant(certificate):
    """The same with hypotheses that hold at one instant alone."""
    given = {name: [*row[:2], "at one instant"] for name, row in certificate["hypotheses"].items()}
    return {**certificate, "trajectory": {}, "hypotheses": given}


def of_another():
    """The characteristic polynomial of A, said to be that of B."""
    found = written([cayley_hamilton("lemma", A, 2), cayley_hamilton("own", B, 2)], dimension=2)
    return {**found, "steps": {**found["steps"], "lemma": {**found["steps"]["lemma"], "operator": "B"}}}


HONEST = {
    "rank-nullity": lambda: kernel_of(Z - i * kappa * comm(rho, Z)),
    "spectral theorem": lambda: eigen(EIGEN),
    "constant spectrum": lambda: powers(MOMENTS),
    "characteristic polynomial": lambda: written(
        [characteristic_polynomial("lemma", SQUARE, [3 * x, 2 * x**2 - y**2])]),
    "Cayley-Hamilton": lambda: written([cayley_hamilton("lemma", A, 2)], dimension=2),
    "Horodecki": lambda: written([horodecki("lemma", werner(1), correlations(werner(1)))], at(1)),
    "Peres": lambda: entangled(BELL, werner(1), Fraction(1, 2)),
    "Wootters": lambda: written([wootters("lemma", werner(1))], at("-1/3")),
    "Gronwall": lambda: growing(2 * x - y**2, node(2), node(0), 2 * x - D(x), {}),
    "LaSalle": lambda: resting(tr(rho * H), FALLS, BOUNDED, STILL["derivatives"])}
BENT = {
    "rank-nullity of a map that is not linear": (lambda: kernel_of(Z * Z), "does not expand"),
    "rank-nullity of a map of the adjoint": (with_adjoint, "not linear in Z"),
    "rank-nullity of an affine map": (lambda: kernel_of(Z + A, by=half(Z, hypothesis("kernel", Z + A))),
                                      "does not expand"),
    "rank-nullity with the kernel of another map": (
        lambda: kernel_of(Z - 2 * i * kappa * comm(rho, Z)), "R is not the map of kernel"),
    "rank-nullity of a law for another letter": (
        lambda: kernel_of(Z - i * kappa * comm(rho, Z), solution=H), "R is not the map of kernel"),
    "rank-nullity of a law that is not affine": (
        lambda: kernel_of(Z - i * kappa * comm(rho, Z), law=BEND), "law is not the map of kernel"),
    "rank-nullity beside another hypothesis": (other_about_z, "is about Z too"),
    "spectral theorem of no Hermitian operator": (
        lambda: eigen(hypothesis("eigen", Z * A - p * A), Z), "not Hermitian"),
    "spectral theorem with a complex eigenvalue": (
        lambda: eigen(hypothesis("eigen", rho * A - c * A), value=c), "no real eigenvalue"),
    "spectral theorem of another equation": (
        lambda: eigen(hypothesis("eigen", rho * A - p * A + A - A + tr(A) - 1)), "no eigenvalue equation"),
    "Newton on one moment": (lambda: powers(equal("moments", D(tr(rho**2)), 0, by=2 * tr(rho * R))),
                             "does not say that tr(rho^n)"),
    "Newton on another operator": (lambda: powers(MOMENTS, X, derivatives={rho: X, X: node(0)}), ""),
    "Newton on something else": (lambda: powers(ENERGIES), "does not say that tr(rho^n) is constant"),
    "Newton at one instant": (lambda: at_one_instant(powers(MOMENTS)), "must hold always"),
    "Newton with the power sums of another": (
        lambda: written([characteristic_polynomial("lemma", SQUARE, [3 * x, 2 * x**2 + y**2])]), "another function"),
    "Newton with too few": (lambda: written([characteristic_polynomial("lemma", SQUARE, [3 * x])]), "one coefficient"),
    "Cayley-Hamilton of another operator": (of_another, "not that of the operator"),
    "Cayley-Hamilton in another dimension": (
        lambda: written([cayley_hamilton("lemma", A, 2)], dimension=3), "not that of the operator"),
    "Cayley-Hamilton in every dimension": (lambda: written([cayley_hamilton("lemma", A, 2)]), "dimension is not given"),
    "Horodecki with the transpose": (
        lambda: written([horodecki("lemma", SKEW, correlations(SKEW, turn=True))]), "entry 1, 2"),
    "Horodecki with the T of another state": (
        lambda: written([horodecki("lemma", werner(1), correlations(werner(1, -1)))]), "entry 2, 2"),
    "Peres with another vector": (lambda: entangled(OTHER, werner(1), Fraction(1, 2)), "not about the partial"),
    "Peres with another state": (lambda: entangled(BELL, werner(1, -1), Fraction(1, 2)), "not about the partial"),
    "Peres with another factor": (lambda: entangled(BELL, werner(2), Fraction(1, 2)), "not about the partial"),
    "Wootters of a state with another flip": (
        lambda: written([wootters("lemma", let("state", Fraction(1, 4) * (1 + p * kron(PAULI[2], matrix(
            [[1, 0], [0, 1]])))))]), "another one"),
    "Horodecki without a state": (
        lambda: written([horodecki("lemma", werner(1), correlations(werner(1)))], at("4/3")), "is not >= 0"),
    "Horodecki without a witness": (
        lambda: {**HONEST["Horodecki"](), "witness": {}}, "the witness must give ['p']"),
    "Peres without a state": (lambda: entangled(BELL, werner(1), Fraction(1, 2), "7/5"), "is not >= 0"),
    "Wootters without a state": (lambda: written([wootters("lemma", werner(1))], at("-2/3")), "is not >= 0"),
    "Wootters of another trace": (lambda: written([wootters("lemma", werner(2))]), "the trace is not 1"),
    "Gronwall with the other sign": (
        lambda: growing(y**2 - 2 * x, node(2), node(0), 2 * x + D(x), {}), "is not L x + c - D(x)"),
    "Gronwall with an L that moves": (
        lambda: growing(p * x - y**2, p, node(0), p * x - D(x), {p: node(1)}), "not shown to be constant"),
    "Gronwall with a c that moves": (
        lambda: growing(p - y**2, node(0), p, p - D(x), {p: x}), "not shown to be constant"),
    "LaSalle with a field that moves": (
        lambda: resting(tr(rho * H), FALLS, BOUNDED, {rho: X, H: rho}), ""),
    "LaSalle without a bound": (lambda: resting(tr(rho * H), FALLS, TRACE, STILL["derivatives"]), "|rho| is constant"),
    "LaSalle with another energy": (lambda: resting(tr(rho), FALLS, BOUNDED, STILL["derivatives"]), "not about E"),
}


@pytest.mark.parametrize("lemma", HONEST)
def test_an_honest_use_is_accepted(lemma):
    row = verdict(HONEST[lemma]())
    assert row["reason"] == ""
    assert row["claim"].count(f"({lemma})") == 1


@pytest.mark.parametrize("name", BENT)
def test_a_bent_use_is_refused(name):
    make, reason = BENT[name]
    found = refused(make())
    assert found
    assert reason in found


def test_every_lemma_of_the_closed_list_is_tried():
    """Picard–Lindelöf is tried in test_time, the trace form in test_forgeries."""
    assert {*HONEST, "Picard-Lindelof", "trace form"} == {*checker.LEMMAS}


@pytest.mark.parametrize("lemma", HONEST)
def test_no_part_of_a_lemma_may_be_left_out_or_added(lemma):
    certificate = HONEST[lemma]()
    own = certificate["steps"]["lemma"]
    assert refused({**certificate, "steps": {**certificate["steps"], "lemma": {**own, "more": 0}}})
    for key in own:
        short = {k: v for k, v in own.items() if k != key}
        assert refused({**certificate, "steps": {**certificate["steps"], "lemma": short}})


@pytest.mark.parametrize("kind", checker.LEMMAS)
def test_a_lemma_by_another_name_is_refused(kind):
    for lemma, make in HONEST.items():
        if lemma != kind:
            certificate = make()
            own = {**certificate["steps"]["lemma"], "kind": kind}
            assert refused({**certificate, "steps": {**certificate["steps"], "lemma": own}})
