"""Fidelity, population, variance and operators without a matrix: closed forms of qubits, Werner and thermal states."""

import math

import numpy as np
import pytest
import qutip
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.sparse.linalg import aslinearoperator

from qllg_sym.observables.ensemble import Ensemble
from qllg_sym.observables.expectation import expectation
from qllg_sym.observables.fidelity import fidelity
from qllg_sym.observables.operators import MatrixFree
from qllg_sym.observables.population import population
from qllg_sym.observables.variance import variance
from strategies import densities, low_rank_parts, random_hermitian, random_kets, seeds

SINGLET = np.array([0, 1, -1, 0]) / 2**0.5


def werner(p):
    return Ensemble((2, 2), kets=SINGLET.reshape(1, 4, 1), weights=[p], background=(1 - p) / 4)


def forms(ensemble):
    return ensemble, Ensemble(ensemble.dims, density=ensemble.density())


@pytest.mark.parametrize("p", [1, 0.8, 0.3, 0, -1 / 3])
@pytest.mark.parametrize("q", [1, 0.5, 0, -0.2])
def test_two_werner_states(p, q):
    """They commute: F = (Σ √(p_i q_i))²."""
    root = math.sqrt((1 + 3 * p) * (1 + 3 * q)) / 4 + 3 * math.sqrt((1 - p) * (1 - q)) / 4
    for one in forms(werner(p)):
        for two in forms(werner(q)):
            assert fidelity(one, two) == pytest.approx(root**2, abs=1e-7 if p == -1 / 3 or 1 in (p, q) else 1e-14)


@given(st.lists(st.tuples(*[st.floats(-0.57, 0.57)] * 3), min_size=2, max_size=2))
def test_two_qubits(vectors):
    """F = Tr ρσ + 2 √(det ρ det σ)."""
    rho, sigma = (
        np.array([[1 + z, x - 1j * y], [x + 1j * y, 1 - z]]) / 2 for x, y, z in vectors
    )
    roots = 2 * math.sqrt(max(np.linalg.det(rho).real, 0) * max(np.linalg.det(sigma).real, 0))
    assert fidelity(Ensemble((2,), density=[rho]), sigma)[0] == pytest.approx(np.trace(rho @ sigma).real + roots)


@settings(max_examples=30, deadline=None)
@given(low_rank_parts(), low_rank_parts(), seeds)
def test_fidelity_is_the_square_of_qutips(parts, other, seed):
    dims, kets, weights, background = parts
    ensemble = Ensemble(dims, kets=kets, weights=weights, background=background)
    d, r = ensemble.dimension, len(other[2])
    theirs = random_kets(np.random.default_rng(seed), d, r)
    b = min(other[3], 0.5 / d)
    target = Ensemble(dims, kets=theirs, weights=other[2] / other[2].sum() * (1 - b * d), background=b)
    expected = [qutip.fidelity(qutip.Qobj(rho), qutip.Qobj(target.density()[0])) ** 2 for rho in ensemble.density()]
    # QuTiP takes roots of matrices with zero eigenvalues: half the digits
    np.testing.assert_allclose(fidelity(ensemble, target), expected, atol=1e-6)


def test_low_rank_states_keep_their_digits():
    """ρ = (|0⟩⟨0| + |1⟩⟨1|)/2 and σ = (|1⟩⟨1| + |2⟩⟨2|)/2: F = (1/2)², where roots of density matrices give 1e-9."""
    basis = np.eye(16)
    one = Ensemble((2,) * 4, kets=basis[None, :, :2], weights=[0.5, 0.5])
    two = Ensemble((2,) * 4, kets=basis[None, :, 1:3], weights=[0.5, 0.5])
    assert fidelity(one, two)[0] == pytest.approx(0.25, abs=1e-15)
    assert fidelity(one, one)[0] == pytest.approx(1, abs=1e-15)
    assert fidelity(one, Ensemble((2,) * 4, kets=basis[None, :, 3:5], weights=[0.5, 0.5]))[0] < 1e-30


def test_fidelity_of_eighteen_spins():
    d = 2**18
    kets = np.zeros((1, d, 2))
    kets[0, [3, 5], [0, 1]] = 1
    mixed = Ensemble((2,) * 18, kets=kets, weights=[0.6, 0.3], background=0.1 / d)
    target = np.zeros(d)
    target[[3, 7]] = 0.6, 0.8
    assert fidelity(mixed, target)[0] == pytest.approx(0.36 * 0.6 + 0.1 / d, rel=1e-14)
    assert fidelity(mixed, qutip.basis(d, 5)).tolist() == [0.3 + 0.1 / d]
    pair = Ensemble((2,) * 18, kets=kets, weights=[0.5, 0.5])
    assert fidelity(mixed, pair)[0] == pytest.approx(
        (math.sqrt((0.6 + 0.1 / d) / 2) + math.sqrt((0.3 + 0.1 / d) / 2)) ** 2, rel=1e-12
    )


def test_population_of_a_degenerate_ground_space():
    """The triplet of a ferromagnetic pair: 3/4 (1 − p) of a Werner state, whatever basis spans it."""
    triplet = np.array([[1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0, 1]])
    mixing = np.array([[1, 2j, 0], [0.3, 1, 1], [0, -1, 5]])
    for p in (1, 0.4, -0.1):
        for ensemble in forms(werner(p)):
            assert population(ensemble, triplet @ mixing)[0] == pytest.approx(0.75 * (1 - p), abs=1e-15)
            assert population(ensemble, 7 * SINGLET)[0] == pytest.approx((1 + 3 * p) / 4)
            assert fidelity(ensemble, SINGLET)[0] == pytest.approx((1 + 3 * p) / 4)


BETA, J = 0.8, 1.3
HEISENBERG = J * np.array([[1, 0, 0, 0], [0, -1, 2, 0], [0, 2, -1, 0], [0, 0, 0, 1]])


def thermal():
    """Thermal pair with H = J σ·σ: −3J with probability p, else J."""
    p = 1 / (1 + 3 * math.exp(-4 * BETA * J))
    b = (1 - p) / 3
    return p, Ensemble((2, 2), kets=SINGLET.reshape(1, 4, 1), weights=[p - b], background=b)


FORMS = {
    "array": HEISENBERG,
    "Qobj": qutip.Qobj(HEISENBERG),
    "csr": sparse.csr_array(HEISENBERG),
    "csr matrix": sparse.csr_matrix(HEISENBERG),
    "matrix free": MatrixFree(4, lambda kets: HEISENBERG @ kets, lambda: (0.0, 12 * J**2)),
}


@pytest.mark.parametrize("form", FORMS)
def test_energy_and_its_variance_in_a_thermal_state(form):
    p, ensemble = thermal()
    for state in forms(ensemble):
        assert expectation(state, FORMS[form])[0] == pytest.approx(J * (1 - 4 * p))
        assert expectation(state, FORMS[form]).dtype == np.float64
        assert variance(state, FORMS[form])[0] == pytest.approx(16 * J**2 * p * (1 - p))


def test_the_thermal_check_needs_the_right_traces():
    wrong = MatrixFree(4, lambda kets: HEISENBERG @ kets, lambda: (0.0, 4 * J**2))
    p, ensemble = thermal()
    assert variance(ensemble, wrong)[0] != pytest.approx(16 * J**2 * p * (1 - p))


@pytest.mark.parametrize("kind", ["bsr", "coo", "csc", "csr", "dia", "dok", "lil"])
def test_every_sparse_format(kind):
    operator = sparse.csr_array(HEISENBERG.astype(complex)).asformat(kind)
    for state in forms(werner(1)):
        assert expectation(state, operator)[0] == pytest.approx(-3 * J)
        assert variance(state, operator)[0] == pytest.approx(0, abs=1e-12)


def test_a_linear_operator_of_scipy():
    operator = aslinearoperator(sparse.csr_array(HEISENBERG.astype(complex)))
    for state in forms(werner(1)):
        assert expectation(state, operator)[0] == pytest.approx(-3 * J)


@settings(max_examples=40, deadline=None)
@given(densities(), seeds)
def test_variance_is_that_of_qutip(drawn, seed):
    dims, rho = drawn
    op = random_hermitian(np.random.default_rng(seed), int(np.prod(dims)))
    theirs = [qutip.variance(qutip.Qobj(op), qutip.Qobj(r)) for r in rho]
    np.testing.assert_allclose(variance(Ensemble(dims, density=rho), op), theirs, atol=1e-12)


def test_a_small_variance_of_a_large_energy():
    """H = 10⁸ + σx on |↑⟩ + δ: the variance is 1 to all digits, where ⟨H²⟩ − ⟨H⟩² has none."""
    op = np.array([[1e8, 1], [1, 1e8]])
    up = Ensemble((2,), kets=[[[1], [0]]], weights=[1])
    assert variance(up, op).tolist() == [1.0]
    naive = expectation(up, op @ op) - expectation(up, op) ** 2
    assert abs(naive[0] - 1) > 0.1
