"""The exact solution: closed forms to 50 digits, rigorous balls, agreement with the integrators, refusals."""

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


REFUSED = {
    "free symbols": (lambda: q.exact(q.Model(q.Space("1/2"), [q.Zeeman((J, 0, 0))]), q.QuantumLLG(1),
                                     q.states.product("up")), q.InputError),
    "unknown value": (lambda: q.exact(DIMER, q.QuantumLLG(1), q.states.bell("psi+"), {"J": 1}), q.InputError),
    "infinite value": (lambda: q.exact(q.Model(q.Space("1/2"), [q.Zeeman((J, 0, 0))]), q.QuantumLLG(1),
                                       q.states.product("up"), {"J": np.inf}), q.InputError),
    "infinite time": (lambda: q.exact(DIMER, q.QuantumLLG(1), q.states.bell("psi+")).at([0, np.inf]), q.QllgError),
    "time in the damping": (lambda: q.exact(DIMER, q.QuantumLLG(q.t), q.states.bell("psi+")), q.InputError),
    "time": (lambda: q.exact(q.Model(q.Space("1/2"), [q.Zeeman((q.t, 0, 0))]), q.QuantumLLG(1),
                             q.states.product("up")), q.InputError),
    "mixed": (lambda: q.exact(DIMER, q.QuantumLLG(1), np.eye(4) / 4), q.StateError),
    "sites": (lambda: q.exact(DIMER, q.QuantumLLG(1), q.states.product("up")), q.StateError),
    "law": (lambda: q.exact(DIMER, "q-llg", q.states.bell("psi+")), q.InputTypeError),
    "dephasing": (lambda: q.exact(DIMER, q.Dephasing(1), q.states.bell("psi+")), q.DerivationError),
    "digits": (lambda: q.exact(DIMER, q.QuantumLLG(1), q.states.bell("psi+")).at(1, 0), q.InputError),
    "nan": (lambda: q.exact(DIMER, q.QuantumLLG(1), q.states.bell("psi+")).at(float("nan")), q.QllgError),
    "too long": (lambda: q.exact(DIMER, q.QuantumLLG(1), q.states.bell("psi+")).at(1e6), q.InputError),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_one_sentence(case):
    call, kind = REFUSED[case]
    with pytest.raises(kind, match=r"^[^\n]*; [^\n]*\.$"):
        call()
