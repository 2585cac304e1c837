"""Levels by DMRG beside whole diagonalisations and a closed form; residuals beside those of kets."""

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from qllg_sym.flow.hamiltonians.action import Action

B = sp.Symbol("B", real=True)
MIXED = q.Model(q.Space("1", "1/2", "3/2", "1/2"),
                [*q.chain(4, q.Bilinear, 1), q.Zeeman((0.3, 0.2, B)), q.ZeroField(0.4, 0)], hbar=0.5)
LADDER = q.Model(q.Space.half(6), [*(q.Exchange(0.25, i, i + 2) for i in range(4)), q.Zeeman((0, 0.1, 0.3), 2),
                                   q.Pauli(0.7, "IIIIII")])


@pytest.mark.parametrize(("model", "values"), [
    (MIXED, {"B": 0.7}), pytest.param(LADDER, {}, marks=pytest.mark.slow)], ids=["mixed spins", "next neighbours"])
def test_levels_and_residuals_are_those_of_kets(model, values):
    found = q.lowest(model, k=3, method="mps", values=values)
    action, hbar = Action(model, values), float(model.hbar)
    h = hbar * action.matrix().toarray()
    wanted = np.linalg.eigvalsh(h)
    assert abs(found.energies - wanted[:3]).max() < 1e-9
    for psi, energy, residual in zip(found.kets, found.energies, found.residuals, strict=True):
        ket = psi.ket()
        assert np.linalg.norm(ket) == pytest.approx(1, abs=1e-12)
        assert abs(np.linalg.norm(h @ ket - energy * ket) - residual) < 1e-6
    assert abs(found.kets[0].overlap(found.kets[1])) < 1e-6
    assert found.method == "mps"
    assert found.products > 0


def ising(n):
    """Critical Ising chain, open: E_0 = 1 − 1/sin(π/(2(2n + 1)))."""
    bonds = [q.Pauli(-1, "I" * i + "XX" + "I" * (n - i - 2)) for i in range(n - 1)]
    return q.Model(q.Space.half(n), [*bonds, q.Zeeman((0, 0, 2))]), 1 - 1 / np.sin(np.pi / (2 * (2 * n + 1)))


@pytest.mark.parametrize("n", [6, pytest.param(40, marks=pytest.mark.slow)])
def test_the_critical_ising_chain(n):
    model, energy = ising(n)
    found = q.lowest(model, k=1, method="mps")
    assert found.energies[0] == pytest.approx(energy, abs=1e-9 * n)


def test_a_bond_dimension_that_is_too_small_is_told():
    model, energy = ising(6)
    with pytest.raises(q.IntegrationError, match=r"must reach residuals of .* the largest is") as caught:
        q.lowest(model, k=1, method="mps", options={"bond": 2})
    found = caught.value.partial
    assert 1e-4 < found.energies[0] - energy < found.residuals[0]


@pytest.mark.parametrize(("scale", "k"), [(0, 2), (1e-30, 8)])
def test_levels_above_zero_are_found_too_and_are_orthogonal(scale, k):
    """TeNPy sees states that were found as levels of energy 0, so that those above would be missed, with a warning."""
    model = q.Model(q.Space.half(3), [q.Exchange(scale, 0, 1), q.Exchange(scale / 2, 1, 2),
                                      q.Zeeman((0.3 * scale, 0, 0.2 * scale), [0])])
    found = q.lowest(model, k=k, method="mps")
    wanted = np.linalg.eigvalsh(Action(model, {}).matrix().toarray())
    assert wanted[-1] > 0 or not scale
    assert abs(found.energies - wanted[:k]).max() <= 1e-9 * scale
    kets = np.array([psi.ket() for psi in found.kets])
    assert abs(kets.conj() @ kets.T - np.eye(k)).max() < 1e-6
