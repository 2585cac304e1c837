"""The low-rank flow against dense forms, other libraries and its own symmetries."""

import numpy as np
import pytest

import oracle
import qllg_sym as q
from flow.chains import chain, density, field_of_time, state
from flow.reference import distance, integrate
from qllg_sym.flow.methods import low_rank
from qllg_sym.flow.options import Options
from qllg_sym.flow.pose import pose
from qllg_sym.flow.steps.runge_kutta import Kets, RungeKutta
from qllg_sym.flow.steps.tableau import dop853, dopri5
from qllg_sym.flow.subspace.kets import gram, orthonormalise

AGREE = 1e-8                            # 100 times the default tolerance
LAWS = [q.QuantumLLG(0.5), q.QuantumLL(0.5), q.QuantumLLG(-0.8), q.QuantumLLG(0)]
TIMES = [0.0, 0.2, 0.55, 1.0]


@pytest.mark.parametrize("law", LAWS, ids=repr)
@pytest.mark.parametrize(("sites", "rank", "background"), [(1, 1, 0.1), (2, 2, 0.0), (2, 3, 0.05), (3, 1, 0.0),
                                                           (3, 5, 0.02), (3, 8, 0.0)])
def test_against_an_independent_solver(law, sites, rank, background):
    """The implicit law of the textbook matrices, tolerance 1e-12."""
    model, start = chain(sites, sites), state(sites, rank, background, rank)
    found = q.solve(model, law, start, TIMES, method="low-rank")
    assert found.method == "low-rank"
    assert distance(found.states, integrate(model, law, density(start), TIMES)) < AGREE
    assert found.invariants["spectrum"] < 1e-14
    assert found.stats["rank"] == min(rank, 2**sites - 1)               # the commonest level needs no kets


@pytest.mark.parametrize("sites", [4, 5, 6, *(pytest.param(n, marks=pytest.mark.slow) for n in (7, 8))])
@pytest.mark.parametrize("law", LAWS[:2], ids=repr)
def test_against_the_dense_frame_form(sites, law):
    rng = np.random.default_rng(sites)
    rank, background = int(rng.integers(2, 6)), float(rng.random() / 2**sites / 2)
    model, start = chain(sites, sites), state(sites, rank, background, sites)
    times = TIMES if sites < 7 else TIMES[:2]
    frame, found = (q.solve(model, law, start, times, method=name) for name in ("frame", "low-rank"))
    assert distance(found.states, frame.states) < AGREE
    assert distance(found.energy, frame.energy) < AGREE
    assert np.sum(np.diff(found.energy) > 0) == 0                       # κ > 0: the energy falls


@pytest.mark.parametrize("law", LAWS[:2], ids=repr)
def test_fields_that_depend_on_time(law):
    model, start = chain(3, 7, driven=True), state(3, 2, 0.03, 1)
    found = q.solve(model, law, start, TIMES, method="low-rank")
    field = field_of_time(model)
    expected = integrate(model, law, density(start), TIMES, h=field)
    assert distance(found.states, expected) < AGREE
    last = q.solve(model, law, start, TIMES, method="low-rank", keep="final")
    assert distance(last.energy, found.energy) < 1e-12
    first = field(0.0)
    still = integrate(model, law, density(start), TIMES, h=lambda t: first)
    assert distance(still[-1], expected[-1]) > 0.01                     # the drive matters


def test_spins_of_all_kinds():
    space = q.Space("1", "1/2", "3/2")
    model = q.Model(space, [q.Bilinear(0.4, 0, 1), q.Biquadratic(0.2, 0, 2), q.Zeeman((0.3, 0, 1), g=2),
                            q.Anisotropy(np.diag([0, 0, -0.5]), 2)], hbar=0.5)
    rng = np.random.default_rng(2)
    kets = np.linalg.qr(rng.normal(size=(24, 2)) + 1j * rng.normal(size=(24, 2)))[0]
    start = q.LowRank([0.5, 0.26], kets, 0.01)
    found = q.solve(model, q.QuantumLLG(0.7), start, TIMES[:2], method="low-rank")
    assert distance(found.states, integrate(model, q.QuantumLLG(0.7), density(start), TIMES[:2])) < AGREE
    last = q.solve(model, q.QuantumLLG(0.7), start, TIMES[:2], method="low-rank", keep="final")
    assert distance(last.energy, found.energy) < 1e-12                  # as it goes or afterwards, background and all


@pytest.mark.slow
def test_against_qutip_without_damping():
    """κ = 0: Schrödinger's and von Neumann's equations."""
    qutip = pytest.importorskip("qutip")
    model, dims = chain(5, 3), [[2] * 5, [2] * 5]
    h, options = qutip.Qobj(oracle.hamiltonian(model, {}), dims=dims), {"rtol": 1e-12, "atol": 1e-14, "nsteps": 10**5}
    ket = state(5, 1, 0.0, 1)
    found = q.solve(model, q.QuantumLLG(0), ket, TIMES, method="low-rank")
    theirs = qutip.sesolve(h, qutip.Qobj(ket.kets, dims=[[2] * 5, [1] * 5]), TIMES, options=options).states
    assert distance(found.states, [(s * s.dag()).full() for s in theirs]) < AGREE
    mixed = state(5, 3, 0.01, 2)
    found = q.solve(model, q.QuantumLL(0), mixed, TIMES, method="low-rank")
    theirs = qutip.mesolve(h, qutip.Qobj(density(mixed), dims=dims), TIMES, options=options).states
    assert distance(found.states, [s.full() for s in theirs]) < AGREE


def test_pure_states_agree_with_the_exact_exponential():
    model, start = chain(6, 1), q.states.product(*["up", "+x", "down"] * 2)
    times = [0.0, 0.3, 1.0]
    for law in (LAWS[0], LAWS[1]):
        found, exact = (q.solve(model, law, start, times, method=name) for name in ("low-rank", "krylov"))
        overlaps = np.einsum("ndr,ndr->n", found.kets.conj(), exact.kets)
        assert distance(abs(overlaps), 1) < 1e-12
        assert distance(found.energy, exact.energy) < AGREE
    other = q.solve(model, LAWS[1], start, times, method="krylov")
    assert abs(abs(np.vdot(found.kets[-1], other.kets[-1])) - 1) < 1e-12
    assert abs(abs(np.vdot(q.solve(model, LAWS[0], start, times).kets[-1], other.kets[-1])) - 1) > 1e-3


def test_a_permutation_of_the_sites_permutes_the_states():
    model, order = chain(4, 5), [2, 0, 3, 1]
    place = {old: new for new, old in enumerate(order)}
    moved = []
    for term in model.terms:
        if isinstance(term, q.Zeeman):
            moved.append(q.Zeeman(term.B, sites=[place[i] for i in term.sites]))
        else:
            moved.append(type(term)(term.J if isinstance(term, q.Exchange) else term.D, place[term.i], place[term.j]))
    start = state(4, 2, 0.02, 9)
    kets = start.kets.reshape(2, 2, 2, 2, 2).transpose(*order, 4).reshape(16, 2)
    found = q.solve(model, LAWS[0], start, TIMES, method="low-rank")
    permuted = q.Model(model.space, moved)
    other = q.solve(permuted, LAWS[0], q.LowRank(start.weights, kets, 0.02), TIMES, method="low-rank")
    axes = [1 + k for k in order]
    back = found.states.reshape(-1, *[2] * 8).transpose(0, *axes, *[4 + a for a in axes]).reshape(-1, 16, 16)
    assert distance(other.states, back) < AGREE
    assert distance(other.states[-1], found.states[-1]) > 0.01


def test_a_chain_cut_in_two_pure_halves_factorises():
    left, right = chain(3, 1), chain(3, 2)
    shifted = [q.Zeeman(t.B, sites=[i + 3 for i in t.sites]) if isinstance(t, q.Zeeman)
               else type(t)(t.J if isinstance(t, q.Exchange) else t.D, t.i + 3, t.j + 3) for t in right.terms]
    halves = [state(3, 1, 0.0, seed) for seed in (1, 2)]
    whole = q.LowRank([1.0], np.kron(*(h.kets for h in halves)))
    model = q.Model(q.Space.half(6), [*left.terms, *shifted])
    found = q.solve(model, LAWS[0], whole, TIMES, method="low-rank")
    parts = [q.solve(m, LAWS[0], h, TIMES, method="low-rank").states
             for m, h in zip((left, right), halves, strict=True)]
    assert distance(found.states, [np.kron(*pair) for pair in zip(*parts, strict=True)]) < AGREE
    bond = q.Model(model.space, [*model.terms, q.Exchange(0.3, 2, 3)])
    joined = q.solve(bond, LAWS[0], whole, TIMES, method="low-rank")
    assert distance(joined.states[-1], found.states[-1]) > 0.01         # the broken twin: a bond across the cut


def test_a_constant_in_the_hamiltonian_changes_nothing():
    """U†U = 1 is unstable where U†HU > 0: without care the rate would be 2κE = 10⁶ here."""
    model, start = chain(3, 4), state(3, 2, 0.05, 3)
    lifted = q.Model(model.space, [*model.terms, q.Pauli(10**6, "III")])
    plain, found = (q.solve(m, LAWS[0], start, TIMES, method="low-rank") for m in (model, lifted))
    assert distance(found.states, plain.states) < AGREE
    assert found.stats["steps"] < 2 * plain.stats["steps"]


@pytest.mark.parametrize("pair", [dop853(), dopri5()], ids=lambda pair: pair.name)
def test_orthonormality_is_kept_and_would_not_keep_itself(pair):
    """The broken twin steps without the projection: its spectrum moves."""
    problem = pose(chain(3, 6), LAWS[0], state(3, 2, 0.05, 5), [0.0, 40.0], None, Options(rtol=1e-6, atol=1e-8))
    drifts = []
    for project in (orthonormalise, lambda kets: None):
        slope = low_rank.flow(problem, problem.start.weights[0])
        stepper = RungeKutta(slope, 0.0, 40.0, problem.start.kets[0], pair, Kets(1e-6), project)
        while stepper.t < 40:
            stepper.advance()
        drifts.append(distance(gram(stepper.y, stepper.y)[0], np.eye(2)))
    assert drifts[0] < 2e-15
    assert drifts[1] > 1e-9


@pytest.mark.slow
def test_the_spectrum_is_constant_over_ten_thousand_steps():
    model = q.Model(q.Space.half(12), [*[q.Exchange(1, i, i + 1) for i in range(11)], q.Zeeman((0.3, 0, 0.2))])
    problem = pose(model, LAWS[0], state(12, 2, 0.0, 5), [0.0, 1e9])
    slope = low_rank.flow(problem, problem.start.weights[0])
    stepper = RungeKutta(slope, 0.0, 1e5, problem.start.kets[0], dopri5(), Kets(1e-8), orthonormalise)
    drift = 0.0
    while stepper.steps < 10**4:
        stepper.advance()
        if stepper.steps % 100 == 0:
            drift = max(drift, distance(gram(stepper.y, stepper.y)[0], np.eye(2)))
    assert drift < 1e-14
    assert stepper.t > 100


@pytest.mark.parametrize("pair", [dop853(), dopri5()], ids=lambda pair: pair.name)
def test_dense_output_is_as_good_as_the_steps(pair):
    """y' = i k y on columns of different speed: errors follow the tolerance within the steps and at their ends."""
    speed = np.array([1.0, 2.5, -0.3])

    def turn(t, y, out):
        np.multiply(y, 1j * speed, out=out)

    for tolerance in (1e-5, 1e-8, 1e-11):
        stepper = RungeKutta(turn, 0.0, 6.0, np.ones((1, 3), complex), pair, Kets(tolerance))
        worst = 0.0
        while stepper.t < 6:
            before = stepper.t
            stepper.advance()
            for t in np.linspace(before, stepper.t, 4)[1:]:
                worst = max(worst, distance(stepper.at(t)[0], np.exp(1j * speed * t)))
        assert worst < 50 * tolerance * 6
        assert tolerance < 1e-10 or worst > tolerance / 1e4             # a loose tolerance is used


def test_states_that_do_not_move_are_given_back():
    model = q.Model(q.Space.half(3), [q.Zeeman((0, 0, 1))])
    up = q.solve(model, LAWS[0], q.states.product("up", "up", "down"), [0.0, 50.0], method="low-rank")
    assert distance(up.states[1], up.states[0]) == 0
    mixed = q.solve(model, LAWS[0], np.eye(8) / 8, [0.0, 50.0], method="low-rank")
    assert distance(mixed.states, np.eye(8) / 8) < 1e-15


@pytest.mark.parametrize("method", ["low-rank", "krylov", "exact"])
def test_sums_beyond_doubles_are_told(method):
    """Every coupling fits into a double, their sum does not."""
    model = q.Model(q.Space.half(4), q.chain(4, q.Exchange, 1e308))
    with pytest.raises(q.IntegrationError, match=r"stopped after t = 0: [^.]* not finite"):
        q.solve(model, LAWS[0], q.states.product("up", "down", "up", "down"), [0.0, 1.0], method=method)


def test_an_infinite_field_is_told():
    model = q.Model(q.Space.half(2), [q.Zeeman((1 / (q.t - 1), 0, 1)), q.Exchange(1, 0, 1)])
    with pytest.raises(q.IntegrationError, match=r"it needs steps as small as [^.]*; loosen") as caught:
        q.solve(model, LAWS[0], q.states.product("up", "down"), [0.0, 0.5, 2.0], method="low-rank")
    assert caught.value.partial.times.tolist() == [0.0, 0.5]
    assert 0.9 < caught.value.time < 1
    with pytest.raises(q.IntegrationError, match="is not finite near t = 1;"):
        q.solve(model, LAWS[0], q.states.product("up", "down"), [1.0, 2.0], method="low-rank")
