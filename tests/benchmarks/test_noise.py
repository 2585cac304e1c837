"""Peers of noisy trajectories solve the same problem; sections tell of what ran and of what did not."""

import numpy as np
import pytest

import qllg_sym as q
from qllg_sym.benchmarks import noise, noise_peers
from qllg_sym.benchmarks.problems import dimers
from qllg_sym.errors import CodegenError

FEW = 5             # standard errors
DIMER = dimers(1)["A"]
RING = q.Model(q.Space.half(4), [*(q.Exchange(-1, k, (k + 1) % 4) for k in range(4)), q.Zeeman((0, 0, 1))])


def test_the_peer_of_frames_solves_the_law():
    rho = DIMER.rho[None]
    for _ in range(200):
        rho = noise_peers.lie_heun(rho, DIMER.h, DIMER.kappa, 0.0, 0.005, lambda: np.zeros((1, 4, 4)))
    exact = q.solve(DIMER.model, DIMER.law, DIMER.rho, [0, 1], values=DIMER.values).final_state
    assert abs(rho[0] - exact).max() < 1e-5


def test_the_peer_of_moments_solves_the_law():
    start = np.array([[1.0, 0, 0], [0, 0.6, 0.8], [0, 1, 0], [0, 0, -1]])
    moments, rng = start[None], np.random.default_rng(0)
    for _ in range(200):
        moments = noise_peers.llg_heun(moments, 0.5, 0.0, 0.005, rng)
    assert abs(moments[0] - q.solve(RING, q.ClassicalLLG(0.5), start, [0, 1]).moments[-1]).max() < 1e-4


def peers_energy(kT):
    """Mean and standard error of the peer's energy at t = 4."""
    rng, rho = np.random.default_rng(1), np.broadcast_to(DIMER.rho, (300, 4, 4))
    for _ in range(200):
        rho = noise_peers.lie_heun(rho, DIMER.h, DIMER.kappa, kT, 0.02, lambda: noise_peers.hermitian(300, 4, rng))
    return noise._mean(np.einsum("mij,ji->m", rho, DIMER.h).real)


@pytest.mark.slow
def test_the_peer_of_frames_has_the_noise_of_the_law():
    exact = q.canonical(DIMER.model, np.linalg.eigvalsh(DIMER.rho), 0.2, values={"D": DIMER.D}).energy
    mean, error = peers_energy(0.2)
    assert abs(mean - exact) < FEW * error
    warmer, error = peers_energy(0.4)
    assert abs(warmer - exact) > FEW * error


def test_the_peer_of_moments_has_the_noise_of_the_law():
    rng, moments = np.random.default_rng(2), np.tile([0.0, 0.0, 1.0], (400, 4, 1))
    for _ in range(250):
        moments = noise_peers.llg_heun(moments, 0.5, 0.5, 0.02, rng)
    mean, error = noise._mean(-(moments * np.roll(moments, 1, axis=1)).sum(axis=(1, 2)) - moments[..., 2].sum(axis=1))
    ens = q.langevin(RING, q.ClassicalLLG(0.5), [[0, 0, 1]] * 4, [0, 5], q.Bath(0.5), 2000, step=0.02)
    assert abs(mean - ens.mean["energy"][-1]) < FEW * np.hypot(error, ens.error["energy"][-1])


def test_a_quick_run_has_all_sections(monkeypatch):
    monkeypatch.setattr(noise, "RING", 4)
    monkeypatch.setattr(noise, "PAIRS", (5000, 5000))
    told = []
    sections = noise.noisy(True, told.append)
    assert len(sections) == len(told) == 4
    for section in sections:
        for row in section.rows:
            assert row.seconds is None or row.seconds > 0
            assert row.seconds is not None or "spirit" in row.name
        assert section.rows[0].name.startswith("qllg_sym")
    assert "not installed" in sections[2].rows[2].note or sections[2].rows[2].seconds


def test_without_a_compiler_it_says_so(monkeypatch):
    def refuse(quick):
        raise CodegenError("there is none")

    monkeypatch.setattr(noise, "WORKS", (refuse,))
    (section,) = noise.noisy(True)
    assert section.rows[0].note == "no compiler: there is none"
