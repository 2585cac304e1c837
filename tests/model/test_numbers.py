"""Matrices of floats: Hermitian and symmetric within their rounding, exact within, and without symbolic expansion."""

from time import perf_counter

import numpy as np
import pytest
import sympy as sp
from scipy.linalg import expm

import oracle
import qllg_sym as q

RNG = np.random.default_rng(3)


def random_hermitian(d):
    h = RNG.normal(size=(d, d)) + 1j * RNG.normal(size=(d, d))
    return (h + h.conj().T) / 2


def turned(matrix):
    turn = np.linalg.qr(RNG.normal(size=matrix.shape))[0]
    return turn @ matrix @ turn.T


@pytest.mark.parametrize("size", [1e-21, 1.0, 1e15])
def test_rounding_is_no_skew_part(size):
    """R diag Rᵀ misses symmetry in the last digit; its exact symmetric part is taken."""
    tensor = size * turned(np.diag([0.3, -0.7, 1.1]))
    tensor[0, 1] *= 1 + 1e-15
    a = sp.Matrix(q.Anisotropy(tensor, 0).A)
    assert a == a.T
    assert np.abs(np.array(a, dtype=float) - tensor).max() < 1e-14 * size
    rows = sp.Matrix(q.Operator(size * turned(random_hermitian(3))).rows)
    assert rows == rows.H
    tensor[0, 1] += 1e-9 * size
    with pytest.raises(q.ModelError, match=r"^`A` must be symmetric, but A\[0\]\[1\] = \S{1,14} and A\[1\]\[0\] = "):
        q.Anisotropy(tensor, 0)
    with pytest.raises(q.ModelError, match=r"^`matrix` must be Hermitian, but entry \(1, 0\) is \S{1,14} and entry"):
        q.Operator(tensor)
    with pytest.raises(q.ModelError, match=r"^`matrix` must be Hermitian, but the diagonal entry \(0, 0\) is \S*j,"):
        q.Operator([[size * 1j, 0], [0, size]])


def test_exact_matrices_are_exactly_hermitian():
    tiny = sp.Rational(1, 10**30)
    for wrong in ([[0, 1 + tiny], [1, 0]], sp.Matrix([[0, 1], [1 + tiny, 0]])):
        with pytest.raises(q.ModelError, match=r"^`matrix` must be Hermitian"):
            q.Operator(wrong)
    with pytest.raises(q.ModelError, match=r"^`A` must be symmetric"):
        q.Anisotropy([[0, 1 + tiny, 0], [1, 0, 0], [0, 0, 0]], 0)


def test_numbers_of_every_kind_are_what_they_print_as():
    third = q.Exchange(np.float32(0.1), 0, 1).J
    assert third == sp.Rational(1, 10)
    assert q.Exchange(np.array(0.1), 0, 1).J == q.Exchange(np.array(0.1, dtype=np.float32), 0, 1).J == third
    assert q.Operator(np.eye(2, dtype=np.float32) * np.float32(0.1)).rows[1][1] == third
    assert q.Operator(np.eye(2, dtype=np.complex64) * np.float32(0.1)).rows[1][1] == third
    assert q.Anisotropy(np.eye(3, dtype=np.float32) * np.float32(0.1), 0).A[2][2] == third
    assert q.Operator([[1e-30, 0.1 - 0.2j], [0.1 + 0.2j, 0]]).rows[0] == (sp.Rational(1, 10**30),
                                                                         third - sp.I * sp.Rational(1, 5))


def test_a_scalar_anisotropy_is_a_constant():
    for wrong in (-1.0, sp.Symbol("D", real=True), np.float32(2)):
        with pytest.raises(q.ModelError, match=r"^`A` must be a 3×3 matrix, but is a number, [^\n]*; write A = \[\["):
            q.Anisotropy(wrong, 0)


def test_a_masked_matrix_is_refused():
    with pytest.raises(q.InputTypeError, match=r"^`matrix` must be a matrix without a mask"):
        q.Operator(np.ma.masked_array(np.eye(2), mask=[[0, 1], [1, 0]]))


@pytest.mark.parametrize("d", [16, 9])
def test_matrices_of_numbers_move_as_the_closed_form(d):
    """Pure: exp(−iHt/(1 − iκ)·…) normalised; beside a field, by every method, and the same from exact expansion."""
    h, ket, kappa = random_hermitian(d), np.eye(d)[0], 0.3
    final = expm(-h / (kappa - 1j)) @ ket
    final /= np.linalg.norm(final)
    for method in ("exact", "krylov", "frame", "low-rank"):
        found = q.qllgsolve(h, ket, [0, 1], kappa=kappa, options={"method": method}).trajectory
        assert np.abs(found.final_state - np.outer(final, final.conj())).max() < 1e-8
        assert found.energy[-1] == pytest.approx((final.conj() @ h @ final).real, abs=1e-7)


def test_numbers_beside_symbols_and_other_terms():
    """Matrices of numbers beside a field with a symbol and an ħ, against the textbook matrix and the expansion."""
    B, h = sp.Symbol("B", real=True), random_hermitian(4)
    model = q.Model(q.Space.half(2), [q.Operator(h), q.Zeeman((B, 0, 1)), q.Operator(np.diag([1, 2, 3, 4.5]))], hbar=2)
    zeeman = oracle.hamiltonian(q.Model(q.Space.half(2), [q.Zeeman((B, 0, 1))], hbar=2), {B: 0.7})
    expected = h + np.diag([1, 2, 3, 4.5]) + zeeman
    start = q.states.random(q.Space.half(2), seed=1)
    runs = [q.solve(model, q.QuantumLLG(0.3), start, [0, 1], {"B": 0.7}, method=m)
            for m in ("frame", "low-rank", "pauli")]
    for run in runs:
        assert run.energy == pytest.approx(np.einsum("nij,ji->n", run.states, expected).real, abs=1e-12)
        assert np.abs(run.states - runs[0].states).max() < 1e-8
    many = q.solve_many(model, q.QuantumLLG(0.3), start, [0, 1], {"B": np.array([0.7, 0.2])})
    assert np.abs(many[0].states - runs[0].states).max() < 1e-8


def test_a_dense_matrix_takes_no_symbolic_expansion(monkeypatch):
    """d = 64: 157 s with an expansion; here any call of it fails."""
    monkeypatch.setattr("qllg_sym.model.terms.operator.expand_matrix", None)
    h = random_hermitian(64)
    begun = perf_counter()
    found = q.qllgsolve(h, np.eye(64)[0], [0, 0.1], kappa=0.1).trajectory
    assert perf_counter() - begun < 15
    assert found.energy[0] == pytest.approx(h[0, 0].real)
