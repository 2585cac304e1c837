"""Flows on kets at size: what is kept and observed, what it costs, which method is taken, what is refused."""

import tracemalloc

import numpy as np
import pytest
import sympy as sp

import oracle
import qllg_sym as q
from flow.chains import chain, state
from flow.reference import distance
from qllg_sym.flow.methods import low_rank
from qllg_sym.flow.options import Options
from qllg_sym.flow.pose import pose
from qllg_sym.flow.steps.runge_kutta import Kets, RungeKutta, registers
from qllg_sym.flow.steps.tableau import dop853, dopri5
from qllg_sym.flow.subspace.kets import orthonormalise

AGREE = 1e-8                            # 100 times the default tolerance
LAW = q.QuantumLLG(0.5)
TIMES = [0.0, 0.2, 0.55, 1.0]


@pytest.mark.parametrize("method", ["low-rank", "krylov"])
def test_states_that_are_not_kept_are_never_held(method):
    """Forty times in the memory of a few; the observed numbers are those of the kept states."""
    model, start, times = chain(13, 2), q.states.product(*["up", "down"] * 6, "up"), np.linspace(0, 0.1, 41)
    z = np.array([1 - 2 * (n >> 12) for n in range(2**13)])
    ket = 2**13 * 16
    kept = q.solve(model, LAW, start, times[::20], method=method)
    tracemalloc.start()
    try:
        found = q.solve(model, LAW, start, times, method=method, keep="final", observe={
            "z": lambda rho: float(np.sum(abs(rho.kets[:, 0])**2 * z)),
            "low": lambda rho: float(isinstance(rho, q.LowRank))})
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 34 * ket                                              # 41 kets alone would be more
    assert found.observed["low"].all()
    assert distance(found.observed["z"][::20], kept.bloch(0)[:, 2]) < AGREE
    assert distance(found.energy[::20], kept.energy) < AGREE
    last = q.solve(model, LAW, start, times, method=method, keep="final")
    assert len(last.ensemble) == 1
    assert abs(abs(np.vdot(last.ensemble.kets[0], kept.kets[-1])) - 1) < 1e-12


def test_the_stepper_holds_the_registers_that_it_says():
    model = chain(13, 2)
    state, tolerances = q.states.product(*["up", "+x"] * 6, "up"), Options(rtol=1e-8, atol=1e-10)
    problem = pose(model, LAW, state, [0.0, 1.0], None, tolerances)
    slope, ket = low_rank.flow(problem, problem.start.weights[0]), 2**13 * 16
    slope(0.0, problem.start.kets[0], np.empty_like(problem.start.kets[0]))       # what the action keeps is made here
    for pair in (dop853(), dopri5()):
        tracemalloc.start()
        try:
            stepper = RungeKutta(slope, 0.0, 1.0, problem.start.kets[0], pair, Kets(1e-8), orthonormalise)
            stepper.advance()
            stepper.at(stepper.t / 2)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert registers(pair) - 1 < peak / ket < registers(pair) + 4


def test_the_pair_of_few_slopes_is_taken_where_memory_is_short(monkeypatch):
    start, ket = state(4, 2, 0.01, 1), 2 * 16 * 16
    monkeypatch.setattr(low_rank, "available_memory", lambda: 15 * ket)
    found = q.solve(chain(4, 1), LAW, start, TIMES, method="low-rank")
    monkeypatch.setattr(low_rank, "available_memory", lambda: None)
    full = q.solve(chain(4, 1), LAW, start, TIMES, method="low-rank")
    assert (found.stats["stepper"], full.stats["stepper"]) == ("RK45", "DOP853")
    assert distance(found.states, full.states) < AGREE


@pytest.mark.parametrize("method", ["low-rank", "krylov"])
def test_what_does_not_fit_is_refused_before_it_is_allocated(method, monkeypatch):
    monkeypatch.setattr("qllg_sym.observables.storage.available_memory", lambda: 2**20)
    law, start = LAW, q.states.product(*["up"] * 11)
    with pytest.raises(q.InputError, match=r"^`kets` must fit into memory, but needs .* GiB; take fewer [^.]*\.$"):
        q.solve(chain(11, 1), law, start, np.linspace(0, 1, 50), method=method)


def test_large_spaces_never_make_a_matrix(monkeypatch):
    """d = 2048: the choice of the method, energies, labels, text and what happens between the times."""
    def refuse(*_):
        raise AssertionError("H was made a matrix")

    monkeypatch.setattr("qllg_sym.flow.problem.Hamiltonian", refuse)
    model, start = chain(11, 2), q.states.product(*["up", "+x"] * 5, "down")
    found = q.solve(model, LAW, start, [0.0, 0.1, 0.2])
    assert found.method == "krylov"
    assert "11" in repr(found)
    assert found.energy[0] > found.energy[1] > found.energy[2]
    assert found.labels == ()
    mixed = q.solve(model, LAW, state(11, 2, 1e-5, 1), [0.0, 0.1])
    assert mixed.method == "low-rank"
    assert len(mixed.energy) == 2
    driven = q.solve(chain(11, 2, driven=True), LAW, start, [0.0, 0.05], keep="final")
    assert "low-rank" in repr(driven)
    assert driven.energy.shape == (2,)


@pytest.mark.parametrize("method", ["exact", "frame", "pauli"])
def test_dense_methods_refuse_what_is_large(method):
    with pytest.raises(q.InputError, match=rf"^`method` must fit the problem, but '{method}' does not: d = 8192 ex"):
        q.solve(chain(13, 1), LAW, q.states.product(*["up"] * 13), [0, 1], method=method)


def test_the_method_follows_dimension_and_rank():
    """One time, so that nothing is integrated."""
    pure, law = [q.states.product(*["up"] * n) for n in range(1, 12)], LAW
    for sites, start, method in ((4, pure[3], "exact"), (10, pure[9], "krylov"), (5, state(5, 2, 0.0, 1), "frame"),
                                 (7, state(7, 2, 0.001, 1), "low-rank"), (7, state(7, 100, 0.0, 1), "frame"),
                                 (11, state(11, 2, 0.0, 1), "low-rank")):
        assert q.solve(q.Model(q.Space.half(sites)), law, start, [0.0]).method == method
    assert q.solve(q.Model(q.Space.half(7), [q.Zeeman((0, 0, q.t))]), law, pure[6], [0.0]).method == "low-rank"


def test_a_state_between_the_times_of_what_was_not_kept():
    model, start = chain(4, 2), state(4, 2, 0.01, 1)
    kept = q.solve(model, LAW, start, [0.0, 0.25, 0.5], method="low-rank")
    last = q.solve(model, LAW, start, [0.0, 0.5], method="low-rank", keep="final")
    for t in (0.25, 0.5):
        assert distance(last.at(t), kept.at(t)) < AGREE


@pytest.mark.parametrize("method", ["low-rank", "krylov"])
def test_stop_and_ctrl_c_while_states_are_not_kept(method):
    model, start, times = chain(4, 2), q.states.product("up", "down", "+x", "up"), np.linspace(0, 2, 21)
    stopped = q.solve(model, LAW, start, times, method=method, keep="final", stop=lambda t, rho: t > 0.45)
    assert stopped.times[-1] == pytest.approx(0.5)
    assert len(stopped.energy) == 6

    def interrupt(fraction):
        if fraction > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(q.SolveInterrupted) as caught:
        q.solve(model, LAW, start, times, method=method, observe={"purity": lambda rho: np.trace(rho @ rho).real},
                progress=interrupt)
    partial = caught.value.partial
    assert 10 <= len(partial.times) < 21
    assert distance(partial.observed["purity"], 1) < 1e-12


@pytest.mark.parametrize("method", ["low-rank", "krylov"])
def test_ctrl_c_while_a_state_is_observed(method):
    """What was half observed is left out; `b` is not reached the third time."""
    seen = []

    def late(rho):
        seen.append(rho)
        if len(seen) == 3:
            raise KeyboardInterrupt
        return 1.0

    with pytest.raises(q.SolveInterrupted) as caught:
        q.solve(chain(3, 2), LAW, state(3, 1, 0.0, 1), TIMES, method=method, observe={"a": np.eye(8), "b": late})
    partial = caught.value.partial
    assert partial.times.tolist() == TIMES[:2]
    assert partial.energy.shape == partial.observed["a"].shape == partial.observed["b"].shape == (2,)


@pytest.mark.parametrize("method", ["exact", "krylov", "low-rank", "frame", "pauli"])
def test_terms_and_models_are_observed_without_a_matrix(method):
    """⟨σz σx⟩ and an energy in a field that moves, beside those of the textbook matrices."""
    model, start = chain(3, 2), state(3, 1, 0.05, 1)
    moving = q.Model(model.space, [q.Zeeman((q.t, 0, 1), sites=[1])])
    found = q.solve(model, LAW, start, TIMES, method=method, observe={"zx": q.Pauli(1, "ZIX"), "h": moving})
    states = q.solve(model, LAW, start, TIMES, method="exact").states
    zx = np.kron(np.diag([1, -1]), np.kron(np.eye(2), [[0, 1], [1, 0]]))
    assert distance(found.observed["zx"], [np.trace(rho @ zx).real for rho in states]) < AGREE
    fields = [np.trace(rho @ oracle.hamiltonian(moving, {q.t: t})).real for t, rho in zip(TIMES, states, strict=True)]
    assert distance(found.observed["h"], fields) < AGREE


def test_nothing_is_done_for_no_kets():
    """The identity of forty spins has none: it rests, with the energy Tr H/d."""
    model = q.Model(q.Space.half(40), [*q.chain(40, q.Exchange, 1), q.Pauli(3, "I" * 40)])
    for method in ("krylov", "low-rank"):
        found = q.solve(model, LAW, q.states.thermal(model, 0), [0.0, 1.0], method=method)
        assert found.energy.tolist() == [3.0, 3.0]
        assert found.kets.shape == (2, 2**40, 0)
        assert found.background == 2**-40


def test_observed_terms_that_do_not_fit_are_refused():
    model, start = chain(2, 2), q.states.product("up", "down")
    J = sp.Symbol("J", real=True)
    for what, kind in ((q.Exchange(1, 0, 2), q.ModelError), (q.Exchange(J, 0, 1), q.InputError),
                       (q.Model(q.Space("1")), q.InputError)):
        with pytest.raises(kind):
            q.solve(model, LAW, start, TIMES, observe={"x": what})


def test_rows_of_a_large_space_in_two_groups_need_no_matrix_of_h(monkeypatch):
    """Two levels or three of one number of kets are solved by different methods, and neither makes a (d, d) array."""
    sites, kets = 11, np.eye(2**11, 2)

    def refused(self, model):
        raise AssertionError("a matrix of H")

    monkeypatch.setattr("qllg_sym.flow.hamiltonians.dense.Hamiltonian.__init__", refused)
    model = q.Model(q.Space.half(sites), q.chain(sites, q.Exchange, 1))
    states = [q.LowRank([0.5, 0.5], kets), q.LowRank([0.7, 0.3], kets)]
    found = q.solve_many(model, q.QuantumLLG(0.5), states, [0.0, 0.01], keep="final")
    assert found.method.tolist() == ["krylov", "low-rank"]
    assert found.counts.tolist() == [2, 2]
