"""What steps of a lattice are compared with: Heun's scheme with rolled arrays in NumPy, and spirit's configuration.

The law is written here a second time on purpose: peers derive nothing.
"""

import numpy as np

from .problems import Array

# A torus of unit moments with exchange and DMI to four neighbours, an easy axis, a field and damping.
CHIRAL = """\
log_to_console 0
log_to_file 0
log_input_save_initial 0
log_input_save_final 0
bravais_lattice sc
n_basis_cells {side} {side} 1
boundary_conditions 1 1 0
hamiltonian heisenberg_neighbours
external_field_magnitude {B}
external_field_normal 0 0 1
mu_s 1.0
anisotropy_magnitude {K}
anisotropy_normal 0 0 1
n_shells_exchange 1
jij {J}
n_shells_dmi 1
dij {D}
dm_chirality 2
ddi_method none
llg_n_iterations {steps}
llg_n_iterations_log {steps}
llg_output_any 0
llg_dt 1e-3
llg_damping {alpha}
llg_temperature 0
llg_force_convergence 1e-30
"""


def chiral_velocity(m: Array, energies: tuple[float, float, float, float], alpha: float) -> Array:
    """Return dm/dt = (m × B − α m × (m × B))/(1 + α²) of moments (ny, nx, 3) on a torus; energies are J, D, K, B.

    >>> chiral_velocity(np.tile([0.0, 0, 1], (4, 4, 1)), (1.0, 0.3, 0.1, 0.2), 0.1).any()
    np.False_
    """
    J, D, K, B = energies
    field = np.zeros_like(m)
    for axis, across in ((1, 0), (0, 1)):
        ahead, behind = np.roll(m, -1, axis=axis), np.roll(m, 1, axis=axis)
        field += J * (ahead + behind)
        field[..., across] -= D * (ahead - behind)[..., 2]
        field[..., 2] += D * (ahead - behind)[..., across]
    field[..., 2] += 2 * K * m[..., 2] + B
    turning = np.cross(m, field)
    return np.asarray((turning - alpha * np.cross(m, turning)) / (1 + alpha**2))


def chiral_heun(m: Array, energies: tuple[float, float, float, float], alpha: float, step: float) -> Array:
    """Return moments after a step of Heun's scheme, brought back to length 1 after each half.

    >>> chiral_heun(np.tile([0.0, 0, 1], (4, 4, 1)), (1.0, 0.3, 0.1, 0.2), 0.1, 0.01)[0, 0].tolist()
    [0.0, 0.0, 1.0]
    """
    first = chiral_velocity(m, energies, alpha)
    ahead = _unit(m + step * first)
    return _unit(m + step / 2 * (first + chiral_velocity(ahead, energies, alpha)))


def _unit(m: Array) -> Array:
    """Moments of length 1."""
    return np.asarray(m / np.linalg.norm(m, axis=-1, keepdims=True))
