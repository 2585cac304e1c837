"""The purity."""

from qllg_sym.plot.drawable import Drawable
from qllg_sym.plot.over_time._curves import Panel, curves
from qllg_sym.units import Units

TITLE = "the purity Tr ρ²"


def panels(trajectory: Drawable, units: Units | None) -> list[Panel]:
    """Return the panel of the purity."""
    return [curves(trajectory.times, {"": trajectory.purity}, r"Tr $\rho^2$", limits=(0, 1.08), legend=False)]
