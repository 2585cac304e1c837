"""Terms on graphs: edges, values a bond, models of many spins, and what is refused."""

import numpy as np
import pytest
import sympy as sp

import oracle
import qllg_sym as q
from qllg_sym.equations.lowering import frequency_kernel

J, D = sp.symbols("J D", real=True)


def bonds(terms):
    return [(term.i, term.j) for term in terms]


def test_edges():
    assert bonds(q.chain(4, q.Exchange, 1)) == [(0, 1), (1, 2), (2, 3)]
    assert bonds(q.ring(4, q.Exchange, 1)) == [(0, 1), (1, 2), (2, 3), (3, 0)]
    assert bonds(q.square(3, 2, q.Exchange, 1)) == [(0, 1), (0, 3), (1, 2), (1, 4), (2, 5), (3, 4), (4, 5)]
    assert bonds(q.square(4, 1, q.Exchange, 1)) == bonds(q.chain(4, q.Exchange, 1))
    assert sorted(bonds(q.square(1, 4, q.Exchange, 1, periodic=True))) == sorted(bonds(q.ring(4, q.Exchange, 1)))
    assert bonds(q.from_edges(iter([(2, 0), (0, 1)]), q.DMI, (0, 0, 1))) == [(2, 0), (0, 1)]
    assert q.from_edges([], q.Exchange, 1) == []


@pytest.mark.parametrize(("nx", "ny"), [(3, 3), (4, 3), (5, 4)])
def test_the_torus_has_four_neighbours_everywhere(nx, ny):
    edges = bonds(q.square(nx, ny, q.Exchange, 1, periodic=True))
    assert len(edges) == 2 * nx * ny == len({frozenset(edge) for edge in edges})
    degrees = np.bincount(np.ravel(edges))
    assert degrees.tolist() == [4] * (nx * ny)
    for i, j in edges:
        (x, y), (u, v) = (i % nx, i // nx), (j % nx, j // nx)
        assert ((u - x) % nx, (v - y) % ny) in {(1, 0), (0, 1)}


@pytest.mark.parametrize(("term", "value", "expected"), [
    (q.Exchange, 0.5, [sp.Rational(1, 2)] * 3),
    (q.Exchange, [1, 2, J], [1, 2, J]),
    (q.Exchange, np.array([1.0, 2.0, 0.1]), [1, 2, sp.Rational(1, 10)]),
    (q.Exchange, lambda i, j: 10 * i + j, [1, 12, 23]),
    (q.Exchange, sp.cos(q.t), [sp.cos(q.t)] * 3),
    (q.Biquadratic, (1, 2, 3), [1, 2, 3]),
    (q.DMI, (0, 0, D), [(0, 0, D)] * 3),
    (q.DMI, [1, 2, 3], [(1, 2, 3)] * 3),
    (q.DMI, [(0, 0, 1), (0, 0, 2), (0, D, 3)], [(0, 0, 1), (0, 0, 2), (0, D, 3)]),
    (q.DMI, np.eye(3), [(1, 0, 0), (0, 1, 0), (0, 0, 1)]),
    (q.DMI, sp.eye(3), [(1, 0, 0), (0, 1, 0), (0, 0, 1)]),
    (q.DMI, sp.Matrix([0, 0, D]), [(0, 0, D)] * 3),
    (q.DMI, [sp.Matrix([0, 0, D]), sp.Matrix([[1, 2, 3]]), (0, 0, 1)], [(0, 0, D), (1, 2, 3), (0, 0, 1)]),
    (q.Exchange, sp.Matrix([1, 2, J]), [1, 2, J]),
])
def test_values(term, value, expected):
    name = {q.DMI: "D", q.Exchange: "J", q.Biquadratic: "K"}[term]
    assert [getattr(bond, name) for bond in q.chain(4, term, value)] == expected


@pytest.mark.parametrize(("value", "first", "last"), [
    (2, 2, 2), ([1, 2, 3], 1, 3), ([[7, 0, 0], [0, 1, 0], [0, 0, 0]], 7, 7), (sp.diag(7, 1, 0), 7, 7),
    (sp.ImmutableMatrix(sp.diag(7, J, 0)), 7, 7),
    ([sp.diag(1, 0, 0), np.diag([2, 0, 0]), [[J, 0, 0], [0, 0, 0], [0, 0, 1]]], 1, J), ([3, sp.eye(3), J], 3, J),
])
def test_values_of_bilinear_bonds(value, first, last):
    found = q.chain(4, q.Bilinear, value)
    assert (found[0].M[0][0], found[-1].M[0][0]) == (first, last)


def test_a_ring_is_what_its_dense_sum_says():
    spins = oracle.site_spins([0.5] * 4)
    model = q.Model(q.Space.half(4), q.ring(4, q.Exchange, [1, 2, 3, 4]) + q.ring(4, q.DMI, (0.1, 0.2, 0.3)))
    expected = 0
    for k, (i, j) in enumerate([(0, 1), (1, 2), (2, 3), (3, 0)]):
        expected = expected + 4 * (k + 1) * oracle.dot(spins[i], spins[j])
        expected = expected + 4 * sum(d * c for d, c in zip((0.1, 0.2, 0.3), oracle.cross(spins[i], spins[j]),
                                                            strict=True))
    h = sum(float(c.as_expr()) * oracle.kron(*(oracle.PAULI["0xyz"[k]] for k in string))
            for (_, string), c in model.frequency.terms.items())
    assert np.allclose(h, expected, atol=1e-14)
    other = q.Model(q.Space.half(4), q.ring(4, q.DMI, (0.1, 0.2, 0.3)) + q.from_edges([(0, 3)], q.DMI, (1, 0, 0)))
    assert other.frequency != q.Model(q.Space.half(4), q.ring(4, q.DMI, (0.1, 0.2, 0.3))
                                      + q.from_edges([(3, 0)], q.DMI, (1, 0, 0))).frequency


def test_twenty_four_spins_with_a_symbol_a_bond():
    couplings = sp.symbols("J0:23", real=True)
    model = q.Model(q.Space.half(24), [*q.chain(24, q.Exchange, list(couplings)), q.Zeeman((sp.sin(q.t), 0, 1))])
    q.QuantumLLG(0.5).derive(model)
    program, groups, constant = frequency_kernel(model)
    assert len(model.frequency.terms) == 3 * 23 + 2 * 24
    assert sorted(map(len, groups)) == [3] * 23 + [24, 24]
    assert sorted(program.parameters) == sorted(s.name for s in couplings)
    assert not constant


@pytest.mark.parametrize(("call", "says"), [
    (lambda: q.chain(1, q.Exchange, 1), "`n` must be at least 2, but is 1"),
    (lambda: q.ring(2, q.Exchange, 1), "`n` must be at least 3, but is 2"),
    (lambda: q.square(0, 3, q.Exchange, 1), "`nx` must be at least 1, but is 0"),
    (lambda: q.square(3, 2, q.Exchange, 1, periodic=True), "`ny` must be 1 or at least 3 on a periodic lattice"),
    (lambda: q.chain(4, q.Exchange, [1, 2]), "`J` must be one value for all edges or a list of 3, one an edge"),
    (lambda: q.chain(3, q.DMI, [(0, 0, 1)]), "`D` must be one value for all edges or a list of 2"),
    (lambda: q.from_edges([(0, 1), (1, 2), (1, 0)], q.Exchange, 1), r"`edges` must not repeat, but \(1, 0\)"),
    (lambda: q.from_edges([(0, 1), (0, 1)], q.Exchange, 1), r"`edges` must not repeat, but \(0, 1\)"),
    (lambda: q.from_edges([(2, 2)], q.Exchange, 1), r"`edges` must join different sites, but one is \(2, 2\)"),
    (lambda: q.from_edges([(0, -1)], q.Exchange, 1), r"`edges` must stay on the graph, but one is \(0, -1\)"),
    (lambda: q.from_edges([(0, 3)], q.Exchange, 1, sites=3), r"stay on the graph, but one is \(0, 3\).* from 0 to 2"),
    (lambda: q.from_edges([(0, 1)], q.Exchange, 1, sites=0), "`sites` must be at least 1, but is 0"),
    (lambda: q.Model(q.Space.half(3), q.chain(4, q.Exchange, 1)), "`j` must be a site from 0 to 2, but is 3"),
    (lambda: q.chain(3, q.DMI, 1), "`D` must have three components"),
    (lambda: q.chain(3, q.Exchange, sp.Symbol("x")), "not declared real"),
])
def test_refuses(call, says):
    with pytest.raises(q.ModelError, match=says) as caught:
        call()
    assert str(caught.value).count("\n") == 0


@pytest.mark.parametrize(("call", "says"), [
    (lambda: q.chain(2.0, q.Exchange, 1), "`n` must be a number of sites, but is 2.0"),
    (lambda: q.chain(True, q.Exchange, 1), "`n` must be a number of sites"),
    (lambda: q.chain(3, q.Zeeman, 1), "`term` must be a class of terms on two sites"),
    (lambda: q.chain(3, q.Exchange(1, 0, 1), 1), "`term` must be a class of terms on two sites"),
    (lambda: q.chain(3, "ZZ", 1), "`term` must be a class of terms on two sites, but is 'ZZ'"),
    (lambda: q.from_edges([(0, 1, 2)], q.Exchange, 1), r"`edges` must be pairs of sites, but one is \(0, 1, 2\)"),
    (lambda: q.from_edges([0, 1], q.Exchange, 1), "`edges` must be pairs of sites, but one is 0"),
    (lambda: q.from_edges("01", q.Exchange, 1), "`edges` must be pairs of sites, but is '01'"),
    (lambda: q.from_edges([(0, 1.0)], q.Exchange, 1), "`edges` must be pairs of sites"),
    (lambda: q.from_edges([(0, 1)], q.Exchange, 1, sites="2"), "`sites` must be a number of sites, but is '2'"),
    (lambda: q.square(3, 3, q.Exchange, 1, periodic=1), "`periodic` must be True or False, but is 1"),
    (lambda: q.chain(3, q.Exchange, "1"), "`J` must be a number"),
    (lambda: q.chain(3, q.Exchange, None), "`J` must be a number"),
])
def test_refuses_types(call, says):
    with pytest.raises(q.InputTypeError, match=says):
        call()


def test_a_cylinder_closes_one_direction():
    """Edges counted apart: nx·ny rings around the closed direction, (n − 1) rungs along the open one."""
    around_x, around_y = (bonds(q.square(4, 3, q.Exchange, 1, periodic=p)) for p in ((True, False), (False, True)))
    assert len(around_x) == 4 * 3 + 4 * 2
    assert len(around_y) == 3 * 3 + 4 * 3
    assert {frozenset(b) for b in around_x} == {frozenset((x + 4 * y, (x + 1) % 4 + 4 * y)) for x in range(4)
                                                for y in range(3)} | {frozenset((k, k + 4)) for k in range(8)}
    assert bonds(q.square(3, 2, q.Exchange, 1, periodic=(True, False)))         # an open direction may have two sites
    assert bonds(q.square(4, 3, q.Exchange, 1, periodic=[True, True])) == \
        bonds(q.square(4, 3, q.Exchange, 1, periodic=True))
    for wrong in ((True,), (True, 1), "xy", None):
        with pytest.raises(q.InputTypeError, match="cylinder"):
            q.square(4, 3, q.Exchange, 1, periodic=wrong)
