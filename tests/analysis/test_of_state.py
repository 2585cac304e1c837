"""Numbers of states where an integration starts: traces with explicit matrices, and then the motion of `solve`."""

import numpy as np
import pytest
import sympy as sp
from scipy.integrate import solve_ivp

import qllg_sym as q

J, B, C, KAPPA, P = sp.symbols("J B C kappa p", real=True)
DIMER = q.Model(q.Space.half(2), [q.Zeeman((B, 0, 0)), q.Exchange(J, 0, 1)])
VALUES = {"J": 1, "B": 2, "kappa": 0.4}
LAW = q.QuantumLLG(KAPPA)


@pytest.mark.parametrize("spins", [("1/2",), ("1/2", "1/2"), ("1",), ("1/2", "1"), ("3/2",)])
def test_they_are_traces_with_the_basis(spins):
    space = q.Space(*spins)
    components = q.VonNeumann().derive(q.Model(space)).coefficients()
    rng = np.random.default_rng(3)
    real, imaginary = rng.normal(size=(2, space.dimension, space.dimension))
    half = real + 1j * imaginary
    rho = half @ half.conj().T / np.trace(half @ half.conj().T).real
    wanted = [np.trace(rho @ np.array(a.tolist(), dtype=complex)).real for a in components.basis]
    assert np.allclose(components.of_state(rho), wanted, rtol=0, atol=1e-13)


def test_a_closed_and_reduced_set_integrated_from_there_moves_as_solve_says():
    full, swap = LAW.derive(DIMER).pauli(), DIMER.symmetries()[0]
    start, times = q.states.werner("psi+", 0.9), np.linspace(0, 3, 7)
    part = full.reduced(swap).closed(start)
    rhs = part.compile("numpy").bind(VALUES)
    found = solve_ivp(rhs, (0, 3), part.of_state(start), t_eval=times, rtol=1e-10, atol=1e-12).y.T
    run = q.solve(DIMER, LAW, start, times, values=VALUES)
    assert len(part.states) == 5
    assert np.allclose(found, part.of_state(run), rtol=0, atol=1e-8)
    places = [full.states.index(s) for s in part.states]
    assert np.allclose(part.of_state(run), run.pauli[:, places], rtol=0, atol=1e-12)


def test_states_of_other_kinds():
    one = q.Model(q.Space("1"), q.Zeeman((0, 0, B)))
    assert LAW.derive(one).eta().of_state(q.states.eta(q.Space("1"), (0, 0.1, 0.2))).tolist() == [0, 0.1, 0.2]
    moments = q.ClassicalLLG(KAPPA).derive(DIMER).moments()
    assert moments.of_state(q.states.product("up", "down")).tolist() == [0, 0, 1, 0, 0, -1]
    hot = LAW.derive(DIMER).pauli().of_state(q.states.thermal(DIMER, 1.0), VALUES)
    weights = np.exp([-(1 - 2), -(1 + 2), -1, 3])       # of the triplet along x, at J ± B and J, and of the singlet
    assert hot[0] == pytest.approx((weights[0] - weights[1]) / weights.sum(), abs=1e-13)


@pytest.mark.parametrize(("call", "error", "words"), [
    (lambda f, r: r.of_state(q.states.product("up", "down")), q.StateError, "where T_z0 = T_0z, but misses them by 1"),
    (lambda f, r: f.of_state(q.states.product("up")), q.StateError, "belongs to 1 site"),
    (lambda f, r: f.of_state(q.states.thermal(DIMER, 1.0)), q.InputError, "'B' is unbound"),
    (lambda f, r: f.of_state(q.states.werner("psi+", P)), q.StateError, "`p` must be a number"),
])
def test_what_is_no_such_state_is_refused(call, error, words):
    full = LAW.derive(DIMER).pauli()
    with pytest.raises(error, match=words):
        call(full, full.reduced(DIMER.symmetries()[0]))


def test_components_in_place_of_a_model_are_told_how_they_are_integrated():
    with pytest.raises(q.InputTypeError, match=r"is of type Components; integrate .* from of_state\(…\)\.$"):
        q.solve(LAW.derive(DIMER).pauli(), LAW, q.states.bell("psi+"), [0, 1])
    with pytest.raises(q.InputTypeError, match=r"is of type str; write Model"):
        q.solve("dimer", LAW, q.states.bell("psi+"), [0, 1])


def test_an_axis_with_symbols_needs_numbers():
    model = q.Model(q.Space.half(2), [q.Exchange(J, 0, 1), q.Zeeman((B, C, 0))])
    about = next(g for g in model.symmetries() if g.kind == "rotation")
    part = LAW.derive(model).pauli().reduced(about)
    with pytest.raises(q.InputError, match="`values` must give the states that are left a number, but B is unbound"):
        part.of_state(np.eye(4) / 4)
    along = np.kron([[0.5, 0.5], [0.5, 0.5]], [[0.5, 0.5], [0.5, 0.5]])
    numbers = part.of_state(along, {B: 2, C: 0})
    known = {B: 2, C: 0, **dict(zip(part.states, numbers, strict=True))}
    image = [complex(e.xreplace(known)) for e in part.map.values()]
    paulis = [np.eye(2), [[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]]
    wanted = [np.trace(along @ np.kron(a, b)) for a in paulis for b in paulis][1:]
    assert np.allclose(image, wanted, rtol=0, atol=1e-12)
