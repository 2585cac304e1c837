"""Matrix product states under couplings of any distance, beside kets: dipoles, rings, central spins, random graphs."""

import numpy as np
import pytest
import sympy as sp
from scipy.linalg import expm

import qllg_sym as q
from qllg_sym.flow.hamiltonians.action import Action
from qllg_sym.flow.mps import windows
from qllg_sym.flow.mps.distant import travellers
from qllg_sym.flow.mps.gates import Gates
from qllg_sym.flow.mps.matrix_product import MatrixProductState
from qllg_sym.flow.mps.posed import posed_chain
from qllg_sym.flow.mps.routes import RoutedTensors
from qllg_sym.flow.mps.windows import Windows
from qllg_sym.flow.options import Options

QUICK = {"tolerance": 1e-3}


def neel(n):
    return q.states.product(*(["up", "down"] * n)[:n])


def every(n, coupling, *terms):
    """Spins ½ that are all coupled."""
    return q.Model(q.Space.half(n), [*(q.Exchange(coupling(j - i), i, j) for i in range(n) for j in range(i + 1, n)),
                                     *terms])


def graph(n, edges, seed, *terms):
    """Random couplings of random sites, which keep nothing."""
    rng = np.random.default_rng(seed)
    near = [(i, j) for i in range(n) for j in range(i + 1, n)]
    chosen = [(0, n - 1)] + [near[k] for k in rng.choice(len(near), edges, replace=False)]
    matrices = rng.normal(size=(len(chosen), 3, 3)).round(3) / 2
    bonds = zip(matrices.tolist(), chosen, strict=True)
    return q.Model(q.Space.half(n), [*(q.Bilinear(m, i, j) for m, (i, j) in bonds), *terms])


def central():
    """A spin 1 in the middle, bound to all of a bath that is bound to nothing else."""
    space = q.Space(*["1/2"] * 3, 1, *["1/2"] * 2)
    return q.Model(space, [*(q.Bilinear(0.3 + 0.1 * i, min(i, 3), max(i, 3)) for i in range(6) if i != 3),
                           q.Zeeman((0, 0, 0.4))])


def background(n, seed):
    rng = np.random.default_rng(seed)
    ket = rng.normal(size=2**n) + 1j * rng.normal(size=2**n)
    return q.LowRank([0.7], (ket / np.linalg.norm(ket))[:, None], 0.3 / 2**n)


def random_ket(dims, seed):
    rng = np.random.default_rng(seed)
    ket = rng.normal(size=np.prod(dims)) + 1j * rng.normal(size=np.prod(dims))
    return MatrixProductState.from_ket(dims, ket)


def acted(gate, i, j, ket, dims):
    """A gate on two sites of a ket, the textbook way."""
    shaped = gate.reshape(dims[i], dims[j], dims[i], dims[j])
    moved = np.tensordot(shaped, ket.reshape(dims), axes=((2, 3), (i, j)))
    return np.moveaxis(moved, (0, 1), (i, j)).ravel()


@pytest.mark.parametrize("rule", [min, max, lambda pair: pair[sum(pair) % 2]], ids=["right", "left", "both"])
def test_sites_that_travel_meet_all_partners_and_come_home(rule):
    dims, rng = (2, 3, 2, 2, 4), np.random.default_rng(3)
    gates = {}
    for i, j in [(0, 2), (0, 4), (1, 3), (1, 4), (2, 4), (0, 1)]:
        d = dims[i] * dims[j]
        gate = expm(0.3 * (rng.normal(size=(d, d)) + 1j * rng.normal(size=(d, d))))
        gates.setdefault(rule((i, j)), {})[i + j - rule((i, j))] = gate
    order = []
    for i in range(4, -1, -1):
        own = gates.get(i, {})
        order += [(i, j) for j in sorted(own) if j > i] + [(i, j) for j in sorted(own, reverse=True) if j < i]
    start = random_ket(dims, 4)
    for back, wanted in ((False, order), (True, order[::-1])):
        tensors = RoutedTensors(start, (), 64, 1e-30)
        made = {i: {j: tensors.distant_gate(gate, min(i, j), max(i, j)) for j, gate in own.items()}
                for i, own in gates.items()}
        if not back:
            tensors.sweep({}, 2)
        tensors.travel(made)
        found, overlaps = tensors.state().ket(), []
        for sequence in (wanted, wanted[::-1]):
            ket = start.ket()
            for i, j in sequence:
                ket = acted(gates[i][j], min(i, j), max(i, j), ket, dims)
            overlaps.append(abs(np.vdot(ket, found)) / np.linalg.norm(ket))
        assert overlaps[0] == pytest.approx(1, abs=1e-12)
        assert overlaps[1] < 0.999                                      # the order matters


def test_travellers_are_those_that_go_the_shortest_way():
    star = travellers([(k, 6) for k in range(5)])
    assert set(star.values()) == {6}
    every = [(i, j) for i in range(6) for j in range(i + 2, 6)]
    assert sorted(travellers(every)) == every
    assert all(traveller in pair for pair, traveller in travellers(every).items())


def test_one_operator_has_the_mean_and_the_variance_of_matrices():
    space = q.Space("1/2", 1, "1/2", "1/2", "1/2", 1, "1/2", "1/2")
    rng = np.random.default_rng(5)
    pairs = [(0, 7), (1, 6), (5, 1), (0, 1), (2, 3)]
    spins = [space.spin(k) for k in (1, 2, 3)]
    model = q.Model(space, [*(q.Bilinear(rng.normal(size=(3, 3)).round(3).tolist(), i, j) for i, j in pairs),
                            q.Zeeman((0.2, 0.1, 0.4)), q.ZeroField(0.4, 5), q.Biquadratic(0.2, 0, 5),
                            0.3 * spins[0].dot(spins[1].cross(spins[2])), q.Exchange(0.1, 4, 6)])
    own, psi = Windows(model), random_ket(space.dimensions, 6)
    assert (own.width, sorted(map(sorted, own.distant.pairs))) == (3, [[0, 5], [0, 7], [1, 5], [1, 6]])
    h, ket = Action(model, {}).matrix().toarray(), psi.ket()
    amplitudes = np.ones(1)
    mean = np.vdot(ket, h @ ket).real - own.offset(amplitudes)
    assert own.mean(psi, amplitudes) == pytest.approx(mean, abs=1e-11)
    variance = np.linalg.norm(h @ ket)**2 - np.vdot(ket, h @ ket).real**2
    assert own.variance(psi, amplitudes) == pytest.approx(variance, abs=1e-10)


def test_an_operator_is_as_narrow_as_its_couplings_allow():
    def widths(coupling):
        whole = Windows(every(12, coupling)).distant.whole(np.ones(1))
        return max(len(tensor) for tensor in whole.tensors)

    assert widths(lambda r: sp.Rational(1, 2**r)) == 5                  # one channel for x, y and z each, and two ends
    assert 5 < widths(lambda r: sp.Rational(1, r**3)) <= 20


def tilted(n, seed):
    """A product of random directions."""
    directions = np.random.default_rng(seed).normal(size=(n, 3))
    return q.states.coherent(q.Space.half(n), directions / np.linalg.norm(directions, axis=1, keepdims=True))


PULSE = q.Zeeman((0.3 * sp.cos(2 * q.t), 0, sp.Heaviside(q.t - sp.Rational(3, 10))), 1)
CASES = {
    "ring": (q.Model(q.Space.half(7), q.ring(7, q.Exchange, 0.25)), q.QuantumLLG(0.5), neel(7), "S_z"),
    "dipoles": (every(7, lambda r: sp.Rational(1, 4 * r**3)), q.QuantumLLG(1), neel(7), "S_z"),
    "dipoles without damping": (every(7, lambda r: sp.Rational(1, 4 * r**3)), q.VonNeumann(), neel(7), "S_z"),
    "central spin": (central(), q.QuantumLL(0.6), q.states.product(*["up", "down"] * 3), "S_z"),
    "graph": (graph(7, 3, 1), q.QuantumLLG(0.3), tilted(7, 1), "none"),
    "graph in a pulse": (graph(7, 3, 2, PULSE), q.QuantumLLG(0.5 + q.t / 5), tilted(7, 2), "none"),
    "background": (graph(7, 4, 3), q.QuantumLLG(0.9), background(7, 3), "none"),
}
FAST = {"ring"}


@pytest.mark.parametrize("name", [pytest.param(name, marks=[pytest.mark.slow] * (name not in FAST)) for name in CASES])
def test_readings_are_those_of_kets_and_errors_are_bounded(name):
    model, law, start, kept = CASES[name]
    times, n = [0, 0.2] if name in FAST else [0, 0.15, 0.4], model.space.sites
    run = q.solve(model, law, start, times, method="mps", options=QUICK)
    truth = q.solve(model, law, start, times, method="low-rank" if "pulse" in name else "krylov")
    assert run.stats["conserves"] == kept
    assert run.stats["error"]["bloch"] <= QUICK["tolerance"]
    assert np.all(abs(run.profile() - truth.profile()).max(axis=(1, 2)) <= run.errors["bloch"] + 1e-12)
    assert np.all(abs(run.energy - truth.energy) <= run.errors["energy"] + 1e-12)
    for cut in range(1, n):
        missed = abs(run.entropy(cut) - truth.entanglement(range(cut)))
        assert np.all(missed <= 10 * run.errors["entropy"] + 1e-9)
    assert abs(run.correlation(0, n - 1) - truth.correlation(0, n - 1)).max() < 3e-3
    assert run.stats["energy_law"] < 3e-3 * max(1, abs(run.energy).max())
    assert abs(truth.profile()[-1] - truth.profile()[0]).max() > 0.01


def limited(model, seed, options, kappa):
    """A run that must be content with less than its tolerance, beside kets."""
    times, law, start = [0, 0.3], q.QuantumLLG(kappa), tilted(7, seed)
    with pytest.warns(q.QllgWarning, match="must keep errors below 1e-06, but about .* was reached with bond"):
        run = q.solve(model, law, start, times, method="mps", options=options)
    return run, q.solve(model, law, start, times, method="low-rank" if model.time_dependent else "krylov")


@pytest.mark.slow
@pytest.mark.parametrize(("model", "options", "kappa"), [
    (graph(7, 4, 11), {"bond": 3, "step": 0.3}, 0.3),
    (graph(7, 2, 12, PULSE), {"cut": 1e-5, "step": 0.3}, 1.0),
    (every(7, lambda r: sp.Rational(1, 2 * r)), {"cut": 1e-6, "step": 0.15}, 0.0)])
def test_what_is_lost_on_the_way_is_said_and_bounds_the_error(model, options, kappa):
    run, truth = limited(model, 13, options, kappa)
    missed = abs(run.profile() - truth.profile()).max(axis=(1, 2))
    assert np.all(missed <= run.errors["bloch"] + 1e-12)
    assert np.all(abs(run.energy - truth.energy) <= run.errors["energy"] + 1e-12)
    assert missed.max() > 1e-8


def test_steps_are_of_order_four_and_need_the_adjoint(monkeypatch):
    """Windows of four dimensions, so that four sites have distant terms; H and κ move."""
    monkeypatch.setattr(windows, "LARGEST", 4)
    turned = q.Zeeman((0.3 * sp.cos(2 * q.t), 0.2, sp.sin(q.t)), 1)
    model, law, start = graph(4, 5, 4, turned), q.QuantumLLG(0.5 + q.t / 5), tilted(4, 4)
    posed = posed_chain(model, law, start, [0, 0.8], None, Options(method="mps"))
    truth = q.solve(model, law, start, [0, 0.8], method="low-rank", rtol=1e-12).kets[-1, :, 0]
    (part, *_), = posed.pieces
    gates = Gates(posed.pace(part), part, windows.MovingWindows(part), posed.state)

    def missed(steps):
        tensors, h = RoutedTensors(posed.state, (), 64, 1e-30), 0.8 / steps
        for j in range(steps):
            gates.step(tensors, j * h, h)
        found = tensors.state().ket()
        return np.linalg.norm(found * np.vdot(found, truth) - truth)

    errors = [missed(m) for m in (2, 4)]
    assert 11 < errors[0] / errors[1] < 25
    journey = RoutedTensors._journey
    monkeypatch.setattr(RoutedTensors, "_journey", lambda *args: journey(*args[:-1], False))
    wrong = [missed(m) for m in (2, 4)]
    assert wrong[0] / wrong[1] < 8


def test_a_jump_may_be_one_rounding_after_a_time_that_is_asked_for():
    """3/10 is found as 0.1 + 0.2, so that one step is as long as the last digit."""
    jump = q.Zeeman((sp.cos(2 * q.t), 0, sp.Heaviside(q.t - sp.Rational(3, 10))), 1)
    model = q.Model(q.Space.half(2), [q.Exchange(0.25, 0, 1), jump])
    law, start, times = q.QuantumLLG(0.5), q.states.product("up", "down"), [0, 0.3, 0.6]
    run = q.solve(model, law, start, times, method="mps", options={"step": 0.3, "tolerance": 1e-3})
    truth = q.solve(model, law, start, times, method="low-rank")
    assert abs(run.energy - truth.energy).max() <= run.errors["energy"][-1]
    assert run.stats["energy_law"] < 1e-4


@pytest.mark.parametrize(("model", "k"), [
    (every(7, lambda r: sp.Rational((-1)**r, 4 * r**3)), 1), pytest.param(central(), 2, marks=pytest.mark.slow)],
    ids=["dipoles", "central spin"])
def test_lowest_levels_are_those_of_matrices(model, k):
    found = q.lowest(model, k=k, method="mps")
    wanted = np.linalg.eigvalsh(Action(model, {}).matrix().toarray())
    assert abs(found.energies - wanted[:k]).max() < 1e-9
    h = Action(model, {}).matrix()
    for psi, energy, residual in zip(found.kets, found.energies, found.residuals, strict=True):
        assert abs(np.linalg.norm(h @ psi.ket() - energy * psi.ket()) - residual) < 1e-6


def test_estimates_do_not_depend_on_the_unit_of_energy():
    bonds = {(0, 1): 0.2, (1, 2): -0.5, (2, 3): -0.4, (0, 3): -2.4}
    start, unit = q.states.product("up", "down", "+x", "up"), 2.0**-40
    whole, tiny = (q.solve(q.Model(q.Space.half(4), [q.Exchange(scale * J / 4, *sites) for sites, J in bonds.items()]),
                           q.QuantumLLG(0.5), start, [0, 0.1 / scale], method="mps", options=QUICK)
                   for scale in (1.0, unit))
    assert tiny.stats["steps"] == whole.stats["steps"]
    assert tiny.errors["energy"] / unit == pytest.approx(whole.errors["energy"], rel=1e-3)
