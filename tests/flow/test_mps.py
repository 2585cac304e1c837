"""Matrix product states beside kets, free fermions and dense matrices, the law typed a second time on purpose.

What they say of their errors holds.
"""

import copy
import pickle
import warnings

import numpy as np
import pytest
import sympy as sp
from scipy.linalg import expm

import qllg_sym as q
from qllg_sym.flow.mps import energy_law, gates, options
from qllg_sym.flow.mps.estimate import Estimator
from qllg_sym.flow.mps.matrix_product import MatrixProductState
from qllg_sym.flow.mps.splitting import layers
from qllg_sym.flow.mps.starts import bond_charges
from qllg_sym.flow.mps.tensors import Tensors

TIMES = [0.0, 0.4, 1.0]
QUICK = {"tolerance": 1e-4}
B = sp.Symbol("B", real=True)


def neel(n):
    return q.states.product(*(["up", "down"] * n)[:n])


def ladder(legs):
    """Two sites a rung, rungs and legs, one plaquette term on three neighbours: windows of three sites."""
    space = q.Space.half(2 * legs)
    bonds = [(k, k + 1) for k in range(0, 2 * legs, 2)] + [(k, k + 2) for k in range(2 * legs - 2)]
    spins = [space.spin(k) for k in range(3)]
    return q.Model(space, [q.Exchange(0.3, i, j) for i, j in bonds] + [0.4 * spins[0].dot(spins[1].cross(spins[2])),
                           q.Zeeman((0.1, 0, 0.3))])


def mixed():
    """Spins of several sizes, everything that leaves no charge."""
    return q.Model(q.Space("1/2", 1, "1/2", "3/2"), [
        *q.chain(4, q.Bilinear, [[[1, 0.2, 0], [0.2, -0.5, 0], [0, 0.3, 0.4]]] * 3), q.DMI((0.2, 0, 0.3), 2, 3),
        q.ZeroField(-0.4, 3, 0.1), q.Zeeman((B, 0.2, 0)), q.Biquadratic(0.1, 2, 3)])


def driven():
    """A field that jumps, a coupling that moves, a damping in time."""
    return q.Model(q.Space.half(5), [*q.chain(5, q.Exchange, 0.25 * (1 + sp.sin(3 * q.t) / 2)),
                                     q.Zeeman((sp.Heaviside(q.t - sp.Rational(7, 10)), 0, sp.cos(q.t)), 2)])


def background(n):
    rng = np.random.default_rng(4)
    ket = rng.normal(size=2**n) + 1j * rng.normal(size=2**n)
    return q.LowRank([0.7], (ket / np.linalg.norm(ket))[:, None], 0.3 / 2**n)


HEISENBERG = q.Model(q.Space.half(5), q.chain(5, q.Exchange, 0.25), hbar=0.5)
CASES = {
    "Heisenberg": (HEISENBERG, q.QuantumLLG(0.5), neel(5), {}, "S_z"),
    "q-LL": (HEISENBERG, q.QuantumLL(0.6), neel(5), {}, "S_z"),
    "no damping": (HEISENBERG, q.VonNeumann(), neel(5), {}, "S_z"),
    "ladder": (ladder(3), q.QuantumLLG(0.5), q.states.product("up", "down", "+x", "up", "down", "down"), {}, "none"),
    "mixed spins": (mixed(), q.QuantumLLG(1.0), q.states.product("up", "-y", "down", "+x"), {"B": 0.3}, "none"),
    "driven": (driven(), q.QuantumLLG(0.5 + q.t / 5), neel(5), {}, "none"),
    "background": (q.Model(q.Space.half(4), q.chain(4, q.Exchange, 0.25)), q.QuantumLLG(0.9), background(4), {},
                   "none"),
}
METHODS = {"driven": "low-rank"}


SLOW = {"q-LL", "no damping", "mixed spins"}


@pytest.mark.parametrize("name", [pytest.param(name, marks=[pytest.mark.slow] * (name in SLOW)) for name in CASES])
def test_readings_are_those_of_kets_and_errors_are_bounded(name):
    model, law, start, values, kept = CASES[name]
    n = model.space.sites
    run = q.solve(model, law, start, TIMES, values, method="mps", options=QUICK)
    truth = q.solve(model, law, start, TIMES, values, method=METHODS.get(name, "krylov"))
    assert run.stats["conserves"] == kept
    assert np.all(abs(run.profile() - truth.profile()).max(axis=(1, 2)) <= run.errors["bloch"] + 1e-12)
    assert np.all(abs(run.energy - truth.energy) <= run.errors["energy"] + 1e-12)
    assert run.stats["error"]["bloch"] <= 1e-4
    pure = [q.solve(model, q.VonNeumann(), psi.ket(), [0], values) for psi in run.states]
    for cut in range(1, n):
        assert abs(run.entropy(cut) - truth.entanglement(range(cut))).max() <= 10 * run.stats["error"]["entropy"] + 1e-9
        own = [one.entanglement(range(cut))[0] for one in pure]
        assert abs(run.cuts[:, cut - 1] - own).max() < 1e-9
    for i, j in ((0, 1), (3, 1), (0, n - 1)):
        assert abs(run.correlation(i, j) - truth.correlation(i, j)).max() < 3e-4
        assert abs(run.reduced((i, j)) - truth.reduced((i, j))).max() < 3e-4
    assert abs(run.entropy([0, 3], 2) - truth.entanglement([0, 3], 2)).max() < 1e-3
    assert run.stats["energy_law"] < 1e-3 * max(1, abs(run.energy).max())
    assert run.invariants["norm"] < 1e-12


def test_with_and_without_charges_it_is_one_state(monkeypatch):
    model, law, start, *_ = CASES["Heisenberg"]
    one = q.solve(model, law, start, TIMES, method="mps", options=QUICK)
    monkeypatch.setattr(gates, "bond_charges", lambda psi: None)
    other = q.solve(model, law, start, TIMES, method="mps", options=QUICK)
    assert (one.stats["conserves"], other.stats["conserves"]) == ("S_z", "none")
    assert abs(one.profile() - other.profile()).max() < 1e-5
    assert bond_charges(one.states[-1])[-1] == (-1,)        # three up, two down: −2 S_z
    assert bond_charges(MatrixProductState.product([[0.6, 0.8], [0, 1]])) is None
    assert abs(one.states[-1].overlap(other.states[-1])) == pytest.approx(1, abs=1e-8)


@pytest.mark.parametrize(("n", "options"), [
    (6, {"bond": 5, "step": 0.3}), (6, {"cut": 1e-7, "step": 0.3}), (6, {"step": 0.9}),
    *(pytest.param(12, options, marks=pytest.mark.slow) for options in ({"bond": 12, "step": 0.25}, {"cut": 1e-9}))])
def test_what_is_lost_is_said_and_bounds_the_error(n, options):
    """The weights that the engine discards bound nothing; the estimate does."""
    law, half = q.QuantumLLG(0.5), n // 2
    model, times = q.Model(q.Space.half(n), q.chain(n, q.Exchange, 0.25)), [0, 0.9, 1.8]
    truth = q.solve(model, law, neel(n), times, method="krylov")
    with pytest.warns(q.QllgWarning, match="must keep errors below 1e-06, but about .* was reached with bond"):
        run = q.solve(model, law, neel(n), times, method="mps", options=options)
    missed = abs(run.profile() - truth.profile()).max(axis=(1, 2))
    assert np.all(missed <= run.errors["bloch"] + 1e-12)
    assert np.all(abs(run.energy - truth.energy) <= run.errors["energy"] + 1e-12)
    assert np.all(abs(run.entropy(half) - truth.entanglement(range(half))) <= run.errors["entropy"] + 1e-12)
    assert run.stats["error"]["bloch"] <= 1e4 * max(missed)             # and is of use
    if "bond" not in options:
        assert run.stats["discarded"] < max(missed)


def drawn(seed):
    """A chain of random couplings, with and without total S_z, and how coarsely it is moved."""
    rng = np.random.default_rng(seed)
    n, kept = int(rng.integers(6, 10)), bool(seed % 2)
    fields = rng.normal(size=(n, 3)).round(3) * ((0, 0, 1) if kept else (1, 1, 1))
    bonds = [np.diag(rng.normal(size=2).repeat((2, 1))) if kept else rng.normal(size=(3, 3)) for _ in range(n - 1)]
    model = q.Model(q.Space.half(n), [*q.chain(n, q.Bilinear, [bond.round(3).tolist() for bond in bonds]),
                                      *(q.Zeeman(tuple(field), k) for k, field in enumerate(fields))])
    options = {"cut": 10.0 ** -rng.uniform(4, 10), "step": 10.0 ** -rng.uniform(0.3, 1.2)}
    if seed % 3 == 0:
        options["bond"] = int(rng.integers(2, 2 ** (n // 2)))
    start = neel(n) if kept else q.states.product(*rng.choice(["up", "down", "+x", "-y"], n))
    return model, q.QuantumLLG(float(rng.choice([0, 0.2, 0.5, 1, 2]))), start, options


def beyond(model, law, start, times, options):
    """How far each reading is off over how far it may be off, and the run."""
    truth = q.solve(model, law, start, times, method="krylov")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", q.QllgWarning)
        run = q.solve(model, law, start, times, method="mps", options=options)
    cuts = np.array([truth.entanglement(range(k)) for k in range(1, model.space.sites)]).T
    missed = {"bloch": abs(run.profile() - truth.profile()).max(axis=(1, 2)), "energy": abs(run.energy - truth.energy),
              "entropy": abs(run.cuts - cuts).max(axis=1)}
    return max(float(np.max(off / (run.errors[name] + 1e-12))) for name, off in missed.items()), run


@pytest.mark.parametrize("seed", [pytest.param(seed, marks=[pytest.mark.slow] * (seed not in {1, 2, 4}))
                                  for seed in range(12)])
def test_the_estimate_bounds_errors_of_random_chains(seed):
    model, law, start, options = drawn(seed)
    assert beyond(model, law, start, [0, 0.3, 0.9], options)[0] <= 1


def test_what_is_dropped_before_it_can_grow_is_in_the_estimate(monkeypatch):
    """Short steps with a large cut hold a product state still, with either truncation."""
    model, own = q.Model(q.Space.half(4), q.chain(4, q.Exchange, 0.25)), {"cut": 2e-3, "step": 0.1}
    off, run = beyond(model, q.QuantumLLG(1), neel(4), [0, 0.4], own)
    assert run.stats["bond"] == 1
    assert 0.05 < off <= 1
    monkeypatch.setattr(Estimator, "_bounds", lambda self, lost: dict.fromkeys(("bloch", "energy", "entropy"), 0.0))
    assert beyond(model, q.QuantumLLG(1), neel(4), [0, 0.4], own)[0] > 1e6


def test_no_shorter_step_is_tried_where_truncations_are_the_error(monkeypatch):
    model = q.Model(q.Space.half(6), q.chain(6, q.Exchange, 0.25))
    with pytest.warns(q.QllgWarning, match="must keep errors below"):
        run = q.solve(model, q.QuantumLLG(0.5), neel(6), [0, 0.6], method="mps", options={"cut": 1e-8})
    assert run.stats["runs"] == 3
    assert run.stats["error_step"] > 0.5e-6         # which asks for a shorter one
    monkeypatch.setattr(options, "STEP", 0.8)
    shorter = q.solve(HEISENBERG, q.QuantumLLG(0.5), neel(5), [0, 0.6], method="mps", options={"cut": 1e-20})
    assert shorter.stats["runs"] > 3
    assert shorter.stats["error_step"] < 0.5e-6


def test_the_energy_law_catches_another_rate(monkeypatch):
    model, own = q.Model(q.Space.half(3), q.chain(3, q.Exchange, 0.25)), {"step": 0.15, "tolerance": 1e-4}

    def residual():
        return q.solve(model, q.QuantumLLG(0.5), neel(3), [0, 1], method="mps", options=own).stats["energy_law"]

    right, true = residual(), energy_law.variance_of
    monkeypatch.setattr(energy_law, "variance_of", lambda *args: 1.01 * true(*args))
    assert residual() > 1e-3 > 100 * right


@pytest.mark.parametrize("width", [2, 3])
def test_steps_are_of_order_four_in_fields_that_move(width):
    """Dense: layers at their moments beside small steps of the midpoint rule, extrapolated."""
    rng = np.random.default_rng(width)
    n, size = 5, 2**width
    parts = [[(a + a.conj().T) / 4 for a in rng.normal(size=(2, size, size)) + 1j * rng.normal(size=(2, size, size))]
             for _ in range(n - width + 1)]
    starts = range(len(parts))

    def window(k, t):
        return parts[k][0] + np.sin(2 * t + 1) * parts[k][1]

    def whole(t):
        return sum(np.kron(np.kron(np.eye(2**k), window(k, t)), np.eye(2**(n - k - width))) for k in starts)

    def midpoint(m, ket, c=0.8 - 0.4j):
        for j in range(m):
            ket = expm(-1j * c / m * whole((j + 0.5) / m)) @ ket
        return ket

    def moved(m, shift=0.0, c=0.8 - 0.4j):
        tensors = Tensors(start, (), 64, 1e-30)
        for j in range(m):
            for layer in layers(width):
                t = (j + layer.moment + shift) / m
                tensors.sweep({k: tensors.gate(expm(-1j * c * layer.share / m * window(k, t)), k, width)
                               for k in starts if layer.parity in (None, k % 2)}, width)
        return tensors.state().ket()

    ket = rng.normal(size=2**n) + 1j * rng.normal(size=2**n)
    start = MatrixProductState.from_ket([2] * n, ket)
    coarse, fine = midpoint(100, start.ket()), midpoint(200, start.ket())
    truth = (4 * fine - coarse) / 3
    truth = truth / np.linalg.norm(truth)

    def missed(found):
        return np.linalg.norm(found * np.vdot(found, truth) - truth)

    errors = [missed(moved(m)) for m in (2, 4)]
    assert 11 < errors[0] / errors[1] < 23
    assert errors[1] < 1e-4
    late = [missed(moved(m, shift=0.1)) for m in (2, 4)]        # H taken at the wrong moment
    assert late[0] / late[1] < 3


def test_gates_that_are_not_unitary_keep_the_canonical_form():
    rng = np.random.default_rng(0)
    start = MatrixProductState.from_ket([2] * 6, rng.normal(size=64))
    tensors = Tensors(start, (), 64, 1e-30)
    gate = expm(rng.normal(size=(4, 4)))
    for parity in (0, 1, 0, 1):
        tensors.sweep({k: tensors.gate(gate, k, 2) for k in range(parity, 5, 2)}, 2)
    state = tensors.state()
    for tensor, left, right in zip(state.tensors, state.schmidt[:-1], state.schmidt[1:], strict=True):
        assert abs(np.einsum("apb,cpb->ac", tensor, tensor.conj()) - np.eye(len(tensor))).max() < 1e-12
        from_left = np.einsum("a,apb,apc->bc", left**2, tensor, tensor.conj())
        assert abs(from_left - np.diag(right**2)).max() < 1e-12
    ket = start.ket()
    for parity in (0, 1, 0, 1):
        for k in range(parity, 5, 2):
            ket = np.kron(np.kron(np.eye(2**k), gate), np.eye(2**(4 - k))) @ ket
    assert abs(np.vdot(ket / np.linalg.norm(ket), state.ket())) == pytest.approx(1, abs=1e-12)


@pytest.fixture(scope="module")
def run():
    model = q.Model(q.Space("1/2", 1, "1/2", "1/2"), q.chain(4, q.Bilinear, 0.5))
    return q.solve(model, q.QuantumLLG(0.5), neel(4), TIMES, method="mps", options=QUICK,
                   observe={"S": "entanglement2", "E": "energy", "m": "bloch1",
                            "norm": lambda psi: psi.overlap(psi).real})


@pytest.mark.parametrize("ending", ["npz", "nc"])
def test_files_bring_everything_back(run, tmp_path, ending):
    run.save(tmp_path / f"run.{ending}")
    again = q.load(tmp_path / f"run.{ending}")
    assert isinstance(again, q.MatrixProductTrajectory)
    assert (again.model, again.law, again.stats["bonds"]) == (run.model, run.law, run.stats["bonds"])
    for name in ("vectors", "energy", "cuts"):
        assert np.array_equal(getattr(again, name), getattr(run, name))
    assert np.array_equal(again.correlation(0, 3), run.correlation(0, 3))
    assert all(np.array_equal(again.errors[name], run.errors[name]) for name in run.errors)
    assert np.array_equal(again.observed["S"], run.observed["S"])
    short = {**dict(run._arrays()), "tensors": (run._arrays()["tensors"][0][:-1], ("entry",))}
    with pytest.raises(ValueError, match="numbers"):
        q.MatrixProductTrajectory._fields({name: array for name, (array, _) in short.items()}, 3, 4)


def test_observed_pickled_and_drawn(run):
    assert np.array_equal(run.observed["S"], run.entropy(2))
    assert np.array_equal(run.observed["E"], run.energy)
    assert np.array_equal(run.observed["m"], run.bloch(1))
    assert run.observed["norm"] == pytest.approx(1, abs=1e-12)
    for other in (pickle.loads(pickle.dumps(run)), copy.deepcopy(run)):
        assert np.array_equal(other.reduced([1, 3]), run.reduced([1, 3]))
    assert run.to_xarray().bloch.shape == (3, 4, 3)
    figure, axes = run.plot()
    assert len(axes) == 5
    assert figure is not None


def test_one_goes_on_from_a_state(run):
    whole = q.solve(run.model, run.law, run.at(0.4), [0.4, 1.0], method="mps", options=QUICK)
    assert abs(whole.profile()[-1] - run.profile()[-1]).max() < 2e-4
    assert whole.stats["conserves"] == "S_z"
    kept = q.solve(run.model, run.law, run.final_state, [1.0, 1.1], method="mps", options=QUICK, keep="final")
    assert len(kept.states) == 1
    assert kept.profile().shape == (2, 4, 3)
    with pytest.raises(q.InputError, match="`reduced` needs the states at every time, but 1 were kept"):
        kept.reduced(0)


def test_one_time_and_an_eigenstate_cost_nothing():
    model = q.Model(q.Space.half(16), q.chain(16, q.Exchange, 0.25))
    up = q.solve(model, q.QuantumLLG(0.5), q.states.product(*["up"] * 16), [0, 0.1], method="mps", options=QUICK)
    assert up.stats["bond"] == 1
    assert up.energy == pytest.approx([3.75, 3.75], abs=1e-12)
    one = q.solve(model, q.QuantumLLG(0.5), neel(16), [2.0], method="mps")
    assert one.energy == pytest.approx([-3.75], abs=1e-12)
    assert one.stats["steps"] == 0


def test_ctrl_c_keeps_what_is_done():
    def stop(done):
        if done > 0.2:
            raise KeyboardInterrupt
    with pytest.raises(q.SolveInterrupted, match="interrupted after t = ") as caught:
        q.solve(HEISENBERG, q.QuantumLLG(0.5), neel(5), np.linspace(0, 1, 9), method="mps", options=QUICK,
                progress=stop)
    assert 1 <= len(caught.value.partial) < 9


def test_without_the_library_of_dmrg_states_move_and_lowest_levels_are_refused_in_one_sentence(monkeypatch):
    import sys
    for name in [name for name in sys.modules if name.partition(".")[0] == "tenpy"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "tenpy", None)
    run = q.solve(HEISENBERG, q.QuantumLLG(0.5), neel(5), [0, 0.2], method="mps", options={"tolerance": 1e-3})
    assert run.energy[1] < run.energy[0]
    with pytest.raises(q.InputError, match=r"\"mps\" needs TeNPy; run pip install"):
        q.lowest(HEISENBERG, k=1, method="mps")


@pytest.mark.slow
def test_a_hundred_free_fermions():
    """XX chain of a hundred spins from Néel's state, beside the one-particle matrix."""
    n, times, kappa = 100, [0, 0.5], 0.5
    model = q.Model(q.Space.half(n), q.chain(n, q.Bilinear, [[[1, 0, 0], [0, 1, 0], [0, 0, 0]]] * (n - 1)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run = q.solve(model, q.QuantumLLG(kappa), neel(n), times, method="mps", options={"tolerance": 1e-4})
    h = 0.5 * (np.eye(n, k=1) + np.eye(n, k=-1))
    for k, t in enumerate(times):
        frame = np.linalg.qr(expm(-1j * (1 - 1j * kappa) / (1 + kappa**2) * t * h) @ np.eye(n)[:, ::2])[0]
        matrix = frame @ frame.conj().T
        p = np.clip(np.linalg.eigvalsh(matrix[:50, :50]), 1e-300, 1 - 1e-16)
        entropy = -np.sum(p * np.log(p) + (1 - p) * np.log(1 - p))
        assert abs(run.profile("z")[k] - (2 * np.diag(matrix).real - 1)).max() <= run.errors["bloch"][k] + 1e-12
        assert abs(run.energy[k] - np.trace(matrix @ h).real) <= run.errors["energy"][k] + 1e-12
        assert abs(run.entropy(50)[k] - entropy) <= run.errors["entropy"][k] + 1e-9
    assert run.stats["error"]["bloch"] < 1e-4
