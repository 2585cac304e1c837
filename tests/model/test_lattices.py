"""Regular lattices: neighbours by geometry, bond vectors, positions, copies in place of many terms."""

import copy
import pickle

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from qllg_sym.model.copies import LISTED, Copies

D = sp.Symbol("D", real=True)


def bonds(terms):
    return [(term.i, term.j) for term in terms]


def neighbours(lattice, length=1.0):
    """Pairs at a distance, found from positions and repeating vectors alone."""
    r, found = lattice.positions, set()
    shifts = [np.zeros(3)]
    for v in lattice.vectors:
        shifts = [s + n * v for s in shifts for n in (-1, 0, 1)]
    for s in shifts:
        near = np.abs(np.linalg.norm(r[None] + s - r[:, None], axis=2) - length) < 1e-9
        found |= {frozenset(map(int, pair)) for pair in np.argwhere(near)}
    return found


@pytest.mark.parametrize("periodic", [False, True, (True, False), (False, True)])
@pytest.mark.parametrize(("nx", "ny"), [(3, 3), (4, 3), (5, 7), (1, 4), (4, 1)])
@pytest.mark.parametrize("make", [q.square, q.triangular])
def test_bonds_join_nearest_neighbours(make, nx, ny, periodic):
    lattice = make(nx, ny, q.Exchange, 1, periodic=periodic)
    edges = [frozenset(bond) for bond in bonds(lattice)]
    assert len(edges) == len(set(edges))
    assert set(edges) == neighbours(lattice)
    if periodic is True and min(nx, ny) > 2:
        assert np.bincount(np.ravel(bonds(lattice))).tolist() == [4 if make is q.square else 6] * (nx * ny)


@pytest.mark.parametrize("periodic", [False, True, (False, True, True), [True, False, False]])
@pytest.mark.parametrize("shape", [(3, 4, 3), (1, 3, 5), (3, 1, 1)])
def test_cubic_bonds_join_nearest_neighbours(shape, periodic):
    lattice = q.cubic(*shape, q.Exchange, 1, periodic=periodic)
    assert {frozenset(bond) for bond in bonds(lattice)} == neighbours(lattice)
    assert len(bonds(lattice)) == len(neighbours(lattice))
    x, y, z = lattice.positions[-1]
    assert (x, y, z) == tuple(n - 1 for n in shape)


def test_values_follow_the_bond_vector():
    """Interfacial DMI is D d × z, bulk DMI D d; each bond of a triangular lattice has its own direction."""
    lattice = q.triangular(3, 3, q.DMI, lambda d: D * np.array([d[1], -d[0], 0]), periodic=True)
    r, v = lattice.positions, lattice.vectors
    for bond in lattice:
        ends = [r[bond.j] - r[bond.i] + a * v[0] + b * v[1] for a in (-1, 0, 1) for b in (-1, 0, 1)]
        d = min(ends, key=np.linalg.norm)
        assert np.allclose([float(c.subs(D, 1)) for c in bond.D], np.cross(d, [0, 0, 1]), atol=1e-15)
    assert {c for bond in lattice for c in bond.D} == {0, -D, D / 2, -D / 2, sp.sqrt(3) * D / 2}
    assert [b.D for b in q.chain(3, q.DMI, lambda d: d)] == [(1, 0, 0)] * 2
    assert q.ring(3, q.DMI, lambda d: 2 * d)[-1].D == (2, 0, 0)
    graph = q.from_edges([(0, 1), (1, 2)], q.DMI, lambda d: d, positions=[(0, 0, 0), (0.5, 0, 0), (0, 0, 2)],
                         vectors=[(0, 0, 3)])
    assert [b.D for b in graph] == [(sp.Rational(1, 2), 0, 0), (-sp.Rational(1, 2), 0, -1)]


def test_sums_and_copies_keep_positions():
    lattice = q.square(3, 4, q.Exchange, 1)
    for both in (lattice + [q.Zeeman((0, 0, 1))], [q.Zeeman((0, 0, 1))] + lattice, copy.deepcopy(lattice),
                 pickle.loads(pickle.dumps(lattice))):
        assert both.positions.tolist() == lattice.positions.tolist()
        assert isinstance(both, list)
    space = q.Space.half(12)
    for terms in (lattice, lattice + [q.Zeeman((0, 0, 1))], [lattice, q.Zeeman((0, 0, 1))]):
        assert q.Model(space, terms).positions is lattice.positions
    assert q.Model(space, list(lattice)).positions is None
    assert q.Model(q.Space.half(13), lattice).positions is None         # of other sites than these
    own = q.Model(space, list(lattice), positions=np.ones((12, 3)))
    assert own.positions.tolist() == np.ones((12, 3)).tolist()
    assert own == q.Model(space, lattice)                               # positions are no energy
    with pytest.raises(ValueError, match="read-only"):
        lattice.positions[0] = 1


def test_one_term_for_every_site():
    assert [(t.D, t.i) for t in q.from_sites([4, 2], q.ZeroField, lambda i: i / 2)] == [(2, 4), (1, 2)]
    assert [t.i for t in q.from_sites(3, q.Anisotropy, np.diag([0, 0, -1]))] == [0, 1, 2]


def test_many_bonds_are_one_term_that_is_their_sum():
    side = 50
    lattice = q.square(side, side, q.Exchange, lambda i, j: 1 + (i + j) % 2, periodic=True)
    assert [type(term) for term in lattice] == [Copies]
    listed = list(lattice[0])
    assert len(listed) == len(lattice[0]) == 2 * side * side > LISTED
    assert all(bond == q.Exchange(1 + (bond.i + bond.j) % 2, bond.i, bond.j) for bond in listed)
    assert {frozenset(edge) for edge in bonds(listed)} == {frozenset((x + side * y, (x + 1) % side + side * y))
            for x in range(side) for y in range(side)} | {frozenset((x + side * y, x + side * ((y + 1) % side)))
                                                          for x in range(side) for y in range(side)}
    assert lattice[0].coefficients() == [2, 1]
    twice = 2 * lattice[0]
    assert next(iter(twice)).J == 2 * listed[0].J
    assert lattice[0] == q.square(side, side, q.Exchange, lambda i, j: 1 + (i + j) % 2, periodic=True)[0] != twice


def test_positions_of_a_run():
    lattice = q.ring(3, q.Exchange, -1)
    model = q.Model(q.Space.half(3), lattice)
    run = q.solve(model, q.Hybrid(0, 0.1, clusters=[0], classical=[1, 2]),
                  q.HybridState([q.states.product("up")], [[1, 0, 0], [0, 1, 0]]), [0, 1])
    assert run.positions.tolist() == [[0, 0, 0], [1, 0, 0], [2, 0, 0]]


@pytest.mark.parametrize("vectors", [[(2, 0, 0)], [(1, 0, 0), (5.3, 1, 0)], [(1, 0.1, 0), (3, 1, 0.2), (-1.7, 2, 1)]])
def test_a_bond_is_the_shortest_of_all_images(vectors):
    """Wherever in the crystal its sites are named, and however oblique the vectors: the least of 40 images each way."""
    rng = np.random.default_rng(1)
    places = np.round(rng.normal(size=(8, 3)) * 1.5, 2)
    edges = [(0, i) for i in range(1, 8)]
    bonds = q.from_edges(edges, q.DMI, lambda d: d, positions=places, vectors=vectors)
    turns = np.stack(np.meshgrid(*[np.arange(-40, 41)] * len(vectors)), axis=-1).reshape(-1, len(vectors))
    for (i, j), bond in zip(edges, bonds, strict=True):
        images = places[j] - places[i] + turns @ np.array(vectors, dtype=float)
        found = np.array(bond.D, dtype=float)
        assert np.linalg.norm(found) == pytest.approx(np.linalg.norm(images, axis=1).min(), abs=1e-12)
        assert abs(images - found).max(axis=1).min() < 1e-12
