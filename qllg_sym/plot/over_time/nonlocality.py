"""Bell nonlocality and concurrence of two spins ½."""

from qllg_sym.plot.drawable import Drawable
from qllg_sym.plot.over_time._curves import Panel, curves
from qllg_sym.plot.style import QUANTUM
from qllg_sym.units import Units

TITLE = "nonlocality B and concurrence C of the first two spins"


def panels(trajectory: Drawable, units: Units | None) -> list[Panel]:
    """Return the panel of Bell nonlocality and concurrence of the first two spins."""
    named = {"nonlocality $B$": trajectory.nonlocality(), "concurrence $C$": trajectory.concurrence()}
    # one dotted: for a pure state of two spins both curves are the same
    return [curves(trajectory.times, named, "$B$, $C$", line=(QUANTUM, ":"), limits=(-0.04, 1.08), color=3)]
