"""QuTiP as an independent oracle: its operators, its states, its solvers."""

import numpy as np
import pytest
import sympy as sp
from scipy.integrate import solve_ivp

import qllg_sym as q
from flow.reference import distance

qutip = pytest.importorskip("qutip", reason="needs QuTiP: pip install qllg_sym[interop]")

TIMES = np.linspace(0, 4, 9)
TIGHT = {"atol": 1e-12, "rtol": 1e-10, "nsteps": 100_000, "progress_bar": ""}
J, D, B = 1.0, 0.4, (0.3, -0.2, 1.0)


def sigma(k, site):
    factors = [qutip.qeye(2), qutip.qeye(2)]
    factors[site] = {"x": qutip.sigmax, "y": qutip.sigmay, "z": qutip.sigmaz}[k]()
    return qutip.tensor(*factors)


def dimer_hamiltonian():
    """J σ·σ + D (σxσy − σyσx) − ½ B·(σ1 + σ2): PRL 10 in QuTiP's operators."""
    h = J * sum(sigma(k, 0) * sigma(k, 1) for k in "xyz")
    h = h + D * (sigma("x", 0) * sigma("y", 1) - sigma("y", 0) * sigma("x", 1))
    return h - sum(b / 2 * (sigma(k, 0) + sigma(k, 1)) for b, k in zip(B, "xyz", strict=True))


MODEL = q.Model(q.Space.half(2), [q.Zeeman(B), q.Exchange(J, 0, 1), q.DMI((0, 0, D), 0, 1)])
STATES = {"pure": qutip.basis([2, 2], [0, 1]).proj(),
          "werner": 0.4 * qutip.bell_state("10").proj() + 0.15 * qutip.qeye([2, 2]),
          "full rank": qutip.rand_dm([2, 2], seed=3),
          "rank 2": qutip.rand_dm([2, 2], rank=2, distribution="ginibre", seed=4)}


def generator(t, rho, h, kappa):
    """The Liouvillian ρ ↦ (i/ħ)[ρ, K], K = (1 − iκ ad_ρ)⁻¹ H, in ρ's eigenbasis: the law a second time on purpose."""
    p, v = np.linalg.eigh(rho.full())
    k = v @ ((v.conj().T @ h.full() @ v) / (1 - 1j * kappa * (p[:, None] - p))) @ v.conj().T
    return qutip.liouvillian(qutip.Qobj(k, dims=h.dims))


@pytest.mark.parametrize("method", ["auto", "frame", "pauli"])
@pytest.mark.parametrize("state", STATES)
def test_mesolver_with_state_feedback_integrates_the_same_law(state, method):
    kappa, rho = 0.5, STATES[state]
    h = dimer_hamiltonian()
    feedback = qutip.MESolver.StateFeedback(default=rho)
    system = qutip.QobjEvo(generator, args={"rho": feedback, "h": h, "kappa": kappa})
    expected = qutip.MESolver(system, options={**TIGHT, "store_states": True}).run(rho, TIMES).states
    found = q.solve(MODEL, q.QuantumLLG(kappa), rho, TIMES, method=method)
    assert distance(found.states, [s.full() for s in expected]) < 1e-7
    assert distance(expected[-1].full(), rho.full()) > 0.1


@pytest.mark.parametrize("state", STATES)
def test_mesolve_without_damping(state):
    expected = qutip.mesolve(dimer_hamiltonian(), STATES[state], TIMES, options=TIGHT).states
    for law in (q.VonNeumann(), q.QuantumLLG(0)):
        found = q.solve(MODEL, law, STATES[state], TIMES)
        assert distance(found.states, [s.full() for s in expected]) < 1e-7


@pytest.mark.parametrize("state", ["werner", "full rank"])
def test_mesolve_with_dephasing(state):
    rate = 0.3
    jumps = [np.sqrt(rate) * sigma("z", k) / 2 for k in (0, 1)]
    expected = qutip.mesolve(dimer_hamiltonian(), STATES[state], TIMES, c_ops=jumps, options=TIGHT).states
    found = q.solve(MODEL, q.Dephasing(rate), STATES[state], TIMES)
    assert distance(found.states, [s.full() for s in expected]) < 1e-7
    assert distance(found.purity, [(s * s).tr().real for s in expected]) < 1e-7


def test_spins_above_one_half_and_a_driven_field():
    """QuTiP's jmat fixes the basis, |m = s⟩ first; H(t) as its coefficient string does."""
    one, half = qutip.qeye(3), qutip.qeye(2)
    spin = [[qutip.tensor(op, half) for op in qutip.jmat(1)], [qutip.tensor(one, op) for op in qutip.jmat(0.5)]]
    still = 0.7 * sum(a * b for a, b in zip(*spin, strict=True)) - (spin[0][2] + spin[1][2])
    drive = -(spin[0][0] + spin[1][0])
    rho = qutip.rand_dm([3, 2], seed=7)
    model = q.Model(q.Space("1", "1/2"), [q.Bilinear(0.7, 0, 1), q.Zeeman((sp.sin(3 * q.t), 0, 1))])
    expected = qutip.mesolve([still, [drive, lambda t: np.sin(3 * t)]], rho, TIMES, options=TIGHT).states
    for method in ("frame", "pauli"):
        found = q.solve(model, q.VonNeumann(), rho, TIMES, method=method)
        assert distance(found.states, [s.full() for s in expected]) < 1e-7


def test_qobj_states_operators_and_observables():
    h, ket = dimer_hamiltonian(), qutip.bell_state("01")
    by_operator = q.Model(q.Space.half(2), [q.Operator(h)])
    first = q.solve(by_operator, q.QuantumLLG(0.5), ket, TIMES)
    second = q.solve(MODEL, q.QuantumLLG(0.5), ket.full().ravel(), TIMES)
    assert distance(first.states, second.states) < 1e-9
    assert distance(first.energy, [qutip.expect(h, qutip.Qobj(s, dims=h.dims)) for s in first.states]) < 1e-12
    watched = q.solve(by_operator, q.QuantumLLG(0.5), ket.proj(), TIMES, observe={"z": sigma("z", 0)})
    assert distance(watched.observed["z"], first.bloch(0)[:, 2]) < 1e-9
    assert watched.observed["z"].dtype == float
    assert distance(first.concurrence(), [qutip.concurrence(qutip.Qobj(s, dims=h.dims)) for s in first.states]) < 1e-6


@pytest.mark.parametrize("state", ["pure", "full rank"])
def test_cumulants_of_order_n_follow_the_master_equation(state):
    """Heisenberg's equations with dephasing, in connected correlations."""
    rate, rho = 0.3, STATES[state]
    jumps = [np.sqrt(rate) / 2 * sigma("z", k) for k in (0, 1)]
    observed = {f"m{i}_{a}": sigma(a, i) for i in (0, 1) for a in "xyz"}
    observed |= {f"c0{a}_1{b}": sigma(a, 0) * sigma(b, 1) for a in "xyz" for b in "xyz"}
    run = qutip.mesolve(dimer_hamiltonian(), rho, TIMES, jumps, e_ops=observed, options=TIGHT)
    means = {name: np.real(values) for name, values in run.e_data.items()}
    expected = {name: v - means[f"m0_{name[2]}"] * means[f"m1_{name[5]}"] if name[0] == "c" else v
                for name, v in means.items()}
    components = q.Dephasing(rate).derive(MODEL).cumulants(2)
    found = solve_ivp(components.compile("numpy").bind(), (0, TIMES[-1]), components.of_state(rho), t_eval=TIMES,
                      rtol=1e-11, atol=1e-12, method="DOP853").y
    assert [s.name for s in components.states] == list(expected)
    assert np.abs(found - np.array(list(expected.values()))).max() < 1e-8
    first = q.Dephasing(rate).derive(MODEL).cumulants(1)
    mean_field = solve_ivp(first.compile("numpy").bind(), (0, TIMES[-1]), first.of_state(rho), t_eval=TIMES).y
    assert np.abs(mean_field - np.array(list(expected.values()))[:6]).max() > 0.1
