"""Every member of a multiplet at size: counts from angular momentum, levels from the whole spectrum."""

import numpy as np
import pytest

import oracle
import qllg_sym as q
from qllg_sym.flow.hamiltonians.action import Action
from qllg_sym.flow.states import block_lanczos, levels, sectors
from qllg_sym.flow.states.levels import HermitianMap, levels_below, nothing_below


def cluster(sites, bonds, J):
    return q.Model(q.Space.half(sites), [q.Exchange(J, i, j) for i, j in bonds])


def chain(sites, J):
    return cluster(sites, [(i, i + 1) for i in range(sites - 1)], J)


def ring(sites, J):
    return cluster(sites, [(i, (i + 1) % sites) for i in range(sites)], J)


STAR = [(0, i) for i in range(1, 12)]
# exp(S) at low temperature is the number of ground states: 2S + 1 of the ferromagnet; four of an odd antiferromagnetic
# ring (two chiralities of S = 1/2); 2S + 1 = 11 of a star of 12, whose S = 11/2 − 1/2 (Lieb and Mattis, 1962).
MULTIPLETS = {"chain 13": (chain(13, -1), 14),
              "ring 13": (ring(13, 1), 4), "star": (cluster(12, STAR, 1), 11),
              "odd chain": (chain(11, 1), 2),
              "mixed": (q.Model(q.Space(*["1"] * 6, "3/2"), [q.Exchange(-1, i, i + 1) for i in range(6)]), 16)}


@pytest.mark.parametrize("name", MULTIPLETS)
def test_all_members_of_a_multiplet_are_found(name):
    model, count = MULTIPLETS[name]
    start = q.solve(model, q.QuantumLLG(0), q.states.thermal(model, 1000), [0.0])
    assert np.exp(start.entropy()[0]) == pytest.approx(count, rel=1e-9)
    with pytest.raises(q.StateError, match=r"^`ground` must have a unique ground state"):
        q.solve(model, q.QuantumLLG(0), q.states.ground(model), [0.0])


@pytest.mark.parametrize("energy", [0, 5])
def test_where_h_is_a_number_every_level_is_the_lowest(energy):
    model = q.Model(q.Space.half(11), [q.Pauli(energy, "I" * 11)])
    with pytest.raises(q.StateError, match="degenerate"):
        q.solve(model, q.QuantumLLG(0), q.states.ground(model), [0])
    thermal = q.solve(model, q.QuantumLLG(0), q.states.thermal(model, 3), [0])
    assert thermal.entropy() == pytest.approx(11 * np.log(2), abs=1e-9)


def test_a_multiplet_that_no_sector_splits():
    """The ferromagnet in a basis turned site by site about its own axis: S_z is hidden, the levels are not."""
    sites, turns = 8, np.linspace(0.3, 2.5, 8)
    model = chain(sites, -1)
    turn = np.eye(1)
    for angle in turns:
        turn = np.kron(turn, [[np.cos(angle / 2), -np.sin(angle / 2)], [np.sin(angle / 2), np.cos(angle / 2)]])
    dense = turn @ oracle.hamiltonian(model, {}).real @ turn.T
    found = levels_below(HermitianMap(lambda kets: dense @ kets, 256, 30.0, float), -6.9, 64)
    assert len(found.energies) == 9
    assert found.energies == pytest.approx(-7, abs=1e-12)
    assert abs(found.kets.T @ found.kets - np.eye(9)).max() < 1e-13
    assert abs(dense @ found.kets + 7 * found.kets).max() < 1e-11


def test_levels_of_random_spectra_with_copies():
    """Block Lanczos on diagonal operators, where the levels are what was put in."""
    rng = np.random.default_rng(5)
    for _ in range(3):
        energies = np.sort(np.repeat(rng.normal(size=200), rng.integers(1, 7, size=200)))
        column, spread = energies[:, None], np.ptp(energies)
        limit = energies[0] + 0.2 * spread
        found = levels_below(HermitianMap(lambda kets, c=column: c * kets, len(energies), spread), limit, 100)
        assert found.trouble is None
        assert found.energies == pytest.approx(energies[energies < limit], abs=1e-12)


def test_a_level_that_is_missed_is_noticed(monkeypatch):
    """The broken twin: a search that finds one copy alone is found out, and without the second look it is believed."""
    energies = np.concatenate([[-1.0, -1.0], np.linspace(0, 1, 300)])[:, None]
    h = HermitianMap(lambda kets: energies * kets, 302, 2.0, float)
    one = np.eye(302, 1)
    assert not nothing_below(h, one, -0.5, np.random.default_rng(0), 1000)[0]
    assert nothing_below(h, np.eye(302, 2), -0.5, np.random.default_rng(0), 1000)[0]

    def blind(rng, shape, dtype):                              # never sees the second copy
        kets = rng.normal(size=shape)
        kets[1] = 0
        return kets

    monkeypatch.setattr(block_lanczos, "random_kets", blind)
    monkeypatch.setattr(levels, "MOST_PRODUCTS", 2000)
    assert levels_below(h, -0.5, 10).trouble == "close"         # it gives up; it does not answer
    monkeypatch.setattr(levels, "nothing_below", lambda h, found, *rest: (found.shape[1] > 0, 1))
    assert len(levels_below(h, -0.5, 10).energies) == 1


@pytest.mark.parametrize(("chance", "holds"), [(0.2, True), (30.0, False)])
def test_the_bound_on_what_is_missed_holds(monkeypatch, chance, holds):
    """How often the low level is overlooked where the bound allows one time in five; its broken twin stops early."""
    energies = np.concatenate([[0.0], np.linspace(0.03, 1, 999)])[:, None]
    h, nothing = HermitianMap(lambda kets: energies * kets, 1000, 1.0, float), np.empty((1000, 0))
    monkeypatch.setattr(levels, "CHANCE", chance)
    monkeypatch.setattr(levels, "LOOK", 1)
    missed = sum(nothing_below(h, nothing, 0.01, np.random.default_rng(seed), 500)[0] is True for seed in range(100))
    assert (missed <= 20) == holds


def test_sectors_give_the_spectrum_of_the_whole_matrix():
    """Mixed spins in a field along z with DMI: sectors of S_z, complex; also levels of a diagonal Hamiltonian."""
    space = q.Space("1", "1/2", "3/2", "1/2")
    for terms in ([*q.chain(4, q.Exchange, 0.7), q.DMI((0, 0, 0.4), 0, 2), q.Zeeman((0, 0, 0.3))],
                  [q.Zeeman((0, 0, 1))], [q.Zeeman((1, 0, 0))]):
        dense = oracle.hamiltonian(q.Model(space, terms), {})
        matrix = Action(q.Model(space, terms), {}).matrix()
        assert abs(matrix.toarray() - dense).max() < 1e-14
        expected, found = np.linalg.eigvalsh(dense), sectors.Sectors.of(matrix, 20.0)
        assert found.lowest() == pytest.approx(expected[0])
        own = np.sort(np.concatenate([part[0] for part in found.small_below(np.inf)]))
        assert own == pytest.approx(expected, abs=1e-13)


def test_a_bound_out_of_reach_is_given_up_at_once():
    """Levels 1e-10 of the spread above the limit would take 10^6 products: a few hundred are enough to see that."""
    levels = np.concatenate([[1e-10], np.linspace(0.5, 1, 199)])[:, None]
    calls = []
    h = HermitianMap(lambda kets: calls.append(1) or levels * kets, 200, 1.0, float)
    found, steps = nothing_below(h, np.empty((200, 0)), 0.0, np.random.default_rng(0), 20_000)
    assert found is None
    assert steps < 200
    assert len(calls) < 400


def test_a_ground_state_a_little_below_the_rest_of_its_multiplet_is_found():
    """A ferromagnet of eleven spins in a field of a millionth of its exchange: all spins up, and no other level."""
    model = q.Model(q.Space.half(11), [*q.chain(11, q.Exchange, -1), q.Zeeman((0, 0, 1e-6))])
    run = q.solve(model, q.VonNeumann(), q.states.ground(model), [0.0])
    assert run.profile()[0, :, 2] == pytest.approx(np.ones(11), abs=1e-9)


def test_the_ground_state_of_a_ring_is_found_where_its_ritz_value_nears_the_limit_from_above():
    """Heisenberg, 12 spins: E = −5.387390917 × 4 for J σ·σ/4 → J σ·σ; what cannot be told early on is looked for."""
    ring = q.Model(q.Space.half(12), [q.Exchange(1, i, (i + 1) % 12) for i in range(12)])
    run = q.solve(ring, q.QuantumLLG(0.1), q.states.ground(ring), [0])
    assert run.energy[0] == pytest.approx(-4 * 5.387390917, abs=1e-7)
