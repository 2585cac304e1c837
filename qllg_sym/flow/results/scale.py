"""The numbers that ħ and γ_g have in a trajectory, and its units."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qllg_sym.units import Units

if TYPE_CHECKING:
    from qllg_sym.model.constants import Constants


@dataclass(frozen=True)
class Scale:
    """ħ and γ_g as numbers, and units where the model has them.

    >>> Scale(hbar=2.0).constants()
    Constants(hbar=2.0, gamma=1.0, units=None)
    """

    hbar: float = 1.0
    gamma: float = 1.0
    units: Units | None = None

    def constants(self) -> "Constants":
        """Return them as terms take them."""
        from qllg_sym.model.constants import Constants  # SymPy is loaded when terms are given

        return Constants(self.hbar, self.gamma, self.units)
