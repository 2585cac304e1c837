"""Exact orbit ensembles: closed forms, sampled unitary matrices, levels that coincide as limits, balls, refusals."""

import pickle
import re
from itertools import combinations
from math import factorial

import mpmath
import numpy as np
import pytest
import sympy as sp
from scipy.stats import unitary_group

import qllg_sym as q
from qllg_sym.ensemble.canonical.arithmetic import Multiprecision
from qllg_sym.ensemble.canonical.determinant import Determinant
from qllg_sym.ensemble.canonical.residues import Residues
from qllg_sym.ensemble.canonical.series import Series

B = 1 / sp.sqrt(3)
DIMER = q.Model(q.Space("1/2", "1/2"), [q.Exchange(1, 0, 1), q.DMI((0, 0, 0.4), 0, 1), q.Zeeman((B, B, B))])
TRIPLET = q.Model(q.Space("1/2", "1/2"), [q.Exchange(1, 0, 1)])
MIXED, PURE = (.55, .25, .15, .05), (1, 0, 0, 0)
SPIN = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, 2))])


def matrix(model):
    """H by Kronecker products, independent of the package."""
    s = [np.array(m) / 2 for m in ([[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]])]
    one, two = [np.kron(a, np.eye(2)) for a in s], [np.kron(np.eye(2), a) for a in s]
    dmi = 4 * .4 * (one[0] @ two[1] - one[1] @ two[0])
    field = sum((a + b) / 3**.5 for a, b in zip(one, two, strict=True))
    return sum(4 * a @ b for a, b in zip(one, two, strict=True)) + (dmi - field) * (model is DIMER)


def weighted(H, spectrum, kT, number=60_000):
    """Samples of ρ = UPU† by Haar's measure, with their Boltzmann factors."""
    u = unitary_group.rvs(len(spectrum), size=number, random_state=np.random.default_rng(5))
    rho = (u * np.array(spectrum)) @ u.conj().transpose(0, 2, 1)
    return rho, np.exp(-np.einsum("nij,ji->n", rho, H).real / kT)


def test_published_numbers_of_the_dimer():
    found = q.canonical(DIMER, MIXED, 1)
    assert (round(found.log_partition, 10), round(found.energy, 10), round(found.variance, 10)) == \
        (0.0739503156, -0.1502144263, 0.1563746789)
    assert round(q.canonical(DIMER, PURE, 1).energy, 10) == -0.8966927858


@pytest.mark.parametrize("p", [1, 0.8, 0.3])
@pytest.mark.parametrize("kT", [0.05, 1, 40])
def test_one_spin_has_the_langevin_function(p, kT):
    with mpmath.workdps(60):
        x = mpmath.mpf(2 * p - 1) / kT         # ΔE (p₁ − p₂)/(2k_BT) with ΔE = 2
        energy, log = -(2 * p - 1) * (mpmath.coth(x) - 1 / x), mpmath.log(mpmath.sinh(x) / x)
        variance = (2 * p - 1)**2 * (1 / x**2 - mpmath.csch(x)**2)
    found = q.canonical(SPIN, [p, 1 - p], kT)
    assert found.energy == pytest.approx(float(energy), rel=1e-13)
    assert found.log_partition == pytest.approx(float(log), rel=1e-13)
    assert found.variance == pytest.approx(float(variance), rel=1e-12)
    assert found.heat_capacity == pytest.approx(float(variance) / kT**2, rel=1e-12)
    assert found.gibbs.energy == pytest.approx(-float(mpmath.tanh(1 / mpmath.mpf(kT))), rel=1e-13)


@pytest.mark.parametrize("spectrum", [MIXED, PURE, (.4, .4, .2, 0), (.7, .1, .1, .1)])
@pytest.mark.parametrize("model", [DIMER, TRIPLET], ids=["split", "triplet"])
def test_means_and_variances_are_those_of_sampled_unitary_matrices(model, spectrum):
    rho, weight = weighted(matrix(model), spectrum, 2)
    probability = weight / weight.sum()
    found, op = q.canonical(model, spectrum, 2), q.Zeeman((0.3, 0, 1), sites=[0]) + q.Pauli(0.5, "XY")
    A = -np.kron(np.array([[1, .3], [.3, -1]]) / 2, np.eye(2)) + .5 * np.kron([[0, 1], [1, 0]], [[0, -1j], [1j, 0]])
    values = np.einsum("nij,ji->n", rho, A).real
    mean = probability @ values
    assert found.log_partition == pytest.approx(np.log(weight.mean()), abs=5 * weight.std() / len(weight)**.5)
    assert found.expectation(op) == pytest.approx(mean, abs=5 * values.std() / 200)
    assert found.variance_of(op) == pytest.approx(probability @ (values - mean)**2, rel=0.04)
    assert np.abs(found.state - np.einsum("n,nij->ij", probability, rho)).max() < 0.01
    assert found.variance_of(model) == pytest.approx(found.variance, rel=1e-11)
    assert found.expectation(model) == pytest.approx(found.energy, rel=1e-11, abs=1e-13)


def split(levels, size):
    """Coinciding levels moved apart."""
    return [(x + size * k * (k + 1), 1) for k, x in enumerate(levels)]


def test_coinciding_levels_are_limits():
    E, p = [3, 1, 1, -1, -1, -1], ["0.4", "0.2", "0.2", "0.1", "0.1", "0"]
    with Multiprecision(60) as numbers:
        held = Determinant([(numbers(3), 1), (numbers(1), 2), (numbers(-1), 3)],
                           [(numbers(x), n) for x, n in (("0.4", 1), ("0.2", 2), ("0.1", 2), ("0", 1))], numbers)
        read = [held.log, held.variance, held.population(1), held.own(1), held.other(1, 1), held.other(0, 2),
                held.coherence(1, 1), held.coherence(2, 1)]
    with Multiprecision(400) as numbers:
        tiny = mpmath.mpf(10)**-25
        near = Determinant(split(map(numbers, E), tiny), split(map(numbers, p), tiny), numbers)
        limit = [near.log, near.variance, near.population(1), near.own(1), near.other(1, 2), near.other(0, 4),
                 near.coherence(1, 2), near.coherence(3, 1)]
        assert max(abs(x - y) for x, y in zip(read, limit, strict=True)) < mpmath.mpf(10)**-22
        twin = near.other(0, 1)                  # which is not that of two equal levels
        assert abs(twin - read[4]) > 1e-5


def test_the_series_and_the_determinant_agree():
    with Multiprecision(50) as numbers:
        levels = [(numbers(3), 1), (numbers(1), 2), (numbers(-1), 3)]
        for single, common in ((numbers(1) / 2, numbers(1) / 10), (numbers(0), numbers(1) / 5)):
            a = Series(levels, single, common, numbers, 40)
            b = Determinant(levels, sorted([(single, 1), (common, 5)]), numbers)
            pairs = [(a.log, b.log), (a.variance, b.variance), (a.variance, a.spread(a.levels)),
                     *((a.other(g, h), b.other(g, h)) for g, h in ((0, 1), (1, 1), (2, 1))),
                     *((a.coherence(g, h), b.coherence(g, h)) for g, h in ((0, 1), (1, 1), (2, 1)))]
            assert max(abs(x - y) for x, y in pairs) < mpmath.mpf(10)**-40


def test_pure_states_of_many_levels():
    model = q.Model(q.Space("31/2", "1/2"), [q.Zeeman((0, 0, 1), [0]), q.Zeeman((0, 0, 0.3), [1])])      # 64 levels
    E = [m + sp.Rational(3, 20) * sign for m in (sp.Rational(2 * k - 31, 2) for k in range(32)) for sign in (1, -1)]
    found = q.canonical(model, [1] + [0] * 63, 0.2)
    with mpmath.workdps(400):                  # residues at simple poles
        x = [-5 * mpmath.mpf(int(e.p)) / int(e.q) for e in E]
        total = sum(mpmath.exp(a) / mpmath.fprod(a - b for b in x if b is not a) for a in x)
        log = mpmath.log(total * factorial(63))
    assert found.log_partition == pytest.approx(float(log), rel=1e-12)
    assert sum(found.populations) == pytest.approx(1, rel=1e-13)


def test_cold_and_hot_limits():
    cold = q.canonical(DIMER, MIXED, 3e-3)
    E = np.linalg.eigvalsh(matrix(DIMER))
    passive = np.sort(MIXED)[::-1] @ E
    assert cold.energy == pytest.approx(passive + 6 * 3e-3, rel=1e-9)       # d(d − 1)/2 pairs of modes, k_BT each
    assert cold.heat_capacity == pytest.approx(6, rel=1e-9)
    hot = q.canonical(DIMER, MIXED, 1e4)
    spread = (E**2).sum() * (np.sum(np.square(MIXED)) - 1 / 4) / 15         # Tr H = 0; second moment of Haar's measure
    assert hot.variance == pytest.approx(spread, rel=1e-4)
    assert hot.energy == pytest.approx(-spread / 1e4, rel=1e-3)


def test_the_virial_thermometer():
    # k_BT = ⟨‖[ρ, H]‖²⟩/(2(Tr H − d⟨E⟩)), from ⟨|ρ_jk|²⟩
    for spectrum, kT in ((MIXED, 0.7), (PURE, 3)):
        found = q.canonical(DIMER, spectrum, kT)
        integral, _ = found._settled
        norm = sum(2 * float(integral.coherence(g, h)) * (found.levels.values[g] - found.levels.values[h])**2
                   for g, h in combinations(range(4), 2))
        assert norm / (2 * (0 - 4 * found.energy)) == pytest.approx(kT, rel=1e-11)


def test_digits_and_balls():
    many = q.canonical(DIMER, MIXED, 1, digits=40)
    for name in ("log_partition", "energy", "variance", "heat_capacity"):
        ball = many.enclose(name, 45)
        with mpmath.workdps(60):
            assert ball.rad() < 1e-44
            mantissa, exponent = ball.mid().man_exp()
            assert abs(mpmath.mpf(int(mantissa)) * mpmath.mpf(2)**int(exponent) - getattr(many, name)) < 1e-38
        assert getattr(q.canonical(DIMER, MIXED, 1), name) == pytest.approx(float(getattr(many, name)), rel=2e-14)
    flat = q.canonical(DIMER, [.25] * 4, 1)
    assert flat.enclose("log_partition", 20).contains(0)
    with mpmath.workdps(40):
        assert abs(many.state[0, 0] + many.state[1, 1] + many.state[2, 2] + many.state[3, 3] - 1) < mpmath.mpf(10)**-38


def test_matched_temperature():
    found = q.canonical(DIMER, PURE, 2)
    assert q.canonical(DIMER, PURE, found.matched_kT).energy == pytest.approx(found.gibbs.energy, rel=1e-11)
    assert found.matched_kT < 2
    with pytest.raises(q.InputError, match=r"no state of it lies below -1\.46228; take a higher kT or"):
        _ = q.canonical(DIMER, MIXED, 1).matched_kT


def test_gibbs_is_the_thermal_state():
    found = q.canonical(DIMER, MIXED, 0.8)
    thermal = q.solve(DIMER, q.VonNeumann(), q.states.thermal(DIMER, 1 / 0.8), [0.]).states[0]
    assert np.abs(found.gibbs.state - thermal).max() < 1e-14
    E = np.linalg.eigvalsh(matrix(DIMER))
    w = np.exp(-E / 0.8)
    assert found.gibbs.log_partition == pytest.approx(np.log(w.sum()), rel=1e-13)
    assert found.gibbs.variance == pytest.approx((w @ E**2) / w.sum() - ((w @ E) / w.sum())**2, rel=1e-12)


def test_symbols():
    J, D, T = sp.symbols("J D T", positive=True)
    model = q.Model(q.Space("1/2", "1/2"), [q.Exchange(J, 0, 1), q.DMI((0, 0, D), 0, 1)])
    at, numbers = {J: 1, D: sp.Rational(3, 10), T: sp.Rational(7, 10)}, {"J": 1, "D": 0.3}
    for spectrum, names in ((PURE, ("log_partition", "energy", "variance")), ((.7, .1, .1, .1), ("energy",))):
        open_one, found = q.canonical(model, spectrum, T), q.canonical(model, spectrum, 0.7, numbers, digits=30)
        with mpmath.workdps(40):
            for name in names:
                assert abs(mpmath.mpf(str(sp.N(getattr(open_one, name).subs(at), 35))) - getattr(found, name)) < 1e-27
    assert q.canonical(SPIN, [1, 0], T).partition == T * sp.sinh(1 / T)
    assert q.canonical(model, PURE, 1, {"J": 1}).partition.free_symbols == {D}


def test_units_need_nothing_more():
    free = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, 1))], units=q.Units("meV", "ps"))
    found = q.canonical(free, [1, 0], 0.05)
    x = 0.05788381798 / 0.05               # μ_B B/k_BT with g = 2, CODATA 2022
    assert found.energy == pytest.approx(-0.05788381798 * (1 / np.tanh(x) - 1 / x), rel=1e-9)


def test_it_pickles_and_says_what_it_is():
    found = q.canonical(DIMER, MIXED, 1)
    assert pickle.loads(pickle.dumps(found)).energy == found.energy
    assert repr(found).startswith("<Canonical on Space('1/2', '1/2'): spectrum (0.55, 0.25, 0.15, 0.05), kT = 1,")


x, y = sp.symbols("x y", real=True)
BAD = [
    ("three", lambda: q.canonical(DIMER, [1, 0, 0], 1), "`spectrum` must be 4 real populations, but is of shape (3,);"),
    ("a sum", lambda: q.canonical(DIMER, [.5, .3, 0, 0], 1), "but they add up to 0.8; divide by their sum."),
    ("negative", lambda: q.canonical(DIMER, [1.2, -.2, 0, 0], 1), "but one is -0.2; divide"),
    ("text", lambda: q.canonical(DIMER, "pure", 1), "`spectrum` must be 4 real populations, but is of type str;"),
    ("cold", lambda: q.canonical(DIMER, PURE, -1), "`kT` must be positive and finite, but is -1; give k_BT"),
    ("zero", lambda: q.canonical(DIMER, PURE, 0), "`kT` must be positive and finite, but is 0; give k_BT"),
    ("no number", lambda: q.canonical(DIMER, PURE, "1 K"), "`kT` must be a positive number, but is '1 K';"),
    ("in time", lambda: q.canonical(q.Model(q.Space("1/2"), [q.Zeeman((q.t, 0, 0))]), [1, 0], 1),
     "`model` must be constant in time and of numeric spins, but it depends on time;"),
    ("no model", lambda: q.canonical("dimer", PURE, 1), "`model` must be a Model, but is of type str;"),
    ("digits", lambda: q.canonical(DIMER, PURE, 1, digits=0), "`digits` must be an integer from 1 to 1000, but is 0;"),
    ("unknown", lambda: q.canonical(DIMER, PURE, 1, {"J": 1}), "`values` must name parameters, but has 'J';"),
    ("open and mixed", lambda: q.canonical(q.Model(q.Space("1/2", "1/2"), [q.Exchange(x, 0, 1)]), MIXED, 1),
     "`spectrum` must have one level apart from the others, which are equal, where symbols are left"),
    ("large", lambda: q.canonical(q.Model(q.Space.half(7)), np.arange(128) / 8128, 1),
     "`model` must have dimension 64 at most for 15 digits and this spectrum, but has 128;"),
    ("reading", lambda: q.canonical(DIMER, PURE, 1).enclose("entropy"), "`what` must be one of log_partition, energy,"),
    ("observable", lambda: q.canonical(DIMER, PURE, 1).variance_of(np.triu(np.ones((4, 4)))),
     "`op` must be Hermitian, but is not; take its Hermitian part."),
]


@pytest.mark.parametrize(("call", "sentence"), [pytest.param(*rest, id=name) for name, *rest in BAD])
def test_refusals(call, sentence):
    with pytest.raises(q.QllgError, match=re.escape(sentence)) as caught:
        call()
    assert str(caught.value).count(". ") == 0


def test_a_temperature_is_matched_where_it_is_cold():
    """Gibbs' energy is exponentially near the ground level, the orbit's (d − 1)k_BT above it."""
    E = np.linalg.eigvalsh(matrix(DIMER))
    for kT in (0.3, 0.05):
        weights = np.exp(-(E - E[0]) / kT)
        expected = (weights @ (E - E[0])) / weights.sum() / 3
        assert q.canonical(DIMER, PURE, kT).matched_kT == pytest.approx(expected, rel=1e-5)


def test_residues_are_the_series_where_both_are_short():
    levels = [(-40.0, 1), (-3.5, 2), (2.0, 3), (65.0, 1)]
    with Multiprecision(80) as numbers:
        a = [(numbers(x), n) for x, n in levels]
        one, other = Series(a, numbers(1), numbers(0), numbers, 60), Residues(a, numbers(1), numbers(0), numbers)
        for read in ("log", "variance", "populations"):
            series, residues = (np.array(getattr(each, read), dtype=float) for each in (one, other))
            assert series == pytest.approx(residues, rel=1e-14)
        assert float(one.other(1, 2)) == pytest.approx(float(other.other(1, 2)), rel=1e-13)
        assert float(one.own(1)) == pytest.approx(float(other.own(1)), rel=1e-13)
        assert float(one.coherence(1, 1)) == pytest.approx(float(other.coherence(1, 1)), rel=1e-13)
