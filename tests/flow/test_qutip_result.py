"""Results in QuTiP's shape: the same attributes with the same numbers, at κ = 0 and with collapse operators."""

import pickle

import numpy as np
import pytest

import qllg_sym as q

qutip = pytest.importorskip("qutip")
TIMES = np.linspace(0, 2, 9)
TIGHT = {"atol": 1e-12, "rtol": 1e-10}
SZ, SX, MINUS, UP = qutip.sigmaz(), qutip.sigmax(), qutip.sigmam(), qutip.basis(2, 0)
H = SX + 0.3 * SZ
PAIR = qutip.tensor(SZ, SX) + 0.7 * qutip.tensor(SX, qutip.qeye(2))
PLUS = (qutip.tensor(UP, UP) + 1j * qutip.tensor(UP, qutip.basis(2, 1))).unit()
PAIR_JUMPS = [0.4 * qutip.tensor(MINUS, qutip.qeye(2)), 0.3 * qutip.tensor(qutip.qeye(2), SZ)]


def public(result):
    return {name for name in dir(result) if not name.startswith("_")}


def test_a_result_has_what_qutips_has():
    """All but the two by which QuTiP's own solvers fill it, and its plot."""
    theirs = qutip.mesolve(H, UP, TIMES, e_ops=[SZ])
    mine = q.qllgsolve(H, UP, TIMES, kappa=0, e_ops=[SZ])
    assert public(theirs) - public(mine) == {"add", "add_processor", "plot_expect"}
    assert set(theirs.options) - set(mine.options) == {"nsteps", "order", "first_step", "min_step"}
    assert set(theirs.stats) - set(mine.stats) == set()
    assert mine.solver == "qllgsolve"
    assert (mine.options["rtol"], mine.options["store_states"]) == (1e-10, None)


@pytest.mark.parametrize("given", [[SZ, SX], {"z": SZ, "x": SX}, SZ, SX + 1j * SZ])
def test_values_have_the_shape_and_kind_of_qutips(given):
    theirs = qutip.mesolve(H, UP, TIMES, e_ops=given, options=TIGHT)
    mine = q.qllgsolve(H, UP, TIMES, kappa=0, e_ops=given)
    assert list(mine.e_data) == list(theirs.e_data) == list(mine.e_ops) == list(theirs.e_ops)
    for own, other in zip(mine.expect, theirs.expect, strict=True):
        assert (own.shape, own.dtype) == (other.shape, other.dtype)
        assert abs(own - other).max() < 1e-8
    assert all(mine.e_data[key] is own for key, own in zip(mine.e_data, mine.expect, strict=True))


def test_what_was_given_can_be_asked_of_any_state():
    swing = qutip.QobjEvo([[SZ, lambda t: np.cos(t)]])
    e_ops = {"z": SZ, "evo": swing, "f": lambda t, rho: t * (SX * rho).tr().real, "term": q.Pauli(2, "Y")}
    mine = q.qllgsolve(H, UP, TIMES, kappa=0.4, e_ops=e_ops, options={"store_states": True})
    for name in ("z", "evo", "f", "term"):
        again = [mine.e_ops[name](t, rho) for t, rho in zip(mine.times, mine.states, strict=True)]
        assert np.allclose(again, mine.e_data[name], atol=1e-13)
    assert mine.e_ops["z"].op is SZ
    assert mine.e_ops["z"](0.0, UP) == pytest.approx(1)          # kets, too


@pytest.mark.parametrize(("options", "states", "last"), [
    ({}, 0, True), ({"store_states": True}, 9, True), ({"store_final_state": False}, 0, False),
    ({"store_final_state": True}, 0, True), ({"store_states": True, "store_final_state": False}, 9, True)])
def test_states_are_stored_as_asked(options, states, last):
    mine = q.qllgsolve(H, UP, TIMES, kappa=0.1, e_ops=[SZ], options=options)
    assert len(mine.states) == states
    assert (mine.final_state is not None) == last
    if last:
        assert (mine.final_state - q.qllgsolve(H, UP, TIMES, kappa=0.1).states[-1]).norm() < 1e-9


@pytest.mark.parametrize("pure", [True, False])
def test_collapse_operators_are_those_of_mesolve(pure):
    rho = PLUS if pure else 0.7 * qutip.ket2dm(PLUS) + 0.3 * qutip.qeye([2, 2]) / 4
    e_ops = [qutip.tensor(SZ, SZ), qutip.tensor(SX, qutip.qeye(2))]
    theirs = qutip.mesolve(PAIR, rho, TIMES, PAIR_JUMPS, e_ops=e_ops, options=TIGHT)
    mine = q.qllgsolve(PAIR, rho, TIMES, kappa=0, c_ops=PAIR_JUMPS, e_ops=e_ops)
    assert abs(np.array(mine.expect) - theirs.expect).max() < 1e-8
    assert mine.stats["solver"] == "q-llg + lindblad"
    assert abs(theirs.expect[0][-1] - qutip.mesolve(PAIR, rho, TIMES, e_ops=e_ops).expect[0][-1]) > 0.01


@pytest.mark.parametrize("solver", ["qllgsolve", "qllsolve"])
def test_collapse_operators_stand_beside_the_damping(solver):
    """A right-hand side written out here, a second time on purpose, with QuTiP's own dissipator."""
    from scipy.integrate import solve_ivp
    loss, h, kappa = qutip.lindblad_dissipator(0.5 * MINUS).full(), H.full(), 0.3

    def slope(t, y):
        rho = y.reshape(2, 2)
        turn, lost = 1j * (rho @ h - h @ rho), (loss @ rho.T.ravel()).reshape(2, 2).T
        if solver == "qllsolve":
            return (turn + 1j * kappa * (rho @ turn - turn @ rho) + lost).ravel()
        bracket = np.kron(rho, np.eye(2)) - np.kron(np.eye(2), rho.T)      # ρ̇ = turn + lost + iκ[ρ, ρ̇], solved for ρ̇
        return np.linalg.solve(np.eye(4) - 1j * kappa * bracket, (turn + lost).ravel())
    start = 0.8 * qutip.ket2dm(UP) + 0.1 * qutip.qeye(2)
    there = solve_ivp(slope, (0, 2), start.full().ravel().astype(complex), rtol=1e-11, atol=1e-13, method="DOP853").y
    mine = getattr(q, solver)(H, start, [0, 2], kappa=kappa, c_ops=0.5 * MINUS)
    assert abs(mine.states[-1].full().ravel() - there[:, -1]).max() < 1e-8


def test_the_damping_of_q_ll_is_that_of_q_llg_in_another_time():
    """Pure states: q-LL with κ is q-LLG with both terms 1 + κ² larger."""
    slow = q.qllgsolve(H, UP, 1.25 * TIMES, kappa=0.5, e_ops=[SZ, SX])
    fast = q.qllsolve(H, UP, TIMES, kappa=0.5, e_ops=[SZ, SX])
    assert abs(np.array(slow.expect) - fast.expect).max() < 1e-8


def test_a_result_is_shown_and_pickled():
    mine = q.qllgsolve(H, UP, TIMES, kappa=0.1, e_ops=[SZ])
    assert repr(mine).splitlines()[:2] == ["<Result", "  Solver: qllgsolve"]
    assert repr(mine).splitlines()[-2:] == ["  Final state saved.", ">"]
    again = pickle.loads(pickle.dumps(mine))
    assert (again.expect[0] == mine.expect[0]).all()
    assert again.final_state == mine.final_state
