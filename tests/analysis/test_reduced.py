"""Reduced equations: as many as there are invariant states, their motion that of all states, and what is refused."""

import importlib
import pickle

import numpy as np
import pytest
import sympy as sp
from scipy.integrate import solve_ivp

import oracle
import qllg_sym as q
from qllg_sym.analysis.exact_start import exact_start
from qllg_sym.analysis.rotation import theta
from qllg_sym.analysis.symmetry import Symmetry

A, B, C, D, J, KAPPA = sp.symbols("a b c D J kappa", real=True)
PAIR = q.Space.half(2)
NUMBERS = {A: 0.3, B: 0.71, C: -0.6, D: 0.37, J: 0.43, KAPPA: 0.83, q.t: 0.4}
FIELD = [q.Zeeman((B, 0, 0)), q.Exchange(J, 0, 1)]
DIMER, TWISTED = q.Model(PAIR, FIELD), q.Model(PAIR, [*FIELD, q.DMI((0, 0, D), 0, 1)], hbar=2)
ANY_AXIS = q.Model(PAIR, [q.Zeeman((A, B, C)), q.Exchange(J, 0, 1)])
MIXED = q.Model(q.Space("1", "1/2"), [q.Exchange(J, 0, 1), q.ZeroField(D, 0), q.Zeeman((0, 0, B))])
TRIANGLE = q.Model(q.Space.half(3), [*q.ring(3, q.Exchange, J), *q.ring(3, q.DMI, (0, 0, D)), q.Zeeman((0, 0, B))])
reduction = importlib.import_module("qllg_sym.analysis.of_components.reduced")


def forwards(model, start=None):
    return [g for g in model.symmetries(start) if not g.reverses_time]


@pytest.mark.parametrize(("model", "start", "law", "count"), [
    (DIMER, q.states.product("up", "down"), q.QuantumLLG(KAPPA), 9),
    (TWISTED, q.states.product("up", "down"), q.QuantumLLG(KAPPA), 9),
    (TWISTED, q.states.werner("psi+", 0.9), q.QuantumLL(KAPPA), 9),
    (DIMER, q.states.bell("psi+"), q.QuantumLLG(KAPPA), 5),
    (DIMER, q.states.werner("phi+", 0.4), q.Dephasing(KAPPA), 5),
    (MIXED, q.states.product("up", "down"), q.QuantumLLG(KAPPA), 9),
    (MIXED, q.states.product("down", "up"), q.VonNeumann(), 9)], ids=range(7))
def test_the_motion_is_that_of_all_states(model, start, law, count):
    full = law.derive(model).coefficients()
    part = full.reduced(*forwards(model, start))
    assert len(part.states) == count
    numbers = {p.name: NUMBERS[p] for p in full.parameters}
    ends = []
    for comp in (full, part):
        values = exact_start(comp, start)
        ends.append(solve_ivp(comp.compile("numpy").bind(numbers), (0, 3), [float(values[s]) for s in comp.states],
                              rtol=1e-11, atol=1e-13).y[:, -1])
    lifted = oracle.numbers(part.map.values(), {**NUMBERS, **dict(zip(part.states, ends[1], strict=True))})
    assert lifted == pytest.approx(ends[0], abs=1e-9)
    assert max(abs(ends[0] - [float(x) for x in exact_start(full, start).values()])) > 0.01


@pytest.mark.parametrize("law", [q.QuantumLLG(KAPPA), q.QuantumLL(KAPPA), q.VonNeumann()], ids=lambda law: law.kind)
@pytest.mark.parametrize("model", [
    DIMER, TWISTED, MIXED, q.Model(q.Space("1"), [q.Zeeman((1, sp.sqrt(3), 2)), q.Zeeman((J, J * sp.sqrt(3), 2 * J))]),
    q.Model(q.Space("3/2"), [q.ZeroField(D, 0, J)], hbar=A), q.Model(PAIR, [q.Pauli(J, "XY"), q.Pauli(J, "YX")]),
    q.Model(PAIR, [q.Exchange(J * sp.sin(q.t), 0, 1), q.Bilinear(sp.diag(0, D, D), 0, 1)])], ids=range(7))
def test_there_are_as_many_as_invariant_matrices_and_they_stay_so(model, law):
    found, full = forwards(model), law.derive(model).coefficients()
    part = full.reduced(*found)
    numbers = {p: 0.3 + 0.71 * (k + 1)**0.5 for k, p in enumerate((*full.parameters, q.t))}
    unitaries = [np.array(g.matrix.subs({**numbers, theta: 0.7}).evalf().tolist(), dtype=complex) for g in found]
    one = np.eye(model.space.dimension**2)
    kernel = np.concatenate([np.kron(u, u.conj()) - one for u in unitaries])
    assert len(part.states) == len(one) - np.linalg.matrix_rank(kernel, tol=1e-9) - 1
    u = np.random.default_rng(3).normal(size=len(part.states)) / 9
    basis = [np.array(a.tolist(), dtype=complex) for a in full.basis]

    def dense(values):
        y = oracle.numbers(part.map.values(), {**numbers, **dict(zip(part.states, values, strict=True))})
        return sum((x / float(n) * a for x, n, a in zip(y, full.norms, basis, strict=True)), 0 * one[:len(basis[0])][
            :, :len(basis[0])])

    rho = np.eye(model.space.dimension) / model.space.dimension + dense(u)
    for g in unitaries:
        assert g @ rho @ g.conj().T == pytest.approx(rho, abs=1e-10)
    if part.states:
        rate = part.compile("numpy").bind({p.name: numbers[p] for p in part.parameters})(numbers[q.t], u)
        moved = oracle.velocity(law, model, rho, numbers)
        assert dense(rate) == pytest.approx(moved, abs=1e-9 * max(1, abs(moved).max()))


def test_a_symbolic_axis_has_coordinates_of_its_own():
    full = q.QuantumLL(KAPPA).derive(q.Model(PAIR, [*ANY_AXIS.terms, q.DMI((A, B, C), 0, 1)])).pauli()
    rotation, = forwards(full.equation.model)
    part = full.reduced(rotation)
    assert [s.name for s in part.states] == ["c_u0", "c_u1", "c_u2", "c_u3", "c_u4"]
    values = {**NUMBERS, **dict(zip(part.states, (0.2, -0.1, 0.05, 0.3, -0.2), strict=True))}
    y = oracle.numbers(part.map.values(), values)
    numbers = {p.name: NUMBERS[p] for p in full.parameters}
    rate = part.compile("numpy").bind(numbers)(0, [values[s] for s in part.states])
    lifted = oracle.numbers(part.map.values(), {**NUMBERS, **dict(zip(part.states, rate, strict=True))})
    assert lifted == pytest.approx(full.compile("numpy").bind(numbers)(0, y), abs=1e-14)
    assert max(abs(lifted)) > 0.01
    field = ANY_AXIS.symmetries()
    assert q.QuantumLLG(KAPPA).derive(ANY_AXIS).pauli().reduced(*field).residual == tuple(
        sp.Symbol(f"dc_u{k}", real=True) for k in range(3))                     # ρ commutes with H, in lowest terms


def test_all_rotations_of_two_spins_one():
    full = q.VonNeumann().derive(q.Model(q.Space("1", "1"), [q.Exchange(J, 0, 1)])).coefficients()
    part = full.reduced(*[g for g in forwards(full.equation.model) if g.kind == "rotation"])
    assert part.residual == part.velocities             # S₀·S₁ and its square: weights of total spin 0, 1, 2
    singlet = np.zeros(9)
    singlet[[2, 4, 6]] = 1, -1, 1
    u = exact_start(part, sp.Matrix(9, 9, [sp.Integer(int(x)) for x in np.outer(singlet, singlet).ravel()]) / 3)
    assert [float(x) for x in u.values()] == pytest.approx([-2 / 3, 2 / 3])


def test_after_one_another_and_with_closed_sets():
    full = q.QuantumLLG(KAPPA).derive(DIMER).pauli()
    start = q.states.bell("psi+")
    swap, turn = forwards(DIMER, start)
    both, chained = full.reduced(swap, turn), full.reduced(swap).reduced(turn)
    assert chained.map == both.map
    assert chained.residual == both.residual == full.closed(start).reduced(swap).residual
    assert both.closed(start).states == both.states
    assert pickle.loads(pickle.dumps(chained)) == chained
    singlet = q.states.bell("psi-")
    alone = full.reduced(*forwards(DIMER, singlet)).closed(singlet)
    assert [s.name for s in alone.states] == ["T_xx", "T_yy"]
    assert alone.map[full.states[-1]] == alone.states[1]
    with pytest.raises(q.DerivationError, match="left out"):
        q.VonNeumann().derive(q.Model(PAIR, FIELD[:1])).pauli().closed(("T_0y",)).reduced(swap)


def test_moments_and_eta():
    model = q.Model(PAIR, [q.Zeeman((0, 0, B), sites=[0]), q.Zeeman((0, 0, -B), sites=[1]), q.Exchange(J, 0, 1)])
    mirror = Symmetry(PAIR, (1, 0), "x")
    full = q.ClassicalLLG(KAPPA).derive(model).moments()
    part = full.reduced(mirror)
    assert [str(e) for e in part.map.values()] == ["m0_x", "m0_y", "m0_z", "m0_x", "-m0_y", "-m0_z"]
    numbers = {p.name: NUMBERS[p] for p in full.parameters}
    m = np.array([0.6, 0, 0.8])
    rate = full.compile("numpy").bind(numbers)(0, [*m, *m * [1, -1, -1]])
    assert part.compile("numpy").bind(numbers)(0, m) == pytest.approx(rate[:3], abs=1e-15)
    eta = q.QuantumLLG(KAPPA).derive(q.Model(q.Space("1"), [q.Zeeman((0, 0, B))])).eta()
    assert eta.reduced(*forwards(eta.equation.model)).states == eta.states[2:]


@pytest.mark.parametrize(("law", "symmetry", "error", "why"), [
    (q.QuantumLLG(KAPPA), Symmetry(PAIR, (0, 1), "z"), q.InputError, "leave H unchanged, but rotation by π about z"),
    (q.QuantumLLG(KAPPA), Symmetry(PAIR, (1, 0)), q.InputError, "permutation"),
    (q.QuantumLLG(KAPPA), Symmetry(q.Space.half(3), (1, 0, 2)), q.InputError, "act on"),
    (q.QuantumLLG(KAPPA), Symmetry(PAIR, (0, 1), "z", True), q.DerivationError, "direction of time"),
    (q.VonNeumann(), Symmetry(PAIR, (0, 1), "z", True), q.DerivationError, "direction of time"),
    (q.VonNeumann(), 5, q.InputTypeError, "of type int")])
def test_wrong_symmetries_are_refused(law, symmetry, error, why):
    with pytest.raises(error, match=why):
        law.derive(TWISTED).pauli().reduced(symmetry)


def test_cumulants_of_more_sites_are_no_states_of_spins():
    equation = q.VonNeumann().derive(DIMER)
    assert len(equation.cumulants(1).reduced(DIMER.symmetries()[:1]).states) == 3
    with pytest.raises(q.DerivationError, match="three of each site"):
        equation.cumulants(2).reduced(*DIMER.symmetries()[:1])


def test_axes_with_parameters_are_for_few_states():
    model = q.Model(q.Space("1", "1/2"), [q.Exchange(J, 0, 1), q.Zeeman((A, B, 0))])
    with pytest.raises(q.DerivationError, match="turn the model"):
        q.VonNeumann().derive(model).coefficients().reduced(*model.symmetries())
    turned = model.subs({A: sp.Rational(3, 5), B: sp.Rational(4, 5)})
    assert len(q.VonNeumann().derive(turned).coefficients().reduced(*forwards(turned)).states) == 9


def test_a_law_that_does_not_respect_them_is_caught(monkeypatch):
    isotropic = q.Model(PAIR, FIELD[1:])
    with pytest.raises(q.DerivationError, match="one of the law too, but dephasing moves"):
        q.Dephasing(KAPPA).derive(isotropic).pauli().reduced(*[g for g in forwards(isotropic) if "x" in g.what])
    monkeypatch.setattr(reduction, "keeps", lambda model, symmetry: True)       # what is said of H is not trusted
    with pytest.raises(q.DerivationError, match="one of the law too"):
        q.QuantumLLG(KAPPA).derive(TWISTED).pauli().reduced(Symmetry(PAIR, (1, 0)))
    with pytest.raises(q.InputError, match="none is"):
        q.VonNeumann().derive(DIMER).pauli().reduced([])


@pytest.mark.slow
def test_three_spins():
    full = q.QuantumLLG(KAPPA).derive(TRIANGLE).pauli()
    part = full.reduced(*forwards(TRIANGLE))
    u = np.linspace(-0.2, 0.3, len(part.states))
    numbers = {p.name: NUMBERS[p] for p in full.parameters}
    rate = part.compile("numpy").bind(numbers)(0, u)
    y, dy = (oracle.numbers(part.map.values(), dict(zip(part.states, x, strict=True))) for x in (u, rate))
    assert dy == pytest.approx(full.compile("numpy").bind(numbers)(0, y), abs=1e-13)
    assert len(part.states) < 12
