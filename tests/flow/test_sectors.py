"""Kets of one total S_z: H·v, motion and levels against dense matrices and the whole space, and closed forms."""

import functools

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from qllg_sym.flow.hamiltonians import sector_plan
from qllg_sym.flow.hamiltonians.action import Action
from qllg_sym.flow.hamiltonians.dense import Hamiltonian
from qllg_sym.flow.hamiltonians.sector_kernel import SectorKernel

J = sp.Symbol("J", real=True)
SECTORS = [(1, "1/2"), (2, 0), (3, "-1/2"), (4, 1), (5, "3/2"), (7, "1/2"), (8, 0), (8, 4), (8, -4)]
BETHE_16 = -7.1422963606        # ground level of the Heisenberg ring of 16 spins, J = 1


def down_states(sites, count):
    """The places of the product basis with so many spins down, by counting letters."""
    return [k for k in range(2**sites) if f"{k:b}".count("1") == count]


@functools.cache
def strings(sites, seed, far=True):
    """Random Pauli sums of every kind that keeps S_z; with `far` between all pairs, of three and of four spins."""
    rng, found = np.random.default_rng(seed), {}

    def add(c, **letters):
        text = "".join(letters.get(f"s{i}", "I") for i in range(sites))
        found[text] = found.get(text, 0.0) + c

    for i in range(sites):
        add(rng.normal(), **{f"s{i}": "Z"})
        for j in range(i + 1, sites if far else min(i + 2, sites)):
            hop, turn = rng.normal(size=2)
            for c, pair in ((hop, "XX"), (hop, "YY"), (turn, "XY"), (-turn, "YX"), (rng.normal(), "ZZ")):
                add(c, **{f"s{i}": pair[0], f"s{j}": pair[1]})
    for _ in range(3 * far * (sites >= 4)):
        a, b, c, d = (f"s{k}" for k in rng.permutation(sites)[:4])
        for first in ("XX", "YY"):
            add(0.25, **{a: first[0], b: first[1], c: "Z"})
            for second, sign in (("XY", 0.75), ("YX", -0.75)):
                add(sign, **{a: first[0], b: first[1], c: second[0], d: second[1]})
        add(0.5, **{a: "Z", b: "Z", c: "Z", d: "Z"})
    return found


def applied(given, v):
    """Pauli strings on kets (2^N, r) of the whole space, by what each letter does to each product state."""
    sites, image = len(next(iter(given))), np.zeros(v.shape, dtype=complex)
    states = np.arange(2**sites)
    for letters, c in given.items():
        flips, phase = 0, np.full(2**sites, complex(c))
        for bit, letter in enumerate(reversed(letters)):
            flips += (letter in "XY") << bit
            phase *= {"I": 1, "X": 1, "Y": 1j, "Z": 1}[letter]
            phase[(states >> bit & 1 == 1) & (letter in "YZ")] *= -1
        image[states ^ flips] += phase[:, None] * v
    return image


def expected_of(space, given, v):
    """The same on kets of a sector, whose image must not leave it."""
    chosen = down_states(space.sites, space.sector.down)
    whole = np.zeros((2**space.sites, v.shape[1]), dtype=complex)
    whole[chosen] = v
    image = applied(given, whole)
    assert np.abs(np.delete(image, chosen, axis=0)).max(initial=0) < 1e-12
    return image[chosen]


def kets(d, r, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(d, r)) + 1j * rng.normal(size=(d, r))


@pytest.mark.parametrize(("sites", "m"), SECTORS)
def test_the_product_is_that_of_the_dense_matrix(sites, m):
    space, given = q.Space.half(sites, magnetisation=m), strings(sites, sites)
    dense, model = expected_of(space, given, np.eye(space.dimension)), q.Model(space, given)
    for target in ("c", "numpy"):
        action = Action(model, {}, target=target)
        for r in (1, 3):
            v = kets(space.dimension, r, r)
            assert np.abs(action.apply(v) - dense @ v).max() < 1e-13 * sites * (1 + np.abs(dense).max())
    assert np.abs(action.matrix().toarray() - dense).max() < 1e-13
    assert np.abs(Hamiltonian(model).at(0.0, np.empty((0, 1)))[0] - dense).max() < 1e-13
    levels = np.linalg.eigvalsh(dense)
    assert action.trace() == pytest.approx(levels.sum(), abs=1e-11)
    assert action.spread() == pytest.approx(levels.std(), abs=1e-7)
    low, high = action.bounds()
    assert low <= levels[0] + 1e-12
    assert high >= levels[-1] - 1e-12


@pytest.mark.parametrize(("sites", "m", "far"), [(11, "1/2", True), (12, 0, True), (13, "-9/2", True),
                                                 (13, "1/2", False)])
@pytest.mark.parametrize("low", [6, 10])
def test_upper_and_lower_bits_work_together(monkeypatch, sites, m, far, low):
    monkeypatch.setattr(sector_plan, "LOW", low)
    space, given = q.Space.half(sites, magnetisation=m), strings(sites, 5, far)
    model, v = q.Model(space, given), kets(space.dimension, 2)
    expected = expected_of(space, given, v)
    found = [Action(model, {}, threads=threads).apply(v) for threads in (1, 2, 3)]
    assert np.abs(found[0] - expected).max() < 1e-13 * np.abs(expected).max()
    assert all(np.array_equal(found[0], other) for other in found)
    one = np.ascontiguousarray(v[:, 1])
    assert np.abs(Action(model, {}).apply(one) - expected[:, 1]).max() < 1e-13 * np.abs(expected).max()


def mutant(monkeypatch, old, new):
    """The kernel with another text."""
    text = SectorKernel.source()
    assert old in text
    monkeypatch.setattr(SectorKernel, "source", staticmethod(lambda: text.replace(old, new)))


@pytest.mark.parametrize(("old", "new", "right"), [
    ("MOST = 512", "MOST = 2", True), ("CHUNK = 32", "CHUNK = 8", True),
    ("-c[k] : c[k]", "c[k] : c[k]", False), ("y[k] -= imaginary[k + 1]", "y[k] += imaginary[k + 1]", False),
    ("- ones(upper & flip);", "- ones(upper & flip) + 1;", False)])
def test_other_kernels_are_told_apart(monkeypatch, old, new, right):
    monkeypatch.setattr(sector_plan, "LOW", 8)
    mutant(monkeypatch, old, new)
    space, given = q.Space.half(12, magnetisation=0), strings(12, 5)
    v = kets(space.dimension, 1)
    expected = expected_of(space, given, v)
    apart = np.abs(Action(q.Model(space, given), {}, target="c").apply(v) - expected).max() / np.abs(expected).max()
    assert bool(apart < 1e-13) is right


def test_a_driven_hamiltonian_follows_its_amplitudes(monkeypatch):
    monkeypatch.setattr(sector_plan, "LOW", 9)
    space, given = q.Space.half(11, magnetisation="1/2"), strings(11, 1, far=False)
    moving = [given, sp.cos(q.t) * q.Exchange(J, 2, 9)]
    action, v = Action(q.Model(space, moving), {"J": 0.7}), kets(462, 1)
    for t in (0.0, 0.3):
        pair = {"".join(letter if i in (2, 9) else "I" for i in range(11)): 0.7 * np.cos(t) for letter in "XYZ"}
        expected = expected_of(space, given, v) + expected_of(space, pair, v)
        assert np.abs(action.apply(v, t) - expected).max() < 1e-12


@pytest.mark.parametrize("method", ["exact", "frame", "krylov", "low-rank", "auto"])
@pytest.mark.parametrize(("sites", "m"), [(4, 0), (5, "-1/2"), (6, 1)])
def test_motion_is_that_of_the_whole_space(method, sites, m):
    space = q.Space.half(sites, magnetisation=m)
    labels = ["down"] * space.sector.down + ["up"] * (sites - space.sector.down)
    posed = q.QuantumLLG(0.5), q.states.product(*labels), [0, 0.4, 1.5]
    found = q.solve(q.Model(space, strings(sites, 3, far=False)), *posed, method=method)
    whole = q.solve(q.Model(q.Space.half(sites), strings(sites, 3, far=False)), *posed, method="exact")
    assert np.abs(found.energy - whole.energy).max() < 1e-8
    assert np.abs(found.profile() - whole.profile()).max() < 1e-8
    chosen = down_states(sites, space.sector.down)
    assert np.abs(found.states - whole.states[:, chosen][:, :, chosen]).max() < 1e-8
    assert np.abs(whole.states).sum() == pytest.approx(np.abs(whole.states[:, chosen][:, :, chosen]).sum())


def test_mixed_states_and_batches_of_a_sector():
    space, given = q.Space.half(6, magnetisation=1), [strings(6, 3, far=False), q.Exchange(J, 0, 5)]
    chosen, vectors = down_states(6, 2), kets(15, 2)
    vectors /= np.linalg.norm(vectors, axis=0)
    padded = np.zeros((64, 2), dtype=complex)
    padded[chosen] = vectors
    runs = [q.solve_many(q.Model(own, given), q.QuantumLLG(0.3), q.LowRank([0.7, 0.3], v), [0, 1],
                         {"J": np.array([0.2, -0.5])}, method="low-rank")
            for own, v in ((space, vectors), (q.Space.half(6), padded))]
    assert np.abs(runs[0].energy - runs[1].energy).max() < 1e-8
    assert np.abs(runs[0].bloch(3) - runs[1].bloch(3)).max() < 1e-8
    assert np.abs(runs[0].pauli - runs[1].pauli).max() < 1e-8


def test_the_ring_of_sixteen_has_bethes_ground_level():
    space = q.Space.half(16, magnetisation=0)
    ring = q.Model(space, [q.Exchange(0.25, i, (i + 1) % 16) for i in range(16)])
    run = q.solve(ring, q.QuantumLLG(0.5), q.states.ground(ring), [0.0])
    assert run.energy[0] == pytest.approx(BETHE_16, abs=2e-10)
    assert np.abs(run.profile()).max() < 1e-5           # a singlet
    assert run.correlation(0, 5)[0].trace() == pytest.approx(3 * run.correlation(0, 5)[0, 2, 2], abs=1e-5)


@pytest.mark.parametrize("wave", [0, 1, 5, 30])
def test_one_magnon_has_its_dispersion(wave):
    sites = 60                          # a space of 2^60 states is never touched
    space = q.Space.half(sites, magnetisation=sites // 2 - 1)
    ring = q.Model(space, [q.Exchange(-0.25, i, (i + 1) % sites) for i in range(sites)])
    k = 2 * np.pi * wave / sites
    magnon = np.exp(1j * k * np.arange(sites))
    image = Action(ring, {}).apply(magnon)
    assert np.abs(image - (-sites / 4 + 1 - np.cos(k)) * magnon).max() < 1e-13 * sites


def test_a_magnon_spreads_and_is_damped_by_the_closed_form():
    sites, kappa, t = 40, 0.4, 2.0
    space = q.Space.half(sites, magnetisation=sites // 2 - 1)
    ring = q.Model(space, [q.Exchange(-0.25, i, (i + 1) % sites) for i in range(sites)])
    start = q.states.product(*("down" if i == 7 else "up" for i in range(sites)))
    run = q.solve(ring, q.QuantumLLG(kappa), start, [0, t], method="krylov")
    k = 2 * np.pi * np.arange(sites) / sites
    amplitudes = np.exp(-(1j + kappa) * (1 - np.cos(k)) * t / (1 + kappa**2)) @ \
        np.exp(1j * np.outer(k, np.arange(sites) - 7))
    weights = np.abs(amplitudes)**2 / (np.abs(amplitudes)**2).sum()
    assert np.abs(run.profile("z")[-1] - (1 - 2 * weights)).max() < 1e-9


def test_bell_and_random_states_of_a_sector():
    space = q.Space.half(2, magnetisation=0)
    pair = q.Model(space, [q.Exchange(1, 0, 1)])
    run = q.solve(pair, q.QuantumLLG(0.5), q.states.bell("psi-"), [0, 1])
    assert run.energy == pytest.approx([-3, -3])
    assert run.concurrence() == pytest.approx([1, 1])
    assert run.fidelity(q.states.bell("psi-")) == pytest.approx([1, 1])
    mixed = q.solve(pair, q.QuantumLLG(0.5), q.states.random(space, seed=3), [0.0])
    assert mixed.states.shape == (1, 2, 2)
    assert mixed.renyi(1)[0] > 0.01


def test_without_a_compiler_it_is_numpy(monkeypatch):
    monkeypatch.setenv("CC", "no-such-compiler")
    space = q.Space.half(4, magnetisation=0)
    with pytest.warns(q.QllgWarning, match="NumPy is used in place of compiled C"):
        action = Action(q.Model(space, strings(4, 0)), {})
    v = kets(6, 1)
    assert np.abs(action.apply(v) - expected_of(space, strings(4, 0), v)).max() < 1e-12


@pytest.mark.parametrize(("old", "new", "right"), [
    ("", "", True), ("2 * factor * (y[k]", "factor * (y[k]", False), ("- before[k];", "+ before[k];", False),
    ("y[k] = factor * (y[k] - middle * x[k]);", "y[k] = factor * (y[k] + middle * x[k]);", False)])
def test_chebyshevs_recursion_in_one_pass(monkeypatch, old, new, right):
    monkeypatch.setattr(sector_plan, "LOW", 9)
    mutant(monkeypatch, old, new) if old else None
    space, given = q.Space.half(12, magnetisation=1), strings(12, 5, far=False)
    action, v, before = Action(q.Model(space, given), {}), kets(space.dimension, 2), kets(space.dimension, 2, 7)
    image = action.apply(v) if right else Action(q.Model(space, given), {}, target="numpy").apply(v)
    out, agree = np.empty_like(v), True
    for last in (None, before):
        assert action.line((0.7, -0.3), v, out, last)
        expected = -0.3 * (image - 0.7 * v)
        expected = expected if last is None else 2 * expected - last
        agree = agree and bool(np.abs(out - expected).max() < 1e-12)
    assert agree is right
    assert not Action(q.Model(space, given), {}, target="numpy").line((0.7, -0.3), v, out, None)


def test_a_low_rank_state_in_a_sector_of_one_state():
    model = q.Model(q.Space.half(4, magnetisation=2), [q.Exchange(1, i, i + 1) for i in range(3)])
    run = q.solve(model, q.QuantumLLG(0.5), q.LowRank([1.0], [[1.0]]), [0, 1], method="low-rank")
    assert run.energy.tolist() == [3.0, 3.0]
    assert run.bloch(3)[-1].tolist() == [0.0, 0.0, 1.0]
