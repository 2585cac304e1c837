"""The prover: numbers first, then algebra; each refuses on its own what is false."""

from fractions import Fraction
from random import Random

import numpy as np
import pytest

import qllg_sym as q
from qllg_sym.proof.language import D, comm, exponent, i, let, letters, matrix, pair, scalars, sq, star, to_json, tr
from qllg_sym.proof.normal_form import TheoremAlgebra, is_zero
from qllg_sym.proof.numeric import Numeric, Point, gaussian, times
from qllg_sym.proof.prove import evaluate, expand
from qllg_sym.proof.random_points import mixed, operator, velocity
from qllg_sym.proof.step import cancel, equal, nonnegative, positive, roots, zero
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import H, R, X, kappa, rho

a, b = letters("a b")
x, y = scalars("x y")


def theorem(*steps, **more):
    return Theorem("trial", "", "", "every dimension", steps, **more)


def array(m):
    return np.array([[complex(Fraction(int(z.x.numerator), int(z.x.denominator)),
                              Fraction(int(z.y.numerator), int(z.y.denominator))) for z in row] for row in m])


def test_the_sampled_velocity_solves_the_law_in_floats():
    """PRL 3 a second time on purpose, in matrices."""
    point = mixed(Random(3))
    p, h, v = (array(point.letters[name]) for name in ("rho", "H", "X"))
    k = float(point.scalars["kappa"].x.numerator) / float(point.scalars["kappa"].x.denominator)
    assert np.allclose(v, 1j * (p @ h - h @ p) + 1j * k * (p @ v - v @ p), atol=1e-12)
    assert np.allclose(p, p.conj().T)
    assert np.linalg.eigvalsh(p).min() > -1e-12


def test_numbers_alone_refute_a_false_identity():
    with pytest.raises(q.ProofError) as caught:
        evaluate(theorem(equal("a", tr(a * b), -tr(b * a))),
                 Point({"a": operator(Random(1), 2), "b": operator(Random(2), 2)}))
    assert caught.value.counterexample["lhs"] != caught.value.counterexample["rhs"]


def test_algebra_alone_refutes_a_false_identity():
    with pytest.raises(q.ProofError, match="leaves"):
        expand(theorem(equal("a", a * b, b * a)))


def test_a_sample_at_which_a_hypothesis_fails_is_refused():
    with pytest.raises(q.ProofError, match="must hold at the sample") as caught:
        theorem(equal("a", tr(X), 0, by=tr(R)), sample=lambda rng: Point(
            {"rho": operator(rng, 2), "H": operator(rng, 2), "X": operator(rng, 2)}, {"kappa": gaussian(1)})).prove()
    assert caught.value.counterexample is None


def test_a_by_that_is_not_made_of_hypotheses_is_refused():
    with pytest.raises(q.ProofError, match="vanish with its hypotheses"):
        theorem(equal("a", tr(X), 0, by=tr(X)), sample=mixed).prove()


@pytest.mark.parametrize("step", [nonnegative("a", x, x), positive("a", sq(x), sq(x)), nonnegative("a", -sq(x), -sq(x)),
                                  cancel("a", x * 0, sq(x), by=0), nonnegative("a", 1 + sq(x), 1 + sq(x))])
def test_a_sign_that_is_not_seen_is_refused(step):
    with pytest.raises(q.ProofError, match=r"sign|is false"):
        theorem(step, sample=lambda rng: Point({}, {"x": gaussian(rng.randint(1, 4))})).prove()


def test_an_equation_is_no_inequality():
    with pytest.raises(q.ProofError, match="must not be zero"):
        theorem(nonnegative("a", x - x, 0 * sq(x) + 0), sample=lambda rng: Point({}, {"x": gaussian(1)})).prove()


@pytest.mark.parametrize(("step", "value"), [
    (positive("a", 1 + sq(x), 1 + sq(x)), 2), (roots("a", x**2 - 2, 1, 0, 2), 1), (zero("a", x - x, by=0), 1)])
def test_what_is_true_is_proved(step, value):
    assert theorem(step, sample=lambda rng: Point({}, {"x": gaussian(value)})).prove().replayable


def test_time_derivatives_of_algebra_and_of_power_series_agree():
    """D by the product rule in words, and D by Taylor coefficients at a point: two programs, one number."""
    A, Ad = pair("A", "A_dag")
    point = mixed(Random(4))
    point = Point({**point.letters, "A": operator(Random(5), 3)}, point.scalars)
    rates = {rho: X, H: comm(H, rho), A: A * H, Ad: H * Ad, kappa: kappa**2}
    claim = tr(rho**3 * comm(rho, H)) * kappa + tr(star(A) * rho * A) + i * tr(rho * H)**2
    spelled = (tr(X * rho**2 * comm(rho, H) + rho * X * rho * comm(rho, H) + rho**2 * X * comm(rho, H)
                  + rho**3 * (comm(X, H) + comm(rho, comm(H, rho)))) * kappa + tr(rho**3 * comm(rho, H)) * kappa**2
               + tr(star(A * H) * rho * A + star(A) * X * A + star(A) * rho * A * H)
               + 2 * i * tr(rho * H) * tr(X * H + rho * comm(H, rho)))
    at = Numeric(point, {n.name: value for n, value in rates.items()})
    assert at.value(D(claim)) == at.value(spelled)
    algebra = TheoremAlgebra([D(claim), spelled], rates)
    assert is_zero(algebra.expand(D(claim) - spelled))


def test_a_symbolic_exponent_stands_for_every_number():
    n = exponent("n", 1)
    algebra = TheoremAlgebra([n * a], {a: b})
    assert is_zero(algebra.expand(D(tr(a**n)) - n * tr(a**(n - 1) * b)))
    assert not is_zero(algebra.expand(D(tr(a**n)) - (n + 1) * tr(a**(n - 1) * b)))
    for k in (1, 2, 5):
        assert is_zero(algebra.expand(D(tr(a**k)) - k * tr(a**(k - 1) * b)))


def test_matrices_multiply_as_in_numpy():
    first, second = ([[1, 2], [Fraction(1, 2), -1]], [[0, 3], [5, 1]])
    at = Numeric(Point(), {})
    product = array(at.value(matrix(first) * matrix(second) - 2))
    expected = np.array([[float(v) for v in row] for row in first]) @ np.array(second) - 2 * np.eye(2)
    assert np.allclose(product, expected)


def test_a_name_with_two_meanings_is_refused():
    def at(rng):
        return Point({}, {"x": gaussian(2), "y": gaussian(3)})
    with pytest.raises(q.ProofError, match="The name `z` must stand for one"):
        theorem(equal("a", let("z", x) + let("z", y), x + y), sample=at).prove()
    assert theorem(equal("a", let("z", x) + let("z", x), 2 * x), sample=at).prove().replayable


def test_text_keeps_the_order_of_operations():
    assert str((x + y) * x - (x - y)**2) == "(x + y)*x - (x - y)^2"
    assert str(-(x + y)) == "-(x + y)"
    assert str(Fraction(1, 2) * x**2) == "1/2*x^2"
    assert to_json(Fraction(1, 2) * x) == ["*", "1/2", "x"]


@pytest.mark.parametrize("value", [0.5, True, "x", None])
def test_what_is_not_exact_is_no_expression(value):
    with pytest.raises(q.InputTypeError):
        x * value


def test_velocity_is_unique_up_to_nothing():
    point = mixed(Random(6), 2)
    again = velocity(point.letters["rho"], point.letters["H"], point.scalars["kappa"])
    assert again == point.letters["X"]
    assert times(again, again) != again
