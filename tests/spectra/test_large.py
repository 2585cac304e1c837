"""The response of pure states without matrices: against pairs of levels, against a ring's momenta, and refusals."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from scipy.sparse.linalg import LinearOperator

import qllg_sym as q
from qllg_sym.spectra.krylov import Krylov
from qllg_sym.spectra.large import LargePure

CHAIN = q.Model(q.Space("1", *["1/2"] * 5), [q.Exchange(1, i, i + 1) for i in range(5)]
                + [q.Zeeman((0.3, 0, 0.9)), q.DMI((0, 0, 0.2), 0, 1)])
OMEGA = np.linspace(0, 12, 13)


@pytest.fixture(scope="module")
def both():
    """The same response by pairs of levels and by resolvents."""
    closed = q.response(CHAIN, q.QuantumLLG(0.1), "ground")
    return closed, q.Response(CHAIN, closed.law, LargePure(closed.computed.problem), ())


@pytest.mark.parametrize(("a", "b"), [
    ("Sx", "Sx"), (("Sz", 1.0), ("Sx", 0.4)), (CHAIN.space.spin(0).plus, CHAIN.space.spin(3).minus),
    (q.Exchange(1, 2, 3), ("Sz", np.pi)), (np.diag(np.arange(96.0)), csr_matrix(np.diag(np.arange(96.0)[::-1])))])
def test_resolvents_are_sums_over_levels(both, a, b):
    closed, large = both
    expected = closed.susceptibility(a, b, OMEGA)
    assert large.susceptibility(a, b, OMEGA) == pytest.approx(expected, abs=1e-8 * abs(expected).max())


def test_the_strongest_lines_are_the_same(both):
    closed, large = (one.poles[np.argsort(one.poles["weight"][:, 0])[:-6:-1]] for one in both)
    for name in ("frequency", "half_width", "weight"):
        assert large[name] == pytest.approx(closed[name], rel=1e-5, abs=1e-12)


def test_q_ll_has_its_own_ray(both):
    closed = q.response(CHAIN, q.QuantumLL(0.2), "ground")
    large = q.Response(CHAIN, closed.law, LargePure(closed.computed.problem), ())
    assert large.susceptibility("Sy", "Sx", OMEGA) == pytest.approx(closed.susceptibility("Sy", "Sx", OMEGA), abs=1e-8)


def test_a_ring_answers_at_its_own_wave_number_alone():
    """The singlet of twelve spins has momentum zero: S_k excites momentum k, and total spin nothing."""
    ring = q.Model(q.Space.half(12), [q.Exchange(1, i, (i + 1) % 12) for i in range(12)])
    found = q.response(ring, q.QuantumLLG(0.1), "ground")
    assert isinstance(found.computed, LargePure)
    k = 2 * np.pi * 3 / 12
    omega = [0.5, 2.0]
    assert abs(found.susceptibility(("Sz", k), ("Sz", -k), omega)).min() > 0.1
    assert abs(found.susceptibility(("Sz", k), ("Sz", k), omega)).max() < 1e-9
    assert found.susceptibility(("Sz", np.pi), ("Sz", np.pi), omega) == pytest.approx(
        found.susceptibility(("Sx", np.pi), ("Sx", np.pi), omega), rel=1e-6)
    assert len(found.poles) == 0


def test_what_has_not_settled_is_said(both, monkeypatch):
    monkeypatch.setattr("qllg_sym.spectra.krylov.MOST", 25)
    with pytest.warns(q.QllgWarning, match="products H·v are enough, but the response still changes by"):
        both[1].susceptibility("Sx", "Sx", OMEGA)


def test_refusals(both):
    problem = both[0].computed.problem
    with pytest.raises(q.StateError, match=r"must be stationary, but ‖\[ρ, H\]‖/ħ is"):
        q.response(q.Model(q.Space.half(10), [q.Exchange(1, 0, 1)]), q.QuantumLLG(0.1),
                   q.states.product(*["up", "down"] * 5))
    free = q.response(CHAIN, q.VonNeumann(), "ground").computed.problem
    with pytest.raises(q.InputError, match="must damp in spaces as large"):
        q.Response(CHAIN, q.VonNeumann(), LargePure(free), ()).susceptibility("Sx", "Sx", OMEGA)
    with pytest.raises(q.InputTypeError, match="give a sparse matrix"):
        LargePure(problem).operator(LinearOperator((96, 96), matvec=lambda ket: ket), "A")


def test_an_exhausted_space_ends_the_recursion():
    levels = np.array([0.0, 1.0, 3.0])
    sequence = Krylov(lambda ket: levels * ket, np.array([1.0, 1, 0]) + 0j, np.array([1.0, 0, 0]) + 0j)
    sequence.grow(10)
    assert sequence.ended
    assert sequence.steps == 2
    assert sequence.resolvent(np.array([0.5j])) == pytest.approx([1 / -0.5j], rel=1e-12)
