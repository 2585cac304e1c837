"""Cumulants of N identical sites: the explicit models of 3, 4, 5 sites in symmetric states, and what is refused."""

import pickle
from itertools import combinations

import numpy as np
import pytest
import sympy as sp
from scipy.integrate import solve_ivp

import qllg_sym as q

J, K, B, kappa = sp.symbols("J K B kappa", real=True)
N = sp.Symbol("N", positive=True, integer=True)
VALUES = {"J": 0.7, "K": -0.3, "B": 0.4, "kappa": 0.6}
LAWS = [q.VonNeumann(), q.QuantumLLG(kappa), q.QuantumLL(kappa), q.Dephasing(kappa**2)]


def coupled(spin, sites, number=N):
    """Every site in one field, every pair coupled alike, by 1/N in part."""
    pairs = [q.Bilinear([[J, K, 0], [K, 0, 0], [0, 0, 2 * J / number]], i, j) for i, j in combinations(range(sites), 2)]
    own = [] if spin == "1/2" else [q.Anisotropy([[0, 0, 0], [0, 0, 0], [0, 0, K]], i) for i in range(sites)]
    return q.Model(q.Space(*[spin] * sites), [q.Zeeman((B, 0, 1)), *pairs, *own], hbar=sp.Rational(3, 2))


def decaying(sites):
    """Every site emits alike."""
    spins = [q.Space.half(sites).spin(i) for i in range(sites)]
    return q.QuantumLLG(kappa) + q.Lindblad([(K**2, spin.minus) for spin in spins])


@pytest.mark.parametrize("order", [1, 2])
def test_sites_that_emit_alike(order):
    few = decaying(2).derive(coupled("1/2", 2)).cumulants(order, identical=3)
    full = decaying(3).derive(coupled("1/2", 3, number=3)).cumulants(order)
    y = np.random.default_rng(order).uniform(-0.3, 0.3, len(few.states))
    place = {members(string): k for k, string in enumerate(few.operators)}
    spread = [place[members(string)] for string in full.operators]
    names = [p.name for p in full.parameters]
    moved = few.compile("numpy").bind({name: VALUES[name] for name in names}, N=3)(0.0, y)
    assert np.abs(full.compile("numpy").bind({name: VALUES[name] for name in names})(0.0, y[spread])
                  - moved[spread]).max() < 1e-13


def members(string):
    return tuple(sorted(a for _, a in string))


@pytest.mark.parametrize(("law", "spin", "order", "n"), [
    *((law, "1/2", order, n) for law in LAWS for order, n in ((1, 4), (2, 3))), (LAWS[1], "1/2", 2, 4),
    (LAWS[0], "1/2", 3, 4), (LAWS[1], "1", 1, 3), *(pytest.param(*case, marks=pytest.mark.slow) for case in (
        (LAWS[1], "1/2", 2, 5), (LAWS[2], "1/2", 2, 5), (LAWS[3], "1/2", 3, 5), (LAWS[0], "1", 2, 3)))],
    ids=lambda x: getattr(x, "kind", None))
def test_symmetric_states_move_as_in_the_explicit_model(law, spin, order, n):
    few = law.derive(coupled(spin, 2)).cumulants(order, identical=N)
    full = law.derive(coupled(spin, n, number=n)).cumulants(order)
    y = np.random.default_rng(order).uniform(-0.3, 0.3, len(few.states))
    place = {members(string): k for k, string in enumerate(few.operators)}
    spread = [place[members(string)] for string in full.operators]
    names = [p.name for p in full.parameters]
    rhs = full.compile("numpy").bind({name: VALUES[name] for name in names})
    own = few.compile("numpy").bind({name: VALUES[name] for name in names}, N=n)
    moved = own(0.0, y)
    assert np.abs(rhs(0.0, y[spread]) - moved[spread]).max() < 1e-13
    assert np.abs(few.subs({N: n}).compile("numpy").bind({name: VALUES[name] for name in names})(0.0, y)
                  - moved).max() < 1e-14
    other = few.compile("numpy").bind({name: VALUES[name] for name in names}, N=n + 1)(0.0, y)
    assert np.abs(other - moved).max() > 1e-3


def test_the_mean_field_of_a_magnet():
    """H = (J/N) Σ_pairs σ·σ-like S_z S_z/ħ²: the field on a site is that of N − 1 others."""
    bond = q.Model(q.Space.half(2), [q.Bilinear([[0, 0, 0], [0, 0, 0], [0, 0, 4 * J / N]], 0, 1)])
    found = q.QuantumLLG(kappa).derive(bond).cumulants(identical=N)
    x, y, z = found.states
    dx, dy, dz = found.velocities
    field = 2 * J * z * (1 - 1 / N)
    expected = (dx + field * y + kappa * (y * dz - z * dy), dy - field * x + kappa * (z * dx - x * dz),
                dz + kappa * (x * dy - y * dx))
    assert [sp.expand(a - b) for a, b in zip(found.residual, expected, strict=True)] == [0, 0, 0]


def test_pairs_of_a_collective_model_follow_two_spins_exactly_and_many_spins_closely():
    """Order 2 of N = 2 is the full law; of N = 6 at early times better than order 1."""
    state = {n: q.states.coherent(q.Space.half(n), [(0.6, 0, 0.8)] * n) for n in (1, 2, 6)}
    few = q.Model(q.Space.half(2), [q.Bilinear([[0, 0, 0], [0, 0, 0], [0, 0, -2]], 0, 1), q.Zeeman((1, 0, 0))])
    many = q.Model(q.Space.half(6), [*(q.Bilinear([[0, 0, 0], [0, 0, 0], [0, 0, -2]], i, j)
                                       for i, j in combinations(range(6), 2)), q.Zeeman((1, 0, 0))])
    for law, model, n, end, ratio in ((q.QuantumLLG(0.5), few, 2, 2.0, 1e-7), (q.QuantumLLG(0.5), many, 6, 0.2, 0.8),
                                      (q.VonNeumann(), many, 6, 0.2, 0.1)):
        exact, errors = q.solve(model, law, state[n], [0, end], rtol=1e-11), []
        for order in (1, 2):
            closed = law.derive(few).cumulants(order, identical=n)
            start = closed.of_state(state[order])
            found = solve_ivp(closed.compile("numpy").bind(), (0, end), start, rtol=1e-10, atol=1e-12).y[:, -1]
            errors.append(np.abs(found - closed.of_state(exact)[-1])[:3].max())
        assert errors[1] < ratio * errors[0]


def test_it_travels_and_says_what_it_is():
    found = q.QuantumLLG(kappa).derive(coupled("1/2", 2)).cumulants(2, identical=N)
    assert [s.name for s in found.states] == ["m_x", "m_y", "m_z", "c_xx", "c_xy", "c_xz", "c_yy", "c_yz", "c_zz"]
    assert "9 symmetric cumulant equations of q-llg" in repr(found)
    assert [p.name for p in found.parameters] == ["B", "J", "K", "N", "kappa"]
    again = pickle.loads(pickle.dumps(found))
    assert again == found
    assert again.residual == found.residual
    assert r"\dot{c}_{xy}" in found.latex()
    assert found.subs({"N": 7, J: 2}).parameters == (B, K, kappa)
    ones = [s.name for s in q.VonNeumann().derive(coupled("1", 2)).cumulants(2, identical=5).states]
    assert ones[:4] + ones[8:12] == ["m_x", "m_y", "m_z", "m_2m2", "c_xx", "c_xy", "c_xz", "c_x_2m2"]


PAIR = q.VonNeumann().derive(coupled("1/2", 2))
REFUSED = {
    "DMI": (lambda: q.VonNeumann().derive(q.Model(q.Space.half(2), [q.DMI((0, 0, 1), 0, 1)])).cumulants(identical=N),
            "no permutation"),
    "one field": (lambda: q.VonNeumann().derive(q.Model(q.Space.half(2), [q.Zeeman((0, 0, 1), sites=[0])])).cumulants(
        identical=N), "no permutation"),
    "two spins": (lambda: q.VonNeumann().derive(q.Model(q.Space("1/2", "1"))).cumulants(identical=N), "equal spins"),
    "fewer sites than the order": (lambda: PAIR.cumulants(2, identical=1), "at least `order` = 2, but is 1"),
    "half a site": (lambda: PAIR.cumulants(identical=2.5), "whole number of sites or a Symbol"),
    "a complex number": (lambda: PAIR.cumulants(identical=sp.Symbol("M")), "declared real"),
    "one emitter": (lambda: q.Lindblad([(1, q.Space.half(2).spin(0).minus)]).derive(q.Model(q.Space.half(2))).cumulants(
        identical=N), "same dissipators"),
    "emission of both": (lambda: q.Lindblad([(1, sum(q.Space.half(2).spin(i).minus for i in (0, 1)))]).derive(
        q.Model(q.Space.half(2))).cumulants(identical=N), "one site each"),
    "operators": (lambda: PAIR.cumulants(operators=["XI"], identical=N), "`operators` must be left out"),
    "cluster": (lambda: PAIR.cumulants(identical=N, cluster=2), "`cluster` must be left out"),
    "order 0": (lambda: PAIR.cumulants(0, identical=N), "`order`"),
    "a state that is not symmetric": (lambda: PAIR.cumulants(2, identical=N).of_state(q.states.product("up", "down")),
                                      "unchanged by permutations"),
    "half of N": (lambda: PAIR.cumulants(2, identical=N).subs({N: 2.5}), "whole number"),
    "N like a state": (lambda: PAIR.cumulants(2, identical=sp.Symbol("c_xy", real=True)), "c_xy"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_in_one_sentence(case):
    action, words = REFUSED[case]
    with pytest.raises(q.QllgError, match=words) as caught:
        action()
    assert str(caught.value).endswith(".")
