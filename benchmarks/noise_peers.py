"""What noisy trajectories are compared with: plain schemes in NumPy, and spirit, an atomistic spin code.

The laws and the strengths of their noise are written here a second time on purpose: peers derive nothing.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from .problems import Array
from .timing import timed

SECONDS = "seconds:"
# A ring of unit moments with exchange to two neighbours, a field, damping 0.5, and noise.
SPIRIT = """\
log_to_console 0
log_to_file 0
log_input_save_initial 0
log_input_save_final 0
bravais_lattice sc
n_basis_cells {moments} 1 1
boundary_conditions 1 0 0
hamiltonian heisenberg_neighbours
external_field_magnitude 1.0
external_field_normal 0 0 1
mu_s 1.0
n_shells_exchange 1
jij 1.0
n_shells_dmi 0
ddi_method none
llg_n_iterations {steps}
llg_n_iterations_log {steps}
llg_output_any 0
llg_dt 1e-3
llg_damping 0.5
llg_temperature 1
llg_force_convergence 1e-30
"""


def lie_heun(rho: Array, h: Array, kappa: float, kT: float, step: float, normals: Callable[[], Array]) -> Array:
    r"""Return ρ of m trajectories after a step of Heun's scheme with unitary steps, weak order 1 (ħ = 1).

    $\rho \to e^{-iK}\rho e^{iK}$ with the mean K of $W\circ(H\,dt + dX)$ in the eigenbases of ρ before and after.

    Args:
        rho: (m, d, d).
        h: H, (d, d).
        kappa: damping.
        kT: temperature.
        step: length.
        normals: () ↦ Hermitian matrices (m, d, d) of independent numbers, ⟨|Ξ_jk|²⟩ = 1.

    >>> up = np.array([[[1.0, 0], [0, 0]]])
    >>> lie_heun(up, np.diag([1.0, -1]), 0.5, 0.0, 0.1, lambda: np.zeros((1, 2, 2))).real.tolist()
    [[[1.0, 0.0], [0.0, 0.0]]]
    """
    force = step * h + np.sqrt(2 * kappa * kT * step) * normals()
    first = _generator(rho, force, kappa)
    return _turned(rho, (first + _generator(_turned(rho, first), force, kappa)) / 2)


def _generator(rho: Array, force: Array, kappa: float) -> Array:
    """K = W ∘ force in the eigenbasis of ρ."""
    p, v = np.linalg.eigh(rho)
    weight = 1 / (1 - 1j * kappa * (p[:, :, None] - p[:, None]))
    adjoint = v.conj().swapaxes(1, 2)
    return np.asarray(v @ (weight * (adjoint @ force @ v)) @ adjoint)


def _turned(rho: Array, k: Array) -> Array:
    """exp(−iK) ρ exp(iK)."""
    angles, axes = np.linalg.eigh((k + k.conj().swapaxes(1, 2)) / 2)
    turn = (axes * np.exp(-1j * angles)[:, None]) @ axes.conj().swapaxes(1, 2)
    return np.asarray(turn @ rho @ turn.conj().swapaxes(1, 2))


def hermitian(m: int, d: int, rng: np.random.Generator) -> Array:
    """Return Hermitian matrices of independent numbers with ⟨|Ξ_jk|²⟩ = 1.

    >>> hermitian(2, 3, np.random.default_rng(0)).shape
    (2, 3, 3)
    """
    z = rng.standard_normal((m, d, d)) + 1j * rng.standard_normal((m, d, d))
    return np.asarray((z + z.conj().swapaxes(1, 2)) / 2)


def llg_heun(m: Array, alpha: float, kT: float, step: float, rng: np.random.Generator) -> Array:
    """Return rings of unit moments (n, sites, 3) after a step of Heun's scheme, E = −Σ m_i·m_{i+1} − Σ m_z.

    >>> llg_heun(np.tile([0.0, 0, 1], (1, 4, 1)), 0.5, 0.0, 0.1, np.random.default_rng(0))[0, 0].tolist()
    [0.0, 0.0, 1.0]
    """
    noise = np.sqrt(2 * alpha * kT / step) * rng.standard_normal(m.shape)

    def velocity(at: Array) -> Array:
        """dm/dt = (m × B − α m × (m × B))/(1 + α²)."""
        field = np.roll(at, 1, axis=1) + np.roll(at, -1, axis=1) + noise
        field[..., 2] += 1
        turning = np.cross(at, field)
        return np.asarray((turning - alpha * np.cross(at, turning)) / (1 + alpha**2))

    first = velocity(m)
    moved = m + step / 2 * (first + velocity(m + step * first))
    return np.asarray(moved / np.linalg.norm(moved, axis=2, keepdims=True))


def spirit_seconds(moments: int, steps: int, configuration: str | None = None) -> float | None:
    """Return the seconds of a moment-step of spirit's Heun scheme, one thread; None where it does not run.

    It prints what it likes, so it has a process of its own.

    Args:
        moments: how many.
        steps: to be timed.
        configuration: of the system; the ring above when None.
    """
    if find_spec("spirit") is None:
        return None
    code = f"from {__name__} import run_spirit; run_spirit({steps})"
    text = SPIRIT.format(moments=moments, steps=steps) if configuration is None else configuration
    said = subprocess.run([sys.executable, "-c", code], input=text, capture_output=True, text=True, check=False,
                          env={**os.environ, "OMP_NUM_THREADS": "1"}).stdout.split()
    return float(said[-1]) / (steps * moments) if said and said[-2] == SECONDS else None


def run_spirit(steps: int) -> None:
    """Print the seconds that spirit takes for some steps of what standard input says; for a process of its own."""
    configuration, simulation, state = map(import_module, ("spirit.configuration", "spirit.simulation", "spirit.state"))
    with TemporaryDirectory() as folder:
        config = Path(folder) / "system.cfg"
        config.write_text(sys.stdin.read(), encoding="ascii")
        with state.State(str(config), True) as system:
            configuration.random(system)
            _, seconds = timed(lambda: simulation.start(system, simulation.METHOD_LLG, simulation.SOLVER_HEUN,
                                                        n_iterations=steps))
    sys.stdout.write(f"\n{SECONDS} {seconds}\n")
