r"""Electrons and lattice after a laser pulse: the two-temperature model, temperatures in units of energy.

$$\gamma_e T_e\dot T_e = P(t) - G(T_e - T_l), \qquad C_l\dot T_l = G(T_e - T_l)$$

with a Gaussian pulse P. Source: S. I. Anisimov, B. L. Kapeliovich, T. L. Perel'man, Sov. Phys. JETP 39, 375 (1974).
"""

from dataclasses import dataclass

import numpy as np
from scipy.integrate import solve_ivp

from qllg_sym.figures.curves import Array


@dataclass(frozen=True)
class TwoTemperatures:
    """Numbers of the model."""

    start: float = 0.1          # k_BT before the pulse
    fluence: float = 0.5
    arrives: float = 2.0
    width: float = 0.3          # standard deviation of the pulse
    heat_e: float = 1.0         # γ_e
    heat_l: float = 3.0         # C_l
    exchange: float = 0.5       # G


def temperatures(p: TwoTemperatures, times: Array) -> dict[str, Array]:
    """Return k_BT of electrons and lattice.

    >>> temperatures(TwoTemperatures(), np.linspace(-1, 30, 5))["T_e"][0].round(6)
    np.float64(0.1)
    """
    def moved(t: float, y: Array) -> list[float]:
        flow = p.exchange * (y[0] - y[1])
        return [(power(p, t) - flow) / (p.heat_e * y[0]), flow / p.heat_l]

    found = solve_ivp(moved, (times[0], times[-1]), [p.start, p.start], "DOP853", times, rtol=1e-10, atol=1e-12,
                      max_step=p.width / 3)
    return {"t": times, "T_e": found.y[0], "T_l": found.y[1]}


def power(p: TwoTemperatures, t: float) -> float:
    """Return P(t).

    >>> round(power(TwoTemperatures(), 2.0), 4)
    0.6649
    """
    return float(p.fluence * np.exp(-((t - p.arrives) / p.width)**2 / 2) / (p.width * np.sqrt(2 * np.pi)))


def final_temperature(p: TwoTemperatures) -> float:
    """Return the temperature that electrons and lattice end at: γ_e T²/2 + C_l T is what it was and the pulse's.

    >>> round(final_temperature(TwoTemperatures()), 4)
    0.2573
    """
    held = p.heat_e * p.start**2 / 2 + p.heat_l * p.start + p.fluence
    return float((np.sqrt(p.heat_l**2 + 2 * p.heat_e * held) - p.heat_l) / p.heat_e)
