"""Coefficients are evaluated as the user wrote them: nothing cancels that was not written so."""

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from qllg_sym.algebra.scalars import expanded
from qllg_sym.equations.lowering import frequency_kernel

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
