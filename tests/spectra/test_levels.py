"""Levels of molecules: published numbers, forty digits with a count of the levels below, and perturbation theory."""

import mpmath
import numpy as np
import pytest
import sympy as sp
from mpmath import mpf
from scipy import constants
from scipy.optimize import minimize_scalar

import qllg_sym as q
from qllg_sym.flow.hamiltonians.dense import matrix_of

KELVIN, WAVE_NUMBERS = q.Units("K", "ps"), q.Units("cm-1", "ps")
TEN = q.Space("10")
MN12 = q.Model(TEN, [q.ZeroField(-0.46, 0), q.Stevens({(4, 0): -2.2e-5, (4, 4): 4e-5}, 0)], units=WAVE_NUMBERS)
FE8 = q.Model(TEN, [q.ZeroField(-0.292, 0, E=0.046), q.Stevens({(4, 4): -5.8e-5}, 0)], units=KELVIN)


def ladder(D, E, B40, B44, s=10):
    """H by its matrix elements in the states m = s … −s, in the working precision; B44 (S₊⁴ + S₋⁴)/2."""
    m = [mpf(s - k) for k in range(2 * s + 1)]
    x, d = mpf(s) * (s + 1), 2 * s + 1
    step = [mpmath.sqrt(x - m[k] * m[k - 1]) for k in range(1, d)]      # ⟨m + 1|S₊|m⟩
    h = mpmath.zeros(d)
    for k in range(d):
        h[k, k] = D * (m[k]**2 - x / 3) + B40 * (35 * m[k]**4 - 30 * x * m[k]**2 + 25 * m[k]**2 - 6 * x + 3 * x**2)
        for jump, factor in ((2, E / 2), (4, B44 / 2)):
            if k + jump < d:
                h[k, k + jump] = h[k + jump, k] = factor * mpmath.fprod(step[k:k + jump])
    return h


def below(h, x):
    """How many eigenvalues lie below x: negative pivots of h − x (Sylvester's law of inertia)."""
    a, count = h.copy(), 0
    for k in range(a.rows):
        a[k, k] -= x
    for k in range(a.rows):
        count += a[k, k] < 0
        for i in range(k + 1, a.rows):
            factor = a[i, k] / a[k, k]
            for j in range(k, a.rows):
                a[i, j] -= factor * a[k, j]
    return count


def test_the_first_gap_of_mn12():
    """D, B40, B44 of Barra et al., Phys. Rev. B 56, 8192 (1997)."""
    found = q.energy_levels(MN12)
    assert found[2] - found[0] == pytest.approx(10.01894559, abs=5e-9)
    assert (found[2] - found[0]) * constants.c * 1e-7 == pytest.approx(300.3604, abs=1e-4)      # GHz
    with mpmath.workdps(30):
        own = [float(x) for x in mpmath.eigsy(ladder(mpf("-0.46"), 0, mpf("-2.2e-5"), mpf("4e-5")), eigvals_only=True)]
    assert found == pytest.approx(np.sort(own), abs=1e-12)


@pytest.mark.parametrize(("model", "given", "pairs"), [(FE8, ("-0.292", "0.046", "0", "-5.8e-5"), {}),
                                                       (MN12, ("-0.46", "0", "-2.2e-5", "4e-5"), {2: 2, 3: 2})])
def test_forty_digits_have_the_right_number_of_levels_below_them(model, given, pairs):
    """Fe8 of Wernsdorfer and Sessoli, Science 284, 133 (1999); odd m of Mn12 do not split, as 4 divides no 2m."""
    found = q.energy_levels(model, digits=40)
    with mpmath.workdps(70):
        h, off = ladder(*map(mpf, given)), mpf(10)**-38
        for k in (0, 1, 2, 3, 20):
            first = k - k % pairs.get(k, 1)
            assert below(h, found[k] - off) == first
            assert below(h, found[k] + off) == first + pairs.get(k, 1)
        assert below(h, found[1] - (found[1] - found[0]) / 2) == 1


def test_tunnel_splittings():
    """Doubles see 1e-14 of the levels; the sign of the fourth order is seen at the first digit."""
    found = q.energy_levels(FE8, digits=40)
    with mpmath.workdps(60):
        own = sorted(mpmath.eigsy(ladder(*map(mpf, ("-0.292", "0.046", "0", "-5.8e-5"))), eigvals_only=True))
        for k in (0, 2, 4):
            assert abs((found[k + 1] - found[k]) / (own[k + 1] - own[k]) - 1) < mpf(10)**-30
    assert mpmath.nstr(found[1] - found[0], 5) == "4.5183e-8"
    other = q.Model(TEN, [q.ZeroField(-0.292, 0, E=0.046), q.Stevens({(4, 4): 5.8e-5}, 0)], units=KELVIN)
    low, high, *_ = q.energy_levels(other, digits=40)
    assert high - low < (found[1] - found[0]) / 50


def test_a_splitting_of_leading_order_in_perturbation_theory():
    """2 Π⟨m + 2|V|m⟩/Π(E_m − E_s) over the chain of states from −s to s; corrections are of order (E/D)²."""
    def ratio(E):
        low, high, *_ = q.energy_levels(q.Model(TEN, [q.ZeroField(-1, 0, E=E)]), digits=90)
        with mpmath.workdps(90):
            m = [mpf(k) for k in range(-10, 11)]
            steps = [mpmath.sqrt((110 - a * (a + 1)) * (110 - (a + 1) * (a + 2))) * mpf(str(E)) / 2 for a in m[:-2:2]]
            gaps = [100 - a * a for a in m[2:-2:2]]
            return (high - low) / (2 * mpmath.fprod(steps) / mpmath.fprod(gaps))
    small, smaller = ratio(1e-3) - 1, ratio(1e-4) - 1
    assert abs(small) < 1e-3
    assert float(small / smaller) == pytest.approx(100, rel=1e-3)


def test_units_and_parameters():
    D = sp.Symbol("D", real=True)
    model = q.Model(q.Space("1"), [q.ZeroField(D, 0)], hbar=2)
    assert q.energy_levels(model, {"D": 3}) == pytest.approx([-2, 1, 1], abs=1e-14)
    exact = q.energy_levels(model, {D: sp.Rational(1, 3)}, digits=30)
    assert [float(x) for x in exact] == pytest.approx([-2 / 9, 1 / 9, 1 / 9], rel=1e-15)
    field = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, 1.0), g=2.0)], units=q.Units("GHz", "ns"))
    low, high = q.energy_levels(field)
    bohr = constants.physical_constants["Bohr magneton"][0]
    assert high - low == pytest.approx(2 * bohr / constants.h * 1e-9, rel=1e-14)


@pytest.mark.parametrize("kT", [0.4, 3.0])
def test_isothermal_susceptibility_is_the_derivative_of_gibbs_means(kT):
    """Degenerate levels in all parts: a spin 1 with D at no field, and a dimer with a triplet."""
    dimer = q.Model(q.Space("1/2", "1/2"), [q.Exchange(0.4, 0, 1)])
    one = q.Model(q.Space("1"), [q.ZeroField(1.0, 0), q.Zeeman((0, 0, 0.2))])

    def mean(model, probe, f, read):
        h = matrix_of(q.Model(model.space, [*model.terms, -f * probe]), {})
        e, v = np.linalg.eigh(h)
        p = np.exp(-(e - e[0]) / kT)
        return float(np.real(np.einsum("j,ij,ik,kj->", p / p.sum(), v.conj(), matrix_of(
            q.Model(model.space, read), {}), v)))
    for model, a, refilled in ((dimer, dimer.space.spin(0).z, True), (one, one.space.spin(0).z, True),
                               (dimer, dimer.space.spin(0).x + dimer.space.spin(1).x, True),
                               (one, one.space.spin(0).x, False)):
        found = q.response(model, q.QuantumLLG(0.1), q.states.thermal(model, 1 / kT)).isothermal(a, a, kT)
        expected = (mean(model, a, 1e-4, a) - mean(model, a, -1e-4, a)) / 2e-4
        assert found.total == pytest.approx(expected, rel=1e-6)
        still = q.response(model, q.QuantumLLG(0.1), q.states.thermal(model, 1 / kT)).susceptibility(a, a, 0.0)
        assert found.van_vleck == pytest.approx(complex(still), abs=1e-12)
        assert (abs(found.curie) > 1e-3) == refilled


def test_bleaney_and_bowers_maximum():
    """χ = (2/k_BT)/(3 + e^{gap/k_BT}) of a copper dimer has its maximum at k_BT = 0.62361801 gap."""
    gap = 4 * 0.7
    dimer = q.Model(q.Space("1/2", "1/2"), [q.Exchange(0.7, 0, 1)])

    def chi(kT):
        found = q.response(dimer, q.QuantumLLG(0.1), q.states.thermal(dimer, 1 / kT))
        return found.isothermal("Sz", "Sz", kT).total.real
    assert chi(1.3) == pytest.approx(2 / 1.3 / (3 + np.exp(gap / 1.3)), rel=1e-13)
    best = minimize_scalar(lambda kT: -chi(kT), bounds=(1.0, 3.0), method="bounded", options={"xatol": 1e-9})
    assert best.x / gap == pytest.approx(0.62361801, abs=1e-7)
