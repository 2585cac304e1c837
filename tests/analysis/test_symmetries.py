"""Symmetries of Hamiltonians: explicit matrices commute, no permutation is missed, and their action is that of U."""

import copy
import pickle
from itertools import permutations

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import expm

import oracle
import qllg_sym as q
import strategies
from qllg_sym.algebra.sites import strings
from qllg_sym.analysis.exact_start import density_of
from qllg_sym.analysis.of_model.symmetries import keeps
from qllg_sym.analysis.rotation import Rotation, theta
from qllg_sym.analysis.site_permutations import permutations_of
from qllg_sym.analysis.symmetry import Symmetry
from qllg_sym.model.expansion import standard_string

A, B, C, D, J = sp.symbols("a b c D J", real=True)
h = sp.Symbol("h", positive=True)
PAIR = q.Space.half(2)
FIELD = [q.Zeeman((B, 0, 0)), q.Exchange(J, 0, 1)]
CASES = {
    "swap and field": (q.Model(PAIR, FIELD), ["permutation (0 1)", "rotation by any angle about x",
                                              "time reversal and rotation by π about y"]),
    "twisted": (q.Model(PAIR, [*FIELD, q.DMI((0, 0, D), 0, 1)], hbar=h), [
        "rotation by π about x and permutation (0 1)", "time reversal and rotation by π about z"]),
    "any field": (q.Model(PAIR, [q.Zeeman((A, B, -C)), q.Exchange(J, 0, 1)]), [
        "permutation (0 1)", "rotation by any angle about (a, b, -c)"]),
    "isotropic": (q.Model(PAIR, [q.Exchange(J, 0, 1)]), [
        "permutation (0 1)", *(f"rotation by any angle about {axis}" for axis in "xyz"), "time reversal"]),
    "one direction in time": (q.Model(PAIR, [q.Zeeman((A * sp.sin(q.t), 0, B * sp.sin(q.t)))]), [
        "permutation (0 1)", "rotation by any angle about (a, 0, b)", "time reversal and rotation by π about y"]),
    "turning in time": (q.Model(PAIR, [q.Zeeman((sp.sin(q.t), sp.cos(q.t), 0)), q.Exchange(J, 0, 1)]), [
        "permutation (0 1)", "time reversal and rotation by π about z"]),
    "spin one": (q.Model(q.Space("1", "1/2", "1"), [q.Exchange(J, 0, 1), q.Exchange(J, 1, 2), q.ZeroField(D, 0),
                                                    q.ZeroField(D, 2)]), [
        "permutation (0 2)", "rotation by any angle about z", "rotation by π about x", "rotation by π about y",
        "time reversal"]),
    "rhombic": (q.Model(q.Space("2"), [q.ZeroField(D, 0, J), q.Stevens({(4, 4): A}, 0)]), [
        "rotation by π about x", "rotation by π about y", "rotation by π about z", "time reversal"]),
    "three letters": (q.Model(q.Space.half(3), [q.Pauli(J, "XYZ")]), [f"rotation by π about {k}" for k in "xyz"]),
    "nothing": (q.Model(q.Space("1"), [q.Zeeman((A, B, C)), q.ZeroField(D, 0, J)]), []),
}


def hermitian(model, numbers):
    return oracle.hamiltonian(model, numbers)


def matrix_of(symmetry, numbers):
    """The unitary at random numbers, the angle among them."""
    return np.array(symmetry.matrix.subs({**numbers, theta: 0.7}).evalf().tolist(), dtype=complex)


@pytest.mark.parametrize("name", CASES)
def test_they_are_these_and_commute_with_explicit_matrices(name):
    model, expected = CASES[name]
    found = model.symmetries()
    assert [g.what for g in found] == expected
    numbers = dict(zip((*model.parameters, q.t), np.random.default_rng(2).uniform(0.3, 2, 9)))     # noqa: B905
    matrix = hermitian(model, numbers)
    for g in found:
        u = matrix_of(g, numbers)
        assert u @ u.conj().T == pytest.approx(np.eye(len(u)), abs=1e-14)
        assert u @ (matrix.conj() if g.reverses_time else matrix) @ u.conj().T == pytest.approx(matrix, abs=1e-12)


@strategies.examples(25)
@given(data=st.data())
def test_random_models_have_all_that_is_found_and_no_other_half_turn(data):
    model = data.draw(strategies.models(((("1/2",) * 2), ("1", "1"), ("1/2",), ("3/2",))))
    numbers = {p: 0.3 + 0.71 * (k + 1)**0.5 for k, p in enumerate((*model.parameters, q.t))}
    matrix, found = hermitian(model, numbers), model.symmetries()
    for g in found:
        u = matrix_of(g, numbers)
        assert u @ (matrix.conj() if g.reverses_time else matrix) @ u.conj().T == pytest.approx(matrix, abs=1e-10)
    sites, scale = range(model.space.sites), max(1, abs(matrix).max())
    for turn in ("", "x", "y", "z"):
        for back in (False, True):
            for order in permutations(sites):
                g = Symmetry(model.space, order, turn, back)
                u = matrix_of(g, numbers)
                kept = np.allclose(u @ (matrix.conj() if back else matrix) @ u.conj().T, matrix, atol=1e-11 * scale)
                assert keeps(model, g) == kept
                assert not (kept and back) or any(other.reverses_time for other in found)


@pytest.mark.parametrize("spins", [("1/2", "1/2"), ("3/2",), ("1", "1/2"), ("1", "1")], ids=str)
def test_their_action_on_strings_is_that_of_the_matrices(spins):
    space = q.Space(*spins)
    order = tuple(reversed(range(len(spins)))) if spins == spins[::-1] else tuple(range(len(spins)))
    names = strings(space.numeric_spins)[::5]
    members = {s: np.array(standard_string(space.numeric_spins, s).tolist(), dtype=complex)
               for s in strings(space.numeric_spins)}
    for turn in ("", "x", "y", "z"):
        for back in (False, True):
            g = Symmetry(space, order, turn, back)
            u = matrix_of(g, {})
            for s in names:
                moved, sign = g.action(s)
                image = u @ (members[s].conj() if back else members[s]) @ u.conj().T
                assert image == pytest.approx(sign * members[moved], abs=1e-12)
    total = [sum(site[k] for site in oracle.site_spins(space.spins)) for k in range(3)]
    turned = Rotation(space, (A, sp.Integer(2), B))
    generator = 0.3 * total[0] + 2 * total[1] - 0.4 * total[2]
    assert matrix_of(turned, {A: 0.3, B: -0.4}) == pytest.approx(
        expm(-0.7j * generator / np.sqrt(0.3**2 + 4 + 0.4**2)), abs=1e-13)
    for s in names:
        image = sum((oracle.number(c, {A: 0.3, B: -0.4}) * members[k] for k, c in turned.derivative(s).items()),
                    0 * members[s])
        assert image == pytest.approx(-1j * oracle.commutator(generator, members[s]), abs=1e-12)


@pytest.mark.parametrize("axis", ["x", "y", "z"])
def test_half_turns_are_rotations(axis):
    space = q.Space("1", "1/2")
    unit = tuple(sp.Integer(k == axis) for k in "xyz")
    turned = np.array(Rotation(space, unit).matrix.subs(theta, sp.pi).evalf().tolist(), dtype=complex)
    u = matrix_of(Symmetry(space, (0, 1), axis), {})
    phase = np.trace(turned.conj().T @ u) / 6
    assert abs(phase) == pytest.approx(1)
    assert u == pytest.approx(phase * turned, abs=1e-14)


def test_products_are_one_after_the_other():
    space = q.Space.half(3)
    found = [Symmetry(space, order, turn, back) for order in ((1, 2, 0), (1, 0, 2)) for turn in ("", "x", "z")
             for back in (False, True)]
    for g in found:
        for other in found:
            for s in strings(space.numeric_spins)[::4]:
                moved, sign = other.action(s)
                last, more = g.action(moved)
                assert (g * other).action(s) == (last, sign * more)
    with pytest.raises(TypeError):
        found[0] * Symmetry(PAIR, (1, 0))


@pytest.mark.parametrize(("edges", "sites"), [
    ([(0, 1), (1, 2), (2, 3), (3, 0)], 4), ([(0, 1), (0, 2), (0, 3)], 4), ([(0, 1), (1, 2), (2, 3), (3, 4)], 5),
    ([(0, 1), (1, 2), (2, 0), (3, 4)], 5), ([], 3), ([(i, j) for i in range(5) for j in range(i)], 5)], ids=range(6))
def test_permutations_generate_the_whole_group(edges, sites):
    bonds = {tuple(3 * (k in edge) for k in range(sites)): 1 for edge in edges}
    group, new = {tuple(range(sites))}, {tuple(range(sites))}
    generators = permutations_of([0] * sites, bonds)
    while new:
        new = {tuple(g[i] for i in p) for g in generators for p in new} - group
        group |= new
    known = {frozenset(edge) for edge in edges}
    assert group == {p for p in permutations(range(sites)) if {frozenset(p[i] for i in e) for e in known} == known}


def test_large_models_take_seconds():
    ring = q.Model(q.Space.half(24), q.ring(24, q.Exchange, J)).symmetries()
    assert [g.kind for g in ring] == ["permutation"] * 2 + ["rotation"] * 3 + ["time reversal"]
    square = q.Model(q.Space.half(16), q.square(4, 4, q.Exchange, 1)).symmetries()
    assert [g.kind for g in square][:2] == ["permutation"] * 2


def test_those_of_a_start_leave_it_unchanged():
    model = CASES["swap and field"][0]
    for start, expected in ((q.states.product("up", "down"), ["rotation by π about x and permutation (0 1)",
                                                              "time reversal and rotation by π about y"]),
                            (q.states.bell("psi-"), [g.what for g in model.symmetries()]),
                            (np.diag([0.4, 0.3, 0.2, 0.1]), ["time reversal and rotation by π about y"])):
        found = model.symmetries(start)
        rho = np.array(density_of(start, model).tolist(), dtype=complex)
        for g in found:
            u = matrix_of(g, {})
            assert u @ (rho.conj() if g.reverses_time else rho) @ u.conj().T == pytest.approx(rho, abs=1e-14)
        assert [g.what for g in found] == expected


def test_they_show_and_travel():
    found = [*CASES["any field"][0].symmetries(), *CASES["twisted"][0].symmetries()]
    assert [g.latex() for g in found] == [r"P_{(0\,1)}", r"R_{(a, b, - c)}(\theta)", r"R_{x}(\pi)\,P_{(0\,1)}",
                                          r"\Theta\,R_{z}(\pi)"]
    assert all(g._repr_latex_() == f"${g.latex()}$" for g in found)
    assert repr(found[2]) == "<Symmetry: rotation by π about x and permutation (0 1)>"
    assert [pickle.loads(pickle.dumps(g)) for g in found] == found == copy.deepcopy(found)


def test_symbolic_spins_are_refused():
    with pytest.raises(q.ModelError, match="numeric spin"):
        q.Model(q.Space(sp.Symbol("s", positive=True)), [q.Zeeman((0, 0, B))]).symmetries()
