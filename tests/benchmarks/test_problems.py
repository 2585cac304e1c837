"""The problems are the same for all, the references are right, and what is timed is what it is called."""

import ctypes
from functools import reduce

import mpmath
import numpy as np
import pytest

import qllg_sym as q
from qllg_sym.benchmarks import by_size, chain, chain_flow, inside_c, ours, pauli, reference
from qllg_sym.benchmarks.problems import SIGMA, dimers
from qllg_sym.benchmarks.results import Section
from qllg_sym.errors import CodegenError, IntegrationError
from qllg_sym.flow.hamiltonians.dense import matrix_of

PROBLEMS = dimers(5)


@pytest.mark.parametrize("name", PROBLEMS)
def test_arrays_for_peers_and_the_model_are_the_same(name):
    problem = PROBLEMS[name].row(3)
    assert abs(problem.h - matrix_of(problem.model, {"D": problem.D})).max() < 1e-15
    assert np.trace(problem.rho).real == pytest.approx(1, abs=1e-15)
    assert np.linalg.eigvalsh(problem.rho).min() > -1e-16


def test_rows_of_the_sweep_are_its_dimers():
    sweep = PROBLEMS["D"]
    assert sweep.batch
    assert not PROBLEMS["A"].batch
    assert np.array_equal(sweep.h[3], sweep.row(3).h)
    assert len({sweep.row(k).D for k in range(5)}) == 5


def test_the_reference_is_the_exact_solution_where_there_is_one():
    problem = PROBLEMS["B"]
    found = reference.reference(problem)[0]
    exact = q.exact(problem.model, problem.law, q.states.product("up", "down"), problem.values)
    for t, rho in zip(problem.times, found, strict=True):
        assert abs(rho - np.array(exact.at(float(t), 20).tolist(), dtype=complex)).max() < 1e-15


def test_a_reference_that_disagrees_with_itself_is_refused(monkeypatch):
    right = reference.velocity
    monkeypatch.setattr(reference, "velocity", lambda rho, h, kappa: right(rho, h, kappa * (1 + 1e-9)))
    with pytest.raises(IntegrationError, match=r"^The reference of problem B [^\n]*; [^\n]*\.$"):
        reference.reference(PROBLEMS["B"])


def test_components_are_those_of_the_package():
    problem = PROBLEMS["A"]
    run = q.solve(problem.model, problem.law, problem.rho, [0.0], problem.values)
    assert abs(pauli.components(problem.rho) - run.pauli[0]).max() < 1e-15
    assert abs(pauli.density(run.pauli[0]) - problem.rho).max() < 1e-15


@pytest.mark.parametrize("n", [2, 3, 6])
def test_the_chain_is_the_sum_of_its_bonds(n):
    def string(letters):
        return reduce(np.kron, (SIGMA[letters[k]] if k in letters else np.eye(2) for k in range(n)))

    bonds = sum(string({k: a, k + 1: a}) for k in range(n - 1) for a in range(3))
    expected = bonds - 0.5 * sum(string({k: 0}) for k in range(n))
    assert abs(chain.matrix(n).toarray() - expected).max() == 0
    assert abs(matrix_of(chain.model(n), {}) - expected).max() < 1e-14


def test_products_of_the_chain_are_compared_before_their_times_count(monkeypatch):
    section = chain.products(6)
    assert all(row.ok for row in section.rows)
    assert {row.name for row in section.rows} >= {"qllg_sym, one thread", "SciPy CSR", "QuTiP CSR"}
    right = chain.matrix
    monkeypatch.setattr(chain, "matrix", lambda n: right(n) * (1 + 1e-9))
    assert not any(row.ok for row in chain.products(6).rows if row.name.startswith("qllg_sym"))


def test_the_relaxing_chain_reaches_the_target_and_a_wrong_damping_does_not(monkeypatch):
    beside, alone = chain_flow.relaxation(6, 7)
    assert all(row.ok for row in (*beside.rows, *alone.rows))
    monkeypatch.setattr(chain_flow, "rate", lambda: -(0.5 + 1e-6 + 1j) / 1.25)
    beside, _ = chain_flow.relaxation(6, 7)
    assert [row.ok for row in beside.rows if row.name.startswith("qllg_sym")] == [False, False]


@pytest.mark.parametrize("n", [2, 5, 11, 15])
def test_sizes_beside_scipy_reach_the_target_at_both_ends(n, monkeypatch):
    """With the exact ket, with the method's own bound, and on the shorter time; a wrong damping misses it."""
    monkeypatch.setattr(by_size, "SLICED", 14)
    monkeypatch.setattr(by_size, "SLICE", 0.01)
    ours, scipy = by_size.pair(n)
    assert ours.ok
    assert scipy.ok
    assert ours.name.startswith(f"qllg_sym, {n} spins")
    assert Section("", (ours, scipy)).ratio(scipy) == scipy.seconds / ours.seconds
    monkeypatch.setattr(by_size, "rate", lambda: -(0.5 + 1e-3 + 1j) / 1.25)
    assert not by_size.pair(n)[1].ok


def test_a_matrix_that_does_not_fit_has_a_row_that_says_so(monkeypatch):
    monkeypatch.setattr(by_size, "available_memory", lambda: 1000)
    _ours, scipy = by_size.pair(3)
    assert scipy.seconds is None
    assert "memory" in scipy.note
    assert by_size.by_size([2]).rows[0].ok


@pytest.mark.parametrize("lanes", [1, 8])
def test_the_frame_form_that_is_timed_is_the_frame_form(lanes):
    """One call at the address: V̇ = V X with X_jk = −iW_jk (V†EV)_jk, up to phases of the columns."""
    problem = PROBLEMS["A"]
    try:
        motion = ours.frame(problem)
        address, (t, data, y, dy), count = inside_c._laid_out(motion, lanes)
    except CodegenError:
        pytest.skip("no compiler")
    slope = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 5)(address)
    slope(None, *(array.ctypes.data for array in (t, data, y, dy)))
    v, out = (array[:32 * count].reshape(4, 2, 4, count)[..., -1] for array in (y, dy))
    v, out = v[:, 0] + 1j * v[:, 1], out[:, 0] + 1j * out[:, 1]
    p, _ = np.linalg.eigh(problem.rho)
    energies, basis = np.linalg.eigh(problem.h)
    rho = (v * p) @ v.conj().T
    found = (out * p) @ v.conj().T + (v * p) @ out.conj().T
    turning = 1j * (rho * energies - energies[:, None] * rho)
    expected = basis.conj().T @ reference.velocity(basis @ rho @ basis.conj().T, problem.h, problem.kappa) @ basis
    # The frame may turn with any multiple of H: what is left over is a commutator with it.
    share = np.vdot(turning, expected - found).real / np.vdot(turning, turning).real
    assert abs(expected - found - share * turning).max() < 1e-13
    assert abs(expected - found).max() < 10


def test_every_right_hand_side_takes_a_time():
    try:
        found = inside_c.evaluations(PROBLEMS["A"])
    except CodegenError:
        pytest.skip("no compiler")
    assert len(found) == 5
    assert all(0 < seconds < 1 for seconds, _ in found.values())


def test_the_step_of_order_four_is_of_order_four():
    """y' = y: the error of a step falls as h^5."""
    slopes = [np.empty(1) for _ in range(4)]
    errors = [abs(chain_flow.runge_kutta(lambda t, y, out: np.copyto(out, y), np.ones(1), slopes, h)[0]
                  - float(mpmath.exp(h))) for h in (0.2, 0.1)]
    assert np.log2(errors[0] / errors[1]) == pytest.approx(5, abs=0.2)
