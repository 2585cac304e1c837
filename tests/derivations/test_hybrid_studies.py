"""Studies of clusters and moments: broken twins of their statements fail."""

from dataclasses import replace
from importlib import import_module

import numpy as np
import pytest
from scipy.linalg import expm

STUDIES = import_module("qllg_sym.derivations").studies()
CLUSTER, SUBSTRATE = STUDIES["cluster-size"], STUDIES["substrate"]


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
