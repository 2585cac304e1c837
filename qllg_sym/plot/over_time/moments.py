"""Classical moments of the first four spins."""

from qllg_sym.plot.drawable import Drawable
from qllg_sym.plot.over_time._curves import Panel
from qllg_sym.plot.over_time._vectors import vectors
from qllg_sym.units import Units

TITLE = "classical unit moments, one panel a spin, at most the first four"


def panels(trajectory: Drawable, units: Units | None) -> list[Panel]:
    """Return the panels of classical unit moments."""
    _ = trajectory.moments  # refuses a quantum trajectory
    return vectors(trajectory, "m")
