"""Clusters and moments under noise: one canonical ensemble for both, what is kept, and what does not fit together."""

import numpy as np
import pytest

import qllg_sym as q
from qllg_sym import files

SPACE = q.Space("1/2", "1")
MODEL = q.Model(SPACE, [q.Bilinear(0.7, 0, 1), q.Zeeman((0, 0, 1))])
LAW = q.Hybrid(0.5, 0.3, clusters=[0], classical=[1])
START = q.HybridState([q.states.product("up")], [[0, 0, 1]])
DIMER = q.Model(q.Space("1/2", "1/2", "1"), [q.Exchange(0.5, 0, 1), q.Bilinear(0.7, 0, 2), q.Zeeman((0, 0, 1))])
PAIR = q.Hybrid(0.5, 0.3, clusters=[(0, 1)], classical=[2])
UP_DOWN = q.HybridState([q.states.product("up", "down")], [[0, 0, 1]])


def two_spheres(kT):
    """⟨E⟩ over two unit vectors with E = 0.35 r·m − r_z/2 − m_z, by quadrature."""
    z, weights = np.polynomial.legendre.leggauss(40)
    a, b, angle = np.meshgrid(z, z, np.linspace(0, 2 * np.pi, 48, endpoint=False), indexing="ij")
    energy = 0.35 * (a * b + np.sqrt((1 - a**2) * (1 - b**2)) * np.cos(angle)) - a / 2 - b
    density = weights[:, None, None] * weights[None, :, None] * np.exp(-energy / kT)
    return (energy * density).sum() / density.sum()


def late(model, law, start, kT, trajectories, **options):
    """The mean energy of late times, and its standard error."""
    found = q.langevin(model, law, start, np.arange(0, 31, 3.0), q.Bath(kT), trajectories, step=0.15, **options)
    means = found.samples["energy"][:, 3:].mean(axis=1)
    return means.mean(), means.std(ddof=1) / np.sqrt(len(means))


def test_a_pure_spin_and_a_moment_are_in_one_canonical_ensemble():
    """Two spheres with one energy; at a temperature a fifth higher the mean is seen to be another."""
    found, error = late(MODEL, LAW, START, 0.6, 600, seed=2)
    assert error < 0.015
    assert abs(found - two_spheres(0.6)) < 4 * error
    assert abs(found - two_spheres(0.9)) > 4 * error


def test_an_entangled_pair_and_a_moment_are_in_one_canonical_ensemble():
    """Pure states of four levels for each direction of the moment, whose partition function is exact; α ≠ κ."""
    z, weights = np.polynomial.legendre.leggauss(8)
    own = [q.Model(q.Space.half(2), [q.Exchange(0.5, 0, 1), q.Zeeman((0, 0, 1)), q.Zeeman(
        (-0.7 * float(np.sqrt(1 - x * x)), 0, -0.7 * float(x)), sites=[0])]) for x in z]
    exact = [q.canonical(model, [1, 0, 0, 0], 0.8) for model in own]
    logs = np.array([float(each.log_partition) for each in exact]) + z / 0.8
    density = weights * np.exp(logs - logs.max())
    expected = ((np.array([float(each.energy) for each in exact]) - z) * density).sum() / density.sum()
    found, error = late(DIMER, PAIR, UP_DOWN, 0.8, 400, seed=5)
    assert error < 0.025
    assert abs(found - expected) < 4 * error
    assert abs(found - q.solve(DIMER, PAIR, UP_DOWN, [0, 30]).energy[-1]) > 10 * error


def test_without_temperature_it_is_the_law_itself():
    ens = q.langevin(DIMER, PAIR, UP_DOWN, [0, 1, 2], q.Bath(0), 2, step=0.005)
    run = q.solve(DIMER, PAIR, UP_DOWN, [0, 1, 2])
    assert np.abs(ens.mean["energy"] - run.energy).max() < 1e-4
    for site in range(3):
        assert np.abs(ens.samples["bloch"][0, :, site] - run.bloch(site)).max() < 1e-4
    assert np.array_equal(ens.samples["bloch"][0], ens.samples["bloch"][1])


def test_mixed_clusters_keep_their_spectrum_and_moments_their_length():
    rho = np.diag([0.6, 0.3, 0.1, 0.0])
    ens = q.langevin(DIMER, PAIR, q.HybridState([rho], [[0, 0, 1]]), [0, 5, 10], q.Bath(1), 20, seed=1, step=0.1)
    frames = ens.last[:, :32].copy().view(complex).reshape(20, 4, 4)
    assert np.abs(frames.conj().swapaxes(1, 2) @ frames - np.eye(4)).max() < 1e-12
    assert np.abs(np.linalg.norm(ens.last[:, 32:], axis=1) - 1).max() < 1e-14
    assert np.abs(np.linalg.norm(ens.samples["bloch"][:, :, 2], axis=-1) - 1).max() < 1e-14


def test_readings_chunks_files_and_going_on(tmp_path):
    observe = {"first": "bloch0", "m z": lambda bloch: bloch[1, 2]}
    args = MODEL, LAW, START
    whole = q.langevin(*args, [0, 1, 2], q.Bath(0.6), 20, seed=3, step=0.1, observe=observe)
    few = q.langevin(*args, [0, 1, 2], q.Bath(0.6), 5, seed=3, step=0.1, observe=observe, checkpoint=tmp_path / "kept")
    assert np.array_equal(whole.samples["first"][:5], few.samples["first"])
    assert whole.samples["m z"].shape == (20, 3)
    again = q.langevin(*args, [0, 1], q.Bath(0.6), 20, seed=3, step=0.1, observe=observe).resume([2])
    assert np.array_equal(again.samples["energy"], whole.samples["energy"])
    few.save(tmp_path / "hot.npz")
    loaded = q.load(tmp_path / "hot.npz")
    assert np.array_equal(loaded.samples["first"], few.samples["first"])
    assert loaded.law == LAW
    assert np.array_equal(loaded.resume([3], observe=observe).samples["energy"], few.resume([3]).samples["energy"])
    found, told = files.load_arrays(tmp_path / "hot.npz", "ensemble")
    files.save(tmp_path / "bad.npz", "ensemble", {**found, "start_frame_0": np.eye(3)}, told)
    with pytest.raises(q.FileError, match="must hold a whole ensemble, but its parts do not fit"):
        q.load(tmp_path / "bad.npz")


def test_noise_that_does_not_belong_to_it_is_refused():
    with pytest.raises(q.InputError, match="`noise` must be \"invariant\" for hybrid"):
        q.langevin(MODEL, LAW, START, [0, 1], q.Bath(1, "local"))
    for kappa, alpha in ((0, 0.3), (0.5, 0)):
        with pytest.raises(q.InputError, match="`law` must damp where kT > 0"):
            q.langevin(MODEL, q.Hybrid(kappa, alpha, [0], classical=[1]), START, [0, 1], q.Bath(1))
    with pytest.raises(q.InputTypeError, match="`state` must be a HybridState for a hybrid law"):
        q.langevin(MODEL, LAW, q.states.product("up", "up"), [0, 1], q.Bath(1))
