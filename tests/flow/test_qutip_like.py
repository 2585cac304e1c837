"""The solver in QuTiP's shape: its own types in and out, its own numbers without damping."""

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from flow.batches import DIMER
from qllg_sym.flow.results import samples
from qllg_sym.observables.ensemble import Ensemble

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
        q.qllgsolve(DIMER, q.states.bell("psi+"), TIMES, kappa=0.5, options={"steps": 5})
    with pytest.raises(q.InputTypeError, match=r"^`H` must be"):
        q.qllgsolve([1, 2], q.states.bell("psi+"), TIMES, kappa=0.5)


@pytest.mark.parametrize(("wrong", "argument"), [
    ({"H": [np.eye(4), [np.eye(4), {1}]]}, "H"), ({"H": None}, "H"), ({"options": 3}, "options"),
    ({"args": 3}, "args"), ({"e_ops": [3]}, r"e_ops\[0\]"), ({"e_ops": "a"}, r"e_ops\[0\]"),
    ({"e_ops": {"z": np.eye(2)}}, r"e_ops\['z'\]"),
], ids=str)
def test_bad_input_is_told_before_any_work(wrong, argument, monkeypatch):
    given = {"H": np.eye(4), "rho0": q.states.bell("psi+"), "tlist": TIMES, "kappa": 0.5} | wrong
    monkeypatch.setattr("qllg_sym.flow.qutip.solvers.solve_with", lambda *_: pytest.fail("work was begun"))
    with pytest.raises(q.InputTypeError, match=rf"^`{argument}` must [^\n]*\.$"):
        q.qllgsolve(**given)


@pytest.fixture(scope="module")
def qutip():
    return pytest.importorskip("qutip")


@pytest.fixture
def no_work(monkeypatch):
    monkeypatch.setattr("qllg_sym.flow.qutip.solvers.solve_with", lambda *_: pytest.fail("work was begun"))


@pytest.mark.usefixtures("no_work")
@pytest.mark.parametrize(("change", "argument"), [
    (lambda qt: {"rho0": qt.tensor(qt.basis(3, 0), qt.basis(2, 1))}, "rho0"),
    (lambda qt: {"rho0": qt.basis(6, 0)}, "rho0"),
    (lambda qt: {"rho0": qt.tensor(qt.basis(2, 0), qt.basis(3, 1)).dag()}, "rho0"),
    (lambda qt: {"rho0": qt.operator_to_vector(qt.ket2dm(qt.tensor(qt.basis(2, 0), qt.basis(3, 1))))}, "rho0"),
    (lambda qt: {"e_ops": [qt.tensor(qt.qeye(3), qt.sigmaz())]}, r"e_ops\[0\]"),
    (lambda qt: {"e_ops": {"z": qt.QobjEvo(qt.num(6))}}, r"e_ops\['z'\]"),
    (lambda qt: {"e_ops": [qt.tensor(qt.basis(2, 0), qt.basis(3, 1))]}, r"e_ops\[0\]"),
    (lambda qt: {"e_ops": [qt.QobjEvo(qt.liouvillian(qt.tensor(qt.num(2), qt.qeye(3))))]}, r"e_ops\[0\]"),
    (lambda qt: {"H": qt.liouvillian(qt.tensor(qt.num(2), qt.qeye(3)))}, "H"),
    (lambda qt: {"H": qt.QobjEvo(lambda t: qt.tensor(qt.num(2), qt.qeye(3)))}, "H"),
    (lambda qt: {"H": qt.tensor(qt.basis(2, 0), qt.basis(3, 0))}, "H"),
    (lambda qt: {"e_ops": {1: qt.tensor(qt.num(2), qt.qeye(3)), "1": qt.tensor(qt.num(2), qt.qeye(3))}}, "e_ops"),
])
def test_what_qutip_refuses_is_refused_in_a_sentence_before_any_work(qutip, change, argument):
    """QuTiP itself refuses factors in another order, whatever the size: the physics would be another."""
    given = {"H": qutip.tensor(qutip.num(2), qutip.qeye(3)), "rho0": qutip.tensor(qutip.basis(2, 0), qutip.basis(3, 1)),
             "tlist": [0, 1], "kappa": 0} | change(qutip)
    with pytest.raises((q.InputError, q.InputTypeError), match=rf"^`{argument}` must [^\n]*\.$"):
        q.qllgsolve(**given)


def test_dims_are_those_of_the_state_where_h_is_a_plain_matrix(qutip):
    plus = qutip.tensor(qutip.basis(2, 0) + qutip.basis(2, 1), qutip.basis(3, 0)).unit()
    result = q.qllgsolve(np.diag(np.arange(6.0)), plus, [0, 1], kappa=0.2)
    assert result.final_state.dims == [[2, 3], [2, 3]]
    assert result.trajectory.spins == ("1/2", "1")


def test_a_factor_of_dimension_one_is_no_site(qutip):
    h = qutip.tensor(qutip.sigmax(), qutip.qeye(1))
    result = q.qllgsolve(h, qutip.tensor(qutip.basis(2, 0), qutip.basis(1, 0)), [0, 0.3], kappa=0,
                         e_ops=[qutip.tensor(qutip.sigmaz(), qutip.qeye(1))])
    assert result.final_state.dims == [[2, 1], [2, 1]]
    assert result.expect[0][-1] == pytest.approx(np.cos(0.6), abs=1e-9)


@pytest.mark.parametrize("stored", [None, True])
def test_operators_in_time_and_functions_are_taken_as_by_qutip(qutip, stored):
    """κ = 0: QuTiP's own solver with the same e_ops is the oracle."""
    h, up = qutip.sigmax(), qutip.basis(2, 0)
    swing = qutip.QobjEvo([[qutip.sigmaz(), lambda t: np.cos(3 * t)]])
    e_ops = [swing, lambda t, state: t * qutip.expect(h + 1, state), qutip.sigmay()]
    mine = q.qllgsolve(h, up, TIMES, kappa=0, e_ops=e_ops, options={"store_states": stored})
    theirs = qutip.sesolve(h, up, TIMES, e_ops=e_ops, options={"atol": 1e-12, "rtol": 1e-10})
    for own, other in zip(mine.expect, theirs.expect, strict=True):
        assert abs(np.asarray(own) - np.asarray(other)).max() < 1e-8
    assert len(mine.states) == (len(TIMES) if stored else 0)


@pytest.mark.parametrize("together", [1, 2])
def test_few_dense_states_are_made_at_a_time(together, monkeypatch):
    """Nothing ever holds the density matrices of all times, nor those that are not asked for."""
    sizes = []
    whole = Ensemble.density
    monkeypatch.setattr(samples, "PIECE", together * 16 * 4**2)
    monkeypatch.setattr(Ensemble, "density", lambda self: sizes.append(len(self)) or whole(self))
    result = q.qllgsolve(DIMER, q.states.bell("psi+"), TIMES, kappa=0.5, args={"D": 0.1},
                         e_ops=[lambda t, rho: rho[0, 0].real])
    assert max(sizes) == together
    assert sum(sizes) == len(TIMES)
    assert len(result.expect[0]) == len(TIMES)


def test_the_last_state_is_made_when_it_is_asked_for(monkeypatch):
    """14 spins ½: ρ has 4 GiB, its ket a quarter of a MiB."""
    chain = q.Model(q.Space.half(14), [*q.chain(14, q.Exchange, 1)])
    neel = q.states.product(*["up", "down"] * 7)
    monkeypatch.setattr(Ensemble, "density", lambda self: pytest.fail("a dense state was made"))
    result = q.qllgsolve(chain, neel, [0, 0.1], kappa=0.5, e_ops=[q.Pauli(1, "Z" + "I" * 13)],
                         options={"store_final_state": False})
    assert result.final_state is None
    assert result.states == []
    assert 0.9 < result.expect[0][-1] < 1


@pytest.mark.usefixtures("no_work")
@pytest.mark.parametrize("options", [{"store_states": True}, {"store_final_state": True}, {}])
def test_dense_states_beyond_the_memory_are_refused_before_any_work(options):
    chain = q.Model(q.Space.half(22), [*q.chain(22, q.Exchange, 1)])
    e_ops = [q.Pauli(1, "Z" + "I" * 21)] if options else None
    with pytest.raises(q.InputError, match=r"^`(states|final_state)` must fit into memory, but needs [^\n]*\.$"):
        q.qllgsolve(chain, q.states.product(*["up"] * 22), [0, 1], kappa=0.5, e_ops=e_ops, options=options)


@pytest.mark.parametrize(("change", "name"), [
    ({"tlist": [1, 0]}, "tlist"), ({"rho0": np.ones(3)}, "rho0"), ({"args": {"E": 1}}, "args"), ({"args": {}}, "args"),
    ({"options": {"method": "rk"}}, r"options\['method'\]"), ({"options": {"rtol": 2.0}}, r"options\['rtol'\]"),
    ({"H": [[0, 1], [0, 0]], "rho0": [1, 0], "args": None}, "H"), ({"args": {"D": [1, 2]}}, r"args\['D'\]"),
])
def test_messages_name_the_arguments_of_this_function(change, name):
    given = {"H": DIMER, "rho0": q.states.bell("psi+"), "tlist": TIMES, "kappa": 0.5, "args": {"D": 0.1}} | change
    with pytest.raises(q.QllgError, match=rf"^`{name}`"):
        q.qllgsolve(**given)


def test_progress_may_be_a_function():
    seen = []
    q.qllgsolve(DIMER, q.states.bell("psi+"), TIMES, kappa=0.5, args={"D": 0.1},
                options={"progress_bar": seen.append, "method": "frame"})
    assert seen[-1] == 1


@pytest.mark.parametrize("stored", [False, True])
def test_terms_are_operators_too(stored):
    """The same number as the matrix of the term."""
    letters = np.kron(np.diag([1, -1]), np.diag([1, -1]))
    result = q.qllgsolve(DIMER, q.states.product("up", "+x"), TIMES, kappa=0.5, args={"D": 0.1},
                         e_ops=[q.Pauli(1, "ZZ"), letters], options={"store_states": stored})
    assert abs(result.expect[0] - result.expect[1]).max() < 1e-13
