"""Clusters and moments along trajectories: beside a plain integration of the implicit equations, and what they keep."""

import copy
import pickle

import numpy as np
import pytest
import sympy as sp
from scipy.integrate import solve_ivp

import oracle
import qllg_sym as q
from flow.reference import distance
from strategies import random_density

TIGHT = {"rtol": 1e-12, "atol": 1e-14}
SPACE, UP_DOWN = q.Space("1/2", "1/2", "1"), q.states.product("up", "down")
COUPLED = [q.Exchange(1, 0, 1), q.Bilinear(0.7, 0, 2)]
MODEL = q.Model(SPACE, [*COUPLED, q.Zeeman((1, 0, 0))])
TILTED = [[np.sin(1), 0, np.cos(1)]]
TIMES = np.linspace(0, 6, 7)


def hybrid(kappa=0.5, alpha=0.1, clusters=((0, 1),), classical=(2,)):
    return q.Hybrid(kappa, alpha, clusters=clusters, classical=classical)


def implicit(model, h, law, rho, moments, times):
    """(ρ_c at all times, m at all times): DOP853 of the two laws as they are printed, a second time on purpose.

    H_c and B_i are partial traces of the whole H(t), `h`, over all other parts, classical spins in coherent states:
    every classical spin occurs linearly in these models.
    """
    kappa, alpha = float(law.kappa), float(law.alpha)
    sizes, spins = oracle.dims(model.space.spins), model.space.spins
    hbar, shapes = float(model.hbar), [r.shape for r in rho]
    ends = np.cumsum([0, *(2 * r.size for r in rho)])

    def unpacked(y):
        own = [y[a:b].view(complex).reshape(shape) for a, b, shape in zip(ends, ends[1:], shapes, strict=False)]
        return own, y[ends[-1]:].reshape(-1, 3)

    def slope(t, y):
        own, m = unpacked(y)
        factors = {**dict(zip(law.clusters, own, strict=True)),
                   **{(i,): oracle.coherent(spins[i], v / np.linalg.norm(v))
                      for i, v in zip(law.classical, m, strict=True)}}
        parts = []
        for sites, r in zip(law.clusters, own, strict=True):
            field, one = oracle.mean_field(h(t), factors, sizes, sites), np.eye(len(r))
            system = np.eye(r.size) - 1j * kappa * (np.kron(r, one) - np.kron(one, r.T))
            drho = np.linalg.solve(system, (1j / hbar * oracle.commutator(r, field)).ravel())
            parts.append(drho.view(float))
        for i, v in zip(law.classical, m, strict=True):
            local = oracle.mean_field(h(t), factors, sizes, (i,))
            b = -np.array([np.trace(local @ op).real / np.trace(op @ op).real
                           for op in oracle.spin_matrices(spins[i])]) / hbar
            cross = np.array([[0, -v[2], v[1]], [v[2], 0, -v[0]], [-v[1], v[0], 0]])
            parts.append(np.linalg.solve(np.eye(3) + alpha * cross, np.cross(v, b)))
        return np.concatenate(parts)

    start = np.concatenate([*(np.ascontiguousarray(r, dtype=complex).ravel().view(float) for r in rho),
                            np.ravel(moments)])
    found = solve_ivp(slope, (times[0], times[-1]), start, "DOP853", times, rtol=1e-12, atol=1e-12).y.T
    pairs = [unpacked(np.ascontiguousarray(y)) for y in found]
    return [np.array([own[c] for own, _ in pairs]) for c in range(len(rho))], np.array([m for _, m in pairs])


DRIVEN = q.Model(SPACE, [*COUPLED, q.Zeeman((sp.cos(2 * q.t), 0, 0.4)), q.DMI((0.3, 0, 0.2), 1, 2)], hbar=0.5,
                 gamma=1.5)
FOUR = q.Model(q.Space("1/2", "1", "1/2", "1"), [
    q.Exchange(0.5, 0, 2), q.Bilinear(-0.8, 0, 1), q.Bilinear([[1, 0, 0], [0, 0.5, 0.2], [0, 0, -1]], 1, 3),
    q.DMI((0.1, 0.3, 0), 2, 3), q.Zeeman((0.2, 0.5, 1)), q.Anisotropy([[0, 0, 0], [0, 0, 0], [0, 0, -1]], 1)])


def hamiltonian(model):
    """H(t) of a model in which cos 2t is all that depends on time, and linear."""
    still, turned = (oracle.hamiltonian(model, {q.t: t}) for t in (np.pi / 4, 0))
    return lambda t: still + np.cos(2 * t) * (turned - still)


@pytest.mark.parametrize(("model", "law", "ranks"), [
    (DRIVEN, hybrid(), [3]), (FOUR, hybrid(clusters=[(0, 2), (1,)], classical=[3]), [2, 3]),
    (FOUR, hybrid(clusters=[(1,)], classical=[0, 2, 3]), [1])], ids=["driven", "two clusters", "three moments"])
def test_the_path_is_that_of_the_implicit_equations(model, law, ranks):
    """ħ, γ_g and H(t), mixed states of several ranks, spins of two lengths; another κ is far away."""
    rng, times = np.random.default_rng(7), np.linspace(0, 1.5, 4)
    sizes = [int(np.prod([oracle.dims(model.space.spins)[i] for i in sites])) for sites in law.clusters]
    rho = [random_density(rng, d, rank)[0] for d, rank in zip(sizes, ranks, strict=True)]
    m = rng.normal(size=(len(law.classical), 3))
    m /= np.linalg.norm(m, axis=1, keepdims=True)
    run = q.solve(model, law, q.HybridState(rho, m), times, **TIGHT)
    states, moments = implicit(model, hamiltonian(model), law, rho, m, times)
    for found, expected in zip(run.clusters, states, strict=True):
        assert distance(found.states, expected) < 2e-10
    assert distance(run.moments, moments) < 2e-10
    other = q.solve(model, hybrid(0.45, 0.1, law.clusters, law.classical), q.HybridState(rho, m), times, **TIGHT)
    assert distance(other.clusters[0].states, states[0]) > 1e-3
    assert max(run.invariants.values()) < 2e-14


def test_energy_and_total_spin_without_damping():
    run = q.solve(MODEL, hybrid(0, 0), q.HybridState([UP_DOWN], TILTED), np.linspace(0, 20, 41))
    assert distance(run.energy, -1.6523651778) < 1e-9
    free = q.solve(q.Model(SPACE, COUPLED), hybrid(0, 0), q.HybridState([UP_DOWN], TILTED), np.linspace(0, 20, 41))
    total = (free.bloch(0) + free.bloch(1)) / 2 + free.bloch(2)
    assert distance(total, [0.84147098480, 0, 0.54030230586]) < 2e-9
    assert distance(free.bloch(2), free.bloch(2)[0]) > 0.1
    assert q.solve(MODEL, hybrid(0, 0.1), q.HybridState([UP_DOWN], TILTED), [0, 20]).energy[-1] < -1.8


def test_the_energy_falls_at_the_rate_of_its_law():
    step, ends = 1e-3, (0.0, 1.0)
    for begin in ends:
        times = [*([0.0] if begin else []), begin, begin + step, begin + 2 * step]
        run = q.solve(MODEL, hybrid(), q.HybridState([UP_DOWN], TILTED), times, **TIGHT)
        rho, m, energy = run.clusters[0].states[-3:], run.moments[-3:, 0], run.energy[-3:]
        drho, dm = (rho[2] - rho[0]) / (2 * step), (m[2] - m[0]) / (2 * step)
        losses = -0.5 * np.trace(drho @ drho).real - 0.1 * dm @ dm
        assert (energy[2] - energy[0]) / (2 * step) == pytest.approx(losses, rel=2e-5)
        assert (energy[2] - energy[0]) / (2 * step) != pytest.approx(losses - 0.1 * dm @ dm, rel=1e-3)


def test_all_sites_in_one_cluster_move_by_q_llg():
    law, start = hybrid(clusters=[(0, 1, 2)], classical=()), q.states.random(SPACE, rank=3, seed=1)
    run, alone = (q.solve(MODEL, each, state, TIMES, **TIGHT) for each, state in (
        (law, q.HybridState([start])), (q.QuantumLLG(0.5), start)))
    assert distance(run.clusters[0].states, alone.states) < 1e-10
    assert distance(run.energy, alone.energy) < 1e-10
    assert distance(run.clusters[0].energy, alone.energy) < 1e-10      # H is traceless
    assert run.moments.shape == (7, 0, 3)


def test_all_sites_classical_move_by_llg():
    m = [[1, 0, 0], [0, 0.6, 0.8], *TILTED]
    run = q.solve(MODEL, hybrid(clusters=(), classical=[0, 1, 2]), q.HybridState([], m), TIMES, **TIGHT)
    alone = q.solve(MODEL, q.ClassicalLLG(0.1, "mean"), m, TIMES, **TIGHT)
    assert distance(run.moments, alone.moments) < 1e-10
    assert distance(run.energy, alone.energy) < 1e-10


def test_clusters_of_one_pure_spin_half_move_as_moments_with_the_damping_kappa():
    m = [[1, 0, 0], [0, 0.6, 0.8], *TILTED]
    alone = q.solve(MODEL, q.ClassicalLLG(0.5, "mean"), m, TIMES, **TIGHT)
    start = q.HybridState([q.states.coherent(q.Space("1/2"), [v]) for v in m[:2]], m[2:])
    run = q.solve(MODEL, hybrid(0.5, 0.5, clusters=[0, 1]), start, TIMES, **TIGHT)
    for site in range(3):
        assert distance(run.bloch(site), alone.moments[:, site]) < 1e-10
    both = q.solve(MODEL, hybrid(0.5, 0.5), q.HybridState([q.states.coherent(q.Space.half(2), m[:2])], m[2:]), TIMES)
    assert distance(both.bloch(1), alone.moments[:, 1]) > 0.1           # one cluster is another thing


def test_components_and_frames_are_one_law():
    """The generated right-hand side, integrated by SciPy, beside the frames."""
    comp, times = hybrid().derive(DRIVEN).components(), [0, 1.0]
    rho = random_density(np.random.default_rng(3), 4, 4)[0]
    start = q.HybridState([rho], TILTED)
    y = comp.of_state(start)
    run = q.solve(DRIVEN, hybrid(), start, times, **TIGHT)
    found = solve_ivp(comp.compile("numpy").bind({}), (0, 1), y, "DOP853", rtol=1e-11, atol=1e-12).y[:, -1]
    assert distance(found, comp.of_state(run.final_state)) < 1e-9
    assert distance(y[-3:], TILTED[0]) < 1e-15
    part = comp.closed(q.HybridState([q.states.bell("psi+")], [[0, 0, 1]]))
    assert 0 < len(part.states) <= len(comp.states)


def test_jumps_of_a_field_end_steps_where_they_are():
    """A switched field is two trajectories, one after the other; the other order of the two is another one."""
    on, off = (q.Model(SPACE, [*COUPLED, q.Zeeman((b, 0, 0))]) for b in (1, 0))
    switched = q.Model(SPACE, [*COUPLED, q.Zeeman((sp.Heaviside(1.3 - q.t), 0, 0))])
    start = q.HybridState([UP_DOWN], TILTED)
    run = q.solve(switched, hybrid(), start, [0, 1.3, 2.6], **TIGHT)
    first = q.solve(on, hybrid(), start, [0, 1.3], **TIGHT)
    second = q.solve(off, hybrid(), first.final_state, [1.3, 2.6], **TIGHT)
    assert run.stats["pieces"] == 2
    assert distance(run.moments[-1], second.moments[-1]) < 1e-10
    assert distance(run.clusters[0].states[-1], second.clusters[0].states[-1]) < 1e-10
    assert distance(run.moments[-1], q.solve(on, hybrid(), start, [0, 2.6]).moments[-1]) > 1e-2


def test_pulses_signals_and_dampings_in_time():
    """A short pulse after a long rest is seen, a signal is the function that it is, and κ(t) is."""
    shape, kappa = sp.exp(-((q.t - 30) / 0.2)**2), sp.Symbol("kappa", real=True)
    up, start = q.HybridState([q.states.product("up", "up")], [[0, 0, 1]]), q.HybridState([UP_DOWN], TILTED)
    still = [q.Exchange(-1, 0, 1), q.Bilinear(-0.7, 0, 2)]
    run = q.solve(q.Model(SPACE, [*still, q.Zeeman((6 * shape, 0, 0))]), hybrid(), up, [0, 31])
    assert np.abs(run.moments[-1, 0] - [0, 0, 1]).max() > 0.5
    waves = [q.Model(SPACE, [*COUPLED, q.Zeeman((f, 0, 0))]) for f in (sp.cos(2 * q.t), q.signal("f", resolution=0.5))]
    told, signalled = (q.solve(model, hybrid(), start, [0, 2], values) for model, values in zip(
        waves, (None, {"f": lambda t: np.cos(2 * t)}), strict=True))
    assert distance(told.moments, signalled.moments) < 1e-8
    slow, expected = (q.solve(MODEL, hybrid(k * q.t), start, [0, 1], values) for k, values in (
        (kappa, {"kappa": 0.5}), (sp.Rational(1, 2), None)))
    assert distance(slow.moments, expected.moments) < 1e-12
    assert distance(slow.moments, q.solve(MODEL, hybrid(), start, [0, 1]).moments) > 1e-3


def test_spectra_and_lengths_are_constant_to_rounding_over_many_steps():
    rho = random_density(np.random.default_rng(2), 4, 4)[0]
    run = q.solve(MODEL, hybrid(0.01, 0), q.HybridState([rho], TILTED), np.linspace(0, 200, 21), rtol=1e-8)
    assert run.stats["steps"] > 500
    assert max(run.invariants.values()) < 1e-13
    assert distance(np.linalg.eigvalsh(run.clusters[0].states), np.linalg.eigvalsh(rho)) < 1e-13


def test_what_is_found_can_be_read_copied_and_gone_on_from():
    start = q.HybridState([UP_DOWN], TILTED)
    run = q.solve(MODEL, hybrid(), start, TIMES)
    assert repr(run).startswith("<HybridTrajectory: 7 times from 0 to 6, clusters (0, 1), 1 moments, ")
    assert "HybridTrajectory" in run._repr_html_()
    assert (len(run), run.method, run.model, run.law) == (7, "hybrid", MODEL, hybrid())
    assert run.clusters[0].concurrence().shape == (7,)
    assert distance(run.bloch(1), run.clusters[0].bloch(1)) == 0
    assert distance(run.bloch(2), run.moments[:, 0]) == 0
    for again in (pickle.loads(pickle.dumps(run)), copy.deepcopy(run)):
        assert distance(again.moments, run.moments) == 0
        assert distance(again.clusters[0].states, run.clusters[0].states) == 0
    half = q.solve(MODEL, hybrid(), run.at(3), [3, 6])
    assert distance(half.moments[-1], run.moments[-1]) < 1e-8
    with pytest.raises(q.InputError, match="`i` must be a site from 0 to 2"):
        run.bloch(3)
    with pytest.raises(q.InputError, match="`t` must be a stored time here"):
        run.at(0.5)
    one = q.solve(MODEL, hybrid(), start, [2.0])
    assert distance(one.energy, run.energy[0]) < 1e-12
    assert one.stats["steps"] == 0


def test_what_is_observed_and_where_it_stops():
    start, times = q.HybridState([UP_DOWN], TILTED), np.linspace(0, 6, 61)
    observe = {"E": "energy", "first": "bloch0", "last": "bloch2",
               "trace": lambda state: np.trace(state.clusters[0]).real}
    run = q.solve(MODEL, hybrid(), start, times, observe=observe, stop=lambda t, state: state.moments[0, 0] > 0.9)
    whole = q.solve(MODEL, hybrid(), start, times)
    assert 1 < len(run) < 61
    assert run.moments[-1, 0, 0] > 0.9 >= run.moments[:-1, 0, 0].max()
    assert distance(run.observed["E"], whole.energy[:len(run)]) < 1e-10
    assert distance(run.observed["first"], run.bloch(0)) < 1e-14
    assert distance(run.observed["last"], run.bloch(2)) == 0
    assert distance(run.observed["trace"], 1) < 1e-13


def test_what_ends_early_says_why_and_has_what_there_is():
    start, many = q.HybridState([UP_DOWN], TILTED), np.linspace(0, 60, 61)

    def stop(done):
        if done > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(q.SolveInterrupted, match="was interrupted after t") as caught:
        q.solve(MODEL, hybrid(), start, many, progress=stop)
    assert 30 <= caught.value.partial.times[-1] < 50
    pole = q.Model(SPACE, [*COUPLED, q.Zeeman((1 / (1 - q.t), 0, 0))])
    with pytest.raises(q.IntegrationError) as caught:
        q.solve(pole, hybrid(), start, [0, 0.5, 2])
    assert caught.value.partial.times.tolist() == [0, 0.5]
    with pytest.warns(q.QllgWarning, match="`alpha` must be at least 0 to damp"):
        q.solve(MODEL, hybrid(0.5, -0.1), start, [0, 0.1])


def test_a_larger_cluster_takes_sparse_operators():
    """Six spins ½ in a ring beside a moment of a large spin, which hardly moves: the ring in a fixed field."""
    bonds = [q.Exchange(1, i, (i + 1) % 6) for i in range(6)]
    ring = q.Model(q.Space(*["1/2"] * 6, "100"), [
        *bonds, q.Bilinear(0.005, 0, 6), q.Zeeman((0, 0, 0.3), sites=range(6))])
    frozen = q.Model(q.Space.half(6), [*bonds, q.Zeeman((0, 0, 0.3)), q.Zeeman((-0.5, 0, 0), sites=[0])])
    start, law = q.states.product(*["up", "down"] * 3), q.Hybrid(0.5, 0, clusters=[range(6)], classical=[6])
    run = q.solve(ring, law, q.HybridState([start], [[1, 0, 0]]), [0, 0.4])
    alone = q.solve(frozen, q.QuantumLLG(0.5), start, [0, 0.4])
    assert 0 < distance(run.moments[-1], run.moments[0]) < 0.002
    assert distance(run.clusters[0].profile(), alone.profile()) < 0.002
    assert distance(alone.profile()[-1], alone.profile()[0]) > 0.1


def test_the_last_state_alone_is_that_of_all(tmp_path):
    """Energies and what is observed at every time, states at the last, also from a file; it is gone on from."""
    start, observe = q.HybridState([UP_DOWN], TILTED), {"r": "bloch0", "E": "energy"}
    whole = q.solve(MODEL, hybrid(), start, TIMES, observe=observe)
    last = q.solve(MODEL, hybrid(), start, TIMES, observe=observe, keep="final")
    last.save(tmp_path / "last.npz")
    last.save(tmp_path / "last.nc")
    for run in (last, q.load(tmp_path / "last.npz"), q.load(tmp_path / "last.nc"), copy.deepcopy(last)):
        assert len(run) == len(TIMES)
        assert np.array_equal(run.energy, whole.energy)
        assert distance(run.observed["r"], whole.bloch(0)) < 1e-14
        assert np.array_equal(run.last.bloch(1)[0], whole.bloch(1)[-1])
        assert np.array_equal(run.final_state.moments, whole.moments[-1])
        assert run.last.times.tolist() == [6.0]
        assert "drift" not in repr(run)
    onward = q.solve(MODEL, hybrid(), last.final_state, [6, 7]).energy[-1]
    assert onward == pytest.approx(q.solve(MODEL, hybrid(), start, [0, 7]).energy[-1], abs=1e-9)
    for name, read in {"moments": lambda: last.moments, "bloch": lambda: last.bloch(0)}.items():
        with pytest.raises(q.InputError, match=f"`{name}` needs the states at every time, but only the last was kept"):
            read()
    with pytest.raises(q.InputError, match="the nearest is 6; take that"):
        last.at(0)


def test_a_dataset_has_all_sites_and_what_made_them():
    start, units = q.HybridState([UP_DOWN], TILTED), q.Units("meV", "ps")
    model = q.Model(SPACE, [*COUPLED, q.Zeeman((1, 0, 0))], units=units)
    run = q.solve(model, hybrid(), start, TIMES, observe={"C": "clusters[0].concurrence"})
    ds = run.to_xarray()
    assert dict(ds.sizes) == {"time": 7, "site": 3, "axis": 3}
    for site in range(3):
        assert np.array_equal(ds.bloch.sel(site=site), run.bloch(site))
    assert ds.cluster.values.tolist() == [0, 0, -1]
    assert np.array_equal(ds.C, run.observed["C"])
    assert (ds.energy.attrs["units"], ds.time.attrs["units"]) == ("meV", "ps")
    assert "hybrid" in str(ds.attrs)
    last = q.solve(model, hybrid(), start, TIMES, keep="final").to_xarray()
    assert np.array_equal(last.energy, run.energy)
    assert "bloch" not in last
    with pytest.raises(q.InputError, match="'energy' is one; solve with another name"):
        q.solve(model, hybrid(), start, [0], observe={"energy": "energy"}).to_xarray()


@pytest.mark.parametrize(("name", "forge"), [
    ("moments", lambda a: 2 * a), ("moments", lambda a: np.nan * a), ("kets_0", lambda a: 2 * a),
    ("kets_0", lambda a: np.nan * a), ("weights_0", lambda a: 2 * a), ("weights_0", lambda a: np.nan * a),
    ("weights_0", lambda a: np.array([2.0, -1.0]))])
def test_a_file_of_what_is_no_state_is_refused(name, forge, tmp_path):
    model = q.Model(q.Space("1/2", "1"), [q.Exchange(1, 0, 1), q.Zeeman((0, 0, 1))])
    start = q.HybridState([q.states.product("up")], [[1, 0, 0]])
    q.solve(model, q.Hybrid(0.1, 0.1, clusters=[0], classical=[1]), start, [0, 0.5]).save(tmp_path / "run.npz")
    with np.load(tmp_path / "run.npz", allow_pickle=False) as found:
        arrays = dict(found)
    np.savez(tmp_path / "same.npz", **arrays)
    assert q.load(tmp_path / "same.npz").moments.shape == (2, 1, 3)
    np.savez(tmp_path / "forged.npz", **{**arrays, name: forge(arrays[name])})
    with pytest.raises(q.FileError, match="must hold a whole hybrid trajectory, but its parts do not fit; save anew"):
        q.load(tmp_path / "forged.npz")


def test_a_cluster_is_given_in_the_order_that_it_is_named_in(tmp_path):
    """The same motion, the factors of the state swapped; the order is that of all views and of files."""
    rng = np.random.default_rng(5)
    m = rng.normal(size=(3, 3)).round(2).tolist()
    model = q.Model(q.Space("1/2", "1", "1", "1/2"), [q.Bilinear(m, 0, 2), q.Exchange(0.5, 0, 1), q.Bilinear(m, 2, 3),
                                                      q.Zeeman((0.3, 0.2, 1)), q.ZeroField(0.4, 2)])
    rho = random_density(rng, 6, 3)[0]
    swapped = rho.reshape(2, 3, 2, 3).transpose(1, 0, 3, 2).reshape(6, 6)
    laws = [hybrid(clusters=[cluster], classical=(1, 3)) for cluster in ((0, 2), (2, 0))]
    named, turned = (q.solve(model, law, q.HybridState([state], [[1, 0, 0], [0, 0.6, 0.8]]), TIMES,
                             observe={"r": "bloch2", "P": "clusters[0].purity"})
                     for law, state in zip(laws, (rho, swapped), strict=True))
    assert distance(turned.energy, named.energy) < 1e-9
    assert distance(turned.profile(), named.profile()) < 1e-9
    assert abs(named.bloch(2)[-1] - named.bloch(2)[0]).max() > 0.1, "it moves"
    assert turned.clusters[0].spins == ("1", "1/2")
    assert distance(turned.clusters[0].bloch(0), named.bloch(2)) < 1e-9
    assert distance(turned.observed["r"], turned.bloch(2)) < 1e-12
    turned.save(tmp_path / "turned.npz")
    again = q.load(tmp_path / "turned.npz")
    assert again.law == laws[1]
    assert np.array_equal(again.profile(), turned.profile())
    first, second = (law.derive(model).components() for law in laws)
    equations = [dict(zip(each.states, each.residual, strict=True)) for each in (first, second)]
    assert equations[0] == equations[1]
    assert first.states != second.states, "they are listed in the order that is named"
