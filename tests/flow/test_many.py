"""Batches and the solver in QuTiP's shape: the same numbers as one trajectory after another."""

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q

D = sp.Symbol("D", real=True)
DIMER = q.Model(q.Space("1/2", "1/2"), [q.Zeeman((1, 0, 0)), q.Exchange(1, 0, 1), q.DMI((0, 0, D), 0, 1)])
TIMES = np.linspace(0, 2, 5)


def test_states_and_values_side_by_side():
    states = [q.states.product("up", "down"), q.states.bell("psi+"), q.states.werner("phi-", 0.5)]
    many = q.solve_many(DIMER, q.QuantumLLG(0.5), states, TIMES, values={"D": np.array([0.0, 0.3, 0.6])})
    assert many.bloch(0).shape == (3, 5, 3)
    assert many.states.shape == (3, 5, 4, 4)
    for k, (state, value) in enumerate(zip(states, (0.0, 0.3, 0.6), strict=True)):
        alone = q.solve(DIMER, q.QuantumLLG(0.5), state, TIMES, values={D: value})
        assert np.array_equal(many.states[k], alone.states)
    assert abs(many.states[0] - many.states[1]).max() > 0.1


def test_one_state_for_many_values_and_classical_stacks():
    many = q.solve_many(DIMER, q.QuantumLLG(0.5), q.states.bell("psi+"), TIMES, values={"D": [0.1, 0.2]})
    assert many.energy.shape == (2, 5)
    moments = np.array([[[0, 0, 1], [0, 0, -1]], [[1, 0, 0], [0, 1, 0]]])
    assert q.solve_many(DIMER, q.ClassicalLLG(0.5), moments, TIMES, values={"D": 0.1}).moments.shape == (2, 5, 2, 3)


@pytest.mark.parametrize("arguments", [{"states": []},
                                       {"states": [q.states.bell("psi+")] * 2, "values": {"D": [1, 2, 3]}},
                                       {"states": q.states.bell("psi+"), "values": {"D": 1.0}}])
def test_lengths_must_agree(arguments):
    with pytest.raises(q.InputError, match=r"^`states` and array `values` must be of one common length"):
        q.solve_many(DIMER, q.QuantumLLG(0.5), times=TIMES, **arguments)


def test_qllgsolve_takes_and_gives_qobj():
    qutip = pytest.importorskip("qutip")
    h = qutip.tensor(qutip.sigmaz(), qutip.sigmax()) + qutip.tensor(qutip.sigmax(), qutip.qeye(2))
    rho = qutip.ket2dm(qutip.tensor(qutip.basis(2, 0), qutip.basis(2, 1)))
    op = qutip.tensor(qutip.sigmaz(), qutip.qeye(2))
    result = q.qllgsolve(h, rho, TIMES, kappa=0.0, e_ops=[op], options={"store_states": True})
    free = qutip.sesolve(h, qutip.tensor(qutip.basis(2, 0), qutip.basis(2, 1)), TIMES, e_ops=[op],
                         options={"atol": 1e-12, "rtol": 1e-10})
    assert abs(result.expect[0] - free.expect[0]).max() < 1e-7
    assert isinstance(result.states[0], qutip.Qobj)
    assert result.states[0].dims == rho.dims
    damped = q.qllgsolve(h, rho, TIMES, kappa=0.5, e_ops={"z": op})
    assert abs(damped.e_data["z"] - free.expect[0]).max() > 1e-2
    assert damped.states == []


def test_qllgsolve_binds_symbols_and_refuses_unknown_options():
    kappa = sp.Symbol("kappa", real=True)
    result = q.qllgsolve(DIMER, q.states.bell("psi+"), TIMES, kappa=kappa, args={"D": 0.1, kappa: 0.5})
    assert np.array_equal(result.states[-1], result.final_state)
    with pytest.raises(q.InputError, match=r"^`options` must be of"):
        q.qllgsolve(DIMER, q.states.bell("psi+"), TIMES, kappa=0.5, options={"nsteps": 5})
    with pytest.raises(q.InputTypeError, match=r"^`H` must be"):
        q.qllgsolve([1, 2], q.states.bell("psi+"), TIMES, kappa=0.5)
