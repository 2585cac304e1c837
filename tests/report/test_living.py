"""The living figure without a page: what its program computes in Node, against the package's own solvers."""

import json
import re
import shutil
import subprocess

import mpmath
import numpy as np
import pytest
import sympy as sp

from qllg_sym.report.living import kernels, program, settings, states
from report import living

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="it needs node: see .ci/run")
PLACES = [1, 57, 200, 333, 400]
NEAR = 1e-9
# One number of the program changed, by what it belongs to.
BROKEN = {"exact step": (r"(function qllg_exact_step[^}]*?)0\.5\*", r"\g<1>0.5001*"),
          "readings": (r"(function qllg_ket_readings.*?)0\.5\*", r"\g<1>0.501*"),
          "moments": (r"(function qllg_classical_rhs.*?)p_J\*", r"\g<1>1.001*p_J*"),
          "stepper": (r'("B":\[\[0\.0542)', r"\g<1>9"),
          "kets": (r'("psiplus":\[[^]]*)1\.0,0\.0\]', r"\g<1>0.999,0.0447]")}


def computed(given, text=None):
    """Runs of the program: Pauli components, energy, purity and B at all times, and the classical partner."""
    code = (text or program.computation()) + """
      const given = JSON.parse(require("fs").readFileSync(0, "utf8"));
      console.log(JSON.stringify(given.map((settings) => {
        const run = motion(settings);
        return { rows: run.rows, classical: run.classical, checks: checks(run) };
      })));"""
    done = subprocess.run(["node", "-e", code], input=json.dumps(given), capture_output=True, text=True, check=True)
    return [{**run, "rows": np.array(run["rows"], dtype=float)} for run in json.loads(done.stdout)]


def apart(given, runs):
    """The largest distance of runs from the package in doubles: components, energy, purity, B², moments."""
    most = 0.0
    for one, run in zip(given, runs, strict=True):
        rows, (pauli, energy, purity, B) = run["rows"], living.in_doubles(one)
        found = [rows[:, :15] - pauli, rows[:, 15] - energy, rows[:, 16] - purity, rows[:, 19]**2 - B**2]
        most = max(most, *(np.abs(x).max() for x in found), moments_apart(one, run))
    return most


def moments_apart(one, run):
    """The distance of the classical partner, where there is one: from products of pure spins."""
    product = one["start"] in ("updown", "upup", "xx", "angles")
    assert (run["classical"] is not None) == product
    return np.abs(np.array(run["classical"]) - living.classical(one)).max() if product else 0.0


@pytest.fixture(scope="module")
def shown():
    return [{**settings.first(), **preset} for preset in settings.presets().values()]


@pytest.fixture(scope="module")
def runs(shown):
    return computed(shown)


@needs_node
def test_the_presets_are_what_python_computes(shown, runs):
    few = slice(0, None, 3)         # 1(a), 1(d), 3; the slow tests take all of them
    assert apart(shown[few], runs[few]) < NEAR


@needs_node
@pytest.mark.parametrize("what", BROKEN)
def test_one_changed_number_is_seen(shown, what):
    text, count = re.subn(*BROKEN[what], program.computation(), count=1, flags=re.DOTALL)
    assert count == 1
    few = shown[3:4] + shown[6:7]
    assert apart(few, computed(few, text)) > 1e-6


@needs_node
@pytest.mark.slow
def test_any_position_of_the_sliders_is_what_forty_digits_give():
    """Also where a symmetry keeps an unstable state, which doubles elsewhere leave."""
    given = living.at_random(64, seed=7)
    runs = computed(given)
    for one, run in zip(given, runs, strict=True):
        assert run["rows"][PLACES, :15] == pytest.approx(living.in_digits(one, PLACES), abs=NEAR)
        assert moments_apart(one, run) < NEAR
    for one, run in zip(given, runs, strict=True):      # B and the energy follow from the components
        T = run["rows"][:, :15]
        u = np.linalg.svd(T[:, [4, 5, 6, 8, 9, 10, 12, 13, 14]].reshape(-1, 3, 3), compute_uv=False)
        assert run["rows"][:, 19]**2 == pytest.approx(np.maximum(u[:, 0]**2 + u[:, 1]**2 - 1, 0), abs=1e-13)
        assert run["rows"][:, 15] == pytest.approx(T @ living.couplings(one), abs=1e-12)


@needs_node
def test_the_laws_own_right_hand_side_agrees(runs):
    """The other way to the curves: the residual solved for the velocities, integrated."""
    assert max(run["checks"]["apart"] for run in runs) < 1e-11


def test_the_ket_of_two_directions_points_along_them():
    kernel = kernels.product_ket()
    given = {"theta1": 50, "phi1": -20, "theta2": 180, "phi2": 75}
    amplitudes = [float(x) for x in kernel.evaluate(given).values()]
    basis = np.array(states.bell_basis().tolist(), dtype=complex)
    ket = basis @ (np.array(amplitudes[::2]) + 1j * np.array(amplitudes[1::2]))
    rho = np.outer(ket, ket.conj())
    for site, (theta, phi) in enumerate([(50, -20), (180, 75)]):
        theta, phi = np.radians([theta, phi])
        wanted = [np.sin(theta) * np.cos(phi), np.sin(theta) * np.sin(phi), np.cos(theta)]
        spin = [np.kron(s, np.eye(2)) if site == 0 else np.kron(np.eye(2), s) for s in living.PAULI[1:]]
        assert [np.trace(rho @ s).real for s in spin] == pytest.approx(wanted, abs=1e-15)


def test_the_step_is_the_series_of_the_exact_propagator():
    """On rationals: the direction of the ket, against the exponential of the matrix to 40 digits."""
    kernel = kernels.exact_step()
    given = {name: sp.Rational(k + 2, 11) for k, name in enumerate(kernel.states)}
    given |= {"B_x": 1, "B_y": sp.Rational(1, 3), "B_z": -1, "D": sp.Rational(2, 5), "J": -2,
              "kappa": sp.Rational(3, 2), "p": sp.Rational(4, 5), "step": sp.Rational(1, 20)}
    parts = [float(x) for x in kernel.evaluate(given).values()]
    found = np.array(parts[::2]) + 1j * np.array(parts[1::2])
    numbers = {x: given[x.name] for x in kernels.solution().parameters}
    exponent = (-sp.I * kernels.solution().c.subs(numbers) * given["step"]).evalf(40)
    matrix = kernels.solution().frequency.subs(numbers)
    basis = np.array(states.bell_basis().evalf(40).tolist())
    with mpmath.workdps(40):
        moved = mpmath.expm(mpmath.matrix((matrix * exponent).evalf(40).tolist()))
        ket = np.array([complex(x) for x in moved * mpmath.matrix((basis @ np.array(
            [given[f"re{k}"] + sp.I * given[f"im{k}"] for k in range(4)])).tolist())])
    wanted = basis.astype(complex).conj().T @ ket
    assert found == pytest.approx(wanted / np.linalg.norm(wanted), abs=1e-15)
