"""Figs. 1–4: the data against an integration of our own, the verdicts against broken twins, the files."""

from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure as Canvas
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from qllg_sym import QuantumLLG
from qllg_sym.errors import FileError, InputError
from qllg_sym.figures.curves import crossings, largest_rise, spans, turning_points
from qllg_sym.figures.evolution import own_checks
from qllg_sym.figures.figure import Check, Figure, Statement

FIGURES = import_module("qllg_sym.derivations").figures()
PAULI = {"x": np.array([[0, 1], [1, 0]], complex), "y": np.array([[0, -1j], [1j, 0]]), "z": np.diag([1.0 + 0j, -1])}
HOLDS, NEARLY, FAILS = "holds", "holds approximately", "does not hold"
UP_DOWN = np.diag([0.0, 1, 0, 0]).astype(complex)
BELL = {"psi+": np.array([0, 1, 1, 0]) / 2**0.5, "psi-": np.array([0, 1, -1, 0]) / 2**0.5,
        "phi+": np.array([1, 0, 0, 1]) / 2**0.5, "phi-": np.array([1, 0, 0, -1]) / 2**0.5}


# An integration that shares nothing with the package -------------------------------------------------


def pair(a, b):
    return np.kron(PAULI[a], PAULI[b])


def hamiltonian(J, D, B):
    one = np.eye(2)
    zeeman = sum(b * (np.kron(PAULI[k], one) + np.kron(one, PAULI[k])) for k, b in zip("xyz", B, strict=True))
    return J * sum(pair(k, k) for k in "xyz") + D * (pair("x", "y") - pair("y", "x")) - 0.5 * zeeman


def werner(name, p):
    return p * np.outer(BELL[name], BELL[name]) + (1 - p) / 4 * np.eye(4) + 0j


def quantum(h, rho, times, kappa=0.5):
    """ρ̇ − iκ[ρ, ρ̇] = i[ρ, H], a second time on purpose, as a dense system of 16 unknowns, row-major."""
    one = np.eye(4)

    def velocity(_, y):
        rho = y.reshape(4, 4)
        bracket = np.kron(rho, one) - np.kron(one, rho.T)
        return np.linalg.solve(np.eye(16) - 1j * kappa * bracket, (1j * (rho @ h - h @ rho)).ravel())

    return march(velocity, rho.ravel(), times).reshape(-1, 4, 4)


def dephasing(h, rho, times, rate):
    spins = [np.kron(PAULI["z"], np.eye(2)) / 2, np.kron(np.eye(2), PAULI["z"]) / 2]

    def velocity(_, y):
        rho = y.reshape(4, 4)
        return (-1j * (h @ rho - rho @ h) + rate * sum(z @ rho @ z - rho / 4 for z in spins)).ravel()

    return march(velocity, rho.ravel(), times).reshape(-1, 4, 4)


def classical(J, D, times, alpha=0.5):
    """m_k' + α m_k × m_k' = m_k × B_k, B1 = B − J m2 + D (−m2y, m2x, 0), B2 = B − J m1 + D (m1y, −m1x, 0)."""
    def velocity(_, y):
        m1, m2 = y.reshape(2, 3)
        b1 = [1, 0, 0] - J * m2 + D * np.array([-m2[1], m2[0], 0])
        b2 = [1, 0, 0] - J * m1 + D * np.array([m1[1], -m1[0], 0])
        return np.concatenate([np.linalg.solve(np.eye(3) + alpha * np.cross(m, np.eye(3)).T, np.cross(m, b))
                               for m, b in ((m1, b1), (m2, b2))])
    return march(velocity, np.array([0.0, 0, 1, 0, 0, -1]), times).reshape(-1, 2, 3)


def march(velocity, start, times):
    return solve_ivp(velocity, (times[0], times[-1]), start, "DOP853", times, rtol=1e-11, atol=1e-12).y.T


def bloch(rho):
    return np.stack([np.einsum("nij,ji->n", rho, np.kron(PAULI[k], np.eye(2))).real for k in "xyz"], axis=1)


def tensor(rho):
    return np.array([[np.einsum("nij,ji->n", rho, pair(k, l)).real for l in "xyz"] for k in "xyz"]).transpose(2, 0, 1)


def nonlocality(rho, root):
    """From the two largest eigenvalues of TᵀT (Horodecki), not from singular values."""
    T = tensor(rho)
    levels = np.linalg.eigvalsh(T.transpose(0, 2, 1) @ T)
    return np.maximum(levels[:, 1] + levels[:, 2] - 1, 0) ** root


# The data --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made():
    """Every figure in both variants, computed once."""
    return {(number, variant): module.compute(variant) for number, module in FIGURES.items()
            for variant in ("paper", "authors")}


@pytest.fixture(scope="module")
def written(made, tmp_path_factory):
    """The files of every figure; those of the authors' variant have an empty picture, which takes no time."""
    def write(key, figure):
        folder = tmp_path_factory.mktemp("figure_{}_{}".format(*key))
        return (figure if key[1] == "paper" else replace(figure, draw=Canvas)).write(folder)
    return {key: write(key, figure) for key, figure in made.items()}


@pytest.fixture(scope="module")
def data(written):
    """The CSV files of the figures, read back."""
    return {key: np.genfromtxt(csv, delimiter=",", names=True, deletechars="", encoding="utf-8")
            for key, (csv, *_) in written.items()}


@pytest.mark.parametrize(("letter", "J", "D"), [("a", -1, 0), ("b", 1, 0), ("c", -1, 0.6), ("d", 1, 0.6)])
def test_figure_1_is_the_implicit_law(letter, J, D, data):
    found = data[1, "paper"]
    times = found["time_ps"] / 10
    r = bloch(quantum(hamiltonian(J, D, (1, 0, 0)), UP_DOWN, times))
    for factor, name in ((1, "m1"), (2, "m1_matched")):
        m = classical(factor * J, factor * D, times)[:, 0]
        for k, axis in enumerate("xyz"):
            assert found[f"{letter}_r1_{axis}"] == pytest.approx(r[:, k], abs=1e-7)
            assert found[f"{letter}_{name}_{axis}"] == pytest.approx(m[:, k], abs=1e-7)


@pytest.mark.parametrize(("letter", "D"), [("a", 0), ("b", 0.6)])
def test_figure_2_is_the_implicit_law(letter, D, data):
    found = data[2, "paper"]
    T = tensor(quantum(hamiltonian(1, D, (1, 0, 0)), UP_DOWN, found["time_ps"] / 10))
    for k, row in enumerate("xyz"):
        for l, column in enumerate("xyz"):
            assert found[f"{letter}_T_{row}{column}"] == pytest.approx(T[:, k, l], abs=1e-7)


@pytest.mark.parametrize(("variant", "p", "root"), [("paper", 1.0, 0.5), ("authors", 0.9, 1.0)])
@pytest.mark.parametrize("D", [0, 0.2, 0.6])
def test_figure_3_is_the_implicit_law(variant, p, root, D, data):
    found = data[3, variant]
    rho = quantum(hamiltonian(1, D, (1, 0, 0)), werner("psi+", p), found["time_ps"] / 10)
    assert found[f"B_D_{D:g}"] == pytest.approx(nonlocality(rho, root), abs=1e-7)


@pytest.mark.parametrize(("panel", "J"), [("FM", -1), ("AFM", 1)])
@pytest.mark.parametrize("name", ["psi-", "phi+"])
def test_figure_4_is_the_implicit_law(panel, J, name, data):
    found, field = data[4, "authors"], (3**-0.5,) * 3
    times, h = found["time_ps"] / 10, hamiltonian(J, 0.4, field)
    rho = quantum(h, werner(name, 0.9), times)
    assert found[f"B_{panel}_{name}"] == pytest.approx(nonlocality(rho, 1.0), abs=1e-7)
    rho = dephasing(h, werner(name, 0.9), times, 0.1)
    assert found[f"B_Lindblad_{panel}_{name}"] == pytest.approx(nonlocality(rho, 1.0), abs=1e-7)


def test_the_integration_of_the_test_sees_the_sign_of_D_and_kappa(data):
    """Broken twins of the comparison itself."""
    found = data[1, "paper"]
    times = found["time_ps"][:200] / 10
    for twin in (quantum(hamiltonian(1, -0.6, (1, 0, 0)), UP_DOWN, times),
                 quantum(hamiltonian(1, 0.6, (1, 0, 0)), UP_DOWN, times, kappa=0.501)):
        assert np.abs(found["d_r1_y"][:200] - bloch(twin)[:, 1]).max() > 1e-5


def test_variants_differ_where_the_scripts_do(data):
    for number in (1, 2):
        assert np.array_equal(data[number, "paper"], data[number, "authors"])
    names = data[4, "paper"].dtype.names[1:]
    for name in names:
        assert data[4, "paper"][name] ** 2 == pytest.approx(data[4, "authors"][name], abs=1e-12)
        assert np.abs(data[4, "paper"][name] - data[4, "authors"][name]).max() > 0.1
    assert data[3, "paper"]["B_D_0"][0] == pytest.approx(1, abs=1e-7)
    assert data[3, "authors"]["B_D_0"][0] == pytest.approx(2 * 0.81 - 1, abs=1e-9)


# The numbers in the statements -----------------------------------------------------------------------


def test_crossing_times_are_roots_of_the_closed_form_minus_an_integration_of_our_own():
    found = FIGURES[1].numbers()
    for factor, name, near in ((1, "crossing", 1.94), (2, "crossing_matched", 0.69)):
        def lead(t, factor=factor):
            r1x = np.sinh(0.8 * t) / (np.cosh(0.8 * t) + np.exp(-3.2 * t))
            return r1x - classical(-factor, 0, np.array([0.0, t]))[-1, 0, 0]
        exact = brentq(lead, near - 0.1, near + 0.1, xtol=1e-10)
        assert exact == pytest.approx(near, abs=0.005)
        assert found[name] == pytest.approx(exact, abs=1e-6)


def test_a_lead_that_lasts_is_infinite_and_a_lag_is_none():
    """At half the exchange the quantum spin leads all the time; a classical spin without damping never catches up."""
    numbers = FIGURES[1].numbers
    assert numbers(FIGURES[1].Parameters(J=0.5, D=0.3))["crossing"] == np.inf
    assert numbers(FIGURES[1].Parameters(kappa=0.1))["crossing"] == 0


def test_limits_are_those_of_the_ground_state(made):
    vectors = np.linalg.eigh(hamiltonian(1, 0.6, (1, 0, 0)))[1]
    ground = np.outer(vectors[:, 0], vectors[:, 0].conj())[None]
    length, split = np.linalg.norm(bloch(ground)), tensor(ground)[0, 0, 1]
    assert (length, split) == pytest.approx((0.1281, -0.5348), abs=5e-5)
    assert f"{length:.6f} in the limit" in detail(made[1, "paper"], "small but finite")
    assert f"T_xy = −{-split:.4f} (ground state" in detail(made[2, "paper"], "shows up as a splitting")
    assert f"{nonlocality(ground, 0.5)[0]:.6f} (ground state" in detail(made[3, "paper"], "maximally nonlocal")
    assert FIGURES[1].numbers()["moment"] == pytest.approx(length, abs=1e-9)


def test_revivals_are_where_an_integration_of_our_own_has_them(made, data):
    text = detail(made[4, "paper"], "revival-type")
    times = np.linspace(0, 6, 6001)
    B = nonlocality(quantum(hamiltonian(1, 0.4, (3**-0.5,) * 3), werner("psi+", 0.9), times), 1.0)
    gone = times[np.flatnonzero(B == 0)]
    assert f"AFM Ψ+: 0 in {10 * gone[0]:.1f}–{10 * gone[-1]:.1f} ps" in text
    assert "for 4 of 8 inputs" in text


def detail(figure, fragment):
    (found,) = (s.detail for s in figure.statements if fragment in s.text)
    return found


# The verdicts ----------------------------------------------------------------------------------------


VERDICTS = {
    (1, "paper"): [HOLDS, HOLDS, NEARLY, HOLDS, FAILS, HOLDS, HOLDS, NEARLY, HOLDS, HOLDS],
    (2, "paper"): [HOLDS, HOLDS, HOLDS, FAILS, FAILS],
    (3, "paper"): [HOLDS, HOLDS, HOLDS, HOLDS, NEARLY, NEARLY],
    (3, "authors"): [HOLDS, HOLDS, HOLDS, HOLDS, FAILS, NEARLY],
    (4, "paper"): [HOLDS, NEARLY, HOLDS, HOLDS, HOLDS, HOLDS, FAILS],
    (4, "authors"): [HOLDS, NEARLY, HOLDS, HOLDS, HOLDS, HOLDS, FAILS],
}


@pytest.mark.parametrize("key", VERDICTS, ids=str)
def test_verdicts_on_the_paper(key, made):
    assert [s.verdict for s in made[key].statements] == VERDICTS[key]


TWINS = [
    (1, {"J": -1.0}, "completely quenched", FAILS),
    (1, {"kappa": 0.0}, "completely quenched", FAILS),
    (1, {"kappa": -0.5}, "fully saturated", FAILS),
    (1, {"alpha": -0.5}, "fully saturated", FAILS),
    (1, {"alpha": 0.1}, "faster", HOLDS),
    (1, {"D": 0.0}, "small but finite", FAILS),
    (1, {"D": 0.0}, "singlet-triplet", FAILS),
    (1, {"J": 0.5, "D": 0.3}, "small but finite", FAILS),
    (1, {"J": -1.0}, "very similar to the classical", FAILS),
    (2, {"J": -1.0}, "tends to diag", FAILS),
    (2, {"kappa": 0.0}, "tends to diag", FAILS),
    (2, {"J": -1.0}, "Information goes", FAILS),
    (3, {"D": (0.3, 0.6)}, "decays monotonically", FAILS),
    (3, {"D": (0.3, 0.6)}, "remains in the triplet", FAILS),
    (3, {"kappa": -0.5}, "lowest energy eigenstate", FAILS),
    (3, {"J": -1.0}, "maximally nonlocal", FAILS),
    (3, {"D": (0.0, 1e-5)}, "oscillatory", FAILS),
    (3, {"J": -1.0}, "favorable", FAILS),
    (4, {"p": 0.7}, "sufficiently large", FAILS),
    (4, {"kappa": 0.0, "D": 0.0}, "revival-type", FAILS),
    (4, {"rate": 0.0}, "irreversibly lost", FAILS),
    (4, {"J": -1.0}, "more profound", FAILS),
    (4, {"J": -1.0}, "higher entanglement", FAILS),
]


@pytest.mark.parametrize(("number", "changes", "fragment", "verdict"), TWINS)
def test_a_broken_twin_has_another_verdict(number, changes, fragment, verdict, made):
    (before,) = (s.verdict for s in made[number, "paper"].statements if fragment in s.text)
    (after,) = (s.verdict for s in twin(number, tuple(changes.items())).statements if fragment in s.text)
    assert after == verdict
    assert before != after


@cache
def twin(number, changes):
    return FIGURES[number].compute("paper", replace(FIGURES[number].Parameters(), **dict(changes)))


def test_own_checks_pass_and_catch_a_wrong_law(made):
    assert all(figure.ok for figure in made.values())
    run = FIGURES[3]._case(FIGURES[3].Parameters(), 0.4, "paper").run
    names = {check.name: check.ok for check in own_checks([run], 0.5)}
    assert set(names.values()) == {True}
    caught = {check.name for check in own_checks([run], 0.5001) if not check.ok}
    assert caught == {"residual of PRL 3 on the curves"}
    rising = replace(run, law=QuantumLLG(-0.5))
    assert "largest rise of the energy" in {check.name for check in own_checks([rising], -0.5) if not check.ok}


# The records, the files, the folder ------------------------------------------------------------------


def test_figures_are_found_by_listing_the_folder():
    folder = Path(import_module("qllg_sym.derivations").__file__).parent
    stems = sorted(path.stem for path in folder.glob("fig_*.py"))
    assert [module.__name__ for module in FIGURES.values()] == [f"qllg_sym.derivations.{stem}" for stem in stems]
    assert [int(stem[4:6]) for stem in stems] == list(FIGURES) == [1, 2, 3, 4]


@pytest.mark.parametrize("number", FIGURES)
def test_a_figure_writes_data_and_pictures(number, written):
    paths = written[number, "paper"]
    assert sorted(path.name for path in paths[0].parent.iterdir()) == sorted(path.name for path in paths)
    assert paths[1].read_bytes().startswith(b"\x89PNG")
    assert b"<svg" in paths[2].read_bytes()


@pytest.mark.parametrize("number", [1, *(pytest.param(n, marks=pytest.mark.slow) for n in (2, 3, 4))])
def test_a_figure_written_again_is_the_same(number, made, written, tmp_path):
    paths = written[number, "paper"]
    made[number, "paper"].write(tmp_path)
    assert (tmp_path / paths[2].name).read_bytes() == paths[2].read_bytes()


def test_nothing_is_written_where_one_file_cannot_be(made, tmp_path):
    (tmp_path / "figure_2.svg").mkdir()
    with pytest.raises(FileError, match=r"figure_2\.svg"):
        made[2, "paper"].write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["figure_2.svg"]


@pytest.mark.parametrize("number", FIGURES)
def test_an_unknown_variant_is_refused(number):
    with pytest.raises(InputError, match="`variant` must be paper or authors"):
        FIGURES[number].compute("mine")


def test_records_check_themselves():
    with pytest.raises(InputError, match="verdict"):
        Statement("a", "b", "true", "c")
    with pytest.raises(InputError, match="detail"):
        Statement("a", "b", HOLDS, "")
    for columns in ({"t": np.zeros(2), "x": np.zeros(3)}, {"t": np.zeros((2, 2))}):
        with pytest.raises(InputError, match="columns"):
            Figure(1, "t", "paper", "c", columns, lambda: None, (), ())
    assert not Figure(1, "t", "paper", "c", {"t": np.zeros(2)}, lambda: None, (), (Check("x", 2.0, 1.0),)).ok


def test_what_is_read_off_curves():
    x = np.linspace(0, 10, 101)
    assert crossings(x, np.cos(x), np.cos) == pytest.approx(np.pi * np.array([0.5, 1.5, 2.5]), abs=1e-9)
    assert crossings(x, x**2, lambda t: t**2) == []
    gaps = [(np.pi / 2, 3 * np.pi / 2), (5 * np.pi / 2, 10)]
    assert np.array(spans(x, np.cos(x), np.cos)) == pytest.approx(np.array(gaps))
    assert spans(x, -1 - x, lambda t: -1 - t) == [(0, 10)]
    assert turning_points(np.cos(x)) == 3
    assert turning_points(np.exp(-x)) == 0
    assert largest_rise(np.exp(-x)) == 0


