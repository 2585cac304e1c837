"""Spaces that flow by exp(rate t), at any time: against 60 digits and more, against limits, against broken twins."""

import mpmath
import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from qllg_sym.flow.exact import pivoting, walk
from qllg_sym.flow.exact.pivoting import charted

SIZES = [(2, 1), (4, 1), (4, 2), (4, 3), (6, 3), (9, 4)]
TIMES = np.array([0.0, 1e-9, 0.3, 0.31, 2.0, 17.0, 90.0])
CASES = [("q-llg", q.QuantumLLG(0.5)), ("q-ll", q.QuantumLL(2)), ("κ < 0", q.QuantumLLG(-1)), ("κ = 0", q.VonNeumann())]


def problem(d, r, seed=0):
    """A Hermitian matrix and orthonormal columns, both with nothing special."""
    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(d, d)) + 1j * rng.normal(size=(d, d))
    return matrix + matrix.conj().T, np.linalg.qr(rng.normal(size=(d, r)) + 1j * rng.normal(size=(d, r)))[0]


def projectors(rate, start, times):
    """P(t), (n, d, d)."""
    kets = np.concatenate(list(walk.bases(rate[None], start[None], times)), axis=1)[0]
    return kets @ kets.conj().swapaxes(1, 2)


def expected(rate, start, t):
    """P(t) in so many digits that the plain exponential loses none that count."""
    with mpmath.workdps(200 + int(3 * np.ptp(rate.real) * t)):
        kets = mpmath.diag([mpmath.exp(mpmath.mpmathify(complex(x)) * mpmath.mpf(float(t))) for x in rate])
        kets = kets * mpmath.matrix(start.tolist())
        adjoint = kets.transpose_conj()
        return np.array((kets * mpmath.inverse(adjoint * kets) * adjoint).tolist(), dtype=complex)


@pytest.mark.parametrize(("d", "r"), SIZES)
def test_projectors_agree_with_high_precision(d, r):
    rng = np.random.default_rng(d + r)
    rate = rng.normal(size=d) + 3j * rng.normal(size=d)
    found = projectors(rate, problem(d, r)[1], TIMES)
    for k, t in enumerate(TIMES):
        assert abs(found[k] - expected(rate, problem(d, r)[1], t)).max() < 1e-13 * max(1, t), t


@pytest.mark.parametrize(("d", "r"), SIZES)
def test_small_amplitudes_that_grow_are_not_lost(d, r):
    """Rows of 1e-40, far below rounding of the rest, take over in time, and neither sooner nor later."""
    rate, start = np.linspace(-1, 1, d) * (1 + 2j), problem(d, r)[1] * np.logspace(0, -40, d)[:, None]
    found = projectors(rate, start, TIMES)
    for k, t in enumerate(TIMES):
        assert abs(found[k] - expected(rate, start, t)).max() < 1e-12, t
    assert abs(found[-1] - found[0]).max() > 0.9


@pytest.mark.parametrize("t", [1e3, 1e6, 1e9, 1e200])
@pytest.mark.parametrize(("d", "r"), SIZES)
def test_long_times_end_in_the_fastest_growing_rows(d, r, t):
    rate, start = np.linspace(-1, 1, d) + 5j * np.arange(d), problem(d, r)[1]
    top = np.diag((np.arange(d) >= d - r).astype(float))
    assert abs(projectors(rate, start, np.array([0.0, t]))[1] - top).max() < 1e-13


def test_zeros_stay_zeros_however_fast_their_rows_would_grow():
    found = projectors(np.array([9.0, 0.0, 1.0]), np.array([[0.0], [0.6], [0.8]]), np.array([0.0, 1.0, 1e6]))
    assert abs(found[:, 0]).max() == 0
    assert found[2, 2, 2] == 1


@pytest.mark.parametrize("rate", [np.zeros(4), 3j * np.arange(4)])
def test_without_growth_the_motion_is_unitary(rate):
    start = problem(4, 2)[1]
    turned = np.exp(rate[:, None] * 1e3) * start
    assert abs(projectors(rate, start, np.array([0.0, 1e3]))[1] - turned @ turned.conj().T).max() < 1e-12


@pytest.mark.parametrize("size", [1, 7, 8, 9, 40, 10**9])
def test_blocks_do_not_show(monkeypatch, size):
    rate, start, times = np.linspace(0, 1, 4) * (1 + 1j), problem(4, 2)[1], np.linspace(0, 30, 101)
    whole = projectors(rate, start, times)
    monkeypatch.setattr(walk, "BLOCK", size)
    assert np.array_equal(projectors(rate, start, times), whole)


def test_no_columns_are_no_space():
    assert next(walk.bases(np.zeros((3, 4)), np.zeros((3, 4, 0)), TIMES)).shape == (3, len(TIMES), 4, 0)


@pytest.mark.filterwarnings("ignore:overflow", "ignore:invalid")
def test_one_chart_for_all_times_is_caught(monkeypatch):
    """The broken twin: without exchanges the exponents overflow."""
    rate, start, times = np.array([0.0, 1.0]), np.array([[1.0], [1e-9]]), np.array([0.0, 1e3])
    assert projectors(rate, start, times)[1, 1, 1] == pytest.approx(1)
    monkeypatch.setattr(walk, "LARGEST", np.inf)
    assert projectors(rate, start, times)[1, 1, 1] != pytest.approx(1)


@pytest.mark.parametrize(("name", "law"), CASES)
@pytest.mark.parametrize("r", [1, 2, 3])
def test_solve_with_the_exact_method_agrees_with_high_precision(name, law, r):
    """Ranks 1, 2 and 3 of a dimer: the density matrix against exp(−icHt) in 80 digits and more."""
    h, start = problem(4, r)
    model = q.Model(q.Space("1/2", "1/2"), [q.Operator(h)])
    times = np.array([0.0, 0.4, 3.0, 11.0])
    found = q.solve(model, law, start @ start.conj().T / r, times, method="exact").states
    kappa, b = float(getattr(law, "kappa", 0)), 1 / r
    rate = -1j - kappa * b if law.kind == "q-ll" else -1 / (kappa * b - 1j)
    levels, vectors = np.linalg.eigh(h)
    for t, rho in zip(times, found, strict=True):
        exact = vectors @ expected(rate * levels, vectors.conj().T @ start, t) @ vectors.conj().T
        assert abs(rho - exact / r).max() < 1e-12, (name, t)


def test_a_hamiltonian_that_overflows_is_a_failure_in_one_sentence():
    J = sp.Symbol("J", real=True)
    model = q.Model(q.Space("1/2", "1/2"), [q.Zeeman((1, 0, 0)), q.Exchange(J**2, 0, 1)])
    start = q.states.product("up", "down")
    sentence = r"stopped after t = 0: the Hamiltonian is not finite; [^\n]*\.$"
    with pytest.raises(q.IntegrationError, match=sentence) as caught:
        q.solve(model, q.QuantumLLG(0.5), start, [0, 1], {"J": 1e160}, method="exact")
    assert abs(caught.value.partial.states[0] - np.diag([0, 1, 0, 0])).max() == 0
    with pytest.warns(q.QllgWarning, match="perhaps no more than 0 digits"):
        q.solve(model, q.QuantumLLG(0.5), start, [0, 1], {"J": 1e100}, method="exact")


@pytest.mark.parametrize("t", [1e6, 1e9])
@pytest.mark.parametrize("r", [1, 2, 3])
def test_solve_over_long_times_ends_in_the_lowest_levels(r, t):
    h, start = problem(4, r)
    model = q.Model(q.Space("1/2", "1/2"), [q.Operator(h)])
    found = q.solve(model, q.QuantumLLG(0.5), start @ start.conj().T / r, np.linspace(0, t, 10_001))
    lowest = np.linalg.eigh(h)[1][:, :r]
    assert found.method == "exact"
    assert abs(found.final_state - lowest @ lowest.conj().T / r).max() < 1e-14
    assert found.invariants["spectrum"] < 1e-14


@pytest.mark.parametrize("block", [30, 2**16])
@pytest.mark.parametrize(("d", "r"), [*SIZES, (24, 20)])
def test_rows_beside_each_other_are_those_alone(monkeypatch, d, r, block):
    """Each row exchanges its pivots at its own times, some of them before the first one."""
    monkeypatch.setattr(walk, "BLOCK", block)
    rng = np.random.default_rng(d * r)
    rate = rng.normal(size=(6, d)) * rng.lognormal(size=(6, 1)) * (1 + 2j)
    start = np.array([problem(d, r, seed)[1] * np.logspace(0, -1, d)[:, None] for seed in range(6)])
    together = np.concatenate(list(walk.bases(rate, start, TIMES)), axis=1)
    for row in range(6):
        alone = projectors(rate[row], start[row], TIMES)
        assert abs(together[row] @ together[row].conj().swapaxes(1, 2) - alone).max() < 1e-13
        assert abs(together[row - 1] @ together[row - 1].conj().swapaxes(1, 2) - alone).max() > 1e-3


@pytest.mark.parametrize("panel", [1, 3, 16])
def test_charts_have_the_range_of_their_columns_and_one_on_their_pivots(monkeypatch, panel):
    monkeypatch.setattr(pivoting, "PANEL", panel)
    rng = np.random.default_rng(panel)
    start = rng.normal(size=(5, 12, 7)) + 1j * rng.normal(size=(5, 12, 7))
    pivots, x = charted(start, abs)
    for row in range(5):
        assert len(set(pivots[row].tolist())) == 7
        assert np.array_equal(x[row, pivots[row]], np.eye(7))
        assert abs(x[row] - start[row] @ np.linalg.inv(start[row, pivots[row]])).max() < 1e-12
        assert abs(x[row]).max() < 100
    others = start[:, ::-1]
    assert abs(charted(others, abs)[1] - x).max() > 0.1


@pytest.mark.filterwarnings("ignore:Errors grow")
def test_batches_know_the_digits_of_small_amplitudes_as_single_runs_do():
    """ρ as a matrix has amplitudes with errors of 1e-16, a ket has none: that these grow is told of rows as alone."""
    model = q.Model(q.Space("1/2", "1/2"), [q.Zeeman((0, 0, 1)), q.Exchange(-1, 0, 1)])
    ket = np.array([1e-12, 0, 0, 1.0])
    rho, times = np.outer(ket, ket), [0.0, 60.0]
    of_ket, of_rho = (q.solve(model, q.QuantumLLG(0.5), state, times, method="exact").stats["digits"]
                      for state in (ket, rho))
    assert of_ket > of_rho + 2
    for states, expected in (([ket] * 2, [of_ket] * 2), ([rho] * 2, [of_rho] * 2), ([ket, rho], [of_ket, of_rho])):
        many = q.solve_many(model, q.QuantumLLG(0.5), states, times, method="exact")
        assert list(many.stats["digits"]) == expected
