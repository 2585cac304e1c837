"""Linear response against closed forms, driven runs, differences of the law, dispersion relations and dissipation."""

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from qllg_sym.spectra.linearised import LinearisedDensity

DIMER = q.Model(q.Space("1/2", "1/2"), [q.Zeeman((0.3, 0.2, 1)), q.Exchange(1, 0, 1), q.DMI((0, 0, 0.4), 0, 1)])
SPIN = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, 2))])
SIGMA = [np.array([[0, 1], [1, 0]]), np.array([[0, -1j], [1j, 0]]), np.diag([1, -1])]
OMEGA = np.array([0.0, 0.4, 1.0, 3.3])


def total(axis):
    """A component of the total spin of a dimer, by Kronecker products."""
    return (np.kron(SIGMA[axis], np.eye(2)) + np.kron(np.eye(2), SIGMA[axis])) / 2


def matrix():
    """H of the dimer, independent of the package: J σ·σ, D·σ × σ, −B·S."""
    one, two = [np.kron(a, np.eye(2)) for a in SIGMA], [np.kron(np.eye(2), a) for a in SIGMA]
    exchange = sum(a @ b for a, b in zip(one, two, strict=True))
    return exchange + 0.4 * (one[0] @ two[1] - one[1] @ two[0]) - sum(b * total(k) for k, b in enumerate((.3, .2, 1)))


def gibbs(h, beta):
    """Gibbs' state."""
    e, v = np.linalg.eigh(h)
    w = np.exp(-beta * (e - e[0]))
    return (v * (w / w.sum())) @ v.conj().T


def velocity(rho, h, kappa):
    """The one X with X − iκ[ρ, X] = i[ρ, H]: the law a second time on purpose."""
    one = np.eye(len(rho))
    system = np.eye(len(rho)**2) - 1j * kappa * (np.kron(rho, one) - np.kron(one, rho.T))
    return np.linalg.solve(system, (1j * (rho @ h - h @ rho)).ravel()).reshape(rho.shape)


@pytest.mark.parametrize("kT", [0.05, 0.7, 9.0])
def test_the_line_of_a_qubit_narrows_as_it_warms(kT):
    line, = q.response(SPIN, q.QuantumLLG(0.1), q.states.thermal(SPIN, 1 / kT)).poles
    gap = np.tanh(1 / kT)                               # ħω/(2k_BT) with ħω = 2
    assert line["half_width"] / line["frequency"] == pytest.approx(0.1 * gap, rel=1e-12)
    assert line["frequency"] == pytest.approx(2 / (1 + (0.1 * gap)**2), rel=1e-12)
    assert line["weight"] == pytest.approx([gap / 4, gap / 4, 0], abs=1e-14)


def test_the_response_is_that_of_the_law_by_differences():
    h, rho, a, f, kappa = matrix(), gibbs(matrix(), 1.3), total(0), 1e-4, 0.3
    units = [np.eye(1, 16, k).reshape(4, 4) + 0j for k in range(16)]
    slope = np.array([(velocity(rho + f * u, h, kappa) - velocity(rho - f * u, h, kappa)).ravel() / (2 * f)
                      for u in units]).T
    push = velocity(rho, h - a, kappa).ravel() - velocity(rho, h, kappa).ravel()
    expected = [total(1).T.ravel() @ np.linalg.solve(-1j * w * np.eye(16) - slope, push) for w in OMEGA[1:]]
    found = q.response(DIMER, q.QuantumLLG(kappa), rho).susceptibility("Sx", "Sy", OMEGA[1:])
    assert found == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize("law", [q.QuantumLLG(0.5), q.QuantumLL(0.5), q.LocalGilbert(0.5)])
def test_the_response_is_that_of_a_driven_run(law):
    """Small amplitudes, extrapolated to none; the transients are over after a long time."""
    omega = 1.3
    state = q.states.ground(DIMER)

    def answer(f):
        drive = [-f * sp.cos(sp.Rational(13, 10) * q.t) * DIMER.space.spin(i).x for i in (0, 1)]
        times = np.linspace(400, 400 + 2 * np.pi / omega, 65)[:-1]
        run = q.solve(q.Model(DIMER.space, [*DIMER.terms, *drive]), law, state, np.concatenate([[0], times]))
        values = sum(run.bloch(i)[1:, 1] for i in (0, 1)) / 2
        return 2 * np.mean(values * np.exp(1j * omega * times)) / f
    first, second = answer(0.02), answer(0.01)
    found = q.response(DIMER, law, state).susceptibility("Sx", "Sy", [omega])[0]
    assert second + (second - first) / 3 == pytest.approx(found, abs=1e-10)


@pytest.mark.parametrize("law", [q.QuantumLLG(0.3), q.QuantumLL(0.3), q.VonNeumann()])
def test_two_ways_agree(law):
    closed = q.response(DIMER, law, q.states.thermal(DIMER, 2.0))
    linear = q.Response(DIMER, law, LinearisedDensity(closed.computed.problem), ())
    for a, b in (("Sx", "Sy"), (("Sz", np.pi), "Sz"), (DIMER.space.spin(0).plus, ("Sx", 0.3))):
        assert linear.susceptibility(a, b, OMEGA) == pytest.approx(closed.susceptibility(a, b, OMEGA), abs=1e-12)
    assert len(linear.poles) == len(closed.poles) == 6
    for name in ("frequency", "half_width"):
        assert linear.poles[name] == pytest.approx(closed.poles[name], abs=1e-9)
    if law.kind != "q-ll":                              # its weight is not of Gilbert's kind
        assert linear.poles["weight"] == pytest.approx(closed.poles["weight"], abs=1e-12)


def test_a_moment_has_polders_tensor():
    alpha, field = 0.1, 2.0
    found = q.response(q.Model(q.Space("5/2"), [q.Zeeman((0, 0, field))]), q.ClassicalLLG(alpha, field="mean"),
                       [(0, 0, 1)])
    below = (field - 1j * alpha * OMEGA)**2 - OMEGA**2
    along = 2.5 * (field - 1j * alpha * OMEGA) / below
    assert found.susceptibility("Sx", "Sx", OMEGA) == pytest.approx(along, rel=1e-12)
    assert abs(found.susceptibility("Sx", "Sy", OMEGA)) == pytest.approx(abs(2.5 * OMEGA / below), rel=1e-12)
    line, = found.poles
    assert line["half_width"] / line["frequency"] == pytest.approx(alpha, rel=1e-12)
    assert line["weight"] == pytest.approx([1.25, 1.25, 0], abs=1e-12)


def test_a_decaying_spin_has_lorentz_line():
    model, rate = SPIN, 0.2
    law = q.VonNeumann() + q.Lindblad([(rate, model.space.spin(0).plus)])
    line, = q.response(model, law, "ground").poles
    assert (line["frequency"], line["half_width"]) == (pytest.approx(2), pytest.approx(rate / 2))


@pytest.mark.parametrize("kappa", [0.2, 1.0])
def test_power_is_what_friction_takes(kappa):
    """½ω Im χ_AA = ħκ × the mean of Tr ρ̇², for every stationary state, passive or not."""
    h, a = matrix(), total(0)
    e, v = np.linalg.eigh(h)
    for p in (np.array([.5, .3, .15, .05]), np.array([.1, .2, .3, .4])):
        rho = (v * p) @ v.conj().T
        found = q.response(DIMER, q.QuantumLLG(kappa), rho)
        gap, turn, a_ = p[:, None] - p, e[:, None] - e, v.conj().T @ a @ v
        answers = gap * a_ / (OMEGA[1:, None, None] * (1 - 1j * kappa * gap) - turn)
        lost = kappa * OMEGA[1:]**2 * (abs(answers)**2).sum(axis=(1, 2)) / 2
        assert found.absorption("Sx", OMEGA[1:]) == pytest.approx(lost, rel=1e-10)
        assert (found.poles["half_width"] > 0).all() == (p[0] > p[-1])


def test_dispersion_relation_and_static_limit():
    """χ(0) = (2/π)∫ Im χ/ω dω, free of κ; the integral is over ω = tan² θ, so that all of it is seen."""
    v = np.linalg.eigh(matrix())[1]
    state = (v * [.4, .3, .2, .1]) @ v.conj().T
    one, other = (q.response(DIMER, q.QuantumLLG(kappa), state) for kappa in (0.5, 1.5))
    still = one.susceptibility("Sx", "Sx", 0.0)
    assert still.imag == pytest.approx(0, abs=1e-13)
    assert other.susceptibility("Sx", "Sx", 0.0) == pytest.approx(still, rel=1e-12)
    theta = (np.arange(20_000) + 0.5) * np.pi / 40_000
    omega, measure = np.tan(theta)**2, 2 * np.tan(theta) / np.cos(theta)**2 * np.pi / 40_000
    im = one.susceptibility("Sx", "Sx", omega).imag
    assert 2 / np.pi * np.sum(im / omega * measure) == pytest.approx(float(still.real), rel=1e-5)


def test_degenerate_levels_take_the_basis_of_the_state():
    """A triplet whose populations differ along z: precession of no frequency, seen by S_x, not by S_z."""
    model = q.Model(q.Space("1/2", "1/2"), [q.Exchange(1, 0, 1)])
    rho = np.diag([0.5, 0.2, 0.2, 0.1]).astype(complex)
    found = q.response(model, q.QuantumLLG(0.4), rho)
    assert found.susceptibility("Sz", "Sz", [0.0])[0] == 0
    with pytest.raises(q.InputError, match="without end, but is 0, and the state is not the same in levels"):
        found.susceptibility("Sx", "Sy", [0.0])
    assert found.susceptibility("Sx", "Sy", [1e-3])[0].imag != 0
    equal = q.response(model, q.QuantumLLG(0.4), q.states.thermal(model, 1.0))
    assert equal.susceptibility("Sx", "Sx", 0.0) == 0       # S_x commutes with H: Curie's part does not answer
    assert equal.susceptibility(("Sz", np.pi), ("Sz", np.pi), 0.0).real == pytest.approx(
        2 * (np.exp(3) - np.exp(-1)) / (np.exp(3) + 3 * np.exp(-1)) / 4, rel=1e-12)


def test_lines_at_one_place_are_one():
    ladder = q.Model(q.Space("5/2"), [q.Zeeman((0, 0, 1))])
    line, *rest = q.response(ladder, q.QuantumLLG(0.1), "ground").poles
    assert line["weight"] == pytest.approx([1.25, 1.25, 0], abs=1e-12)
    assert [x["frequency"] for x in rest] == pytest.approx([k / 1.01 for k in (2, 3, 4, 5)], rel=1e-12)
    assert len(q.response(ladder, q.QuantumLLG(0.1), np.eye(6) / 6).poles) == 0


def test_hbar_and_parameters():
    b = sp.Symbol("b", real=True)
    model = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, b))], hbar=0.5, gamma=3)
    line, = q.response(model, q.QuantumLLG(0.0), "ground", values={"b": 2}).poles
    assert line["frequency"] == pytest.approx(6, rel=1e-13)      # γB
    still = q.response(model, q.QuantumLLG(0.3), "ground", values={"b": 2}).susceptibility("Sx", "Sx", 0.0)
    assert still == pytest.approx(2 * 0.25 / (0.5 * 6), rel=1e-12)


def test_absorption_of_a_wave():
    found = q.response(DIMER, q.QuantumLLG(0.3), "ground")
    with pytest.raises(q.InputError, match="must be Hermitian"):
        found.absorption(("Sz", 1.0), [1.0])
    assert found.absorption(("Sz", np.pi), [1.0])[0] > 0
    assert found.susceptibility("Sx", "Sx", np.ones((2, 3))).shape == (2, 3)


def test_the_picture_says_what_it_is():
    figure, axes = q.response(DIMER, q.QuantumLLG(0.3), "ground").plot()
    assert "q-LLG, κ = 0.3" in figure.get_suptitle()
    assert "rad" in axes[0].get_xlabel() or "ħ = 1" in axes[0].get_xlabel()
    assert len(axes[0].get_lines()) == 3 + 3
