"""What holds always and what at one instant: no invariance is had for nothing, and no claim is about nothing."""

from copy import deepcopy
from random import Random

import pytest

import qllg_sym as q
from certificate_writing import refused, verdict, written
from qllg_sym.proof.language import D, comm, hypothesis, i, let, letters, node, pair, scalars, sq, star, tr
from qllg_sym.proof.lemmas import StaysZero, picard_lindelof, stays_zero
from qllg_sym.proof.numeric import Point, dagger, gaussian
from qllg_sym.proof.prove import data
from qllg_sym.proof.random_points import diagonal, hermitian, rational, unitary, velocity
from qllg_sym.proof.step import equal, nonnegative, zero
from qllg_sym.proof.vocabulary import H, R, X, kappa, rho

x, y, z, w, a = scalars("x y z w a")
NONE = gaussian(0)


def numbers(**values):
    return Point(scalars={name: gaussian(value) for name, value in values.items()})


def stays(right, by=0, rates=None, point=None, **more):
    """x = 0 at one instant, D(x) = right |- x = 0 always."""
    step, row = stays_zero("rests", let("N", x), right, by)
    return written([step, picard_lindelof("stays", row)], point or numbers(x=0), derivatives=rates or {x: a * x},
                   claim_of=("stays",), **more)


def for_nothing(certificate, start="N_start"):
    """Whether a certificate that stands on D of its start is refused, and for that, in both tenses of the start."""
    reasons = []
    for tense in ("always", "at one instant"):
        forged = deepcopy(certificate)
        forged["hypotheses"][start][2] = tense
        reasons.append(refused(forged))
    first, second = reasons
    return ("nothing to keep" in first or "nothing is shown" in first) and f"D is taken of {start}" in second


def test_a_linear_rate_keeps_zero():
    row = verdict(stays(a * let("N", x)))
    assert row["reason"] == ""
    assert row["claim"].startswith("N_start (at one instant): N = 0 |- N = 0 always (Picard-Lindelof)")


def test_the_square_root_of_x_does_not_keep_zero():
    """v² = x, D x = v, x = 0: x = t²/4 is another solution."""
    law, rates, at = hypothesis("law", y**2 - x), {x: y}, numbers(x=0, y=0)
    n = let("N", x)
    start = hypothesis("N_start", n)
    assert "term without a factor" in refused(stays(y, rates=rates, point=at, trajectory="rest"))
    assert "not made of hypotheses" in refused(stays(n, by=law + y - y**2, rates=rates, point=at, trajectory="rest"))
    assert for_nothing(stays(0, by=D(start), rates=rates, point=at, trajectory="rest"))
    honest = hypothesis("law", y - a * x)                   # a multiple of x, as it is not
    assert refused(stays(a * n, by=honest, rates=rates, point=numbers(x=0, y=0, a=1), trajectory="rest")) == ""


def test_a_hypothesis_that_holds_always_is_not_kept():
    """N = 0 always |- D(N) = 0 says nothing, and nothing stands on it."""
    given = hypothesis("given", let("N", x))
    rest = equal("rest", D(let("N", x)), 0, by=D(given))
    assert "nothing is shown" in refused(
        written([rest], numbers(x=0), derivatives={x: a * x}, trajectory="rest"))
    moves = equal("moves", D(let("N", x)), a * let("N", x), by=given - given)
    row = StaysZero("rests", let("N", x), given, moves)
    used = equal("used", x + D(x), 0, by=given + D(given))
    forged = written([moves, picard_lindelof("stays", row), used], numbers(x=0, a=0), derivatives={x: a * x},
                     claim_of=("stays", "used"), trajectory="rest")
    assert "nothing to keep" in refused(forged)


@pytest.mark.parametrize(("right", "reason"), [
    (a * let("N", x) + 1, "does not expand"), (D(let("N", x)), "a derivative on its right side"),
    (a * x, "a term without a factor")])
def test_a_right_side_that_does_not_vanish_with_n_is_refused(right, reason):
    assert reason in refused(stays(right))


def frame(generator, dagger_, point, by=0):
    """D V = −iVK |- V†V = 1 stays."""
    V, V_dag = pair("V", "V_dag")
    n = let("N", V_dag * V - 1)
    step, row = stays_zero("unitary", n, -i * comm(n, generator), by)
    return written([step, picard_lindelof("stays", row)], point, claim_of=("stays",),
                   derivatives={V: -i * V * generator, V_dag: i * dagger_ * V_dag})


def test_a_frame_stays_unitary_for_a_hermitian_generator_alone():
    """Not for any K: the false claim needed D of V†V = 1 as a hypothesis at all times."""
    rng = Random(1)
    v = unitary(rng, 2)
    at = Point({"V": v, "V_dag": dagger(v)})
    K, = letters("K")
    assert refused(frame(K, K, at)) == ""
    L, L_dag = pair("L", "L_dag")
    assert "does not expand to zero" in refused(frame(L, L_dag, at))
    V, V_dag = pair("V", "V_dag")
    start = hypothesis("N_start", let("N", V_dag * V - 1))
    assert for_nothing(frame(L, L_dag, at, by=D(start) + i * comm(start, L)))


def triplet(by, h_commutes):
    """[P, H] = 0 |- Pρ = 0 stays; without [P, H] = 0 DMI leads out of the triplet."""
    P, = letters("P")
    n = let("N", P * rho)
    right = i * n * (H + kappa * X) - i * H * n - i * kappa * star(n) * X
    step, row = stays_zero("empty", n, right, by(P, n), kappa, rho)
    rng = Random(2)
    k, p = rational(rng), diagonal([gaussian(1), NONE, NONE])
    h = hermitian(rng, 3)
    h = diagonal([gaussian(2), gaussian(3), gaussian(5)]) if h_commutes else h
    state = diagonal([NONE, gaussian(1) / gaussian(3), gaussian(2) / gaussian(3)])
    point = Point({"rho": state, "H": h, "P": p, "X": velocity(state, h, k)}, {"kappa": k})
    return written([step, picard_lindelof("stays", row)], point, derivatives={rho: X, P: node(0)},
                   claim_of=("stays",), trajectory={X: R})


def test_the_triplet_is_kept_only_where_its_projector_commutes_with_h():
    assert refused(triplet(lambda P, n: P * R - i * hypothesis("G", comm(P, H)) * rho, True)) == ""
    assert "does not expand to zero" in refused(triplet(lambda P, n: P * R, False))
    start = hypothesis("N_start", let("N", letters("P")[0] * rho))
    assert for_nothing(triplet(lambda P, n: D(start) - i * kappa * comm(rho, D(start)) - (
        i * start * (H + kappa * X) - i * H * start - i * kappa * star(start) * X), False))


KEEPERS = ("coherent", "singlet", "triplet", "splitting-velocity", "frame", "frame-qll", "low-rank", "low-rank-qll",
           "two-level", "two-level-qll", "qll-kept", "positivity", "eta-gilbert", "locality", "locality-flat",
           "locality-rest", "final-convergence", "closed-form-fig-1", "closed-form-fig-3", "kappa-squared-in-time")


def lemma_of(certificate):
    return next(s for s in certificate["steps"].values() if s["kind"] == "Picard-Lindelof")


@pytest.fixture(scope="module")
def keepers():
    return {t.id: data(t) for t in q.theorems() if t.id in KEEPERS}


@pytest.mark.parametrize("name", KEEPERS)
def test_no_record_keeps_what_it_assumes(keepers, name):
    """`by` replaced by D of the start, the start assumed always, and the premise replaced by D(N) = 0: all refused."""
    certificate = keepers[name]
    lemma = lemma_of(certificate)
    for start, on in zip(lemma["start"], lemma["on"], strict=True):
        for change in ({"rhs": 0, "by": ["D", start]}, {"by": ["D", start]}):
            forged = deepcopy(certificate)
            forged["steps"][on] |= change
            assert refused(forged)
            forged["hypotheses"][start][2] = "always"
            assert refused(forged)
            for trajectory in ("rest", {}):
                assert refused({**forged, "trajectory": trajectory})
        forged = deepcopy(certificate)
        forged["hypotheses"][start][2] = "always"
        assert any(why in refused(forged) for why in ("not hold always", "holds always", "nothing is shown"))


def test_every_record_that_says_stays_stands_on_the_linear_form(keepers):
    """All records that cite Picard–Lindelöf are among those tried above."""
    cited = {t.id for t in q.theorems() if any(lemma.kind == "Picard-Lindelof" for lemma in t.ingredients.lemmas)}
    assert cited == set(KEEPERS) == set(keepers)


def test_names_in_one_text_are_no_list_of_names():
    """The premises "ab" are read one way alone: else a and b would not be seen as what must hold always."""
    honest = stays(a * let("N", x))
    renamed = deepcopy(honest)
    renamed["steps"] = {"m": honest["steps"]["N_moves"], "stays": {**honest["steps"]["stays"], "on": ["m"]}}
    assert refused(renamed) == ""
    renamed["steps"]["stays"]["on"] = "m"
    assert "a lemma has no list" in refused(renamed)


# Nothing is claimed of nothing ------------------------------------------------------------------------------------


def chain(rate, **more):
    """x = 0 always with x' = y, y' = z, z' = w, w' = rate |- x + y = 0, at x = y = z = w = 0."""
    always = hypothesis("h", x)
    step = equal("a", x + y, 0, by=always + D(always))
    return written([step], numbers(x=0), derivatives={x: y, y: z, z: w, w: node(rate)}, **more)


def test_hypotheses_that_the_fourth_derivative_contradicts_are_refused():
    """x = 0 and x⁗ = 1: three derivatives vanish at the witness, the fourth does not."""
    for trajectory in ("rest", {}, {y: hypothesis("h", x)}):
        forged = chain(1, trajectory=trajectory)
        forged["rates"] |= {"y": "z", "z": "w", "w": 1}
        forged["scalars"] |= {"z": None, "w": None}
        forged["steps"]["b"] = {"kind": "equal", "lhs": ["D", ["D", ["D", ["D", "x"]]]], "rhs": 1, "by": 0}
        forged["claim"] += ["b"]
        forged["witness"] = {"x": 0, "y": 0, "z": 0, "w": 0}
        assert refused(forged)
        honest = deepcopy(forged)
        honest["rates"]["w"], honest["steps"]["b"]["rhs"] = 0, 0
        assert (refused(honest) == "") is (trajectory == "rest")


def test_signs_that_contradict_each_other_in_time_are_refused():
    """x >= 0 and −x >= 0 always, and x' = 1: true at x = 0, and at no other instant."""
    up, down = hypothesis("up", x, "nonnegative"), hypothesis("down", -x, "nonnegative")

    def claim(rate, **more):
        first = nonnegative("first", x + sq(y), up + sq(y))
        second = nonnegative("second", sq(y) - x, down + sq(y))
        constant = equal("constant", D(y), 0)
        moved = equal("moved", D(x), rate)
        return written([first, second, constant, moved], numbers(x=0), derivatives={x: node(rate), y: node(0)},
                       claim_of=("first", "second", "constant", "moved"), **more)
    assert refused(claim(1)) == ""                          # at one instant they hold
    for trajectory in ("rest", {}):
        forged = claim(1)
        for name in ("up", "down"):
            forged["hypotheses"][name][2] = "always"
        assert refused({**forged, "trajectory": trajectory})


@pytest.mark.parametrize("trajectory", [{}, "rest", {H: R}, {rho: R}])
def test_a_law_at_all_times_needs_its_trajectory(trajectory):
    """D ρ = X with X by the law: X is fixed by R, nothing else is, and the witness is not at rest."""
    rng = Random(3)
    state, h, k = diagonal([gaussian(1) / gaussian(4), gaussian(3) / gaussian(4)]), hermitian(rng, 2), rational(rng)
    point = Point({"rho": state, "H": h, "X": velocity(state, h, k)}, {"kappa": k})
    n = let("N", comm(rho, rho * rho) + tr(rho) - 1)
    step, row = stays_zero("normed", n, 0, by=tr(R))
    good = written([step, picard_lindelof("stays", row)], point, derivatives={rho: X}, claim_of=("stays",),
                   trajectory={X: R})
    assert refused(good) == ""
    names = trajectory if isinstance(trajectory, str) else {u.name: h.name for u, h in trajectory.items()}
    assert refused({**good, "trajectory": names})


@pytest.mark.parametrize(("at", "trajectory", "reason"), [
    ((4, 2), "y", ""), ((0, 0), "y", "not invertible"), ((4, 2), "x", ""), ((0, 0), "x", ""), ((0, 0), "", ""),
    ((4, 2), "z", "is no letter without a rate")])
def test_an_unknown_is_fixed_where_the_jacobian_is_invertible(at, trajectory, reason):
    """y² = x fixes y near x = 4 and not near x = 0; it fixes x anywhere; and constants need no fixing."""
    n, law = let("N", z), hypothesis("law", y**2 - x)
    step, row = stays_zero("rests", n, x * n, by=law * z)
    way = {s: law for s in (x, y, z) if s.name == trajectory}
    found = refused(written([step, picard_lindelof("stays", row)], numbers(x=at[0], y=at[1], z=0),
                            derivatives={z: y**2 * z}, claim_of=("stays",), trajectory=way))
    assert reason in found
    assert bool(reason) == bool(found)


def test_an_adjoint_is_no_constant_where_its_partner_moves():
    """A' = 1 and A* = 0 always contradict each other, though no rate of A* is given."""
    U, U_dag = pair("U", "U_dag")
    n = let("N", z)
    still = hypothesis("still", U_dag)
    step, row = stays_zero("rests", n, a * n, by=tr(still))
    moved = equal("moved", D(tr(U)) + sq(U) - tr(U_dag * U), tr(node(1)))
    at = Point({"U": diagonal([NONE]), "U_dag": diagonal([NONE])}, {"z": NONE})
    good = written([step, picard_lindelof("stays", row), moved], at, claim_of=("stays", "moved"),
                   derivatives={z: a * z + tr(U_dag), U: node(1)})
    assert good["letters"] == {"U": "U_dag", "U_dag": "U"}
    assert "still must hold always, but U_dag may move" in refused(good)
    alone = written([step, picard_lindelof("stays", row)], at, claim_of=("stays",), derivatives={z: a * z + tr(U_dag)})
    assert refused(alone) == ""


def test_zero_of_a_sum_of_squares_holds_always_with_its_hypothesis():
    given = hypothesis("h", sq(x))
    step = zero("a", x, by=given)
    row = verdict(written([step], numbers(x=0)))
    assert row["claim"].startswith("h (at one instant): |x|^2 = 0 |- x = 0 where")
