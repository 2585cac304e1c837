"""Closed sets of states: the smallest that dense matrices allow, and the motion on them is that of all states."""

import pickle

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

import oracle
import qllg_sym as q
import strategies
from qllg_sym.analysis.exact_start import density_of, exact_start
from qllg_sym.analysis.occurrence import check_determined
from qllg_sym.equations.restriction import restrict

B, J, D, KAPPA = sp.symbols("B J D kappa", real=True)
h, s = sp.symbols("h s", positive=True)
PAIR, TRIO = q.Space.half(2), q.Space.half(3)
DIMER = q.Model(PAIR, [q.Zeeman((B, 0, 0)), q.Exchange(J, 0, 1)])
TWISTED = q.Model(PAIR, [*DIMER.terms, q.DMI((0, 0, D), 0, 1)])
AXIAL = q.Model(TRIO, [*q.chain(3, q.Exchange, J), q.Zeeman((0, 0, B)), q.Pauli(D, "ZZZ")], hbar=h)
MIXED = q.Model(q.Space("1", "1/2"), [q.Exchange(J, 0, 1), q.Zeeman((0, 0, B)),
                                      q.Anisotropy(sp.diag(0, 0, D), 0)])
LAWS = [q.QuantumLLG(KAPPA), q.QuantumLL(KAPPA), q.VonNeumann(), q.Dephasing(KAPPA)]
NUMBERS = {B: 0.71, J: 0.43, D: 0.37, KAPPA: 0.83, h: 1.3, q.t: 0.9}
CASES = [
    (DIMER, q.states.product("up", "down")), (DIMER, q.states.bell("psi+")), (DIMER, q.states.bell("psi-")),
    (DIMER, q.states.werner("phi+", 0.9)), (DIMER, q.states.product("+x", "-x")), (TWISTED, q.states.bell("psi+")),
    (TWISTED, np.diag([0.5, 0, 0, 0.5])), (AXIAL, q.states.product("up", "down", "up")), (AXIAL, np.eye(8) / 8),
    (MIXED, q.states.product("+x", "up")), (MIXED, q.states.product("down", "up")), (AXIAL, np.eye(8)[1])]


def basis_of(comp):
    return [np.array(a.tolist(), dtype=complex) for a in comp.basis]


def rebuilt(comp, basis, values):
    """ρ from Tr ρA of the full components."""
    d = comp.equation.model.space.dimension
    return np.eye(d) / d + sum(v / float(n) * a for v, n, a in zip(values, comp.norms, basis, strict=True))


def velocity(law, model, h, rho, numbers):
    """ρ̇ of a law for H/ħ = h: the laws for a second time on purpose, apart from what the package derives."""
    if law.kind == "dephasing":
        return -oracle.residual(law, model, rho, 0 * rho, numbers)
    if law.kind == "local-gilbert":
        return oracle.velocity(law, model, rho, numbers)
    torque, one = 1j * oracle.commutator(rho, h), np.eye(len(h))
    kappa = 0 if law.kind == "von-neumann" else oracle.number(law.kappa, numbers)
    if law.kind == "q-ll":
        return torque + 1j * kappa * oracle.commutator(rho, torque)
    gilbert = np.eye(h.size) - 1j * kappa * (np.kron(rho, one) - np.kron(one, rho.T))
    return np.linalg.solve(gilbert, torque.ravel()).reshape(h.shape)


def smallest(law, model, start, numbers):
    """Which states move or are not zero: from random matrices on the set so far, until no velocity leaves it."""
    comp = law.derive(model).coefficients()
    basis, rng = basis_of(comp), np.random.default_rng(1)
    h = oracle.hamiltonian(model, numbers) / oracle.number(model.hbar, numbers)
    rho = np.array(density_of(start, model).evalf().tolist(), dtype=complex)
    inside, calm = abs(oracle.coordinates(basis, rho)) > 1e-9, 0
    while calm < 3:
        values = np.where(inside, rng.normal(size=len(basis)), 0)
        moved = oracle.coordinates(basis, velocity(law, model, h, rebuilt(comp, basis, values), numbers))
        more = inside | (abs(moved) > 1e-9)
        calm, inside = (0, more) if (more & ~inside).any() else (calm + 1, inside)
    return tuple(state for state, kept in zip(comp.states, inside, strict=True) if kept)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.kind)
@pytest.mark.parametrize(("model", "start"), CASES, ids=range(len(CASES)))
def test_the_set_is_the_smallest(model, start, law):
    assert law.derive(model).coefficients().closed(start).states == smallest(law, model, start, NUMBERS)


@strategies.examples(10)
@given(data=st.data())
def test_the_set_is_the_smallest_for_random_models(data):
    model, law = data.draw(strategies.models(strategies.SPACES[:4])), data.draw(strategies.quantum_laws())
    sites = model.space.sites
    start = q.states.product(*data.draw(st.lists(st.sampled_from(["up", "down", "+x", "-y"]), min_size=sites,
                                                 max_size=sites)))
    generic = {p: 0.3 + 0.71 * (k + 1)**0.5 for k, p in enumerate((*law.derive(model).parameters, q.t))}
    comp = law.derive(model).coefficients().closed(start)
    assert set(comp.states) >= set(smallest(law, model, start, generic))
    assert comp.states == smallest(law, model, start, generic)


@pytest.mark.parametrize(("model", "start", "law"), [
    (*CASES[1], LAWS[0]), (*CASES[3], LAWS[1]), (*CASES[7], LAWS[1]),
    pytest.param(*CASES[7], LAWS[0], marks=pytest.mark.slow)], ids=range(4))
def test_the_motion_is_that_of_all_states(model, start, law):
    full = law.derive(model).coefficients()
    part = full.closed(start)
    assert len(part.states) < len(full.states)
    numbers = {p.name: NUMBERS[p] for p in full.parameters}
    values = exact_start(full, start)
    runs = [solve_ivp(comp.compile("numpy").bind(numbers), (0, 3), [float(values[s]) for s in comp.states], rtol=1e-11,
                      atol=1e-13).y[:, -1] for comp in (full, part)]
    place = [full.states.index(s) for s in part.states]
    assert runs[1] == pytest.approx(runs[0][place], abs=1e-9)
    assert np.delete(runs[0], place) == pytest.approx(0, abs=1e-12)
    assert max(abs(runs[1] - np.array([float(values[s]) for s in part.states]))) > 0.01


def test_a_set_that_is_not_closed_moves_otherwise():
    full = q.QuantumLLG(KAPPA).derive(DIMER).pauli()
    part = full.closed(q.states.bell("psi+"))
    less = [s for s in part.states if s.name not in ("T_yz", "T_zy")]
    broken = restrict(full, less, [sp.Symbol("d" + s.name, real=True) for s in less],
                      {s: s if s in less else 0 for s in full.states})
    left = [p for p, s in zip(broken.full_residual, full.states, strict=True) if s not in less]
    assert any(left)
    assert not any(p for p, s in zip(part.full_residual, full.states, strict=True) if s not in part.states)
    numbers = {p.name: NUMBERS[p] for p in full.parameters}
    values = exact_start(full, q.states.bell("psi+"))
    ends = [solve_ivp(comp.compile("numpy").bind(numbers), (0, 2), [float(values[s]) for s in comp.states]).y[-1, -1]
            for comp in (part, broken)]
    assert abs(ends[0] - ends[1]) > 0.01


def test_states_to_be_read():
    fields = [q.Zeeman((B, 0, J), sites=[0]), q.Zeeman((0, D, 0), sites=[1])]
    apart = q.VonNeumann().derive(q.Model(PAIR, fields)).pauli()
    part = apart.closed(("T_z0",))
    assert [s.name for s in part.states] == ["T_x0", "T_y0", "T_z0"]
    assert tuple(part.map) == part.states
    chosen = [apart.states.index(s) for s in part.states]
    assert part.residual == tuple(apart.residual[k] for k in chosen)
    rhs = part.compile("numpy").bind({p.name: NUMBERS[p] for p in part.parameters})
    spin = q.VonNeumann().derive(q.Model(q.Space("1/2"), [q.Zeeman((B, 0, J))])).pauli()
    y = np.array([0.1, -0.4, 0.7])
    assert rhs(0, y) == pytest.approx(spin.compile("numpy").bind(B=NUMBERS[B], J=NUMBERS[J])(0, y))
    assert [s.name for s in apart.closed((apart.states[0], "T_x0")).states] == ["T_0x", "T_0z", "T_x0", "T_y0", "T_z0"]
    assert q.QuantumLLG(KAPPA).derive(DIMER).pauli().closed(("T_0x",)).states == \
        q.QuantumLLG(KAPPA).derive(DIMER).pauli().states


def test_other_components_and_one_after_another():
    moments = q.ClassicalLLG(KAPPA).derive(DIMER).moments()
    assert moments.closed(q.states.product("+x", "-x")).states == (moments.states[0], moments.states[3])
    eta = q.QuantumLLG(KAPPA).derive(q.Model(q.Space("1"), [q.Zeeman((0, 0, B))])).eta()
    assert eta.closed(q.states.eta(q.Space("1"), (0, 0, 0.5))).states == eta.states[2:]
    full = q.QuantumLLG(KAPPA).derive(DIMER).pauli()
    part = full.closed(q.states.bell("psi+"))
    again, straight = (comp.closed(q.states.bell("psi-")) for comp in (part, full))
    assert again.source is full
    assert (again.states, again.residual, again.map) == (straight.states, straight.residual, straight.map)
    assert pickle.loads(pickle.dumps(part)) == part
    assert full.closed(np.eye(4) / 4).states == ()
    nothing = full.closed(np.eye(4) / 4)
    assert (nothing.residual, nothing.two_level()) == ((), ())
    assert nothing.compile("numpy").bind(B=1, J=1, kappa=1)(0, []).shape == (0,)


@pytest.mark.parametrize("state", [
    q.states.coherent(q.Space("1", "1/2"), [(0.6, 0, 0.8), (0, -0.8, 0.6)]), q.LowRank([0.25, 0.75], np.eye(6)[:, 1:3]),
    np.eye(6)[2], q.states.thermal(q.Model(q.Space("1", "1/2"), [q.Zeeman((0, 0, 1))]), 0)], ids=range(4))
def test_starts_have_the_values_of_their_matrices(state):
    comp = q.VonNeumann().derive(q.Model(q.Space("1", "1/2"), [q.Exchange(1, 0, 1)])).coefficients()
    rho = q.solve(comp.equation.model, q.VonNeumann(), state, [0]).final_state
    found = np.array([float(x) for x in exact_start(comp, state).values()])
    assert found == pytest.approx(oracle.coordinates(basis_of(comp), rho), abs=1e-14)


def test_a_matrix_may_hold_symbols_and_rounding_counts():
    full = q.QuantumLLG(KAPPA).derive(DIMER).pauli()
    p = sp.Symbol("p", real=True)
    ket = sp.Matrix([0, 1, 1, 0])
    start = (1 - p) / 4 * sp.eye(4) + p * ket * ket.T / 2
    assert full.closed(start).states == full.closed(q.states.werner("psi+", 0.3)).states
    rounded = np.diag([0.25 + 1e-17, 0.25, 0.25, 0.25])
    assert full.closed(rounded).states == ()
    rounded[0, 1] = rounded[1, 0] = 1e-17
    assert len(full.closed(rounded).states) == 15


@pytest.mark.parametrize(("start", "error", "why"), [
    (("T_0x", "T_0w"), q.InputError, "holds T_0w"), ((J,), q.InputError, "holds J"),
    ("up", q.InputError, "holds up|but"), (q.states.product("up"), q.StateError, "1 site"),
    (sp.Rational(1, 2), q.StateError, "shape"), (sp.I, q.StateError, "shape"),
    (np.eye(3) / 3, q.StateError, "shape"), (np.eye(4), q.StateError, "trace"),
    (q.states.random(PAIR, seed=1), q.StateError, "doubles alone"), (None, q.QllgError, "`start`|`state`"),
    (q.states.thermal(DIMER, 1.0), q.StateError, "parameters")])
def test_wrong_starts_are_refused(start, error, why):
    with pytest.raises(error, match=why):
        q.QuantumLLG(KAPPA).derive(DIMER).pauli().closed(start)


def test_other_refusals():
    full = q.QuantumLLG(KAPPA).derive(DIMER).pauli()
    part = full.closed(q.states.bell("psi+"))
    with pytest.raises(q.StateError, match="lie among"):
        part.closed(q.states.product("up", "up"))
    twice = restrict(full, full.states[:2], full.velocities[:2], {s: s if s in full.states[:2] else 0 for s in
                                                                  full.states}, [full.states[0]] * 2)
    with pytest.raises(q.DerivationError, match="singular"):
        check_determined(twice, [0, 1])
    with pytest.raises(q.StateError, match="the spin is s"):
        q.QuantumLLG(KAPPA).derive(q.Model(q.Space(s), [q.Zeeman((0, 0, B))])).eta().closed(q.states.product("up"))
    with pytest.raises(q.StateError, match="PRL 4"):
        q.VonNeumann().derive(q.Model(q.Space("1"), [q.Zeeman((0, 0, B))])).eta().closed(q.states.product("up"))


def test_a_werner_state_of_any_weight():
    p = sp.Symbol("p", real=True)
    full = q.QuantumLLG(KAPPA).derive(DIMER).pauli()
    assert full.closed(q.states.werner("psi+", p)).states == full.closed(q.states.werner("psi+", 0.3)).states
    assert exact_start(full, q.states.werner("psi+", p))[full.states[-1]] == -p
    with pytest.raises(q.StateError, match="`start` must belong to Space"):
        q.QuantumLLG(KAPPA).derive(AXIAL).pauli().closed(q.states.werner("psi+", p))
