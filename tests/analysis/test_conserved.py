"""Constants of motion: all that there are, each certified, and kept by an integration of explicit matrices."""

import copy
import pickle
from functools import cache
from itertools import combinations_with_replacement

import numpy as np
import pytest
import sympy as sp
from scipy.integrate import solve_ivp

import oracle
import qllg_sym as q
from qllg_sym.analysis.conservation.certified import conservation_of, theorem
from qllg_sym.analysis.conservation.coefficients import Coefficients
from qllg_sym.cli import main
from qllg_sym.equations.restriction import restrict
from qllg_sym.proof import checker

B, D, J, kappa = sp.symbols("B D J kappa", real=True)
h, s = sp.symbols("h s", positive=True)
PAIR, ONE = q.Space("1/2", "1/2"), q.Space("1")
DIMER = q.Model(PAIR, [q.Zeeman((B, 0, 0)), q.Exchange(J, 0, 1), q.DMI((0, 0, D), 0, 1)])
AXIAL = q.Model(PAIR, [q.Zeeman((0, 0, B)), q.Exchange(J, 0, 1)])
XXZ = q.Model(PAIR, [q.Zeeman((0, 0, B)), q.Pauli(J, "XX"), q.Pauli(J, "YY"), q.Pauli(D, "ZZ")])
CRYSTAL = q.Model(ONE, [q.Zeeman((B, 0, J)), q.Anisotropy([[0, 0, 0], [0, 0, 0], [0, 0, D]], 0)])
PURITY, CUBE = "Casimir Tr rho^2", "Casimir Tr rho^3"


def components(law, model):
    equation = law.derive(model)
    return equation.moments() if law.classical else equation.coefficients()


CASES = {
    "damped": (q.QuantumLLG(kappa), DIMER, 3, [PURITY, CUBE]),
    "damped spin 1": (q.QuantumLLG(kappa), CRYSTAL, 3, [PURITY, CUBE]),
    "explicit": (q.QuantumLL(kappa), DIMER, 2, [PURITY]),
    "units": (q.QuantumLLG(kappa), q.Model(PAIR, DIMER.terms, hbar=h), 2, [PURITY]),
    "driven": (q.QuantumLLG(kappa), q.Model(PAIR, [q.Zeeman((B * sp.cos(q.t), sp.sqrt(3), 0))]), 2, [PURITY]),
    "undamped": (q.VonNeumann(), DIMER, 2, [
        "energy", "Tr rho H^2", "Tr rho H^3", PURITY, "Tr rho^2 H", "Tr rho^2 H^2", "Tr rho^2 H^3", "Tr rho H rho H",
        "Tr rho H rho H^3"]),
    "XXZ": (q.VonNeumann(), XXZ, 1, ["energy", "<S_z>", "<S^2>"]),
    "free": (q.VonNeumann(), q.Model(q.Space("1/2")), 2, ["<S_x>", "<S_y>", "<S_z>"]),
    "dephasing": (q.Dephasing(kappa), AXIAL, 2, ["<S_z>", ""]),
    "moments": (q.ClassicalLLG(kappa), DIMER, 2, ["Casimir |m0|^2", "Casimir |m1|^2"]),
    "precessing moments": (q.ClassicalLLG(0), AXIAL, 2, [
        "total moment z", "energy", "Casimir |m0|^2", "Casimir |m1|^2"]),
}


@cache
def constants(name):
    law, model, degree, _ = CASES[name]
    equations = components(law, model)
    return equations, equations.conserved(degree)


@pytest.fixture(scope="module", params=CASES)
def case(request):
    equations, found = constants(request.param)
    return equations, *CASES[request.param][2:], found


def test_names(case):
    _, _, names, found = case
    assert [*found.names] == names


def test_certificates(case):
    """The checker replays all of them, and refuses every fourth with one number changed."""
    rows = [t.prove().data for t in case[3].theorems]
    assert all(row["accepted"] for row in checker.replay({"theorems": rows}))
    forged = copy.deepcopy(rows[::4])
    for row in forged:
        row["steps"]["constant"]["by"] = ["*", 2, row["steps"]["constant"]["by"]]
    assert not any(row["accepted"] for row in checker.replay({"theorems": forged}))


@pytest.mark.parametrize("case", [key for key, (_, _, n, _) in CASES.items() if n < 3 and key != "driven"],
                         indirect=True)
def test_nothing_is_missing(case):
    """At random points ∇P · v = 0 leaves as many polynomials as the constants and their products span."""
    equations, degree, _, found = case
    rng, n = np.random.default_rng(1), len(equations.states)
    values = {p: sp.Rational(int(k), 7) for p, k in zip(equations.parameters, [9, 4, 11, 5, 3], strict=False)}
    mass, forcing = (sp.lambdify(equations.states, x.subs(values)) for x in (equations.mass, equations.forcing))
    chosen = [c for size in range(1, degree + 1) for c in combinations_with_replacement(range(n), size)]
    points = rng.uniform(-1, 1, (len(chosen) + 20, n))
    rates = [np.linalg.solve(mass(*y), np.ravel(forcing(*y))) for y in points]
    rows = [[sum(v[i] * np.prod([y[j] for k, j in enumerate(c) if k != own]) for own, i in enumerate(c))
             for c in chosen] for y, v in zip(points, rates, strict=True)]
    size = np.linalg.svd(np.array(rows), compute_uv=False)
    read = [sp.lambdify(equations.states, p.subs(values)) for p in found]
    numbers = np.array([[f(*y) for f in read] for y in points])
    degrees = [sp.Poly(p, *equations.states).total_degree() for p in found]
    fitting = [c for length in range(1, degree + 1) for c in combinations_with_replacement(range(len(found)), length)
               if sum(degrees[k] for k in c) <= degree]
    known = np.stack([np.ones(len(points)), *(numbers[:, c].prod(axis=1) for c in fitting)], axis=1)
    known /= abs(known).max(axis=0)
    assert (size < 1e-9 * max(size[0], 1)).sum() == np.linalg.matrix_rank(known, 1e-9) - 1


@pytest.mark.parametrize("damping", [0, sp.Rational(1, 2)])
def test_an_integration_of_matrices_keeps_them(damping):
    """ρ̇ from ρ and H as matrices; what is lost by damping is seen to move."""
    equations, found = constants("damped" if damping else "undamped")
    s0, s1 = oracle.site_spins([0.5, 0.5])
    hamiltonian = 4 * sum(a @ b for a, b in zip(s0, s1, strict=True)) - 0.8 * (s0[0] + s1[0])
    hamiltonian = hamiltonian + 4 * 0.6 * (s0[0] @ s1[1] - s0[1] @ s1[0])
    rng = np.random.default_rng(2)
    a = rng.normal(size=(4, 4)) + 1j * rng.normal(size=(4, 4))
    rho = a @ a.conj().T / np.trace(a @ a.conj().T)

    def velocity(_, y):
        r, one = y.reshape(4, 4), np.eye(4)
        left = np.kron(r, one) - np.kron(one, r.T)
        torque = 1j * (r @ hamiltonian - hamiltonian @ r)
        return np.linalg.solve(np.eye(16) - 1j * float(damping) * left, torque.ravel())
    run = solve_ivp(velocity, (0, 2), rho.ravel().astype(complex), rtol=1e-11, atol=1e-12, t_eval=[0, 1, 2])
    basis = [np.array(x.tolist(), dtype=complex) for x in equations.basis]
    states = [[np.trace(y.reshape(4, 4) @ b).real for b in basis] for y in run.y.T]

    def drift(expressions):
        f = sp.lambdify(equations.states, [e.subs({J: 1, D: 0.6, B: 0.8}) for e in expressions])
        return np.ptp([f(*y) for y in states], axis=0)
    assert drift(found).max() < 1e-8
    energy = constants("undamped")[1][0]
    assert (drift([energy])[0] > 0.1) == (damping != 0)


def test_expressions():
    equations = q.VonNeumann().derive(q.Model(PAIR, DIMER.terms, hbar=h)).pauli()
    found, T = equations.conserved(1), {x.name: x for x in equations.states}
    energy = J * (T["T_xx"] + T["T_yy"] + T["T_zz"]) + D * (T["T_xy"] - T["T_yx"]) - h * B / 2 * (T["T_x0"] + T["T_0x"])
    assert sp.expand(found[0] / energy).free_symbols <= {h}
    single = q.QuantumLLG(0).derive(q.Model(q.Space(s), [q.Zeeman((B, 0, J))])).eta()
    x, y, z = single.states
    assert tuple(single.conserved(2)) == (B * x + J * z, x**2 + y**2 + z**2)
    singlet = q.VonNeumann().derive(XXZ).pauli().conserved(1)[2]
    assert {*singlet.free_symbols} == {T["T_xx"], T["T_yy"], T["T_zz"]}


def test_part_of_the_states():
    """Under a field along z one spin in the plane z = 0 keeps its length there: ρ is known from the map."""
    whole = q.VonNeumann().derive(q.Model(q.Space("1/2"), [q.Zeeman((0, 0, B))])).pauli()
    x, y, z = whole.states
    part = restrict(whole, (x, y), whole.velocities[:2], {x: x, y: y, z: sp.S.Zero}, (x, y))
    found = part.conserved(2)
    assert (tuple(found), found.names) == ((x**2 / 2 + y**2 / 2 + sp.Rational(1, 2),), (PURITY,))
    assert found.theorems[0].prove().replayable


def test_states_of_a_symmetry_keep_more():
    """States that H's own symmetry leaves as they are keep a combination of correlations under q-LLG, too."""
    symmetry = next(x for x in DIMER.symmetries() if "time" not in x.kind)
    part = q.QuantumLLG(kappa).derive(DIMER).pauli().reduced(symmetry)
    found = part.conserved(2)
    T = {x.name: x for x in part.states}
    assert (found[0], found.names) == (-T["T_xx"] + T["T_yy"] + T["T_zz"], ("", PURITY))
    assert all(row["accepted"] for row in checker.replay({"theorems": [t.prove().data for t in found.theorems]}))
    assert q.QuantumLLG(kappa).derive(DIMER).pauli().conserved(1) == ()


def test_a_false_constant_is_refused():
    equations = q.QuantumLLG(kappa).derive(DIMER).pauli()
    coefficients = Coefficients.of(equations)
    x = coefficients.exact.ring.gens[0]
    false = theorem(conservation_of(coefficients, x**2, 2), "", "false", "q-llg")
    with pytest.raises(q.ProofError, match="is false in its step constant") as caught:
        false.prove()
    assert caught.value.counterexample["lhs"] != 0


def test_a_file_that_the_checker_replays(tmp_path, capsys):
    found = q.VonNeumann().derive(XXZ).pauli().conserved(1)
    found.save(tmp_path / "constants.json")
    assert main(["check", str(tmp_path / "constants.json")]) == 0
    assert f"{len(found)} of {len(found)} claims accepted" in capsys.readouterr().out
    text = (tmp_path / "constants.json").read_text().replace('"T_0z"', '"T_xx"')
    (tmp_path / "constants.json").write_text(text)
    assert main(["check", str(tmp_path / "constants.json")]) != 0


def test_many_are_shown_one_a_line():
    found = q.VonNeumann().derive(AXIAL).pauli().conserved(2)
    lines = repr(found).splitlines()
    assert len(lines) == len(found) + 1 <= 30
    assert max(map(len, lines)) <= 130
    assert lines[0] == f"<{len(found)} constants of motion, those of degree 2 at most:"
    assert (lines[1], repr(found[:1])) == (f"  energy = {found[0]}", f"({found[0]},)")


def test_it_travels():
    found = constants("damped spin 1")[1]
    twin = pickle.loads(pickle.dumps(found))
    assert (twin, twin.names, [t.claim for t in twin.theorems]) == (found, found.names,
                                                                    [t.claim for t in found.theorems])


@pytest.mark.parametrize(("degree", "message"), [
    (0, "whole number from 1 on, but is 0"), (2.0, "but is 2.0"), (True, "but is True"),
    (9, "at most 2500 coefficients, but 9 leaves 1,307,503"),
])
def test_wrong_degrees_are_refused(degree, message):
    with pytest.raises(q.InputError, match=message):
        q.VonNeumann().derive(DIMER).pauli().conserved(degree)
