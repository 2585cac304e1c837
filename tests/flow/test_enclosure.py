"""Rigorous balls: closed forms lie inside them, and so does every quantum curve that the figures draw."""

from functools import cache
from importlib import import_module

import mpmath
import numpy as np
import pytest

import qllg_sym as q
from qllg_sym.figures.figure import VARIANTS

flint = pytest.importorskip("flint")

DIMER = q.Model(q.Space("1/2", "1/2"), [q.Zeeman((1, 0, 0)), q.Exchange(1, 0, 1)])
ROUNDING = 1e-11        # what doubles may add to a curve of order 1 on the way to t = 8
EVERY = 100             # samples between the times that are enclosed
BELL = ("psi+", "psi-", "phi+", "phi-")


def around(value, slack=0.0):
    """A double as a ball."""
    return flint.arb(float(value), slack)


@cache
def drawn(number, variant):
    """The numbers and the columns of a figure, as it writes them, with the times in units of the equation."""
    module = import_module("qllg_sym.derivations").figures()[number]
    columns = dict(module.compute(variant).columns)
    return module.Parameters(), columns.pop("time_ps") / module.PS, columns         # not to be changed: shared


def solution(p, exchange, D, state, field=(1, 0, 0), kappa=None):
    """The exact solution with the numbers of a figure; D along z."""
    model = q.Model(q.Space("1/2", "1/2"), [q.Zeeman([p.B * x for x in field]), q.Exchange(exchange, 0, 1),
                                            q.DMI((0, 0, D), 0, 1)])
    return q.exact(model, q.QuantumLLG(kappa or p.kappa), state)


def first(p, _, kappa=None):
    """Fig. 1: r1 by the names of the columns."""
    for letter, exchange, D in (("a", -p.J, 0), ("b", p.J, 0), ("c", -p.J, p.D), ("d", p.J, p.D)):
        found = solution(p, exchange, D, q.states.product("up", "down"), kappa=kappa)
        yield found, "pauli", {f"{letter}_r1_{k}": f"T_{k}0" for k in "xyz"}


def second(p, _, kappa=None):
    """Fig. 2: T_kl."""
    for letter, D in (("a", 0), ("b", p.D)):
        found = solution(p, p.J, D, q.states.product("up", "down"), kappa=kappa)
        yield found, "pauli", {f"{letter}_T_{k}{l}": f"T_{k}{l}" for k in "xyz" for l in "xyz"}


def third(p, variant, kappa=None):
    """Fig. 3: B from Ψ+ or from the Werner state of the authors' script."""
    for D in p.D:
        found = solution(p, p.J, D, q.states.werner("psi+", {"paper": 1, "authors": 0.9}[variant]), kappa=kappa)
        yield found, "nonlocality", {f"B_D_{D:g}": None}


def fourth(p, _, kappa=None):
    """Fig. 4: B from four Werner states."""
    for panel, exchange in (("FM", -p.J), ("AFM", p.J)):
        for name in BELL:
            found = solution(p, exchange, p.D, q.states.werner(name, p.p), (3**-0.5,) * 3, kappa)
            yield found, "nonlocality", {f"B_{panel}_{name}": None}


FIGURES = {1: first, 2: second, 3: third, 4: fourth}


def outside(number, variant, kappa=None):
    """Names of the columns of which a sample misses its ball, and how many columns there were."""
    p, times, columns = drawn(number, variant)
    found, missed = [], set()
    for exact, observe, names in FIGURES[number](p, variant, kappa):
        for k in range(0, len(times), EVERY):
            balls = exact.enclose(float(times[k]), 20, observe)
            for column, name in names.items():
                ball, value = balls[name] if name else balls, columns[column][k]
                if observe == "nonlocality":        # roots double errors where B is small: B² is what is compared
                    ball, value = ball * ball, value if variant == "authors" else value**2
                if not ball.overlaps(around(value, ROUNDING)):
                    missed.add(column)
        found += names
    return found, missed


@pytest.mark.slow
@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("number", FIGURES)
def test_every_quantum_curve_of_the_figures_lies_in_its_balls(number, variant):
    columns, missed = outside(number, variant)
    assert missed == set()
    quantum = {name for name in drawn(number, variant)[2] if "_m1_" not in name and "Lindblad" not in name}
    assert set(columns) == quantum


@pytest.mark.slow
@pytest.mark.parametrize("number", FIGURES)
def test_curves_of_a_slightly_different_damping_miss_their_balls(number):
    assert outside(number, "paper", kappa=0.5 + 1e-7)[1]


@pytest.mark.parametrize("t", [0, 0.7, 8, 40])
def test_the_closed_form_of_the_bloch_vector_lies_in_its_ball(t):
    """r1x = sinh(2qBt)/(cosh(2qBt) + exp(8qJt)), q = κ/(1 + κ²)."""
    ball = q.exact(DIMER, q.QuantumLLG(0.5), q.states.product("up", "down")).enclose(t, 40, "pauli")["T_x0"]
    kept, flint.ctx.prec = flint.ctx.prec, 300
    turn = flint.arb(str(t)) * 4 / 5
    closed = turn.sinh() / (turn.cosh() + (4 * turn).exp())
    near = ball.overlaps(closed), ball.overlaps(closed + flint.arb("1e-30"))
    flint.ctx.prec = kept
    assert near == (True, False)
    assert ball.rad() < flint.arb(10)**-40


@pytest.mark.parametrize(("state", "expected"), [
    (q.states.product("+x", "-z"), 0), (q.states.bell("psi-"), 1), (q.states.werner("phi+", 0.9), (2 * 0.81 - 1)**0.5),
    (q.states.werner("psi+", 0.7), 0)])
def test_nonlocality_at_the_start(state, expected):
    """Products have T of rank one and Bell states equal singular values: no eigenvalue problem may mind either."""
    ball = q.exact(DIMER, q.QuantumLLG(0.5), state).enclose(0, 30, "nonlocality")
    assert ball.overlaps(around(expected, 1e-15))
    assert ball.rad() < flint.arb(10)**-30
    assert not ball.overlaps(around(expected + 1e-9))


def test_balls_of_observables_agree_with_the_trajectory():
    state = q.states.werner("psi+", 0.9)
    times = [0.0, 1.3, 5.0]
    balls = q.exact(DIMER, q.QuantumLL(0.5), state).enclose(times, 15, "pauli")
    run = q.solve(DIMER, q.QuantumLL(0.5), state, times, method="krylov")
    assert list(balls[0]) == [str(s) for s in q.QuantumLL(0.5).derive(DIMER).pauli().states] == list(run.labels)
    for one, row in zip(balls, run.pauli, strict=True):
        assert [ball.overlaps(around(x, 1e-13)) for ball, x in zip(one.values(), row, strict=True)] == [True] * 15


def test_digits_that_are_left_are_those_by_which_balls_are_missed():
    """Rounding puts a singlet into a triplet, and the flow enlarges it: "exact" says so, and is right about it."""
    state, times = q.states.werner("psi+", 0.9), [0.0, 1.3, 5.0, 8.0]
    balls = q.exact(DIMER, q.QuantumLL(0.5), state).enclose(times, 15, "pauli")
    run = q.solve(DIMER, q.QuantumLL(0.5), state, times, method="exact")
    left = 10.0 ** -run.stats["digits"]
    assert left < 1e-9
    for one, row in zip(balls, run.pauli, strict=True):
        assert [ball.overlaps(around(x, left)) for ball, x in zip(one.values(), row, strict=True)] == [True] * 15


MIXED = {
    "qubit": (q.Model(q.Space("1/2"), [q.Zeeman((1, 0, 0.5))]), np.array([[0.7, 0.1j], [-0.1j, 0.3]])),
    "thermal": (q.Model(q.Space("1/2"), [q.Zeeman((1, 0, 0.5))]),
                q.states.thermal(q.Model(q.Space("1/2"), [q.Zeeman((0, 3, 4))]), -0.2)),
    "two kets": (DIMER, np.diag([0.4, 0.1, 0.4, 0.1])),
    "random": (DIMER, q.states.random(DIMER.space, rank=1, seed=4)),
    "background": (DIMER, q.LowRank([0.9], [[0.6], [0], [0.8j], [0]], 0.025)),
    "mixed": (DIMER, np.eye(4) / 4),
}


@pytest.mark.parametrize("name", MIXED)
def test_states_of_two_levels_lie_in_their_balls(name):
    """Against an integrator, and against the digits."""
    model, state = MIXED[name]
    solution = q.exact(model, q.QuantumLL(0.5), state)
    balls, digits = solution.enclose(2.5, 40), solution.at(2.5, 60)
    run = q.solve(model, q.QuantumLL(0.5), state, [0, 2.5], method="frame").final_state
    kept, flint.ctx.prec = flint.ctx.prec, 300
    for i in range(len(run)):
        for j in range(len(run)):
            ball, value = balls[i, j].real, flint.arb(mpmath.nstr(digits[i, j].real, 58))
            assert ball.rad() < flint.arb(10)**-40
            assert ball.overlaps(around(run[i, j].real, 1e-9))
            assert ball.overlaps(value + flint.arb(0, "1e-55"))
            assert not ball.overlaps(value + flint.arb("1e-30"))
    flint.ctx.prec = kept


def test_the_precision_of_the_caller_is_left_alone():
    kept = flint.ctx.prec
    q.exact(DIMER, q.QuantumLLG(0.5), q.states.bell("psi+")).enclose(1, 100, "nonlocality")
    assert flint.ctx.prec == kept


@pytest.mark.parametrize(("space", "observe"), [(q.Space("1"), "pauli"), (q.Space("1/2"), "nonlocality"),
                                                (q.Space("1/2", "1/2"), "purity"), (q.Space("1/2", "1/2"), 1)])
def test_observables_that_a_space_lacks_are_refused(space, observe):
    exact = q.exact(q.Model(space), q.QuantumLLG(1), q.states.coherent(space, [(0, 0, 1)] * space.sites))
    with pytest.raises(q.InputError, match=r"^`observe` must be None[^\n]*; [^\n]*\.$"):
        exact.enclose(1, 20, observe)
