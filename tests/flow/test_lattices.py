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


def random_moments(n, seed):
    m = np.random.default_rng(seed).normal(size=(n, 3))
    return m / np.linalg.norm(m, axis=1, keepdims=True)


def chiral(nx, ny, **field):
    """Ferromagnet with interfacial DMI and an easy axis on a torus."""
    terms = q.square(nx, ny, q.Bilinear, -1, periodic=True)
    terms = terms + q.square(nx, ny, q.DMI, lambda d: (0.1 * d[1], -0.1 * d[0], 0), periodic=True)
    return q.Model(q.Space(*["1"] * (nx * ny)), terms + q.from_sites(nx * ny, q.ZeroField, -0.2) + [q.Zeeman(**field)])


def by_hand(m, nx, ny, b, alpha):
    """The velocities of `chiral`, written with rolled arrays: dm/dt = (m × B − α m × (m × B))/(1 + α²)."""
    m = m.reshape(ny, nx, 3)
    field = np.zeros_like(m) + b
    for axis, vector in ((1, (0, -0.1, 0)), (0, (0.1, 0, 0))):
        for sign in (1, -1):
            other = np.roll(m, -sign, axis=axis)
            field += other - 4 * sign * np.cross(other, vector)
    field[..., 2] += 2 * 0.2 * m[..., 2]
    turn = np.cross(m, field)
    return ((turn - alpha * np.cross(m, turn)) / (1 + alpha**2)).reshape(-1, 3)


@pytest.mark.parametrize("shape", [(5, 4), (16, 8), (11, 9)])
def test_blocks_of_eight_and_what_is_left_over(shape):
    """Velocities of whole blocks, of wrapped ones and of a last one that is not full."""
    model = chiral(*shape, B=(0.1, 0.2, 0.3))
    m = random_moments(shape[0] * shape[1], 1)
    law = q.ClassicalLLG(0.2, "mean")
    equation = law.derive(model)
    sites = q.Hybrid(0, 0.2, classical=range(len(m))).derive(model).sites
    found = LatticeRates(model, sites, law, equation.parameters)(0.0, m.ravel(), np.zeros(0))[:-1]
    assert abs(found - by_hand(m, *shape, (0.1, 0.2, 0.3), 0.2).ravel()).max() < 1e-14


def test_classical_laws_take_the_loops_too():
    model, m = chiral(6, 5, B=(0, 0, sp.Symbol("B", real=True))), random_moments(30, 2)
    run = q.solve(model, q.ClassicalLLG(ALPHA, "mean"), m, [0, 1, 2.5], values={"B": 0.4, "alpha": 0.3})
    other = q.solve(model, q.Hybrid(0, ALPHA, classical=range(30)), q.HybridState([], m), [0, 1, 2.5],
                    values={"B": 0.4, "alpha": 0.3})
    assert abs(run.moments - other.moments).max() < 1e-8
    assert abs(run.energy - other.energy).max() < 1e-8
    many = q.solve_many(model, q.ClassicalLLG(ALPHA, "mean"), m, [0, 1, 2.5],
                        values={"B": np.array([0.4, 0.0]), "alpha": 0.3})
    assert abs(many.moments[0] - run.moments).max() < 1e-8
    assert abs(many.energy[1] - run.energy).max() > 1e-3
    rescaled = q.solve(model, q.ClassicalLL(ALPHA, "mean"), m, [0, 1, 2.5], values={"B": 0.4, "alpha": 0.3})
    assert abs(rescaled.moments - run.moments).max() < 1e-8            # PRL 2 is PRL 1 solved for ṁ


@pytest.mark.parametrize("field", [(0, 0, 0.5), (sp.sin(3 * q.t), 0, 0.5),
                                   (sp.Heaviside(q.t - sp.Rational(1, 3)), 0, 0)])
def test_heun_is_of_order_two_and_keeps_lengths(field):
    model, m = chiral(6, 4, B=field), random_moments(24, 3)
    law = q.ClassicalLLG(0.3, "mean")
    whole = q.solve(model, law, m, [0, 0.4, 1], rtol=1e-11)
    errors = []
    for step in (0.02, 0.01):
        run = q.solve(model, law, m, [0, 0.4, 1], method="heun", options={"step": step})
        errors.append(abs(run.moments - whole.moments).max())
        assert run.invariants["|m|"] < 1e-14
    assert errors[0] < 0.01
    assert errors[0] / errors[1] == pytest.approx(4, abs=0.5)


def test_a_helix_has_its_pitch():
    """tan(2π/L) = D/J on an open chain: every bond can have its angle, from a start of another pitch."""
    n, ratio = 20, 0.5
    model = q.Model(q.Space(*["1"] * n), q.chain(n, q.Exchange, -1) + q.chain(n, q.DMI, lambda d: -ratio * d))
    angle = 0.3 * np.arange(n)
    start = np.stack([np.zeros(n), np.cos(angle), np.sin(angle)], axis=1)
    end = solved(model, start, [0, 400], alpha=1.0, rtol=1e-8, atol=1e-8, keep="final").final_state.moments
    turns = np.arctan2(np.cross(end[:-1], end[1:])[:, 0], (end[:-1] * end[1:]).sum(axis=1))
    assert np.allclose(np.tan(turns), ratio, atol=1e-5)


def test_a_wall_has_its_width():
    """m_z = tanh(x/√(J/2K)) in the continuum: 5 sites wide, within a percent on a lattice; half as wide is far off."""
    n, k = 64, 0.02
    model = q.Model(q.Space(*["1"] * n), q.chain(n, q.Bilinear, -1) + q.from_sites(n, q.ZeroField, -k))
    x = np.arange(n) - (n - 1) / 2

    def wall(width):
        return np.stack([1 / np.cosh(x / width), np.zeros(n), np.tanh(x / width)], axis=1)

    end = solved(model, wall(2.5), [0, 200], alpha=1.0, rtol=1e-8, atol=1e-8, keep="final").final_state.moments
    assert abs(end[:, 2] - wall(np.sqrt(1 / (2 * k)))[:, 2]).max() < 0.005
    assert abs(wall(2.5)[:, 2] - end[:, 2]).max() > 0.1


def test_memory_is_told_and_refused_before_it_is_taken(monkeypatch, capsys):
    side = 130
    n = side**2
    model = q.Model(q.Space(*["1"] * n), q.square(side, side, q.Bilinear, -1, periodic=True) + [q.Zeeman((0, 0, 1))])
    start, law = np.tile([1.0, 0, 0], (n, 1)), q.Hybrid(0, 0, classical=range(n))
    run = q.solve(model, law, q.HybridState([], start), [0, 0.1], progress=True, rtol=1e-6, keep="final",
                  observe={"m": lambda state: state.moments.mean(axis=0)})
    told = capsys.readouterr().err
    assert f"solve: {n} sites take " in told
    assert "neighbours 8.77 MiB" in told        # 4 neighbours a site, of 136 bytes each
    assert run.observed["m"][-1] == pytest.approx([np.cos(0.1), -np.sin(0.1), 0], abs=1e-6)
    from qllg_sym.observables import storage
    monkeypatch.setattr(storage, "available_memory", lambda: 2**23)
    for given, state in ((law, q.HybridState([], start)), (q.ClassicalLLG(0, "mean"), start)):
        with pytest.raises(q.InputError, match=r"`model` must fit into memory, but needs 0\.01\d+ GiB; take fewer"):
            q.solve(model, given, state, [0, 1])


def test_hundred_thousand_moments_around_a_cluster():
    """Bounded time and memory: 317 × 317 sites, two of them quantum; the corners, far away, turn by themselves."""
    side = 317
    n = side**2
    pair = (n // 2, n // 2 + 1)
    codes = ["1/2" if i in pair else "1" for i in range(n)]
    model = q.Model(q.Space(*codes), q.square(side, side, q.Bilinear, -1) + [q.Zeeman((0, 0, 1))])
    start = np.tile([np.sin(0.5), 0, np.cos(0.5)], (n - 2, 1))
    law = q.Hybrid(0, 0, clusters=[pair], classical=[i for i in range(n) if i not in pair])
    run = q.solve(model, law, q.HybridState([q.states.product("up", "down")], start), [0, 0.2], rtol=1e-6,
                  atol=1e-8)
    t = 0.2
    turned = [np.sin(0.5) * np.cos(t), -np.sin(0.5) * np.sin(t), np.cos(0.5)]
    assert run.moments[-1, 0] == pytest.approx(turned, abs=1e-5)
    assert abs(run.bloch(pair[0] - 1)[-1] - run.moments[-1, 0]).max() > 0.01
    assert np.ptp(run.energy) < 1e-5 * abs(run.energy[0])


def test_what_large_models_tell_stays_short_and_quick():
    side = 50
    n = side**2
    model = q.Model(q.Space(*["1"] * n), q.square(side, side, q.Bilinear, -J, periodic=True) + [q.Zeeman((0, 0, D))])
    assert "2500 × '1'" in repr(model.space)
    assert len(repr(model)) < 400
    assert [s.name for s in model.subs({J: 2}).parameters] == ["D"]
    start = np.tile([1.0, 0, 0], (n, 1))
    run = q.solve(model, q.ClassicalLLG(0, "mean"), start, [0, 0.1], values={"J": 1, "D": 1}, rtol=1e-6)
    with pytest.raises(q.InputError, match=r"there are 2,500 moments, more than 64"):
        run.sensitivity("J")


@pytest.mark.parametrize("law", [q.ClassicalLLG(0.1, "mean"), q.ClassicalLL(0.1, "mean", rescaled=False),
                                 q.Hybrid(0, 0.1, classical=range(20))], ids=lambda law: type(law).__name__)
def test_hbar_and_gamma_stand_where_they_belong(law):
    """Spins 3/2 with ħ = 3/2, γ_g = 2: E and γB = −(1/(ħs)) ∂E/∂m by hand."""
    n, m = 20, random_moments(20, 8)
    model = q.Model(q.Space(*["3/2"] * n), q.ring(n, q.Bilinear, -0.7) + [q.Zeeman((0, 0.1, 0.4))],
                    hbar=sp.Rational(3, 2), gamma=2)
    start = q.HybridState([], m) if isinstance(law, q.Hybrid) else m
    h = 1e-5
    run = q.solve(model, law, start, [0, h])
    energy = -0.7 * 1.5**2 * (m * np.roll(m, -1, axis=0)).sum() - 2 * 1.5 * 1.5 * (m @ [0, 0.1, 0.4]).sum()
    assert run.energy[0] == pytest.approx(energy, rel=1e-12)
    field = 0.7 * 1.5 * (np.roll(m, 1, axis=0) + np.roll(m, -1, axis=0)) / 1.5 + 2 * np.array([0, 0.1, 0.4])
    turn = np.cross(m, field)
    velocity = turn - 0.1 * np.cross(m, turn)
    implicit, explicit = (abs((run.moments[1] - m) / h - v).max() for v in (velocity / 1.01, velocity))
    close, far = (explicit, implicit) if isinstance(law, q.ClassicalLL) else (implicit, explicit)
    assert close < 5 * h < 1e-2 < far


def test_noise_on_many_moments_is_that_of_the_law():
    """ṁ of many rows under noise, which goes through the loops, is that of each row by itself."""
    model = q.Model(q.Space(*["1"] * 20), q.ring(20, q.Bilinear, -1) + [q.Zeeman((0, 0, 0.3))])
    law = q.Hybrid(0.2, 0.1, clusters=[(3,)], classical=[i for i in range(20) if i != 3])
    loops, rng = loaded_motion(law.derive(model)), np.random.default_rng(0)
    assert isinstance(loops, LatticeRates)
    rows = rng.normal(size=(4, len(loops.strings) + 57))
    found = loops.rows(0.0, rows, np.zeros(0))
    assert all((found[k] == loops(0.0, rows[k], np.zeros(0))).all() for k in range(4))
    start = q.HybridState([q.states.coherent(q.Space("1"), [(0, 0, 1)])], random_moments(19, 1))
    cold = q.langevin(model, law, start, [0, 0.2], q.Bath(0), 2, step=0.01)
    plain = q.solve(model, law, start, [0, 0.2])
    assert cold.mean["energy"][-1] == pytest.approx(plain.energy[-1], abs=1e-3)
    assert abs(plain.energy[-1] - plain.energy[0]) > 0.1
