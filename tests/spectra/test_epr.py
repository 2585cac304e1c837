"""EPR against closed forms, levels scanned by dense NumPy, the response at each field, and powder integrals."""

import numpy as np
import pytest
from scipy import constants
from scipy.special import voigt_profile

import qllg_sym as q
from oracle import spin_matrices
from qllg_sym.spectra.line_shapes import resolvent
from qllg_sym.spectra.orientations import DEGREES, powder_grid

UNITS = q.Units("GHz", "ns")
BOHR = constants.physical_constants["Bohr magneton"][0] / constants.h * 1e-9       # GHz/T
FREE = q.Model(q.Space("1/2"), units=UNITS)
ONE = q.Model(q.Space("1"), [q.ZeroField(3.0, 0, E=0.4)], units=UNITS)
LAW = q.QuantumLLG(0.1)
N = np.array([1.0, 2, 3]) / np.sqrt(14)
FIELDS = np.linspace(0.0, 0.8, 801)


def test_a_free_electron():
    g, nu, kelvin = 2.00231930436, 9.5, 2.0
    found = q.epr(FREE, LAW, temperature=kelvin, frequency=nu, fields=np.linspace(0.2, 0.5, 4001), g=g)
    line, = found.transitions
    place = nu / (g * BOHR)
    polarised = np.tanh(constants.h * nu * 1e9 / (2 * constants.k * kelvin))
    assert line["place"] == pytest.approx(place, rel=1e-12)
    assert line["half_width"] == pytest.approx(0.1 * polarised * place, rel=1e-9)
    assert line["difference"] == pytest.approx(polarised, rel=1e-9)
    assert line["strength"] == pytest.approx(g**2 / 4, rel=1e-12)
    # Lorentz's line of all the power: ½ω π |M|² Δ / slope, in GHz and tesla with ħ of the units
    height = 0.5 * (2 * np.pi * nu) * (g * BOHR)**2 / 4 * polarised / (UNITS.hbar * 0.1 * polarised * nu * 2 * np.pi)
    assert found.absorption.max() == pytest.approx(height, rel=1e-3)
    assert found.derivative == pytest.approx(np.gradient(found.absorption, found.field), abs=2e-3 * abs(
        found.derivative).max())


def matrices(spins):
    """S_a of each site of a product space, (sites, 3, d, d)."""
    dims = [int(2 * s) + 1 for s in spins]
    found = []
    for site, s in enumerate(spins):
        before, after = int(np.prod(dims[:site])), int(np.prod(dims[site + 1:]))
        found.append([np.kron(np.kron(np.eye(before), a), np.eye(after)) for a in spin_matrices(s)])
    return np.array(found)


def scanned(h, m, nu, fields):
    """Resonance fields by a fine scan: sign changes of every level difference, interpolated."""
    levels = np.linalg.eigvalsh(h - fields[:, None, None] * m)
    found = []
    for j in range(h.shape[0]):
        for k in range(j):
            gap = levels[:, j] - levels[:, k] - nu
            at = np.nonzero((gap[:-1] < 0) != (gap[1:] < 0))[0]
            found += [fields[i] - gap[i] * (fields[i + 1] - fields[i]) / (gap[i + 1] - gap[i]) for i in at]
    return np.sort(found)


GAPPED = [[2.2, 0.1, 0.0], [0.1, 2.0, 0.05], [0.0, 0.05, 1.9]]
TRIO = q.Model(q.Space("1/2", "1", "3/2"), [q.Exchange(4.0, 0, 1), q.Exchange(-3.0, 1, 2), q.ZeroField(2.0, 1, E=0.3),
                                            q.ZeroField(-5.0, 2), q.DMI((0.3, 0, 0.5), 0, 1)], units=UNITS)


@pytest.mark.parametrize("nu", [3.0, 9.5, 20.0])
def test_fields_of_a_spin_one_are_those_of_a_fine_scan(nu):
    s = matrices([1])[0]
    h = 3.0 * (s[2] @ s[2] - 2 / 3 * np.eye(3)) + 0.4 * (s[0] @ s[0] - s[1] @ s[1])
    m = np.tensordot(N @ np.array(GAPPED), s, axes=1) * BOHR
    found = q.epr(ONE, LAW, temperature=4, frequency=nu, fields=FIELDS, g=GAPPED, direction=(1, 2, 3))
    expected = scanned(h, m, nu, np.linspace(-0.04, 0.84, 80_001))
    assert found.transitions["place"] == pytest.approx(expected, abs=1e-8)
    assert len(expected) >= 2


def test_spin_one_along_its_axis_in_closed_form():
    """Levels D/3 ± √(E² + (gμ_BB)²) and −2D/3; the line between the outer two is seen in parallel mode alone."""
    nu, g, D, E = 12.0, 2.0, 3.0, 0.4
    found = q.epr(ONE, LAW, temperature=4, frequency=nu, fields=FIELDS, g=g)
    expected = [np.sqrt((nu - sign * D)**2 - E**2) / (g * BOHR) for sign in (1, -1)]
    assert found.transitions["place"] == pytest.approx(expected, rel=1e-10)
    assert expected[0] != pytest.approx(expected[1], rel=0.1)
    half = q.epr(ONE, LAW, temperature=4, frequency=nu, fields=FIELDS, g=g, mode="parallel")
    assert half.transitions["place"] == pytest.approx([np.sqrt(nu**2 / 4 - E**2) / (g * BOHR)], rel=1e-10)


def test_three_spins_with_tensors_of_their_own():
    """Every line with its strength, slope and populations: twenty-four levels, crossings and loops."""
    nu, tensors = 9.5, np.array([np.diag([2.0, 2.0, 2.3]), GAPPED, np.diag([1.9, 2.1, 2.0])])
    s = matrices([0.5, 1, 1.5])
    dot = [np.einsum("aij,ajk->ik", s[i], s[i + 1]) for i in (0, 1)]
    z, x, y = s[1][2], s[1][0], s[1][1]
    one = np.eye(24)
    h = 16 * dot[0] - 12 * dot[1] + 2 * (z @ z - 2 / 3 * one) + 0.3 * (x @ x - y @ y)
    h = h - 5 * (s[2][2] @ s[2][2] - 5 / 4 * one)
    d = np.array([0.3, 0, 0.5])
    h = h + 4 * sum(d[a] * (s[0][b] @ s[1][c] - s[0][c] @ s[1][b]) for a, b, c in ((0, 1, 2), (1, 2, 0), (2, 0, 1)))
    moments = np.einsum("iab,ibjk->ajk", tensors, s) * BOHR
    m = np.tensordot(N, moments, axes=1)
    found = q.epr(TRIO, LAW, temperature=4, frequency=nu, fields=FIELDS, g=tensors, direction=N)
    expected = scanned(h, m, nu, np.linspace(-0.04, 0.84, 8_801))
    places = np.sort(found.transitions["place"])
    assert len(places) > 10
    assert all(abs(expected - place).min() < 2e-6 for place in places)
    lost = [x for x in expected if abs(places - x).min() > 2e-6]
    assert len(lost) < len(expected) / 3            # those left out are fainter than 1e-10 of the strongest
    beta, plain = constants.h * 1e9 / (constants.k * 4), 0
    for line in found.transitions:
        e, v = np.linalg.eigh(h - line["place"] * m)
        j, k = line["upper"], line["lower"]
        assert e[j] - e[k] == pytest.approx(nu, rel=1e-9)
        p = np.exp(-beta * (e - e[0]))
        assert line["difference"] == pytest.approx((p[k] - p[j]) / p.sum(), rel=1e-7)
        elements = [v[:, j].conj() @ a @ v[:, k] for a in moments]
        strength = (np.linalg.norm(elements)**2 - abs(N @ elements)**2) / 2 / BOHR**2
        assert line["strength"] == pytest.approx(strength, rel=1e-5, abs=1e-12)
        slope = abs((v[:, j].conj() @ m @ v[:, j] - v[:, k].conj() @ m @ v[:, k]).real)
        bend = np.diff([2 * sum(abs(v[:, n].conj() @ m @ v[:, a])**2 / (e[a] - e[n]) for n in range(24) if n != a)
                        for a in (j, k)])[0]
        width = 0.1 * line["difference"] * nu
        assert line["half_width"] == pytest.approx(width / (slope**4 + (bend * width / 2)**2)**0.25, rel=1e-4)
        plain += abs(line["half_width"] * slope / width - 1) < 0.01
    assert plain > len(places) / 2              # the curvature is nothing to most lines


@pytest.mark.parametrize("law", [q.QuantumLLG(0.3), q.QuantumLL(0.3)])
def test_a_sweep_of_the_frequency_is_the_response(law):
    nu = np.linspace(1, 20, 25)
    found = q.epr(ONE, law, temperature=2, field=0.3, frequencies=nu, g=2.1, direction=N)
    model = q.Model(ONE.space, [*ONE.terms, q.Zeeman(tuple(0.3 * N), g=2.1)], units=UNITS)
    response = q.response(model, law, q.states.thermal(model, 1 / UNITS.kelvin(2)))
    first = np.cross(N, [0, 0, 1]) / np.linalg.norm(np.cross(N, [0, 0, 1]))
    expected = sum(response.absorption(q.Zeeman(tuple(-e), g=2.1), UNITS.gigahertz(1) * nu)
                   for e in (first, np.cross(N, first))) / 2
    assert found.absorption == pytest.approx(expected, rel=1e-9)
    fine = np.linspace(5, 9, 4001)
    again = q.epr(ONE, law, temperature=2, field=0.3, frequencies=fine, g=2.1, direction=N, width=0.1)
    assert again.derivative == pytest.approx(np.gradient(again.absorption, fine), abs=1e-3 * abs(
        again.derivative).max())


@pytest.mark.parametrize("law", [q.QuantumLLG(0.05), q.QuantumLL(0.05)])
def test_a_sweep_of_the_field_is_the_response_at_each_field(law):
    """Narrow lines: within the change of slopes and populations over a line."""
    fields = np.linspace(0.1, 0.5, 41)
    nu, kelvin = 9.5, 1.0
    found = q.epr(ONE, law, temperature=kelvin, frequency=nu, fields=fields, g=2.1)
    expected = []
    for b in fields:
        model = q.Model(ONE.space, [*ONE.terms, q.Zeeman((0, 0, b), g=2.1)], units=UNITS)
        response = q.response(model, law, q.states.thermal(model, 1 / UNITS.kelvin(kelvin)))
        expected.append(sum(response.absorption(q.Zeeman(e, g=2.1), [UNITS.gigahertz(nu)])[0]
                            for e in ((1, 0, 0), (0, 1, 0))) / 2)
    assert found.absorption == pytest.approx(np.array(expected), abs=0.02 * max(expected))


def test_a_looping_line_is_no_wider_than_its_turn():
    """Spin 1 across its axis: E_upper − E_lower of a pair has a minimum just below the frequency."""
    model = q.Model(q.Space("1"), [q.ZeroField(6.0, 0), q.Zeeman((0, 0, 0.2), g=2.0)], units=UNITS)
    fields = np.linspace(-0.4, 0.4, 81)
    s = matrices([1])[0]

    def gaps(b):
        e = np.linalg.eigvalsh(6 * (s[2] @ s[2] - 2 / 3 * np.eye(3)) - 2 * BOHR * (0.2 * s[2] + b * s[0]))
        return e[:, 1] - e[:, 0]
    grid = np.linspace(-0.4, 0.4, 801)[:, None, None]
    low = float(gaps(grid).min())
    nu = low * (1 + 1e-6)
    found = q.epr(model, q.QuantumLLG(0.05), temperature=0.2, frequency=nu, fields=fields, g=2.0, direction=(1, 0, 0))
    expected = []
    for b in fields:
        one = q.Model(model.space, [*model.terms, q.Zeeman((b, 0, 0), g=2.0)], units=UNITS)
        response = q.response(one, q.QuantumLLG(0.05), q.states.thermal(one, 1 / UNITS.kelvin(0.2)))
        expected.append(sum(response.absorption(q.Zeeman(a, g=2.0), [UNITS.gigahertz(nu)])[0]
                            for a in ((0, 1, 0), (0, 0, 1))) / 2)
    assert len(found.transitions) == 2
    assert found.absorption == pytest.approx(np.array(expected), abs=0.05 * max(expected))
    assert found.absorption[[0, -1]] == pytest.approx(np.array(expected)[[0, -1]], rel=0.6)


def test_an_axial_powder_is_its_integral():
    """Spin ½ with g∥ and g⊥: the field hν/(μ_B g(θ)) over cos θ, with the strength of the perpendicular mode."""
    along, across, nu, width = 2.4, 2.0, 9.5, 6e-3
    fields = np.linspace(0.25, 0.37, 241)
    z = (np.arange(20_000) + 0.5) / 20_000
    g = np.sqrt(along**2 * z**2 + across**2 * (1 - z**2))
    places = nu / (g * BOHR)
    strength = (across**2 + along**2 * across**2 / g**2) / 8        # of g, half of both directions, ¼ of spin ½
    p = np.tanh(constants.h * nu * 1e9 / (2 * constants.k * 4))
    sigma = width / (2 * np.sqrt(2 * np.log(2)))
    lines = voigt_profile(fields[:, None] - places, sigma, 0.02 * p * places)
    expected = lines @ (strength / g) / len(z)
    for kind, error in (("zcw", 0.02), ("lebedev", 0.03)):
        found = q.epr(FREE, q.QuantumLLG(0.02), temperature=4, frequency=nu, fields=fields, width=width, powder=kind,
                      orientations=377, g=np.diag([across, across, along]))
        scale = (found.absorption @ expected) / (expected @ expected)
        assert found.absorption == pytest.approx(scale * expected, abs=error * scale * expected.max())
        assert scale == pytest.approx(0.5 * np.pi * 2 * np.pi * nu * p * BOHR, rel=5e-3)
        assert 0 < found.error.max() < (0.15 if kind == "zcw" else 1) * found.absorption.max()


def test_grids_of_powders():
    for kind, count in (("zcw", 377), ("zcw", 1000), ("lebedev", 50), ("lebedev", 5810)):
        points, weights = powder_grid(kind, count)
        assert len(weights) >= count
        assert weights.sum() == pytest.approx(1, rel=1e-12)
        assert np.linalg.norm(points, axis=1) == pytest.approx(np.ones(len(points)), rel=1e-12)
        assert weights @ points[:, 2]**2 == pytest.approx(1 / 3, abs=1e-5 if kind == "zcw" else 1e-13)
        assert abs(weights @ points).max() < 0.01
    assert len(powder_grid("zcw", 610)[0]) == 610
    half, weights = powder_grid("zcw", 610, half=True)
    assert (half[:, 2] > 0).all()
    assert weights @ half[:, 0]**2 == pytest.approx(1 / 3, abs=1e-3)
    points, weights = powder_grid("lebedev", 194)
    assert len(weights) == 194
    assert weights @ points[:, 0]**22 == pytest.approx(1 / 23, rel=1e-12)
    assert DEGREES[-1] == 131


@pytest.mark.parametrize("sigma", [0.0, 0.3, 2.0])
def test_lines_are_voigts(sigma):
    x, gamma = np.linspace(-5, 5, 2001), 0.4
    found, slope = resolvent(x, np.full(2001, gamma), sigma)
    assert found.real == pytest.approx(voigt_profile(x, sigma, gamma), rel=1e-10)
    assert slope[1:-1] == pytest.approx(np.gradient(found, x)[1:-1], abs=2e-4 * abs(slope).max())


def test_a_ladder_of_ten():
    """Spin 10 along its axis: lines from m to m − 1 at (hν + D(2m − 1))/gμ_B, of the strength of S₊."""
    D, nu = -0.46, 285.0
    units = q.Units("cm-1", "ps")
    molecule = q.Model(q.Space("10"), [q.ZeroField(D, 0)], units=units)
    found = q.epr(molecule, q.QuantumLLG(0.05), temperature=30, frequency=nu, fields=np.linspace(0, 20, 801), width=0.1)
    gap = nu * 1e9 / constants.c / 100                      # in cm⁻¹
    bohr = constants.physical_constants["Bohr magneton"][0] / (constants.h * constants.c * 100)
    m = np.arange(-9, 11)
    expected = (gap + D * (2 * m - 1)) / (2 * bohr)
    seen = expected[(expected > 0) & (expected < 20)]
    places = found.transitions["place"]
    inside = places[(places > 0) & (places < 20)]
    assert inside == pytest.approx(np.sort(seen), rel=1e-8)
    m_seen = np.sort(m[(expected > 0) & (expected < 20)])[::-1] if D > 0 else m[(expected > 0) & (expected < 20)]
    strength = (110 - m_seen * (m_seen - 1)) / 4 * 4        # |⟨m|S_x|m − 1⟩|² g²
    rows = found.transitions[(places > 0) & (places < 20)]
    assert rows["strength"] == pytest.approx(strength[np.argsort(seen)], rel=1e-8)


def test_kittels_frequency():
    """A film with its normal along z in a field along x: ω = √(B(B + 2Ks)) for a vanishing damping."""
    field, K, s = 0.7, 0.4, 2.0
    film = q.Model(q.Space("2"), [q.Zeeman((field, 0, 0)), q.ZeroField(K, 0)])
    line, = q.response(film, q.ClassicalLLG(1e-6, field="mean"), [(1, 0, 0)]).poles
    assert line["frequency"] == pytest.approx(np.sqrt(field * (field + 2 * K * s)), rel=1e-10)
    assert line["half_width"] == pytest.approx(1e-6 * (field + K * s), rel=1e-6)


def test_a_static_field_makes_opposite_directions_differ():
    """The half sphere is then not taken."""
    biased = q.Model(ONE.space, [*ONE.terms, q.Zeeman((0.02, 0, 0.05))], units=UNITS)
    whole, half = (q.epr(model, LAW, temperature=4, frequency=9.5, fields=FIELDS, powder="zcw", orientations=21)
                   for model in (biased, ONE))
    assert (half.transitions["direction"][:, 2] > 0).all()
    assert (whole.transitions["direction"][:, 2] < 0).any()


def test_a_spin_without_a_moment_has_no_line():
    found = q.epr(ONE, LAW, temperature=4, frequency=9.5, fields=FIELDS, g=0.0, powder="zcw", orientations=5)
    assert len(found.transitions) == 0
    assert not found.absorption.any()


def test_pictures_say_what_they_are():
    found = q.epr(ONE, LAW, temperature=4, frequency=9.5, fields=FIELDS, direction=N)
    _, axes = found.plot()
    assert axes[0].get_xlabel() == "magnetic field $B$ (T)"
    assert len(axes[0].get_lines()) == 1 + len(found.transitions)
    _, axes = found.plot(0)
    assert axes[0].get_ylabel() == "absorbed power"
    plain = q.epr(q.Model(q.Space("1/2")), LAW, temperature=1.0, field=1.0, frequencies=[0.5, 1.0, 1.5])
    assert "omega" in plain.plot()[1][0].get_xlabel()
    assert plain.frequency.tolist() == [0.5, 1.0, 1.5]
    assert "1 line" in repr(plain)
