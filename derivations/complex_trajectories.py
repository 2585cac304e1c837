r"""What two coupled classical moments do: LLG, and the complex trajectories that are the large-s limit of q-LLG.

The classical equations stand here a second time on purpose: they are what the large-s limit is compared with.
Per spin, h = −B·(n1 + n2) + J n1·n2, B_i = −∂h/∂n_i = B − J n_j; field and start are those of `coherent_dimer`.
"""

from collections.abc import Callable

import numpy as np
from scipy.integrate import solve_ivp
from scipy.optimize import root

from qllg_sym.errors import InputError

from .coherent_dimer import FIELD, START, Array

NEXT, LAST = np.array([1, 2, 0]), np.array([2, 0, 1])     # the axes after x, y, z, and those after these


def classical(J: float, kappa: float, t: float) -> Array:
    """Return the unit moments of classical LLG with α = κ, (2, 3).

    >>> bool(abs((classical(-1.0, 0.5, 1.0) ** 2).sum() - 2) < 1e-10)
    True
    """
    def velocity(_: float, y: Array) -> Array:
        n = y.reshape(2, 3)
        torque = _cross(n, FIELD - J * n[::-1])
        return np.asarray((torque - kappa * _cross(n, torque)).ravel() / (1 + kappa**2))
    return _flow(velocity, START.ravel(), t)


def two_point(J: float, kappa: float, t: float, steps: int = 4) -> Array:
    r"""Return the real end of the complex trajectory $\dot n_i = n_i \times B_i/(1 + i\kappa)$, (2, 3).

    Its start is n_i⁰ + c_i(e1 + i e2) with complex c_i, continued from c = 0 at t = 0, such that the end is real.

    Args:
        J: exchange.
        kappa: damping.
        t: time, all as for `Dimer`.
        steps: times at which c is found on the way.

    Raises:
        InputError: no such trajectory was found.

    >>> bool(abs(two_point(-1.0, 0.0, 1.0) - classical(-1.0, 0.0, 1.0)).max() < 1e-9)
    True
    """
    frames = np.array([_frame(n) for n in START])

    def velocity(_: float, y: Array) -> Array:
        n = y.reshape(2, 3)
        return np.asarray(_cross(n, FIELD - J * n[::-1]).ravel() / (1 + 1j * kappa))

    def end(unknown: Array, time: float) -> Array:
        start = START + (unknown[:2] + 1j * unknown[2:])[:, None] * frames
        return _flow(velocity, start.ravel(), time)

    unknown = np.zeros(4)
    for time in np.linspace(0, t, steps + 1)[1:]:
        def imaginary(unknown: Array, time: float = time) -> Array:
            return np.asarray(end(unknown, time).imag.ravel())

        found = root(imaginary, unknown, method="lm", options={"xtol": 1e-13})
        unknown = found.x
    last = end(unknown, t)
    if np.abs(last.imag).max() > 1e-8:
        raise InputError(f"`t` must be within reach of the branch from c = 0, but is {t:g}; take a shorter time.")
    return np.asarray(last.real)


def _cross(a: Array, b: Array) -> Array:
    """Rows of a × b, as by `numpy.cross`, whose care for axes takes longer than the product."""
    return np.asarray(a[:, NEXT] * b[:, LAST] - a[:, LAST] * b[:, NEXT])


def _flow(velocity: Callable[[float, Array], Array], start: Array, t: float) -> Array:
    """The end of a trajectory, (2, 3)."""
    done = solve_ivp(velocity, (0, t), start, "DOP853", rtol=1e-12, atol=1e-13)
    return np.asarray(done.y[:, -1].reshape(2, 3))


def _frame(n: Array) -> Array:
    """e1 + i e2 with e1 × e2 = n."""
    e1 = np.cross(n, FIELD)
    e1 /= np.linalg.norm(e1)
    return np.asarray(e1 + 1j * np.cross(n, e1))
