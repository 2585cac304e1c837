"""The energy."""

from qllg_sym.plot.drawable import Drawable
from qllg_sym.plot.over_time._curves import Panel, curves, line_of, with_unit
from qllg_sym.plot.style import COLORS
from qllg_sym.units import Units

TITLE = "the energy"


def panels(trajectory: Drawable, units: Units | None) -> list[Panel]:
    """Return the panel of the energy."""
    label = with_unit("energy $E$", None if units is None else units.energy, trajectory.hbar, "\n(model units)")
    return [curves(trajectory.times, {"": trajectory.energy}, label, line=line_of(trajectory), color=len(COLORS) - 1,
                   legend=False)]
