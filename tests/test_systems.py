"""The reference problems solve their laws: symbolically where the closed form is short, else by differences."""

import numpy as np
import pytest
import sympy as sp

import oracle
import qllg_sym as q
from systems import CLASSICAL, QUANTUM, DampedMoment, DampedSpin, DampedSpinLL, IsotropicDimer, Larmor

STENCIL = ((1, 4 / 5), (2, -1 / 5), (3, 4 / 105), (4, -1 / 280))        # eighth order


def rate_of_change(f, t, h=0.008):
    return sum(c * (f(t + k * h) - f(t - k * h)) for k, c in STENCIL) / h


@pytest.mark.parametrize("t", [0.0, 0.7, 2.3])
@pytest.mark.parametrize("system", QUANTUM, ids=repr)
def test_quantum_reference_solves_the_printed_law(system, t):
    rho, drho = system.exact(t), rate_of_change(system.exact, t)
    assert np.abs(oracle.residual(system.law, system.model, rho, drho, {})).max() < 1e-11
    assert np.abs(drho).max() > 1e-2                       # not a stationary state


@pytest.mark.parametrize("t", [0.0, 0.7, 2.3])
def test_classical_reference_solves_the_printed_law(t):
    system, = CLASSICAL
    m, dm = system.exact(t)[0], rate_of_change(system.exact, t)[0]
    field = np.array([0, 0, system.B])
    assert np.abs(dm - np.cross(m, field) + system.alpha * np.cross(m, dm)).max() < 1e-11


@pytest.mark.parametrize("system", QUANTUM, ids=repr)
def test_states_are_density_matrices(system):
    assert np.trace(system.state) == pytest.approx(1, abs=1e-14)
    assert np.abs(system.state - system.state.conj().T).max() < 1e-15
    assert np.linalg.eigvalsh(system.state).min() > -1e-14


def test_damped_spin_is_exact_in_symbols():
    r, kappa, time = sp.symbols("r kappa t", positive=True)
    slow = 1 + (kappa * r)**2
    n = sp.Matrix([sp.cos(time / slow), -sp.sin(time / slow), 0]) * r / sp.cosh(kappa * r * time / slow)
    n[2] = r * sp.tanh(kappa * r * time / slow)
    k, j = sp.symbols("kappa r", real=True)
    comp = q.QuantumLLG(k).derive(DampedSpin().model).pauli()
    point = dict(zip((*comp.states, *comp.velocities), (*n, *n.diff(time)), strict=True)) | {k: kappa, j: r}
    for equation in comp.residual:
        value = equation.subs(point).rewrite(sp.exp)
        assert sp.cancel(sp.together(sp.expand(value))) == 0
        wrong = equation.subs(k, -k).subs(point)
        assert abs(wrong.subs({kappa: 0.5, r: 0.8, time: 0.3}).evalf()) > 1e-3


def test_dimer_bloch_vector_is_the_closed_form():
    for system in (IsotropicDimer(), IsotropicDimer(J=-1.0), IsotropicDimer(J=0.3, B=2.0, kappa=1.5)):
        for t in (0.0, 0.4, 1.9, 6.0):
            r1x = np.trace(system.exact(t) @ np.kron(oracle.PAULI["x"], np.eye(2))).real
            assert r1x == pytest.approx(system.r1x(t), abs=1e-13)


def test_limits():
    assert DampedSpin(kappa=0.0).bloch(0.9) == pytest.approx(Larmor(B=1.0).bloch(0.9) * 0.8, abs=1e-15)
    assert DampedMoment(alpha=0.5, B=1.0).exact(1.3)[0] == pytest.approx(DampedSpin(r=1.0, kappa=0.5).bloch(1.3))
    assert DampedSpinLL().bloch(1.0) == pytest.approx(DampedSpin().bloch(1 + 0.4**2), abs=1e-15)
