"""Studies of clusters and moments: broken twins of their statements fail."""

from dataclasses import replace
from importlib import import_module

import numpy as np
import pytest
from scipy.linalg import expm

STUDIES = import_module("qllg_sym.derivations").studies()
CLUSTER, SUBSTRATE, ATOM, SKYRMION = (STUDIES[name] for name in ("cluster-size", "substrate", "atom", "skyrmion"))


def failed(statement):
    return statement.verdict != "holds"


def test_another_ring_or_another_generator_fails(monkeypatch):
    p, cut, ends = CLUSTER.QUICK, CLUSTER._cut, CLUSTER.ends
    with monkeypatch.context() as patch:
        patch.setattr(CLUSTER, "_cut", lambda p, size, kappa, times, rtol=1e-10: cut(p, size, 0.1, times, rtol))
        assert failed(CLUSTER._depth(p))                # damped clusters beside an undamped ring
        assert failed(CLUSTER._surface(p))
    with monkeypatch.context() as patch:
        patch.setattr(CLUSTER, "ends", lambda n: (1.1 * ends(n)[0], *ends(n)[1:]))
        assert failed(CLUSTER._marginal(replace(p, sizes=(1, 2))))
    assert not failed(CLUSTER._marginal(replace(p, sizes=(1, 2))))


def test_pseudo_spins_without_the_mean_field_fail(monkeypatch):
    p = replace(CLUSTER.QUICK, late=100.0)
    assert not failed(CLUSTER._dimers(p))
    alone = replace(p, kappa=0.6)                       # damped otherwise than the clusters
    given = CLUSTER.pseudo_spin
    monkeypatch.setattr(CLUSTER, "pseudo_spin", lambda p, times: given(alone, times))
    assert failed(CLUSTER._dimers(p))


@pytest.fixture(scope="module")
def runs():
    p = SUBSTRATE.QUICK
    return {(name, kind): SUBSTRATE.relaxed(p, name, kind) for name in p.fields for kind in ("quantum", "classical")}


def test_a_classical_dimer_is_no_quantum_one(runs):
    p = SUBSTRATE.QUICK
    swapped = {(name, "classical" if kind == "quantum" else "quantum"): run for (name, kind), run in runs.items()}
    for judge in (SUBSTRATE._quantum, SUBSTRATE._lying, SUBSTRATE._upright, SUBSTRATE._energies):
        assert not failed(judge(p, runs))
        assert failed(judge(p, swapped))


def test_other_couplings_fail(runs, monkeypatch):
    wrong = replace(SUBSTRATE.QUICK, K=3.98)
    for judge in (SUBSTRATE._quantum, SUBSTRATE._lying, SUBSTRATE._energies):
        assert failed(judge(wrong, runs))
    assert failed(SUBSTRATE._energies(replace(SUBSTRATE.QUICK, easy=0.51), runs))
    given = SUBSTRATE.ground
    monkeypatch.setattr(SUBSTRATE, "ground", lambda b0, b1: given(1.01 * b0, b1))
    assert failed(SUBSTRATE._crossing())


def test_the_moment_is_that_of_a_dense_ground_state():
    """⟨σ_z⟩ by exp(−βH) on some ket, in place of an eigensolver."""
    x, y, z = ([0, 1], [1, 0]), ([0, -1j], [1j, 0]), ([1, 0], [0, -1])
    for b0, b1 in ((1.5, 0.2), (3.0, 2.0)):
        h = sum(np.kron(a, a) for a in (x, y, z)) / 4 - (b0 * np.kron(z, np.eye(2)) + b1 * np.kron(np.eye(2), z)) / 2
        ket = expm(-80 * h) @ [1, 0.3, 0.9, 0.2]
        ket /= np.linalg.norm(ket)
        assert SUBSTRATE.ground(b0, b1)[0] == pytest.approx(
            [(np.abs(ket)**2 @ np.diag(m)).real for m in (np.kron(z, np.eye(2)), np.kron(np.eye(2), z))], abs=1e-9)


def test_another_area_or_another_barrier_fails(monkeypatch):
    p = replace(ATOM.QUICK, small=3)
    assert not failed(ATOM._area(p))
    assert failed(ATOM._barrier(replace(p, margin=-0.05)))         # what is below is taken for above
    with monkeypatch.context() as patch:
        patch.setattr(ATOM.Parameters, "area", 10.6)
        assert failed(ATOM._area(replace(p)))
    run = ATOM.pulsed(p, "quantum", p.strong, p.long, np.linspace(0, p.stop, 61))
    assert not failed(ATOM._path(p, run))
    assert failed(ATOM._path(replace(p, kappa=0.22), run))
    assert not failed(ATOM._returns(p, {"quantum": run}))
    assert failed(ATOM._returns(replace(p, theta=0.35), {"quantum": run}))


def test_amplitudes_of_the_atom_are_a_matrix_exponential():
    """exp(−(i + κ)Ht/(1 + κ²)) on the coherent ket, H of the pulse, then of what follows, a second time on purpose."""
    p = ATOM.Parameters()
    m = np.arange(2, -3, -1.0)
    plus = np.diag(np.sqrt(6 - m[1:] * (m[1:] + 1)), 1)
    ket = expm(-1j * p.theta * (plus - plus.T) / 2j)[:, 0]
    for t, field in ((p.long, p.strong), (9.0, 0.0)):
        ket = expm(-(p.kappa + 1j) / (1 + p.kappa**2) * t * np.diag((field - p.K) * m - m**2)) @ ket
    weights = np.abs(ket)**2 / np.linalg.norm(ket)**2
    z, down = ATOM.closed(p, np.array([p.long + 9.0]), p.strong, p.long)
    assert [z[0], down[0]] == pytest.approx([weights @ m / 2, weights[-1]], abs=1e-12)


def test_no_wall_no_dip_and_no_charge():
    p = SKYRMION.QUICK
    film = SKYRMION.guess(p).reshape(p.side, p.side, 3)
    assert SKYRMION.charge(film) == pytest.approx(-1, abs=1e-12)
    assert SKYRMION.charge(film * [1, -1, 1]) == pytest.approx(1, abs=1e-12)
    assert SKYRMION.charge(np.broadcast_to([0.0, 0.6, 0.8], film.shape)) == pytest.approx(0, abs=1e-12)
    table = {"concurrence": np.array([1, 0.97, 1.0]), "m_z": np.array([0.9, 0.1, -0.9]), "t": np.arange(3.0),
             "charge": np.full(3, -1.0), "down": np.array([10, 20, 30]), "ground": np.array([1, 0.97, 1.0]) + 0.02,
             "energy": np.array([0, -0.01, 0]), "classical": np.array([0, -0.02, 0])}
    assert not failed(SKYRMION._wall(table))
    assert failed(SKYRMION._wall(table | {"m_z": table["m_z"] + 0.8}))
    assert not failed(SKYRMION._charge(table))
    assert failed(SKYRMION._charge(table | {"charge": np.array([-1, -1, 0.0])}))
    assert failed(SKYRMION._followed(table | {"t": table["t"] + 100}))
    assert failed(SKYRMION._held(p, table))


def test_losses_are_of_second_order():
    """Fields that differ by δ along an axis of their own, uniform along another: C and E of the 4 × 4 matrix."""
    K = 0.5
    for delta in (0.01, 0.02):
        b = [np.array([x, 0, np.sqrt(K**2 - x**2)]) for x in (delta / 2, -delta / 2)]
        energy, concurrence = SKYRMION.ground(*b)
        assert -0.75 - energy == pytest.approx(delta**2 / 4 / 0.75, rel=3e-3)
        assert 1 - concurrence == pytest.approx(delta**2 / 2 / 0.75**2, rel=3e-3)
    assert SKYRMION.classical(np.array([0, 0, 0.3]), np.array([0, 0, 0.3])) == pytest.approx(-0.25 - 0.045, abs=1e-7)
