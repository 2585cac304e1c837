"""The solver in QuTiP's shape: its own types in and out, its own numbers without damping."""

import numpy as np
import pytest
import sympy as sp
from flow.batches import DIMER

import qllg_sym as q

TIMES = np.linspace(0, 2, 5)


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


@pytest.mark.parametrize(("wrong", "argument"), [
    ({"H": [np.eye(4), [np.eye(4), "cos(t)"]]}, "H"), ({"H": None}, "H"), ({"options": 3}, "options"),
    ({"args": 3}, "args"), ({"e_ops": [3]}, r"e_ops\[0\]"), ({"e_ops": "a"}, r"e_ops\[0\]"),
    ({"e_ops": {"z": np.eye(2)}}, r"e_ops\['z'\]"),
], ids=str)
def test_bad_input_is_told_before_any_work(wrong, argument, monkeypatch):
    given = {"H": np.eye(4), "rho0": q.states.bell("psi+"), "tlist": TIMES, "kappa": 0.5} | wrong
    monkeypatch.setattr("qllg_sym.flow.qutip_like.solve", lambda *_: pytest.fail("work was begun"))
    with pytest.raises(q.InputTypeError, match=rf"^`{argument}` must [^\n]*\.$"):
        q.qllgsolve(**given)
