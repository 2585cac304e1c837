"""The exact solution: closed forms to 50 digits, rigorous balls, agreement with the integrators, refusals."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy as sp

import qllg_sym as q

DIMER = q.Model(q.Space("1/2", "1/2"), [q.Zeeman((1, 0, 0)), q.Exchange(1, 0, 1)])


def r1x(rho):
    """Tr ρ σx⊗1 of a multiprecision matrix."""
    return 2 * (rho[0, 2] + rho[1, 3]).real


@pytest.mark.parametrize("t", [0, 0.7, 8, 40])
def test_dimer_follows_its_closed_form_to_fifty_digits(t):
    rho = q.exact(DIMER, q.QuantumLLG(0.5), q.states.product("up", "down")).at(t, 50)
    with mpmath.workdps(60):
        rate, time = mpmath.mpf(2) / 5, mpmath.mpf(str(t))
        expected = mpmath.sinh(2 * rate * time) / (mpmath.cosh(2 * rate * time) + mpmath.exp(8 * rate * time))
        assert abs(r1x(rho) - expected) < mpmath.mpf(10) ** -49
        wrong = mpmath.sinh(2 * rate * time) / (mpmath.cosh(2 * rate * time) + mpmath.exp(7 * rate * time))
        assert t == 0 or abs(r1x(rho) - wrong) > mpmath.mpf(10) ** -40


def test_digits_do_not_depend_on_how_many_are_asked_for():
    solution = q.exact(DIMER, q.QuantumLL(0.5), q.states.product("+y", "down"))
    few, many = solution.at(3, 20), solution.at(3, 60)
    assert max(abs(few[i, j] - many[i, j]) for i in range(4) for j in range(4)) < mpmath.mpf(10) ** -19


@pytest.mark.parametrize("state", [q.states.werner("psi+", 0.9), q.states.bell("phi-"), q.states.product("up", "-y"),
                                   np.array([3, 0, 4j, 0]) / 5])
@pytest.mark.parametrize("law", [q.QuantumLLG(0.7), q.QuantumLL(0.7), q.VonNeumann()])
def test_agrees_with_the_frame_method(state, law):
    model = q.Model(q.Space("1/2", "1/2"), [q.Zeeman((1, 0, 0.5)), q.Exchange(-1, 0, 1), q.DMI((0, 0, 0.4), 0, 1)])
    rho = np.array(q.exact(model, law, state).at(2.5, 20).tolist(), dtype=complex)
    assert abs(rho - q.solve(model, law, state, [0, 2.5], method="frame").final_state).max() < 1e-8


def test_balls_hold_the_digits_and_are_small():
    flint = pytest.importorskip("flint")
    solution = q.exact(DIMER, q.QuantumLLG(0.5), q.states.product("up", "down"))
    balls, digits = solution.enclose(5, 40), solution.at(5, 60)
    flint.ctx.prec = 300
    for i in range(4):
        for j in range(4):
            with mpmath.workdps(60):
                value = flint.arb(mpmath.nstr(digits[i, j].real, 58))
            assert balls[i, j].real.rad() < flint.arb(10) ** -40
            assert balls[i, j].real.overlaps(value + flint.arb(0, "1e-55"))
            assert not balls[i, j].real.overlaps(value + flint.arb("1e-30"))
    flint.ctx.prec = 53


def test_spins_of_any_kind_and_irrational_fields():
    space = q.Space("1", "3/2")
    model = q.Model(space, [q.Zeeman((1 / sp.sqrt(3), 0, 0.3)), q.Bilinear(1, 0, 1)])
    state = q.states.coherent(space, [(0.6, 0, 0.8), (0, 1, 0)])
    solution = q.exact(model, q.QuantumLLG(0.5), state)
    rho = np.array(solution.at(3, 20).tolist(), dtype=complex)
    assert abs(rho - q.solve(model, q.QuantumLLG(0.5), state, [0, 3], method="frame").final_state).max() < 1e-8


def test_expression_of_one_spin_is_the_same_solution():
    model = q.Model(q.Space("1/2"), [q.Zeeman((1, 0, sp.Rational(1, 2)))])
    solution = q.exact(model, q.QuantumLLG(0.5), q.states.product("+y"))
    rho, digits = solution.expression.subs(q.t, sp.Rational(3, 2)), solution.at(1.5, 30)
    assert max(abs(mpmath.mpmathify(sp.N(rho[i, j], 25)) - digits[i, j]) for i in (0, 1) for j in (0, 1)) < 1e-20
    assert q.exact(DIMER, q.QuantumLLG(0.5), q.states.bell("psi+")).expression is None


J, KAPPA = sp.symbols("J kappa", real=True)


def test_values_bind_symbols_exactly():
    """Floats stand for the rationals they print as, exact numbers for themselves; names and Symbols are keys."""
    model = q.Model(q.Space("1/2", "1/2"), [q.Zeeman((1, 0, 0)), q.Exchange(J, 0, 1)])
    bound = q.exact(model, q.QuantumLLG(KAPPA), q.states.product("up", "down"), {"J": 1, KAPPA: 0.5})
    assert bound == q.exact(DIMER, q.QuantumLLG(0.5), q.states.product("up", "down"))
    third = q.exact(model, q.QuantumLLG(0.5), q.states.bell("psi+"), {J: sp.Rational(1, 3)})
    assert third.frequency[0, 0] == sp.Rational(1, 3)


@pytest.mark.parametrize("times", [[0, 0.5, 4], np.array([0.0, 0.5, 4.0]), (0, sp.Rational(1, 2), 4), []])
def test_a_list_of_times_gives_a_list_of_states(times):
    solution = q.exact(DIMER, q.QuantumLLG(0.5), q.states.product("up", "down"))
    assert solution.at(times, 20) == [solution.at(t, 20) for t in times]


def nearly(size):
    """A fraction apart from a Werner state."""
    rho = [[Fraction(1, 20), 0, 0, 0], [0, Fraction(9, 20), Fraction(2, 5), 0], [0, Fraction(2, 5), Fraction(9, 20), 0],
           [0, 0, 0, Fraction(1, 20)]]
    if size:
        rho[0][0] += Fraction(1, size)
        rho[3][3] -= Fraction(1, size)
    return rho


def turned(h, kets, a, b, t, kappa):
    """a + b·(projector on exp(−Ht/(κb − i)) range kets) by the exponential of a matrix, 100 digits."""
    with mpmath.workdps(100):
        moved = mpmath.expm(h * (-mpmath.mpf(t) / (mpmath.mpf(kappa) * b - mpmath.mpc(0, 1)))) * mpmath.matrix(kets)
        dagger = moved.transpose_conj()
        return a * mpmath.eye(h.rows) + b * moved * mpmath.inverse(dagger * moved) * dagger


def dimer_energy():
    """−(σx1 + σx2)/2 + σ·σ, in mpmath."""
    h = mpmath.matrix(4, 4)
    for i, j in ((0, 1), (0, 2), (1, 3), (2, 3)):
        h[i, j] = h[j, i] = mpmath.mpf(-1) / 2
    h[0, 0] = h[3, 3] = 1
    h[1, 1] = h[2, 2] = -1
    h[1, 2] = h[2, 1] = 2
    return h


def distance(rho, other):
    """The largest difference of two matrices."""
    return max(abs(rho[i, j] - other[i, j]) for i in range(rho.rows) for j in range(rho.cols))


def projector(kets):
    """The projector on orthogonal columns of integers, as fractions."""
    total = sp.zeros(4, 4)
    for ket in kets:
        column = sp.Matrix(ket)
        total += column * column.H / sum(abs(x)**2 for x in ket)
    return total


TWO = [[3, 4 * sp.I, 0, 12], [4, 3 * sp.I, 5, -2]]      # orthogonal: 12 + 12 − 24 = 0
HALF, FIFTH, R = sp.Rational(1, 2), sp.Rational(1, 5), sp.sqrt(2)
ONE = {     # states of the dimer: (state, kets that span P, a, b)
    "exact projector": (projector(TWO[:1]), TWO[:1], 0, 1),
    "two kets": (projector(TWO) / 2, TWO, 0, HALF),
    "background": (sp.eye(4) * FIFTH + projector(TWO[:1]) * FIFTH, TWO[:1], FIFTH, FIFTH),
    "less than the background": (sp.eye(4) * 3 / 11 - projector(TWO[:1]) / 11, TWO[:1], sp.Rational(3, 11),
                                 -sp.Rational(1, 11)),
    "fractions": (nearly(0), [[0, 1, 1, 0]], sp.Rational(1, 20), sp.Rational(4, 5)),
    "roots": (sp.Matrix([0, 1, R, 0]) * sp.Matrix([[0, 1, R, 0]]) / 3, [[0, 1, R, 0]], 0, 1),
    "ket of roots": (sp.Matrix([0, 1, R, 0]) / sp.sqrt(3), [[0, 1, R, 0]], 0, 1),
    "low rank": (q.LowRank([0.4, 0.4], np.eye(4)[:, [0, 2]], 0.05), [[1, 0, 0, 0], [0, 0, 1, 0]],
                 sp.Rational(1, 20), sp.Rational(2, 5)),
    "thermal exchange": (q.states.thermal(q.Model(DIMER.space, [q.Exchange(1, 0, 1)]), 0.25), [[0, 1, -1, 0]],
                         1 / (3 + sp.E), (sp.E - 1) / (3 + sp.E)),
    "ground of exchange": (q.states.ground(q.Model(DIMER.space, [q.Exchange(J, 0, 1)])),
                           [[0, 1, -1, 0]], 0, 1),
}


@pytest.mark.parametrize("name", ONE)
def test_every_exact_state_of_two_levels_follows_the_exponential_of_its_kets(name):
    state, kets, a, b = ONE[name]
    with mpmath.workdps(100):
        a, b = (mpmath.mpmathify(sp.N(x, 90)) for x in (a, b))
        columns = mpmath.matrix([[mpmath.mpmathify(sp.N(x, 90)) for x in row] for row in zip(*kets, strict=True)])
    solution = q.exact(DIMER, q.QuantumLLG(0.5), state, {"J": 3} if name == "ground of exchange" else None)
    for t in ("0", "0.7", "8"):
        expected = turned(dimer_energy(), columns, a, b, t, "0.5")
        assert distance(solution.at(sp.Rational(t)), expected) < mpmath.mpf(10)**-49
        wrong = turned(dimer_energy(), columns, a, b, t, "0.5000000001")
        stationary = name in ("thermal exchange", "ground of exchange", "two kets")
        assert t == "0" or stationary or distance(wrong, expected) > mpmath.mpf(10)**-14


@pytest.mark.parametrize("r", [(0, "0.3", "0.4"), ("0.001", 0, 0), ("0.6", 0, "-0.8"), ("0.1", "0.2", "0.3")])
@pytest.mark.parametrize("as_given", ["matrix", "floats", "eta"])
def test_any_state_of_a_qubit_follows_its_closed_form(r, as_given):
    """B = ẑ: n_z = tanh(artanh n_z(0) + κ'ωt), the azimuth turns by −ωt/(1 + κ²b²), b = |r|, κ' = κb/(1 + κ²b²)."""
    x, y, z = map(sp.Rational, r)
    matrix = sp.Matrix([[1 + z, x - sp.I * y], [x + sp.I * y, 1 - z]]) / 2
    space = q.Space("1/2")
    state = {"matrix": matrix, "floats": np.array(matrix.tolist(), dtype=complex),
             "eta": q.states.eta(space, [2 * float(v) for v in r])}[as_given]
    rho = q.exact(q.Model(space, [q.Zeeman((0, 0, 1))]), q.QuantumLLG(2), state).at(3, 50)
    with mpmath.workdps(70):
        x, y, z = (mpmath.mpf(int(v.p)) / int(v.q) for v in (x, y, z))
        b = mpmath.sqrt(x * x + y * y + z * z)
        slow = 1 + 4 * b * b
        polar = mpmath.tanh(mpmath.atanh(z / b) + 2 * b * 3 / slow)
        turn = (mpmath.mpc(x, y) / mpmath.hypot(x, y)) * mpmath.exp(mpmath.mpc(0, -3) / slow)
        across = b * mpmath.sqrt(1 - polar**2) * turn
        expected = mpmath.matrix([[1 + b * polar, mpmath.conj(across)], [across, 1 - b * polar]]) / 2
        assert distance(rho, expected) < mpmath.mpf(10)**-49
        assert distance(rho, expected.T) > mpmath.mpf(10)**-4           # turning the other way


def test_a_thermal_qubit_has_the_hyperbolic_tangent_as_its_length():
    other = q.Model(q.Space("1/2"), [q.Zeeman((0, 3, 4))])
    solution = q.exact(q.Model(q.Space("1/2")), q.QuantumLLG(1), q.states.thermal(other, 0.2))
    with mpmath.workdps(60):
        length = mpmath.tanh(mpmath.mpf(1) / 2)     # β|B|/2
        rho = solution.at(0, 50)
        assert abs(2 * rho[1, 0].imag - length * 3 / 5) < mpmath.mpf(10)**-49
        assert abs((rho[0, 0] - rho[1, 1]).real - length * 4 / 5) < mpmath.mpf(10)**-49
    ground = q.exact(other, q.QuantumLLG(1), q.states.ground(other)).at(5, 30)
    assert abs((ground[0, 0] - ground[1, 1]).real - mpmath.mpf(4) / 5) < mpmath.mpf(10)**-15


RNG = np.random.default_rng(5)
FRAME = np.linalg.qr(RNG.normal(size=(4, 4)) + 1j * RNG.normal(size=(4, 4)))[0]
ROUNDED = {
    "projector": FRAME[:, :1] @ FRAME[:, :1].conj().T,
    "two kets": FRAME[:, :2] @ FRAME[:, :2].conj().T / 2,
    "background": 0.1 * np.eye(4) + 0.6 * FRAME[:, :1] @ FRAME[:, :1].conj().T,
    "three kets": q.LowRank([0.3, 0.3, 0.3], FRAME[:, :3], 0.025),
    "slanted kets": q.LowRank([1.0], [[0.5], [0.5], [0.5], [0.5]]),
    "random": q.states.random(DIMER.space, rank=1, seed=4),
    "ground": q.states.ground(q.Model(DIMER.space, [q.Zeeman((0, 1, 1)), q.Exchange(-1, 0, 1)])),
}


@pytest.mark.parametrize("name", ROUNDED)
def test_states_known_in_doubles_agree_with_the_frame_method(name):
    solution = q.exact(DIMER, q.QuantumLL(0.7), ROUNDED[name])
    rho = solution.at(1.5, 30)
    with mpmath.workdps(30):
        assert abs(sum(rho[i, i] for i in range(4)) - 1) < 1e-28
    expected = q.solve(DIMER, q.QuantumLL(0.7), ROUNDED[name], [0, 1.5], method="frame").final_state
    assert abs(np.array(rho.tolist(), dtype=complex) - expected).max() < 1e-9
    with mpmath.workdps(40):        # of two levels to all digits, which the doubles are not
        a, b = (mpmath.mpmathify(sp.N(x, 40)) for x in (solution.a, solution.b))
        assert mpmath.mnorm((rho - a * mpmath.eye(4)) * (rho - (a + b) * mpmath.eye(4)), "f") < 1e-27


@pytest.mark.parametrize("state", [np.eye(4) / 4, sp.eye(4) / 4, q.LowRank([], np.empty((4, 0)), 0.25),
                                   q.LowRank([0.25] * 4, FRAME),
                                   q.states.thermal(DIMER, 0), q.states.werner("phi+", 0)])
def test_the_maximally_mixed_state_stays(state):
    rho = q.exact(DIMER, q.QuantumLLG(1), state).at(1e9, 40)
    assert distance(rho, mpmath.eye(4) / 4) < mpmath.mpf(10)**-39


def test_a_mixed_qubit_has_an_expression():
    model = q.Model(q.Space("1/2"), [q.Zeeman((1, 0, sp.Rational(1, 2)))])
    solution = q.exact(model, q.QuantumLLG(0.5), np.array([[0.7, 0.1j], [-0.1j, 0.3]]))
    rho, digits = solution.expression.subs(q.t, sp.Rational(3, 2)), solution.at(1.5, 30)
    assert max(abs(mpmath.mpmathify(sp.N(rho[i, j], 25)) - digits[i, j]) for i in (0, 1) for j in (0, 1)) < 1e-20
    still = q.exact(model, q.QuantumLLG(0.5), np.eye(2) / 2).expression
    assert still == sp.eye(2) / 2


@pytest.mark.parametrize("t", [1e3, 1e5, 1e6, 1e9, 1e300, sp.Integer(10)**400, -1e6])
def test_long_times_reach_the_lowest_level_with_the_right_phases(t):
    """In B = ẑ with n = (3/5, 4i/5): ρ₀₀ → 1, or 0 backwards; without damping the azimuth is −t to all digits."""
    model = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, 1))])
    damped = q.exact(model, q.QuantumLLG(0.5), np.array([0.6, 0.8j])).at(t)
    assert distance(damped, mpmath.diag([1, 0] if t > 0 else [0, 1])) < mpmath.mpf(10)**-49
    with mpmath.workdps(500):
        turn = mpmath.exp(mpmath.mpc(0, -1) * mpmath.mpf(int(sp.Rational(str(t)))))
        free = q.exact(model, q.VonNeumann(), np.array([0.6, 0.8j])).at(t)
        assert abs(free[1, 0] - turn * mpmath.mpc(0, "0.48")) < mpmath.mpf(10)**-49
        assert abs(free[1, 0] - turn * turn * mpmath.mpc(0, "0.48")) > 1e-6


def test_an_exact_eigenstate_stays_for_ever_and_its_neighbour_does_not():
    """Both spins against the field: an unstable eigenstate, where rounding would be outrun by any time that is long."""
    rest, law = q.states.product("-x", "-x"), q.QuantumLLG(0.5)
    ferro = q.Model(q.Space("1/2", "1/2"), [q.Zeeman((1, 0, 0)), q.Exchange(-1, 0, 1)])
    start = mpmath.matrix([[1, -1, -1, 1]]).T * mpmath.matrix([[1, -1, -1, 1]]) / 4
    ground = mpmath.matrix(4, 4) + mpmath.mpf(1) / 4
    for t in (8, 1e4, 1e9):
        assert distance(q.exact(ferro, law, rest).at(t), start) < mpmath.mpf(10)**-49
    off = sp.Rational(1, 10**300)               # tilted by 1e-300: gone after a few thousand
    ket = sp.Matrix([1 + off, -1, -1, 1]) / 2
    assert distance(q.exact(ferro, law, ket).at(10), start) < mpmath.mpf(10)**-49
    assert distance(q.exact(ferro, law, ket).at(1e4), ground) < mpmath.mpf(10)**-49


def test_two_kets_reach_the_two_lowest_levels_that_they_have():
    """E = −7/2, −1/2, 1/2, 7/2 for the basis kets; kets without the second one reach the first and the third."""
    model = q.Model(q.Space("1/2", "1/2"), [q.Pauli(-2, "ZI"), q.Pauli(sp.Rational(-3, 2), "IZ")])
    full, gap = [[1, 2, 3, 4], [2, -1, 4, -3]], [[1, 0, 2, 2], [2, 0, 1, -2]]
    for kets, reached in ((full, [1, 1, 0, 0]), (gap, [1, 0, 1, 0])):
        solution = q.exact(model, q.QuantumLLG(0.5), projector(kets) / 2)
        assert distance(solution.at(1e7), mpmath.diag(reached) / 2) < mpmath.mpf(10)**-49
        assert distance(solution.at(20), solution.at(20, 400)) < mpmath.mpf(10)**-49
        assert distance(solution.at(20), mpmath.diag(reached) / 2) > mpmath.mpf(10)**-30


REFUSED = {
    "free symbols": (lambda: q.exact(q.Model(q.Space("1/2"), [q.Zeeman((J, 0, 0))]), q.QuantumLLG(1),
                                     q.states.product("up")).at(1), q.InputError),
    "unknown value": (lambda: q.exact(DIMER, q.QuantumLLG(1), q.states.bell("psi+"), {"J": 1}), q.InputError),
    "infinite value": (lambda: q.exact(q.Model(q.Space("1/2"), [q.Zeeman((J, 0, 0))]), q.QuantumLLG(1),
                                       q.states.product("up"), {"J": np.inf}), q.InputError),
    "infinite time": (lambda: q.exact(DIMER, q.QuantumLLG(1), q.states.bell("psi+")).at([0, np.inf]), q.QllgError),
    "time in the damping": (lambda: q.exact(DIMER, q.QuantumLLG(q.t), q.states.bell("psi+")), q.InputError),
    "time": (lambda: q.exact(q.Model(q.Space("1/2"), [q.Zeeman((q.t, 0, 0))]), q.QuantumLLG(1),
                             q.states.product("up")), q.InputError),
    "three levels": (lambda: q.exact(DIMER, q.QuantumLLG(1), np.diag([0.5, 0.3, 0.2, 0])), q.StateError),
    "three levels of doubles": (lambda: q.exact(DIMER, q.QuantumLLG(1), q.states.random(DIMER.space, seed=1)),
                                q.StateError),
    "nearly two levels": (lambda: q.exact(DIMER, q.QuantumLLG(1), nearly(10**40)), q.StateError),
    "weights": (lambda: q.exact(DIMER, q.QuantumLLG(1), q.LowRank([0.6, 0.4], np.eye(4)[:, :2])), q.StateError),
    "eta of a spin 1": (lambda: q.exact(q.Model(q.Space("1")), q.QuantumLLG(1), q.states.eta(q.Space("1"), (0, 0, 1))),
                        q.StateError),
    "thermal in time": (lambda: q.exact(q.Model(q.Space("1/2")), q.QuantumLLG(1), q.states.thermal(
        q.Model(q.Space("1/2"), [q.Zeeman((q.t, 0, 0))]), 1)), q.InputError),
    "degenerate": (lambda: q.exact(DIMER, q.QuantumLLG(1), q.states.ground(q.Model(DIMER.space))), q.StateError),
    "trace": (lambda: q.exact(DIMER, q.QuantumLLG(1), np.eye(4)), q.StateError),
    "no state": (lambda: q.exact(DIMER, q.QuantumLLG(1), None), q.InputTypeError),
    "sites": (lambda: q.exact(DIMER, q.QuantumLLG(1), q.states.product("up")), q.StateError),
    "law": (lambda: q.exact(DIMER, "q-llg", q.states.bell("psi+")), q.InputTypeError),
    "dephasing": (lambda: q.exact(DIMER, q.Dephasing(1), q.states.bell("psi+")), q.InputError),
    "classical": (lambda: q.exact(DIMER, q.ClassicalLLG(1), [[0, 0, 1]] * 2), q.InputError),
    "digits": (lambda: q.exact(DIMER, q.QuantumLLG(1), q.states.bell("psi+")).at(1, 0), q.InputError),
    "nan": (lambda: q.exact(DIMER, q.QuantumLLG(1), q.states.bell("psi+")).at(float("nan")), q.QllgError),
    "many digits": (lambda: q.exact(DIMER, q.QuantumLLG(1), q.states.bell("psi+")).at(1, 100_000), q.InputError),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_one_sentence(case):
    call, kind = REFUSED[case]
    with pytest.raises(kind, match=r"^[^\n]*; [^\n]*\.$") as caught:
        call()
    assert len(str(caught.value)) < 300
