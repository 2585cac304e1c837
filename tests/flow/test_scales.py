"""H → cH, t → t/c, β → β/c leaves every state as it is, from joules to nothing at all."""

from functools import cache

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from qllg_sym.flow.states import initial


def model(c, sites):
    bonds = [q.Exchange(-c * sp.Rational(7, 10), i, i + 1) for i in range(sites - 1)]
    return q.Model(q.Space.half(sites), [*bonds, q.DMI((0, 0, c * sp.Rational(3, 10)), 0, 1),
                                         q.Zeeman((c, 0, sp.Rational(c) / 2))])


@cache
def lowest(sites, c):
    """Energy over c and Bloch vector of the ground state and of a thermal one."""
    scaled = model(c, sites)
    states = q.states.ground(scaled), q.states.thermal(scaled, 10 / float(c))
    runs = [q.solve(scaled, q.QuantumLLG(0), state, [0.0]) for state in states]
    return np.array([run.energy[0] / float(c) for run in runs]), np.array([run.bloch(0)[0] for run in runs])


@pytest.mark.parametrize(("sites", "power"), [*((sites, power) for sites in (2, 7) for power in (-25, -12, 12, 25)), *(
    pytest.param(11, power, marks=pytest.mark.slow) for power in (-25, -12, 12, 25))])
def test_ground_and_thermal_states_know_no_scale(power, sites, monkeypatch):
    """Seven spins take the way of large spaces here, as eleven do by themselves."""
    monkeypatch.setattr(initial, "LARGEST_DENSE", 1024 if sites == 11 else 64)
    (energy, bloch), (expected, vectors) = lowest(sites, sp.Integer(10)**power), lowest(sites, sp.Integer(1))
    assert energy == pytest.approx(expected, rel=1e-10)
    assert np.abs(bloch - vectors).max() < 1e-8


@pytest.mark.parametrize("method", ["exact", "krylov", "frame", "low-rank", "pauli"])
@pytest.mark.parametrize("power", [-25, 25])
def test_methods_know_no_scale(power, method):
    c, start = sp.Integer(10)**power, q.states.product("up", "+y")
    runs = [q.solve(model(k, 2), q.QuantumLLG(0.5), start, np.linspace(0, 2, 3) / float(k), method=method)
            for k in (1, c)]
    assert np.abs(runs[1].bloch(0) - runs[0].bloch(0)).max() < 1e-7
    assert runs[1].energy / float(c) == pytest.approx(runs[0].energy, rel=1e-7, abs=1e-7)
