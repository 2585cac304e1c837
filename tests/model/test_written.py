"""Coefficients are evaluated as the user wrote them: nothing cancels that was not written so."""

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from qllg_sym.algebra.scalars import expanded
from qllg_sym.equations.lowering import frequency_kernel
from qllg_sym.flow.hamiltonians.dense import matrix_of

J, K = sp.symbols("J K", real=True)
ONE, NEAR = q.Space("1/2"), {"J": 1000.5, "K": 1000.0}


def test_the_difference_of_near_parameters_reaches_every_number():
    model, law = q.Model(ONE, [q.Pauli((J - K)**6, "Z")]), q.QuantumLLG((J - K)**2)
    run = q.solve(model, law, q.states.product("up"), [0.0], values=NEAR)
    assert run.energy[0] == run.expectation(model, NEAR)[0] == 0.5**6
    kappa, h, r = 0.25, 2 * 0.5**6, np.array([0.1, 0.2, 0.3])       # H = −h/2 · (−σz): field −h along z
    field = np.array([0, 0, -h])
    x = np.cross(r, field)
    matrix = np.eye(3) + kappa * np.array([[0, -r[2], r[1]], [r[2], 0, -r[0]], [-r[1], r[0], 0]])
    expected = np.linalg.solve(matrix, x)
    for target in ("numpy", "mpmath"):
        rhs = law.derive(model).pauli().compile(target).bind(NEAR)
        assert np.abs(rhs(0.0, r).astype(float) - expected).max() < 1e-15


def test_the_printed_equations_stay_expanded():
    model = q.Model(ONE, [q.Pauli((J - K)**2, "Z")])
    first = q.QuantumLLG(0).derive(model).pauli().residual[0]
    T_y, dT_x = sp.Symbol("T_y", real=True), sp.Symbol("dT_x", real=True)
    assert first == dT_x + 2 * J**2 * T_y - 4 * J * K * T_y + 2 * K**2 * T_y
    assert model.terms[0].c == (J - K)**2


def test_what_is_zero_exactly_is_no_term():
    model = q.Model(ONE, [q.Pauli((J + K)**2 - J**2 - 2 * J * K - K**2, "Z"), q.Pauli((J - K)**2, "X"),
                          q.Pauli(-J**2 + 2 * J * K - K**2, "X"), q.Pauli(J - K, "Y")])
    assert [string for group in frequency_kernel(model)[1] for string, _ in group] == [(2,)]


def test_strings_that_differ_by_a_rational_share_an_amplitude():
    model = q.Model(ONE, [q.Pauli((J - K)**2, "Z"), q.Pauli(3 * (K - J)**2, "X"), q.Pauli(J - K, "Y")])
    assert sorted(len(group) for group in frequency_kernel(model)[1]) == [1, 2]


def test_sums_of_terms_are_added_before_they_multiply_states():
    model = q.Model(ONE, [q.Pauli(J, "Z"), q.Pauli(-K, "Z")])
    rhs = q.VonNeumann().derive(model).pauli().compile("numpy").bind(J=1e6 + 0.5, K=1e6)
    assert rhs(0.0, [0.1, 0.7, 0.3])[:2].tolist() == [-0.7, 0.1]


@pytest.mark.parametrize("time", [0.0, 79.0, 80.0, 81.0, 1000.0])
def test_a_late_switch_overflows_nowhere(time):
    switch = 1 / (1 + sp.exp(-10 * (q.t - 80)))
    falling = sp.exp(800 - 10 * q.t) / (1 + sp.exp(800 - 10 * q.t))
    model = q.Model(ONE, [q.Pauli(switch, "X"), q.Pauli(falling, "Y")])
    program = frequency_kernel(model)[0]
    from qllg_sym.codegen import build
    found = build.load(program, "numpy")(time, np.empty(0), np.empty(0))
    exact = program.evaluate({"t": time}).values()
    assert np.abs(found - np.array([*map(float, exact)])).max() < 1e-15


def test_expanding_leaves_functions_alone():
    x = sp.exp(800 - 10 * q.t)
    assert expanded(1 / (1 + x)) == 1 / (1 + x)
    assert expanded((J - K)**2 + sp.sin((J - K)**2)) == J**2 - 2 * J * K + K**2 + sp.sin((J - K)**2)


def test_entries_of_matrices_are_evaluated_as_written():
    w, e = (J - K)**6, sp.Rational(1, 2)
    matrix = [[w, e * w - 1j * (J - K)**4], [e * w + 1j * (J - K)**4, -w + sp.I * 0]]
    found = matrix_of(q.Model(ONE, [q.Operator(matrix)]), NEAR)
    assert np.abs(found - 0.5**6 * np.array([[1, 0.5 - 4j], [0.5 + 4j, -1]])).max() < 1e-16
    turned = q.Operator([[0, sp.exp(sp.I * J)], [sp.exp(-sp.I * J), 0]])
    assert matrix_of(q.Model(ONE, [turned]), {"J": 0.3})[0, 1] == pytest.approx(np.exp(0.3j), abs=1e-15)


@pytest.mark.parametrize("term", [
    lambda w, w2: q.Exchange(w, 0, 1), lambda w, w2: q.DMI((0, w, w2), 0, 1), lambda w, w2: q.Biquadratic(w, 0, 1),
    lambda w, w2: q.Anisotropy([[w, w2, 0], [w2, 0, 0], [0, 0, -w]], 0),
    lambda w, w2: q.Bilinear([[w, w2, 0], [0, w, 0], [0, 0, w2]], 0, 1),
    lambda w, w2: q.Zeeman((w, 0, w2), g=w)])
def test_every_term_is_the_same_with_atoms(term):
    """Against numbers put in before anything is derived, at ħ and γ_g that are written too."""
    space, w, w2 = q.Space("1", "1"), (J - K)**4, 1 / (1 + (J - K)**2)
    hbar, gamma = sp.exp(J - K), (J - K)**2
    known = {J: sp.Rational(2001, 2), K: 1000}
    model = q.Model(space, [term(w, w2), term(w2, w)], hbar=hbar, gamma=gamma)
    numbers = [sp.sympify(x).xreplace(known) for x in (w, w2, hbar, gamma)]
    other = q.Model(space, [term(*numbers[:2]), term(*numbers[1::-1])], hbar=numbers[2], gamma=numbers[3])
    expected = matrix_of(other, {})
    assert np.abs(matrix_of(model, NEAR) - expected).max() < 1e-14 * np.abs(expected).max()
    for law in (q.ClassicalLLG(w, field="mean"), q.ClassicalLL(w, field="mean")):
        moments = [[0.6, 0, 0.8], [0, 0.6, -0.8]]
        runs = [q.solve(m, l, moments, [0, 0.1], values=v) for m, l, v in (
            (model, law, NEAR), (other, type(law)(numbers[0], field="mean"), {}))]
        assert np.abs(runs[0].moments - runs[1].moments).max() < 1e-12
        assert runs[0].energy == pytest.approx(runs[1].energy, rel=1e-13)


@pytest.mark.parametrize("method", ["exact", "frame", "pauli"])
def test_batches_are_their_rows(method):
    model, law, up = q.Model(ONE, [q.Pauli((J - K)**6, "Z"), q.Zeeman((1, 0, 0))]), q.QuantumLLG((J - K)**2), \
        q.states.product("up")
    offsets = [0.5, -0.25, 1.0]
    many = q.solve_many(model, law, up, [0, 1], values={"J": 1000 + np.array(offsets), "K": 1000.0}, method=method)
    for row, offset in enumerate(offsets):
        one = q.Model(ONE, [q.Pauli(sp.Rational(offset)**6, "Z"), q.Zeeman((1, 0, 0))])
        run = q.solve(one, q.QuantumLLG(sp.Rational(offset)**2), up, [0, 1], method=method)
        assert np.abs(many.bloch(0)[row] - run.bloch(0)).max() < 1e-10
        assert many.energy[row] == pytest.approx(run.energy, abs=1e-10)


def test_what_the_user_cancels_is_told():
    def bound(expression, **values):
        return q.QuantumLLG(0.5).derive(q.Model(ONE, [q.Pauli(expression, "Z")])).pauli().compile("numpy").bind(values)

    for values in ({"J": 1e6 + 0.1, "K": 1e6}, {"J": np.array([2.0, 1e6 + 0.1]), "K": 1e6}):
        with pytest.warns(q.QllgWarning, match=r"^`values` must leave the coefficients[^\n]*cancel[^\n]*\.$"):
            bound(J**2 - K**2, **values)
        bound((J - K) * (J + K), **values)              # the honest twin, and others: no warning, which is an error
        bound((J - K)**6 - 1, **values)
    bound(J**2 - K**2, J=2.0, K=1.0)


@pytest.mark.parametrize("law", [q.QuantumLLG, pytest.param(q.QuantumLL, marks=pytest.mark.slow), q.Dephasing,
                                 q.ClassicalLLG, q.ClassicalLL])
@pytest.mark.parametrize("spins", [("1/2", "1/2"), ("1",)], ids=str)
def test_the_kernel_solves_the_printed_residual(law, spins):
    """The one truth is the exact residual; at 40 digits the program of written coefficients makes it vanish."""
    terms = [q.Zeeman(((J - K)**2, 1 / (1 + (J - 3)**2), sp.cos(J * q.t + 1) - J), g=1 + K)]
    if len(spins) == 2:
        terms += [q.Exchange((J - K)**3 - J, 0, 1), q.Exchange(sp.sqrt(1 + K**2), 0, 1),
                  q.DMI((0, J * (J - K), sp.exp(K - J) / (1 + sp.exp(K - J))), 0, 1)]
    else:
        terms += [q.Anisotropy([[J, (J - K)**2, 0], [(J - K)**2, -K, 0], [0, 0, 1]], 0)]
    classical = {"field": "mean"} if law.classical else {}
    equation = law((J - K)**2 + sp.sqrt(2), **classical).derive(q.Model(q.Space(*spins), terms, hbar=1 + J**2))
    components = equation.moments() if law.classical else equation.coefficients()
    numbers = {J: sp.Rational(7, 5), K: sp.Rational(3, 10), q.t: sp.Rational(2, 3)}
    state = {s: sp.Rational(1 + k % 5, 17 + k) for k, s in enumerate(components.states)}
    program = components.kernel()
    found = program.evaluate({str(s): v for s, v in (numbers | state).items()}, 40)
    known = numbers | state | {v: sp.Float(found[str(s)], 40) for s, v in zip(components.states, components.velocities,
                                                                             strict=True)}
    assert max(abs(sp.N(r.xreplace(known), 40)) for r in components.residual) < 1e-35
    assert any(abs(x) > 1e-3 for x in found.values())


def test_time_that_cancels_is_no_time():
    t = q.t
    for c in ((t + 1)**2 - t**2 - 2 * t, J * (t + 1) - J * t):
        model = q.Model(ONE, [q.Pauli(c, "Z")])
        numbers = {"J": 1.0} if model.parameters else {}
        assert not model.time_dependent
        run = q.solve(model, q.QuantumLLG(0), q.states.product("+x"), [0, 5], values=numbers, method="exact")
        assert run.bloch(0)[-1] == pytest.approx([np.cos(10), np.sin(10), 0], abs=1e-14)
    assert q.Model(ONE, [q.Pauli(J * (t + 1) - t, "Z")]).time_dependent


def test_closed_constants_in_every_stepper():
    model = q.Model(q.Space.half(2), [q.Zeeman((sp.zeta(3) * sp.cos(q.t), 0, sp.cosh(1))), q.Exchange(1, 0, 1)])
    number = q.Model(q.Space.half(2), [q.Zeeman((1.2020569031595942 * sp.cos(q.t), 0, 1.5430806348152437)),
                                       q.Exchange(1, 0, 1)])
    state = q.states.product("+x", "up")
    for method in ("frame", "pauli", "low-rank"):
        runs = [q.solve(m, q.QuantumLLG(0.5), state, [0, 2], method=method) for m in (model, number)]
        assert np.abs(runs[0].bloch(0) - runs[1].bloch(0)).max() < 1e-9
