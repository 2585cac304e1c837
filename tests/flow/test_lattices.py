"""Loops over neighbours: the same numbers as the equations in components, and closed forms of lattices."""

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from qllg_sym.flow.hybrid.motion import loaded_motion
from qllg_sym.flow.lattices.rates import LatticeRates

J, D, ALPHA = sp.symbols("J D alpha", real=True)
VALUES = {"J": 0.7, "D": 0.3, "alpha": 0.2}


def random_terms(rng, space):
    """Every kind of term on a torus of nine sites of different spins."""
    def symmetric():
        a = rng.normal(size=(3, 3))
        return a + a.T

    terms = q.square(3, 3, q.Exchange, J * sp.cos(q.t), periodic=True)
    terms = terms + q.square(3, 3, q.DMI, lambda d: (D * d[1], -D * d[0], sp.Rational(1, 3)), periodic=True)
    s, r = space.spin(0), space.spin(1)
    return terms + [q.Anisotropy(symmetric(), 1), q.Anisotropy(symmetric(), 2), q.ZeroField(0.3, 5, 0.1),
                    q.Zeeman((0.1, 0.2, 0.3), g=1.9), q.Zeeman((1, 0, J), sites=[2, 7]), q.Biquadratic(0.2, 1, 2),
                    q.Bilinear(rng.normal(size=(3, 3)), 0, 8), q.Stevens({(2, 0): 0.1, (2, 2): 0.2}, 2),
                    D * s.x * r.y, (s.z * r.z)**2 / 5]


@pytest.mark.parametrize("clusters", [[], [(0, 1)], [(0, 3), (4,)], [(1, 5)]])
def test_rates_are_those_of_the_generated_kernel(clusters):
    rng = np.random.default_rng(len(clusters))
    space = q.Space("1/2", "1", "3/2", "1", "1/2", "2", "1", "1/2", "1")
    model = q.Model(space, random_terms(rng, space), hbar=sp.Rational(3, 2), gamma=2)
    classical = [i for i in range(9) if not any(i in cluster for cluster in clusters)]
    law = q.Hybrid(0.5, ALPHA, clusters=clusters, classical=classical)
    equation = law.derive(model)
    kernel, loops = loaded_motion(equation), LatticeRates(model, equation.sites, law.moment_law, equation.parameters)
    assert kernel.parameters == loops.parameters
    assert set(kernel.strings) == set(loops.strings)
    order = [loops.strings.index(string) for string in kernel.strings]
    p = np.array([VALUES[name] for name in kernel.parameters])
    moments = rng.normal(size=(len(classical), 3))
    moments /= np.linalg.norm(moments, axis=1, keepdims=True)
    means = rng.normal(size=len(order))
    other = np.empty(len(order))
    other[order] = means
    for t in (0.0, 0.8):
        expected = kernel(t, np.concatenate([means, moments.ravel()]), p)
        found = loops(t, np.concatenate([other, moments.ravel()]), p)
        found = np.concatenate([found[order], found[len(order):]])
        assert abs(found - expected).max() < 2e-14 * (1 + abs(expected).max())


def test_components_of_random_graphs_are_the_residual():
    """ṁ of the loops put into the derived implicit residual leaves nothing; of a wrong coupling it leaves that."""
    rng = np.random.default_rng(7)
    edges = [(i, j) for i in range(8) for j in range(i) if rng.random() < 0.5]
    model = q.Model(q.Space(*["1"] * 8), q.from_edges(edges, q.Bilinear, list(rng.normal(size=(len(edges), 3, 3))))
                    + [q.Zeeman(rng.normal(size=3))])
    law = q.Hybrid(0, 0.3, classical=range(8))
    equation = law.derive(model)
    loops = LatticeRates(model, equation.sites, law.moment_law, equation.parameters)
    m = rng.normal(size=(8, 3))
    m /= np.linalg.norm(m, axis=1, keepdims=True)
    velocity = loops(0.0, m.ravel(), np.zeros(0))[:-1]
    components = equation.components()
    residual = sp.lambdify([*components.states, *components.velocities], components.residual)
    assert np.abs(residual(*m.ravel(), *velocity)).max() < 1e-13
    assert np.abs(residual(*m.ravel(), *(velocity + 1e-6))).max() > 1e-7


def ferromagnet(n, coupling=1.0, **more):
    """A chain of spins 1 closed to a ring, S·S coupled by −coupling, in a field B = 1 along z."""
    return q.Model(q.Space(*["1"] * n), q.ring(n, q.Bilinear, -coupling) + [q.Zeeman((0, 0, 1))], **more)


def solved(model, moments, times, alpha=0.0, **options):
    law = q.Hybrid(0, alpha, classical=range(model.space.sites))
    return q.solve(model, law, q.HybridState([], moments), times, **options)


def test_spin_waves_have_their_dispersion():
    """A wave of wave vector k at any amplitude turns at ω = B + 2 J s (1 − cos k) cos θ on a ring, exactly."""
    n, cone = 24, 0.4
    x = np.arange(n)
    for number in (1, 5):
        k = 2 * np.pi * number / n
        start = np.stack([np.sin(cone) * np.cos(k * x), np.sin(cone) * np.sin(k * x), np.full(n, np.cos(cone))], axis=1)
        run = solved(ferromagnet(n), start, [0, 3.0])
        omega = 1 + 2 * (1 - np.cos(k)) * np.cos(cone)
        # dm/dt = m × B: right-handed about −B, so that the azimuth falls
        expected = np.stack([np.sin(cone) * np.cos(k * x - 3 * omega), np.sin(cone) * np.sin(k * x - 3 * omega),
                             np.full(n, np.cos(cone))], axis=1)
        assert abs(run.moments[-1] - expected).max() < 1e-8


def test_large_and_small_are_one_law():
    """A cluster in the middle of a torus of 25: loops give the run of the generated kernel, which knows no lists."""
    rng = np.random.default_rng(3)
    model = q.Model(q.Space(*["1/2"] * 25), q.square(5, 5, q.Exchange, -0.3, periodic=True)
                    + q.square(5, 5, q.DMI, lambda d: (0, 0, 0.1), periodic=True) + [q.Zeeman((0.2, 0, sp.sin(q.t)))])
    moments = rng.normal(size=(23, 3))
    moments /= np.linalg.norm(moments, axis=1, keepdims=True)
    law = q.Hybrid(0.3, 0.1, clusters=[(12, 13)], classical=[i for i in range(25) if i not in (12, 13)])
    run = q.solve(model, law, q.HybridState([q.states.product("up", "down")], moments), [0, 0.5, 1.0])
    assert run.invariants["spectrum"] < 1e-13
    h = 1e-4
    near = q.solve(model, law, run.at(0.5), [0.5, 0.5 + h])
    rate = (near.moments[-1] - near.moments[0]) / h
    field = np.zeros((25, 3))       # of all ⟨S⟩/s, by the sums that the terms mean: 4J s m_j, and 4 D × …
    r = np.stack([run.bloch(i)[1] for i in range(25)])
    for i in range(25):
        x, y = i % 5, i // 5
        for dx, dy, sign in ((1, 0, 1), (-1, 0, -1), (0, 1, 1), (0, -1, -1)):
            j = (x + dx) % 5 + 5 * ((y + dy) % 5)
            field[i] += 4 * 0.3 * r[j] / 2 - 4 * sign * 0.1 * np.cross(r[j], [0, 0, 1]) / 2
    field += (0.2, 0, np.sin(0.5))
    own = [i for i in range(25) if i not in (12, 13)]
    m, b = r[own], field[own]
    turn = np.cross(m, b)
    expected = (turn - 0.1 * np.cross(m, turn)) / (1 + 0.01)
    assert abs(rate - expected).max() < 20 * h
    assert abs(rate + expected).max() > 0.1


def test_plain_numpy_gives_the_same(monkeypatch):
    rng = np.random.default_rng(5)
    space = q.Space(*["1"] * 40)
    terms = q.cubic(5, 4, 2, q.DMI, lambda d: 0.3 * d, periodic=(True, True, False)) + [q.Zeeman((0, 0.1, 1))]
    model = q.Model(space, terms + q.from_sites(40, q.Anisotropy, lambda i: np.diag(rng.normal(size=3))))
    equation = q.Hybrid(0, 0.2, classical=range(40)).derive(model)
    make = [model, equation.sites, q.ClassicalLLG(0.2, "mean"), equation.parameters]
    m = rng.normal(size=120)
    found = LatticeRates(*make)(0.0, m, np.zeros(0))
    from qllg_sym.codegen import compiler
    from qllg_sym.errors import CodegenError

    def none(*_):
        raise CodegenError("A C compiler must be there, but is not; install one.")

    monkeypatch.setattr(compiler, "find", none)
    with pytest.warns(q.QllgWarning, match="NumPy is used"):
        plain = LatticeRates(*make)
    assert plain.target == "numpy"
    assert abs(plain(0.0, m, np.zeros(0)) - found).max() < 1e-13


def test_a_hub_with_more_neighbours_than_the_lists_hold():
    n = 60
    edges = [(0, i) for i in range(1, n)]
    model = q.Model(q.Space(*["1"] * n), q.from_edges(edges, q.Bilinear, -1))
    m = np.random.default_rng(2).normal(size=(n, 3))
    m /= np.linalg.norm(m, axis=1, keepdims=True)
    equation = q.Hybrid(0, 0, classical=range(n)).derive(model)
    loops = LatticeRates(model, equation.sites, q.ClassicalLLG(0, "mean"), equation.parameters)
    found = loops(0.0, m.ravel(), np.zeros(0))
    assert len(loops.tables.neighbours.rest)
    assert np.allclose(found[:3], np.cross(m[0], m[1:].sum(axis=0)), atol=1e-13)
    assert np.allclose(found[3:-1].reshape(-1, 3), np.cross(m[1:], m[0]), atol=1e-13)
    assert found[-1] == pytest.approx(-m[0] @ m[1:].sum(axis=0), abs=1e-13)
