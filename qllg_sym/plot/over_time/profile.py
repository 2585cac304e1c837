"""Maps of vectors over site and time, for more spins than lines can show."""

from qllg_sym.plot.drawable import Drawable
from qllg_sym.plot.over_time._curves import Panel
from qllg_sym.plot.profile import profile_panels
from qllg_sym.units import Units

TITLE = "a map over site and time for each component that is not zero"


def panels(trajectory: Drawable, units: Units | None) -> list[Panel]:
    """Return the maps of Bloch vectors, or of classical moments."""
    return profile_panels(trajectory, "m" if trajectory.ensemble is None else "r")
