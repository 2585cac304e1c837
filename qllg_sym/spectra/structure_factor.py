r"""Dynamical structure factors: what is read of them, and those of a response by fluctuation and dissipation."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from qllg_sym.algebra.fields import ByFields
from qllg_sym.errors import InputError, StateError
from qllg_sym.spectra.checks import checked_temperature
from qllg_sym.units import Units

if TYPE_CHECKING:
    from qllg_sym.plot.style import Figure

Array = NDArray[Any]


@dataclass(frozen=True, eq=False, repr=False)
class StructureFactor(ByFields):
    r"""S_A(ω) = (1/2π)∫ $e^{i\omega t}$⟨A†(t)A⟩ dt, or what comes to it.

    Attributes:
        omega: angular frequencies, (n,).
        intensity: S, (n,), A²·time.
        error: of each, (n,); what it measures is said by what made it.
        kT: the temperature.
        heading: what made the numbers, a few words each.
        units: of the model.
    """

    omega: Array
    intensity: Array
    error: Array
    kT: float
    heading: tuple[str, ...]
    units: Units | None = None

    def plot(self) -> "tuple[Figure, Array]":
        """Draw S(ω), with a band of two errors.

        Returns:
            (figure, axes) of matplotlib.
        """
        from qllg_sym.plot.intensities import intensities
        unit = "ħ = 1" if self.units is None or self.units.time is None else f"rad/{self.units.time}"
        return intensities(self.omega, {"": self.intensity}, rf"angular frequency $\omega$ ({unit})",
                        r"$S(\omega)$", self.heading, error=self.error)

    def __repr__(self) -> str:
        """Say what it is, in one line."""
        return f"<StructureFactor: {len(self.omega)} frequencies, kT = {self.kT:.4g}, {'; '.join(self.heading)}>"


class Responds(Protocol):
    """What a response is to fluctuations."""

    @property
    def computed(self) -> Any: ...      # noqa: D102
    @property
    def law(self) -> Any: ...           # noqa: D102
    @property
    def model(self) -> Any: ...         # noqa: D102
    @property
    def heading(self) -> tuple[str, ...]: ...       # noqa: D102


def of_response(response: Responds, A: Any, omega: Array, kT: float) -> StructureFactor:
    """Return S of a state in equilibrium from its susceptibility; see `Response.structure_factor`."""
    computed, warm = response.computed, checked_temperature(kT, "kT", lowest=0.0)
    if not hasattr(computed, "weighs_as"):
        raise InputError(f"`law` must have a frame weight for a structure factor, but is {response.law.kind}; use "
                         "susceptibility.")
    if (omega <= 0).any():
        raise InputError(f"`omega` must be positive for a structure factor, but holds {omega.min():g}; "
                         "S(−ω) is exp(−ħω/kT) S(ω).")
    a = computed.operator(A, "A")
    if not computed.weighs_as(warm, a):
        raise StateError(f"`kT` must be the temperature of the state, but the state is not Gibbs' at {warm:g}; give "
                         "the 1/β of states.thermal(model, β), or 0 for the ground state.")
    hbar = computed.problem.hbar
    factor = hbar / np.pi / (-np.expm1(-hbar * omega / warm) if warm else 1.0)
    found, error = computed.settled(a, computed.adjoint(a), omega)
    return StructureFactor(omega, found.imag * factor, np.full(len(omega), error) * factor, warm, response.heading,
                           response.model.units)
