"""The energy of a matrix product state, and whether it falls as the law says it must."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import make_interp_spline

from qllg_sym.flow.mps.expectations import expected, variance_of
from qllg_sym.flow.mps.matrix_product import MatrixProductState
from qllg_sym.flow.mps.posed import ChainProblem
from qllg_sym.flow.mps.windows import MovingWindows
from qllg_sym.flow.problem import Problem

Array = NDArray[Any]
NEAR, DEGREE = 1e-6, 7          # for dH/dt by differences, over the length of a step; of the spline of the power


def mean_energy(psi: MatrixProductState, moving: MovingWindows, t: float) -> float:
    """Return ⟨H⟩/ħ without the multiple of 1."""
    whole = moving.whole(t)
    return expected(psi, moving.at(t), moving.windows.width) if whole is None else whole.mean(psi)


class EnergyLaw:
    """dE/dt = −2b Im(c) … ⟨ΔH²⟩ + Tr ρ ∂H/∂t, which for constant H is −ħκ Tr ρ̇² (q-LLG), held against E itself."""

    def __init__(self, posed: ChainProblem, part: Problem, moving: MovingWindows) -> None:
        self._posed, self._moving, self._pace = posed, moving, posed.pace(part)
        self._times: list[float] = []
        self._energies: list[float] = []
        self._powers: list[float] = []

    def add(self, t: float, psi: MatrixProductState) -> None:
        """Take E and what the law says of dE/dt, both over ħ; not twice where a step is as short as rounding."""
        if self._times and t - self._times[-1] <= 4 * np.spacing(abs(t)):
            return
        b, whole = self._posed.weight, self._moving.whole(t)
        variance = variance_of(psi, self._moving.at(t), self._moving.windows.width) if whole is None \
            else whole.variance(psi)
        power = 2 * b * self._pace(t).real * variance
        if not self._moving.constant:
            power += self._driven(t, psi)
        self._times.append(t)
        self._energies.append(b * mean_energy(psi, self._moving, t) + self._moving.offset(t))
        self._powers.append(power)

    def _driven(self, t: float, psi: MatrixProductState) -> float:
        """Tr ρ ∂H/∂t by differences inside the step before."""
        h = NEAR * ((t - self._times[-1]) if self._times else 1.0)
        change = (self._moving.amplitudes(t + h) - self._moving.amplitudes(t - h)) / (2 * h)
        windows = self._moving.windows
        return self._posed.weight * windows.mean(psi, change) + windows.offset(change)

    @property
    def residual(self) -> float:
        """The largest distance of E from the integral of the power, over this piece."""
        degree = min(DEGREE, len(self._times) - 1)
        if degree < 1:
            return 0.0
        integral = make_interp_spline(self._times, self._powers, degree).antiderivative()
        energies = np.array(self._energies)
        law = integral(self._times) - integral(self._times[0])
        return float(abs(energies - energies[0] - law).max())
