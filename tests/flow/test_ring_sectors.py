"""Kets of one wave number on a ring: H·v, levels and motion against permutation matrices, and closed forms."""

from itertools import combinations, pairwise

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from qllg_sym.flow.hamiltonians.action import Action
from qllg_sym.flow.hamiltonians.dense import Hamiltonian
from qllg_sym.flow.hamiltonians.ring_kernel import RingKernel
from ring_kets import columns, sectors, states_of

BETHE_16 = -7.1422963606        # ground level of the Heisenberg ring of 16 spins, J = 1
RINGS = [(1, 0), (2, 1), (3, 1), (4, 2), (5, 2), (6, 3), (6, 0), (7, 4)]
LAW = q.QuantumLLG(0.5)


def couplings(sites, turned, seed=0):
    """Random exchange, DMI along z where it turns, Ising and four-spin terms up to third neighbours, and a field."""
    rng = np.random.default_rng(seed)
    found = [q.Zeeman((0, 0, rng.normal()))]
    for r in range(1, min(4, sites)):
        j, d, z, four = rng.normal(size=4)
        for i in range(sites):
            found += [q.Exchange(j, i, (i + r) % sites), q.Pauli(z, letters(sites, "ZZ", i, i + r))]
            found += [q.DMI((0, 0, d), i, (i + r) % sites)] if turned else []
            if sites > 4 and r == 2:
                found += [q.Pauli(four, letters(sites, pair, i, i + 1, i + 2)) for pair in ("XZX", "YZY")]
    return found


def letters(sites, text, *places):
    """A Pauli string with letters at some places of a ring."""
    at = {place % sites: letter for place, letter in zip(places, text, strict=True)}
    return "".join(at.get(k, "I") for k in range(sites))


def space(sites, down, momentum=None, reflection=None):
    """The sector, by the number of spins down."""
    return q.Space.half(sites, sp.Rational(sites, 2) - down, momentum, reflection)


def whole_matrix(sites, down, terms):
    """H/ħ on kets of one total S_z, from the matrix on the whole space."""
    chosen = states_of(sites, down)
    return Hamiltonian(q.Model(q.Space.half(sites), terms)).at(0.0, np.empty((0, 1)))[0][np.ix_(chosen, chosen)]


def kets(d, r, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(d, r)) + 1j * rng.normal(size=(d, r))


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(("sites", "down"), RINGS)
def test_the_product_is_that_of_the_kets_of_one_wave_number(sites, down, turned):
    terms, spectra = couplings(sites, turned), []
    matrix = whole_matrix(sites, down, terms)
    for k, rho in sectors(sites, down, reflections=not turned):
        model, basis = q.Model(space(sites, down, k, rho), terms), columns(sites, down, k, rho)
        expected = basis.conj().T @ matrix @ basis
        d = model.space.dimension
        assert expected.shape == (d, d)
        for target in ("c", "numpy"):
            action = Action(model, {}, target=target)
            for r in (1, 3):
                v = kets(d, r, r)
                assert np.abs(action.apply(v) - expected @ v).max() < 1e-12 * sites
        assert np.abs(action.matrix().toarray() - expected).max() < 1e-12
        assert np.abs(Hamiltonian(model).at(0.0, np.empty((0, 1)))[0] - expected).max() < 1e-12
        levels = np.linalg.eigvalsh(expected)
        assert action.trace() == pytest.approx(levels.sum(), abs=1e-11)
        assert action.spread() == pytest.approx(levels.std(), abs=1e-6)
        assert action.bounds()[0] <= levels[0] + 1e-12
        assert action.bounds()[1] >= levels[-1] - 1e-12
        spectra += [levels] if rho is None else []
    assert np.abs(np.sort(np.concatenate(spectra)) - np.linalg.eigvalsh(matrix)).max() < 1e-11


@pytest.mark.parametrize(("sites", "down", "turned"), [(8, 3, True), (9, 3, False), (10, 4, True)])
def test_all_wave_numbers_together_have_the_levels_of_the_sector(sites, down, turned):
    terms = [term(c, i, (i + r) % sites) for r in (1, 2, 3) for i in range(sites) for term, c in
             ((q.Exchange, 0.7 - 0.4 * r), (q.DMI, (0, 0, 0.3 * r * turned)))]
    spectra = [np.linalg.eigvalsh(Action(q.Model(space(sites, down, k), terms), {}, target="numpy").matrix().toarray())
               for k in range(sites)]
    every = np.linalg.eigvalsh(Action(q.Model(space(sites, down), terms), {}, target="numpy").matrix().toarray())
    assert np.abs(np.sort(np.concatenate(spectra)) - every).max() < 1e-11
    assert np.allclose(spectra[1], spectra[-1]) is not turned       # k and −k, but not where D_z tells them apart


@pytest.mark.parametrize(("old", "new", "right"), [
    ("", "", True), ("re * t[0] - im * t[1]", "re * t[0] + im * t[1]", False),
    ("? -s->real[k]", "? s->real[k]", False), ("s->root[b] * y[c]", "y[c]", False),
    ("re * t[1] + im * t[0]", "im * t[0] - re * t[1]", False)])
def test_other_kernels_are_told_apart(monkeypatch, old, new, right):
    text = RingKernel.source()
    assert old in text
    monkeypatch.setattr(RingKernel, "source", staticmethod(lambda: text.replace(old, new)))
    model, basis = q.Model(space(6, 3, 1), couplings(6, True)), columns(6, 3, 1)
    v = kets(3, 1)
    expected = basis.conj().T @ whole_matrix(6, 3, couplings(6, True)) @ basis @ v
    assert bool(np.abs(Action(model, {}, target="c").apply(v) - expected).max() < 1e-12) is right


def test_threads_and_steps_of_chebyshevs_recursion(monkeypatch):
    monkeypatch.setattr("qllg_sym.flow.hamiltonians.ring_kernel.SHARE", 8)
    monkeypatch.setattr("qllg_sym.flow.hamiltonians.ring_images.ROWS", 5)
    monkeypatch.setattr("qllg_sym.flow.hamiltonians.ring_strings.ROWS", 5)
    model, basis = q.Model(space(10, 5, 3), couplings(10, True)), columns(10, 5, 3)
    v, before = kets(25, 2), kets(25, 2, 7)
    image = basis.conj().T @ (whole_matrix(10, 5, couplings(10, True)) @ (basis @ v))
    actions = [Action(model, {}, threads=threads) for threads in (1, 2, 3)]
    assert all(np.abs(action.apply(v) - image).max() < 1e-12 for action in actions)
    assert np.abs(actions[0].matrix() @ v - image).max() < 1e-12
    out = np.empty_like(v)
    assert actions[1].line((0.7, -0.3), v, out, None)
    assert np.abs(out + 0.3 * (image - 0.7 * v)).max() < 1e-12
    assert actions[2].line((0.7, -0.3), v, out, before)
    assert np.abs(out + 0.6 * (image - 0.7 * v) + before).max() < 1e-12


def test_a_driven_hamiltonian_follows_its_amplitudes():
    ring = q.chain(7, q.Exchange, sp.Symbol("J", real=True)) + [q.Exchange(sp.Symbol("J", real=True), 6, 0)]
    field = sp.cos(q.t) * q.Zeeman((0, 0, 1))
    action, basis = Action(q.Model(space(7, 2, 5), [*ring, field]), {"J": 0.7}), columns(7, 2, 5)
    v = kets(3, 1)
    for t in (0.0, 0.3):
        matrix = whole_matrix(7, 2, [*(q.Exchange(0.7, i, (i + 1) % 7) for i in range(7)),
                                     q.Zeeman((0, 0, float(np.cos(t))))])
        assert np.abs(action.apply(v, t) - basis.conj().T @ matrix @ basis @ v).max() < 1e-12


@pytest.mark.parametrize("method", ["exact", "frame", "krylov", "low-rank", "auto"])
@pytest.mark.parametrize(("sites", "down", "k", "rho"), [(6, 3, 1, None), (6, 3, 3, -1), (7, 3, 0, 1)])
def test_motion_is_that_of_the_whole_space(method, sites, down, k, rho):
    terms, basis = couplings(sites, rho is None), columns(sites, down, k, rho)
    ket = kets(basis.shape[1], 1)[:, 0]
    ket /= np.linalg.norm(ket)
    padded = np.zeros(2**sites, dtype=complex)
    padded[states_of(sites, down)] = basis @ ket
    times = [0, 0.2, 0.7]
    run = q.solve(q.Model(space(sites, down, k, rho), terms), LAW, ket, times, method=method)
    whole = q.solve(q.Model(q.Space.half(sites), terms), LAW, padded, times, method="exact")
    assert np.abs(run.energy - whole.energy).max() < 1e-7
    assert np.abs(run.energy[0] - run.energy[-1]) > 0.1
    chosen = states_of(sites, down)
    assert np.abs(basis @ run.states @ basis.conj().T - whole.states[:, chosen][:, :, chosen]).max() < 1e-7
    assert np.abs(run.correlation(1, 4) - whole.correlation(1, 4)).max() < 1e-7
    assert run.expectation(q.Model(space(sites, down, k, rho), terms)) == pytest.approx(run.energy, abs=1e-7)


def test_mixed_states_of_one_wave_number():
    terms, own = couplings(6, True), space(6, 2, 4)
    basis = columns(6, 2, 4)
    g = kets(basis.shape[1], basis.shape[1])
    rho = g @ g.conj().T / np.linalg.norm(g)**2
    runs = [q.solve(q.Model(each, terms), LAW, state, [0, 0.5])
            for each, state in ((own, rho), (space(6, 2), basis @ rho @ basis.conj().T))]
    for name in ("energy", "purity", "pauli"):
        assert np.abs(getattr(runs[0], name) - getattr(runs[1], name)).max() < 1e-7
    thermal = [q.solve(q.Model(each, terms), LAW, q.states.thermal(q.Model(each, terms), 0.7), [0.0])
               for each in (own, space(6, 2))]
    weights = np.exp(-0.7 * np.linalg.eigvalsh(basis.conj().T @ whole_matrix(6, 2, terms) @ basis))
    assert thermal[0].purity[0] == pytest.approx((weights**2).sum() / weights.sum()**2)
    assert thermal[0].purity[0] > thermal[1].purity[0]


@pytest.mark.parametrize("given", [(6, 3, 1, None), (6, 3, 3, -1), (6, 2, 0, 1)])
def test_states_may_be_given_on_all_product_states_of_their_spin(given):
    model, basis = q.Model(space(*given), couplings(6, False)), columns(*given)
    d = basis.shape[1]
    g = kets(d, d)
    ket, rho = g[:, 0] / np.linalg.norm(g[:, 0]), g @ g.conj().T / np.linalg.norm(g)**2
    for short, long in ((ket, basis @ ket), (ket, (basis @ ket)[:, None]), (rho, basis @ rho @ basis.conj().T)):
        runs = [q.solve(model, LAW, state, [0, 0.5]) for state in (short, long)]
        assert np.abs(runs[0].states - runs[1].states).max() < 1e-8
    other = columns(given[0], given[1], given[2] + 1)[:, 0]
    for long in (other, basis @ ket + 1e-8 * other, np.outer(other, other.conj())):
        with pytest.raises(q.StateError, match="must have the one wave number of"):
            q.solve(model, LAW, long, [0, 0.5])


def test_one_magnon_has_its_dispersion():
    sites, d = 30, 0.3
    terms = [q.Exchange(-0.25, i, (i + 1) % sites) for i in range(sites)]
    terms += [q.DMI((0, 0, d / 4), i, (i + 1) % sites) for i in range(sites)]
    for wave in (0, 1, 7, 15, 29):
        level = Action(q.Model(space(sites, 1, wave), terms), {}).apply(np.ones(1))[0]
        k = 2 * np.pi * wave / sites
        assert level == pytest.approx(-sites / 4 + 1 - np.cos(k) + d * np.sin(k), abs=1e-12)


def test_the_ring_of_sixteen_has_bethes_ground_level():
    terms = [q.Exchange(0.25, i, (i + 1) % 16) for i in range(16)]
    found = q.lowest(q.Model(space(16, 8, 0, 1), terms), k=1)
    assert found.energies[0] == pytest.approx(BETHE_16, abs=2e-10)
    other = q.lowest(q.Model(space(16, 8, 8), terms), k=1)
    assert other.energies[0] > BETHE_16 + 0.1


def test_haldane_and_shastrys_levels_at_each_wave_number():
    r"""$E = \sum m(m - N)\pi^2/N^2$ and $k = \sum m$ of rapidities $0 < m < N$ no two of which are neighbours."""
    sites = 8
    coupling = {r: (np.pi / sites / np.sin(np.pi * r / sites))**2 for r in range(1, sites // 2 + 1)}
    bonds = [(i, j, coupling[min(j - i, sites - j + i)]) for i, j in combinations(range(sites), 2)]
    terms, polarised = [q.Exchange(c / 4, i, j) for i, j, c in bonds], sum(c for _, _, c in bonds) / 4
    expected = {k: set() for k in range(sites)}
    for count in range(sites // 2 + 1):
        for m in combinations(range(1, sites), count):
            if all(b - a > 1 for a, b in pairwise(m)):
                energy = polarised + (np.pi / sites)**2 * sum(each * (each - sites) for each in m)
                expected[sum(m) % sites].add(round(energy, 9))
    for k in range(sites):
        own = q.Model(space(sites, sites // 2, k), terms)
        levels = q.lowest(own, k=own.space.dimension).energies
        assert {round(float(e), 9) for e in levels} == expected[k]


@pytest.mark.parametrize("momentum", [None, 0])
def test_a_sector_of_one_state_takes_its_ket_with_any_phase(momentum):
    model = q.Model(space(4, 0, momentum), [q.Exchange(0.25, i, (i + 1) % 4) for i in range(4)])
    for ket in ([1], [-1], [1j], [np.exp(0.3j)]):
        run = q.solve(model, LAW, np.array(ket), [0, 1])
        assert run.energy == pytest.approx(1.0)
        assert run.states == pytest.approx(1.0)
    with pytest.raises(q.StateError, match="norm 1"):
        q.solve(model, LAW, np.array([0.5]), [0, 1])


@pytest.mark.parametrize("shape", [(-1,), (-1, 1)])
def test_a_ket_of_the_total_spin_that_is_the_one_state_of_its_wave_number_has_any_phase(shape):
    model = q.Model(space(4, 1, 3), [q.Exchange(0.25, i, (i + 1) % 4) for i in range(4)])
    ket = 1j * columns(4, 1, 3).reshape(shape)
    run = q.solve(model, LAW, ket, [0, 1])
    assert run.energy == pytest.approx(0.0)                 # 4/4 − 1 + cos(3π/2)
    assert run.states == pytest.approx(1.0)
