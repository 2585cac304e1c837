"""Neutron spectra of powders against averages over Lebedev's directions, sum rules and detailed balance."""

import numpy as np
import pytest
from scipy.integrate import lebedev_rule

import qllg_sym as q
from oracle import spin_matrices
from qllg_sym.flow.hamiltonians.dense import matrix_of

UNITS = q.Units("meV", "ps")
TRIO = q.Model(q.Space("1/2", "1", "1/2"), [q.Bilinear(1.3, 0, 1), q.Bilinear(0.8, 1, 2), q.ZeroField(-0.4, 1, E=0.1),
                                            q.DMI((0.1, 0, 0.05), 0, 2), q.Zeeman((0.5, 0, 2.0))], units=UNITS)
PLACES = np.array([(0.0, 0, 0), (1.1, 0.4, 0), (0.2, 1.7, 0.9)])


def spins():
    """S_a of the three sites."""
    half, one = spin_matrices(0.5), spin_matrices(1)
    return np.array([[np.kron(np.kron(a, np.eye(3)), np.eye(2)) for a in half],
                     [np.kron(np.kron(np.eye(2), a), np.eye(2)) for a in one],
                     [np.kron(np.kron(np.eye(2), np.eye(3)), a) for a in half]])


@pytest.mark.parametrize("Q", [0.0, 0.7, 3.0])
def test_strengths_are_averages_over_directions(Q):
    found = q.neutron_spectrum(TRIO, np.linspace(-4, 6, 501), temperature=20, width=0.2, positions=PLACES, Q=Q)
    h = q.energy_levels(TRIO)
    e, v = np.linalg.eigh(matrix_of(TRIO, {}) * UNITS.hbar)
    assert e == pytest.approx(h, abs=1e-12)
    points, weights = lebedev_rule(41)
    expected = np.zeros((12, 12))
    s = np.einsum("kx,iaxy,yj->iakj", v.conj().T, spins(), v)
    for n, weight in zip(points.T, weights / weights.sum(), strict=True):
        total = np.einsum("i,iakj->akj", np.exp(1j * Q * PLACES @ n), s)
        expected += weight * ((abs(total)**2).sum(axis=0) - abs(np.einsum("a,akj->kj", n, total))**2)
    for row in found.transitions:
        assert row["strength"] == pytest.approx(expected[row["upper"], row["lower"]], rel=1e-8, abs=1e-10)
    p = np.exp(-(e - e[0]) / UNITS.kelvin(20))
    p /= p.sum()
    total = (expected * p).sum()
    assert (found.transitions["strength"] * found.transitions["population"]).sum() == pytest.approx(total, rel=1e-9)
    # the sum rule: all of it lies in the window
    assert np.trapezoid(found.intensity, found.energy) == pytest.approx(total, rel=1e-6)
    if not Q:
        means = np.einsum("iaxy,layz->xz", s, s)            # ⟨S²⟩ of the total spin
        assert total == pytest.approx(2 / 3 * (np.diag(means).real * p).sum(), rel=1e-9)


def test_detailed_balance():
    energy = np.linspace(-3, 3, 121)
    found = q.neutron_spectrum(TRIO, energy, temperature=15, width=0.02, positions=PLACES, Q=1.0)
    rows = {(r["lower"], r["upper"]): r for r in found.transitions}
    seen = 0
    for (j, k), row in rows.items():
        if (k, j) in rows and row["energy"] > 0.1:
            back = rows[k, j]
            assert back["strength"] == pytest.approx(row["strength"], rel=1e-9)
            assert back["population"] / row["population"] == pytest.approx(
                np.exp(-row["energy"] / UNITS.kelvin(15)), rel=1e-9)
            seen += 1
    assert seen > 10


def test_a_dimer_is_its_interference():
    """Singlet to triplet: (1 − sin QR/QR) for three states of ¼ · 2 · 2/3 · … = 1 in sum at large Q."""
    pair = q.Model(q.Space.half(2), [q.Bilinear(1.0, 0, 1)])
    for Q in (0.0, 1.0, 4.0, 50.0):
        found = q.neutron_spectrum(pair, [0.5, 1.5], temperature=0.05, width=0.1, positions=[(0, 0, 0), (0, 2, 0)], Q=Q)
        rows = found.transitions
        strength = rows["strength"][(rows["lower"] == 0) & (rows["energy"] > 0.5)].sum()
        assert strength == pytest.approx(1 - np.sinc(2 * Q / np.pi), abs=1e-12)


def test_the_picture_says_what_it_is():
    found = q.neutron_spectrum(TRIO, np.linspace(-1, 4, 101), temperature=5, width=0.2)
    _, axes = found.plot()
    assert axes[0].get_xlabel() == "energy transfer (meV)"
    assert "12" not in repr(found)[:18]
