"""What users read of an EPR spectrum: absorption, derivative, transitions, pictures."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.algebra.fields import ByFields
from qllg_sym.errors import InputError
from qllg_sym.units import Units

if TYPE_CHECKING:
    from qllg_sym.plot.style import Figure

Array = NDArray[Any]


@dataclass(frozen=True, eq=False, repr=False)
class MagneticResonance(ByFields):
    r"""An EPR spectrum of a crystal or a powder.

    Attributes:
        x: what was swept, (n,): fields in tesla, or frequencies in GHz (without units: fields, angular frequencies).
        absorption: mean power for an oscillating field of amplitude 1, (n,).
        derivative: its derivative by x, (n,), as modulation of the field shows it.
        error: of the absorption of a powder, (n,): what the next smaller grid differs by; 0 for a crystal.
        transitions: rows, by direction and place: "place" in x, "half_width" of the law in x, "lower" and "upper" level
            (0 is the lowest), "strength" |⟨upper|M·b|lower⟩|² averaged over the directions b of the oscillating field,
            in (μ_B)² (without units (γ_għ)²), "difference" of the populations, and "direction" (3,) of the field.
        sweep: "field" or "frequency".
        heading: what made the numbers, a few words each.
        units: of the model.
    """

    x: Array
    absorption: Array
    derivative: Array
    error: Array
    transitions: Array
    sweep: str
    heading: tuple[str, ...]
    units: Units | None = None

    @property
    def field(self) -> Array:
        """The fields of a field sweep."""
        return self._swept("field")

    @property
    def frequency(self) -> Array:
        """The frequencies of a frequency sweep."""
        return self._swept("frequency")

    def _swept(self, what: str) -> Array:
        if self.sweep != what:
            raise InputError(f"`{what}` must be what was swept, but the {self.sweep} was; read .{self.sweep}.")
        return self.x

    def plot(self, harmonic: int = 1) -> "tuple[Figure, Array]":
        """Draw the spectrum, with a mark at every line of a crystal.

        Args:
            harmonic: 1 for the derivative, as spectrometers with field modulation show it, 0 for the absorption.

        Returns:
            (figure, axes) of matplotlib.
        """
        if isinstance(harmonic, bool) or harmonic not in (0, 1):
            raise InputError(f"`harmonic` must be 0 (absorption) or 1 (derivative), but is {harmonic!r}; write "
                             "harmonic=1.")
        from qllg_sym.plot.intensities import intensities
        plain = self.units is None or self.units.time is None
        letter, unit = ("B", "T") if self.sweep == "field" else (r"\nu", "GHz")
        letter, unit = (r"\omega", "ħ = 1") if plain and self.sweep != "field" else (letter, "ħ = 1" if plain else unit)
        ylabel = rf"d(absorbed power)/d${letter}$" if harmonic else "absorbed power"
        one = len(np.unique(self.transitions["direction"], axis=0)) <= 1
        return intensities(self.x, {"": self.derivative if harmonic else self.absorption},
                           rf"{'magnetic field' if self.sweep == 'field' else 'frequency'} ${letter}$ ({unit})",
                           ylabel, self.heading,
                           error=None if harmonic else self.error,
                           marks=self.transitions["place"].tolist() if one else ())

    def __repr__(self) -> str:
        """Say what it is, in one line."""
        rows = len(self.transitions)
        return (f"<MagneticResonance: {self.sweep} from {self.x[0]:.6g} to {self.x[-1]:.6g}, {rows} "
                f"line{'s' * (rows != 1)}; {'; '.join(self.heading)}>")
