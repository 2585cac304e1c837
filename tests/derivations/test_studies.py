"""The studies: every statement holds, by paths of their own too; broken twins fail; pictures."""

from dataclasses import replace
from importlib import import_module
from itertools import product
from math import comb
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.linalg import expm

from qllg_sym.errors import CodegenError

STUDIES = import_module("qllg_sym.derivations").studies()
PRODUCT, GROUND, FIELD, LARGE, MAGNET, RING, NEEL, CLOSED, ORBIT, BLOCH, REVERSAL, LASER, HYSTERESIS, PROBE, FITTED = (
    STUDIES[name] for name in ("mixed-product", "ground-time", "crystal-field", "large-s", "magnet", "ring",
                               "neel-chain", "cumulants", "orbit-ensemble", "noisy-bloch", "reversal", "laser",
                               "hysteresis", "quench-spectrum", "fitted-damping"))
MEANS = import_module("qllg_sym.derivations.noisy_means")
ISING = import_module("qllg_sym.derivations.ising_instances")
ANNEAL = import_module("qllg_sym.derivations.ising_anneal")
OPTIMISER = STUDIES["optimiser"]
DIMER = import_module("qllg_sym.derivations.coherent_dimer")
COMPLEX = import_module("qllg_sym.derivations.complex_trajectories")
SIZES = {"neel-chain": {"n": 12, "short": 10}, "large-s": {"largest": 64}, "ring": {"n": 3},
         "ground-time": {"largest": 8},
         "optimiser": {"chains": (9, 11), "sizes": (10, 14), "instances": 20, "times": (1.0, 4.0, 8.0),
                       "sweeps": (2, 8, 32)},
         "orbit-ensemble": {"points": 5, "curve": 5}, "noisy-bloch": {"trajectories": 500},
         "reversal": {"barriers": (3, 4), "trajectories": 400, "kets": 300, "large": 0, "path": 20.0},
         "laser": {"trajectories": 1000}, "cluster-size": {"sizes": (1, 2, 4), "points": 61},
         "substrate": {"side": 4, "heights": (0.0, 0.4, 1.0, 2.4)}, "atom": {"side": 16},
         "skyrmion": {"side": 48}}      # in place of the full
PANELS = {"noisy-bloch": 8, "optimiser": 6}


class Quick(dict):
    """Studies of reduced size by id, each computed once, when it is asked for."""

    def __missing__(self, name):
        self[name] = STUDIES[name].compute(STUDIES[name].QUICK)
        return self[name]


@pytest.fixture(scope="module")
def made():
    """Every study, quick, computed once."""
    return Quick()


def test_all_of_them_are_found():
    assert len(STUDIES) == 21
    assert all(module.TITLE and module.ID == name for name, module in STUDIES.items())


@pytest.mark.parametrize("name", list(STUDIES))
def test_every_statement_holds(name, made):
    study = made[name]
    assert [s.detail for s in study.statements if s.verdict != "holds"] == []
    assert [check for check in study.checks if not check.ok] == []
    assert study.ok
    assert study.caption.endswith(".")


@pytest.mark.slow
@pytest.mark.parametrize("name", list(STUDIES))
def test_every_statement_holds_at_larger_sizes(name):
    module = STUDIES[name]
    study = module.compute(replace(module.Parameters(), **SIZES.get(name, {})))
    assert [s.detail for s in study.statements if s.verdict != "holds"] == []
    assert study.ok


# Numbers by a path that shares nothing with the package ---------------------------------------------


def spin(n):
    """S_x, S_y, S_z for 2s = n."""
    m = n / 2 - np.arange(n + 1)
    up = np.diag(np.sqrt(n / 2 * (n / 2 + 1) - m[1:] * (m[1:] + 1)), 1)
    return (up + up.T) / 2, (up - up.T) / 2j, np.diag(m)


def implicit(h, rho, kappa, times):
    """ρ̇ − iκ[ρ, ρ̇] = i[ρ, H], a second time on purpose, solved for ρ̇ as a dense system."""
    d, one = len(h), np.eye(len(h))

    def velocity(_, y):
        rho = y.reshape(d, d)
        bracket = np.kron(rho, one) - np.kron(one, rho.T)
        return np.linalg.solve(np.eye(d * d) - 1j * kappa * bracket, (1j * (rho @ h - h @ rho)).ravel())

    done = solve_ivp(velocity, (0, times[-1]), rho.astype(complex).ravel(), "DOP853", times, rtol=1e-10, atol=1e-12)
    return done.y.T.reshape(-1, d, d)


def entropy(rho):
    p = np.linalg.eigvalsh(rho)
    p = p[p > 1e-14]
    return -(p * np.log(p)).sum()


def test_the_mutual_information_is_that_of_the_implicit_law(made):
    x, z = np.array([[0, 1], [1, 0]]), np.diag([1, -1])
    one = (np.eye(2) + 0.8 * x) / 2
    h = -0.5 * (np.kron(z, np.eye(2)) + np.kron(np.eye(2), z))
    table = made["mixed-product"].tables["curve"]
    times = table["t"][(table["t"] > 1) & (table["t"] < 12)][::8]
    for t, rho in zip(times, implicit(h, np.kron(one, one), 0.5, times), strict=True):
        parts = rho.reshape(2, 2, 2, 2)
        expected = entropy(np.einsum("ikjk", parts)) + entropy(np.einsum("kikj", parts)) - entropy(rho)
        assert table["I"][table["t"] == t] == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize("n", [1, 4])
@pytest.mark.parametrize("kappa", [0.0, 0.5])
def test_coherent_dimers_are_dense_exponentials(n, kappa):
    one, S = np.eye(n + 1), spin(n)
    pairs = [[np.kron(a, one) for a in S], [np.kron(one, a) for a in S]]
    h = -(pairs[0][0] + pairs[1][0]) - sum(a @ b for a, b in zip(*pairs, strict=True)) / (n / 2)

    def coherent(theta, phi):
        # a rotation of |s⟩ in place of binomial amplitudes
        return expm(-1j * phi * S[2]) @ expm(-1j * theta * S[1])[:, 0]

    ket = expm(-(kappa + 1j) / (1 + kappa**2) * h) @ np.kron(coherent(0.3, 0.2), coherent(2.2, -0.7))
    expected = [[(ket.conj() @ a @ ket).real / (ket.conj() @ ket).real / (n / 2) for a in row] for row in pairs]
    dimer = DIMER.Dimer(n, -1.0, kappa, 1.0)
    assert dimer.doubles()[0] == pytest.approx(np.array(expected), abs=1e-12)
    assert dimer.extended() == pytest.approx(np.array(expected), abs=1e-12)
    assert dimer.plain_series() == pytest.approx(np.array(expected), abs=1e-12)


def test_random_problems_are_what_they_say_and_their_lowest_strings_are_enumerated():
    rng = np.random.default_rng(3)
    couplings = ISING.maxcut(rng, 8)
    assert (couplings + couplings.T).sum(axis=0).tolist() == [3.0] * 8
    glass = ISING.glass(rng, 6)
    assert sorted(set(np.round(glass[np.triu_indices(6, 1)] * 6**0.5, 12))) == [-1.0, 1.0]
    by_hand = [sum(glass[i, j] * s[i] * s[j] for i in range(6) for j in range(i + 1, 6))
               for s in product([1, -1], repeat=6)]
    assert ISING.energies(glass) == pytest.approx(np.array(by_hand), abs=1e-12)
    spectra, lowest = ISING.Spectra.of([glass, -glass]), np.isclose(by_hand, min(by_hand))
    assert spectra.energies[spectra.numbers[0]] == pytest.approx(np.array(by_hand[:32]), abs=1e-12)
    assert spectra.lowest == pytest.approx([min(by_hand), -max(by_hand)], abs=1e-12)
    weights = np.exp(-0.7 * np.array(by_hand))
    assert ISING.boltzmann_success(spectra, 0.7)[0] == pytest.approx(weights[lowest].sum() / weights.sum(), abs=1e-12)


@pytest.mark.parametrize("weight", [1.0, 1 / (1 + 1j)])
def test_annealed_success_is_that_of_dense_exponentials(weight):
    """A glass of four spins, by 2000 exponentials of whole matrices."""
    couplings, total, steps = ISING.glass(np.random.default_rng(5), 4), 3.0, 2000
    levels, x = ISING.energies(couplings), np.array([[0, 1], [1, 0]])
    flips = sum(np.kron(np.kron(np.eye(2**i), x), np.eye(2**(3 - i))) for i in range(4))
    ket = np.full(16, 0.25, dtype=complex)
    for k in range(steps):
        s = (k + 0.5) / steps
        ket = expm(-1j * weight * total / steps * (s * np.diag(levels) - (1 - s) * flips)) @ ket
        ket /= np.linalg.norm(ket)
    expected = (abs(ket)**2)[np.isclose(levels, levels.min())].sum()
    spectra = ISING.Spectra.of([couplings])
    assert ANNEAL.annealed_success(spectra, total, weight, 0.01)[0] == pytest.approx(expected, abs=1e-5)
    other = ANNEAL.annealed_success(spectra, 1.1 * total, weight, 0.01)[0]              # the twin: another time
    assert other != pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("n", [4, 6, 8, 12])
def test_annealing_in_numpy_is_that_in_c_for_any_number_of_problems(n, monkeypatch):
    spectra = ISING.Spectra.of([ISING.maxcut(np.random.default_rng(k), n) for k in range(5)])
    compiled = ANNEAL.annealed_success(spectra, 2.0, 1 / (1 + 0.7j), 0.1)
    monkeypatch.setattr(ANNEAL, "_library", no_compiler)
    with pytest.warns(UserWarning, match="NumPy is used in place of compiled C"):
        assert ANNEAL.annealed_success(spectra, 2.0, 1 / (1 + 0.7j), 0.1) == pytest.approx(compiled, rel=1e-12)


def no_compiler():
    raise CodegenError("there is none.")


def test_the_cost_of_being_sure_counts_restarts():
    """A success of a half in four steps on 2^3 amplitudes of four spins: log2(100) runs of 4 · 8 · 4 turns."""
    p = replace(OPTIMISER.QUICK, times=(1.0,), dt=0.25, sweeps=(3,))
    medians = zip(OPTIMISER.WAYS, (0, 0, 0.5, 1, 0.9), strict=True)
    rows = {way: np.array([[0.4, success, 1.0]]) for way, success in medians}
    found = OPTIMISER._to_be_sure(p, {4: rows})
    assert found["annealed, undamped"][0] == pytest.approx(128 * np.log2(100), abs=0.5)
    assert found["annealed, damped"][0] == pytest.approx(128)
    assert found["simulated annealing"][0] == pytest.approx(24)


@pytest.mark.parametrize("n", [1, 2, 7])
@pytest.mark.parametrize("J", [-1.0, 0.7])
def test_the_lowest_level_of_a_dimer(n, J):
    one, S = np.eye(n + 1), spin(n)
    h = -np.kron(S[0], one) - np.kron(one, S[0]) + J / (n / 2) * sum(np.kron(a, a) for a in S)
    assert DIMER.Dimer(n, J, 0.5, 1.0).lowest == pytest.approx(np.linalg.eigvalsh(h)[0], abs=1e-12)


def test_the_amplification_is_bounded_by_jensen():
    for n in (8, 32):
        dimer = DIMER.Dimer(n, -0.5, 1.0, 1.0)
        assert dimer.doubles()[1] <= DIMER.UNIT * np.exp(dimer.exponent)


def test_the_spin_of_the_magnet_follows_the_ket(made):
    """Schrödinger's equation with the complex rate, its norm taken off, in a ramped field."""
    p, table = MAGNET.QUICK, made["magnet"].tables["ramp"]
    m = np.arange(p.S, -p.S - 1, -1.0)
    k = p.S - m
    ket = np.sqrt([comb(2 * p.S, int(j)) for j in k]) * np.cos(p.theta / 2) ** (2 * p.S - k) * np.sin(p.theta / 2) ** k

    def velocity(t, c):
        energy = -p.D * m**2 - p.B * (1 - 2 * t / p.ramp) * m
        return -(p.kappa + 1j) / (1 + p.kappa**2) * (energy - energy.min()) * c

    done = solve_ivp(velocity, (0, table["t"][-1]), ket.astype(complex), "DOP853", table["t"][::10], rtol=1e-11,
                     atol=1e-60).y
    expected = m @ np.abs(done) ** 2 / (np.abs(done) ** 2).sum(axis=0) / p.S
    assert table["q-llg"][::10] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("n", [2, 4, 6])
def test_the_lowest_levels_of_the_chain(n):
    S, one = spin(1), np.eye(2)

    def at(a, site):
        out = np.eye(1)
        for k in range(n):
            out = np.kron(out, a if k == site else one)
        return out

    h = sum(at(a, k) @ at(a, k + 1) for a in S for k in range(n - 1))
    levels, ket = NEEL.lowest(n)
    exact = np.linalg.eigvalsh(h)
    assert levels[0] == pytest.approx(exact[0], abs=1e-12)
    assert levels[1] == pytest.approx(exact[1], abs=1e-12)
    assert h @ ket == pytest.approx(levels[0] * ket, abs=1e-7)


@pytest.mark.parametrize("h", [0.3, 1.0, 2.0])
def test_free_fermions_are_the_levels_of_the_chain(h):
    n, x, z = 4, np.array([[0, 1], [1, 0]]), np.diag([1, -1])

    def string(ops):
        out = np.eye(1)
        for k in range(n):
            out = np.kron(out, ops.get(k, np.eye(2)))
        return out

    matrix = -sum(string({k: z, k + 1: z}) for k in range(n - 1)) - h * sum(string({k: x}) for k in range(n))
    modes = GROUND.levels(h, n)
    free = sorted(sum(e for k, e in enumerate(modes) if mask >> k & 1) - modes.sum() / 2 for mask in range(2**n))
    assert np.linalg.eigvalsh(matrix) == pytest.approx(np.array(free), abs=1e-9)


# Broken twins ------------------------------------------------------------------------------------------


def failed(statement):
    return statement.verdict != "holds"


def test_a_wrong_law_of_growth_or_decay_fails(monkeypatch):
    monkeypatch.setattr(PRODUCT, "growth", lambda r, kappa: 0.0143186)     # twice the right one
    monkeypatch.setattr(PRODUCT, "decay", lambda r, kappa: 0.08)           # without the denominator
    assert failed(PRODUCT._growth(PRODUCT.QUICK))
    assert failed(PRODUCT._decay(PRODUCT.QUICK))


def test_another_spectrum_correlates_otherwise(monkeypatch):
    monkeypatch.setattr(PRODUCT, "PURE", (1.0, 0.9))
    assert failed(PRODUCT._known(replace(PRODUCT.QUICK, r=0.7)))
    assert failed(PRODUCT._product(PRODUCT.QUICK))


def test_a_wrong_gap_fails():
    p = GROUND.QUICK
    rates, law = GROUND._rates(p)
    assert failed(GROUND._exact(rates, law * 1.25))                         # q-LL's rates
    curve = GROUND._curve(p, GROUND.GAPPED, 4)
    assert not failed(GROUND._gaps(p, {(GROUND.GAPPED, 4): curve}))
    assert failed(GROUND._gaps(p, {(GROUND.GAPPED, 3): curve}))
    assert failed(GROUND._gaps(p, {(GROUND.CRITICAL, 4): curve}))


def test_a_wrong_misfit_fails(monkeypatch):
    p, right = FIELD.QUICK, FIELD.expected
    assert not failed(FIELD._small(p))
    monkeypatch.setattr(FIELD, "expected", lambda p, rho, kappa: replace(right(p, rho, kappa), factor=1 + kappa**2))
    assert failed(FIELD._small(p))
    monkeypatch.setitem(FIELD.SPECTRA, "two-valued", (0.6, 0.25, 0.15))
    assert failed(FIELD._exact(p))


def test_llg_is_not_the_damped_limit(monkeypatch, made):
    p = LARGE.QUICK
    runs = {k: np.array([LARGE._moments(DIMER.Dimer(n, p.J, k, p.t)) for n in p.sizes]) for k in (0.0, p.kappa)}
    llg = {k: COMPLEX.classical(p.J, k, p.t) for k in runs}
    twin = {k: (llg[k], llg[k]) for k in runs}
    assert not failed(LARGE._undamped(p, runs, twin))
    assert failed(LARGE._damped(p, runs, twin))
    assert failed(LARGE._known(p, runs, twin))
    assert failed(LARGE._undamped(p, {0.0: runs[p.kappa]}, {0.0: twin[p.kappa]}))


@pytest.mark.slow
def test_doubles_fail_where_damping_amplifies_rounding():
    dimer = DIMER.Dimer(128, -0.5, 1.0, 2.0)
    exact = dimer.extended()
    local, bound = dimer.doubles()
    assert bound > 1                                            # nothing is promised
    assert np.linalg.norm(dimer.plain_series() - exact) > 0.1
    assert np.linalg.norm(dimer.doubles(DIMER.UNIT)[0] - exact) > 1e-3
    assert local == pytest.approx(exact, abs=1e-9)              # two arithmetics, two algorithms


def test_a_wrong_area_or_a_wrong_ring_fails(monkeypatch, made):
    p = MAGNET.QUICK
    angles = np.array([np.pi / 3])
    found = np.array([MAGNET._switched(p, angles[0])])
    assert not failed(MAGNET._area(p, angles, found))
    assert failed(MAGNET._area(replace(p, kappa=0.45), angles, found))
    assert failed(MAGNET._stays(replace(p, D=0.04), made["magnet"].tables["sudden"]))
    ring = RING._run(RING.QUICK, RING.QuantumLLG, np.linspace(0, 2, 5))
    slow = RING._run(RING.QUICK, RING.QuantumLL, np.linspace(0, 2, 5))
    for judge in (RING._sublattices, RING._lande):
        assert not failed(judge(RING.QUICK, ring))
        assert failed(judge(RING.QUICK, slow))


def test_the_wrong_rate_of_energy_fails(monkeypatch):
    p, times = NEEL.QUICK, np.linspace(0, 4, 37)
    _, ground = NEEL.lowest(p.n)
    runs = {"q-LLG": NEEL._read(p, NEEL.QuantumLLG(p.kappa), times, ground),
            "q-LL": NEEL._read(p, NEEL.QuantumLL(p.kappa), times, ground)}
    assert not failed(NEEL._energy(p, times, runs))
    assert failed(NEEL._energy(p, times, {"q-LLG": runs["q-LL"], "q-LL": runs["q-LLG"]}))
    assert failed(NEEL._same(p, runs | {"same": NEEL._read(p, NEEL.QuantumLL(p.kappa), times[::NEEL.EVERY], ground)}))


@pytest.mark.slow
@pytest.mark.parametrize("problem", list(OPTIMISER.PROBLEMS))
def test_the_table_of_the_page_is_what_the_study_computes(problem):
    """Fifty problems of 14 spins, a second time; larger ones take minutes."""
    page = Path(__file__).parents[2] / "docs/theory" / f"study_optimiser_{problem}-sizes.csv"
    table = np.genfromtxt(page, delimiter=",", skip_header=1)
    assert table[::3, 0].tolist() == list(OPTIMISER.Parameters().sizes)
    again = OPTIMISER._by_size({14: OPTIMISER._success(OPTIMISER.Parameters(), problem, 14)})
    assert table[:3] == pytest.approx(np.array(list(again.values())).T, abs=1.1e-4)


def test_without_its_damping_the_optimiser_is_not_better_nor_is_it_cheaper_than_flips():
    p = replace(OPTIMISER.QUICK, sizes=(4,))
    rows = {way: np.tile([[0.4, success, 1.0]], (3, 1)) for way, success in zip(OPTIMISER.WAYS, (0, 0, 0.4, 0.6, 0.8),
                                                                                 strict=True)}
    success = {"cut": {4: rows}}
    assert not failed(OPTIMISER._damped(p, success))
    assert not failed(OPTIMISER._sweeps(p, success))
    undamped, damped, flips = OPTIMISER.WAYS[2:]
    assert failed(OPTIMISER._damped(p, {"cut": {4: rows | {undamped: rows[damped], damped: rows[undamped]}}}))
    assert failed(OPTIMISER._sweeps(p, {"cut": {4: rows | {flips: 0.001 * rows[flips]}}}))


# Pictures -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(STUDIES))
def test_every_picture_can_be_drawn(name, made):
    panels = [axis for axis in made[name].draw().axes if axis.get_title("left")]
    assert len(panels) == PANELS.get(name, 3)
    assert all(any(label(axis) for axis in panels) for label in (lambda a: a.get_xlabel(), lambda a: a.get_ylabel()))
    assert name in PANELS or all(axis.get_xlabel() and axis.get_ylabel() for axis in panels)


def test_the_mean_field_of_the_ring_is_llg_by_hand(made):
    """B_i = B x̂ − (J/2)(m_(i−1) + m_(i+1)): H with S = m/2, over spin and γ_g."""
    p, table = CLOSED.QUICK, made["cumulants"].tables["ring_FM"]

    def moved(t, y):
        m = y.reshape(-1, 3)
        torque = np.cross(m, np.array([p.field, 0, 0]) + (np.roll(m, 1, axis=0) + np.roll(m, -1, axis=0)) / 2)
        return ((torque - p.kappa * np.cross(m, torque)) / (1 + p.kappa**2)).ravel()

    signs = (-1.0) ** np.arange(p.sites)
    start = np.stack([0 * signs, 0 * signs, signs], axis=1).ravel()
    found = solve_ivp(moved, (0, p.stop), start, t_eval=table["t"], rtol=1e-10, atol=1e-12).y
    assert np.abs(found.reshape(p.sites, 3, -1)[:, 2].T @ signs / p.sites - table["staggered_1"]).max() < 1e-7
    assert np.abs(table["staggered_1"] - table["staggered_exact"]).max() > 0.3


def test_the_dimers_mean_field_is_not_llg_in_the_papers_field(monkeypatch):
    given = CLOSED.ClassicalLLG
    monkeypatch.setattr(CLOSED, "ClassicalLLG", lambda alpha, field: given(alpha, field="paper"))
    p, times = CLOSED.QUICK, np.linspace(0, CLOSED.QUICK.stop, CLOSED.QUICK.points)
    dimers = {name: CLOSED._run(CLOSED._dimer(p, sign), p.kappa, times) for name, sign in CLOSED.SIGNS.items()}
    assert CLOSED._classical(p, dimers, times).verdict != "holds"


def test_the_ramp_of_hysteresis_is_schroedingers_equation(made):
    """κ = 0, H a second time, another integrator: the fraction that crosses, and the slowest rate of the study."""
    p, table = HYSTERESIS.QUICK, made["hysteresis"].tables["rates"]
    x, y, z = spin(2 * p.S)
    still = p.E * (x @ x - y @ y) - z @ z - p.B_x * x
    rate, span = table["rate"][-1], 1.0
    ket = np.linalg.eigh(still + 0.5 * z)[1]
    ket = ket[:, np.argmax(abs(ket[-1]))]
    done = solve_ivp(lambda t, c: -1j * (still @ c - (rate * t - 0.5) * (z @ c)), (0, span / rate),
                     ket.astype(complex), "DOP853", rtol=1e-10, atol=1e-12).y[:, -1]
    levels = np.linalg.eigh(still - 0.5 * z)[1]
    stays = levels[:, np.argmax(abs(levels[-1]))]
    assert 1 - abs(stays.conj() @ done)**2 == pytest.approx(table["gone"][-1], abs=1e-7)


def test_wrong_gaps_rates_and_baths_fail(monkeypatch, made):
    p = HYSTERESIS.QUICK
    gone = made["hysteresis"].tables["rates"]["gone"]
    assert not failed(HYSTERESIS._formula(p, gone))
    assert not failed(HYSTERESIS._coercive(p))
    assert not failed(HYSTERESIS._odds(p))
    assert failed(HYSTERESIS._selection(replace(p, B_x=1e-3)))              # no step with that, either
    hot = HYSTERESIS._heated(p)
    assert not failed(HYSTERESIS._bath(p, hot))
    assert failed(HYSTERESIS._bath(replace(p, kT=2 * p.kT), hot))
    right = HYSTERESIS.gap
    monkeypatch.setattr(HYSTERESIS, "gap", lambda p, n: 1.2 * right(p, n))
    assert failed(HYSTERESIS._formula(p, gone))
    assert failed(HYSTERESIS._coercive(p))
    monkeypatch.setattr(HYSTERESIS, "QuantumLLG", lambda kappa: q_ll(2 * kappa))
    assert failed(HYSTERESIS._odds(p))


def test_the_probe_in_another_state_or_law_fails(monkeypatch, made):
    p = PROBE.QUICK
    table = made["quench-spectrum"].tables
    delay = p.delays[1]
    probed = {delay: PROBE._probed(p, delay)}
    signals = {delay: PROBE.signal(probed[delay])}
    assert not failed(PROBE._felt(p, probed, signals))
    assert failed(PROBE._felt(replace(p, kappa=0.3), probed, signals))
    omega = table["absorption"]["omega"]
    late = PROBE.response(PROBE._model(p), PROBE.QuantumLLG(p.kappa), "ground").susceptibility(PROBE.A, PROBE.A, omega)
    early = PROBE.spectrum(p, delay, probed[delay].times, signals[delay], omega)
    assert failed(PROBE._late(p, early, late))
    assert failed(PROBE._gain(p, omega, dict.fromkeys(p.delays, late), late))
    monkeypatch.setattr(PROBE, "_matrix", lambda p: np.diag([0, 1, 2, 3]))
    assert failed(PROBE._undamped(p))


def test_the_susceptibility_late_is_that_of_two_levels(made):
    """FM ground state |→→⟩: A couples it to one level at B, χ = |A_01|² (1/(B − ω(1 + iκ)) + 1/(B + ω(1 + iκ)))."""
    p, table = PROBE.QUICK, made["quench-spectrum"].tables["absorption"]
    w = table["omega"] * (1 + 1j * p.kappa)
    plus = np.full(4, 0.5)
    coupled = PROBE.A @ plus
    share = coupled @ coupled - (plus @ coupled)**2
    minus = table["omega"] * (1 - 1j * p.kappa)
    expected = table["omega"] / 2 * (share * (1 / (p.B - w) + 1 / (p.B + minus))).imag
    assert table["stationary"] == pytest.approx(expected, abs=1e-10)
    assert table[f"t_{p.delays[-1]:g}"] == pytest.approx(expected, abs=0.01 * expected.max())


def test_fits_of_other_laws_and_numbers_fail(monkeypatch, made):
    p = replace(FITTED.QUICK, points=17)
    assert not failed(FITTED._only_q(p))
    assert not failed(FITTED._inverse(p))
    right = FITTED.closed_x
    monkeypatch.setattr(FITTED, "closed_x", lambda p, kappa: right(p, kappa / (1 + 0.1 * kappa)))
    assert failed(FITTED._inverse(p))
    assert failed(FITTED._error(p))
    monkeypatch.setattr(FITTED, "closed_x", lambda p, kappa: FITTED.curve({**p.true, "kappa": kappa}, p.times)[:, 0])
    assert failed(FITTED._only_q(p))                                        # with D ≠ 0 r1x knows more
    monkeypatch.setattr(FITTED, "QuantumLL", FITTED.QuantumLLG)
    read = FITTED.curve(p.true, p.times)
    assert failed(FITTED._laws(p, read))


def q_ll(kappa):
    return import_module("qllg_sym").QuantumLL(kappa)


# Temperature ----------------------------------------------------------------------------------------


def test_noise_that_is_a_tenth_too_strong_fails(monkeypatch):
    given, p = ORBIT.Bath, replace(ORBIT.QUICK, points=3)
    monkeypatch.setattr(ORBIT, "Bath", lambda kT: given(1.1 * kT))
    found = {"pure": ORBIT.simulated(p, "pure")}
    assert failed(ORBIT._agree(p, found))
    value, error = ORBIT.strength(p, found)
    assert value == pytest.approx(1.1, abs=5 * error)
    assert failed(ORBIT._caught(p, found))


def test_gibbs_state_in_place_of_the_orbits_mean_fails(made):
    curves = {name: made["orbit-ensemble"].tables[f"exact_{name}"] for name in ("pure", "werner")}
    assert not failed(ORBIT._apart(curves))
    same = {name: table | {"distance": 0 * table["distance"]} for name, table in curves.items()}
    assert failed(ORBIT._apart(same))
    matched = {name: table | {"still_apart": 0 * table["kT"]} for name, table in curves.items()}
    assert failed(ORBIT._matched(ORBIT.QUICK, matched))


def test_gibbs_energies_are_boltzmanns(made):
    """Σ E e^(−E/kT)/Z from the levels of H = J σ·σ + …, beside what the study drew."""
    table = made["orbit-ensemble"].tables["exact_pure"]
    levels = np.linalg.eigvalsh(ORBIT.by_hand(ORBIT.QUICK))
    weights = np.exp(-(levels - levels[0]) / table["kT"][:, None])
    assert table["energy_gibbs"] == pytest.approx(weights @ levels / weights.sum(axis=1), abs=1e-12)


def test_the_orbits_mean_is_that_of_random_states(made):
    """Pure states drawn at random, with weights exp(−E/kT)."""
    table, h = made["orbit-ensemble"].tables["exact_pure"], ORBIT.by_hand(ORBIT.QUICK)
    draws = np.random.default_rng(3).standard_normal((200_000, 4, 2)) @ [1, 1j]
    kets = draws / np.linalg.norm(draws, axis=1, keepdims=True)
    energies = ((kets.conj() @ h) * kets).sum(axis=1).real
    for kT, energy in zip(table["kT"][-3:], table["energy"][-3:], strict=True):
        weights = np.exp(-energies / kT) / np.exp(-energies / kT).sum()
        mean = weights @ energies
        assert abs(mean - energy) < 5 * np.sqrt(weights**2 @ (energies - mean)**2)


def heun(h, fields, kappa, kT, times, trajectories, seed):
    """Kets by a Heun scheme of the law written for kets, iħ(1 + iκ)dψ = (H dt + dX − ⟨…⟩)ψ: energies, (m, n)."""
    rng, step = np.random.default_rng(seed), 0.005
    kets = np.zeros((trajectories, 4), dtype=complex)
    kets[:, 1] = 1

    def energy(kets):
        return ((kets.conj() @ h) * kets).sum(axis=1).real

    def moved(kets, noise):
        turned = np.einsum("mij,mj->mi", step * h + noise, kets)
        mean = (kets.conj() * turned).sum(axis=1, keepdims=True).real
        return -1j / (1 + 1j * kappa) * (turned - mean * kets)

    found = [energy(kets)]
    for _ in range(round(times[-1] / step)):
        noise = np.tensordot(rng.standard_normal((trajectories, len(fields))), fields, axes=1)
        noise = noise * np.sqrt(2 * kappa * kT * step)
        first = moved(kets, noise)
        kets = kets + (first + moved(kets + first, noise)) / 2
        kets /= np.linalg.norm(kets, axis=1, keepdims=True)
        found.append(energy(kets))
    return np.array(found)[np.round(times / step).astype(int)].T


@pytest.mark.parametrize("letter", ["a", "d"])
def test_energies_on_the_way_are_those_of_a_scheme_by_hand(letter, made):
    """Fields on each spin: the mean energies of the study beside those of the implicit law of kets, solved by hand."""
    p, table = BLOCH.QUICK, made["noisy-bloch"].tables[letter]
    h = MEANS.dimer_matrix(*p.couplings(letter), (1, 0, 0))
    times = table["time_ps"][:p.points:10] / 10
    energies = heun(h, np.array(MEANS.fields_of_spins()), p.kappa, p.kT, times, 300, 5)
    mean, error = energies.mean(axis=0), energies.std(axis=0, ddof=1) / 300**0.5
    apart = np.abs(mean - table["local_energy"][:p.points:10])[1:]
    assert (apart < 5 * np.hypot(error, table["local_energy_error"][:p.points:10])[1:]).all()
    assert np.abs(mean - table["invariant_energy"][:p.points:10]).max() > 5 * error[-1] or letter == "d"


def test_wrong_heating_or_a_wrong_bath_fails(monkeypatch):
    p = replace(BLOCH.QUICK, trajectories=400)
    cases = {letter: BLOCH._case(p, letter) for letter in "ab"}
    assert not failed(BLOCH._balanced(p, cases))
    wrong = BLOCH.heating_rate
    with monkeypatch.context() as patch:
        patch.setattr(BLOCH, "heating_rate", lambda *given: 1.1 * wrong(*given))
        assert failed(BLOCH._balanced(p, cases))
    swapped = {k: replace(case, noisy={"invariant": case.noisy["local"], "local": case.noisy["invariant"]})
               for k, case in cases.items()}
    assert failed(BLOCH._canonical(p, swapped))
    assert failed(BLOCH._elsewhere(p, swapped | {"c": swapped["a"]}))
    assert failed(BLOCH._fluctuating(replace(p, kT=0.25), cases))
    under = {k: replace(case, noisy=dict(case.noisy, gilbert=case.noisy["local"])) for k, case in cases.items()}
    assert failed(BLOCH._gilbert(p, under))             # q-LLG under fields is not canonical


def test_passages_are_those_of_moments_moved_by_hand(made):
    """Brown's equation dm = m × (B + b) dt and its damping, by a Heun scheme, beside the eigenvalue."""
    p, sigma, rng, step = REVERSAL.QUICK, 3.0, np.random.default_rng(8), 0.02
    kT, lam = p.barrier / sigma, p.kappa / (1 + p.kappa**2)
    speed = REVERSAL.diffusion(p, p.S, kT)
    m, passed = np.tile([0.0, 0.0, 1.0], (400, 1)), np.zeros(400, dtype=bool)

    def turned(m, noise):
        field = 2 * p.D * p.S * m[:, 2:] * [0, 0, 1]
        return np.cross(m, field + p.kappa * np.cross(field, m)) * step / (1 + p.kappa**2) + np.cross(m, noise)

    steps = round(1 / (speed * REVERSAL.lowest(sigma, 0.0, REVERSAL.ABSORBED)) / step)
    for _ in range(steps):
        noise = np.sqrt(2 * lam * kT / p.S * step) * rng.standard_normal(m.shape)
        first = turned(m, noise)
        m = m + (first + turned(m + first, noise)) / 2
        m /= np.linalg.norm(m, axis=1, keepdims=True)
        passed |= m[:, 2] < REVERSAL.ABSORBED
    exact = 1 - REVERSAL.surviving(sigma, 0.0, REVERSAL.beyond(REVERSAL.ABSORBED, speed * step),
                                   [speed * step * steps])[0]
    assert abs(passed.mean() - exact) < 5 * np.sqrt(exact * (1 - exact) / 400)


def test_moments_in_a_hotter_bath_and_half_a_barrier_fail(monkeypatch):
    p, given = REVERSAL.QUICK, REVERSAL.Bath
    monkeypatch.setattr(REVERSAL, "Bath", lambda *bath: given(1.1 * bath[0], *bath[1:]))
    moments = [REVERSAL.moment_passages(p, sigma, 0.0, k) for k, sigma in enumerate((3.0, 5.0))]
    assert failed(REVERSAL._brown(p, moments))
    halved = [replace(each, sigma=each.sigma / 2) for each in moments]
    assert failed(REVERSAL._arrhenius(p, halved))
    cold = replace(moments[1], sigma=250.0)
    assert failed(REVERSAL._free(p, [replace(cold, left=(0.9, 0.3))], []))      # 0.62 are past, not 0.7


def test_a_prefactor_without_the_field_fails(monkeypatch):
    assert not failed(REVERSAL._prefactor(REVERSAL.QUICK))
    given = REVERSAL.brown
    monkeypatch.setattr(REVERSAL, "brown", lambda sigma, h: given(sigma, h) / (1 - h**2))
    assert failed(REVERSAL._prefactor(REVERSAL.QUICK))


def test_the_heat_of_a_pulse_on_its_way():
    """Explicit Euler steps of the two-temperature model, typed a second time."""
    p, step, T = LASER.QUICK, 1e-4, np.array([0.1, 0.1])
    for k in range(30_000):
        power = p.fluence * np.exp(-((k * step - 2) / 0.3)**2 / 2) / (0.3 * np.sqrt(2 * np.pi))
        flow = 0.5 * (T[0] - T[1])
        T = T + step * np.array([(power - flow) / T[0], flow / 3])
    table = LASER.temperatures(p, np.array([0.0, 3.0]))
    assert [table["T_e"][-1], table["T_l"][-1]] == pytest.approx(T, abs=1e-3)


def test_a_wrong_bath_or_wrong_rates_fail_in_the_pulse(monkeypatch):
    p = replace(LASER.QUICK, stop=12.0, points=121, trajectories=300)
    heat = LASER.temperatures(p, np.linspace(-p.ready, p.stop, 1001))
    runs = LASER.ket_run(p, heat), LASER.moment_run(p, heat)
    assert not failed(LASER._balanced(p, *runs))
    assert failed(LASER._balanced(replace(p, fluence=0.6), *runs))
    assert failed(LASER._ends(replace(p, start=0.12), *runs))
    assert failed(LASER._loss(p, *runs[::-1]))
    given = LASER.kets_at
    monkeypatch.setattr(LASER, "kets_at", LASER.moments_at)
    monkeypatch.setattr(LASER, "moments_at", given)
    assert failed(LASER._ends(p, *runs))


def test_the_ensemble_of_two_moments_is_that_of_random_ones():
    p, kT = LASER.QUICK, 0.5
    draws = np.random.default_rng(4).standard_normal((200_000, 2, 3))
    m = draws / np.linalg.norm(draws, axis=2, keepdims=True)
    energies = p.J * (m[:, 0] * m[:, 1]).sum(axis=1) - p.B * m[:, :, 2].sum(axis=1) / 2
    weights = np.exp(-energies / kT) / np.exp(-energies / kT).sum()
    for values, exact in zip((energies, m[:, :, 2].mean(axis=1)), LASER.moments_at(p, kT), strict=True):
        mean = weights @ values
        assert abs(mean - exact) < 5 * np.sqrt(weights**2 @ (values - mean)**2)
