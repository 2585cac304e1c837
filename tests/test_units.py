"""Units against values printed in the literature, and the paper's own numbers."""

import math

import pytest
from scipy import constants

from qllg_sym.errors import InputError
from qllg_sym.units import Units

# CODATA 2022 as printed by NIST, independent of SciPy's tables
HBAR_EV_S = 6.582119569e-16
BOHR_EV_T = 5.7883817982e-5
BOLTZMANN_EV_K = 8.617333262e-5
BOHR_HZ_T = 1.39962449171e10
BOHR_WAVENUMBER_T = 46.686447719  # 1/m
BOHR_K_T = 0.67171381472
BOHR_J_T = 9.2740100657e-24

MU_B = {
    "eV": BOHR_EV_T,
    "meV": BOHR_EV_T * 1e3,
    "ueV": BOHR_EV_T * 1e6,
    "GHz": BOHR_HZ_T * 1e-9,
    "cm-1": BOHR_WAVENUMBER_T / 100,
    "K": BOHR_K_T,
    "J": BOHR_J_T,
}
SECONDS = {"s": 1, "ns": 1e-9, "ps": 1e-12, "fs": 1e-15}


@pytest.mark.parametrize("energy", MU_B)
@pytest.mark.parametrize("time", SECONDS)
def test_constants_in_every_unit(energy, time):
    u = Units(energy, time)
    electronvolt = MU_B[energy] / BOHR_EV_T
    assert u.mu_B == pytest.approx(MU_B[energy], rel=1e-9)
    assert u.hbar == pytest.approx(HBAR_EV_S * electronvolt / SECONDS[time], rel=1e-9)
    assert u.k_B == pytest.approx(BOLTZMANN_EV_K * electronvolt, rel=1e-9)
    assert u.gamma == pytest.approx(2 * BOHR_EV_T / HBAR_EV_S * SECONDS[time], rel=1e-9)


def test_kelvin_and_wavenumber_are_their_own_scales():
    assert Units("K", "ns").k_B == 1.0
    assert Units("GHz", "ns").hbar == pytest.approx(1 / (2 * math.pi))


def test_dimensionless():
    u = Units()
    assert (u.hbar, u.gamma, u.k_B) == (1.0, 1.0, 1.0)
    assert u.mu_B == u.gamma * u.hbar / 2
    assert repr(u) == "Units()  # ħ = γ_g = 1"


def test_the_papers_numbers():
    paper = Units.paper()
    assert f"{paper.mu_B:.2e}" == "6.58e-02"  # meV/T, as printed
    assert 1 / paper.gamma == pytest.approx(10)  # ps at 1 T, as printed
    assert paper.mu_B == pytest.approx(paper.gamma * paper.hbar)  # |J| = γ_g ħ B0 of the figures
    assert paper.hbar == Units("meV", "ps").hbar
    assert paper != Units("meV", "ps")
    assert Units.paper() == paper


def test_describe_states_the_discrepancy():
    text = Units.paper().describe()
    assert all(words in text for words in ("6.58e-2", "0.05788", "10 ps", "5.686 ps", "1.759", "0.5 γ_g ħ B0"))
    assert "6.58e-2" not in Units("meV", "ps").describe()
    assert max(map(len, text.splitlines())) <= 120


def test_repr_says_how_to_make_it():
    assert repr(Units.paper()).startswith("Units.paper()  #")
    assert repr(Units("K", "ns")).startswith("Units('K', 'ns')  # ħ = 0.0076382 K ns, μ_B = 0.6717 K/T")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("kcal", "ps"), "`energy` must be one of J, eV, meV, ueV, K, cm-1, GHz, but is 'kcal'"),
        (("meV", "min"), "`time` must be one of s, ns, ps, fs, but is 'min'"),
        (("meV",), "`time` must be one of s, ns, ps, fs, but is missing"),
        ((None, "ps"), "`energy` must be .* but is missing"),
        ((1.0, "ps"), "but is 1.0"),
        ((["meV"], "ps"), r"but is \['meV'\]"),
    ],
)
def test_unknown_units_are_refused(arguments, words):
    with pytest.raises(InputError, match=words):
        Units(*arguments)


@pytest.mark.parametrize("energy", MU_B)
def test_kelvin_is_an_energy(energy):
    """k_B T: 1 K is 0.08617333 meV."""
    assert Units(energy, "ps").kelvin(4.2) == pytest.approx(4.2 * BOLTZMANN_EV_K * MU_B[energy] / BOHR_EV_T, rel=1e-9)
    assert round(Units("meV", "ps").kelvin(1), 8) == 0.08617333
    for wrong in (-1, math.nan, math.inf, "4 K", True, None):
        with pytest.raises(InputError, match="`temperature` must be a number from 0 on, in kelvin"):
            Units(energy, "ps").kelvin(wrong)


def test_units_are_frozen():
    with pytest.raises(AttributeError):
        Units().hbar = 2.0


@pytest.mark.parametrize(("spelling", "unit"), [("cm^-1", "cm-1"), ("cm⁻¹", "cm-1"), ("1/cm", "cm-1"), ("µeV", "ueV"),
                                                ("\u03bceV", "ueV")])
def test_spellings_of_one_unit(spelling, unit):
    assert (Units(spelling, "ps"), Units(spelling, "ps").energy) == (Units(unit, "ps"), unit)
    with pytest.raises(InputError, match="`energy` must be one of J, eV"):
        Units(f"{spelling}x", "ps")


def test_gigahertz():
    """ν in GHz is 2πν in rad/ns, and the energy hν."""
    for energy, time in (("meV", "ps"), ("cm-1", "ns"), ("K", "fs")):
        units = Units(energy, time)
        joule = constants.k / units.k_B
        assert units.hbar * units.gigahertz(9.5) * joule == pytest.approx(constants.h * 9.5e9, rel=1e-13)
    assert Units("GHz", "ns").gigahertz(-2) == pytest.approx(-4 * math.pi, rel=1e-15)
    assert Units().gigahertz(3) == 3
