"""Models in units: what laboratories measure, with numbers from their tables."""

import tomllib

import numpy as np
import pytest

import qllg_sym as q
from qllg_sym.modelfile.read import parse_document

ELECTRON = 28.024951        # GHz/T, of the free electron, g = 2.00231930 (NIST)
WAVENUMBER = 29.9792458     # GHz per cm⁻¹, the speed of light
PLANCK = 4.135667696        # meV ps


def test_a_free_electron_precesses_at_its_epr_frequency():
    """0.34 T is X band: 9.53 GHz."""
    model = q.Model(q.Space("1/2"), q.Zeeman((0, 0, 0.34), g=2.00231930436), units=q.Units("GHz", "ns"))
    times = np.linspace(0, 1, 41)
    run = q.solve(model, q.VonNeumann(), np.ones((2, 2)) / 2, times)
    angle = 2 * np.pi * 0.34 * ELECTRON * times
    assert run.bloch(0)[:, 0] == pytest.approx(np.cos(angle), abs=1e-5)
    twice = q.Model(q.Space("1/2"), q.Zeeman((0, 0, 0.34)), units=q.Units("GHz", "ns"))
    assert twice.terms[0].g == 2
    assert "fields in T" in twice.describe()


def test_zero_field_lines_of_a_spin_one():
    """D and E in cm⁻¹: |+1⟩ and |−1⟩ mix with 2E, |x⟩ and |z⟩ lie D − E apart; H is traceless."""
    model = q.Model(q.Space("1"), q.ZeroField(0.5, 0, E=0.1), units=q.Units("cm-1", "ps"))
    times = np.linspace(0, 400, 81)
    run = q.solve(model, q.VonNeumann(), np.array([1, 0, 0]), times)
    period = 1e3 / (2 * 0.1 * WAVENUMBER)                           # 166.8 ps
    assert run.bloch(0)[:, 2] == pytest.approx(np.cos(2 * np.pi * times / period), abs=1e-6)
    line = 1e3 / ((0.5 - 0.1) * WAVENUMBER)
    x = np.array([-1, 0, 1]) / np.sqrt(2)                           # energy D/3 − E; |0⟩ has −2D/3
    run = q.solve(model, q.VonNeumann(), (x + [0, 1, 0]) / np.sqrt(2), times)
    overlap = run.population(((x + [0, 1, 0]) / np.sqrt(2))[:, None])
    assert overlap == pytest.approx(np.cos(np.pi * times / line)**2, abs=1e-6)


@pytest.mark.parametrize("term", [q.Exchange(0.25, 0, 1), q.Bilinear(1, 0, 1)], ids=["Exchange", "Bilinear"])
def test_the_gap_of_a_dimer_in_mev_is_a_period_in_ps(term):
    """Singlet and triplet 1 meV apart: |↑↓⟩ comes back after h/1 meV."""
    model = q.Model(q.Space.half(2), term, units=q.Units("meV", "ps"))
    run = q.solve(model, q.VonNeumann(), q.states.product("up", "down"), np.linspace(0, PLANCK, 9))
    assert run.bloch(0)[:, 2] == pytest.approx(np.cos(np.linspace(0, 2 * np.pi, 9)), abs=1e-6)


def test_couplings_are_energies_in_every_unit():
    """In units in which ħ is not 1 the levels of a term are what its letters say."""
    for term, spins, levels in [(q.Bilinear(1, 0, 1), ("1/2", "1/2"), [-0.75, 0.25, 0.25, 0.25]),
                                (q.Anisotropy(np.diag([0, 0, 2]), 0), ("1",), [0, 2, 2]),
                                (q.Biquadratic(1, 0, 1), ("1/2", "1/2"), [1 / 16, 1 / 16, 1 / 16, 9 / 16])]:
        model = q.Model(q.Space(*spins), term, units=q.Units("meV", "ps"))
        found = [q.solve(model, q.VonNeumann(), np.eye(len(levels))[:, k], [0]).energy[0] for k in range(len(levels))]
        assert sum(found) == pytest.approx(sum(levels))             # the trace of H, which no basis changes


def test_units_of_the_paper_and_none():
    paper = q.Model(q.Space("1/2"), q.Zeeman((0, 0, 1)), units=q.Units.paper())
    assert (paper.terms[0].g, float(paper.gamma)) == (1, pytest.approx(0.1))
    assert q.Model(q.Space("1/2"), q.Zeeman((0, 0, 1)), units=q.Units()).hamiltonian.terms == \
        q.Model(q.Space("1/2"), q.Zeeman((0, 0, 1))).hamiltonian.terms


def test_what_is_read_and_drawn_carries_the_units():
    model = q.Model(q.Space("1/2"), q.Zeeman((0, 0, 0.34)), units=q.Units("GHz", "ns"))
    run = q.solve(model, q.VonNeumann(), q.states.product("up"), [0, 1])
    _, axes = run.plot(["energy"])
    assert (axes[-1].get_xlabel(), axes[0].get_ylabel()) == ("time $t$ (ns)", "energy $E$ (GHz)")
    assert run.last.units == model.units
    pytest.importorskip("xarray", reason="Datasets are xarray's")
    data = run.to_xarray()
    assert (data["time"].attrs["units"], data.attrs["energy_unit"]) == ("ns", "GHz")
    assert "ħ = 0.159155, γ_g = 87.941;" in model.describe()
    assert float(model.hbar) == pytest.approx(1 / (2 * np.pi), rel=1e-15)       # rounded where it is shown


def test_a_jump_with_a_term_has_the_constants_of_the_model():
    """L = −g μ_B B·S with g = 2 where none is given: coherence decays at γ (g μ_B B)²/2, μ_B/h in GHz/T from NIST."""
    units = q.Units("GHz", "ns")
    law = q.Lindblad([(0.01, q.Zeeman((0, 0, 0.34)))])
    run = q.solve(q.Model(q.Space("1/2"), units=units), law, q.states.product("+x"), [0, 1])
    assert run.bloch(0)[-1, 0] == pytest.approx(np.exp(-0.01 * (2 * 13.99624491711 * 0.34)**2 / 2), rel=1e-9)


FILE = """
[system]
spins = ["1/2"]
units = ["GHz", "ns"]
[[term]]
kind = "zeeman"
B = [0, 0, 0.34]
[law]
kind = "von-neumann"
[state]
kind = "product"
spins = ["up"]
[time]
stop = 1
points = 2
"""


def test_a_model_file_has_units():
    wanted = q.Model(q.Space("1/2"), q.Zeeman((0, 0, 0.34)), units=q.Units("GHz", "ns"))
    assert parse_document(tomllib.loads(FILE), "file").model == wanted


@pytest.mark.parametrize(("options", "says"), [
    ({"hbar": 1.05}, "`hbar` must be left out where `units` are given"), ({"gamma": 2}, "`gamma` must be left out"),
    ({"units": "meV"}, "`units` must be Units")])
def test_wrong_units_are_one_sentence(options, says):
    with pytest.raises(q.QllgError, match=says):
        q.Model(q.Space("1/2"), [], **{"units": q.Units("meV", "ps"), **options})


def test_a_wrong_unit_in_a_file_is_one_sentence():
    with pytest.raises(q.ModelError, match="`energy` must be one of"):
        parse_document(tomllib.loads(FILE.replace("GHz", "furlong")), "file")
