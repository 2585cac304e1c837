"""H → cH, t → t/c, β → β/c leaves every state as it is, from joules to nothing at all."""

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q


def model(c, sites):
    bonds = [q.Exchange(-c * sp.Rational(7, 10), i, i + 1) for i in range(sites - 1)]
    return q.Model(q.Space.half(sites), [*bonds, q.DMI((0, 0, c * sp.Rational(3, 10)), 0, 1),
                                         q.Zeeman((c, 0, sp.Rational(c) / 2))])


@pytest.mark.parametrize("power", [-25, -12, 12, 25])
@pytest.mark.parametrize("sites", [2, 11])
def test_ground_and_thermal_states_know_no_scale(power, sites):
    c = sp.Integer(10)**power
    for state in (lambda m, k: q.states.ground(m), lambda m, k: q.states.thermal(m, 10 / k)):
        runs = [q.solve(model(k, sites), q.QuantumLLG(0), state(model(k, sites), float(k)), [0.0]) for k in (1, c)]
        assert runs[1].energy[0] / float(c) == pytest.approx(runs[0].energy[0], rel=1e-10)
        assert np.abs(runs[1].bloch(0) - runs[0].bloch(0)).max() < 1e-8


@pytest.mark.parametrize("method", ["exact", "krylov", "frame", "low-rank", "pauli"])
@pytest.mark.parametrize("power", [-25, 25])
def test_methods_know_no_scale(power, method):
    c, start = sp.Integer(10)**power, q.states.product("up", "+y")
    runs = [q.solve(model(k, 2), q.QuantumLLG(0.5), start, np.linspace(0, 2, 3) / float(k), method=method)
            for k in (1, c)]
    assert np.abs(runs[1].bloch(0) - runs[0].bloch(0)).max() < 1e-7
    assert runs[1].energy / float(c) == pytest.approx(runs[0].energy, rel=1e-7, abs=1e-7)
